//! What a page paints, seen as the drawing will see it: areas, outlines, pictures, patterns, masks, all counted and none
//! drawn. A letter that would be missing is refused here.

use std::collections::BTreeSet;

use hayro::hayro_interpret::font::{Glyph, GlyphRun, OutlineGlyph};
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::pattern::{Pattern, ShadingPattern, TilingPattern};
use hayro::hayro_interpret::shading::ShadingType;
use hayro::hayro_interpret::util::x_y_advances;
use hayro::hayro_interpret::{
    BlendMode, CacheKey, ClipPath, Device, DrawMode, DrawProps, Image, ImageDrawProps, Paint, SoftMask, StrokeProps,
};
use hayro::kurbo::{Affine, BezPath, PathEl, Point, Rect};

use super::effort::{Effort, give_up};
use crate::clean::{Reason, Refusal};

/// How many pixels of plain colour each of these is worth; measured.
const POINT_WEIGHT: f64 = 64.0;
const OUTLINE_WEIGHT: f64 = 400.0;
/// For each pixel of length.
const LINE_WEIGHT: f64 = 26.0;
const DASH_WEIGHT: f64 = 300.0;
const IMAGE_WEIGHT: f64 = 8.0;
const PATTERN_WEIGHT: f64 = 60.0;
const DECODED_WEIGHT: f64 = 24.0;
const SHADING_WEIGHT: f64 = 60.0;
const MESH_WEIGHT: f64 = 25.0;
const LAYER_WEIGHT: f64 = 14.0;
/// For each pixel of the canvas, whatever is on a layer.
const LAYER_CANVAS_WEIGHT: f64 = 0.25;
const PATCH_WEIGHT: f64 = 200_000.0;
const MASK_WEIGHT: f64 = 8.0;
const CLIP_WEIGHT: f64 = 1.0;

/// Bytes that are held of these until a page is done.
const EDGE_BYTES: f64 = 12.0;
const COVERED_BYTES: f64 = 2.0;
const OUTLINE_BYTES: f64 = 128.0;
const DASH_BYTES: f64 = 100.0;
const PIXEL_BYTES: f64 = 4.0;
/// And while something is made.
const DECODED_BYTES: f64 = 8.0;
const POINT_BYTES: f64 = 256.0;
const LINE_BYTES: f64 = 8.0;
const CHILD_BYTES: f64 = 8.0;
const MESH_PIXEL_BYTES: f64 = 100.0;
const PATCH_BYTES: f64 = 160_000.0;

/// Triangles that a patch is drawn as overlap, and boxes around them do more.
const PATCH_OVERLAP: f64 = 6.0;

/// Steps of a function that are as much work as a pixel of plain colour.
const STEPS: f64 = 0.25;

/// Somewhere to paint: the page, the cell of a pattern, a mask.
pub(super) struct Painted<'e> {
    effort: &'e mut Effort,
    canvas: Rect,
    /// How often all of it is drawn.
    times: f64,
    /// Masks that are drawn already.
    masks: BTreeSet<u128>,
    /// What is painted on each layer that is open.
    layers: Vec<Rect>,
}

impl<'e> Painted<'e> {
    pub(super) fn new(effort: &'e mut Effort, columns: f64, rows: f64) -> Self {
        Self {
            effort,
            canvas: Rect::new(0.0, 0.0, columns, rows),
            times: 1.0,
            masks: BTreeSet::new(),
            layers: Vec::new(),
        }
    }

    fn spend(&mut self, pixels: f64) {
        self.effort.spend(pixels * self.times);
    }

    fn hold(&mut self, bytes: f64) {
        self.effort.hold(bytes * self.times);
    }

