//! How many operations drawing a document takes, counted before it is begun: those of forms, patterns, masks and glyphs
//! as often as they are used. Draws nothing.

use std::collections::BTreeMap;

use crate::clean::metadata::icc::number::rounded;
use crate::clean::pdf::matrix;
use crate::clean::pdf::object::{Dict, Object, Stream};
use crate::clean::pdf::operation::{Operation, Operations};
use crate::clean::pdf::read::Document;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// Insists that no page of a clean document, nor all of them, take too many operations.
pub(super) fn check(doc: &Document<'_>) -> Result<(), Refusal> {
    let mut counting = Counting { doc, known: BTreeMap::new(), fonts: BTreeMap::new() };
    let mut all = 0_u64;
    for dict in doc.objects.values().filter_map(Object::dict) {
        if doc.get(dict, b"Type").name() != Some(b"Page") {
            continue;
        }
        let Object::Stream(content) = doc.get(dict, b"Contents") else { continue };
        let resources = doc.get(dict, b"Resources").dict();
        let count = counting.content(content, resources.unwrap_or(&NONE), 0)?;
        all = all.saturating_add(count);
        if count > limits::FLAT_OPERATIONS_MAX || all > limits::FLAT_ALL_OPERATIONS_MAX {
            return Err(TOO_MANY);
        }
    }
    Ok(())
}

static NONE: Dict = Dict::new();

const TOO_MANY: Refusal =
    Refusal { reason: Reason::NotFlattened, part: "too many operations to draw", at: 0, inside: Vec::new() };

/// Bytes of a content stream that are as much work as an operation.
const BYTES_WEIGHT: usize = 16;
/// Bytes of a mesh, of which each vertex becomes triangles, likewise.
const MESH_WEIGHT: usize = 2;

struct Counting<'d> {
    doc: &'d Document<'d>,
    /// Operations of the streams that have been counted, by where their data are.
    known: BTreeMap<usize, u64>,
    /// Operations of the largest glyph of a Type 3 font, likewise by its dictionary.
    fonts: BTreeMap<u32, u64>,
}

/// What the graphics state says of what painting takes.
#[derive(Clone, Copy, Default)]
struct State {
    /// Operations of the pattern that is filled with, and of that for lines.
    fill: u64,
    line: u64,
    /// Of the glyphs that are shown.
    glyph: u64,
}

impl<'d> Counting<'d> {
    /// Operations of a content stream with all that it uses.
    fn content(&mut self, stream: &Stream, resources: &'d Dict, depth: usize) -> Result<u64, Refusal> {
        if let Some(known) = self.known.get(&stream.at) {
            return Ok(*known);
        }
        if depth > limits::PDF_DEPTH_MAX {
            return Err(Refusal::new(Reason::NotFlattened, "resources that nest too deep", 0));
        }
        let data = self.doc.data(stream)?;
        let mut count = u64::try_from(data.len() / BYTES_WEIGHT).unwrap_or(u64::MAX);
        let (mut state, mut saved) = (State::default(), Vec::new());
        for operation in Operations::new(&data) {
            match operation.operator {
                b"q" if saved.len() < limits::PDF_SAVED_MAX => saved.push(state),
                b"Q" => state = saved.pop().unwrap_or(state),
                _ => {}
            }
            let more = self.operation(&operation, &mut state, resources, depth)?;
            count = count.saturating_add(more).saturating_add(1);
        }
        self.known.insert(stream.at, count);
        Ok(count)
    }

    fn operation(
        &mut self,
        operation: &Operation<'_>,
        state: &mut State,
        resources: &'d Dict,
        depth: usize,
    ) -> Result<u64, Refusal> {
        let name = operation.operands.iter().rev().find_map(Object::name);
        let named = |category: &[u8]| {
            let doc = self.doc;
            let object = doc.get(resources, category).dict()?.get(name?)?;
            Some((object, doc.resolve(object)))
        };
        Ok(match operation.operator {
            b"g" | b"rg" | b"k" | b"cs" => {
                state.fill = 0;
                0
            }
            b"G" | b"RG" | b"K" | b"CS" => {
                state.line = 0;
                0
            }
            b"scn" | b"SCN" => {
                let pattern = match named(b"Pattern") {
                    Some((_, pattern)) => self.pattern(pattern, depth)?,
                    None => 0,
                };
                *if operation.operator == b"scn" { &mut state.fill } else { &mut state.line } = pattern;
                pattern
            }
            b"f" | b"F" | b"f*" => state.fill,
            b"S" | b"s" => state.line,
            b"B" | b"B*" | b"b" | b"b*" => state.fill.saturating_add(state.line),
            b"Tf" => {
                let Some((object, font)) = operation.operands.first().and_then(Object::name).and_then(|name| {
                    let object = self.doc.get(resources, b"Font").dict()?.get(name)?;
                    Some((object, self.doc.resolve(object)))
                }) else {
                    return Ok(0);
                };
                state.glyph = self.font(object, font, resources, depth)?;
                0
            }
            b"Tj" | b"TJ" | b"'" | b"\"" => {
                let shown = operation.operands.iter().map(shown).fold(0, u64::saturating_add);
                let patterns = state.fill.saturating_add(state.line);
                // A glyph that is drawn by operations is painted by itself.
                let glyph = if state.glyph > 0 { state.glyph.saturating_add(patterns) } else { 1 };
                shown.saturating_mul(glyph).saturating_add(patterns)
            }
            b"gs" => match named(b"ExtGState") {
                Some((_, Object::Dict(dict))) => self.mask(dict, depth)?,
                _ => 0,
            },
            b"sh" => match named(b"Shading") {
                Some((_, shading)) => self.mesh(shading)?,
                None => 0,
            },
            b"Do" => match named(b"XObject") {
                Some((_, Object::Stream(stream))) if self.doc.get(&stream.dict, b"Subtype").name() == Some(b"Form") => {
                    let own = self.doc.get(&stream.dict, b"Resources").dict().unwrap_or(resources);
                    self.content(stream, own, depth.saturating_add(1))?
                }
                // A picture of one bit is painted like a path.
                _ => state.fill,
            },
            _ => 0,
        })
    }

