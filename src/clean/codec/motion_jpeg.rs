//! Motion JPEG: overwrites in place the segments that no decoder of video needs, and what is behind the picture.
//! Never changes a length and never decodes a picture.
//!
//! Sources: ITU-T T.81, annex B; OpenDML AVI File Format Extensions 1.02, Motion JPEG DIB.

use super::nal;
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};

const SOI: u8 = 0xD8;
const EOI: u8 = 0xD9;
const COM: u8 = 0xFE;

/// Plans a sample: one picture, or the two fields of one.
pub(super) fn sample(
    cursor: &mut Cursor<'_>,
    len: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let end = nal::end(cursor, len)?;
    if len == 0 {
        return Ok(());
    }
    let at = cursor.at();
    if len < 2 || cursor.array("SOI")? != [0xFF, SOI] {
        return Err(Refusal::new(Reason::Damaged, "Motion JPEG SOI", at));
    }
    plan.copy(at, 2)?;
    while cursor.at() < end {
        if !marker(cursor, end, plan, findings)? {
            second_field(cursor, end, plan, findings)?;
        }
    }
    Ok(())
}

/// Plans the marker that begins here, or the bytes in front of it; false behind EOI.
fn marker(cursor: &mut Cursor<'_>, end: u64, plan: &mut Plan, findings: &mut Findings) -> Result<bool, Refusal> {
    let at = cursor.at();
    let left = end.saturating_sub(at);
    let damaged = |part| Refusal::new(Reason::Damaged, part, at);
    if left < 2 {
        if cursor.byte("marker")? != 0xFF {
            findings.removed(Category::HiddenContent, "between Motion JPEG segments");
        }
        return plan.fill(0xFF, 1).map(|()| true);
    }
    let [first, code] = cursor.array("marker")?;
    if first != 0xFF || code == 0xFF {
        // Fill bytes may stand in front of a marker; anything else becomes one.
        if first != 0xFF {
            findings.removed(Category::HiddenContent, "between Motion JPEG segments");
        }
        plan.fill(0xFF, 1)?;
        cursor.go_to(at.saturating_add(1), "marker")?;
        return Ok(true);
    }
    match code {
        EOI => {
            plan.copy(at, 2)?;
            return Ok(false);
        }
        0xC4 | 0xDB | 0xDD | 0xDA | 0xC0..=0xC3 | 0xC9 | 0xCA | 0xE0..=0xEF | COM => {}
        _ => return Err(damaged("Motion JPEG marker")),
    }
    if left < 4 {
        return Err(damaged("Motion JPEG segment"));
    }
    let size = cursor.be16("segment")?;
    let body_len = u64::from(size).checked_sub(2).filter(|len| *len <= left.saturating_sub(4));
    let body_len = body_len.ok_or(damaged("Motion JPEG segment"))?;
    let body = cursor.bytes(usize::try_from(body_len).unwrap_or(usize::MAX), "segment")?;
    if matches!(code, 0xE0..=0xEF | COM) {
        return replaced(code, &body, at, plan, findings).map(|()| true);
    }
    if is_exact(code, &body).is_none() {
        return Err(damaged("Motion JPEG segment"));
    }
    plan.copy(at, body_len.saturating_add(4))?;
    if code == 0xDA {
        let from = cursor.at();
        entropy(cursor, end)?;
        plan.copy(from, cursor.at().saturating_sub(from))?;
    }
    Ok(true)
}

/// Passes over entropy-coded data, up to the next marker that is not a restart.
fn entropy(cursor: &mut Cursor<'_>, end: u64) -> Result<(), Refusal> {
    let mut after_ff = false;
    while cursor.at() < end {
        let left = usize::try_from(end.saturating_sub(cursor.at())).unwrap_or(usize::MAX);
        let buffered = cursor.buffered()?;
        let part = buffered.get(..left.min(buffered.len())).unwrap_or_default();
        if part.is_empty() {
            return Err(Refusal::new(Reason::Truncated, "sample", cursor.at()));
        }
        let (mut passed, mut found) = (0usize, false);
        for &byte in part {
            if after_ff && !matches!(byte, 0 | 0xFF | 0xD0..=0xD7) {
                found = true;
                break;
            }
            after_ff = byte == 0xFF;
            passed = passed.saturating_add(1);
        }
        cursor.consume(passed);
        if found {
            return cursor.go_to(cursor.at().saturating_sub(1), "marker");
        }
    }
    Ok(())
}

