//! Opus: its identification header, and packets as far as their padding. Knows nothing of what carries them, and
//! never looks into coded frames.
//!
//! Sources: RFC 6716, 3 and appendix B; RFC 7845, 5.1.

use crate::limits;

/// Samples a second that Opus counts in, whatever was recorded.
pub(crate) const RATE: u32 = 48_000;
/// The words that the header begins with.
pub(crate) const MAGIC: &[u8; 8] = b"OpusHead";
/// Bytes of the header without a channel mapping table.
const HEAD_BYTES: usize = 19;

/// What of the identification header bears on decoding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// Samples to drop from what is decoded first.
    pub(crate) pre_skip: u16,
    channels: u8,
    gain: [u8; 2],
    family: u8,
    /// Streams, coupled streams, and the stream of each channel; empty in family 0.
    table: Vec<u8>,
}

impl Head {
    /// Reads a header, of which anything may follow. `None` if there is none that decoders take.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(MAGIC)?;
        let &[version, channels, skip_low, skip_high, _, _, _, _, gain_low, gain_high, family, ref rest @ ..] = rest
        else {
            return None;
        };
        let table = match family {
            0 if channels <= 2 => &[],
            // Mono to 7.1, ambisonics, and channels without a meaning (RFC 7845, 5.1.1; RFC 8486, 3.1).
            1 if channels > 8 => return None,
            1 | 2 | 255 => rest.get(..usize::from(channels).checked_add(2)?)?,
            _ => return None,
        };
        let head = Self {
            pre_skip: u16::from_le_bytes([skip_low, skip_high]),
            channels,
            gain: [gain_low, gain_high],
            family,
            table: table.to_vec(),
        };
        // Versions that differ in their lower four bits can be read alike.
        (version & 0xF0 == 0 && channels > 0 && head.is_mapped()).then_some(head)
    }

    /// The header in its one form: the recorder's sample rate, which players need not know, is that of Opus.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let [skip_low, skip_high] = self.pre_skip.to_le_bytes();
        let fixed = [1, self.channels, skip_low, skip_high];
        [MAGIC.as_slice(), &fixed, &RATE.to_le_bytes(), &self.gain, &[self.family], &self.table].concat()
    }

    /// Bytes of the header.
    pub(crate) fn len(&self) -> usize {
        HEAD_BYTES.saturating_add(self.table.len())
    }

    /// Coded streams in each packet.
    pub(crate) fn streams(&self) -> u8 {
        self.table.first().copied().unwrap_or(1)
    }

    fn is_mapped(&self) -> bool {
        let [streams, coupled, ref channels @ ..] = *self.table else { return self.table.is_empty() };
        let decoded = u16::from(streams).saturating_add(coupled.into());
        streams > 0
            && coupled <= streams
            && decoded <= 255
            && channels.iter().all(|&channel| channel == 255 || u16::from(channel) < decoded)
    }
}

/// A packet as far as it can be told without decoding.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Packet {
    /// Samples of sound in it, of 48,000 a second.
    pub(crate) samples: u32,
    /// Where in it padding lies: offset and length.
    pub(crate) padding: Vec<(usize, usize)>,
}

/// Takes apart a packet of so many streams. `None` if it is malformed (RFC 6716, 3.4).
pub(crate) fn packet(bytes: &[u8], streams: u8) -> Option<Packet> {
    let mut whole = Packet { samples: 0, padding: Vec::new() };
    let mut walk = Walk { rest: bytes, at: 0 };
    for index in 1..=streams {
        let delimited = if index < streams { Delimited::ByItself } else { Delimited::ByItsEnd };
        let samples = walk.stream(delimited, &mut whole.padding)?;
        if index > 1 && samples != whole.samples {
            return None;
        }
        whole.samples = samples;
    }
    (walk.rest.is_empty() && whole.samples <= limits::OPUS_PACKET_SAMPLES_MAX).then_some(whole)
}

/// Whether a stream's packet says where it ends (RFC 6716, appendix B).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Delimited {
    ByItself,
    ByItsEnd,
}

struct Walk<'a> {
    rest: &'a [u8],
    at: usize,
}

