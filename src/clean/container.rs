//! How container formats divide a file into parts, for cleaners to read. Knows nothing of what the parts mean;
//! verifiers read for themselves.

pub(crate) mod bmff;
pub(crate) mod ebml;
pub(crate) mod riff;
pub(crate) mod tags;
pub(crate) mod zip;
