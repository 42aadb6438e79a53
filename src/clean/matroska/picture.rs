//! Video of a track (RFC 9559, 5.1.4.1.28): what tells the size, the shape and the kind of its pictures, as numbers
//! of a known range.

use super::colour::Colour;
use super::projection::Projection;
use super::{dropped, id, write};
use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// What is kept of Video.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Picture {
    width: u32,
    height: u32,
    /// PixelCropBottom, -Top, -Left, -Right.
    crops: [u32; 4],
    display: Display,
    /// FlagInterlaced: 1 for interlaced, 2 for progressive.
    interlaced: u64,
    field_order: Option<u64>,
    stereo_mode: u64,
    /// AlphaMode: whether BlockAdditional holds the alpha channel.
    pub(super) has_alpha: bool,
    colour: Colour,
    projection: Option<Projection>,
}

/// How large the picture is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Display {
    /// As large as it is.
    #[default]
    AsCoded,
    /// In pixels.
    Pixels(u32, u32),
    /// In proportion, without a common divisor.
    Aspect(u32, u32),
    /// Not told, so that what the codec says counts.
    Unknown,
}

/// What is read of Display before all of it is known.
#[derive(Default)]
struct Shown {
    width: u64,
    height: u64,
    unit: u64,
}

impl Picture {
    /// Reads it.
    pub(super) fn read(cursor: &mut Cursor<'_>, video: &Element, findings: &mut Findings) -> Result<Self, Refusal> {
        let mut picture = Self::default();
        let mut shown = Shown::default();
        let (mut field_order, mut has_colour, mut has_projection) = (None, false, false);
        let mut children = Children::of(video);
        while let Some(child) = children.next(cursor)? {
            let mut number = |part| Ok::<u64, Refusal>(ebml::uint(cursor, &child, part)?.unwrap_or(0));
            let side = |value: u64, part| {
                let side = u32::try_from(value).ok().filter(|&side| side <= limits::PICTURE_SIDE_MAX);
                side.ok_or(Refusal::new(Reason::Damaged, part, child.at))
            };
            let [bottom, top, left, right] = &mut picture.crops;
            match child.id {
                id::PIXEL_WIDTH => picture.width = side(number("PixelWidth")?, "PixelWidth")?,
                id::PIXEL_HEIGHT => picture.height = side(number("PixelHeight")?, "PixelHeight")?,
                id::PIXEL_CROP_BOTTOM => *bottom = side(number("PixelCropBottom")?, "PixelCropBottom")?,
                id::PIXEL_CROP_TOP => *top = side(number("PixelCropTop")?, "PixelCropTop")?,
                id::PIXEL_CROP_LEFT => *left = side(number("PixelCropLeft")?, "PixelCropLeft")?,
                id::PIXEL_CROP_RIGHT => *right = side(number("PixelCropRight")?, "PixelCropRight")?,
                id::DISPLAY_WIDTH => shown.width = number("DisplayWidth")?,
                id::DISPLAY_HEIGHT => shown.height = number("DisplayHeight")?,
                id::DISPLAY_UNIT => shown.unit = number("DisplayUnit")?,
                id::FLAG_INTERLACED => {
                    picture.interlaced = Some(number("FlagInterlaced")?).filter(|flag| *flag <= 2).unwrap_or(0);
                }
                id::FIELD_ORDER => field_order = Some(number("FieldOrder")?),
                id::STEREO_MODE => {
                    picture.stereo_mode = Some(number("StereoMode")?).filter(|mode| *mode <= 14).unwrap_or(0);
                }
                id::ALPHA_MODE => picture.has_alpha = number("AlphaMode")? == 1,
                // Decoders do not agree on which of two counts.
                id::COLOUR if std::mem::replace(&mut has_colour, true) => {
                    return Err(Refusal::new(Reason::Damaged, "more than one Colour", child.at));
                }
                id::PROJECTION if std::mem::replace(&mut has_projection, true) => {
                    return Err(Refusal::new(Reason::Damaged, "more than one Projection", child.at));
                }
                id::COLOUR => picture.colour = Colour::read(cursor, &child, findings)?,
                id::PROJECTION => picture.projection = Projection::read(cursor, &child, findings)?,
                0x54B3 => findings.removed(Category::Software, "Video AspectRatioType"),
                0x53B9 => findings.removed(Category::Software, "Video OldStereoMode"),
                0x2E_B524 => findings.removed(Category::Software, "Video UncompressedFourCC"),
                0x2F_B523 => findings.removed(Category::Software, "Video GammaValue"),
                0x23_83E3 => findings.removed(Category::Software, "Video FrameRate"),
                _ => dropped::element(cursor, &child, "Video", findings)?,
            }
        }
        // Only an interlaced picture has an order of fields (RFC 9559, 5.1.4.1.28.2).
        picture.field_order =
            field_order.filter(|order| picture.interlaced == 1 && matches!(order, 0 | 1 | 6 | 9 | 14));
        picture.display = picture.shown_as(&shown).ok_or(Refusal::new(Reason::Damaged, "Video", video.at))?;
        Ok(picture)
    }

