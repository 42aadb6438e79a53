//! NAL units of H.264 and H.265, in the samples of a container: walks over them and overwrites in place what is
//! neither a slice nor needed to decode one. Never changes the length of a unit and never reads a slice.
//!
//! Sources: ISO/IEC 14496-10 (H.264) 7.3.1, 7.4.1; ISO/IEC 23008-2 (H.265) 7.3.1, 7.4.2; ISO/IEC 14496-15 5.3.2.

mod payload;

pub(super) use payload::{Kept, escaped, parameter_set, stop_bit, unescaped};

use super::bits::Bits;
use super::{avc, hevc, sei};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// Which of the two standards, with what their SEI messages depend on.
#[derive(Clone, Copy, Debug)]
pub(super) enum Syntax {
    /// H.264.
    Avc(avc::Timing),
    /// H.265.
    Hevc(hevc::Timing),
}

impl Syntax {
    /// Bytes of a unit's header.
    pub(super) fn header_len(self) -> usize {
        match self {
            Self::Avc(_) => 1,
            Self::Hevc(_) => 2,
        }
    }

    /// The header of a filler unit (H.264 7.4.1: type 12; H.265 7.4.2.2: type 38).
    fn filler(self) -> &'static [u8] {
        match self {
            Self::Avc(_) => &[0x0C],
            Self::Hevc(_) => &[0x4C, 0x01],
        }
    }
}

