//! Decisions of the cleaner, on small films made here and on the fixtures.

use super::verify;
use crate::clean::memory::produced;
use crate::clean::{Category, Finding, Reason};
use crate::limits;

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap();
    [&size.to_be_bytes(), kind.as_slice(), body].concat()
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

fn full(kind: &[u8; 4], numbers: &[u32]) -> Vec<u8> {
    boxed(kind, &[vec![0; 4], words(numbers)].concat())
}

/// A film of MP3, whose packets no cleaner looks into.
#[derive(Clone)]
struct Film {
    times: Vec<u32>,
    shifts: Vec<u32>,
    sizes: Vec<u32>,
    groups: Vec<u32>,
    /// From the first byte of media.
    chunks: Vec<u32>,
    edits: Vec<u32>,
    media: Vec<u8>,
    handler: [u8; 4],
    tracks: usize,
    tail: Vec<u8>,
}

impl Film {
    /// Four samples in two chunks.
    fn new() -> Self {
        Self {
            times: vec![1, 4, 160],
            shifts: Vec::new(),
            sizes: vec![0, 4, 3, 4, 5, 6],
            groups: vec![1, 1, 2, 1],
            chunks: vec![0, 7],
            edits: Vec::new(),
            media: (0..18).collect(),
            handler: *b"soun",
            tracks: 1,
            tail: Vec::new(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        let head = [boxed(b"ftyp", b"M4A \0\0\0\0isom"), vec![]].concat();
        let at = |moov: usize| u32::try_from(head.len() + moov + 8).unwrap();
        let len = self.moov(0).len();
        [head.clone(), self.moov(at(len)), boxed(b"mdat", &self.media), self.tail.clone()].concat()
    }

    fn moov(&self, begins: u32) -> Vec<u8> {
        let matrix = [0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000];
        let head = [&[7, 8, 1000, 9, 0x0001_0000, 0x0100_0000, 0, 0], matrix.as_slice(), &[0; 6], &[2]].concat();
        let mut description = vec![0, 0, 0, 0, 0, 0, 0, 1];
        description.extend_from_slice(&[0; 8]);
        description.extend_from_slice(&[0, 1, 0, 16, 0, 0, 0, 0, 0x1F, 0x40, 0, 0]);
        let list = [vec![0, 0, 0, 0, 0, 0, 0, 1], boxed(b".mp3", &description)].concat();
        let offsets: Vec<u32> = self.chunks.iter().map(|chunk| chunk + begins).collect();
        let count = u32::try_from(offsets.len()).unwrap();
        let mut stbl = vec![boxed(b"stsd", &list), full(b"stts", &self.times)];
        if !self.shifts.is_empty() {
            stbl.push(full(b"ctts", &self.shifts));
        }
        stbl.extend([
            full(b"stsz", &self.sizes),
            full(b"stsc", &self.groups),
            full(b"stco", &[vec![count], offsets].concat()),
        ]);
        let minf = [full(b"smhd", &[0]), boxed(b"stbl", &stbl.concat())].concat();
        let media = [
            full(b"mdhd", &[7, 8, 8000, 640, 0x15C7_0000]),
            boxed(b"hdlr", &[&[0; 8], self.handler.as_slice(), &[0; 13]].concat()),
            boxed(b"minf", &minf),
        ];
        let tkhd = [&[7, 8, 1, 0, 80, 0, 0, 0, 0], matrix.as_slice(), &[0, 0]].concat();
        let edts = match self.edits.is_empty() {
            true => Vec::new(),
            false => boxed(b"edts", &full(b"elst", &self.edits)),
        };
        let trak = boxed(b"trak", &[full(b"tkhd", &tkhd), edts, boxed(b"mdia", &media.concat())].concat());
        boxed(b"moov", &[full(b"mvhd", &head), trak.repeat(self.tracks)].concat())
    }
}

fn clean(film: &Film) -> (Vec<u8>, Vec<Finding>) {
    let (clean, findings) = produced(&film.bytes()).unwrap();
    let (again, more) = produced(&clean).unwrap();
    assert!(again == clean && more.is_empty(), "{more:?}");
    (clean, findings)
}

fn reason(film: &Film) -> (Reason, &'static str) {
    let refusal = produced(&film.bytes()).unwrap_err();
    (refusal.reason, refusal.part)
}

/// The numbers in the body of the first box of this type, behind version and flags.
fn numbers(film: &[u8], kind: &[u8; 4]) -> Option<Vec<u32>> {
    let at = film.windows(4).position(|window| window == kind)?;
    let size = u32::from_be_bytes(film[at - 4..at].try_into().unwrap()) as usize;
    let body = &film[at + 8..at - 4 + size];
    Some(body.as_chunks::<4>().0.iter().copied().map(u32::from_be_bytes).collect())
}

fn media(film: &[u8]) -> &[u8] {
    let at = film.windows(4).position(|window| window == b"mdat").unwrap();
    &film[at + 4..]
}

#[test]
fn chunks_that_lie_together_become_one() {
    let (film, findings) = clean(&Film::new());
    assert_eq!(media(&film), (0..18).collect::<Vec<u8>>());
    assert_eq!(numbers(&film, b"stsc"), Some(vec![1, 1, 4, 1]));
    assert_eq!(numbers(&film, b"stsz"), Some(vec![0, 4, 3, 4, 5, 6]));
    assert_eq!(numbers(&film, b"mvhd").unwrap()[..4], [0, 0, 1000, 80]);
    let told: Vec<_> = findings.iter().map(|finding| finding.category).collect();
    assert_eq!(told, [Category::Time, Category::Time, Category::Person]);
}

#[test]
fn samples_stay_in_the_order_in_which_they_lay_and_gaps_go() {
    let film = Film { chunks: vec![11, 0], media: (0..20).collect(), ..Film::new() };
    let (clean, findings) = clean(&film);
    // The second chunk lay first: 11 bytes, and then the 7 of the other.
    assert_eq!(media(&clean), (0..18).collect::<Vec<u8>>());
    let offsets = numbers(&clean, b"stco").unwrap();
    assert_eq!((offsets[0], offsets[1] - offsets[2]), (2, 11));
    let hidden: Vec<_> = findings.iter().filter(|own| own.category == Category::HiddenContent).collect();
    assert_eq!((hidden.len(), hidden[0].value.as_deref()), (1, Some("2 bytes")));
}

#[test]
fn samples_that_are_shared_are_copied_as_long_as_the_file_does_not_grow() {
    // Both chunks begin at the same byte.
    let film = Film { chunks: vec![0, 0], media: (0..11).collect(), ..Film::new() };
    let (clean, _) = clean(&film);
    assert_eq!(media(&clean), [(0..7).collect::<Vec<u8>>(), (0..11).collect()].concat());
    let mut much = Film { sizes: vec![700, 2], times: vec![1, 2, 160], chunks: vec![0, 0], ..Film::new() };
    much.groups = vec![1, 1, 1, 1];
    much.media = vec![5; 700];
    assert_eq!(reason(&much), (Reason::Damaged, "samples that overlap"));
}

#[test]
fn samples_without_a_byte_keep_their_time() {
    let film = Film { sizes: vec![0, 4, 3, 0, 0, 6], chunks: vec![0, 3], media: (0..9).collect(), ..Film::new() };
    let (clean, _) = clean(&film);
    assert_eq!(numbers(&clean, b"stsz"), Some(vec![0, 4, 3, 0, 0, 6]));
    let apart = Film { groups: vec![1, 1, 1, 1], chunks: vec![0, 5, 900, 3], ..film };
    let (clean, _) = self::clean(&apart);
    assert_eq!(numbers(&clean, b"stsz"), Some(vec![0, 4, 3, 0, 0, 6]));
}

#[test]
fn times_for_fewer_or_more_samples_than_there_are_come_right() {
    let film = Film { times: vec![2, 1, 100, 1, 50], ..Film::new() };
    assert_eq!(numbers(&clean(&film).0, b"stts"), Some(vec![2, 1, 100, 3, 50]));
    let film = Film { times: vec![3, 2, 100, 0, 7, 900, 100], ..Film::new() };
    assert_eq!(numbers(&clean(&film).0, b"stts"), Some(vec![1, 4, 100]));
    let none = Film { times: vec![0], ..Film::new() };
    assert_eq!(reason(&none), (Reason::Damaged, "stts"));
}

#[test]
fn shifts_stay_only_where_there_are_some() {
    let film = Film { shifts: vec![1, 4, 0], ..Film::new() };
    assert_eq!(numbers(&clean(&film).0, b"ctts"), None);
    let film = Film { shifts: vec![2, 1, 0, 1, 160], ..Film::new() };
    assert_eq!(numbers(&clean(&film).0, b"ctts"), Some(vec![3, 1, 0, 1, 160, 2, 0]));
}

#[test]
fn edits_stay_where_they_change_what_is_heard() {
    let everything = Film { edits: vec![1, 80, 0, 0x0001_0000], ..Film::new() };
    assert_eq!(numbers(&clean(&everything).0, b"elst"), None);
    let later = Film { edits: vec![2, 40, u32::MAX, 0x0001_0000, 40, 320, 0x0001_0000], ..Film::new() };
    assert_eq!(numbers(&clean(&later).0, b"elst"), Some(later.edits));
    let slow = Film { edits: vec![1, 80, 0, 0x8000], ..Film::new() };
    assert_eq!(reason(&slow), (Reason::NotUnderstood, "edit rate"));
}

#[test]
fn what_lies_outside_the_media_is_no_sample() {
    let film = Film { chunks: vec![0, 8], ..Film::new() };
    assert_eq!(reason(&film), (Reason::Truncated, "sample"));
    let film = Film { chunks: vec![0, 8], tail: vec![0; 64], ..Film::new() };
    assert_eq!(reason(&film), (Reason::Damaged, "sample outside mdat"));
}

#[test]
fn a_film_without_picture_and_sound_is_refused() {
    assert_eq!(reason(&Film { handler: *b"text", ..Film::new() }).0, Reason::NotUnderstood);
    let empty = Film { chunks: Vec::new(), ..Film::new() };
    assert_eq!(reason(&empty).0, Reason::NotUnderstood);
}

#[test]
fn the_number_of_tracks_has_a_limit() {
    let film = |tracks: usize| Film { tracks, sizes: vec![0, 4, 0, 0, 0, 1], ..Film::new() };
    let most = limits::MP4_TRACKS_MAX;
    assert!(produced(&film(most - 1).bytes()).is_ok());
    assert!(produced(&film(most).bytes()).is_ok());
    assert_eq!(reason(&film(most + 1)), (Reason::TooLarge, "number of tracks"));
}

#[test]
fn chunks_are_no_longer_than_their_limit_unless_one_sample_is() {
    let most = u32::try_from(limits::MP4_CHUNK_BYTES_MAX).unwrap();
    for (size, count, expected) in
        [(most / 2, 4, vec![1, 1, 2, 1]), (most / 2 + 1, 3, vec![1, 1, 1, 1]), (most + 1, 2, vec![1, 1, 1, 1])]
    {
        let film = Film {
            sizes: vec![size, count],
            times: vec![1, count, 9],
            groups: vec![1, 1, count, 1],
            chunks: vec![0],
            media: vec![1; size as usize * count as usize],
            ..Film::new()
        };
        assert_eq!(numbers(&clean(&film).0, b"stsc"), Some(expected), "{size}");
    }
}

#[test]
fn boxes_and_table_entries_are_counted() {
    use super::survey::Context;
    let mut context = Context::new();
    let most = limits::MP4_ENTRIES_MAX;
    assert!(context.take_entries(most - 1, 0).is_ok());
    assert!(context.take_entries(1, 0).is_ok());
    assert_eq!(context.take_entries(1, 0).unwrap_err().reason, Reason::TooLarge);
    for _ in 0..limits::MP4_BOXES_MAX {
        context.walk.count(0).unwrap();
    }
    assert_eq!(context.walk.count(0).unwrap_err().reason, Reason::TooLarge);
}

#[test]
fn descriptions_have_a_limit() {
    use crate::clean::Findings;
    let entry = boxed(
        b".mp3",
        &[&[0, 0, 0, 0, 0, 0, 0, 1], [0; 8].as_slice(), &[0, 1, 0, 16, 0, 0, 0, 0, 0x1F, 0x40, 0, 0]].concat(),
    );
    let list = |count: usize| {
        let body = [words(&[0, u32::try_from(count).unwrap()]), entry.repeat(count)].concat();
        super::entry::rebuild(&body, 0, super::entry::Media::Sound, &[], &mut Findings::default())
            .map(|list| list.len())
    };
    let most = limits::MP4_DESCRIPTIONS_MAX;
    assert_eq!((list(most - 1).unwrap(), list(most).unwrap()), (most - 1, most));
    assert_eq!(list(most + 1).unwrap_err().reason, Reason::TooLarge);
}

#[test]
fn every_prefix_and_every_flipped_byte_is_refused_or_clean() {
    for name in ["phone.mp4", "note.3gp", "fragmented.mp4", "old.mov"] {
        let path = format!("{}/tests/fixtures/dirty/{name}", env!("CARGO_MANIFEST_DIR"));
        let whole = read(&path);
        for len in (0..whole.len()).step_by(3) {
            // The engine has verified what it gives.
            let _ = produced(&whole[..len]);
        }
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            if let Ok((clean, _)) = produced(&flipped) {
                let (again, findings) =
                    produced(&clean).unwrap_or_else(|refusal| panic!("{name} at {at}: {refusal:?}"));
                assert!(again == clean, "{name} at {at}");
                assert!(findings.iter().all(|finding| finding.fate == crate::clean::Fate::Remains), "{name} at {at}");
            }
        }
    }
}

#[test]
fn the_verifier_accepts_nothing_but_the_clean_film() {
    let (film, _) = clean(&Film { edits: vec![1, 40, 320, 0x0001_0000], shifts: vec![2, 1, 0, 3, 160], ..Film::new() });
    let accepts = |bytes: &[u8]| verify::verify(&mut &bytes[..], verify::Brand::M4a).is_ok();
    assert!(accepts(&film));
    let samples = film.len() - media(&film).len();
    for len in 0..film.len() {
        assert!(!accepts(&film[..len]), "cut at {len}");
    }
    assert!(!accepts(&[film.as_slice(), &[0]].concat()));
    let mut accepted = Vec::new();
    for at in 0..samples {
        for bit in 0..8 {
            let mut flipped = film.clone();
            flipped[at] ^= 1 << bit;
            if accepts(&flipped) {
                accepted.push(at);
            }
        }
    }
    // What may be one thing as well as another: rate of the sound, timescales with their durations, a second
    // number of a table. None of it can be told to be wrong.
    accepted.dedup();
    let known = |kind: &[u8; 4], from: usize, to: usize| {
        let at = film.windows(4).position(|window| window == kind).unwrap() + 4;
        at + from..at + to
    };
    let free = [
        known(b"mvhd", 12, 16),
        known(b"tkhd", 0, 4),
        known(b"elst", 8, 20),
        known(b"mdhd", 12, 16),
        known(b".mp3", 16, 28),
        known(b"ctts", 8, 24),
        known(b"stsz", 12, 28),
    ];
    let odd: Vec<_> = accepted.iter().filter(|at| !free.iter().any(|range| range.contains(at))).collect();
    assert!(odd.is_empty(), "{odd:?} of {accepted:?}");
}

#[expect(clippy::disallowed_methods, reason = "a fixture, in a test")]
fn read(path: &str) -> Vec<u8> {
    std::fs::read(path).unwrap()
}
