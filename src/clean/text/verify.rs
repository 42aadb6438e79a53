//! Reads produced text to its end and accounts for every character. Shares no rule with the normaliser:
//! what either gets wrong, the other stops.

use std::io::Read;
use std::str;

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::is_nfc;
use unicode_properties::{GeneralCategory, UnicodeEmoji, UnicodeGeneralCategory};
use unicode_script::{Script, UnicodeScript};
use zeroize::Zeroizing;

use crate::clean::Unaccounted;
use crate::limits;

/// Insists on UTF-8 in NFC, lines that end in LF alone and not in blanks, no empty line at the end, no
/// character that is not seen, joiners only within words and pictures.
///
/// # Errors
/// [`Unaccounted`] with the offset of the line or character that has no account.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut chunk = Zeroizing::new(vec![0; CHUNK_BYTES]);
    let mut line = Line::default();
    loop {
        let len = produced.read(&mut chunk)?;
        let Some(bytes) = chunk.get(..len).filter(|bytes| !bytes.is_empty()) else { break };
        for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
            line.extend(piece)?;
            if piece.ends_with(b"\n") {
                line.account()?;
            }
        }
    }
    if !line.bytes.is_empty() {
        return Err(Unaccounted::new("line without an end", line.at));
    }
    if line.is_last_empty {
        return Err(Unaccounted::new("empty line at the end", line.at));
    }
    Ok(())
}

const CHUNK_BYTES: usize = 16 * 1024;

/// The line that is being read.
struct Line {
    bytes: Zeroizing<Vec<u8>>,
    /// Where it begins.
    at: u64,
    /// Whether the line before it was empty; so is, for this purpose, what stands before the first.
    is_last_empty: bool,
    tabs: Tabs,
}

/// Whether all lines have as many tabs, the first without one at its end: only then may others end in tabs.
#[derive(Default)]
struct Tabs {
    of_first: Option<usize>,
    differ: bool,
    /// Whether a line ended in one.
    trail: bool,
}

impl Tabs {
    /// Whether `text` may end as it does, after the lines before.
    fn account(&mut self, text: &str) -> bool {
        let count = text.bytes().filter(|&byte| byte == b'\t').count();
        let ends_in_tab = text.ends_with('\t');
        match self.of_first {
            None => {
                self.of_first = Some(count);
                self.differ = ends_in_tab || count == 0;
            }
            Some(first) => self.differ |= first != count,
        }
        self.trail |= ends_in_tab;
        !(self.differ && self.trail || text.trim_end_matches('\t').ends_with(' '))
    }
}

impl Default for Line {
    fn default() -> Self {
        Self {
            bytes: Zeroizing::new(Vec::with_capacity(CHUNK_BYTES)),
            at: 0,
            is_last_empty: true,
            tabs: Tabs::default(),
        }
    }
}

impl Line {
    fn extend(&mut self, piece: &[u8]) -> Result<(), Unaccounted> {
        let needed = self.bytes.len().saturating_add(piece.len());
        let end = self.at.saturating_add(u64::try_from(needed).unwrap_or(u64::MAX));
        if end > limits::TEXT_BYTES_MAX {
            return Err(Unaccounted::new("text over its limit", self.at));
        }
        if needed > self.bytes.capacity() {
            // Moved by hand, so that the old place is wiped.
            let mut larger = Zeroizing::new(Vec::with_capacity(needed.saturating_mul(2)));
            larger.extend_from_slice(&self.bytes);
            self.bytes = larger;
        }
        self.bytes.extend_from_slice(piece);
        Ok(())
    }

    /// Accounts for a whole line and makes ready for the next.
    fn account(&mut self) -> Result<(), Unaccounted> {
        let text = str::from_utf8(&self.bytes).map_err(|error| self.fault("UTF-8", error.valid_up_to()))?;
        let Some(text) = text.strip_suffix('\n') else { return Err(self.fault("line without an end", 0)) };
        let (mut before, mut place) = (Window::default(), 0_usize);
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            let is_accounted = match c {
                '\t' | ' '..='~' => true,
                '\u{200c}' | '\u{200d}' => before.may_join(c, chars.as_str()),
                _ => is_seen(c),
            };
            if !is_accounted {
                return Err(self.fault("character", place));
            }
            before.push(c);
            place = place.saturating_add(c.len_utf8());
        }
        if !self.tabs.account(text) {
            return Err(self.fault("blank at the end of a line", place));
        }
        if !text.is_ascii() && !is_nfc(text) {
            return Err(self.fault("composition", 0));
        }
        self.is_last_empty = text.is_empty();
        self.at = self.at.saturating_add(u64::try_from(self.bytes.len()).unwrap_or(u64::MAX));
        self.bytes.clear();
        Ok(())
    }

    fn fault(&self, part: &'static str, place: usize) -> Unaccounted {
        Unaccounted::new(part, self.at.saturating_add(u64::try_from(place).unwrap_or(u64::MAX)))
    }
}

