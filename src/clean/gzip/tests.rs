//! Packed archives: what headers hide is told and gone, and nothing else than tar is let through.

use std::io::Write;

use flate2::{Compression, GzBuilder};

use crate::clean::memory::{fixture, produced, verifies};
use crate::clean::{Category, Reason};
use crate::limits;

use super::{FORMAT, packed};

fn gz(builder: GzBuilder, bytes: &[u8]) -> Vec<u8> {
    let mut encoder = builder.write(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn what_a_header_says_is_told_and_gone() {
    let tar = fixture("clean/ustar.tar");
    let (clean, _) = produced(&gz(GzBuilder::new(), &tar)).unwrap();
    assert!(verifies(&FORMAT, &clean));
    let odd = [
        (GzBuilder::new().filename("melnyk.tar"), Category::Comment),
        (GzBuilder::new().comment("for the commander"), Category::Comment),
        (GzBuilder::new().extra(*b"KV\x01\0x"), Category::Unknown),
        (GzBuilder::new().mtime(1_789_410_642), Category::Time),
        (GzBuilder::new().operating_system(3), Category::Software),
    ];
    for (builder, category) in odd {
        let (bytes, findings) = produced(&gz(builder, &tar)).unwrap();
        assert!(bytes == clean);
        assert!(findings.iter().any(|finding| finding.category == category), "{findings:?}");
    }
    let (bytes, findings) = produced(&[&gz(GzBuilder::new(), &tar)[..], b"behind"].concat()).unwrap();
    assert!(bytes == clean && findings.iter().any(|finding| finding.category == Category::HiddenContent));
    assert!(produced(&clean).unwrap().1.is_empty());
}

#[test]
fn no_byte_of_a_clean_file_can_change_unseen() {
    let clean = fixture("clean/two-members.tar.gz");
    assert!(verifies(&FORMAT, &clean));
    for at in (0..clean.len()).filter(|at| at % 97 == 0 || *at < 40 || at + 40 > clean.len()) {
        let mut other = clean.clone();
        other[at] ^= 4;
        assert!(!verifies(&FORMAT, &other), "byte {at}");
    }
    assert!(!verifies(&FORMAT, &[&clean[..], b"x"].concat()));
}

#[test]
fn what_does_not_become_shorter_is_stored_in_blocks() {
    // Numbers without a pattern.
    let mut state = 1_u64;
    let random: Vec<u8> = (0..200_000)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.to_le_bytes()[7]
        })
        .collect();
    for len in [1, 65_534, 65_535, 65_536, 131_070, 200_000] {
        let packed = packed(&random[..len]);
        assert_eq!(packed.len(), len + 5 * len.div_ceil(65_535));
        assert!(miniz_oxide::inflate::decompress_to_vec(&packed).unwrap() == random[..len]);
    }
}

#[test]
fn bombs_are_refused_before_they_go_off() {
    let zeros = vec![0; usize::try_from(limits::MEMBER_BYTES_MAX + 1).unwrap()];
    assert_eq!(produced(&gz(GzBuilder::new(), &zeros)).unwrap_err().reason, Reason::TooLarge);
    assert_eq!(produced(&gz(GzBuilder::new(), &zeros[1..])).unwrap_err().reason, Reason::NotUnderstood);
    assert_eq!(produced(&gz(GzBuilder::new(), b"words")).unwrap_err().reason, Reason::NotUnderstood);
}
