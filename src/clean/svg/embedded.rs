//! Pictures inside a drawing: cleaned like any other, before anything decodes them. Fetches none from anywhere.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};

use crate::clean::cleaned::clean_as;
use crate::clean::{Category, FORMATS, Findings, Format, Reason, Refusal, reshoot};
use crate::limits;

/// Clean pictures in the order of their elements, as PNG where they have been decoded already.
#[derive(Default)]
pub(super) struct Images {
    /// Bytes as they stand in the drawing, and what is drawn instead.
    known: Vec<(Vec<u8>, Picture)>,
    pixels: u64,
}

/// A clean picture.
#[derive(Clone)]
pub(super) struct Picture {
    pub(super) media_type: &'static str,
    pub(super) bytes: Vec<u8>,
}

impl Images {
    /// What is drawn for bytes that stand in the drawing.
    pub(super) fn clean(&self, original: &[u8]) -> Option<Picture> {
        self.known.iter().find(|(known, _)| known == original).map(|(_, picture)| picture.clone())
    }
}

/// Cleans the picture behind a link, which must be in the link itself.
pub(super) fn take(link: &str, images: &mut Images, findings: &mut Findings) -> Result<(), Refusal> {
    let refused = |part| Refusal::new(Reason::NotUnderstood, part, 0);
    let data = link.strip_prefix("data:").ok_or(refused("image of another file"))?;
    let (kind, data) = data.split_once(',').ok_or(refused("data URL"))?;
    if !kind.trim_end().ends_with(";base64") {
        return Err(refused("data URL"));
    }
    let letters: Vec<u8> = data.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let original = DECODER.decode(letters).map_err(|_| refused("data URL"))?;
    if images.clean(&original).is_some() {
        return Ok(());
    }
    let format = FORMATS.iter().copied().find(|format| (format.recognise)(&original));
    let format = format.filter(|format| DRAWN.contains(&format.media_type)).ok_or(refused("image of this kind"))?;
    let bytes = cleaned(format, &original, findings)?;
    let (width, height) = size(format, &bytes)?;
    images.pixels = images.pixels.saturating_add(u64::from(width).saturating_mul(height.into()));
    if images.pixels > limits::SVG_IMAGE_PIXELS_MAX {
        return Err(Refusal::new(Reason::TooLarge, "pixels of images", 0));
    }
    let picture = match format.media_type {
        // Decoded as for `--reshoot`, since it is the same on every machine.
        "image/jpeg" => Picture { media_type: "image/png", bytes: reshoot::as_png(format, &bytes)? },
        media_type => Picture { media_type, bytes },
    };
    images.known.push((original, picture));
    Ok(())
}

/// Kinds that are drawn.
const DRAWN: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

fn cleaned(format: &'static Format, original: &[u8], findings: &mut Findings) -> Result<Vec<u8>, Refusal> {
    let (bytes, said, _) = clean_as(format, original)?;
    for finding in said.into_vec() {
        let value = finding.value.unwrap_or_default();
        findings.removed_value(finding.category, format!("embedded image, {}", finding.place), &value);
    }
    findings.removed_value(Category::Identifier, "embedded image", format.name);
    Ok(bytes)
}

/// Width and height by the header alone.
fn size(format: &Format, clean: &[u8]) -> Result<(u32, u32), Refusal> {
    reshoot::size(format, clean).ok_or(Refusal::new(Reason::Damaged, "image", 0))
}

const DECODER: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
