//! How values of OpenDocument attributes look (OASIS OpenDocument 1.3, part 3, 18 and 19): words by list, numbers, lengths,
//! colours, paths. Knows no elements, and passes no name that a person gave.

use std::borrow::Cow;

use super::words::{SHAPES, WORDS};
use crate::clean::xml::Value;

/// Words, numbers, lengths, percentages and colours, a few of them with a space between: what formatting consists of.
pub(super) const FORMAT: Value = Value::With(format);
/// A path (SVG 1.1, 8.3) or an enhanced path (ODF 19.145): letters, numbers, `?f1` and `$0`.
pub(super) const PATH: Value = Value::With(path);
/// Pairs of numbers (19.170 `draw:points`).
pub(super) const POINTS: Value = Value::With(points);
/// A list of transformations (19.228).
pub(super) const TRANSFORM: Value = Value::With(transform);
/// The formula of a shape's equation (19.171).
pub(super) const EQUATION: Value = Value::With(equation);
/// The name of an equation: a letter or two and a number.
pub(super) const EQUATION_NAME: Value = Value::With(equation_name);
/// The kind of a custom shape (19.154).
pub(super) const SHAPE_TYPE: Value = Value::With(shape_type);
/// What a style is for under a condition on a value (19.471).
pub(super) const CONDITION: Value = Value::With(condition);
/// A cell or a range of cells (19.595).
pub(super) const CELLS: Value = Value::With(cells);
/// A date or a moment (18.2), as cells have it.
pub(super) const DATE: Value = Value::With(date);
/// A duration (18.2).
pub(super) const DURATION: Value = Value::With(duration);
/// The path of a picture in the clean package.
pub(super) const PICTURE: Value = Value::With(picture);
/// The path of an embedded object in the clean package.
pub(super) const OBJECT: Value = Value::With(object);
/// Any version becomes the one that the clean document says to be of.
pub(super) const VERSION: Value = Value::With(version);
/// The clipping of a picture (20.195), or none.
pub(super) const CLIP: Value = Value::With(clip);
/// The names of a master page's presentation styles, after it is renamed.
pub(super) const PRESENTATION_NAME: Value = Value::With(presentation_name);

/// Bytes of a path or a list of points.
const PATH_BYTES_MAX: usize = 4 << 20;
/// Items of a value of formatting.
const ITEMS_MAX: usize = 12;

fn format(raw: &str) -> Option<Cow<'_, str>> {
    let mut items = Vec::new();
    for item in raw.split_ascii_whitespace() {
        let is_colour = matches!(item.strip_prefix('#'), Some(digits) if digits.len() == 6);
        let canonical = match is_colour {
            true => Value::Colour.canonical(item)?,
            false if is_word(item) || is_measure(item) => Cow::Borrowed(item),
            false => return None,
        };
        items.push(canonical);
    }
    (!items.is_empty() && items.len() <= ITEMS_MAX).then(|| joined(raw, &items.join(" ")))
}

/// `raw` itself where it is the canonical form already.
fn joined<'a>(raw: &'a str, canonical: &str) -> Cow<'a, str> {
    if raw == canonical { Cow::Borrowed(raw) } else { Cow::Owned(canonical.to_owned()) }
}

fn is_word(item: &str) -> bool {
    WORDS.binary_search(&item).is_ok()
}

/// A number, alone or with a unit behind it; `65535*` is a share of a width.
fn is_measure(item: &str) -> bool {
    let item = item.strip_suffix('*').unwrap_or(item);
    UNITS.canonical(item).is_some()
}

const UNITS: Value = Value::Measure(&["", "cm", "mm", "in", "inch", "pt", "pc", "px", "em", "%", "deg", "rad", "grad"]);

fn is_number(item: &str) -> bool {
    Value::Decimal.canonical(item).is_some()
}

/// Whether an item stands for a number in an enhanced path or its like: `?f12` an equation, `$3` a modifier.
fn is_parameter(item: &str) -> bool {
    match item.split_at_checked(1) {
        Some(("?", name)) => is_equation_name(name),
        Some(("$", number)) => is_count(number),
        _ => is_number(item) || PLACES.contains(&item),
    }
}

