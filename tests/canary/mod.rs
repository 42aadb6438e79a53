//! Canaries: files with one mark planted in one place, and what must become of each. A mark that can be
//! found in a cleaned file is a leak; a file may be refused instead, and then counts.

pub(crate) mod archives;
pub(crate) mod bmp;
pub(crate) mod docx;
pub(crate) mod epub;
pub(crate) mod exif;
pub(crate) mod flac;
pub(crate) mod frames;
pub(crate) mod gif;
pub(crate) mod heif;
pub(crate) mod jpeg;
pub(crate) mod jxl;
pub(crate) mod matroska;
pub(crate) mod mp3;
pub(crate) mod mp4;
pub(crate) mod odf;
pub(crate) mod ogg;
pub(crate) mod packages;
pub(crate) mod pdf;
pub(crate) mod png;
pub(crate) mod pptx;
pub(crate) mod riff;
pub(crate) mod svg;
pub(crate) mod tags;
pub(crate) mod text;
pub(crate) mod tiff;
pub(crate) mod xlsx;

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};
use std::sync::Arc;

use deponent::clean::{self, Original, Reader, Refusal};

use crate::traces;

/// A file in memory.
#[derive(Clone)]
pub(crate) struct Memory(Arc<[u8]>);

impl Memory {
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        Self(bytes.into())
    }
}

impl Original for Memory {
    fn open(&self) -> io::Result<Box<dyn Reader>> {
        Ok(Box::new(Cursor::new(Arc::clone(&self.0))))
    }
}

/// The clean bytes of a file.
pub(crate) fn cleaned(bytes: Vec<u8>) -> Result<Vec<u8>, Refusal> {
    let original = Memory::new(bytes);
    let cleaned = clean::clean(&original)?;
    let mut content = Vec::new();
    cleaned.content(&original).unwrap().read_to_end(&mut content).unwrap();
    assert_eq!(u64::try_from(content.len()).unwrap(), cleaned.len());
    Ok(content)
}

/// A file with a mark in it.
pub(crate) struct Canary {
    /// Where the mark is: `kind: place`. Kinds are what refusals are listed by.
    pub(crate) name: String,
    pub(crate) file: Vec<u8>,
    /// What must not be found; empty where the mark is a choice and not a string of bytes.
    pub(crate) mark: Vec<u8>,
    /// The same file without the mark. What both are cleaned to must be equal.
    pub(crate) twin: Option<Arc<[u8]>>,
}

/// Marks that differ from each other and from anything in a picture.
pub(crate) struct Marks {
    next: u64,
}

impl Marks {
    pub(crate) fn new() -> Self {
        Self { next: 0 }
    }

    /// Sixteen letters and digits.
    pub(crate) fn text(&mut self) -> Vec<u8> {
        self.next += 1;
        // SplitMix64.
        let mut z = self.next.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        format!("CNRY{:012X}", (z ^ (z >> 31)) & 0xFFFF_FFFF_FFFF).into_bytes()
    }
}

/// Cleans every canary, and insists that no mark is left, that just `planted` of them were there, and that
/// those refused are of the kinds in `refused`: kind, how many, and why that is right.
pub(crate) fn check(canaries: Vec<Canary>, planted: usize, refused: &[(&str, usize, &str)]) {
    let mut clean_twins: BTreeMap<Arc<[u8]>, Vec<u8>> = BTreeMap::new();
    let mut refusals: BTreeMap<String, (usize, String)> = BTreeMap::new();
    let mut leaks = Vec::new();
    let count = canaries.len();
    for Canary { name, file, mark, twin } in canaries {
        assert!(mark.is_empty() || traces::find(&file, &mark).is_some(), "{name}: the mark was never there");
        let clean = match cleaned(file) {
            Ok(clean) => clean,
            Err(refusal) => {
                let kind = name.split(':').next().unwrap().to_owned();
                let seen = refusals.entry(kind).or_insert((0, format!("{name}: {refusal:?}")));
                seen.0 += 1;
                continue;
            }
        };
        if !mark.is_empty()
            && let Some(how) = traces::find(&clean, &mark)
        {
            leaks.push(format!("{name}: found {how}"));
        } else if let Some(twin) = twin {
            let expected =
                clean_twins.entry(twin).or_insert_with_key(|twin| cleaned(twin.to_vec()).expect("a sound twin"));
            if clean != *expected {
                leaks.push(format!("{name}: something of it is left"));
            }
        }
    }
    assert!(leaks.is_empty(), "{} of {count} leak:\n{}", leaks.len(), leaks.join("\n"));
    let found: Vec<(&str, usize)> = refusals.iter().map(|(kind, (count, _))| (kind.as_str(), *count)).collect();
    let mut expected: Vec<(&str, usize)> = refused.iter().map(|(kind, count, _)| (*kind, *count)).collect();
    expected.sort_unstable();
    assert_eq!(found, expected, "{refusals:#?}");
    assert_eq!(count, planted, "canaries may be added, not lost");
}