    /// Operations of a pattern (8.7.3) in one place, with all copies of its cell that overlap there.
    fn pattern(&mut self, pattern: &'d Object, depth: usize) -> Result<u64, Refusal> {
        let doc = self.doc;
        let Object::Stream(stream) = pattern else {
            return pattern.dict().map_or(Ok(0), |dict| self.mesh(doc.get(dict, b"Shading")));
        };
        let own = doc.get(&stream.dict, b"Resources").dict().unwrap_or(&NONE);
        let count = self.content(stream, own, depth.saturating_add(1))?;
        let Some(cell) = matrix::area(doc, doc.get(&stream.dict, b"BBox")) else { return Ok(count) };
        let copies = |size: f64, key: &[u8]| {
            let step = doc.get(&stream.dict, key).number().unwrap_or(0.0).abs();
            // Of a step of nothing there is no pattern.
            if step > 0.0 { whole((size / step).ceil()).saturating_add(2) } else { 1 }
        };
        let copies = copies(cell.width(), b"XStep").saturating_mul(copies(cell.height(), b"YStep"));
        Ok(count.saturating_add(4).saturating_mul(copies))
    }

    /// Operations of the largest glyph of a Type 3 font; none of other fonts.
    fn font(
        &mut self,
        object: &'d Object,
        font: &'d Object,
        resources: &'d Dict,
        depth: usize,
    ) -> Result<u64, Refusal> {
        let doc = self.doc;
        let Some(dict) = font.dict() else { return Ok(0) };
        if doc.get(dict, b"Subtype").name() != Some(b"Type3") {
            return Ok(0);
        }
        let key = if let Object::Ref(number) = object { *number } else { 0 };
        if let Some(known) = self.fonts.get(&key) {
            return Ok(*known);
        }
        let own = doc.get(dict, b"Resources").dict().unwrap_or(resources);
        let mut most = 1;
        for (_, glyph) in doc.get(dict, b"CharProcs").dict().unwrap_or(&NONE).iter() {
            if let Object::Stream(stream) = doc.resolve(glyph) {
                // Its operations are gone through twice: to see whether it has colours of its own, and to draw it.
                most = most.max(self.content(stream, own, depth.saturating_add(1))?.saturating_mul(2));
            }
        }
        if key > 0 {
            self.fonts.insert(key, most);
        }
        Ok(most)
    }

    /// What reading the mesh of a shading takes each time.
    fn mesh(&mut self, shading: &Object) -> Result<u64, Refusal> {
        let Object::Stream(stream) = shading else { return Ok(1) };
        if let Some(known) = self.known.get(&stream.at) {
            return Ok(*known);
        }
        let count = u64::try_from(self.doc.data(stream)?.len() / MESH_WEIGHT).unwrap_or(u64::MAX);
        self.known.insert(stream.at, count);
        Ok(count)
    }

    /// Operations of the soft mask of a graphics state (11.6.5.2).
    fn mask(&mut self, state: &'d Dict, depth: usize) -> Result<u64, Refusal> {
        let doc = self.doc;
        let Some(mask) = doc.get(state, b"SMask").dict() else { return Ok(0) };
        let Object::Stream(group) = doc.get(mask, b"G") else { return Ok(0) };
        let own = doc.get(&group.dict, b"Resources").dict().unwrap_or(&NONE);
        self.content(group, own, depth.saturating_add(1))
    }
}

/// Bytes of text.
fn shown(object: &Object) -> u64 {
    match object {
        Object::Text(text) => u64::try_from(text.len()).unwrap_or(u64::MAX),
        Object::Array(array) => array.iter().map(shown).fold(0, u64::saturating_add),
        _ => 0,
    }
}

/// A count that is too large for what it is multiplied with stays too large.
fn whole(number: f64) -> u64 {
    u64::try_from(rounded(number)).unwrap_or(0)
}
