//! Reads a PNG once, chunk by chunk, and keeps what a clean one is made of. Never writes.

mod picture;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use self::picture::Picture;
use super::SIGNATURE;
use super::animation::{Control, Frame, FrameControl};
use super::chunk::{BODY_BYTES_MAX, Body, Chunk};
use super::colour::Colours;
use super::image::Walk;
use super::rows::{Colour, Shape, Watch};
use super::stream::{Carrier, Stream};
use super::{dropped, palette, text};
use crate::clean::cursor::Cursor;
use crate::clean::metadata::exif;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What has been read so far.
pub(super) struct Survey {
    shape: Shape,
    findings: Findings,
    stage: Stage,
    /// Kinds of which only the first counts, and which has come.
    seen: BTreeSet<[u8; 4]>,
    segments: usize,
    text_budget: usize,
    inflated: u64,
    colours: Colours,
    palette: Option<Vec<u8>>,
    transparency: Option<Vec<u8>>,
    orientation: Option<u8>,
    watch: Watch,
    animation: Option<Control>,
    /// Data and offset of an fcTL before IDAT, until it is known whether there is an animation.
    first_fctl: Option<([u8; 26], u64)>,
    first_frame: Option<FrameControl>,
    image: Option<Stream>,
    frames: Vec<Frame>,
    /// Sequence numbers: the next that is expected, and the next that will be written.
    sequence_in: u32,
    sequence_out: u32,
}

/// What a clean PNG is made of.
pub(super) struct Kept {
    pub(super) shape: Shape,
    pub(super) findings: Findings,
    pub(super) animation: Option<Control>,
    pub(super) colours: Colours,
    pub(super) palette: Option<Vec<u8>>,
    pub(super) transparency: Option<Vec<u8>>,
    /// 2 to 8.
    pub(super) orientation: Option<u8>,
    /// Of IDAT, where it is part of the animation.
    pub(super) first_frame: Option<FrameControl>,
    pub(super) image: Stream,
    pub(super) frames: Vec<Frame>,
}

enum Stage {
    /// Before IDAT.
    Head,
    /// Among the IDAT chunks.
    Image(Picture),
    /// After them, and not within a frame.
    Tail,
    /// After an fcTL, among its fdAT chunks.
    Frame(FrameControl, u32, Picture),
}

impl Survey {
    /// Reads the signature and IHDR.
    pub(super) fn start(cursor: &mut Cursor<'_>) -> Result<Self, Refusal> {
        if cursor.array("signature")? != SIGNATURE {
            return Err(Refusal::new(Reason::Damaged, "signature", 0));
        }
        let chunk = Chunk::read(cursor)?;
        match &chunk.kind {
            b"IHDR" => {}
            // Apple's variant for iPhone programs: no zlib header, blue before red.
            b"CgBI" => return Err(Refusal::new(Reason::NotUnderstood, "CgBI", chunk.at)),
            _ => return Err(damaged("IHDR missing", chunk.at)),
        }
        let shape = shape(chunk.exact(cursor, "IHDR")?, chunk.at)?;
        Ok(Self {
            shape,
            findings: Findings::default(),
            stage: Stage::Head,
            seen: BTreeSet::new(),
            segments: 0,
            text_budget: limits::METADATA_BYTES_MAX,
            inflated: 0,
            colours: Colours::default(),
            palette: None,
            transparency: None,
            orientation: None,
            watch: Watch::Nothing,
            animation: None,
            first_fctl: None,
            first_frame: None,
            image: None,
            frames: Vec::new(),
            sequence_in: 0,
            sequence_out: 0,
        })
    }

