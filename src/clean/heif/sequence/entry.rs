//! The sample entry of a track of pictures (ISO/IEC 14496-12, 12.1.3; ISO/IEC 23008-12, 7.5): its size, its
//! configuration, and what says how it is to be shown. Everything else in it goes.

use crate::clean::codec::Codec;
use crate::clean::container::bmff::{Boxed, Boxes};
use crate::clean::heif::fields::Fields;
use crate::clean::heif::meta::Raw;
use crate::clean::heif::property::{self, Alpha, Kind, Outcome, Property};
use crate::clean::heif::told;
use crate::clean::heif::write::boxed;
use crate::clean::{Category, Findings, Reason, Refusal};

/// A sample entry.
#[derive(Debug)]
pub(super) struct Entry {
    pub(crate) kind: [u8; 4],
    pub(crate) codec: Codec,
    width: u16,
    height: u16,
    properties: Vec<Property>,
    /// `ccst`: what may refer to what.
    constraints: Option<u8>,
    alpha: Option<Alpha>,
}

/// Bytes of a visual sample entry before its boxes.
const FIXED_BYTES: usize = 78;

impl Entry {
    /// The only entry of `stsd`.
    pub(super) fn read(stsd: &Boxed<'_>, findings: &mut Findings) -> Result<Self, Refusal> {
        let damaged = |part| Refusal::new(Reason::Damaged, part, stsd.body_at);
        let [.., 1] = *stsd.body.get(..8).ok_or(damaged("stsd"))? else {
            return Err(Refusal::new(Reason::NotUnderstood, "stsd entries", stsd.body_at));
        };
        let boxed = stsd.children(8).and_then(|mut boxes| boxes.next()).ok_or(damaged("stsd"))??;
        if !matches!(&boxed.kind, b"av01" | b"hvc1" | b"avc1") {
            return Err(Refusal::new(Reason::NotUnderstood, "sample entry", boxed.body_at));
        }
        let fixed = boxed.body.get(..FIXED_BYTES).ok_or(damaged("sample entry"))?;
        let mut fields = Fields::new(fixed.get(24..).unwrap_or_default());
        let (Some(width @ 1..), Some(height @ 1..)) = (fields.u16(), fields.u16()) else {
            return Err(damaged("sample entry"));
        };
        // Its length in the first byte, then the name.
        let name = fixed.get(42..74).and_then(|name| name.get(1..=usize::from(*name.first()?).min(31)));
        told::name(Category::Software, "compressor", name.unwrap_or_default(), findings);
        let mut reading = Reading { properties: Vec::new(), constraints: None, alpha: None };
        for child in boxed.children(FIXED_BYTES).into_iter().flatten() {
            reading.child(&child?, findings)?;
        }
        let Reading { mut properties, constraints, alpha } = reading;
        let config = properties.iter().find_map(|property| property.codec);
        let (codec, item) = config.ok_or(damaged("configuration missing"))?;
        if item != boxed.kind {
            return Err(damaged("configuration of another codec"));
        }
        properties.sort_by_key(|property| property.kind.min(Kind::Aperture));
        Ok(Self { kind: boxed.kind, codec, width, height, properties, constraints, alpha })
    }

    /// Whether it says of itself that it is an alpha picture.
    pub(super) fn is_alpha(stsd: &Boxed<'_>) -> bool {
        let entry = stsd.children(8).and_then(|mut boxes| boxes.next());
        let Some(Ok(entry)) = entry else { return false };
        let children = entry.children(FIXED_BYTES).unwrap_or(Boxes::new(&[], 0));
        children.flatten().any(|child| auxiliary(&child).is_some())
    }

    /// Width and height.
    pub(super) fn size(&self) -> (u16, u16) {
        (self.width, self.height)
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let [width, height] = [self.width, self.height].map(u16::to_be_bytes);
        let mut bytes = [&[0, 0, 0, 0, 0, 0, 0, 1], [0; 16].as_slice(), &width, &height].concat();
        // 72 dots an inch, one picture a sample, no name, 24 bits.
        bytes.extend([0, 0x48, 0, 0, 0, 0x48, 0, 0, 0, 0, 0, 0, 0, 1]);
        bytes.extend([0; 32]);
        bytes.extend([0, 0x18, 0xFF, 0xFF]);
        self.properties.iter().for_each(|property| bytes.extend(&property.boxed));
        if let Some(constraints) = self.constraints {
            bytes.extend(boxed(*b"ccst", &[&[0; 4], &[constraints, 0, 0, 0]]));
        }
        if let Some(alpha) = self.alpha {
            bytes.extend(boxed(*b"auxi", &[&[0; 4], alpha.urn(), &[0]]));
        }
        boxed(self.kind, &[&bytes])
    }
}

struct Reading {
    properties: Vec<Property>,
    constraints: Option<u8>,
    alpha: Option<Alpha>,
}

impl Reading {
    fn child(&mut self, child: &Boxed<'_>, findings: &mut Findings) -> Result<(), Refusal> {
        match &child.kind {
            b"ccst" => {
                let constraints = child.body.get(4).ok_or(Refusal::new(Reason::Damaged, "ccst", child.body_at))?;
                self.constraints = Some(constraints & 0xFC);
            }
            b"auxi" | b"auxC" => self.alpha = auxiliary(child),
            b"av1C" | b"hvcC" | b"avcC" | b"colr" | b"pasp" | b"clap" | b"irot" | b"imir" | b"clli" | b"mdcv"
            | b"amve" => {
                let raw = Raw { kind: child.kind, at: child.body_at, body: child.body.to_vec() };
                if let Outcome::Kept(property) = property::rebuild(&raw, findings)? {
                    if self.properties.iter().any(|other| other.kind == property.kind) {
                        return Err(Refusal::new(Reason::NotUnderstood, "property twice", child.body_at));
                    }
                    self.properties.push(property);
                }
            }
            // Bit rates; shape of the coded picture, which the configuration has too.
            b"btrt" | b"fiel" => {}
            _ => told::unknown_box("sample entry", child.kind, child.body, findings),
        }
        Ok(())
    }
}

/// `auxi`, or what older writers put in its place.
fn auxiliary(child: &Boxed<'_>) -> Option<Alpha> {
    let text = matches!(&child.kind, b"auxi" | b"auxC").then(|| child.body.get(4..)).flatten()?;
    Alpha::of(Fields::new(text).text())
}
