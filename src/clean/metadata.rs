//! What blocks of metadata give away, and the two that may stand in their place: the canonical orientation
//! and the canonical colour profile. Knows nothing of the container a block stood in.

pub(crate) mod exif;
pub(crate) mod icc;
mod ifd;
pub(crate) mod iptc;
pub(crate) mod legible;
pub(crate) mod xmp;
