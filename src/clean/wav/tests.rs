//! WAVs made chunk by chunk, cleaned as the engine does.

use std::io::{self, Read, Seek, SeekFrom};

use super::FORMAT;
use crate::clean::Reason;
use crate::clean::cursor::Cursor;
use crate::clean::memory::{fixture, produced as clean, verifies};
use crate::limits;

const PCM: &[u8] = &[1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x80, 0x3E, 0, 0, 2, 0, 16, 0];

fn chunk(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let pad: &[u8] = if body.len() % 2 == 1 { &[0] } else { &[] };
    [kind.as_slice(), &u32::try_from(body.len()).unwrap().to_le_bytes(), body, pad].concat()
}

fn wav(chunks: &[Vec<u8>]) -> Vec<u8> {
    chunk(b"RIFF", &[b"WAVE".as_slice(), &chunks.concat()].concat())
}

fn verify(bytes: &[u8]) -> bool {
    verifies(&FORMAT, bytes)
}

#[test]
fn what_is_clean_stays_and_what_is_not_listed_goes() {
    let plain = wav(&[chunk(b"fmt ", PCM), chunk(b"data", b"abcd")]);
    assert_eq!(clean(&plain).unwrap(), (plain.clone(), Vec::new()));
    let dirty = wav(&[
        chunk(b"JUNK", b"x"),
        chunk(b"fmt ", &[PCM, b"\x04\0abcd"].concat()),
        chunk(b"zzzz", b"x"),
        chunk(b"data", b"abcde"),
        chunk(b"LIST", b"INFOISFT\x01\0\0\0x"),
    ]);
    assert_eq!(clean(&dirty).unwrap().0, plain);
}

#[test]
fn sound_of_unknown_length_goes_up_to_the_chunks_at_the_end() {
    let plain = wav(&[chunk(b"fmt ", PCM), chunk(b"data", b"abcdefgh")]);
    for size in [0, 0x7FFF_0000, 0x8000_0000, u32::MAX] {
        let tail = [chunk(b"LIST", b"INFO"), chunk(b"id3 ", b"abc")].concat();
        let mut dirty = [plain.clone(), tail].concat();
        dirty[40..44].copy_from_slice(&size.to_le_bytes());
        assert_eq!(clean(&dirty).unwrap().0, plain, "{size:x}");
    }
    let mut cut = plain;
    cut[40..44].copy_from_slice(&0x7FFE_FFFF_u32.to_le_bytes());
    assert_eq!(clean(&cut).unwrap_err().reason, Reason::Truncated);
}

#[test]
fn channels_and_rate_have_limits() {
    let with = |channels: u16, rate: u32| {
        let block = channels.to_le_bytes();
        let format = [&[1, 0], block.as_slice(), &rate.to_le_bytes(), &[0; 4], &block, &[8, 0]].concat();
        clean(&wav(&[chunk(b"fmt ", &format), chunk(b"data", &[0; 1024])])).is_ok()
    };
    let (channels, rate) = (limits::AUDIO_CHANNELS_MAX, limits::AUDIO_RATE_MAX);
    assert!(with(channels - 1, 1) && with(channels, 1) && !with(channels + 1, 1) && !with(0, 1));
    assert!(with(1, rate - 1) && with(1, rate) && !with(1, rate + 1) && !with(1, 0));
}

#[test]
fn a_file_cut_or_changed_anywhere_is_refused_or_clean() {
    for name in ["clean/ima.wav", "clean/surround.wav", "dirty/streamed.wav", "dirty/recorder.wav", "dirty/long.wav"] {
        let whole = fixture(name);
        let check = |bytes: &[u8]| {
            if let Ok((produced, _)) = clean(bytes) {
                let (again, findings) = clean(&produced).unwrap();
                assert!(again == produced && findings.is_empty(), "{name}");
            }
        };
        (0..whole.len()).step_by(3).for_each(|len| check(&whole[..len]));
        for bit in 0..whole.len().min(300) * 8 {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            check(&flipped);
        }
    }
}

#[test]
fn the_verifier_accepts_no_byte_too_many_or_too_few() {
    for name in ["clean/ima.wav", "clean/ms.wav", "clean/odd.wav", "clean/surround.wav", "clean/gsm.wav"] {
        let whole = fixture(name);
        assert!(verify(&whole));
        assert!(!verify(&[whole.as_slice(), &[0]].concat()));
        assert!((0..whole.len()).all(|len| !verify(&whole[..len])), "{name}");
        // Every bit of the headers is accounted for, but for those of the format and the number of samples.
        for bit in (0..64).chain(96..160) {
            let mut flipped = whole.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(!verify(&flipped), "{name} {bit}");
        }
    }
}

/// A header, and zeros behind it.
struct Long {
    head: Vec<u8>,
    len: u64,
    at: u64,
}

impl Read for Long {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = usize::try_from(self.len - self.at).unwrap_or(usize::MAX).min(buf.len());
        buf[..n].fill(0);
        let from = usize::try_from(self.at).unwrap().min(self.head.len());
        let own = (self.head.len() - from).min(n);
        buf[..own].copy_from_slice(&self.head[from..from + own]);
        self.at += u64::try_from(n).unwrap();
        Ok(n)
    }
}

impl Seek for Long {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            SeekFrom::End(by) => self.len.checked_add_signed(by).unwrap(),
            SeekFrom::Current(by) => self.at.checked_add_signed(by).unwrap(),
        };
        Ok(self.at)
    }
}

impl Long {
    fn of(sound: u64) -> Self {
        let sizes = [sound + 100, sound, sound / 2].map(u64::to_le_bytes);
        let ds64 = chunk(b"ds64", &[sizes.as_flattened(), &[0; 4]].concat());
        let head =
            [b"RF64\xFF\xFF\xFF\xFFWAVE".as_slice(), &ds64, &chunk(b"fmt ", PCM), b"data\xFF\xFF\xFF\xFF"].concat();
        let len = u64::try_from(head.len()).unwrap() + sound;
        Self { head, len, at: 0 }
    }
}

#[test]
fn sound_that_fits_is_riff_and_longer_is_rf64() {
    // Behind the sizes stand 36 bytes; the largest size says that ds64 has it.
    let most = u64::from(u32::MAX) - 1 - 36;
    for (len, kind) in [(most - 2, *b"RIFF"), (most, *b"RIFF"), (most + 2, *b"RF64")] {
        let mut long = Long::of(len);
        let draft = super::clean(&mut Cursor::new(&mut long).unwrap()).unwrap();
        let mut head = [0; 4];
        draft.plan.reader(&mut long).read_exact(&mut head).unwrap();
        assert_eq!((head, draft.plan.rebuilt_bytes() < 200), (kind, true), "{len}");
        if kind == *b"RF64" {
            (FORMAT.verify)(&mut draft.plan.reader(&mut long)).unwrap();
        }
    }
}
