//! What a chunk of a WAV that is not kept gives away. Knows no chunk that is kept.

use crate::clean::container::riff::Chunk;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::{exif, id3, info, legible, xmp};
use crate::clean::{Category, Findings, Refusal};
use crate::limits;

/// Says what the chunk gives away.
pub(super) fn chunk(cursor: &mut Cursor<'_>, chunk: Chunk, findings: &mut Findings) -> Result<(), Refusal> {
    let name = chunk.name();
    let Some(body) = chunk.body(cursor, limits::METADATA_BYTES_MAX)? else {
        findings.removed(Category::Unknown, format!("{name}, too long to be read"));
        return Ok(());
    };
    let is_blank = body.iter().all(|&byte| byte == 0);
    match &chunk.kind {
        b"LIST" | b"list" => findings.append(info::list(&body)),
        b"bext" => findings.append(info::bext(&body)),
        b"iXML" => findings.append(info::ixml(&body)),
        b"_PMX" | b"XMP " => findings.append(xmp::findings(&body)),
        b"EXIF" => findings.append(exif::read(&body).findings),
        // ADM: the story of a production.
        b"aXML" | b"axml" | b"bxml" | b"chna" => findings.removed(Category::History, name),
        b"id3 " | b"ID3 " | b"id3\0" => findings.append(id3::findings(&body)),
        b"cart" => findings.removed_value(Category::Comment, "cart", &legible::text(body.get(4..).unwrap_or_default())),
        b"DISP" => findings.removed_value(Category::Comment, "DISP", &legible::text(body.get(4..).unwrap_or_default())),
        b"umid" | b"minf" | b"elm1" | b"regn" => findings.removed(Category::Identifier, name),
        b"cue " | b"plst" | b"smpl" | b"inst" | b"acid" | b"strc" | b"labl" | b"note" | b"ltxt" => {
            findings.removed(Category::Comment, name);
        }
        b"C2PA" => findings.removed(Category::History, name),
        b"afsp" | b"PEAK" | b"levl" | b"LGWV" | b"SNDM" | b"fact" => findings.removed(Category::Software, name),
        b"PAD " | b"JUNK" | b"junk" | b"FLLR" | b"fake" | b"ds64" if is_blank => {
            findings.removed(Category::Software, format!("{name} padding"));
        }
        b"PAD " | b"JUNK" | b"junk" | b"FLLR" | b"fake" | b"ds64" => {
            findings.removed(Category::HiddenContent, name);
        }
        _ => findings.removed(Category::Unknown, format!("chunk {name}")),
    }
    Ok(())
}
