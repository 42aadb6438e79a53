//! ICC profiles in a codestream (18181-1, E.4): unpacks any, packs a canonical one in one plain form. Judges none.

use super::bits::{Bits, Reading, Wrong};
use crate::clean::Reason;
use crate::limits;

const PART: &str = "ICC profile";

/// Contexts of its symbols.
const CONTEXTS: u32 = 41;
/// Bytes of a profile's own header.
const HEADER_BYTES: usize = 128;

/// The profile that stands where `reading` is.
pub(super) fn read(reading: &mut Reading<'_>) -> Result<Vec<u8>, Wrong> {
    let len = reading.u64(PART)?;
    let len = usize::try_from(len).ok().filter(|len| *len <= limits::JXL_PROFILE_BYTES_MAX);
    let len = len.ok_or(Wrong(Reason::TooLarge, PART))?;
    let mut decoder = reading.decoder(CONTEXTS, PART)?;
    let mut packed: Vec<u8> = Vec::new();
    let (mut last, mut before) = (0, 0);
    for place in 0..len {
        let symbol = reading.symbol(&mut decoder, context(place, last, before), PART)?;
        let byte = u8::try_from(symbol).map_err(|_| Wrong(Reason::Damaged, PART))?;
        packed.push(byte);
        (last, before) = (byte, last);
    }
    decoder.finalize().map_err(|_| Wrong(Reason::Damaged, PART))?;
    unpacked(&packed).ok_or(Wrong(Reason::Damaged, PART))
}

/// E.4.1.
fn context(place: usize, last: u8, before: u8) -> u32 {
    if place <= HEADER_BYTES {
        return 0;
    }
    let first = match last {
        b'a'..=b'z' | b'A'..=b'Z' => 0,
        b'0'..=b'9' | b'.' | b',' => 1,
        0 => 2,
        1 => 3,
        2..=15 => 4,
        241..=254 => 5,
        255 => 6,
        _ => 7,
    };
    let second: u32 = match before {
        b'a'..=b'z' | b'A'..=b'Z' => 0,
        b'0'..=b'9' | b'.' | b',' => 1,
        0..=15 => 2,
        241..=255 => 3,
        _ => 4,
    };
    second.saturating_mul(8).saturating_add(first).saturating_add(1)
}

/// Bytes that are taken from the front.
struct Taken<'a>(&'a [u8]);

impl<'a> Taken<'a> {
    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*byte)
    }

    fn bytes(&mut self, len: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(bytes)
    }

    /// A length in groups of seven bits.
    fn length(&mut self) -> Option<usize> {
        let mut value: usize = 0;
        for group in 0..4_u32 {
            let byte = self.byte()?;
            value |= usize::from(byte & 0x7F).wrapping_shl(group.saturating_mul(7));
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }
}

/// E.4.2 to E.4.5.
fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let mut rest = Taken(packed);
    let len = rest.length().filter(|len| *len <= limits::JXL_PROFILE_BYTES_MAX)?;
    let commands_len = rest.length()?;
    let mut commands = Taken(rest.bytes(commands_len)?);
    let mut data = rest;
    let header = data.bytes(len.min(HEADER_BYTES))?;
    let mut profile = Vec::new();
    for (place, byte) in header.iter().enumerate() {
        profile.push(byte.wrapping_add(predicted(place, len, &profile)));
    }
    if len > HEADER_BYTES {
        tags(&mut commands, &mut data, &mut profile)?;
        while let Some(command) = commands.byte() {
            run(command, &mut commands, &mut data, &mut profile)?;
            if profile.len() > len {
                return None;
            }
        }
    }
    (profile.len() == len).then_some(profile)
}

/// E.4.3: what a header usually has.
fn predicted(place: usize, len: usize, before: &[u8]) -> u8 {
    let had = |at: usize| before.get(at).copied().unwrap_or(0);
    let letter = |letters: &[u8], from: usize| place.checked_sub(from).and_then(|at| letters.get(at)).copied();
    let size = u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes();
    let platform: &[u8] = match (had(40), had(41)) {
        (b'A', _) => b"APPL",
        (b'M', _) => b"MSFT",
        (b'S', b'G') => b"SGI ",
        (b'S', b'U') => b"SUNW",
        _ => &[],
    };
    match place {
        0..=3 => letter(&size, 0).unwrap_or(0),
        8 => 4,
        12..=23 => letter(b"mntrRGB XYZ ", 12).unwrap_or(0),
        36..=39 => letter(b"acsp", 36).unwrap_or(0),
        41..=43 => letter(platform, 40).unwrap_or(0),
        70 => 246,
        71 => 214,
        73 => 1,
        78 => 211,
        79 => 45,
        80..=83 => had(place.saturating_sub(76)),
        _ => 0,
    }
}

