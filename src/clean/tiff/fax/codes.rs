//! The code tables of a fax (ITU-T T.4, tables 2, 3a, 3b and 4), ready to decode with. Reads no file.

use std::sync::LazyLock;

/// The colour of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colour {
    White,
    Black,
}

impl Colour {
    pub(super) fn other(self) -> Self {
        match self {
            Self::White => Self::Black,
            Self::Black => Self::White,
        }
    }
}

/// How a change of colour is told by the row before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    Pass,
    Horizontal,
    /// So far to the right of the change there.
    Vertical(i32),
}

/// The run whose code is at the top of `bits`, and the code's length. Of 64 and more, another one follows.
pub(super) fn run(colour: Colour, bits: u32) -> Option<(u32, u32)> {
    let table = match colour {
        Colour::White => &WHITE,
        Colour::Black => &BLACK,
    };
    let entry = u32::from(*table.get(usize::try_from(bits >> (32 - LENGTH_MAX)).ok()?)?);
    (entry != 0).then_some((entry & 0xFFF, entry >> 12))
}

/// The mode whose code is at the top of `bits`, and the code's length. Extensions are none.
pub(super) fn mode(bits: u32) -> Option<(Mode, u32)> {
    MODES.iter().find(|(code, len, _)| bits >> 32_u32.saturating_sub(*len) == *code).map(|&(_, len, mode)| (mode, len))
}

/// Bits of the longest code.
const LENGTH_MAX: u32 = 13;

/// Codes, lengths, modes (ITU-T T.4, table 4): the shortest first.
const MODES: [(u32, u32, Mode); 9] = [
    (1, 1, Mode::Vertical(0)),
    (0b011, 3, Mode::Vertical(1)),
    (0b010, 3, Mode::Vertical(-1)),
    (0b001, 3, Mode::Horizontal),
    (0b0001, 4, Mode::Pass),
    (0b00_0011, 6, Mode::Vertical(2)),
    (0b00_0010, 6, Mode::Vertical(-2)),
    (0b000_0011, 7, Mode::Vertical(3)),
    (0b000_0010, 7, Mode::Vertical(-3)),
];

/// By the next bits: length of the code · 4096 + run, or 0.
static WHITE: LazyLock<Vec<u16>> = LazyLock::new(|| table(WHITE_TERMINATING, WHITE_MAKE_UP));
static BLACK: LazyLock<Vec<u16>> = LazyLock::new(|| table(BLACK_TERMINATING, BLACK_MAKE_UP));

fn table(terminating: &[(u16, u32)], make_up: &[(u16, u32)]) -> Vec<u16> {
    let mut table = vec![0; 1 << LENGTH_MAX];
    let makes_up = (1..).map(|number: u16| number.saturating_mul(64)).zip(make_up.iter().chain(MAKE_UP));
    for (run, &(code, len)) in (0..).zip(terminating).chain(makes_up) {
        let free = LENGTH_MAX.saturating_sub(len);
        let entry = u16::try_from(len).unwrap_or(0).wrapping_shl(12) | run;
        let from = usize::from(code).wrapping_shl(free);
        let all = 1_usize.wrapping_shl(free);
        table.iter_mut().skip(from).take(all).for_each(|place| *place = entry);
    }
    table
}

