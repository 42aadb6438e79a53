//! Tells Windows-1256 from what else the same bytes could be. Never guesses: a wrong guess garbles a testimony.
//!
//! As for Cyrillic, a reading costs what its text would cost, in tenths of a bit, in a model of pairs of
//! letters, here of Arabic and Persian. Persian is written with the Arabic yeh there, since the page has no other.

use encoding_rs::{Encoding, ISO_8859_6, WINDOWS_1256};

/// What `bytes` cost as Windows-1256, in tenths of a bit; `None` if they are no such text beyond doubt.
pub(super) fn cost(bytes: &[u8]) -> Option<u64> {
    let cost = Cost::of(bytes, &glyphs(WINDOWS_1256))?;
    // The other page of Arabic has most letters in other places.
    let rival = Cost::of(bytes, &glyphs(ISO_8859_6)).map_or(u64::MAX, |rival| rival.total);
    (cost.is_good() && rival.saturating_sub(cost.total) >= MARGIN_MIN).then_some(cost.total)
}

/// Whether `head` could be such a text, though it may not be accepted in the end.
pub(super) fn is_plausible(head: &[u8]) -> bool {
    Cost::of(head, &glyphs(WINDOWS_1256))
        .is_some_and(|cost| cost.letters > 0 && cost.letters.saturating_mul(5) >= cost.high.saturating_mul(4))
}

/// Tenths of a bit by which every other text must be worse: one in a million.
pub(super) const MARGIN_MIN: u64 = 200;
/// Tenths of a bit for each letter, from which on a reading is noise; Arabic costs about 43.
const NOISE: u64 = 60;
/// Tenths of a bit by which a reading must be better than noise.
const EVIDENCE_MIN: u64 = 200;

/// The letters of both languages. A blank stands for what is between words.
const ALPHABET: &str = " ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويىپچژگک";

/// Bits that a letter (column) costs after another (row), in the order of [`ALPHABET`]; 9 is for pairs that
/// do not occur. Counted over word frequencies of the two languages, half and half.
#[rustfmt::skip]
const PAIRS: [&str; 42] = [
    "996596923948655485755787848464535445967975", // a word begins
    "099999959579999999999999999998898789999999", // ء
    "799999894866893464445999996658431544979868", // آ
    "599999995756544684745586846554532634899999", // أ
    "699999938834894477926999999954238523899999", // ؤ
    "899999996976556536846656848768152894999999", // إ
    "499999945359669484588887959656335541999999", // ئ
    "269999695848767483446787868667243563989988", // ا
    "399798926658866483666886948866465243888978", // ب
    "099999999999999999999999999999999999999999", // ة
    "199789835878655683866587757556545434699988", // ت
    "299999924478999893999999988858234653899999", // ث
    "399899825558989374568999958898334334899998", // ج
    "399999925536699373647568699645436743899998", // ح
    "499999924839899463865484999699366723998989", // خ
    "189899828567897793867999979778644343899978", // د
    "399999816769898995996999989794386262799998", // ذ
    "198889725558677498756868978565856433788867", // ر
    "179999835689888595885999979888643452999989", // ز
    "399889824629786794988995959686445543879988", // س
    "299889835839785393987998957664744343889966", // ش
    "399999934479948393999697965489354633899999", // ص
    "299999826569857593998997936898448533699999", // ض
    "289899834489969892988997948449364533899999", // ط
    "399999927469999992999999999698436353899999", // ظ
    "299999934447799384776757799867243554899998", // ع
    "399999925469999542568865999799344741898989", // غ
    "399897838539878883757758658846576551699997", // ف
    "299999924449999384867564849688466533799999", // ق
    "299899925545889773656999989798343344889999", // ك
    "298496835647656566856686857554535553499988", // ل
    "299889826656657584756787848866463543888988", // م
    "199999936649678387756787678666856443898858", // ن
    "099989937869899554767989999898635855899999", // ه
    "288798835858568383556767858656343584888888", // و
    "189889836457777484655877868655543556988876", // ي
    "089999999999999999999999999999999999999999", // ى
    "499999929979996562535999999898484632998788", // پ
    "499999949979899993964995999956872232879966", // چ
    "499999829999999597988999999998773232999948", // ژ
    "399999928979999842566999999399456332998999", // گ
    "399999938948799793754999989899452244989999", // ک
];

/// What a byte is in a reading.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Glyph {
    /// Of [`ALPHABET`], by its place there.
    Letter(usize),
    /// A vowel sign or a lengthening stroke, which may stand behind a letter.
    Sign,
    /// A non-joiner or joiner, which may stand between letters.
    Joiner,
    /// A letter of ASCII.
    Latin,
    /// Other ASCII.
    Plain,
    /// Above ASCII, punctuation that is usual in prose.
    Usual,
    /// Above ASCII, any other symbol.
    Symbol,
    /// Above ASCII, a letter of no word in the two languages.
    Foreign,
    /// Not text.
    Control,
}

