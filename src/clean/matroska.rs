//! Matroska and WebM, of moving pictures and of sound. Writes only the elements it has a constructor for, and never
//! a byte of another.
//!
//! Sources: RFC 8794 (EBML), RFC 9559 (Matroska), the WebM container guidelines. The original is read twice: once to
//! see what is kept and how long it will be ([`survey`]), so that Cues can come before the Clusters they lead to,
//! and once to draft the clean file in one fixed order ([`draft`]); [`verify`] reads that again. Frames are never
//! read here: what in them is neither picture nor sound is for [`super::codec`] to find.

mod attachments;
mod block;
mod chapters;
mod cluster;
mod coding;
mod colour;
mod date;
mod draft;
mod dropped;
mod encoding;
mod group;
mod head;
mod id;
mod info;
mod picture;
mod projection;
mod riff;
mod sound;
mod survey;
mod tags;
#[cfg(test)]
mod tests;
mod track;
mod verify;
mod write;

use super::cursor::Cursor;
use super::{Draft, Format, Refusal};
use head::DocType;
use survey::Survey;
use track::Track;

/// The line in the table of formats for Matroska with moving pictures.
pub(crate) static MATROSKA: Format = Format {
    media_type: "video/x-matroska",
    extension: "mkv",
    aliases: &["mk3d", "mka"],
    name: "Matroska",
    recognise: |head| DocType::sniff(head) == Some(DocType::Matroska),
    clean,
    verify: |produced| verify::verify(produced, verify::Kind::Matroska),
};

/// For Matroska with sound alone, which only the whole file tells.
pub(crate) static MATROSKA_AUDIO: Format = Format {
    media_type: "audio/x-matroska",
    extension: "mka",
    aliases: &[],
    name: "Matroska audio",
    recognise: |_| false,
    clean,
    verify: |produced| verify::verify(produced, verify::Kind::MatroskaAudio),
};

/// For WebM with moving pictures.
pub(crate) static WEBM: Format = Format {
    media_type: "video/webm",
    extension: "webm",
    aliases: &[],
    name: "WebM",
    recognise: |head| DocType::sniff(head) == Some(DocType::WebM),
    clean,
    verify: |produced| verify::verify(produced, verify::Kind::WebM),
};

/// For WebM with sound alone, which only the whole file tells.
pub(crate) static WEBM_AUDIO: Format = Format {
    media_type: "audio/webm",
    extension: "webm",
    aliases: &["weba"],
    name: "WebM audio",
    recognise: |_| false,
    clean,
    verify: |produced| verify::verify(produced, verify::Kind::WebMAudio),
};

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut survey = Survey::read(cursor)?;
    let has_video = survey.tracks.kept.iter().any(Track::is_video);
    let is_webm = survey.tracks.kept.iter().all(|track| track.coding.is_webm);
    // A WebM file with what no WebM file may have is a Matroska file.
    if !is_webm {
        survey.doc_type = DocType::Matroska;
    }
    let becomes = match (survey.doc_type, has_video) {
        (DocType::Matroska, true) => &MATROSKA,
        (DocType::Matroska, false) => &MATROSKA_AUDIO,
        (DocType::WebM, true) => &WEBM,
        (DocType::WebM, false) => &WEBM_AUDIO,
    };
    let plan = draft::draft(cursor, &mut survey)?;
    Ok(Draft { becomes: Some(becomes), ..Draft::new(plan, survey.findings) })
}
