//! What goes in comes out, and nothing odd comes out.

use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::collection::vec;
use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};

use super::{AttachmentFailed, Bundle, Odd, read};
use crate::clean::{Cleaned, Original, Reader};
use crate::testimony::{Attachment, Statement, Testimony};

/// A file in memory; what it holds may be another thing each time it is opened.
struct InMemory {
    versions: Vec<Vec<u8>>,
    opened: AtomicUsize,
}

impl InMemory {
    fn new(versions: Vec<Vec<u8>>) -> Self {
        Self { versions, opened: AtomicUsize::new(0) }
    }
}

impl Original for InMemory {
    fn open(&self) -> io::Result<Box<dyn Reader>> {
        let time = self.opened.fetch_add(1, Ordering::SeqCst).min(self.versions.len() - 1);
        Ok(Box::new(Cursor::new(self.versions[time].clone())))
    }
}

fn bundle(statement: Option<&str>, files: Vec<Vec<Vec<u8>>>) -> Bundle {
    let attachments = files.into_iter().map(|versions| {
        let original = InMemory::new(versions);
        let cleaned = Cleaned::dangerously_as_is(&original).unwrap();
        Attachment::new(Box::new(original), cleaned, None)
    });
    let statement = statement.map(|text| Statement::clean(text.as_bytes()).unwrap());
    Bundle::new(Testimony::new(statement, attachments.collect()).unwrap()).unwrap()
}

fn stream(bundle: &Bundle) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bundle.reader().read_to_end(&mut bytes)?;
    Ok(bytes)
}

proptest! {
    #[test]
    fn every_bundle_has_its_padded_length_and_reads_back(files in vec(vec(any::<u8>(), 0..3000), 1..12), chunk in 1usize..2000) {
        let bundle = bundle(Some("text"), files.iter().map(|file| vec![file.clone()]).collect());
        let bytes = stream(&bundle).unwrap();
        prop_assert_eq!(bytes.len() as u64, bundle.padded_len());
        let contents = read(Dribble { inner: &bytes[..], chunk }).unwrap();
        prop_assert_eq!(contents.entries().len(), files.len() + 1);
        for (entry, file) in contents.entries().iter().skip(1).zip(&files) {
            let at = entry.at as usize;
            prop_assert_eq!(&bytes[at..at + entry.len as usize], &file[..]);
        }
    }

    #[test]
    fn no_altered_byte_of_a_bundle_goes_unnoticed_but_in_its_content(at in 0usize..6000, bit in 0u32..8) {
        let mut bytes = stream(&bundle(Some("text"), vec![vec![vec![1; 700]]])).unwrap();
        let contents = read(&bytes[..]).unwrap();
        let entries = contents.entries().iter().chain([contents.manifest_entry()]);
        let inside = entries.into_iter().any(|entry| (entry.at..entry.at + entry.len).contains(&(at as u64)));
        bytes[at] ^= 1 << bit;
        let found = read(&bytes[..]);
        // A checksum does not cover itself, and may have blanks before its digits and blanks or NULs behind.
        let same_number = (148..156).contains(&(at % 512)) && matches!(bytes[at], b' ' | 0);
        prop_assert!(inside || same_number || found.is_err(), "byte {}", at);
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes in vec(any::<u8>(), 0..4000)) {
        prop_assert!(read(&bytes[..]).is_err());
    }
}

#[test]
fn a_bundle_cut_anywhere_is_odd() {
    let bytes = stream(&bundle(Some("text"), vec![vec![vec![1; 700]]])).unwrap();
    let end = 3 * 512 + 512 + 512 + 1024 + 1024;
    for cut in 0..end {
        assert!(matches!(read(&bytes[..cut]), Err(Odd::Truncated(_))), "cut at {cut}");
    }
}

#[test]
fn a_file_that_changes_after_it_was_cleaned_is_not_sealed() {
    let before = vec![1; 100_000];
    let mut altered = before.clone();
    altered[99_999] = 2;
    for after in [altered, before[..99_999].to_vec(), Vec::new()] {
        let bundle = bundle(None, vec![vec![vec![5]], vec![before.clone(), after]]);
        let error = stream(&bundle).unwrap_err();
        let failed = error.get_ref().and_then(|inner| inner.downcast_ref::<AttachmentFailed>());
        assert_eq!(failed, Some(&AttachmentFailed { index: 1, kind: io::ErrorKind::InvalidData }));
    }
}

#[test]
fn a_file_that_grows_is_sealed_as_it_was() {
    let (before, after) = (vec![1; 1000], vec![1; 5000]);
    let bundle = bundle(None, vec![vec![before.clone(), after]]);
    let bytes = stream(&bundle).unwrap();
    let contents = read(&bytes[..]).unwrap();
    let at = contents.entries()[0].at as usize;
    assert_eq!(&bytes[at..at + 1000], &before[..]);
    assert_eq!(contents.entries()[0].len, 1000);
}

/// Hands out at most `chunk` bytes at a time.
struct Dribble<R> {
    inner: R,
    chunk: usize,
}

impl<R: Read> Read for Dribble<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.chunk.min(buf.len());
        self.inner.read(&mut buf[..n])
    }
}
