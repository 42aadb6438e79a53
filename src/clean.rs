//! One file in, one plan of clean bytes out; the table of formats. Never copies what it did not understand.
//!
//! A format has three verbs. `recognise` looks at the first bytes; `clean` reads the structure and drafts
//! a [`Plan`] of pieces over the original; `verify` is a second, separate walker that reads the bytes the
//! plan produces and accounts for every one of them. Success means that `verify` accepted.

mod codec;
mod container;
pub(crate) mod cursor;
mod detect;
mod finding;
#[cfg(fuzzing)]
pub mod fuzzing;
mod jpeg;
#[cfg(test)]
mod memory;
mod metadata;
mod plan;
mod png;
mod produced;
mod refusal;
pub(crate) mod text;

use std::io::{self, Read, Seek, Write};

use zeroize::Zeroizing;

use crate::digest::Hashing;

pub use detect::{Detected, media_type, mismatch};
pub use finding::{Category, Fate, Finding, Findings, removed_categories};
pub(crate) use plan::copy_from;
pub use plan::{Plan, PlanReader};
pub use refusal::{Reason, Refusal, Unaccounted};
pub use text::statement;

/// Random access to a file's bytes.
pub trait Reader: Read + Seek + Send {}
impl<T: Read + Seek + Send> Reader for T {}

/// A file as the source has it. It is opened once to clean it and once to seal it, so that hundreds
/// of files need no hundreds of handles; [`Cleaned::content`] notices if it changed in between.
pub trait Original: Send {
    /// A fresh reader, at the first byte.
    ///
    /// # Errors
    /// Whatever kept it from being opened, such as a missing file or one that is not regular.
    fn open(&self) -> io::Result<Box<dyn Reader>>;
}

/// A format that can be cleaned: a line in the table.
#[derive(Debug)]
pub struct Format {
    /// IANA media type.
    pub media_type: &'static str,
    /// File name extension, without the dot.
    pub extension: &'static str,
    /// Other extensions that users give such files, lower case.
    pub aliases: &'static [&'static str],
    /// Its name in a sentence.
    pub name: &'static str,
    /// Whether the first [`crate::limits::SNIFF_BYTES`] bytes are of this format.
    pub(crate) recognise: fn(&[u8]) -> bool,
    /// Reads the structure, drafts the plan, says what is dropped.
    pub(crate) clean: Drafting,
    /// Reads produced bytes to their end and accounts for each.
    pub(crate) verify: fn(&mut dyn Read) -> Result<(), Unaccounted>,
}

/// The table of formats, in the order they are tried.
pub static FORMATS: &[&Format] = &[&jpeg::FORMAT, &png::FORMAT, &text::FORMAT];

/// What a cleaner hands to the engine: not yet verified.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) plan: Plan,
    pub(crate) findings: Findings,
    /// What the plan produces, where that is of another format than the original.
    pub(crate) becomes: Option<&'static Format>,
    /// How to draft it again, if the plan was made on an assumption that only [`Format::verify`] can prove.
    pub(crate) careful: Option<Drafting>,
}

