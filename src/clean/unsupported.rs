//! Files of known types that no cleaner is for: what they are, so that a person can be told the way out. Cleans nothing.

use std::io::{Read, SeekFrom};

use file_format::{FileFormat, Kind as Family};
use memchr::memmem;

use super::text::{self, Meaning};
use super::{Reader, Refusal};
use crate::limits;

/// A type of file that is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// Its name in a sentence: `RTF`, `Canon camera raw (CR2)`.
    pub name: String,
    /// What it holds, and so what to do instead.
    pub kind: Kind,
}

/// What files hold that are refused by type. Each has a way out of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// HTML and what browsers save.
    WebPage,
    /// Messages and folders of them.
    Mail,
    /// Words with formatting: RTF, DOC, templates, other word processors.
    Document,
    /// XLS and other tables.
    Spreadsheet,
    /// PPT and other slides.
    Slides,
    /// A document with programs in it.
    Macros,
    /// A document that opens with a password.
    Locked,
    /// Files in one file, packed in a way that is not read here.
    Packed,
    /// What a camera's sensor has written.
    CameraRaw,
    /// A picture that a program works on, or that few programs show.
    Picture,
    /// Moving pictures.
    Film,
    /// Sound.
    Sound,
    /// Programs, libraries, scripts and packages that install something.
    Program,
    /// Data of a program, such as the messages of a messenger.
    Database,
    /// Entries of an address book or a calendar.
    Contacts,
    /// Keys, certificates, and what is sealed already.
    Sealed,
    /// Whatever else has a name.
    Other,
}

impl Unsupported {
    /// Sound of this name.
    pub(crate) fn sound(name: &str) -> Self {
        Self::new(name, Kind::Sound)
    }

    /// What a camera's sensor has written, of this name.
    pub(crate) fn camera_raw(name: &str) -> Self {
        Self::new(name, Kind::CameraRaw)
    }

    fn new(name: &str, kind: Kind) -> Self {
        Self { name: name.to_owned(), kind }
    }
}

/// A type by the content of the file, with its media type and extension, for those that are sent as they are.
#[derive(Debug)]
pub struct Known {
    /// What is said of it.
    pub unsupported: Unsupported,
    /// IANA media type.
    pub media_type: String,
    /// Extension without the dot.
    pub extension: String,
}

impl Known {
    /// As the format that it is guessed to be of.
    pub(crate) fn of(format: FileFormat) -> Self {
        Self::named(format.short_name().unwrap_or(format.name()), kind(format), format.media_type(), format.extension())
    }

    /// A document with programs in it.
    pub(crate) fn with_macros(format: FileFormat) -> Self {
        Self { unsupported: Unsupported::new("Office with macros", Kind::Macros), ..Self::of(format) }
    }

    /// A document of another kind than those that are known, in a ZIP archive.
    pub(crate) fn package(format: FileFormat) -> Self {
        Self { unsupported: Unsupported::new("document package", Kind::Document), ..Self::of(format) }
    }

    fn named(name: &str, kind: Kind, media_type: &str, extension: &str) -> Self {
        Self {
            unsupported: Unsupported::new(name, kind),
            media_type: media_type.to_owned(),
            extension: extension.to_owned(),
        }
    }
}

/// Recognises a file that begins with `head` and is in no table; none if nobody knows it.
///
/// # Errors
/// [`super::Reason::Unreadable`] if the file cannot be read.
pub(crate) fn recognise(head: &[u8], reader: &mut dyn Reader) -> Result<Option<Known>, Refusal> {
    // All of the file is looked at, since only its members tell one package from another.
    reader.seek(SeekFrom::Start(0)).map_err(Refusal::unreadable)?;
    let format = FileFormat::from_reader(&mut *reader).map_err(Refusal::unreadable)?;
    if is_compound(head) && is_locked(reader)? {
        return Ok(Some(Known::named("password-protected Office", Kind::Locked, "application/x-ole-storage", "bin")));
    }
    let by_words = || text::meaning(head).map(worded);
    Ok(match format {
        FileFormat::Empty => None,
        // What is text to that crate may still mean something.
        FileFormat::ArbitraryBinaryData | FileFormat::PlainText => by_words(),
        _ => {
            let known = Known::of(format);
            Some(if known.unsupported.kind == Kind::Other { by_words().unwrap_or(known) } else { known })
        }
    })
}

