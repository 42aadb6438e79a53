//! What the fuzz targets call (`fuzz/`), and nothing else does: one format's cleaner, whatever the first bytes say.
//! Compiled only for fuzzing. What must hold is said in the targets.

use super::{Finding, Format, cleaned};

/// Cleans `bytes` as a file of `format`: the clean bytes, what was found and their format; none if they are refused.
pub fn clean_as(format: &'static Format, bytes: &[u8]) -> Option<(Vec<u8>, Vec<Finding>, &'static Format)> {
    let (bytes, findings, format) = cleaned::clean_as(format, bytes).ok()?;
    Some((bytes, findings.into_vec(), format))
}
