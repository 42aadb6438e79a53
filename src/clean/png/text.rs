//! What the text chunks of a PNG say. All of them go; this only tells the source what they said.

use super::chunk;
use super::inflate::inflated;
use crate::clean::metadata::{exif, iptc, xmp};
use crate::clean::{Category, Findings};

/// Characters of a keyword (PNG 3rd edition, 11.3.3.1).
const KEYWORD_BYTES_MAX: usize = 79;
/// Bytes of a text that are looked at for the value that is shown.
const SHOWN_BYTES: usize = 2 * 1024;

/// What the text chunk of type `kind` with these data says. `budget` is how many bytes may still be
/// inflated to find out, over all chunks of the file.
pub(super) fn findings(kind: [u8; 4], data: &[u8], budget: &mut usize) -> Findings {
    let name = chunk::name(kind);
    let (keyword, rest) = split(data);
    let keyword = shown(keyword.get(..KEYWORD_BYTES_MAX).unwrap_or(keyword));
    let text = match &kind {
        b"zTXt" => match rest.split_first() {
            Some((0, zlib)) => unpacked(zlib, budget),
            _ => Vec::new(),
        },
        b"iTXt" => international(rest, budget),
        _ => rest.to_vec(),
    };
    let mut findings = Findings::default();
    let lower = keyword.to_ascii_lowercase();
    if lower == "xml:com.adobe.xmp" {
        findings.append(xmp::findings(&text));
    } else if let Some(profile) = lower.strip_prefix("raw profile type ") {
        raw_profile(profile, &keyword, &text, &mut findings);
    } else {
        findings.removed_value(category(&lower), format!("{name} {keyword}"), &shown(&text));
    }
    findings
}

/// The category that a keyword, in lower case, stands for: those of the specification, of ImageMagick, of
/// thumbnailers and of what else is common.
fn category(keyword: &str) -> Category {
    const WORDS: [(&str, Category); 35] = [
        ("gps", Category::Location),
        ("location", Category::Location),
        ("latitude", Category::Location),
        ("longitude", Category::Location),
        ("thumb::uri", Category::Person),
        ("date", Category::Time),
        ("time", Category::Time),
        ("author", Category::Person),
        ("artist", Category::Person),
        ("copyright", Category::Person),
        ("creator", Category::Person),
        ("owner", Category::Person),
        ("user", Category::Person),
        ("host", Category::Device),
        ("software", Category::Software),
        ("version", Category::Software),
        ("icc:", Category::Software),
        ("png:", Category::Software),
        ("program", Category::Software),
        ("source", Category::Device),
        ("make", Category::Device),
        ("model", Category::Device),
        ("serial", Category::Device),
        ("device", Category::Device),
        ("exif:", Category::Device),
        ("thumb::", Category::Thumbnail),
        ("parameters", Category::History),
        ("prompt", Category::History),
        ("workflow", Category::History),
        ("history", Category::History),
        ("mxfile", Category::HiddenContent),
        ("uuid", Category::Identifier),
        ("documentid", Category::Identifier),
        ("signature", Category::Identifier),
        ("url", Category::Identifier),
    ];
    WORDS.iter().find(|(word, _)| keyword.contains(word)).map_or(Category::Comment, |&(_, category)| category)
}

/// A profile that `ImageMagick` wrote in hexadecimal: a line break, a name, a length in decimal, the digits.
fn raw_profile(profile: &str, keyword: &str, text: &[u8], findings: &mut Findings) {
    let bytes = raw_profile_bytes(text);
    let tiff = bytes.strip_prefix(b"Exif\0\0");
    let packet = bytes.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0");
    match (profile, tiff, packet) {
        (_, Some(tiff), _) => findings.append(exif::read(tiff).findings),
        ("exif", ..) => findings.append(exif::read(&bytes).findings),
        (_, _, Some(packet)) => findings.append(xmp::findings(packet)),
        ("xmp", ..) => findings.append(xmp::findings(&bytes)),
        ("iptc" | "8bim", ..) => {
            let resources = bytes.strip_prefix(b"Photoshop 3.0\0").unwrap_or(&bytes);
            findings.append(iptc::findings(resources));
        }
        _ => {}
    }
    // Said in any case: the readers above may find nothing in what is damaged.
    findings.removed(Category::Unknown, keyword);
}

fn raw_profile_bytes(text: &[u8]) -> Vec<u8> {
    let mut lines = text.trim_ascii_start().splitn(3, |&byte| byte == b'\n');
    let digits = lines.nth(2).unwrap_or_default();
    let mut nibbles = digits.iter().filter_map(|&digit| match digit {
        b'0'..=b'9' => Some(digit.wrapping_sub(b'0')),
        b'a'..=b'f' => Some(digit.wrapping_sub(b'a').wrapping_add(10)),
        b'A'..=b'F' => Some(digit.wrapping_sub(b'A').wrapping_add(10)),
        _ => None,
    });
    let mut bytes = Vec::with_capacity(digits.len().div_ceil(2));
    while let (Some(high), Some(low)) = (nibbles.next(), nibbles.next()) {
        bytes.push(high.rotate_left(4) | low);
    }
    bytes
}

/// iTXt after its keyword: flag, method, language, translated keyword, text (PNG 3rd edition, 11.3.3.4).
fn international(rest: &[u8], budget: &mut usize) -> Vec<u8> {
    let Some((&[flag, _], rest)) = rest.split_first_chunk::<2>() else { return rest.to_vec() };
    let (_, rest) = split(rest);
    let (_, text) = split(rest);
    if flag == 1 { unpacked(text, budget) } else { text.to_vec() }
}

fn unpacked(zlib: &[u8], budget: &mut usize) -> Vec<u8> {
    let bytes = inflated(zlib, *budget).bytes;
    *budget = budget.saturating_sub(bytes.len());
    bytes
}

/// What stands before the first zero byte and what after it.
fn split(data: &[u8]) -> (&[u8], &[u8]) {
    let mut parts = data.splitn(2, |&byte| byte == 0);
    (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
}

/// The beginning as text: UTF-8 where it is, which many write against the specification, or else Latin-1.
fn shown(bytes: &[u8]) -> String {
    let head = bytes.get(..SHOWN_BYTES).unwrap_or(bytes);
    match std::str::from_utf8(head) {
        Ok(text) => text.to_owned(),
        // Cut within a character.
        Err(error) if error.error_len().is_none() => String::from_utf8_lossy(head).into_owned(),
        Err(_) => head.iter().copied().map(char::from).collect(),
    }
}
