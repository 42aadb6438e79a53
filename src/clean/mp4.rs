//! MP4, QuickTime, M4A and 3GP, plain and fragmented. Writes only the boxes it has a constructor for, and never a
//! byte that no sample of a kept track refers to.
//!
//! Sources: ISO/IEC 14496-12:2022 (ISO base media file format), 14496-14 (MP4), 14496-15 (NAL units in it);
//! QuickTime File Format Specification (Apple, 2016); 3GPP TS 26.244. The boxes of the original are read once
//! ([`survey`]) into tables of samples; fragments become plain tables. Only pictures and sound stay. The clean
//! file is `ftyp moov mdat`: [`write`] builds `moov` anew, [`layout`] decides in which order samples lie (that of
//! the original), and [`verify`] reads it all again.

mod assemble;
mod brand;
mod dropped;
mod edits;
mod entry;
mod fields;
mod fragment;
mod layout;
mod matrix;
mod runs;
mod survey;
mod tables;
mod telemetry;
#[cfg(test)]
mod tests;
mod track;
mod verify;
mod walk;
mod write;

use self::brand::Kind;
use super::cursor::Cursor;
use super::{Draft, Format, Refusal};

/// MP4 with pictures.
pub(crate) static MP4: Format = Format {
    media_type: "video/mp4",
    extension: "mp4",
    aliases: &["m4v"],
    name: "MP4",
    recognise: |head| brand::recognise(head) == Some(Kind::Mp4),
    clean,
    verify: |produced| verify::verify(produced, verify::Brand::Mp4),
};

/// QuickTime.
pub(crate) static QUICKTIME: Format = Format {
    media_type: "video/quicktime",
    extension: "mov",
    aliases: &["qt"],
    name: "QuickTime",
    recognise: |head| brand::recognise(head) == Some(Kind::QuickTime),
    clean,
    verify: |produced| verify::verify(produced, verify::Brand::QuickTime),
};

/// MP4 with sound alone.
pub(crate) static M4A: Format = Format {
    media_type: "audio/mp4",
    extension: "m4a",
    aliases: &["m4b"],
    name: "M4A",
    recognise: |head| brand::recognise(head) == Some(Kind::M4a),
    clean,
    verify: |produced| verify::verify(produced, verify::Brand::M4a),
};

/// MP4 as mobile telephones had it.
pub(crate) static THREE_GP: Format = Format {
    media_type: "video/3gpp",
    extension: "3gp",
    aliases: &["3gpp", "3g2", "3gpp2"],
    name: "3GP",
    recognise: |head| brand::recognise(head) == Some(Kind::ThreeGp),
    clean,
    verify: |produced| verify::verify(produced, verify::Brand::ThreeGp),
};

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut movie = survey::survey(cursor)?;
    let kind = movie.kind.of(movie.tracks.iter().any(|track| track.is_video()));
    let layout = layout::lay(&movie.tracks, cursor.len())?;
    let plan = write::plan(kind, &mut movie, &layout, cursor)?;
    let mut draft = Draft::new(plan, movie.findings);
    draft.becomes = Some(match kind {
        Kind::Mp4 => &MP4,
        Kind::QuickTime => &QUICKTIME,
        Kind::M4a => &M4A,
        Kind::ThreeGp => &THREE_GP,
    });
    Ok(draft)
}