/// Reads the structure and drafts the plan.
type Drafting = fn(&mut cursor::Cursor<'_>) -> Result<Draft, Refusal>;

impl Draft {
    /// Of the format that the original is of.
    pub(crate) fn new(plan: Plan, findings: Findings) -> Self {
        Self { plan, findings, becomes: None, careful: None }
    }
}

/// A file that has been cleaned and verified, or that its owner explicitly sends as it is.
/// Only [`clean`] and [`Cleaned::dangerously_as_is`] make one.
#[derive(Debug)]
pub struct Cleaned {
    media_type: String,
    extension: String,
    plan: Plan,
    findings: Vec<Finding>,
    digest: [u8; 32],
    as_is: bool,
}

/// Cleans one file: detects its type by content, plans, and verifies every byte of the result.
///
/// # Errors
/// A [`Refusal`] with its reason and offset if the type is not in the table, the file is damaged, or
/// the verifier could not account for a byte.
pub fn clean(original: &dyn Original) -> Result<Cleaned, Refusal> {
    let mut reader = original.open().map_err(Refusal::unreadable)?;
    let detected = cleanable(&mut *reader)?;
    let mut drafting = detected.clean;
    loop {
        let Draft { plan, findings, becomes, careful } = drafting(&mut cursor::Cursor::new(&mut *reader)?)?;
        let format = becomes.unwrap_or(detected);
        let mut produced = Hashing::new(plan.reader(&mut *reader));
        let verified = (format.verify)(&mut produced).map_err(Refusal::from);
        let (digest, len) = (produced.digest(), produced.len());
        match (verified.and_then(|()| all_accounted_for(&plan, len)), careful) {
            (Ok(()), _) => {
                return Ok(Cleaned {
                    media_type: format.media_type.to_owned(),
                    extension: format.extension.to_owned(),
                    plan,
                    findings: findings.into_vec(),
                    digest,
                    as_is: false,
                });
            }
            (Err(_), Some(careful)) => drafting = careful,
            (Err(refusal), None) => return Err(refusal),
        }
    }
}

/// What [`clean_to`] says of a file that it has written.
#[derive(Debug)]
pub struct Written {
    /// The format it is of.
    pub format: &'static Format,
    /// What the original gives away, and what of it remains.
    pub findings: Vec<Finding>,
    /// Bytes written.
    pub len: u64,
}

/// Why [`clean_to`] has written nothing of use.
#[derive(Debug)]
pub enum CopyError {
    /// The file was refused.
    Refused(Refusal),
    /// The output failed.
    Output(io::Error),
}

/// Where a clean copy is written, which may have to begin anew.
pub trait Output: Write {
    /// Forgets everything that was written.
    ///
    /// # Errors
    /// Whatever the output has against it.
    fn restart(&mut self) -> io::Result<()>;
}

/// Cleans one file and writes the result to `output` while it is verified: in one pass, so that what is
/// written is what was verified, even if the original changes meanwhile.
///
/// # Errors
/// [`CopyError`]; what was written to `output` before is then to be thrown away.
pub fn clean_to(original: &dyn Original, output: &mut dyn Output) -> Result<Written, CopyError> {
    let mut reader = original.open().map_err(|error| CopyError::Refused(Refusal::unreadable(error)))?;
    let detected = cleanable(&mut *reader).map_err(CopyError::Refused)?;
    let mut drafting = detected.clean;
    loop {
        let drafted = cursor::Cursor::new(&mut *reader).and_then(|mut cursor| drafting(&mut cursor));
        let Draft { plan, findings, becomes, careful } = drafted.map_err(CopyError::Refused)?;
        let format = becomes.unwrap_or(detected);
        let mut produced = Copying { inner: plan.reader(&mut *reader), output: &mut *output, len: 0, failed: None };
        let verified = (format.verify)(&mut produced).map_err(Refusal::from);
        let (len, failed) = (produced.len, produced.failed);
        if let Some(error) = failed {
            return Err(CopyError::Output(error));
        }
        match (verified.and_then(|()| all_accounted_for(&plan, len)), careful) {
            (Ok(()), _) => return Ok(Written { format, findings: findings.into_vec(), len }),
            (Err(_), Some(careful)) => {
                output.restart().map_err(CopyError::Output)?;
                drafting = careful;
            }
            (Err(refusal), None) => return Err(CopyError::Refused(refusal)),
        }
    }
}

/// The format that a file is of, if it is in the table.
fn cleanable(reader: &mut dyn Reader) -> Result<&'static Format, Refusal> {
    match detect::detect(reader)? {
        Detected::Cleanable(format) => Ok(format),
        Detected::Named { name, .. } => Err(Refusal::new(Reason::NotSupported(name), "", 0)),
        Detected::Empty => Err(Refusal::new(Reason::Empty, "", 0)),
        Detected::Unknown => Err(Refusal::new(Reason::Unknown, "", 0)),
    }
}

