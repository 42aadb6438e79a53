//! Content streams of a clean file: one operation a line, operators and operands by a table, names of resources that
//! are there. Every resource has to be used.

use std::collections::BTreeSet;

use super::value::{Parser, V};

/// Operators and their operands: `n` a number, `s` a string, `a` an array of numbers, `t` one of numbers and strings,
/// `i` an intent, `c` a colour space, `*` numbers and perhaps a pattern; `F G S X` a resource of that prefix.
const OPERATORS: &[(&str, &str)] = &[
    ("\"", "nns"),
    ("'", "s"),
    ("B", ""),
    ("B*", ""),
    ("BT", ""),
    ("CS", "c"),
    ("Do", "X"),
    ("ET", ""),
    ("G", "n"),
    ("J", "n"),
    ("K", "nnnn"),
    ("M", "n"),
    ("Q", ""),
    ("RG", "nnn"),
    ("S", ""),
    ("SCN", "*"),
    ("T*", ""),
    ("TD", "nn"),
    ("TJ", "t"),
    ("TL", "n"),
    ("Tc", "n"),
    ("Td", "nn"),
    ("Tf", "Fn"),
    ("Tj", "s"),
    ("Tm", "nnnnnn"),
    ("Tr", "n"),
    ("Ts", "n"),
    ("Tw", "n"),
    ("Tz", "n"),
    ("W", ""),
    ("W*", ""),
    ("b", ""),
    ("b*", ""),
    ("c", "nnnnnn"),
    ("cm", "nnnnnn"),
    ("cs", "c"),
    ("d", "an"),
    ("d0", "nn"),
    ("d1", "nnnnnn"),
    ("f", ""),
    ("f*", ""),
    ("g", "n"),
    ("gs", "G"),
    ("h", ""),
    ("i", "n"),
    ("j", "n"),
    ("k", "nnnn"),
    ("l", "nn"),
    ("m", "nn"),
    ("n", ""),
    ("q", ""),
    ("re", "nnnn"),
    ("rg", "nnn"),
    ("ri", "i"),
    ("s", ""),
    ("scn", "*"),
    ("sh", "S"),
    ("v", "nnnn"),
    ("w", "n"),
    ("y", "nnnn"),
];

/// Accounts for content streams and the resources that they have together.
pub(super) fn check(streams: &[Vec<u8>], resources: Option<&V>) -> bool {
    let Some(V::Dict(categories)) = resources else { return false };
    let mut there = BTreeSet::new();
    for (_, names) in categories {
        let V::Dict(names) = names else { return false };
        there.extend(names.iter().map(|(name, _)| name.as_str()));
    }
    let mut used = BTreeSet::new();
    for stream in streams {
        let mut parser = Parser::new(stream);
        let mut saved = 0_usize;
        while !parser.rest().is_empty() {
            match operation(&mut parser, &mut used) {
                Some("q") => saved = saved.saturating_add(1),
                Some("Q") if saved == 0 => return false,
                Some("Q") => saved = saved.saturating_sub(1),
                Some(_) => {}
                None => return false,
            }
        }
        if saved > 0 {
            return false;
        }
    }
    let unused = |name: &&str| !used.contains(*name) && !name.starts_with("Default");
    used.iter().all(|name| there.contains(name.as_str())) && !there.iter().any(unused)
}

/// One line.
fn operation(parser: &mut Parser<'_>, used: &mut BTreeSet<String>) -> Option<&'static str> {
    let mut operands = Vec::new();
    loop {
        let rest = parser.rest();
        let end = rest.iter().take(4).position(|byte| *byte == b'\n');
        let word = end.and_then(|end| rest.get(..end));
        let known = word.and_then(|word| OPERATORS.iter().find(|(operator, _)| operator.as_bytes() == word));
        if let Some((operator, kinds)) = known {
            parser.at = parser.at.checked_add(operator.len())?.checked_add(1)?;
            return fits(&operands, kinds, used).then_some(operator);
        }
        operands.push(parser.value(0)?);
        parser.expect(b" ")?;
    }
}

fn fits(operands: &[V], kinds: &str, used: &mut BTreeSet<String>) -> bool {
    let mut resource = |value: &V, prefix: &str| {
        let name = value.name().filter(|name| super::custom::is_numbered(name, prefix));
        name.inspect(|name| {
            used.insert((*name).to_owned());
        })
        .is_some()
    };
    if kinds == "*" {
        let (numbers, last) = match operands.split_last() {
            Some((last, numbers)) => (numbers, last),
            None => return false,
        };
        return numbers.len() <= 32 && numbers.iter().all(V::is_number) && (last.is_number() || resource(last, "P"));
    }
    operands.len() == kinds.len()
        && operands.iter().zip(kinds.chars()).all(|(value, kind)| match kind {
            'n' => value.is_number(),
            's' => matches!(value, V::Text(_)),
            'a' => value.array().is_some_and(|array| array.iter().all(V::is_number)),
            't' => value
                .array()
                .is_some_and(|array| array.iter().all(|value| value.is_number() || matches!(value, V::Text(_)))),
            'i' => matches!(
                value.name(),
                Some("AbsoluteColorimetric" | "Perceptual" | "RelativeColorimetric" | "Saturation")
            ),
            'c' => {
                matches!(value.name(), Some("DeviceGray" | "DeviceRGB" | "DeviceCMYK" | "Pattern"))
                    || resource(value, "C")
            }
            'F' => resource(value, "F"),
            'G' => resource(value, "G"),
            'S' => resource(value, "S"),
            'X' => resource(value, "X"),
            _ => false,
        })
}

/// Whether `data` are words of a calculator function with a space between each two.
pub(super) fn is_calculator(data: &[u8]) -> bool {
    const WORDS: &[&str] = &[
        "abs", "add", "and", "atan", "bitshift", "ceiling", "copy", "cos", "cvi", "cvr", "div", "dup", "eq", "exch",
        "exp", "false", "floor", "ge", "gt", "idiv", "if", "ifelse", "index", "le", "ln", "log", "lt", "mod", "mul",
        "ne", "neg", "not", "or", "pop", "roll", "round", "sin", "sqrt", "sub", "true", "truncate", "xor", "{", "}",
    ];
    let is_number = |word: &[u8]| {
        let mut parser = Parser::new(word);
        parser.value(0).is_some_and(|value| value.is_number()) && parser.rest().is_empty()
    };
    data.split(|byte| *byte == b' ').all(|word| WORDS.iter().any(|known| known.as_bytes() == word) || is_number(word))
}
