//! Sample descriptions of a clean file: pictures here, sound in [`super::sound`]. Insists on one order and on
//! values in their range.

use super::bytes::Bytes;
use super::sound;
use crate::clean::Unaccounted;
use crate::clean::codec::{Codec, Record};
use crate::clean::metadata::icc;
use crate::limits;

/// What samples of a description are.
pub(super) struct Description {
    pub(super) codec: Codec,
    /// Of sound that is packed to a fixed size: bytes and moments of a packet.
    pub(super) packing: Option<(u32, u32)>,
}

/// Accounts for the body of `stsd`.
pub(super) fn list(mut stsd: Bytes<'_>, is_video: bool) -> Result<Vec<Description>, Unaccounted> {
    stsd.expect(&[0; 4], "stsd")?;
    let count = usize::try_from(stsd.u32()?).unwrap_or(usize::MAX);
    stsd.insist((1..=limits::MP4_DESCRIPTIONS_MAX).contains(&count), "stsd")?;
    let mut list = Vec::new();
    for _ in 0..count {
        list.push(if is_video { visual(&mut stsd)? } else { sound::description(&mut stsd)? });
    }
    stsd.end("stsd")?;
    Ok(list)
}

/// The next box, if it is one of these: its type, what that is, its body.
pub(super) fn one_of<'a, T: Copy>(
    list: &mut Bytes<'a>,
    kinds: &[([u8; 4], T)],
) -> Result<Option<([u8; 4], T, Bytes<'a>)>, Unaccounted> {
    for &(kind, what) in kinds {
        if let Some(body) = list.optional(kind)? {
            return Ok(Some((kind, what, body)));
        }
    }
    Ok(None)
}

/// A record that its own verifier accepts.
pub(super) fn record(mut body: Bytes<'_>, record: Record) -> Result<Codec, Unaccounted> {
    let codec = record.verify(body.rest());
    match codec {
        Some(codec) => Ok(codec),
        None => body.wrong("codec configuration"),
    }
}

/// A visual entry: the box of its record, and what it is; whether it may be missing.
type Configuration = Option<([u8; 4], Record, bool)>;

const VISUAL: &[([u8; 4], Configuration)] = &[
    (*b"avc1", Some((*b"avcC", Record::AvcC, false))),
    (*b"avc3", Some((*b"avcC", Record::AvcC, false))),
    (*b"hvc1", Some((*b"hvcC", Record::HvcC, false))),
    (*b"hev1", Some((*b"hvcC", Record::HvcC, false))),
    (*b"av01", Some((*b"av1C", Record::Av1C, false))),
    (*b"vp08", Some((*b"vpcC", Record::VpcC, false))),
    (*b"vp09", Some((*b"vpcC", Record::VpcC, false))),
    (*b"mp4v", Some((*b"esds", Record::Esds, false))),
    (*b"s263", Some((*b"d263", Record::D263, true))),
    (*b"h263", Some((*b"d263", Record::D263, true))),
    (*b"jpeg", None),
    (*b"apch", None),
    (*b"apcn", None),
    (*b"apcs", None),
    (*b"apco", None),
    (*b"ap4h", None),
    (*b"ap4x", None),
];

/// ISO/IEC 14496-12, 12.1.3
fn visual(stsd: &mut Bytes<'_>) -> Result<Description, Unaccounted> {
    let Some((kind, configuration, mut entry)) = one_of(stsd, VISUAL)? else { return stsd.wrong("video codec") };
    entry.expect(&[0, 0, 0, 0, 0, 0, 0, 1], "data_reference_index")?;
    entry.expect(&[0; 16], "visual sample description")?;
    let sides = [entry.u16()?, entry.u16()?];
    entry.insist(sides.iter().all(|&side| side > 0), "width, height")?;
    entry.expect(&[0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1], "resolution, frame_count")?;
    entry.expect(&[0; 32], "compressorname")?;
    let depth = entry.u16()?;
    entry.insist(matches!(depth, 24 | 32 | 40), "depth")?;
    entry.expect(&[0xFF, 0xFF], "visual sample description")?;
    let codec = match configuration {
        None if kind == *b"jpeg" => Codec::MotionJpeg,
        None => Codec::ProRes,
        Some((boxed, own, is_optional)) => match entry.optional(boxed)? {
            Some(body) => record(body, own)?,
            None if is_optional => Codec::Opaque,
            None => return entry.wrong("codec configuration"),
        },
    };
    colours(&mut entry)?;
    shape(&mut entry, sides)?;
    light(&mut entry)?;
    entry.end("visual sample description")?;
    Ok(Description { codec, packing: None })
}

