//! Fields (ECMA-376-1, 17.16): which of them keep working, and what is left of the others. Asks nothing of a field but
//! the number of a page; every other instruction may name a file, an address or a person.

use std::collections::BTreeMap;

use crate::clean::xml::{Event, Namespace, Reader};
use crate::clean::{Reason, Refusal};
use crate::limits;

/// The one form of an instruction that stays.
pub(super) fn instruction(raw: &str) -> Option<&'static str> {
    let word = raw.split_ascii_whitespace().next()?;
    let known = [" PAGE ", " NUMPAGES ", " SECTIONPAGES ", " SECTION "];
    known.into_iter().find(|known| known.trim().eq_ignore_ascii_case(word))
}

/// What becomes of a `w:fldChar` or a `w:instrText`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// It stays.
    Kept,
    /// It stays with this instruction.
    Instruction(&'static str),
    /// It goes; what an author chose in a form stands in its place.
    Replaced(String),
    /// It goes.
    Dropped,
}

/// The fields of a part that end as they should, by offset.
#[derive(Debug, Default)]
pub(super) struct Fields {
    fates: BTreeMap<u64, Fate>,
    /// Instructions that go, for what is told.
    pub(super) told: Vec<String>,
}

impl Fields {
    /// What becomes of the mark at this offset; none if it belongs to no whole field.
    pub(super) fn fate(&self, at: u64) -> Option<&Fate> {
        self.fates.get(&at)
    }
}

/// A field that has begun.
#[derive(Default)]
struct Open {
    begin: u64,
    instructions: Vec<u64>,
    separate: Option<u64>,
    instruction: String,
    /// What a form shows: a box, or an entry of a list.
    shown: Option<String>,
    entries: Vec<String>,
    chosen: usize,
    /// It stands in the instruction of another.
    is_inner: bool,
}

/// Reads a part for its fields.
///
/// # Errors
/// As for [`Reader::next`].
pub(super) fn survey(text: &str, namespaces: &'static [Namespace]) -> Result<Fields, Refusal> {
    let mut reader = Reader::new(text, namespaces);
    let mut fields = Fields::default();
    let mut open: Vec<Open> = Vec::new();
    // Elements that are open in one that goes with its fields.
    let mut gone = 0_usize;
    let mut is_instruction = false;
    loop {
        let event = reader.next()?;
        match event {
            Event::Finish => break,
            Event::Start(_) if gone > 0 => gone = gone.saturating_add(1),
            Event::End if gone > 0 => gone = gone.saturating_sub(1),
            Event::Start(raw) => {
                is_instruction = raw.name == "w:instrText";
                let val = raw.attribute("w:val");
                match raw.name.as_str() {
                    "w:del" | "w:moveFrom" => gone = 1,
                    "w:fldChar" => match raw.attribute("w:fldCharType") {
                        Some("begin") => {
                            let is_inner = open.iter().any(|outer| outer.separate.is_none());
                            open.push(Open { begin: raw.at, is_inner, ..Open::default() });
                        }
                        Some("separate") => open.iter_mut().last().into_iter().for_each(|f| f.separate = Some(raw.at)),
                        Some("end") => open.pop().into_iter().for_each(|field| settle(field, raw.at, &mut fields)),
                        _ => {}
                    },
                    "w:instrText" => open.iter_mut().last().into_iter().for_each(|f| f.instructions.push(raw.at)),
                    name => open.iter_mut().last().into_iter().for_each(|field| form(field, name, val)),
                }
            }
            Event::Text(text) if gone == 0 && is_instruction => {
                if let Some(field) = open.last_mut()
                    && field.instruction.len() < limits::VALUE_CHARS_MAX
                {
                    field.instruction.push_str(&text);
                }
            }
            Event::End => is_instruction = false,
            Event::Text(_) => {}
        }
        if open.len() > limits::XML_DEPTH_MAX {
            return Err(Refusal::new(Reason::TooLarge, "fields one in the other", reader.at()));
        }
    }
    Ok(fields)
}

/// What a form holds (17.16.17).
fn form(field: &mut Open, name: &str, val: Option<&str>) {
    match name {
        "w:checkBox" => field.shown = Some("☐".to_owned()),
        "w:default" | "w:checked" if field.shown.is_some() => {
            let is_on = !matches!(val, Some("0" | "false" | "off"));
            field.shown = Some(if is_on { "☒" } else { "☐" }.to_owned());
        }
        "w:result" => field.chosen = val.and_then(|val| val.parse().ok()).unwrap_or_default(),
        "w:listEntry" if field.entries.len() < ENTRIES_MAX => field.entries.push(val.unwrap_or_default().to_owned()),
        _ => {}
    }
}

/// Entries of a list that are looked at; Word has no more.
const ENTRIES_MAX: usize = 25;

fn settle(mut field: Open, end: u64, fields: &mut Fields) {
    let known = instruction(&field.instruction).filter(|_| !field.is_inner);
    let mark = if known.is_some() { Fate::Kept } else { Fate::Dropped };
    for at in field.separate.into_iter().chain([end]) {
        fields.fates.insert(at, mark.clone());
    }
    let mut instructions = field.instructions.iter();
    if let (Some(known), Some(&first)) = (known, instructions.next()) {
        fields.fates.insert(first, Fate::Instruction(known));
    }
    for &at in instructions {
        fields.fates.insert(at, Fate::Dropped);
    }
    if field.chosen < field.entries.len() {
        field.shown = Some(field.entries.swap_remove(field.chosen));
    }
    let shown = field.shown.filter(|_| known.is_none() && !field.is_inner && field.separate.is_none());
    fields.fates.insert(field.begin, shown.map_or(mark, Fate::Replaced));
    if known.is_none() {
        fields.told.push(field.instruction);
    }
}
