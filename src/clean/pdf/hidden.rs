//! Text that is there and not seen (text for searching behind a scan, what a black bar covers, white on white), and
//! words that give a person away: found and told, since they are content and stay. Goes by boxes around text,
//! rectangles and pictures; never changes a page.

mod face;
mod judge;
mod lines;
mod text;

use std::collections::BTreeMap;
use std::rc::Rc;

use super::context::{Cleaner, Scope};
use super::matrix::{self, Area, Matrix};
use super::object::Object;
use super::operation::{Operation, Operations};
use super::page::Page;
use super::resources;
use crate::clean::{Category, Findings};
use crate::limits;
use crate::words::Scanner;
use face::Face;

/// A colour as red, green and blue; `None` for patterns and colours that are not easily told.
type Colour = Option<[f64; 3]>;

const BLACK: Colour = Some([0.0; 3]);

/// What a graphics state says of text and of what covers it.
#[derive(Clone)]
struct State {
    ctm: Matrix,
    fill: Colour,
    opaque: bool,
    clip: Option<Area>,
    face: Option<Rc<Face>>,
    size: f64,
    character: f64,
    word: f64,
    stretch: f64,
    leading: f64,
    rise: f64,
    mode: i64,
}

/// Text that was shown.
struct Run {
    area: Area,
    codes: Vec<u8>,
    face: Rc<Face>,
    colour: Colour,
    mode: i64,
    height: f64,
    order: usize,
}

/// A rectangle that hides what was there before.
struct Cover {
    area: Area,
    colour: Colour,
    order: usize,
}

/// A page while it is looked at.
struct Looking<'c, 'd> {
    cleaner: &'c Cleaner<'d>,
    faces: &'c mut Faces,
    state: State,
    saved: Vec<State>,
    text: Matrix,
    line: Matrix,
    path: Vec<Area>,
    plain_path: bool,
    clipping: bool,
    runs: Vec<Run>,
    covers: Vec<Cover>,
    order: usize,
    room: usize,
}

/// Fonts that have been read, by their numbers.
type Faces = BTreeMap<u32, Rc<Face>>;

/// What is left to be done and what is known already, for all pages together.
pub(super) struct Search {
    effort: usize,
    /// Bytes of text that may still be looked at.
    room: usize,
    faces: Faces,
    words: Scanner,
}

impl Search {
    pub(super) fn new() -> Self {
        let (effort, room) = (limits::PDF_LOOKED_AT_MAX, limits::TEXT_LOOKED_AT_MAX);
        Self { effort, room, faces: Faces::new(), words: Scanner::default() }
    }

    /// Tells which words give a person away.
    pub(super) fn finish(self, findings: &mut Findings) {
        self.words.tell(findings);
    }
}

/// Tells what of this page is not seen, and reads its words. `number` counts from one.
pub(super) fn tell<'d>(cleaner: &mut Cleaner<'d>, page: &Page<'d>, number: usize, data: &[u8], search: &mut Search) {
    let found = {
        let mut looking = Looking::new(cleaner, &mut search.faces, search.room);
        looking.content(page.scope(cleaner), data, &mut search.effort, 0);
        search.room = looking.room;
        search.words.piece(&format!("page {number}"), &lines::lines(&looking.runs));
        let media = matrix::area(cleaner.doc, page.inherited(cleaner, "MediaBox"));
        let crop = matrix::area(cleaner.doc, page.inherited(cleaner, "CropBox")).or(media);
        judge::judge(&looking.runs, &looking.covers, crop)
    };
    for (kind, excerpt) in found {
        cleaner.findings.remains(Category::HiddenContent, format!("page {number}, {kind}"), &excerpt);
    }
}

/// Whether a finding of this module, by its place, is of text that no dot of a page shows.
pub(super) fn is_of_text_not_drawn(place: &str) -> bool {
    [judge::INVISIBLE, judge::OUTSIDE, judge::COVERED].iter().any(|kind| place.ends_with(kind))
}

impl<'c, 'd> Looking<'c, 'd> {
    fn new(cleaner: &'c Cleaner<'d>, faces: &'c mut Faces, room: usize) -> Self {
        let state = State {
            ctm: Matrix::IDENTITY,
            fill: BLACK,
            opaque: true,
            clip: None,
            face: None,
            size: 0.0,
            character: 0.0,
            word: 0.0,
            stretch: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        };
        Self {
            cleaner,
            faces,
            state,
            saved: Vec::new(),
            text: Matrix::IDENTITY,
            line: Matrix::IDENTITY,
            path: Vec::new(),
            plain_path: true,
            clipping: false,
            runs: Vec::new(),
            covers: Vec::new(),
            order: 0,
            room,
        }
    }

    fn content(&mut self, scope: Scope<'d>, data: &[u8], effort: &mut usize, depth: usize) {
        let saved = self.saved.len();
        for operation in Operations::new(data) {
            let Some(left) = effort.checked_sub(1) else { break };
            *effort = left;
            self.order = self.order.saturating_add(1);
            self.operation(scope, &operation, effort, depth);
        }
        if let Some(state) = self.saved.get(saved).cloned() {
            self.state = state;
            self.saved.truncate(saved);
        }
    }

