//! Walks a produced archive from its first byte to its last: plain headers whose fields are all constant but name, size
//! and sum, members that their own verifiers accept, zeros. Written from POSIX.1-2024, not from the writer.

use std::io::{self, Read};

use crate::clean::produced::Produced;
use crate::clean::{Unaccounted, archive};
use crate::limits;

pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    verify_at(produced, 0)
}

/// Verifies an archive that stands `depth` deep in others.
pub(in crate::clean) fn verify_at(produced: &mut dyn Read, depth: usize) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    let mut names = std::collections::BTreeSet::new();
    loop {
        let block: [u8; 512] = produced.array()?;
        if block == [0; 512] {
            break;
        }
        let Some((name, len)) = fields(&block) else { return produced.wrong("header") };
        if !names.insert(name.clone()) || names.len() > limits::TAR_HEADERS_MAX {
            return produced.wrong("member");
        }
        let mut content = Content { produced: &mut produced, left: len };
        archive::verify(&name, &mut content, depth)?;
        if content.left > 0 {
            return produced.wrong("member");
        }
        let over = len % 512;
        let padding = if over == 0 { 0 } else { 512_u64.saturating_sub(over) };
        produced.expect(&vec![0; usize::try_from(padding).unwrap_or(0)], "padding")?;
    }
    if names.is_empty() {
        return produced.wrong("no member");
    }
    produced.expect(&[0; 512], "end of the archive")?;
    produced.end("bytes after the end")
}

/// Name and size of a header, if all else in it is what it must be.
fn fields(block: &[u8; 512]) -> Option<(String, u64)> {
    let (name, rest) = block.split_first_chunk::<100>()?;
    let len = name.iter().position(|&byte| byte == 0).unwrap_or(100);
    let (name, zeros) = name.split_at_checked(len)?;
    let rest = rest.strip_prefix(b"0000644\x000000000\x000000000\0")?;
    let (size, rest) = rest.split_first_chunk::<12>()?;
    let rest = rest.strip_prefix(b"00000000000\0")?;
    let (sum, rest) = rest.split_first_chunk::<8>()?;
    let rest = rest.strip_prefix(b"0")?;
    let (link, rest) = rest.split_first_chunk::<100>()?;
    let rest = rest.strip_prefix(b"ustar\x0000")?;
    if [zeros, link, rest].concat().iter().any(|&byte| byte != 0) {
        return None;
    }
    let all: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    let own: u32 = sum.iter().map(|&byte| u32::from(byte)).sum();
    // Eight blanks stand for the sum in the sum.
    if format!("{:06o}\0 ", all.checked_sub(own)?.checked_add(256)?).as_bytes() != sum {
        return None;
    }
    let (digits, [0]) = size.split_first_chunk::<11>()? else { return None };
    if !digits.iter().all(|byte| matches!(byte, b'0'..=b'7')) {
        return None;
    }
    let size = u64::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()?;
    Some((String::from_utf8(name.to_vec()).ok()?, size))
}

/// The content of a member on its way.
struct Content<'s, 'r> {
    produced: &'s mut Produced<'r>,
    left: u64,
}

impl Read for Content<'_, '_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = buf.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let missing = |_| io::Error::from(io::ErrorKind::UnexpectedEof);
        let buffered = self.produced.buffered().map_err(missing)?;
        let len = most.min(buffered.len());
        let (Some(to), Some(from)) = (buf.get_mut(..len), buffered.get(..len)) else { return Ok(0) };
        to.copy_from_slice(from);
        self.produced.consume(len);
        self.left = self.left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
        Ok(len)
    }
}
