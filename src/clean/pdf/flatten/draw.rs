//! Has each page drawn, on white paper, one after the other. What the drawing itself warns of is refused.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use hayro::hayro_interpret::{
    Context, InterpreterCache, InterpreterSettings, InterpreterWarning, RenderContent, TransformExt, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
use hayro::kurbo::{Affine, Rect};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::vello_cpu::peniko::ImageAlphaType;
use hayro::vello_cpu::{Level, Pixmap, RasterizerSettings, RenderContext, RenderSettings, Resources, TargetInit};
use hayro::{RenderCache, render_into};
use zeroize::Zeroizing;

use super::Resolution;
use super::absent::Absent;
use super::effort::Effort;
use super::painted::Painted;
use super::paper::Paper;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// A page that has been drawn.
pub(super) struct Drawn {
    /// Counts from one.
    pub(super) number: usize,
    pub(super) paper: Paper,
    /// Four bytes a pixel, of which the last is full: red, green, blue.
    pub(super) pixels: Zeroizing<Vec<u8>>,
}

/// Hands every page of a clean document to `add`, drawn. How many there were.
///
/// # Errors
/// [`Reason::NotFlattened`], and those of `add`.
pub(super) fn each(
    clean: Arc<Zeroizing<Vec<u8>>>,
    resolution: Resolution,
    absent: Absent,
    add: &mut dyn FnMut(Drawn) -> Result<(), Refusal>,
) -> Result<usize, Refusal> {
    let failed = |part| Refusal::new(Reason::NotFlattened, part, 0);
    let document = Pdf::new(clean).map_err(|_| failed("document"))?;
    let warned = Arc::new(Warned::default());
    let settings = settings(&warned);
    let (cache, counting) = (RenderCache::new(), InterpreterCache::new());
    let mut effort = Effort::new(absent);
    let (mut count, mut work, mut pixels) = (0_usize, 0.0, 0.0);
    for (page, number) in document.pages().iter().zip(1..) {
        let paper = Paper::of(page, resolution)?;
        pixels += paper.pixels();
        let (columns, rows) = (f64::from(paper.columns), f64::from(paper.rows));
        let canvas = Rect::new(0.0, 0.0, columns, rows);
        let mut context = Context::new(transform(page, &paper), canvas, &counting, page.xref(), settings.clone());
        interpret_page(page, &mut context, &mut Painted::new(&mut effort, columns, rows));
        drop(context);
        work += effort.next_page();
        if pixels > limits::FLAT_ALL_PIXELS_MAX || work > limits::FLAT_ALL_EFFORT_MAX {
            return Err(Refusal::new(Reason::NotFlattened, "too many pages to draw", 0));
        }
        let pixels = page_drawn(page, &paper, &cache, &settings);
        warned.check()?;
        add(Drawn { number, paper, pixels })?;
        count = number;
    }
    Ok(count)
}

/// Which warnings there have been.
#[derive(Default)]
struct Warned {
    font: AtomicBool,
    picture: AtomicBool,
    other: AtomicBool,
}

impl Warned {
    fn check(&self) -> Result<(), Refusal> {
        let parts = [
            (&self.font, "a font that cannot be read"),
            (&self.picture, "a picture that cannot be decoded"),
            (&self.other, "something that cannot be drawn"),
        ];
        match parts.iter().find(|(there, _)| there.load(Ordering::Relaxed)) {
            Some((_, part)) => Err(Refusal::new(Reason::NotFlattened, part, 0)),
            None => Ok(()),
        }
    }
}

fn settings(warned: &Arc<Warned>) -> InterpreterSettings {
    let warned = Arc::clone(warned);
    InterpreterSettings {
        warning_sink: Arc::new(move |warning| {
            let place = match warning {
                InterpreterWarning::UnsupportedFont => &warned.font,
                InterpreterWarning::ImageDecodeFailure => &warned.picture,
                _ => &warned.other,
            };
            place.store(true, Ordering::Relaxed);
        }),
        render_content: RenderContent::PAGE,
        ..InterpreterSettings::default()
    }
}

/// From the units of a page to its pixels.
fn transform(page: &Page<'_>, paper: &Paper) -> Affine {
    let own = page.initial_transform(true).to_kurbo();
    let across = f64::from(paper.columns) / paper.width.max(1.0);
    let down = f64::from(paper.rows) / paper.height.max(1.0);
    own.then_scale_non_uniform(across, down)
}

fn page_drawn<'a>(
    page: &'a Page<'a>,
    paper: &Paper,
    cache: &RenderCache<'a>,
    settings: &InterpreterSettings,
) -> Zeroizing<Vec<u8>> {
    // Not what the processor can do best, which would make other bytes on others.
    let level = RenderSettings { level: Level::baseline(), num_threads: 0 };
    let mut context = RenderContext::new_with(paper.columns, paper.rows, level);
    // Programs in fonts that move the outlines to pixels are not run, and no glyph is drawn from memory.
    let render = hayro::RenderSettings { hinting: false, glyph_caching: false, ..hayro::RenderSettings::default() };
    render_into(page, cache, settings, &render, &mut context, transform(page, paper));
    context.flush();
    let mut pixmap = Pixmap::new(paper.columns, paper.rows);
    let white = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..RasterizerSettings::default() };
    context.render_with(&mut pixmap, &mut Resources::default(), white);
    Zeroizing::new(pixmap.take_rgba8(ImageAlphaType::AlphaPremultiplied))
}
