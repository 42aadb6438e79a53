//! Files made element by element, cleaned as the engine does, and looked at byte by byte.

use super::{id, write};
use crate::clean::memory::produced as clean;
use crate::clean::{Category, Fate, Finding, Reason};
use crate::limits;

const UNKNOWN: &[u8] = &[0x01, 255, 255, 255, 255, 255, 255, 255];

fn master(id: u32, children: &[Vec<u8>]) -> Vec<u8> {
    write::element(id, &children.concat())
}

/// An element of unknown size.
fn endless(id: u32, children: &[Vec<u8>]) -> Vec<u8> {
    let head = write::head(id, 0);
    [&head[..head.len() - 1], UNKNOWN, &children.concat()].concat()
}

fn uint(id: u32, value: u64) -> Vec<u8> {
    write::uint(id, value)
}

fn string(id: u32, value: &str) -> Vec<u8> {
    write::element(id, value.as_bytes())
}

fn head(doc_type: &str) -> Vec<u8> {
    master(
        id::EBML,
        &[
            uint(id::EBML_VERSION, 1),
            uint(id::EBML_READ_VERSION, 1),
            uint(id::EBML_MAX_ID_LENGTH, 4),
            uint(id::EBML_MAX_SIZE_LENGTH, 8),
            string(id::DOC_TYPE, doc_type),
            uint(id::DOC_TYPE_VERSION, 4),
            uint(id::DOC_TYPE_READ_VERSION, 2),
        ],
    )
}

fn info(more: &[Vec<u8>]) -> Vec<u8> {
    let apps = [string(id::MUXING_APP, ""), string(id::WRITING_APP, "")];
    master(id::INFO, &[&[uint(id::TIMESTAMP_SCALE, 1_000_000)], more, &apps].concat())
}

/// As a clean file has it.
fn timed(ticks: f64) -> Vec<u8> {
    info(&[write::float(id::DURATION, ticks)])
}

fn track(number: u64, kind: u64, codec: &str, more: &[Vec<u8>]) -> Vec<u8> {
    let fields = [
        uint(id::TRACK_NUMBER, number),
        uint(id::TRACK_UID, number),
        uint(id::TRACK_TYPE, kind),
        string(id::LANGUAGE, "und"),
        string(id::CODEC_ID, codec),
    ];
    master(id::TRACK_ENTRY, &[&fields, more].concat())
}

fn video_fields(more: &[Vec<u8>]) -> Vec<u8> {
    master(id::VIDEO, &[&[uint(id::PIXEL_WIDTH, 64), uint(id::PIXEL_HEIGHT, 48)], more].concat())
}

fn video(number: u64) -> Vec<u8> {
    track(number, 1, "V_VP8", &[video_fields(&[])])
}

fn audio(number: u64) -> Vec<u8> {
    let fields = [write::float(id::SAMPLING_FREQUENCY, 8_000.0), uint(id::CHANNELS, 1), uint(id::BIT_DEPTH, 16)];
    track(number, 2, "A_PCM/INT/LIT", &[master(id::AUDIO, &fields)])
}

fn simple(number: u8, timestamp: i16, flags: u8, body: &[u8]) -> Vec<u8> {
    write::element(id::SIMPLE_BLOCK, &[block_head(number, timestamp, flags), body.to_vec()].concat())
}

fn block_head(number: u8, timestamp: i16, flags: u8) -> Vec<u8> {
    let [high, low] = timestamp.to_be_bytes();
    vec![0x80 | number, high, low, flags]
}

fn group(number: u8, timestamp: i16, body: &[u8], more: &[Vec<u8>]) -> Vec<u8> {
    let block = write::element(id::BLOCK, &[block_head(number, timestamp, 0), body.to_vec()].concat());
    master(id::BLOCK_GROUP, &[&[block], more].concat())
}

fn cluster(timestamp: u64, blocks: &[Vec<u8>]) -> Vec<u8> {
    master(id::CLUSTER, &[&[uint(id::TIMESTAMP, timestamp)], blocks].concat())
}

fn segment(children: &[Vec<u8>]) -> Vec<u8> {
    let body = children.concat();
    let mut size = u64::try_from(body.len()).unwrap().to_be_bytes();
    size[0] = 1;
    [&[0x18, 0x53, 0x80, 0x67][..], &size, &body].concat()
}

