//! From one file to verified clean bytes. The only room in which a [`Cleaned`] is made.

use std::io::{self, Read, SeekFrom, Write};

use zeroize::Zeroizing;

use super::cursor::Cursor;
use super::nesting::Nesting;
use super::pdf::flatten::Resolution;
use super::reshoot::{self, LongSide};
use super::{
    Detected, Draft, Finding, Findings, Format, Original, Plan, PlanReader, Reader, Reason, Refusal, Unaccounted,
    detect, pdf,
};
use crate::digest::Hashing;
use crate::limits;

/// A file that has been cleaned and verified, or that its owner explicitly sends as it is.
/// Only [`clean`] and [`Cleaned::dangerously_as_is`] make one.
#[derive(Debug)]
pub struct Cleaned {
    media_type: String,
    extension: String,
    original_type: String,
    plan: Plan,
    findings: Vec<Finding>,
    digest: [u8; 32],
    as_is: bool,
}

/// What happens to pictures once they are clean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pictures {
    /// Their pixels stay as they are, bit by bit.
    #[default]
    Kept,
    /// Each is decoded, made no longer than this and encoded with fixed tables, or refused.
    Reshot(LongSide),
}

/// What happens to the pages of PDF documents once they are clean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pages {
    /// They stay what they are: text, drawings and pictures.
    #[default]
    Kept,
    /// Each becomes a picture with so many dots an inch, or the document is refused.
    Flattened(Resolution),
}

/// What happens to names of files that stand in others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberNames {
    /// They become numbers, with the extension of the detected type.
    #[default]
    Neutral,
    /// They stay, but for what is not safe in a name; the extension is that of the detected type.
    Kept,
}

/// What the source asks for, of a file and of all that is in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What happens to pictures.
    pub pictures: Pictures,
    /// What happens to pages of PDF documents.
    pub pages: Pages,
    /// What happens to names inside of archives.
    pub names: MemberNames,
}

/// Cleans one file: detects its type by content, plans, and verifies every byte of the result.
///
/// # Errors
/// A [`Refusal`] with its reason and offset if the type is not in the table, the file is damaged, or
/// the verifier could not account for a byte.
pub fn clean(original: &dyn Original) -> Result<Cleaned, Refusal> {
    clean_with(original, Options::default())
}

/// As [`clean`], with what the source asks for.
///
/// # Errors
/// As for [`clean`]; also for a picture that is to be made anew, or pages that are to become pictures, and cannot be.
pub fn clean_with(original: &dyn Original, options: Options) -> Result<Cleaned, Refusal> {
    let mut reader = original.open().map_err(Refusal::unreadable)?;
    let settled = settle(&mut *reader, options, &mut |reader, drafted| {
        let mut produced = Hashing::new(drafted.plan.reader(reader));
        (drafted.format.verify)(&mut produced).map_err(Refusal::from)?;
        all_accounted_for(&drafted.plan, produced.len())?;
        Ok(produced.digest())
    });
    match settled {
        Ok((Drafted { detected, format, plan, findings }, digest)) => Ok(Cleaned {
            media_type: format.media_type.to_owned(),
            extension: format.extension.to_owned(),
            original_type: detected.media_type.to_owned(),
            plan,
            findings: findings.into_vec(),
            digest,
            as_is: false,
        }),
        Err(error) => Err(refused(error)),
    }
}

