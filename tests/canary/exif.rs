//! Exif blocks with a mark in one tag of one directory: every directory there is, tags known and invented.

use super::Marks;

/// Makes blocks in one byte order. A block is a first directory and the one that holds the mark.
pub(crate) struct Tiff;

/// Where a directory hangs: the name, and the tags that lead to it from the first.
const ROOMS: &[(&str, Room)] = &[
    ("IFD0", Room::First),
    ("IFD1", Room::Next),
    ("Exif", Room::Under(0x8769)),
    ("GPS", Room::Under(0x8825)),
    ("Interop", Room::Under(0xA005)),
    ("SubIFD", Room::Under(0x014A)),
    ("unreferenced", Room::Nowhere),
];

#[derive(Clone, Copy)]
enum Room {
    First,
    Next,
    Under(u16),
    Nowhere,
}

/// Tags with words in them, those of blocks of another kind, and some that nobody has defined.
const TAGS: &[u16] = &[
    0x0000, 0x0001, 0x000B, 0x001B, 0x001C, 0x001D, 0x010D, 0x010E, 0x010F, 0x0110, 0x011D, 0x0131, 0x0132, 0x013B,
    0x013C, 0x0151, 0x0201, 0x02BC, 0x1000, 0x4746, 0x5110, 0x80A4, 0x8298, 0x83BB, 0x8649, 0x8773, 0x8825, 0x9000,
    0x9003, 0x9010, 0x9286, 0x927C, 0x9290, 0x9999, 0x9C9B, 0x9C9F, 0xA004, 0xA20B, 0xA300, 0xA420, 0xA430, 0xA431,
    0xA434, 0xA435, 0xA436, 0xA460, 0xC4A5, 0xC5E0, 0xC614, 0xC62F, 0xC634, 0xC68B, 0xC7A1, 0xDEAD, 0xEA1C, 0xEA1D,
    0xFDE8, 0xFFFF,
];

impl Tiff {
    /// Place, block, mark.
    pub(crate) fn canaries(marks: &mut Marks) -> Vec<(String, Vec<u8>, Vec<u8>)> {
        let mut all = Vec::new();
        for (room_name, room) in ROOMS {
            for &tag in TAGS {
                // As ASCII and as bytes that mean nothing.
                for kind in [2, 7] {
                    let mark = marks.text();
                    let block = block(*room, (tag, kind, &mark));
                    all.push((format!("{room_name} 0x{tag:04X} of type {kind}"), block, mark));
                }
            }
        }
        let mark = marks.text();
        all.push(("after the directories".to_owned(), [block(Room::First, (1, 2, b"x")), mark.clone()].concat(), mark));
        let mark = marks.text();
        all.push(("in place of a block".to_owned(), mark.clone(), mark));
        let mark = marks.text();
        let first = 8 + u32::try_from(mark.len()).unwrap();
        let gap = [b"II*\0".as_slice(), &first.to_le_bytes(), &mark, &[0; 6]].concat();
        all.push(("between header and directory".to_owned(), gap, mark));
        all
    }
}

/// A little-endian block whose directory `room` has one entry.
fn block(room: Room, (tag, kind, value): (u16, u16, &[u8])) -> Vec<u8> {
    const FIRST: u32 = 8;
    // The first directory has one entry and a link, and the other follows it.
    const SECOND: u32 = FIRST + 2 + 12 + 4;
    let holder = |at: u32, next: u32| directory(at, (tag, kind, value), next);
    let header = [b"II*\0".as_slice(), &FIRST.to_le_bytes()].concat();
    let (first, second) = match room {
        Room::First => (holder(FIRST, 0), Vec::new()),
        Room::Next => (entry((0x0103, 3, 1, 6), SECOND), holder(SECOND, 0)),
        Room::Under(pointer) => (entry((pointer, 4, 1, SECOND), 0), holder(SECOND, 0)),
        Room::Nowhere => (entry((0x0103, 3, 1, 6), 0), holder(SECOND, 0)),
    };
    [header, first, second].concat()
}

/// A directory at `at` with one entry, and the entry's value after it.
fn directory(at: u32, (tag, kind, value): (u16, u16, &[u8]), next: u32) -> Vec<u8> {
    let value_at = at + 2 + 12 + 4;
    let count = u32::try_from(value.len()).unwrap();
    [entry((tag, kind, count, value_at), next).as_slice(), value].concat()
}

fn entry((tag, kind, count, value): (u16, u16, u32, u32), next: u32) -> Vec<u8> {
    let mut bytes = 1_u16.to_le_bytes().to_vec();
    bytes.extend_from_slice(&tag.to_le_bytes());
    bytes.extend_from_slice(&kind.to_le_bytes());
    bytes.extend_from_slice(&count.to_le_bytes());
    bytes.extend_from_slice(&value.to_le_bytes());
    bytes.extend_from_slice(&next.to_le_bytes());
    bytes
}
