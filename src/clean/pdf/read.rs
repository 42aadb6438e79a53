//! A file as numbered objects (ISO 32000-1, 7.5): by its cross-reference tables, or where these do not hold, by a walk
//! over the whole file. Keeps nothing of what belongs to no object.

mod repair;
mod xref;

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::filter;
use super::lex::{Lexer, Token, is_space};
use super::object::{Dict, Object, Stream};
use crate::clean::{Reason, Refusal};
use crate::limits;

/// A file, parsed.
pub(super) struct Document<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) objects: BTreeMap<u32, Object>,
    pub(super) trailer: Dict,
    /// How many times the file was saved onto itself.
    pub(super) revisions: usize,
    /// Bytes that filters may still make.
    inflatable: Cell<usize>,
}

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Free,
    /// At this offset.
    At(usize),
    /// In the object stream of this number.
    Within(u32),
}

static NULL: Object = Object::Null;

impl<'a> Document<'a> {
    /// Parses all objects of the file.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Refusal> {
        let inflatable = bytes.len().saturating_mul(limits::PDF_INFLATED_RATIO);
        let inflatable = inflatable.saturating_add(limits::PDF_INFLATED_BYTES_MAX);
        let mut doc = Self {
            bytes,
            objects: BTreeMap::new(),
            trailer: Dict::new(),
            revisions: 0,
            inflatable: Cell::new(inflatable),
        };
        let mut budget = limits::PDF_VALUES_MAX;
        let by_tables = xref::read(bytes, &doc, &mut budget)?;
        let sound = match by_tables {
            Some((places, trailer)) => {
                doc.trailer = trailer;
                doc.load(&places, &mut budget)? && doc.has_pages()
            }
            None => false,
        };
        if !sound {
            doc.objects.clear();
            budget = limits::PDF_VALUES_MAX;
            let (places, trailer) = repair::read(bytes, &doc, &mut budget)?;
            doc.trailer = trailer;
            doc.load(&places, &mut budget)?;
            repair::find_root(&mut doc);
        }
        doc.revisions = revisions(bytes);
        Ok(doc)
    }

    fn has_pages(&self) -> bool {
        let root = self.get(&self.trailer, b"Root").dict();
        root.is_some_and(|root| self.get(root, b"Pages").dict().is_some())
    }

    /// Parses what is at these places. Whether each was there.
    fn load(&mut self, places: &BTreeMap<u32, Place>, budget: &mut usize) -> Result<bool, Refusal> {
        let mut sound = true;
        let mut containers = BTreeSet::new();
        for (number, place) in places {
            match place {
                Place::Free => {}
                Place::Within(container) => {
                    containers.insert(*container);
                }
                Place::At(at) => match indirect(self.bytes, *at, places, budget) {
                    Some((found, object)) if found == *number => {
                        self.objects.insert(*number, object);
                    }
                    _ => sound = false,
                },
            }
            if *budget == 0 {
                return Err(Refusal::new(Reason::TooLarge, "number of objects, or their nesting", 0));
            }
        }
        for container in containers {
            sound &= self.load_members(container, places, budget)?;
        }
        Ok(sound)
    }

    /// Parses the members of an object stream (7.5.7) that are not newer elsewhere.
    fn load_members(
        &mut self,
        container: u32,
        places: &BTreeMap<u32, Place>,
        budget: &mut usize,
    ) -> Result<bool, Refusal> {
        let Some(Object::Stream(stream)) = self.objects.get(&container) else { return Ok(false) };
        let bytes = self.decoded(stream)?.bytes;
        let first = self.get(&stream.dict, b"First").int().and_then(|first| usize::try_from(first).ok());
        let count = self.get(&stream.dict, b"N").int().and_then(|count| usize::try_from(count).ok());
        let (Some(first), Some(count)) = (first, count) else { return Ok(false) };
        let mut header = Lexer::new(&bytes, 0);
        for _ in 0..count.min(limits::PDF_OBJECTS_MAX) {
            let (Token::Int(number), Token::Int(offset)) = (header.token(), header.token()) else { return Ok(false) };
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            if places.get(&number) != Some(&Place::Within(container)) {
                continue;
            }
            let at = usize::try_from(offset).unwrap_or(usize::MAX).saturating_add(first);
            if let Some(object) = Lexer::new(&bytes, at).object(true, budget) {
                self.objects.insert(number, object);
            }
            if *budget == 0 {
                return Err(Refusal::new(Reason::TooLarge, "number of objects, or their nesting", 0));
            }
        }
        Ok(true)
    }

    /// What stands behind a reference; null where nothing does.
    pub(super) fn resolve<'d>(&'d self, object: &'d Object) -> &'d Object {
        let mut object = object;
        for _ in 0..limits::PDF_REFERENCES_MAX {
            let Object::Ref(number) = object else { return object };
            object = self.objects.get(number).unwrap_or(&NULL);
        }
        &NULL
    }

    /// The value of a key; null where there is none.
    pub(super) fn get<'d>(&'d self, dict: &'d Dict, key: &[u8]) -> &'d Object {
        dict.get(key).map_or(&NULL, |value| self.resolve(value))
    }

    /// Exactly the bytes of a stream in the file.
    pub(super) fn raw(&self, stream: &Stream) -> &'a [u8] {
        self.bytes.get(stream.at..stream.at.saturating_add(stream.len)).unwrap_or_default()
    }

    /// A stream's data without their filters.
    pub(super) fn decoded(&self, stream: &Stream) -> Result<filter::Decoded, Refusal> {
        if stream.dict.contains_key(b"F".as_slice()) {
            return Err(Refusal::new(Reason::NotUnderstood, "stream in another file", self.offset(stream)));
        }
        filter::decode(self, &stream.dict, self.raw(stream), stream.at)
    }

    /// A stream's data, which may be no picture's.
    pub(super) fn data(&self, stream: &Stream) -> Result<Vec<u8>, Refusal> {
        let decoded = self.decoded(stream)?;
        if decoded.left.is_some() {
            return Err(Refusal::new(Reason::Damaged, "Filter", self.offset(stream)));
        }
        Ok(decoded.bytes)
    }

    /// A stream's data once more; it has been or will be counted elsewhere.
    pub(super) fn look(&self, stream: &Stream) -> Option<Vec<u8>> {
        let left = self.inflatable.get();
        let data = self.data(stream).ok();
        self.inflatable.set(left);
        data
    }

    /// Where a stream is, for a refusal.
    pub(super) fn offset(&self, stream: &Stream) -> u64 {
        u64::try_from(stream.at).unwrap_or(u64::MAX)
    }

    /// Bytes that one stream may be inflated to.
    pub(super) fn inflated_max(&self) -> usize {
        self.inflatable.get().min(limits::PDF_STREAM_BYTES_MAX)
    }

    /// Counts bytes that filters made.
    pub(super) fn spend(&self, len: usize) -> Result<(), Refusal> {
        let left = self.inflatable.get().checked_sub(len);
        self.inflatable.set(left.ok_or(Refusal::new(
            Reason::TooLarge,
            "data of all streams without their filters",
            0,
        ))?);
        Ok(())
    }
}

