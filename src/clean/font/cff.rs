//! CFF programs (Adobe Technical Note 5176): rebuilt of what draws glyphs and finds them. Never keeps a notice, a name,
//! an identifier, or a subroutine that no glyph runs.

mod charset;
mod dict;
mod index;
mod layout;
mod strings;
mod type2;
mod verify;

use std::collections::BTreeMap;

use super::names::Renaming;
use super::reached::Reached;
use super::{Program, damaged};
use crate::clean::{Reason, Refusal};
use crate::limits;
use charset::Encoding;
use dict::{Dict, ESCAPE, Operand, unsigned};
use strings::STRINGS;
use type2::{ENDCHAR, Subroutines, Walk};

pub(super) use verify::verify;

/// `FontBBox`, `PaintType`, `FontMatrix` and `StrokeWidth`: what of a Top DICT is kept as it is.
const TOP: [u16; 4] = [5, ESCAPE | 5, ESCAPE | 7, ESCAPE | 8];
/// `FontMatrix`: what of a Font DICT is kept as it is.
const FONT: [u16; 1] = [ESCAPE | 7];
/// Hints and widths: what of a Private DICT is kept as it is.
const PRIVATE: [u16; 18] = [
    6,
    7,
    8,
    9,
    10,
    11,
    20,
    21,
    ESCAPE | 9,
    ESCAPE | 10,
    ESCAPE | 11,
    ESCAPE | 12,
    ESCAPE | 13,
    ESCAPE | 14,
    ESCAPE | 15,
    ESCAPE | 17,
    ESCAPE | 18,
    ESCAPE | 19,
];
const CHARSET: u16 = 15;
const ENCODING: u16 = 16;
const CHAR_STRINGS: u16 = 17;
const PRIVATE_DICT: u16 = 18;
const SUBRS: u16 = 19;
const CHARSTRING_TYPE: u16 = ESCAPE | 6;
const ROS: u16 = ESCAPE | 30;
const CID_COUNT: u16 = ESCAPE | 34;
const FD_ARRAY: u16 = ESCAPE | 36;
const FD_SELECT: u16 = ESCAPE | 37;

/// A Private DICT with its subroutines.
struct Private<'a> {
    dict: Dict,
    subroutines: Subroutines<'a>,
}

/// What a clean font consists of.
struct Parts {
    top: Dict,
    /// Registry and ordering, or names of glyphs.
    strings: Vec<Vec<u8>>,
    global: Vec<Vec<u8>>,
    charset: Vec<u8>,
    /// 0 and 1 are predefined ones.
    encoding: Result<Vec<u8>, usize>,
    charstrings: Vec<Vec<u8>>,
    /// Font DICTs, Private DICTs and local subroutines; of a font by names there is one.
    fonts: Vec<(Dict, Dict, Vec<Vec<u8>>)>,
    /// FDSelect, for fonts by CID.
    select: Option<Vec<u8>>,
}

/// Rebuilds a font.
pub(super) fn clean(bytes: &[u8]) -> Result<Program, Refusal> {
    let header = usize::from(*bytes.get(2).ok_or(damaged("CFF header"))?);
    if bytes.first() != Some(&1) {
        return Err(damaged("CFF header"));
    }
    let names = index::read(bytes, header).ok_or(damaged("Name INDEX"))?;
    let tops = index::read(bytes, names.end).ok_or(damaged("Top DICT INDEX"))?;
    let strings = index::read(bytes, tops.end).ok_or(damaged("String INDEX"))?;
    let global = index::read(bytes, strings.end).ok_or(damaged("Global Subr INDEX"))?;
    let top = dict::read(tops.items.first().ok_or(damaged("Top DICT INDEX"))?);
    let number = |operator: u16| top.get(&operator).and_then(|operands| unsigned(operands.first()));
    if number(CHARSTRING_TYPE).is_some_and(|kind| kind != 2) {
        return Err(Refusal::new(Reason::NotUnderstood, "CharstringType", 0));
    }
    let charstrings = number(CHAR_STRINGS).and_then(|at| index::read(bytes, at)).ok_or(damaged("CharStrings INDEX"))?;
    let glyphs = charstrings.items.len();
    if glyphs == 0 {
        return Err(damaged("CharStrings INDEX"));
    }
    let by_cid = top.contains_key(&ROS);
    let (font_dicts, select) = if by_cid {
        let fonts = number(FD_ARRAY).and_then(|at| index::read(bytes, at)).ok_or(damaged("Font DICT INDEX"))?;
        let dicts: Vec<Dict> = fonts.items.iter().map(|item| dict::read(item)).collect();
        if dicts.is_empty() || dicts.len() > 256 {
            return Err(damaged("Font DICT INDEX"));
        }
        let select = number(FD_SELECT).unwrap_or(usize::MAX);
        let select = charset::read_select(bytes, select, glyphs, dicts.len());
        (dicts, select)
    } else {
        (vec![top.clone()], vec![0; glyphs])
    };
    let mut fonts: Vec<Private<'_>> = font_dicts.iter().map(|dict| private(bytes, dict)).collect();
    let mut global = Subroutines::new(global.items);
    let charstrings = trimmed(&charstrings.items, &select, &mut global, &mut fonts)?;
    let ids = charset::read(bytes, number(CHARSET).unwrap_or(0), glyphs, by_cid);
    let mut parts = Parts {
        top: kept(&top, &TOP),
        strings: Vec::new(),
        global: global.kept(),
        charset: Vec::new(),
        encoding: Err(0),
        charstrings,
        fonts: Vec::new(),
        select: by_cid.then(|| charset::write_select(&select)),
    };
    let list: &[u16] = if by_cid { &FONT } else { &[] };
    for (dict, private) in font_dicts.iter().zip(fonts) {
        parts.fonts.push((kept(dict, list), kept(&private.dict, &PRIVATE), private.subroutines.kept()));
    }
    let mut renamed = BTreeMap::new();
    if by_cid {
        parts.strings = vec![b"Adobe".to_vec(), b"Identity".to_vec()];
        parts.charset = charset::write(&ids);
    } else {
        let mut naming = Naming::new(&strings.items, &ids);
        let new: Vec<u16> = ids.iter().enumerate().map(|(glyph, id)| naming.identifier(glyph, *id)).collect();
        parts.charset = charset::write(&new);
        parts.encoding = match number(ENCODING).unwrap_or(0) {
            predefined @ 0..=1 => Err(predefined),
            at => {
                let Encoding { codes, supplements } = charset::read_encoding(bytes, at, glyphs);
                // A further code is of a glyph that is there.
                let supplements = supplements.into_iter().filter_map(|(code, id)| Some((code, *naming.known(id)?)));
                Ok(charset::write_encoding(&Encoding { codes, supplements: supplements.collect() }))
            }
        };
        parts.strings = naming.strings;
        renamed = naming.renaming.into_map();
    }
    Ok(Program::new(layout::written(&parts), renamed))
}

