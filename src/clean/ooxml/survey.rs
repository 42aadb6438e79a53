//! Settles what a drawing or slide shows before it is filtered: one branch of each choice, no hidden shapes, the picture
//! of an embedded object, the shapes of a diagram. Judges no element; that is the filter's.

use super::drawing::R;
use super::edits::Edits;
use crate::clean::xml::{Event, Namespace, Raw, Reader};
use crate::clean::{Category, Findings, Reason, Refusal};
use crate::limits;

static NAMESPACES: &[Namespace] = &[R];

/// The shapes of a diagram as they stand in a part of their own, by the relationship to its data.
pub(crate) type Diagrams<'d> = dyn FnMut(&str) -> Result<Option<String>, Refusal> + 'd;

/// A part of that text. Groups of shapes are called there as `group` says.
///
/// # Errors
/// As for [`Reader::next`].
pub(crate) fn settled(
    text: &str,
    place: &str,
    group: &Group,
    diagrams: &mut Diagrams<'_>,
    findings: &mut Findings,
) -> Result<String, Refusal> {
    let mut reader = Reader::new(text, NAMESPACES);
    let mut survey = Survey { place, group, diagrams, findings, open: Vec::new(), edits: Edits::default(), drawn: 0 };
    loop {
        let from = offset(reader.at());
        match reader.next()? {
            Event::Start(raw) => survey.start(&raw, from),
            Event::End => survey.end(offset(reader.at()))?,
            Event::Text(text) => survey.text(&text, from, offset(reader.at())),
            Event::Finish => return Ok(survey.edits.apply(text)),
        }
    }
}

/// What groups of shapes are called.
pub(crate) struct Group {
    pub(crate) namespace: &'static str,
    /// What belongs in the description of a group, besides its name.
    pub(crate) description: &'static str,
}

struct Survey<'s, 'd> {
    place: &'s str,
    group: &'s Group,
    diagrams: &'s mut Diagrams<'d>,
    findings: &'s mut Findings,
    open: Vec<Open>,
    edits: Edits,
    /// Bytes of diagrams that take their places.
    drawn: usize,
}

/// An element that has not ended.
#[derive(Default)]
struct Open {
    local: String,
    from: usize,
    is_hidden: bool,
    /// Of a choice: from, to, and whether it is for programs that know no other.
    branches: Vec<(usize, usize, bool)>,
    /// Of a graphic: the relationship to the data of a diagram.
    diagram: Option<String>,
    /// Of a graphic: place and size, as attributes.
    place: String,
    size: String,
    is_object: bool,
    picture: Option<(usize, usize)>,
    /// Of an anchor: shapes that stay in it.
    shapes: usize,
    /// A field of the day or time.
    is_day: bool,
}

