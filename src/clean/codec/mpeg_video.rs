//! MPEG-1 and MPEG-2 video: overwrites user data and whatever no decoder needs in place, and zeroes time codes.
//! Never changes a length and never reads a picture for more than its start codes.
//!
//! Sources: ISO/IEC 13818-2:2013, 6.2.2, 6.2.3; ISO/IEC 11172-2, 2.4.2.

use super::bits::Bits;
use super::nal;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// What takes the place of user data, byte by byte.
const NEUTRAL: u8 = b' ';
/// The start code of user data.
const USER: u8 = 0xB2;

/// Plans a sample.
pub(super) fn sample(
    cursor: &mut Cursor<'_>,
    len: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let end = nal::end(cursor, len)?;
    let gap = nal::first_start_code(cursor, end, plan, findings)?;
    // The first byte is the code, and may be a zero, which is not the first of the next gap.
    nal::between_start_codes(cursor, end, gap, 1, plan, |cursor, at, next, plan| {
        let code = cursor.byte("start code")?;
        let len = next.from.saturating_sub(at).saturating_sub(1);
        unit(cursor, code, len, next.zeros(), plan, findings)
    })
}

/// Plans a start code, whose prefix is planned, and the `len` bytes behind it. The zeros after them may be theirs.
fn unit(
    cursor: &mut Cursor<'_>,
    code: u8,
    len: u64,
    zeros: usize,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let at = cursor.at();
    let code_at = at.saturating_sub(1);
    if matches!(code, 0x01..=0xAF) || (matches!(code, 0xB7) && len == 0) {
        return plan.copy(code_at, len.saturating_add(1));
    }
    let seen = usize::try_from(len.min(limits::PARAMETER_SET_BYTES_MAX)).unwrap_or(0);
    let body = cursor.bytes(seen, "start code")?;
    let damaged = Refusal::new(Reason::Damaged, "MPEG video header", code_at);
    let padded = nal::padded(&body, zeros);
    let rebuilt = match code {
        0x00 | 0xB3 | 0xB5 | 0xB8 if u64::try_from(seen).ok() != Some(len) => return Err(damaged),
        0x00 => picture(&padded).ok_or(damaged)?,
        0xB3 => padded.get(..sequence(&padded).ok_or(damaged.clone())?).ok_or(damaged)?.to_vec(),
        0xB8 => group(&padded, findings).ok_or(damaged)?,
        0xB5 => match extension(&padded) {
            Some(kept) => kept,
            None => return dropped(code, code_at, len, &body, plan, findings),
        },
        _ => return dropped(code, code_at, len, &body, plan, findings),
    };
    let rebuilt = nal::fitted(rebuilt, body.len());
    let rebuilt = rebuilt.ok_or(Refusal::new(Reason::Damaged, "MPEG video header", code_at))?;
    if code != 0xB8 && rebuilt != body {
        findings.removed(Category::HiddenContent, "behind an MPEG video header");
    }
    plan.copy(code_at, 1)?;
    plan.bytes_or_copy(&rebuilt, &body, at)
}

/// User data of a neutral filling instead of user data or what is not needed.
fn dropped(
    code: u8,
    code_at: u64,
    len: u64,
    body: &[u8],
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let is_neutral = code == USER && body.iter().all(|&byte| byte == NEUTRAL);
    if is_neutral && u64::try_from(body.len()).ok() == Some(len) {
        return plan.copy(code_at, len.saturating_add(1));
    }
    match (code, body) {
        (USER, [b'G', b'A', b'9', b'4', ..] | [b'C', b'C', 1, ..]) => {
            findings.removed(Category::Comment, "MPEG video closed captions");
        }
        (USER, _) => {
            let longest = body.split(|byte| !(0x20..0x7F).contains(byte)).max_by_key(|run| run.len());
            let words = longest.filter(|run| run.len() >= 4).map(|run| String::from_utf8_lossy(run).into_owned());
            findings.removed_value(Category::Comment, "MPEG video user data", &words.unwrap_or_default());
        }
        (0xB5, _) => findings.removed(Category::Identifier, "MPEG video extension that pictures do not need"),
        _ => findings.removed(Category::Unknown, "MPEG video start code of another type"),
    }
    plan.bytes(&[USER])?;
    plan.fill(NEUTRAL, len)
}

/// A picture header (6.2.3) without `extra_information_picture`.
fn picture(body: &[u8]) -> Option<Vec<u8>> {
    let mut bits = Bits::new(body);
    bits.skip(10)?;
    let more = match bits.take(3)? {
        2 => 4,
        3 => 8,
        _ => 0,
    };
    bits.skip(16)?;
    bits.skip(more)?;
    let mut written = super::bits::Written::default();
    written.copy(&mut Bits::new(body), bits.at())?;
    written.bit(false);
    Some(written.into_bytes())
}

/// Bytes of a sequence header (6.2.2.1).
fn sequence(body: &[u8]) -> Option<usize> {
    let mut bits = Bits::new(body);
    bits.skip(62)?;
    for _ in 0..2 {
        if bits.bit()? {
            bits.skip(64 * 8)?;
        }
    }
    bits.at().is_multiple_of(8).then_some(bits.at() / 8)
}

/// A group of pictures header (6.2.2.6), its time code zero: no decoder goes by it.
fn group(body: &[u8], findings: &mut Findings) -> Option<Vec<u8>> {
    let &[a, b, c, d, ..] = body else { return None };
    let flags = d & 0x60;
    let rebuilt = vec![0, 0x08, 0, flags];
    if [a, b & 0xF7, c, d & 0x80] != [0; 4] {
        let hours = (a >> 2) & 0x1F;
        let minutes = ((a & 3) << 4) | (b >> 4);
        let seconds = ((b & 7) << 3) | (c >> 5);
        let pictures = ((c & 0x1F) << 1) | (d >> 7);
        let time = format!("{hours:02}:{minutes:02}:{seconds:02}:{pictures:02}");
        findings.removed_value(Category::Time, "MPEG video time code", &time);
    }
    Some(rebuilt)
}

/// An extension that decoding or display needs (table 6-2), to its last bit.
fn extension(body: &[u8]) -> Option<Vec<u8>> {
    let mut bits = Bits::new(body);
    let kind = bits.take(4)?;
    match kind {
        1 => bits.skip(44)?,
        2 => {
            bits.skip(3)?;
            if bits.bit()? {
                bits.skip(24)?;
            }
            bits.skip(29)?;
        }
        3 => {
            for _ in 0..4 {
                if bits.bit()? {
                    bits.skip(64 * 8)?;
                }
            }
        }
        // Offsets of the part to show: one to three of them, by what the picture coding extension says.
        7 => {
            let offsets = (bits.left() / 34).min(3);
            bits.skip(offsets.checked_mul(34)?)?;
        }
        8 => {
            bits.skip(29)?;
            if bits.bit()? {
                bits.skip(20)?;
            }
        }
        _ => return None,
    }
    let mut written = super::bits::Written::default();
    written.copy(&mut Bits::new(body), bits.at())?;
    Some(written.into_bytes())
}