/// What a formula may name of its shape.
const PLACES: [&str; 14] = [
    "left",
    "top",
    "right",
    "bottom",
    "xstretch",
    "ystretch",
    "hasstroke",
    "hasfill",
    "width",
    "height",
    "logwidth",
    "logheight",
    "pi",
    "none",
];

fn is_count(digits: &str) -> bool {
    (1..=4).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_equation_name(name: &str) -> bool {
    let digits = name.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    (1..=2).contains(&name.len().saturating_sub(digits.len())) && is_count(digits)
}

fn equation_name(raw: &str) -> Option<Cow<'_, str>> {
    is_equation_name(raw).then_some(Cow::Borrowed(raw))
}

fn shape_type(raw: &str) -> Option<Cow<'_, str>> {
    let preset = raw.strip_prefix("mso-spt").is_some_and(is_count);
    (preset || SHAPES.binary_search(&raw.strip_prefix("ooxml-").unwrap_or(raw)).is_ok()).then_some(Cow::Borrowed(raw))
}

/// Commands of both kinds of paths are single letters; a number may follow them without a space.
fn path(raw: &str) -> Option<Cow<'_, str>> {
    if raw.len() > PATH_BYTES_MAX {
        return None;
    }
    let mut rest = raw;
    loop {
        rest = rest.trim_start_matches([' ', ',', '\t', '\n', '\r']);
        let Some(first) = rest.chars().next() else { break };
        let len = match first {
            '?' | '$' => {
                let end = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '?' | '$');
                rest.find(end).unwrap_or(rest.len())
            }
            letter if letter.is_ascii_alphabetic() && PATH_LETTERS.contains(letter) => 1,
            _ => number_len(rest),
        };
        let (item, behind) = rest.split_at_checked(len).filter(|(item, _)| !item.is_empty())?;
        if !is_command(item) && !is_parameter(item) {
            return None;
        }
        rest = behind;
    }
    Some(collapsed(raw))
}

fn is_command(item: &str) -> bool {
    item.len() == 1 && PATH_LETTERS.contains(item)
}

const PATH_LETTERS: &str = "MmLlHhVvCcSsQqTtAaZzNFSTUBWXYGKJIOP";

/// Bytes of the number that `text` begins with.
fn number_len(text: &str) -> usize {
    let mut last = ' ';
    let mut has_point = false;
    for (at, c) in text.char_indices() {
        let goes_on = match c {
            '0'..='9' => true,
            '.' if !has_point => {
                has_point = true;
                true
            }
            '-' | '+' => at == 0 || matches!(last, 'e' | 'E'),
            'e' | 'E' => last.is_ascii_digit() || last == '.',
            _ => false,
        };
        if !goes_on {
            return at;
        }
        last = c;
    }
    text.len()
}

/// One space where there were several blanks, and none around.
fn collapsed(raw: &str) -> Cow<'_, str> {
    let words: Vec<&str> = raw.split_ascii_whitespace().collect();
    joined(raw, &words.join(" "))
}

fn points(raw: &str) -> Option<Cow<'_, str>> {
    let are_numbers = raw.split([' ', ',', '\t', '\n', '\r']).filter(|item| !item.is_empty()).all(is_parameter);
    (raw.len() <= PATH_BYTES_MAX && are_numbers).then(|| collapsed(raw))
}

fn transform(raw: &str) -> Option<Cow<'_, str>> {
    let mut rest = raw.trim();
    while !rest.is_empty() {
        let (name, behind) = rest.split_once('(')?;
        let (numbers, behind) = behind.split_once(')')?;
        if !matches!(name.trim(), "matrix" | "rotate" | "scale" | "skewX" | "skewY" | "translate") {
            return None;
        }
        let mut items = numbers.split([' ', ',']).filter(|item| !item.is_empty());
        if !items.all(is_measure) {
            return None;
        }
        rest = behind.trim_start_matches([' ', ',']);
    }
    (raw.len() <= 500).then(|| collapsed(raw))
}

