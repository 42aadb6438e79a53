//! Where and when: coordinates, moments, and the plates of what drove there.

use std::sync::LazyLock;

use super::Kind;
use super::rule::{Found, Needs, Rule, all_if};

pub(super) fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        let date = format!(
            r"(?:[0-9]{{1,2}}[./-][0-9]{{1,2}}[./-](?:[0-9]{{4}}|[0-9]{{2}})|[0-9]{{4}}[./-][0-9]{{1,2}}[./-][0-9]{{1,2}}|[0-9]{{1,2}}(?:-?го)? (?:{MONTHS})(?:,? [0-9]{{4}})?(?: (?:года|году|року|г\.|р\.))?|{MONTHS} [0-9]{{1,2}}(?:st|nd|rd|th)?(?:,? [0-9]{{4}})?)"
        );
        let moment = format!(
            r"{date}(?:T|,? (?:(?i:в|во|около|примерно в|о|об|біля|а|каля|at|around|about|الساعة|ساعت|في|در) )?)[0-9]{{1,2}}[:.][0-9]{{2}}(?::[0-9]{{2}}(?:[.,][0-9]{{1,6}})?)?(?:Z|[+-][0-9]{{2}}:?[0-9]{{2}})?"
        );
        vec![
            Rule::new(Kind::Coordinates, Needs::DigitsAnd(8, &[".", ","]), DECIMAL, decimal),
            Rule::new(Kind::Coordinates, Needs::DigitsAnd(8, &["°"]), DEGREES, degrees),
            Rule::new(Kind::Coordinates, Needs::Digits(7), MGRS, mgrs),
            Rule::new(Kind::Moment, Needs::DigitsAnd(4, &[":", "."]), moment, moment_in_range),
            Rule::new(Kind::Plate, Needs::Digits(5), RUSSIAN_PLATE, russian_plate),
            Rule::new(Kind::Plate, Needs::Digits(4), UKRAINIAN_PLATE, any),
            Rule::new(Kind::Plate, Needs::Digits(5), BELARUSIAN_PLATE, any),
            Rule::new(Kind::Plate, Needs::Digits(6), MILITARY_PLATE, military_plate),
        ]
    });
    &RULES
}

const MONTHS: &str = "(?i:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря|січня|лютого|березня|\
    квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня|студзеня|лютага|сакавіка|красавіка|чэрвеня|ліпеня|\
    жніўня|верасня|кастрычніка|лістапада|снежня|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|\
    sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";

const DECIMAL: &str = r"(?:[NS] ?)?[+-]?[0-9]{1,2}[.,][0-9]{3,10} ?°? ?[NSСЮ]?[,;/]? ?(?:[EW] ?)?[+-]?[0-9]{1,3}[.,][0-9]{3,10}(?: ?°? ?[EWВЗ])?";
const DEGREES: &str = concat!(
    r#"(?:[NSСЮ] ?)?[0-9]{1,2} ?° ?[0-9]{1,2}(?:[.,][0-9]{1,5})? ?'(?: ?[0-9]{1,2}(?:[.,][0-9]{1,4})? ?(?:"|''))?(?: ?(?:[NSСЮ]|[сю]\. ?ш\.?|півн\. ?ш\.?))?[,;]? ?"#,
    r#"[EWВЗ]? ?[0-9]{1,3} ?° ?[0-9]{1,2}(?:[.,][0-9]{1,5})? ?'(?: ?[0-9]{1,2}(?:[.,][0-9]{1,4})? ?(?:"|''))?(?: ?(?:[EWВЗ]|[вз]\. ?д\.?|сх\. ?д\.?))?"#
);
/// Zone and band, square of 100 km, easting and northing to 10 km or finer (NGA.STND.0037).
const MGRS: &str = r"(?:[1-9]|[1-5][0-9]|60)[C-HJ-NP-X] ?[A-HJ-NP-Z][A-HJ-NP-V] ?(?:[0-9]{5} ?[0-9]{5}|[0-9]{4} ?[0-9]{4}|[0-9]{3} ?[0-9]{3})";

/// Twelve letters that look Latin (GOST R 50577), in either alphabet.
const RUSSIAN_PLATE: &str =
    r"(?i)[АВЕКМНОРСТУХABEKMHOPCTYX] ?[0-9]{3} ?[АВЕКМНОРСТУХABEKMHOPCTYX]{2} ?[0-9]{2,3}(?: ?rus)?";
