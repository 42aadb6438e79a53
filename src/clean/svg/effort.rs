//! How much work drawing takes and how much memory, told before it is begun. Draws nothing.

use resvg::usvg::{Group, ImageKind, Node, Paint, Path, Tree};

use super::edges;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// Insists that `tree`, `scale` times as large, can be drawn in bounds.
pub(super) fn check(tree: &Tree, scale: f32) -> Result<(), Refusal> {
    let size = tree.size();
    let canvas = f64::from(size.width()) * f64::from(size.height()) * f64::from(scale) * f64::from(scale);
    let mut effort = Effort { scale: f64::from(scale), canvas, pixels: 0.0, nodes: 0, dashes: 0.0, points: 0 };
    // A group, and the pixels of the layers it is drawn through.
    let mut waiting = vec![(tree.root(), 0.0)];
    while let Some((group, layers)) = waiting.pop() {
        effort.group(group, layers, &mut waiting)?;
    }
    Ok(())
}

/// How many pixels of plain colour one pixel of these is worth; measured.
const CLIP_WEIGHT: f64 = 16.0;
const MASK_WEIGHT: f64 = 28.0;
const LAYER_WEIGHT: f64 = 24.0;
/// For each pixel of length.
const LINE_WEIGHT: f64 = 60.0;
const PATTERN_WEIGHT: f64 = 20.0;
const IMAGE_WEIGHT: f64 = 24.0;
const LINEAR_WEIGHT: f64 = 24.0;
const RADIAL_WEIGHT: f64 = 48.0;

/// Of each pixel all stops are asked.
fn stops_weight(stops: usize) -> f64 {
    f64::from(u32::try_from(stops).unwrap_or(u32::MAX)) / 8.0
}

struct Effort {
    scale: f64,
    canvas: f64,
    pixels: f64,
    nodes: usize,
    dashes: f64,
    points: usize,
}

type Waiting<'a> = Vec<(&'a Group, f64)>;

