//! Numbers that states and banks give: to people, firms, cards, accounts and phones.

use std::sync::LazyLock;

use super::Kind;
use super::checksums;
use super::rule::{Found, Needs, Rule, all, all_if};

pub(super) fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        vec![
            Rule::new(Kind::Iban, Needs::Digits(10), r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}", iban),
            Rule::new(
                Kind::IdNumber,
                Needs::Digits(11),
                r"[1-6][0-9]{6}[ABCHKEMАВСНКЕМ][0-9]{3}[A-ZА-Я]{2}[0-9]",
                belarusian,
            ),
            Rule::new(Kind::IdNumber, Needs::Digits(13), r"[12][0-9]{7}-?[0-9]{5}", unzr),
            Rule::new(Kind::Snils, Needs::Digits(11), r"[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{2}", snils),
            Rule::new(Kind::Inn, Needs::Digits(10), r"[0-9]{12}|[0-9]{10}", inn),
            Rule::new(Kind::Ogrn, Needs::Digits(13), r"[0-9]{15}|[0-9]{13}", ogrn),
            Rule::new(Kind::IdNumber, Needs::Digits(10), r"[0-9]{10}", rnokpp),
            Rule::new(Kind::IdNumber, Needs::Digits(10), r"[0-9]{3}-?[0-9]{6}-?[0-9]", iranian),
            Rule::new(Kind::IdNumber, Needs::Digits(10), r"[0-9]{10,12}", arab),
            Rule::new(
                Kind::Imei,
                Needs::Digits(15),
                r"[0-9]{15}|[0-9]{2}-[0-9]{6}-[0-9]{6}-[0-9]|[0-9]{6} [0-9]{6} [0-9]{3}|[0-9]{2} [0-9]{6} [0-9]{6} [0-9]",
                imei,
            ),
            Rule::new(
                Kind::Card,
                Needs::Digits(15),
                r"[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}(?:[ -]?[0-9]{2,3})?|3[47][0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{5}",
                card,
            ),
            Rule::new(
                Kind::Passport,
                Needs::DigitsAnd(6, PASSPORT_WORDS),
                r"[0-9]{2} ?[0-9]{2},? *(?:№|N|номер)? *[0-9]{6}|[0-9]{2} ?№? ?[0-9]{7}",
                passport,
            ),
            Rule::new(
                Kind::Passport,
                Needs::DigitsAnd(6, PASSPORT_WORDS),
                r"\p{Lu}{1,2} ?№? ?[0-9]{6,9}|[0-9]{9}",
                passport,
            ),
        ]
    });
    &RULES
}

/// Lengths of the IBAN registry (SWIFT), of the countries that take part.
#[rustfmt::skip]
const IBAN_CHARS: [(&str, usize); 78] = [
    ("AD", 24), ("AE", 23), ("AL", 28), ("AT", 20), ("AZ", 28), ("BA", 20), ("BE", 16), ("BG", 22), ("BH", 22),
    ("BI", 27), ("BR", 29), ("BY", 28), ("CH", 21), ("CR", 22), ("CY", 28), ("CZ", 24), ("DE", 22), ("DJ", 27),
    ("DK", 18), ("DO", 28), ("EE", 20), ("EG", 29), ("ES", 24), ("FI", 18), ("FK", 18), ("FO", 18), ("FR", 27),
    ("GB", 22), ("GE", 22), ("GI", 23), ("GL", 18), ("GR", 27), ("GT", 28), ("HR", 21), ("HU", 28), ("IE", 22),
    ("IL", 23), ("IQ", 23), ("IR", 26), ("IS", 26), ("IT", 27), ("JO", 30), ("KW", 30), ("KZ", 20), ("LB", 28),
    ("LC", 32), ("LI", 21), ("LT", 20), ("LU", 20), ("LV", 21), ("LY", 25), ("MC", 27), ("MD", 24), ("ME", 22),
    ("MK", 19), ("MR", 27), ("MT", 31), ("MU", 30), ("NL", 18), ("NO", 15), ("OM", 23), ("PK", 24), ("PL", 28),
    ("PS", 29), ("PT", 25), ("QA", 29), ("RO", 24), ("RS", 22), ("RU", 33), ("SA", 24), ("SE", 24), ("SI", 19),
    ("SK", 24), ("SM", 27), ("TN", 24), ("TR", 26), ("UA", 29), ("XK", 20),
];

/// The characters that the country's numbers have, though words in capitals may follow.
fn iban(found: &Found<'_>) -> Option<usize> {
    let country = found.value.get(..2)?;
    let (_, chars) = IBAN_CHARS.iter().find(|(code, _)| *code == country)?;
    let (last, _) = found.value.match_indices(|c: char| c != ' ').nth(chars.checked_sub(1)?)?;
    let len = last.saturating_add(1);
    let number: String = found.value.get(..len)?.chars().filter(|c| *c != ' ').collect();
    checksums::iban(&number).then_some(len)
}

