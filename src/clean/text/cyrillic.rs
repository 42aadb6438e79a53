//! Tells the single-byte Cyrillic encodings apart. Never guesses: a wrong guess garbles a testimony.
//!
//! Every encoding is a reading of the same bytes. A reading costs what its text would cost, in tenths of
//! a bit, in a model of Russian, Ukrainian and Belarusian: pairs of letters, capitals only where words
//! begin or throughout, no symbols within words. A reading is taken if it is good in itself and if every
//! other reading that gives another text is far worse.

use encoding_rs::{Encoding, IBM866, ISO_8859_5, KOI8_R, KOI8_U, WINDOWS_1251, X_MAC_CYRILLIC};

/// The encoding of `bytes`, which are not UTF-8; `None` if it cannot be told with confidence.
/// Two encodings in which these bytes are the same text are no conflict.
pub(super) fn detect(bytes: &[u8]) -> Option<&'static Encoding> {
    let readings = readings();
    let mut judged: Vec<(Cost, &Reading)> =
        readings.iter().filter_map(|reading| Some((Cost::of(bytes, reading)?, reading))).collect();
    judged.sort_by_key(|(cost, _)| cost.total);
    let (cost, best) = judged.first()?;
    let used = used(bytes);
    let rival = judged.iter().find(|(_, reading)| !same(reading, best, &used));
    let margin = rival.map_or(u64::MAX, |(rival, _)| rival.total.saturating_sub(cost.total));
    if margin >= MARGIN_MIN && cost.is_good() { best.encoding } else { None }
}

/// What the best reading costs, however good; `None` if the bytes are text in none.
pub(super) fn cost_min(bytes: &[u8]) -> Option<u64> {
    readings().iter().filter_map(|reading| Cost::of(bytes, reading)).map(|cost| cost.total).min()
}

/// Whether `head` could be text of some single-byte encoding, if not one that is accepted: so that it
/// is refused for its encoding and not for its type.
pub(super) fn is_plausible(head: &[u8]) -> bool {
    let high = head.iter().filter(|byte| !byte.is_ascii()).count();
    let rare = high.saturating_mul(8) <= head.len();
    readings().iter().any(|reading| {
        Cost::of(head, reading)
            .is_some_and(|cost| rare || cost.letters.saturating_mul(5) >= cost.high.saturating_mul(4))
    })
}

/// Tenths of a bit by which every other text must be worse: one in a million.
const MARGIN_MIN: u64 = 200;
/// Tenths of a bit for each letter, from which on a reading is noise; Russian costs about 45.
const NOISE: u64 = 60;
/// Tenths of a bit by which a reading must be better than noise.
const EVIDENCE_MIN: u64 = 100;

/// The alphabets of the three languages. A blank stands for what is between words.
const ALPHABET: &str = " абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґў";
/// Words of one letter.
const ONE_LETTER_WORDS: &str = "абвжзийкосуыэяіїєў";

/// Bits that a letter (column) costs after another (row), in the order of [`ALPHABET`]; 9 is for pairs that
/// do not occur. Counted over word frequencies, the Universal Declaration of Human Rights and the
/// messages of programs in the three languages.
#[rustfmt::skip]
const PAIRS: [&str; 39] = [
    "944354674584543435345766567999795958897", // a word begins
    "294354565954343964449864568999966997795", // а
    "339799399498475293693969996739985949999", // б
    "229897378397584286465999789949996939999", // в
    "429975599498496193994999799999499949999", // г
    "328597354395473365574999899956696959999", // д
    "176554665954442763449876677999997999999", // е
    "426993199396692599894999699959699969999", // ж
    "216464499596653465895999999965995849999", // з
    "176465575544443775439946577999965999999", // и
    "097985989996663499349996659999999999999", // й
    "229699689399497293643997998999999949999", // к
    "429999379296797399795999999962943939999", // л
    "227799299397665369793999999958795939999", // м
    "429986399396993399555897879935984949999", // н
    "294343655755344864449877679999967996996", // о
    "629999399598596281885999999979796949999", // п
    "518667369397865288654989879947686959999", // р
    "448498499493465447524986889974883959999", // с
    "329499399396895293574999999943786959999", // т
    "175453646984445944449966467999949999799", // у
    "428989299399599293664699999989999929999", // ф
    "039599799599785296845989999999999959999", // х
    "539799299396999699966993999932765729999", // ц
    "526799299396693599935997879937499969999", // ч
    "339699299394384478934998599945799959999", // ш
    "839999199299996199995999999996999669999", // щ
    "599999099999999999999999999999971699999", // ъ
    "196575497944434966459834669999964959998", // ы
    "197679697893852589459996959999965699999", // ь
    "675866998953352964419686689999999989994", // э
    "194583986997786996639994394999979999699", // ю
    "098554685973554975649965677999979999895", // я
    "298588987938531995749989989999979999965", // ё
    "177463965944453785459954569999975985798", // і
    "099597976959852999889939999999999994999", // ї
    "099384999996935976529998969999949995999", // є
    "815899299999399593992999999999999949999", // ґ
    "199494875995362998349995589999996999999", // ў
];

