//! Descriptions of pictures (ISO/IEC 14496-12, 12.1.3; QuickTime, Video Sample Description). Keeps the size, the
//! depth, the codec's configuration and how pictures are to be shown.

use super::{Entry, colour, configure, drop_inner, encrypted, inner, name, push};
use crate::clean::codec::{Codec, Record};
use crate::clean::container::bmff::Boxed;
use crate::clean::metadata::legible;
use crate::clean::mp4::fields::Fields;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// How the samples of an entry are coded.
pub(super) enum Coding {
    /// As the record in this box says, which must be there.
    Record([u8; 4], Record),
    /// The same, where there may be none.
    PerhapsRecord([u8; 4], Record),
    /// As the type of the entry says.
    Own(Codec),
}

fn coding(kind: [u8; 4]) -> Option<Coding> {
    Some(match &kind {
        b"avc1" | b"avc3" => Coding::Record(*b"avcC", Record::AvcC),
        b"hvc1" | b"hev1" => Coding::Record(*b"hvcC", Record::HvcC),
        b"av01" => Coding::Record(*b"av1C", Record::Av1C),
        b"vp08" | b"vp09" => Coding::Record(*b"vpcC", Record::VpcC),
        b"mp4v" => Coding::Record(*b"esds", Record::Esds),
        b"s263" | b"h263" => Coding::PerhapsRecord(*b"d263", Record::D263),
        b"jpeg" => Coding::Own(Codec::MotionJpeg),
        b"apch" | b"apcn" | b"apcs" | b"apco" | b"ap4h" | b"ap4x" => Coding::Own(Codec::ProRes),
        _ => return None,
    })
}

/// Where the inner boxes begin.
const FIELDS_LEN: usize = 78;

pub(super) fn rebuild(boxed: &Boxed<'_>, findings: &mut Findings) -> Result<Entry, Refusal> {
    let at = boxed.body_at;
    if let Some(refusal) = encrypted(boxed.kind, at) {
        return Err(refusal);
    }
    let damaged = Refusal::new(Reason::Damaged, "visual sample description", at);
    let coding = coding(boxed.kind).ok_or(Refusal::new(Reason::NotUnderstood, "video codec", at))?;
    let (width, height, depth) = fields(boxed.body, findings).ok_or(damaged.clone())?;
    let sides = [width, height].map(u32::from);
    if sides.iter().any(|&side| side == 0 || side > limits::PICTURE_SIDE_MAX) {
        return Err(damaged);
    }
    let mut out = header(width, height, depth);
    let list = boxed.body.get(FIELDS_LEN..).unwrap_or_default();
    let boxes = inner(list, at.saturating_add(78), findings)?;
    let (codec, own) = match coding {
        Coding::Own(codec) => (codec, None),
        Coding::Record(kind, record) | Coding::PerhapsRecord(kind, record) => {
            let mut records = boxes.iter().filter(|inner| inner.kind == kind);
            let codec = match (records.next(), &coding) {
                (Some(inner), _) => configure(record, inner, &mut out, findings)?,
                (None, Coding::PerhapsRecord(..)) => Codec::Opaque,
                (None, _) => return Err(Refusal::new(Reason::Damaged, "codec configuration missing", at)),
            };
            if records.next().is_some() {
                return Err(Refusal::new(Reason::Damaged, "codec configuration twice", at));
            }
            (codec, Some(kind))
        }
    };
    colour::write(&boxes, (width, height), &mut out, findings)?;
    for inner in &boxes {
        let is_known =
            Some(inner.kind) == own || matches!(&inner.kind, b"colr" | b"fiel" | b"pasp" | b"clap" | b"mdcv" | b"clli");
        if !is_known {
            drop_inner(inner, findings)?;
        }
    }
    let mut bytes = Vec::new();
    push(&mut bytes, boxed.kind, &out)?;
    Ok(Entry { bytes, codec, packing: None })
}

/// Width, height and depth; tells what else stands there.
fn fields(body: &[u8], findings: &mut Findings) -> Option<(u16, u16, u16)> {
    let mut fields = Fields::new(body);
    fields.skip(12)?;
    let vendor: [u8; 4] = fields.array()?;
    if !matches!(&vendor, b"\0\0\0\0" | b"    ") {
        findings.removed_value(Category::Software, "vendor of the encoder", &name(vendor));
    }
    fields.skip(8)?;
    let (width, height) = (fields.u16()?, fields.u16()?);
    fields.skip(14)?;
    let [len, compressor @ ..] = fields.array::<32>()?;
    let told = if usize::from(len) < compressor.len() { compressor.get(..usize::from(len))? } else { &compressor };
    if compressor.iter().any(|&byte| byte != 0) {
        let told = if told.iter().all(|&byte| byte == 0) { &compressor } else { told };
        findings.removed_value(Category::Software, "name of the encoder", &legible::text(told));
    }
    let depth = fields.u16()?;
    fields.skip(2)?;
    Some((width, height, depth))
}

/// The fields up to the inner boxes.
fn header(width: u16, height: u16, depth: u16) -> Vec<u8> {
    // 24: colours; 32: with transparency; 40: grey. What else stands there has no meaning for these codecs.
    let depth = if matches!(depth, 32 | 40) { depth } else { 24 };
    let mut out = vec![0, 0, 0, 0, 0, 0, 0, 1];
    out.extend_from_slice(&[0; 16]);
    out.extend_from_slice(&width.to_be_bytes());
    out.extend_from_slice(&height.to_be_bytes());
    // 72 dots an inch, twice; reserved; one frame a sample; no name.
    out.extend_from_slice(&[0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1]);
    out.extend_from_slice(&[0; 32]);
    out.extend_from_slice(&depth.to_be_bytes());
    out.extend_from_slice(&[0xFF, 0xFF]);
    out
}
