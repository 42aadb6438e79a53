//! Headers of the ustar subset, made and read. Every field has one meaning here, or the header is odd.

/// A tar block, in bytes.
pub(super) const BLOCK_BYTES: u64 = 512;
/// The end marker: two zero blocks.
pub(super) const END_BYTES: u64 = 1024;
/// The largest size that fits eleven octal digits.
const OCTAL_MAX: u64 = 0o777_7777_7777;

/// One header block.
pub(super) type Block = [u8; 512];

/// The header of a regular file; `None` if the name does not fit its fields.
pub(super) fn header(name: &str, size: u64) -> Option<Block> {
    // Only kept names can be longer than the name field; then the folder goes into the prefix field.
    let (prefix, name) = if name.len() <= 100 { ("", name) } else { name.split_once('/')? };
    let mut block = [0; 512];
    put(&mut block, NAME, name.as_bytes())?;
    put(&mut block, MODE, b"0000600\0")?;
    put(&mut block, UID, b"0000000\0")?;
    put(&mut block, GID, b"0000000\0")?;
    put(&mut block, SIZE, &size_field(size))?;
    put(&mut block, MTIME, b"00000000000\0")?;
    put(&mut block, TYPE, b"0")?;
    put(&mut block, MAGIC, b"ustar\x0000")?;
    put(&mut block, DEVICES, b"0000000\x000000000\0")?;
    put(&mut block, PREFIX, prefix.as_bytes())?;
    let sum = format!("{:06o}\0 ", checksum(&block));
    put(&mut block, CHECKSUM, sum.as_bytes())?;
    Some(block)
}

/// Zero bytes that follow content of `size` bytes.
pub(super) fn padding(size: u64) -> u64 {
    size.next_multiple_of(BLOCK_BYTES).saturating_sub(size)
}

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) size: u64,
}

/// Reads a header block of the subset; the error names the field that is odd.
pub(super) fn parse(block: &Block) -> Result<Header, &'static str> {
    let magic = field(block, MAGIC);
    if magic != b"ustar\x0000" && magic != b"ustar  \0" {
        return Err("not a ustar header");
    }
    if octal(field(block, CHECKSUM)) != Some(checksum(block)) {
        return Err("checksum");
    }
    if !matches!(field(block, TYPE), b"0" | b"\0") {
        return Err("not a regular file");
    }
    if octal(field(block, MODE)) != Some(0o600) {
        return Err("mode");
    }
    if [UID, GID, MTIME].iter().any(|&at| octal(field(block, at)) != Some(0)) {
        return Err("owner or time");
    }
    let devices = field(block, DEVICES);
    if [LINK, OWNERS, TAIL].iter().any(|&at| field(block, at).iter().any(|&byte| byte != 0))
        || !devices.iter().all(|&byte| byte == 0 || byte == b'0')
    {
        return Err("link, owner or device");
    }
    let name = text(field(block, NAME)).ok_or("name")?;
    let prefix = text(field(block, PREFIX)).ok_or("name")?;
    let name = if prefix.is_empty() { name.to_owned() } else { format!("{prefix}/{name}") };
    let size = size(field(block, SIZE)).ok_or("size")?;
    Ok(Header { name, size })
}

/// Offset and length of a field.
type Field = (usize, usize);
const NAME: Field = (0, 100);
const MODE: Field = (100, 8);
const UID: Field = (108, 8);
const GID: Field = (116, 8);
const SIZE: Field = (124, 12);
const MTIME: Field = (136, 12);
const CHECKSUM: Field = (148, 8);
const TYPE: Field = (156, 1);
const LINK: Field = (157, 100);
const MAGIC: Field = (257, 8);
const OWNERS: Field = (265, 64);
const DEVICES: Field = (329, 16);
const PREFIX: Field = (345, 155);
const TAIL: Field = (500, 12);

fn put(block: &mut Block, (at, len): Field, bytes: &[u8]) -> Option<()> {
    if bytes.len() > len {
        return None;
    }
    block.get_mut(at..)?.get_mut(..bytes.len())?.copy_from_slice(bytes);
    Some(())
}