/// Code points, and then a profile.
fn colours(entry: &mut Bytes<'_>) -> Result<(), Unaccounted> {
    let mut has_profile = false;
    if let Some(mut colr) = entry.optional(*b"colr")? {
        let kind: [u8; 4] = colr.array()?;
        match &kind {
            b"nclx" | b"nclc" => {
                let codes = [colr.u16()?, colr.u16()?, colr.u16()?];
                let is_ranged = kind == *b"nclc" || matches!(colr.array()?, [0 | 0x80]);
                colr.insist(is_ranged && codes.iter().all(|&code| code <= 22), "colr")?;
                colr.end("colr")?;
            }
            _ => {
                has_profile = true;
                profile(kind, colr)?;
            }
        }
    }
    if !has_profile && let Some(mut colr) = entry.optional(*b"colr")? {
        profile(colr.array()?, colr)?;
    }
    Ok(())
}

fn profile(kind: [u8; 4], mut colr: Bytes<'_>) -> Result<(), Unaccounted> {
    colr.insist(kind == *b"prof", "colr")?;
    let is_canonical = icc::is_canonical(colr.rest());
    colr.insist(is_canonical, "colr profile")
}

/// `fiel pasp clap`
fn shape(entry: &mut Bytes<'_>, sides: [u16; 2]) -> Result<(), Unaccounted> {
    if let Some(mut fiel) = entry.optional(*b"fiel")? {
        let is_right = matches!(fiel.array()?, [1, 0] | [2, 0 | 1 | 6 | 9 | 14]);
        fiel.insist(is_right, "fiel")?;
        fiel.end("fiel")?;
    }
    if let Some(mut pasp) = entry.optional(*b"pasp")? {
        let (wide, high) = (pasp.u32()?, pasp.u32()?);
        pasp.insist(wide > 0 && high > 0 && divisor(wide, high) == 1, "pasp")?;
        pasp.end("pasp")?;
    }
    if let Some(mut clap) = entry.optional(*b"clap")? {
        let mut is_whole = true;
        let [width, height] = sides;
        for (side, is_offset) in [(width, false), (height, false), (width, true), (height, true)] {
            let (above, below) = (clap.u32()?.cast_signed(), clap.u32()?);
            let most = i64::from(below).saturating_mul(side.into());
            let is_right = (1..=u32::from(u16::MAX)).contains(&below)
                && divisor(above.unsigned_abs(), below) == 1
                && i64::from(above).abs() <= most
                && (is_offset || above > 0);
            clap.insist(is_right, "clap")?;
            is_whole &= if is_offset { above == 0 } else { i64::from(above) == most };
        }
        clap.insist(!is_whole, "clap")?;
        clap.end("clap")?;
    }
    Ok(())
}

/// `mdcv clli`
fn light(entry: &mut Bytes<'_>) -> Result<(), Unaccounted> {
    if let Some(mut mdcv) = entry.optional(*b"mdcv")? {
        for _ in 0..8 {
            let point = mdcv.u16()?;
            mdcv.insist(point <= 50_000, "mdcv")?;
        }
        for _ in 0..2 {
            let light = mdcv.u32()?;
            mdcv.insist(light <= 100_000_000, "mdcv")?;
        }
        mdcv.end("mdcv")?;
    }
    if let Some(mut clli) = entry.optional(*b"clli")? {
        clli.take(4)?;
        clli.end("clli")?;
    }
    Ok(())
}

/// The greatest that divides both.
fn divisor(one: u32, other: u32) -> u32 {
    let (mut a, mut b) = (one, other);
    while let Some(rest) = a.checked_rem(b) {
        (a, b) = (b, rest);
    }
    a
}