/// Whether a character of one of the categories that stay is also seen.
fn is_seen(c: char) -> bool {
    let code = u32::from(c);
    if INVISIBLE.iter().any(|&(first, last)| (first..=last).contains(&code)) {
        return false;
    }
    match c.general_category() {
        GeneralCategory::UppercaseLetter
        | GeneralCategory::LowercaseLetter
        | GeneralCategory::TitlecaseLetter
        | GeneralCategory::ModifierLetter
        | GeneralCategory::OtherLetter
        | GeneralCategory::NonspacingMark
        | GeneralCategory::SpacingMark
        | GeneralCategory::EnclosingMark
        | GeneralCategory::DecimalNumber
        | GeneralCategory::LetterNumber
        | GeneralCategory::OtherNumber
        | GeneralCategory::ConnectorPunctuation
        | GeneralCategory::DashPunctuation
        | GeneralCategory::OpenPunctuation
        | GeneralCategory::ClosePunctuation
        | GeneralCategory::InitialPunctuation
        | GeneralCategory::FinalPunctuation
        | GeneralCategory::OtherPunctuation
        | GeneralCategory::MathSymbol
        | GeneralCategory::CurrencySymbol
        | GeneralCategory::ModifierSymbol
        | GeneralCategory::OtherSymbol => true,
        GeneralCategory::Format => ENCLOSING.contains(&code),
        _ => false,
    }
}

/// Signs of category Cf that enclose what follows (PropList.txt, Prepended_Concatenation_Mark).
const ENCLOSING: [u32; 13] =
    [0x600, 0x601, 0x602, 0x603, 0x604, 0x605, 0x6dd, 0x70f, 0x890, 0x891, 0x8e2, 0x110bd, 0x110cd];

/// First and last of the ranges that show nothing (DerivedCoreProperties.txt, Default_Ignorable_Code_Point),
/// then blanks that call themselves letters, marks or symbols.
const INVISIBLE: [(u32, u32); 23] = [
    (0xad, 0xad),
    (0x34f, 0x34f),
    (0x61c, 0x61c),
    (0x115f, 0x1160),
    (0x17b4, 0x17b5),
    (0x180b, 0x180f),
    (0x200b, 0x200f),
    (0x202a, 0x202e),
    (0x2060, 0x206f),
    (0x3164, 0x3164),
    (0xfe00, 0xfe0f),
    (0xfeff, 0xfeff),
    (0xffa0, 0xffa0),
    (0xfff0, 0xfffb),
    (0x1bca0, 0x1bca3),
    (0x1d173, 0x1d17a),
    (0xe0000, 0xe0fff),
    (0x80, 0xa0),
    (0x2000, 0x200a),
    (0x2800, 0x2800),
    (0xfffc, 0xfffc),
    (0x16fe4, 0x16fe4),
    (0x1d159, 0x1d159),
];

/// What was read of the line so far, as far as a joiner asks.
#[derive(Default)]
struct Window {
    /// The last character that is no combining mark.
    base: Option<char>,
    last: Option<char>,
    last_but_one: Option<char>,
}

impl Window {
    fn push(&mut self, c: char) {
        if !is_combining_mark(c) {
            self.base = Some(c);
        }
        self.last_but_one = self.last.replace(c);
    }

    /// Whether a joiner may stand between this and `after`.
    fn may_join(&self, joiner: char, after: &str) -> bool {
        let (Some(base), Some(last), Some(next)) = (self.base, self.last, after.chars().next()) else { return false };
        let is_tone = |c: char| (0x1f3fb..=0x1f3ff).contains(&u32::from(c));
        let picture = if is_tone(last) { self.last_but_one } else { self.last };
        let is_picture = |c: char| u32::from(c) > 0xff && c.is_emoji_char() && !is_tone(c);
        if joiner == '\u{200d}' && is_picture(next) && picture.is_some_and(is_picture) {
            return true;
        }
        let script = base.script();
        let is_virama = |c: char| canonical_combining_class(c) == 9;
        let is_letter = |c: char| {
            matches!(c.general_category(), GeneralCategory::OtherLetter | GeneralCategory::ModifierLetter)
                || c.is_letter_cased()
        };
        let joins = CURSIVE.contains(&script) && is_letter(next)
            || INDIC.contains(&script)
                && (is_virama(last) && is_letter(next) || is_virama(next) && joiner == '\u{200d}');
        joins && is_letter(base) && script == next.script()
    }
}

const CURSIVE: [Script; 7] = [
    Script::Arabic,
    Script::Syriac,
    Script::Nko,
    Script::Mongolian,
    Script::Mandaic,
    Script::Adlam,
    Script::Hanifi_Rohingya,
];

const INDIC: [Script; 10] = [
    Script::Devanagari,
    Script::Bengali,
    Script::Gurmukhi,
    Script::Gujarati,
    Script::Oriya,
    Script::Tamil,
    Script::Telugu,
    Script::Kannada,
    Script::Malayalam,
    Script::Sinhala,
];
