//! Makes a clean picture anew: decodes it, turns it upright, makes it smaller, encodes it with fixed tables.
//! Weakens what tells one camera from another; never claims to remove it.
//!
//! Only what a cleaner has made and its verifier has accepted is decoded. All arithmetic is of whole numbers,
//! or of floats by additions and multiplications in one order, so that every machine makes the same bytes.

mod bmp;
mod decode;
mod encode;
mod huffman;
mod light;
mod shrink;

use std::panic::{AssertUnwindSafe, catch_unwind};

use zeroize::Zeroizing;

use self::decode::Raster;
use self::light::Light;
use super::{Draft, Findings, Format, Plan, Reason, Refusal, cursor::Cursor, jpeg};
use crate::clean::Category;
use crate::limits;

/// Pixels along the longer side of a picture made anew, at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LongSide(u32);

impl LongSide {
    /// `None` outside [`limits::RESHOT_SIDE`].
    #[must_use]
    pub fn new(pixels: u32) -> Option<Self> {
        limits::RESHOT_SIDE.contains(&pixels).then_some(Self(pixels))
    }

    /// The size of a picture of `width` by `height` when it is made no longer than this; never larger than it was.
    fn fit(self, width: u32, height: u32) -> (u32, u32) {
        let long = width.max(height);
        if long <= self.0 {
            return (width, height);
        }
        let scaled = |side: u32| {
            let (side, long) = (u64::from(side), u64::from(long));
            let nearest = side.saturating_mul(u64::from(self.0)).saturating_add(long / 2).checked_div(long);
            nearest.and_then(|scaled| u32::try_from(scaled).ok()).unwrap_or(1).max(1)
        };
        (scaled(width), scaled(height))
    }
}

/// Whether a file of this media type is a picture, which is made anew or refused, never passed as it is.
pub(super) fn concerns(format: &Format) -> bool {
    format.media_type.starts_with("image/")
}

/// Makes a picture anew from `clean` bytes of a format that [`concerns`] it.
pub(super) fn reshot(format: &Format, clean: &[u8], side: LongSide) -> Result<Draft, Refusal> {
    let raster = decoded(format, clean)?;
    let light = Light::of(&raster)?;
    let (width, height) = side.fit(raster.width, raster.height);
    let small = shrink::shrunk(&raster, &light, width, height);
    drop(raster);
    let encoded = encode::jpeg(&small.turned());
    let mut reader = std::io::Cursor::new(encoded.as_slice());
    let draft = (jpeg::FORMAT.clean)(&mut Cursor::new(&mut reader)?)?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(usize::try_from(draft.plan.len()).unwrap_or(0)));
    std::io::Read::read_to_end(&mut draft.plan.reader(&mut reader), &mut bytes).map_err(Refusal::unreadable)?;
    let mut plan = Plan::default();
    plan.bytes(&bytes)?;
    let mut findings = Findings::default();
    findings.remains(Category::Device, "picture made anew", TOLD);
    Ok(Draft { plan, findings, becomes: Some(&jpeg::FORMAT), careful: None })
}

const TOLD: &str =
    "sensor noise and the marks of the camera's encoder are weakened, not removed; what it shows is the same";

/// A JPEG file, as a picture made anew is one, of rows of samples in sRGB: one byte a pixel (grey), or three.
pub(super) fn as_jpeg(width: u16, height: u16, samples: Zeroizing<Vec<u8>>) -> Vec<u8> {
    encode::jpeg(&shrink::Small::upright(width.into(), height.into(), samples))
}

/// Width and height of a clean picture, by its header, where there is a decoder for it.
pub(super) fn size(format: &Format, clean: &[u8]) -> Option<(u32, u32)> {
    catch_unwind(AssertUnwindSafe(|| decode::size(format.media_type, clean))).ok().flatten()
}

/// The pixels of a clean picture as PNG, as they stand: neither turned nor converted.
pub(super) fn as_png(format: &Format, clean: &[u8]) -> Result<Vec<u8>, Refusal> {
    let raster = decoded(format, clean)?;
    decode::encoded_png(&raster)
}

/// Decodes; a decoder that fails in whatever way refuses the picture.
fn decoded(format: &Format, clean: &[u8]) -> Result<Raster, Refusal> {
    let decoder = decode::decoder(format.media_type).ok_or(Refusal::new(Reason::NotReshot, format.name, 0))?;
    let raster = catch_unwind(AssertUnwindSafe(|| decoder(clean)));
    raster.unwrap_or_else(|_| Err(Refusal::new(Reason::Damaged, "picture data", 0)))
}

#[cfg(test)]
mod tests;
