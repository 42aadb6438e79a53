//! Reads a Type 1 program of any maker: the keys that draw glyphs or find them, wherever in the program they are. Never
//! keeps a comment, `FontInfo`, a number that identifies, or a procedure.

use std::collections::{BTreeMap, BTreeSet};

use super::charstring::Subroutines;
use super::crypt::{CHARSTRING, EEXEC, LEAD, decrypted};
use super::token::{Token, Tokens, count, is_number, is_space};

/// Keys of the font and of its Private dictionary that hold numbers, and how many.
pub(super) const KEYS: &[(&[u8], usize)] = &[
    (b"BlueFuzz", 1),
    (b"BlueScale", 1),
    (b"BlueShift", 1),
    (b"BlueValues", 14),
    (b"ExpansionFactor", 1),
    (b"FamilyBlues", 14),
    (b"FamilyOtherBlues", 10),
    (b"FontBBox", 4),
    (b"FontMatrix", 6),
    (b"LanguageGroup", 1),
    (b"OtherBlues", 10),
    (b"PaintType", 1),
    (b"StdHW", 1),
    (b"StdVW", 1),
    (b"StemSnapH", 12),
    (b"StemSnapV", 12),
    (b"StrokeWidth", 1),
];

/// The built-in encoding.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Standard,
    IsoLatin1,
    Custom(BTreeMap<u8, Vec<u8>>),
}

/// What of a font is read.
pub(super) struct Parsed {
    pub(super) numbers: BTreeMap<&'static [u8], Vec<Vec<u8>>>,
    pub(super) force_bold: bool,
    pub(super) encoding: Encoding,
    pub(super) subroutines: Subroutines,
    /// In the order of the program, decrypted.
    pub(super) glyphs: Vec<(Vec<u8>, Vec<u8>)>,
}

/// Reads a program.
pub(super) fn parse(bytes: &[u8]) -> Option<Parsed> {
    let joined;
    let bytes = if bytes.first() == Some(&0x80) {
        joined = segments(bytes);
        joined.as_slice()
    } else {
        bytes
    };
    let encrypted = behind_eexec(bytes)?;
    let clear = bytes.get(..bytes.len().saturating_sub(encrypted.len())).unwrap_or_default();
    let plain = if encrypted.iter().take(LEAD).all(u8::is_ascii_hexdigit) {
        decrypted(&from_hex(encrypted), EEXEC)
    } else {
        decrypted(encrypted, EEXEC)
    };
    let mut parsed = Parsed {
        numbers: BTreeMap::new(),
        force_bold: false,
        encoding: Encoding::Standard,
        subroutines: Subroutines::new(),
        glyphs: Vec::new(),
    };
    let mut encoded = false;
    scan(clear, &mut parsed, &mut encoded);
    scan(plain.get(LEAD..)?, &mut parsed, &mut encoded);
    (!parsed.glyphs.is_empty()).then_some(parsed)
}

/// What the segments of a PFB file hold together (Adobe Technical Note 5040).
fn segments(bytes: &[u8]) -> Vec<u8> {
    let (mut joined, mut rest) = (Vec::new(), bytes);
    while let [0x80, 1 | 2, a, b, c, d, data @ ..] = rest {
        let len = usize::try_from(u32::from_le_bytes([*a, *b, *c, *d])).unwrap_or(usize::MAX).min(data.len());
        let (segment, behind) = data.split_at_checked(len).unwrap_or((data, &[]));
        joined.extend_from_slice(segment);
        rest = behind;
    }
    joined
}

/// The encrypted portion: behind the word `eexec` and white space.
fn behind_eexec(bytes: &[u8]) -> Option<&[u8]> {
    let mut tokens = Tokens::new(bytes);
    while let Some(token) = tokens.next() {
        if token == Token::Word(b"eexec") {
            let rest = bytes.get(tokens.at..)?;
            let spaces = rest.iter().take_while(|byte| is_space(**byte) && **byte != 0).count();
            return rest.get(spaces..);
        }
    }
    None
}

fn from_hex(text: &[u8]) -> Vec<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let digits: Vec<u8> = text.iter().filter_map(digit).collect();
    digits.chunks_exact(2).map(|pair| pair.iter().fold(0u8, |byte, digit| byte.wrapping_shl(4) | digit)).collect()
}

