//! SEI messages that may stand in a clean stream, and filler payload behind them. Knows no other.

use super::fields::Fields;
use crate::clean::codec::{AvcTiming, HevcTiming};

/// Type and payload of each message; `None` where one is spelled otherwise than it is here.
fn list(raw: &[u8]) -> Option<Vec<(usize, &[u8])>> {
    let mut list = Vec::new();
    let mut rest = raw;
    loop {
        if rest == [0x80] {
            return Some(list);
        }
        let kind = number(&mut rest)?;
        let size = number(&mut rest)?;
        let payload = rest.get(..size)?;
        rest = rest.get(size..)?;
        list.push((kind, payload));
    }
}

fn number(rest: &mut &[u8]) -> Option<usize> {
    let whole = rest.iter().take_while(|&&byte| byte == 255).count();
    let last = *rest.get(whole)?;
    *rest = rest.get(whole.checked_add(1)?..)?;
    whole.checked_mul(255)?.checked_add(last.into())
}

/// Kept messages first, then filler payload: at most two messages, of which a first has no bytes.
fn are(list: &[(usize, &[u8])], is_kept: impl Fn(usize, &[u8]) -> bool) -> bool {
    let kept = list.iter().take_while(|(kind, _)| *kind != 3).count();
    let (messages, fillers) = list.split_at_checked(kept).unwrap_or_default();
    let is_filled = match fillers {
        [] => kept > 0,
        [(3, bytes)] => bytes.iter().all(|&byte| byte == 0xFF),
        [(3, []), (3, bytes)] => bytes.iter().all(|&byte| byte == 0xFF),
        _ => false,
    };
    is_filled && messages.iter().all(|(kind, payload)| is_kept(*kind, payload))
}

pub(super) fn h264(raw: &[u8], timing: AvcTiming) -> bool {
    list(raw).is_some_and(|list| are(&list, |kind, payload| h264_message(kind, payload, timing)))
}

pub(super) fn h265(raw: &[u8], timing: HevcTiming, is_suffix: bool) -> bool {
    list(raw).is_some_and(|list| are(&list, |kind, payload| h265_message(kind, payload, timing, is_suffix)))
}

/// ISO/IEC 14496-10, D.1.
fn h264_message(kind: usize, payload: &[u8], timing: AvcTiming) -> bool {
    let mut f = Fields::new(payload);
    match kind {
        0 => {
            f.ue(31);
            let nal = u64::from(timing.nal_cpbs).saturating_mul(timing.nal_initial_bits.into());
            let vcl = u64::from(timing.vcl_cpbs).saturating_mul(timing.vcl_initial_bits.into());
            f.any(nal.saturating_add(vcl).saturating_mul(2));
        }
        1 => {
            f.any(u64::from(timing.removal_bits).saturating_add(timing.output_bits.into()));
            if timing.structure {
                let clocks = [1, 1, 1, 2, 2, 3, 3, 2, 3];
                let structure = usize::try_from(f.u(4)).unwrap_or(usize::MAX);
                f.holds(structure < clocks.len());
                // Without clock timestamps.
                f.zeros(clocks.get(structure).copied().unwrap_or(0));
            }
            f.holds(timing != AvcTiming::default() && !payload.is_empty());
        }
        2 => {
            f.ue(u32::MAX);
            if !f.flag() {
                let rectangles = f.ue(2).saturating_add(1);
                f.ses(rectangles.saturating_mul(4));
                f.ue(16_384);
            }
        }
        6 => {
            f.ue(65_535);
            f.any(4);
        }
        21 => {
            let fields = f.flag();
            f.any(if fields { 3 } else { 4 });
        }
        45 => {
            f.ue(u32::MAX);
            if !f.flag() {
                frame_packing(&mut f);
                f.ue(16_384);
            }
            f.zeros(1);
        }
        47 => {
            if !f.flag() {
                f.any(18);
                f.ue(16_384);
                f.zeros(1);
            }
        }
        _ => return fixed(kind, payload),
    }
    f.close_payload()
}

/// ISO/IEC 23008-2, D.2.
fn h265_message(kind: usize, payload: &[u8], timing: HevcTiming, is_suffix: bool) -> bool {
    if is_suffix {
        return kind == 132
            && matches!((payload.first(), payload.len()), (Some(0), 17 | 49) | (Some(1), 3 | 7) | (Some(2), 5 | 13));
    }
    let mut f = Fields::new(payload);
    match kind {
        1 => {
            f.holds(timing != HevcTiming::default());
            f.any(if timing.structure { 7 } else { 0 });
            f.any(u64::from(timing.removal_bits).saturating_add(timing.output_bits.into()));
        }
        2 => {
            f.ue(u32::MAX);
            if !f.flag() {
                let rectangles = f.ue(2).saturating_add(1);
                f.ses(rectangles.saturating_mul(4));
                f.any(1);
            }
        }
        6 => {
            f.se();
            f.any(2);
        }
        45 => {
            f.ue(u32::MAX);
            if !f.flag() {
                frame_packing(&mut f);
                f.any(1);
            }
            f.any(1);
        }
        47 => {
            if !f.flag() {
                f.any(19);
            }
        }
        129 => {
            f.any(6);
            let count = f.ue(15).saturating_add(1);
            f.ues(count, 15);
        }
        _ => return fixed(kind, payload),
    }
    f.close_payload()
}

/// The part of a frame packing arrangement that both standards share.
fn frame_packing(f: &mut Fields<'_>) {
    let kind = f.u(7);
    let quincunx = f.flag();
    f.any(12);
    if !quincunx && kind != 5 {
        f.any(16);
    }
    f.zeros(8);
}

/// Light of the mastering display and of the content, preferred transfer, ambient light: numbers of one length.
fn fixed(kind: usize, payload: &[u8]) -> bool {
    let is_coordinate = |&pair: &[u8; 2]| u16::from_be_bytes(pair) <= 50_000;
    let is_light = |&light: &[u8; 4]| u32::from_be_bytes(light) <= 100_000_000;
    match (kind, payload.len()) {
        (137, 24) => payload.split_at_checked(16).is_some_and(|(coordinates, light)| {
            coordinates.as_chunks().0.iter().all(is_coordinate) && light.as_chunks().0.iter().all(is_light)
        }),
        (148, 8) => payload.get(4..).is_some_and(|point| point.as_chunks().0.iter().all(is_coordinate)),
        (144, 4) | (147, 1) => true,
        _ => false,
    }
}
