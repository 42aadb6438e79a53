//! What each frame of an ID3v2 tag reveals. A table; reads nothing.
//!
//! Sources: ID3 tag version 2.4.0, Native Frames; ID3 tag version 2.3.0, section 4; ID3 tag version 2, section 4;
//! frames that programs write beside them.

use crate::clean::Category;

/// How the body of a frame is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Layout {
    /// Encoding, text.
    Text,
    /// Encoding, description, text.
    NamedText,
    /// Latin-1 text, a URL.
    Url,
    /// Encoding, description, URL in Latin-1.
    NamedUrl,
    /// Encoding, language, description, text.
    Comment,
    /// Encoding, language, text.
    Terms,
    /// Encoding, MIME type, picture type, description, picture; in version 2.2 three letters for the type.
    Picture,
    /// Encoding, MIME type, file name, description, object.
    Object,
    /// Owner, bytes.
    Owned,
    /// Address, rating, counter.
    Popularity,
    /// Element id, four numbers, frames.
    Chapter,
    /// Element id, flags, element ids, frames.
    Contents,
    /// Bytes without words.
    Bytes,
    /// Says nothing of anyone: volume, tempo, offsets.
    Technical,
}

/// Category, layout and meaning of a frame; `None` if nobody knows it.
pub(super) fn frame(id: &[u8]) -> Option<(Category, Layout, &'static str)> {
    FRAMES
        .iter()
        .find(|(new, old, ..)| new.as_bytes() == id || (!old.is_empty() && old.as_bytes() == id))
        .map(|&(_, _, category, layout, meaning)| (category, layout, meaning))
}

