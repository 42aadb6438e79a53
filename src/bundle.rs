//! A testimony as a tar stream of a padded length, and back. Knows nothing of keys; never writes a file.
//!
//! The stream is the ustar interchange format (POSIX.1-2017, pax, "ustar Interchange Format") reduced to
//! regular files of mode 0600 with uid, gid and times 0 and no owner names; sizes from 8 GiB are base-256,
//! as GNU tar, libarchive and busybox read them. After the end marker come zero bytes.

mod names;
mod reader;
#[cfg(test)]
mod tests;
mod ustar;

use std::io::{self, Read};

use zeroize::Zeroizing;

use crate::clean::{Content, copy_from};
use crate::pad;
use crate::testimony::{MANIFEST, STATEMENT, Testimony};

pub use names::{is_safe_char, is_safe_name, name_key};
pub use reader::{Contents, Entry, Odd, read};

/// A testimony laid out as a padded tar stream.
pub struct Bundle {
    testimony: Testimony,
    parts: Vec<Part>,
    padded_len: u64,
}

enum Part {
    Bytes(Zeroizing<Vec<u8>>),
    Attachment(usize),
    Zeros(u64),
}

/// The testimony does not fit any size class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Reading an attachment failed while the bundle was read; the source of the [`io::Error`] a
/// [`BundleReader`] returns. A kind of [`io::ErrorKind::InvalidData`] means that the file changed since
/// it was cleaned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttachmentFailed {
    /// Which attachment, from 0, in the order given.
    pub index: usize,
    /// What happened.
    pub kind: io::ErrorKind,
}

impl std::fmt::Display for AttachmentFailed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "attachment {} could not be read again: {}", self.index, self.kind)
    }
}

impl std::error::Error for AttachmentFailed {}

impl Bundle {
    /// Lays out manifest, statement and attachments.
    ///
    /// # Errors
    /// [`TooLarge`] above [`crate::limits::PLAINTEXT_BYTES_MAX`].
    pub fn new(testimony: Testimony) -> Result<Self, TooLarge> {
        let manifest = testimony.manifest();
        let mut layout = Layout::default();
        // Room enough from the start: growing would leave copies behind that nobody wipes.
        let room = manifest.items.len().saturating_mul(1024).saturating_add(1024);
        let mut json = Zeroizing::new(Vec::with_capacity(room));
        serde_json::to_writer(&mut *json, &manifest).map_err(|_| TooLarge)?;
        layout.bytes(MANIFEST, &json)?;
        if let Some(statement) = testimony.statement() {
            layout.bytes(STATEMENT, statement.as_bytes())?;
        }
        let attachments = manifest.items.iter().filter(|item| item.name != STATEMENT);
        for (index, item) in attachments.enumerate() {
            layout.member(&item.name, item.bytes, Part::Attachment(index))?;
        }
        layout.zeros(ustar::END_BYTES)?;
        let padded_len = pad::padded_len(layout.len).ok_or(TooLarge)?;
        layout.zeros(padded_len.checked_sub(layout.len).ok_or(TooLarge)?)?;
        Ok(Self { testimony, parts: layout.parts, padded_len })
    }

    /// Length of the stream in bytes: a size class.
    #[must_use]
    pub fn padded_len(&self) -> u64 {
        self.padded_len
    }

    /// The stream. Attachments are opened one at a time, when their turn comes.
    #[must_use]
    pub fn reader(&self) -> BundleReader<'_> {
        BundleReader { bundle: self, next: 0, done: 0, content: None }
    }
}

#[derive(Default)]
struct Layout {
    parts: Vec<Part>,
    len: u64,
}

impl Layout {
    fn bytes(&mut self, name: &str, bytes: &[u8]) -> Result<(), TooLarge> {
        let len = u64::try_from(bytes.len()).map_err(|_| TooLarge)?;
        self.member(name, len, Part::Bytes(Zeroizing::new(bytes.to_vec())))
    }

    fn member(&mut self, name: &str, len: u64, content: Part) -> Result<(), TooLarge> {
        let header = ustar::header(name, len).ok_or(TooLarge)?;
        self.push(Part::Bytes(Zeroizing::new(header.to_vec())), ustar::BLOCK_BYTES)?;
        self.push(content, len)?;
        self.zeros(ustar::padding(len))
    }

    fn zeros(&mut self, len: u64) -> Result<(), TooLarge> {
        self.push(Part::Zeros(len), len)
    }

    fn push(&mut self, part: Part, len: u64) -> Result<(), TooLarge> {
        self.len = self.len.checked_add(len).ok_or(TooLarge)?;
        self.parts.push(part);
        Ok(())
    }
}

/// Reads a [`Bundle`]'s stream.
pub struct BundleReader<'a> {
    bundle: &'a Bundle,
    next: usize,
    done: u64,
    content: Option<Content<'a>>,
}

impl Read for BundleReader<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        while let Some(part) = self.bundle.parts.get(self.next) {
            let n = match part {
                Part::Bytes(bytes) => copy_from(bytes, self.done, buf),
                Part::Zeros(len) => zeros(len.saturating_sub(self.done), buf),
                Part::Attachment(index) => self.read_attachment(*index, buf)?,
            };
            if n > 0 {
                self.done = self.done.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
                return Ok(n);
            }
            self.next = self.next.saturating_add(1);
            self.done = 0;
            self.content = None;
        }
        Ok(0)
    }
}

impl BundleReader<'_> {
    fn read_attachment(&mut self, index: usize, buf: &mut [u8]) -> io::Result<usize> {
        let failed = |error: io::Error| {
            let kind = error.kind();
            io::Error::new(kind, AttachmentFailed { index, kind })
        };
        let Some(attachment) = self.bundle.testimony.attachments().get(index) else { return Ok(0) };
        let content = match &mut self.content {
            Some(content) => content,
            None => self.content.insert(attachment.cleaned().content(attachment.original()).map_err(failed)?),
        };
        content.read(buf).map_err(failed)
    }
}

fn zeros(rest: u64, buf: &mut [u8]) -> usize {
    let n = usize::try_from(rest).unwrap_or(usize::MAX).min(buf.len());
    buf.iter_mut().take(n).for_each(|byte| *byte = 0);
    n
}
