//! Relationships parts (ECMA-376-2, 9.3): read as they come, and nothing outside of the package is fetched.

use super::{RELATIONSHIPS_URI, STRICT, TRANSITIONAL};
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Event, Namespace, Reader};
use crate::clean::{Reason, Refusal};
use crate::limits;

/// What a part refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Relationship {
    pub(crate) id: String,
    /// Its type, as it is written.
    pub(crate) kind: String,
    pub(crate) target: Target,
}

/// Where a relationship leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// To a part of the package, by its name without a slash in front; whether there is one is not known.
    Part(String),
    /// To an address outside, or a path on a machine.
    External(String),
}

impl Relationship {
    /// Whether it is of this type, by the last word of a transitional or strict name.
    pub(crate) fn is(&self, kind: &str) -> bool {
        [TRANSITIONAL, STRICT].iter().any(|start| self.kind.strip_prefix(start) == Some(kind))
    }

    /// The last word of its type, of whomever's making.
    pub(crate) fn word(&self) -> &str {
        self.kind.rsplit_once('/').map_or(self.kind.as_str(), |(_, word)| word)
    }

    /// The part that it leads to.
    pub(crate) fn part(&self) -> Option<&str> {
        match &self.target {
            Target::Part(name) => Some(name),
            Target::External(_) => None,
        }
    }
}

static NAMESPACES: &[Namespace] = &[Namespace { prefix: "", uris: &[RELATIONSHIPS_URI] }];

/// The relationships of `part`.
///
/// # Errors
/// As for [`Reader::next`]; [`Reason::Damaged`] where two have one name.
pub(crate) fn read(bytes: &[u8], part: &str) -> Result<Vec<Relationship>, Refusal> {
    let text = decoded(bytes)?;
    let mut reader = Reader::new(&text, NAMESPACES);
    let mut found: Vec<Relationship> = Vec::new();
    loop {
        let at = reader.at();
        match reader.next()? {
            Event::Start(raw) if raw.name == "Relationship" => {
                let of = |name| raw.attribute(name).unwrap_or_default().to_owned();
                let target = of("Target");
                let target = match raw.attribute("TargetMode") {
                    Some("External") => Target::External(target),
                    _ => Target::Part(resolved(part, &target)),
                };
                found.push(Relationship { id: of("Id"), kind: of("Type"), target });
            }
            Event::Finish => break,
            Event::Start(_) | Event::End | Event::Text(_) => {}
        }
        if found.len() > limits::ZIP_MEMBERS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "relationships", at));
        }
    }
    let mut ids: Vec<&str> = found.iter().map(|relationship| relationship.id.as_str()).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| matches!(pair, [one, other] if one == other)) {
        return Err(Refusal::new(Reason::Damaged, "relationships of one name", 0));
    }
    Ok(found)
}

/// The name of the part that `target` is in a relationship of `part` (ECMA-376-2, 9.3.2 and RFC 3986, 5.2).
fn resolved(part: &str, target: &str) -> String {
    let target = target.split(['#', '?']).next().unwrap_or_default().replace('\\', "/");
    let target = percent_decoded(&target);
    let mut path: Vec<&str> = match target.starts_with('/') {
        true => Vec::new(),
        false => part.split('/').collect(),
    };
    // What it is relative to is the folder.
    path.pop();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            step => path.push(step),
        }
    }
    path.join("/")
}

/// `text` with `%41` for `A` resolved (RFC 3986, 2.1).
fn percent_decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let digits = part.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match digits.zip(part.get(2..)) {
            Some((byte, rest)) => {
                bytes.push(byte);
                bytes.extend(rest.bytes());
            }
            None => bytes.extend(format!("%{part}").bytes()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `target` as it is written in a relationship of `part`: relative, since not all programs read other forms.
pub(super) fn relative(part: &str, target: &str) -> String {
    let folder: Vec<&str> = part.rsplit_once('/').map_or_else(Vec::new, |(folder, _)| folder.split('/').collect());
    let steps: Vec<&str> = target.split('/').collect();
    let file = steps.len().saturating_sub(1);
    let common = folder.iter().zip(steps.iter().take(file)).take_while(|(one, other)| one == other).count();
    let up = folder.iter().skip(common).map(|_| "..");
    up.chain(steps.iter().skip(common).copied()).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_from_the_part_that_names_them_and_written_back() {
        for (part, target, name, written) in [
            ("", "word/document.xml", "word/document.xml", "word/document.xml"),
            ("word/document.xml", "media/image%201.png", "word/media/image 1.png", "media/image 1.png"),
            ("word/document.xml", "/word/./media/1.png", "word/media/1.png", "media/1.png"),
            ("xl/worksheets/sheet1.xml", "../drawings/a.xml", "xl/drawings/a.xml", "../drawings/a.xml"),
            ("word/document.xml", "../../../custom.xml#x", "custom.xml", "../custom.xml"),
            ("word/document.xml", "\\word\\styles.xml", "word/styles.xml", "styles.xml"),
        ] {
            assert_eq!(resolved(part, target), name);
            assert_eq!(relative(part, name), written);
        }
    }

    #[test]
    fn two_relationships_of_one_name_are_refused() {
        let part = |ids: [&str; 2]| {
            let each = ids.map(|id| format!("<Relationship Id='{id}' Type='t' Target='a'/>")).concat();
            format!("<Relationships xmlns='{RELATIONSHIPS_URI}'>{each}</Relationships>")
        };
        assert_eq!(read(part(["a", "b"]).as_bytes(), "").unwrap().len(), 2);
        assert_eq!(read(part(["a", "a"]).as_bytes(), "").unwrap_err().reason, Reason::Damaged);
    }
}