/// Behind EOI: zeros up to the second field, or to the end.
fn second_field(cursor: &mut Cursor<'_>, end: u64, plan: &mut Plan, findings: &mut Findings) -> Result<(), Refusal> {
    let from = cursor.at();
    let (mut is_zero, mut last) = (true, [0u8; 3]);
    let mut until = end;
    while cursor.at() < end {
        last = [last[1], last[2], cursor.byte("sample")?];
        if last == [0xFF, SOI, 0xFF] {
            until = cursor.at().saturating_sub(3);
            break;
        }
        // The byte before the last may still begin the second field.
        is_zero &= last[0] == 0;
    }
    if until == end {
        is_zero &= last[1] == 0 && last[2] == 0;
    }
    let len = until.saturating_sub(from);
    if is_zero {
        plan.copy(from, len)?;
    } else {
        findings.removed(Category::HiddenContent, "behind a Motion JPEG picture");
        plan.fill(0, len)?;
    }
    if until < end {
        plan.copy(until, 2)?;
        cursor.go_to(until.saturating_add(2), "SOI")?;
    }
    Ok(())
}

/// An application segment or a comment: three of them in a canonical form, the others as a comment of zeros.
fn replaced(code: u8, body: &[u8], at: u64, plan: &mut Plan, findings: &mut Findings) -> Result<(), Refusal> {
    let head: Option<Vec<u8>> = match (code, body) {
        // The polarity of the field.
        (0xE0, [b'A', b'V', b'I', b'1', polarity @ 0..=2, ..]) => Some([b"AVI1".as_slice(), &[*polarity]].concat()),
        (0xE0, [b'J', b'F', b'I', b'F', 0, ..]) if body.len() >= 14 => {
            Some(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0".to_vec())
        }
        (0xEE, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform @ 0..=2, ..]) => {
            Some([b"Adobe\0d\0\0\0\0".as_slice(), &[*transform]].concat())
        }
        _ => None,
    };
    let (written_code, mut written) = head.map_or((COM, Vec::new()), |head| (code, head));
    written.resize(body.len(), 0);
    if written != body || code != written_code {
        findings.removed(category(code), "Motion JPEG application segment or comment");
    }
    plan.copy(at, 1)?;
    plan.bytes_or_copy(&[written_code], &[code], at.saturating_add(1))?;
    plan.copy(at.saturating_add(2), 2)?;
    plan.bytes_or_copy(&written, body, at.saturating_add(4))
}

fn category(code: u8) -> Category {
    match code {
        COM => Category::Comment,
        0xE1 => Category::Device,
        _ => Category::Unknown,
    }
}

/// Whether a segment is just as long as its content (B.2.2 to B.2.4).
fn is_exact(code: u8, body: &[u8]) -> Option<()> {
    let exact = match code {
        0xDD => body.len() == 2,
        0xDA => body.len() == usize::from(*body.first()?).checked_mul(2)?.checked_add(4)?,
        0xDB => {
            let mut rest = body;
            while let Some((kind, behind)) = rest.split_first() {
                rest = behind.get(if kind >> 4 == 0 { 64 } else { 128 }..)?;
            }
            true
        }
        0xC4 => {
            let mut rest = body;
            while !rest.is_empty() {
                let counts = rest.get(1..17)?;
                let values: usize = counts.iter().map(|&count| usize::from(count)).sum();
                rest = rest.get(values.checked_add(17)?..)?;
            }
            true
        }
        _ => body.len() == usize::from(*body.get(5)?).checked_mul(3)?.checked_add(6)?,
    };
    exact.then_some(())
}