const TAGS: [&[u8; 4]; 19] = [
    b"rTRC", b"rXYZ", b"cprt", b"wtpt", b"bkpt", b"rXYZ", b"gXYZ", b"bXYZ", b"kXYZ", b"rTRC", b"gTRC", b"bTRC",
    b"kTRC", b"chad", b"desc", b"chrm", b"dmnd", b"dmdd", b"lumi",
];

/// E.4.4: the table of tags, where it is packed.
fn tags(commands: &mut Taken<'_>, data: &mut Taken<'_>, profile: &mut Vec<u8>) -> Option<()> {
    let Some(count) = commands.length()?.checked_sub(1) else { return Some(()) };
    let count = u32::try_from(count)
        .ok()
        .filter(|count| usize::try_from(*count).is_ok_and(|n| n <= limits::PROFILE_TAGS_MAX))?;
    profile.extend(count.to_be_bytes());
    let (mut start, mut size) = (count.checked_mul(12)?.checked_add(128)?, 0_u32);
    while let Some(command) = commands.byte() {
        let code = command & 63;
        let tag: [u8; 4] = match code {
            0 => break,
            1 => data.bytes(4)?.try_into().ok()?,
            code => **TAGS.get(usize::from(code).checked_sub(2)?)?,
        };
        start = match command & 64 {
            0 => start.checked_add(size)?,
            _ => u32::try_from(commands.length()?).ok()?,
        };
        size = match &tag {
            _ if command & 128 != 0 => u32::try_from(commands.length()?).ok()?,
            b"rXYZ" | b"gXYZ" | b"bXYZ" | b"kXYZ" | b"wtpt" | b"bkpt" | b"lumi" => 20,
            _ => size,
        };
        let mut entry = |tag: &[u8; 4], start: u32| {
            profile.extend(tag);
            profile.extend(start.to_be_bytes());
            profile.extend(size.to_be_bytes());
        };
        entry(&tag, start);
        if code == 2 {
            entry(b"gTRC", start);
            entry(b"bTRC", start);
        } else if code == 3 {
            entry(b"gXYZ", start.checked_add(size)?);
            entry(b"bXYZ", start.checked_add(size.checked_mul(2)?)?);
        }
        if profile.len() > limits::JXL_PROFILE_BYTES_MAX {
            return None;
        }
    }
    Some(())
}

const TYPES: [&[u8; 4]; 8] = [b"XYZ ", b"desc", b"text", b"mluc", b"para", b"curv", b"sf32", b"gbd "];

/// E.4.5: one command.
fn run(command: u8, commands: &mut Taken<'_>, data: &mut Taken<'_>, profile: &mut Vec<u8>) -> Option<()> {
    match command {
        1 => profile.extend(data.bytes(commands.length()?)?),
        2 => profile.extend(shuffled(data.bytes(commands.length()?)?, 2)),
        3 => profile.extend(shuffled(data.bytes(commands.length()?)?, 4)),
        4 => continued(commands, data, profile)?,
        10 => {
            profile.extend(b"XYZ \0\0\0\0");
            profile.extend(data.bytes(12)?);
        }
        16..=23 => {
            profile.extend(**TYPES.get(usize::from(command).checked_sub(16)?)?);
            profile.extend([0; 4]);
        }
        _ => return None,
    }
    Some(())
}

/// Bytes that were written column by column of so many columns.
fn shuffled(bytes: &[u8], columns: usize) -> Vec<u8> {
    let rows = bytes.len().div_ceil(columns);
    let places =
        (0..rows).flat_map(|row| (0..columns).map(move |column| column.saturating_mul(rows).saturating_add(row)));
    // Of the last row some may be missing: then the columns behind are shorter by one.
    let full = bytes.len().checked_rem(columns).unwrap_or(0);
    match full {
        0 => places.filter_map(|place| bytes.get(place).copied()).collect(),
        full => {
            let short = rows.saturating_sub(1);
            let start = |column: usize| column.saturating_mul(short).saturating_add(column.min(full));
            let places = (0..rows).flat_map(|row| {
                let len = move |column: usize| if column < full { rows } else { short };
                (0..columns)
                    .filter(move |column| row < len(*column))
                    .map(move |column| start(column).saturating_add(row))
            });
            places.filter_map(|place| bytes.get(place).copied()).collect()
        }
    }
}