fn belarusian(found: &Found<'_>) -> Option<usize> {
    all_if(found, checksums::belarusian(&found.value.chars().map(latin).collect::<String>()))
}

/// The Latin letter that a Cyrillic one looks like.
fn latin(c: char) -> char {
    "АВСЕНІКМОРТХ"
        .chars()
        .zip("ABCEHIKMOPTX".chars())
        .find(|(cyrillic, _)| *cyrillic == c)
        .map_or(c, |(_, latin)| latin)
}

fn unzr(found: &Found<'_>) -> Option<usize> {
    let digits = found.digits();
    let part = |from: usize, to: usize| digits.get(from..to).and_then(|part| part.parse::<u32>().ok()).unwrap_or(0);
    let is_date =
        (1900..2100).contains(&part(0, 4)) && (1..=12).contains(&part(4, 6)) && (1..=31).contains(&part(6, 8));
    let is_told = found.value.contains('-') || found.is_after(&["унзр", "запис", "unzr"]);
    all_if(found, is_date && is_told && checksums::unzr(&digits))
}

fn snils(found: &Found<'_>) -> Option<usize> {
    let is_grouped = found.value.len() > 11;
    let is_named = found.is_after(&["снилс", "страхов", "snils"]);
    all_if(found, (is_grouped || is_named) && checksums::snils(&found.digits()))
}

fn inn(found: &Found<'_>) -> Option<usize> {
    all_if(found, found.is_after(&["инн"]) && checksums::inn(found.value))
}

fn ogrn(found: &Found<'_>) -> Option<usize> {
    all_if(found, found.is_after(&["огрн"]) && checksums::ogrn(found.value))
}

fn rnokpp(found: &Found<'_>) -> Option<usize> {
    let is_named =
        found.is_after(&["рнокпп", "ідент", "іпн", "ипн", "інн", "податков", "ідентифікац", "идентификац", "налогов"]);
    all_if(found, is_named && checksums::rnokpp(found.value))
}

fn iranian(found: &Found<'_>) -> Option<usize> {
    let is_named = found.is_after(&["کد ملی", "کدملی", "شماره ملی", "national code", "национальный код"]);
    all_if(found, is_named && checksums::iranian(&found.digits()))
}

/// Iraq's and Syria's have no checksum that is public, so that only words tell.
fn arab(found: &Found<'_>) -> Option<usize> {
    let is_named = found.is_after(&[
        "الرقم الوطنی",
        "رقمی الوطنی",
        "رقم الهویة",
        "رقم هویت",
        "البطاقة الوطنیة",
        "national number",
    ]);
    all_if(found, is_named && found.value.len() >= 11)
}

fn imei(found: &Found<'_>) -> Option<usize> {
    let digits = found.digits();
    let is_named = found.is_after(&["imei", "имей", "імей", "имеи", "ایمی"]);
    all_if(found, (is_named || digits.starts_with("35") || digits.starts_with("86")) && checksums::luhn(&digits))
}

fn card(found: &Found<'_>) -> Option<usize> {
    let digits = found.digits();
    let first = |count: usize| digits.get(..count).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(0);
    // Issuer ranges of ISO/IEC 7812: Visa, Mastercard, Mir, American Express, UnionPay, Maestro and Iran's, Belkart,
    // Humo and Uzcard.
    let is_issued = match digits.len() {
        15 => matches!(first(2), 34 | 37),
        16 => {
            matches!(first(1), 4)
                || matches!(first(2), 50..=69 | 81)
                || matches!(first(4), 2200..=2204 | 2221..=2720 | 9112 | 9860 | 8600)
        }
        18 | 19 => matches!(first(2), 50 | 56..=69) || matches!(first(4), 2200..=2204),
        _ => false,
    };
    let is_joined = found.before.ends_with(['-', '.', '/']) || found.after.starts_with(['-', '/']);
    let is_other = found.is_after(&["полис", "трек", "посылк", "ттн", "tracking", "заказ", "order", "отправлени"]);
    all_if(found, is_issued && checksums::luhn(&digits) && !is_joined && !is_other)
}

/// Parts of the words by which a passport is told.
const PASSPORT_WORDS: &[&str] =
    &["паспорт", "пашпарт", "passport", "گذرنامه", "پاسپورت", "جواز", "загран", "id-карт", "сери", "сері"];

fn passport(found: &Found<'_>) -> Option<usize> {
    let is_named =
        found.is_after(&["паспорт", "пашпарт", "passport", "گذرنامه", "پاسپورت", "جواز", "загранник", "id-карт"]);
    // Its series and number are announced, or it is named behind them.
    let is_in_groups = found.digits().len() == 10 && found.value.contains(|c: char| !c.is_ascii_digit());
    let after: String = found.after.chars().take(20).flat_map(char::to_lowercase).collect();
    let is_series = is_in_groups && (found.is_after(&["сери", "сері"]) || after.contains("паспорт"));
    if is_named || is_series { all(found) } else { None }
}
