//! Reads a produced ADTS stream and accounts for every byte: frames of one stream, each with the one header it can
//! have, up to the end.
//!
//! Source: ISO/IEC 14496-3:2019, 1.A.2.2.

use std::io::Read;

use crate::clean::Unaccounted;
use crate::clean::codec::Codec;
use crate::clean::produced::Produced;

/// Accounts for every byte.
pub(super) fn verify(reader: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(reader);
    let mut stream = None;
    while !produced.buffered()?.is_empty() {
        let [sync, flags, profile, channels, middle, low, blocks] = produced.array()?;
        let fixed = (flags, profile, channels & 0xC0);
        let is_header = sync == 0xFF
            && matches!(flags, 0xF1 | 0xF9)
            && profile & 2 == 0
            && (profile & 0x3C) <= 12 << 2
            && channels & 0x3C == 0
            && low & 0x1F == 0x1F
            && blocks & 0xFC == 0xFC
            && *stream.get_or_insert(fixed) == fixed;
        // Thirteen bits, of which the header is seven bytes.
        let len = u16::from_be_bytes([channels & 3, middle]).wrapping_mul(8) | u16::from(low >> 5);
        match len.checked_sub(7) {
            Some(sound @ 1..) if is_header => Codec::Aac.verify(&mut produced, sound.into())?,
            _ => return produced.wrong("frame header"),
        }
    }
    if stream.is_some() { Ok(()) } else { produced.wrong("frame header") }
}
