//! From a clean picture's bytes to samples of 8 bits, by decoders written in Rust. Knows nothing of what becomes of them.

use std::io;

use zeroize::Zeroizing;

use super::bmp;
use crate::clean::metadata::exif;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// A decoded picture: rows of one (grey) or three (red, green, blue) bytes a pixel, on white.
pub(super) struct Raster {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) samples: Zeroizing<Vec<u8>>,
    pub(super) channels: Channels,
    /// 1 to 8.
    pub(super) orientation: u8,
    pub(super) colours: Colours,
}

/// What a pixel is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Channels {
    Grey,
    Rgb,
}

impl Channels {
    pub(super) fn count(self) -> usize {
        match self {
            Self::Grey => 1,
            Self::Rgb => 3,
        }
    }
}

/// How samples are meant.
#[derive(Debug)]
pub(super) enum Colours {
    Srgb,
    /// An ICC profile.
    Profile(Vec<u8>),
    /// PNG's gAMA: the exponent of the encoding.
    Gamma(f64),
}

/// Width and height by the header.
pub(super) fn size(media_type: &str, clean: &[u8]) -> Option<(u32, u32)> {
    Some(match media_type {
        "image/jpeg" => {
            let mut decoder = jpeg_decoder::Decoder::new(clean);
            decoder.read_info().ok()?;
            let info = decoder.info()?;
            (info.width.into(), info.height.into())
        }
        "image/png" => {
            let mut decoder = png::Decoder::new(io::Cursor::new(clean));
            let info = decoder.read_header_info().ok()?;
            (info.width, info.height)
        }
        "image/gif" => {
            let decoder = gif::DecodeOptions::new().read_info(clean).ok()?;
            (decoder.width().into(), decoder.height().into())
        }
        "image/webp" => image_webp::WebPDecoder::new(io::Cursor::new(clean)).ok()?.dimensions(),
        _ => return None,
    })
}

/// The samples as PNG.
pub(super) fn encoded_png(raster: &Raster) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, raster.width, raster.height);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_color(match raster.channels {
        Channels::Grey => png::ColorType::Grayscale,
        Channels::Rgb => png::ColorType::Rgb,
    });
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(&raster.samples));
    written.map_err(|_| damaged())?;
    Ok(bytes)
}

type Decoder = fn(&[u8]) -> Result<Raster, Refusal>;

/// The decoder for pictures of this media type; `None` where there is none.
pub(super) fn decoder(media_type: &str) -> Option<Decoder> {
    Some(match media_type {
        "image/jpeg" => jpeg,
        "image/png" => png,
        "image/gif" => gif,
        "image/webp" => webp,
        "image/bmp" => bmp::bmp,
        "image/tiff" => tiff,
        _ => return None,
    })
}

pub(super) fn damaged() -> Refusal {
    Refusal::new(Reason::Damaged, "picture data", 0)
}

pub(super) fn not_reshot(part: &'static str) -> Refusal {
    Refusal::new(Reason::NotReshot, part, 0)
}

/// Refuses before memory is taken.
pub(super) fn bounded(width: u32, height: u32) -> Result<(), Refusal> {
    let pixels = u64::from(width).saturating_mul(u64::from(height));
    let side = 1..=limits::PICTURE_SIDE_MAX;
    if !side.contains(&width) || !side.contains(&height) || pixels > limits::RESHOT_PIXELS_MAX {
        return Err(Refusal::new(Reason::TooLarge, "number of pixels to decode", 0));
    }
    Ok(())
}

/// Bytes of a picture of so many a pixel, which [`bounded`] has passed.
pub(super) fn bytes_of(width: u32, height: u32, a_pixel: usize) -> usize {
    let pixels = u64::from(width).saturating_mul(u64::from(height));
    usize::try_from(pixels).unwrap_or(usize::MAX).saturating_mul(a_pixel)
}

fn jpeg(clean: &[u8]) -> Result<Raster, Refusal> {
    use jpeg_decoder::PixelFormat;

    let mut decoder = jpeg_decoder::Decoder::new(clean);
    decoder.read_info().map_err(|_| not_reshot("JPEG picture of this kind"))?;
    let info = decoder.info().ok_or_else(damaged)?;
    let (width, height) = (u32::from(info.width), u32::from(info.height));
    bounded(width, height)?;
    decoder.set_max_decoding_buffer_size(bytes_of(width, height, 4));
    let orientation = decoder.exif_data().and_then(|block| exif::read(block).orientation).unwrap_or(1);
    let colours = decoder.icc_profile().map_or(Colours::Srgb, Colours::Profile);
    let samples = decoder.decode().map_err(|_| damaged())?;
    let layout = match info.pixel_format {
        PixelFormat::L8 => Layout::Grey,
        PixelFormat::RGB24 => Layout::Rgb,
        PixelFormat::CMYK32 => Layout::Cmyk,
        PixelFormat::L16 => return Err(not_reshot("JPEG picture of this kind")),
    };
    let mut pixels = Pixels::new(width, height, layout);
    pixels.take_all(samples);
    pixels.finish(orientation, colours)
}