const UKRAINIAN_PLATE: &str = r"[АВЕІКМНОРСТХABEIKMHOPCTX]{2} ?[0-9]{2}-?[0-9]{2} ?[АВЕІКМНОРСТХABEIKMHOPCTX]{2}";
/// Of the army.
const MILITARY_PLATE: &str = r"[0-9]{4} ?[АВЕКМНОРСТУХABEKMHOPCTYX]{2} ?[0-9]{2}";
const BELARUSIAN_PLATE: &str = r"[0-9]{4} ?[АВЕІКМНОРСТХABEIKMHOPCTX]{2} ?- ?[0-8]";

fn any(found: &Found<'_>) -> Option<usize> {
    super::rule::all(found)
}

fn decimal(found: &Found<'_>) -> Option<usize> {
    let is_named =
        found.is_after(&["координат", "coordinates", "gps", "геометк", "точк", "مختصات", "إحداثیات", "широт", "lat"]);
    // A comma is a sign of the number only where no point is one.
    let has_points = found.value.contains('.');
    let value = if has_points { found.value.to_owned() } else { found.value.replace(',', ".") };
    let parts: Vec<&str> =
        value.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|part| part.contains('.')).collect();
    let numbers: Vec<f64> = parts.iter().filter_map(|part| part.parse().ok()).collect();
    let min = if is_named { 3 } else { 4 };
    let is_exact = parts.iter().all(|part| part.split_once('.').is_some_and(|(_, decimals)| decimals.len() >= min));
    let in_range = matches!(numbers.as_slice(), [lat, lon] if *lat <= 90.0 && *lon <= 180.0);
    let joins =
        found.before.ends_with(['.', ',', '-', '=']) || found.after.starts_with([',', '.']) && digit_follows(found);
    all_if(found, is_exact && in_range && !joins && (has_points || is_named))
}

fn digit_follows(found: &Found<'_>) -> bool {
    found.after.chars().nth(1).is_some_and(|c| c.is_ascii_digit())
}

fn degrees(found: &Found<'_>) -> Option<usize> {
    let halves: Vec<&str> = found.value.split('°').collect();
    let number = |text: &str| -> Option<f64> {
        let digits = text.trim_start().split(|c: char| !c.is_ascii_digit() && c != '.').next()?;
        digits.parse().ok()
    };
    let [first, second, third] = halves.as_slice() else { return None };
    let degrees = |text: &str| -> Option<f64> { text.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok() };
    let minutes = |text: &str| number(text).is_some_and(|minutes| minutes < 60.0);
    let seconds =
        |text: &str| text.split_once('\'').and_then(|(_, rest)| number(rest)).is_none_or(|seconds| seconds < 60.0);
    let in_range = degrees(first)? <= 90.0 && degrees(second)? <= 180.0;
    all_if(found, in_range && [second, third].into_iter().all(|part| minutes(part) && seconds(part)))
}

fn mgrs(found: &Found<'_>) -> Option<usize> {
    let is_named = found.is_after(&["mgrs", "grid", "координат", "квадрат", "точк", "coordinates", "места", "місце"]);
    all_if(found, found.digits().len() >= 10 || is_named)
}

fn moment_in_range(found: &Found<'_>) -> Option<usize> {
    let (before, minutes) = match found.value.split_once(':') {
        Some(parts) => parts,
        // A point is of a time only behind a word.
        None => found.value.rsplit_once('.').filter(|(before, _)| before.contains(' '))?,
    };
    let is_told = found.value.contains(':')
        || before.rsplit(' ').nth(1).is_some_and(|word| !word.ends_with(|c: char| c.is_ascii_digit()));
    let hours: u32 = before.rsplit(|c: char| !c.is_ascii_digit()).next()?.parse().ok()?;
    let minutes: u32 = minutes.get(..2)?.parse().ok()?;
    all_if(found, hours < 25 && minutes < 60 && is_told)
}

fn russian_plate(found: &Found<'_>) -> Option<usize> {
    let digits = found.digits();
    let (number, region) = digits.split_at_checked(3)?;
    let region: u32 = region.parse().ok()?;
    let is_region = matches!(
        region,
        1..=199 | 250 | 252 | 323 | 550 | 702 | 716 | 725 | 750 | 754 | 761 | 763 | 774 | 777 | 790 | 797 | 799 | 977
    );
    // In small letters the words between numbers look so, too.
    let is_small = found.value.chars().any(char::is_lowercase) && found.value.contains(' ');
    all_if(found, number != "000" && is_region && (!is_small || found.is_after(VEHICLES)))
}

fn military_plate(found: &Found<'_>) -> Option<usize> {
    all_if(found, found.is_after(VEHICLES))
}

const VEHICLES: &[&str] =
    &["номер", "машин", "авто", "уаз", "нив", "бус", "буханк", "джип", "газел", "камаз", "урал", "ваз", "лад", "борт"];
