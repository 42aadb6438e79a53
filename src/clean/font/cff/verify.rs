//! The second walker of CFF programs: every part in the one order that a clean font has, every DICT operator by list,
//! every charstring run to its last byte.

use super::dict::{self, Dict, Operand, Token};
use super::layout::{CIDS, HEADER, NAME};
use super::type2::{ENDCHAR, Subroutines, Walk};
use super::{
    CHAR_STRINGS, CHARSET, CID_COUNT, ENCODING, FD_ARRAY, FD_SELECT, FONT, PRIVATE, PRIVATE_DICT, ROS, STRINGS, SUBRS,
    TOP, index, unsigned,
};
use crate::clean::Unaccounted;
use crate::clean::font::names;
use crate::clean::font::read::{Strict, short_at};
use crate::limits;

/// Accounts for every byte of a clean font.
pub(in crate::clean::font) fn verify(bytes: &[u8]) -> Result<(), Unaccounted> {
    let mut font = Strict::new(bytes);
    font.expect(&HEADER, "CFF header")?;
    let called = index::strict(&mut font, "Name INDEX")?;
    font.insist(called == NAME, "Name INDEX")?;
    let tops = index::strict(&mut font, "Top DICT INDEX")?;
    let [top] = tops.as_slice() else { return font.wrong("Top DICT INDEX") };
    let by_cid = top.ends_with(&[12, 37]);
    let strings = index::strict(&mut font, "String INDEX")?;
    let mut global = Subroutines::new(index::strict(&mut font, "Global Subr INDEX")?);
    let top = if by_cid {
        exact(top, &TOP, &[ROS], &[CHARSET, CHAR_STRINGS, CID_COUNT, FD_ARRAY, FD_SELECT])
    } else {
        exact(top, &TOP, &[], &[CHARSET, CHAR_STRINGS, ENCODING, PRIVATE_DICT])
    };
    let Some(top) = top else { return font.wrong("Top DICT") };
    let number = |operator: u16| top.get(&operator).and_then(|operands| unsigned(operands.first())).unwrap_or(0);
    font.insist(number(CHARSET) == font.at(), "charset offset")?;
    // How many glyphs there are is only known further behind.
    let Some(glyphs) = bytes.get(number(CHAR_STRINGS)..).and_then(|index| short_at(index, 0)) else {
        return font.wrong("CharStrings offset");
    };
    charset(&mut font, glyphs, (!by_cid).then_some(strings.len()))?;
    let mut select = vec![0u8; glyphs];
    if by_cid {
        font.insist(strings == [b"Adobe".as_slice(), b"Identity"] && number(CID_COUNT) == CIDS, "ROS")?;
        let ros = top.get(&ROS).map(Vec::as_slice).unwrap_or_default();
        let first = i32::try_from(STRINGS.len()).unwrap_or(0);
        let right = [first, first.saturating_add(1), 0].map(Operand::Integer);
        font.insist(ros == right, "ROS")?;
        font.insist(number(FD_SELECT) == font.at(), "FDSelect offset")?;
        select = fd_select(&mut font, glyphs)?;
    } else {
        font.insist(strings.iter().all(|name| names::plain(name)), "glyph name")?;
        if number(ENCODING) > 1 {
            font.insist(number(ENCODING) == font.at(), "Encoding offset")?;
            encoding(&mut font, glyphs, strings.len())?;
        }
    }
    font.insist(number(CHAR_STRINGS) == font.at(), "CharStrings offset")?;
    let charstrings = index::strict(&mut font, "CharStrings INDEX")?;
    font.insist(!charstrings.is_empty(), "CharStrings INDEX")?;
    let dicts = if by_cid {
        font.insist(number(FD_ARRAY) == font.at(), "FDArray offset")?;
        let items = index::strict(&mut font, "Font DICT INDEX")?;
        let dicts: Option<Vec<Dict>> = items.iter().map(|item| exact(item, &FONT, &[], &[PRIVATE_DICT])).collect();
        let Some(dicts) = dicts else { return font.wrong("Font DICT") };
        dicts
    } else {
        vec![top.clone()]
    };
    let mut locals = Vec::new();
    for dict in &dicts {
        locals.push(private(&mut font, dict)?);
    }
    font.end("bytes behind the font")?;
    run(&font, &charstrings, &select, &mut global, &mut locals)
}

/// A DICT that has some of `list` in rising order, between `first` and `last`, with nothing that is not in its shortest
/// form.
fn exact(bytes: &[u8], list: &[u16], first: &[u16], last: &[u16]) -> Option<Dict> {
    let (mut dict, mut order, mut operands, mut at) = (Dict::new(), Vec::new(), Vec::new(), 0usize);
    let mut again = Vec::new();
    while at < bytes.len() {
        let (token, len) = dict::token(bytes, at)?;
        at = at.checked_add(len)?;
        match token {
            Token::Operand(operand) => operands.push(operand),
            Token::Operator(operator) => {
                if last.contains(&operator) && operator != CID_COUNT {
                    let offsets: Option<Vec<usize>> = operands.iter().map(|operand| unsigned(Some(operand))).collect();
                    dict::write_offsets(&mut again, &offsets?, operator);
                } else {
                    dict::write(&mut again, &operands, operator);
                }
                let listed = list.contains(&operator) && !operands.is_empty();
                if !listed && !first.contains(&operator) && !last.contains(&operator) {
                    return None;
                }
                order.push(operator);
                dict.insert(operator, std::mem::take(&mut operands));
            }
            Token::Reserved => return None,
        }
    }
    let middle = order.strip_prefix(first)?.strip_suffix(last)?;
    (middle.is_sorted_by(|a, b| a < b) && operands.is_empty() && again == bytes).then_some(dict)
}

