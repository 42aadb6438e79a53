//! The filters of streams (ISO 32000-1, 7.4), undone within bounds. Never undoes those of pictures.

use crate::clean::codec::zlib::{Inflate, Portion, Then};
use crate::clean::{Reason, Refusal};

use super::lex;
use super::object::{Dict, Object};
use super::read::Document;
use crate::limits;

/// Data without their filters, as far as these are no pictures'.
pub(super) struct Decoded {
    pub(super) bytes: Vec<u8>,
    /// The filter of pictures that is left, and its parameters.
    pub(super) left: Option<(Vec<u8>, Dict)>,
}

impl Decoded {
    /// The filter of pictures that is left.
    pub(super) fn coded(&self) -> Option<&[u8]> {
        self.left.as_ref().map(|(name, _)| name.as_slice())
    }
}

/// Undoes the filters that `dict` names, in either spelling.
pub(super) fn decode(doc: &Document<'_>, dict: &Dict, data: &[u8], at: usize) -> Result<Decoded, Refusal> {
    let at = u64::try_from(at).unwrap_or(u64::MAX);
    let one_or_more = |keys: [&[u8]; 2]| match keys.iter().find_map(|key| dict.get(key)).map(|value| doc.resolve(value))
    {
        Some(Object::Array(array)) => array.iter().map(|value| doc.resolve(value)).collect(),
        Some(Object::Null) | None => Vec::new(),
        Some(other) => vec![other],
    };
    let filters = one_or_more([b"Filter", b"F"]);
    let parms = one_or_more([b"DecodeParms", b"DP"]);
    if filters.len() > limits::PDF_FILTERS_MAX {
        return Err(Refusal::new(Reason::TooLarge, "number of filters", at));
    }
    let mut bytes = None;
    for (index, filter) in filters.iter().enumerate() {
        let name = filter.name().ok_or(Refusal::new(Reason::Damaged, "Filter", at))?;
        let parms = parms.get(index).and_then(|parms| parms.dict());
        let input = bytes.as_deref().unwrap_or(data);
        let max = doc.inflated_max();
        let made = match name {
            b"FlateDecode" | b"Fl" => predicted(doc, flate(input, max, at)?, parms, at)?,
            b"LZWDecode" | b"LZW" => {
                let early = parms.and_then(|parms| doc.get(parms, b"EarlyChange").int()) != Some(0);
                predicted(doc, lzw(input, early, max, at)?, parms, at)?
            }
            b"ASCIIHexDecode" | b"AHx" => ascii_hex(input),
            b"ASCII85Decode" | b"A85" => ascii_85(input),
            b"RunLengthDecode" | b"RL" => run_length(input, max, at)?,
            b"DCTDecode" | b"DCT" | b"JPXDecode" | b"CCITTFaxDecode" | b"CCF" | b"JBIG2Decode" => {
                if index.saturating_add(1) < filters.len() {
                    return Err(Refusal::new(Reason::NotUnderstood, "filter of a picture within others", at));
                }
                let left = Some((name.to_vec(), parms.cloned().unwrap_or_default()));
                return Ok(Decoded { bytes: bytes.unwrap_or_else(|| data.to_vec()), left });
            }
            b"Crypt" => return Err(Refusal::new(Reason::NotUnderstood, "Crypt filter: it is encrypted", at)),
            _ => return Err(Refusal::new(Reason::NotUnderstood, "Filter", at)),
        };
        doc.spend(made.len())?;
        bytes = Some(made);
    }
    let bytes = match bytes {
        Some(bytes) => bytes,
        None => {
            doc.spend(data.len())?;
            data.to_vec()
        }
    };
    Ok(Decoded { bytes, left: None })
}

fn too_large(at: u64) -> Refusal {
    Refusal::new(Reason::TooLarge, "data of a stream without their filters", at)
}

/// FlateDecode (7.4.4). Damage ends the data, as it does in viewers.
fn flate(data: &[u8], max: usize, at: u64) -> Result<Vec<u8>, Refusal> {
    let (mut inflate, mut made, mut rest) = (Inflate::new(), Vec::new(), data);
    loop {
        let Portion { taken, made: portion, then } = inflate.next(rest);
        if made.len().saturating_add(portion.len()) > max {
            return Err(too_large(at));
        }
        made.extend_from_slice(portion);
        rest = rest.get(taken..).unwrap_or_default();
        if then != Then::More || (taken == 0 && portion.is_empty()) {
            return Ok(made);
        }
    }
}

