//! Elements of EBML (RFC 8794) in a file: identifiers, sizes, values. Never gives an element that does not lie
//! wholly in what holds it, and knows none of their names.
//!
//! There is no walk over a tree here: who knows the schema steps from level to level, so that the depth is the
//! schema's and not the file's.

use crate::clean::cursor::Cursor;
use crate::clean::metadata::legible;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// Where an element lies. Offsets are in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Element {
    /// Its identifier with the marker of its length, as RFC 9559 prints them.
    pub(crate) id: u32,
    /// The first byte of its identifier.
    pub(crate) at: u64,
    /// The first byte behind its size.
    pub(crate) body_at: u64,
    /// Bytes behind its size; up to the end of its parent where the size is unknown.
    pub(crate) body_len: u64,
    /// Whether its size is written, and not unknown (RFC 8794, 6.2).
    pub(crate) is_sized: bool,
}

impl Element {
    /// The first byte behind the element.
    pub(crate) fn end(&self) -> u64 {
        self.body_at.saturating_add(self.body_len)
    }
}

/// Reads the head of the element that begins where `cursor` stands, in something that ends at `end`, and stops
/// at its body. `None` at `end`.
///
/// # Errors
/// [`Reason::Truncated`] where a head or an element goes beyond `end`; [`Reason::Damaged`] where there is no
/// identifier or no size.
pub(crate) fn next(cursor: &mut Cursor<'_>, end: u64) -> Result<Option<Element>, Refusal> {
    let at = cursor.at();
    if at >= end {
        return Ok(None);
    }
    let id = vint(cursor, end, 4, "element ID")?;
    if id.is_all_ones {
        return Err(Refusal::new(Reason::Damaged, "element ID", at));
    }
    let size = vint(cursor, end, 8, "element size")?;
    let body_at = cursor.at();
    let left = end.saturating_sub(body_at);
    let body_len = if size.is_all_ones { left } else { size.value };
    if body_len > left {
        return Err(Refusal::new(Reason::Truncated, "element", at));
    }
    let id = u32::try_from(id.marked).unwrap_or(0);
    Ok(Some(Element { id, at, body_at, body_len, is_sized: !size.is_all_ones }))
}

/// The elements in another, one behind the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Children {
    at: u64,
    end: u64,
}

impl Children {
    /// Those of `parent`.
    pub(crate) fn of(parent: &Element) -> Self {
        Self { at: parent.body_at, end: parent.end() }
    }

    /// The next one, wherever `cursor` went meanwhile; it stands at the element's body then.
    ///
    /// # Errors
    /// As for [`next`], and [`Reason::NotUnderstood`] for an unknown size, which only two elements may have.
    pub(crate) fn next(&mut self, cursor: &mut Cursor<'_>) -> Result<Option<Element>, Refusal> {
        cursor.go_to(self.at, "element")?;
        let found = next(cursor, self.end)?;
        if let Some(element) = &found {
            if !element.is_sized {
                return Err(Refusal::new(Reason::NotUnderstood, "element of unknown size", element.at));
            }
            self.at = element.end();
        }
        Ok(found)
    }
}

/// A number of variable length (RFC 8794, 4).
pub(crate) struct Vint {
    /// Without its marker.
    pub(crate) value: u64,
    /// With its marker.
    pub(crate) marked: u64,
    /// Bytes of it.
    pub(crate) len: u32,
    /// Whether all bits behind the marker are set.
    pub(crate) is_all_ones: bool,
}

/// Reads a number of at most `len_max` bytes that ends before `end`.
pub(crate) fn vint(cursor: &mut Cursor<'_>, end: u64, len_max: u32, part: &'static str) -> Result<Vint, Refusal> {
    let at = cursor.at();
    if at >= end {
        return Err(Refusal::new(Reason::Truncated, part, at));
    }
    let first = cursor.byte(part)?;
    let len = first.leading_zeros().saturating_add(1);
    if len > len_max {
        return Err(Refusal::new(Reason::Damaged, part, at));
    }
    if end.saturating_sub(at) < u64::from(len) {
        return Err(Refusal::new(Reason::Truncated, part, at));
    }
    let mut marked = u64::from(first);
    for _ in 1..len {
        marked = (marked << 8) | u64::from(cursor.byte(part)?);
    }
    let mask = 1_u64.checked_shl(len.saturating_mul(7)).unwrap_or(0).wrapping_sub(1);
    let value = marked & mask;
    Ok(Vint { value, marked, len, is_all_ones: value == mask })
}

/// The value of an unsigned integer; `None` if it is empty, which stands for the default (RFC 8794, 6.1).
pub(crate) fn uint(cursor: &mut Cursor<'_>, element: &Element, part: &'static str) -> Result<Option<u64>, Refusal> {
    if element.body_len == 0 {
        return Ok(None);
    }
    let bytes = bytes(cursor, element, 8, part)?;
    Ok(Some(bytes.iter().fold(0, |value, &byte| (value << 8) | u64::from(byte))))
}

/// The value of a signed integer, as [`uint`].
pub(crate) fn sint(cursor: &mut Cursor<'_>, element: &Element, part: &'static str) -> Result<Option<i64>, Refusal> {
    let Some(value) = uint(cursor, element, part)? else { return Ok(None) };
    let unused = u32::try_from(8_u64.saturating_sub(element.body_len).saturating_mul(8)).unwrap_or(0);
    Ok(Some(value.checked_shl(unused).unwrap_or(0).cast_signed().checked_shr(unused).unwrap_or(0)))
}

