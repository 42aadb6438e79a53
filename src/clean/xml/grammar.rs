//! What an XML part may hold: its elements, where each may stand, their attributes, and how values look. Tables only;
//! reads and writes nothing.

use std::borrow::Cow;

use crate::clean::Category;

/// All that a kind of part may hold.
#[derive(Debug)]
pub(crate) struct Grammar {
    /// The root element; it is its own only parent.
    pub(crate) root: &'static str,
    /// Namespaces, all of which the written root declares, in this order.
    pub(crate) namespaces: &'static [Namespace],
    /// Elements by name, in tables that several grammars may share. Each table is sorted by name. The first table that
    /// has a name decides.
    pub(crate) elements: &'static [&'static [Element]],
    /// What attributes reveal that are not listed, by name: `w:rsidR`, or `w:rsid*` for all that begin so. Others are
    /// [`Category::Unknown`].
    pub(crate) told: &'static [(&'static str, Category)],
}

/// A namespace under the one prefix that it is read and written with.
#[derive(Debug)]
pub(crate) struct Namespace {
    /// As names in tables have it; empty for the default namespace, whose elements have no prefix.
    pub(crate) prefix: &'static str,
    /// Its names; the first is written. Strict and transitional documents differ in them.
    pub(crate) uris: &'static [&'static str],
}

/// What becomes of an element.
#[derive(Debug)]
pub(crate) struct Element {
    /// With its prefix: `w:p`.
    pub(crate) name: &'static str,
    /// What becomes of it.
    pub(crate) fate: Fate,
    /// Elements that may stand directly in it, once those that are unwrapped are gone. `*` stands for any that is
    /// listed and kept.
    pub(crate) children: &'static [&'static str],
    /// Its attributes, in the order they are written.
    pub(crate) attributes: &'static [Attribute],
    /// Whether it holds characters.
    pub(crate) text: Text,
}

/// What becomes of an element. Those in no table are dropped with all that they hold, and told as unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    /// Written anew, with what it holds.
    Kept,
    /// Gone, but what it holds stands in its place; told, if that reveals something.
    Unwrapped(Option<Category>),
    /// Gone with all that it holds; told, if that reveals something.
    Dropped(Option<Category>),
}

/// Whether an element holds characters.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Text {
    /// None; blanks between elements are layout of the file and go.
    None,
    /// Content: what a reader sees. Without characters that nobody sees.
    Content,
    /// One value.
    Value(Value),
}

/// An attribute that may stay.
#[derive(Debug)]
pub(crate) struct Attribute {
    /// With its prefix, if it has one: `w:val`.
    pub(crate) name: &'static str,
    /// How its value looks.
    pub(crate) value: Value,
}

/// How a value looks. One that looks otherwise is dropped with its attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Value {
    /// One of these words.
    Token(&'static [&'static str]),
    /// `0`, `1`, `false`, `true`, `off` or `on`.
    Boolean,
    /// A whole number in these bounds, without leading zeros or a plus sign.
    Integer(i64, i64),
    /// A decimal number, perhaps with an exponent, of at most 24 characters.
    Decimal,
    /// A number with one of these units behind it (`mm`, `pt`, `%`), or alone if the empty unit is listed.
    Measure(&'static [&'static str]),
    /// This many hexadecimal digits, written in capitals.
    Hex(usize),
    /// `#` and six hexadecimal digits in small letters.
    Colour,
    /// A language, perhaps with a script, a country and a common variant (RFC 5646, 2.1).
    Language,
    /// The name of a part, style, relationship or the like, which hooks translate: letters and then digits
    /// (`rId7`, `s12`), or one of the words that [`crate::clean::xml::Hooks::reference`] gives for this kind and
    /// [`Value::is_reference`] accepts.
    Reference(&'static str),
    /// Words that a reader sees: declared content.
    Content,
    /// What this function makes of it: the canonical form, or none. It must leave canonical forms as they are.
    With(fn(&str) -> Option<Cow<'_, str>>),
}

impl Grammar {
    /// The element of that name.
    pub(crate) fn element(&self, name: &str) -> Option<&'static Element> {
        self.elements.iter().find_map(|table| {
            let at = table.binary_search_by(|element| element.name.cmp(name)).ok()?;
            table.get(at)
        })
    }

    /// What an attribute reveals that is not kept.
    pub(crate) fn category(&self, attribute: &str) -> Category {
        let is_met = |pattern: &str| match pattern.strip_suffix('*') {
            Some(start) => attribute.starts_with(start),
            None => attribute == pattern,
        };
        self.told.iter().find(|(pattern, _)| is_met(pattern)).map_or(Category::Unknown, |(_, category)| *category)
    }
}

