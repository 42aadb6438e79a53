//! Reads a produced GIF to its end and accounts for every byte. Written from the specification; shares with the
//! cleaner the walk over LZW codes, and neither its reading nor its writing.

use std::io::Read;

use crate::clean::Unaccounted;
use crate::clean::codec::lzw::{Flavour, Walk};
use crate::clean::produced::Produced;
use crate::limits;

/// Reads to the end of `produced`, which must be just what the cleaner makes.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut input = Produced::new(produced);
    input.expect(b"GIF89a", "header")?;
    let [w0, w1, h0, h1, packed, background, aspect] = input.array()?;
    let screen = [[w0, w1], [h0, h1]].map(|side| u32::from(u16::from_le_bytes(side)));
    if !matches!(packed, 0x70 | 0xF0..=0xF7) || aspect != 0 {
        return input.wrong("logical screen descriptor");
    }
    let global = colours(&mut input, packed)?;
    let mut seen = Seen::new(screen, background);
    let (mut repeats, mut in_time) = (false, false);
    loop {
        if seen.frames > limits::GIF_BLOCKS_MAX {
            return input.wrong("number of frames");
        }
        match input.byte()? {
            0x21 => match input.byte()? {
                0xF9 => in_time |= seen.controlled(&mut input)?,
                0xFF if seen.frames == 0 && !repeats => {
                    input.expect(b"\x0BNETSCAPE2.0\x03\x01", "loop extension")?;
                    let _: [u8; 2] = input.array()?;
                    input.expect(&[0], "loop extension")?;
                    repeats = true;
                }
                _ => return input.wrong("extension"),
            },
            0x2C => seen.image(&mut input, 0, None)?,
            0x3B if seen.frames > 0 => break,
            _ => return input.wrong("block"),
        }
    }
    // Of a still picture nobody sees duration and repetition.
    if seen.frames == 1 && (repeats || in_time) {
        return input.wrong("animation of a still picture");
    }
    if !seen.accounts_for(global.as_deref()) {
        return input.wrong("global colour table");
    }
    input.end("bytes after the trailer")
}

/// What images show of the screen and of the global colour table.
struct Seen {
    screen: [u32; 2],
    background: u8,
    frames: usize,
    /// Indices of the global table that need their colour.
    drawn: [bool; 256],
    uses_global: bool,
    shows_background: bool,
}

impl Seen {
    fn new(screen: [u32; 2], background: u8) -> Self {
        Self { screen, background, frames: 0, drawn: [false; 256], uses_global: false, shows_background: false }
    }

    /// The rest of a graphic control extension, and its image. Whether it says more than transparency.
    fn controlled(&mut self, input: &mut Produced<'_>) -> Result<bool, Unaccounted> {
        let [4, packed, d0, d1, index, 0] = input.array()? else { return input.wrong("graphic control extension") };
        let (disposal, transparent) = (packed >> 2, packed & 1 == 1);
        let in_time = [d0, d1] != [0, 0] || disposal != 0;
        if packed & 2 != 0 || disposal > 3 || !transparent && (index != 0 || !in_time) {
            return input.wrong("graphic control extension");
        }
        if input.byte()? != 0x2C {
            return input.wrong("graphic control extension without an image");
        }
        self.image(input, disposal, transparent.then_some(index))?;
        Ok(in_time)
    }

