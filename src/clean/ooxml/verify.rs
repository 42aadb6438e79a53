//! Accounts for each byte of a written package: types, relationships, parts by list, and every picture by the verifier
//! of its format. Shares with the writer only how the types of given parts read.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use super::relationships::relative;
use super::write::{DECLARATION, content_types};
use super::{CONTENT_TYPES, IMAGE, MAIN, RELATIONSHIPS_URI, TRANSITIONAL, pictures, relationships_part};
use crate::clean::Unaccounted;
use crate::clean::container::zip::verify::Walk;
use crate::clean::produced::Produced;
use crate::clean::xml::Grammar;
use crate::clean::xml::verify::{Met, verify as verify_xml};
use crate::limits;

/// A kind of XML part that a package may hold.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The last word of the type of relationships that lead to it.
    pub(crate) relationship: &'static str,
    pub(crate) content_type: &'static str,
    /// Its name; `#` stands for a number from 1.
    pub(crate) name: &'static str,
    pub(crate) grammar: &'static Grammar,
}

/// What a package may hold.
#[derive(Debug)]
pub(crate) struct Layout {
    /// Kinds of XML parts, the main one first.
    pub(crate) kinds: &'static [Kind],
    /// The folder of pictures, with a slash; their names are numbers.
    pub(crate) pictures: &'static str,
}

/// Accounts for a whole package. `see` is given every reference but relationships, with the name of the part that
/// it stands in, and may object.
///
/// # Errors
/// [`Unaccounted`] with the offset in the part.
pub(crate) fn verify(
    reader: &mut dyn Read,
    layout: &Layout,
    see: &mut dyn FnMut(&str, &Met<'_>) -> bool,
) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(reader);
    let mut walk = Walk::new(&mut produced);
    let types = match walk.entry(limits::MEMBER_BYTES_MAX)? {
        Some(entry) if entry.name == CONTENT_TYPES => entry.bytes,
        _ => return wrong("content types"),
    };
    let mut met = Parts::default();
    match walk.entry(limits::MEMBER_BYTES_MAX)? {
        Some(entry) if entry.name == relationships_part("") => {
            met.relationships("", &entry.bytes)?;
            let main = layout.kinds.first().map(|kind| kind.name);
            let leads = met.targets.iter().map(|(name, kind)| (name.as_str(), kind.as_str()));
            if !leads.eq(main.map(|name| (name, MAIN))) {
                return wrong("relationship to the main part");
            }
        }
        _ => return wrong("relationships of the package"),
    }
    while let Some(mut entry) = walk.entry(limits::MEMBER_BYTES_MAX)? {
        let mut ids = 0;
        if let Some(part) = part_of(&entry.name) {
            ids = met.relationships(&part, &entry.bytes)?;
            entry = match walk.entry(limits::MEMBER_BYTES_MAX)? {
                Some(next) if next.name == part => next,
                _ => return wrong("relationships of no part"),
            };
        }
        met.part(layout, &entry.name, &entry.bytes, ids, see)?;
    }
    met.agree(&types)
}

/// The parts met so far, and those that are referred to.
#[derive(Default)]
struct Parts {
    /// In their order, with their types, and the relationship that is to lead there.
    listed: Vec<(String, Option<&'static str>, &'static str)>,
    /// By name, with the last word of the relationship that leads there.
    targets: BTreeMap<String, String>,
}

