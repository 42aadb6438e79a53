//! Font programs as PDF files embed them (ISO 32000-1, 9.9): rebuilt by list, outlines and metrics unchanged. Never keeps
//! a name, a notice, a date or a byte that no glyph needs; never touches the PDF objects around them.
//!
//! A font program has no file type of its own here: the cleaner of PDF files calls these functions on inflated
//! streams. Each `clean_*` has a `verify_*` with a reader of its own that accounts for every byte. What both share is
//! the list of glyph names and the walk over charstrings.

mod cff;
mod names;
mod reached;
mod read;
mod sfnt;
mod type1;

use std::collections::BTreeMap;

use super::{Reason, Refusal, Unaccounted};
use crate::limits;

/// What a font program is, by its first bytes; PDF dictionaries are sometimes wrong about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// TrueType: `FontFile2`.
    TrueType,
    /// OpenType with CFF outlines: `FontFile3`, `/OpenType`.
    OpenType,
    /// Bare CFF: `FontFile3`, `/Type1C` or `/CIDFontType0C`.
    Cff,
    /// Type 1: `FontFile`.
    Type1,
}

/// A clean font program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
    /// `Length1`, `Length2` and `Length3` of the stream dictionary; of a TrueType program only the first is used.
    pub(crate) lengths: [usize; 3],
    /// Glyph names that were not of the known kinds, and what they are called now. `Differences` and `CharSet` of the
    /// PDF file have to say the new ones.
    pub(crate) renamed: BTreeMap<Vec<u8>, Vec<u8>>,
}

impl Program {
    fn new(bytes: Vec<u8>, renamed: BTreeMap<Vec<u8>, Vec<u8>>) -> Self {
        let lengths = [bytes.len(), 0, 0];
        Self { bytes, lengths, renamed }
    }
}

/// What `bytes` are, if they begin as a font program.
pub(crate) fn kind(bytes: &[u8]) -> Option<Kind> {
    match bytes {
        [0, 1, 0, 0, ..] | [b't', b'r', b'u', b'e', ..] | [b't', b't', b'c', b'f', ..] => Some(Kind::TrueType),
        [b'O', b'T', b'T', b'O', ..] => Some(Kind::OpenType),
        [0x80, 1, ..] | [b'%', b'!', ..] => Some(Kind::Type1),
        [1, 0..=9, 4..=32, 1..=4, ..] => Some(Kind::Cff),
        _ => None,
    }
}

/// Whether a glyph name says what the glyph is and no more. A name in `Differences` that is not plain and not renamed
/// names no glyph of the program.
pub(crate) fn plain_glyph_name(name: &[u8]) -> bool {
    names::plain(name)
}

/// Rebuilds a TrueType or OpenType program.
pub(crate) fn clean_sfnt(bytes: &[u8]) -> Result<Program, Refusal> {
    within_limit(bytes)?;
    within(sfnt::clean(bytes)?)
}

/// Rebuilds a CFF program.
pub(crate) fn clean_cff(bytes: &[u8]) -> Result<Program, Refusal> {
    within_limit(bytes)?;
    within(cff::clean(bytes)?)
}

/// Rebuilds a Type 1 program, from a PFB file too.
pub(crate) fn clean_type1(bytes: &[u8]) -> Result<Program, Refusal> {
    within_limit(bytes)?;
    within(type1::clean(bytes)?)
}

/// Accounts for every byte of what [`clean_sfnt`] made.
pub(crate) fn verify_sfnt(bytes: &[u8]) -> Result<(), Unaccounted> {
    sfnt::verify(bytes)
}

/// Accounts for every byte of what [`clean_cff`] made.
pub(crate) fn verify_cff(bytes: &[u8]) -> Result<(), Unaccounted> {
    cff::verify(bytes)
}

/// Accounts for every byte of what [`clean_type1`] made.
pub(crate) fn verify_type1(bytes: &[u8]) -> Result<(), Unaccounted> {
    type1::verify(bytes)
}

fn within_limit(bytes: &[u8]) -> Result<(), Refusal> {
    if bytes.len() > limits::FONT_BYTES_MAX { Err(Refusal::new(Reason::TooLarge, "font program", 0)) } else { Ok(()) }
}

fn within(program: Program) -> Result<Program, Refusal> {
    within_limit(&program.bytes).map(|()| program)
}

/// A part of a font program that contradicts its specification.
fn damaged(part: &'static str) -> Refusal {
    Refusal::new(Reason::Damaged, part, 0)
}

#[cfg(test)]
mod tests;
