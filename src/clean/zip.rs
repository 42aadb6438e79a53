//! ZIP archives (APPNOTE.TXT 6.3.10): each member cleaned as the file it is, under a number for a name. One that is
//! refused is named, and the archive is refused with it.
//!
//! Media keep the bytes that they are stored with; they take no memory where they are stored without being deflated.

#[cfg(test)]
mod tests;

use std::io::Read;

use super::archive::{self, Kind, Names};
use super::container::zip::verify::Walk;
use super::container::zip::{Archive, Member, Method, Writer};
use super::cursor::Cursor;
use super::member::{self, Part};
use super::produced::Produced;
use super::{Draft, Findings, Format, Reason, Refusal, Unaccounted, package};
use crate::limits;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "application/zip",
    extension: "zip",
    aliases: &["cbz"],
    name: "ZIP",
    recognise: package::is_archive,
    clean,
    verify,
};

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let archive = Archive::read(cursor)?;
    let mut findings = Findings::default();
    archive.tell(&mut findings);
    let is_wanted = |member: &&Member| archive::is_wanted(&member.name, kind(member), member.len, &mut findings);
    let members: Vec<&Member> = archive.members().iter().filter(is_wanted).collect();
    if members.is_empty() {
        return Err(Refusal::new(Reason::Empty, "", 0));
    }
    let mut names = Names::new(cursor.nesting().options().names, members.len());
    let mut writer = Writer::default();
    for member in members {
        let (content, format) = cleaned(cursor, &archive, member, &mut findings)?;
        let name = names.next(&member.name, format.extension, &mut findings);
        add(cursor, &mut writer, &name, content, format).map_err(|refusal| refusal.within(&member.name))?;
        if writer.rebuilt_bytes() > limits::REBUILT_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "bytes of all members", member.at));
        }
    }
    Ok(Draft::new(writer.finish()?, findings))
}

fn kind(member: &Member) -> Kind {
    match member {
        member if member.is_folder() => Kind::Folder,
        member if member.is_special() => Kind::Special,
        _ => Kind::File,
    }
}

/// A clean member.
enum Content {
    /// As pieces of the archive.
    Part(Part),
    Bytes(Vec<u8>),
}

fn cleaned(
    cursor: &mut Cursor<'_>,
    archive: &Archive,
    member: &Member,
    findings: &mut Findings,
) -> Result<(Content, &'static Format), Refusal> {
    let inside = |refusal: Refusal| refusal.within(&member.name);
    if member.method == Method::Stored {
        archive.check(cursor, member).map_err(inside)?;
        let part = member::part(&member.name, cursor, (member.at, member.len), findings)?;
        let format = part.format;
        return Ok((Content::Part(part), format));
    }
    let bytes = archive.bytes(cursor, member, limits::MEMBER_BYTES_MAX).map_err(inside)?;
    let nesting = cursor.nesting().clone();
    let (bytes, format) = member::clean(&member.name, &bytes, &nesting, findings)?;
    Ok((Content::Bytes(bytes), format))
}

/// How a member is stored depends on what it is and how long, not on how it was.
fn add(
    cursor: &mut Cursor<'_>,
    writer: &mut Writer,
    name: &str,
    content: Content,
    format: &Format,
) -> Result<(), Refusal> {
    match content {
        Content::Part(Part { plan, .. }) if method(format, plan.len()) == Method::Deflated => {
            let mut bytes = Vec::with_capacity(usize::try_from(plan.len()).unwrap_or(0));
            cursor.within(0, cursor.len(), |reader| {
                plan.reader(reader).read_to_end(&mut bytes).map_err(Refusal::unreadable).map(|_| ())
            })?;
            writer.add(name, &bytes, Method::Deflated)
        }
        Content::Part(Part { plan, crc, .. }) => writer.add_plan(name, &plan, crc),
        Content::Bytes(bytes) => {
            writer.add(name, &bytes, method(format, u64::try_from(bytes.len()).unwrap_or(u64::MAX)))
        }
    }
}

/// Only what is not packed already is deflated.
fn method(format: &Format, len: u64) -> Method {
    let is_plain = format.media_type.starts_with("text/")
        || matches!(
            format.media_type,
            "image/bmp" | "image/tiff" | "audio/wav" | "audio/aiff" | "application/json" | "application/x-tar"
        );
    if is_plain && len <= limits::DEFLATED_BYTES_MAX { Method::Deflated } else { Method::Stored }
}

fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    verify_at(produced, 0)
}

/// Verifies an archive that stands `depth` deep in others: each member as what it is, and all around them.
pub(super) fn verify_at(produced: &mut dyn Read, depth: usize) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    let mut walk = Walk::new(&mut produced);
    while let Some(head) = walk.next()? {
        match head.method {
            Method::Stored => walk.stream(&mut |content| archive::verify(&head.name, content, depth))?,
            Method::Deflated => {
                let bytes = walk.bytes(limits::DEFLATED_BYTES_MAX)?;
                archive::verify(&head.name, &mut bytes.as_slice(), depth)?;
            }
        }
    }
    Ok(())
}