/// What becomes of a unit.
pub(super) enum Action {
    /// Coded pictures: copied.
    Slice,
    /// Supplemental enhancement information: message by message.
    Sei,
    /// A parameter set: kept as far as it is understood.
    ParameterSet,
    /// An access unit delimiter: one byte that says which slices follow.
    Delimiter,
    /// A header without content.
    Bare,
    /// Filler data.
    Filler,
    /// Overwritten, and told.
    Drop(Category, &'static str),
}

/// Plans a sample of units that stand behind their lengths.
pub(super) fn length_prefixed(
    syntax: Syntax,
    length_bytes: u8,
    cursor: &mut Cursor<'_>,
    len: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let end = end(cursor, len)?;
    while cursor.at() < end {
        let at = cursor.at();
        let left = end.saturating_sub(at);
        if left < u64::from(length_bytes) {
            return Err(Refusal::new(Reason::Damaged, "NAL unit length", at));
        }
        let mut size = 0u64;
        for _ in 0..length_bytes {
            size = (size << 8) | u64::from(cursor.byte("NAL unit length")?);
        }
        if size > left.saturating_sub(length_bytes.into()) {
            return Err(Refusal::new(Reason::Damaged, "NAL unit length", at));
        }
        plan.copy(at, length_bytes.into())?;
        unit(syntax, cursor, size, plan, findings)?;
    }
    Ok(())
}

/// Plans a sample of units between start codes (H.264 annex B, H.265 annex B).
pub(super) fn byte_stream(
    syntax: Syntax,
    cursor: &mut Cursor<'_>,
    len: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let end = end(cursor, len)?;
    let gap = first_start_code(cursor, end, plan, findings)?;
    between_start_codes(cursor, end, gap, 0, plan, |cursor, at, next, plan| {
        unit(syntax, cursor, next.from.saturating_sub(at), plan, findings)
    })
}

/// What `vui_parameters` say of the display, with which they begin (H.264 E.1.1, H.265 E.2.1).
pub(super) fn display(bits: &mut Bits<'_>) -> Option<()> {
    // aspect_ratio_idc, of which 255 is Extended_SAR.
    if bits.bit()? && bits.byte()? == 255 {
        bits.skip(32)?;
    }
    // overscan_info_present_flag
    if bits.bit()? {
        bits.bit()?;
    }
    // video_signal_type_present_flag, colour_description_present_flag
    if bits.bit()? {
        bits.skip(4)?;
        if bits.bit()? {
            bits.skip(24)?;
        }
    }
    // chroma_loc_info_present_flag
    if bits.bit()? {
        bits.ue_to(5)?;
        bits.ue_to(5)?;
    }
    Some(())
}

/// The first gap. What stands in front of it is no unit, and is overwritten and told.
pub(super) fn first_start_code(
    cursor: &mut Cursor<'_>,
    end: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<Gap, Refusal> {
    let at = cursor.at();
    let gap = next_start_code(cursor, end)?;
    if gap.from > at {
        findings.removed(Category::HiddenContent, "before the first start code");
        plan.fill(0, gap.from.saturating_sub(at))?;
    }
    Ok(gap)
}

/// Hands what stands between start codes to `unit`: with the cursor at its first byte, where it begins, and the gap
/// behind it. `codes` bytes at its beginning belong to the start code and are not searched for the next.
pub(super) fn between_start_codes(
    cursor: &mut Cursor<'_>,
    end: u64,
    mut gap: Gap,
    codes: u64,
    plan: &mut Plan,
    mut unit: impl FnMut(&mut Cursor<'_>, u64, &Gap, &mut Plan) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    loop {
        plan.copy(gap.from, gap.until.saturating_sub(gap.from))?;
        if gap.until == end {
            return cursor.go_to(end, "sample");
        }
        cursor.go_to(gap.until.saturating_add(codes), "start code")?;
        let next = next_start_code(cursor, end)?;
        cursor.go_to(gap.until, "start code")?;
        unit(cursor, gap.until, &next, plan)?;
        gap = next;
    }
}

/// The end of a sample that begins here.
pub(super) fn end(cursor: &Cursor<'_>, len: u64) -> Result<u64, Refusal> {
    if len > cursor.remaining() {
        return Err(Refusal::new(Reason::Truncated, "sample", cursor.at()));
    }
    Ok(cursor.at().saturating_add(len))
}

/// Zeros and the start code behind them, or zeros at the end, or the end.
pub(super) struct Gap {
    pub(super) from: u64,
    pub(super) until: u64,
}

impl Gap {
    /// How many zeros there are, as far as it matters to headers.
    pub(super) fn zeros(&self) -> usize {
        usize::try_from(self.until.saturating_sub(self.from)).unwrap_or(usize::MAX).min(1024)
    }
}

/// A header with zeros behind it that may belong to it.
pub(super) fn padded(body: &[u8], zeros: usize) -> Vec<u8> {
    let mut padded = body.to_vec();
    padded.resize(body.len().saturating_add(zeros), 0);
    padded
}

/// A header in just `len` bytes, with zeros behind it; `None` if more than zeros would have to go.
pub(super) fn fitted(mut header: Vec<u8>, len: usize) -> Option<Vec<u8>> {
    if header.get(len..).is_some_and(|over| over.iter().any(|&byte| byte != 0)) {
        return None;
    }
    header.resize(len, 0);
    Some(header)
}

/// Searches from where `cursor` stands.
pub(super) fn next_start_code(cursor: &mut Cursor<'_>, end: u64) -> Result<Gap, Refusal> {
    let mut zeros = 0u64;
    while cursor.at() < end {
        let left = usize::try_from(end.saturating_sub(cursor.at())).unwrap_or(usize::MAX);
        let buffered = cursor.buffered()?;
        let part = buffered.get(..left.min(buffered.len())).unwrap_or_default();
        if part.is_empty() {
            return Err(Refusal::new(Reason::Truncated, "sample", cursor.at()));
        }
        let (mut passed, mut found) = (0usize, None);
        for &byte in part {
            passed = passed.saturating_add(1);
            match byte {
                0 => zeros = zeros.saturating_add(1),
                1 if zeros >= 2 => {
                    found = Some(zeros);
                    break;
                }
                _ => zeros = 0,
            }
        }
        cursor.consume(passed);
        if let Some(zeros) = found {
            let until = cursor.at();
            return Ok(Gap { from: until.saturating_sub(1).saturating_sub(zeros), until });
        }
    }
    Ok(Gap { from: end.saturating_sub(zeros), until: end })
}

/// Plans the unit of `size` bytes that begins where `cursor` stands, and stops behind it.
fn unit(
    syntax: Syntax,
    cursor: &mut Cursor<'_>,
    size: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    if size == 0 {
        return Ok(());
    }
    let at = cursor.at();
    let short = Refusal::new(Reason::Damaged, "NAL unit header", at);
    let action = match syntax {
        Syntax::Avc(_) => avc::action(cursor.byte("NAL unit header")?),
        Syntax::Hevc(_) if size < 2 => return Err(short),
        Syntax::Hevc(_) => hevc::action(cursor.array("NAL unit header")?),
    };
    let rest = size.saturating_sub(u64::try_from(syntax.header_len()).unwrap_or(u64::MAX));
    match action {
        Action::Slice => plan.copy(at, size)?,
        Action::Bare if rest == 0 => plan.copy(at, size)?,
        Action::Bare => {
            findings.removed(Category::HiddenContent, "NAL unit that should be empty");
            fill_unit(syntax, size, plan)?;
        }
        Action::Drop(category, place) => {
            findings.removed(category, place);
            fill_unit(syntax, size, plan)?;
        }
        Action::Filler => {
            if is_filler(syntax, cursor, at, size)? {
                plan.copy(at, size)?;
            } else {
                findings.removed(Category::HiddenContent, "NAL unit of filler data");
                fill_unit(syntax, size, plan)?;
            }
        }
        Action::Delimiter => {
            let unit = whole(cursor, at, size.min(limits::PARAMETER_SET_BYTES_MAX))?;
            delimiter(syntax, &unit, at, size, plan, findings)?;
        }
        Action::Sei if size > limits::SEI_BYTES_MAX => {
            findings.removed(Category::HiddenContent, "SEI");
            fill_unit(syntax, size, plan)?;
        }
        Action::Sei => {
            let unit = whole(cursor, at, size)?;
            match sei::rebuilt(syntax, &unit, findings) {
                Some(rebuilt) => plan.bytes_or_copy(&rebuilt, &unit, at)?,
                None => fill_unit(syntax, size, plan)?,
            }
        }
        Action::ParameterSet if size > limits::PARAMETER_SET_BYTES_MAX => {
            return Err(Refusal::new(Reason::TooLarge, "parameter set", at));
        }
        Action::ParameterSet => {
            let unit = whole(cursor, at, size)?;
            let mut rebuilt = parameter_set(syntax, &unit, at, findings)?;
            if rebuilt.len() > unit.len() {
                return Err(Refusal::new(Reason::NotUnderstood, "parameter set", at));
            }
            rebuilt.resize(unit.len(), 0);
            plan.bytes_or_copy(&rebuilt, &unit, at)?;
        }
    }
    cursor.go_to(at.saturating_add(size), "NAL unit")
}

/// The unit from its header on.
fn whole(cursor: &mut Cursor<'_>, at: u64, size: u64) -> Result<Vec<u8>, Refusal> {
    cursor.go_to(at, "NAL unit")?;
    cursor.bytes(usize::try_from(size).unwrap_or(usize::MAX), "NAL unit")
}

/// A filler unit of this many bytes.
fn fill_unit(syntax: Syntax, size: u64, plan: &mut Plan) -> Result<(), Refusal> {
    let header = syntax.filler();
    let rest = size.saturating_sub(u64::try_from(header.len()).unwrap_or(u64::MAX));
    if let Ok(rest) = usize::try_from(rest)
        && rest <= 64
    {
        // One piece of the plan instead of three.
        let mut unit = header.to_vec();
        unit.resize(header.len().saturating_add(rest), 0xFF);
        if let Some(last) = unit.last_mut().filter(|_| rest > 0) {
            *last = 0x80;
        }
        return plan.bytes(&unit);
    }
    plan.bytes(header)?;
    plan.fill(0xFF, rest.saturating_sub(1))?;
    plan.bytes(&[0x80])
}

/// Whether the unit is what [`fill_unit`] writes.
fn is_filler(syntax: Syntax, cursor: &mut Cursor<'_>, at: u64, size: u64) -> Result<bool, Refusal> {
    cursor.go_to(at, "NAL unit")?;
    for &byte in syntax.filler() {
        if cursor.byte("NAL unit")? != byte {
            return Ok(false);
        }
    }
    let mut left = size.saturating_sub(u64::try_from(syntax.filler().len()).unwrap_or(u64::MAX));
    while left > 1 {
        let most = usize::try_from(left.saturating_sub(1)).unwrap_or(usize::MAX);
        let buffered = cursor.buffered()?;
        let part = buffered.get(..most.min(buffered.len())).unwrap_or_default();
        if part.is_empty() || part.iter().any(|&byte| byte != 0xFF) {
            return Ok(false);
        }
        let passed = part.len();
        cursor.consume(passed);
        left = left.saturating_sub(u64::try_from(passed).unwrap_or(u64::MAX));
    }
    Ok(left == 0 || cursor.byte("NAL unit")? == 0x80)
}

/// An access unit delimiter (H.264 7.3.2.4, H.265 7.3.2.5): three bits and the trailing ones; then zeros.
fn delimiter(
    syntax: Syntax,
    unit: &[u8],
    at: u64,
    size: u64,
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let (header, rest) = unit.split_at_checked(syntax.header_len()).unwrap_or((unit, &[]));
    let Some((&kind, behind)) = rest.split_first() else { return fill_unit(syntax, size, plan) };
    let canonical = (kind & 0xE0) | 0x10;
    if canonical == kind && behind.is_empty() {
        return plan.copy(at, size);
    }
    if canonical != kind || behind.iter().any(|&byte| byte != 0) || u64::try_from(unit.len()).ok() != Some(size) {
        findings.removed(Category::HiddenContent, "behind an access unit delimiter");
    }
    plan.bytes(header)?;
    plan.bytes(&[canonical])?;
    plan.fill(0, size.saturating_sub(u64::try_from(header.len()).unwrap_or(u64::MAX)).saturating_sub(1))
}