fn file(children: &[Vec<u8>]) -> Vec<u8> {
    [head("matroska"), segment(children)].concat()
}

/// Cues as a clean file has them: times, and positions behind Cues.
fn cues(front: &[Vec<u8>], points: &[(u64, usize)]) -> Vec<u8> {
    let make = |start: usize| {
        let point = |&(time, behind): &(u64, usize)| {
            let position = u64::try_from(start + behind).unwrap();
            let place = [uint(id::CUE_TRACK, 1), write::element(id::CUE_CLUSTER_POSITION, &position.to_be_bytes())];
            master(id::CUE_POINT, &[uint(id::CUE_TIME, time), master(id::CUE_TRACK_POSITIONS, &place)])
        };
        master(id::CUES, &points.iter().map(point).collect::<Vec<_>>())
    };
    make(front.concat().len() + make(0).len())
}

/// Video and sound in two Clusters, as a clean file has them.
fn plain() -> Vec<u8> {
    let clusters = [
        cluster(0, &[simple(1, 0, 0x80, b"key"), simple(2, 3, 0x80, b"pcm."), simple(1, 40, 0, b"delta")]),
        cluster(80, &[simple(1, 0, 0x80, b"key"), simple(1, 40, 1, b"delta")]),
    ];
    let front = [timed(120.0), master(id::TRACKS, &[video(1), audio(2)])];
    let cues = cues(&front, &[(0, 0), (80, clusters[0].len())]);
    file(&[front.concat(), cues, clusters.concat()])
}

/// Cleans, checks that cleaning again changes nothing, and returns the bytes and the findings.
fn cleaned(bytes: &[u8]) -> (Vec<u8>, Vec<Finding>) {
    let (once, findings) = clean(bytes).unwrap();
    let (again, second) = clean(&once).unwrap();
    assert_eq!(again, once);
    assert!(second.iter().all(|finding| finding.fate == Fate::Remains), "{second:?}");
    (once, findings)
}

fn places(findings: &[Finding]) -> Vec<(Category, &str)> {
    findings.iter().map(|finding| (finding.category, finding.place.as_str())).collect()
}

fn refused(bytes: &[u8]) -> (Reason, &'static str) {
    let refusal = clean(bytes).unwrap_err();
    (refusal.reason, refusal.part)
}

/// One video track and these Clusters, in a file of unknown kind of muxer.
fn with_clusters(clusters: &[Vec<u8>]) -> Vec<u8> {
    file(&[info(&[]), master(id::TRACKS, &[video(1)]), clusters.concat()])
}