fn equation(raw: &str) -> Option<Cow<'_, str>> {
    let operators = ['+', '*', '/', '(', ')', ',', ' ', '-'];
    let is_known = |item: &str| is_parameter(item) || FUNCTIONS.contains(&item);
    let parts = raw.split(operators).filter(|item| !item.is_empty());
    let mut parts = parts.map(|item| item.strip_suffix(['e', 'E']).unwrap_or(item));
    (raw.len() <= 500 && parts.all(is_known)).then(|| collapsed(raw))
}

const FUNCTIONS: [&str; 10] = ["abs", "sqrt", "sin", "cos", "tan", "atan", "atan2", "min", "max", "if"];

fn condition(raw: &str) -> Option<Cow<'_, str>> {
    let compact: String = raw.chars().filter(|c| *c != ' ').collect();
    if let Some(range) = compact.strip_prefix("cell-content-is-between(") {
        let (least, most) = range.strip_suffix(')')?.split_once(',')?;
        return (is_number(least) && is_number(most)).then(|| joined(raw, &compact));
    }
    let rest = compact.strip_prefix("value()").or(compact.strip_prefix("cell-content()"))?;
    let number = rest.trim_start_matches(['<', '>', '=', '!']);
    let operator = rest.strip_suffix(number)?;
    let is_operator = matches!(operator, "<" | ">" | "=" | "<=" | ">=" | "!=");
    (is_operator && is_number(number)).then(|| joined(raw, &compact))
}

/// `Sheet1.A1:Sheet1.B9`, `local-table.$B$2:.$B$9`. Whether the sheet is one that stays, the caller asks.
fn cells(raw: &str) -> Option<Cow<'_, str>> {
    let sound =
        raw.len() <= 200 && !raw.contains(['#', '/', '\\', ' ']) || raw.contains('\'') && !raw.contains(['#', '/']);
    let (first, last) = match raw.rsplit_once(':') {
        Some((first, last)) => (first, Some(last)),
        None => (raw, None),
    };
    let is_cell = |text: &str| {
        let cell = text.rsplit_once('.').map_or(text, |(_, cell)| cell);
        let letters = cell.trim_start_matches('$').trim_end_matches(|c: char| c.is_ascii_digit());
        let letters = letters.strip_suffix('$').unwrap_or(letters);
        (1..=3).contains(&letters.len())
            && letters.bytes().all(|byte| byte.is_ascii_uppercase())
            && cell.len() <= 14
            && cell.ends_with(|c: char| c.is_ascii_digit())
    };
    (sound && is_cell(first) && last.is_none_or(is_cell)).then_some(Cow::Borrowed(raw))
}

fn date(raw: &str) -> Option<Cow<'_, str>> {
    let sound = raw.len() <= 35 && raw.bytes().all(|byte| byte.is_ascii_digit() || b"-T:.Z".contains(&byte));
    (sound && raw.len() >= 8).then_some(Cow::Borrowed(raw))
}

fn duration(raw: &str) -> Option<Cow<'_, str>> {
    let rest = raw.strip_prefix('-').unwrap_or(raw).strip_prefix('P')?;
    let sound = rest.len() <= 35 && rest.bytes().all(|byte| byte.is_ascii_digit() || b"YMDTHS.".contains(&byte));
    sound.then_some(Cow::Borrowed(raw))
}

/// `Pictures/7.png`.
fn picture(raw: &str) -> Option<Cow<'_, str>> {
    let (number, extension) = raw.strip_prefix("Pictures/")?.split_once('.')?;
    (is_number_of_part(number) && EXTENSIONS.contains(&extension)).then_some(Cow::Borrowed(raw))
}

/// Extensions of pictures in a clean package.
pub(super) const EXTENSIONS: [&str; 6] = ["jpg", "png", "gif", "webp", "bmp", "tif"];

/// `Object 1`.
fn object(raw: &str) -> Option<Cow<'_, str>> {
    raw.strip_prefix("Object ").is_some_and(is_number_of_part).then_some(Cow::Borrowed(raw))
}

