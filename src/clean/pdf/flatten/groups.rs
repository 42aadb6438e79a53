//! Transparency groups that what draws them takes for isolated, and that are not (ISO 32000-1, 11.4.5): where something
//! in one blends with the page behind it, as a marker over text does, the text would be lost. Most are no more than their
//! parts, one painted after the other, and become that. The others are refused.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::clean::pdf::object::{Dict, Object, Stream};
use crate::clean::pdf::operation::Operations;
use crate::clean::pdf::read::Document;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// What becomes of the groups of a document.
#[derive(Default)]
pub(super) struct Parted {
    /// Where those stand that are to be only their parts: key and value.
    pub(super) ranges: Vec<Range<usize>>,
    /// Whether another looks a little different from what was meant, though nothing is lost in it.
    pub(super) differs: bool,
}

/// Looks at all groups of a clean document.
///
/// # Errors
/// [`Reason::NotFlattened`] for a group that is more than its parts and might hide what is behind it.
pub(super) fn parted(doc: &Document<'_>) -> Result<Parted, Refusal> {
    let mut contents = Contents(BTreeMap::new());
    for object in doc.objects.values() {
        contents.read(doc, object)?;
    }
    let (mut parted, mut known) = (Parted::default(), BTreeMap::new());
    for (at, content) in &contents.0 {
        let Some(group) = content.group else { continue };
        let inside = contents.inside(*at, &mut known, 0);
        if group.is_knockout {
            if inside.hides {
                return Err(Refusal::new(Reason::NotFlattened, "a blend mode in a knockout group", 0));
            }
            parted.differs |= inside.blends || inside.is_translucent;
        } else if !group.is_isolated && inside.blends {
            if content.is_drawn_plainly {
                parted.ranges.extend(place(doc.bytes, *at));
            } else if inside.hides {
                return Err(Refusal::new(Reason::NotFlattened, "a blend mode in a group that is not isolated", 0));
            } else {
                parted.differs = true;
            }
        }
    }
    Ok(parted)
}

/// From this alpha on nothing can be read through what is painted.
const OPAQUE: f64 = 0.8;

/// All content streams, by where their data are.
struct Contents(BTreeMap<usize, Content>);

struct Content {
    group: Option<Group>,
    own: Inside,
    /// The forms that it draws.
    forms: Vec<usize>,
    /// Whether it is never drawn with a blend mode, an alpha or a mask.
    is_drawn_plainly: bool,
}

impl Default for Content {
    fn default() -> Self {
        Self { group: None, own: Inside::default(), forms: Vec::new(), is_drawn_plainly: true }
    }
}

#[derive(Clone, Copy)]
struct Group {
    is_isolated: bool,
    is_knockout: bool,
}

/// How something in it is painted.
#[derive(Clone, Copy, Default)]
struct Inside {
    /// With a blend mode.
    blends: bool,
    /// So, and opaque: without the blend mode it would hide what is behind.
    hides: bool,
    is_translucent: bool,
}

impl Inside {
    fn include(&mut self, other: Self) {
        self.blends |= other.blends;
        self.hides |= other.hides;
        self.is_translucent |= other.is_translucent;
    }
}

/// What a graphics state says of how things are painted.
#[derive(Clone, Copy)]
struct State {
    blends: bool,
    fill: f64,
    line: f64,
    mask: bool,
}

impl State {
    /// As a page begins with it.
    const PLAIN: Self = Self { blends: false, fill: 1.0, line: 1.0, mask: false };

    fn is_plain(self) -> bool {
        !(self.blends || self.mask) && self.fill.min(self.line) >= 1.0
    }

    fn painting(self, operator: &[u8]) -> Inside {
        let (most, least) = match operator {
            b"S" | b"s" => (self.line, self.line),
            b"B" | b"B*" | b"b" | b"b*" => (self.fill.max(self.line), self.fill.min(self.line)),
            _ => (self.fill, self.fill),
        };
        let hides = self.blends && most > OPAQUE;
        Inside { blends: self.blends, hides, is_translucent: self.mask || least < 1.0 }
    }

    fn set(&mut self, doc: &Document<'_>, dict: &Dict) {
        self.fill = doc.get(dict, b"ca").number().unwrap_or(self.fill);
        self.line = doc.get(dict, b"CA").number().unwrap_or(self.line);
        if let Some(mode) = doc.get(dict, b"BM").name() {
            self.blends = !matches!(mode, b"Normal" | b"Compatible");
        }
        if dict.contains_key(b"SMask") {
            self.mask = doc.get(dict, b"SMask").dict().is_some();
        }
    }
}