fn with_track(entry: Vec<u8>) -> Vec<u8> {
    file(&[info(&[]), master(id::TRACKS, &[entry])])
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_plain_file_stays_as_it_is_to_the_byte() {
    let (bytes, findings) = clean(&plain()).unwrap();
    assert_eq!((bytes, findings), (plain(), Vec::new()));
}

#[test]
fn a_live_recording_gets_sizes_cues_and_a_duration() {
    let clusters = [
        [uint(id::TIMESTAMP, 0), simple(1, 0, 0x80, b"key"), simple(2, 3, 0x80, b"pcm."), simple(1, 40, 0, b"delta")],
        [uint(id::TIMESTAMP, 80), simple(1, 0, 0x80, b"key"), simple(1, 40, 1, b"delta"), Vec::new()],
    ];
    let front = [info(&[]), master(id::TRACKS, &[video(1), audio(2)])].concat();
    let live = clusters.map(|children| endless(id::CLUSTER, &children)).concat();
    let segment = endless(id::SEGMENT, &[front, live.clone()]);
    let (bytes, findings) = cleaned(&[head("matroska"), segment.clone()].concat());
    assert_eq!((bytes, findings), (plain(), Vec::new()));
    // Cut behind a block it is whole, and within one it is not.
    let cut = |by: usize| [head("matroska"), segment[..segment.len() - by].to_vec()].concat();
    assert!(clean(&cut(simple(1, 40, 1, b"delta").len())).is_ok());
    assert_eq!(refused(&cut(1)), (Reason::Truncated, "element"));
    assert_eq!(refused(&cut(simple(1, 40, 1, b"delta").len() - 1)).0, Reason::Truncated);
}

#[test]
fn an_endless_cluster_ends_before_what_only_a_segment_holds() {
    let cluster = endless(id::CLUSTER, &[uint(id::TIMESTAMP, 0), simple(1, 0, 0x80, b"key")]);
    let tags = master(id::TAGS, &[string(id::VOID, "KVZ7")]);
    let (bytes, findings) = cleaned(&with_clusters(&[cluster, tags]));
    assert!(!contains(&bytes, b"KVZ7"));
    assert_eq!(findings[0].value.as_deref(), Some("KVZ7"));
}

#[test]
fn what_is_neither_seen_nor_heard_goes_with_its_blocks() {
    let subtitles = track(2, 0x11, "S_TEXT/UTF8", &[string(id::NAME, "Melnyk"), string(id::LANGUAGE, "ukr")]);
    let tracks = master(id::TRACKS, &[video(7), subtitles, audio(9)]);
    let blocks = [simple(7, 0, 0x80, b"key"), simple(2, 1, 0x80, b"KVZ7Q20418"), simple(9, 3, 0x80, b"pcm.")];
    let (bytes, findings) = cleaned(&file(&[info(&[]), tracks, cluster(0, &blocks)]));
    assert!(!contains(&bytes, b"KVZ7Q20418"));
    assert!(contains(&bytes, &simple(2, 3, 0x80, b"pcm.")), "renumbered");
    let told = findings.iter().find(|finding| finding.place == "subtitle track").unwrap();
    assert_eq!(told.value.as_deref(), Some("Melnyk, ukr, S_TEXT/UTF8"));
    assert!(places(&findings).contains(&(Category::Comment, "TrackEntry Name")));
    assert!(places(&findings).contains(&(Category::Person, "TrackEntry Language")));
}

#[test]
fn a_block_group_that_says_no_more_becomes_a_simple_block() {
    let blocks = [
        group(1, 0, b"key", &[]),
        group(1, 40, b"delta", &[write::sint(id::REFERENCE_BLOCK, -40)]),
        group(1, 80, b"last", &[write::sint(id::REFERENCE_BLOCK, -40), uint(id::BLOCK_DURATION, 25)]),
        group(1, 120, b"cut", &[write::sint(id::DISCARD_PADDING, 0)]),
        group(1, 160, b"cut", &[write::sint(id::DISCARD_PADDING, -7), uint(0xFA, 3)]),
    ];
    let (bytes, _) = cleaned(&with_clusters(&[cluster(0, &blocks)]));
    let expected = [
        simple(1, 0, 0x80, b"key"),
        simple(1, 40, 0, b"delta"),
        group(1, 80, b"last", &[uint(id::BLOCK_DURATION, 25), write::sint(id::REFERENCE_BLOCK, 0)]),
        simple(1, 120, 0x80, b"cut"),
        group(1, 160, b"cut", &[write::sint(id::DISCARD_PADDING, -7)]),
    ];
    assert!(bytes.ends_with(&cluster(0, &expected)));
}

#[test]
fn alpha_stays_where_there_is_alpha_and_goes_elsewhere() {
    let more = |number: u64, data: &[u8]| {
        master(id::BLOCK_MORE, &[write::element(id::BLOCK_ADDITIONAL, data), uint(id::BLOCK_ADD_ID, number)])
    };
    let additions = master(id::BLOCK_ADDITIONS, &[more(4, b"hdr10+"), more(1, b"alpha")]);
    let block = group(1, 0, b"key", &[additions]);
    let entry = |video: Vec<u8>| master(id::TRACKS, &[track(1, 1, "V_VP9", &[video])]);
    let with = |video| file(&[info(&[]), entry(video), cluster(0, std::slice::from_ref(&block))]);
    let (bytes, findings) = cleaned(&with(video_fields(&[uint(id::ALPHA_MODE, 1)])));
    let kept = master(id::BLOCK_MORE, &[uint(id::BLOCK_ADD_ID, 1), write::element(id::BLOCK_ADDITIONAL, b"alpha")]);
    assert!(bytes.ends_with(&cluster(0, &[group(1, 0, b"key", &[master(id::BLOCK_ADDITIONS, &[kept])])])));
    assert!(places(&findings).contains(&(Category::HiddenContent, "BlockAdditional, BlockAddID 4")));
    let (bytes, _) = cleaned(&with(video_fields(&[])));
    assert!(bytes.ends_with(&cluster(0, &[simple(1, 0, 0x80, b"key")])));
}

#[test]
fn bytes_that_were_stripped_from_frames_are_put_back() {
    let encodings = |algorithm: u64, settings: &[u8]| {
        let compression = master(0x5034, &[uint(0x4254, algorithm), write::element(0x4255, settings)]);
        master(id::CONTENT_ENCODINGS, &[master(0x6240, &[compression])])
    };
    let audio = master(id::AUDIO, &[write::float(id::SAMPLING_FREQUENCY, 8_000.0)]);
    let entry = |encodings: Vec<u8>| master(id::TRACKS, &[track(1, 2, "A_AC3", &[encodings, audio.clone()])]);
    // Two frames of 1 and 3 bytes.
    let block = simple(1, 0, 0x82, &[1, 1, b'a', b'b', b'c', b'd']);
    let with = |encodings| file(&[info(&[]), entry(encodings), cluster(0, std::slice::from_ref(&block))]);
    let (bytes, _) = cleaned(&with(encodings(3, b"\x0B\x77")));
    assert!(bytes.ends_with(&cluster(0, &[simple(1, 0, 0x86, b"\x01\x83\x0B\x77a\x0B\x77bcd")])));
    assert_eq!(refused(&with(encodings(0, b""))), (Reason::NotUnderstood, "ContentCompAlgo zlib"));
    assert_eq!(refused(&with(encodings(1, b""))), (Reason::NotUnderstood, "ContentCompAlgo bzlib"));
    for (len, is_kept) in [(-1, true), (0, true), (1, false)] {
        let len = limits::STRIPPED_BYTES_MAX.checked_add_signed(len).unwrap();
        assert_eq!(clean(&with(encodings(3, &vec![b'x'; len]))).is_ok(), is_kept);
    }
    let encrypted = master(id::CONTENT_ENCODINGS, &[master(0x6240, &[uint(0x5033, 1), master(0x5035, &[])])]);
    assert_eq!(refused(&with(encrypted)), (Reason::NotUnderstood, "ContentEncryption"));
}

#[test]
fn a_file_begins_at_zero_and_lasts_as_long_as_its_blocks() {
    let shifted = |first: u64, second: u64| {
        with_clusters(&[cluster(first, &[simple(1, 5, 0x80, b"key")]), cluster(second, &[simple(1, 0, 0, b"delta")])])
    };
    let (late, _) = cleaned(&shifted(1_789_410_642_000, 1_789_410_642_100));
    let (early, _) = cleaned(&shifted(0, 100));
    assert_eq!(late, early);
    assert!(contains(&early, &timed(100.0)));
    // A block before its Cluster keeps what is in front of it.
    let (bytes, _) =
        cleaned(&with_clusters(&[cluster(30, &[simple(1, -40, 0x80, b"key"), simple(1, 0, 0, b"delta")])]));
    assert!(contains(&bytes, &timed(30.0)));
    let (bytes, _) =
        cleaned(&with_clusters(&[cluster(50, &[simple(1, -40, 0x80, b"key"), simple(1, 0, 0, b"delta")])]));
    assert!(contains(&bytes, &cluster(40, &[simple(1, -40, 0x80, b"key"), simple(1, 0, 0, b"delta")])));
}

#[test]
fn cues_lead_to_the_first_keyframe_of_a_cluster_and_to_one_each_second() {
    let key = |time: i16| simple(1, time, 0x80, b"key");
    let (bytes, _) = cleaned(&with_clusters(&[
        cluster(0, &[simple(1, 0, 0, b"delta"), key(10), key(1_009), key(1_010), key(1_500), key(2_010)]),
        cluster(2_100, &[key(0)]),
        cluster(2_200, &[simple(1, 0, 0, b"delta")]),
    ]));
    let first = cluster(0, &[simple(1, 0, 0, b"delta"), key(10), key(1_009), key(1_010), key(1_500), key(2_010)]);
    let front = [timed(2_200.0), master(id::TRACKS, &[video(1)])];
    let points = [(10, 0), (1_010, 0), (2_010, 0), (2_100, first.len())];
    assert!(contains(&bytes, &cues(&front, &points)));
}

#[test]
fn a_webm_file_that_no_player_of_webm_plays_is_matroska() {
    let tracks = |entry| segment(&[info(&[]), master(id::TRACKS, &[entry])]);
    let (bytes, _) = cleaned(&[head("webm"), tracks(video(1))].concat());
    assert!(bytes.starts_with(&head("webm")));
    let (bytes, _) = cleaned(&[head("webm"), tracks(audio(1))].concat());
    assert!(bytes.starts_with(&head("matroska")));
}

#[test]
fn what_players_would_go_on_with_is_refused_and_what_they_pass_over_goes() {
    let (bytes, findings) = cleaned(&[plain(), b"PK\x03\x04KVZ7Q20418".to_vec()].concat());
    assert_eq!(bytes, plain());
    assert_eq!(places(&findings), [(Category::HiddenContent, "behind the Segment")]);
    let twice = [plain(), plain()].concat();
    assert_eq!(refused(&twice), (Reason::NotUnderstood, "another Segment"));
    let chained = [head("matroska"), endless(id::SEGMENT, &[info(&[]), master(id::TRACKS, &[video(1)])]), plain()];
    assert_eq!(refused(&chained.concat()), (Reason::NotUnderstood, "another Segment"));
}

#[test]
fn what_cannot_be_kept_as_it_is_is_refused_by_its_name() {
    let tracks = || master(id::TRACKS, &[video(1)]);
    let key = || simple(1, 0, 0x80, b"key");
    let cases: Vec<(Vec<u8>, (Reason, &str))> = vec![
        (file(&[info(&[]), cluster(0, &[key()]), tracks()]), (Reason::NotUnderstood, "Cluster before Tracks")),
        (file(&[info(&[])]), (Reason::Damaged, "Segment without Tracks")),
        (file(&[tracks(), tracks()]), (Reason::NotUnderstood, "more than one Tracks")),
        (file(&[master(id::TRACKS, &[video(1), video(1)])]), (Reason::Damaged, "TrackNumber")),
        (
            file(&[master(id::TRACKS, &[track(1, 0x11, "S_TEXT/UTF8", &[])])]),
            (Reason::NotUnderstood, "Tracks without video or audio"),
        ),
        (with_track(track(1, 1, "V_THEORA", &[video_fields(&[])])), (Reason::NotUnderstood, "V_THEORA")),
        (with_track(track(1, 1, "V_VP8", &[])), (Reason::Damaged, "TrackEntry without Video")),
        (with_track(track(1, 2, "A_AC3", &[])), (Reason::Damaged, "TrackEntry without Audio")),
        (with_track(track(1, 1, "V_VP8", &[master(id::VIDEO, &[])])), (Reason::Damaged, "Video")),
        (
            with_track(track(1, 1, "V_VP8", &[video_fields(&[]), write::float(id::TRACK_TIMESTAMP_SCALE, 1.5)])),
            (Reason::NotUnderstood, "TrackTimestampScale"),
        ),
        (
            with_track(track(1, 1, "V_VP8", &[video_fields(&[]), master(id::TRACK_OPERATION, &[])])),
            (Reason::NotUnderstood, "TrackOperation"),
        ),
        (with_clusters(&[master(id::CLUSTER, &[key()])]), (Reason::Damaged, "Cluster without Timestamp")),
        (with_clusters(&[cluster(0, &[uint(id::TIMESTAMP, 1)])]), (Reason::Damaged, "Timestamp")),
        (with_clusters(&[cluster(0, &[string(id::ENCRYPTED_BLOCK, "?")])]), (Reason::NotUnderstood, "EncryptedBlock")),
        (
            with_clusters(&[cluster(0, &[group(1, 0, b"key", &[string(id::CODEC_STATE, "?")])])]),
            (Reason::NotUnderstood, "CodecState"),
        ),
        (
            with_clusters(&[cluster(0, &[endless(id::BLOCK_GROUP, &[])])]),
            (Reason::NotUnderstood, "element of unknown size"),
        ),
        (with_clusters(&[cluster(0, &[simple(1, 0, 0x82, &[9, 1])])]), (Reason::Damaged, "lace")),
    ];
    for (bytes, expected) in cases {
        assert_eq!(refused(&bytes), expected);
    }
}

#[test]
fn what_tells_of_the_file_is_told_and_goes() {
    let told = info(&[
        string(id::TITLE, "Криниці"),
        write::element(id::SEGMENT_UUID, &[0xAB; 16]),
        write::element(id::DATE_UTC, &(811_103_442_i64 * 1_000_000_000).to_be_bytes()),
        string(id::PREV_FILENAME, "before.mkv"),
        string(0x4DBB, "KVZ7Q20418"),
    ]);
    let simple_tag = |name: &str, value: &str| master(0x67C8, &[string(0x45A3, name), string(0x4487, value)]);
    let tags = master(id::TAGS, &[master(0x7373, &[simple_tag("ARTIST", "Melnyk"), simple_tag("GPS", "50.0, 36.2")])]);
    let attached = master(0x61A7, &[string(0x466E, "cover.jpg"), string(0x4660, "image/jpeg"), string(0x465C, "x")]);
    let attachments = master(id::ATTACHMENTS, &[attached]);
    let display = master(0x80, &[string(0x85, "Глава")]);
    let chapters = master(id::CHAPTERS, &[master(0x45B9, &[master(0xB6, &[uint(0x73C4, 77), display])])]);
    let void = [write::element(id::VOID, &[0; 9]), string(id::VOID, "behind")].concat();
    let dirty = file(&[told, tags, attachments, chapters, void, master(id::TRACKS, &[video(1)])]);
    let (bytes, findings) = cleaned(&dirty);
    assert_eq!(bytes, file(&[info(&[]), master(id::TRACKS, &[video(1)])]));
    let value = |place: &str| {
        let finding = findings.iter().find(|finding| finding.place == place && finding.value.is_some());
        finding.unwrap_or_else(|| panic!("{place}")).value.clone().unwrap()
    };
    assert_eq!(value("Info Title"), "Криниці");
    assert_eq!(value("Info SegmentUUID"), "ab".repeat(16));
    assert_eq!(value("Info DateUTC"), "2026-09-14 18:30:42 UTC");
    assert_eq!(value("Info PrevFilename"), "before.mkv");
    assert_eq!(value("element 4DBB in Info"), "KVZ7Q20418");
    assert_eq!(value("SimpleTag ARTIST"), "Melnyk");
    assert_eq!(value("SimpleTag GPS"), "50.0, 36.2");
    assert_eq!(value("AttachedFile"), "cover.jpg, image/jpeg, 1 bytes");
    assert_eq!(value("ChapString"), "Глава");
    assert_eq!(value("Void"), "behind");
    assert!(places(&findings).contains(&(Category::Thumbnail, "AttachedFile")));
}

#[test]
fn elements_in_one_another_are_read_no_deeper_than_is_sensible() {
    let nest = |id: u32, depth: usize| (0..depth).fold(Vec::new(), |inner, _| master(id, &[inner]));
    for depth in [1, 6, 7, 2_000] {
        let tags = master(id::TAGS, &[master(0x7373, &[nest(0x67C8, depth)])]);
        let chapters = master(id::CHAPTERS, &[master(0x45B9, &[nest(0xB6, depth)])]);
        let (_, findings) = cleaned(&file(&[tags, chapters, master(id::TRACKS, &[video(1)])]));
        for place in ["SimpleTag, in many others", "ChapterAtom, in many others"] {
            assert_eq!(places(&findings).contains(&(Category::HiddenContent, place)), depth > 6, "{depth}");
        }
    }
}

#[test]
fn every_prefix_and_every_flipped_bit_is_refused_or_clean() {
    let whole = plain();
    for len in 0..whole.len() {
        assert!(clean(&whole[..len]).is_err(), "cut to {len} bytes it is accepted");
    }
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << bit;
            // A panic, or a result that changes again, would be a fault.
            if clean(&flipped).is_ok() {
                cleaned(&flipped);
            }
        }
    }
}

