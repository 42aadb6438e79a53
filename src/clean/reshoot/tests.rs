//! Pictures of every kind that is decoded, made here: what they show must come through, and sizes hold at their bounds.

use std::io::Cursor as Buffer;

use super::decode::{Channels, Raster, decoder};
use super::{LongSide, concerns, reshot};
use crate::clean::Reason;
use crate::clean::{FORMATS, Format, jpeg};
use crate::limits;

const WIDTH: u32 = 40;
const HEIGHT: u32 = 30;

/// Rows of red, green and blue, no two alike.
fn pattern() -> Vec<u8> {
    let pixel = |y: u32, x: u32| [x * 6, y * 8, 255 - x * 2 - y * 3].map(|value| u8::try_from(value).unwrap());
    (0..HEIGHT).flat_map(|y| (0..WIDTH).flat_map(move |x| pixel(y, x))).collect()
}

fn decode(media_type: &str, bytes: &[u8]) -> Result<Raster, crate::clean::Refusal> {
    decoder(media_type).unwrap()(bytes)
}

#[track_caller]
fn check(media_type: &str, bytes: &[u8], expected: &[u8]) {
    let raster = decode(media_type, bytes).unwrap();
    assert_eq!((raster.width, raster.height, raster.channels), (WIDTH, HEIGHT, Channels::Rgb));
    assert!(*raster.samples == expected, "{media_type}");
}

fn rgba(alpha: u8) -> Vec<u8> {
    pattern().as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, alpha]).collect()
}

fn as_png(colour: png::ColorType, samples: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
    encoder.set_color(colour);
    encoder.write_header().unwrap().write_image_data(samples).unwrap();
    bytes
}

fn as_webp(colour: image_webp::ColorType, samples: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    image_webp::WebPEncoder::new(&mut bytes).encode(samples, WIDTH, HEIGHT, colour).unwrap();
    bytes
}

fn as_gif(frames: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    let palette: Vec<u8> = (0..=255).flat_map(|index| [index, index / 2, 255 - index]).collect();
    let [width, height] = [WIDTH, HEIGHT].map(|side| u16::try_from(side).unwrap());
    let mut encoder = gif::Encoder::new(&mut bytes, width, height, &palette).unwrap();
    for _ in 0..frames {
        let buffer = (0..WIDTH * HEIGHT).map(|at| u8::try_from(at % 256).unwrap()).collect::<Vec<u8>>();
        encoder.write_frame(&gif::Frame { width, height, buffer: buffer.into(), ..gif::Frame::default() }).unwrap();
    }
    drop(encoder);
    bytes
}

fn as_tiff(pages: usize) -> Vec<u8> {
    let mut bytes = Buffer::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut bytes).unwrap();
    for _ in 0..pages {
        encoder.write_image::<tiff::encoder::colortype::RGB8>(WIDTH, HEIGHT, &pattern()).unwrap();
    }
    bytes.into_inner()
}

/// A bitmap with a header of 40 bytes, from the bottom up.
fn as_bmp(depth: u16, compression: u32, extra: &[u8], pixels: &[u8]) -> Vec<u8> {
    let mut file = b"BM\0\0\0\0\0\0\0\0".to_vec();
    file.extend(u32::try_from(54 + extra.len()).unwrap().to_le_bytes());
    file.extend([40, 0, 0, 0]);
    file.extend(WIDTH.to_le_bytes());
    file.extend(HEIGHT.to_le_bytes());
    file.extend([1, 0]);
    file.extend(depth.to_le_bytes());
    file.extend(compression.to_le_bytes());
    file.extend([0; 20]);
    [file.as_slice(), extra, pixels].concat()
}

fn rows_from_the_bottom(pixel_bytes: usize, samples: &[u8]) -> Vec<u8> {
    let line = usize::try_from(WIDTH).unwrap() * pixel_bytes;
    samples.chunks_exact(line).rev().flatten().copied().collect()
}

#[test]
fn every_lossless_picture_decodes_to_what_was_encoded() {
    let expected = pattern();
    check("image/png", &as_png(png::ColorType::Rgb, &expected), &expected);
    check("image/png", &as_png(png::ColorType::Rgba, &rgba(255)), &expected);
    check("image/webp", &as_webp(image_webp::ColorType::Rgb8, &expected), &expected);
    check("image/tiff", &as_tiff(1), &expected);
    let grey: Vec<u8> = (0..WIDTH * HEIGHT).map(|at| u8::try_from(at % 251).unwrap()).collect();
    let raster = decode("image/png", &as_png(png::ColorType::Grayscale, &grey)).unwrap();
    assert_eq!(raster.channels, Channels::Grey);
    assert!(*raster.samples == grey);
    let shown: Vec<u8> = (0..WIDTH * HEIGHT)
        .flat_map(|at| [at % 256, at % 256 / 2, 255 - at % 256])
        .map(|value| u8::try_from(value).unwrap())
        .collect();
    check("image/gif", &as_gif(1), &shown);
}

