//! The header of a frame (ISO/IEC 11172-3, 2.4.1.3 and 2.4.2.3). Reads four bytes and knows nothing behind them.

/// Which standard a stream follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    Mpeg1,
    /// Half the sample rates (ISO/IEC 13818-3).
    Mpeg2,
    /// A quarter of them.
    Mpeg25,
}

/// A header of Layer III.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) version: Version,
    pub(super) is_protected: bool,
    bitrate: u8,
    rate: u8,
    is_padded: bool,
    mode: u8,
    mode_extension: u8,
    emphasis: u8,
    /// Private, copyright and original bit.
    marks: (bool, bool, bool),
}

impl Header {
    /// Reads a header. `None` if it is none of Layer III, or of free format.
    pub(super) fn read([sync, kind, rates, mode]: [u8; 4]) -> Option<Self> {
        let version = match (sync, kind >> 3) {
            (0xFF, 0b1_1111) => Version::Mpeg1,
            (0xFF, 0b1_1110) => Version::Mpeg2,
            (0xFF, 0b1_1100) => Version::Mpeg25,
            _ => return None,
        };
        let (bitrate, rate, emphasis) = (rates >> 4, (rates >> 2) & 3, mode & 3);
        let is_valid = (kind >> 1) & 3 == 1 && (1..=14).contains(&bitrate) && rate < 3 && emphasis != 2;
        is_valid.then_some(Self {
            version,
            is_protected: kind & 1 == 0,
            bitrate,
            rate,
            is_padded: rates & 2 != 0,
            mode: mode >> 6,
            mode_extension: (mode >> 4) & 3,
            emphasis,
            marks: (rates & 1 != 0, mode & 8 != 0, mode & 4 != 0),
        })
    }

    /// The header in its one form, with the emphasis of the stream's first frame.
    pub(super) fn to_bytes(self, emphasis: u8) -> [u8; 4] {
        let version = match self.version {
            Version::Mpeg1 => 0b1111_1000,
            Version::Mpeg2 => 0b1111_0000,
            Version::Mpeg25 => 0b1110_0000,
        };
        // Nothing but joint stereo has an extension.
        let extension = if self.mode == 1 { self.mode_extension } else { 0 };
        [
            0xFF,
            version | 0b010 | u8::from(!self.is_protected),
            (self.bitrate << 4) | (self.rate << 2) | (u8::from(self.is_padded) << 1),
            // An original, of which nobody claims the copyright: what encoders write by default.
            (self.mode << 6) | (extension << 4) | 0b100 | emphasis,
        ]
    }

    /// Whether it may stand in one stream with `other`.
    pub(super) fn belongs_to(self, other: Self) -> bool {
        self.version == other.version && self.rate == other.rate && self.is_mono() == other.is_mono()
    }

    /// Bytes of the frame.
    pub(super) fn len(self) -> usize {
        let slots = match self.version {
            Version::Mpeg1 => 144_000,
            Version::Mpeg2 | Version::Mpeg25 => 72_000,
        };
        let bits: u32 = self.kilobits().saturating_mul(slots);
        let len = bits.checked_div(self.rate()).unwrap_or(0).saturating_add(self.is_padded.into());
        usize::try_from(len).unwrap_or(0)
    }

    /// Kilobits a second.
    pub(super) fn kilobits(self) -> u32 {
        let table = if self.version == Version::Mpeg1 { &KILOBITS_1 } else { &KILOBITS_2 };
        table.get(usize::from(self.bitrate)).copied().unwrap_or(0)
    }

    /// Samples a second.
    pub(super) fn rate(self) -> u32 {
        let rate: u32 = [44_100, 48_000, 32_000].get(usize::from(self.rate)).copied().unwrap_or(0);
        match self.version {
            Version::Mpeg1 => rate,
            Version::Mpeg2 => rate / 2,
            Version::Mpeg25 => rate / 4,
        }
    }

    pub(super) fn is_mono(self) -> bool {
        self.mode == 3
    }

    pub(super) fn emphasis(self) -> u8 {
        self.emphasis
    }

    /// Private, copyright and original bit.
    pub(super) fn marks(self) -> (bool, bool, bool) {
        self.marks
    }

    /// A header for a frame of the same stream that has room for so many bytes, and no sound.
    pub(super) fn for_tag(self, bytes: usize) -> Self {
        let plain = Self {
            is_protected: false,
            is_padded: false,
            mode: if self.is_mono() { 3 } else { 0 },
            mode_extension: 0,
            ..self
        };
        let fitting = (1..=14).map(|bitrate| Self { bitrate, ..plain }).find(|header| header.len() >= bytes);
        fitting.unwrap_or(plain)
    }
}

/// Whether `head` begins with two frames of free format, whose headers do not say how long they are.
pub(super) fn is_free(head: &[u8]) -> bool {
    // But for the padding, all bytes of their headers that matter are the same.
    let beginning = |bytes: &[u8]| match *bytes {
        [sync, kind, rates, ..] => Header::read([sync, kind, rates | 0x10, 0]).map(|_| [sync, kind, rates & 0xFD]),
        _ => None,
    };
    let first = beginning(head).filter(|&[_, _, rates]| rates < 0x10);
    first.is_some() && (FREE_BYTES_MIN..head.len()).any(|at| head.get(at..).and_then(beginning) == first)
}

/// Bytes of a frame that has room for its side information.
const FREE_BYTES_MIN: usize = 24;

/// Bit rates of Layer III (ISO/IEC 11172-3, 2.4.2.3; ISO/IEC 13818-3, 2.4.2.3).
const KILOBITS_1: [u32; 15] = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KILOBITS_2: [u32; 15] = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

#[cfg(test)]
mod tests {
    use super::*;

    fn len(bytes: [u8; 4]) -> Option<usize> {
        Header::read(bytes).map(Header::len)
    }

    #[test]
    fn frames_are_as_long_as_their_headers_say() {
        assert_eq!(len([0xFF, 0xFB, 0x90, 0x64]), Some(417));
        assert_eq!(len([0xFF, 0xFB, 0x92, 0x64]), Some(418));
        assert_eq!(len([0xFF, 0xFA, 0xE4, 0xC0]), Some(960));
        assert_eq!(len([0xFF, 0xF3, 0x84, 0xC0]), Some(192));
        assert_eq!(len([0xFF, 0xE3, 0x18, 0xC0]), Some(72));
    }

    #[test]
    fn what_is_no_header_of_layer_iii_is_none() {
        for bytes in [
            [0xFF, 0xFD, 0x90, 0x64],
            [0xFF, 0xFF, 0x90, 0x64],
            [0xFF, 0xF9, 0x90, 0x64],
            [0xFF, 0xEB, 0x90, 0x64],
            [0xFF, 0xFB, 0x00, 0x64],
            [0xFF, 0xFB, 0xF0, 0x64],
            [0xFF, 0xFB, 0x9C, 0x64],
            [0xFF, 0xFB, 0x90, 0x66],
            [0xFE, 0xFB, 0x90, 0x64],
        ] {
            assert_eq!(Header::read(bytes), None, "{bytes:X?}");
        }
    }

    #[test]
    fn marks_are_set_to_one_form() {
        let header = Header::read([0xFF, 0xFB, 0x93, 0x38]).unwrap();
        assert_eq!(header.marks(), (true, true, false));
        assert_eq!(header.to_bytes(header.emphasis()), [0xFF, 0xFB, 0x92, 0x04]);
        let joint = Header::read([0xFF, 0xFA, 0x90, 0x65]).unwrap();
        assert_eq!(joint.to_bytes(1), [0xFF, 0xFA, 0x90, 0x65]);
    }
}
