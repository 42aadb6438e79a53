//! Archives with marks: in every field of their headers that holds bytes, around members, in names, and in members.

use std::sync::Arc;

use super::{Canary, Marks};

/// A member of a ZIP archive: what stands in its headers, and around it.
#[derive(Clone, Default)]
struct Member {
    name: Vec<u8>,
    content: Vec<u8>,
    local_extra: Vec<u8>,
    extra: Vec<u8>,
    comment: Vec<u8>,
    gap: Vec<u8>,
    /// Bit 3: sum and sizes stand behind, as here.
    descriptor: Option<Vec<u8>>,
    external: u32,
}

fn member(name: &[u8], content: &[u8]) -> Member {
    Member { name: name.to_vec(), content: content.to_vec(), ..Member::default() }
}

/// An archive, with bytes before and behind the directory, in its comment, and behind all.
fn archive(members: &[Member], around: [&[u8]; 4]) -> Vec<u8> {
    let (mut all, mut directory) = (Vec::new(), Vec::new());
    let le16 = |len: usize| u16::try_from(len).unwrap().to_le_bytes();
    let le32 = |len: usize| u32::try_from(len).unwrap().to_le_bytes();
    for member in members {
        let flags = if member.descriptor.is_some() { 8 } else { 0 };
        let fixed = [20, 0, flags, 0, 0, 0, 0x42, 0x93, 0x2E, 0x5D];
        let mut sums = crc32fast::hash(&member.content).to_le_bytes().to_vec();
        sums.extend([le32(member.content.len()); 2].concat());
        all.extend(&member.gap);
        let at = all.len();
        all.extend(b"PK\x03\x04");
        all.extend(fixed);
        all.extend(if flags == 0 { sums.clone() } else { vec![0; 12] });
        all.extend([le16(member.name.len()), le16(member.local_extra.len())].concat());
        all.extend([&member.name[..], &member.local_extra, &member.content].concat());
        if let Some(more) = &member.descriptor {
            all.extend([&b"PK\x07\x08"[..], &sums, more].concat());
        }
        directory.extend(b"PK\x01\x02\x14\x03");
        directory.extend(fixed);
        directory.extend(sums);
        directory.extend([le16(member.name.len()), le16(member.extra.len()), le16(member.comment.len())].concat());
        directory.extend([0; 4]);
        directory.extend(member.external.to_le_bytes());
        directory.extend(le32(at));
        directory.extend([&member.name[..], &member.extra, &member.comment].concat());
    }
    let [before, behind, comment, trailer] = around;
    all.extend(before);
    let start = all.len();
    all.extend([&directory[..], behind, b"PK\x05\x06\0\0\0\0"].concat());
    all.extend([le16(members.len()), le16(members.len())].concat());
    all.extend([le32(directory.len()), le32(start)].concat());
    all.extend([&le16(comment.len()), comment, trailer].concat());
    all
}

/// An archive of these members, none of them deflated.
pub(super) fn stored(members: &[(String, Vec<u8>)]) -> Vec<u8> {
    let members: Vec<Member> = members.iter().map(|(name, content)| member(name.as_bytes(), content)).collect();
    archive(&members, [b""; 4])
}

/// Extra fields that are declared (APPNOTE.TXT 4.5.2, 4.6.1, Info-ZIP), and invented ones.
const EXTRAS: &[u16] = &[
    0x0007, 0x0008, 0x0009, 0x000A, 0x000C, 0x000D, 0x000E, 0x000F, 0x0014, 0x0015, 0x0016, 0x0017, 0x0018, 0x0019,
    0x0020, 0x0021, 0x0022, 0x0023, 0x0065, 0x0066, 0x07C8, 0x1986, 0x2605, 0x2705, 0x2805, 0x334D, 0x4154, 0x4341,
    0x4453, 0x4690, 0x4704, 0x470F, 0x4B46, 0x4C41, 0x4D49, 0x4D63, 0x4F4C, 0x5356, 0x5455, 0x554E, 0x5855, 0x6375,
    0x6542, 0x6854, 0x7075, 0x7441, 0x756E, 0x7855, 0x7875, 0x9901, 0xA11E, 0xA220, 0xCAFE, 0xD935, 0xE57A, 0xFB4A,
    0xFD4A, 0x4B56, 0xFFFF,
];

const WORDS: &[u8] = b"words that stay\n";