    /// A canvas inside of this one, while `paint` paints it.
    fn child(&mut self, canvas: Rect, times: f64, paint: impl FnOnce(&mut Painted<'_>)) {
        let bytes = canvas.area() * CHILD_BYTES;
        self.effort.hold(bytes);
        let times = self.times * times;
        paint(&mut Painted { effort: &mut *self.effort, canvas, times, masks: BTreeSet::new(), layers: Vec::new() });
        self.effort.hold(-bytes);
    }

    fn seen(&self, bounds: Rect) -> Option<Rect> {
        let seen = bounds.intersect(self.canvas);
        (seen.width() > 0.0 && seen.height() > 0.0).then_some(seen)
    }

    /// Pixels of an area that is painted.
    fn covered(&mut self, bounds: Rect) -> f64 {
        let Some(seen) = self.seen(bounds) else { return 0.0 };
        if let Some(layer) = self.layers.last_mut() {
            *layer = if layer.area() > 0.0 { layer.union(seen) } else { seen };
        }
        seen.area()
    }

    fn mask(&mut self, mask: Option<&SoftMask<'_>>) {
        let Some(mask) = mask else { return };
        if !self.masks.insert(mask.cache_key()) {
            return;
        }
        let canvas = self.canvas;
        self.spend(canvas.area() * MASK_WEIGHT);
        self.hold(canvas.area());
        self.child(canvas, 1.0, |device| mask.interpret(device));
    }

    /// An area of this paint.
    fn paint(&mut self, paint: &Paint<'_>, bounds: Rect, is_stroke: bool) {
        let covered = self.covered(bounds);
        match paint {
            Paint::Color(_) => self.spend(covered),
            Paint::Pattern(pattern) => {
                self.spend(covered * PATTERN_WEIGHT);
                match &**pattern {
                    Pattern::Shading(shading) => self.shading(shading, covered),
                    Pattern::Tiling(tiling) => self.tiling(tiling, bounds.intersect(self.canvas), is_stroke),
                }
            }
        }
    }

    fn shading(&mut self, pattern: &ShadingPattern, covered: f64) {
        let steps = f64::from(self.effort.absent.function_steps) / STEPS;
        self.spend(covered * (SHADING_WEIGHT + steps));
        self.hold(covered * PIXEL_BYTES);
        let mut mesh = Mesh { matrix: pattern.matrix, around: None, triangles: 0.0, patches: 0.0 };
        match &*pattern.shading.shading_type {
            ShadingType::TriangleMesh { triangles, .. } => {
                for triangle in triangles {
                    mesh.add(&[triangle.p0.point, triangle.p1.point, triangle.p2.point], 1.0);
                }
            }
            ShadingType::CoonsPatchMesh { patches, .. } => {
                patches.iter().for_each(|patch| mesh.patch(&patch.control_points))
            }
            ShadingType::TensorProductPatchMesh { patches, .. } => {
                patches.iter().for_each(|patch| mesh.patch(&patch.control_points));
            }
            _ => return,
        }
        self.spend(mesh.triangles * MESH_WEIGHT + mesh.patches * PATCH_WEIGHT);
        let pixels = mesh.around.map_or(0.0, |around| around.area()).min(mesh.triangles);
        let meanwhile = pixels * MESH_PIXEL_BYTES + mesh.patches * PATCH_BYTES;
        self.effort.hold(meanwhile);
        self.effort.hold(-meanwhile);
    }

    /// As the drawing will make the cell of a tiling pattern: as large as a step, or as what of it is seen.
    fn tiling(&mut self, pattern: &TilingPattern<'_>, area: Rect, is_stroke: bool) {
        let area = pattern.matrix.inverse().transform_rect_bbox(area);
        let (across, down) = x_y_advances(&pattern.matrix);
        let cell = pattern.bbox;
        let x = Axis::new(across.length(), (cell.x0, cell.x1), pattern.x_step, (area.x0, area.x1));
        let y = Axis::new(down.length(), (cell.y0, cell.y1), pattern.y_step, (area.y0, area.y1));
        let canvas = Rect::new(0.0, 0.0, x.size, y.size);
        self.spend(canvas.area() * 2.0);
        self.hold(canvas.area() * PIXEL_BYTES);
        let transform = Affine::translate((-x.start, -y.start)).then_scale_non_uniform(x.scale, y.scale);
        self.child(canvas, x.copies * y.copies, |device| {
            let _ = pattern.interpret(device, transform, is_stroke);
        });
    }

    fn outline(&mut self, path: &BezPath, transform: Affine, paint: &Paint<'_>, mode: &DrawMode) {
        let bounds = transform.transform_rect_bbox(path.control_box());
        let points = float(path.elements().len());
        let drawn = length(path, transform, self.canvas.width() + self.canvas.height());
        let fill = matches!(mode, DrawMode::Fill(_) | DrawMode::FillAndStroke(..));
        if fill {
            let covered = self.covered(bounds);
            self.edges(points, drawn, covered);
            self.paint(paint, bounds, false);
        }
        if let DrawMode::Stroke(stroke) | DrawMode::FillAndStroke(_, stroke) = mode {
            self.stroke(path, transform, stroke);
            let (x, y) = x_y_advances(&transform);
            let half = f64::from(stroke.line_width.max(1.0)) * x.length().max(y.length()) + 1.0;
            let around = bounds.inflate(half, half);
            // A line covers no more than its length times its width.
            let covered = self.covered(around).min(drawn * half * 2.0 + half * half * points);
            self.edges(points * 4.0, drawn * 2.0, covered);
            match paint {
                Paint::Color(_) => self.spend(covered),
                Paint::Pattern(_) => self.paint(paint, around, true),
            }
        }
    }

    fn edges(&mut self, points: f64, drawn: f64, covered: f64) {
        self.spend(OUTLINE_WEIGHT + points * POINT_WEIGHT + drawn * LINE_WEIGHT);
        // The squares that lines go through are gathered before those that are one become one.
        let meanwhile = points * POINT_BYTES + drawn * LINE_BYTES;
        self.effort.hold(meanwhile);
        self.effort.hold(-meanwhile);
        self.hold(OUTLINE_BYTES + (drawn * EDGE_BYTES).min(covered * COVERED_BYTES + points));
    }

    fn stroke(&mut self, path: &BezPath, transform: Affine, stroke: &StrokeProps) {
        if !stroke.line_width.is_finite() {
            give_up(Refusal::new(Reason::NotFlattened, "a line that is too wide", 0));
        }
        let period: f64 = stroke.dash_array.iter().map(|dash| f64::from(*dash)).sum();
        if stroke.dash_array.is_empty() || transform.determinant() == 0.0 {
            return;
        }
        let along = length(path, Affine::IDENTITY, f64::INFINITY);
        let dashes = along / period.max(1e-6) * float(stroke.dash_array.len());
        self.spend(dashes * DASH_WEIGHT);
        self.hold(dashes * DASH_BYTES);
    }

    fn glyph(&mut self, glyph: &OutlineGlyph, transform: Affine, props: &DrawProps<'_>, mode: &DrawMode) {
        if self.effort.absent.is_any {
            insist_on(glyph);
        }
        if let DrawMode::Stroke(_) | DrawMode::FillAndStroke(..) = mode {
            let mut outline = glyph.outline();
            outline.apply_affine(transform);
            return self.outline(&outline, props.transform, &props.paint, mode);
        }
        let key = glyph.identifier().cache_key();
        let (points, bounds) = match self.effort.glyphs.get(&key) {
            Some(known) => *known,
            None => {
                let outline = glyph.outline();
                let known = (float(outline.elements().len()), outline.control_box());
                self.effort.glyphs.insert(key, known);
                known
            }
        };
        let bounds = props.transform.transform_rect_bbox(transform.transform_rect_bbox(bounds));
        let covered = self.covered(bounds);
        let around = self.seen(bounds).map_or(0.0, |seen| seen.width() + seen.height());
        self.edges(points, around * 4.0, covered);
        if let Paint::Color(_) = props.paint {
            self.spend(covered);
        }
    }
}

impl<'a> Device<'a> for Painted<'_> {
    fn draw_path(&mut self, path: &BezPath, props: DrawProps<'a>, draw_mode: &DrawMode) {
        self.mask(props.soft_mask.as_ref());
        self.outline(path, props.transform, &props.paint, draw_mode);
    }