impl Walk<'_> {
    /// The packet of one stream: its samples.
    fn stream(&mut self, delimited: Delimited, padding: &mut Vec<(usize, usize)>) -> Option<u32> {
        let toc = self.byte()?;
        let (mut count, mut variable, mut padded) = (1, false, 0);
        match toc & 3 {
            0 => {}
            1 => count = 2,
            2 => (count, variable) = (2, true),
            _ => {
                let shape = self.byte()?;
                (count, variable) = (shape & 0x3F, shape & 0x80 != 0);
                if shape & 0x40 != 0 {
                    padded = self.padding_len()?;
                }
            }
        }
        let lengths = match (variable, delimited) {
            (true, Delimited::ByItself) => count,
            (true, Delimited::ByItsEnd) => count.checked_sub(1)?,
            (false, Delimited::ByItself) => 1,
            (false, Delimited::ByItsEnd) => 0,
        };
        let mut coded = 0_usize;
        for _ in 0..lengths {
            coded = coded.checked_add(self.frame_len()?)?;
        }
        if delimited == Delimited::ByItsEnd {
            let left = self.rest.len().checked_sub(padded)?;
            let others = left.checked_sub(coded)?;
            let fits = if variable || count == 1 {
                others <= limits::OPUS_FRAME_BYTES_MAX
            } else {
                others.checked_rem(count.into()) == Some(0)
                    && others.checked_div(count.into())? <= limits::OPUS_FRAME_BYTES_MAX
            };
            coded = Some(left).filter(|_| fits)?;
        } else if !variable {
            coded = coded.checked_mul(count.into())?;
        }
        self.pass(coded)?;
        if padded > 0 {
            padding.push((self.at, padded));
            self.pass(padded)?;
        }
        Some(frame_samples(toc >> 3).saturating_mul(count.into())).filter(|&samples| samples > 0)
    }

    /// 255 stands for 254 bytes and a further length (RFC 6716, 3.2.5).
    fn padding_len(&mut self) -> Option<usize> {
        let mut len = 0_usize;
        loop {
            match self.byte()? {
                255 => len = len.checked_add(254)?,
                last => return len.checked_add(last.into()),
            }
        }
    }

    /// One or two bytes (RFC 6716, 3.2.1).
    fn frame_len(&mut self) -> Option<usize> {
        let first = usize::from(self.byte()?);
        if first < 252 {
            return Some(first);
        }
        usize::from(self.byte()?).checked_mul(4)?.checked_add(first)
    }

    fn byte(&mut self) -> Option<u8> {
        let (&byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        self.at = self.at.saturating_add(1);
        Some(byte)
    }

    fn pass(&mut self, len: usize) -> Option<()> {
        self.rest = self.rest.get(len..)?;
        self.at = self.at.saturating_add(len);
        Some(())
    }
}