/// Format 2, to the last glyph; `strings`: how many names the font has of its own, if it has any.
fn charset(font: &mut Strict<'_>, glyphs: usize, strings: Option<usize>) -> Result<(), Unaccounted> {
    font.expect(&[2], "charset format")?;
    let (mut left, mut expected) = (glyphs.saturating_sub(1), None);
    let mut used = STRINGS.len();
    while left > 0 {
        let (first, more) = (font.number(2, "charset")?, font.number(2, "charset")?);
        let last = first.saturating_add(more);
        font.insist(more < left && last <= 0xFFFF && Some(first) != expected, "charset")?;
        left = left.saturating_sub(more).saturating_sub(1);
        expected = last.checked_add(1);
        // Names of its own are numbered as glyphs first have them.
        font.insist(strings.is_none() || first <= used, "charset")?;
        used = used.max(last.saturating_add(1));
    }
    let all = strings.is_none_or(|strings| used == strings.saturating_add(STRINGS.len()));
    font.insist(all, "String INDEX")
}

/// Format 0, with or without supplements.
fn encoding(font: &mut Strict<'_>, glyphs: usize, strings: usize) -> Result<(), Unaccounted> {
    let format = font.number(1, "Encoding format")?;
    let codes = font.number(1, "Encoding")?;
    font.insist(matches!(format, 0 | 0x80) && codes < glyphs, "Encoding")?;
    font.take(codes, "Encoding")?;
    if format == 0x80 {
        let count = font.number(1, "supplement")?;
        font.insist(count > 0, "supplement")?;
        for _ in 0..count {
            font.take(1, "supplement")?;
            let id = font.number(2, "supplement")?;
            font.insist(id < strings.saturating_add(STRINGS.len()), "supplement")?;
        }
    }
    Ok(())
}

/// Format 3, to the last glyph.
fn fd_select(font: &mut Strict<'_>, glyphs: usize) -> Result<Vec<u8>, Unaccounted> {
    font.expect(&[3], "FDSelect format")?;
    let ranges = font.number(2, "FDSelect")?;
    let mut select = Vec::new();
    let mut start = font.number(2, "FDSelect")?;
    font.insist(start == 0 && ranges > 0, "FDSelect")?;
    for _ in 0..ranges {
        let number = u8::try_from(font.number(1, "FDSelect")?).unwrap_or(0);
        let next = font.number(2, "FDSelect")?;
        font.insist(next > start && next <= glyphs && select.last() != Some(&number), "FDSelect")?;
        select.resize(next, number);
        start = next;
    }
    font.insist(start == glyphs, "FDSelect")?;
    Ok(select)
}

/// The Private DICT that a Font DICT names, and the subroutines right behind it.
fn private<'a>(font: &mut Strict<'a>, dict: &Dict) -> Result<Subroutines<'a>, Unaccounted> {
    let place = dict.get(&PRIVATE_DICT).map(Vec::as_slice).unwrap_or_default();
    let (Some(len), Some(at), 2) = (unsigned(place.first()), unsigned(place.get(1)), place.len()) else {
        return font.wrong("Private");
    };
    font.insist(at == font.at(), "Private offset")?;
    let bytes = font.take(len, "Private DICT")?;
    if let Some(dict) = exact(bytes, &PRIVATE, &[], &[SUBRS]) {
        let offset = dict.get(&SUBRS).and_then(|operands| unsigned(operands.first()));
        font.insist(offset == Some(len), "Subrs offset")?;
        let items = index::strict(font, "Local Subr INDEX")?;
        font.insist(!items.is_empty(), "Local Subr INDEX")?;
        return Ok(Subroutines::new(items));
    }
    font.insist(exact(bytes, &PRIVATE, &[], &[]).is_some(), "Private DICT")?;
    Ok(Subroutines::new(Vec::new()))
}

/// Runs every glyph: each byte of each charstring is reached.
fn run<'a>(
    font: &Strict<'_>,
    charstrings: &[&'a [u8]],
    select: &[u8],
    global: &mut Subroutines<'a>,
    locals: &mut [Subroutines<'a>],
) -> Result<(), Unaccounted> {
    let mut steps = limits::FONT_STEPS_MAX;
    let mut walk = Walk { global, steps: &mut steps };
    for (charstring, number) in charstrings.iter().zip(select) {
        let Some(local) = locals.get_mut(usize::from(*number)) else { return font.wrong("FDSelect") };
        let reached = walk.glyph(charstring, local).ok().flatten();
        font.insist(reached.is_some_and(|reached| reached.kept(charstring, ENDCHAR) == *charstring), "charstring")?;
    }
    font.insist(global.tight() && locals.iter().all(Subroutines::tight), "subroutine")
}
