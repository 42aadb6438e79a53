//! One file in, one plan of clean bytes out; the table of formats. Never copies what it did not understand.
//!
//! A format has three verbs. `recognise` looks at the first bytes; `clean` reads the structure and drafts
//! a [`Plan`] of pieces over the original; `verify` is a second, separate walker that reads the bytes the
//! plan produces and accounts for every one of them. Success means that `verify` accepted.

mod adts;
mod aiff;
mod amr;
mod archive;
mod avi;
mod bmp;
mod checksum;
mod cleaned;
mod codec;
mod container;
pub(crate) mod cursor;
mod detect;
mod docx;
mod epub;
mod finding;
mod flac;
mod font;
#[cfg(fuzzing)]
pub mod fuzzing;
mod gif;
mod gzip;
mod heif;
mod jpeg;
mod jxl;
mod matroska;
mod member;
#[cfg(test)]
mod memory;
mod metadata;
mod mp3;
mod mp4;
mod nesting;
mod odf;
mod ogg;
mod ooxml;
mod package;
mod pdf;
mod plan;
mod png;
mod pptx;
mod produced;
mod refusal;
mod reshoot;
mod shown;
mod svg;
mod tar;
pub(crate) mod text;
mod tiff;
mod unsupported;
mod usual_fonts;
mod wav;
mod wave;
mod webp;
mod window;
mod xlsx;
pub(crate) mod xml;
mod zip;

use std::io::{self, Read, Seek};

pub use cleaned::{
    Cleaned, Content, CopyError, MemberNames, Options, Output, Pages, Pictures, Written, clean, clean_to, clean_with,
};
pub use detect::{Detected, media_type, mismatch};
pub use finding::{Category, Fate, Finding, Findings, removed_categories};
pub use pdf::flatten::Resolution;
pub(crate) use plan::copy_from;
pub use plan::{Plan, PlanReader};
pub use refusal::{Reason, Refusal, Unaccounted};
pub use reshoot::LongSide;
pub use text::statement;
pub use unsupported::{Kind, Unsupported};

/// Random access to a file's bytes.
pub trait Reader: Read + Seek + Send {}
impl<T: Read + Seek + Send> Reader for T {}

/// A file as the source has it. It is opened once to clean it and once to seal it, so that hundreds
/// of files need no hundreds of handles; [`Cleaned::content`] notices if it changed in between.
pub trait Original: Send {
    /// A fresh reader, at the first byte.
    ///
    /// # Errors
    /// Whatever kept it from being opened, such as a missing file or one that is not regular.
    fn open(&self) -> io::Result<Box<dyn Reader>>;
}

/// A format that can be cleaned: a line in the table.
#[derive(Debug)]
pub struct Format {
    /// IANA media type.
    pub media_type: &'static str,
    /// File name extension, without the dot.
    pub extension: &'static str,
    /// Other extensions that users give such files, lower case.
    pub aliases: &'static [&'static str],
    /// Its name in a sentence.
    pub name: &'static str,
    /// Whether the first [`crate::limits::SNIFF_BYTES`] bytes are of this format.
    pub(crate) recognise: fn(&[u8]) -> bool,
    /// Reads the structure, drafts the plan, says what is dropped.
    pub(crate) clean: Drafting,
    /// Reads produced bytes to their end and accounts for each.
    pub(crate) verify: fn(&mut dyn Read) -> Result<(), Unaccounted>,
}

/// The table of formats, in the order they are tried.
pub static FORMATS: &[&Format] = &[
    &jpeg::FORMAT,
    &png::FORMAT,
    &gif::FORMAT,
    &webp::FORMAT,
    &bmp::FORMAT,
    &tiff::FORMAT,
    &heif::HEIC,
    &heif::AVIF,
    &heif::HEIF,
    &jxl::FORMAT,
    &svg::FORMAT,
    &pdf::FORMAT,
    &odf::TEXT,
    &odf::SPREADSHEET,
    &odf::PRESENTATION,
    &epub::FORMAT,
    &mp4::MP4,
    &mp4::QUICKTIME,
    &mp4::M4A,
    &mp4::THREE_GP,
    &matroska::MATROSKA,
    &matroska::WEBM,
    &matroska::MATROSKA_AUDIO,
    &matroska::WEBM_AUDIO,
    &avi::FORMAT,
    &wav::FORMAT,
    &aiff::FORMAT,
    &flac::FORMAT,
    &ogg::OPUS,
    &ogg::OGG,
    &amr::FORMAT,
    &amr::WIDE_FORMAT,
    &adts::FORMAT,
    &mp3::FORMAT,
    &zip::FORMAT,
    &tar::FORMAT,
    &gzip::FORMAT,
    &docx::FORMAT,
    &xlsx::FORMAT,
    &pptx::FORMAT,
    &text::FORMAT,
];

/// What a cleaner hands to the engine: not yet verified.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) plan: Plan,
    pub(crate) findings: Findings,
    /// What the plan produces, where that is of another format than the original.
    pub(crate) becomes: Option<&'static Format>,
    /// How to draft it again, if the plan was made on an assumption that only [`Format::verify`] can prove.
    pub(crate) careful: Option<Drafting>,
}

/// Reads the structure and drafts the plan.
type Drafting = fn(&mut cursor::Cursor<'_>) -> Result<Draft, Refusal>;

impl Draft {
    /// Of the format that the original is of.
    pub(crate) fn new(plan: Plan, findings: Findings) -> Self {
        Self { plan, findings, becomes: None, careful: None }
    }
}