/// LZWDecode (7.4.4): codes of 9 to 12 bits, most significant bit first.
fn lzw(data: &[u8], early: bool, max: usize, at: u64) -> Result<Vec<u8>, Refusal> {
    let mut made: Vec<u8> = Vec::new();
    // Each entry is a range of what has been made.
    let mut table: Vec<(usize, usize)> = Vec::new();
    let (mut bits, mut held, mut width, mut last) = (0_u32, 0_u32, 9_u32, None::<(usize, usize)>);
    for byte in data {
        bits = bits.wrapping_shl(8) | u32::from(*byte);
        held = held.saturating_add(8);
        if held < width {
            continue;
        }
        held = held.saturating_sub(width);
        let code = bits.wrapping_shr(held) & 1_u32.wrapping_shl(width).saturating_sub(1);
        match code {
            256 => {
                table.clear();
                (width, last) = (9, None);
                continue;
            }
            257 => return Ok(made),
            _ => {}
        }
        let start = made.len();
        if let Ok(literal) = u8::try_from(code) {
            made.push(literal);
        } else {
            let index = usize::try_from(code.saturating_sub(258)).unwrap_or(usize::MAX);
            let (from, len) = match (table.get(index), last) {
                (Some(entry), _) => *entry,
                // The entry that is about to be made: the last one and its own first byte.
                (None, Some((from, len))) if index == table.len() => (from, len.saturating_add(1)),
                _ => return Ok(made),
            };
            if start.saturating_add(len) > max {
                return Err(too_large(at));
            }
            for offset in 0..len {
                let byte = made.get(from.saturating_add(offset)).copied().unwrap_or(0);
                made.push(byte);
            }
        }
        if let Some((from, len)) = last
            && table.len() < 4096 - 258
        {
            table.push((from, len.saturating_add(1)));
        }
        last = Some((start, made.len().saturating_sub(start)));
        let next = table.len().saturating_add(if early { 260 } else { 259 });
        width = match next {
            0..=512 => 9,
            513..=1024 => 10,
            1025..=2048 => 11,
            _ => 12,
        };
    }
    if made.len() > max { Err(too_large(at)) } else { Ok(made) }
}

/// ASCIIHexDecode (7.4.2).
fn ascii_hex(data: &[u8]) -> Vec<u8> {
    let mut digits = data.iter().take_while(|byte| **byte != b'>').filter_map(|byte| lex::hex(*byte));
    let mut made = Vec::new();
    while let Some(high) = digits.next() {
        made.push(high << 4 | digits.next().unwrap_or(0));
    }
    made
}

/// ASCII85Decode (7.4.3).
fn ascii_85(data: &[u8]) -> Vec<u8> {
    let (mut made, mut value, mut count) = (Vec::new(), 0_u32, 0_usize);
    let data = data.strip_prefix(b"<~").unwrap_or(data);
    for byte in data {
        match byte {
            b'~' => break,
            b'z' if count == 0 => made.extend_from_slice(&[0; 4]),
            b'!'..=b'u' => {
                value = value.wrapping_mul(85).wrapping_add(u32::from(byte.saturating_sub(b'!')));
                count = count.saturating_add(1);
                if count == 5 {
                    made.extend_from_slice(&value.to_be_bytes());
                    (value, count) = (0, 0);
                }
            }
            _ => {}
        }
    }
    if count > 1 {
        for _ in count..5 {
            value = value.wrapping_mul(85).wrapping_add(84);
        }
        made.extend(value.to_be_bytes().into_iter().take(count.saturating_sub(1)));
    }
    made
}

/// RunLengthDecode (7.4.5).
fn run_length(data: &[u8], max: usize, at: u64) -> Result<Vec<u8>, Refusal> {
    let (mut made, mut rest) = (Vec::new(), data);
    while let Some((length, behind)) = rest.split_first() {
        let length = usize::from(*length);
        match length {
            0..128 => {
                let n = length.saturating_add(1).min(behind.len());
                let (literal, behind) = behind.split_at_checked(n).unwrap_or_default();
                made.extend_from_slice(literal);
                rest = behind;
            }
            128 => break,
            _ => {
                let Some((byte, behind)) = behind.split_first() else { break };
                made.extend(std::iter::repeat_n(*byte, 257_usize.saturating_sub(length)));
                rest = behind;
            }
        }
        if made.len() > max {
            return Err(too_large(at));
        }
    }
    Ok(made)
}

/// Undoes the predictor (7.4.4.4).
fn predicted(doc: &Document<'_>, data: Vec<u8>, parms: Option<&Dict>, at: u64) -> Result<Vec<u8>, Refusal> {
    let field = |key: &[u8], usual: usize| {
        parms.and_then(|parms| doc.get(parms, key).int()).and_then(|int| usize::try_from(int).ok()).unwrap_or(usual)
    };
    let predictor = field(b"Predictor", 1);
    if predictor < 2 {
        return Ok(data);
    }
    let (colors, bits, columns) = (field(b"Colors", 1), field(b"BitsPerComponent", 8), field(b"Columns", 1));
    if colors == 0 || colors > 64 || !matches!(bits, 1 | 2 | 4 | 8 | 16) || columns == 0 || columns > 1 << 20 {
        return Err(Refusal::new(Reason::Damaged, "DecodeParms", at));
    }
    let row = colors.saturating_mul(bits).saturating_mul(columns).div_ceil(8);
    let pixel = colors.saturating_mul(bits).div_ceil(8);
    if predictor == 2 { Ok(horizontal(data, row, colors, bits)) } else { Ok(vertical(&data, row, pixel)) }
}