/// Reads one portion. Of a key that comes twice, the first counts.
fn scan(bytes: &[u8], parsed: &mut Parsed, encoded: &mut bool) {
    let mut tokens = Tokens::new(bytes);
    let mut lead = Some(LEAD);
    while let Some(token) = tokens.next() {
        let Token::Name(key) = token else {
            if token == Token::Word(b"closefile") {
                return;
            }
            continue;
        };
        match key {
            b"lenIV" => {
                // Without encryption it is -1.
                let behind = tokens.clone().next();
                lead = if behind == Some(Token::Word(b"-1")) { None } else { tokens.clone().count() };
            }
            b"ForceBold" => parsed.force_bold |= tokens.clone().next() == Some(Token::Word(b"true")),
            b"Encoding" if !*encoded => {
                if let Some(encoding) = encoding(&mut tokens.clone()) {
                    parsed.encoding = encoding;
                    *encoded = true;
                }
            }
            b"Subrs" if parsed.subroutines.is_empty() => subroutines(&mut tokens, lead, &mut parsed.subroutines),
            b"CharStrings" if parsed.glyphs.is_empty() => {
                let mut behind = tokens.clone();
                parsed.glyphs = glyphs(&mut behind, lead);
                if !parsed.glyphs.is_empty() {
                    tokens = behind;
                }
            }
            _ => {
                let known = KEYS.iter().find(|(name, _)| *name == key);
                if let Some((name, most)) = known
                    && !parsed.numbers.contains_key(name)
                    && let Some(numbers) = numbers(&mut tokens.clone(), *most)
                {
                    parsed.numbers.insert(name, numbers);
                }
            }
        }
    }
}

/// A number, or numbers in brackets.
fn numbers(tokens: &mut Tokens<'_>, most: usize) -> Option<Vec<Vec<u8>>> {
    let mut numbers = Vec::new();
    match tokens.next()? {
        Token::Word(word) if is_number(word) => numbers.push(word.to_vec()),
        Token::Bracket(b'[' | b'{') => loop {
            match tokens.next()? {
                Token::Word(word) if is_number(word) => numbers.push(word.to_vec()),
                Token::Bracket(b']' | b'}') => break,
                _ => return None,
            }
        },
        _ => return None,
    }
    numbers.truncate(most);
    (!numbers.is_empty()).then_some(numbers)
}

fn encoding(tokens: &mut Tokens<'_>) -> Option<Encoding> {
    let mut codes = BTreeMap::new();
    match tokens.next()? {
        Token::Word(b"StandardEncoding") => return Some(Encoding::Standard),
        Token::Word(b"ISOLatin1Encoding") => return Some(Encoding::IsoLatin1),
        Token::Word(word) => {
            count(word)?;
            let mut last = None;
            loop {
                match tokens.next() {
                    None | Some(Token::Word(b"def" | b"readonly")) => break,
                    Some(Token::Word(word)) => last = count(word),
                    Some(Token::Name(name)) => {
                        if let Some(code) = last.take().and_then(|code| u8::try_from(code).ok()) {
                            codes.insert(code, name.to_vec());
                        }
                    }
                    Some(_) => {}
                }
            }
        }
        Token::Bracket(b'[') => {
            for code in 0..=u8::MAX {
                match tokens.next()? {
                    Token::Name(name) => codes.insert(code, name.to_vec()),
                    _ => break,
                };
            }
        }
        _ => return None,
    }
    codes.retain(|_, name| name != b".notdef");
    Some(Encoding::Custom(codes))
}

/// `N array`, then `dup NUMBER LENGTH RD BYTES NP` each.
fn subroutines(tokens: &mut Tokens<'_>, lead: Option<usize>, found: &mut Subroutines) {
    let mut behind = tokens.clone();
    if behind.count().is_none() || behind.next() != Some(Token::Word(b"array")) {
        return;
    }
    *tokens = behind;
    loop {
        let mut ahead = tokens.clone();
        match ahead.next() {
            Some(Token::Word(b"dup")) => {
                let Some((number, len)) = ahead.count().zip(ahead.count()) else { return };
                ahead.next();
                let Some(cipher) = ahead.binary(len) else { return };
                if number <= usize::from(u16::MAX) {
                    found.entry(number).or_insert_with(|| charstring(cipher, lead));
                }
            }
            // `NP`, `|`, `put`, `noaccess put`: on to the next.
            Some(Token::Word(word)) if !matches!(word, b"ND" | b"|-" | b"def" | b"end") => {}
            _ => return,
        }
        *tokens = ahead;
    }
}

/// `/NAME LENGTH RD BYTES ND` each, to `end`.
fn glyphs(tokens: &mut Tokens<'_>, lead: Option<usize>) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (mut glyphs, mut seen) = (Vec::new(), BTreeSet::new());
    loop {
        let mut ahead = tokens.clone();
        match ahead.next() {
            Some(Token::Name(name)) => {
                let Some(len) = ahead.count() else { break };
                ahead.next();
                let Some(cipher) = ahead.binary(len) else { break };
                if seen.insert(name) && glyphs.len() < usize::from(u16::MAX) {
                    glyphs.push((name.to_vec(), charstring(cipher, lead)));
                }
            }
            None => break,
            Some(Token::Word(b"end")) if !glyphs.is_empty() => break,
            Some(_) => {}
        }
        *tokens = ahead;
    }
    glyphs
}

/// What is in a charstring.
fn charstring(cipher: &[u8], lead: Option<usize>) -> Vec<u8> {
    match lead {
        None => cipher.to_vec(),
        Some(lead) => decrypted(cipher, CHARSTRING).get(lead..).unwrap_or_default().to_vec(),
    }
}
