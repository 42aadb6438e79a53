//! MPEG-4 Visual: in samples overwrites user data and unknown objects in place, in headers leaves them out.
//! Keeps user data only in the few spellings that decoders switch workarounds on by; never reads a picture for
//! more than its start codes.
//!
//! Source: ISO/IEC 14496-2:2004, 6.2.

mod layer;

use super::nal::{self, Gap};
use super::{Codec, Configured};
use crate::clean::cursor::Cursor;
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// What a start code begins (table 6-3).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    /// A video object, without content of its own.
    Object,
    /// Headers, read to their end.
    Header(Header),
    /// `user_data`.
    User,
    /// A coded picture.
    Picture,
    /// The end of the sequence.
    End,
    /// Anything else.
    Other,
}

/// Headers that stay.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Header {
    Sequence,
    Visual,
    Layer,
    Group,
}

fn unit(code: u8) -> Unit {
    match code {
        0x00..=0x1F => Unit::Object,
        0x20..=0x2F => Unit::Header(Header::Layer),
        0xB0 => Unit::Header(Header::Sequence),
        0xB1 => Unit::End,
        0xB2 => Unit::User,
        0xB3 => Unit::Header(Header::Group),
        0xB5 => Unit::Header(Header::Visual),
        0xB6 => Unit::Picture,
        _ => Unit::Other,
    }
}

/// What takes the place of user data, byte by byte.
const NEUTRAL: u8 = b' ';
/// The start code of user data.
const USER: u8 = 0xB2;

/// Plans a sample.
pub(super) fn sample(
    cursor: &mut Cursor<'_>,
    len: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let end = nal::end(cursor, len)?;
    let at = cursor.at();
    let gap = nal::next_start_code(cursor, end)?;
    before_first(cursor, at, &gap, end, plan, findings)?;
    // The first byte is the code, and may be a zero, which is not the first of the next gap.
    nal::between_start_codes(cursor, end, gap, 1, plan, |cursor, at, next, plan| {
        let code = cursor.byte("start code")?;
        let content = next.from.saturating_sub(at).saturating_sub(1);
        in_place(cursor, code, content, next.zeros(), plan, findings)
    })
}

/// What stands in front of the first start code: a picture with a short header, a byte that stands for a picture
/// like the last, or nothing.
fn before_first(
    cursor: &mut Cursor<'_>,
    at: u64,
    gap: &Gap,
    end: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let len = gap.from.saturating_sub(at);
    if len == 0 {
        return Ok(());
    }
    cursor.go_to(at, "sample")?;
    let is_short = len >= 3 && matches!(cursor.array("sample")?, [0, 0, 0x80..=0x83]);
    cursor.go_to(at, "sample")?;
    let is_skipped = len == 1 && gap.until == end && cursor.byte("sample")? == 0x7F;
    if gap.until == end && (is_short || is_skipped) {
        return plan.copy(at, len);
    }
    findings.removed(Category::HiddenContent, "before the first start code");
    plan.fill(0, len)
}

/// Plans a start code, whose prefix is planned, and the `content` bytes behind it. The zeros after them may be theirs.
fn in_place(
    cursor: &mut Cursor<'_>,
    code: u8,
    content: u64,
    zeros: usize,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let at = cursor.at().saturating_sub(1);
    let kind = unit(code);
    let len = content.saturating_add(1);
    if kind == Unit::Picture || (content == 0 && matches!(kind, Unit::Object | Unit::End | Unit::User)) {
        return plan.copy(at, len);
    }
    let seen = usize::try_from(content.min(limits::PARAMETER_SET_BYTES_MAX)).unwrap_or(0);
    let body = cursor.bytes(seen, "start code")?;
    let is_whole = u64::try_from(seen).ok() == Some(content);
    match kind {
        Unit::Header(header) if is_whole => {
            let read = read(header, &nal::padded(&body, zeros));
            let rebuilt = read.and_then(|read| nal::fitted(read, body.len()));
            let rebuilt = rebuilt.ok_or(Refusal::new(Reason::NotUnderstood, part(header), at))?;
            if rebuilt != body {
                findings.removed(Category::HiddenContent, format!("behind the {}", part(header)));
            }
            plan.copy(at, 1)?;
            plan.bytes_or_copy(&rebuilt, &body, at.saturating_add(1))
        }
        Unit::Header(header) => Err(Refusal::new(Reason::TooLarge, part(header), at)),
        Unit::User if is_whole && let Some(kept) = kept_user_data(&body) => {
            told_user_data(&body, &kept, findings);
            plan.copy(at, 1)?;
            plan.bytes_or_copy(&kept, &body, at.saturating_add(1))
        }
        Unit::User if is_whole && body.iter().all(|&byte| byte == NEUTRAL) => plan.copy(at, len),
        Unit::Object | Unit::End | Unit::Picture | Unit::User | Unit::Other => {
            dropped(kind, &body, findings);
            plan.bytes(&[USER])?;
            plan.fill(NEUTRAL, content)
        }
    }
}

fn dropped(kind: Unit, body: &[u8], findings: &mut Findings) {
    match kind {
        Unit::User => {
            let words = legible::text(body);
            let is_legible = words.chars().all(|c| !c.is_control());
            let value = if is_legible { words.as_str() } else { "" };
            findings.removed_value(Category::Comment, "MPEG-4 Visual user data", value);
        }
        _ => findings.removed(Category::Unknown, "MPEG-4 Visual object of another type"),
    }
}

