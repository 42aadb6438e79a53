//! Tar archives through the engine: what headers hide is gone, whatever form they have.

use crate::clean::memory::{cut_and_flip, produced, verifies};
use crate::clean::{Category, Reason, Refusal};

use super::header::{Header, written};
use super::{FORMAT, recognise};

const WORDS: &[u8] = b"words and words\n";

/// An archive of one member, as another program writes it.
fn archive(change: impl FnOnce(&mut tar::Header), content: &[u8]) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path("a.txt").unwrap();
    header.set_size(content.len().try_into().unwrap());
    header.set_mode(0o644);
    change(&mut header);
    header.set_cksum();
    let mut builder = tar::Builder::new(Vec::new());
    builder.append(&header, content).unwrap();
    builder.into_inner().unwrap()
}

fn clean_one() -> Vec<u8> {
    let mut bytes = written("001.txt", 16).unwrap().to_vec();
    bytes.extend_from_slice(WORDS);
    bytes.resize(512 * 4, 0);
    bytes
}

#[test]
fn a_header_reads_back_as_it_was_written_and_as_others_read_it() {
    for len in [0, 1, 0o777_7777_7777] {
        let block = written("001.txt", len).unwrap();
        let header = Header::read(&block).unwrap();
        assert_eq!((header.name.as_str(), header.len, header.mode, header.has_slack), ("001.txt", len, 0o644, false));
        let other = tar::Header::from_byte_slice(&block);
        assert_eq!((other.size().unwrap(), other.mtime().unwrap(), other.uid().unwrap()), (len, 0, 0));
        assert!(recognise(&block));
    }
    assert!(written("001.txt", 1 << 33).is_none());
    assert!(written(&"a".repeat(101), 0).is_none());
    assert!(!recognise(&[0; 512]));
    assert!(!recognise(&[b'a'; 512]));
}

#[test]
fn what_headers_say_of_people_and_times_is_told_and_gone() {
    let told = |change: fn(&mut tar::Header), category| {
        let (bytes, findings) = produced(&archive(change, WORDS)).unwrap();
        assert!(bytes == clean_one());
        assert!(findings.iter().any(|finding| finding.category == category), "{findings:?}");
    };
    told(|header| header.set_username("melnyk").unwrap(), Category::Person);
    told(|header| header.set_groupname("staff").unwrap(), Category::Person);
    told(|header| header.set_uid(20418), Category::Person);
    told(|header| header.set_gid(501), Category::Person);
    told(|header| header.set_mtime(1_789_410_642), Category::Time);
    told(|header| header.set_mode(0o600), Category::Software);
    told(|header| header.as_mut_bytes()[50] = b'x', Category::HiddenContent);
    told(|header| header.as_mut_bytes()[505] = b'x', Category::HiddenContent);
}

#[test]
fn sizes_that_lie_are_refused() {
    for len in [2_000, 0o777_7777_7777, u64::MAX] {
        let lying = archive(|header| header.set_size(len), WORDS);
        let Refusal { reason, .. } = produced(&lying).unwrap_err();
        assert!(matches!(reason, Reason::Truncated | Reason::TooLarge), "{len}: {reason:?}");
    }
}

#[test]
fn whatever_is_changed_in_an_archive_it_is_clean_or_refused() {
    assert!(produced(&clean_one()).unwrap().0 == clean_one());
    cut_and_flip(&clean_one());
}

#[test]
fn no_byte_around_the_members_of_a_clean_archive_can_change_unseen() {
    let bytes = clean_one();
    assert!(verifies(&FORMAT, &bytes));
    for at in (0..512).chain(528..bytes.len()) {
        let mut other = bytes.clone();
        other[at] ^= 1;
        assert!(!verifies(&FORMAT, &other), "byte {at}");
    }
    assert!(!verifies(&FORMAT, &[&bytes[..], &[0; 512]].concat()));
    assert!(!verifies(&FORMAT, &[0; 1024]));
}
