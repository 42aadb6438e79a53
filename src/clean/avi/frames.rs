//! Frames of MPEG audio and AC-3 one behind the other, however chunks cut them: every byte must belong to one. Knows
//! their lengths and nothing of the sound.

/// How frames say how long they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// MPEG-1 and MPEG-2, layers I to III (ISO/IEC 11172-3, 2.4.2.3; 13818-3).
    Mpeg,
    /// AC-3 (ATSC A/52, 5.3).
    Ac3,
}

/// A walk over the sound of one stream.
#[derive(Debug)]
pub(super) struct Walk {
    framing: Framing,
    head: Vec<u8>,
    /// Bytes of the frame that are still to come.
    left: usize,
    is_first: bool,
}

/// Bytes that tell a frame's length, and more: with these also the tag that encoders write in place of a first frame.
const MPEG_HEAD: usize = 4;
const AC3_HEAD: usize = 5;

impl Walk {
    pub(super) fn new(framing: Framing) -> Self {
        Self { framing, head: Vec::new(), left: 0, is_first: true }
    }

    /// Passes over `bytes`. `None` where they are not frames.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) -> Option<()> {
        let head_len = match self.framing {
            Framing::Mpeg => MPEG_HEAD,
            Framing::Ac3 => AC3_HEAD,
        };
        while !bytes.is_empty() {
            if self.left > 0 {
                let (passed, rest) = bytes.split_at(self.left.min(bytes.len()));
                if self.is_first {
                    self.head.extend(passed);
                }
                (self.left, bytes) = (self.left.saturating_sub(passed.len()), rest);
                if self.left == 0 {
                    // A frame of no sound that tells of the encoder.
                    if self.is_first && is_tag(&self.head) {
                        return None;
                    }
                    self.is_first = false;
                    self.head.clear();
                }
                continue;
            }
            let wanted = head_len.saturating_sub(self.head.len());
            let (taken, rest) = bytes.split_at(wanted.min(bytes.len()));
            self.head.extend(taken);
            bytes = rest;
            if self.head.len() == head_len {
                let len = match self.framing {
                    Framing::Mpeg => mpeg_len(&self.head)?,
                    Framing::Ac3 => ac3_len(&self.head)?,
                };
                self.left = len.checked_sub(head_len).filter(|left| *left > 0)?;
                if !self.is_first {
                    self.head.clear();
                }
            }
        }
        Some(())
    }
}

fn is_tag(frame: &[u8]) -> bool {
    let start = frame.get(..64).unwrap_or(frame);
    start.windows(4).any(|window| matches!(window, b"Xing" | b"Info" | b"VBRI"))
}

/// Bytes of the frame that begins with this header.
fn mpeg_len(head: &[u8]) -> Option<usize> {
    let &[0xFF, second, third, _] = head else { return None };
    if second & 0xE0 != 0xE0 {
        return None;
    }
    let (version, layer) = ((second >> 3) & 3, (second >> 1) & 3);
    let is_first_version = version == 3;
    let kilobits: [usize; 16] = match (is_first_version, layer) {
        (_, 0) => return None,
        (true, 3) => [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 0],
        (true, 2) => [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 0],
        (true, _) => [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0],
        (false, 3) => [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256, 0],
        (false, _) => [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0],
    };
    let bits = kilobits.get(usize::from(third >> 4)).copied().filter(|&bits| bits > 0)?.checked_mul(1_000)?;
    let rate = [44_100_usize, 48_000, 32_000].get(usize::from((third >> 2) & 3)).copied()?;
    let rate = match version {
        3 => rate,
        2 => rate / 2,
        0 => rate / 4,
        _ => return None,
    };
    let padding = usize::from((third >> 1) & 1);
    if layer == 3 {
        return bits.checked_mul(12)?.checked_div(rate)?.checked_add(padding)?.checked_mul(4);
    }
    let samples = if !is_first_version && layer == 1 { 72 } else { 144 };
    bits.checked_mul(samples)?.checked_div(rate)?.checked_add(padding)
}

/// Bytes of the frame that begins with this header.
fn ac3_len(head: &[u8]) -> Option<usize> {
    const KILOBITS: [usize; 19] =
        [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640];
    let &[0x0B, 0x77, _, _, code] = head else { return None };
    let bits = *KILOBITS.get(usize::from((code & 0x3F) >> 1))?;
    let odd = usize::from(code & 1);
    let words = match code >> 6 {
        0 => bits.checked_mul(2)?,
        1 => bits.checked_mul(960)?.checked_div(441)?.checked_add(odd)?,
        2 => bits.checked_mul(3)?,
        _ => return None,
    };
    words.checked_mul(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_say_how_long_they_are() {
        // 128 kbit/s, 44.1 kHz, layer III, without and with padding; 8 kbit/s, 8 kHz (2.5).
        assert_eq!(mpeg_len(&[0xFF, 0xFB, 0x90, 0x00]), Some(417));
        assert_eq!(mpeg_len(&[0xFF, 0xFB, 0x92, 0x00]), Some(418));
        assert_eq!(mpeg_len(&[0xFF, 0xE3, 0x18, 0x00]), Some(72));
        assert_eq!(mpeg_len(&[0xFF, 0xFB, 0xF0, 0x00]), None);
        // 192 kbit/s at 48 and 44.1 kHz.
        assert_eq!(ac3_len(&[0x0B, 0x77, 0, 0, 20]), Some(768));
        assert_eq!(ac3_len(&[0x0B, 0x77, 0, 0, 0x40 | 21]), Some(836));
    }

    #[test]
    fn frames_may_be_cut_anywhere_and_nothing_may_be_between_them() {
        let mut frame = vec![0xFF, 0xFB, 0x90, 0x00];
        frame.resize(417, 7);
        let sound = [frame.as_slice(), &frame, &frame].concat();
        for len in 1..500 {
            let mut walk = Walk::new(Framing::Mpeg);
            assert!(sound.chunks(len).all(|part| walk.feed(part).is_some()), "{len}");
        }
        let mut walk = Walk::new(Framing::Mpeg);
        assert!(walk.feed(&[frame.as_slice(), b"TAG", &frame].concat()).is_none());
        let mut tag = frame.clone();
        tag[36..40].copy_from_slice(b"Info");
        assert!(Walk::new(Framing::Mpeg).feed(&tag).is_none());
    }
}