    /// Reads the next chunk. Returns whether there is another.
    pub(super) fn next_chunk(&mut self, cursor: &mut Cursor<'_>) -> Result<bool, Refusal> {
        let chunk = Chunk::read(cursor)?;
        if chunk.kind != *b"IDAT" {
            if matches!(self.stage, Stage::Image(_)) {
                self.end_picture()?;
            }
            if chunk.kind != *b"fdAT" {
                self.segments = self.segments.saturating_add(1);
                if self.segments > limits::SEGMENTS_MAX {
                    return Err(Refusal::new(Reason::TooLarge, "number of chunks", chunk.at));
                }
            }
        }
        match &chunk.kind {
            b"IDAT" => self.image_data(&chunk, cursor)?,
            b"PLTE" => self.palette(&chunk, cursor)?,
            b"IEND" => {
                self.end(&chunk, cursor)?;
                return Ok(false);
            }
            b"IHDR" => return Err(damaged("IHDR twice", chunk.at)),
            b"acTL" if matches!(self.stage, Stage::Head) => self.animation(&chunk, cursor)?,
            b"fcTL" if matches!(self.stage, Stage::Head) => {
                let data = chunk.exact(cursor, "fcTL")?;
                if self.first_fctl.replace((data, chunk.at)).is_some() {
                    return Err(damaged("fcTL twice before IDAT", chunk.at));
                }
            }
            b"fcTL" if self.animation.is_some() => {
                let data = chunk.exact(cursor, "fcTL")?;
                self.start_frame(data, chunk.at)?;
            }
            b"fdAT" if self.animation.is_some() => self.frame_data(&chunk, cursor)?,
            _ if chunk.is_critical() => {
                return Err(Refusal::new(Reason::NotUnderstood, "critical chunk", chunk.at));
            }
            _ => self.ancillary(&chunk, cursor)?,
        }
        Ok(true)
    }

    /// Settles what depends on all pixels.
    pub(super) fn finish(mut self) -> Result<Kept, Refusal> {
        let Some(image) = self.image else { return Err(damaged("IDAT missing", 0)) };
        if let Some(control) = self.animation {
            let count = self.frames.len().saturating_add(usize::from(self.first_frame.is_some()));
            if usize::try_from(control.frames) != Ok(count) {
                return Err(damaged("acTL number of frames", 0));
            }
            if self.first_frame.is_none() {
                self.findings.remains(Category::HiddenContent, "picture beside the animation", "");
            }
        }
        if self.shape.colour == Colour::Palette {
            let colours = self.palette.unwrap_or_default();
            let entries = palette::used(&colours, self.transparency.as_deref(), &self.watch, &mut self.findings)
                .ok_or(damaged("PLTE too short for the pixels", 0))?;
            (self.palette, self.transparency) = (Some(entries.colours), entries.alphas);
        } else if let Some(key) = &self.transparency
            && !palette::is_key_used(key, &self.watch)
        {
            self.findings.removed(Category::HiddenContent, "tRNS that no pixel has");
            self.transparency = None;
        }
        Ok(Kept {
            shape: self.shape,
            findings: self.findings,
            animation: self.animation,
            colours: self.colours,
            palette: self.palette,
            transparency: self.transparency,
            orientation: self.orientation,
            first_frame: self.first_frame,
            image,
            frames: self.frames,
        })
    }

    fn palette(&mut self, chunk: &Chunk, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        let body = chunk.body(cursor, BODY_BYTES_MAX)?;
        if !body.is_sound {
            return Err(damaged("PLTE", chunk.at));
        }
        if !self.seen.insert(chunk.kind) {
            return Err(damaged("PLTE twice", chunk.at));
        }
        if self.shape.colour == Colour::Palette {
            self.palette = Some(palette::palette(&body.bytes).ok_or(damaged("PLTE", chunk.at))?);
        } else {
            // A suggestion for screens of few colours; in a grey picture not even that.
            self.findings.removed(Category::HiddenContent, "PLTE suggested palette");
        }
        Ok(())
    }