    fn push_clip_path(&mut self, clip_path: &ClipPath) {
        let covered = self.seen(clip_path.path.control_box()).map_or(0.0, |seen| seen.area());
        let drawn = length(&clip_path.path, Affine::IDENTITY, self.canvas.width() + self.canvas.height());
        self.edges(float(clip_path.path.elements().len()), drawn, covered);
        self.spend(covered * CLIP_WEIGHT);
    }

    fn push_transparency_group(&mut self, _: f32, mask: Option<SoftMask<'a>>, _: BlendMode) {
        self.mask(mask.as_ref());
        self.spend(self.canvas.area() * LAYER_CANVAS_WEIGHT);
        self.layers.push(Rect::ZERO);
    }

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, mode: &DrawMode) {
        if let DrawMode::Invisible = mode {
            return;
        }
        self.mask(props.soft_mask.as_ref());
        if let Paint::Pattern(_) = props.paint {
            // Once for all of it.
            let canvas = self.canvas;
            self.paint(&props.paint, canvas, !matches!(mode, DrawMode::Fill(_)));
        }
        for glyph in run.glyphs() {
            match &**glyph {
                Glyph::Outline(outline) => self.glyph(outline, glyph.transform(), &props, mode),
                Glyph::Type3(drawn) => drawn.interpret(self, props.transform, glyph.transform(), &props.paint),
            }
        }
    }

    fn draw_image(&mut self, image: Image<'a, '_>, props: ImageDrawProps<'a>) {
        self.mask(props.soft_mask.as_ref());
        let (width, height) = (f64::from(image.width()), f64::from(image.height()));
        let bounds = props.transform.transform_rect_bbox(Rect::new(0.0, 0.0, width, height));
        if !bounds.overlaps(self.canvas) {
            return;
        }
        let covered = self.covered(bounds);
        // One that is drawn smaller than it is in either direction is made as large as it is drawn, also where that is
        // not seen; any other is held as it is.
        let (across, down) = x_y_advances(&props.transform);
        let scaled = |side: f64, scale: f64| (side * scale).ceil().clamp(1.0, f64::from(u16::MAX / 2));
        let held = if across.length() < 1.0 || down.length() < 1.0 {
            scaled(width, across.length()) * scaled(height, down.length())
        } else {
            width * height
        };
        let steps = f64::from(self.effort.absent.function_steps) / STEPS;
        self.spend(width * height * (DECODED_WEIGHT + steps) + held * IMAGE_WEIGHT + covered * IMAGE_WEIGHT);
        self.hold(held * PIXEL_BYTES);
        let meanwhile = width * height * DECODED_BYTES + held * PIXEL_BYTES;
        self.effort.hold(meanwhile);
        self.effort.hold(-meanwhile);
        if let Image::Stencil(stencil) = &image
            && self.effort.absent.has_patterns
        {
            // Through a mask, where it is a pattern.
            let mut paint = None;
            stencil.with_stencil(|_, known| paint = Some(known.clone()), None);
            if let Some(paint @ Paint::Pattern(_)) = paint {
                self.spend(self.canvas.area() * MASK_WEIGHT);
                self.hold(self.canvas.area());
                self.paint(&paint, bounds, false);
            }
        }
    }

    fn pop_clip(&mut self) {}

    fn pop_transparency_group(&mut self) {
        let bounds = self.layers.pop().unwrap_or(Rect::ZERO);
        // Also the layer below is painted there.
        let covered = self.covered(bounds);
        self.spend(covered * LAYER_WEIGHT);
    }
}

