//! Draws a document on white paper, with the pictures that were cleaned and the one font there is.

use std::sync::{Arc, LazyLock};

use resvg::usvg::{FontResolver, ImageHrefResolver, ImageKind, Options, Tree};
use roxmltree::Document;
use tiny_skia::{Color, Pixmap, Transform};

use super::effort;
use super::embedded::Images;
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// DejaVu Sans: Latin, Greek, Cyrillic, Arabic, Armenian, Georgian, Hebrew. What it has no letter for is a box.
static FONT: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    Arc::new(fonts)
});

/// The picture, within [`limits::SVG_SIDE`].
pub(super) fn picture(document: &Document<'_>, images: Images, findings: &mut Findings) -> Result<Pixmap, Refusal> {
    let images = Arc::new(images);
    let options = Options {
        resources_dir: None,
        languages: vec!["en".to_owned()],
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(move |_, original, _| {
                let picture = images.clean(&original)?;
                let bytes = Arc::new(picture.bytes);
                Some(match picture.media_type {
                    "image/png" => ImageKind::PNG(bytes),
                    "image/gif" => ImageKind::GIF(bytes),
                    _ => ImageKind::WEBP(bytes),
                })
            }),
            resolve_string: Box::new(|_, _| None),
        },
        font_resolver: FontResolver {
            select_font: Box::new(|_, fonts| fonts.faces().next().map(|face| face.id)),
            select_fallback: Box::new(|_, _, _| None),
        },
        fontdb: Arc::clone(&FONT),
        ..Options::default()
    };
    let tree = Tree::from_xmltree(document, &options).map_err(|_| Refusal::new(Reason::NotUnderstood, "drawing", 0))?;
    if tree.has_text_nodes() {
        findings.removed(Category::Software, "SVG choice of fonts, text drawn in one");
    }
    let (width, height, scale) = affordable(&tree)?;
    let mut paper = Pixmap::new(width, height).ok_or(Refusal::new(Reason::TooLarge, "size", 0))?;
    paper.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut paper.as_mut());
    Ok(paper)
}

/// The largest size within bounds that can be drawn in bounds, in steps of half the area.
fn affordable(tree: &Tree) -> Result<(u32, u32, f32), Refusal> {
    let mut most = limits::SVG_PIXELS_MAX;
    loop {
        let (width, height, scale) = size(tree.size().width(), tree.size().height(), most)?;
        match effort::check(tree, scale) {
            Ok(()) => return Ok((width, height, scale)),
            Err(refusal) if width.max(height) <= u32::from(*limits::SVG_SIDE.start()) => return Err(refusal),
            Err(Refusal { reason: Reason::TooLarge, .. }) => most = most.min(pixels(width, height)) / 2.0,
            Err(refusal) => return Err(refusal),
        }
    }
}

#[expect(clippy::as_conversions, reason = "no other way to such a float; the last bits do not matter")]
fn pixels(width: u32, height: u32) -> f32 {
    width.saturating_mul(height) as f32
}

/// Width and height in pixels, and how much larger than the drawing says that is.
fn size(width: f32, height: f32, most_pixels: f32) -> Result<(u32, u32, f32), Refusal> {
    let long = width.max(height);
    let (least, most) = (limits::SVG_SIDE.start(), limits::SVG_SIDE.end());
    let [least, most] = [least, most].map(|side| f32::from(*side));
    let mut scale = long.clamp(least, most) / long;
    let area = width * height * scale * scale;
    if area > most_pixels {
        scale = (scale * (most_pixels / area).sqrt()).max(least / long);
    }
    let whole = |side: f32| u32::try_from(crate::clean::metadata::icc::number::rounded(f64::from(side * scale))).ok();
    match (whole(width), whole(height)) {
        (Some(width), Some(height)) if scale.is_normal() => Ok((width.max(1), height.max(1), scale)),
        _ => Err(Refusal::new(Reason::TooLarge, "size", 0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_have_a_bound_and_shapes_stay() {
        let most = limits::SVG_PIXELS_MAX;
        for (width, height) in [(2896.0, 2896.0), (2897.0, 2897.0), (2898.0, 2898.0), (9000.0, 9000.0), (1e30, 1e30)] {
            let (wide, high, _) = size(width, height, most).unwrap();
            assert_eq!(wide, high);
            assert!(pixels(wide, high) <= most * 1.001, "{wide}");
        }
        assert_eq!(size(2048.0, 4096.0, most).unwrap().0, 2048);
        assert_eq!(size(9000.0, 9000.0, 1.0).unwrap().0, 1024);
    }
}