impl Survey<'_, '_> {
    fn start(&mut self, raw: &Raw, from: usize) {
        let local = local(&raw.name);
        let of = |name| raw.attribute(name).unwrap_or_default();
        match local {
            "cNvPr" if matches!(of("hidden"), "1" | "true") => {
                if let Some(shape) = self.nearest(|open| SHAPES.contains(&open.local.as_str())) {
                    shape.is_hidden = true;
                }
            }
            "relIds" | "oleObj" | "off" | "ext" => {
                let data = raw.attribute("r:dm").map(str::to_owned);
                let (place, size) = (format!("{} {}", of("x"), of("y")), format!("{} {}", of("cx"), of("cy")));
                let is_own = self.open.last().is_some_and(|parent| parent.local == "xfrm");
                if let Some(frame) = self.nearest(|open| open.local == "graphicFrame") {
                    match local {
                        "relIds" => frame.diagram = data,
                        "oleObj" => frame.is_object = true,
                        "off" if is_own && frame.place.is_empty() => frame.place = place,
                        "ext" if is_own && frame.size.is_empty() => frame.size = size,
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        let is_day = local == "fld" && of("type").starts_with("datetime");
        self.open.push(Open { local: local.to_owned(), from, is_day, ..Open::default() });
    }

    /// The day is shown anew by programs; when it was shown last is nobody's business.
    fn text(&mut self, text: &str, from: usize, to: usize) {
        let is_words = self.open.last().is_some_and(|open| open.local == "t");
        if is_words && !text.is_empty() && self.nearest(|open| open.is_day).is_some() {
            self.findings.removed_value(Category::Time, format!("{}, field of a date", self.place), text);
            self.edits.cut(from, to);
        }
    }

    fn end(&mut self, to: usize) -> Result<(), Refusal> {
        let Some(closed) = self.open.pop() else { return Ok(()) };
        let is_shape = SHAPES.contains(&closed.local.as_str());
        if is_shape && closed.is_hidden {
            self.findings.removed(Category::HiddenContent, format!("{}, hidden shape", self.place));
            self.edits.cut(closed.from, to);
            return Ok(());
        }
        if is_shape && let Some(anchor) = self.nearest(|open| open.local.ends_with("Anchor")) {
            anchor.shapes = anchor.shapes.saturating_add(1);
        }
        match closed.local.as_str() {
            "pic" => {
                if let Some(frame) = self.nearest(|open| open.is_object) {
                    frame.picture = Some((closed.from, to));
                }
            }
            "graphicFrame" => self.graphic(&closed, to)?,
            "twoCellAnchor" | "oneCellAnchor" | "absoluteAnchor" if closed.shapes == 0 => {
                self.edits.cut(closed.from, to);
            }
            "Choice" | "Fallback" => {
                if let Some(parent) = self.open.last_mut() {
                    parent.branches.push((closed.from, to, closed.local == "Fallback"));
                }
            }
            "AlternateContent" => {
                // What programs show that know no extension; there is no other that must be known.
                let kept = closed.branches.iter().find(|(_, _, is_last)| *is_last).or(closed.branches.first());
                for (from, to, _) in closed.branches.iter().filter(|branch| Some(*branch) != kept) {
                    self.edits.cut(*from, *to);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A frame that is not just a chart or a table.
    fn graphic(&mut self, frame: &Open, to: usize) -> Result<(), Refusal> {
        if frame.is_object {
            self.findings.removed(Category::HiddenContent, format!("{}, embedded object", self.place));
            match frame.picture {
                Some((picture, behind)) => {
                    self.edits.cut(frame.from, picture);
                    self.edits.cut(behind, to);
                }
                None => self.edits.cut(frame.from, to),
            }
        }
        let Some(data) = &frame.diagram else { return Ok(()) };
        let shapes = (self.diagrams)(data)?;
        self.findings.removed(Category::HiddenContent, format!("{}, data of a diagram", self.place));
        self.drawn = self.drawn.saturating_add(shapes.as_ref().map_or(0, String::len));
        if self.drawn > limits::XML_PART_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "diagrams", 0));
        }
        let (Some(shapes), Some((x, y)), Some((width, height))) =
            (shapes, frame.place.split_once(' '), frame.size.split_once(' '))
        else {
            self.edits.cut(frame.from, to);
            return Ok(());
        };
        let numbers = [x, y, width, height].iter().all(|number| number.parse::<i64>().is_ok());
        let (namespace, description) = (self.group.namespace, self.group.description);
        let a = LOOKS;
        if !numbers {
            self.edits.cut(frame.from, to);
        } else {
            self.edits.replace(
                frame.from,
                to,
                format!(
                    "<g:grpSp xmlns:g=\"{namespace}\" xmlns:a=\"{a}\"><g:nvGrpSpPr><g:cNvPr id=\"1\" name=\"\"/>\
                     <g:cNvGrpSpPr/>{description}</g:nvGrpSpPr><g:grpSpPr><a:xfrm><a:off x=\"{x}\" y=\"{y}\"/>\
                     <a:ext cx=\"{width}\" cy=\"{height}\"/><a:chOff x=\"0\" y=\"0\"/>\
                     <a:chExt cx=\"{width}\" cy=\"{height}\"/></a:xfrm></g:grpSpPr>{shapes}</g:grpSp>"
                ),
            );
        }
        Ok(())
    }

    fn nearest(&mut self, is_it: impl Fn(&Open) -> bool) -> Option<&mut Open> {
        self.open.iter_mut().rev().find(|open| is_it(open))
    }
}

/// The namespace of shapes' looks.
pub(crate) const LOOKS: &str = "http://schemas.openxmlformats.org/drawingml/2006/main";
const SHAPES: [&str; 5] = ["sp", "pic", "grpSp", "graphicFrame", "cxnSp"];

fn local(name: &str) -> &str {
    name.rsplit_once(['}', ':']).map_or(name, |(_, local)| local)
}

/// An offset as one in a text.
pub(crate) fn offset(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}
