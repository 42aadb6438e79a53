//! Archives read, written and walked; what headers hide is told and never comes through.

use std::io::{self, Cursor as Bytes, Read};

use super::verify::Walk;
use super::write::deflated;
use super::{Archive, Method, Writer};
use crate::clean::cursor::Cursor;
use crate::clean::memory::says;
use crate::clean::nesting::Nesting;
use crate::clean::produced::Produced;
use crate::clean::{Category, Finding, Findings, Options, Plan, Reason, Refusal, Unaccounted};
use crate::limits;

/// A member as careless writers make it.
#[derive(Clone, Default)]
struct Made {
    name: Vec<u8>,
    bytes: Vec<u8>,
    flags: u16,
    method: u16,
    local_extra: Vec<u8>,
    extra: Vec<u8>,
    comment: Vec<u8>,
    gap: Vec<u8>,
    made_by: u16,
    version: u16,
    internal: u16,
    external: u32,
    time: u32,
    descriptor: Vec<u8>,
    /// Instead of the lengths and the sum as they are, in the directory.
    len: Option<u32>,
}

fn made(name: &str, bytes: &[u8]) -> Made {
    Made { name: name.into(), bytes: bytes.to_vec(), version: 20, made_by: 20, time: 0x0021_0000, ..Made::default() }
}

/// An archive of members, with something in front of the directory, behind it, in the comment, and behind all.
fn archive(members: &[Made], [before, behind, comment, trailer]: [&[u8]; 4]) -> Vec<u8> {
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    for member in members {
        let stored = if member.method == 8 { deflated(&member.bytes).unwrap().to_vec() } else { member.bytes.clone() };
        let mut middle = [member.version, member.flags, member.method].map(u16::to_le_bytes).concat();
        middle.extend(member.time.to_le_bytes());
        let sum_and_sizes = [
            crc32fast::hash(&member.bytes),
            stored.len().try_into().unwrap(),
            member.len.unwrap_or(member.bytes.len().try_into().unwrap()),
        ];
        let sums = sum_and_sizes.map(u32::to_le_bytes).concat();
        let lens = |extra: &[u8]| {
            [member.name.len(), extra.len()].map(|len| u16::try_from(len).unwrap().to_le_bytes()).concat()
        };
        all.extend(&member.gap);
        let at = u32::try_from(all.len()).unwrap();
        let open = member.flags & 8 != 0;
        all.extend(
            [&b"PK\x03\x04"[..], &middle, if open { &[0_u8; 12][..] } else { &sums[..] }, &lens(&member.local_extra)]
                .concat(),
        );
        all.extend([&member.name, &member.local_extra, &stored, &member.descriptor].into_iter().flatten());
        directory
            .extend([&b"PK\x01\x02"[..], &member.made_by.to_le_bytes(), &middle, &sums, &lens(&member.extra)].concat());
        directory.extend(u16::try_from(member.comment.len()).unwrap().to_le_bytes());
        directory.extend([0, 0]);
        directory.extend(member.internal.to_le_bytes());
        directory.extend(member.external.to_le_bytes());
        directory.extend(at.to_le_bytes());
        directory.extend([&member.name[..], &member.extra, &member.comment].concat());
    }
    all.extend(before);
    let start = u32::try_from(all.len()).unwrap();
    all.extend(&directory);
    all.extend(behind);
    let count = u16::try_from(members.len()).unwrap().to_le_bytes();
    all.extend([b"PK\x05\x06\0\0\0\0", &count[..], &count].concat());
    all.extend([u32::try_from(directory.len()).unwrap(), start].map(u32::to_le_bytes).concat());
    all.extend(u16::try_from(comment.len()).unwrap().to_le_bytes());
    all.extend([comment, trailer].concat());
    all
}

fn read(bytes: &[u8]) -> Result<Archive, Refusal> {
    Archive::read(&mut Cursor::new(&mut Bytes::new(bytes)).unwrap())
}

fn reason(bytes: &[u8]) -> (Reason, &'static str) {
    read(bytes).map(|_| ()).map_err(|refusal| (refusal.reason, refusal.part)).unwrap_err()
}