/// TIFF predictor 2.
fn horizontal(mut data: Vec<u8>, row: usize, colors: usize, bits: usize) -> Vec<u8> {
    for line in data.chunks_mut(row) {
        match bits {
            8 => {
                for at in colors..line.len() {
                    let left = line.get(at.saturating_sub(colors)).copied().unwrap_or(0);
                    if let Some(byte) = line.get_mut(at) {
                        *byte = byte.wrapping_add(left);
                    }
                }
            }
            16 => {
                let step = colors.saturating_mul(2);
                let mut at = step;
                while let (Some([a, b]), Some([c, d])) = (pair(line, at.saturating_sub(step)), pair(line, at)) {
                    let sum = u16::from_be_bytes([a, b]).wrapping_add(u16::from_be_bytes([c, d])).to_be_bytes();
                    if let Some(two) = line.get_mut(at..at.saturating_add(2)) {
                        two.copy_from_slice(&sum);
                    }
                    at = at.saturating_add(2);
                }
            }
            _ => narrow(line, colors, bits),
        }
    }
    data
}

fn pair(line: &[u8], at: usize) -> Option<[u8; 2]> {
    line.get(at..at.checked_add(2)?)?.try_into().ok()
}

/// Samples of less than a byte.
fn narrow(line: &mut [u8], colors: usize, bits: usize) {
    let samples = line.len().saturating_mul(8).checked_div(bits).unwrap_or(0);
    let mut left = vec![0_u8; colors];
    let mask = u8::try_from(1_u32.wrapping_shl(u32::try_from(bits).unwrap_or(1)).saturating_sub(1)).unwrap_or(1);
    for sample in 0..samples {
        let bit = sample.saturating_mul(bits);
        let shift = u32::try_from(8_usize.saturating_sub(bits).saturating_sub(bit % 8)).unwrap_or(0);
        let color = sample.checked_rem(colors).unwrap_or(0);
        if let (Some(byte), Some(left)) = (line.get_mut(bit / 8), left.get_mut(color)) {
            let value = byte.wrapping_shr(shift).wrapping_add(*left) & mask;
            *byte = (*byte & !mask.wrapping_shl(shift)) | value.wrapping_shl(shift);
            *left = value;
        }
    }
}

/// The predictors of PNG, of which each row names its own.
fn vertical(data: &[u8], row: usize, pixel: usize) -> Vec<u8> {
    let mut made: Vec<u8> = Vec::with_capacity(data.len());
    let mut above = vec![0_u8; row];
    for line in data.chunks(row.saturating_add(1)) {
        let Some((kind, line)) = line.split_first() else { break };
        let start = made.len();
        for (at, byte) in line.iter().enumerate() {
            let up = above.get(at).copied().unwrap_or(0);
            let before = at.checked_sub(pixel);
            let left = before.and_then(|at| made.get(start.saturating_add(at))).copied().unwrap_or(0);
            let corner = before.and_then(|at| above.get(at)).copied().unwrap_or(0);
            let guess = match kind {
                1 => left,
                2 => up,
                3 => u8::try_from((u16::from(left).saturating_add(u16::from(up))) / 2).unwrap_or(0),
                4 => paeth(left, up, corner),
                _ => 0,
            };
            made.push(byte.wrapping_add(guess));
        }
        let line = made.get(start..).unwrap_or_default();
        above.fill(0);
        if let Some(above) = above.get_mut(..line.len()) {
            above.copy_from_slice(line);
        }
    }
    made
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left).saturating_add(i16::from(up)).saturating_sub(i16::from(corner));
    let [a, b, c] = [left, up, corner].map(|byte| guess.abs_diff(i16::from(byte)));
    if a <= b && a <= c {
        left
    } else if b <= c {
        up
    } else {
        corner
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_filtered_comes_back() {
        assert_eq!(ascii_hex(b"48 65 6C6c 6F7>behind"), b"Hellop");
        assert_eq!(ascii_85(b"87cURD]i,\"Ebo80~>"), b"Hello World!");
        assert_eq!(run_length(b"\x02abc\xFEd\x80behind", 100, 0).unwrap(), b"abcddd");
        // The example of the specification (7.4.4.2).
        let lzw_codes = [0x80, 0x0B, 0x60, 0x50, 0x22, 0x0C, 0x0C, 0x85, 0x01];
        assert_eq!(lzw(&lzw_codes, true, 100, 0).unwrap(), [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]);
        assert_eq!(vertical(&[2, 1, 2, 2, 1, 1, 4, 1, 1], 2, 1), [1, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn what_grows_beyond_the_limit_is_refused() {
        let zeros = crate::clean::memory::zlib(&[0; 1000]);
        assert_eq!(flate(&zeros, 1000, 0).unwrap().len(), 1000);
        assert_eq!(flate(&zeros, 999, 0).unwrap_err().reason, Reason::TooLarge);
        assert_eq!(run_length(&[129, 0], 127, 0).unwrap_err().reason, Reason::TooLarge);
        assert_eq!(run_length(&[129, 0], 128, 0).unwrap().len(), 128);
    }
}
