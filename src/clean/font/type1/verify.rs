//! The second walker of Type 1 programs: the one form that a clean program has, word for word; numbers, names and
//! charstrings are all that differs.

use super::charstring::{ENDCHAR, Subroutines, Walk};
use super::crypt::{CHARSTRING, EEXEC, LEAD, decrypted};
use super::token::is_number;
use super::{
    CLEAR, CLOSE, CUSTOM, EEXEC_FOLLOWS, FIRST, FORCE_BOLD, OTHER_SUBRS, PRIVATE, PRIVATE_FOLLOWS, parse, trailer,
};
use crate::clean::Unaccounted;
use crate::clean::font::names;
use crate::clean::font::read::Strict;
use crate::limits;

/// Accounts for every byte of a clean program.
pub(in crate::clean::font) fn verify(bytes: &[u8]) -> Result<(), Unaccounted> {
    let trailer = trailer();
    let mut font = Strict::new(bytes);
    font.expect(FIRST, "first line")?;
    for (key, around, usual) in CLEAR {
        if !usual.is_empty() || begins(&font, key) {
            numbers(&mut font, key, around, usual.len().max(1)..=usual.len().max(1))?;
        }
    }
    encoding(&mut font)?;
    font.expect(EEXEC_FOLLOWS, "eexec")?;
    let Some(len) = font.rest().len().checked_sub(trailer.len()) else { return font.wrong("cleartomark") };
    let plain = decrypted(font.take(len, "eexec")?, EEXEC);
    font.expect(&trailer, "cleartomark")?;
    font.end("bytes behind the program")?;
    let mut private = Strict::new(&plain);
    private.expect(&[0; LEAD], "eexec")?;
    verify_private(&mut private)
}

fn begins(font: &Strict<'_>, key: &[u8]) -> bool {
    font.rest().strip_prefix(b"/").is_some_and(|rest| rest.starts_with(key) && rest.get(key.len()) == Some(&b' '))
}

/// `/KEY [NUMBERS] def`.
fn numbers(
    font: &mut Strict<'_>,
    key: &[u8],
    [before, behind]: [&[u8]; 2],
    count: std::ops::RangeInclusive<usize>,
) -> Result<(), Unaccounted> {
    font.expect(b"/", "key")?;
    font.expect(key, "key")?;
    font.expect(b" ", "key")?;
    font.expect(before, "number")?;
    let mut found = 0usize;
    loop {
        let number = word(font, "number")?;
        font.insist(is_number(number), "number")?;
        found = found.saturating_add(1);
        if font.rest().starts_with(behind) {
            break;
        }
        font.expect(b" ", "number")?;
    }
    font.insist(count.contains(&found), "number")?;
    font.expect(behind, "number")
}

/// Bytes up to a space, a bracket or the end of the line.
fn word<'a>(font: &mut Strict<'a>, part: &'static str) -> Result<&'a [u8], Unaccounted> {
    let ends = |byte: &u8| matches!(byte, b' ' | b'\n' | b']' | b'}');
    let Some(len) = font.rest().iter().position(ends) else { return font.wrong(part) };
    font.take(len, part)
}

/// A whole number without leading zeros.
fn whole(font: &mut Strict<'_>, part: &'static str) -> Result<usize, Unaccounted> {
    let text = word(font, part)?;
    let number = std::str::from_utf8(text).ok().and_then(|text| text.parse::<usize>().ok());
    match number.filter(|number| number.to_string().as_bytes() == text) {
        Some(number) => Ok(number),
        None => font.wrong(part),
    }
}

fn encoding(font: &mut Strict<'_>) -> Result<(), Unaccounted> {
    for known in [b"/Encoding StandardEncoding def\n".as_slice(), b"/Encoding ISOLatin1Encoding def\n"] {
        if font.rest().starts_with(known) {
            return font.expect(known, "Encoding");
        }
    }
    let [first, last] = CUSTOM;
    font.expect(first, "Encoding")?;
    let mut free = 0usize;
    while font.rest().starts_with(b"dup ") {
        font.expect(b"dup ", "Encoding")?;
        let code = whole(font, "Encoding")?;
        font.insist((free..256).contains(&code), "Encoding")?;
        free = code.saturating_add(1);
        font.expect(b" ", "Encoding")?;
        name(font)?;
        font.expect(b" put\n", "Encoding")?;
    }
    font.expect(last, "Encoding")
}

/// `/NAME`, a plain one.
fn name<'a>(font: &mut Strict<'a>) -> Result<&'a [u8], Unaccounted> {
    font.expect(b"/", "glyph name")?;
    let name = word(font, "glyph name")?;
    font.insist(names::plain(name), "glyph name")?;
    Ok(name)
}

fn verify_private(private: &mut Strict<'_>) -> Result<(), Unaccounted> {
    private.expect(PRIVATE_FOLLOWS, "Private")?;
    for (key, around) in PRIVATE {
        if begins(private, key) {
            let most = parse::KEYS.iter().find(|(name, _)| *name == key).map_or(1, |(_, most)| *most);
            numbers(private, key, around, 1..=most)?;
        }
    }
    if private.rest().starts_with(FORCE_BOLD) {
        private.expect(FORCE_BOLD, "ForceBold")?;
    }
    let mut subroutines = Subroutines::new();
    if private.rest().starts_with(OTHER_SUBRS) {
        private.expect(OTHER_SUBRS, "OtherSubrs")?;
        private.expect(b"/Subrs ", "Subrs")?;
        let count = whole(private, "Subrs")?;
        private.expect(b" array\n", "Subrs")?;
        while private.rest().starts_with(b"dup ") {
            private.expect(b"dup ", "Subrs")?;
            let number = whole(private, "Subrs")?;
            let rising = subroutines.last_key_value().is_none_or(|(last, _)| *last < number);
            private.insist(rising && number < count, "Subrs")?;
            private.expect(b" ", "Subrs")?;
            subroutines.insert(number, charstring(private, b" NP\n")?);
        }
        private.insist(
            subroutines.last_key_value().is_some_and(|(last, _)| last.checked_add(1) == Some(count)),
            "Subrs",
        )?;
        private.expect(b"ND\n", "Subrs")?;
    }
    private.expect(b"2 index /CharStrings ", "CharStrings")?;
    let count = whole(private, "CharStrings")?;
    private.expect(b" dict dup begin\n", "CharStrings")?;
    let mut glyphs = Vec::new();
    for _ in 0..count {
        name(private)?;
        private.expect(b" ", "CharStrings")?;
        glyphs.push(charstring(private, b" ND\n")?);
    }
    private.expect(CLOSE, "closefile")?;
    private.end("bytes behind closefile")?;
    let mut walk = Walk::new(&subroutines, limits::FONT_STEPS_MAX);
    for glyph in &glyphs {
        let reached = walk.glyph(glyph).ok().flatten();
        private.insist(reached.is_some_and(|reached| reached.kept(glyph, ENDCHAR) == *glyph), "charstring")?;
    }
    private.insist(walk.kept() == subroutines, "subroutine")
}

/// `LENGTH RD BYTES`, decrypted.
fn charstring(private: &mut Strict<'_>, behind: &[u8]) -> Result<Vec<u8>, Unaccounted> {
    let len = whole(private, "charstring")?;
    private.expect(b" RD ", "charstring")?;
    let plain = decrypted(private.take(len, "charstring")?, CHARSTRING);
    private.expect(behind, "charstring")?;
    match plain.strip_prefix(&[0; LEAD]) {
        Some(plain) => Ok(plain.to_vec()),
        None => private.wrong("charstring"),
    }
}