    fn ancillary(&mut self, chunk: &Chunk, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        let Body { bytes, is_sound } = chunk.body(cursor, BODY_BYTES_MAX)?;
        let is_early = matches!(self.stage, Stage::Head);
        match &chunk.kind {
            b"tEXt" | b"zTXt" | b"iTXt" => {
                self.findings.append(text::findings(chunk.kind, &bytes, &mut self.text_budget));
            }
            b"eXIf" => {
                let read = exif::read(bytes.strip_prefix(b"Exif\0\0").unwrap_or(&bytes));
                self.findings.append(read.findings);
                if is_sound && self.seen.insert(chunk.kind) {
                    self.orientation = read.orientation.filter(|orientation| (2..=8).contains(orientation));
                } else {
                    self.findings.removed(Category::HiddenContent, "eXIf damaged or twice");
                }
            }
            b"gAMA" | b"cHRM" | b"sRGB" | b"cICP" | b"iCCP"
                if is_early && is_sound && !self.seen.contains(b"PLTE") && self.seen.insert(chunk.kind) =>
            {
                self.colours.take(chunk.kind, &bytes, self.shape, &mut self.findings);
            }
            b"tRNS" if !matches!(self.shape.colour, Colour::GreyAlpha | Colour::Rgba) => {
                // Decoders disagree on one that stands elsewhere or twice, and so on what the picture is.
                let is_placed = is_early && (self.shape.colour != Colour::Palette || self.palette.is_some());
                if !self.seen.insert(chunk.kind) || !is_placed {
                    return Err(damaged("tRNS place", chunk.at));
                }
                let palette = self.palette.as_deref();
                self.transparency =
                    palette::transparency(&bytes, self.shape, palette, &mut self.findings).filter(|_| is_sound);
                if self.transparency.is_none() {
                    dropped::findings(chunk.kind, &bytes, &mut self.findings);
                }
            }
            _ => dropped::findings(chunk.kind, &bytes, &mut self.findings),
        }
        Ok(())
    }

    fn animation(&mut self, chunk: &Chunk, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        let data = chunk.exact(cursor, "acTL")?;
        let control = Control::new(data).ok_or(damaged("acTL", chunk.at))?;
        if self.animation.replace(control).is_some() {
            return Err(damaged("acTL twice", chunk.at));
        }
        if data.ends_with(&control.plays.to_be_bytes()) {
            return Ok(());
        }
        self.findings.removed(Category::HiddenContent, "acTL number of plays");
        Ok(())
    }

    fn image_data(&mut self, chunk: &Chunk, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        match self.stage {
            Stage::Head => {
                self.end_head(chunk.at)?;
                self.stage = Stage::Image(self.start_picture(self.shape, Carrier::Idat, chunk.at)?);
            }
            Stage::Image(_) => {}
            Stage::Tail | Stage::Frame(..) => return Err(damaged("IDAT apart", chunk.at)),
        }
        let slack = match &mut self.stage {
            Stage::Image(picture) => picture.take(chunk, cursor, &[], &mut self.watch)?,
            Stage::Head | Stage::Tail | Stage::Frame(..) => false,
        };
        if slack {
            self.findings.removed(Category::HiddenContent, "IDAT after the picture");
        }
        Ok(())
    }

    /// Settles what must come before IDAT.
    fn end_head(&mut self, at: u64) -> Result<(), Refusal> {
        if self.shape.colour == Colour::Palette && self.palette.is_none() {
            return Err(damaged("PLTE missing", at));
        }
        self.watch = palette::watch(self.shape, self.transparency.as_deref());
        match (self.first_fctl, self.animation) {
            (Some((data, at)), Some(_)) => {
                let control = self.control(data, at)?;
                if !control.covers(self.shape) {
                    return Err(damaged("fcTL of IDAT", at));
                }
                self.first_frame = Some(control);
                self.sequence_out = 1;
            }
            (Some(_), None) => self.findings.removed(Category::HiddenContent, "fcTL"),
            (None, _) => {}
        }
        Ok(())
    }

    fn start_frame(&mut self, data: [u8; 26], at: u64) -> Result<(), Refusal> {
        self.end_picture()?;
        let control = self.control(data, at)?;
        let shape = Shape { width: control.width, height: control.height, ..self.shape };
        let first = self.sequence_out.saturating_add(1);
        let picture = self.start_picture(shape, Carrier::Fdat(first), at)?;
        self.stage = Stage::Frame(control, self.sequence_out, picture);
        Ok(())
    }

