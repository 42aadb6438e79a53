//! The type of a file by its content. Its name is only compared, never believed.

use std::io::{Read, SeekFrom};

use file_format::FileFormat;

use super::{FORMATS, Format, Original, Reader, Refusal};
use crate::limits;

/// What the first bytes say.
#[derive(Debug)]
pub enum Detected {
    /// A format of the table.
    Cleanable(&'static Format),
    /// A known type without a cleaner.
    Named {
        /// Its name in a sentence.
        name: String,
        /// IANA media type.
        media_type: String,
        /// Extension without the dot.
        extension: String,
    },
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
    if let Some(format) = FORMATS.iter().find(|format| (format.recognise)(&head)) {
        return Ok(Detected::Cleanable(format));
    }
    // A hint only, for the name in the refusal and for files that are sent as they are. All of the file is
    // looked at, since only its members tell a DOCX from a ZIP.
    reader.seek(SeekFrom::Start(0)).map_err(Refusal::unreadable)?;
    match FileFormat::from_reader(reader).map_err(Refusal::unreadable)? {
        FileFormat::ArbitraryBinaryData | FileFormat::PlainText | FileFormat::Empty => Ok(Detected::Unknown),
        known => Ok(Detected::Named {
            name: known.short_name().unwrap_or(known.name()).to_owned(),
            media_type: known.media_type().to_owned(),
            extension: known.extension().to_owned(),
        }),
    }
}

/// The media type of a file, for one that was refused; `None` if it is not known or cannot be read.
#[must_use]
pub fn media_type(original: &dyn Original) -> Option<String> {
    match detect(&mut *original.open().ok()?).ok()? {
        Detected::Cleanable(format) => Some(format.media_type.to_owned()),
        Detected::Named { media_type, .. } => Some(media_type),
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
