//! Outlines of older shapes: paths and the formulas behind them (ECMA-376-4, 14.1.2.5, 14.1.2.6 and 14.2.2.6). Commands, names and
//! numbers of fixed lists, and nothing that one could spell.

use std::borrow::Cow;

use crate::clean::xml::grammar::Value;

/// Commands with numbers and references to formulas, such as `m@4@5l21600,xe`.
pub(in crate::clean::docx) const PATH: Value = Value::With(path);
/// One formula, such as `prod @3 21600 pixelWidth`.
pub(in crate::clean::docx) const EQUATION: Value = Value::With(equation);

fn path(raw: &str) -> Option<Cow<'_, str>> {
    let mut rest = raw;
    while let Some(first) = rest.chars().next() {
        let letters = rest.len().saturating_sub(rest.trim_start_matches(|c: char| c.is_ascii_lowercase()).len());
        rest = if letters > 0 {
            let two = rest.get(..2).filter(|two| LONG_COMMANDS.contains(two));
            let command = two.or(rest.get(..1).filter(|one| COMMANDS.contains(one)))?;
            rest.get(command.len()..)?
        } else if matches!(first, ',' | ' ' | ';') {
            rest.get(1..)?
        } else {
            let number = rest.strip_prefix(['@', '#', '-']).unwrap_or(rest);
            let behind = number.trim_start_matches(|c: char| c.is_ascii_digit());
            let digits = number.len().saturating_sub(behind.len());
            (1..=7).contains(&digits).then_some(behind)?
        };
    }
    (raw.len() <= PATH_BYTES_MAX).then_some(Cow::Borrowed(raw))
}

fn equation(raw: &str) -> Option<Cow<'_, str>> {
    let mut words = raw.split_ascii_whitespace();
    let is_operation = words.next().is_some_and(|operation| OPERATIONS.contains(&operation));
    let is_operand = |word: &str| {
        let number = word.strip_prefix(['@', '#', '-']).unwrap_or(word);
        OPERANDS.contains(&word)
            || ((1..=7).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let operands: Vec<&str> = words.collect();
    let is_one = is_operation && operands.len() <= 3 && operands.iter().all(|word| is_operand(word));
    is_one.then(|| Cow::Owned(raw.split_ascii_whitespace().collect::<Vec<_>>().join(" ")))
}

/// Paths of programs' own shapes are far shorter; those of hands that draw are not.
const PATH_BYTES_MAX: usize = 1 << 16;
const COMMANDS: [&str; 8] = ["m", "l", "c", "x", "e", "t", "r", "v"];
const LONG_COMMANDS: [&str; 20] = [
    "nf", "ns", "ae", "al", "at", "ar", "wa", "wr", "qx", "qy", "qb", "ha", "hb", "hc", "hd", "he", "hf", "hg", "hh",
    "hi",
];
const OPERATIONS: [&str; 16] = [
    "val", "sum", "prod", "mid", "abs", "min", "max", "if", "mod", "atan2", "sin", "cos", "cosatan2", "sinatan2",
    "sqrt", "sumangle",
];
const OPERANDS: [&str; 19] = [
    "width",
    "height",
    "xcenter",
    "ycenter",
    "xrange",
    "yrange",
    "xlimo",
    "ylimo",
    "hasstroke",
    "hasfill",
    "lineDrawn",
    "pixellinewidth",
    "pixelLineWidth",
    "pixelWidth",
    "pixelHeight",
    "emuWidth",
    "emuHeight",
    "emuWidth2",
    "emuHeight2",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outlines_are_commands_and_numbers() {
        for (raw, is_one) in [
            ("m@4@5l@4@11@9@11@9@5xe", true),
            ("m,l,21600r21600,l21600,xe", true),
            ("ar-10,0,20,30nfe", true),
            ("m0,0anna", false),
            ("m12345678", false),
            ("m@", false),
            ("CNRY", false),
        ] {
            assert_eq!(PATH.canonical(raw).is_some(), is_one, "{raw}");
        }
        for (raw, known) in [
            ("prod  @3 21600 pixelWidth", Some("prod @3 21600 pixelWidth")),
            ("if lineDrawn pixelLineWidth 0", Some("if lineDrawn pixelLineWidth 0")),
            ("val anna", None),
            ("anna", None),
        ] {
            assert_eq!(EQUATION.canonical(raw).as_deref(), known, "{raw}");
        }
    }
}
