//! The source's pipeline, read top to bottom: clean everything, seal nothing if anything was refused.

use std::io::{self, Read, Write};
use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use crate::bundle::{AttachmentFailed, Bundle};
use crate::clean::{self, Cleaned, Options, Original, Refusal};
use crate::envelope::{self, Form, Recipients, SealError};
use crate::limits::REBUILT_BYTES_MAX;
use crate::parallel;
use crate::testimony::{Attachment, Statement, Testimony, TestimonyError};

/// A file as the source gave it.
pub struct Given {
    /// Where to read it.
    pub original: Box<dyn Original>,
    /// Whether it is cleaned, or goes as it is.
    pub treatment: Treatment,
    /// Its name, if the source asked to keep names.
    pub kept_name: Option<String>,
}

/// What happens to a file before it is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// Cleaned, or refused; and what then happens to a picture.
    Clean(Options),
    /// Taken as it is and marked, because the source named it in `--as-is`.
    AsIs,
}

/// Why nothing was sealed.
#[derive(Debug)]
pub enum Failure {
    /// These files, by index in the order given, were refused.
    Refused(Vec<(usize, Refusal)>),
    /// The statement was refused.
    StatementRefused(Refusal),
    /// The parts do not make a testimony.
    Testimony(TestimonyError),
    /// Larger than the largest size class.
    TooLarge,
    /// This file, by index, changed or vanished since it was cleaned.
    Changed(AttachmentFailed),
    /// Sealing failed.
    Seal(SealError),
}

/// A part of a testimony that has been cleaned.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// The statement.
    Statement(&'a Statement),
    /// The file at this index, in the order given.
    File(usize, &'a Cleaned),
}

/// What goes into a sealed file, cleaned and laid out.
pub struct Prepared {
    bundle: Bundle,
}

/// Cleans the statement and every file on as many threads as there are `workers`, and lays them out.
/// `report` is told of each part, in order.
///
/// # Errors
/// [`Failure`]; if any file was refused, all that were, so that the source can mend them in one go.
pub fn prepare(
    statement: Option<&[u8]>,
    given: Vec<Given>,
    workers: NonZeroUsize,
    mut report: impl FnMut(Part<'_>),
) -> Result<Prepared, Failure> {
    let statement = statement.map(Statement::clean).transpose().map_err(Failure::StatementRefused)?;
    if let Some(statement) = &statement {
        report(Part::Statement(statement));
    }
    let mut attachments = Vec::with_capacity(given.len());
    let mut refused = Vec::new();
    let mut rebuilt = 0u64;
    parallel::in_order(workers, given.into_iter().enumerate().collect(), clean_one, |(index, given, cleaned)| {
        match cleaned {
            Ok(cleaned) => {
                report(Part::File(index, &cleaned));
                rebuilt = rebuilt.saturating_add(cleaned.rebuilt_bytes());
                attachments.push(Attachment::new(given.original, cleaned, given.kept_name));
            }
            Err(refusal) => refused.push((index, refusal)),
        }
        // Stopped before more of it fills the memory.
        if rebuilt > REBUILT_BYTES_MAX { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    if rebuilt > REBUILT_BYTES_MAX {
        return Err(Failure::Testimony(TestimonyError::TooMuchRebuilt));
    }
    if !refused.is_empty() {
        return Err(Failure::Refused(refused));
    }
    let testimony = Testimony::new(statement, attachments).map_err(Failure::Testimony)?;
    let bundle = Bundle::new(testimony).map_err(|_| Failure::TooLarge)?;
    Ok(Prepared { bundle })
}

fn clean_one((index, given): (usize, Given)) -> (usize, Given, Result<Cleaned, Refusal>) {
    let cleaned = match given.treatment {
        Treatment::Clean(options) => clean::clean_with(&*given.original, options),
        Treatment::AsIs => Cleaned::dangerously_as_is(&*given.original),
    };
    (index, given, cleaned)
}

impl Prepared {
    /// Length of the plaintext in bytes, padded: a size class.
    #[must_use]
    pub fn padded_len(&self) -> u64 {
        self.bundle.padded_len()
    }

    /// Seals it on as many threads as there are `workers` and gives `output` back. `progress` is told how many bytes of [`Prepared::padded_len`]
    /// have been read.
    ///
    /// # Errors
    /// [`Failure::Changed`] or [`Failure::Seal`]; what was written to `output` is then to be thrown away.
    pub fn seal<W: Write>(
        &self,
        recipients: &Recipients,
        form: Form,
        workers: NonZeroUsize,
        progress: impl FnMut(u64),
        output: W,
    ) -> Result<W, Failure> {
        let plaintext = Watched { inner: self.bundle.reader(), read: 0, progress };
        envelope::seal(recipients, form, workers, plaintext, output).map_err(|error| match error {
            SealError::Read(error) => match error.get_ref().and_then(|inner| inner.downcast_ref()) {
                Some(failed) => Failure::Changed(*failed),
                None => Failure::Seal(SealError::Read(error)),
            },
            other => Failure::Seal(other),
        })
    }
}

/// Tells how far the reading is.
struct Watched<R, P> {
    inner: R,
    read: u64,
    progress: P,
}

impl<R: Read, P: FnMut(u64)> Read for Watched<R, P> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        self.read = self.read.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
        (self.progress)(self.read);
        Ok(n)
    }
}
