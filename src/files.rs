//! Files as both programs handle them: opened without surprises, written whole or not at all, never
//! overwritten. Knows nothing of what is in them.

#![expect(clippy::disallowed_methods, reason = "the one room where files are opened and made")]

mod new_file;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{FileTypeExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use ring::rand::{SecureRandom, SystemRandom};
use rustix::fs::{Mode, OFlags};
use zeroize::Zeroizing;

use crate::clean::{Original, Reader};

pub use new_file::{NewFile, scratch};

/// A file on disk as the cleaner wants it.
#[derive(Clone, Debug)]
pub struct OnDisk(pub PathBuf);

impl Original for OnDisk {
    fn open(&self) -> io::Result<Box<dyn Reader>> {
        Ok(Box::new(open(&self.0)?))
    }
}

/// Opens a regular file for reading. Never waits, as opening a FIFO would.
///
/// # Errors
/// [`io::ErrorKind::IsADirectory`] for a folder, [`io::ErrorKind::Unsupported`] for a device, FIFO or
/// socket, and whatever else kept it from being opened.
pub fn open(path: &Path) -> io::Result<File> {
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(fd) => File::from(fd),
        // A socket cannot be opened at all.
        Err(_) if fs::metadata(path).is_ok_and(|meta| meta.file_type().is_socket()) => {
            return Err(io::ErrorKind::Unsupported.into());
        }
        Err(errno) => return Err(errno.into()),
    };
    let kind = file.metadata()?.file_type();
    if kind.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    if !kind.is_file() {
        return Err(io::ErrorKind::Unsupported.into());
    }
    Ok(file)
}

/// All of a stream that should be small.
///
/// # Errors
/// [`io::ErrorKind::FileTooLarge`] above `max` bytes.
pub fn read_bounded(stream: impl Read, max: u64) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut stream = stream.take(max.saturating_add(1));
    let mut bytes = Zeroizing::new(Vec::with_capacity(64 * 1024));
    let mut buf = Zeroizing::new([0; 16 * 1024]);
    loop {
        let n = match stream.read(&mut buf[..]) {
            Ok(0) => break,
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if bytes.capacity().saturating_sub(bytes.len()) < n {
            // Grown by hand: a vector that grows itself leaves a copy behind that nobody wipes.
            let mut larger = Zeroizing::new(Vec::with_capacity(bytes.capacity().saturating_mul(2)));
            larger.extend_from_slice(&bytes);
            bytes = larger;
        }
        bytes.extend_from_slice(buf.get(..n).unwrap_or_default());
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > max {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    Ok(bytes)
}

/// Copies all of `from`, through a buffer that is wiped; the two functions say whose error it was.
///
/// # Errors
/// Whatever either side reports.
pub fn copy<E>(
    from: &mut impl Read,
    to: &mut impl Write,
    reading: impl Fn(io::Error) -> E,
    writing: impl Fn(io::Error) -> E,
) -> Result<u64, E> {
    // Wiping takes its time byte by byte, and most files are small.
    let mut buf = Zeroizing::new(vec![0; 64 * 1024]);
    let mut copied = 0u64;
    loop {
        let n = match from.read(&mut buf) {
            Ok(0) => return Ok(copied),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(reading(error)),
        };
        to.write_all(buf.get(..n).unwrap_or_default()).map_err(&writing)?;
        copied = copied.saturating_add(u64::try_from(n).unwrap_or(u64::MAX));
    }
}

/// Makes a folder that only its owner can enter, with those above it, if it is not there.
///
/// # Errors
/// Whatever kept it from being made.
pub fn make_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Waits until everything on the file system of `folder` is on the disk: one wait instead of two a file.
///
/// # Errors
/// Whatever the disk reports.
#[cfg(target_os = "linux")]
pub fn sync_file_system(folder: &Path) -> io::Result<()> {
    Ok(rustix::fs::syncfs(File::open(folder)?)?)
}

/// Waits until everything on every file system is on the disk.
///
/// # Errors
/// None; this system reports none.
#[cfg(not(target_os = "linux"))]
pub fn sync_file_system(_folder: &Path) -> io::Result<()> {
    rustix::fs::sync();
    Ok(())
}

/// Waits until the names in a folder are on the disk.
///
/// # Errors
/// Whatever the disk reports.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    match File::open(path)?.sync_all() {
        // Some file systems cannot sync a folder; they keep names safe in their own way.
        Err(error) if matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported) => Ok(()),
        result => result,
    }
}

/// Gives a folder its final name, unless something has it.
///
/// # Errors
/// [`io::ErrorKind::AlreadyExists`], and whatever else kept it from being renamed.
pub fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Ok(()) => Ok(()),
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            if fs::symlink_metadata(to).is_ok() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(from, to)
        }
        Err(errno) => Err(errno.into()),
    }
}

/// Exchanges two names at once.
///
/// # Errors
/// Where the file system cannot do that; then both are as they were.
#[cfg(target_os = "linux")]
pub fn exchange(one: &Path, other: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

/// Exchanges two names at once.
///
/// # Errors
/// Always: this system cannot do that.
#[cfg(not(target_os = "linux"))]
pub fn exchange(_one: &Path, _other: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// A file to lock, made if it is not there.
///
/// # Errors
/// Whatever kept it from being opened.
pub fn lock_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

/// Random letters for a name that must not exist yet.
///
/// # Errors
/// If the system gives no random bytes.
pub fn random_name() -> io::Result<String> {
    let mut bytes = [0; 4];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::from(io::ErrorKind::Other))?;
    Ok(format!("{:08x}", u32::from_be_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_open_and_a_fifo_does_not_wait() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("fifo");
        rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, Mode::RUSR, 0).unwrap();
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        assert_eq!(open(&fifo).unwrap_err().kind(), io::ErrorKind::Unsupported);
        assert_eq!(open(&socket).unwrap_err().kind(), io::ErrorKind::Unsupported);
        assert_eq!(open(Path::new("/dev/zero")).unwrap_err().kind(), io::ErrorKind::Unsupported);
        assert_eq!(open(folder.path()).unwrap_err().kind(), io::ErrorKind::IsADirectory);
        assert_eq!(open(&folder.path().join("none")).unwrap_err().kind(), io::ErrorKind::NotFound);
    }

    #[test]
    fn a_small_stream_is_read_up_to_the_limit() {
        for (len, accepted) in [(9, true), (10, true), (11, false)] {
            assert_eq!(read_bounded(&vec![0; len][..], 10).is_ok(), accepted);
        }
    }
}
