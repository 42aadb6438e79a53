//! Tests of frames of every type, of padding, and of what is no frame.

use super::*;
use crate::clean::memory::produced;

/// A frame of each type, good and bad, filled with ones up to its padding.
fn every_frame(band: &Band) -> Vec<u8> {
    let mut file = band.magic.to_vec();
    for (kind, bits) in (0u8..).zip(band.bits) {
        let Some(bits) = bits else { continue };
        for quality in [0, 4] {
            file.push((kind << 3) | quality);
            file.extend(vec![0xFF; usize::from(bits / 8)]);
            if bits % 8 != 0 {
                file.push(!(0xFF >> (bits % 8)));
            }
        }
    }
    file
}

#[test]
fn every_type_of_frame_is_kept() {
    for (band, format) in [(&NARROW, &FORMAT), (&WIDE, &WIDE_FORMAT)] {
        let file = every_frame(band);
        assert!((format.recognise)(&file));
        let (clean, findings) = produced(&file).unwrap();
        assert!(clean == file && findings.is_empty());
    }
}

#[test]
fn padding_of_frames_is_zeros() {
    let clean = [b"#!AMR\n".as_slice(), &[0x3C], &[0x55; 30], &[0x50]].concat();
    let mut dirty = clean.clone();
    *dirty.last_mut().unwrap() |= 0x0F;
    let (cleaned, findings) = produced(&dirty).unwrap();
    assert_eq!(cleaned, clean);
    assert_eq!(findings[0].place, "padding of frames");
    let mut reader = dirty.as_slice();
    assert!(verify::narrow(&mut reader).is_err());
}

#[test]
fn what_is_no_frame_ends_the_sound() {
    let clean = [b"#!AMR-WB\n".as_slice(), &[0x04], &[0x50; 17]].concat();
    for (behind, place) in [(b"TAGOlena".as_slice(), "behind the last frame"), (&[0x04, 1, 2], "unfinished frame")] {
        let (cleaned, findings) = produced(&[clean.as_slice(), behind].concat()).unwrap();
        assert_eq!(cleaned, clean);
        assert_eq!(findings[0].place, place);
    }
    let max = usize::try_from(limits::GAP_BYTES_MAX).unwrap();
    for (len, is_accepted) in [(max - 1, true), (max, true), (max + 1, false)] {
        assert_eq!(produced(&[clean.as_slice(), &vec![0xFF; len]].concat()).is_ok(), is_accepted);
    }
}

#[test]
fn a_file_without_frames_is_refused() {
    for file in [b"#!AMR\n".as_slice(), b"#!AMR\n\xFF", b"#!AMR_MC1.0\n\0\0\0\x02"] {
        assert!(produced(file).is_err());
    }
}

#[test]
fn prefixes_and_turned_bits_are_clean_or_refused() {
    let file = every_frame(&NARROW);
    for len in 0..file.len() {
        let _ = produced(&file[..len]);
    }
    for at in 0..file.len() * 8 {
        let mut turned = file.clone();
        turned[at / 8] ^= 1 << (at % 8);
        if let Ok((clean, _)) = produced(&turned) {
            assert_eq!(produced(&clean).map(|(again, _)| again), Ok(clean));
        }
    }
}
