//! A testimony: a statement, attachments, and the manifest that goes with them. Holds no path of the source's.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::clean::{self, Category, Cleaned, Finding, Original, Refusal};
use crate::{bundle, language, limits};

/// The version of the format, in the manifest's `deponent` field.
pub const VERSION: u32 = 1;
/// The manifest's name in the bundle.
pub const MANIFEST: &str = "manifest.json";
/// The statement's name in the bundle.
pub const STATEMENT: &str = "statement.txt";
/// The folder of the attachments in the bundle, with its slash.
pub const ATTACHMENTS: &str = "attachments/";

/// What the source says, as clean UTF-8 text. Only [`Statement::clean`] makes one.
pub struct Statement {
    text: Zeroizing<String>,
    findings: Vec<Finding>,
}

impl fmt::Debug for Statement {
    /// Its length only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Statement({} bytes)", self.text.len())
    }
}

impl Statement {
    /// Cleans a statement in any encoding the text cleaner reads.
    ///
    /// # Errors
    /// A [`Refusal`] where a text file with these bytes would be refused.
    pub fn clean(bytes: &[u8]) -> Result<Self, Refusal> {
        let (text, findings) = clean::statement(bytes)?;
        Ok(Self { text, findings: findings.into_vec() })
    }

    /// What it gives away besides what it says.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// A cleaned file and where to read it from.
pub struct Attachment {
    cleaned: Cleaned,
    original: Box<dyn Original>,
    kept_name: Option<String>,
}

impl Attachment {
    /// An attachment under a neutral name, or under `kept_name` where the source asked to keep names.
    #[must_use]
    pub fn new(original: Box<dyn Original>, cleaned: Cleaned, kept_name: Option<String>) -> Self {
        Self { cleaned, original, kept_name }
    }

    pub(crate) fn cleaned(&self) -> &Cleaned {
        &self.cleaned
    }

    pub(crate) fn original(&self) -> &dyn Original {
        &*self.original
    }
}

/// A statement and attachments, clean or marked, ready to be bundled.
pub struct Testimony {
    statement: Option<Statement>,
    attachments: Vec<Attachment>,
}

/// Why a testimony cannot be made of these parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestimonyError {
    /// Neither a statement nor a file.
    Empty,
    /// More than [`limits::ATTACHMENTS_MAX`] files.
    TooMany,
    /// Texts and pictures made anew of more than [`limits::REBUILT_BYTES_MAX`] bytes together.
    TooMuchRebuilt,
}

impl Testimony {
    /// Puts the parts together.
    ///
    /// # Errors
    /// [`TestimonyError`] if there is nothing to say or more than fits.
    pub fn new(statement: Option<Statement>, attachments: Vec<Attachment>) -> Result<Self, TestimonyError> {
        if statement.is_none() && attachments.is_empty() {
            return Err(TestimonyError::Empty);
        }
        if attachments.len() > limits::ATTACHMENTS_MAX {
            return Err(TestimonyError::TooMany);
        }
        let rebuilt = attachments.iter().fold(0u64, |sum, a| sum.saturating_add(a.cleaned.rebuilt_bytes()));
        if rebuilt > limits::REBUILT_BYTES_MAX {
            return Err(TestimonyError::TooMuchRebuilt);
        }
        Ok(Self { statement, attachments })
    }

    pub(crate) fn statement(&self) -> Option<&Statement> {
        self.statement.as_ref()
    }

    pub(crate) fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }

    /// The manifest, with the names that the bundle gives its items.
    pub(crate) fn manifest(&self) -> Manifest {
        let statement = self.statement.as_ref().map(|statement| Item {
            name: STATEMENT.to_owned(),
            media_type: "text/plain".to_owned(),
            bytes: u64::try_from(statement.as_bytes().len()).unwrap_or(u64::MAX),
            removed: clean::removed_categories(&statement.findings),
            as_is: false,
        });
        let mut names = Names::new(self.attachments.len());
        let attachments = self.attachments.iter().enumerate().map(|(index, attachment)| Item {
            name: format!(
                "{ATTACHMENTS}{}",
                names.next(index, attachment.kept_name.as_deref(), attachment.cleaned.extension())
            ),
            media_type: attachment.cleaned.media_type().to_owned(),
            bytes: attachment.cleaned.len(),
            removed: clean::removed_categories(attachment.cleaned.findings()),
            as_is: attachment.cleaned.is_as_is(),
        });
        Manifest {
            deponent: VERSION,
            language: self
                .statement
                .as_ref()
                .and_then(|statement| language::of(&statement.text))
                .map(ToOwned::to_owned),
            items: statement.into_iter().chain(attachments).collect(),
        }
    }
}

/// `manifest.json`: what is in the bundle, in order. Unknown fields of later versions are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the format; a reader refuses a higher one than [`VERSION`].
    pub deponent: u32,
    /// BCP 47 primary tag of the statement's language, where it could be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Every member of the bundle after the manifest itself.
    pub items: Vec<Item>,
}

/// One member of the bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its name in the bundle: `statement.txt`, `attachments/01.jpg`.
    pub name: String,
    /// IANA media type, as detected by content.
    pub media_type: String,
    /// Length in bytes.
    pub bytes: u64,
    /// Categories of what was taken out, sorted; never a value.
    #[serde(default)]
    pub removed: Vec<Category>,
    /// Sent as it was, uncleaned, because the source said so.
    #[serde(default)]
    pub as_is: bool,
}

/// Gives names to files: kept ones made unique, the others numbered in the order given, with two digits,
/// or three where there are more than 99.
pub struct Names {
    width: usize,
    taken: BTreeSet<String>,
}

impl Names {
    /// For `count` files.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self { width: if count > 99 { 3 } else { 2 }, taken: BTreeSet::new() }
    }

    /// The name of the file at `index`, from 0: `kept` if it is given, usable and not taken.
    pub fn next(&mut self, index: usize, kept: Option<&str>, extension: &str) -> String {
        let number = format!("{:0width$}", index.saturating_add(1), width = self.width);
        let neutral = format!("{number}.{extension}");
        let kept = kept.and_then(|name| kept_name(name, extension));
        let numbered = kept.as_ref().map(|kept| format!("{number}-{kept}"));
        let last_resort = (1u32..).map(|n| format!("{number}-{n}.{extension}"));
        let mut candidates =
            kept.into_iter().chain(numbered).chain(std::iter::once(neutral.clone())).chain(last_resort);
        candidates
            .find(|name| bundle::is_safe_name(name) && self.taken.insert(bundle::name_key(name)))
            .unwrap_or(neutral)
    }
}

/// A name the source asked to keep, as far as the bundle allows names; its extension becomes that of the
/// detected type. `None` if nothing usable is left of it.
fn kept_name(name: &str, extension: &str) -> Option<String> {
    let stem = match name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => name,
    };
    let mut kept = String::new();
    let room = limits::NAME_BYTES_MAX.saturating_sub(extension.len()).saturating_sub(1);
    for c in stem.chars().filter(|&c| bundle::is_safe_char(c)) {
        if kept.len().saturating_add(c.len_utf8()) > room {
            break;
        }
        kept.push(c);
    }
    let kept = format!("{}.{extension}", kept.trim_matches([' ', '.']));
    bundle::is_safe_name(&kept).then_some(kept)
}
