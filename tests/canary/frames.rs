//! AAC in ADTS frames and AMR with marks: before, between and behind frames, in tags of every kind, in the elements
//! in front of the sound, in checksums and padding.

use super::{Canary, Marks};
use crate::harness::fixture;

/// Every file with a mark.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut canaries = Vec::new();
    for name in ["memo.aac", "program.aac", "marked.aac"] {
        aac(&mut canaries, &mut marks, name);
    }
    for name in ["voice.amr", "padded.awb"] {
        let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        for between in [&[][..], b"TAG", b"\xFF", b"\x81\x82\x83", b"\0\0\0\0ftyp"] {
            let mark = marks.text();
            let file = [whole.as_slice(), between, &mark].concat();
            canaries.push(Canary { name: format!("behind: {name}, {between:02x?}"), file, mark, twin: None });
        }
        let magic = whole.iter().position(|&byte| byte == b'\n').unwrap() + 1;
        let mark = marks.text();
        let file = [&whole[..magic], &mark, &whole[magic..]].concat();
        canaries.push(Canary { name: format!("in front of AMR: {name}"), file, mark, twin: None });
    }
    canaries
}

fn aac(canaries: &mut Vec<Canary>, marks: &mut Marks, name: &str) {
    let whole = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
    let mut starts = vec![0];
    while *starts.last().unwrap() < whole.len() {
        let at = *starts.last().unwrap();
        let frame = &whole[at..];
        starts.push(at + (usize::from(frame[3] & 3) << 11 | usize::from(frame[4]) << 3 | usize::from(frame[5] >> 5)));
    }
    let mut plant = |kind: &str, place: String, build: &dyn Fn(&[u8]) -> Vec<u8>| {
        let mark = marks.text();
        canaries.push(Canary { name: format!("{kind}: {name}, {place}"), file: build(&mark), mark, twin: None });
    };
    for (index, &at) in starts.iter().enumerate() {
        let (front, behind) = whole.split_at(at);
        for before in [&[][..], &[0; 9], &[0xFF], &[0xFF, 0xF1], &[0x7F; 300]] {
            let kind = if index == 0 { "garbage in front" } else { "garbage" };
            plant(kind, format!("{index}, {before:02x?}"), &|mark| [front, before, mark, before, behind].concat());
        }
        plant("tag", format!("ID3v2 at {index}"), &|mark| [front, &id3(mark), behind].concat());
        plant("tag", format!("ID3v1 at {index}"), &|mark| {
            [front, &padded(&[b"TAG", mark].concat(), 128), behind].concat()
        });
        plant("tag", format!("APE at {index}"), &|mark| [front, &ape(mark), behind].concat());
        plant("tag", format!("Lyrics3 at {index}"), &|mark| {
            let lyrics = [b"LYRICSBEGININF00016".as_slice(), mark].concat();
            [front, &lyrics, format!("{:06}LYRICS200", lyrics.len()).as_bytes(), behind].concat()
        });
        for fill in [true, false] {
            plant("element", format!("at {index}, fill {fill}"), &|mark| {
                // Four bits and fifteen bytes of a fill element, or a data element of whole bytes.
                let mut sound = if fill { vec![0xDE, 0x06, 0x00] } else { vec![0x81, 16] };
                sound.extend(mark);
                // The end of what is in front, and of the frame.
                sound.extend(if fill { [0, 0, 0, 0, 7 << 5] } else { [7 << 5, 0, 0, 0, 0] });
                [front, &frame(&whole, &sound), behind].concat()
            });
        }
    }
}

/// A frame of the stream that `like` begins.
fn frame(like: &[u8], sound: &[u8]) -> Vec<u8> {
    let len = u16::try_from(sound.len() + 7).unwrap();
    let mut header = like[..7].to_vec();
    header[3] = header[3] & 0xFC | u8::try_from(len >> 11).unwrap();
    header[4] = u8::try_from(len >> 3 & 0xFF).unwrap();
    header[5] = header[5] & 0x1F | u8::try_from((len & 7) << 5).unwrap();
    [&header, sound].concat()
}

fn padded(bytes: &[u8], len: usize) -> Vec<u8> {
    let mut padded = bytes.to_vec();
    padded.resize(len, 0);
    padded
}

fn id3(mark: &[u8]) -> Vec<u8> {
    let text = [b"\0", mark].concat();
    let len = u8::try_from(text.len()).unwrap();
    [b"ID3\x04\0\0\0\0\0", &[len + 10][..], b"TXXX\0\0\0", &[len, 0, 0], &text].concat()
}

fn ape(mark: &[u8]) -> Vec<u8> {
    let item = [&u32::try_from(mark.len()).unwrap().to_le_bytes(), &[0; 4][..], b"Note\0", mark].concat();
    let header = |flags: u32| {
        let size = u32::try_from(item.len() + 32).unwrap();
        let numbers = [2000, size, 1, flags].map(u32::to_le_bytes).concat();
        [b"APETAGEX", numbers.as_slice(), &[0; 8]].concat()
    };
    [header(0xA000_0000), item.clone(), header(0x8000_0000)].concat()
}
