//! What blocks of metadata give away, and the two that may stand in their place: the canonical orientation
//! and the canonical colour profile. Knows nothing of the container a block stood in.

pub(crate) mod calendar;
pub(crate) mod exif;
pub(crate) mod field_names;
pub(crate) mod icc;
pub(crate) mod id3;
pub(crate) mod ifd;
pub(crate) mod info;
pub(crate) mod iptc;
pub(crate) mod legible;
pub(crate) mod quicktime;
pub(crate) mod trailers;
pub(crate) mod vorbis_comment;
pub(crate) mod xmp;