impl Element {
    /// One that is kept, without characters.
    pub(crate) const fn kept(
        name: &'static str,
        children: &'static [&'static str],
        attributes: &'static [Attribute],
    ) -> Self {
        Self { name, fate: Fate::Kept, children, attributes, text: Text::None }
    }

    /// The same with characters.
    pub(crate) const fn with(self, text: Text) -> Self {
        Self { text, ..self }
    }

    /// One that is gone, but not what it holds.
    pub(crate) const fn unwrapped(name: &'static str, category: Option<Category>) -> Self {
        Self { fate: Fate::Unwrapped(category), ..Self::kept(name, &[], &[]) }
    }

    /// One that is gone with all that it holds.
    pub(crate) const fn dropped(name: &'static str, category: Option<Category>) -> Self {
        Self { fate: Fate::Dropped(category), ..Self::kept(name, &[], &[]) }
    }

    /// Whether `child` may stand directly in it.
    pub(crate) fn holds(&self, child: &str) -> bool {
        self.children.iter().any(|name| *name == child || *name == "*")
    }
}

/// An attribute whose value looks so.
pub(crate) const fn at(name: &'static str, value: Value) -> Attribute {
    Attribute { name, value }
}

impl Value {
    /// The one form of `raw` that is written; none if it does not look like this. A form that was given once is given
    /// again for itself. References are not translated here.
    pub(crate) fn canonical<'a>(&self, raw: &'a str) -> Option<Cow<'a, str>> {
        let trimmed = raw.trim_matches([' ', '\t', '\r', '\n']);
        match self {
            Self::Token(words) => words.contains(&trimmed).then_some(Cow::Borrowed(trimmed)),
            Self::Boolean => {
                matches!(trimmed, "0" | "1" | "false" | "true" | "off" | "on").then_some(Cow::Borrowed(trimmed))
            }
            Self::Integer(least, most) => {
                let number: i64 = trimmed.parse().ok()?;
                (number >= *least && number <= *most).then(|| Cow::Owned(number.to_string()))
            }
            Self::Decimal => decimal(trimmed).map(Cow::Borrowed),
            Self::Measure(units) => {
                let digits = trimmed.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
                let unit = trimmed.strip_prefix(digits)?;
                (units.contains(&unit) && decimal(digits).is_some()).then_some(Cow::Borrowed(trimmed))
            }
            Self::Hex(len) => {
                let is_hex = trimmed.len() == *len && trimmed.bytes().all(|byte| byte.is_ascii_hexdigit());
                is_hex.then(|| Cow::Owned(trimmed.to_ascii_uppercase()))
            }
            Self::Colour => {
                let digits = trimmed.strip_prefix('#')?;
                let is_hex = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                is_hex.then(|| Cow::Owned(trimmed.to_ascii_lowercase()))
            }
            Self::Language => is_language(trimmed).then_some(Cow::Borrowed(trimmed)),
            Self::Reference(_) => Self::is_reference(raw).then_some(Cow::Borrowed(raw)),
            Self::Content => Some(Cow::Borrowed(raw)),
            Self::With(make) => make(raw),
        }
    }

    /// Whether a translated reference has a form that says nothing: at most 16 letters, then at most 9 digits without
    /// leading zeros. Empty it refers to nothing, which in OpenDocument is something else than no attribute.
    pub(crate) fn is_reference(name: &str) -> bool {
        let digits = name.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let letters = name.len().saturating_sub(digits.len());
        letters <= 16
            && digits.len() <= 9
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && (digits == "0" || !digits.starts_with('0'))
    }
}

/// Whether it is a language with at most a script, a country and a variant that is common, so that it says nothing else.
fn is_language(tag: &str) -> bool {
    let are_letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    let mut parts = tag.split(['-', '_']);
    let first = parts.next().unwrap_or_default();
    let is_part = |part: &str| match part.len() {
        2 | 4 => are_letters(part),
        3 => part.bytes().all(|byte| byte.is_ascii_digit()),
        _ => VARIANTS.contains(&part),
    };
    ((2..=4).contains(&first.len()) && are_letters(first) || first == "x")
        && parts.clone().count() <= 3
        && parts.all(is_part)
}

/// Variants of languages that programs offer.
const VARIANTS: [&str; 4] = ["tarask", "tradnl", "valencia", "none"];

/// A decimal number as XML Schema has it, of at most 24 characters, without a plus sign.
fn decimal(text: &str) -> Option<&str> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
    let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let are_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let is_number = are_digits(whole)
        && are_digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && !exponent.is_empty()
        && are_digits(exponent)
        && text.len() <= 24;
    is_number.then_some(text)
}