/// One way to read the bytes. Without an encoding it is only a rival, never the answer.
struct Reading {
    encoding: Option<&'static Encoding>,
    /// Of the upper 128 bytes.
    chars: Vec<char>,
    /// Of all 256 bytes.
    glyphs: Vec<Glyph>,
    /// Tenths of a bit that are held against it from the start.
    prior: u64,
}

/// What a byte is in a reading.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Glyph {
    /// Of [`ALPHABET`], by its place there.
    Letter { place: usize, upper: bool },
    /// Any other letter of ASCII.
    Latin,
    /// Space, tab, end of line.
    Blank,
    /// Other ASCII.
    Plain,
    /// Ends a sentence.
    Stop,
    /// Above ASCII, usual in prose.
    Typographic,
    /// Above ASCII, a dash or a closing quotation mark.
    Leaning,
    /// Above ASCII, a no-break space.
    HardSpace,
    /// Above ASCII, neither a letter nor usual.
    Symbol,
    /// Above ASCII, a letter of no word in the three languages.
    Foreign,
    /// Not text.
    Control,
}

fn readings() -> Vec<Reading> {
    let mut readings = Vec::with_capacity(7);
    for encoding in [WINDOWS_1251, KOI8_R, KOI8_U, IBM866, ISO_8859_5, X_MAC_CYRILLIC] {
        let chars: Vec<char> = (0x80..=0xff_u8).map(|byte| char_of(encoding, byte)).collect();
        // Out of use for twenty years, and its small letters are those of windows-1251.
        let prior = if encoding == X_MAC_CYRILLIC { 120 } else { 0 };
        readings.push(Reading { encoding: Some(encoding), glyphs: glyphs(&chars), chars, prior });
    }
    // Ukrainian DOS text, in CP1125, differs from IBM866 just in the letters of Ukrainian, and encoding_rs
    // has no decoder for it: `мiсто` would become `мўсто`.
    let mut chars: Vec<char> = (0x80..=0xf1_u8).map(|byte| char_of(IBM866, byte)).collect();
    chars.extend("ҐґЄєІіЇї".chars());
    chars.extend((0xfa..=0xff_u8).map(|byte| char_of(IBM866, byte)));
    readings.push(Reading { encoding: None, glyphs: glyphs(&chars), chars, prior: 0 });
    readings
}

fn char_of(encoding: &'static Encoding, byte: u8) -> char {
    let byte = [byte];
    let (text, _) = encoding.decode_without_bom_handling(&byte);
    text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
}

fn glyphs(upper_half: &[char]) -> Vec<Glyph> {
    (0..0x80_u8).map(char::from).chain(upper_half.iter().copied()).map(glyph).collect()
}

fn glyph(c: char) -> Glyph {
    match c {
        ' ' | '\t' | '\n' | '\r' | '\x0b' | '\x0c' => Glyph::Blank,
        '.' | '!' | '?' => Glyph::Stop,
        'a'..='z' | 'A'..='Z' => Glyph::Latin,
        '!'..='~' => Glyph::Plain,
        '\u{a0}' => Glyph::HardSpace,
        '»' | '”' | '’' | '—' | '–' => Glyph::Leaning,
        '«' | '…' | '“' | '„' | '‘' | '№' | '§' | '°' | '·' | '•' => Glyph::Typographic,
        _ => {
            let small = c.to_lowercase().next().unwrap_or(c);
            match ALPHABET.chars().position(|letter| letter == small) {
                Some(place) => Glyph::Letter { place, upper: small != c },
                None if c.is_control() || c == char::REPLACEMENT_CHARACTER => Glyph::Control,
                None if c.is_alphabetic() => Glyph::Foreign,
                None => Glyph::Symbol,
            }
        }
    }
}

/// Which of the upper 128 bytes occur.
fn used(bytes: &[u8]) -> Vec<bool> {
    let mut used = vec![false; 128];
    for byte in bytes {
        if let Some(slot) = byte.checked_sub(128).and_then(|at| used.get_mut(usize::from(at))) {
            *slot = true;
        }
    }
    used
}

fn same(one: &Reading, other: &Reading, used: &[bool]) -> bool {
    one.chars.iter().zip(&other.chars).zip(used).all(|((a, b), used)| !used || a == b)
}

/// What a reading costs.
#[derive(Default)]
struct Cost {
    /// Tenths of a bit.
    total: u64,
    /// Of these, what symbols and punctuation cost that stand apart from words.
    apart: u64,
    /// Bytes above ASCII.
    high: u64,
    /// Those that are letters of the alphabet.
    letters: u64,
    /// Pairs of letters that do not occur.
    rare: u64,
    /// What no writer does: a symbol or a capital within a word, a letter of another alphabet.
    alien: u64,
}

