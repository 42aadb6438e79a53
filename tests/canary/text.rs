//! Texts with marks that are not seen. What is left must be the text without any.

use std::sync::Arc;

use super::Canary;
use crate::harness::fixture;

/// Code points that show nothing (Default_Ignorable_Code_Point), and others that hide: fillers, controls of
/// direction and shaping, object replacement, private use, noncharacters.
const UNSEEN: &[(&str, std::ops::RangeInclusive<u32>)] = &[
    ("soft hyphen", 0xAD..=0xAD),
    ("grapheme joiner", 0x34F..=0x34F),
    ("Arabic letter mark", 0x61C..=0x61C),
    ("Hangul filler", 0x115F..=0x1160),
    ("Khmer vowel", 0x17B4..=0x17B5),
    ("Mongolian selector", 0x180B..=0x180F),
    ("zero width", 0x200B..=0x200F),
    ("direction", 0x202A..=0x202E),
    ("invisible operator", 0x2060..=0x2064),
    ("isolate or shaping", 0x2065..=0x206F),
    ("Hangul filler", 0x3164..=0x3164),
    ("private use", 0xE000..=0xE010),
    ("noncharacter", 0xFDD0..=0xFDEF),
    ("variation selector", 0xFE00..=0xFE0F),
    ("byte-order mark", 0xFEFF..=0xFEFF),
    ("Hangul filler", 0xFFA0..=0xFFA0),
    ("interlinear annotation", 0xFFF0..=0xFFFB),
    ("object replacement", 0xFFFC..=0xFFFC),
    ("shorthand", 0x1BCA0..=0x1BCA3),
    ("musical", 0x1D173..=0x1D17A),
    ("tag", 0xE0000..=0xE007F),
    ("unassigned tag", 0xE0080..=0xE00FF),
    ("variation selector", 0xE0100..=0xE01EF),
    ("unassigned tag", 0xE01F0..=0xE0FFF),
    ("private use", 0xF0000..=0xF0010),
    ("private use", 0x10FFF0..=0x10FFFF),
];

/// Blanks that are wider, narrower or stickier than U+0020.
const SPACES: &[char] = &[
    '\u{a0}', '\u{1680}', '\u{2000}', '\u{2001}', '\u{2002}', '\u{2003}', '\u{2004}', '\u{2005}', '\u{2006}',
    '\u{2007}', '\u{2008}', '\u{2009}', '\u{200a}', '\u{202f}', '\u{205f}', '\u{2800}', '\u{3000}',
];

/// What an invisible alphabet of two letters is made of.
const ALPHABETS: &[(&str, &str, &str)] = &[
    ("zero width", "\u{200b}", "\u{200c}"),
    ("joiners", "\u{200c}", "\u{200d}"),
    ("word joiner", "\u{2060}", "\u{feff}"),
    ("direction", "\u{200e}", "\u{200f}"),
    ("selectors", "\u{fe00}", "\u{fe0e}"),
    ("operators", "\u{2061}", "\u{2063}"),
    ("fillers", "\u{3164}", "\u{115f}"),
];

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let plain = std::fs::read_to_string(fixture("statement.txt")).unwrap();
    let twin: Arc<[u8]> = plain.as_bytes().into();
    let mut all = Vec::new();
    let mut push = |name: String, text: String| {
        all.push(Canary { name, file: text.into_bytes(), mark: Vec::new(), twin: Some(Arc::clone(&twin)) });
    };
    unseen(&plain, &mut push);
    blanks(&plain, &mut push);
    spelt(&plain, &mut push);
    line_ends(&plain, &mut push);
    push("composition: all of it".to_owned(), decomposed(&plain));
    structured(&mut all);
    let mut push = |name: String, text: String| {
        all.push(Canary { name, file: text.into_bytes(), mark: Vec::new(), twin: Some(Arc::clone(&twin)) });
    };
    for (number, (at, _)) in plain.match_indices('й').enumerate() {
        let (before, after) = plain.split_at(at);
        let after = after.strip_prefix('й').unwrap();
        push(format!("composition: letter {number}"), format!("{before}\u{438}\u{306}{after}"));
    }
    all
}

/// Texts that programs read, too.
const STRUCTURED: &[(&str, &str)] = &[
    ("JSON", "{\"от\": \"Ротный\", \"текст\": [\"в шесть\", \"выходим\"]}\n"),
    ("JSON lines", "{\"от\": \"Ротный\"}\n{\"текст\": \"выходим все\"}\n"),
    ("CSV", "имя;звание\n\"Остап\nстарший\";\n\"Пётр \"\"Малый\"\"\";рядовой\n"),
    ("TSV", "имя\tзвание\tчисло\nОстап\t\t\nПётр\tрядовой\t4\n"),
    ("SRT", "1\n00:00:01,000 --> 00:00:04,000\nНас привезли ночью.\n"),
    ("log", "2026-09-14 18:30:42 WARN нет связи\n2026-09-14 18:30:43 ERROR конец\n"),
    ("Markdown", "# Дневник\n\n- день первый: яма\n- день второй\n"),
];