/// A Private DICT, and its subroutines as far as the file goes.
fn private<'a>(bytes: &'a [u8], font: &Dict) -> Private<'a> {
    let operands = font.get(&PRIVATE_DICT).map(Vec::as_slice).unwrap_or_default();
    let (len, at) = (unsigned(operands.first()).unwrap_or(0), unsigned(operands.get(1)).unwrap_or(0));
    let dict = dict::read(bytes.get(at..at.saturating_add(len).min(bytes.len())).unwrap_or_default());
    let subrs = dict.get(&SUBRS).and_then(|operands| unsigned(operands.first())).filter(|offset| *offset > 0);
    let subrs = subrs.and_then(|offset| index::read(bytes, at.checked_add(offset)?));
    Private { dict, subroutines: Subroutines::new(subrs.map(|index| index.items).unwrap_or_default()) }
}

/// What of a DICT is on a list, and has operands.
fn kept(dict: &Dict, list: &[u16]) -> Dict {
    let kept = dict.iter().filter(|(operator, operands)| list.contains(operator) && !operands.is_empty());
    kept.map(|(operator, operands)| (*operator, operands.clone())).collect()
}

/// Every charstring without what is never run. One that cannot be run draws nothing, as readers have it; what it had run
/// before does not count.
fn trimmed<'a>(
    charstrings: &[&'a [u8]],
    select: &[u8],
    global: &mut Subroutines<'a>,
    fonts: &mut [Private<'a>],
) -> Result<Vec<Vec<u8>>, Refusal> {
    let mut sound = vec![true; charstrings.len()];
    let mut steps = limits::FONT_STEPS_MAX;
    loop {
        let mut walk = Walk { global, steps: &mut steps };
        let mut all = Vec::with_capacity(charstrings.len());
        let mut failed = false;
        for ((charstring, font), sound) in charstrings.iter().zip(select).zip(&mut sound) {
            let font = fonts.get_mut(usize::from(*font)).ok_or(damaged("FDSelect"))?;
            let reached =
                if *sound { walk.glyph(charstring, &mut font.subroutines)? } else { Some(Reached::default()) };
            failed |= reached.is_none();
            *sound &= reached.is_some();
            all.push(reached.unwrap_or_default().kept(charstring, ENDCHAR));
        }
        if !failed {
            return Ok(all);
        }
        global.forget();
        fonts.iter_mut().for_each(|font| font.subroutines.forget());
    }
}

/// String identifiers of glyph names, given anew.
struct Naming<'a> {
    items: &'a [&'a [u8]],
    renaming: Renaming,
    new: BTreeMap<u16, u16>,
    strings: Vec<Vec<u8>>,
    by_string: BTreeMap<Vec<u8>, u16>,
}

impl<'a> Naming<'a> {
    fn new(items: &'a [&'a [u8]], ids: &[u16]) -> Self {
        let renaming = Renaming::new(ids.iter().map(|id| name(items, *id)));
        Self { items, renaming, new: BTreeMap::new(), strings: Vec::new(), by_string: BTreeMap::new() }
    }

    /// What the glyph's name is called by in the clean font.
    fn identifier(&mut self, glyph: usize, id: u16) -> u16 {
        if let Some(new) = self.new.get(&id) {
            return *new;
        }
        let name = self.renaming.name(glyph, name(self.items, id));
        let new = match STRINGS.iter().position(|standard| standard.as_bytes() == name) {
            Some(number) => u16::try_from(number).unwrap_or(0),
            None => {
                let next = self.strings.len().saturating_add(STRINGS.len());
                let strings = &mut self.strings;
                *self.by_string.entry(name).or_insert_with_key(|name| {
                    strings.push(name.clone());
                    u16::try_from(next).unwrap_or(u16::MAX)
                })
            }
        };
        self.new.insert(id, new);
        new
    }

    fn known(&self, id: u16) -> Option<&u16> {
        self.new.get(&id)
    }
}

/// A string by its identifier (section 10).
fn name<'a>(items: &[&'a [u8]], id: u16) -> &'a [u8] {
    let id = usize::from(id);
    match id.checked_sub(STRINGS.len()) {
        None => STRINGS.get(id).map_or(b".notdef", |name| name.as_bytes()),
        Some(number) => items.get(number).copied().unwrap_or_default(),
    }
}

/// An operand.
fn integer(number: usize) -> Operand {
    Operand::Integer(i32::try_from(number).unwrap_or(i32::MAX))
}

#[cfg(test)]
pub(super) mod tests;