pub(crate) fn zips() -> Vec<Canary> {
    let mut marks = Marks::new();
    let plain = [member(b"001.txt", WORDS), member(b"002.txt", b"more words\n")];
    let twin: Arc<[u8]> = archive(&plain, [b""; 4]).into();
    let mut canaries = Vec::new();
    let mut plant = |name: String, mark: Vec<u8>, file: Vec<u8>| {
        canaries.push(Canary { name, file, mark, twin: Some(Arc::clone(&twin)) });
    };
    for index in 0..plain.len() {
        let mut with = |name: String, change: &dyn Fn(&mut Member, &[u8])| {
            let mark = marks.text();
            let mut members = plain.clone();
            change(&mut members[index], &mark);
            plant(format!("{name} of member {index}"), mark, archive(&members, [b""; 4]));
        };
        for &id in EXTRAS {
            let field = move |mark: &[u8]| [&id.to_le_bytes()[..], &[16, 0], mark].concat();
            with(format!("extra field: {id:04X}"), &|member, mark| member.extra = field(mark));
            with(format!("local extra field: {id:04X}"), &|member, mark| member.local_extra = field(mark));
        }
        with("extra field: no field".into(), &|member, mark| member.extra = mark.to_vec());
        with("local extra field: no field".into(), &|member, mark| member.local_extra = mark.to_vec());
        with("comment: ".into(), &|member, mark| member.comment = mark.to_vec());
        with("gap: before".into(), &|member, mark| member.gap = [b"PK", mark].concat());
        with("gap: behind a descriptor".into(), &|member, mark| member.descriptor = Some(mark.to_vec()));
        with("name: ".into(), &|member, mark| member.name = mark.to_vec());
        with("name: in a folder".into(), &|member, mark| member.name = [b"a/", mark, b"/", mark, b".jpg"].concat());
        with("name: led elsewhere".into(), &|member, mark| member.name = [b"../../", mark, b".txt"].concat());
    }
    for (place, name) in
        ["before the directory", "behind the directory", "comment", "behind the end"].iter().enumerate()
    {
        for _ in 0..3 {
            let mark = marks.text();
            let mut around: [&[u8]; 4] = [b""; 4];
            around[place] = &mark;
            plant(format!("around: {name}"), mark.clone(), archive(&plain, around));
        }
    }
    // Members that go.
    for name in ["__MACOSX/._001.txt", ".DS_Store", "a/Thumbs.db", "desktop.ini", "a/._b.jpg", "folder/", "link"] {
        for at in 0..=plain.len() {
            let mark = marks.text();
            let mut members = plain.to_vec();
            let mut more = member(name.as_bytes(), &mark);
            more.external = if name == "link" { 0o120_777 << 16 } else { 0 };
            members.insert(at, more);
            plant(format!("member that goes: {name}"), mark, archive(&members, [b""; 4]));
        }
    }
    canaries
}

/// Fields of a tar header: name, offset, length.
const FIELDS: &[(&str, usize, usize)] = &[
    ("behind the name", 60, 40),
    ("name of what is linked", 157, 100),
    ("owner", 265, 32),
    ("group", 297, 32),
    ("prefix", 345, 155),
];

fn header(name: &[u8], kind: u8, len: usize) -> [u8; 512] {
    let mut block = [0; 512];
    block[..name.len()].copy_from_slice(name);
    block[100..136].copy_from_slice(format!("0000644\0{0}\0{0}\0{len:011o}\0", "0000000").as_bytes());
    block[136..148].copy_from_slice(b"15250314162\0");
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar\x0000");
    summed(block)
}

fn summed(mut block: [u8; 512]) -> [u8; 512] {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    block
}

fn entry(header: [u8; 512], content: &[u8], filling: &[u8]) -> Vec<u8> {
    let mut entry = [&header[..], content].concat();
    let len = entry.len().next_multiple_of(512);
    entry.extend(filling);
    entry.resize(len.max(entry.len().next_multiple_of(512)), 0);
    entry
}

fn words(name: &[u8]) -> Vec<u8> {
    entry(header(name, b'0', WORDS.len()), WORDS, b"")
}