#[test]
fn bitmaps_of_every_kind_decode_to_what_was_encoded() {
    let expected = pattern();
    let bgr: Vec<u8> = expected.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [b, g, r]).collect();
    check("image/bmp", &as_bmp(24, 0, &[], &rows_from_the_bottom(3, &bgr)), &expected);
    let bgrx: Vec<u8> = expected.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [b, g, r, 7]).collect();
    check("image/bmp", &as_bmp(32, 0, &[], &rows_from_the_bottom(4, &bgrx)), &expected);
    let masks = [0xFF_u32, 0xFF00, 0xFF_0000].map(u32::to_le_bytes).concat();
    let rgbx: Vec<u8> = expected.as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 7]).collect();
    check("image/bmp", &as_bmp(32, 3, &masks, &rows_from_the_bottom(4, &rgbx)), &expected);
    let palette: Vec<u8> = (0..=255).flat_map(|index| [255 - index, index / 2, index, 0]).collect();
    let indices: Vec<u8> = (0..WIDTH * HEIGHT).map(|at| u8::try_from(at / WIDTH).unwrap()).collect();
    let shown: Vec<u8> = indices.iter().flat_map(|&index| [index, index / 2, 255 - index]).collect();
    check("image/bmp", &as_bmp(8, 0, &palette, &rows_from_the_bottom(1, &indices)), &shown);
    // Each row a run and its end; every other one spelled out.
    let mut runs = Vec::new();
    for row in (0..30).rev() {
        match row % 2 {
            0 => runs.extend([40, row, 0, 0]),
            _ => runs.extend([&[0, 40][..], &[row; 40], &[0, 0]].concat()),
        }
    }
    runs.extend([0, 1]);
    check("image/bmp", &as_bmp(8, 1, &palette, &runs), &shown);
    let halves: Vec<u8> =
        indices.as_chunks::<2>().0.iter().map(|&[left, right]| ((left % 16) << 4) | (right % 16)).collect();
    let few: Vec<u8> = palette[..64].to_vec();
    let shown: Vec<u8> =
        indices.iter().map(|index| index % 16).flat_map(|index| [index, index / 2, 255 - index]).collect();
    let line: Vec<u8> = halves.chunks_exact(20).rev().flatten().copied().collect();
    let mut four = as_bmp(4, 0, &few, &line);
    four[46] = 16;
    check("image/bmp", &four, &shown);
}

#[test]
fn what_is_transparent_is_white() {
    let white = vec![255; pattern().len()];
    check("image/png", &as_png(png::ColorType::Rgba, &rgba(0)), &white);
    check("image/webp", &as_webp(image_webp::ColorType::Rgba8, &rgba(0)), &white);
    let half: Vec<u8> = pattern()
        .iter()
        .map(|&value| u8::try_from((u32::from(value) * 128 + 127 * 255 + 127) / 255).unwrap())
        .collect();
    let raster = decode("image/png", &as_png(png::ColorType::Rgba, &rgba(128))).unwrap();
    assert!(raster.samples.iter().zip(&half).all(|(a, b)| a.abs_diff(*b) <= 1));
}

#[test]
fn what_moves_or_has_pages_is_refused() {
    for (media_type, bytes) in [("image/gif", as_gif(2)), ("image/tiff", as_tiff(2))] {
        assert_eq!(decode(media_type, &bytes).err().unwrap().reason, Reason::NotReshot, "{media_type}");
    }
}

#[test]
fn cut_and_flipped_pictures_are_refused_or_decoded_and_never_crash() {
    let whole = [
        ("image/png", as_png(png::ColorType::Rgb, &pattern())),
        ("image/webp", as_webp(image_webp::ColorType::Rgb8, &pattern())),
        ("image/gif", as_gif(1)),
        ("image/tiff", as_tiff(1)),
        ("image/bmp", as_bmp(8, 1, &[0; 1024], &[40, 1, 0, 0, 0, 2, 200, 200, 3, 3])),
    ];
    for (media_type, bytes) in whole {
        let step = bytes.len().div_ceil(200);
        for at in (0..bytes.len()).step_by(step) {
            let _ = decode(media_type, &bytes[..at]);
            let mut flipped = bytes.clone();
            flipped[at] ^= 0xFF;
            let _ = decode(media_type, &flipped);
        }
    }
}

#[test]
fn a_long_side_has_bounds_and_never_enlarges() {
    assert_eq!(LongSide::new(limits::RESHOT_SIDE.start() - 1), None);
    assert!(LongSide::new(*limits::RESHOT_SIDE.start()).is_some());
    assert!(LongSide::new(*limits::RESHOT_SIDE.end()).is_some());
    assert_eq!(LongSide::new(limits::RESHOT_SIDE.end() + 1), None);
    let side = LongSide::new(2048).unwrap();
    assert_eq!(side.fit(2047, 3), (2047, 3));
    assert_eq!(side.fit(2048, 2048), (2048, 2048));
    assert_eq!(side.fit(2049, 4098), (1024, 2048));
    assert_eq!(side.fit(65_535, 1), (2048, 1));
    assert_eq!(side.fit(4000, 3000), (2048, 1536));
}

#[test]
fn pixels_to_decode_have_a_bound() {
    let edge = u32::try_from(limits::RESHOT_PIXELS_MAX >> 15).unwrap();
    assert!(super::decode::bounded(1 << 15, edge - 1).is_ok());
    assert!(super::decode::bounded(1 << 15, edge).is_ok());
    assert!(super::decode::bounded(1 << 15, edge + 1).is_err());
    assert!(super::decode::bounded(0, 1).is_err());
}

#[test]
fn every_picture_of_the_table_is_made_anew_or_refused_by_name() {
    let heic = Format { media_type: "image/heic", name: "HEIC picture", ..jpeg_like() };
    assert!(concerns(&heic));
    let refusal = reshot(&heic, &[], LongSide::new(2048).unwrap()).unwrap_err();
    assert_eq!((refusal.reason, refusal.part), (Reason::NotReshot, "HEIC picture"));
    for format in FORMATS.iter().filter(|format| !concerns(format)) {
        assert!(decoder(format.media_type).is_none(), "{}", format.name);
    }
}

fn jpeg_like() -> Format {
    let Format { media_type, extension, aliases, name, recognise, clean, verify } = jpeg::FORMAT;
    Format { media_type, extension, aliases, name, recognise, clean, verify }
}
