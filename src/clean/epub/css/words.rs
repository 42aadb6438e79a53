//! What a style sheet may say: properties, words, units, pseudo-classes and values in one form. Lists, and no state.

use std::borrow::Cow;

use crate::clean::text::unseen;
use crate::clean::usual_fonts::is_usual;

/// Whether a property of that name is kept.
pub(super) fn is_property(name: &str) -> bool {
    PROPERTIES.contains(&name)
}

/// Whether a word may be a value.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// A number in its one form: no plus sign, no zeros that say nothing, at most four digits behind the point.
pub(super) fn number(digits: &str) -> Option<String> {
    let (sign, unsigned) = match digits.strip_prefix('-') {
        Some(unsigned) => ("-", unsigned),
        None => ("", digits),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    if ![whole, fraction].iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let fraction = fraction.split_at_checked(4).map_or(fraction, |(first, _)| first).trim_end_matches('0');
    if whole.len() > 5 {
        return None;
    }
    Some(match (whole, fraction) {
        ("", "") => "0".to_owned(),
        (_, "") => format!("{sign}{whole}"),
        ("", _) => format!("{sign}0.{fraction}"),
        _ => format!("{sign}{whole}.{fraction}"),
    })
}

/// Whether a number may have this unit.
pub(super) fn is_unit(unit: &str) -> bool {
    UNITS.contains(&unit)
}

/// Whether these are the digits of a colour.
pub(super) fn is_colour(digits: &str) -> bool {
    matches!(digits.len(), 3 | 4 | 6 | 8)
        && digits.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
}

/// Whether a string shows no more than signs: quotation marks, dashes, bullets.
pub(super) fn is_sign(text: &str) -> bool {
    text.chars().count() <= 4
        && unseen::is_shown(text)
        && !text.chars().any(|c| c.is_alphanumeric() || c.is_control() || matches!(c, '"' | '\\' | '<' | '>' | '&'))
}

/// A family of fonts in its one form: a generic one as a word, a usual one in quotation marks.
pub(super) fn family(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    if GENERIC.contains(&lower.as_str()) {
        return Some(lower);
    }
    let is_plain = lower.len() <= 40 && lower.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b' ');
    (is_plain && is_usual(&lower)).then(|| format!("\"{lower}\""))
}

/// Whether an element of that name may stand in a selector.
pub(super) fn is_element(name: &str) -> bool {
    super::super::grammar::is_element(name)
}

/// Whether this may stand behind a colon, colons included.
pub(super) fn is_pseudo(name: &str) -> bool {
    PSEUDO.contains(&name)
}

/// Whether this may stand behind one colon with a number in brackets.
pub(super) fn is_counted(name: &str) -> bool {
    matches!(name, "nth-child" | "nth-last-child" | "nth-of-type" | "nth-last-of-type")
}

/// Media for which rules are kept.
pub(super) const MEDIA: [&str; 5] = ["all", "screen", "print", "amzn-kf8", "amzn-mobi"];

/// The declarations of a `style` attribute, if they are in the one form.
pub(in super::super) fn style(raw: &str) -> Option<Cow<'_, str>> {
    (!raw.is_empty() && super::verify::are_declarations(raw)).then_some(Cow::Borrowed(raw))
}

const GENERIC: [&str; 9] =
    ["serif", "sans-serif", "monospace", "cursive", "fantasy", "system-ui", "inherit", "initial", "unset"];

const UNITS: [&str; 17] =
    ["", "%", "px", "em", "rem", "pt", "ex", "ch", "vh", "vw", "vmin", "vmax", "in", "cm", "mm", "pc", "deg"];

#[rustfmt::skip]
const PSEUDO: &[&str] = &[
    ":active", ":after", ":before", ":empty", ":first", ":first-child", ":first-letter", ":first-line", ":first-of-type",
    ":focus", ":hover", ":last-child", ":last-of-type", ":left", ":link", ":only-child", ":only-of-type", ":right",
    ":root", ":target", ":visited", "::after", "::before", "::first-letter", "::first-line", "::marker",
];