fn field(block: &Block, (at, len): Field) -> &[u8] {
    block.get(at..).and_then(|rest| rest.get(..len)).unwrap_or_default()
}

/// The sum of all bytes, with the checksum field taken as blanks.
fn checksum(block: &Block) -> u64 {
    let (at, len) = CHECKSUM;
    block.iter().enumerate().fold(0, |sum: u64, (index, &byte)| {
        let inside = index.checked_sub(at).is_some_and(|offset| offset < len);
        sum.saturating_add(u64::from(if inside { b' ' } else { byte }))
    })
}

fn size_field(size: u64) -> [u8; 12] {
    let mut field = [0; 12];
    if size <= OCTAL_MAX {
        let digits = format!("{size:011o}\0");
        field.copy_from_slice(digits.as_bytes());
    } else {
        // Base-256: the high bit of the first byte, then the number, big-endian.
        let (head, number) = field.split_at_mut(4);
        head.copy_from_slice(&[0x80, 0, 0, 0]);
        number.copy_from_slice(&size.to_be_bytes());
    }
    field
}

fn size(field: &[u8]) -> Option<u64> {
    match field.split_first_chunk::<4>() {
        Some((&[0x80, 0, 0, 0], number)) => Some(u64::from_be_bytes(number.try_into().ok()?)),
        _ => octal(field),
    }
}

/// Octal digits, perhaps after blanks, ended by blanks or NULs only.
fn octal(field: &[u8]) -> Option<u64> {
    let trimmed = field.trim_ascii_start();
    let digits = trimmed.iter().take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    let (digits, rest) = trimmed.split_at_checked(digits)?;
    if digits.is_empty() || rest.iter().any(|&byte| byte != 0 && byte != b' ') {
        return None;
    }
    u64::from_str_radix(std::str::from_utf8(digits).ok()?, 8).ok()
}

/// UTF-8 up to the first NUL, after which there are only NULs.
fn text(field: &[u8]) -> Option<&str> {
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    let (name, rest) = field.split_at_checked(end)?;
    if rest.iter().any(|&byte| byte != 0) {
        return None;
    }
    std::str::from_utf8(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_reads_back_as_it_was_made() {
        let long = format!("attachments/{}", "ж".repeat(50));
        for name in ["manifest.json", "attachments/01.jpg", &long] {
            for size in [0, 1, 511, 512, OCTAL_MAX, OCTAL_MAX + 1, 1 << 40, u64::MAX] {
                let block = header(name, size).unwrap();
                assert_eq!(parse(&block), Ok(Header { name: name.to_owned(), size }));
            }
        }
    }

    #[test]
    fn another_tar_reads_the_header_alike() {
        let long = format!("attachments/{}", "a".repeat(100));
        for (name, size) in [("attachments/01.jpg", 5), (long.as_str(), OCTAL_MAX + 1)] {
            let block = header(name, size).unwrap();
            let other = tar::Header::from_byte_slice(&block);
            assert_eq!(other.path().unwrap().to_str(), Some(name));
            assert_eq!(other.size().unwrap(), size);
            assert_eq!(other.mode().unwrap(), 0o600);
            assert_eq!((other.uid().unwrap(), other.gid().unwrap(), other.mtime().unwrap()), (0, 0, 0));
            assert_eq!(other.entry_type(), tar::EntryType::Regular);
            let mut resummed = other.clone();
            resummed.set_cksum();
            assert_eq!(resummed.cksum().unwrap(), other.cksum().unwrap());
        }
    }

    #[test]
    fn a_name_that_does_not_fit_has_no_header() {
        assert_eq!(header(&format!("attachments/{}", "a".repeat(101)), 0), None);
        assert_eq!(header(&"a".repeat(101), 0), None);
    }

    #[test]
    fn every_changed_byte_of_a_header_is_noticed() {
        let block = header("attachments/01.jpg", 12345).unwrap();
        for at in 0..block.len() {
            let mut changed = block;
            changed[at] ^= 0x01;
            assert!(parse(&changed).is_err(), "byte {at}");
        }
    }
}
