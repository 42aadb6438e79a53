//! Telephone numbers: international ones (ITU-T E.164), and those that are dialled within a country.

use std::sync::LazyLock;

use super::Kind;
use super::rule::{Found, Needs, Rule, all, all_if};

pub(super) fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let mut rules = vec![
            Rule::new(Kind::Phone, Needs::Digits(8), r"(?:\+|\b00 ?)[1-9][0-9 ().-]{6,24}[0-9]", international),
            // As chats write them without the sign, and the country in front of a local one.
            Rule::new(
                Kind::Phone,
                Needs::Digits(11),
                r"(?:38 ?\(?0|375|98 ?9|964 ?7|963 ?9)[0-9 ()-]{7,18}[0-9]",
                bare,
            ),
        ];
        rules.extend(LOCAL.map(|pattern| Rule::new(Kind::Phone, Needs::Digits(9), pattern, local)));
        rules.push(Rule::new(
            Kind::Phone,
            Needs::Digits(5),
            r"\(?[0-9]{2,4}\)?(?:[ -][0-9]{2,4}){1,3}|[0-9]{6,9}",
            after_a_word,
        ));
        rules
    });
    &RULES
}

/// Russia and Kazakhstan, Ukraine, Belarus, Iran, Iraq, Syria: their codes, in the groups that people make.
const LOCAL: [&str; 8] = [
    r"8[ .-]?\(?[3-9][0-9]{2}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{2}",
    r"7[ .-]?\(?[79][0-9]{2}\)?[ .-]?[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{2}",
    r"\(?0 ?(?:39|50|63|66|67|68|73|75|77|89|9[1-9]|[3-6][1-8])\)?[ .-]?[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{2}",
    r"8[ .-]?\(?0(?:25|29|33|44|17|[12][0-9])\)?[ .-]?[0-9]{3}[ .-]?[0-9]{2}[ .-]?[0-9]{2}",
    r"09[0-9]{2}[ .-]?[0-9]{3}[ .-]?[0-9]{4}",
    r"0(?:21|26|31|41|51|71|11|13|86)[ .-]?[0-9]{8}",
    r"07[3-9][0-9][ .-]?[0-9]{3}[ .-]?[0-9]{4}",
    r"09[3-9][0-9][ .-]?[0-9]{3}[ .-]?[0-9]{3}",
];

/// Country codes and the digits of a number, code and all. Others are taken from 9 to 15.
const COUNTRIES: [(&str, usize, usize); 16] = [
    ("7", 11, 11),
    ("1", 11, 11),
    ("380", 12, 12),
    ("375", 12, 12),
    ("98", 12, 12),
    ("964", 12, 13),
    ("963", 11, 12),
    ("995", 12, 12),
    ("374", 11, 11),
    ("90", 12, 12),
    ("972", 11, 12),
    ("48", 11, 11),
    ("44", 12, 12),
    ("49", 11, 14),
    ("998", 12, 12),
    ("996", 12, 12),
];

fn international(found: &Found<'_>) -> Option<usize> {
    let start = if found.value.starts_with('+') { 1 } else { 2 };
    let number = found.value.get(start..)?;
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let known = COUNTRIES.iter().find(|(code, ..)| digits.starts_with(code));
    let (min, max) = known.map_or((9, 15), |(_, min, max)| (*min, *max));
    // A zero in brackets is dialled within the country only.
    let extra = usize::from(number.contains("(0)"));
    Some(number_len(number, min.saturating_add(extra), max.saturating_add(extra))?.saturating_add(start))
}

fn bare(found: &Found<'_>) -> Option<usize> {
    let len = number_len(found.value, 12, 12)?;
    // Twelve digits without a gap are a number of something else just as well.
    let is_bare = found.value.get(..len)?.bytes().all(|byte| byte.is_ascii_digit());
    (!is_bare || !is_thing(found)).then_some(len)
}

fn local(found: &Found<'_>) -> Option<usize> {
    let is_bare = found.value.bytes().all(|byte| byte.is_ascii_digit());
    all_if(found, !(joins(found) || is_bare && is_thing(found)))
}

/// A number too short to be told by itself, right behind a word for it.
fn after_a_word(found: &Found<'_>) -> Option<usize> {
    let context = found.context();
    let before = context.trim_end_matches([' ', ':', '.', '-', '№']);
    let is_called = WORDS.iter().any(|word| before.ends_with(word));
    let count = found.digits().len();
    if is_called && (5..=10).contains(&count) && !joins(found) { all(found) } else { None }
}

const WORDS: [&str; 16] = [
    "тел",
    "телефон",
    "телефона",
    "телефоном",
    "телефону",
    "номер телефона",
    "номер телефону",
    "тэлефон",
    "phone",
    "tel",
    "phone number",
    "mobile",
    "viber",
    "whatsapp",
    "تلفن",
    "هاتف",
];

/// Bytes of the longest run of whole groups with `min` to `max` digits.
fn number_len(number: &str, min: usize, max: usize) -> Option<usize> {
    let (mut digits, mut gap, mut len) = (0_usize, 0_usize, None);
    for (at, byte) in number.bytes().enumerate() {
        if byte.is_ascii_digit() {
            digits = digits.saturating_add(1);
            gap = 0;
            let ends = !number.as_bytes().get(at.saturating_add(1)).is_some_and(u8::is_ascii_digit);
            if ends && (min..=max).contains(&digits) {
                len = Some(at.saturating_add(1));
            }
        } else {
            gap = gap.saturating_add(1);
            if gap > 2 {
                break;
            }
        }
    }
    len
}

/// Whether words in front say that the number is one of a thing.
fn is_thing(found: &Found<'_>) -> bool {
    found.is_after(&[
        "заказ",
        "order",
        "трек",
        "tracking",
        "сдэк",
        "ттн",
        "посылк",
        "накладн",
        "счет",
        "счёт",
        "invoice",
        "билет",
        "полис",
        "артикул",
        "isbn",
        "пошт",
        "سفارش",
        "فاتورة",
        "کد ملی",
        "کدملی",
        "№",
    ]) && !found.is_after(&["тел", "phone"])
}

/// Whether it is a part of a longer number.
fn joins(found: &Found<'_>) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let joined = |text: &str| {
        text.starts_with(['-', '/', '.', ',', ':']) && text.get(1..).is_some_and(|rest| rest.starts_with(is_digit))
    };
    let joined_before = found.before.ends_with(['-', '/', '.', ',', ':', '+', '='])
        && found.before.trim_end_matches(['-', '/', '.', ',', ':', '+', '=']).ends_with(is_digit);
    joined(found.after) || joined_before || found.before.ends_with(['+', '#', '='])
}
