//! Reads a package: parts by name, their types, the main part by its relationship. Believes no name to mean anything,
//! and takes out only what is asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::relationships::{Relationship, Target};
use super::{CONTENT_TYPES, CONTENT_TYPES_URI, MAIN, relationships, relationships_part};
use crate::clean::container::zip::{Archive, Member};
use crate::clean::cursor::Cursor;
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Event, Namespace, Reader};
use crate::clean::{Findings, Reason, Refusal};
use crate::limits;

/// A package under cleaning.
pub(crate) struct Package {
    archive: Archive,
    /// Members by the names of the parts that they are, in small letters.
    index: BTreeMap<String, usize>,
    /// Types by file name extension, in small letters.
    defaults: BTreeMap<String, String>,
    /// Types by name of part, in small letters.
    overrides: BTreeMap<String, String>,
}

static NAMESPACES: &[Namespace] = &[Namespace { prefix: "", uris: &[CONTENT_TYPES_URI] }];

impl Package {
    /// Reads the directory of the archive under `cursor` and the types of its parts.
    ///
    /// # Errors
    /// As for [`Archive::read`] and [`Archive::within_ratio`]; a [`Refusal`] if there are no types.
    pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<Self, Refusal> {
        let archive = Archive::read(cursor)?;
        archive.within_ratio(cursor)?;
        let mut index = BTreeMap::new();
        for (at, member) in archive.members().iter().enumerate() {
            index.entry(plain(&member.name).to_ascii_lowercase()).or_insert(at);
        }
        let mut package = Self { archive, index, defaults: BTreeMap::new(), overrides: BTreeMap::new() };
        let bytes = package.bytes(cursor, CONTENT_TYPES)?;
        let text = decoded(&bytes)?;
        let mut reader = Reader::new(&text, NAMESPACES);
        loop {
            match reader.next()? {
                Event::Start(raw) => {
                    let of = |name| raw.attribute(name).unwrap_or_default().to_owned();
                    match raw.name.as_str() {
                        "Default" => {
                            let extension = of("Extension").to_ascii_lowercase();
                            package.defaults.entry(extension).or_insert_with(|| of("ContentType"));
                        }
                        "Override" => {
                            let name = plain(&of("PartName")).to_ascii_lowercase();
                            package.overrides.entry(name).or_insert_with(|| of("ContentType"));
                        }
                        _ => {}
                    }
                }
                Event::Finish => return Ok(package),
                Event::End | Event::Text(_) => {}
            }
            if package.overrides.len().max(package.defaults.len()) > limits::ZIP_MEMBERS_MAX {
                return Err(Refusal::new(Reason::TooLarge, "content types", 0));
            }
        }
    }

    /// The name of the main part, as a relationship of the package says.
    ///
    /// # Errors
    /// [`Reason::Damaged`] if there is none.
    pub(crate) fn main(&self, cursor: &mut Cursor<'_>) -> Result<String, Refusal> {
        let relationships = self.relationships(cursor, "")?;
        let main = relationships.into_iter().find(|relationship| relationship.is(MAIN));
        match main.map(|main| main.target) {
            Some(Target::Part(name)) if self.member(&name).is_some() => Ok(name),
            _ => Err(Refusal::new(Reason::Damaged, "relationship to the main part", 0)),
        }
    }

    /// What the part of this name refers to; nothing if it has no relationships. The empty name is the package's.
    ///
    /// # Errors
    /// As for [`Package::bytes`] and [`relationships::read`].
    pub(crate) fn relationships(&self, cursor: &mut Cursor<'_>, part: &str) -> Result<Vec<Relationship>, Refusal> {
        let name = relationships_part(part);
        match self.member(&name) {
            Some(_) => relationships::read(&self.bytes(cursor, &name)?, part),
            None => Ok(Vec::new()),
        }
    }

    /// The type of a part (ECMA-376-2, 10.1.2.4).
    pub(crate) fn content_type(&self, name: &str) -> Option<&str> {
        let lower = name.to_ascii_lowercase();
        let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
        self.overrides.get(&lower).or_else(|| self.defaults.get(extension)).map(String::as_str)
    }

    /// The member that a part is, whatever the case of its letters (ECMA-376-2, 9.1.1.2).
    pub(crate) fn member(&self, name: &str) -> Option<&Member> {
        let at = self.index.get(&name.to_ascii_lowercase())?;
        self.archive.members().get(*at)
    }

    /// Whether there is a part of that name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.member(name).is_some()
    }

    /// The names of all parts that are files, in the order of the directory, without a slash in front.
    pub(crate) fn names(&self) -> impl Iterator<Item = String> {
        self.archive.members().iter().filter(|member| !member.is_folder()).map(|member| plain(&member.name))
    }

    /// The bytes of a part.
    ///
    /// # Errors
    /// As for [`Archive::bytes`], with the name of the part; [`Reason::Damaged`] if there is none.
    pub(crate) fn bytes(&self, cursor: &mut Cursor<'_>, name: &str) -> Result<Zeroizing<Vec<u8>>, Refusal> {
        match self.member(name) {
            Some(member) => self.archive.bytes(cursor, member, limits::MEMBER_BYTES_MAX),
            None => Err(Refusal::new(Reason::Damaged, "missing part", 0)),
        }
    }

    /// Says what the archive itself gives away.
    pub(crate) fn tell_archive(&self, findings: &mut Findings) {
        self.archive.tell(findings);
    }
}

/// The name of a part without the slash in front, and with ordinary slashes.
fn plain(name: &str) -> String {
    let name: Cow<'_, str> = if name.contains('\\') { name.replace('\\', "/").into() } else { name.into() };
    name.trim_start_matches('/').to_owned()
}