    /// Width and height as coded.
    pub(super) fn size(&self) -> [u32; 2] {
        [self.width, self.height]
    }

    /// `None` if there is no picture.
    fn shown_as(&self, shown: &Shown) -> Option<Display> {
        let [bottom, top, left, right] = self.crops;
        let width = self.width.checked_sub(left)?.checked_sub(right).filter(|&width| width > 0)?;
        let height = self.height.checked_sub(top)?.checked_sub(bottom).filter(|&height| height > 0)?;
        let given = |value: u64, coded: u32| if value == 0 { u64::from(coded) } else { value };
        let (w, h) = (given(shown.width, width), given(shown.height, height));
        let fits = |value: u64| u32::try_from(value).ok().filter(|&side| side <= limits::PICTURE_SIDE_MAX);
        Some(match shown.unit {
            0 if (w, h) == (width.into(), height.into()) => Display::AsCoded,
            0 if fits(w).is_some() && fits(h).is_some() => Display::Pixels(fits(w)?, fits(h)?),
            // Centimetres and inches are as good as a proportion.
            0..=3 => {
                let divisor = common_divisor(w, h);
                Display::Aspect(fits(w.checked_div(divisor)?)?, fits(h.checked_div(divisor)?)?)
            }
            _ => Display::Unknown,
        })
    }

    /// As it is written.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut body = write::uint(id::PIXEL_WIDTH, self.width.into());
        body.extend(write::uint(id::PIXEL_HEIGHT, self.height.into()));
        let crops = [id::PIXEL_CROP_BOTTOM, id::PIXEL_CROP_TOP, id::PIXEL_CROP_LEFT, id::PIXEL_CROP_RIGHT];
        for (id, crop) in crops.into_iter().zip(self.crops).filter(|(_, crop)| *crop > 0) {
            body.extend(write::uint(id, crop.into()));
        }
        let (size, unit) = match self.display {
            Display::AsCoded => (None, 0),
            Display::Pixels(width, height) => (Some((width, height)), 0),
            Display::Aspect(width, height) => (Some((width, height)), 3),
            Display::Unknown => (None, 4),
        };
        if let Some((width, height)) = size {
            body.extend(write::uint(id::DISPLAY_WIDTH, width.into()));
            body.extend(write::uint(id::DISPLAY_HEIGHT, height.into()));
        }
        let flags = [
            (id::DISPLAY_UNIT, unit),
            (id::FLAG_INTERLACED, self.interlaced),
            (id::FIELD_ORDER, self.field_order.unwrap_or(0)),
            (id::STEREO_MODE, self.stereo_mode),
            (id::ALPHA_MODE, self.has_alpha.into()),
        ];
        for (id, value) in flags {
            // FieldOrder has a default of its own, which is not 0.
            if value > 0 || (id == id::FIELD_ORDER && self.field_order.is_some()) {
                body.extend(write::uint(id, value));
            }
        }
        body.extend(self.colour.to_bytes());
        body.extend(self.projection.iter().flat_map(Projection::to_bytes));
        write::element(id::VIDEO, &body)
    }
}

/// By Euclid.
fn common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or(0));
    }
    a
}

#[cfg(test)]
mod tests {
    use super::*;

    fn display(width: u64, height: u64, unit: u64) -> Option<Display> {
        let picture = Picture { width: 720, height: 576, crops: [0, 0, 8, 8], ..Picture::default() };
        picture.shown_as(&Shown { width, height, unit })
    }

    #[test]
    fn a_display_size_that_says_nothing_is_left_out() {
        assert_eq!(display(0, 0, 0), Some(Display::AsCoded));
        assert_eq!(display(704, 576, 0), Some(Display::AsCoded));
        assert_eq!(display(1024, 0, 0), Some(Display::Pixels(1024, 576)));
        assert_eq!(display(1024, 576, 4), Some(Display::Unknown));
    }

    #[test]
    fn centimetres_and_proportions_become_the_smallest_proportion() {
        for unit in 1..=3 {
            assert_eq!(display(160, 90, unit), Some(Display::Aspect(16, 9)));
        }
        assert_eq!(display(65_536 * 3, 65_536 * 2, 0), Some(Display::Aspect(3, 2)));
        assert_eq!(display(65_537, 2, 3), None);
    }

    #[test]
    fn a_picture_that_is_cropped_away_is_damaged() {
        let picture = Picture { width: 16, height: 16, crops: [8, 8, 0, 0], ..Picture::default() };
        assert_eq!(picture.shown_as(&Shown::default()), None);
    }
}
