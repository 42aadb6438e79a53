//! What an XMP packet gives away (ISO 16684-1). Reads only; nothing of a packet is ever kept.
//!
//! A tolerant scan over tags, attributes and text rather than an XML parser: it must tell what it can of a
//! packet that is cut, padded or not quite XML. It knows namespaces by their address, so that a packet
//! with prefixes of its own is read alike.

mod properties;
mod scan;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use self::properties::Says;
use self::scan::Token;
use crate::clean::{Category, Findings};
use crate::limits;

/// Open elements that are remembered; deeper ones count as part of these.
const DEPTH_MAX: usize = 64;
/// Namespace prefixes that are remembered.
const PREFIXES_MAX: usize = 256;
/// Names of unknown properties that are listed.
const LISTED_MAX: usize = 20;

/// What an XMP packet says. Never fails; there is always at least one finding.
pub(crate) fn findings(packet: &[u8]) -> Findings {
    let Some(text) = decoded(packet.get(..limits::METADATA_BYTES_MAX).unwrap_or(packet)) else {
        let mut findings = Findings::default();
        findings.removed(Category::Unknown, "XMP in an unknown encoding");
        return findings;
    };
    let mut reading = Reading::default();
    scan::tokens(&text, |token| reading.token(token));
    reading.finish()
}

/// UTF-8, or UTF-16 by its byte-order mark or its first `<`. `None` for UTF-32, which nobody writes.
fn decoded(packet: &[u8]) -> Option<Cow<'_, str>> {
    match packet {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [b'<', 0, 0, 0, ..] | [0, 0, 0, b'<', ..] => None,
        [0xFE, 0xFF, ..] | [0, b'<', ..] => Some(encoding_rs::UTF_16BE.decode_with_bom_removal(packet).0),
        [0xFF, 0xFE, ..] | [b'<', 0, ..] => Some(encoding_rs::UTF_16LE.decode_with_bom_removal(packet).0),
        _ => Some(String::from_utf8_lossy(packet)),
    }
}

/// A qualified name with the prefix that its namespace usually has.
#[derive(Clone, Copy)]
struct Name<'a> {
    prefix: &'a str,
    local: &'a str,
}

/// What the text in an element belongs to.
#[derive(Clone, Copy)]
enum Owner<'a> {
    /// A property that says something.
    Known(Name<'a>, Says),
    /// Sizes and formats, which say nothing.
    Structure,
    /// A property that is not known here.
    Unknown(Name<'a>),
    /// No property at all.
    Nobody,
}

#[derive(Default)]
struct Reading<'a> {
    prefixes: BTreeMap<&'a str, &'a str>,
    open: Vec<Owner<'a>>,
    /// Open elements beyond [`DEPTH_MAX`].
    deeper: usize,
    told: BTreeMap<(Category, String), usize>,
    values: Vec<(Category, String, String)>,
    unknown: BTreeSet<String>,
    comment: bool,
    stray: bool,
}

impl<'a> Reading<'a> {
    fn token(&mut self, token: Token<'a>) {
        match token {
            Token::Start { name, attributes, empty } => self.start(name, attributes, empty),
            Token::End if self.deeper > 0 => self.deeper = self.deeper.saturating_sub(1),
            Token::End => {
                self.open.pop();
            }
            Token::Text(text) => {
                if !text.trim().is_empty() {
                    let owner = self.owner();
                    self.tell(owner, text);
                }
            }
            Token::Comment => self.comment = true,
            Token::Cut => self.stray = true,
        }
    }

    fn start(&mut self, name: &'a str, attributes: &'a str, empty: bool) {
        for (key, address) in scan::attributes(attributes) {
            if let Some(prefix) = key.strip_prefix("xmlns:")
                && (self.prefixes.len() < PREFIXES_MAX || self.prefixes.contains_key(prefix))
            {
                self.prefixes.insert(prefix, properties::usual_prefix(address).unwrap_or(prefix));
            }
        }
        let parent = self.owner();
        let owner = self.judge(name, parent);
        for (key, value) in scan::attributes(attributes) {
            self.attribute(owner, key, value);
        }
        if empty {
            return;
        }
        if self.open.len() < DEPTH_MAX {
            self.open.push(owner);
        } else {
            self.deeper = self.deeper.saturating_add(1);
        }
    }

