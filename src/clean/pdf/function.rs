//! Functions (ISO 32000-1, 7.10): sampled, exponential, stitched and calculated ones, each by its fields.

use super::context::{Cleaner, Role};
use super::lex::{Lexer, Token};
use super::object::{Dict, Object, Stream};
use super::write::{Fields, Value, field, name, spell};
use crate::clean::Refusal;
use crate::limits;

/// Operators of calculators (7.10.5, table 42).
const OPERATORS: &[&str] = &[
    "abs", "add", "and", "atan", "bitshift", "ceiling", "copy", "cos", "cvi", "cvr", "div", "dup", "eq", "exch", "exp",
    "false", "floor", "ge", "gt", "idiv", "if", "ifelse", "index", "le", "ln", "log", "lt", "mod", "mul", "ne", "neg",
    "not", "or", "pop", "roll", "round", "sin", "sqrt", "sub", "true", "truncate", "xor",
];

/// A function.
pub(super) fn function<'o, 'd: 'o>(cleaner: &mut Cleaner<'d>, object: &'o Object) -> Result<Option<Value>, Refusal> {
    cleaner.once(Role::Function, object, |cleaner, object| {
        let Some(dict) = object.dict() else { return Ok(None) };
        let mut fields = Fields::new();
        cleaner.keep_int(dict, "FunctionType", 0..=4, &mut fields);
        cleaner.keep_numbers(dict, "Domain", 2..=64, &mut fields);
        cleaner.keep_numbers(dict, "Range", 2..=limits::PDF_COMPONENTS_MAX.saturating_mul(2), &mut fields);
        match (cleaner.get(dict, "FunctionType").int(), object) {
            (Some(0), Object::Stream(stream)) => sampled(cleaner, stream, fields),
            (Some(2), _) => {
                cleaner.keep_numbers(dict, "C0", 1..=limits::PDF_COMPONENTS_MAX, &mut fields);
                cleaner.keep_numbers(dict, "C1", 1..=limits::PDF_COMPONENTS_MAX, &mut fields);
                cleaner.keep_number(dict, "N", &mut fields);
                Ok(Some(Value::Ref(cleaner.out.add(&Value::Dict(fields))?)))
            }
            (Some(3), _) => stitched(cleaner, dict, fields),
            (Some(4), Object::Stream(stream)) => calculated(cleaner, stream, fields),
            _ => Ok(None),
        }
    })
}

/// One function, or an array of them.
pub(super) fn functions<'o, 'd: 'o>(cleaner: &mut Cleaner<'d>, object: &'o Object) -> Result<Option<Value>, Refusal> {
    let doc = cleaner.doc;
    let Object::Array(array) = doc.resolve(object) else { return function(cleaner, object) };
    if array.len() > limits::PDF_COMPONENTS_MAX {
        return Ok(None);
    }
    let mut values = Vec::new();
    for object in array {
        match function(cleaner, object)? {
            Some(value) => values.push(value),
            None => return Ok(None),
        }
    }
    Ok(Some(Value::Array(values)))
}

/// Type 0: samples, no more than the table has.
fn sampled(cleaner: &mut Cleaner<'_>, stream: &Stream, mut fields: Fields) -> Result<Option<Value>, Refusal> {
    let dict = &stream.dict;
    cleaner.keep_numbers(dict, "Size", 1..=32, &mut fields);
    cleaner.keep_int(dict, "BitsPerSample", 1..=32, &mut fields);
    cleaner.keep_int(dict, "Order", 1..=3, &mut fields);
    cleaner.keep_numbers(dict, "Encode", 2..=64, &mut fields);
    cleaner.keep_numbers(dict, "Decode", 2..=limits::PDF_COMPONENTS_MAX.saturating_mul(2), &mut fields);
    let Some(sizes) = cleaner.get(dict, "Size").array() else { return Ok(None) };
    let outputs = cleaner.get(dict, "Range").array().map_or(0, <[Object]>::len) / 2;
    let mut bits = cleaner.size(dict, "BitsPerSample").and_then(|bits| bits.checked_mul(outputs));
    for size in sizes {
        let size = cleaner.doc.resolve(size).int().and_then(|size| usize::try_from(size).ok());
        bits = bits.zip(size).and_then(|(bits, size)| bits.checked_mul(size));
    }
    let Some(len) = bits.map(|bits| bits.div_ceil(8)).filter(|len| *len <= limits::PDF_STREAM_BYTES_MAX) else {
        return Ok(None);
    };
    let mut samples = cleaner.doc.data(stream)?;
    samples.truncate(len);
    // Readers do not agree on a table that is too short.
    if samples.len() < len {
        return Ok(None);
    }
    let id = cleaner.out.reserve()?;
    cleaner.out.put_deflated(id, fields, &samples)?;
    Ok(Some(Value::Ref(id)))
}

