//! Character maps (ISO 32000-1, 9.7.5 and 9.10.3; Adobe Technical Note 5014), read and written anew: codes, and what
//! they stand for. Never keeps a name, a comment or a word of PostScript that is not in the grammar.

use std::fmt::Write as _;

use super::lex::{Lexer, Token};
use super::names;
use crate::limits;

/// What a line of a character map says.
enum Line {
    Space(Vec<u8>, Vec<u8>),
    /// Codes that stand for glyphs, one after the other.
    Glyphs {
        notdef: bool,
        from: Vec<u8>,
        to: Vec<u8>,
        first: i64,
    },
    /// Codes that stand for text.
    Text {
        from: Vec<u8>,
        to: Vec<u8>,
        text: Vec<Vec<u8>>,
        listed: bool,
    },
}

/// A character map.
#[derive(Default)]
pub(super) struct Map {
    lines: Vec<Line>,
    vertical: bool,
    base: Option<&'static str>,
}

/// Parses a character map, as far as it can be.
pub(super) fn parse(data: &[u8]) -> Map {
    let mut map = Map::default();
    let mut lexer = Lexer::new(data, 0);
    let mut last: Option<Vec<u8>> = None;
    loop {
        match lexer.token() {
            Token::End => return map,
            Token::Name(name) => {
                if name == b"WMode" {
                    map.vertical = lexer.token() == Token::Int(1);
                }
                last = Some(name);
            }
            Token::Word(b"usecmap") => map.base = last.take().and_then(|name| names::predefined_map(&name)),
            Token::Word(word) => {
                if let Some(kind) = word.strip_prefix(b"begin") {
                    section(kind, &mut lexer, &mut map.lines);
                }
            }
            _ => {}
        }
        if map.lines.len() >= limits::PDF_MAP_LINES_MAX {
            return map;
        }
    }
}

/// The lines between `begin…` and `end…`.
fn section(kind: &[u8], lexer: &mut Lexer<'_>, lines: &mut Vec<Line>) {
    while lines.len() < limits::PDF_MAP_LINES_MAX {
        let Token::Text(from) = lexer.token() else { return };
        let line = match kind {
            b"codespacerange" => match lexer.token() {
                Token::Text(to) => Some(Line::Space(from, to)),
                _ => return,
            },
            b"cidrange" | b"notdefrange" => match (lexer.token(), lexer.token()) {
                (Token::Text(to), Token::Int(first)) => {
                    Some(Line::Glyphs { notdef: kind == b"notdefrange", from, to, first })
                }
                _ => return,
            },
            b"cidchar" | b"notdefchar" => match lexer.token() {
                Token::Int(first) => {
                    Some(Line::Glyphs { notdef: kind == b"notdefchar", to: from.clone(), from, first })
                }
                _ => return,
            },
            b"bfchar" => match lexer.token() {
                Token::Text(text) => Some(Line::Text { to: from.clone(), from, text: vec![text], listed: false }),
                Token::Name(_) => None,
                _ => return,
            },
            b"bfrange" => {
                let Token::Text(to) = lexer.token() else { return };
                match lexer.token() {
                    Token::Text(text) => Some(Line::Text { from, to, text: vec![text], listed: false }),
                    Token::Mark("[") => Some(Line::Text { from, to, text: list(lexer), listed: true }),
                    _ => return,
                }
            }
            _ => return,
        };
        // Codes have one to four bytes.
        let sound = |line: &Line| match line {
            Line::Space(from, to) | Line::Glyphs { from, to, .. } | Line::Text { from, to, .. } => {
                (1..=4).contains(&from.len()) && from.len() == to.len()
            }
        };
        lines.extend(line.filter(sound));
    }
}

/// Texts up to a bracket.
fn list(lexer: &mut Lexer<'_>) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    while let Token::Text(text) = lexer.token() {
        if all.len() < 256 {
            all.push(text);
        }
    }
    all
}

/// Words in front of the lines, the same in every map.
const HEAD: &str = "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
    /CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n/CMapName /M def\n/CMapType 2 def\n";
/// And behind them.
const TAIL: &str = "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n";

impl Map {
    /// Whether text runs from top to bottom.
    pub(super) fn vertical(&self) -> bool {
        self.vertical
    }