/// A mark of each kind at every place of them where one is no other text; then line ends and encodings.
fn structured(all: &mut Vec<Canary>) {
    for (kind, plain) in STRUCTURED {
        let twin: Arc<[u8]> = plain.as_bytes().into();
        let mut push = |name: String, file: Vec<u8>| {
            all.push(Canary { name: format!("{kind}: {name}"), file, mark: Vec::new(), twin: Some(Arc::clone(&twin)) });
        };
        for (name, range) in UNSEEN {
            let c = char::from_u32(*range.start()).unwrap();
            for at in plain.char_indices().map(|(at, _)| at).chain([plain.len()]) {
                // A shaping sign or a selector of one letter is taken out in front of it just as well.
                let (before, after) = plain.split_at(at);
                push(format!("{name} at byte {at}"), format!("{before}{c}{after}").into_bytes());
            }
        }
        for &space in SPACES {
            push(format!("U+{:04X} in values", u32::from(space)), blank_in_values(plain, space));
        }
        if plain.starts_with(['{', 'и']) {
            // Where lines are more than lines, what ends them elsewhere does not here.
            for end in ['\u{85}', '\u{2028}', '\u{2029}'] {
                push(format!("U+{:04X} in values", u32::from(end)), blank_in_values(plain, end));
            }
        }
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        push("CRLF".to_owned(), plain.replace('\n', "\r\n").into_bytes());
        push("CR".to_owned(), plain.replace('\n', "\r").into_bytes());
        push("UTF-16".to_owned(), utf16(&format!("\u{feff}{plain}")));
        push("UTF-16 without a mark".to_owned(), utf16(plain));
    }
}

fn blank_in_values(plain: &str, blank: char) -> Vec<u8> {
    let values = ["в шесть", "выходим все", "Пётр \"", "привезли ночью", "нет связи", "день второй"];
    values
        .iter()
        .fold(plain.to_owned(), |text, value| text.replace(value, &value.replace(' ', &blank.to_string())))
        .into_bytes()
}

/// Each at the beginning, within a word, after a blank, at the end of a line and of the text.
fn unseen(plain: &str, push: &mut impl FnMut(String, String)) {
    let within = plain.find("авствуйте").unwrap();
    let blank = plain.find("зовут").unwrap();
    let line = plain.find('\n').unwrap();
    for (kind, range) in UNSEEN {
        for c in range.clone().filter_map(char::from_u32) {
            for at in [0, within, blank, line, plain.len()] {
                let (before, after) = plain.split_at(at);
                push(format!("{kind}: U+{:04X} at byte {at}", u32::from(c)), format!("{before}{c}{after}"));
            }
        }
    }
}

/// Odd spaces for plain ones, and blanks where a line or the text ends.
fn blanks(plain: &str, push: &mut impl FnMut(String, String)) {
    for &space in SPACES {
        push(format!("space: U+{:04X} once", u32::from(space)), plain.replacen(' ', &space.to_string(), 1));
        push(format!("space: U+{:04X} for all", u32::from(space)), plain.replace(' ', &space.to_string()));
        push(format!("space: U+{:04X} at the end", u32::from(space)), plain.replacen('\n', &format!("{space}\n"), 1));
    }
    for (name, blank) in [("blank", " "), ("tab", "\t"), ("mixed", " \t  \t")] {
        push(format!("end of lines: {name}"), plain.replace('\n', &format!("{blank}\n")));
        push(format!("end of the text: {name}"), format!("{plain}{blank}"));
    }
    for lines in 1..8 {
        push(format!("end of the text: {lines} empty lines"), format!("{plain}{}", "\n".repeat(lines)));
    }
    push("end of the text: no line end".to_owned(), plain.trim_end().to_owned());
}

/// A number in two invisible letters: within one word, one to a word, one to a line.
fn spelt(plain: &str, push: &mut impl FnMut(String, String)) {
    let letter = |(zero, one): (&'static str, &'static str), bit: usize| {
        if 0xC0DE_u32 >> (bit % 16) & 1 == 1 { one } else { zero }
    };
    for (name, zero, one) in ALPHABETS {
        let number: String = (0..16).map(|bit| letter((zero, one), bit)).collect();
        push(format!("spelt: {name} within a word"), plain.replacen("зовут", &format!("зо{number}вут"), 1));
        let words = plain.split(' ').enumerate().map(|(bit, word)| format!("{word}{}", letter((zero, one), bit)));
        push(format!("spelt: {name} after words"), words.collect::<Vec<_>>().join(" "));
        let lines = plain.lines().enumerate().map(|(bit, line)| format!("{}{line}\n", letter((zero, one), bit)));
        push(format!("spelt: {name} before lines"), lines.collect());
    }
    let tags: String = "CNRY".chars().filter_map(|c| char::from_u32(0xE0000 + u32::from(c))).collect();
    push("spelt: in tag characters".to_owned(), plain.replacen(' ', &format!("{tags} "), 1));
    let bytes: String = b"CNRY".iter().filter_map(|&byte| char::from_u32(0xE0100 + u32::from(byte) - 16)).collect();
    push("spelt: in variation selectors".to_owned(), plain.replacen(' ', &format!("{bytes} "), 1));
    let blanks = plain.lines().enumerate().map(|(bit, line)| format!("{line}{}\n", letter((" ", "\t"), bit)));
    push("spelt: in blanks at the end of lines".to_owned(), blanks.collect());
}

/// Which line ends how. A CR before an empty line's LF would be a CRLF, and so these are left alone.
fn line_ends(plain: &str, push: &mut impl FnMut(String, String)) {
    const ENDS: [(&str, &str); 7] = [
        ("CRLF", "\r\n"),
        ("CR", "\r"),
        ("NEL", "\u{85}"),
        ("LS", "\u{2028}"),
        ("PS", "\u{2029}"),
        ("VT", "\u{b}"),
        ("FF", "\u{c}"),
    ];
    let lines: Vec<&str> = plain.lines().collect();
    for (name, end) in ENDS {
        push(format!("line ends: all {name}"), plain.replace('\n', end));
        let mixed = lines.iter().enumerate().map(|(bit, line)| {
            let before_text = lines.get(bit + 1).is_some_and(|next| !next.is_empty());
            format!("{line}{}", if bit % 3 == 1 && before_text { end } else { "\n" })
        });
        push(format!("line ends: some {name}"), mixed.collect());
    }
}

fn decomposed(plain: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    plain.nfd().collect()
}
