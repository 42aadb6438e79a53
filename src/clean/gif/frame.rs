//! One image of a GIF: its descriptor, what controls it, and its codes walked to the last. Knows no other image.

use super::blocks::Blocks;
use super::table::{self, Table};
use crate::clean::codec::lzw::{Flavour, Walk};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// The logical screen.
#[derive(Clone, Copy)]
pub(super) struct Screen {
    pub(super) width: u16,
    pub(super) height: u16,
}

/// A graphic control extension (GIF 89a, 23).
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Control {
    /// 0 unspecified, 1 stays, 2 to the background, 3 to what was before.
    disposal: u8,
    /// In hundredths of a second.
    delay: u16,
    transparent: Option<u8>,
}

impl Control {
    /// From the four bytes of its block.
    pub(super) fn new([packed, d0, d1, index]: [u8; 4]) -> Self {
        // Browsers take 4 for 3, as old drafts had it; higher numbers mean nothing.
        let disposal = (packed >> 2 & 7).min(3);
        Self { disposal, delay: u16::from_le_bytes([d0, d1]), transparent: (packed & 1 == 1).then_some(index) }
    }

    /// The extension, if it says anything.
    fn to_bytes(self) -> Vec<u8> {
        if self == Self::default() {
            return Vec::new();
        }
        let packed = self.disposal.wrapping_shl(2) | u8::from(self.transparent.is_some());
        let [d0, d1] = self.delay.to_le_bytes();
        vec![0x21, 0xF9, 4, packed, d0, d1, self.transparent.unwrap_or(0), 0]
    }
}

/// An image that has been read.
pub(super) struct Frame {
    control: Control,
    left: u16,
    top: u16,
    width: u16,
    height: u16,
    interlaced: bool,
    pub(super) local: Option<Table>,
    /// Bits of a root, which the data begin with.
    root_bits: u8,
    /// Indices that stand in the data, and whether they are too few for the image.
    roots: [bool; 256],
    incomplete: bool,
    /// From the first sub-block to the block terminator.
    data: Plan,
}

impl Frame {
    /// Reads an image behind its introducer.
    pub(super) fn read(cursor: &mut Cursor<'_>, control: Control, findings: &mut Findings) -> Result<Self, Refusal> {
        let at = cursor.at();
        let mut field = || cursor.le16("image descriptor");
        let (left, top, width, height) = (field()?, field()?, field()?, field()?);
        let packed = cursor.byte("image descriptor")?;
        let pixels = u64::from(width).saturating_mul(u64::from(height));
        if pixels == 0 {
            return Err(Refusal::new(Reason::Damaged, "image descriptor", at));
        }
        if pixels > limits::PICTURE_PIXELS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of pixels", at));
        }
        let local = Table::read(packed, cursor)?;
        let root_bits = cursor.byte("LZW minimum code size")?;
        if !(1..=8).contains(&root_bits) {
            return Err(Refusal::new(Reason::Damaged, "LZW minimum code size", at));
        }
        let mut walk = Walk::new(Flavour::Gif, u32::from(root_bits), pixels);
        let data = data(cursor, &mut walk, findings)?;
        Ok(Self {
            control,
            left,
            top,
            width,
            height,
            interlaced: packed & 0x40 != 0,
            local,
            root_bits,
            roots: *walk.roots(),
            incomplete: walk.missing() > 0,
            data,
        })
    }

    /// Whether it fills the screen.
    pub(super) fn covers(&self, screen: Screen) -> bool {
        let reaches = |from: u16, len: u16, to: u16| from == 0 && len >= to;
        reaches(self.left, self.width, screen.width) && reaches(self.top, self.height, screen.height)
    }

    /// Whether a part of it is not on the screen.
    pub(super) fn is_outside(&self, screen: Screen) -> bool {
        let beyond = |from: u16, len: u16, to: u16| from.checked_add(len).is_none_or(|end| end > to);
        beyond(self.left, self.width, screen.width) || beyond(self.top, self.height, screen.height)
    }

    /// Whether the screen is cleared to the background after it.
    pub(super) fn disposes_to_background(&self) -> bool {
        self.control.disposal == 2
    }

    /// Chooses the transparent index anew where no pixel has it. Says which indices need their colour: those
    /// that pixels have and that are not transparent; 0, where decoders fill with it what is not drawn; and the
    /// background, where they fill with that.
    pub(super) fn settle(&mut self, background: u8, uncovered: bool) -> [bool; 256] {
        let mut drawn = self.roots;
        if self.incomplete || uncovered {
            drawn[0] = true;
        }
        if self.disposes_to_background()
            && self.local.as_ref().is_none_or(|local| local.len() > usize::from(background))
            && let Some(drawn) = drawn.get_mut(usize::from(background))
        {
            *drawn = true;
        }
        if let Some(index) = &mut self.control.transparent {
            if !self.roots.get(usize::from(*index)).copied().unwrap_or(false) {
                let free = (0_u8..=255).zip(&self.roots).find(|(_, met)| !**met);
                *index = free.map_or(*index, |(free, _)| free);
            }
            if let Some(drawn) = drawn.get_mut(usize::from(*index)) {
                *drawn = false;
            }
        }
        drawn
    }

    /// Appends the image. In a still one nobody sees how long it lasts and what comes after it.
    pub(super) fn write(&self, plan: &mut Plan, animated: bool) -> Result<(), Refusal> {
        let still = Control { transparent: self.control.transparent, ..Control::default() };
        let control = if animated { self.control } else { still };
        plan.bytes(&control.to_bytes())?;
        let place = [self.left, self.top, self.width, self.height].map(u16::to_le_bytes);
        let packed = table::packed(self.local.as_ref()) | if self.interlaced { 0x40 } else { 0 };
        plan.bytes(&[&[0x2C], place.as_flattened(), &[packed]].concat())?;
        if let Some(local) = &self.local {
            plan.bytes(local.bytes())?;
        }
        plan.bytes(&[self.root_bits])?;
        plan.append(&self.data)
    }
}

/// Reads the sub-blocks of an image to their terminator, and drafts them as far as codes matter.
fn data(cursor: &mut Cursor<'_>, walk: &mut Walk, findings: &mut Findings) -> Result<Plan, Refusal> {
    let mut blocks = Blocks::default();
    let mut total = 0_u64;
    loop {
        if cursor.remaining() == 0 && walk.has_ended() {
            break;
        }
        let len = cursor.byte("image data")?;
        if len == 0 {
            break;
        }
        let at = cursor.at();
        // The last of a file that was cut behind its last pixel.
        let rest = usize::try_from(cursor.remaining()).unwrap_or(usize::MAX);
        let len = if walk.has_ended() { usize::from(len).min(rest) } else { usize::from(len) };
        let bytes = cursor.bytes(len, "image data")?;
        total = total.saturating_add(u64::try_from(len).unwrap_or(0));
        if !walk.has_ended() {
            let used = walk.feed(&bytes).map_err(|_| Refusal::new(Reason::Damaged, "LZW code", at))?;
            blocks.push(at, u64::try_from(used).unwrap_or(0))?;
        }
    }
    let tail = walk.tail();
    if total > walk.kept().saturating_add(u64::try_from(tail.len()).unwrap_or(0)) {
        findings.removed(Category::HiddenContent, "after the LZW end code");
    }
    blocks.finish(walk.kept(), &tail)
}