#[test]
fn limits_of_a_track_hold_to_the_number() {
    fn around(limit: u64) -> [(u64, bool); 3] {
        [(limit - 1, true), (limit, true), (limit + 1, false)]
    }
    let with = |field: Vec<u8>| clean(&with_track(track(1, 1, "V_VP8", &[field, video_fields(&[])]))).is_ok();
    for (delay, is_kept) in around(limits::DELAY_NANOSECONDS_MAX) {
        assert_eq!(with(uint(id::CODEC_DELAY, delay)), is_kept);
        assert_eq!(with(uint(id::SEEK_PRE_ROLL, delay)), is_kept);
        let padding = write::sint(id::DISCARD_PADDING, -i64::try_from(delay).unwrap());
        assert_eq!(clean(&with_clusters(&[cluster(0, &[group(1, 0, b"key", &[padding])])])).is_ok(), is_kept);
    }
    // A frame that lasts longer lasts as long as the next one lets it.
    for (duration, is_kept) in around(limits::FRAME_NANOSECONDS_MAX) {
        let field = uint(id::DEFAULT_DURATION, duration);
        let (bytes, _) = cleaned(&with_track(track(1, 1, "V_VP8", &[field.clone(), video_fields(&[])])));
        assert_eq!(contains(&bytes, &field), is_kept);
    }
    for (len, is_kept) in around(u64::try_from(limits::CODEC_PRIVATE_BYTES_MAX).unwrap()) {
        let private = vec![0; usize::try_from(len).unwrap()];
        assert_eq!(with(write::element(id::CODEC_PRIVATE, &private)), is_kept);
    }
    for (len, is_kept) in around(u64::try_from(limits::CODEC_ID_BYTES_MAX).unwrap()) {
        let name = format!("V_VP8{}", "\0".repeat(usize::try_from(len).unwrap() - 5));
        assert_eq!(clean(&with_track(track(1, 1, &name, &[video_fields(&[])]))).is_ok(), is_kept);
    }
    for (ticks, is_kept) in around(limits::TICKS_MAX) {
        assert_eq!(clean(&with_clusters(&[cluster(ticks, &[simple(1, 0, 0x80, b"key")])])).is_ok(), is_kept);
        let block = group(1, 0, b"key", &[uint(id::BLOCK_DURATION, ticks)]);
        assert_eq!(clean(&with_clusters(&[cluster(0, &[block])])).is_ok(), is_kept);
    }
    for (scale, is_kept) in around(limits::TICK_NANOSECONDS_MAX) {
        let info = master(id::INFO, &[uint(id::TIMESTAMP_SCALE, scale)]);
        assert_eq!(clean(&file(&[info, master(id::TRACKS, &[video(1)])])).is_ok(), is_kept);
    }
    for (channels, is_kept) in around(limits::MATROSKA_CHANNELS_MAX) {
        let audio = master(id::AUDIO, &[uint(id::CHANNELS, channels)]);
        assert_eq!(clean(&with_track(track(1, 2, "A_AC3", &[audio]))).is_ok(), is_kept);
    }
    for (hertz, is_kept) in [(-1.0, true), (0.0, true), (1.0, false)] {
        let audio = master(id::AUDIO, &[write::float(id::SAMPLING_FREQUENCY, limits::AUDIO_HERTZ_MAX + hertz)]);
        assert_eq!(clean(&with_track(track(1, 2, "A_AC3", &[audio]))).is_ok(), is_kept);
    }
}

