//! Reads a produced AIFF and accounts for every byte, by a grammar of its own. Shares nothing with the cleaner.
//!
//! `FORM AIFF COMM SSND` or `FORM AIFC FVER COMM SSND`

use std::io::Read;

use crate::clean::Unaccounted;
use crate::clean::produced::Produced;
use crate::limits;

/// Accounts for every byte up to the end of `produced`.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    produced.expect(b"FORM", "FORM")?;
    let size = u64::from(u32::from_be_bytes(produced.array()?));
    let is_aifc = match &produced.array()? {
        b"AIFF" => false,
        b"AIFC" => true,
        _ => return produced.wrong("FORM type"),
    };
    if is_aifc {
        produced.expect(b"FVER\0\0\0\x04\xA2\x80\x51\x40", "FVER")?;
    }
    produced.expect(if is_aifc { b"COMM\0\0\0\x18" } else { b"COMM\0\0\0\x12" }, "COMM")?;
    let channels = u64::from(u16::from_be_bytes(produced.array()?));
    let frames = u64::from(u32::from_be_bytes(produced.array()?));
    let bits = u16::from_be_bytes(produced.array()?);
    let rate = produced.array()?;
    if channels == 0 || channels > limits::AUDIO_CHANNELS_MAX.into() || !is_whole(rate) {
        return produced.wrong("COMM");
    }
    let kind = if is_aifc {
        let kind = produced.array()?;
        produced.expect(&[0, 0], "COMM compression name")?;
        kind
    } else {
        *b"NONE"
    };
    let bytes: u64 = match (&kind, bits) {
        (b"NONE" | b"sowt", 1..=32) => bits.div_ceil(8).into(),
        (b"raw ", 8) | (b"alaw" | b"ulaw", 16) => 1,
        (b"in24" | b"42ni", 24) => 3,
        (b"in32" | b"23ni" | b"fl32", 32) => 4,
        (b"fl64", 64) => 8,
        (b"ima4", 16) => 34,
        _ => return produced.wrong("COMM compression type"),
    };
    produced.expect(b"SSND", "SSND")?;
    let sound = u64::from(u32::from_be_bytes(produced.array()?));
    let len = frames.saturating_mul(bytes).saturating_mul(channels);
    if sound.checked_sub(8) != Some(len) {
        return produced.wrong("SSND size");
    }
    produced.expect(&[0; 8], "SSND offset and block size")?;
    produced.skip(len)?;
    if len % 2 == 1 {
        produced.expect(&[0], "SSND padding")?;
    }
    if produced.at().checked_sub(8) != Some(size) {
        return produced.wrong("FORM size");
    }
    produced.end("after the FORM chunk")
}

/// Whether these 80 bits are a whole number of samples a second, in the one way to write it.
fn is_whole(rate: [u8; 10]) -> bool {
    let [e0, e1, mantissa @ ..] = rate;
    let exponent = u16::from_be_bytes([e0, e1]);
    let mantissa = u64::from_be_bytes(mantissa);
    // 1 is 2 to the power of 0; bits below the point are zeros, and the first bit is set.
    let Some(power) = exponent.checked_sub(16_383).filter(|power| *power < 32) else { return false };
    let below = 63_u32.saturating_sub(power.into());
    let number = mantissa.wrapping_shr(below);
    mantissa.leading_zeros() == 0
        && mantissa.trailing_zeros() >= below
        && (1..=u64::from(limits::AUDIO_RATE_MAX)).contains(&number)
}
