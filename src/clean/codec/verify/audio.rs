//! AudioSpecificConfig, and what stands in front of the sound of an AAC frame, as they may be in a clean file.
//!
//! Source: ISO/IEC 14496-3:2019, 1.6.2.1, 4.4.1, 4.4.2, 4.6.20.

use super::fields::Fields;
use crate::clean::Unaccounted;
use crate::clean::codec::bits::Bits;
use crate::clean::codec::{Codec, opus};
use crate::clean::produced::Produced;
use crate::limits;

/// How samples are coded, if `body` is a configuration and no more.
pub(super) fn specific_config(body: &[u8]) -> Option<Codec> {
    let mut f = Fields::new(body);
    let mut object = audio_object(&mut f);
    frequency(&mut f);
    let channels = f.u(4);
    let explicit = object == 5 || object == 29;
    if explicit {
        frequency(&mut f);
        object = audio_object(&mut f);
        f.any(if object == 22 { 4 } else { 0 });
    }
    let codec = match object {
        1 | 2 | 3 | 4 | 6 | 7 => Codec::Aac,
        17 | 19..=23 | 32..=34 | 39 => Codec::Opaque,
        42 => return (f.sound() && body.len() <= 64).then_some(Codec::Opaque),
        _ => return None,
    };
    match object {
        32..=34 => f.any(1),
        39 => low_delay(&mut f, channels),
        _ => general(&mut f, object, channels, body.len()),
    }
    if matches!(object, 17 | 19..=23 | 39) {
        let protection = f.u(2);
        f.holds(protection < 2);
    }
    if !explicit && f.left() >= 16 {
        let sync = f.u(16);
        f.holds(sync == 0x2B7 << 5 | 5);
        if f.flag() {
            frequency(&mut f);
            if f.left() >= 12 {
                let sync = f.u(11);
                f.holds(sync == 0x548);
                f.any(1);
            }
        }
    }
    f.close_with_zeros().then_some(codec)
}

fn audio_object(f: &mut Fields<'_>) -> u64 {
    let object = f.u(5);
    if object == 31 { f.u(6).saturating_add(32) } else { object }
}

fn frequency(f: &mut Fields<'_>) {
    if f.u(4) == 15 {
        f.any(24);
    }
}

fn general(f: &mut Fields<'_>, object: u64, channels: u64, len: usize) {
    f.any(1);
    let core = f.flag();
    f.any(if core { 14 } else { 0 });
    let extension = f.flag();
    if channels == 0 {
        f.any(10);
        let [front, side, back, low, data, coupling] = [f.u(4), f.u(4), f.u(4), f.u(2), f.u(3), f.u(4)];
        for bits in [4, 4, 3] {
            let mixed = f.flag();
            f.any(if mixed { bits } else { 0 });
        }
        let fives = front.saturating_add(side).saturating_add(back).saturating_add(coupling);
        f.any(fives.saturating_mul(5).saturating_add(low.saturating_add(data).saturating_mul(4)));
        f.align();
        // No comment.
        f.zeros(8);
    }
    f.any(if matches!(object, 6 | 20) { 3 } else { 0 });
    if extension {
        f.any(match object {
            22 => 16,
            17 | 19 | 20 | 23 => 3,
            _ => 0,
        });
        f.zeros(1);
    }
    f.holds(len < 128);
}

fn low_delay(f: &mut Fields<'_>, channels: u64) {
    f.any(4);
    if f.flag() {
        f.any(2);
        f.holds((1..=7).contains(&channels));
        let headers = [0, 1, 1, 2, 3, 3, 3, 4].get(usize::try_from(channels).unwrap_or(0)).copied().unwrap_or(0);
        for _ in 0..headers {
            f.any(14);
            let (first, second) = (f.flag(), f.flag());
            f.any(if first { 5 } else { 0 });
            f.any(if second { 6 } else { 0 });
        }
    }
    f.zeros(4);
}

