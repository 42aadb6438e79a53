//! The header of a frame and its table of contents (18181-1, F): written anew field by field, without name, time code
//! and extensions, and with the sections in their natural order. Looks into no section.

use super::bits::{Bits, Choice, Reading, Wrong};
use super::image::Image;
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings, Reason};
use crate::limits;

/// What of a frame decides where its sections are, and how it is shown.
#[derive(Debug)]
pub(super) struct Frame {
    kind: u32,
    modular: bool,
    lf_level: u32,
    upsampling: u32,
    group_shift: u32,
    passes: u32,
    width: u32,
    height: u32,
    duration: u32,
    pub(super) is_last: bool,
}

/// F.2, table F.3.
const REGULAR: u32 = 0;
const LF: u32 = 1;
const REFERENCE: u32 = 2;
const SKIP_PROGRESSIVE: u32 = 3;

const UPSAMPLING: Choice = [(1, 0), (2, 0), (4, 0), (8, 0)];
const PASSES: Choice = [(1, 0), (2, 0), (3, 0), (4, 3)];
const DOWNSAMPLINGS: Choice = [(0, 0), (1, 0), (2, 0), (3, 1)];
const LAST_PASS: Choice = [(0, 0), (1, 0), (2, 0), (0, 3)];
const PLACE: Choice = [(0, 8), (256, 11), (2304, 14), (18_688, 30)];
const MODE: Choice = [(0, 0), (1, 0), (2, 0), (3, 2)];
const CHANNEL: Choice = [(0, 0), (1, 0), (2, 0), (3, 3)];
const DURATION: Choice = [(0, 0), (1, 0), (0, 8), (0, 32)];

/// Flags that are known: noise, patches, splines, an LF frame, no smoothing of LF.
const FLAGS: u64 = 0x01 | 0x02 | 0x10 | 0x20 | 0x80;
const USES_LF_FRAME: u64 = 0x20;

const PART: &str = "frame header";

impl Frame {
    /// Whether it is a part of a picture of several, and no step of an animation.
    pub(super) fn is_layer(&self) -> bool {
        matches!(self.kind, REGULAR | SKIP_PROGRESSIVE) && !self.is_last && self.duration == 0
    }

    fn usual(image: &Image) -> Self {
        Self {
            kind: REGULAR,
            modular: false,
            lf_level: 0,
            upsampling: 1,
            group_shift: 1,
            passes: 1,
            width: image.width,
            height: image.height,
            duration: 0,
            is_last: true,
        }
    }

    /// How many sections it has (F.3.1).
    fn sections(&self) -> Option<u32> {
        let groups = self.groups(128_u64.checked_shl(self.group_shift)?)?;
        let lf_groups = self.groups(1024_u64.checked_shl(self.group_shift)?)?;
        if groups == 1 && self.passes == 1 {
            return Some(1);
        }
        let sections = groups.checked_mul(self.passes)?.checked_add(lf_groups)?.checked_add(2)?;
        (sections <= limits::JXL_SECTIONS_MAX).then_some(sections)
    }

    /// Groups of `side` samples.
    fn groups(&self, side: u64) -> Option<u32> {
        let along = |len: u32| {
            let samples = u64::from(len).div_ceil(u64::from(self.upsampling.max(1)));
            let shrunk = samples.div_ceil(1_u64.checked_shl(self.lf_level.checked_mul(3)?)?);
            Some(shrunk.div_ceil(side))
        };
        u32::try_from(along(self.width)?.checked_mul(along(self.height)?)?).ok()
    }
}

/// Reads a frame header and writes it anew.
pub(super) fn transcribe(
    reading: &mut Reading<'_>,
    image: &Image,
    bits: &mut Bits,
    told: &mut Findings,
) -> Result<Frame, Wrong> {
    let mut frame = Frame::usual(image);
    let usual = usual_fields(image);
    if reading.bool(PART)? {
        bits.bundle(&usual, &usual);
        return Ok(frame);
    }
    let mut copy = Copy { reading, bits: Bits::default() };
    fields(&mut copy, image, &mut frame, told)?;
    bits.bundle(&copy.bits, &usual);
    Ok(frame)
}

/// What a frame header says in full that says nothing.
fn usual_fields(image: &Image) -> Bits {
    let mut bits = Bits::default();
    // Regular, VarDCT, no flags.
    bits.bits(0, 5);
    if !image.xyb {
        bits.bool(false);
    }
    bits.bits(0, 2);
    image.extra.iter().for_each(|_| bits.bits(0, 2));
    if image.xyb {
        bits.bits(3, 3);
        bits.bits(2, 3);
    }
    // One pass, no crop, replacing.
    bits.bits(0, 5);
    image.extra.iter().for_each(|_| bits.bits(0, 2));
    if image.animation.is_some() {
        bits.bits(0, 2);
    }
    // The last, nameless, restored as usual, not extended.
    bits.bool(true);
    bits.no_name();
    bits.bool(true);
    bits.u64(0);
    bits
}

