//! Headers: whatever is accepted has one spelling, the bounds hold, and the age crate's own parser agrees.

#![no_main]

use age::Decryptor;
use deponent::envelope::fuzzing::header_again;
use deponent::limits::{HEADER_BYTES_MAX, HEADER_LINES_MAX, HEADER_STANZAS_MAX};
use libfuzzer_sys::fuzz_target;

const NONCE_BYTES: usize = 16;
const BODY_COLUMNS: usize = 64;
/// The age crate's parser takes time that grows with the square of the length.
const COMPARED_BYTES_MAX: usize = 2048;

fuzz_target!(|input: &[u8]| {
    let ours = read(input);
    if input.len() > COMPARED_BYTES_MAX {
        return;
    }
    match (ours, age_crate_reads(input)) {
        (ours, theirs) if ours == theirs => {}
        (None, Some(_)) if is_beyond_the_bounds(input) => {}
        // Files of its own first versions, which the specification no longer allows: a body without a short
        // last line, or none at all. Ended as it should be, the same header must be accepted here.
        (None, Some(_)) => {
            let ended = with_short_last_lines(input);
            assert_ne!(ended, input, "only the age crate accepts it");
            assert!(read(&ended).is_some() || is_beyond_the_bounds(&ended), "only the age crate accepts it");
        }
        (ours, theirs) => panic!("bytes taken here: {ours:?}; by the age crate: {theirs:?}"),
    }
});

/// How many bytes header and nonce take up, if they are accepted.
fn read(input: &[u8]) -> Option<usize> {
    let mut rest = input;
    let read = header_again(&mut rest);
    let (taken, _) = input.split_at(input.len() - rest.len());
    assert!(taken.len() <= HEADER_BYTES_MAX + NONCE_BYTES, "read {} bytes", taken.len());
    let (again, authenticated) = read?;
    assert_eq!(again, taken, "a second spelling of one header was accepted");
    assert!(again.starts_with(&authenticated) && authenticated.ends_with(b"\n---"), "the MAC covers something else");
    let mac_and_nonce = again.len() - authenticated.len();
    assert_eq!(mac_and_nonce, " ".len() + 43 + "\n".len() + NONCE_BYTES, "the MAC covers more or less");
    assert!(!is_beyond_the_bounds(input), "beyond the bounds");
    Some(taken.len())
}

fn age_crate_reads(input: &[u8]) -> Option<usize> {
    let mut rest = input;
    // What it holds ends here, so that the rest can be looked at.
    Decryptor::new_buffered(&mut rest).ok().map(drop)?;
    Some(input.len() - rest.len())
}

fn header_lines(input: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut ended = false;
    input.split_inclusive(|byte| *byte == b'\n').take_while(move |line| {
        let is_part = !ended;
        ended = line.starts_with(b"---");
        is_part
    })
}

fn is_beyond_the_bounds(input: &[u8]) -> bool {
    let stanzas = header_lines(input).filter(|line| line.starts_with(b"-> ")).count();
    let bytes: usize = header_lines(input).map(<[u8]>::len).sum();
    header_lines(input).count() > HEADER_LINES_MAX || stanzas > HEADER_STANZAS_MAX || bytes > HEADER_BYTES_MAX
}

/// The same, with an empty line behind every body that has no short last line.
fn with_short_last_lines(input: &[u8]) -> Vec<u8> {
    let mut ended = Vec::new();
    // Whether a stanza is open: its first line was read, and no short line since.
    let (mut open, mut taken) = (false, 0);
    for line in header_lines(input) {
        let begins = line.starts_with(b"-> ");
        if open && (begins || line.starts_with(b"---")) {
            ended.push(b'\n');
        }
        open = begins || open && line.len() > BODY_COLUMNS;
        taken += line.len();
        ended.extend_from_slice(line);
    }
    ended.extend_from_slice(input.split_at(taken).1);
    ended
}