/// Refuses a letter that its font has not, where that is not the file's own and so perhaps another than was meant.
fn insist_on(glyph: &OutlineGlyph) {
    if glyph.glyph_id().to_u32() != 0 || !glyph.outline().elements().is_empty() {
        return;
    }
    let is_seen = |letter: char| !letter.is_whitespace() && !letter.is_control();
    let is_missing = match glyph.as_unicode() {
        Some(BfString::Char(letter)) => is_seen(letter),
        Some(BfString::String(letters)) => letters.chars().any(is_seen),
        None => false,
    };
    if is_missing {
        give_up(Refusal::new(Reason::NotFlattened, "a letter of a font that is not in the file", 0));
    }
}

/// The sum of the distances between points, each no more than `most`.
fn length(path: &BezPath, transform: Affine, most: f64) -> f64 {
    let (mut from, mut sum) = (Point::ZERO, 0.0);
    for element in path.elements() {
        let mut to = |point: Point| {
            let point = moved(transform, point);
            let distance = point.distance(from).min(most);
            from = point;
            distance
        };
        sum += match *element {
            PathEl::MoveTo(point) => {
                let _ = to(point);
                0.0
            }
            PathEl::LineTo(point) => to(point),
            PathEl::QuadTo(one, point) => to(one) + to(point),
            PathEl::CurveTo(one, two, point) => to(one) + to(two) + to(point),
            PathEl::ClosePath => 0.0,
        };
    }
    sum
}

