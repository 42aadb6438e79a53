//! What the fuzz targets call (`fuzz/`), and nothing else does: one format's cleaner, whatever the first bytes say.
//! Compiled only for fuzzing. What must hold is said in the targets.

use std::io::{self, Read};

use super::{Draft, Finding, Format, cursor};

/// A file that was cleaned.
#[derive(Debug)]
pub struct Clean {
    /// The clean bytes, which the verifier has accepted.
    pub bytes: Vec<u8>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// The format of `bytes`.
    pub format: &'static Format,
}

/// Cleans `bytes` as a file of `format`; none if they are refused.
pub fn clean_as(format: &'static Format, bytes: &[u8]) -> Option<Clean> {
    let mut reader = io::Cursor::new(bytes.to_vec());
    let mut drafting = format.clean;
    loop {
        let Draft { plan, findings, becomes, careful } = drafting(&mut cursor::Cursor::new(&mut reader).ok()?).ok()?;
        let format = becomes.unwrap_or(format);
        let mut bytes = Vec::new();
        plan.reader(&mut reader).read_to_end(&mut bytes).ok()?;
        let mut rest = bytes.as_slice();
        let verified = (format.verify)(&mut rest).is_ok() && rest.is_empty();
        match careful {
            _ if verified => return Some(Clean { bytes, findings: findings.into_vec(), format }),
            Some(careful) => drafting = careful,
            None => return None,
        }
    }
}
