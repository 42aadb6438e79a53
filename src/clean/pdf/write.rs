//! A clean file, written: every object once, numbered in the order of the first mention, nothing between them
//! (ISO 32000-1, 7.5). What can be written is what these types can say.

use std::borrow::Cow;
use std::fmt::Write as _;

use miniz_oxide::deflate::compress_to_vec_zlib;

use crate::clean::{Plan, Reason, Refusal};
use crate::limits;

/// A value to be written.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Bool(bool),
    Int(i64),
    Real(f64),
    /// A string, written in hexadecimal digits.
    Text(Vec<u8>),
    /// A name of letters, digits and `+-._`.
    Name(Cow<'static, str>),
    Array(Vec<Value>),
    Dict(Fields),
    Ref(Id),
}

/// The keys of a dictionary and their values, in the order they are written.
pub(super) type Fields = Vec<(Cow<'static, str>, Value)>;

/// The number of an object in the clean file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Id(u32);

/// The objects of the clean file.
#[derive(Default)]
pub(super) struct Writer {
    objects: Vec<Vec<u8>>,
    len: usize,
}

/// A name that the cleaner has a word for.
pub(super) fn name(name: &'static str) -> Value {
    Value::Name(Cow::Borrowed(name))
}

/// A key and its value.
pub(super) fn field(key: &'static str, value: Value) -> (Cow<'static, str>, Value) {
    (Cow::Borrowed(key), value)
}

/// How hard contents are compressed; a constant, so that the same content is always the same bytes.
const COMPRESSION: u8 = 6;

/// Data as they are written where they are compressed.
pub(super) fn deflated(data: &[u8]) -> Vec<u8> {
    compress_to_vec_zlib(data, COMPRESSION)
}

impl Writer {
    /// A number for an object that is mentioned now and made later.
    pub(super) fn reserve(&mut self) -> Result<Id, Refusal> {
        if self.objects.len() >= limits::PDF_OBJECTS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of objects", 0));
        }
        self.objects.push(Vec::new());
        Ok(Id(u32::try_from(self.objects.len()).unwrap_or(u32::MAX)))
    }

    /// Makes the object of a reserved number.
    pub(super) fn put(&mut self, id: Id, value: &Value) -> Result<(), Refusal> {
        let mut text = String::new();
        spell(value, &mut text);
        self.place(id, text.into_bytes())
    }

    /// Makes a new object.
    pub(super) fn add(&mut self, value: &Value) -> Result<Id, Refusal> {
        let id = self.reserve()?;
        self.put(id, value)?;
        Ok(id)
    }

    /// Makes a stream of data that are compressed here.
    pub(super) fn put_deflated(&mut self, id: Id, mut fields: Fields, data: &[u8]) -> Result<(), Refusal> {
        fields.push(field("Filter", name("FlateDecode")));
        self.put_stream(id, fields, &deflated(data))
    }

    /// Makes a stream of data as they are.
    pub(super) fn put_stream(&mut self, id: Id, mut fields: Fields, data: &[u8]) -> Result<(), Refusal> {
        fields.push(field("Length", Value::Int(i64::try_from(data.len()).unwrap_or(i64::MAX))));
        let mut text = String::new();
        spell(&Value::Dict(fields), &mut text);
        text.push_str("\nstream\n");
        let mut bytes = text.into_bytes();
        bytes.reserve_exact(data.len().saturating_add(10));
        bytes.extend_from_slice(data);
        bytes.extend_from_slice(b"\nendstream");
        self.place(id, bytes)
    }

    fn place(&mut self, id: Id, bytes: Vec<u8>) -> Result<(), Refusal> {
        self.len = self.len.saturating_add(bytes.len());
        if u64::try_from(self.len).unwrap_or(u64::MAX) > limits::PDF_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "length of what is written", 0));
        }
        let at = usize::try_from(id.0).unwrap_or(usize::MAX).saturating_sub(1);
        if let Some(object) = self.objects.get_mut(at) {
            *object = bytes;
        }
        Ok(())
    }

    /// The whole file, whose catalogue is `root`. If it is the original, its bytes are copied from there.
    pub(super) fn finish(self, root: Id, original: &[u8]) -> Result<Plan, Refusal> {
        let mut plan = Plan::default();
        let mut same = true;
        let mut push = |bytes: &[u8], plan: &mut Plan| {
            let at = usize::try_from(plan.len()).unwrap_or(usize::MAX);
            same = same && original.get(at..at.saturating_add(bytes.len())) == Some(bytes);
            plan.bytes(bytes)
        };
        push(HEADER, &mut plan)?;
        let size = self.objects.len().saturating_add(1);
        let mut table = format!("xref\n0 {size}\n0000000000 65535 f \n");
        for (index, object) in self.objects.into_iter().enumerate() {
            let _ = writeln!(table, "{:010} 00000 n ", plan.len());
            push(format!("{} 0 obj\n", index.saturating_add(1)).as_bytes(), &mut plan)?;
            push(&object, &mut plan)?;
            push(b"\nendobj\n", &mut plan)?;
        }
        let start = plan.len();
        let _ = write!(table, "trailer\n<</Size {size}/Root {} 0 R>>\nstartxref\n{start}\n%%EOF\n", root.0);
        push(table.as_bytes(), &mut plan)?;
        let len = plan.len();
        if same && usize::try_from(len) == Ok(original.len()) {
            plan = Plan::default();
            plan.copy(0, len)?;
        }
        Ok(plan)
    }
}

