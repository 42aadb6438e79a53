//! The case store: a folder with one folder a sealed file, named from the file's digest. A case appears
//! whole, after everything in it has been authenticated and checked, or not at all.
//!
//! ```text
//! CASES/
//!   .lock                      held while a program opens into the store
//!   1f0c…/                     the first 128 bits of SHA-256 of the sealed file, in hex
//!     sealed.age               the sealed file as it was received
//!     manifest.json  statement.txt  attachments/01.jpg …
//!   77ab…/
//!     sealed.age
//!     quarantine/contents.tar  authentic, but not a bundle as the format wants it: not extracted
//! ```

#![expect(clippy::disallowed_types, reason = "opening needs the organisation's identity")]
#![expect(
    clippy::disallowed_methods,
    reason = "the store looks into its own folder, and clears what was left half done"
)]

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use rustix::fs::FlockOperation;

use crate::bundle::{Contents, Entry, Odd};
use crate::digest::Hashing;
use crate::envelope::OpenError;
use crate::envelope::identity::Identities;
use crate::files::{self, NewFile};
use crate::open::{self, Opened};
use crate::testimony::{ATTACHMENTS, MANIFEST, Manifest};

/// The sealed file's name in its case.
pub const SEALED: &str = "sealed.age";
/// The folder of what was authentic but not as the format wants it.
pub const QUARANTINE: &str = "quarantine";

const STAGING_PREFIX: &str = ".opening-";

/// A case's name: the first 128 bits of SHA-256 of its sealed file, as 32 hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CaseId(String);

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A case store that this program alone opens into.
pub struct CaseStore {
    folder: PathBuf,
    _lock: File,
}

/// Why a store cannot be used.
#[derive(Debug)]
pub enum StoreError {
    /// Another program opens into it just now.
    Busy,
    /// It could not be made, read or written.
    Io(io::Error),
}

/// What became of a sealed file.
#[derive(Debug)]
pub enum Received {
    /// A new case.
    New {
        /// Its name.
        id: CaseId,
        /// What the source says is in it; checked against what is.
        manifest: Manifest,
    },
    /// The same file was opened before.
    Known {
        /// The case that has it.
        id: CaseId,
    },
    /// Authentic, but not a bundle as the format wants it: kept, not extracted.
    Quarantined {
        /// Its name.
        id: CaseId,
        /// What is odd.
        odd: Odd,
    },
}

/// Why a sealed file became no case.
#[derive(Debug)]
pub enum ReceiveError {
    /// It was not opened.
    Open(OpenError),
    /// It could not be read.
    Read(io::Error),
    /// The store could not be written.
    Store(io::Error),
}

impl CaseStore {
    /// Opens the store in `folder`, making it if it is not there, and clears away what a killed program
    /// left half done.
    ///
    /// # Errors
    /// [`StoreError::Busy`] while another program holds it.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        files::make_folder(folder).map_err(StoreError::Io)?;
        let lock = files::lock_file(&folder.join(".lock")).map_err(StoreError::Io)?;
        match rustix::fs::flock(&lock, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(rustix::io::Errno::WOULDBLOCK) => return Err(StoreError::Busy),
            Err(errno) => return Err(StoreError::Io(errno.into())),
        }
        let store = Self { folder: folder.to_owned(), _lock: lock };
        store.clear_staging().map_err(StoreError::Io)?;
        Ok(store)
    }

    /// Where a case is kept.
    #[must_use]
    pub fn folder_of(&self, id: &CaseId) -> PathBuf {
        self.folder.join(&id.0)
    }

    /// Opens a sealed file into a case of its own, on as many threads as there are `workers`.
    ///
    /// # Errors
    /// [`ReceiveError`]; then the store is as it was before.
    pub fn receive(
        &self,
        identities: &Identities,
        workers: NonZeroUsize,
        sealed: &mut impl Read,
    ) -> Result<Received, ReceiveError> {
        let staging = Staging::new(&self.folder).map_err(ReceiveError::Store)?;
        let id = staging.keep_sealed(sealed)?;
        let case = self.folder_of(&id);
        // What is in quarantine is tried again: a newer program may know what was odd to an older one.
        let quarantined = case.join(QUARANTINE).exists();
        if case.exists() && !quarantined {
            return Ok(Received::Known { id });
        }
        let kept = files::open(&staging.path.join(SEALED)).map_err(ReceiveError::Store)?;
        let mut scratch = files::scratch(&self.folder).map_err(ReceiveError::Store)?;
        let received = match open::open(identities, workers, kept, &mut scratch).map_err(ReceiveError::Open)? {
            Opened::Contents(contents) => {
                staging.extract(&contents, &mut scratch).map_err(ReceiveError::Store)?;
                Received::New { id, manifest: contents.manifest().clone() }
            }
            Opened::Odd(odd) if quarantined => return Ok(Received::Quarantined { id, odd }),
            Opened::Odd(odd) => {
                staging.quarantine(&mut scratch).map_err(ReceiveError::Store)?;
                Received::Quarantined { id, odd }
            }
        };
        if quarantined {
            staging.replace_case(&case).map_err(ReceiveError::Store)?;
        } else {
            staging.become_case(&case).map_err(ReceiveError::Store)?;
        }
        Ok(received)
    }

    fn clear_staging(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with(STAGING_PREFIX) {
                fs::remove_dir_all(entry.path())?;
            }
        }
        Ok(())
    }
}