/// What each of the 256 bytes is.
fn glyphs(encoding: &'static Encoding) -> Vec<Glyph> {
    (0..=u8::MAX)
        .map(|byte| {
            let byte = [byte];
            encoding.decode_without_bom_handling(&byte).0.chars().next().map_or(Glyph::Control, glyph)
        })
        .collect()
}

fn glyph(c: char) -> Glyph {
    match c {
        'a'..='z' | 'A'..='Z' => Glyph::Latin,
        '\t' | '\n' | '\x0b' | '\x0c' | '\r' | ' '..='~' => Glyph::Plain,
        '\u{200c}' | '\u{200d}' => Glyph::Joiner,
        '\u{640}' | '\u{64b}'..='\u{652}' => Glyph::Sign,
        '،' | '؛' | '؟' | '«' | '»' | '“' | '”' | '…' | '–' | '—' | '\u{a0}' => Glyph::Usual,
        '\u{200e}' | '\u{200f}' => Glyph::Symbol,
        _ => match ALPHABET.chars().position(|letter| letter == c) {
            Some(place) => Glyph::Letter(place),
            None if c.is_control() || c == char::REPLACEMENT_CHARACTER => Glyph::Control,
            None if c.is_alphabetic() => Glyph::Foreign,
            None => Glyph::Symbol,
        },
    }
}

/// What a reading costs.
#[derive(Default)]
struct Cost {
    /// Tenths of a bit.
    total: u64,
    /// Of these, what symbols and punctuation cost.
    apart: u64,
    /// Bytes above ASCII.
    high: u64,
    /// Those that are letters of the alphabet.
    letters: u64,
    /// Pairs of letters that do not occur.
    rare: u64,
    /// What no writer does.
    alien: u64,
}

impl Cost {
    /// `None` if the bytes are not text in this reading.
    fn of(bytes: &[u8], glyphs: &[Glyph]) -> Option<Self> {
        let mut cost = Self::default();
        let pairs: Vec<Vec<u64>> =
            PAIRS.iter().map(|row| row.bytes().map(|digit| u64::from(digit.saturating_sub(b'0'))).collect()).collect();
        // The place of the last letter, 0 between words; and what stood before.
        let (mut last, mut before) = (0, Glyph::Plain);
        for &byte in bytes {
            let here = *glyphs.get(usize::from(byte))?;
            add(&mut cost.high, u64::from(!byte.is_ascii()));
            match here {
                Glyph::Control => return None,
                Glyph::Letter(place) => {
                    add(&mut cost.letters, 1);
                    cost.pair(&pairs, last, place);
                    if before == Glyph::Latin {
                        cost.alien(120);
                    }
                    last = place;
                }
                // A sign leans on the letter before it, which the next letter follows all the same.
                Glyph::Sign if last != 0 => cost.apart(20),
                Glyph::Joiner if last != 0 && before != Glyph::Joiner => cost.apart(30),
                other => {
                    if last != 0 {
                        cost.pair(&pairs, last, 0);
                    }
                    match other {
                        Glyph::Latin if matches!(before, Glyph::Letter(_) | Glyph::Sign) => cost.alien(120),
                        Glyph::Foreign | Glyph::Sign | Glyph::Joiner => cost.alien(200),
                        Glyph::Symbol if last != 0 => cost.alien(200),
                        Glyph::Symbol => cost.apart(80),
                        Glyph::Usual => cost.apart(60),
                        _ => {}
                    }
                    last = 0;
                }
            }
            before = here;
        }
        Some(cost)
    }

    fn is_good(&self) -> bool {
        let noise = self.letters.saturating_mul(NOISE).saturating_add(self.apart);
        noise.saturating_sub(self.total) >= EVIDENCE_MIN
            && self.rare.saturating_mul(100) <= self.high.saturating_mul(6)
            && self.alien.saturating_mul(200) <= self.high
    }

    fn pair(&mut self, pairs: &[Vec<u64>], last: usize, place: usize) {
        let level = pairs.get(last).and_then(|row| row.get(place)).copied().unwrap_or(9);
        add(&mut self.rare, u64::from(level >= 9));
        add(&mut self.total, if level >= 9 { 130 } else { level.saturating_mul(10).saturating_add(5) });
    }

    fn apart(&mut self, tenths: u64) {
        add(&mut self.apart, tenths);
        add(&mut self.total, tenths);
    }

    fn alien(&mut self, tenths: u64) {
        add(&mut self.alien, 1);
        add(&mut self.total, tenths);
    }
}

fn add(sum: &mut u64, more: u64) {
    *sum = sum.saturating_add(more);
}

#[cfg(test)]
mod tests;