fn png(clean: &[u8]) -> Result<Raster, Refusal> {
    let limits = png::Limits { bytes: limits::METADATA_BYTES_MAX };
    let mut decoder = png::Decoder::new_with_limits(io::Cursor::new(clean), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|_| damaged())?;
    let info = reader.info();
    let (width, height) = (info.width, info.height);
    bounded(width, height)?;
    if info.animation_control.is_some() {
        return Err(not_reshot("animation"));
    }
    if info.coding_independent_code_points.is_some_and(|code| matches!(code.transfer_function, 16 | 18)) {
        return Err(not_reshot("picture with a high dynamic range"));
    }
    let orientation = info.exif_metadata.as_ref().and_then(|block| exif::read(block).orientation).unwrap_or(1);
    let colours = match (&info.icc_profile, info.srgb, info.source_gamma) {
        (Some(profile), _, _) => Colours::Profile(profile.to_vec()),
        // 45,455 is how programs write that they mean sRGB.
        (None, None, Some(gamma)) if gamma.into_scaled().abs_diff(45_455) > 50 => {
            Colours::Gamma(f64::from(gamma.into_scaled()) / 100_000.0)
        }
        _ => Colours::Srgb,
    };
    let (kind, _) = reader.output_color_type();
    let mut pixels = Pixels::new(
        width,
        height,
        match kind {
            png::ColorType::Grayscale => Layout::Grey,
            png::ColorType::GrayscaleAlpha => Layout::GreyAlpha,
            png::ColorType::Rgb => Layout::Rgb,
            png::ColorType::Rgba => Layout::Rgba,
            png::ColorType::Indexed => return Err(damaged()),
        },
    );
    if reader.info().interlaced {
        let len = reader.output_buffer_size().ok_or_else(damaged)?;
        let mut buffer = Zeroizing::new(vec![0; len]);
        reader.next_frame(&mut buffer).map_err(|_| damaged())?;
        pixels.take(&buffer);
    } else {
        while let Some(row) = reader.next_row().map_err(|_| damaged())? {
            pixels.take(row.data());
        }
    }
    pixels.finish(orientation, colours)
}

fn gif(clean: &[u8]) -> Result<Raster, Refusal> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let most = limits::RESHOT_PIXELS_MAX.saturating_mul(4);
    options.set_memory_limit(gif::MemoryLimit::Bytes(most.try_into().unwrap_or(std::num::NonZeroU64::MIN)));
    let mut decoder = options.read_info(clean).map_err(|_| damaged())?;
    let (width, height) = (u32::from(decoder.width()), u32::from(decoder.height()));
    bounded(width, height)?;
    let frame = decoder.read_next_frame().map_err(|_| damaged())?.ok_or_else(damaged)?.clone();
    if decoder.next_frame_info().map_err(|_| damaged())?.is_some() {
        return Err(not_reshot("animation"));
    }
    let mut canvas = Zeroizing::new(vec![0; bytes_of(width, height, 4)]);
    let line = usize::try_from(width).unwrap_or(0).saturating_mul(4);
    let (left, top) = (usize::from(frame.left).saturating_mul(4), usize::from(frame.top));
    let frame_line = usize::from(frame.width).saturating_mul(4);
    if frame_line > 0 {
        let rows = canvas.chunks_exact_mut(line.max(1)).skip(top);
        for (to, from) in rows.zip(frame.buffer.chunks_exact(frame_line)) {
            let to = to.get_mut(left..).unwrap_or_default();
            for (to, from) in to.iter_mut().zip(from) {
                *to = *from;
            }
        }
    }
    let mut pixels = Pixels::new(width, height, Layout::Rgba);
    pixels.take(&canvas);
    pixels.finish(1, Colours::Srgb)
}

fn webp(clean: &[u8]) -> Result<Raster, Refusal> {
    let mut decoder = image_webp::WebPDecoder::new(io::Cursor::new(clean)).map_err(|_| damaged())?;
    let (width, height) = decoder.dimensions();
    bounded(width, height)?;
    if decoder.is_animated() {
        return Err(not_reshot("animation"));
    }
    let profile = decoder.icc_profile().map_err(|_| damaged())?;
    let block = decoder.exif_metadata().map_err(|_| damaged())?;
    let orientation = block.and_then(|block| exif::read(&block).orientation).unwrap_or(1);
    let layout = if decoder.has_alpha() { Layout::Rgba } else { Layout::Rgb };
    let mut buffer = vec![0; decoder.output_buffer_size().ok_or_else(damaged)?];
    decoder.read_image(&mut buffer).map_err(|_| damaged())?;
    let mut pixels = Pixels::new(width, height, layout);
    pixels.take_all(buffer);
    pixels.finish(orientation, profile.map_or(Colours::Srgb, Colours::Profile))
}

