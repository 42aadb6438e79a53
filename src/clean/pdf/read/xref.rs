//! Cross-reference tables and streams (ISO 32000-1, 7.5.4 and 7.5.8), newest first. Where one does not hold, it gives up.

use std::collections::{BTreeMap, BTreeSet};

use super::{Document, Place, indirect};
use crate::clean::Refusal;
use crate::clean::pdf::lex::{Lexer, Token};
use crate::clean::pdf::object::{Dict, Object, Stream};
use crate::limits;

/// Where every object is, and the trailer.
type Tables = (BTreeMap<u32, Place>, Dict);

/// All tables together; `None` if they do not hold.
pub(super) fn read(bytes: &[u8], doc: &Document<'_>, budget: &mut usize) -> Result<Option<Tables>, Refusal> {
    let tail = bytes.len().saturating_sub(limits::PDF_TAIL_BYTES);
    let Some(start) = memchr::memmem::rfind(bytes.get(tail..).unwrap_or_default(), b"startxref") else {
        return Ok(None);
    };
    let mut lexer = Lexer::new(bytes, tail.saturating_add(start).saturating_add("startxref".len()));
    let mut next = vec![lexer.token()];
    let (mut places, mut trailer, mut seen) = (BTreeMap::new(), Dict::new(), BTreeSet::new());
    while let Some(offset) = next.pop() {
        let Token::Int(offset) = offset else { return Ok(None) };
        let Some(at) = usize::try_from(offset).ok().filter(|at| *at < bytes.len()) else { return Ok(None) };
        if !seen.insert(at) {
            continue;
        }
        if seen.len() > limits::PDF_SECTIONS_MAX {
            return Ok(None);
        }
        let Some(section) = section(bytes, at, doc, budget, &mut places)? else { return Ok(None) };
        for key in [b"Prev".as_slice(), b"XRefStm"] {
            // That of a hybrid file comes before older ones, so it is pushed last.
            next.extend(section.get(key).and_then(Object::int).map(Token::Int));
        }
        trailer = trailer.or(section);
    }
    Ok(Some((places, trailer)))
}

/// One table or stream: its trailer, with the places it knows put where none is known yet.
fn section(
    bytes: &[u8],
    at: usize,
    doc: &Document<'_>,
    budget: &mut usize,
    places: &mut BTreeMap<u32, Place>,
) -> Result<Option<Dict>, Refusal> {
    let mut lexer = Lexer::new(bytes, at);
    if lexer.token() == Token::Word(b"xref") {
        return Ok(table(&mut lexer, budget, places));
    }
    match indirect(bytes, at, places, budget) {
        Some((_, Object::Stream(stream))) => stream_section(&stream, doc, places),
        _ => Ok(None),
    }
}

fn table(lexer: &mut Lexer<'_>, budget: &mut usize, places: &mut BTreeMap<u32, Place>) -> Option<Dict> {
    loop {
        let first = match lexer.token() {
            Token::Int(first) => u32::try_from(first).ok()?,
            Token::Word(b"trailer") => break,
            _ => return None,
        };
        let Token::Int(count) = lexer.token() else { return None };
        for number in 0..u32::try_from(count).ok()? {
            let (Token::Int(at), Token::Int(_), kind) = (lexer.token(), lexer.token(), lexer.token()) else {
                return None;
            };
            let place = match kind {
                Token::Word(b"n") if at > 0 => Place::At(usize::try_from(at).ok()?),
                Token::Word(b"n" | b"f") => Place::Free,
                _ => return None,
            };
            put(places, first.checked_add(number)?, place)?;
        }
    }
    match lexer.object(true, budget) {
        Some(Object::Dict(dict)) => Some(dict),
        _ => None,
    }
}

fn put(places: &mut BTreeMap<u32, Place>, number: u32, place: Place) -> Option<()> {
    if places.len() >= limits::PDF_OBJECTS_MAX && !places.contains_key(&number) {
        return None;
    }
    places.entry(number).or_insert(place);
    Some(())
}

fn stream_section(
    stream: &Stream,
    doc: &Document<'_>,
    places: &mut BTreeMap<u32, Place>,
) -> Result<Option<Dict>, Refusal> {
    let data = doc.data(stream)?;
    Ok(entries(stream, &data, places).map(|()| stream.dict.clone()))
}

fn entries(stream: &Stream, data: &[u8], places: &mut BTreeMap<u32, Place>) -> Option<()> {
    let ints = |key: &[u8]| -> Option<Vec<usize>> {
        let array = stream.dict.get(key)?.array()?;
        array.iter().map(|value| value.int().and_then(|int| usize::try_from(int).ok())).collect()
    };
    let widths: [usize; 3] = ints(b"W")?.try_into().ok()?;
    let size = stream.dict.get(b"Size".as_slice())?.int().and_then(|size| usize::try_from(size).ok())?;
    let ranges = ints(b"Index").unwrap_or_else(|| vec![0, size]);
    let row = widths.iter().fold(0_usize, |sum, width| sum.saturating_add(*width));
    if row == 0 || widths.iter().any(|width| *width > 8) {
        return None;
    }
    let mut rows = data.chunks_exact(row);
    for range in ranges.chunks_exact(2) {
        let [first, count] = range else { return None };
        for number in (*first..).take(*count) {
            // A table that ends early is one that viewers accept.
            let Some(row) = rows.next() else { return Some(()) };
            let (kind, rest) = row.split_at_checked(widths[0])?;
            let (second, _) = rest.split_at_checked(widths[1])?;
            let kind = if widths[0] == 0 { 1 } else { big_endian(kind) };
            let place = match kind {
                1 => Place::At(usize::try_from(big_endian(second)).ok()?),
                2 => Place::Within(u32::try_from(big_endian(second)).ok()?),
                _ => Place::Free,
            };
            put(places, u32::try_from(number).ok()?, place)?;
        }
    }
    Some(())
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number: u64, byte| number.wrapping_shl(8) | u64::from(*byte))
}