fn kind(format: FileFormat) -> Kind {
    match (format.extension(), format.kind()) {
        ("html" | "xhtml" | "mht" | "mhtml" | "webarchive", _) => Kind::WebPage,
        ("eml" | "msg" | "mbox" | "pst" | "ost" | "dbx" | "tnef", _) => Kind::Mail,
        ("ics" | "vcf" | "vcs", _) => Kind::Contacts,
        ("pem" | "der" | "crt" | "key" | "pgp" | "gpg" | "asc" | "age" | "p12" | "kdbx" | "jks", _) => Kind::Sealed,
        ("bat" | "sh" | "py" | "pl" | "rb" | "js" | "php" | "lua" | "ps1" | "swf" | "lnk" | "url", _) => Kind::Program,
        ("arw" | "cr2" | "cr3" | "crw" | "dng" | "mrw" | "nef" | "orf" | "pef" | "raf" | "rw2" | "srf" | "x3f", _) => {
            Kind::CameraRaw
        }
        (_, Family::Document | Family::Ebook | Family::Formula) => Kind::Document,
        (_, Family::Spreadsheet) => Kind::Spreadsheet,
        (_, Family::Presentation) => Kind::Slides,
        (_, Family::Archive | Family::Compressed | Family::Disk) => Kind::Packed,
        (_, Family::Image | Family::Diagram) => Kind::Picture,
        (_, Family::Video) => Kind::Film,
        (_, Family::Audio) => Kind::Sound,
        (_, Family::Executable | Family::Package | Family::Rom) => Kind::Program,
        (_, Family::Database) => Kind::Database,
        _ => Kind::Other,
    }
}

fn worded(meaning: Meaning) -> Known {
    let known = Known::named;
    match meaning {
        Meaning::Page => known("HTML", Kind::WebPage, "text/html", "html"),
        Meaning::Markup => known("XML", Kind::Other, "text/xml", "xml"),
        Meaning::Mail => known("mail", Kind::Mail, "message/rfc822", "eml"),
        Meaning::RichText => known("RTF", Kind::Document, "application/rtf", "rtf"),
        Meaning::PageDescription => known("PostScript", Kind::Document, "application/postscript", "ps"),
        Meaning::Script => known("script", Kind::Program, "text/plain", "txt"),
        Meaning::Contact => known("address book or calendar", Kind::Contacts, "text/vcard", "vcf"),
        Meaning::Sealed => known("key or sealed", Kind::Sealed, "application/octet-stream", "bin"),
        Meaning::Source => known("source", Kind::Other, "text/plain", "txt"),
    }
}

/// A compound file ([MS-CFB] 2.2).
fn is_compound(head: &[u8]) -> bool {
    head.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1")
}

/// Whether a compound file has the stream that a protected Office document stands in ([MS-OFFCRYPTO] 2.3.4.4).
fn is_locked(reader: &mut dyn Reader) -> Result<bool, Refusal> {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    reader.seek(SeekFrom::Start(0)).map_err(Refusal::unreadable)?;
    let mut bytes = Vec::new();
    reader.take(limits::COMPOUND_BYTES_MAX).read_to_end(&mut bytes).map_err(Refusal::unreadable)?;
    Ok(memmem::find(&bytes, &name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clean::Reason;
    use crate::clean::memory::produced;

    #[test]
    fn each_kind_is_recognised_by_content() {
        let mut locked = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
        locked.resize(4096, 0);
        locked.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        for (bytes, kind) in [
            (b"<!DOCTYPE html><html><body>x</body></html>".to_vec(), Kind::WebPage),
            (b"Received: from x by y\nSubject: z\n\nWords\n".to_vec(), Kind::Mail),
            (b"{\\rtf1\\ansi x}".to_vec(), Kind::Document),
            (b"%!PS-Adobe-3.0\n".to_vec(), Kind::Document),
            (locked, Kind::Locked),
            (b"7z\xBC\xAF\x27\x1C\0\x04".to_vec(), Kind::Packed),
            (b"Rar!\x1A\x07\x01\0".to_vec(), Kind::Packed),
            (b"FUJIFILMCCD-RAW 0201\0\0\0\0".to_vec(), Kind::CameraRaw),
            (b"8BPS\0\x01\0\0\0\0\0\0".to_vec(), Kind::Picture),
            (b"FLV\x01\x05\0\0\0\x09".to_vec(), Kind::Film),
            (b"MThd\0\0\0\x06\0\x01\0\x01\0\x60".to_vec(), Kind::Sound),
            (b"\x7FELF\x02\x01\x01\0".to_vec(), Kind::Program),
            (b"#!/bin/sh\necho\n".to_vec(), Kind::Program),
            (b"SQLite format 3\0".to_vec(), Kind::Database),
            (b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n".to_vec(), Kind::Contacts),
            (b"-----BEGIN PRIVATE KEY-----\nAAAA\n".to_vec(), Kind::Sealed),
            (b"age-encryption.org/v1\n-> X25519 ".to_vec(), Kind::Sealed),
            (b"<?xml version=\"1.0\"?><note/>".to_vec(), Kind::Other),
        ] {
            let refusal = produced(&bytes).unwrap_err();
            let Reason::NotSupported(unsupported) = refusal.reason else { panic!("{kind:?}: {:?}", refusal.reason) };
            assert_eq!(unsupported.kind, kind, "{}", unsupported.name);
        }
    }
}