/// Name in versions 2.3 and 2.4, name in version 2.2.
type Frame = (&'static str, &'static str, Category, Layout, &'static str);

#[rustfmt::skip]
const FRAMES: &[Frame] = &[
    ("TPE1", "TP1", Category::Person, Layout::Text, "artist"),
    ("TPE2", "TP2", Category::Person, Layout::Text, "band"),
    ("TPE3", "TP3", Category::Person, Layout::Text, "conductor"),
    ("TPE4", "TP4", Category::Person, Layout::Text, "remixer"),
    ("TCOM", "TCM", Category::Person, Layout::Text, "composer"),
    ("TEXT", "TXT", Category::Person, Layout::Text, "writer"),
    ("TOPE", "TOA", Category::Person, Layout::Text, "original artist"),
    ("TOLY", "TOL", Category::Person, Layout::Text, "original writer"),
    ("TOWN", "", Category::Person, Layout::Text, "owner"),
    ("TENC", "TEN", Category::Person, Layout::Text, "encoded by"),
    ("TIPL", "", Category::Person, Layout::Text, "involved people"),
    ("IPLS", "IPL", Category::Person, Layout::Text, "involved people"),
    ("TMCL", "", Category::Person, Layout::Text, "musicians"),
    ("TPUB", "TPB", Category::Person, Layout::Text, "publisher"),
    ("TCOP", "TCR", Category::Person, Layout::Text, "copyright"),
    ("TPRO", "", Category::Person, Layout::Text, "production"),
    ("TRSN", "", Category::Person, Layout::Text, "radio station"),
    ("TRSO", "", Category::Person, Layout::Text, "radio station owner"),
    ("TSOP", "TSP", Category::Person, Layout::Text, "artist, to sort by"),
    ("TSO2", "TS2", Category::Person, Layout::Text, "band, to sort by"),
    ("TSOC", "TSC", Category::Person, Layout::Text, "composer, to sort by"),
    ("XSOP", "", Category::Person, Layout::Text, "artist, to sort by"),
    ("OWNE", "", Category::Person, Layout::Terms, "purchase"),
    ("COMR", "", Category::Person, Layout::Bytes, "offer"),
    ("POPM", "POP", Category::Person, Layout::Popularity, "rating"),
    ("TSSE", "TSS", Category::Software, Layout::Text, "encoder"),
    ("TDRC", "", Category::Time, Layout::Text, "recording time"),
    ("TDEN", "", Category::Time, Layout::Text, "encoding time"),
    ("TDTG", "", Category::Time, Layout::Text, "tagging time"),
    ("TDRL", "", Category::Time, Layout::Text, "release time"),
    ("TDOR", "", Category::Time, Layout::Text, "original release time"),
    ("TYER", "TYE", Category::Time, Layout::Text, "year"),
    ("TDAT", "TDA", Category::Time, Layout::Text, "date"),
    ("TIME", "TIM", Category::Time, Layout::Text, "time"),
    ("TRDA", "TRD", Category::Time, Layout::Text, "recording dates"),
    ("TORY", "TOR", Category::Time, Layout::Text, "original year"),
    ("XDOR", "", Category::Time, Layout::Text, "original release time"),
    ("TDES", "TDS", Category::Comment, Layout::Text, "podcast description"),
    ("TIT1", "TT1", Category::Comment, Layout::Text, "content group"),
    ("TIT2", "TT2", Category::Comment, Layout::Text, "title"),
    ("TIT3", "TT3", Category::Comment, Layout::Text, "subtitle"),
    ("TALB", "TAL", Category::Comment, Layout::Text, "album"),
    ("TOAL", "TOT", Category::Comment, Layout::Text, "original album"),
    ("TOFN", "TOF", Category::Comment, Layout::Text, "original file name"),
    ("TCON", "TCO", Category::Comment, Layout::Text, "genre"),
    ("TRCK", "TRK", Category::Comment, Layout::Text, "track number"),
    ("TPOS", "TPA", Category::Comment, Layout::Text, "part of a set"),
    ("TLAN", "TLA", Category::Comment, Layout::Text, "language"),
    ("TMOO", "", Category::Comment, Layout::Text, "mood"),
    ("TSST", "", Category::Comment, Layout::Text, "set subtitle"),
    ("TSOA", "TSA", Category::Comment, Layout::Text, "album, to sort by"),
    ("TSOT", "TST", Category::Comment, Layout::Text, "title, to sort by"),
    ("TKWD", "TKW", Category::Comment, Layout::Text, "podcast keywords"),
    ("TCAT", "TCT", Category::Comment, Layout::Text, "podcast category"),
    ("TCMP", "TCP", Category::Comment, Layout::Text, "compilation"),
    ("TMED", "TMT", Category::Device, Layout::Text, "medium"),
    ("TFLT", "TFT", Category::Software, Layout::Text, "file type"),
    ("TXXX", "TXX", Category::Comment, Layout::NamedText, "text"),
    ("GRP1", "GP1", Category::Comment, Layout::Text, "grouping"),
    ("MVNM", "MVN", Category::Comment, Layout::Text, "movement"),
    ("MVIN", "MVI", Category::Comment, Layout::Text, "movement number"),
    ("COMM", "COM", Category::Comment, Layout::Comment, "comment"),
    ("USLT", "ULT", Category::Comment, Layout::Comment, "lyrics"),
    ("SYLT", "SLT", Category::Comment, Layout::Bytes, "lyrics in time"),
    ("USER", "", Category::Comment, Layout::Terms, "terms of use"),
    ("WXXX", "WXX", Category::Comment, Layout::NamedUrl, "URL"),
    ("WOAF", "WAF", Category::Comment, Layout::Url, "URL of the file"),
    ("WOAR", "WAR", Category::Person, Layout::Url, "URL of the artist"),
    ("WOAS", "WAS", Category::Comment, Layout::Url, "URL of the source"),
    ("WORS", "", Category::Comment, Layout::Url, "URL of the station"),
    ("WPUB", "WPB", Category::Person, Layout::Url, "URL of the publisher"),
    ("WCOM", "WCM", Category::Comment, Layout::Url, "URL of the shop"),
    ("WCOP", "WCP", Category::Comment, Layout::Url, "URL of the copyright"),
    ("WPAY", "", Category::Comment, Layout::Url, "URL of the payment"),
    ("WFED", "WFD", Category::Comment, Layout::Text, "podcast feed"),
    ("LINK", "LNK", Category::Comment, Layout::Bytes, "linked information"),
    ("APIC", "PIC", Category::Thumbnail, Layout::Picture, "picture"),
    ("GEOB", "GEO", Category::HiddenContent, Layout::Object, "object"),
    ("PRIV", "", Category::Identifier, Layout::Owned, "private data"),
    ("UFID", "UFI", Category::Identifier, Layout::Owned, "file identifier"),
    ("TSRC", "TRC", Category::Identifier, Layout::Text, "ISRC"),
    ("TGID", "TID", Category::Identifier, Layout::Text, "podcast identifier"),
    ("MCDI", "MCI", Category::Identifier, Layout::Bytes, "CD identifier"),
    ("SIGN", "", Category::Identifier, Layout::Bytes, "signature"),
    ("ENCR", "", Category::Identifier, Layout::Owned, "encryption method"),
    ("GRID", "", Category::Identifier, Layout::Owned, "group"),
    ("AENC", "CRA", Category::Identifier, Layout::Owned, "audio encryption"),
    ("CRM", "CRM", Category::HiddenContent, Layout::Owned, "encrypted frames"),
    ("PCNT", "CNT", Category::History, Layout::Bytes, "times played"),
    ("CHAP", "", Category::Comment, Layout::Chapter, "chapter"),
    ("CTOC", "", Category::Comment, Layout::Contents, "table of contents"),
    ("PCST", "PCS", Category::Comment, Layout::Bytes, "podcast"),
    ("TLEN", "TLE", Category::Software, Layout::Technical, ""),
    ("TDLY", "TDY", Category::Software, Layout::Technical, ""),
    ("TSIZ", "TSI", Category::Software, Layout::Technical, ""),
    ("TBPM", "TBP", Category::Software, Layout::Technical, ""),
    ("TKEY", "TKE", Category::Software, Layout::Technical, ""),
    ("RVAD", "RVA", Category::Software, Layout::Technical, ""),
    ("RVA2", "", Category::Software, Layout::Technical, ""),
    ("RGAD", "", Category::Software, Layout::Technical, ""),
    ("XRVA", "", Category::Software, Layout::Technical, ""),
    ("EQUA", "EQU", Category::Software, Layout::Technical, ""),
    ("EQU2", "", Category::Software, Layout::Technical, ""),
    ("RVRB", "REV", Category::Software, Layout::Technical, ""),
    ("MLLT", "MLL", Category::Software, Layout::Technical, ""),
    ("ETCO", "ETC", Category::Software, Layout::Technical, ""),
    ("SYTC", "STC", Category::Software, Layout::Technical, ""),
    ("RBUF", "BUF", Category::Software, Layout::Technical, ""),
    ("POSS", "", Category::Software, Layout::Technical, ""),
    ("SEEK", "", Category::Software, Layout::Technical, ""),
    ("ASPI", "", Category::Software, Layout::Technical, ""),
];