/// Samples of a frame in this configuration (RFC 6716, table 2).
fn frame_samples(configuration: u8) -> u32 {
    match (configuration, configuration & 3) {
        (0..12, 0) => 480,
        (0..12, 1) => 960,
        (0..12, 2) => 1920,
        (0..12, _) => 2880,
        (12..16, size) => {
            if size & 1 == 0 {
                480
            } else {
                960
            }
        }
        (_, 0) => 120,
        (_, 1) => 240,
        (_, 2) => 480,
        (_, _) => 960,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, proptest};

    use super::*;

    fn samples(bytes: &[u8]) -> Option<u32> {
        packet(bytes, 1).map(|packet| packet.samples)
    }

    #[test]
    fn a_header_is_read_and_written_in_one_form() {
        let stereo = b"OpusHead\x01\x02\x38\x01\x44\xAC\0\0\x12\x34\0";
        let head = Head::read(stereo).unwrap();
        assert_eq!((head.pre_skip, head.streams(), head.len()), (312, 1, 19));
        assert_eq!(head.to_bytes(), b"OpusHead\x01\x02\x38\x01\x80\xBB\0\0\x12\x34\0");
        let surround = b"OpusHead\x01\x06\0\0\x80\xBB\0\0\0\0\x01\x04\x02\0\x04\x01\x02\x03\x05";
        let head = Head::read(surround).unwrap();
        assert_eq!((head.streams(), head.to_bytes()), (4, surround.to_vec()));
    }

    #[test]
    fn a_header_that_decoders_do_not_take_is_none() {
        for (at, value) in [(8, 16), (9, 0), (9, 3), (18, 3), (0, b'o')] {
            let mut head = *b"OpusHead\x01\x02\x38\x01\x44\xAC\0\0\0\0\0";
            head[at] = value;
            assert_eq!(Head::read(&head), None, "{at}");
        }
        assert_eq!(Head::read(b"OpusHead\x01\x02\x38\x01\x44\xAC\0\0\0\0"), None);
        assert_eq!(Head::read(b"OpusHead\x01\x02\0\0\0\0\0\0\0\0\x01\x01\x01\0\x02"), None);
        assert_eq!(Head::read(b"OpusHead\x01\x02\0\0\0\0\0\0\0\0\x01\x01\x02\0\x01"), None);
    }

    #[test]
    fn packets_of_every_code_are_measured() {
        assert_eq!(samples(&[1 << 3, 9, 9]), Some(960));
        assert_eq!(samples(&[19 << 3 | 1, 9, 9, 9, 9]), Some(1920));
        assert_eq!(samples(&[19 << 3 | 1, 9, 9, 9]), None);
        assert_eq!(samples(&[19 << 3 | 2, 1, 9, 8]), Some(1920));
        assert_eq!(samples(&[19 << 3 | 2, 3, 9, 8]), None);
        assert_eq!(samples(&[16 << 3 | 3, 0x83, 1, 0, 7, 8, 8]), Some(360));
        assert_eq!(samples(&[16 << 3 | 3, 3, 7, 7, 7]), Some(360));
        assert_eq!(samples(&[16 << 3 | 3, 0]), None);
        assert_eq!(samples(&[]), None);
        assert_eq!(samples(&[1 << 3]), Some(960));
    }

    #[test]
    fn a_packet_is_at_most_120_milliseconds_long() {
        assert_eq!(samples(&[19 << 3 | 3, 6]), Some(5_760));
        assert_eq!(samples(&[19 << 3 | 3, 7]), None);
        assert_eq!(samples(&[16 << 3 | 3, 48]), Some(5_760));
        assert_eq!(samples(&[16 << 3 | 3, 47]), Some(5_640));
        assert_eq!(samples(&[16 << 3 | 3, 49]), None);
    }

    #[test]
    fn a_frame_has_at_most_1275_bytes() {
        for (len, expected) in [(1_274, Some(960)), (1_275, Some(960)), (1_276, None)] {
            assert_eq!(samples(&[vec![1 << 3], vec![0; len]].concat()), expected, "{len}");
        }
    }

    #[test]
    fn padding_is_found() {
        let padded = packet(&[19 << 3 | 3, 0x41, 3, 8, 8, 0, 1, 2], 1).unwrap();
        assert_eq!(padded.padding, [(5, 3)]);
        let mut long = vec![19 << 3 | 3, 0x41, 255, 2, 8];
        long.resize(5 + 256, 0);
        assert_eq!(packet(&long, 1).unwrap().padding, [(5, 256)]);
        assert_eq!(packet(&[19 << 3 | 3, 0x41, 4, 8, 8], 1), None);
    }

    #[test]
    fn several_streams_are_delimited_and_equally_long() {
        let first = [19 << 3 | 3, 0x41, 2, 1, 7, 0, 9];
        let both = packet(&[first.as_slice(), &[19 << 3, 5, 5]].concat(), 2).unwrap();
        assert_eq!(both, Packet { samples: 960, padding: vec![(5, 2)] });
        assert_eq!(packet(&[first.as_slice(), &[18 << 3, 5, 5]].concat(), 2), None);
        assert_eq!(packet(&[19 << 3 | 1, 1, 7, 7, 19 << 3 | 2, 0, 5], 2).map(|packet| packet.samples), Some(1920));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..60), streams in any::<u8>()) {
            let _ = packet(&bytes, streams);
            let _ = Head::read(&[MAGIC.as_slice(), &bytes].concat());
        }
    }
}