/// Where a point comes to.
fn moved(transform: Affine, point: Point) -> Point {
    let [a, b, c, d, e, f] = transform.as_coeffs();
    Point::new(a * point.x + c * point.y + e, b * point.x + d * point.y + f)
}

fn float(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The triangles of a mesh, and how large the boxes around them are in pixels, which are all looked at.
struct Mesh {
    matrix: Affine,
    around: Option<Rect>,
    triangles: f64,
    patches: f64,
}

impl Mesh {
    /// A piece that becomes triangles whose boxes come to so many times its own.
    fn add(&mut self, points: &[Point], times: f64) {
        // The whole plane of pixels that there can be, since meshes are not cut at the canvas.
        let plane = Rect::new(0.0, 0.0, f64::from(u16::MAX), f64::from(u16::MAX));
        let points = points.iter().map(|point| moved(self.matrix, *point));
        let around = points.map(|point| Rect::from_points(point, point)).reduce(|all, point| all.union(point));
        let seen = around.unwrap_or(Rect::ZERO).inflate(2.0, 2.0).intersect(plane);
        if seen.width() > 0.0 && seen.height() > 0.0 {
            self.triangles += seen.area() * times;
            self.around = Some(self.around.map_or(seen, |around| around.union(seen)));
        }
    }

    fn patch(&mut self, points: &[Point]) {
        self.add(points, PATCH_OVERLAP);
        self.patches += 1.0;
    }
}

/// One direction of a pattern's cell.
struct Axis {
    start: f64,
    scale: f64,
    size: f64,
    copies: f64,
}

impl Axis {
    fn new(scale: f64, cell: (f64, f64), step: f32, area: (f64, f64)) -> Self {
        let step = f64::from(step.abs());
        let scale = (step * scale).round().max(1.0) / step;
        let seen = (area.1 - area.0).max(0.0);
        let most = f64::from(u16::MAX);
        let copies = ((cell.1 - cell.0) / step).ceil().max(1.0);
        if seen >= step {
            Self { start: cell.0, scale, size: (step * scale).round().min(most), copies }
        } else {
            let start = cell.0 + ((area.0 - cell.0) * scale).floor() / scale;
            Self { start, scale, size: ((area.1 - start) * scale).ceil().clamp(1.0, most), copies: copies + 2.0 }
        }
    }
}