#[test]
fn more_tracks_than_a_number_of_one_byte_tells_are_refused() {
    let max = u64::try_from(limits::TRACKS_MAX).unwrap();
    for (count, is_kept) in [(max - 1, true), (max, true), (max + 1, false)] {
        let tracks: Vec<_> = (1..=count).map(video).collect();
        assert_eq!(clean(&file(&[info(&[]), master(id::TRACKS, &tracks)])).is_ok(), is_kept, "{count}");
        let subtitles: Vec<_> = (2..=count + 1).map(|number| track(number, 0x11, "S_TEXT/UTF8", &[])).collect();
        let tracks = [vec![video(1)], subtitles].concat();
        assert_eq!(clean(&file(&[info(&[]), master(id::TRACKS, &tracks)])).is_ok(), is_kept, "{count}");
    }
}

#[test]
fn blocks_that_are_canonical_are_copied_in_one_piece() {
    let blocks: Vec<_> = (0..100).map(|time| simple(1, time, 0x80, b"key")).collect();
    let original = crate::clean::memory::Memory(with_clusters(&[cluster(0, &blocks), cluster(100, &blocks)]));
    let cleaned = crate::clean::clean(&original).unwrap();
    // Head, Info, Tracks and Cues only: the second Cluster's head is as it was.
    assert!(cleaned.rebuilt_bytes() < 250, "{}", cleaned.rebuilt_bytes());
}
