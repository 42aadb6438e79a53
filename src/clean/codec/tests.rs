//! Tests of what all codecs have in common: what is cleaned verifies, keeps its length and is clean then.

mod canaries;
mod records;
mod streams;
mod units;

use std::io::{self, Read};

use super::*;
use crate::clean::{Fate, Finding};

/// Cleans a sample, verifies it, and cleans it again, which changes nothing.
pub(super) fn cleaned(codec: Codec, bytes: &[u8]) -> Result<(Vec<u8>, Vec<Finding>), Refusal> {
    let (once, findings) = planned(codec, bytes)?;
    assert_eq!(once.len(), bytes.len(), "the length of a sample changed");
    assert!(verified(codec, &once), "not verified: {once:02x?}");
    let (twice, left) = planned(codec, &once).expect("a clean sample is refused");
    assert!(twice == once, "a clean sample changed");
    assert!(left.iter().all(|finding| finding.fate == Fate::Remains), "a clean sample has findings: {left:?}");
    Ok((once, findings))
}

fn planned(codec: Codec, bytes: &[u8]) -> Result<(Vec<u8>, Vec<Finding>), Refusal> {
    // In the midst of other bytes, which a cleaner must not take for the sample's.
    let mut file = io::Cursor::new([b"\x01\0\0".as_slice(), bytes, b"\0\0\x01\xFF\xFF"].concat());
    let mut cursor = Cursor::new(&mut file).unwrap();
    cursor.go_to(3, "sample").unwrap();
    let (mut plan, mut findings) = (Plan::default(), Findings::default());
    let len = u64::try_from(bytes.len()).unwrap();
    codec.sample(&mut cursor, len, &mut plan, &mut findings)?;
    assert_eq!(cursor.at(), len + 3, "the cursor is not behind the sample");
    let mut produced = Vec::new();
    plan.reader(&mut file).read_to_end(&mut produced).unwrap();
    Ok((produced, findings.into_vec()))
}

/// Whether the verifier accepts a sample and stops behind it.
pub(super) fn verified(codec: Codec, bytes: &[u8]) -> bool {
    let file = [bytes, b"\0\0\x01\xFF\xFF"].concat();
    let mut reader = file.as_slice();
    let mut produced = Produced::new(&mut reader);
    let len = u64::try_from(bytes.len()).unwrap();
    codec.verify(&mut produced, len).is_ok() && produced.at() == len
}

/// Rebuilds a record, verifies it, and rebuilds it again, which changes nothing.
pub(super) fn rebuilt(record: Record, body: &[u8]) -> Result<(Configured, Vec<Finding>), Refusal> {
    let mut findings = Findings::default();
    let once = record.rebuild(body, 0, &mut findings)?;
    assert_eq!(record.verify(&once.bytes), Some(once.codec), "not verified: {record:?} {:02x?}", once.bytes);
    let mut left = Findings::default();
    let twice = record.rebuild(&once.bytes, 0, &mut left).expect("a clean record is refused");
    assert_eq!((&twice.bytes, twice.codec), (&once.bytes, once.codec), "a clean record changed");
    let left = left.into_vec();
    assert!(left.iter().all(|finding| finding.fate == Fate::Remains), "a clean record has findings: {left:?}");
    Ok((once, findings.into_vec()))
}
