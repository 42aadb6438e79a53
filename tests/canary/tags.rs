//! Tags of sound files with marks: in every frame of ID3 in each version, in ID3v1, APE and Lyrics3.

use super::Marks;

/// Every frame of versions 2.3 and 2.4 that is declared or known in the wild, and some invented.
const FRAMES: &[&str] = &[
    "AENC", "APIC", "ASPI", "CHAP", "COMM", "COMR", "CTOC", "ENCR", "EQU2", "EQUA", "ETCO", "GEOB", "GRID", "GRP1",
    "IPLS", "LINK", "MCDI", "MLLT", "MVIN", "MVNM", "NCON", "OWNE", "PCNT", "PCST", "POPM", "POSS", "PRIV", "RBUF",
    "RGAD", "RVA2", "RVAD", "RVRB", "SEEK", "SIGN", "SYLT", "SYTC", "TALB", "TBPM", "TCAT", "TCMP", "TCOM", "TCON",
    "TCOP", "TDAT", "TDEN", "TDES", "TDLY", "TDOR", "TDRC", "TDRL", "TDTG", "TENC", "TEXT", "TFLT", "TGID", "TIME",
    "TIPL", "TIT1", "TIT2", "TIT3", "TKEY", "TKWD", "TLAN", "TLEN", "TMCL", "TMED", "TMOO", "TOAL", "TOFN", "TOLY",
    "TOPE", "TORY", "TOWN", "TPE1", "TPE2", "TPE3", "TPE4", "TPOS", "TPRO", "TPUB", "TRCK", "TRDA", "TRSN", "TRSO",
    "TSIZ", "TSO2", "TSOA", "TSOC", "TSOP", "TSOT", "TSRC", "TSSE", "TSST", "TXXX", "TYER", "UFID", "USER", "USLT",
    "WCOM", "WCOP", "WFED", "WOAF", "WOAR", "WOAS", "WORS", "WPAY", "WPUB", "WXXX", "XDOR", "XRVA", "XSOP", "ZZZZ",
    "KVRZ", "T9XX", "W1XX",
];
/// Frames of version 2.2, likewise.
const SHORT_FRAMES: &[&str] = &[
    "BUF", "CNT", "COM", "CRA", "CRM", "ETC", "EQU", "GEO", "IPL", "LNK", "MCI", "MLL", "PIC", "POP", "REV", "RVA",
    "SLT", "STC", "TAL", "TBP", "TCM", "TCO", "TCR", "TDA", "TDY", "TEN", "TFT", "TIM", "TKE", "TLA", "TLE", "TMT",
    "TOA", "TOF", "TOL", "TOR", "TOT", "TP1", "TP2", "TP3", "TP4", "TPA", "TPB", "TRC", "TRD", "TRK", "TSI", "TSS",
    "TT1", "TT2", "TT3", "TXT", "TXX", "TYE", "UFI", "ULT", "WAF", "WAR", "WAS", "WCM", "WCP", "WPB", "WXX", "KVZ",
];

/// A tag with one mark: where it is, the tag, the mark.
pub(crate) type Tag = (String, Vec<u8>, Vec<u8>);

/// Tags that may stand before sound.
pub(crate) fn before(marks: &mut Marks) -> Vec<Tag> {
    let mut tags = Vec::new();
    for (major, names) in [(2, SHORT_FRAMES), (3, FRAMES), (4, FRAMES)] {
        for name in names {
            for encoding in [0, 3] {
                let mark = marks.text();
                let body = [&[encoding], mark.as_slice()].concat();
                tags.push((
                    format!("ID3 2.{major} {name} {encoding}"),
                    id3(major, 0, &frame(major, name, 0, &body)),
                    mark,
                ));
            }
        }
    }
    for flags in [0x80, 0x40, 0x20, 0x10] {
        for major in [3, 4] {
            let mark = marks.text();
            let extended = if flags == 0x40 { b"\0\0\0\x06\0\0\0\0\0\0".as_slice() } else { b"" };
            let body = [extended, &frame(major, "TPE1", 0, &[b"\0", mark.as_slice()].concat())].concat();
            let footer = if flags == 0x10 && major == 4 { b"3DI\x04\0\x10\0\0\0\x1B".as_slice() } else { b"" };
            tags.push((format!("ID3 2.{major} flags {flags:02X}"), [&id3(major, flags, &body), footer].concat(), mark));
        }
    }
    for flags in 1..=255 {
        let mark = marks.text();
        let body = [&[0; 6], mark.as_slice()].concat();
        tags.push((format!("ID3 2.4 frame flags {flags:02X}"), id3(4, 0, &frame(4, "TIT2", flags, &body)), mark));
    }
    let mark = marks.text();
    let wide = mark.iter().flat_map(|&byte| [byte, 0]);
    let body: Vec<u8> = [1, 0xFF, 0xFE].into_iter().chain(wide).collect();
    tags.push(("ID3 2.3 UTF-16".to_owned(), id3(3, 0, &frame(3, "COMM", 0, &body)), mark));
    let mark = marks.text();
    tags.push(("ID3 padding".to_owned(), id3(3, 0, &[&[0; 9], mark.as_slice()].concat()), mark));
    let mark = marks.text();
    tags.push(("ID3 of version 2.9".to_owned(), id3(9, 0, &mark), mark));
    let mark = marks.text();
    tags.push(("two ID3".to_owned(), [id3(3, 0, &[0; 7]), id3(4, 0, &mark)].concat(), mark));
    tags
}