/// Reads fields and writes each as it is meant.
struct Copy<'a, 'w> {
    reading: &'a mut Reading<'w>,
    bits: Bits,
}

impl Copy<'_, '_> {
    fn bits(&mut self, count: u32) -> Result<u32, Wrong> {
        let value = self.reading.bits(count, PART)?;
        self.bits.bits(value.into(), count);
        Ok(value)
    }

    fn bool(&mut self) -> Result<bool, Wrong> {
        Ok(self.bits(1)? == 1)
    }

    fn u32(&mut self, choice: &Choice) -> Result<u32, Wrong> {
        let value = self.reading.u32(choice, PART)?;
        self.bits.u32(choice, value);
        Ok(value)
    }

    fn halves(&mut self, count: usize) -> Result<(), Wrong> {
        for _ in 0..count {
            let half = self.reading.half(PART)?;
            self.bits.half(half);
        }
        Ok(())
    }

    fn no_extensions(&mut self, told: &mut Findings) -> Result<(), Wrong> {
        if self.reading.extensions(PART)? {
            told.removed(Category::Unknown, "extensions of a frame header");
        }
        self.bits.u64(0);
        Ok(())
    }
}

/// F.2, table F.1, in its order.
fn fields(copy: &mut Copy<'_, '_>, image: &Image, frame: &mut Frame, told: &mut Findings) -> Result<(), Wrong> {
    frame.kind = copy.bits(2)?;
    frame.modular = copy.bool()?;
    let flags = copy.reading.u64(PART)?;
    if flags & !FLAGS != 0 {
        return Err(Wrong(Reason::NotUnderstood, "flags of a frame"));
    }
    copy.bits.u64(flags);
    let own_lf = flags & USES_LF_FRAME == 0;
    if !image.xyb && copy.bool()? && own_lf {
        copy.bits(6)?;
    }
    if own_lf {
        frame.upsampling = copy.u32(&UPSAMPLING)?;
        for _ in &image.extra {
            copy.u32(&UPSAMPLING)?;
        }
    }
    if frame.modular {
        frame.group_shift = copy.bits(2)?;
    } else if image.xyb {
        copy.bits(6)?;
    }
    if frame.kind != REFERENCE {
        passes(copy, frame)?;
    }
    if frame.kind == LF {
        frame.lf_level = copy.bits(2)?.saturating_add(1);
    }
    let covers = if frame.kind == LF { true } else { crop(copy, image, frame)? };
    let is_shown = matches!(frame.kind, REGULAR | SKIP_PROGRESSIVE);
    let mut replaces = true;
    frame.is_last = frame.kind == REGULAR;
    if is_shown {
        replaces = blending(copy, image, covers)?;
        if let Some(animation) = &image.animation {
            frame.duration = copy.u32(&DURATION)?;
            if animation.timecodes {
                // It is told with the header of the picture.
                copy.reading.bits(32, PART)?;
            }
        }
        frame.is_last = copy.bool()?;
    } else {
        frame.is_last = false;
    }
    let mut reference = 0;
    if frame.kind != LF && !frame.is_last {
        reference = copy.bits(2)?;
    }
    let referable = !frame.is_last && frame.kind != LF && (frame.duration == 0 || reference != 0);
    if frame.kind == REFERENCE || (replaces && covers && referable) {
        copy.bool()?;
    }
    let name = copy.reading.name("name of a frame")?;
    if !name.is_empty() {
        told.removed_value(Category::Comment, "name of a frame", &legible::text(&name));
    }
    copy.bits.no_name();
    restoration(copy, frame.modular, told)?;
    copy.no_extensions(told)
}

/// F.2.6.
fn passes(copy: &mut Copy<'_, '_>, frame: &mut Frame) -> Result<(), Wrong> {
    frame.passes = copy.u32(&PASSES)?;
    if frame.passes != 1 {
        let steps = copy.u32(&DOWNSAMPLINGS)?;
        for _ in 1..frame.passes {
            copy.bits(2)?;
        }
        for _ in 0..steps {
            copy.u32(&UPSAMPLING)?;
        }
        for _ in 0..steps {
            copy.u32(&LAST_PASS)?;
        }
    }
    Ok(())
}