/// A case in the making, removed unless it becomes one.
struct Staging {
    path: PathBuf,
    done: bool,
}

impl Staging {
    fn new(store: &Path) -> io::Result<Self> {
        let path = store.join(format!("{STAGING_PREFIX}{}", files::random_name()?));
        files::make_folder(&path)?;
        Ok(Self { path, done: false })
    }

    /// Copies the sealed file in, and names the case from what was copied.
    fn keep_sealed(&self, sealed: &mut impl Read) -> Result<CaseId, ReceiveError> {
        let mut file = self.new_file(SEALED).map_err(ReceiveError::Store)?;
        let mut hashing = Hashing::new(sealed);
        files::copy(&mut hashing, &mut file, ReceiveError::Read, ReceiveError::Store)?;
        file.commit().map_err(ReceiveError::Store)?;
        let hex = hashing.digest().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        Ok(CaseId(hex))
    }

    /// Writes out what the bundle holds: only from contents that were checked whole.
    fn extract(&self, contents: &Contents, scratch: &mut File) -> io::Result<()> {
        self.extract_one(MANIFEST, contents.manifest_entry(), scratch)?;
        if contents.entries().iter().any(|entry| entry.name.starts_with(ATTACHMENTS)) {
            files::make_folder(&self.path.join(ATTACHMENTS))?;
        }
        for entry in contents.entries() {
            self.extract_one(&entry.name, entry, scratch)?;
        }
        Ok(())
    }

    fn extract_one(&self, name: &str, entry: &Entry, scratch: &mut File) -> io::Result<()> {
        scratch.seek(SeekFrom::Start(entry.at))?;
        let mut file = self.new_file(name)?;
        copy(&mut scratch.take(entry.len), &mut file, entry.len)?;
        file.commit()
    }

    fn quarantine(&self, scratch: &mut File) -> io::Result<()> {
        files::make_folder(&self.path.join(QUARANTINE))?;
        let len = scratch.seek(SeekFrom::End(0))?;
        scratch.seek(SeekFrom::Start(0))?;
        let mut file = self.new_file(&format!("{QUARANTINE}/contents.tar"))?;
        copy(scratch, &mut file, len)?;
        file.commit()
    }

    fn new_file(&self, name: &str) -> io::Result<NewFile> {
        Ok(NewFile::create(&self.path.join(name))?.read_only().synced_later())
    }

    /// Takes the place of a case in quarantine, which goes the way of a staging folder.
    fn replace_case(self, case: &Path) -> io::Result<()> {
        files::sync_file_system(&self.path)?;
        files::exchange(&self.path, case)?;
        files::sync_folder(case.parent().unwrap_or(Path::new(".")))
    }

    fn become_case(mut self, case: &Path) -> io::Result<()> {
        files::sync_file_system(&self.path)?;
        files::rename_new(&self.path, case)?;
        self.done = true;
        files::sync_folder(case.parent().unwrap_or(Path::new(".")))
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.done {
            // If this fails the next program to open the store clears it away.
            drop(fs::remove_dir_all(&self.path));
        }
    }
}

/// Copies exactly `len` bytes.
fn copy(from: &mut impl Read, to: &mut impl Write, len: u64) -> io::Result<()> {
    let copied = files::copy(from, to, |error| error, |error| error)?;
    if copied == len { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}