    fn attribute(&mut self, owner: Owner<'a>, key: &'a str, value: &'a str) {
        if key == "xmlns" || key.starts_with("xmlns:") || value.trim().is_empty() {
            return;
        }
        let name = self.resolve(key);
        let owner = match (name.prefix, name.local) {
            // That a picture is one, as vector programs write into each.
            ("rdf", "resource") if value.starts_with("http://purl.org/dc/dcmitype/") => return,
            ("rdf", "resource" | "value") => owner,
            ("rdf", "about") | ("", "about") => Owner::Known(name, Says::Value(Category::Identifier)),
            ("x", "xmptk") => Owner::Known(name, Says::Value(Category::Software)),
            ("xml", "lang") if value == "x-default" => return,
            ("xml", "lang") => Owner::Known(name, Says::Value(Category::Comment)),
            ("rdf" | "xml", _) => return,
            _ => self.judge(key, owner),
        };
        self.tell(owner, value);
    }

    /// Whose the text in an element `name` is: its own if it is a known property, else its parent's.
    fn judge(&self, name: &'a str, parent: Owner<'a>) -> Owner<'a> {
        let name = self.resolve(name);
        if matches!((name.prefix, name.local), ("rdf" | "x", _) | ("cc", "Work" | "Agent")) {
            return parent;
        }
        match (properties::says(name.prefix, name.local), parent) {
            (Some(Says::Nothing), Owner::Known(..)) => parent,
            (Some(Says::Nothing), _) => Owner::Structure,
            // The title of a creator is a name.
            (Some(Says::Value(Category::Comment)), Owner::Known(_, Says::Value(Category::Person))) => parent,
            (Some(says), _) => Owner::Known(name, says),
            (None, Owner::Known(..)) => parent,
            (None, _) => Owner::Unknown(name),
        }
    }

    fn resolve(&self, name: &'a str) -> Name<'a> {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        Name { prefix: self.prefixes.get(prefix).copied().unwrap_or(prefix), local }
    }

    fn owner(&self) -> Owner<'a> {
        self.open.last().copied().unwrap_or(Owner::Nobody)
    }

    fn tell(&mut self, owner: Owner<'a>, value: &str) {
        match owner {
            Owner::Known(name, Says::Value(category)) => {
                self.say(category, format!("XMP {}:{}", name.prefix, name.local), &scan::shown(value));
            }
            Owner::Known(name, Says::Presence(category)) => {
                self.say(category, format!("XMP {}:{}", name.prefix, name.local), "");
            }
            Owner::Known(_, Says::Group(category, place)) => self.say(category, format!("XMP {place}"), ""),
            Owner::Known(_, Says::Nothing) | Owner::Structure => {}
            Owner::Unknown(name) => {
                if self.unknown.len() < LISTED_MAX {
                    self.unknown.insert(scan::shown(&format!("{}:{}", name.prefix, name.local)));
                }
            }
            Owner::Nobody => self.stray = true,
        }
    }

    /// Adds `value` to those that were said at `place` before: a list of keywords is one finding.
    fn say(&mut self, category: Category, place: String, value: &str) {
        if self.values.len() > limits::FINDINGS_MAX {
            return;
        }
        let place = scan::shown(&place);
        let index = *self.told.entry((category, place.clone())).or_insert(self.values.len());
        let Some((.., said)) = self.values.get_mut(index) else {
            self.values.push((category, place, value.to_owned()));
            return;
        };
        // Cut later; what is beyond the cut need not be gathered.
        if said.len() > 4 * limits::VALUE_CHARS_MAX || said.split(", ").any(|part| part == value) {
            return;
        }
        if !said.is_empty() && !value.is_empty() {
            said.push_str(", ");
        }
        said.push_str(value);
    }

    fn finish(self) -> Findings {
        let mut findings = Findings::default();
        for (category, place, value) in self.values {
            findings.removed_value(category, place, &value);
        }
        if !self.unknown.is_empty() {
            let names: Vec<_> = self.unknown.into_iter().collect();
            findings.removed_value(Category::Unknown, "XMP further properties", &names.join(" "));
        }
        if self.comment {
            findings.removed(Category::Comment, "XMP comment in the markup");
        }
        if self.stray {
            findings.removed(Category::Unknown, "XMP (damaged)");
        }
        if findings.is_empty() {
            findings.removed(Category::Unknown, "XMP, technical data only");
        }
        findings
    }
}

#[cfg(test)]
mod tests;
