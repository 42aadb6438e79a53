//! No mark survives cleaning, wherever in a file it is planted. Refusals are counted and named.

use crate::canary::{
    Canary, archives, bmp, check, cleaned, docx, epub, flac, frames, gif, heif, jpeg, jxl, matroska, mp3, mp4, odf,
    ogg, pdf, png, pptx, riff, svg, text, tiff, xlsx,
};
use crate::traces;

#[test]
fn no_mark_survives_in_a_jpeg() {
    check(
        jpeg::canaries(),
        10_507,
        &[
            ("bytes in a gap", 2, "right after SOI they leave nothing to tell a JPEG by"),
            ("end too early", 17, "before the first scan there is no picture"),
            ("marker for extensions", 504, "no decoder knows what follows FFF0 to FFFD"),
            ("reserved marker", 6_840, "no decoder knows what follows FF02 to FFBF"),
            ("start of another picture", 36, "decoders stop there"),
            ("structural marker", 792, "the mark is no frame, table or scan"),
        ],
    );
}

#[test]
fn no_mark_survives_in_a_png() {
    check(
        png::canaries(),
        3_355,
        &[
            ("acTL", 18, "before IDAT it makes an animation of the picture, and these say nonsense"),
            ("between IDATs", 8, "the specification forbids it, and decoders disagree on what is seen"),
            ("bytes between chunks", 8, "no decoder finds the next chunk"),
            ("longer than its fields", 2, "decoders refuse such animations"),
            ("more rows than the picture has", 4, "the compressed picture is not that of the header"),
            ("unknown critical chunk", 16, "the specification asks to refuse what it may depend on"),
        ],
    );
}

#[test]
fn no_mark_survives_in_frames_of_sound() {
    check(
        frames::canaries(),
        804,
        &[
            ("garbage", 15, "behind a single frame: too little to tell AAC by"),
            ("garbage in front", 15, "nothing to tell AAC by"),
            ("in front of AMR", 2, "no decoder finds the first frame"),
            ("tag", 21, "in front of AAC only ID3v2 is known, and behind a single frame none"),
        ],
    );
}

#[test]
fn no_mark_survives_in_a_text() {
    check(text::canaries(), 30_805, &[]);
}

#[test]
fn no_mark_survives_in_a_gif() {
    check(gif::canaries(), 6_965, &[("garbage", 25, "no decoder knows what such bytes between blocks are")]);
}

#[test]
fn no_mark_survives_in_a_bmp() {
    check(bmp::canaries(), 1_660, &[]);
}

#[test]
fn no_mark_survives_in_a_tiff() {
    check(
        tiff::canaries(),
        7_944,
        &[("structural tag", 204, "of another type or out of range it contradicts the page")],
    );
}

#[test]
fn no_mark_survives_in_a_webp() {
    check(
        riff::webp(),
        3_174,
        &[
            ("ALPH", 4, "decoders disagree on which of two counts"),
            ("ALPH in a frame", 3, "the same, and of one that decoders do not know"),
            ("ANIM", 5, "there is one"),
            ("EXIF", 7, "viewers disagree on which of two says how the picture is turned"),
            ("ICCP", 4, "there is one"),
            ("first chunk", 444, "a WebP begins with VP8X, VP8 or VP8L"),
        ],
    );
}

#[test]
fn no_mark_survives_in_a_wav() {
    check(riff::wav(), 2_804, &[]);
}

#[test]
fn no_mark_survives_in_an_aiff() {
    check(riff::aiff(), 1_114, &[("FVER", 8, "of a version of AIFF-C that nobody knows")]);
}

#[test]
fn no_mark_survives_in_an_avi() {
    check(riff::avi(), 8_771, &[]);
}

#[test]
fn no_mark_survives_in_a_heif() {
    check(
        heif::canaries(),
        8_145,
        &[
            ("essential property", 288, "without them a reader must not show the picture"),
            ("tref", 2, "a track of thumbnails is not the one that is shown"),
        ],
    );
}

#[test]
fn no_mark_survives_in_a_jpeg_xl() {
    check(jxl::canaries(), 4_418, &[]);
}

#[test]
fn no_mark_survives_in_a_drawing() {
    check(svg::canaries(), 486, &[]);
}

#[test]
fn no_mark_survives_in_a_film() {
    check(
        mp4::canaries(),
        16_699,
        &[
            ("behind the fields", 2, "letters stand where a sample description has its boxes"),
            ("behind the last box", 1, "the beginning of a second film, which is cut"),
            ("box that a file is built of", 10, "tracks and fragments that are none, or stand before the index"),
            ("data reference of its own", 204, "it takes the place of the one that says that data are in the file"),
            ("sample description of its own", 446, "no decoder knows such a codec"),
        ],
    );
}

#[test]
fn no_mark_survives_in_matroska_or_webm() {
    check(
        matroska::canaries(),
        26_006,
        &[
            ("CodecID", 2, "it is the name of no codec then"),
            ("another Segment", 4, "players go on there, so that it cannot be left out unseen"),
            ("bytes before the Segment", 2, "no player finds the Segment"),
            ("element that is read", 391, "the mark is no number of that kind, no block and no structure"),
        ],
    );
}

#[test]
fn no_mark_survives_in_an_mp3() {
    check(mp3::canaries(), 1_596, &[]);
}

#[test]
fn no_mark_survives_in_a_flac_file() {
    check(
        flac::canaries(),
        1_546,
        &[("before the first frame", 3, "decoders that go by the specification do not look for frames")],
    );
}

#[test]
fn no_mark_survives_in_an_ogg_file() {
    check(ogg::canaries(), 886, &[("bytes before the first page", 6, "they leave nothing to tell an Ogg file by")]);
}

#[test]
fn no_mark_survives_in_an_archive() {
    check(archives::zips(), 285, &[("gap", 1, "a file that begins with no signature is not told to be an archive")]);
    check(archives::tars(), 84, &[]);
    check(archives::gzips(), 5, &[]);
}

#[test]
fn no_mark_survives_in_a_document() {
    check(pdf::canaries(), 452, &[]);
    // Strings of a clean document are hexadecimal digits.
    for Canary { name, file, mark, .. } in pdf::canaries() {
        let digits: String = mark.iter().map(|byte| format!("{byte:02X}")).collect();
        assert!(traces::find(&cleaned(file).unwrap(), digits.as_bytes()).is_none(), "{name}");
    }
}

#[test]
fn no_mark_survives_in_a_workbook() {
    check(
        xlsx::canaries(),
        17_062,
        &[
            ("name of a namespace", 72, "a part whose root is of no known namespace is no part of a workbook"),
            ("value", 56, "types and relationships that lead to no workbook, sheet or strings"),
        ],
    );
}

#[test]
fn no_mark_survives_in_an_open_document() {
    check(odf::canaries(), 5_568, &[]);
}

#[test]
fn no_mark_survives_in_a_presentation() {
    check(
        pptx::canaries(),
        13_964,
        &[
            ("name of a namespace", 50, "a part whose root is of no known namespace is no part of a presentation"),
            ("value", 50, "types and relationships that lead to no presentation, slide, layout, master or theme"),
        ],
    );
}

#[test]
fn no_mark_survives_in_a_word_document() {
    check(
        docx::canaries(),
        14_709,
        &[
            ("added part", 12, "programs are refused by name"),
            ("name of a namespace", 40, "a part whose root is of no known namespace is no part of a document"),
            ("value", 24, "types and relationships that lead to no document"),
        ],
    );
}

#[test]
fn no_mark_survives_in_a_book() {
    check(epub::canaries(), 2_952, &[]);
}