static NONE: Dict = Dict::new();

impl Contents {
    fn read(&mut self, doc: &Document<'_>, object: &Object) -> Result<(), Refusal> {
        let Some(dict) = object.dict() else { return Ok(()) };
        let resources = doc.get(dict, b"Resources").dict().unwrap_or(&NONE);
        match object {
            Object::Stream(stream) if is_form(doc, dict) => {
                let group = doc.get(dict, b"Group").dict().map(|group| Group {
                    is_isolated: doc.get(group, b"I").bool() == Some(true),
                    is_knockout: doc.get(group, b"K").bool() == Some(true),
                });
                self.0.entry(stream.at).or_default().group = group;
                self.content(doc, stream, resources)
            }
            Object::Stream(stream) if dict.contains_key(b"PatternType") => self.content(doc, stream, resources),
            Object::Dict(_) if doc.get(dict, b"Type").name() == Some(b"Page") => match doc.get(dict, b"Contents") {
                Object::Stream(stream) => self.content(doc, stream, resources),
                _ => Ok(()),
            },
            Object::Dict(_) => {
                let glyphs = doc.get(dict, b"CharProcs").dict().unwrap_or(&NONE);
                glyphs.iter().try_for_each(|(_, glyph)| match doc.resolve(glyph) {
                    Object::Stream(stream) => self.content(doc, stream, resources),
                    _ => Ok(()),
                })
            }
            _ => Ok(()),
        }
    }

    fn content(&mut self, doc: &Document<'_>, stream: &Stream, resources: &Dict) -> Result<(), Refusal> {
        let data = doc.data(stream)?;
        let (mut own, mut forms) = (Inside::default(), Vec::new());
        let (mut state, mut saved) = (State::PLAIN, Vec::new());
        for operation in Operations::new(&data) {
            let named = |category: &[u8]| {
                let name = operation.operands.last()?.name()?;
                Some(doc.resolve(doc.get(resources, category).dict()?.get(name)?))
            };
            match operation.operator {
                b"q" if saved.len() < limits::PDF_SAVED_MAX => saved.push(state),
                b"Q" => state = saved.pop().unwrap_or(state),
                b"gs" => {
                    if let Some(Object::Dict(dict)) = named(b"ExtGState") {
                        state.set(doc, dict);
                    }
                }
                b"Do" => {
                    own.include(state.painting(operation.operator));
                    match named(b"XObject") {
                        Some(Object::Stream(form)) if is_form(doc, &form.dict) => {
                            forms.push(form.at);
                            self.0.entry(form.at).or_default().is_drawn_plainly &= state.is_plain();
                        }
                        _ => {}
                    }
                }
                operator if PAINTING.contains(&operator) => own.include(state.painting(operator)),
                _ => {}
            }
        }
        let content = self.0.entry(stream.at).or_default();
        (content.own, content.forms) = (own, forms);
        content.forms.sort_unstable();
        content.forms.dedup();
        Ok(())
    }

    /// What a content and the forms that it draws ask for, up to groups that keep it to themselves.
    fn inside(&self, at: usize, known: &mut BTreeMap<usize, Inside>, depth: usize) -> Inside {
        if let Some(known) = known.get(&at) {
            return *known;
        }
        let Some(content) = self.0.get(&at).filter(|_| depth <= limits::PDF_DEPTH_MAX) else {
            return Inside { blends: true, hides: true, is_translucent: true };
        };
        let mut inside = content.own;
        for form in &content.forms {
            if !self.0.get(form).and_then(|form| form.group).is_some_and(|group| group.is_isolated) {
                inside.include(self.inside(*form, known, depth.saturating_add(1)));
            }
        }
        known.insert(at, inside);
        inside
    }
}

/// Operators that paint (annex A), but for those that draw what has contents of its own.
const PAINTING: &[&[u8]] = &[b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s", b"sh", b"Tj", b"TJ", b"'", b"\""];

fn is_form(doc: &Document<'_>, dict: &Dict) -> bool {
    doc.get(dict, b"Subtype").name() == Some(b"Form")
}

/// Where the group stands in the dictionary of the form whose data begin at `at`, as our writer spells it.
fn place(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let before = bytes.get(..at)?;
    let start = memchr::memmem::rfind(before, b" 0 obj\n")?;
    let from = start.checked_add(memchr::memmem::find(before.get(start..)?, b"/Group<<")?)?;
    let len = memchr::memmem::find(before.get(from..)?, b">>")?.checked_add(2)?;
    Some(from..from.checked_add(len)?)
}
