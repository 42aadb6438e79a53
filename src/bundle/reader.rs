//! Reads a bundle that came from outside: walks it whole, and says where each item stands, or what is odd.
//! Nothing is extracted here; whoever extracts does so from [`Contents`] only, which exists only when
//! every byte of the stream has been accounted for.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read};

use zeroize::Zeroizing;

use super::names::{is_item, name_key};
use super::ustar::{self, BLOCK_BYTES, Block};
use crate::limits;
use crate::testimony::{MANIFEST, Manifest, STATEMENT, VERSION};

/// What a bundle holds, checked. Only [`read`] makes one.
#[derive(Debug)]
pub struct Contents {
    manifest: Manifest,
    manifest_entry: Entry,
    entries: Vec<Entry>,
}

impl Contents {
    /// The manifest. Its items are the entries, in the same order, with the same names and lengths.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Where the manifest itself stands.
    #[must_use]
    pub fn manifest_entry(&self) -> &Entry {
        &self.manifest_entry
    }

    /// The items after the manifest.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}

/// One item of a bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// `statement.txt`, or a safe single component under `attachments/`.
    pub name: String,
    /// Offset of its content in the stream, in bytes.
    pub at: u64,
    /// Length of its content in bytes.
    pub len: u64,
}

/// Why a bundle is not extracted.
#[derive(Debug)]
pub enum Odd {
    /// A tar header outside the subset; the field, and the offset of the header.
    Header(&'static str, u64),
    /// A name that is not allowed, or a second one for the same file.
    Name(u64),
    /// Too many items, or too long ones.
    TooLarge(u64),
    /// Bytes that are not zero where only zeros may stand.
    Slack(u64),
    /// The stream ends inside an item or before the end marker.
    Truncated(u64),
    /// No manifest, or one that cannot be read.
    Manifest,
    /// The manifest's items are not the bundle's.
    ManifestLies,
    /// A newer format than this program knows; its number.
    Newer(u32),
    /// The stream could not be read.
    Io(io::Error),
}

impl From<io::Error> for Odd {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Walks a bundle to its last byte.
///
/// # Errors
/// [`Odd`] at the first thing that the format does not allow. The padded length is not judged: a sealer
/// that pads otherwise harms its source, not the reader.
pub fn read(stream: impl Read) -> Result<Contents, Odd> {
    let mut walk = Walk { stream: BufReader::with_capacity(64 * 1024, stream), at: 0 };
    let mut entries: Vec<Entry> = Vec::new();
    let mut manifest: Option<(Manifest, Entry)> = None;
    let mut keys = BTreeSet::new();
    let mut attachments = 0usize;
    while let Some((entry, header_at)) = walk.header()? {
        if manifest.is_none() {
            manifest = Some((walk.manifest(&entry)?, entry));
            continue;
        }
        if !is_item(&entry.name) || !keys.insert(name_key(&entry.name)) {
            return Err(Odd::Name(header_at));
        }
        if entry.name == STATEMENT {
            if !entries.is_empty() {
                return Err(Odd::Name(header_at));
            }
            if entry.len > limits::TEXT_BYTES_MAX {
                return Err(Odd::TooLarge(header_at));
            }
        } else {
            attachments = attachments.saturating_add(1);
            if attachments > limits::ATTACHMENTS_MAX || entry.len > limits::ATTACHMENT_BYTES_MAX {
                return Err(Odd::TooLarge(header_at));
            }
        }
        walk.skip(entry.len)?;
        walk.zeros(ustar::padding(entry.len))?;
        entries.push(entry);
    }
    walk.zeros_to_end()?;
    let (manifest, manifest_entry) = manifest.ok_or(Odd::Manifest)?;
    let same = manifest.items.len() == entries.len()
        && manifest.items.iter().zip(&entries).all(|(item, entry)| item.name == entry.name && item.bytes == entry.len);
    if !same {
        return Err(Odd::ManifestLies);
    }
    Ok(Contents { manifest, manifest_entry, entries })
}

struct Walk<R> {
    stream: BufReader<R>,
    at: u64,
}

impl<R: Read> Walk<R> {
    /// The next header and its offset; `None` at the end marker, of which one block has been read.
    fn header(&mut self) -> Result<Option<(Entry, u64)>, Odd> {
        let header_at = self.at;
        let mut block: Block = [0; 512];
        self.exact(&mut block)?;
        if block == [0; 512] {
            return Ok(None);
        }
        let header = ustar::parse(&block).map_err(|field| Odd::Header(field, header_at))?;
        Ok(Some((Entry { name: header.name, at: self.at, len: header.size }, header_at)))
    }

    fn manifest(&mut self, entry: &Entry) -> Result<Manifest, Odd> {
        #[derive(serde::Deserialize)]
        struct Version {
            deponent: u32,
        }
        if entry.name != MANIFEST || entry.len > limits::MANIFEST_BYTES_MAX {
            return Err(Odd::Manifest);
        }
        let mut json = Zeroizing::new(vec![0; usize::try_from(entry.len).map_err(|_| Odd::Manifest)?]);
        self.exact(&mut json)?;
        self.zeros(ustar::padding(entry.len))?;
        // The version first: what else a newer manifest holds may not even be readable.
        let version: Version = serde_json::from_slice(&json).map_err(|_| Odd::Manifest)?;
        if version.deponent > VERSION {
            return Err(Odd::Newer(version.deponent));
        }
        if version.deponent == 0 {
            return Err(Odd::Manifest);
        }
        serde_json::from_slice(&json).map_err(|_| Odd::Manifest)
    }

    fn exact(&mut self, buf: &mut [u8]) -> Result<(), Odd> {
        let at = self.at;
        self.stream.read_exact(buf).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Odd::Truncated(at),
            _ => Odd::Io(error),
        })?;
        self.at = self.at.saturating_add(u64::try_from(buf.len()).unwrap_or(u64::MAX));
        Ok(())
    }

    fn skip(&mut self, len: u64) -> Result<(), Odd> {
        let mut rest = len;
        while rest > 0 {
            let n = self.step(rest, |_| true)?;
            rest = rest.saturating_sub(n);
        }
        Ok(())
    }

    fn zeros(&mut self, len: u64) -> Result<(), Odd> {
        let mut rest = len;
        while rest > 0 {
            let n = self.step(rest, |bytes| bytes.iter().all(|&byte| byte == 0))?;
            rest = rest.saturating_sub(n);
        }
        Ok(())
    }

    /// The second zero block of the end marker, and zeros up to the end of the stream.
    fn zeros_to_end(&mut self) -> Result<(), Odd> {
        self.zeros(BLOCK_BYTES)?;
        while !self.stream.fill_buf()?.is_empty() {
            self.step(u64::MAX, |bytes| bytes.iter().all(|&byte| byte == 0))?;
        }
        Ok(())
    }

    /// Passes over what is buffered, at most `max` bytes, if it is `allowed`. How many bytes that were.
    fn step(&mut self, max: u64, allowed: impl Fn(&[u8]) -> bool) -> Result<u64, Odd> {
        let at = self.at;
        let buffered = self.stream.fill_buf()?;
        let n = usize::try_from(max).unwrap_or(usize::MAX).min(buffered.len());
        let bytes = buffered.get(..n).unwrap_or_default();
        if bytes.is_empty() {
            return Err(Odd::Truncated(at));
        }
        if !allowed(bytes) {
            return Err(Odd::Slack(at));
        }
        self.stream.consume(n);
        let n = u64::try_from(n).unwrap_or(u64::MAX);
        self.at = self.at.saturating_add(n);
        Ok(n)
    }
}
