//! GIF, still and animated. Writes only the blocks it has a constructor for, and copies nothing but LZW codes.
//!
//! Source: Graphics Interchange Format, Version 89a (CompuServe 1990), and for the loop Netscape's application
//! extension. Every picture's codes are walked, so that it is known where they end and which colours are
//! drawn; the clean file is then drafted in one fixed order, and [`verify`] reads it again.

mod blocks;
mod extension;
mod frame;
mod table;
#[cfg(test)]
mod tests;
mod verify;

use self::extension::{Extension, Loop};
use self::frame::{Control, Frame, Screen};
use self::table::Table;
use super::cursor::Cursor;
use super::{Category, Draft, Findings, Format, Plan, Reason, Refusal};
use crate::limits;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "image/gif",
    extension: "gif",
    aliases: &["gifv"],
    name: "GIF",
    recognise,
    clean,
    verify: verify::verify,
};

fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"GIF89a") || head.starts_with(b"GIF87a")
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut survey = Survey::start(cursor)?;
    while survey.next_block(cursor)? {}
    survey.finish(cursor)
}

/// What has been read so far.
struct Survey {
    screen: Screen,
    background: u8,
    global: Option<Table>,
    /// Indices into the global table that frames draw.
    global_used: [bool; 256],
    frames: usize,
    global_needed: bool,
    /// Whether the background colour can be seen in some decoder: a frame that is disposed of to it.
    background_shown: bool,
    /// The first frame, until it is known whether there is another.
    first: Option<Frame>,
    body: Plan,
    control: Option<Control>,
    extensions: usize,
    repeats: Option<Loop>,
    findings: Findings,
}

impl Survey {
    /// Header, logical screen descriptor and global colour table (GIF 89a, 17 to 19).
    fn start(cursor: &mut Cursor<'_>) -> Result<Self, Refusal> {
        cursor.skip(6, "header")?;
        let screen = Screen {
            width: cursor.le16("logical screen descriptor")?,
            height: cursor.le16("logical screen descriptor")?,
        };
        let [packed, background, aspect] = cursor.array("logical screen descriptor")?;
        let mut findings = Findings::default();
        // 49 is 1:1, as is 0.
        if !matches!(aspect, 0 | 49) {
            findings.removed_value(Category::Unknown, "GIF pixel aspect ratio", &aspect.to_string());
        }
        let global = Table::read(packed, cursor)?;
        let in_table = global.as_ref().is_some_and(|global| global.len() > usize::from(background));
        Ok(Self {
            screen,
            background: if in_table { background } else { 0 },
            global,
            global_used: [false; 256],
            frames: 0,
            global_needed: false,
            background_shown: false,
            first: None,
            body: Plan::default(),
            control: None,
            extensions: 0,
            repeats: None,
            findings,
        })
    }

    /// Reads a block; `false` at the end of the file.
    fn next_block(&mut self, cursor: &mut Cursor<'_>) -> Result<bool, Refusal> {
        let at = cursor.at();
        if cursor.remaining() == 0 {
            // Many a file lacks its trailer, and no decoder minds.
            return Ok(false);
        }
        match cursor.byte("block")? {
            0x2C => self.image(cursor)?,
            0x21 => self.extension(cursor)?,
            0x3B => {
                let behind = cursor.remaining();
                if behind > 0 {
                    let value = format!("{behind} bytes");
                    self.findings.removed_value(Category::HiddenContent, "after the GIF trailer", &value);
                }
                return Ok(false);
            }
            // Decoders tolerate a terminator too many.
            0 => self.findings.removed(Category::HiddenContent, "between GIF blocks"),
            _ => return Err(Refusal::new(Reason::Damaged, "block", at)),
        }
        Ok(true)
    }

    fn extension(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        self.extensions = self.extensions.saturating_add(1);
        if self.extensions > limits::GIF_BLOCKS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of extensions", cursor.at()));
        }
        match extension::read(cursor, &mut self.findings)? {
            // The last one before an image is the one that decoders go by.
            Some(Extension::Control(control)) => {
                let before = self.control.replace(control);
                if before.is_some() {
                    self.findings.removed(Category::HiddenContent, "further GIF graphic control extension");
                }
            }
            Some(Extension::Loop(repeats)) => self.repeats = Some(repeats),
            None => {}
        }
        Ok(())
    }

    /// Image descriptor, local colour table and image data (GIF 89a, 20 to 22).
    fn image(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        let at = cursor.at();
        self.frames = self.frames.saturating_add(1);
        if self.frames > limits::GIF_BLOCKS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of frames", at));
        }
        let control = self.control.take().unwrap_or_default();
        let mut frame = Frame::read(cursor, control, &mut self.findings)?;
        let covers = frame.covers(self.screen);
        self.background_shown |= frame.disposes_to_background() || self.frames == 1 && !covers;
        if frame.is_outside(self.screen) {
            let place = "GIF frame outside the logical screen, of which programs show more or less";
            self.findings.remains(Category::HiddenContent, place, "");
        }
        let drawn = frame.settle(self.background, self.frames == 1 && !covers);
        match &frame.local {
            Some(local) => frame.local = Some(local.reduced(&drawn).ok_or(outside(at))?),
            None => {
                self.global_needed = true;
                for (used, drawn) in self.global_used.iter_mut().zip(drawn) {
                    *used |= drawn;
                }
                if self.global.as_ref().is_some_and(|global| !global.holds(&drawn)) {
                    return Err(outside(at));
                }
            }
        }
        match self.first.take() {
            None if self.frames == 1 => self.first = Some(frame),
            None => frame.write(&mut self.body, true)?,
            Some(first) => {
                first.write(&mut self.body, true)?;
                frame.write(&mut self.body, true)?;
            }
        }
        Ok(())
    }

    fn finish(mut self, cursor: &Cursor<'_>) -> Result<Draft, Refusal> {
        if self.frames == 0 {
            return Err(Refusal::new(Reason::Damaged, "no image", cursor.at()));
        }
        if let Some(only) = self.first.take() {
            only.write(&mut self.body, false)?;
        }
        if self.control.is_some() {
            self.findings.removed(Category::HiddenContent, "GIF graphic control extension without an image");
        }
        let background = if self.background_shown { self.background } else { 0 };
        if self.background_shown
            && let Some(used) = self.global_used.get_mut(usize::from(background))
        {
            *used = true;
        }
        let global = self.global.filter(|_| self.global_needed || background != 0);
        let global = global.and_then(|global| global.reduced(&self.global_used));
        let mut plan = Plan::default();
        let packed = table::packed(global.as_ref()) | COLOUR_RESOLUTION;
        let [screen_width, screen_height] = [self.screen.width, self.screen.height].map(u16::to_le_bytes);
        plan.bytes(&[b"GIF89a".as_slice(), &screen_width, &screen_height, &[packed, background, 0]].concat())?;
        if let Some(global) = &global {
            plan.bytes(global.bytes())?;
        }
        if let Some(repeats) = self.repeats.filter(|_| self.frames > 1) {
            plan.bytes(&repeats.to_bytes())?;
        }
        plan.append(&self.body)?;
        plan.bytes(&[0x3B])?;
        Ok(Draft::new(plan, self.findings))
    }
}

/// Bits of a colour in the original, less one (GIF 89a, 18.c): always eight.
const COLOUR_RESOLUTION: u8 = 0x70;

/// Decoders disagree on the colour of such a pixel.
fn outside(at: u64) -> Refusal {
    Refusal::new(Reason::Damaged, "pixel outside its colour table", at)
}