/// The value of a floating-point number, as [`uint`]; it has 4 or 8 bytes, or none.
pub(crate) fn float(cursor: &mut Cursor<'_>, element: &Element, part: &'static str) -> Result<Option<f64>, Refusal> {
    match element.body_len {
        0 => Ok(None),
        4 => Ok(Some(f64::from(f32::from_be_bytes(cursor.array(part)?)))),
        8 => Ok(Some(f64::from_be_bytes(cursor.array(part)?))),
        _ => Err(Refusal::new(Reason::Damaged, part, element.at)),
    }
}

/// The body, of at most `len_max` bytes.
///
/// # Errors
/// [`Reason::Damaged`] for a longer one.
pub(crate) fn bytes(
    cursor: &mut Cursor<'_>,
    element: &Element,
    len_max: usize,
    part: &'static str,
) -> Result<Vec<u8>, Refusal> {
    match usize::try_from(element.body_len).ok().filter(|&len| len <= len_max) {
        Some(len) => cursor.bytes(len, part),
        None => Err(Refusal::new(Reason::Damaged, part, element.at)),
    }
}

/// As much of a text as is ever shown.
pub(crate) fn text(cursor: &mut Cursor<'_>, element: &Element) -> Result<String, Refusal> {
    let shown = 8_usize.saturating_mul(limits::VALUE_CHARS_MAX);
    let len = usize::try_from(element.body_len).unwrap_or(usize::MAX).min(shown);
    Ok(legible::text(&cursor.bytes(len, "text")?))
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::*;

    fn with<T>(bytes: &[u8], read: impl FnOnce(&mut Cursor<'_>) -> T) -> T {
        let mut reader = io::Cursor::new(bytes.to_vec());
        read(&mut Cursor::new(&mut reader).unwrap())
    }

    fn first(bytes: &[u8]) -> Result<Option<Element>, Reason> {
        let end = u64::try_from(bytes.len()).unwrap();
        with(bytes, |cursor| next(cursor, end)).map_err(|refusal| refusal.reason)
    }

    fn value<T>(body: &[u8], read: impl FnOnce(&mut Cursor<'_>, &Element) -> Result<T, Refusal>) -> T {
        let file = [&[0xE7, 0x80 | u8::try_from(body.len()).unwrap()], body].concat();
        with(&file, |cursor| {
            let element = next(cursor, cursor.len()).unwrap().unwrap();
            read(cursor, &element).unwrap()
        })
    }

    #[test]
    fn identifiers_and_sizes_of_every_length_are_read() {
        for id in [&[0xA3][..], &[0x42, 0x86], &[0x2A, 0xD7, 0xB1], &[0x1A, 0x45, 0xDF, 0xA3]] {
            for len in 1..=8_usize {
                let mut size = vec![0; len];
                size[0] = 0x80 >> (len - 1);
                size[len - 1] |= 1;
                let found = first(&[id, &size, b"x"].concat()).unwrap().unwrap();
                let marked = id.iter().fold(0, |id, &byte| (id << 8) | u32::from(byte));
                let body_at = u64::try_from(id.len() + len).unwrap();
                assert_eq!(found, Element { id: marked, at: 0, body_at, body_len: 1, is_sized: true });
            }
        }
    }

    #[test]
    fn an_unknown_size_reaches_to_the_end_of_the_parent() {
        for size in [&[0xFF][..], &[0x7F, 0xFF], &[0x01, 255, 255, 255, 255, 255, 255, 255]] {
            let found = first(&[&[0xA3], size, b"abc"].concat()).unwrap().unwrap();
            assert!(!found.is_sized);
            assert_eq!(found.body_len, 3);
        }
    }

    #[test]
    fn what_goes_beyond_its_parent_is_truncated_and_what_has_no_length_is_damaged() {
        assert_eq!(first(&[]), Ok(None));
        assert_eq!(first(&[0xA3]), Err(Reason::Truncated));
        assert_eq!(first(&[0x42]), Err(Reason::Truncated));
        assert_eq!(first(&[0xA3, 0x40]), Err(Reason::Truncated));
        assert_eq!(first(&[0xA3, 0x82, 1]), Err(Reason::Truncated));
        assert_eq!(first(&[0xA3, 0x01, 127, 255, 255, 255, 255, 255, 255]), Err(Reason::Truncated));
        assert_eq!(first(&[0x08, 1, 1, 1, 1, 0x80]), Err(Reason::Damaged));
        assert_eq!(first(&[0xFF, 0x80]), Err(Reason::Damaged));
        assert_eq!(first(&[0xA3, 0x00]), Err(Reason::Damaged));
    }

    #[test]
    fn a_child_of_unknown_size_is_not_understood() {
        let file = [0xA0, 0x83, 0xA1, 0xFF, 0];
        let reason = with(&file, |cursor| {
            let parent = next(cursor, 5).unwrap().unwrap();
            Children::of(&parent).next(cursor).unwrap_err().reason
        });
        assert_eq!(reason, Reason::NotUnderstood);
    }

    #[test]
    fn numbers_are_read_in_every_length_and_empty_ones_are_defaults() {
        assert_eq!(value(&[], |cursor, element| uint(cursor, element, "")), None);
        assert_eq!(value(&[0, 0, 1, 2], |cursor, element| uint(cursor, element, "")), Some(258));
        assert_eq!(value(&[255; 8], |cursor, element| uint(cursor, element, "")), Some(u64::MAX));
        assert_eq!(value(&[0xFF, 0x9C], |cursor, element| sint(cursor, element, "")), Some(-100));
        assert_eq!(value(&[0x7F], |cursor, element| sint(cursor, element, "")), Some(127));
        assert_eq!(value(&[255; 8], |cursor, element| sint(cursor, element, "")), Some(-1));
        assert_eq!(value(&2.5_f32.to_be_bytes(), |cursor, element| float(cursor, element, "")), Some(2.5));
        assert_eq!(value(&2.5_f64.to_be_bytes(), |cursor, element| float(cursor, element, "")), Some(2.5));
    }
}
