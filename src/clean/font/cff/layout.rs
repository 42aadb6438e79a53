//! Puts the parts of a clean CFF font one behind the other and says in its DICTs where they are. Decides nothing.

use super::dict::{self, Dict};
use super::{
    CHAR_STRINGS, CHARSET, CID_COUNT, ENCODING, FD_ARRAY, FD_SELECT, PRIVATE_DICT, Parts, ROS, SUBRS, index, integer,
};

/// Version 1, four bytes, offsets of four bytes.
pub(super) const HEADER: [u8; 4] = [1, 0, 4, 4];
/// What every font is called.
pub(super) const NAME: [&[u8]; 1] = [b"F"];
/// Glyph identifiers of a font by CID: all that there are.
pub(super) const CIDS: usize = 65_535;

/// Where parts are.
#[derive(Default)]
struct Places {
    charset: usize,
    encoding: usize,
    select: usize,
    charstrings: usize,
    font_dicts: usize,
    /// Length and offset of each Private DICT.
    private: Vec<(usize, usize)>,
}

/// The whole font. It is laid out twice: offsets have a fixed length, so that the second time they are right.
pub(super) fn written(parts: &Parts) -> Vec<u8> {
    let mut places = Places { private: vec![(0, 0); parts.fonts.len()], ..Places::default() };
    once(parts, &mut places);
    once(parts, &mut places)
}

fn once(parts: &Parts, places: &mut Places) -> Vec<u8> {
    let mut font = HEADER.to_vec();
    font.extend(index::write(&NAME));
    font.extend(index::write(&[top(parts, places)]));
    font.extend(index::write(&parts.strings));
    font.extend(index::write(&parts.global));
    places.charset = font.len();
    font.extend(&parts.charset);
    match &parts.encoding {
        Ok(encoding) => {
            places.encoding = font.len();
            font.extend(encoding);
        }
        Err(predefined) => places.encoding = *predefined,
    }
    places.select = font.len();
    font.extend(parts.select.as_deref().unwrap_or_default());
    places.charstrings = font.len();
    font.extend(index::write(&parts.charstrings));
    if parts.select.is_some() {
        let dicts: Vec<Vec<u8>> =
            parts.fonts.iter().zip(&places.private).map(|((dict, ..), place)| with_private(dict, *place)).collect();
        places.font_dicts = font.len();
        font.extend(index::write(&dicts));
    }
    for ((_, dict, subroutines), place) in parts.fonts.iter().zip(&mut places.private) {
        let private = private(dict, !subroutines.is_empty());
        *place = (private.len(), font.len());
        font.extend(private);
        if !subroutines.is_empty() {
            font.extend(index::write(subroutines));
        }
    }
    font
}

/// The Top DICT; of a font by CID, ROS comes first.
fn top(parts: &Parts, places: &Places) -> Vec<u8> {
    let mut made = Vec::new();
    if parts.select.is_some() {
        let first = super::STRINGS.len();
        dict::write(&mut made, &[integer(first), integer(first.saturating_add(1)), integer(0)], ROS);
    }
    for (operator, operands) in &parts.top {
        dict::write(&mut made, operands, *operator);
    }
    dict::write_offsets(&mut made, &[places.charset], CHARSET);
    dict::write_offsets(&mut made, &[places.charstrings], CHAR_STRINGS);
    if parts.select.is_some() {
        dict::write(&mut made, &[integer(CIDS)], CID_COUNT);
        dict::write_offsets(&mut made, &[places.font_dicts], FD_ARRAY);
        dict::write_offsets(&mut made, &[places.select], FD_SELECT);
        return made;
    }
    dict::write_offsets(&mut made, &[places.encoding], ENCODING);
    match places.private.first() {
        Some((len, at)) => {
            dict::write_offsets(&mut made, &[*len, *at], PRIVATE_DICT);
            made
        }
        None => made,
    }
}

fn with_private(dict: &Dict, (len, at): (usize, usize)) -> Vec<u8> {
    let mut made = Vec::new();
    for (operator, operands) in dict {
        dict::write(&mut made, operands, *operator);
    }
    dict::write_offsets(&mut made, &[len, at], PRIVATE_DICT);
    made
}

/// The Private DICT; its subroutines are right behind it.
fn private(dict: &Dict, subroutines: bool) -> Vec<u8> {
    let mut made = Vec::new();
    for (operator, operands) in dict {
        dict::write(&mut made, operands, *operator);
    }
    if subroutines {
        // The operator's own bytes: five of the offset, one of its name.
        let len = made.len().saturating_add(6);
        dict::write_offsets(&mut made, &[len], SUBRS);
    }
    made
}