/// Numbers of one, two or four bytes, as differences from what went before.
fn continued(commands: &mut Taken<'_>, data: &mut Taken<'_>, profile: &mut Vec<u8>) -> Option<()> {
    let flags = commands.byte()?;
    let width = usize::from(flags & 3).saturating_add(1);
    let order = (flags >> 2_u32) & 3;
    let stride = if flags & 16 == 0 { width } else { commands.length()? };
    if width == 3 || order == 3 || stride < width || stride.saturating_mul(4) >= profile.len() {
        return None;
    }
    let bytes = data.bytes(commands.length()?)?;
    let bytes = if width == 1 { bytes.to_vec() } else { shuffled(bytes, width) };
    for number in bytes.chunks(width) {
        let before = |times: usize| -> Option<u32> {
            let at = profile.len().checked_sub(stride.checked_mul(times)?)?;
            let known = profile.get(at..)?.get(..width)?;
            Some(known.iter().fold(0_u32, |value, byte| value.wrapping_shl(8) | u32::from(*byte)))
        };
        let expected = match order {
            0 => before(1)?,
            1 => before(1)?.wrapping_mul(2).wrapping_sub(before(2)?),
            _ => before(1)?.wrapping_sub(before(2)?).wrapping_mul(3).wrapping_add(before(3)?),
        };
        let parts = expected.to_be_bytes();
        let parts = parts.get(4_usize.saturating_sub(width)..).unwrap_or_default();
        profile.extend(number.iter().zip(parts).map(|(byte, part)| byte.wrapping_add(*part)).collect::<Vec<u8>>());
    }
    Some(())
}

/// Writes a canonical profile: one code of eight bits for every byte, and the profile in one piece.
pub(super) fn write(bits: &mut Bits, profile: &[u8]) {
    let packed = packed(profile);
    bits.u64(u64::try_from(packed.len()).unwrap_or(u64::MAX));
    plain_code(bits);
    for byte in packed {
        // Codes are read from their highest bit on.
        bits.bits(byte.reverse_bits().into(), 8);
    }
}

/// The head of an entropy-coded stream in which each byte is itself: no LZ77, one distribution for all
/// contexts, prefix codes, tokens up to 2^15, 256 of them, all eight bits long (C.2).
fn plain_code(bits: &mut Bits) {
    bits.bool(false);
    // A simple map of contexts, none of whose entries takes a bit.
    bits.bool(true);
    bits.bits(0, 2);
    bits.bool(true);
    bits.bits(15, 4);
    // 256 = 1 + 2^7 + 127
    bits.bool(true);
    bits.bits(7, 4);
    bits.bits(127, 7);
    // Of the lengths of codes, in the order 1, 2, 3, 4, 0, 5, 17, 6, 16, 7, 8, …, only eight is used.
    bits.bits(0, 2);
    for length in 0..18 {
        bits.bits(if length == 10 { 1 } else { 0 }, 2);
    }
}

fn packed(profile: &[u8]) -> Vec<u8> {
    let (header, rest) = profile.split_at_checked(HEADER_BYTES).unwrap_or((profile, &[]));
    // No table of tags; then all that is left, as it is.
    let mut commands = vec![0, 1];
    length(&mut commands, rest.len());
    let mut packed = Vec::new();
    length(&mut packed, profile.len());
    length(&mut packed, commands.len());
    packed.extend(commands);
    for (place, byte) in header.iter().enumerate() {
        packed.push(byte.wrapping_sub(predicted(place, profile.len(), header)));
    }
    packed.extend(rest);
    packed
}

fn length(to: &mut Vec<u8>, mut len: usize) {
    while len > 0x7F {
        to.push(0x80 | u8::try_from(len & 0x7F).unwrap_or(0));
        len = len.wrapping_shr(7);
    }
    to.push(u8::try_from(len).unwrap_or(0));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_that_was_packed_is_the_same_unpacked() {
        for len in [0, 1, 127, 128, 129, 600, 20_000] {
            let profile: Vec<u8> = (0..len).map(|at| u8::try_from(at * 7 % 251).unwrap()).collect();
            let mut bits = Bits::default();
            write(&mut bits, &profile);
            let bytes = bits.into_bytes();
            assert_eq!(read(&mut Reading::new(&bytes)).unwrap(), profile, "{len}");
        }
    }

    #[test]
    fn columns_become_rows() {
        assert_eq!(shuffled(b"abcdef", 2), b"adbecf");
        assert_eq!(shuffled(b"abcde", 2), b"adbec");
        assert_eq!(shuffled(b"abcdefgh", 4), b"acegbdfh");
        assert_eq!(shuffled(b"abcdef", 4), b"acefbd");
        assert_eq!(shuffled(b"", 4), b"");
    }

    #[test]
    fn what_is_cut_or_odd_is_no_profile() {
        let packed = packed(&[7; 300]);
        for len in 0..packed.len() {
            assert_eq!(unpacked(&packed[..len]), None);
        }
        for at in 0..packed.len() {
            for flip in [1, 0x80, 0xFF] {
                let mut odd = packed.clone();
                odd[at] ^= flip;
                let _ = unpacked(&odd);
            }
        }
    }
}