    fn frame_data(&mut self, chunk: &Chunk, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        if chunk.len < 4 {
            return Err(damaged("fdAT", chunk.at));
        }
        let number = cursor.array("fdAT")?;
        self.count(u32::from_be_bytes(number), chunk.at)?;
        let Stage::Frame(_, _, picture) = &mut self.stage else { return Err(damaged("fdAT without fcTL", chunk.at)) };
        if picture.take(chunk, cursor, &number, &mut self.watch)? {
            self.findings.removed(Category::HiddenContent, "fdAT after the picture");
        }
        Ok(())
    }

    /// Checks that `number` is the next sequence number.
    fn count(&mut self, number: u32, at: u64) -> Result<(), Refusal> {
        if number != self.sequence_in {
            return Err(damaged("sequence number", at));
        }
        self.sequence_in = self.sequence_in.checked_add(1).ok_or(damaged("sequence number", at))?;
        Ok(())
    }

    fn control(&mut self, data: [u8; 26], at: u64) -> Result<FrameControl, Refusal> {
        let (number, control) = FrameControl::new(data, self.shape).ok_or(damaged("fcTL", at))?;
        self.count(number, at)?;
        Ok(control)
    }

    fn start_picture(&mut self, shape: Shape, carrier: Carrier, at: u64) -> Result<Picture, Refusal> {
        self.inflated = self.inflated.saturating_add(shape.inflated_bytes());
        if self.inflated > limits::PNG_INFLATED_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "pixels of all frames", at));
        }
        Ok(Picture { at, walk: Walk::new(shape), stream: Stream::new(carrier) })
    }

    /// Ends the picture that is being read, if there is one.
    fn end_picture(&mut self) -> Result<(), Refusal> {
        match std::mem::replace(&mut self.stage, Stage::Tail) {
            Stage::Image(picture) => {
                let (stream, _) = picture.end()?;
                self.image = Some(stream);
            }
            Stage::Frame(control, sequence, picture) => {
                let (stream, next) = picture.end()?;
                self.sequence_out = next;
                self.frames.push(Frame { control, sequence, stream });
            }
            Stage::Head | Stage::Tail => {}
        }
        Ok(())
    }

    fn end(&mut self, chunk: &Chunk, cursor: &mut Cursor<'_>) -> Result<(), Refusal> {
        if matches!(self.stage, Stage::Head) {
            return Err(damaged("IDAT missing", chunk.at));
        }
        self.end_picture()?;
        let body = chunk.body(cursor, BODY_BYTES_MAX)?;
        if !body.is_sound {
            return Err(damaged("IEND", chunk.at));
        }
        if !body.bytes.is_empty() {
            self.findings.removed(Category::HiddenContent, "IEND");
        }
        if cursor.remaining() > 0 {
            self.findings.removed(Category::HiddenContent, "after IEND");
        }
        Ok(())
    }
}

/// IHDR: width, height, depth, colour type, compression, filter, interlace (PNG 3rd edition, 11.2.1).
fn shape(data: [u8; 13], at: u64) -> Result<Shape, Refusal> {
    let [w0, w1, w2, w3, h0, h1, h2, h3, depth, colour, compression, filter, interlace] = data;
    let width = u32::from_be_bytes([w0, w1, w2, w3]);
    let height = u32::from_be_bytes([h0, h1, h2, h3]);
    let colour = Colour::new(colour, depth).ok_or(damaged("IHDR colour type", at))?;
    if width == 0 || height == 0 || compression != 0 || filter != 0 || interlace > 1 {
        return Err(damaged("IHDR", at));
    }
    let pixels = u64::from(width).saturating_mul(u64::from(height));
    if width.max(height) > limits::PICTURE_SIDE_MAX || pixels > limits::PICTURE_PIXELS_MAX {
        return Err(Refusal::new(Reason::TooLarge, "IHDR", at));
    }
    Ok(Shape { width, height, depth, colour, interlaced: interlace == 1 })
}

fn damaged(part: &'static str, at: u64) -> Refusal {
    Refusal::new(Reason::Damaged, part, at)
}