/// Where the walk is.
struct Walk {
    /// Place of the last letter; 0 between words.
    last: usize,
    /// Letters of this word, and how many of them are capitals.
    word: u64,
    capitals: u64,
    begins_sentence: bool,
}

impl Cost {
    /// `None` if the bytes are not text in this reading.
    fn of(bytes: &[u8], reading: &Reading) -> Option<Self> {
        let mut cost = Self { total: reading.prior, ..Self::default() };
        let mut walk = Walk { last: 0, word: 0, capitals: 0, begins_sentence: true };
        let pairs = pairs();
        let (mut before, mut byte_before) = (Glyph::Blank, b'\n');
        let mut rest = bytes.iter().copied().peekable();
        while let Some(byte) = rest.next() {
            let after_byte = rest.peek().copied().unwrap_or(b'\n');
            let after = *reading.glyphs.get(usize::from(after_byte))?;
            let mut here = *reading.glyphs.get(usize::from(byte))?;
            // Where keyboards or code pages lack the Ukrainian letter, people type the Latin one.
            if matches!(byte, b'i' | b'I') && (!byte_before.is_ascii() || !after_byte.is_ascii()) {
                here = Glyph::Letter { place: LETTER_I, upper: byte == b'I' };
            }
            if !byte.is_ascii() {
                add(&mut cost.high, 1);
            }
            match here {
                Glyph::Control => return None,
                Glyph::Letter { place, upper } => {
                    add(&mut cost.letters, u64::from(!byte.is_ascii()));
                    cost.pair(&pairs, walk.last, place);
                    cost.case(&mut walk, place, upper, before, after);
                    walk.last = place;
                }
                other => {
                    if walk.last != 0 && byte.is_ascii() {
                        cost.pair(&pairs, walk.last, 0);
                    }
                    cost.other(other, walk.last != 0, before, after, byte == byte_before);
                    walk.last = 0;
                    walk.begins_sentence |= other == Glyph::Stop || byte == b'\n';
                }
            }
            (before, byte_before) = (here, byte);
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
        let rare = level >= 9;
        add(&mut self.rare, u64::from(rare));
        add(&mut self.total, if rare { 130 } else { level.saturating_mul(10).saturating_add(5) });
    }

    /// Capitals, and words of one letter.
    fn case(&mut self, walk: &mut Walk, place: usize, upper: bool, before: Glyph, after: Glyph) {
        if walk.last == 0 {
            let alone = !matches!(after, Glyph::Letter { .. });
            let is_word = ALPHABET.chars().nth(place).is_some_and(|letter| ONE_LETTER_WORDS.contains(letter));
            let initial = upper && after == Glyph::Stop;
            add(
                &mut self.total,
                match (upper, walk.begins_sentence) {
                    (true, true) => 10,
                    (true, false) => 40,
                    (false, true) => 20,
                    (false, false) => 0,
                },
            );
            if alone && !is_word && !initial {
                add(&mut self.total, 70);
            }
            if before == Glyph::Latin {
                self.alien(120);
            }
            (walk.word, walk.capitals, walk.begins_sentence) = (1, u64::from(upper), false);
            return;
        }
        let all_capitals = walk.capitals == walk.word;
        match (upper, all_capitals) {
            (true, true) => add(&mut self.total, 5),
            (true, false) => self.alien(200),
            // An abbreviation with an ending, as in `ВСУшник`.
            (false, true) if walk.word > 1 => add(&mut self.total, 60),
            (false, _) => {}
        }
        add(&mut walk.word, 1);
        add(&mut walk.capitals, u64::from(upper));
    }

    /// Whatever is not a letter of the alphabet.
    fn other(&mut self, here: Glyph, after_letter: bool, before: Glyph, after: Glyph, again: bool) {
        let before_letter = matches!(after, Glyph::Letter { .. });
        match here {
            Glyph::Latin if after_letter => self.alien(120),
            Glyph::Foreign => self.alien(200),
            Glyph::Symbol if after_letter || before_letter => self.alien(200),
            // Lines of tables repeat theirs.
            Glyph::Symbol => self.apart(if again { 10 } else { 80 }),
            Glyph::HardSpace if before == Glyph::Blank || after == Glyph::Blank => self.apart(260),
            // A dash or a closing quotation mark that leans on the word after it.
            Glyph::Leaning if before == Glyph::Blank && before_letter => self.apart(140),
            Glyph::Typographic | Glyph::Leaning | Glyph::HardSpace => self.apart(60),
            _ => {}
        }
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

/// Place of і in [`ALPHABET`].
const LETTER_I: usize = 34;

fn add(sum: &mut u64, more: u64) {
    *sum = sum.saturating_add(more);
}

fn pairs() -> Vec<Vec<u64>> {
    PAIRS.iter().map(|row| row.bytes().map(|digit| u64::from(digit.saturating_sub(b'0'))).collect()).collect()
}

#[cfg(test)]
mod tests;