/// What [`clean_to`] says of a file that it has written.
#[derive(Debug)]
pub struct Written {
    /// The format it is of.
    pub format: &'static Format,
    /// The format that the original is of.
    pub original: &'static Format,
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

impl From<Refusal> for CopyError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
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
pub fn clean_to(original: &dyn Original, options: Options, output: &mut dyn Output) -> Result<Written, CopyError> {
    let mut reader = original.open().map_err(Refusal::unreadable)?;
    let mut begun = false;
    let (Drafted { detected, format, plan, findings }, ()) = settle(&mut *reader, options, &mut |reader, drafted| {
        if std::mem::replace(&mut begun, true) {
            output.restart().map_err(CopyError::Output)?;
        }
        copy_verified(reader, drafted, &mut &mut *output)
    })?;
    Ok(Written { format, original: detected, findings: findings.into_vec(), len: plan.len() })
}

/// A plan that is not verified yet.
struct Drafted {
    /// What the original is of.
    detected: &'static Format,
    /// What the plan produces.
    format: &'static Format,
    plan: Plan,
    findings: Findings,
}

/// Hands a draft of a file that stands in no other to `verify`.
fn settle<T>(
    reader: &mut dyn Reader,
    options: Options,
    verify: &mut Verifying<'_, T>,
) -> Result<(Drafted, T), CopyError> {
    let len = reader.seek(SeekFrom::End(0)).map_err(Refusal::unreadable)?;
    settle_as(cleanable(reader)?, reader, &Nesting::outermost(len, options), verify)
}

/// Reads what a draft produces, over the original.
type Verifying<'v, T> = dyn FnMut(&mut dyn Reader, &Drafted) -> Result<T, CopyError> + 'v;

/// Hands a draft to `verify`. One that assumed something which proves wrong is drafted again with care.
fn settle_as<T>(
    detected: &'static Format,
    reader: &mut dyn Reader,
    nesting: &Nesting,
    verify: &mut Verifying<'_, T>,
) -> Result<(Drafted, T), CopyError> {
    let mut drafting = detected.clean;
    let left = nesting.left();
    loop {
        let Draft { plan, findings, becomes, careful } = drafting(&mut Cursor::nested(reader, nesting.clone())?)?;
        let drafted = Drafted { detected, format: becomes.unwrap_or(detected), plan, findings };
        let drafted = match nesting.options() {
            Options { pictures: Pictures::Reshot(side), .. } if reshoot::concerns(drafted.format) => {
                reshot(reader, drafted, side)
            }
            Options { pages: Pages::Flattened(resolution), .. } if pdf::flatten::concerns(drafted.format) => {
                flattened(reader, drafted, resolution)
            }
            _ => Ok(drafted),
        };
        let verified = drafted.map_err(CopyError::from).and_then(|drafted| {
            let outcome = verify(reader, &drafted)?;
            Ok((drafted, outcome))
        });
        match (verified, careful) {
            (Err(CopyError::Refused(_)), Some(careful)) => drafting = careful,
            (verified, _) => return verified,
        }
        nesting.begin_again(left);
    }
}

/// Cleans what stands in memory as a file of `detected`, whatever its first bytes say. The clean bytes, which are
/// verified, what was found, and their format.
pub(crate) fn clean_as(
    detected: &'static Format,
    original: &[u8],
) -> Result<(Vec<u8>, Findings, &'static Format), Refusal> {
    let len = u64::try_from(original.len()).unwrap_or(u64::MAX);
    in_memory(detected, original, &Nesting::outermost(len, Options::default()))
}

/// Cleans what stands in memory as a file of the type that it is, at this place among others. As [`clean_as`].
pub(super) fn clean_within(
    original: &[u8],
    nesting: &Nesting,
) -> Result<(Vec<u8>, Findings, &'static Format), Refusal> {
    in_memory(cleanable(&mut io::Cursor::new(original))?, original, nesting)
}

fn in_memory(
    detected: &'static Format,
    original: &[u8],
    nesting: &Nesting,
) -> Result<(Vec<u8>, Findings, &'static Format), Refusal> {
    let settled = settle_as(detected, &mut io::Cursor::new(original), nesting, &mut |reader, drafted| {
        let len = drafted.plan.len();
        if len > limits::MEMBER_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "clean bytes", 0).into());
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(len).unwrap_or(0)));
        copy_verified(reader, drafted, &mut *bytes)?;
        Ok(bytes)
    });
    let (drafted, mut bytes) = settled.map_err(refused)?;
    Ok((std::mem::take(&mut *bytes), drafted.findings, drafted.format))
}

/// Cleans a part of a file as a file of the type that it is: a plan over the part, the CRC-32 of what it produces, what
/// was found, and the format.
pub(super) fn clean_part(
    part: &mut dyn Reader,
    nesting: &Nesting,
) -> Result<(Plan, u32, Findings, &'static Format), Refusal> {
    let settled = settle_as(cleanable(part)?, part, nesting, &mut |reader, drafted| {
        let mut sum = Summing(crc32fast::Hasher::new());
        copy_verified(reader, drafted, &mut sum)?;
        Ok(sum.0.finalize())
    });
    let (Drafted { plan, findings, format, .. }, crc) = settled.map_err(refused)?;
    Ok((plan, crc, findings, format))
}

/// Takes a CRC-32 of what is written.
struct Summing(crc32fast::Hasher);

