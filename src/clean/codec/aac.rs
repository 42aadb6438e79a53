//! AAC frames: overwrites in place the fill and data elements and comments in front of the sound, where encoders sign. Never
//! changes a length; elements behind the first sound cannot be found without decoding it, and stay.
//!
//! Source: ISO/IEC 14496-3:2019, 4.4.2.1, 4.4.2.6, 4.4.2.7.

use super::bits::{Bits, Written};
use super::nal;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::legible;
use crate::clean::{Category, Findings, Plan, Refusal};
use crate::limits;

/// `id_syn_ele` of a data stream element, a program configuration element and a fill element (table 4.71).
const DATA: u64 = 4;
const PROGRAM: u64 = 5;
const FILL: u64 = 6;

/// Plans a sample.
pub(super) fn sample(
    cursor: &mut Cursor<'_>,
    len: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let end = nal::end(cursor, len)?;
    let at = cursor.at();
    if len > 0 && matches!(u64::from(cursor.byte("AAC frame")?) >> 5, DATA | PROGRAM | FILL) {
        cursor.go_to(at, "AAC frame")?;
        let lead = cursor.bytes(usize::try_from(len.min(limits::AAC_LEAD_BYTES_MAX)).unwrap_or(0), "AAC frame")?;
        let rebuilt = rebuilt(&lead, findings);
        let lead_len = u64::try_from(lead.len()).unwrap_or(0);
        plan.bytes_or_copy(&rebuilt, &lead, at)?;
        plan.copy(at.saturating_add(lead_len), len.saturating_sub(lead_len))?;
    } else {
        plan.copy(at, len)?;
    }
    cursor.go_to(end, "AAC frame")
}

/// The lead of a frame with its first fill and data elements emptied, as far as they lie in it.
fn rebuilt(lead: &[u8], findings: &mut Findings) -> Vec<u8> {
    let mut bits = Bits::new(lead);
    let mut written = Written::default();
    while let Some(element) = element(&mut bits.clone()) {
        let (from, end) = (bits.at(), element.end);
        if written.copy(&mut bits, element.content.saturating_sub(from)).is_none() {
            break;
        }
        let mut content = Vec::new();
        let mut changed = false;
        if element.kind == FILL {
            let count = end.saturating_sub(element.content) / 8;
            content = (0..count).map_while(|_| bits.byte()).collect();
            let wanted = fill(&content);
            wanted.iter().for_each(|&byte| written.put(8, byte.into()));
            changed = wanted != content;
        } else {
            while bits.at() < end {
                let original = bits.byte().unwrap_or(0);
                changed |= original != 0;
                content.push(original);
                written.put(8, 0);
            }
        }
        if changed {
            told(element.kind, &content, findings);
        }
    }
    let left = bits.left();
    match written.copy(&mut bits, left) {
        Some(()) => written.into_bytes(),
        None => lead.to_vec(),
    }
}

/// What a fill element says in the place of `original`: an extension payload of fill data (4.4.2.7). FAAC's mark
/// stays in one form, since decoders drop the first 1,024 samples of a stream that has it.
fn fill(original: &[u8]) -> Vec<u8> {
    let is_mark = FAAC.len() <= original.len() && original.starts_with(&[0, 0]) && says_faac(original);
    let (lead, byte) = if is_mark { (FAAC.as_slice(), 0) } else { ([0x10].as_slice(), 0xA5) };
    lead.iter().copied().chain(std::iter::repeat(byte)).take(original.len()).collect()
}

/// `libfaac 1.0` behind 17 bits, where FAAC writes it.
const FAAC: [u8; 14] = [0x00, 0x00, 0x36, 0x34, 0xB1, 0x33, 0x30, 0xB0, 0xB1, 0x90, 0x18, 0x97, 0x18, 0x00];

/// Whether a name and version that decoders look for stand behind the first 17 bits.
fn says_faac(content: &[u8]) -> bool {
    let shifted = content.windows(2).skip(2).filter_map(|pair| match *pair {
        [high, low] => Some((high << 1) | (low >> 7)),
        _ => None,
    });
    let text: Vec<u8> = shifted.take_while(|byte| (0x20..0x7F).contains(byte)).collect();
    let Some(version) = text.strip_prefix(b"libfaac ") else { return false };
    let digits = version.iter().take_while(|byte| byte.is_ascii_digit()).count();
    digits > 0 && matches!(version.get(digits..), Some([b'.', digit, ..]) if digit.is_ascii_digit())
}

struct Element {
    kind: u64,
    /// Bits in front of what can be overwritten.
    content: usize,
    end: usize,
}

/// A fill or data element that lies wholly in the lead and has content to overwrite.
fn element(bits: &mut Bits<'_>) -> Option<Element> {
    let kind = bits.take(3)?;
    let count = match kind {
        FILL => match bits.take(4)? {
            15 => bits.take(8)?.checked_add(14)?,
            count => count,
        },
        DATA => {
            bits.skip(4)?;
            let aligned = bits.bit()?;
            let count = match bits.take(8)? {
                255 => bits.take(8)?.checked_add(255)?,
                count => count,
            };
            if aligned {
                bits.align()?;
            }
            count
        }
        PROGRAM => comment_len(bits)?,
        _ => return None,
    };
    let content = bits.at();
    // Other kinds of extension (4.4.2.7) belong to the sound: dynamic range, spectral band replication.
    if kind == FILL && count > 0 && bits.clone().take(4)? > 1 {
        return None;
    }
    bits.skip(usize::try_from(count).ok()?.checked_mul(8)?)?;
    Some(Element { kind, content, end: bits.at() })
}

/// Passes over a program configuration element (4.4.1.1) up to its comment; bytes of that.
fn comment_len(bits: &mut Bits<'_>) -> Option<u64> {
    bits.skip(10)?;
    let (front, side, back) = (bits.take(4)?, bits.take(4)?, bits.take(4)?);
    let (low, associated, coupled) = (bits.take(2)?, bits.take(3)?, bits.take(4)?);
    for width in [4, 4, 3] {
        if bits.bit()? {
            bits.skip(width)?;
        }
    }
    let fives = front.checked_add(side)?.checked_add(back)?.checked_add(coupled)?.checked_mul(5)?;
    let fours = low.checked_add(associated)?.checked_mul(4)?;
    bits.skip(usize::try_from(fives.checked_add(fours)?).ok()?)?;
    bits.align()?;
    bits.take(8)
}

fn told(kind: u64, content: &[u8], findings: &mut Findings) {
    let content = [content, &[0]].concat();
    // Encoders write their name at the next whole byte of the frame, so look at every shift of bits.
    let words = (0..8u32).filter_map(|shift| {
        let shifted: Vec<u8> = content
            .windows(2)
            .map(|pair| match pair {
                [high, low] => (u16::from_be_bytes([*high, *low]) >> 8u32.saturating_sub(shift)).to_le_bytes(),
                _ => [0, 0],
            })
            .map(|[low, _]| low)
            .collect();
        let runs: Vec<Vec<u8>> = shifted.split(|byte| !(0x20..0x7F).contains(byte)).map(<[u8]>::to_vec).collect();
        runs.into_iter().max_by_key(Vec::len)
    });
    let longest = words.max_by_key(Vec::len).filter(|run| run.len() >= 4).unwrap_or_default();
    let (category, place) = match kind {
        FILL => (Category::Software, "AAC fill element"),
        PROGRAM => (Category::Comment, "AAC program configuration comment"),
        _ => (Category::HiddenContent, "AAC data stream element"),
    };
    findings.removed_value(category, place, &legible::text(&longest));
}
