//! One header block: read in any of the forms that are in use, written in one. Believes only a block whose sum is right.

/// A block of a tar archive.
pub(super) type Block = [u8; 512];

/// What a header says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) mode: u64,
    pub(super) owner: u64,
    pub(super) group: u64,
    pub(super) owner_name: String,
    pub(super) group_name: String,
    pub(super) len: u64,
    pub(super) time: u64,
    pub(super) kind: u8,
    /// Whether there are bytes where fields have ended.
    pub(super) has_slack: bool,
}

/// Offset and length of a field.
type Field = (usize, usize);
const NAME: Field = (0, 100);
const MODE: Field = (100, 8);
const OWNER: Field = (108, 8);
const GROUP: Field = (116, 8);
const LEN: Field = (124, 12);
const TIME: Field = (136, 12);
const SUM: Field = (148, 8);
const KIND: Field = (156, 1);
const MAGIC: Field = (257, 8);
const OWNER_NAME: Field = (265, 32);
const GROUP_NAME: Field = (297, 32);
const PREFIX: Field = (345, 155);

/// The magic and version of ustar.
const USTAR: &[u8] = b"ustar\x0000";

impl Header {
    /// `None` if the sum is not that of the block, or a field is no number.
    pub(super) fn read(block: &Block) -> Option<Self> {
        let sum = number(field(block, SUM))?;
        if sum != sum_of(block, i64::from) && sum != sum_of(block, |byte| i64::from(i8::from_ne_bytes([byte]))) {
            return None;
        }
        let is_ustar = field(block, MAGIC) == USTAR;
        let is_gnu = field(block, MAGIC) == b"ustar  \0";
        let (name, mut has_slack) = text(field(block, NAME));
        let (prefix, in_prefix) = if is_ustar { text(field(block, PREFIX)) } else { (String::new(), false) };
        has_slack |= in_prefix || field(block, (500, 12)).iter().any(|&byte| byte != 0);
        let names = |at| if is_ustar || is_gnu { text(field(block, at)) } else { (String::new(), false) };
        let ((owner_name, one), (group_name, other)) = (names(OWNER_NAME), names(GROUP_NAME));
        Some(Self {
            name: if prefix.is_empty() { name } else { format!("{prefix}/{name}") },
            mode: number(field(block, MODE))?,
            owner: number(field(block, OWNER))?,
            group: number(field(block, GROUP))?,
            owner_name,
            group_name,
            len: number(field(block, LEN))?,
            time: number(field(block, TIME))?,
            kind: field(block, KIND).first().copied().unwrap_or(0),
            has_slack: has_slack || one || other,
        })
    }
}

/// The header of a regular file; `None` if its name or length does not fit.
pub(super) fn written(name: &str, len: u64) -> Option<Block> {
    let len = format!("{len:011o}\0");
    let mut block = [0; 512];
    put(&mut block, NAME, name.as_bytes())?;
    put(&mut block, MODE, b"0000644\0")?;
    put(&mut block, OWNER, b"0000000\0")?;
    put(&mut block, GROUP, b"0000000\0")?;
    put(&mut block, LEN, len.as_bytes())?;
    put(&mut block, TIME, b"00000000000\0")?;
    put(&mut block, KIND, b"0")?;
    put(&mut block, MAGIC, USTAR)?;
    let sum = sum_of(&block, i64::from);
    put(&mut block, SUM, format!("{sum:06o}\0 ").as_bytes())?;
    Some(block)
}

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

/// The sum of all bytes, with the field for it taken as blanks. Some writers took bytes for signed.
fn sum_of(block: &Block, value: fn(u8) -> i64) -> u64 {
    let (at, len) = SUM;
    let sum = block.iter().enumerate().fold(0_i64, |sum, (index, &byte)| {
        let inside = index.checked_sub(at).is_some_and(|offset| offset < len);
        sum.saturating_add(value(if inside { b' ' } else { byte }))
    });
    u64::try_from(sum).unwrap_or(u64::MAX)
}

/// Octal digits between blanks and NULs, of which there may be none; or, marked by a high bit, a number as GNU tar and
/// star write what does not fit.
fn number(field: &[u8]) -> Option<u64> {
    if let Some((&first, rest)) = field.split_first()
        && first & 0x80 != 0
    {
        // A time before 1970 is negative there; for all else that makes no sense.
        if first == 0xFF {
            return Some(0);
        }
        return rest
            .iter()
            .try_fold(u64::from(first & 0x7F), |sum, &byte| sum.checked_mul(256)?.checked_add(byte.into()));
    }
    let blank = |byte: &u8| matches!(byte, b' ' | 0);
    let start = field.iter().position(|byte| !blank(byte)).unwrap_or(field.len());
    let digits = field.get(start..)?;
    let end = digits.iter().position(blank).unwrap_or(digits.len());
    let (digits, rest) = digits.split_at_checked(end)?;
    if !rest.iter().all(blank) {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, &byte| match byte {
        b'0'..=b'7' => sum.checked_mul(8)?.checked_add(byte.saturating_sub(b'0').into()),
        _ => None,
    })
}

/// Text up to the first NUL, and whether there is anything but NULs behind it.
pub(super) fn text(field: &[u8]) -> (String, bool) {
    let end = field.iter().position(|&byte| byte == 0).unwrap_or(field.len());
    let (text, rest) = field.split_at_checked(end).unwrap_or_default();
    (String::from_utf8_lossy(text).into_owned(), rest.iter().any(|&byte| byte != 0))
}
