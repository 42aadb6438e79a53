//! Armor: what is put on comes off; what comes off has one spelling, up to line ends and white space
//! around; and the age crate's own reader agrees.

#![no_main]

use std::io::Read;
use std::num::NonZeroUsize;

use age::armor::ArmoredReader;
use deponent::envelope::fuzzing::{armored, dearmored};
use libfuzzer_sys::fuzz_target;

const BEGIN: &str = "-----BEGIN AGE ENCRYPTED FILE-----";
const END: &str = "-----END AGE ENCRYPTED FILE-----";
/// The age crate looks at this many bytes before it decides what it has.
const AGE_CRATE_BYTES_MIN: usize = 36;
const COLUMNS: usize = 64;

fuzz_target!(|input: &[u8]| {
    let Some((&[piece, seen], material)) = input.split_first_chunk() else { return };
    let (piece, seen) = (NonZeroUsize::from(at_least_one(piece)), NonZeroUsize::from(at_least_one(seen)));
    let text = armored(material, piece).expect("memory takes everything");
    assert!(text.is_ascii() && text.split(|byte| *byte == b'\n').all(|line| line.len() <= COLUMNS));
    assert!(dearmored(&text, seen).is_ok_and(|bytes| bytes == material), "what was put on does not come off");

    let ours = dearmored(material, seen).ok();
    if let Some(bytes) = ours.as_ref().filter(|_| is_taken_for_armor(material)) {
        let again = armored(bytes, piece).expect("memory takes everything");
        assert_eq!(canonical(material), again, "a second spelling of one armor was accepted");
    }
    if ours != age_crate_reads(material) {
        let why = known_difference(material, ours.is_some());
        assert!(why.is_some(), "the age crate reads {:?}, and here {ours:?}", age_crate_reads(material));
    }
});

fn at_least_one(n: u8) -> std::num::NonZeroU8 {
    std::num::NonZeroU8::new(n).unwrap_or(std::num::NonZeroU8::MIN)
}

/// An age file begins with a letter; armor with a dash, perhaps after white space.
fn is_taken_for_armor(text: &[u8]) -> bool {
    matches!(text.first(), Some(b'-' | b' ' | b'\t' | b'\r' | b'\n'))
}

/// With plain line ends and nothing around.
fn canonical(text: &[u8]) -> Vec<u8> {
    let text = std::str::from_utf8(text).expect("armor is ASCII").trim_matches([' ', '\t', '\r', '\n']);
    format!("{}\n", text.replace("\r\n", "\n")).into_bytes()
}

fn age_crate_reads(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    ArmoredReader::new(text).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// Why the age crate's reader may say something else: what it does that the specification does not say.
fn known_difference(text: &[u8], read_here: bool) -> Option<&'static str> {
    if text.len() < AGE_CRATE_BYTES_MIN {
        return Some("it refuses everything so short");
    }
    if !text.starts_with(BEGIN.as_bytes()) {
        return is_taken_for_armor(text).then_some("it takes for binary what does not begin as armor");
    }
    let lines = || text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    if !read_here && lines().any(|line| line.len() == COLUMNS && line.ends_with(b"=")) {
        return Some("it lets lines follow a full one that ends with padding");
    }
    let mut behind = lines().skip_while(|line| *line != END.as_bytes()).skip(1).flatten();
    if !read_here && behind.any(|byte| *byte == b'\x0c') {
        return Some("it takes a form feed behind the end for white space");
    }
    None
}