/// Type 3: functions side by side.
fn stitched<'o, 'd: 'o>(
    cleaner: &mut Cleaner<'d>,
    dict: &'o Dict,
    mut fields: Fields,
) -> Result<Option<Value>, Refusal> {
    let Some(parts) = cleaner.get(dict, "Functions").array() else { return Ok(None) };
    if parts.len() > limits::PDF_STITCHES_MAX {
        return Ok(None);
    }
    let mut values = Vec::new();
    for part in parts {
        match function(cleaner, part)? {
            Some(value) => values.push(value),
            None => return Ok(None),
        }
    }
    fields.push(field("Functions", Value::Array(values)));
    cleaner.keep_numbers(dict, "Bounds", 0..=limits::PDF_STITCHES_MAX, &mut fields);
    cleaner.keep_numbers(dict, "Encode", 2..=limits::PDF_STITCHES_MAX.saturating_mul(2), &mut fields);
    Ok(Some(Value::Ref(cleaner.out.add(&Value::Dict(fields))?)))
}

/// Type 4: a calculator, word by word.
fn calculated(cleaner: &mut Cleaner<'_>, stream: &Stream, fields: Fields) -> Result<Option<Value>, Refusal> {
    let data = cleaner.doc.data(stream)?;
    let mut lexer = Lexer::new(&data, 0);
    let (mut text, mut open) = (String::new(), 0_usize);
    loop {
        match lexer.token() {
            Token::Mark("{") if open < limits::PDF_NESTING_MAX => {
                open = open.saturating_add(1);
                text.push_str("{ ");
            }
            Token::Mark("}") if open > 0 => {
                open = open.saturating_sub(1);
                text.push_str("} ");
                if open == 0 {
                    break;
                }
            }
            Token::Int(int) if open > 0 => {
                spell(&Value::Int(int), &mut text);
                text.push(' ');
            }
            Token::Real(real) if open > 0 => {
                spell(&Value::Real(real), &mut text);
                text.push(' ');
            }
            Token::Word(word) if open > 0 => match super::context::one_of(word, OPERATORS) {
                Some(word) => {
                    text.push_str(word);
                    text.push(' ');
                }
                None => return Ok(None),
            },
            _ => return Ok(None),
        }
    }
    let id = cleaner.out.reserve()?;
    cleaner.out.put_deflated(id, fields, text.trim_end().as_bytes())?;
    Ok(Some(Value::Ref(id)))
}

/// A transfer function (10.5): a function, one for each colorant, or a word.
pub(super) fn transfer<'o, 'd: 'o>(cleaner: &mut Cleaner<'d>, object: &'o Object) -> Result<Option<Value>, Refusal> {
    let doc = cleaner.doc;
    match doc.resolve(object) {
        Object::Name(word) => Ok(super::context::one_of(word, &["Identity", "Default"]).map(name)),
        Object::Array(array) if array.len() == 4 => {
            let mut values = Vec::new();
            for part in array {
                let made = match doc.resolve(part) {
                    Object::Name(word) => super::context::one_of(word, &["Identity", "Default"]).map(name),
                    _ => function(cleaner, part)?,
                };
                match made {
                    Some(value) => values.push(value),
                    None => return Ok(None),
                }
            }
            Ok(Some(Value::Array(values)))
        }
        _ => function(cleaner, object),
    }
}