/// Accounts for a frame: fill and data elements in front of the sound say nothing.
pub(super) fn aac_frame(produced: &mut Produced<'_>, len: u64) -> Result<(), Unaccounted> {
    let lead = usize::try_from(len.min(limits::AAC_LEAD_BYTES_MAX)).unwrap_or(0);
    let rest = len.saturating_sub(u64::try_from(lead).unwrap_or(0));
    if lead == 0 {
        return produced.skip(rest);
    }
    // Nearly every frame begins with sound: then the first byte is enough.
    let first = produced.byte()?;
    if !matches!(first >> 5, 4..=6) {
        return produced.skip(len.saturating_sub(1));
    }
    let mut bytes = vec![first];
    bytes.extend(produced.bytes(lead.saturating_sub(1))?);
    let mut bits = Bits::new(&bytes);
    while let Some(is_empty) = element(&mut bits) {
        if !is_empty {
            return produced.wrong("AAC fill or data element");
        }
    }
    produced.skip(rest)
}

/// Accounts for an Opus packet: its padding is zeros. The walk over its frames is the one that the cleaner goes.
pub(super) fn opus_packet(streams: u8, produced: &mut Produced<'_>, len: u64) -> Result<(), Unaccounted> {
    if len > limits::OPUS_PACKET_BYTES_MAX {
        return produced.wrong("Opus packet");
    }
    let packet = produced.bytes(usize::try_from(len).unwrap_or(usize::MAX))?;
    let is_blank = |&(from, len): &(usize, usize)| packet.iter().skip(from).take(len).all(|&byte| byte == 0);
    match opus::packet(&packet, streams) {
        Some(read) if read.padding.iter().all(is_blank) => Ok(()),
        _ => produced.wrong("Opus packet"),
    }
}

/// Seventeen bits of zeros, and `libfaac 1.0`.
const FAAC: [u8; 14] = [0x00, 0x00, 0x36, 0x34, 0xB1, 0x33, 0x30, 0xB0, 0xB1, 0x90, 0x18, 0x97, 0x18, 0x00];

/// Whether the element here, if it is one in front of the sound and lies wholly in the lead, is empty.
fn element(bits: &mut Bits<'_>) -> Option<bool> {
    match bits.take(3)? {
        4 => {
            bits.take(4)?;
            let align = bits.bit()?;
            let mut count = bits.take(8)?;
            if count == 255 {
                count = count.checked_add(bits.take(8)?)?;
            }
            if align {
                bits.align()?;
            }
            let mut is_empty = true;
            let mut ahead = bits.clone();
            ahead.skip(usize::try_from(count).ok()?.checked_mul(8)?)?;
            for _ in 0..count {
                is_empty &= bits.byte()? == 0;
            }
            Some(is_empty)
        }
        5 => {
            bits.skip(10)?;
            let counts = [bits.take(4)?, bits.take(4)?, bits.take(4)?, bits.take(2)?, bits.take(3)?, bits.take(4)?];
            for width in [4, 4, 3] {
                let mixed = bits.bit()?;
                bits.skip(if mixed { width } else { 0 })?;
            }
            // Bits of each element of a kind.
            let widths = counts.iter().zip([5u64, 5, 5, 4, 4, 5]).map(|(count, width)| count.saturating_mul(width));
            bits.skip(usize::try_from(widths.sum::<u64>()).ok()?)?;
            bits.align()?;
            let count = bits.take(8)?;
            let mut ahead = bits.clone();
            ahead.skip(usize::try_from(count).ok()?.checked_mul(8)?)?;
            let mut is_empty = true;
            for _ in 0..count {
                is_empty &= bits.byte()? == 0;
            }
            Some(is_empty)
        }
        6 => {
            let mut count = bits.take(4)?;
            if count == 15 {
                count = bits.take(8)?.checked_add(14)?;
            }
            if count == 0 {
                return Some(true);
            }
            let kind = bits.clone().take(4)?;
            if kind > 1 {
                return None;
            }
            let mut ahead = bits.clone();
            ahead.skip(usize::try_from(count).ok()?.checked_mul(8)?)?;
            // Fill data, or FAAC's mark in its one form, by which decoders know where the sound begins.
            let (lead, byte) = if kind == 0 { (FAAC.as_slice(), 0) } else { ([0x10].as_slice(), 0xA5) };
            let mut is_empty = count >= u64::try_from(lead.len()).ok()?;
            let expected = lead.iter().copied().chain(std::iter::repeat(byte));
            for expected in expected.take(usize::try_from(count).ok()?) {
                is_empty &= bits.byte()? == expected;
            }
            Some(is_empty)
        }
        _ => None,
    }
}
