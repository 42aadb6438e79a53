//! Text operators (ISO 32000-1, 9.3 and 9.4): where a text stands, and what it says. Never changes a page.

use std::rc::Rc;

use super::face::Face;
use super::{Looking, Run};
use crate::clean::pdf::context::Scope;
use crate::clean::pdf::matrix::{Area, Matrix};
use crate::clean::pdf::object::Object;
use crate::clean::pdf::operation::Operation;
use crate::clean::pdf::resources;
use crate::limits;

/// Thousandths of a text's size by which the next one is pushed away where a blank is meant.
const BLANK: f64 = 180.0;

impl<'d> Looking<'_, 'd> {
    pub(super) fn text(&mut self, scope: Scope<'d>, operation: &Operation<'_>, numbers: &[f64]) {
        match (operation.operator, numbers) {
            (b"BT", _) => (self.text, self.line) = (Matrix::IDENTITY, Matrix::IDENTITY),
            (b"Tf", &[size]) => {
                self.state.size = size;
                let name = operation.operands.first().and_then(Object::name);
                let font = name.and_then(|name| resources::find(self.cleaner, scope, "Font", name));
                self.state.face = font.map(|font| self.face(font));
            }
            (b"Tr", &[_]) => self.state.mode = operation.operands.first().and_then(Object::int).unwrap_or(0),
            (b"Tc", &[space]) => self.state.character = space,
            (b"Tw", &[space]) => self.state.word = space,
            (b"Tz", &[stretch]) => self.state.stretch = stretch / 100.0,
            (b"TL", &[leading]) => self.state.leading = leading,
            (b"Ts", &[rise]) => self.state.rise = rise,
            (b"Tm", &[a, b, c, d, e, f]) => {
                self.text = Matrix([a, b, c, d, e, f]);
                self.line = self.text;
            }
            (b"Td", &[x, y]) => self.next_line(x, y),
            (b"TD", &[x, y]) => {
                self.state.leading = -y;
                self.next_line(x, y);
            }
            (b"T*", _) => self.next_line(0.0, -self.state.leading),
            (b"Tj", _) => self.show(&operation.operands),
            (b"TJ", _) => {
                if let Some(Object::Array(array)) = operation.operands.last() {
                    self.show(array);
                }
            }
            (b"'" | b"\"", _) => {
                self.next_line(0.0, -self.state.leading);
                self.show(operation.operands.last().map(std::slice::from_ref).unwrap_or_default());
            }
            _ => {}
        }
    }

    /// A font, which is read once.
    fn face(&mut self, font: &Object) -> Rc<Face> {
        let Object::Ref(number) = font else { return Rc::new(Face::read(self.cleaner, font)) };
        let read = || Rc::new(Face::read(self.cleaner, font));
        Rc::clone(self.faces.entry(*number).or_insert_with(read))
    }

    fn next_line(&mut self, x: f64, y: f64) {
        self.line = Matrix([1.0, 0.0, 0.0, 1.0, x, y]).then(&self.line);
        self.text = self.line;
    }

    fn show(&mut self, items: &[Object]) {
        let Some(face) = self.state.face.clone() else { return };
        let (mut width, mut codes) = (0.0, Vec::new());
        for item in items {
            if let Object::Text(text) = item {
                width += face.width(text, self.state.size, self.state.character, self.state.word);
                let len = text.len().min(self.room);
                self.room = self.room.saturating_sub(len);
                codes.extend_from_slice(text.get(..len).unwrap_or_default());
                continue;
            }
            let back = item.number().unwrap_or(0.0);
            let push = -back / 1000.0 * self.state.size;
            if back <= -BLANK {
                self.run(&face, std::mem::take(&mut codes), std::mem::take(&mut width));
                self.advance(push);
            } else {
                width += push;
            }
        }
        self.run(&face, codes, width);
    }

    /// Takes note of a text of this width, and goes on behind it.
    fn run(&mut self, face: &Rc<Face>, codes: Vec<u8>, unstretched: f64) {
        let width = unstretched * self.state.stretch;
        let (low, high) = (self.state.rise, self.state.rise + self.state.size * 0.7);
        let area = Area { left: width.min(0.0), low: low.min(high), right: width.max(0.0), high: low.max(high) };
        let to_page = self.text.then(&self.state.ctm);
        let [_, _, c, d, ..] = to_page.0;
        let height = self.state.size.abs() * (c * c + d * d).sqrt();
        if !codes.is_empty() && self.runs.len() < limits::PDF_RUNS_MAX {
            let (area, face) = (to_page.around(&area), Rc::clone(face));
            let (mode, colour) = (self.state.mode, self.state.fill);
            self.runs.push(Run { area, codes, face, colour, mode, height, order: self.order });
        }
        self.advance(unstretched);
    }

    fn advance(&mut self, width: f64) {
        self.text = Matrix([1.0, 0.0, 0.0, 1.0, width * self.state.stretch, 0.0]).then(&self.text);
    }
}