/// Code and length for 0 to 63 white pixels.
const WHITE_TERMINATING: &[(u16, u32)] = &[
    (0x35, 8),
    (0x7, 6),
    (0x7, 4),
    (0x8, 4),
    (0xB, 4),
    (0xC, 4),
    (0xE, 4),
    (0xF, 4),
    (0x13, 5),
    (0x14, 5),
    (0x7, 5),
    (0x8, 5),
    (0x8, 6),
    (0x3, 6),
    (0x34, 6),
    (0x35, 6),
    (0x2A, 6),
    (0x2B, 6),
    (0x27, 7),
    (0xC, 7),
    (0x8, 7),
    (0x17, 7),
    (0x3, 7),
    (0x4, 7),
    (0x28, 7),
    (0x2B, 7),
    (0x13, 7),
    (0x24, 7),
    (0x18, 7),
    (0x2, 8),
    (0x3, 8),
    (0x1A, 8),
    (0x1B, 8),
    (0x12, 8),
    (0x13, 8),
    (0x14, 8),
    (0x15, 8),
    (0x16, 8),
    (0x17, 8),
    (0x28, 8),
    (0x29, 8),
    (0x2A, 8),
    (0x2B, 8),
    (0x2C, 8),
    (0x2D, 8),
    (0x4, 8),
    (0x5, 8),
    (0xA, 8),
    (0xB, 8),
    (0x52, 8),
    (0x53, 8),
    (0x54, 8),
    (0x55, 8),
    (0x24, 8),
    (0x25, 8),
    (0x58, 8),
    (0x59, 8),
    (0x5A, 8),
    (0x5B, 8),
    (0x4A, 8),
    (0x4B, 8),
    (0x32, 8),
    (0x33, 8),
    (0x34, 8),
];
/// Code and length for 0 to 63 black pixels.
const BLACK_TERMINATING: &[(u16, u32)] = &[
    (0x37, 10),
    (0x2, 3),
    (0x3, 2),
    (0x2, 2),
    (0x3, 3),
    (0x3, 4),
    (0x2, 4),
    (0x3, 5),
    (0x5, 6),
    (0x4, 6),
    (0x4, 7),
    (0x5, 7),
    (0x7, 7),
    (0x4, 8),
    (0x7, 8),
    (0x18, 9),
    (0x17, 10),
    (0x18, 10),
    (0x8, 10),
    (0x67, 11),
    (0x68, 11),
    (0x6C, 11),
    (0x37, 11),
    (0x28, 11),
    (0x17, 11),
    (0x18, 11),
    (0xCA, 12),
    (0xCB, 12),
    (0xCC, 12),
    (0xCD, 12),
    (0x68, 12),
    (0x69, 12),
    (0x6A, 12),
    (0x6B, 12),
    (0xD2, 12),
    (0xD3, 12),
    (0xD4, 12),
    (0xD5, 12),
    (0xD6, 12),
    (0xD7, 12),
    (0x6C, 12),
    (0x6D, 12),
    (0xDA, 12),
    (0xDB, 12),
    (0x54, 12),
    (0x55, 12),
    (0x56, 12),
    (0x57, 12),
    (0x64, 12),
    (0x65, 12),
    (0x52, 12),
    (0x53, 12),
    (0x24, 12),
    (0x37, 12),
    (0x38, 12),
    (0x27, 12),
    (0x28, 12),
    (0x58, 12),
    (0x59, 12),
    (0x2B, 12),
    (0x2C, 12),
    (0x5A, 12),
    (0x66, 12),
    (0x67, 12),
];
/// For 64, 128, … 1728 white pixels.
const WHITE_MAKE_UP: &[(u16, u32)] = &[
    (0x1B, 5),
    (0x12, 5),
    (0x17, 6),
    (0x37, 7),
    (0x36, 8),
    (0x37, 8),
    (0x64, 8),
    (0x65, 8),
    (0x68, 8),
    (0x67, 8),
    (0xCC, 9),
    (0xCD, 9),
    (0xD2, 9),
    (0xD3, 9),
    (0xD4, 9),
    (0xD5, 9),
    (0xD6, 9),
    (0xD7, 9),
    (0xD8, 9),
    (0xD9, 9),
    (0xDA, 9),
    (0xDB, 9),
    (0x98, 9),
    (0x99, 9),
    (0x9A, 9),
    (0x18, 6),
    (0x9B, 9),
];
/// For 64, 128, … 1728 black pixels.
const BLACK_MAKE_UP: &[(u16, u32)] = &[
    (0xF, 10),
    (0xC8, 12),
    (0xC9, 12),
    (0x5B, 12),
    (0x33, 12),
    (0x34, 12),
    (0x35, 12),
    (0x6C, 13),
    (0x6D, 13),
    (0x4A, 13),
    (0x4B, 13),
    (0x4C, 13),
    (0x4D, 13),
    (0x72, 13),
    (0x73, 13),
    (0x74, 13),
    (0x75, 13),
    (0x76, 13),
    (0x77, 13),
    (0x52, 13),
    (0x53, 13),
    (0x54, 13),
    (0x55, 13),
    (0x5A, 13),
    (0x5B, 13),
    (0x64, 13),
    (0x65, 13),
];
/// For 1792, 1856, … 2560 pixels of either colour.
const MAKE_UP: &[(u16, u32)] = &[
    (0x8, 11),
    (0xC, 11),
    (0xD, 11),
    (0x12, 12),
    (0x13, 12),
    (0x14, 12),
    (0x15, 12),
    (0x16, 12),
    (0x17, 12),
    (0x1C, 12),
    (0x1D, 12),
    (0x1E, 12),
    (0x1F, 12),
];