pub(crate) fn tars() -> Vec<Canary> {
    let mut marks = Marks::new();
    let end = [0; 1024];
    let twin: Arc<[u8]> = [words(b"a.txt"), words(b"b.txt"), end.to_vec()].concat().into();
    let mut canaries = Vec::new();
    let mut plant = |name: String, mark: Vec<u8>, first: Vec<u8>, end: &[u8]| {
        let file = [first, words(b"b.txt"), end.to_vec()].concat();
        canaries.push(Canary { name, file, mark, twin: Some(Arc::clone(&twin)) });
    };
    for &(name, at, len) in FIELDS {
        for offset in [0, len - 16] {
            let mark = marks.text();
            let mut block = header(b"a.txt", b'0', WORDS.len());
            block[at + offset..at + offset + 16].copy_from_slice(&mark);
            plant(format!("field: {name}"), mark, entry(summed(block), WORDS, b""), &end);
        }
    }
    let mark = marks.text();
    plant("name: ".into(), mark.clone(), words(&mark), &end);
    let mark = marks.text();
    plant("behind a member: ".into(), mark.clone(), entry(header(b"a.txt", b'0', WORDS.len()), WORDS, &mark), &end);
    for at in [0, 200, 1000] {
        let mark = marks.text();
        let mut end = [0; 2048];
        end[512 + at..528 + at].copy_from_slice(&mark);
        plant("behind the end: ".into(), mark, words(b"a.txt"), &end);
    }
    for (kind, what) in [
        (b'1', "hard link"),
        (b'2', "link"),
        (b'3', "device"),
        (b'4', "device"),
        (b'5', "folder"),
        (b'6', "pipe"),
        (b'V', "label"),
    ] {
        let mark = marks.text();
        let mut block = header(&mark, kind, 0);
        block[157..173].copy_from_slice(&mark);
        plant(
            format!("member that goes: {what}"),
            mark,
            [entry(summed(block), b"", b""), words(b"a.txt")].concat(),
            &end,
        );
    }
    for kind in [b'L', b'K'] {
        let mark = marks.text();
        let long = entry(header(b"././@LongLink", kind, 16), &mark, b"");
        plant("long name: ".into(), mark, [long, words(b"a.txt")].concat(), &end);
    }
    let keys = [
        "atime",
        "charset",
        "comment",
        "ctime",
        "gid",
        "gname",
        "hdrcharset",
        "linkpath",
        "mtime",
        "path",
        "uid",
        "uname",
        "SCHILY.xattr.user.melnyk",
        "SCHILY.acl.access",
        "LIBARCHIVE.creationtime",
        "LIBARCHIVE.xattr.com.apple.quarantine",
        "RHT.security.selinux",
        "MSWINDOWS.rawsd",
        "KVARZ.unit",
    ];
    for kind in [b'x', b'g', b'X'] {
        for key in keys {
            let mark = marks.text();
            let value = String::from_utf8(mark.clone()).unwrap();
            let rest = format!(" {key}={value}\n");
            let len = (1..200).find(|len: &usize| len.to_string().len() + rest.len() == *len).unwrap();
            let record = format!("{len}{rest}");
            let extended = entry(header(b"pax", kind, record.len()), record.as_bytes(), b"");
            plant(format!("extended header: {key}"), mark, [extended, words(b"a.txt")].concat(), &end);
        }
    }
    for name in ["__MACOSX/._a.txt", ".DS_Store", "Thumbs.db"] {
        let mark = marks.text();
        let more = entry(header(name.as_bytes(), b'0', 16), &mark, b"");
        plant(format!("member that goes: {name}"), mark, [more, words(b"a.txt")].concat(), &end);
    }
    canaries
}

pub(crate) fn gzips() -> Vec<Canary> {
    let mut marks = Marks::new();
    let tar = [words(b"a.txt"), vec![0; 1024]].concat();
    let packed = |flags: u8, fields: &[u8], tar: &[u8]| {
        let mut file = [&[0x1F, 0x8B, 8, flags, 1, 2, 3, 4, 2, 3], fields].concat();
        file.extend(miniz_oxide::deflate::compress_to_vec(tar, 9));
        file.extend(crc32fast::hash(tar).to_le_bytes());
        file.extend(u32::try_from(tar.len()).unwrap().to_le_bytes());
        file
    };
    let plain = packed(0, b"", &tar);
    let twin: Arc<[u8]> = plain.clone().into();
    let mut canaries = Vec::new();
    let mut plant = |name: &str, mark: &[u8], file: Vec<u8>| {
        canaries.push(Canary { name: name.into(), file, mark: mark.to_vec(), twin: Some(Arc::clone(&twin)) });
    };
    for (name, flags) in [("header: name", 8), ("header: comment", 16), ("header: extra field", 4)] {
        let mark = marks.text();
        let field = if flags == 4 { [b"\x14\0KV\x10\0", &mark[..]].concat() } else { [&mark[..], b"\0"].concat() };
        plant(name, &mark, packed(flags, &field, &tar));
    }
    let mark = marks.text();
    plant("behind the end: ", &mark, [&plain[..], &mark].concat());
    let mark = marks.text();
    plant("second member: ", &mark, [&plain[..], &packed(8, &[&mark[..], b"\0"].concat(), b"")].concat());
    canaries
}
