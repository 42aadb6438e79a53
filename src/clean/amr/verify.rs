//! Reads a produced AMR file and accounts for every byte: the magic line, then frames whose spare bits are zeros.
//!
//! Source: RFC 4867, 5; 3GPP TS 26.101 and TS 26.201, annex A.

use std::io::Read;

use crate::clean::Unaccounted;
use crate::clean::produced::Produced;

/// Accounts for every byte of a narrow-band file.
pub(super) fn narrow(reader: &mut dyn Read) -> Result<(), Unaccounted> {
    verify(reader, b"#!AMR\n", |kind| match kind {
        // Bytes, and spare bits of the last.
        0 => Some((12, 1)),
        1 => Some((13, 1)),
        2 => Some((15, 2)),
        3 => Some((17, 2)),
        4 => Some((19, 4)),
        5 => Some((20, 1)),
        6 => Some((26, 4)),
        7 => Some((31, 4)),
        8 => Some((5, 1)),
        15 => Some((0, 0)),
        _ => None,
    })
}

/// Accounts for every byte of a wide-band file.
pub(super) fn wide(reader: &mut dyn Read) -> Result<(), Unaccounted> {
    verify(reader, b"#!AMR-WB\n", |kind| match kind {
        0 => Some((17, 4)),
        1 => Some((23, 7)),
        2 => Some((32, 3)),
        3 => Some((36, 3)),
        4 => Some((40, 3)),
        5 => Some((46, 3)),
        6 => Some((50, 3)),
        7 => Some((58, 3)),
        8 => Some((60, 3)),
        9 => Some((5, 0)),
        14 | 15 => Some((0, 0)),
        _ => None,
    })
}

fn verify(reader: &mut dyn Read, magic: &[u8], frame: fn(u8) -> Option<(u64, u32)>) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(reader);
    produced.expect(magic, "magic line")?;
    let mut frames = 0u64;
    while !produced.buffered()?.is_empty() {
        let toc = produced.byte()?;
        // A zero, four bits of type, one of quality, two zeros.
        let Some((len, spare)) = frame(toc / 8).filter(|_| toc & 3 == 0 && toc < 0x80) else {
            return produced.wrong("frame type");
        };
        if let Some(but_last) = len.checked_sub(1) {
            produced.skip(but_last)?;
            if produced.byte()?.trailing_zeros() < spare {
                return produced.wrong("padding of a frame");
            }
        }
        frames = frames.saturating_add(1);
    }
    if frames > 0 { Ok(()) } else { produced.wrong("frames") }
}
