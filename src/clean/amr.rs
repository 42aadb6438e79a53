//! AMR and AMR-WB as recorders store them: one channel of frames behind a magic line. Copies the coded speech; never
//! keeps a bit of a frame that is not coded, or a byte that is in no frame.
//!
//! Sources: RFC 4867, 5 and 4.3.2; 3GPP TS 26.101, table 1a; 3GPP TS 26.201, table 1a.

#[cfg(test)]
mod tests;
mod verify;

use super::cursor::Cursor;
use super::{Category, Draft, Findings, Format, Plan, Reason, Refusal};
use crate::limits;

/// AMR narrow-band, in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "audio/AMR",
    extension: "amr",
    aliases: &["3ga"],
    name: "AMR",
    recognise: |head| head.starts_with(NARROW.magic),
    clean: |cursor| clean(cursor, &NARROW),
    verify: verify::narrow,
};

/// AMR wide-band, in the table of formats.
pub(crate) static WIDE_FORMAT: Format = Format {
    media_type: "audio/AMR-WB",
    extension: "awb",
    aliases: &["amr"],
    name: "AMR-WB",
    recognise: |head| head.starts_with(WIDE.magic),
    clean: |cursor| clean(cursor, &WIDE),
    verify: verify::wide,
};

/// What the two codecs differ in.
struct Band {
    magic: &'static [u8],
    /// Bits of coded speech for each frame type; `None` where nothing is defined.
    bits: [Option<u16>; 16],
}

const NARROW: Band = Band {
    magic: b"#!AMR\n",
    bits: [
        Some(95),
        Some(103),
        Some(118),
        Some(134),
        Some(148),
        Some(159),
        Some(204),
        Some(244),
        Some(39),
        None,
        None,
        None,
        None,
        None,
        None,
        Some(0),
    ],
};
const WIDE: Band = Band {
    magic: b"#!AMR-WB\n",
    bits: [
        Some(132),
        Some(177),
        Some(253),
        Some(285),
        Some(317),
        Some(365),
        Some(397),
        Some(461),
        Some(477),
        Some(40),
        None,
        None,
        None,
        None,
        Some(0),
        Some(0),
    ],
};

fn clean(cursor: &mut Cursor<'_>, band: &Band) -> Result<Draft, Refusal> {
    let (mut plan, mut findings) = (Plan::default(), Findings::default());
    let magic_len = u64::try_from(band.magic.len()).unwrap_or(0);
    cursor.skip(magic_len, "magic line")?;
    plan.copy(0, magic_len)?;
    let mut frames = 0u64;
    while cursor.remaining() > 0 {
        let at = cursor.at();
        let Some(bits) = frame_bits(band, cursor.byte("frame")?) else {
            // Frames cannot be told from anything else: what is not one ends the sound.
            cursor.go_to(at, "frame")?;
            break;
        };
        let len = u64::from(bits.div_ceil(8));
        if len > cursor.remaining() {
            cursor.go_to(cursor.len(), "frame")?;
            findings.removed(Category::History, "unfinished frame");
            break;
        }
        frame(cursor, at, bits, &mut plan, &mut findings)?;
        frames = frames.saturating_add(1);
    }
    if frames == 0 || cursor.remaining() > limits::GAP_BYTES_MAX {
        return Err(Refusal::new(Reason::Damaged, "frame", cursor.at()));
    }
    if cursor.remaining() > 0 {
        findings.removed(Category::HiddenContent, "behind the last frame");
    }
    Ok(Draft::new(plan, findings))
}

/// Bits of the frame that this byte announces; `None` if it announces none.
fn frame_bits(band: &Band, toc: u8) -> Option<u16> {
    let bits = band.bits.get(usize::from((toc >> 3) & 0x0F)).copied().flatten();
    // The bits around type and quality are padding, zeros.
    bits.filter(|_| toc & 0x83 == 0)
}

/// Plans a frame, the last bits of its last byte as zeros.
fn frame(cursor: &mut Cursor<'_>, at: u64, bits: u16, plan: &mut Plan, findings: &mut Findings) -> Result<(), Refusal> {
    let len = u64::from(bits.div_ceil(8));
    let padding = u32::from(bits.wrapping_neg() % 8);
    if padding == 0 {
        cursor.skip(len, "frame")?;
        return plan.copy(at, len.saturating_add(1));
    }
    cursor.skip(len.saturating_sub(1), "frame")?;
    let last = cursor.byte("frame")?;
    let cleared = last & u8::MAX.checked_shl(padding).unwrap_or(0);
    if cleared != last {
        findings.removed(Category::HiddenContent, "padding of frames");
    }
    plan.copy(at, len)?;
    plan.bytes_or_copy(&[cleared], &[last], at.saturating_add(len))
}
