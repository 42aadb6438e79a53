//! The type of a file by its content. Its name is only compared, never believed.

use std::io::{Read, SeekFrom};

use super::unsupported::{self, Known};
use super::{FORMATS, Format, Original, Reader, Refusal, package};
use crate::limits;

/// What the first bytes say.
#[derive(Debug)]
pub enum Detected {
    /// A format of the table.
    Cleanable(&'static Format),
    /// A known type without a cleaner.
    Known(Known),
    /// No byte at all.
    Empty,
    /// Nothing that is known.
    Unknown,
}

/// Looks at the first [`limits::SNIFF_BYTES`] bytes.
pub(crate) fn detect(reader: &mut dyn Reader) -> Result<Detected, Refusal> {
    reader.seek(SeekFrom::Start(0)).map_err(Refusal::unreadable)?;
    let mut head = Vec::with_capacity(limits::SNIFF_BYTES);
    let sniff = u64::try_from(limits::SNIFF_BYTES).unwrap_or(u64::MAX);
    reader.take(sniff).read_to_end(&mut head).map_err(Refusal::unreadable)?;
    if head.is_empty() {
        return Ok(Detected::Empty);
    }
    if package::is_archive(&head) {
        return package::detect(reader);
    }
    if let Some(format) = FORMATS.iter().find(|format| (format.recognise)(&head)) {
        return Ok(Detected::Cleanable(format));
    }
    Ok(unsupported::recognise(&head, reader)?.map_or(Detected::Unknown, Detected::Known))
}

/// The media type of a file, for one that was refused; `None` if it is not known or cannot be read.
#[must_use]
pub fn media_type(original: &dyn Original) -> Option<String> {
    match detect(&mut *original.open().ok()?).ok()? {
        Detected::Cleanable(format) => Some(format.media_type.to_owned()),
        Detected::Known(known) => Some(known.media_type),
        Detected::Empty | Detected::Unknown => None,
    }
}

/// The extension in `name`, if it claims another type than `format`.
#[must_use]
pub fn mismatch<'a>(name: &'a str, media_type: &str) -> Option<&'a str> {
    let (stem, extension) = name.rsplit_once('.')?;
    if stem.is_empty() || extension.is_empty() {
        return None;
    }
    let lower = extension.to_lowercase();
    let format = FORMATS.iter().find(|format| format.media_type == media_type)?;
    let known = format.extension == lower || format.aliases.contains(&lower.as_str());
    (!known).then_some(extension)
}