#[rustfmt::skip]
const PROPERTIES: &[&str] = &[
    "-epub-hyphens", "-epub-line-break", "-epub-ruby-position", "-epub-text-align-last", "-epub-text-combine",
    "-epub-text-emphasis-color", "-epub-text-emphasis-position", "-epub-text-emphasis-style", "-epub-text-orientation",
    "-epub-word-break", "-epub-writing-mode", "-moz-hyphens", "-webkit-column-break-after", "-webkit-column-break-before",
    "-webkit-column-break-inside", "-webkit-hyphens", "-webkit-text-emphasis-style", "-webkit-text-orientation",
    "-webkit-writing-mode", "adobe-hyphenate", "align-items", "background", "background-color", "border", "border-bottom",
    "border-bottom-color", "border-bottom-left-radius", "border-bottom-right-radius", "border-bottom-style",
    "border-bottom-width", "border-collapse", "border-color", "border-left", "border-left-color", "border-left-style",
    "border-left-width", "border-radius", "border-right", "border-right-color", "border-right-style", "border-right-width",
    "border-spacing", "border-style", "border-top", "border-top-color", "border-top-left-radius",
    "border-top-right-radius", "border-top-style", "border-top-width", "border-width", "bottom", "box-shadow",
    "box-sizing", "break-after", "break-before", "break-inside", "caption-side", "clear", "color", "column-count",
    "column-gap", "column-rule", "column-width", "columns", "content", "direction", "display", "duokan-text-indent",
    "empty-cells", "flex", "flex-direction", "flex-wrap", "float", "font-family", "font-feature-settings", "font-kerning",
    "font-size", "font-size-adjust", "font-stretch", "font-style", "font-variant", "font-variant-caps",
    "font-variant-ligatures", "font-variant-numeric", "font-weight", "hanging-punctuation", "height", "hyphens",
    "justify-content", "left", "letter-spacing", "line-break", "line-height", "list-style", "list-style-position",
    "list-style-type", "margin", "margin-bottom", "margin-left", "margin-right", "margin-top", "max-height", "max-width",
    "min-height", "min-width", "object-fit", "opacity", "orphans", "outline", "outline-color", "outline-style",
    "outline-width", "overflow", "overflow-wrap", "padding", "padding-bottom", "padding-left", "padding-right",
    "padding-top", "page-break-after", "page-break-before", "page-break-inside", "position", "quotes", "right",
    "ruby-align", "ruby-position", "tab-size", "table-layout", "text-align", "text-align-last", "text-combine-upright",
    "text-decoration", "text-decoration-color", "text-decoration-line", "text-decoration-style", "text-emphasis",
    "text-emphasis-color", "text-emphasis-position", "text-emphasis-style", "text-indent", "text-justify",
    "text-orientation", "text-overflow", "text-rendering", "text-shadow", "text-transform", "text-wrap", "top",
    "unicode-bidi", "vertical-align", "visibility", "white-space", "widows", "width", "word-break", "word-spacing",
    "word-wrap", "writing-mode", "z-index",
];

#[rustfmt::skip]
const KEYWORDS: &[&str] = &[
    "absolute", "all", "all-petite-caps", "all-small-caps", "allow-end", "always", "anywhere", "aqua", "armenian", "auto",
    "avoid", "avoid-column", "avoid-page", "baseline", "beige", "bidi-override", "black", "blink", "block", "blue", "bold",
    "bolder", "border-box", "both", "bottom", "break-all", "break-spaces", "break-word", "brown", "capitalize", "center",
    "circle", "cjk-ideographic", "close-quote", "collapse", "column", "common-ligatures", "condensed", "contain",
    "content-box", "contents", "cover", "currentcolor", "cyan", "dark", "darkblue", "darkgray", "darkgreen", "darkgrey",
    "darkred", "dashed", "decimal", "decimal-leading-zero", "diagonal-fractions", "dimgray", "dimgrey", "disc", "dot",
    "dotted", "double", "ellipsis", "embed", "end", "expanded", "fill", "filled", "first", "fixed", "flex", "flex-end",
    "flex-start", "force-end", "from-image", "fuchsia", "full-width", "geometricprecision", "georgian", "gold", "gray",
    "green", "grey", "groove", "hebrew", "hidden", "hide", "hiragana", "horizontal-tb", "indigo", "inherit", "initial",
    "inline", "inline-block", "inline-flex", "inline-table", "inset", "inside", "inter-character", "inter-word", "isolate",
    "italic", "ivory", "justify", "katakana", "keep-all", "landscape", "large", "larger", "last", "left", "lightblue",
    "lightgray", "lightgreen", "lightgrey", "lighter", "lime", "line-through", "lining-nums", "list-item", "local",
    "loose", "lower-alpha", "lower-greek", "lower-latin", "lower-roman", "lowercase", "ltr", "magenta", "manual", "maroon",
    "match-parent", "max-content", "medium", "middle", "min-content", "mixed", "navy", "no-close-quote",
    "no-common-ligatures", "no-open-quote", "no-repeat", "none", "normal", "nowrap", "oblique", "oldstyle-nums", "olive",
    "open", "open-quote", "optimizelegibility", "optimizespeed", "orange", "outset", "outside", "over", "overline", "page",
    "petite-caps", "pink", "portrait", "pre", "pre-line", "pre-wrap", "pretty", "proportional-nums", "purple", "recto",
    "red", "relative", "repeat", "revert", "ridge", "right", "row", "rtl", "ruby", "ruby-base", "ruby-text", "run-in",
    "scale-down", "scroll", "self-end", "self-start", "semi-condensed", "semi-expanded", "separate", "sesame", "show",
    "sideways", "silver", "slashed-zero", "small", "small-caps", "smaller", "snow", "solid", "space-around",
    "space-between", "square", "stacked-fractions", "start", "static", "sticky", "stretch", "strict", "sub", "super",
    "table", "table-caption", "table-cell", "table-column", "table-column-group", "table-footer-group",
    "table-header-group", "table-row", "table-row-group", "tabular-nums", "tan", "tb-rl", "teal", "text", "text-bottom",
    "text-top", "thick", "thin", "titling-caps", "tomato", "top", "transparent", "triangle", "under", "underline",
    "unicase", "unset", "upper-alpha", "upper-latin", "upper-roman", "uppercase", "upright", "verso", "vertical",
    "vertical-lr", "vertical-rl", "violet", "visible", "wavy", "white", "whitesmoke", "wrap", "x-large", "x-small",
    "xx-large", "xx-small", "yellow",
];
