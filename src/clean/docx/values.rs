//! How values of WordprocessingML and VML look, each in one form. Judges text only; no free word gets through.

mod outlines;

use std::borrow::Cow;

use super::{fields, names};
pub(super) use outlines::{EQUATION, PATH};

use crate::clean::xml::Value;

/// A length with or without a unit (ECMA-376-1, 22.9.2.15).
pub(super) const MEASURE: Value = Value::Measure(&["", "mm", "cm", "in", "pt", "pc", "pi", "px", "em", "f", "fd", "%"]);
/// A whole number of either sign.
pub(super) const INTEGER: Value = Value::Integer(-4_294_967_296, 4_294_967_296);
/// Six hexadecimal digits, or `auto` (17.18.38).
pub(super) const COLOUR: Value = Value::With(colour);
/// Colours of a theme (17.18.97).
pub(super) const THEME_COLOUR: Value = Value::Token(&[
    "dark1",
    "light1",
    "dark2",
    "light2",
    "accent1",
    "accent2",
    "accent3",
    "accent4",
    "accent5",
    "accent6",
    "hyperlink",
    "followedHyperlink",
    "none",
    "background1",
    "text1",
    "background2",
    "text2",
]);
/// What a field may ask for.
pub(super) const INSTRUCTION: Value = Value::With(|raw| fields::instruction(raw).map(Cow::Borrowed));
/// The name of a style: one that all programs know, or a number of ours.
pub(super) const STYLE_NAME: Value = Value::With(|raw| names::style(raw).map(Cow::Owned));
/// Twelve conditions of a table (17.3.1.8).
pub(super) const CONDITIONS: Value = Value::With(conditions);
/// Kinds of widths (17.18.90).
pub(super) const WIDTH: Value = Value::Token(&["nil", "pct", "dxa", "auto"]);
/// Lines (17.18.2), or the number that the first entry of a list has.
pub(super) const BORDER: Value = Value::With(border);
/// Patterns (17.18.78).
pub(super) const SHADING: Value = Value::With(shading);
/// Kinds of numbers (17.18.59).
pub(super) const NUMBER_FORMAT: Value = Value::Token(NUMBER_FORMATS);
/// `t` or `f` (VML).
pub(super) const TF: Value = Value::Token(&["t", "f", "true", "false", "1", "0"]);
/// Two numbers, perhaps with units (VML).
pub(super) const PAIR: Value = Value::With(|raw| list(raw, 2));
/// Four numbers, perhaps with units (VML).
pub(super) const INSET: Value = Value::With(|raw| list(raw, 4));
/// Numbers that give a shape its form (VML).
pub(super) const NUMBERS: Value = Value::With(|raw| list(raw, 16));
/// Ends of lines (VML).
pub(super) const ARROW: Value = Value::Token(&["none", "block", "classic", "diamond", "oval", "open"]);
/// A colour (VML).
pub(super) const VML_COLOUR: Value = Value::With(vml_colour);
/// A shape that all programs know, by its number (VML).
pub(super) const SHAPE_TYPE: Value = Value::With(|raw| shape_type(raw, "#_x0000_t"));
/// The same where it is declared.
pub(super) const SHAPE_TYPE_ID: Value = Value::With(|raw| shape_type(raw, "_x0000_t"));
/// Where a shape stands (VML).
pub(super) const STYLE: Value = Value::With(style);

fn colour(raw: &str) -> Option<Cow<'_, str>> {
    match raw.trim().trim_start_matches('#') {
        "auto" => Some(Cow::Borrowed("auto")),
        digits => Value::Hex(6).canonical(digits).map(|digits| Cow::Owned(digits.into_owned())),
    }
}

fn conditions(raw: &str) -> Option<Cow<'_, str>> {
    (raw.len() == 12 && raw.bytes().all(|byte| matches!(byte, b'0' | b'1'))).then_some(Cow::Borrowed(raw))
}

fn border(raw: &str) -> Option<Cow<'_, str>> {
    if BORDERS.contains(&raw) {
        return Some(Cow::Borrowed(raw));
    }
    INTEGER.canonical(raw)
}

fn shading(raw: &str) -> Option<Cow<'_, str>> {
    let percent = raw
        .strip_prefix("pct")
        .is_some_and(|digits| matches!(digits.len(), 1 | 2) && digits.bytes().all(|byte| byte.is_ascii_digit()));
    (percent || SHADINGS.contains(&raw)).then_some(Cow::Borrowed(raw))
}

/// Numbers between commas, of at most this many; some may be missing.
fn list(raw: &str, most: usize) -> Option<Cow<'_, str>> {
    let trimmed = raw.trim();
    let is_number = |word: &str| word.is_empty() || MEASURE.canonical(word).is_some_and(|word| !word.contains(' '));
    let words = trimmed.split(',').map(str::trim);
    (trimmed.split(',').count() <= most && words.clone().all(is_number))
        .then(|| Cow::Owned(words.collect::<Vec<_>>().join(",")))
}