    /// An image behind its introducer.
    fn image(&mut self, input: &mut Produced<'_>, disposal: u8, transparent: Option<u8>) -> Result<(), Unaccounted> {
        let place: [u8; 8] = input.array()?;
        let mut place = place.as_chunks::<2>().0.iter().map(|side| u32::from(u16::from_le_bytes(*side)));
        let mut side = || place.next().unwrap_or(0);
        let (left, top, width, height) = (side(), side(), side(), side());
        let packed = input.byte()?;
        let pixels = u64::from(width).saturating_mul(u64::from(height));
        if !matches!(packed & 0xBF, 0 | 0x80..=0x87) || pixels == 0 || pixels > limits::PICTURE_PIXELS_MAX {
            return input.wrong("image descriptor");
        }
        let local = colours(input, packed)?;
        let (met, complete) = codes(input, pixels)?;

        let [screen_width, screen_height] = self.screen;
        let covers = left == 0 && top == 0 && width >= screen_width && height >= screen_height;
        let uncovered = self.frames == 0 && !covers;
        self.shows_background |= disposal == 2 || uncovered;
        let mut drawn = met;
        drawn[0] |= !complete || uncovered;
        if let Some(background) = drawn.get_mut(usize::from(self.background)) {
            let holds = |table: &Vec<u8>| table.len() / 3 > usize::from(self.background);
            *background |= disposal == 2 && local.as_ref().is_none_or(holds);
        }
        if let Some(index) = transparent.map(usize::from) {
            // One that a pixel has, or the first that none has.
            let free = met.iter().position(|met| !met);
            if met.get(index) != Some(&true) && free != Some(index) {
                return input.wrong("transparent colour");
            }
            if let Some(drawn) = drawn.get_mut(index) {
                *drawn = false;
            }
        }
        match local {
            Some(local) if !are_drawn(&local, &drawn) => return input.wrong("local colour table"),
            Some(_) => {}
            None => {
                self.uses_global = true;
                self.drawn.iter_mut().zip(drawn).for_each(|(all, drawn)| *all |= drawn);
            }
        }
        self.frames = self.frames.saturating_add(1);
        Ok(())
    }

    /// Whether the global table is there for a reason, and holds what is drawn and nothing else.
    fn accounts_for(&self, global: Option<&[u8]>) -> bool {
        let mut drawn = self.drawn;
        if let Some(background) = drawn.get_mut(usize::from(self.background)) {
            *background |= self.shows_background;
        }
        let Some(global) = global else { return self.background == 0 };
        (self.background == 0 || self.shows_background)
            && (self.uses_global || self.background != 0)
            && are_drawn(global, &drawn)
    }
}

/// The colour table that a packed field announces.
fn colours(input: &mut Produced<'_>, packed: u8) -> Result<Option<Vec<u8>>, Unaccounted> {
    if packed & 0x80 == 0 {
        return Ok(None);
    }
    let size = usize::from(packed & 7);
    let len = [6, 12, 24, 48, 96, 192, 384, 768].get(size).copied().unwrap_or(0);
    input.bytes(len).map(Some)
}

/// Whether a table is as short as can be, and each colour in it is drawn or a filling.
fn are_drawn(table: &[u8], drawn: &[bool; 256]) -> bool {
    let (colours, _) = table.as_chunks::<3>();
    let last = drawn.iter().rposition(|drawn| *drawn).unwrap_or(0);
    let is_grey =
        colours.iter().enumerate().all(|(index, colour)| colour.iter().all(|&part| usize::from(part) == index));
    let half = colours.len() / 2;
    last < colours.len()
        && (colours.len() == 2 || last >= half)
        && colours.iter().zip(drawn).all(|(colour, drawn)| *drawn || is_grey || *colour == [0; 3])
}

/// LZW data: sub-blocks of 255 bytes but the last, which ends with the end code. Which indices are met, and
/// whether there are as many as the image has pixels.
fn codes(input: &mut Produced<'_>, pixels: u64) -> Result<([bool; 256], bool), Unaccounted> {
    let root_bits = input.byte()?;
    if !(1..=8).contains(&root_bits) {
        return input.wrong("LZW minimum code size");
    }
    let mut walk = Walk::new(Flavour::Gif, u32::from(root_bits), pixels);
    let (mut is_last, mut behind) = (false, Vec::new());
    loop {
        let len = input.byte()?;
        if len == 0 {
            break;
        }
        if is_last {
            return input.wrong("sub-block");
        }
        is_last = len < u8::MAX;
        let block = input.bytes(usize::from(len))?;
        let Ok(used) = walk.feed(&block) else { return input.wrong("LZW code") };
        behind.extend_from_slice(block.get(used..).unwrap_or_default());
        if behind.len() > 4 {
            return input.wrong("after the LZW end code");
        }
    }
    // The walk stops at the last pixel or at an end code before it.
    if !walk.has_ended() || !walk.ends_with(&behind) {
        return input.wrong("LZW end code");
    }
    Ok((*walk.roots(), walk.missing() == 0))
}