impl Effort {
    fn group<'a>(&mut self, group: &'a Group, layers: f64, waiting: &mut Waiting<'a>) -> Result<(), Refusal> {
        if !group.filters().is_empty() {
            return Err(Refusal::new(Reason::NotUnderstood, "filter", 0));
        }
        let mut layers = layers;
        if group.should_isolate() {
            let own = self.covered(group.abs_layer_bounding_box().width(), group.abs_layer_bounding_box().height());
            layers += own;
            self.spend(own * LAYER_WEIGHT, layers)?;
        }
        let (mut clip, mut mask) = (group.clip_path(), group.mask());
        // Those of one another are held all at once.
        while let Some(path) = clip.take() {
            layers += self.canvas * 2.0;
            self.spend(self.canvas * CLIP_WEIGHT, layers)?;
            waiting.push((path.root(), layers));
            clip = path.clip_path();
        }
        while let Some(inner) = mask.take() {
            layers += self.canvas * 2.0;
            self.spend(self.canvas * MASK_WEIGHT, layers)?;
            waiting.push((inner.root(), layers));
            mask = inner.mask();
        }
        for node in group.children() {
            self.nodes = self.nodes.saturating_add(1);
            if self.nodes > limits::SVG_DRAWN_MAX {
                return Err(Refusal::new(Reason::TooLarge, "number of elements", 0));
            }
            match node {
                Node::Group(inner) => waiting.push((inner, layers)),
                Node::Path(path) => self.path(path, layers, waiting)?,
                Node::Text(text) => waiting.push((text.flattened(), layers)),
                Node::Image(image) => {
                    if matches!(image.kind(), ImageKind::SVG(_)) {
                        return Err(Refusal::new(Reason::NotUnderstood, "drawing in a drawing", 0));
                    }
                    let bounds = image.abs_bounding_box();
                    let covered = self.covered(bounds.width(), bounds.height());
                    self.spend(covered * IMAGE_WEIGHT, layers)?;
                }
            }
        }
        Ok(())
    }

    fn path<'a>(&mut self, path: &'a Path, layers: f64, waiting: &mut Waiting<'a>) -> Result<(), Refusal> {
        self.points = self.points.saturating_add(path.data().points().len());
        if self.points > limits::SVG_POINTS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of points", 0));
        }
        let bounds = path.abs_stroke_bounding_box();
        let covered = self.covered(bounds.width(), bounds.height());
        let (x, y) = path.abs_transform().get_scale();
        let larger = f64::from(x.max(y)) * self.scale;
        // A line covers no more than its length times its width.
        let along = length(path) * larger;
        let lined = |width: f32| covered.min(along * (f64::from(width) * larger + 2.0)) + along * LINE_WEIGHT;
        let paints = path.fill().map(|fill| (fill.paint(), covered)).into_iter();
        let paints = paints.chain(path.stroke().map(|stroke| (stroke.paint(), lined(stroke.width().get()))));
        for (paint, covered) in paints {
            let weight = match paint {
                Paint::Color(_) => 1.0,
                Paint::LinearGradient(gradient) => LINEAR_WEIGHT + stops_weight(gradient.stops().len()),
                Paint::RadialGradient(gradient) => RADIAL_WEIGHT + stops_weight(gradient.stops().len()),
                Paint::Pattern(pattern) => {
                    let (x, y) = pattern.transform().get_scale();
                    let (own_x, own_y) = path.abs_transform().get_scale();
                    let tile = pattern.rect();
                    let size = |len: f32, scale: f32, own: f32| {
                        f64::from(len) * f64::from(scale) * f64::from(own) * self.scale
                    };
                    let tile = size(tile.width(), x, own_x) * size(tile.height(), y, own_y);
                    self.spend(tile.max(0.0) * 2.0, layers + tile)?;
                    waiting.push((pattern.root(), layers + tile));
                    PATTERN_WEIGHT
                }
            };
            self.spend(covered * weight, layers)?;
        }
        let edges = edges::work(path, self.scale);
        self.spend(edges, layers)?;
        if let Some(stroke) = path.stroke() {
            if !(f64::from(stroke.width().get()) * larger).is_finite() {
                return Err(Refusal::new(Reason::TooLarge, "stroke", 0));
            }
            if let Some(dashes) = stroke.dasharray() {
                let period: f64 = dashes.iter().map(|dash| f64::from(*dash)).sum();
                let count = u32::try_from(dashes.len()).unwrap_or(u32::MAX);
                self.dashes += length(path) / period.max(f64::MIN_POSITIVE) * f64::from(count);
                if self.dashes.is_nan() || self.dashes > limits::SVG_DASHES_MAX {
                    return Err(Refusal::new(Reason::TooLarge, "number of dashes", 0));
                }
            }
        }
        Ok(())
    }

    /// Pixels of a box on the canvas, never more than the canvas has. What is not a number counts as all.
    fn covered(&self, width: f32, height: f32) -> f64 {
        let area = f64::from(width) * f64::from(height) * self.scale * self.scale;
        // Thin lines cover pixels too.
        let around = (f64::from(width) + f64::from(height)) * self.scale * 2.0;
        let covered = area + around;
        if covered.is_nan() { self.canvas } else { covered.clamp(0.0, self.canvas) }
    }

    fn spend(&mut self, pixels: f64, layers: f64) -> Result<(), Refusal> {
        self.pixels += pixels;
        let within = self.pixels <= limits::SVG_EFFORT_MAX;
        if !within {
            return Err(Refusal::new(Reason::TooLarge, "work to draw it", 0));
        }
        if layers.is_nan() || layers > limits::SVG_LAYER_PIXELS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "layers", 0));
        }
        Ok(())
    }
}

/// About the length of an outline: that of the lines between its points, and those that guide its curves.
fn length(path: &Path) -> f64 {
    let points = path.data().points();
    points
        .iter()
        .zip(points.iter().skip(1))
        .map(|(a, b)| (f64::from(b.x) - f64::from(a.x)).abs() + (f64::from(b.y) - f64::from(a.y)).abs())
        .sum()
}