/// The indirect object at `at` and its number (7.3.10).
fn indirect(bytes: &[u8], at: usize, places: &BTreeMap<u32, Place>, budget: &mut usize) -> Option<(u32, Object)> {
    let mut lexer = Lexer::new(bytes, at);
    let (Token::Int(number), Token::Int(_), Token::Word(word)) = (lexer.token(), lexer.token(), lexer.token()) else {
        return None;
    };
    let number = u32::try_from(number).ok()?;
    // Some writers leave no space behind it.
    let rest = word.strip_prefix(b"obj")?;
    lexer.at = lexer.at.saturating_sub(rest.len());
    let before = lexer.at;
    let Some(object) = lexer.object(true, budget) else {
        // Nothing but `endobj` is null, as it is for viewers.
        return (*budget > 0 && Lexer::new(bytes, before).token() == Token::Word(b"endobj"))
            .then_some((number, Object::Null));
    };
    let Object::Dict(dict) = object else { return Some((number, object)) };
    if lexer.token() != Token::Word(b"stream") {
        return Some((number, Object::Dict(dict)));
    }
    match (lexer.peek(), bytes.get(lexer.at.saturating_add(1))) {
        (Some(b'\r'), Some(b'\n')) => lexer.at = lexer.at.saturating_add(2),
        (Some(b'\r' | b'\n'), _) => lexer.at = lexer.at.saturating_add(1),
        _ => {}
    }
    let len = length(bytes, &dict, lexer.at, places);
    Some((number, Object::Stream(Stream { dict, at: lexer.at, len })))
}

/// How long the stream at `at` is: as it says, if it ends there, or else up to the first `endstream`.
fn length(bytes: &[u8], dict: &Dict, at: usize, places: &BTreeMap<u32, Place>) -> usize {
    let said = match dict.get(b"Length".as_slice()) {
        Some(Object::Int(len)) => Some(*len),
        Some(Object::Ref(number)) => match places.get(number) {
            Some(Place::At(at)) => {
                let mut lexer = Lexer::new(bytes, *at);
                let _ = (lexer.token(), lexer.token(), lexer.token());
                if let Token::Int(len) = lexer.token() { Some(len) } else { None }
            }
            _ => None,
        },
        _ => None,
    };
    let said = said.and_then(|len| usize::try_from(len).ok()).filter(|len| {
        let mut lexer = Lexer::new(bytes, at.saturating_add(*len));
        while lexer.peek().is_some_and(is_space) {
            lexer.at = lexer.at.saturating_add(1);
        }
        bytes.get(lexer.at..).is_some_and(|rest| rest.starts_with(b"endstream"))
    });
    let rest = bytes.get(at..).unwrap_or_default();
    said.unwrap_or_else(|| {
        let end = memchr::memmem::find(rest, b"endstream").or_else(|| memchr::memmem::find(rest, b"endobj"));
        let data = rest.get(..end.unwrap_or(rest.len())).unwrap_or_default();
        let data = data.strip_suffix(b"\n").unwrap_or(data);
        data.strip_suffix(b"\r").unwrap_or(data).len()
    })
}

/// How many ends of file there are, a linearised one's first not among them.
fn revisions(bytes: &[u8]) -> usize {
    let ends = memchr::memmem::find_iter(bytes, b"%%EOF").count();
    let head = bytes.get(..bytes.len().min(limits::SNIFF_BYTES)).unwrap_or_default();
    let linearised = memchr::memmem::find(head, b"/Linearized").is_some();
    ends.saturating_sub(usize::from(linearised && ends > 1))
}
