//! Files that are written whole or not at all, and never over another.

use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rustix::fs::{Mode, OFlags};

use super::{random_name, rename_new, sync_folder};
use crate::clean::Output;

/// A file that appears under its name only when it is whole.
///
/// On Linux it has no name at all until then, so that nothing is left even if the program is killed.
/// Where the file system cannot do that, it stands beside under a temporary name, which is removed on
/// failure and on the signals that end a program.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    path: PathBuf,
    read_only: bool,
    sync: Sync,
    temporary: Option<Temporary>,
}

/// When a new file is written out to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sync {
    /// Before it gets its name.
    Now,
    /// By [`super::sync_file_system`], for all files of a folder at once.
    Later,
}

impl NewFile {
    /// Begins a file at `path`, readable by its owner alone.
    ///
    /// # Errors
    /// [`io::ErrorKind::AlreadyExists`] if anything has that name, and whatever kept it from being made.
    pub fn create(path: &Path) -> io::Result<Self> {
        if fs::symlink_metadata(path).is_ok() {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        if path.file_name().is_none() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        Self::begin(path)
    }

    /// Begins a file in `folder` that gets its name from [`NewFile::commit_as`].
    ///
    /// # Errors
    /// Whatever kept it from being made.
    pub fn create_in(folder: &Path) -> io::Result<Self> {
        Self::begin(&folder.join("new"))
    }

    fn begin(path: &Path) -> io::Result<Self> {
        let (file, temporary) = match unnamed(folder_of(path))? {
            Some(file) => (file, None),
            None => {
                let (file, temporary) = Temporary::create(path)?;
                (file, Some(temporary))
            }
        };
        Ok(Self { file, path: path.to_owned(), read_only: false, sync: Sync::Now, temporary })
    }

    /// Makes the finished file read-only, where the file system knows such a thing.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Leaves it to [`super::sync_file_system`] to write the file out: for many files that count only together.
    #[must_use]
    pub fn synced_later(mut self) -> Self {
        self.sync = Sync::Later;
        self
    }

    /// Writes it out to the disk and gives it its name, unless something else has that by now.
    ///
    /// # Errors
    /// As for [`NewFile::create`]; then no file is left, unless only writing out its folder failed.
    pub fn commit(self) -> io::Result<()> {
        let (path, sync) = (self.path.clone(), self.sync);
        self.commit_as(&path)?;
        match sync {
            Sync::Now => sync_folder(folder_of(&path)),
            Sync::Later => Ok(()),
        }
    }

    /// As [`NewFile::commit`], under a name in the same folder that is known only now; that folder is left
    /// to [`super::sync_file_system`].
    ///
    /// # Errors
    /// As for [`NewFile::create`]; then no file is left.
    pub fn commit_as(self, path: &Path) -> io::Result<()> {
        if self.read_only {
            rustix::fs::fchmod(&self.file, Mode::RUSR).ok();
        }
        if self.sync == Sync::Now {
            self.file.sync_all()?;
        }
        match self.temporary {
            None => link(&self.file, path),
            Some(temporary) => temporary.rename(path),
        }
    }
}

impl Write for NewFile {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.file.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Output for NewFile {
    fn restart(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.file.seek(SeekFrom::Start(0)).map(drop)
    }
}

/// A file without a name, to write and read again, in `folder`. It vanishes with the program, however
/// that ends; where the file system has no such files, with its name, right after it was made.
///
/// # Errors
/// Whatever kept it from being made.
pub fn scratch(folder: &Path) -> io::Result<File> {
    if let Some(file) = unnamed(folder)? {
        return Ok(file);
    }
    let (file, temporary) = Temporary::create(&folder.join("scratch"))?;
    drop(temporary);
    Ok(file)
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// An unnamed file (`O_TMPFILE`); `None` where the system or the file system has none.
#[cfg(target_os = "linux")]
fn unnamed(folder: &Path) -> io::Result<Option<File>> {
    use rustix::io::Errno;
    let flags = OFlags::TMPFILE | OFlags::RDWR | OFlags::CLOEXEC;
    let file = match rustix::fs::open(folder, flags, Mode::RUSR | Mode::WUSR) {
        Ok(fd) => File::from(fd),
        Err(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => return Ok(None),
        Err(errno) => return Err(errno.into()),
    };
    // Naming it later goes through /proc, which a bare environment may not have.
    Ok(proc_path(&file).exists().then_some(file))
}

#[cfg(not(target_os = "linux"))]
fn unnamed(_folder: &Path) -> io::Result<Option<File>> {
    Ok(None)
}

#[cfg(target_os = "linux")]
fn proc_path(file: &File) -> PathBuf {
    use std::os::fd::AsRawFd;
    PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()))
}

#[cfg(target_os = "linux")]
fn link(file: &File, path: &Path) -> io::Result<()> {
    use rustix::fs::{AtFlags, CWD, linkat};
    Ok(linkat(CWD, proc_path(file), CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn link(_file: &File, _path: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A file beside its final name, removed unless it is renamed to it.
#[derive(Debug)]
struct Temporary {
    path: Option<PathBuf>,
}

/// The temporary names that a signal must remove.
static PENDING: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

impl Temporary {
    fn create(path: &Path) -> io::Result<(File, Self)> {
        remove_on_signals()?;
        let mut name = OsString::from(".");
        name.push(path.file_name().unwrap_or(OsStr::new("new")));
        name.push(format!(".{}.part", random_name()?));
        let temporary = folder_of(path).join(name);
        pending().insert(temporary.clone());
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&temporary)?;
        Ok((file, Self { path: Some(temporary) }))
    }

    fn rename(mut self, to: &Path) -> io::Result<()> {
        if let Some(from) = self.path.take() {
            let renamed = rename_new(&from, to);
            if renamed.is_err() {
                self.path = Some(from);
            } else {
                pending().remove(&from);
            }
            return renamed;
        }
        Ok(())
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if let Some(path) = self.path.take() {
            // Nothing better can be done about a failure here, and the first error is already being told.
            drop(fs::remove_file(&path));
            pending().remove(&path);
        }
    }
}

fn pending() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    PENDING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on the signals that end a program remove the temporary file first.
fn remove_on_signals() -> io::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use std::sync::Once;
    static STARTED: Once = Once::new();
    let mut result = Ok(());
    STARTED.call_once(|| match signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM]) {
        Ok(mut signals) => drop(std::thread::spawn(move || {
            if let Some(signal) = signals.forever().next() {
                for path in pending().iter() {
                    drop(fs::remove_file(path));
                }
                drop(signal_hook::low_level::emulate_default_handler(signal));
            }
        })),
        Err(error) => result = Err(error),
    });
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<OsString> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    }

    #[test]
    fn a_file_appears_only_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let mut file = NewFile::create(&path).unwrap();
        file.write_all(b"abc").unwrap();
        assert!(!path.exists());
        file.commit().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"abc");
        assert_eq!(names(folder.path()), ["out"]);
    }

    #[test]
    fn the_way_round_for_other_file_systems_leaves_one_file_or_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let (file, temporary) = Temporary::create(&path).unwrap();
        drop((file, temporary));
        assert!(names(folder.path()).is_empty());
        let (mut file, temporary) = Temporary::create(&path).unwrap();
        file.write_all(b"abc").unwrap();
        temporary.rename(&path).unwrap();
        assert_eq!(names(folder.path()), ["out"]);
        let (_, temporary) = Temporary::create(&path).unwrap();
        assert_eq!(temporary.rename(&path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(names(folder.path()), ["out"]);
        assert_eq!(fs::read(&path).unwrap(), b"abc");
    }

    #[test]
    fn what_came_to_stand_there_meanwhile_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out");
        let file = NewFile::create(&path).unwrap();
        fs::write(&path, "theirs").unwrap();
        assert_eq!(file.commit().unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(NewFile::create(&path).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        assert_eq!(names(folder.path()), ["out"]);
    }
}