impl Write for Summing {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.update(buf);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes what a draft produces to `output`, while its verifier reads it.
fn copy_verified(reader: &mut dyn Reader, drafted: &Drafted, output: &mut dyn Write) -> Result<(), CopyError> {
    let mut produced = Copying { inner: drafted.plan.reader(reader), output, len: 0, failed: None };
    let verified = (drafted.format.verify)(&mut produced);
    if let Some(error) = produced.failed {
        return Err(CopyError::Output(error));
    }
    let len = produced.len;
    verified.map_err(Refusal::from)?;
    Ok(all_accounted_for(&drafted.plan, len)?)
}

/// Where the output is memory, it does not fail.
fn refused(error: CopyError) -> Refusal {
    match error {
        CopyError::Refused(refusal) => refusal,
        CopyError::Output(error) => Refusal::unreadable(error),
    }
}

/// The format that a file is of, if it is in the table.
fn cleanable(reader: &mut dyn Reader) -> Result<&'static Format, Refusal> {
    match detect::detect(reader)? {
        Detected::Cleanable(format) => Ok(format),
        Detected::Known(known) => Err(Refusal::new(Reason::NotSupported(known.unsupported), "", 0)),
        Detected::Empty => Err(Refusal::new(Reason::Empty, "", 0)),
        Detected::Unknown => Err(Refusal::new(Reason::Unknown, "", 0)),
    }
}

/// What a draft produces, held in memory once its verifier has accepted it.
fn verified(reader: &mut dyn Reader, clean: &Drafted) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    let len = usize::try_from(clean.plan.len()).unwrap_or(usize::MAX);
    if clean.plan.len() > limits::RESHOT_BYTES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "bytes to decode", 0));
    }
    let mut bytes = Zeroizing::new(Vec::with_capacity(len));
    copy_verified(reader, clean, &mut *bytes).map_err(refused)?;
    Ok(bytes)
}

/// The same document with its pages as pictures: only what the verifier has accepted is ever drawn.
fn flattened(reader: &mut dyn Reader, clean: Drafted, resolution: Resolution) -> Result<Drafted, Refusal> {
    let bytes = verified(reader, &clean)?;
    let Drafted { detected, format, plan, findings } = clean;
    drop(plan);
    let Draft { plan, findings, .. } = pdf::flatten::flattened(bytes, resolution, findings)?;
    Ok(Drafted { detected, format, plan, findings })
}

/// The same picture made anew: only what the verifier has accepted is ever decoded.
fn reshot(reader: &mut dyn Reader, clean: Drafted, side: LongSide) -> Result<Drafted, Refusal> {
    let bytes = verified(reader, &clean)?;
    let Draft { plan, findings, becomes, .. } = reshoot::reshot(clean.format, &bytes, side)?;
    let mut all = clean.findings;
    all.append(findings);
    Ok(Drafted { format: becomes.unwrap_or(clean.format), plan, findings: all, ..clean })
}

/// A verifier reads to the end; this holds it to that.
fn all_accounted_for(plan: &Plan, len: u64) -> Result<(), Refusal> {
    if len == plan.len() { Ok(()) } else { Err(Unaccounted::new("bytes after the end", len).into()) }
}

/// Passes bytes through and writes them on the way.
struct Copying<'o, R> {
    inner: R,
    output: &'o mut dyn Write,
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
            Detected::Known(known) => (known.media_type, known.extension),
            Detected::Empty | Detected::Unknown => ("application/octet-stream".to_owned(), "bin".to_owned()),
        };
        let mut plan = Plan::default();
        plan.copy(0, Cursor::new(&mut *reader)?.len())?;
        let mut produced = Hashing::new(plan.reader(&mut *reader));
        let mut buf = Zeroizing::new(vec![0; 64 * 1024]);
        while produced.read(&mut buf).map_err(Refusal::unreadable)? > 0 {}
        let digest = produced.digest();
        let original_type = media_type.clone();
        Ok(Self { media_type, extension, original_type, plan, findings: Vec::new(), digest, as_is: true })
    }

    /// IANA media type of the clean bytes.
    #[must_use]
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// IANA media type of the original, as its content says; its clean bytes may be of another.
    #[must_use]
    pub fn original_type(&self) -> &str {
        &self.original_type
    }

    /// Extension of the clean bytes' type, without the dot.
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