/// Digits without a leading zero.
pub(super) fn is_number_of_part(digits: &str) -> bool {
    !digits.starts_with('0') && (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn version(_: &str) -> Option<Cow<'_, str>> {
    Some(Cow::Borrowed("1.3"))
}

fn clip(raw: &str) -> Option<Cow<'_, str>> {
    if raw == "auto" {
        return Some(Cow::Borrowed(raw));
    }
    let edges = raw.strip_prefix("rect(")?.strip_suffix(')')?;
    let items: Vec<&str> = edges.split([' ', ',']).filter(|item| !item.is_empty()).collect();
    let sound = items.len() == 4 && items.iter().all(|item| is_measure(item) || *item == "auto");
    sound.then(|| joined(raw, &format!("rect({})", items.join(", "))))
}

/// `s3-outline1`, `s3-title`.
fn presentation_name(raw: &str) -> Option<Cow<'_, str>> {
    let (master, role) = raw.split_once('-')?;
    (Value::is_reference(master) && PRESENTATION_ROLES.contains(&role)).then_some(Cow::Borrowed(raw))
}

/// What the styles of a presentation's master page are for.
pub(super) const PRESENTATION_ROLES: [&str; 14] = [
    "background",
    "backgroundobjects",
    "notes",
    "outline1",
    "outline2",
    "outline3",
    "outline4",
    "outline5",
    "outline6",
    "outline7",
    "outline8",
    "outline9",
    "subtitle",
    "title",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: Value, sound: &[&str], unsound: &[&str]) {
        for text in sound {
            let canonical = value.canonical(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(value.canonical(&canonical).as_deref(), Some(&*canonical), "{text}");
        }
        for text in unsound {
            assert_eq!(value.canonical(text), None, "{text}");
        }
    }

    #[test]
    fn formatting_is_words_of_a_list_numbers_and_colours() {
        check(
            FORMAT,
            &["0.5pt solid #00FF00", "justify", "-0.25in", "65535*", "super 58%", "1"],
            &["", "Anna", "#Anna", "1anna", "solid-anna"],
        );
    }

    #[test]
    fn paths_hold_letters_of_commands_and_numbers() {
        check(
            PATH,
            &["M0-1.5L10,20 30 40z", "M 0 0 L ?f3 0 ?f3 ?f2 Z N", "M1e-3 2"],
            &["M 0 0 anna", "M 0 ?anna1", "M 0 0 <"],
        );
        check(POINTS, &["0,0 10,20"], &["0,0 anna"]);
        check(TRANSFORM, &["rotate (0.5) translate (1cm 2cm)"], &["rotate(anna)", "anna(1)"]);
        check(EQUATION, &["?f0 *$0 /21600", "if(?f1,logwidth,-1.5)", "10800*cos(pi*(?f2)/180)"], &["anna", "?anna"]);
    }

    #[test]
    fn addresses_of_cells_are_addresses() {
        check(
            CELLS,
            &["Sheet1.A1:Sheet1.B9", "local-table.$B$2:.$B$9", "'Лист 1'.A1"],
            &["anna", "file:///a#Sheet1.A1", "Sheet1.anna"],
        );
    }

    #[test]
    fn conditions_compare_with_numbers() {
        check(
            CONDITION,
            &["value()>=0", "cell-content() < 5", "cell-content-is-between(1,2)"],
            &["cell-content()=\"Anna\"", "is-true-formula(A1)"],
        );
    }

    #[test]
    fn paths_of_parts_are_numbers() {
        check(PICTURE, &["Pictures/1.png"], &["Pictures/01.png", "Pictures/anna.png", "Pictures/1.exe", "../1.png"]);
        check(OBJECT, &["Object 1"], &["Object anna", "./Object 1"]);
        check(CLIP, &["rect(0cm 1cm, 0cm, 0cm)", "auto"], &["rect(anna)"]);
        check(DATE, &["2024-02-29T01:02:03"], &["yesterday"]);
        check(DURATION, &["PT01H02M03S"], &["anna"]);
    }
}