impl Parts {
    /// How many relationships there are in the part that belongs to `part`.
    fn relationships(&mut self, part: &str, bytes: &[u8]) -> Result<usize, Unaccounted> {
        let bad = || Unaccounted::new("relationships", 0);
        let text = std::str::from_utf8(bytes).map_err(|_| bad())?;
        let rest = text.strip_prefix(DECLARATION).and_then(|rest| rest.strip_prefix("<Relationships xmlns=\""));
        let rest = rest.and_then(|rest| rest.strip_prefix(RELATIONSHIPS_URI)?.strip_prefix("\">"));
        let mut rest = rest.and_then(|rest| rest.strip_suffix("</Relationships>")).ok_or_else(bad)?;
        let mut ids = 0_usize;
        while !rest.is_empty() {
            ids = ids.saturating_add(1);
            let behind = rest.strip_prefix(&format!("<Relationship Id=\"rId{ids}\" Type=\"{TRANSITIONAL}"));
            let (kind, behind) = behind.and_then(|rest| rest.split_once("\" Target=\"")).ok_or_else(bad)?;
            let (target, behind) = behind.split_once("\"/>").ok_or_else(bad)?;
            let name = absolute(part, target);
            if relative(part, &name) != target {
                return Err(bad());
            }
            if self.targets.insert(name, kind.to_owned()).is_some_and(|other| other != kind) {
                return Err(bad());
            }
            rest = behind;
        }
        if ids > 0 { Ok(ids) } else { Err(bad()) }
    }

    fn part(
        &mut self,
        layout: &Layout,
        name: &str,
        bytes: &[u8],
        ids: usize,
        see: &mut dyn FnMut(&str, &Met<'_>) -> bool,
    ) -> Result<(), Unaccounted> {
        if let Some(file) = name.strip_prefix(layout.pictures) {
            let Some((number, extension)) = file.split_once('.') else { return wrong("name of a picture") };
            let Some(format) = pictures::by_extension(extension).filter(|_| is_number(number) && ids == 0) else {
                return wrong("name of a picture");
            };
            let mut rest = bytes;
            (format.verify)(&mut rest)?;
            self.listed.push((name.to_owned(), None, IMAGE));
            return if rest.is_empty() { Ok(()) } else { wrong("bytes behind a picture") };
        }
        let Some(kind) = layout.kinds.iter().find(|kind| is_of(kind.name, name)) else { return wrong("part") };
        verify_xml(bytes, kind.grammar, &mut |met| match met.attribute.starts_with("r:") {
            true => {
                let id = met.value.strip_prefix("rId").and_then(|number| number.parse::<usize>().ok());
                id.is_some_and(|id| (1..=ids).contains(&id))
            }
            false => see(name, &met),
        })?;
        self.listed.push((name.to_owned(), Some(kind.content_type), kind.relationship));
        Ok(())
    }

    /// Whether the types say what there is, and just what there is is referred to.
    fn agree(&self, types: &[u8]) -> Result<(), Unaccounted> {
        let listed: Vec<_> = self.listed.iter().map(|(name, content_type, _)| (name.as_str(), *content_type)).collect();
        if content_types(&listed).as_bytes() != types {
            return wrong("content types");
        }
        let there: BTreeSet<(&str, &str)> = self.listed.iter().map(|(name, _, kind)| (name.as_str(), *kind)).collect();
        let meant: BTreeSet<(&str, &str)> =
            self.targets.iter().map(|(name, kind)| (name.as_str(), kind.as_str())).collect();
        if there == meant { Ok(()) } else { wrong("relationship") }
    }
}

/// The part whose relationships are in the part `name`, if that is such a one.
fn part_of(name: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/')?;
    let (folder, file) = (folder.strip_suffix("_rels")?, file.strip_suffix(".rels")?);
    Some(format!("{folder}{file}"))
}

/// The name of the part that `target` leads to from `part`.
fn absolute(part: &str, target: &str) -> String {
    let mut folder: Vec<&str> = part.split('/').collect();
    folder.pop();
    let mut target = target;
    while let Some(rest) = target.strip_prefix("../") {
        folder.pop();
        target = rest;
    }
    folder.push(target);
    folder.join("/")
}

/// Whether `name` is what `pattern` says, with a number for `#`.
fn is_of(pattern: &str, name: &str) -> bool {
    match pattern.split_once('#') {
        None => pattern == name,
        Some((before, behind)) => {
            name.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind)).is_some_and(is_number)
        }
    }
}

/// Whether it is a number from 1, without leading zeros.
fn is_number(text: &str) -> bool {
    (1..=9).contains(&text.len()) && !text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn wrong<T>(part: &'static str) -> Result<T, Unaccounted> {
    Err(Unaccounted::new(part, 0))
}