/// Place and size; whether the frame covers the whole picture.
fn crop(copy: &mut Copy<'_, '_>, image: &Image, frame: &mut Frame) -> Result<bool, Wrong> {
    if !copy.bool()? {
        return Ok(true);
    }
    let (mut x, mut y) = (0, 0);
    if frame.kind != REFERENCE {
        (x, y) = (signed(copy.u32(&PLACE)?), signed(copy.u32(&PLACE)?));
    }
    (frame.width, frame.height) = (copy.u32(&PLACE)?, copy.u32(&PLACE)?);
    if frame.width == 0 || frame.height == 0 || !super::fields::is_in_bounds((frame.width, frame.height)) {
        return Err(Wrong(Reason::TooLarge, "size of a frame"));
    }
    let reaches = |from: i64, len: u32, whole: u32| from <= 0 && from.saturating_add(len.into()) >= i64::from(whole);
    Ok(reaches(x, frame.width, image.width) && reaches(y, frame.height, image.height))
}

/// A signed number, folded (B.2.3).
fn signed(folded: u32) -> i64 {
    let half = i64::from(folded / 2);
    if folded.is_multiple_of(2) { half } else { half.saturating_neg().saturating_sub(1) }
}

/// F.2.4; whether the colours replace what was there.
fn blending(copy: &mut Copy<'_, '_>, image: &Image, covers: bool) -> Result<bool, Wrong> {
    let has_extra = !image.extra.is_empty();
    let one = |copy: &mut Copy<'_, '_>| -> Result<bool, Wrong> {
        let mode = copy.u32(&MODE)?;
        if mode > 4 {
            return Err(Wrong(Reason::Damaged, "blending"));
        }
        let by_alpha = has_extra && matches!(mode, 2 | 3);
        if by_alpha {
            copy.u32(&CHANNEL)?;
        }
        if by_alpha || mode == 4 {
            copy.bool()?;
        }
        if mode != 0 || !covers {
            copy.bits(2)?;
        }
        Ok(mode == 0)
    };
    let replaces = one(copy)?;
    for _ in &image.extra {
        // Decoders disagree on what follows where a frame that covers all replaces some channels only.
        if one(copy)? != replaces && covers {
            return Err(Wrong(Reason::NotUnderstood, "blending"));
        }
    }
    Ok(replaces)
}

/// Two numbers that decoders pass over, as libjxl has them when nobody sets them: 0.45 and 0.6.
const PASSED_OVER: [u16; 2] = [0x3733, 0x38CD];

/// J.2.
fn restoration(copy: &mut Copy<'_, '_>, modular: bool, told: &mut Findings) -> Result<(), Wrong> {
    let mut usual = Bits::default();
    // Gaborish as usual; two steps of the other filter, with nothing of its own.
    usual.bits(1, 2);
    usual.bits(2, 2);
    usual.bits(0, if modular { 2 } else { 3 });
    if modular {
        usual.half(0x3C00);
    }
    usual.u64(0);
    if copy.reading.bool(PART)? {
        copy.bits.bool(true);
        return Ok(());
    }
    let before = std::mem::take(&mut copy.bits);
    if copy.bool()? && copy.bool()? {
        copy.halves(6)?;
    }
    if copy.bits(2)? != 0 {
        if !modular && copy.bool()? {
            copy.halves(8)?;
        }
        if copy.bool()? {
            copy.halves(3)?;
            copy.reading.bits(32, PART)?;
            PASSED_OVER.iter().for_each(|half| copy.bits.half(*half));
        }
        if copy.bool()? {
            copy.halves(if modular { 3 } else { 4 })?;
        }
        if modular {
            copy.halves(1)?;
        }
    }
    copy.no_extensions(told)?;
    let fields = std::mem::replace(&mut copy.bits, before);
    copy.bits.bundle(&fields, &usual);
    Ok(())
}

/// Lengths of sections (F.3.3).
const SECTION: Choice = [(0, 10), (1024, 14), (17_408, 22), (4_211_712, 30)];

/// Reads a table of contents and writes it in natural order. Lengths as they stand in the file, and for each
/// section in natural order its place there.
pub(super) fn contents(
    reading: &mut Reading<'_>,
    frame: &Frame,
    bits: &mut Bits,
) -> Result<(Vec<u32>, Vec<usize>), Wrong> {
    let part = "table of contents";
    let count = frame.sections().ok_or(Wrong(Reason::TooLarge, "number of sections"))?;
    let mut order: Vec<usize> = (0..usize::try_from(count).unwrap_or(0)).collect();
    if reading.bool(part)? {
        order = reading.permutation(count, part)?;
    }
    reading.aligned("padding in a table of contents")?;
    let sizes = (0..count).map(|_| reading.u32(&SECTION, part)).collect::<Result<Vec<u32>, _>>()?;
    bits.bool(false);
    bits.align();
    for place in &order {
        bits.u32(&SECTION, sizes.get(*place).copied().unwrap_or(0));
    }
    Ok((sizes, order))
}
