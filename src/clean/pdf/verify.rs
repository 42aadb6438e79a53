//! The second walker: reads a produced file from its first byte to its last and accounts for each. It has a parser of
//! its own that knows one spelling only, and tables of what may stand where; with the cleaner it shares lists of names.

mod cmap;
mod content;
mod custom;
mod schema;
mod value;
mod walk;

use std::io::Read;

use super::write::HEADER;
use crate::clean::Unaccounted;
use crate::clean::produced::Produced;
use crate::limits;
use value::{Parser, V};

/// An object of the produced file.
struct Object {
    at: usize,
    value: V,
    /// Of a stream, where its data are.
    data: Option<(usize, usize)>,
}

pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    let mut bytes = Vec::new();
    loop {
        let buffered = produced.buffered()?;
        let len = buffered.len();
        if len == 0 {
            break;
        }
        bytes.extend_from_slice(buffered);
        produced.consume(len);
        // Tables are about as long as what they list.
        if produced.at() > limits::PDF_BYTES_MAX.saturating_mul(2) {
            return produced.wrong("length");
        }
    }
    let (objects, root) = structure(&bytes)?;
    walk::walk(&bytes, &objects, root)
}

fn wrong<T>(part: &'static str, at: usize) -> Result<T, Unaccounted> {
    Err(Unaccounted::new(part, u64::try_from(at).unwrap_or(u64::MAX)))
}

/// Header, objects one behind the other, table, trailer.
fn structure(bytes: &[u8]) -> Result<(Vec<Object>, u32), Unaccounted> {
    let mut parser = Parser::new(bytes);
    let Some(()) = parser.expect(HEADER) else { return wrong("header", 0) };
    let mut objects = Vec::new();
    while !parser.rest().starts_with(b"xref\n") {
        let at = parser.at;
        let number = objects.len().saturating_add(1);
        match object(&mut parser, number) {
            Some(object) => objects.push(object),
            None => return wrong("object", at.max(parser.at)),
        }
    }
    let start = parser.at;
    let size = objects.len().saturating_add(1);
    let head = format!("xref\n0 {size}\n0000000000 65535 f \n");
    let Some(()) = parser.expect(head.as_bytes()) else { return wrong("cross-reference table", start) };
    for object in &objects {
        let entry = format!("{:010} 00000 n \n", object.at);
        let Some(()) = parser.expect(entry.as_bytes()) else { return wrong("cross-reference table", parser.at) };
    }
    // The catalogue is the first object that is mentioned.
    let trailer = format!("trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    let Some(()) = parser.expect(trailer.as_bytes()) else { return wrong("trailer", parser.at) };
    if !parser.rest().is_empty() {
        return wrong("bytes after the end", parser.at);
    }
    Ok((objects, 1))
}

fn object(parser: &mut Parser<'_>, number: usize) -> Option<Object> {
    let at = parser.at;
    parser.expect(format!("{number} 0 obj\n").as_bytes())?;
    let value = parser.value(0)?;
    let mut data = None;
    if parser.expect(b"\nstream\n").is_some() {
        let V::Dict(fields) = &value else { return None };
        let len = fields.iter().find(|(key, _)| key == "Length").and_then(|(_, len)| len.int())?;
        let (from, len) = (parser.at, usize::try_from(len).ok()?);
        parser.at = from.checked_add(len).filter(|end| *end <= parser.bytes.len())?;
        parser.expect(b"\nendstream")?;
        data = Some((from, len));
    }
    parser.expect(b"\nendobj\n")?;
    Some(Object { at, value, data })
}
