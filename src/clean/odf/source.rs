//! Where the parts of a package come from: the archive, or what has been made of it already. Changes no part.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

use super::pictures::{self, tell_empty};
use crate::clean::container::zip::Archive;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Refusal, member};
use crate::limits;

/// Gives out parts by their names.
pub(in crate::clean) trait Source {
    /// The bytes of a part, if there is one of that name.
    fn part(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Refusal>;

    /// A clean picture and its extension; none if there is no such part, or no cleaner for it.
    fn picture(&mut self, name: &str, findings: &mut Findings) -> Result<Option<(Vec<u8>, &'static str)>, Refusal>;
}

/// The original.
pub(in crate::clean) struct Members<'a, 'c> {
    pub(in crate::clean) archive: &'a Archive,
    pub(in crate::clean) cursor: &'a mut Cursor<'c>,
}

impl Source for Members<'_, '_> {
    fn part(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Refusal> {
        let Some(member) = self.archive.member(name) else { return Ok(None) };
        let max = u64::try_from(limits::XML_PART_BYTES_MAX).unwrap_or(u64::MAX);
        self.archive.bytes(self.cursor, member, max).map(Some)
    }

    fn picture(&mut self, name: &str, findings: &mut Findings) -> Result<Option<(Vec<u8>, &'static str)>, Refusal> {
        let Some(member) = self.archive.member(name) else { return Ok(None) };
        let bytes = self.archive.bytes(self.cursor, member, limits::MEMBER_BYTES_MAX)?;
        let Some(format) = pictures::format(&bytes) else {
            tell_empty(name, findings);
            return Ok(None);
        };
        let mut said = Findings::default();
        let (clean, becomes) = match member::clean(name, &bytes, self.cursor.nesting(), &mut said) {
            Ok(cleaned) => cleaned,
            // A drawing is often there a second time, as a picture.
            Err(_) if format.media_type == pictures::DRAWING => {
                tell_empty(name, findings);
                return Ok(None);
            }
            Err(refusal) => return Err(refusal),
        };
        findings.append(said);
        if becomes.media_type != format.media_type {
            findings.removed(Category::HiddenContent, format!("{name}, drawing"));
        }
        Ok(Some((clean, becomes.extension)))
    }
}

/// Parts that have been made already, with clean pictures.
pub(in crate::clean) struct Made(pub(in crate::clean) BTreeMap<String, Vec<u8>>);

impl Source for Made {
    fn part(&mut self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Refusal> {
        Ok(self.0.get(name).map(|bytes| Zeroizing::new(bytes.clone())))
    }

    fn picture(&mut self, name: &str, _: &mut Findings) -> Result<Option<(Vec<u8>, &'static str)>, Refusal> {
        let bytes = self.0.get(name).cloned();
        Ok(bytes.and_then(|bytes| pictures::format(&bytes).map(|format| (bytes, format.extension))))
    }
}
