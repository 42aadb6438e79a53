//! The header of a picture (18181-1, D): what its pixels take to be decoded is read and written anew; names,
//! a preview, time codes and extensions are told and go.

use super::bits::{Bits, Choice, ENUM, Reading, Wrong};
use super::colour::Colour;
use super::fields::{self, Depth};
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings, Reason};
use crate::limits;

/// What of the header is kept, and the preview that is not.
#[derive(Clone, Debug)]
pub(super) struct Image {
    pub(super) width: u32,
    pub(super) height: u32,
    orientation: u32,
    preview: Option<(u32, u32)>,
    pub(super) animation: Option<Animation>,
    depth: Depth,
    buffers_16: bool,
    pub(super) extra: Vec<Extra>,
    pub(super) xyb: bool,
    pub(super) colour: Colour,
    tone: Tone,
    /// Inverse matrix and biases, in full.
    opsin: Option<[u16; 16]>,
    /// Weights of enlarging by 2, 4 and 8.
    weights: [Option<Vec<u16>>; 3],
}

/// AnimationHeader (D.3.6).
#[derive(Clone, Copy, Debug)]
pub(super) struct Animation {
    ticks: u32,
    seconds: u32,
    loops: u32,
    /// Whether frames of the original have time codes.
    pub(super) timecodes: bool,
}

const TICKS: Choice = [(100, 0), (1000, 0), (1, 10), (1, 30)];
const SECONDS: Choice = [(1, 0), (1001, 0), (1, 8), (1, 10)];
const LOOPS: Choice = [(0, 0), (0, 3), (0, 16), (0, 32)];

/// An extra channel that is shown (D.3.7).
#[derive(Clone, Debug)]
pub(super) struct Extra {
    kind: Kind,
    depth: Depth,
    shift: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Alpha { associated: bool },
    Spot([u16; 4]),
    Black,
}

const EXTRA_COUNT: Choice = [(0, 0), (1, 0), (2, 4), (1, 12)];
const SHIFT: Choice = [(0, 0), (3, 0), (4, 0), (1, 3)];

/// ToneMapping (D.3.8): halves and a flag.
#[derive(Clone, Copy, Debug)]
struct Tone {
    intensity: u16,
    min_nits: u16,
    relative: bool,
    linear_below: u16,
}

/// 255 nits.
const USUAL_TONE: Tone = Tone { intensity: 0x5BF8, min_nits: 0, relative: false, linear_below: 0 };

const WEIGHTS: [usize; 3] = [15, 55, 210];

/// Reads SizeHeader and ImageMetadata.
pub(super) fn read(reading: &mut Reading<'_>, told: &mut Findings) -> Result<Image, Wrong> {
    let (width, height) = fields::size(reading)?;
    if !fields::is_in_bounds((width, height)) {
        return Err(Wrong(Reason::TooLarge, "size"));
    }
    let mut image = Image { width, height, ..usual() };
    if !reading.bool("image header")? {
        image.metadata(reading, told)?;
    }
    image.transform(reading)?;
    Ok(image)
}

impl Image {
    fn metadata(&mut self, reading: &mut Reading<'_>, told: &mut Findings) -> Result<(), Wrong> {
        let has_more = reading.bool("image header")?;
        if has_more {
            self.orientation = reading.bits(3, "orientation")?.saturating_add(1);
            if reading.bool("intrinsic size")? {
                let (width, height) = fields::size(reading)?;
                told.removed_value(Category::Unknown, "intrinsic size", &format!("{width} × {height}"));
            }
            if reading.bool("preview")? {
                self.preview = Some(fields::preview(reading)?);
                told.removed(Category::Thumbnail, "preview frame");
            }
            if reading.bool("animation header")? {
                self.animation = Some(Animation::read(reading, told)?);
            }
        }
        self.depth = Depth::read(reading)?;
        self.buffers_16 = reading.bool("image header")?;
        let count = reading.u32(&EXTRA_COUNT, "number of extra channels")?;
        if count > limits::JXL_EXTRA_CHANNELS_MAX {
            return Err(Wrong(Reason::TooLarge, "number of extra channels"));
        }
        for _ in 0..count {
            self.extra.push(Extra::read(reading, told)?);
        }
        self.xyb = reading.bool("image header")?;
        self.colour = Colour::read(reading, told)?;
        if has_more {
            self.tone = Tone::read(reading)?;
        }
        if reading.extensions("extensions of the image header")? {
            told.removed(Category::Unknown, "extensions of the image header");
        }
        Ok(())
    }

    /// OpsinInverseMatrix and the weights of enlarging (D.3.9).
    fn transform(&mut self, reading: &mut Reading<'_>) -> Result<(), Wrong> {
        let part = "transform data";
        if reading.bool(part)? {
            return Ok(());
        }
        if self.xyb && !reading.bool(part)? {
            let mut numbers = [0; 16];
            for number in &mut numbers {
                *number = reading.half(part)?;
            }
            self.opsin = Some(numbers);
        }
        let present = reading.bits(3, part)?;
        for (bit, (weights, count)) in (0..3).zip(self.weights.iter_mut().zip(WEIGHTS)) {
            if present.wrapping_shr(bit) & 1 == 1 {
                *weights = Some((0..count).map(|_| reading.half(part)).collect::<Result<_, _>>()?);
            }
        }
        Ok(())
    }

    /// The picture that the preview's frame is one of, if there is a preview.
    pub(super) fn of_preview(&self) -> Option<Self> {
        let (width, height) = self.preview?;
        Some(Self { width, height, ..self.clone() })
    }

    pub(super) fn has_black(&self) -> bool {
        self.extra.iter().any(|extra| extra.kind == Kind::Black)
    }