/// The first two lines: the version, and four bytes that say that what follows is not text (7.5.2).
pub(super) const HEADER: &[u8] = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";

/// Writes a value in its one spelling.
pub(super) fn spell(value: &Value, to: &mut String) {
    match value {
        Value::Bool(bool) => to.push_str(if *bool { "true" } else { "false" }),
        Value::Int(int) => {
            let _ = write!(to, "{int}");
        }
        Value::Real(real) => spell_real(*real, to),
        Value::Text(text) => {
            to.push('<');
            for byte in text {
                let _ = write!(to, "{byte:02X}");
            }
            to.push('>');
        }
        Value::Name(name) => {
            to.push('/');
            to.push_str(name);
        }
        Value::Array(array) => {
            to.push('[');
            for (index, value) in array.iter().enumerate() {
                if index > 0 {
                    to.push(' ');
                }
                spell(value, to);
            }
            to.push(']');
        }
        Value::Dict(fields) => {
            to.push_str("<<");
            for (key, value) in fields {
                to.push('/');
                to.push_str(key);
                if !matches!(value, Value::Name(_) | Value::Text(_) | Value::Array(_) | Value::Dict(_)) {
                    to.push(' ');
                }
                spell(value, to);
            }
            to.push_str(">>");
        }
        Value::Ref(id) => {
            let _ = write!(to, "{} 0 R", id.0);
        }
    }
}

/// A number in no more digits than are seen: eight behind the point.
fn spell_real(real: f64, to: &mut String) {
    let text = format!("{real:.8}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    to.push_str(if text == "-0" { "0" } else { text });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(value: &Value) -> String {
        let mut text = String::new();
        spell(value, &mut text);
        text
    }

    #[test]
    fn every_value_has_one_spelling() {
        let real = |real| spelled(&Value::Real(real));
        assert_eq!([real(0.5), real(-0.25), real(1.0), real(-0.000_000_001)], ["0.5", "-0.25", "1", "0"]);
        let fields = vec![field("A", Value::Int(-1)), field("B", name("C")), field("D", Value::Text(vec![1, 255]))];
        assert_eq!(spelled(&Value::Dict(fields)), "<</A -1/B/C/D<01FF>>>");
        assert_eq!(spelled(&Value::Array(vec![Value::Bool(true), Value::Ref(Id(3))])), "[true 3 0 R]");
    }
}
