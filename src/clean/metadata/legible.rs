//! Decodes text in metadata blocks, whose encoding is often not what its standard says. Decodes no more than is shown.

use super::ifd::Order;
use crate::limits;

/// Bytes that can matter to a value cut at [`limits::VALUE_CHARS_MAX`]: four a character, and some to trim.
const SHOWN_BYTES_MAX: usize = 8 * limits::VALUE_CHARS_MAX;

/// As much of `value` as is ever shown.
pub(crate) fn shown(value: &[u8]) -> &[u8] {
    value.get(..SHOWN_BYTES_MAX).unwrap_or(value)
}

/// ASCII as it should be, UTF-8 as it often is, or else Latin-1. Several strings in one value are joined.
pub(crate) fn text(value: &[u8]) -> String {
    let shown = shown(value);
    let decoded = match std::str::from_utf8(shown) {
        Ok(text) => text.to_owned(),
        // Cut in the midst of a character.
        Err(error) if shown.len() < value.len() && error.error_len().is_none() => {
            String::from_utf8_lossy(shown.get(..error.valid_up_to()).unwrap_or_default()).into_owned()
        }
        Err(_) => shown.iter().copied().map(char::from).collect(),
    };
    let parts: Vec<_> = decoded.split('\0').map(str::trim).filter(|part| !part.is_empty()).collect();
    parts.join("; ")
}

/// UTF-16 in the given order, up to its NUL.
pub(crate) fn utf16(value: &[u8], order: Order) -> String {
    let units = shown(value).chunks_exact(2).filter_map(|pair| order.u16(pair, 0)).take_while(|&unit| unit != 0);
    let text: String = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_latin1() {
        assert_eq!(text(b"Andr\xE9"), "André");
        assert_eq!(text("Олена".as_bytes()), "Олена");
    }

    #[test]
    fn a_text_cut_in_a_character_is_still_utf8() {
        let long = "я".repeat(SHOWN_BYTES_MAX);
        let odd = format!("x{long}");
        assert_eq!(text(odd.as_bytes()).chars().nth(1), Some('я'));
    }

    #[test]
    fn several_strings_are_joined() {
        assert_eq!(text(b"A\0 \0B\0\0"), "A; B");
    }

    #[test]
    fn utf16_ends_at_its_nul() {
        assert_eq!(utf16(b"\x1F\x04\0\0A\0", Order::Little), "П");
        assert_eq!(utf16(b"\xD8\0", Order::Big), "\u{FFFD}");
    }
}
