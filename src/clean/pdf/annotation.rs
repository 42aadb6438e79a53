//! Annotations and form fields (ISO 32000-1, 12.5 and 12.7): what is seen of them becomes part of the page, by their
//! appearance; the rest is told and left out.

use super::context::Cleaner;
use super::matrix::{self, Matrix};
use super::object::{Dict, Object};
use super::page::Page;
use super::resources::Used;
use super::write::{Value, spell};
use super::{tell, x_object};
use crate::clean::{Category, Refusal};
use crate::limits;

/// Flags of annotations that are not shown on a screen: Hidden and NoView (12.5.3, table 165).
const NOT_SHOWN: i64 = 2 | 32;

/// Draws the annotations of a page at the end of its content.
pub(super) fn flatten<'d>(
    cleaner: &mut Cleaner<'d>,
    page: &Page<'d>,
    used: &mut Used,
    content: &mut String,
) -> Result<(), Refusal> {
    let annotations = cleaner.get(page.dict, "Annots").array().unwrap_or_default();
    let mut drawn = String::new();
    for annotation in annotations.iter().take(limits::PDF_ANNOTATIONS_MAX) {
        let Some(dict) = cleaner.doc.resolve(annotation).dict() else { continue };
        let seen = appearance(cleaner, dict).filter(|_| is_shown(cleaner, dict));
        tell::annotation(cleaner, dict, seen.is_some());
        let Some(object) = seen else { continue };
        let Some(placed) = place(cleaner, dict, object) else { continue };
        let scope = page.scope(cleaner);
        let Some(made) = x_object::x_object(cleaner, scope, object)? else { continue };
        let Some(form) = used.further_x_object(made) else { continue };
        drawn.push_str("q\n");
        for number in placed.0 {
            spell(&Value::Real(number), &mut drawn);
            drawn.push(' ');
        }
        drawn.push_str("cm\n");
        spell(&form, &mut drawn);
        drawn.push_str(" Do\nQ\n");
    }
    if annotations.len() > limits::PDF_ANNOTATIONS_MAX {
        cleaner.findings.removed(Category::Comment, "annotations, too many to be drawn");
    }
    if !drawn.is_empty() {
        *content = format!("q\n{content}Q\n{drawn}");
    }
    Ok(())
}

/// Whether it is to be seen on a screen.
fn is_shown(cleaner: &Cleaner<'_>, dict: &Dict) -> bool {
    let flags = cleaner.get(dict, "F").int().unwrap_or(0);
    let subtype = cleaner.get(dict, "Subtype").name();
    let layer = dict.get(b"OC".as_slice()).is_some_and(|group| cleaner.layers.hides(cleaner.doc, group));
    flags & NOT_SHOWN == 0 && subtype != Some(b"Popup") && !layer
}

/// The form that shows it as it is now (12.5.5).
fn appearance<'d>(cleaner: &Cleaner<'d>, dict: &'d Dict) -> Option<&'d Object> {
    let normal = cleaner.get(dict, "AP").dict()?.get(b"N".as_slice())?;
    match cleaner.doc.resolve(normal) {
        Object::Stream(_) => Some(normal),
        Object::Dict(states) => {
            let state = cleaner.get(dict, "AS").name()?;
            states.get(state).filter(|object| matches!(cleaner.doc.resolve(object), Object::Stream(_)))
        }
        _ => None,
    }
}

/// What brings the appearance into the annotation's rectangle (12.5.5, algorithm 8.1).
fn place(cleaner: &Cleaner<'_>, dict: &Dict, appearance: &Object) -> Option<Matrix> {
    let doc = cleaner.doc;
    let form = doc.resolve(appearance).dict()?;
    let rect = matrix::area(doc, cleaner.get(dict, "Rect"))?;
    let shown = matrix::area(doc, cleaner.get(form, "BBox"))?;
    let own = matrix::floats(doc, cleaner.get(form, "Matrix")).map_or(Matrix::IDENTITY, Matrix);
    let shown = own.around(&shown);
    let scale = |to: f64, from: f64| if from.abs() < 1e-9 { 1.0 } else { to / from };
    let (x, y) = (scale(rect.width(), shown.width()), scale(rect.height(), shown.height()));
    Some(Matrix([x, 0.0, 0.0, y, rect.left - shown.left * x, rect.low - shown.low * y]))
}