/// Tags that may stand behind sound, or between frames.
pub(crate) fn behind(marks: &mut Marks) -> Vec<Tag> {
    let mut tags = Vec::new();
    for (name, from) in [("title", 3), ("artist", 33), ("album", 63), ("comment", 97), ("across fields", 25)] {
        let mark = marks.text();
        let mut tag = [b"TAG".as_slice(), &[0; 125]].concat();
        tag[from..from + mark.len()].copy_from_slice(&mark);
        tags.push((format!("ID3v1 {name}"), tag, mark));
    }
    for from in [4, 64, 124, 184, 200] {
        let mark = marks.text();
        let mut tag = [b"TAG+".as_slice(), &[0; 223], b"TAG", &[0; 125]].concat();
        tag[from..from + mark.len()].copy_from_slice(&mark);
        tags.push((format!("ID3v1 extension at {from}"), tag, mark));
    }
    for name in ["Artist", "Comment", "Cover Art (Front)", "KVRZ"] {
        for flags in [0, 2, 4, 6] {
            let mark = marks.text();
            let item = [&16_u32.to_le_bytes(), &u32::to_le_bytes(flags), name.as_bytes(), b"\0", &mark].concat();
            let head = |flags: u32| {
                let len = u32::try_from(item.len() + 32).unwrap();
                let words = [2000, len, 1, flags].map(u32::to_le_bytes).concat();
                [b"APETAGEX".as_slice(), &words, &[0; 8]].concat()
            };
            let tag = [head(0xA000_0000), item.clone(), head(0x8000_0000)].concat();
            tags.push((format!("APE {name} {flags}"), tag, mark.clone()));
        }
    }
    for id in ["LYR", "INF", "AUT", "EAL", "EAR", "ETT", "IMG", "KVR"] {
        let mark = marks.text();
        let body = [b"LYRICSBEGIN".as_slice(), id.as_bytes(), b"00016", &mark].concat();
        let size = format!("{:06}", body.len());
        tags.push((format!("Lyrics3 {id}"), [&body, size.as_bytes(), b"LYRICS200"].concat(), mark));
    }
    let mark = marks.text();
    tags.push(("Lyrics3 of version 1".to_owned(), [b"LYRICSBEGIN", mark.as_slice(), b"LYRICSEND"].concat(), mark));
    let mark = marks.text();
    tags.push(("ID3 behind".to_owned(), id3(4, 0, &frame(4, "TPE1", 0, &mark)), mark));
    tags
}

fn id3(major: u8, flags: u8, body: &[u8]) -> Vec<u8> {
    [b"ID3".as_slice(), &[major, 0, flags], &synchsafe(body.len()), body].concat()
}

fn frame(major: u8, name: &str, flags: u8, body: &[u8]) -> Vec<u8> {
    let len = u32::try_from(body.len()).unwrap().to_be_bytes();
    match major {
        2 => [name.as_bytes(), &len[1..], body].concat(),
        3 => [name.as_bytes(), &len, &[0, flags], body].concat(),
        _ => [name.as_bytes(), &synchsafe(body.len()), &[0, flags], body].concat(),
    }
}

fn synchsafe(len: usize) -> [u8; 4] {
    [21, 14, 7, 0].map(|shift| u8::try_from(len >> shift & 0x7F).unwrap())
}