    /// Writes what is kept, in the form that [`super::verify`] expects.
    pub(super) fn write(&self, bits: &mut Bits) {
        fields::write_size(bits, self.width, self.height);
        let usual = Self { extra: Vec::new(), ..usual() };
        bits.bundle(&self.fields(), &usual.fields());
        let has_weights = self.weights.iter().any(Option::is_some);
        bits.bool(self.opsin.is_none() && !has_weights);
        if self.opsin.is_some() || has_weights {
            if self.xyb {
                bits.bool(self.opsin.is_none());
                self.opsin.iter().flatten().for_each(|half| bits.half(*half));
            }
            self.weights.iter().for_each(|weights| bits.bool(weights.is_some()));
            self.weights.iter().flatten().flatten().for_each(|half| bits.half(*half));
        }
        self.colour.write_profile(bits);
        bits.align();
    }

    fn fields(&self) -> Bits {
        let mut bits = Bits::default();
        let (mut tone, mut usual_tone) = (Bits::default(), Bits::default());
        self.tone.write(&mut tone);
        USUAL_TONE.write(&mut usual_tone);
        let has_more = self.orientation != 1 || self.animation.is_some() || tone != usual_tone;
        bits.bool(has_more);
        if has_more {
            bits.bits(self.orientation.saturating_sub(1).into(), 3);
            // No intrinsic size, no preview.
            bits.bits(0, 2);
            bits.bool(self.animation.is_some());
            if let Some(animation) = &self.animation {
                animation.write(&mut bits);
            }
        }
        self.depth.write(&mut bits);
        bits.bool(self.buffers_16);
        bits.u32(&EXTRA_COUNT, u32::try_from(self.extra.len()).unwrap_or(u32::MAX));
        self.extra.iter().for_each(|extra| extra.write(&mut bits));
        bits.bool(self.xyb);
        self.colour.write(&mut bits);
        if has_more {
            bits.bundle(&tone, &usual_tone);
        }
        // No extensions.
        bits.u64(0);
        bits
    }
}

/// What a header says that says nothing.
fn usual() -> Image {
    Image {
        width: 1,
        height: 1,
        orientation: 1,
        preview: None,
        animation: None,
        depth: Depth::Whole(8),
        buffers_16: true,
        extra: Vec::new(),
        xyb: true,
        colour: Colour::srgb(),
        tone: USUAL_TONE,
        opsin: None,
        weights: [None, None, None],
    }
}

impl Animation {
    fn read(reading: &mut Reading<'_>, told: &mut Findings) -> Result<Self, Wrong> {
        let part = "animation header";
        let ticks = reading.u32(&TICKS, part)?;
        let seconds = reading.u32(&SECONDS, part)?;
        let loops = reading.u32(&LOOPS, part)?;
        let timecodes = reading.bool(part)?;
        if timecodes {
            told.removed(Category::Time, "time codes of frames");
        }
        Ok(Self { ticks, seconds, loops, timecodes })
    }

    fn write(&self, bits: &mut Bits) {
        bits.u32(&TICKS, self.ticks);
        bits.u32(&SECONDS, self.seconds);
        bits.u32(&LOOPS, self.loops);
        bits.bool(false);
    }
}

impl Extra {
    fn read(reading: &mut Reading<'_>, told: &mut Findings) -> Result<Self, Wrong> {
        let part = "extra channel";
        if reading.bool(part)? {
            return Ok(Self { kind: Kind::Alpha { associated: false }, depth: Depth::Whole(8), shift: 0 });
        }
        let kind = reading.u32(&ENUM, part)?;
        let depth = Depth::read(reading)?;
        let shift = reading.u32(&SHIFT, part)?;
        let name = reading.name(part)?;
        if !name.is_empty() {
            told.removed_value(Category::Comment, "name of an extra channel", &legible::text(&name));
        }
        let kind = match kind {
            0 => Kind::Alpha { associated: reading.bool(part)? },
            2 => {
                let mut colour = [0; 4];
                for number in &mut colour {
                    *number = reading.half(part)?;
                }
                Kind::Spot(colour)
            }
            4 => Kind::Black,
            // Depth, selections, heat and what else nobody sees is coded together with what is seen.
            _ => return Err(Wrong(Reason::NotUnderstood, "extra channel that is not shown")),
        };
        Ok(Self { kind, depth, shift })
    }

    fn write(&self, bits: &mut Bits) {
        let is_usual =
            self.kind == Kind::Alpha { associated: false } && self.depth == Depth::Whole(8) && self.shift == 0;
        bits.bool(is_usual);
        if is_usual {
            return;
        }
        bits.u32(
            &ENUM,
            match self.kind {
                Kind::Alpha { .. } => 0,
                Kind::Spot(_) => 2,
                Kind::Black => 4,
            },
        );
        self.depth.write(bits);
        bits.u32(&SHIFT, self.shift);
        bits.no_name();
        match &self.kind {
            Kind::Alpha { associated } => bits.bool(*associated),
            Kind::Spot(colour) => colour.iter().for_each(|half| bits.half(*half)),
            Kind::Black => {}
        }
    }
}

impl Tone {
    fn read(reading: &mut Reading<'_>) -> Result<Self, Wrong> {
        let part = "tone mapping";
        if reading.bool(part)? {
            return Ok(USUAL_TONE);
        }
        let (intensity, min_nits) = (reading.half(part)?, reading.half(part)?);
        Ok(Self { intensity, min_nits, relative: reading.bool(part)?, linear_below: reading.half(part)? })
    }

    fn write(self, bits: &mut Bits) {
        bits.half(self.intensity);
        bits.half(self.min_nits);
        bits.bool(self.relative);
        bits.half(self.linear_below);
    }
}