/// A verifier reads to the end; this holds it to that.
fn all_accounted_for(plan: &Plan, len: u64) -> Result<(), Refusal> {
    if len == plan.len() { Ok(()) } else { Err(Unaccounted::new("bytes after the end", len).into()) }
}

/// Passes bytes through and writes them on the way.
struct Copying<'o, R> {
    inner: R,
    output: &'o mut dyn Output,
    len: u64,
    failed: Option<io::Error>,
}

impl<R: Read> Read for Copying<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        if let Err(error) = self.output.write_all(buf.get(..n).unwrap_or_default()) {
            let kind = error.kind();
            self.failed = Some(error);
            return Err(kind.into());
        }
        self.len = self.len.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        Ok(n)
    }
}

impl Cleaned {
    /// Takes a file as it is, with everything it gives away. Only for a file whose owner named it in
    /// `--as-is`; it is marked in the manifest.
    ///
    /// # Errors
    /// A [`Refusal`] if it cannot be read or is larger than [`crate::limits::ATTACHMENT_BYTES_MAX`].
    pub fn dangerously_as_is(original: &dyn Original) -> Result<Self, Refusal> {
        let mut reader = original.open().map_err(Refusal::unreadable)?;
        let (media_type, extension) = match detect::detect(&mut *reader)? {
            Detected::Cleanable(format) => (format.media_type.to_owned(), format.extension.to_owned()),
            Detected::Named { media_type, extension, .. } => (media_type, extension),
            Detected::Empty | Detected::Unknown => ("application/octet-stream".to_owned(), "bin".to_owned()),
        };
        let mut plan = Plan::default();
        plan.copy(0, cursor::Cursor::new(&mut *reader)?.len())?;
        let mut produced = Hashing::new(plan.reader(&mut *reader));
        let mut buf = Zeroizing::new(vec![0; 64 * 1024]);
        while produced.read(&mut buf).map_err(Refusal::unreadable)? > 0 {}
        let digest = produced.digest();
        Ok(Self { media_type, extension, plan, findings: Vec::new(), digest, as_is: true })
    }

    /// IANA media type of the clean bytes.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Extension of the detected type, without the dot.
    #[must_use]
    pub fn extension(&self) -> &str {
        &self.extension
    }

    /// What the original gives away, and what of it remains.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Whether the file goes as it is, uncleaned.
    #[must_use]
    pub fn is_as_is(&self) -> bool {
        self.as_is
    }

    /// Exact length of the clean bytes.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "an empty file is never cleaned, so the question does not arise")]
    pub fn len(&self) -> u64 {
        self.plan.len()
    }

    /// Bytes that the plan holds in memory.
    #[must_use]
    pub fn rebuilt_bytes(&self) -> u64 {
        self.plan.rebuilt_bytes()
    }

    /// The clean bytes: exactly those that were verified. At their end the reader compares the SHA-256
    /// with the verified one and fails with [`io::ErrorKind::InvalidData`] if the file changed since.
    ///
    /// # Errors
    /// Whatever kept the original from being opened.
    pub fn content(&self, original: &dyn Original) -> io::Result<Content<'_>> {
        let reader = original.open()?;
        Ok(Content { inner: Hashing::new(self.plan.owning_reader(reader)), digest: self.digest, len: self.plan.len() })
    }
}

/// Reads a [`Cleaned`] file's bytes again and insists that they are the verified ones.
pub struct Content<'a> {
    inner: Hashing<PlanReader<'a, Box<dyn Reader>>>,
    digest: [u8; 32],
    len: u64,
}

impl Read for Content<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        // Judged with the last byte, not after it, so that a reader of exactly `len` bytes is told too.
        if self.inner.len() == self.len && self.inner.digest() != self.digest {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(n)
    }
}
