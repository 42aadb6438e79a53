//! AIFF and AIFF-C. Writes how the sound is coded and the sound: nothing else.
//!
//! Sources: Audio Interchange File Format 1.3 (Apple, 1989); AIFF-C draft of 1991-08-26; the QuickTime compression
//! types that programs write. COMM comes before SSND, whatever the original's order.

mod dropped;
mod survey;
#[cfg(test)]
mod tests;
mod verify;

use super::cursor::Cursor;
use super::{Draft, Format, Plan, Reason, Refusal};
use survey::Compression;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "audio/aiff",
    extension: "aiff",
    aliases: &["aif", "aifc", "afc"],
    name: "AIFF",
    recognise,
    clean,
    verify: verify::verify,
};

fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"FORM") && matches!(head.get(8..12), Some(b"AIFF" | b"AIFC"))
}

/// The one version of AIFF-C there is.
const VERSION: [u8; 4] = 0xA280_5140_u32.to_be_bytes();

/// `FORM AIFF COMM SSND` or `FORM AIFC FVER COMM SSND`.
fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let kept = survey::survey(cursor)?;
    let mut head = match kept.compression {
        Compression::Aiff => b"AIFF".to_vec(),
        Compression::Aifc(_) => [b"AIFCFVER\0\0\0\x04".as_slice(), &VERSION].concat(),
    };
    // Behind the compression type stands its name, as a counted string of even length: none.
    let compression = match kept.compression {
        Compression::Aiff => Vec::new(),
        Compression::Aifc(kind) => [kind.as_slice(), &[0, 0]].concat(),
    };
    let common = [
        kept.channels.to_be_bytes().as_slice(),
        &kept.frames.to_be_bytes(),
        &kept.bits.to_be_bytes(),
        &rate(kept.rate),
        &compression,
    ]
    .concat();
    head.extend(b"COMM");
    head.extend(u32::try_from(common.len()).unwrap_or(0).to_be_bytes());
    head.extend(common);
    head.extend(b"SSND");
    let too_large = Refusal::new(Reason::TooLarge, "SSND", kept.at);
    let sound = u32::try_from(kept.len).ok().and_then(|len| len.checked_add(8)).ok_or(too_large.clone())?;
    head.extend(sound.to_be_bytes());
    // Offset and block size.
    head.extend([0; 8]);
    let pad = kept.len & 1;
    let all = u64::try_from(head.len()).unwrap_or(u64::MAX).saturating_add(kept.len).saturating_add(pad);
    let mut plan = Plan::default();
    plan.bytes(b"FORM")?;
    plan.bytes(&u32::try_from(all).map_err(|_| too_large)?.to_be_bytes())?;
    plan.bytes(&head)?;
    plan.copy(kept.at, kept.len)?;
    plan.fill(0, pad)?;
    Ok(Draft::new(plan, kept.findings))
}

/// A whole number as the extended float of IEEE 754 in 80 bits: exponent biased by 16,383, mantissa with its first bit.
fn rate(rate: u32) -> [u8; 10] {
    let zeros = rate.leading_zeros();
    let [e0, e1] = u16::try_from(16_383_u32.saturating_add(31_u32.saturating_sub(zeros))).unwrap_or(0).to_be_bytes();
    let [m0, m1, m2, m3, ..] = u64::from(rate).wrapping_shl(32_u32.saturating_add(zeros)).to_be_bytes();
    [e0, e1, m0, m1, m2, m3, 0, 0, 0, 0]
}