fn vml_colour(raw: &str) -> Option<Cow<'_, str>> {
    // Word adds the number of a palette or theme in brackets.
    let name = raw.split('[').next().unwrap_or_default().trim();
    if VML_COLOURS.contains(&name) {
        return Some(Cow::Owned(name.to_owned()));
    }
    let digits = name.strip_prefix('#')?;
    let is_hex = matches!(digits.len(), 3 | 6) && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hex.then(|| Cow::Owned(name.to_ascii_lowercase()))
}

fn shape_type<'a>(raw: &'a str, start: &str) -> Option<Cow<'a, str>> {
    let number: u16 = raw.strip_prefix(start)?.parse().ok()?;
    (number <= 202 && !raw.ends_with(&format!("t0{number}"))).then_some(Cow::Owned(format!("{start}{number}")))
}

fn style(raw: &str) -> Option<Cow<'_, str>> {
    let mut kept = Vec::new();
    for declaration in raw.split(';') {
        let Some((name, value)) = declaration.split_once(':') else { continue };
        let (name, value) = (name.trim(), value.trim());
        let is_word = STYLE_WORDS.contains(&value);
        let is_measure = MEASURE.canonical(value).is_some();
        if STYLE_NAMES.contains(&name) && (is_word || is_measure) {
            kept.push(format!("{name}:{value}"));
        }
    }
    Some(Cow::Owned(kept.join(";")))
}

