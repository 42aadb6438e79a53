//! Names of members as text (APPNOTE.TXT, appendix D). Guesses no code page of a country.

/// The name, if it is what its flag says. Without the flag it is CP437 by the specification; but macOS writes UTF-8
/// then too, which other text is next to never by chance.
pub(super) fn decoded(raw: &[u8], is_utf_8: bool) -> Option<String> {
    let name = match std::str::from_utf8(raw) {
        Ok(name) => name.to_owned(),
        Err(_) if is_utf_8 => return None,
        Err(_) => raw.iter().map(|&byte| cp437(byte)).collect(),
    };
    (!name.is_empty() && !name.contains('\0')).then_some(name)
}

/// The character of code page 437; its lower half is ASCII.
fn cp437(byte: u8) -> char {
    let upper = byte.checked_sub(0x80).and_then(|index| UPPER_HALF.chars().nth(index.into()));
    upper.unwrap_or(char::from(byte))
}

const UPPER_HALF: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_upper_half_has_a_character_for_each_byte() {
        assert_eq!(UPPER_HALF.chars().count(), 128);
        assert_eq!((cp437(0x80), cp437(0xE1), cp437(0xFF), cp437(b'a')), ('Ç', 'ß', '\u{a0}', 'a'));
    }

    #[test]
    fn a_name_is_utf_8_where_it_can_be() {
        assert_eq!(decoded("приказ.txt".as_bytes(), true).as_deref(), Some("приказ.txt"));
        assert_eq!(decoded("приказ.txt".as_bytes(), false).as_deref(), Some("приказ.txt"));
        assert_eq!(decoded(b"caf\x82", false).as_deref(), Some("café"));
        assert_eq!(decoded(b"caf\x82", true), None);
        assert_eq!(decoded(b"", false), None);
        assert_eq!(decoded(b"a\0b", false), None);
    }
}
