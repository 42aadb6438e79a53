//! ContentEncodings (RFC 9559, 5.1.4.1.31): bytes that were taken from the front of each frame can be put back; what
//! is compressed or encrypted is refused.

use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Reason, Refusal};
use crate::limits;

const CONTENT_ENCODING: u32 = 0x6240;
const CONTENT_ENCODING_SCOPE: u32 = 0x5032;
const CONTENT_ENCODING_TYPE: u32 = 0x5033;
const CONTENT_COMPRESSION: u32 = 0x5034;
const CONTENT_COMP_ALGO: u32 = 0x4254;
const CONTENT_COMP_SETTINGS: u32 = 0x4255;
const CONTENT_ENCRYPTION: u32 = 0x5035;

/// The bytes that were taken from each frame.
pub(super) fn stripped(cursor: &mut Cursor<'_>, encodings: &Element) -> Result<Vec<u8>, Refusal> {
    let mut found = None;
    let mut children = Children::of(encodings);
    while let Some(child) = children.next(cursor)? {
        if child.id == CONTENT_ENCODING && found.replace(one(cursor, &child)?).is_some() {
            return Err(Refusal::new(Reason::NotUnderstood, "more than one ContentEncoding", child.at));
        }
    }
    Ok(found.unwrap_or_default())
}

fn one(cursor: &mut Cursor<'_>, encoding: &Element) -> Result<Vec<u8>, Refusal> {
    let (mut scope, mut kind, mut compression) = (1, 0, None);
    let mut children = Children::of(encoding);
    while let Some(child) = children.next(cursor)? {
        match child.id {
            CONTENT_ENCODING_SCOPE => scope = ebml::uint(cursor, &child, "ContentEncodingScope")?.unwrap_or(1),
            CONTENT_ENCODING_TYPE => kind = ebml::uint(cursor, &child, "ContentEncodingType")?.unwrap_or(0),
            CONTENT_COMPRESSION => compression = Some(child),
            CONTENT_ENCRYPTION => kind = 1,
            // Order says nothing where there is but one.
            _ => {}
        }
    }
    let not_understood = |part| Err(Refusal::new(Reason::NotUnderstood, part, encoding.at));
    if kind != 0 {
        return not_understood("ContentEncryption");
    }
    if scope != 1 {
        return not_understood("ContentEncodingScope");
    }
    let (mut algorithm, mut settings) = (0, Vec::new());
    let mut children = compression.as_ref().map(Children::of);
    while let Some(child) = children.as_mut().map_or(Ok(None), |children| children.next(cursor))? {
        match child.id {
            CONTENT_COMP_ALGO => algorithm = ebml::uint(cursor, &child, "ContentCompAlgo")?.unwrap_or(0),
            CONTENT_COMP_SETTINGS => {
                settings = ebml::bytes(cursor, &child, limits::STRIPPED_BYTES_MAX, "ContentCompSettings")?;
            }
            _ => {}
        }
    }
    match algorithm {
        // To some nothing was done then, to others the frames are compressed with zlib.
        _ if compression.is_none() => not_understood("ContentEncoding without ContentCompression"),
        3 => Ok(settings),
        0 => not_understood("ContentCompAlgo zlib"),
        1 => not_understood("ContentCompAlgo bzlib"),
        2 => not_understood("ContentCompAlgo lzo1x"),
        _ => not_understood("ContentCompAlgo"),
    }
}
