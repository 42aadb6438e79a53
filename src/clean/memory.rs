//! Files in memory, and what the tests of several cleaners ask of them.

use std::io::{self, Cursor, Read, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::container::zip::{Method, Writer};
use super::{Category, Finding, Format, Original, Reader, Reason, Refusal, clean};

/// A file in memory.
pub(super) struct Memory(pub(super) Vec<u8>);

impl Original for Memory {
    fn open(&self) -> io::Result<Box<dyn Reader>> {
        Ok(Box::new(Cursor::new(self.0.clone())))
    }
}

/// Cleans through the engine, so that the verifier has accepted what comes back.
pub(super) fn produced(bytes: &[u8]) -> Result<(Vec<u8>, Vec<Finding>), Refusal> {
    let original = Memory(bytes.to_vec());
    let cleaned = clean(&original)?;
    let mut produced = Vec::new();
    cleaned.content(&original).unwrap().read_to_end(&mut produced).unwrap();
    Ok((produced, cleaned.findings().to_vec()))
}

/// A stored or deflated ZIP archive of these members.
pub(super) fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = Writer::default();
    members.iter().for_each(|(name, bytes)| writer.add(name, bytes, Method::Deflated).unwrap());
    let mut bytes = Vec::new();
    writer.finish().unwrap().reader(&mut io::empty()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// A file of `tests/fixtures`.
#[expect(clippy::disallowed_methods, reason = "the fixtures are the project's own")]
pub(super) fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// `bytes` as a zlib stream.
pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Whether the format's verifier takes `bytes` for a clean file.
pub(super) fn verifies(format: &Format, bytes: &[u8]) -> bool {
    (format.verify)(&mut Cursor::new(bytes)).is_ok()
}

/// Whether one of the findings says `value`.
pub(super) fn says<'f>(findings: impl IntoIterator<Item = &'f Finding>, category: Category, value: &str) -> bool {
    findings.into_iter().any(|finding| finding.category == category && finding.value.as_deref() == Some(value))
}

/// Cleans every beginning of `whole`, and `whole` with each of its bits flipped: the cleaner may refuse, but it may
/// never make what its verifier does not accept.
pub(super) fn cut_and_flip(whole: &[u8]) {
    for len in 0..whole.len() {
        let _ = produced(&whole[..len]);
        for bit in 0..8 {
            let mut flipped = whole.to_vec();
            flipped[len] ^= 1 << bit;
            if let Err(refusal) = produced(&flipped) {
                assert_ne!(refusal.reason, Reason::Unaccounted, "byte {len}, bit {bit}: {refusal:?}");
            }
        }
    }
}