/// The archive's members written anew, and what was told of it.
fn rewritten(bytes: &[u8]) -> Result<(Vec<u8>, Vec<Finding>), Refusal> {
    let mut reader = Bytes::new(bytes);
    let mut cursor = Cursor::new(&mut reader)?;
    let archive = Archive::read(&mut cursor)?;
    let (mut writer, mut findings) = (Writer::default(), Findings::default());
    for member in archive.members() {
        writer.add(&member.name, &archive.bytes(&mut cursor, member, 1 << 20)?, member.method)?;
    }
    archive.tell(&mut findings);
    Ok((produced(&writer.finish()?), findings.into_vec()))
}

fn produced(plan: &Plan) -> Vec<u8> {
    let mut bytes = Vec::new();
    plan.reader(&mut io::empty()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Names and bytes as the verifier hands them out.
fn walked(bytes: &[u8]) -> Result<Vec<(String, Vec<u8>)>, Unaccounted> {
    let mut bytes = bytes;
    let mut produced = Produced::new(&mut bytes);
    let mut walk = Walk::new(&mut produced);
    let mut entries = Vec::new();
    while let Some(entry) = walk.entry(1 << 20)? {
        entries.push((entry.name, entry.bytes.to_vec()));
    }
    Ok(entries)
}

fn written(members: &[(&str, &[u8], Method)]) -> Vec<u8> {
    let mut writer = Writer::default();
    members.iter().for_each(|(name, bytes, method)| writer.add(name, bytes, *method).unwrap());
    produced(&writer.finish().unwrap())
}

const LONG: &[u8] = b"the same words, the same words, the same words";

#[test]
fn an_archive_reads_back_as_it_was_written() {
    let members = [
        ("mimetype", &b"a/b"[..], Method::Stored),
        ("dir/\u{416}.xml", LONG, Method::Deflated),
        ("empty", b"", Method::Deflated),
    ];
    let bytes = written(&members);
    let expected: Vec<_> = members.iter().map(|(name, bytes, _)| ((*name).to_owned(), bytes.to_vec())).collect();
    assert_eq!(walked(&bytes).unwrap(), expected);
    let (again, findings) = rewritten(&bytes).unwrap();
    assert_eq!((again, findings), (bytes.clone(), Vec::new()));
    let mut reader = Bytes::new(bytes);
    let mut cursor = Cursor::new(&mut reader).unwrap();
    let archive = Archive::read(&mut cursor).unwrap();
    let methods: Vec<_> = archive.members().iter().map(|member| member.method).collect();
    // What does not become shorter is stored.
    assert_eq!(methods, [Method::Stored, Method::Deflated, Method::Stored]);
    assert!(archive.member("empty").is_some() && archive.member("other").is_none());
}

#[test]
fn a_member_of_pieces_of_the_original_is_stored_as_they_are() {
    let mut content = Plan::default();
    content.copy(2, 5).unwrap();
    content.fill(b'.', 3).unwrap();
    let mut writer = Writer::default();
    writer.add_plan("a.bin", &content, crc32fast::hash(b"CDEFG...")).unwrap();
    let plan = writer.finish().unwrap();
    let mut bytes = Vec::new();
    plan.reader(&mut Bytes::new(b"ABCDEFGH")).read_to_end(&mut bytes).unwrap();
    assert_eq!(walked(&bytes).unwrap(), [("a.bin".to_owned(), b"CDEFG...".to_vec())]);
    let mut reader = &bytes[..];
    let mut under = Produced::new(&mut reader);
    let mut walk = Walk::new(&mut under);
    assert_eq!(walk.next().unwrap().unwrap().len, 8);
    assert!(walk.next().is_err());
    walk.stream(&mut |member| {
        let mut seen = Vec::new();
        member.read_to_end(&mut seen)?;
        assert_eq!(seen, b"CDEFG...");
        Ok(())
    })
    .unwrap();
    assert!(walk.next().unwrap().is_none());
}

#[test]
fn what_headers_hide_is_told_and_gone() {
    let mark = b"CANARY-7391";
    let extra = |id: u16| [&id.to_le_bytes()[..], &[11, 0], mark].concat();
    let plain = made("a.txt", LONG);
    let odd = [
        (Made { local_extra: extra(0x5455), ..plain.clone() }, Category::Time),
        (Made { extra: extra(0x7875), ..plain.clone() }, Category::Person),
        (Made { extra: mark.to_vec(), ..plain.clone() }, Category::Unknown),
        (Made { extra: extra(0x4444), ..plain.clone() }, Category::Unknown),
        (Made { comment: mark.to_vec(), ..plain.clone() }, Category::Comment),
        (Made { gap: mark.to_vec(), ..plain.clone() }, Category::HiddenContent),
        (Made { made_by: 0x0314, ..plain.clone() }, Category::Software),
        (Made { external: 0x81A4_0000, ..plain.clone() }, Category::Software),
        (Made { internal: 1, ..plain.clone() }, Category::Software),
        (Made { time: 0x5863_52C9, ..plain.clone() }, Category::Time),
    ];
    let clean = written(&[("a.txt", LONG, Method::Stored)]);
    let gone = |dirty: &[u8], category| {
        let (bytes, findings) = rewritten(dirty).unwrap();
        assert_eq!(bytes, clean);
        assert!(findings.iter().any(|finding| finding.category == category), "{findings:?}");
    };
    for (member, category) in odd {
        gone(&archive(&[member], [b""; 4]), category);
    }
    for place in 0..4 {
        let mut places: [&[u8]; 4] = [b""; 4];
        places[place] = mark;
        let category = if place == 2 { Category::Comment } else { Category::HiddenContent };
        gone(&archive(std::slice::from_ref(&plain), places), category);
    }
    let (_, findings) = rewritten(&archive(&[Made { time: 0x5863_52C9, ..plain }], [b"", b"", mark, b""])).unwrap();
    assert!(says(&findings, Category::Time, "2024-03-03 10:22:18"));
    assert!(says(&findings, Category::Comment, "CANARY-7391"));
}

#[test]
fn sums_and_sizes_may_stand_behind_the_bytes() {
    let sum = crc32fast::hash(LONG).to_le_bytes();
    let len = u32::try_from(LONG.len()).unwrap().to_le_bytes();
    let long = u64::try_from(LONG.len()).unwrap().to_le_bytes();
    let short = [&sum[..], &len, &len].concat();
    let wide = [&sum[..], &long, &long].concat();
    for descriptor in
        [short.clone(), [b"PK\x07\x08", &short[..]].concat(), wide.clone(), [b"PK\x07\x08", &wide[..]].concat()]
    {
        let member = Made { flags: 8, descriptor, ..made("a.txt", LONG) };
        let (bytes, findings) = rewritten(&archive(&[member], [b""; 4])).unwrap();
        assert_eq!((bytes, findings), (written(&[("a.txt", LONG, Method::Stored)]), Vec::new()));
    }
    // Whatever else stands there is a gap.
    let member = Made { flags: 8, descriptor: b"CANARY".to_vec(), ..made("a.txt", LONG) };
    assert!(!rewritten(&archive(&[member], [b""; 4])).unwrap().1.is_empty());
}

#[test]
fn what_is_encrypted_patched_or_packed_otherwise_is_refused() {
    let with = |flags, method| {
        let mut bytes = archive(&[Made { flags, ..made("a.txt", LONG) }], [b""; 4]);
        let directory = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
        bytes[directory + 10] = method;
        bytes[8] = method;
        reason(&bytes)
    };
    for flags in [1, 1 << 6, 1 << 13] {
        assert_eq!(with(flags, 0).0, Reason::Encrypted);
        assert_eq!(with(flags, 99).0, Reason::Encrypted);
    }
    assert_eq!(with(1 << 5, 0), (Reason::NotUnderstood, "patched data"));
    for method in [1, 6, 9, 12, 14, 93, 98] {
        assert_eq!(with(0, method), (Reason::NotUnderstood, "compression method"));
    }
}

#[test]
fn headers_that_differ_members_that_overlap_and_names_that_repeat_are_refused() {
    let two = [made("a.txt", LONG), made("b.txt", LONG)];
    let whole = archive(&two, [b""; 4]);
    assert!(read(&whole).is_ok());
    assert_eq!(
        reason(&archive(&[two[0].clone(), two[0].clone()], [b""; 4])),
        (Reason::Damaged, "two members of one name")
    );
    let directory = memchr::memmem::find(&whole, b"PK\x01\x02").unwrap();
    // Name, method, sum and sizes in the local header.
    for at in [30, 8, 14, 18, 22] {
        let mut other = whole.clone();
        other[at] ^= 8;
        assert_eq!(reason(&other).0, Reason::Damaged, "byte {at}");
    }
    let second = directory + 46 + 5;
    let mut same = whole.clone();
    same[second + 42..second + 46].fill(0);
    assert_eq!(reason(&same), (Reason::Damaged, "members that overlap"));
    let mut long = whole;
    for at in [18, 22, directory + 20, directory + 24] {
        long[at] += 1;
    }
    assert_eq!(reason(&long), (Reason::Damaged, "members that overlap"));
}

#[test]
fn archives_of_several_disks_and_cut_ones_are_refused() {
    let whole = archive(&[made("a.txt", LONG)], [b""; 4]);
    for at in [4, 6, 8] {
        let mut other = whole.clone();
        let end = whole.len() - 22;
        other[end + at] ^= 2;
        assert_eq!(reason(&other), (Reason::NotUnderstood, "archive of several disks"), "byte {at}");
    }
    for len in 0..whole.len() {
        assert_eq!(reason(&whole[..len]).0, Reason::Truncated, "{len} bytes");
    }
}

#[test]
fn a_member_is_as_long_as_listed_and_has_its_sum_or_is_refused() {
    let bytes = |bytes: &[u8]| rewritten(bytes).map_err(|refusal| refusal.reason).unwrap_err();
    let deflated = Made { method: 8, ..made("a.txt", LONG) };
    for len in [0, LONG.len() - 1, LONG.len() + 1, 1 << 19, 1 << 30] {
        let mut member = archive(std::slice::from_ref(&deflated), [b""; 4]);
        let directory = memchr::memmem::find(&member, b"PK\x01\x02").unwrap();
        for at in [22, directory + 24] {
            member[at..at + 4].copy_from_slice(&u32::try_from(len).unwrap().to_le_bytes());
        }
        assert!(matches!(bytes(&member), Reason::Damaged | Reason::TooLarge), "{len} bytes");
    }
    for method in [0, 8] {
        let mut member = archive(&[Made { method, ..deflated.clone() }], [b""; 4]);
        let directory = memchr::memmem::find(&member, b"PK\x01\x02").unwrap();
        member[14] ^= 1;
        member[directory + 16] ^= 1;
        assert_eq!(bytes(&member), Reason::Damaged);
    }
    // More is stored than is needed.
    let mut stored = deflated_of(LONG);
    stored.extend(b"CANARY");
    let mut slack = archive(&[made("a.txt", &stored)], [b""; 4]);
    let directory = memchr::memmem::find(&slack, b"PK\x01\x02").unwrap();
    for (local, at) in [(8, directory + 10), (14, directory + 16), (22, directory + 24)] {
        let value = match local {
            8 => vec![8],
            14 => crc32fast::hash(LONG).to_le_bytes().to_vec(),
            _ => u32::try_from(LONG.len()).unwrap().to_le_bytes().to_vec(),
        };
        slack[local..local + value.len()].copy_from_slice(&value);
        slack[at..at + value.len()].copy_from_slice(&value);
    }
    assert_eq!(bytes(&slack), Reason::Damaged);
}

fn deflated_of(bytes: &[u8]) -> Vec<u8> {
    deflated(bytes).unwrap().to_vec()
}

#[test]
fn members_are_taken_out_up_to_a_length_and_a_sum_of_lengths() {
    let bytes = archive(&[made("a.txt", LONG)], [b""; 4]);
    let len = u64::try_from(LONG.len()).unwrap();
    let most = limits::INFLATED_BYTES_MIN + limits::INFLATED_RATIO_MAX * u64::try_from(bytes.len()).unwrap();
    for (max, taken, sound) in
        [(len - 1, 0, false), (len, 0, true), (len + 1, 0, true), (len, most - len, true), (len, most - len + 1, false)]
    {
        let mut reader = Bytes::new(&bytes[..]);
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let archive = Archive::read(&mut cursor).unwrap();
        cursor.nesting().take(taken, 0).unwrap();
        let taken = archive.bytes(&mut cursor, &archive.members()[0], max);
        assert_eq!(
            taken.map_err(|refusal| refusal.reason),
            if sound { Ok(LONG.to_vec().into()) } else { Err(Reason::TooLarge) }
        );
    }
    let mut reader = Bytes::new(&bytes[..]);
    let nesting = Nesting::outermost(0, Options::default());
    nesting.take(limits::INFLATED_BYTES_MIN, 0).unwrap();
    let mut cursor = Cursor::nested(&mut reader, nesting.inner().unwrap()).unwrap();
    let archive = Archive::read(&mut cursor).unwrap();
    assert!(archive.bytes(&mut cursor, &archive.members()[0], max_len()).is_err());
}

fn max_len() -> u64 {
    limits::MEMBER_BYTES_MAX
}

#[test]
fn an_archive_has_members_up_to_a_number_in_zip64_where_it_must() {
    let many = |count: usize| {
        let mut writer = Writer::default();
        for index in 0..count {
            writer.add(&format!("{index}"), b"", Method::Stored)?;
        }
        Ok::<_, Refusal>(produced(&writer.finish()?))
    };
    for count in [65_534, 65_535, limits::ZIP_MEMBERS_MAX] {
        let bytes = many(count).unwrap();
        assert_eq!(walked(&bytes).unwrap().len(), count);
        assert_eq!(read(&bytes).unwrap().members().len(), count);
        let is_zip64 = memchr::memmem::find(&bytes, b"PK\x06\x06").is_some();
        assert_eq!(is_zip64, count >= 65_535);
    }
    assert_eq!(many(limits::ZIP_MEMBERS_MAX + 1).unwrap_err().reason, Reason::TooLarge);
    let mut more = many(limits::ZIP_MEMBERS_MAX).unwrap();
    let end = memchr::memmem::rfind(&more, b"PK\x06\x06").unwrap();
    for at in [24, 32] {
        more[end + at] += 1;
    }
    assert_eq!(reason(&more), (Reason::TooLarge, "number of members"));
}

#[test]
fn a_member_of_four_gigabytes_is_in_zip64() {
    for (len, is_long) in [(0xFFFF_FFFE, false), (0xFFFF_FFFF, true), (1 << 33, true)] {
        let mut content = Plan::default();
        content.copy(0, len).unwrap();
        let mut writer = Writer::default();
        writer.add_plan("a", &content, 7).unwrap();
        writer.add("b", b"x", Method::Stored).unwrap();
        let plan = writer.finish().unwrap();
        // As if there were no content: only what stands around it matters here.
        let mut headers = Vec::new();
        plan.reader(&mut Sparse::default()).take(64).read_to_end(&mut headers).unwrap();
        assert_eq!(headers[4], if is_long { 45 } else { 20 });
        let mut walk = &headers[..];
        let mut under = Produced::new(&mut walk);
        assert_eq!(Walk::new(&mut under).next().unwrap().unwrap().len, len);
    }
}

/// Zeros without end.
#[derive(Default)]
struct Sparse(u64);

impl Read for Sparse {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        buf.fill(0);
        Ok(buf.len())
    }
}

impl io::Seek for Sparse {
    fn seek(&mut self, to: io::SeekFrom) -> io::Result<u64> {
        if let io::SeekFrom::Start(at) = to {
            self.0 = at;
        }
        Ok(self.0)
    }
}

#[test]
fn no_byte_of_a_clean_archive_can_change_unseen() {
    let bytes = written(&[("mimetype", b"a/b", Method::Stored), ("\u{416}.xml", LONG, Method::Deflated)]);
    let sound = walked(&bytes).unwrap();
    for at in 0..bytes.len() {
        assert!(walked(&bytes[..at]).is_err(), "{at} bytes");
        for bit in 0..8 {
            let mut other = bytes.clone();
            other[at] ^= 1 << bit;
            // A name may be another one, if both headers say so; one bit changes one header.
            assert!(walked(&other).is_err(), "byte {at}, bit {bit}");
        }
    }
    for more in [b"x".to_vec(), bytes.clone()] {
        assert!(walked(&[&bytes[..], &more].concat()).is_err());
        assert!(walked(&[&more[..], &bytes].concat()).is_err());
    }
    assert_eq!(sound.len(), 2);
}

#[test]
fn a_clean_archive_has_no_name_that_leads_elsewhere() {
    for name in ["/etc/passwd", "../a", "a/../b", "a//b", "a/", "./a", "a\\b", "a\nb", ""] {
        assert!(walked(&written(&[(name, b"x", Method::Stored)])).is_err(), "{name:?}");
    }
    assert!(walked(&written(&[])).is_err());
}

#[test]
fn folders_and_links_are_told_from_files() {
    let unix = |name: &str, mode: u32| Made { made_by: 0x0314, external: mode << 16, ..made(name, b"x") };
    let members =
        [made("a/", b""), unix("b", 0o100_644), unix("c", 0o120_777), unix("d", 0o040_755), unix("e", 0o020_666)];
    let archive = read(&archive(&members, [b""; 4])).unwrap();
    let kinds: Vec<_> = archive.members().iter().map(|member| (member.is_folder(), member.is_special())).collect();
    assert_eq!(kinds, [(true, false), (false, false), (false, true), (true, false), (false, true)]);
}