    /// The map that this one adds to.
    pub(super) fn base(&self) -> Option<&'static str> {
        self.base
    }

    /// Writes what codes stand for: glyphs, or text.
    pub(super) fn spell(&self, of_text: bool) -> String {
        let mut text = HEAD.to_owned();
        if !of_text {
            if let Some(base) = self.base {
                let _ = writeln!(text, "/{base} usecmap");
            }
            let _ = writeln!(text, "/WMode {} def", u8::from(self.vertical));
        }
        let wanted = |line: &&Line| match line {
            Line::Space(..) => true,
            Line::Glyphs { .. } => !of_text,
            Line::Text { .. } => of_text,
        };
        let lines: Vec<&Line> = self.lines.iter().filter(wanted).collect();
        for group in lines.chunk_by(|a, b| a.kind() == b.kind()) {
            for group in group.chunks(100) {
                let Some(kind) = group.first().map(|line| line.kind()) else { continue };
                let _ = writeln!(text, "{} begin{kind}", group.len());
                for line in group {
                    line.spell(&mut text);
                }
                let _ = writeln!(text, "end{kind}");
            }
        }
        text.push_str(TAIL);
        text
    }

    /// The text that a code of so many bytes stands for.
    pub(super) fn text_of(&self, code: &[u8]) -> Option<String> {
        let line = self.lines.iter().find_map(|line| match line {
            Line::Text { from, to, text, listed }
                if from.len() == code.len() && from.as_slice() <= code && code <= to.as_slice() =>
            {
                Some((from, text, *listed))
            }
            _ => None,
        });
        let (from, text, listed) = line?;
        let step = big_endian(code).saturating_sub(big_endian(from));
        let (text, add) = if listed { (text.get(usize::try_from(step).ok()?)?, 0) } else { (text.first()?, step) };
        let mut units: Vec<u16> = text
            .chunks(2)
            .map(|pair| match pair {
                [high, low] => u16::from_be_bytes([*high, *low]),
                [one] => u16::from(*one),
                _ => 0,
            })
            .collect();
        if let Some(last) = units.last_mut() {
            *last = last.wrapping_add(u16::try_from(add).unwrap_or(0));
        }
        Some(String::from_utf16_lossy(&units))
    }

    /// Bytes of the code that `text` begins with.
    pub(super) fn code_len(&self, text: &[u8]) -> usize {
        let fits = |from: &[u8], to: &[u8]| {
            text.len() >= from.len()
                && text.iter().zip(from.iter().zip(to)).all(|(byte, (from, to))| from <= byte && byte <= to)
        };
        let space = self.lines.iter().find_map(|line| match line {
            Line::Space(from, to) if fits(from, to) => Some(from.len()),
            _ => None,
        });
        space.unwrap_or(1)
    }
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number: u64, byte| number.wrapping_shl(8) | u64::from(*byte))
}

impl Line {
    fn kind(&self) -> &'static str {
        match self {
            Self::Space(..) => "codespacerange",
            Self::Glyphs { notdef: false, .. } => "cidrange",
            Self::Glyphs { notdef: true, .. } => "notdefrange",
            Self::Text { from, to, listed: false, .. } if from == to => "bfchar",
            Self::Text { .. } => "bfrange",
        }
    }

    fn spell(&self, to: &mut String) {
        let hex = |bytes: &[u8]| {
            bytes.iter().fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02X}");
                text
            })
        };
        let _ = match self {
            Self::Space(from, last) => writeln!(to, "<{}> <{}>", hex(from), hex(last)),
            Self::Glyphs { from, to: last, first, .. } => writeln!(to, "<{}> <{}> {first}", hex(from), hex(last)),
            Self::Text { from, to: last, text, listed: false } => {
                let text = text.first().map(|text| hex(text)).unwrap_or_default();
                if from == last {
                    writeln!(to, "<{}> <{text}>", hex(from))
                } else {
                    writeln!(to, "<{}> <{}> <{text}>", hex(from), hex(last))
                }
            }
            Self::Text { from, to: last, text, listed: true } => {
                let all: Vec<String> = text.iter().map(|text| format!("<{}>", hex(text))).collect();
                writeln!(to, "<{}> <{}> [{}]", hex(from), hex(last), all.join(" "))
            }
        };
    }
}
