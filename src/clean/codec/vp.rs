//! VP8 and VP9 configuration: `vpcC`, rebuilt. Never keeps initialisation data, which must be empty.
//!
//! Source: VP Codec ISO Media File Format Binding 1.0.

use super::{Codec, Configured};
use crate::clean::{Category, Findings, Reason, Refusal};

/// Rebuilds the body of `vpcC`.
pub(super) fn record(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let truncated = Refusal::new(Reason::Truncated, "vpcC", at);
    let (&[version, _, _, _, profile, level, depth], rest) = body.split_first_chunk::<7>().ok_or(truncated.clone())?;
    let (depth, colours, behind) = match version {
        1 => {
            let (colours, behind) = rest.split_first_chunk::<3>().ok_or(truncated)?;
            (depth, *colours, behind)
        }
        // Of the draft, where subsampling and range are in the next byte; the colours are not said.
        0 => {
            let (format, behind) = rest.split_first().ok_or(truncated)?;
            ((depth & 0xF0) | ((format >> 3) & 0x0E) | (format & 1), [2, 2, 2], behind)
        }
        _ => return Err(Refusal::new(Reason::NotUnderstood, "vpcC", at)),
    };
    if profile > 3 {
        return Err(Refusal::new(Reason::NotUnderstood, "vpcC", at));
    }
    if behind.iter().any(|&byte| byte != 0) || behind.len() > 2 {
        findings.removed(Category::HiddenContent, "vpcC initialisation data");
    }
    let bytes = [[1, 0, 0, 0, profile, level, depth].as_slice(), &colours, &[0, 0]].concat();
    Ok(Configured { codec: Codec::Opaque, bytes })
}
