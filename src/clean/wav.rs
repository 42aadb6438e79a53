//! WAV, also RF64 and BW64. Writes the format, the number of samples where it is needed, and the sound: nothing else.
//!
//! Sources: Multimedia Programming Interface and Data Specifications 1.0 (IBM, Microsoft, 1991); RFC 2361; EBU Tech
//! 3306 (RF64); ITU-R BS.2088 (BW64). A file whose sound was still being written says so in its sizes; then all up to
//! the end is sound, but for chunks that stand there.

mod dropped;
mod survey;
#[cfg(test)]
mod tests;
mod verify;

use super::cursor::Cursor;
use super::{Draft, Format, Plan, Refusal};

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "audio/wav",
    extension: "wav",
    aliases: &["wave", "bwf", "rf64"],
    name: "WAV",
    recognise,
    clean,
    verify: verify::verify,
};

fn recognise(head: &[u8]) -> bool {
    matches!(head.first_chunk(), Some(b"RIFF" | b"RF64" | b"BW64" | b"RIFX")) && head.get(8..12) == Some(b"WAVE")
}

/// `RIFF WAVE fmt fact? data`, or, where the sizes of that would not fit, `RF64 WAVE ds64 fmt fact? data`.
fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let kept = survey::survey(cursor)?;
    let format = kept.format.bytes();
    let format_len = u64::try_from(format.len()).unwrap_or(u64::MAX);
    let pad = kept.len & 1;
    // WAVE, the headers of fmt and data, fact.
    let fact_len = if kept.format.has_fact() { 12 } else { 0 };
    let around = format_len.saturating_add(fact_len).saturating_add(4 + 8 + 8);
    let riff_len = around.saturating_add(kept.len).saturating_add(pad);
    let mut plan = Plan::default();
    match (u32::try_from(riff_len), u32::try_from(kept.len)) {
        (Ok(riff_len), Ok(_)) if riff_len < u32::MAX => {
            plan.bytes(b"RIFF")?;
            plan.bytes(&riff_len.to_le_bytes())?;
            plan.bytes(b"WAVE")?;
        }
        _ => {
            // EBU Tech 3306, 3: the size of the file, of the data, the number of samples, and no further sizes.
            plan.bytes(b"RF64\xFF\xFF\xFF\xFFWAVEds64\x1C\0\0\0")?;
            plan.bytes(&riff_len.saturating_add(36).to_le_bytes())?;
            plan.bytes(&kept.len.to_le_bytes())?;
            plan.bytes(&kept.samples.to_le_bytes())?;
            plan.bytes(&[0; 4])?;
        }
    }
    plan.bytes(b"fmt ")?;
    plan.bytes(&u32::try_from(format.len()).unwrap_or(0).to_le_bytes())?;
    plan.bytes(&format)?;
    if kept.format.has_fact() {
        plan.bytes(b"fact\x04\0\0\0")?;
        plan.bytes(&u32::try_from(kept.samples).unwrap_or(u32::MAX).to_le_bytes())?;
    }
    plan.bytes(b"data")?;
    let is_long = riff_len >= u32::MAX.into();
    plan.bytes(&u32::try_from(kept.len).ok().filter(|_| !is_long).unwrap_or(u32::MAX).to_le_bytes())?;
    plan.copy(kept.at, kept.len)?;
    plan.fill(0, pad)?;
    Ok(Draft::new(plan, kept.findings))
}