const STYLE_NAMES: &[&str] = &[
    "position",
    "left",
    "top",
    "width",
    "height",
    "margin-left",
    "margin-top",
    "margin-right",
    "margin-bottom",
    "z-index",
    "rotation",
    "flip",
    "visibility",
    "mso-position-horizontal",
    "mso-position-horizontal-relative",
    "mso-position-vertical",
    "mso-position-vertical-relative",
    "mso-wrap-style",
    "mso-wrap-distance-left",
    "mso-wrap-distance-top",
    "mso-wrap-distance-right",
    "mso-wrap-distance-bottom",
    "mso-width-percent",
    "mso-height-percent",
    "mso-width-relative",
    "mso-height-relative",
    "mso-fit-shape-to-text",
    "mso-layout-flow-alt",
    "layout-flow",
    "v-text-anchor",
    "font-size",
    "font-weight",
    "font-style",
    "v-text-kern",
    "v-text-align",
];
const STYLE_WORDS: &[&str] = &[
    "absolute",
    "relative",
    "static",
    "left",
    "center",
    "right",
    "inside",
    "outside",
    "top",
    "middle",
    "bottom",
    "margin",
    "page",
    "text",
    "char",
    "line",
    "left-margin-area",
    "right-margin-area",
    "top-margin-area",
    "bottom-margin-area",
    "inner-margin-area",
    "outer-margin-area",
    "none",
    "square",
    "t",
    "f",
    "x",
    "y",
    "xy",
    "yx",
    "visible",
    "hidden",
    "horizontal",
    "vertical",
    "vertical-ideographic",
    "horizontal-ideographic",
    "bottom-to-top",
    "top-baseline",
    "bottom-baseline",
    "top-center",
    "middle-center",
    "bottom-center",
    "bold",
    "normal",
    "italic",
    "auto",
    "true",
    "false",
];
const VML_COLOURS: &[&str] = &[
    "black",
    "white",
    "red",
    "green",
    "blue",
    "yellow",
    "gray",
    "silver",
    "maroon",
    "purple",
    "fuchsia",
    "lime",
    "olive",
    "navy",
    "teal",
    "aqua",
    "window",
    "windowText",
    "windowtext",
    "none",
    "this",
];
const SHADINGS: &[&str] = &[
    "nil",
    "clear",
    "solid",
    "horzStripe",
    "vertStripe",
    "reverseDiagStripe",
    "diagStripe",
    "horzCross",
    "diagCross",
    "thinHorzStripe",
    "thinVertStripe",
    "thinReverseDiagStripe",
    "thinDiagStripe",
    "thinHorzCross",
    "thinDiagCross",
];
const BORDERS: &[&str] = &[
    "nil",
    "none",
    "single",
    "thick",
    "double",
    "dotted",
    "dashed",
    "dotDash",
    "dotDotDash",
    "triple",
    "thinThickSmallGap",
    "thickThinSmallGap",
    "thinThickThinSmallGap",
    "thinThickMediumGap",
    "thickThinMediumGap",
    "thinThickThinMediumGap",
    "thinThickLargeGap",
    "thickThinLargeGap",
    "thinThickThinLargeGap",
    "wave",
    "doubleWave",
    "dashSmallGap",
    "dashDotStroked",
    "threeDEmboss",
    "threeDEngrave",
    "outset",
    "inset",
    "apples",
    "archedScallops",
    "babyPacifier",
    "babyRattle",
    "balloons3Colors",
    "balloonsHotAir",
    "basicBlackDashes",
    "basicBlackDots",
    "basicBlackSquares",
    "basicThinLines",
    "basicWhiteDashes",
    "basicWhiteDots",
    "basicWhiteSquares",
    "basicWideInline",
    "basicWideMidline",
    "basicWideOutline",
    "bats",
    "birds",
    "birdsFlight",
    "cabins",
    "cakeSlice",
    "candyCorn",
    "celticKnotwork",
    "certificateBanner",
    "chainLink",
    "champagneBottle",
    "checkedBarBlack",
    "checkedBarColor",
    "checkered",
    "christmasTree",
    "circlesLines",
    "circlesRectangles",
    "classicalWave",
    "clocks",
    "compass",
    "confetti",
    "confettiGrays",
    "confettiOutline",
    "confettiStreamers",
    "confettiWhite",
    "cornerTriangles",
    "couponCutoutDashes",
    "couponCutoutDots",
    "crazyMaze",
    "creaturesButterfly",
    "creaturesFish",
    "creaturesInsects",
    "creaturesLadyBug",
    "crossStitch",
    "cup",
    "decoArch",
    "decoArchColor",
    "decoBlocks",
    "diamondsGray",
    "doubleD",
    "doubleDiamonds",
    "earth1",
    "earth2",
    "eclipsingSquares1",
    "eclipsingSquares2",
    "eggsBlack",
    "fans",
    "film",
    "firecrackers",
    "flowersBlockPrint",
    "flowersDaisies",
    "flowersModern1",
    "flowersModern2",
    "flowersPansy",
    "flowersRedRose",
    "flowersRoses",
    "flowersTeacup",
    "flowersTiny",
    "gems",
    "gingerbreadMan",
    "gradient",
    "handmade1",
    "handmade2",
    "heartBalloon",
    "heartGray",
    "hearts",
    "heebieJeebies",
    "holly",
    "houseFunky",
    "hypnotic",
    "iceCreamCones",
    "lightBulb",
    "lightning1",
    "lightning2",
    "mapPins",
    "mapleLeaf",
    "mapleMuffins",
    "marquee",
    "marqueeToothed",
    "moons",
    "mosaic",
    "musicNotes",
    "northwest",
    "ovals",
    "packages",
    "palmsBlack",
    "palmsColor",
    "paperClips",
    "papyrus",
    "partyFavor",
    "partyGlass",
    "pencils",
    "people",
    "peopleWaving",
    "peopleHats",
    "poinsettias",
    "postageStamp",
    "pumpkin1",
    "pushPinNote2",
    "pushPinNote1",
    "pyramids",
    "pyramidsAbove",
    "quadrants",
    "rings",
    "safari",
    "sawtooth",
    "sawtoothGray",
    "scaredCat",
    "seattle",
    "shadowedSquares",
    "sharksTeeth",
    "shorebirdTracks",
    "skyrocket",
    "snowflakeFancy",
    "snowflakes",
    "sombrero",
    "southwest",
    "stars",
    "starsTop",
    "stars3d",
    "starsBlack",
    "starsShadowed",
    "sun",
    "swirligig",
    "tornPaper",
    "tornPaperBlack",
    "trees",
    "triangleParty",
    "triangles",
    "twistedLines1",
    "twistedLines2",
    "vine",
    "waveline",
    "weavingAngles",
    "weavingBraid",
    "weavingRibbon",
    "weavingStrips",
    "whiteFlowers",
    "woodwork",
    "xIllusions",
    "zanyTriangles",
    "zigZag",
    "zigZagStitch",
];
const NUMBER_FORMATS: &[&str] = &[
    "decimal",
    "upperRoman",
    "lowerRoman",
    "upperLetter",
    "lowerLetter",
    "ordinal",
    "cardinalText",
    "ordinalText",
    "hex",
    "chicago",
    "ideographDigital",
    "japaneseCounting",
    "aiueo",
    "iroha",
    "decimalFullWidth",
    "decimalHalfWidth",
    "japaneseLegal",
    "japaneseDigitalTenThousand",
    "decimalEnclosedCircle",
    "decimalFullWidth2",
    "aiueoFullWidth",
    "irohaFullWidth",
    "decimalZero",
    "bullet",
    "ganada",
    "chosung",
    "decimalEnclosedFullstop",
    "decimalEnclosedParen",
    "decimalEnclosedCircleChinese",
    "ideographEnclosedCircle",
    "ideographTraditional",
    "ideographZodiac",
    "ideographZodiacTraditional",
    "taiwaneseCounting",
    "ideographLegalTraditional",
    "taiwaneseCountingThousand",
    "taiwaneseDigital",
    "chineseCounting",
    "chineseLegalSimplified",
    "chineseCountingThousand",
    "koreanDigital",
    "koreanCounting",
    "koreanLegal",
    "koreanDigital2",
    "vietnameseCounting",
    "russianLower",
    "russianUpper",
    "none",
    "numberInDash",
    "hebrew1",
    "hebrew2",
    "arabicAlpha",
    "arabicAbjad",
    "hindiVowels",
    "hindiConsonants",
    "hindiNumbers",
    "hindiCounting",
    "thaiLetters",
    "thaiNumbers",
    "thaiCounting",
    "bahtText",
    "dollarText",
];