fn tiff(clean: &[u8]) -> Result<Raster, Refusal> {
    use tiff::ColorType;
    use tiff::decoder::DecodingResult;
    use tiff::tags::Tag;

    let mut decoder = tiff::decoder::Decoder::new(io::Cursor::new(clean)).map_err(|_| damaged())?;
    let (width, height) = decoder.dimensions().map_err(|_| damaged())?;
    bounded(width, height)?;
    if decoder.more_images() {
        return Err(not_reshot("file of several pages"));
    }
    let mut most = tiff::decoder::Limits::default();
    most.decoding_buffer_size = bytes_of(width, height, 8);
    most.intermediate_buffer_size = bytes_of(width, height, 8);
    let mut decoder = decoder.with_limits(most);
    let this_kind = || not_reshot("TIFF picture of this kind");
    let layout = match decoder.colortype().map_err(|_| this_kind())? {
        ColorType::Gray(8 | 16) => Layout::Grey,
        ColorType::GrayA(8 | 16) => Layout::GreyAlpha,
        ColorType::RGB(8 | 16) => Layout::Rgb,
        ColorType::RGBA(8 | 16) => Layout::Rgba,
        ColorType::CMYK(8 | 16) => Layout::Cmyk,
        _ => return Err(this_kind()),
    };
    let orientation = decoder.get_tag_u32(Tag::Orientation).ok().and_then(|value| u8::try_from(value).ok());
    let profile = decoder.get_tag_u8_vec(Tag::Unknown(34_675)).ok();
    let buffer = Zeroizing::new(match decoder.read_image().map_err(|_| this_kind())? {
        DecodingResult::U8(samples) => samples,
        DecodingResult::U16(samples) => samples.iter().map(|sample| sample.to_be_bytes()[0]).collect(),
        _ => return Err(this_kind()),
    });
    let mut pixels = Pixels::new(width, height, layout);
    pixels.take(&buffer);
    let orientation = orientation.filter(|value| (1..=8).contains(value)).unwrap_or(1);
    pixels.finish(orientation, profile.map_or(Colours::Srgb, Colours::Profile))
}

/// The order of samples in a decoder's output.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    Grey,
    GreyAlpha,
    Rgb,
    Rgba,
    /// Inks, 255 is full.
    Cmyk,
}

/// Gathers pixels as they come, on white.
pub(super) struct Pixels {
    width: u32,
    height: u32,
    layout: Layout,
    len: usize,
    samples: Zeroizing<Vec<u8>>,
}

impl Pixels {
    pub(super) fn new(width: u32, height: u32, layout: Layout) -> Self {
        let len = bytes_of(width, height, channels(layout).count());
        Self { width, height, layout, len, samples: Zeroizing::new(Vec::new()) }
    }

    /// Takes all pixels at once, without a copy where they are in their last form already.
    pub(super) fn take_all(&mut self, bytes: Vec<u8>) {
        match self.layout {
            Layout::Grey | Layout::Rgb => self.samples = Zeroizing::new(bytes),
            _ => self.take(&Zeroizing::new(bytes)),
        }
    }

    /// Takes whole pixels in the layout.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        let samples = &mut self.samples;
        // All at once, so that no copies are left behind.
        let missing = self.len.saturating_sub(samples.len());
        samples.reserve_exact(missing);
        match self.layout {
            Layout::Grey | Layout::Rgb => samples.extend_from_slice(bytes),
            Layout::GreyAlpha => samples.extend(bytes.as_chunks().0.iter().map(|&[grey, alpha]| on_white(grey, alpha))),
            Layout::Rgba => {
                for &[red, green, blue, alpha] in bytes.as_chunks().0 {
                    samples.extend([red, green, blue].map(|value| on_white(value, alpha)));
                }
            }
            Layout::Cmyk => {
                for &[cyan, magenta, yellow, black] in bytes.as_chunks().0 {
                    let left = |ink: u8| over(u16::from(u8::MAX.abs_diff(ink)), u8::MAX.abs_diff(black));
                    samples.extend([cyan, magenta, yellow].map(left));
                }
            }
        }
    }

    /// The picture, if just as many pixels came as it has.
    pub(super) fn finish(self, orientation: u8, colours: Colours) -> Result<Raster, Refusal> {
        let Self { width, height, layout, samples, .. } = self;
        let channels = channels(layout);
        if samples.len() != bytes_of(width, height, channels.count()) {
            return Err(damaged());
        }
        Ok(Raster { width, height, samples, channels, orientation, colours })
    }
}

fn channels(layout: Layout) -> Channels {
    match layout {
        Layout::Grey | Layout::GreyAlpha => Channels::Grey,
        Layout::Rgb | Layout::Rgba | Layout::Cmyk => Channels::Rgb,
    }
}

/// What a viewer shows of a sample on white paper.
fn on_white(value: u8, alpha: u8) -> u8 {
    let paper = u8::MAX.abs_diff(alpha);
    over(u16::from(value), alpha).saturating_add(paper)
}

/// `value * share / 255`, to the nearest.
fn over(value: u16, share: u8) -> u8 {
    let product = u32::from(value).saturating_mul(u32::from(share)).saturating_add(127);
    u8::try_from(product / 255).unwrap_or(u8::MAX)
}