/// User data that decoders go by, as they stay: the versions of DivX and XviD as they are, that of libavcodec
/// without its numbers, which only versions before 2003 are told apart by.
fn kept_user_data(body: &[u8]) -> Option<Vec<u8>> {
    let digits = |bytes: &[u8]| !bytes.is_empty() && bytes.len() <= 6 && bytes.iter().all(u8::is_ascii_digit);
    if let Some(rest) = body.strip_prefix(b"DivX") {
        let rest = rest.strip_suffix(b"p").unwrap_or(rest);
        let letter = rest.iter().position(|byte| !byte.is_ascii_digit())?;
        let (version, build) = rest.split_at_checked(letter)?;
        let build = build.strip_prefix(b"Build").or_else(|| build.strip_prefix(b"b"))?;
        return (digits(version) && digits(build)).then(|| body.to_vec());
    }
    if let Some(build) = body.strip_prefix(b"XviD") {
        return (build.len() == 4 && digits(build)).then(|| body.to_vec());
    }
    let numbers: Vec<&[u8]> = body.strip_prefix(b"Lavc")?.split(|&byte| byte == b'.').collect();
    if !numbers.iter().all(|number| digits(number) && number.len() <= 3) || numbers.len() != 3 {
        return None;
    }
    Some(body.iter().map(|&byte| if byte.is_ascii_digit() { b'9' } else { byte }).collect())
}

fn told_user_data(body: &[u8], kept: &[u8], findings: &mut Findings) {
    if kept != body {
        findings.removed_value(Category::Software, "MPEG-4 Visual user data", &legible::text(body));
    }
    findings.remains(Category::Software, "MPEG-4 Visual user data", &legible::text(kept));
}

fn part(header: Header) -> &'static str {
    match header {
        Header::Sequence => "visual object sequence",
        Header::Visual => "visual object",
        Header::Layer => "video object layer",
        Header::Group => "group of video object planes",
    }
}

/// A header up to its stuffing, which is written anew where it is not whole.
fn read(header: Header, body: &[u8]) -> Option<Vec<u8>> {
    let end = match header {
        Header::Sequence => return body.get(..1).map(<[u8]>::to_vec),
        Header::Visual => layer::visual(body)?,
        Header::Layer => layer::layer(body)?,
        Header::Group => 20,
    };
    let mut written = super::bits::Written::default();
    written.copy(&mut super::bits::Bits::new(body), end)?;
    // next_start_code: a zero, then ones; where the header ends at a byte, a byte of them that not all write.
    if end % 8 != 0 || body.get(end / 8) == Some(&0x7F) {
        written.bit(false);
        while written.len() % 8 != 0 {
            written.bit(true);
        }
    }
    Some(written.into_bytes())
}

/// The headers up to the video object layer, rebuilt.
pub(super) fn headers(body: &[u8], at: u64, findings: &mut Findings) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let mut layers = 0u32;
    let mut rest = body;
    if !rest.starts_with(&[0, 0, 1]) {
        let start = rest.windows(3).position(|window| window == [0, 0, 1]);
        let Some(start) = start else { return Err(Refusal::new(Reason::NotUnderstood, "visual headers", at)) };
        if rest.iter().take(start).any(|&byte| byte != 0) {
            findings.removed(Category::HiddenContent, "before the first start code");
        }
        rest = rest.get(start..).unwrap_or_default();
    }
    while let Some((&code, behind)) = rest.strip_prefix(&[0, 0, 1]).and_then(<[u8]>::split_first) {
        let next = behind.windows(3).position(|window| window == [0, 0, 1]).unwrap_or(behind.len());
        let (content, after) = behind.split_at_checked(next).unwrap_or((behind, &[]));
        rest = after;
        let zeros = content.iter().rev().take_while(|&&byte| byte == 0).count();
        let content = content.get(..content.len().saturating_sub(zeros)).unwrap_or_default();
        match unit(code) {
            Unit::Object => {
                if !content.is_empty() {
                    findings.removed(Category::HiddenContent, "behind a video object");
                }
                bytes.extend([0, 0, 1, code]);
            }
            Unit::Header(Header::Group) | Unit::Picture | Unit::End => {
                findings.removed(Category::HiddenContent, "MPEG-4 Visual headers");
            }
            Unit::Header(header) => {
                // Zeros that were taken for stuffing may belong to it.
                let mut padded = content.to_vec();
                padded.extend(std::iter::repeat_n(0, zeros));
                let read = read(header, &padded).ok_or(Refusal::new(Reason::NotUnderstood, part(header), at))?;
                layers = layers.saturating_add(u32::from(header == Header::Layer));
                bytes.extend([0, 0, 1, code]);
                bytes.extend(&read);
                if content.len() > read.len() {
                    findings.removed(Category::HiddenContent, format!("behind the {}", part(header)));
                }
            }
            kind @ (Unit::User | Unit::Other) => match kept_user_data(content).filter(|_| kind == Unit::User) {
                Some(kept) => {
                    told_user_data(content, &kept, findings);
                    bytes.extend([0, 0, 1, USER]);
                    bytes.extend(kept);
                }
                None => dropped(kind, content, findings),
            },
        }
    }
    if layers == 0 {
        return Err(Refusal::new(Reason::NotUnderstood, "visual headers", at));
    }
    Ok(bytes)
}

/// Rebuilds the configuration.
pub(super) fn record(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    Ok(Configured { codec: Codec::Mpeg4Visual, bytes: headers(body, at, findings)? })
}
