//! Settles what graphics show before a part is filtered: a diagram becomes the shapes that were drawn for it, in a
//! canvas (ECMA-376-1, 20.3); a chart that is not there becomes a graphic of no kind. Judges no element; that is the
//! filter's.

use std::borrow::Cow;

use super::tables::NAMESPACES;
use crate::clean::ooxml::diagram;
use crate::clean::ooxml::edits::Edits;
use crate::clean::ooxml::graphics::Graphics;
use crate::clean::ooxml::survey::{LOOKS, offset};
use crate::clean::xml::{Event, Raw, Reader};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

/// The part `source`, which is `text`, with other graphics.
///
/// # Errors
/// As for [`Reader::next`] and [`diagram::shapes`].
pub(super) fn settled<'t>(
    text: &'t str,
    source: &str,
    graphics: &mut Graphics<'_, '_, '_>,
    findings: &mut Findings,
) -> Result<Cow<'t, str>, Refusal> {
    if !text.contains("graphicData") {
        return Ok(Cow::Borrowed(text));
    }
    let mut reader = Reader::new(text, NAMESPACES);
    let mut survey = Survey { source, graphics, findings, frames: Vec::new(), edits: Edits::default(), drawn: 0 };
    loop {
        let from = offset(reader.at());
        match reader.next()? {
            Event::Start(raw) => survey.start(&raw, from)?,
            Event::End => survey.end(offset(reader.at())),
            Event::Text(_) => {}
            Event::Finish => return Ok(Cow::Owned(survey.edits.apply(text))),
        }
    }
}

struct Survey<'s, 'm, 'a, 'c> {
    source: &'s str,
    graphics: &'s mut Graphics<'m, 'a, 'c>,
    findings: &'s mut Findings,
    /// Elements that are open, those from the outermost drawing on.
    frames: Vec<Frame>,
    edits: Edits,
    /// Bytes of diagrams that take their places.
    drawn: usize,
}

/// An element that has not ended.
#[derive(Default)]
struct Frame {
    is_drawing: bool,
    is_graphic: bool,
    from: usize,
    /// Of a drawing: width and height.
    size: Option<(i64, i64)>,
    /// Of a graphic: what stands in its place.
    instead: Option<String>,
}

impl Survey<'_, '_, '_, '_> {
    fn start(&mut self, raw: &Raw, from: usize) -> Result<(), Refusal> {
        let (is_drawing, is_graphic) = (raw.name == "w:drawing", raw.name == "a:graphicData");
        if is_drawing || !self.frames.is_empty() {
            self.frames.push(Frame { is_drawing, is_graphic, from, ..Frame::default() });
        }
        match raw.name.as_str() {
            "wp:extent" => {
                let number = |name| raw.attribute(name).and_then(|number| number.parse::<i64>().ok());
                let size = number("cx").zip(number("cy"));
                if let Some(drawing) = self.frames.iter_mut().rev().find(|frame| frame.is_drawing) {
                    drawing.size = size;
                }
            }
            "c:chart" => {
                let chart = self.graphics.target("chart", raw.attribute("r:id").unwrap_or_default());
                if chart.is_none_or(|name| !self.graphics.media.package.has(&name)) {
                    self.replace(format!("<g:graphicData xmlns:g=\"{LOOKS}\" uri=\"chart\"/>"));
                }
            }
            name if name.ends_with("}relIds") => self.diagram(raw.attribute("r:dm").unwrap_or_default())?,
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, to: usize) {
        if let Some(Frame { instead: Some(instead), from, .. }) = self.frames.pop() {
            self.edits.replace(from, to, instead);
        }
    }

    /// A canvas with the shapes of the diagram whose data the part calls so.
    fn diagram(&mut self, data: &str) -> Result<(), Refusal> {
        let size = self.frames.iter().rev().find(|frame| frame.is_drawing).and_then(|drawing| drawing.size);
        let shapes = diagram::shapes(self.source, data, self.graphics.media)?;
        let (Some((width, height)), Some(shapes)) = (size, shapes) else { return Ok(()) };
        self.drawn = self.drawn.saturating_add(shapes.len());
        if self.drawn > limits::XML_PART_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "diagrams", 0));
        }
        self.findings.removed(Category::HiddenContent, format!("{}, data of a diagram", self.source));
        let shapes = in_canvas(&shapes)?;
        // Some programs go by what shapes cover: one that nobody sees covers all.
        self.replace(format!(
            "<g:graphicData xmlns:g=\"{LOOKS}\" uri=\"{CANVAS}\"><l:lockedCanvas xmlns:l=\"{CANVAS}\"><g:nvGrpSpPr>\
             <g:cNvPr id=\"0\" name=\"\"/><g:cNvGrpSpPr/></g:nvGrpSpPr><g:grpSpPr><g:xfrm><g:off x=\"0\" y=\"0\"/>\
             <g:ext cx=\"{width}\" cy=\"{height}\"/><g:chOff x=\"0\" y=\"0\"/><g:chExt cx=\"{width}\" cy=\"{height}\"/>\
             </g:xfrm></g:grpSpPr><g:sp><g:nvSpPr><g:cNvPr id=\"0\" name=\"\"/><g:cNvSpPr/></g:nvSpPr><g:spPr><g:xfrm>\
             <g:off x=\"0\" y=\"0\"/><g:ext cx=\"{width}\" cy=\"{height}\"/></g:xfrm><g:prstGeom prst=\"rect\">\
             <g:avLst/></g:prstGeom><g:noFill/><g:ln><g:noFill/></g:ln></g:spPr></g:sp>{shapes}</l:lockedCanvas>\
             </g:graphicData>"
        ));
        Ok(())
    }

    /// Puts something else in place of the graphic that is open.
    fn replace(&mut self, with: String) {
        if let Some(graphic) = self.frames.iter_mut().rev().find(|frame| frame.is_graphic) {
            graphic.instead = Some(with);
        }
    }
}

/// Shapes of a diagram as a canvas has them: the look behind the words, and these in an element of their own
/// (ECMA-376-1, 20.1.2.2.33 and 20.1.2.2.41).
fn in_canvas(shapes: &str) -> Result<String, Refusal> {
    let mut reader = Reader::new(shapes, &[]);
    let mut edits = Edits::default();
    let mut open: Vec<(&str, usize)> = Vec::new();
    let mut look = None;
    loop {
        let from = offset(reader.at());
        match reader.next()? {
            Event::Start(raw) => {
                let local = PARTS.iter().find(|local| raw.name.rsplit_once('}').is_some_and(|(_, own)| own == **local));
                open.push((local.copied().unwrap_or_default(), from));
            }
            Event::End => {
                let Some((local, from)) = open.pop() else { continue };
                let to = offset(reader.at());
                let text = |from, to| shapes.get(from..to).unwrap_or_default();
                match local {
                    "sp" => look = None,
                    "style" => look = Some((from, to)),
                    "txBody" => {
                        let (style, behind) = look.take().unwrap_or((from, from));
                        let (look, body) = (text(style, behind), text(from, to));
                        edits.cut(style, behind);
                        let words = format!("<g:txSp xmlns:g=\"{LOOKS}\">{body}<g:useSpRect/></g:txSp>{look}");
                        edits.replace(from, to, words);
                    }
                    _ => {}
                }
            }
            Event::Text(_) => {}
            Event::Finish => return Ok(edits.apply(shapes)),
        }
    }
}

/// Parts of a shape that change their places.
const PARTS: [&str; 3] = ["sp", "style", "txBody"];
/// The namespace of canvases.
const CANVAS: &str = "http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas";
