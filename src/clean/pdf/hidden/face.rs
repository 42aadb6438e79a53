//! As much of a font as it takes to know how wide a text is and what it says.

use std::collections::BTreeMap;

use crate::clean::pdf::cmap::{self, Map};
use crate::clean::pdf::context::Cleaner;
use crate::clean::pdf::object::{Dict, Object};
use crate::limits;

/// A font.
pub(super) struct Face {
    composite: bool,
    widths: BTreeMap<i64, f64>,
    usual: f64,
    text: Option<Map>,
}

impl Face {
    pub(super) fn read(cleaner: &Cleaner<'_>, font: &Object) -> Self {
        let doc = cleaner.doc;
        let nothing = Dict::new();
        let dict = doc.resolve(font).dict().unwrap_or(&nothing);
        let composite = cleaner.get(dict, "Subtype").name() == Some(b"Type0");
        let text = match cleaner.get(dict, "ToUnicode") {
            Object::Stream(stream) => doc.look(stream).map(|data| cmap::parse(&data)),
            _ => None,
        };
        let mut face = Self { composite, widths: BTreeMap::new(), usual: 500.0, text };
        if composite {
            let below = cleaner.get(dict, "DescendantFonts").array().and_then(|below| below.first());
            if let Some(below) = below.and_then(|below| doc.resolve(below).dict()) {
                face.usual = cleaner.get(below, "DW").number().unwrap_or(1000.0);
                face.runs(cleaner, cleaner.get(below, "W").array().unwrap_or_default());
            }
        } else {
            let first = cleaner.get(dict, "FirstChar").int().unwrap_or(0);
            let widths = cleaner.get(dict, "Widths").array().unwrap_or_default();
            let scale = match cleaner.get(dict, "FontMatrix").array().and_then(|matrix| matrix.first()) {
                Some(wide) => doc.resolve(wide).number().unwrap_or(0.001) * 1000.0,
                None => 1.0,
            };
            for (code, width) in (first..).zip(widths.iter().take(256)) {
                face.widths.extend(doc.resolve(width).number().map(|width| (code, width * scale)));
            }
        }
        face
    }

    /// Widths of a composite font (9.7.4.3).
    fn runs(&mut self, cleaner: &Cleaner<'_>, runs: &[Object]) {
        let mut rest = runs.iter().map(|run| cleaner.doc.resolve(run));
        while let (Some(first), Some(second)) = (rest.next().and_then(Object::int), rest.next()) {
            if self.widths.len() > limits::PDF_WIDTHS_MAX {
                return;
            }
            if let Object::Array(widths) = second {
                let widths = widths.iter().map(|width| cleaner.doc.resolve(width).number().unwrap_or(self.usual));
                self.widths.extend((first..).zip(widths));
            } else if let (Some(last), Some(width)) = (second.int(), rest.next().and_then(Object::number)) {
                self.widths.extend((first..=last.min(65_535)).map(|code| (code, width)));
            }
        }
    }

    fn codes<'t>(&self, text: &'t [u8]) -> Vec<&'t [u8]> {
        if !self.composite {
            return text.chunks(1).collect();
        }
        let (mut codes, mut rest) = (Vec::new(), text);
        while !rest.is_empty() {
            let len = self.text.as_ref().map_or(2, |map| map.code_len(rest)).clamp(1, rest.len());
            let (code, behind) = rest.split_at_checked(len).unwrap_or((rest, &[]));
            codes.push(code);
            rest = behind;
        }
        codes
    }

    /// How wide a text is, in units of text space.
    pub(super) fn width(&self, text: &[u8], size: f64, character: f64, word: f64) -> f64 {
        let each = self.codes(text).into_iter().map(|code| {
            let number = code.iter().fold(0_i64, |number, byte| number.wrapping_shl(8) | i64::from(*byte));
            let width = self.widths.get(&number).copied().unwrap_or(self.usual);
            width / 1000.0 * size + character + if code == b" " { word } else { 0.0 }
        });
        each.sum()
    }

    /// What a text says, as far as it is told.
    pub(super) fn say(&self, text: &[u8]) -> String {
        let letter = |code: &[u8]| match (&self.text, code) {
            (Some(map), code) => map.text_of(code).unwrap_or_default(),
            (None, [code @ b' '..=b'~']) => char::from(*code).to_string(),
            _ => String::new(),
        };
        self.codes(text).into_iter().map(letter).collect()
    }
}