    fn operation(&mut self, scope: Scope<'d>, operation: &Operation<'_>, effort: &mut usize, depth: usize) {
        let numbers: Vec<f64> = operation.operands.iter().filter_map(Object::number).collect();
        match (operation.operator, numbers.as_slice()) {
            (b"q", _) if self.saved.len() < limits::PDF_SAVED_MAX => self.saved.push(self.state.clone()),
            (b"Q", _) => {
                if let Some(state) = self.saved.pop() {
                    self.state = state;
                }
            }
            (b"cm", &[a, b, c, d, e, f]) => self.state.ctm = Matrix([a, b, c, d, e, f]).then(&self.state.ctm),
            (b"g", &[grey]) => self.state.fill = Some([grey; 3]),
            (b"rg", &[red, green, blue]) => self.state.fill = Some([red, green, blue]),
            (b"k", &[c, m, y, k]) => self.state.fill = Some([c, m, y].map(|ink| (1.0 - ink) * (1.0 - k))),
            (b"cs", _) => self.state.fill = BLACK,
            (b"sc" | b"scn", numbers) => {
                self.state.fill = match *numbers {
                    [grey] => Some([grey; 3]),
                    [red, green, blue] => Some([red, green, blue]),
                    _ => None,
                };
            }
            (b"gs", _) => self.graphics_state(scope, &operation.operands),
            (b"re", &[x, y, width, height]) => {
                let (low, high) = (y.min(y + height), y.max(y + height));
                let area = Area { left: x.min(x + width), low, right: x.max(x + width), high };
                self.plain_path &= self.is_upright();
                self.path.push(self.state.ctm.around(&area));
            }
            (b"m" | b"l" | b"c" | b"v" | b"y", _) => self.plain_path = false,
            (b"W" | b"W*", _) => self.clipping = true,
            (b"f" | b"F" | b"f*" | b"B" | b"B*" | b"b" | b"b*", _) => self.paint(true),
            (b"n" | b"S" | b"s", _) => self.paint(false),
            (b"Do", _) => self.draw(scope, &operation.operands, effort, depth),
            (b"BI", _) => {
                let area = self.unit();
                self.cover(area, None);
            }
            _ => self.text(scope, operation, &numbers),
        }
    }

    fn is_upright(&self) -> bool {
        let [a, b, c, d, ..] = self.state.ctm.0;
        (b.abs() < 1e-6 && c.abs() < 1e-6) || (a.abs() < 1e-6 && d.abs() < 1e-6)
    }

    fn graphics_state(&mut self, scope: Scope<'d>, operands: &[Object]) {
        let Some(Object::Name(source)) = operands.last() else { return };
        let state = resources::find(self.cleaner, scope, "ExtGState", source);
        let Some(dict) = state.and_then(|state| self.cleaner.doc.resolve(state).dict()) else { return };
        let whole = |key: &str| self.cleaner.get(dict, key).number().is_none_or(|alpha| alpha > 0.99);
        let plain =
            |key: &str| self.cleaner.get(dict, key).name().is_none_or(|name| matches!(name, b"Normal" | b"None"));
        let no_mask = self.cleaner.get(dict, "SMask").dict().is_none();
        self.state.opaque = whole("ca") && plain("BM") && no_mask;
    }

    fn paint(&mut self, filled: bool) {
        let path = std::mem::take(&mut self.path);
        let (plain, clipping) = (std::mem::replace(&mut self.plain_path, true), std::mem::take(&mut self.clipping));
        if filled && plain {
            for area in &path {
                self.cover(*area, self.state.fill);
            }
        }
        if clipping {
            // Where the path is no rectangle, the box around it is too large: then nothing in it covers.
            let around = path.first().copied().filter(|_| plain && path.len() == 1);
            self.state.clip = match (self.state.clip, around) {
                (None, around) => Some(around.unwrap_or(Area::EMPTY)),
                (Some(clip), Some(around)) => Some(clip.meet(&around)),
                (Some(_), None) => Some(Area::EMPTY),
            };
        }
    }

    fn unit(&self) -> Area {
        self.state.ctm.around(&Area { left: 0.0, low: 0.0, right: 1.0, high: 1.0 })
    }

    fn cover(&mut self, area: Area, colour: Colour) {
        let area = self.state.clip.map_or(area, |clip| clip.meet(&area));
        if self.state.opaque && area.width() > 0.0 && area.height() > 0.0 && self.covers.len() < limits::PDF_COVERS_MAX
        {
            self.covers.push(Cover { area, colour, order: self.order });
        }
    }

    fn draw(&mut self, scope: Scope<'d>, operands: &[Object], effort: &mut usize, depth: usize) {
        let doc = self.cleaner.doc;
        let Some(Object::Name(source)) = operands.last() else { return };
        let Some(object) = resources::find(self.cleaner, scope, "XObject", source) else { return };
        let Object::Stream(stream) = doc.resolve(object) else { return };
        let dict = &stream.dict;
        if self.cleaner.get(dict, "Subtype").name() == Some(b"Image") {
            let masked = [b"SMask".as_slice(), b"Mask"].iter().any(|key| dict.contains_key(key));
            if !masked && self.cleaner.get(dict, "ImageMask").bool() != Some(true) && self.is_upright() {
                let area = self.unit();
                self.cover(area, None);
            }
            return;
        }
        if *effort == 0 || depth >= limits::PDF_DEPTH_MAX || self.saved.len() >= limits::PDF_SAVED_MAX {
            return;
        }
        let Some(data) = doc.look(stream) else { return };
        // Inflating is work too, also of little: forms draw forms that draw forms.
        *effort = effort.saturating_sub(limits::PDF_LOOKED_AT_FORM).saturating_sub(data.len() / 16);
        let before = self.state.clone();
        let own = matrix::floats(doc, self.cleaner.get(dict, "Matrix")).map_or(Matrix::IDENTITY, Matrix);
        self.state.ctm = own.then(&self.state.ctm);
        let scope = self.cleaner.get(dict, "Resources").dict().map_or(scope, |resources| Scope { resources });
        self.content(scope, &data, effort, depth.saturating_add(1));
        self.state = before;
    }
}
