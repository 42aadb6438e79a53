//! Which kind of document a ZIP archive is, by what is in it. Cleans nothing, and believes no name of a file.
//!
//! A format whose files are ZIP archives only needs its line in the table: it is found by its media type.

use std::io::SeekFrom;

use file_format::FileFormat;

use super::container::zip::{Archive, MIMETYPE, Member};
use super::cursor::Cursor;
use super::unsupported::Known;
use super::{Detected, FORMATS, Format, Reader, Reason, Refusal, zip};
use crate::limits;

/// Whether a file begins as ZIP archives do: with a member, or with the end of an archive that has none.
pub(super) fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

/// What a ZIP archive is.
pub(super) fn detect(reader: &mut dyn Reader) -> Result<Detected, Refusal> {
    let said = match media_type(reader) {
        Ok(said) => said,
        Err(Refusal { reason: reason @ Reason::Unreadable(_), .. }) => return Err(Refusal::new(reason, "", 0)),
        // Its cleaner says why.
        Err(_) => return Ok(Detected::Cleanable(&zip::FORMAT)),
    };
    if let Some(format) = said.as_deref().and_then(known) {
        return Ok(Detected::Cleanable(format));
    }
    reader.seek(SeekFrom::Start(0)).map_err(Refusal::unreadable)?;
    let guess = FileFormat::from_reader(reader).map_err(Refusal::unreadable)?;
    Ok(match (guess, said) {
        (FileFormat::Zip, None) => Detected::Cleanable(&zip::FORMAT),
        (_, Some(said)) if said.contains("macroEnabled") => Detected::Known(Known::with_macros(guess)),
        (FileFormat::Zip, Some(_)) => Detected::Known(Known::package(guess)),
        (guess, _) => Detected::Known(Known::of(guess)),
    })
}

fn known(media_type: &str) -> Option<&'static Format> {
    FORMATS.iter().copied().find(|format| format.media_type == media_type)
}

/// What the archive says that it is; nothing if it is just an archive.
fn media_type(reader: &mut dyn Reader) -> Result<Option<String>, Refusal> {
    let mut cursor = Cursor::new(reader)?;
    let archive = Archive::read(&mut cursor)?;
    if let Some(member) = archive.member(MIMETYPE) {
        let said = text(&archive, &mut cursor, member)?;
        if said.trim().starts_with("application/") {
            return Ok(Some(said.trim().to_owned()));
        }
    }
    match archive.members().iter().find(|member| member.name.eq_ignore_ascii_case(CONTENT_TYPES)) {
        Some(member) => Ok(Some(main_type(&text(&archive, &mut cursor, member)?).to_owned())),
        None => Ok(None),
    }
}

/// The member that says of what type each part of a package is (ECMA-376-2, 10.1.2).
const CONTENT_TYPES: &str = "[Content_Types].xml";

fn text(archive: &Archive, cursor: &mut Cursor<'_>, member: &Member) -> Result<String, Refusal> {
    Ok(String::from_utf8_lossy(&archive.bytes(cursor, member, limits::TEXT_BYTES_MAX)?).into_owned())
}

/// The media type of a package, by the type of its main part; empty if there is none that is called so.
fn main_type(types: &str) -> &str {
    let quoted = types.split(['"', '\'']);
    let main = quoted.filter_map(|word| word.strip_suffix(".main+xml").or(word.strip_suffix(".main")));
    main.into_iter().find(|word| word.starts_with("application/")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor as Bytes, Read};

    use super::*;
    use crate::clean::container::zip::{Method, Writer};

    fn detected(members: &[(&str, &str)]) -> Detected {
        let mut writer = Writer::default();
        members.iter().for_each(|(name, text)| writer.add(name, text.as_bytes(), Method::Deflated).unwrap());
        let mut bytes = Vec::new();
        writer.finish().unwrap().reader(&mut std::io::empty()).read_to_end(&mut bytes).unwrap();
        detect(&mut Bytes::new(bytes)).unwrap()
    }

    fn name(members: &[(&str, &str)]) -> String {
        match detected(members) {
            Detected::Known(known) => known.unsupported.name,
            Detected::Cleanable(format) => format.media_type.to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn an_archive_of_files_is_one() {
        for members in [[("a.txt", "words"), ("b.txt", "")], [("mimetype", "words"), ("a.txt", "")]] {
            assert_eq!(name(&members), "application/zip");
        }
    }

    #[test]
    fn what_has_no_cleaner_is_refused_by_name() {
        let package = |main: &str| {
            let types = format!("<Types><Override PartName='/a' ContentType='{main}'/></Types>");
            name(&[("[Content_Types].xml", &types), ("a", "")])
        };
        assert_eq!(package("application/vnd.ms-word.document.macroEnabled.main+xml"), "Office with macros");
        let others = [
            package("application/vnd.ms-visio.drawing.main+xml"),
            package("application/xml"),
            name(&[("mimetype", "application/vnd.oasis.opendocument.base")]),
            name(&[("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\r\n")]),
        ];
        for name in others {
            assert_ne!(name, "application/zip");
        }
    }

    #[test]
    fn the_type_of_a_package_is_that_of_its_main_part() {
        let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
        let types = format!(
            r#"<Types><Default Extension="png" ContentType="image/png"/><Override ContentType="{word}.main+xml"/>"#
        );
        assert_eq!(main_type(&types), word);
        assert_eq!(
            main_type(r#"<Override ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>"#),
            "application/vnd.ms-excel.sheet.binary.macroEnabled"
        );
        assert_eq!(main_type(r#"<Override ContentType="text/x.main+xml"/>"#), "");
    }
}
