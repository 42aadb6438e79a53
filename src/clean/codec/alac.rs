//! ALAC configuration: the magic cookie and, where there is one, the channel layout by its number. Never keeps
//! a byte behind them.
//!
//! Source: Apple Lossless Format Description, "Magic Cookie Description".

use super::{Codec, Configured};
use crate::clean::{Category, Findings, Reason, Refusal};

/// Bytes of ALACSpecificConfig.
const CONFIG_BYTES: usize = 24;

/// Rebuilds the body of an `alac` box.
pub(super) fn boxed(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    let config = body.get(4..).ok_or(Refusal::new(Reason::Truncated, "alac", at))?;
    Ok(Configured { codec: Codec::Opaque, bytes: [[0; 4].as_slice(), &cookie(config, at, findings)?].concat() })
}

/// Rebuilds ALACSpecificConfig.
pub(super) fn config(body: &[u8], at: u64, findings: &mut Findings) -> Result<Configured, Refusal> {
    // QuickTime's form has it in a box, with a box of the format in front of that.
    let boxed = body.strip_prefix(b"\0\0\0\x0Cfrmaalac").unwrap_or(body);
    let body = if boxed.get(4..8) == Some(b"alac") { boxed.get(12..).unwrap_or_default() } else { body };
    Ok(Configured { codec: Codec::Opaque, bytes: cookie(body, at, findings)? })
}

fn cookie(config: &[u8], at: u64, findings: &mut Findings) -> Result<Vec<u8>, Refusal> {
    let (fixed, behind) =
        config.split_first_chunk::<CONFIG_BYTES>().ok_or(Refusal::new(Reason::Truncated, "alac", at))?;
    let &[f0, f1, f2, f3, version, depth, pb, mb, kb, channels, ..] = fixed;
    let rate = fixed.last_chunk::<4>().copied().unwrap_or_default();
    let is_sound = version == 0
        && matches!(depth, 1..=32)
        && (1..=8).contains(&channels)
        && rate != [0; 4]
        && u32::from_be_bytes([f0, f1, f2, f3]) > 0;
    if !is_sound {
        return Err(Refusal::new(Reason::NotUnderstood, "alac", at));
    }
    // The longest run (always 255), and the largest frame and mean bit rate, which no decoder needs.
    let mut bytes = vec![f0, f1, f2, f3, 0, depth, pb, mb, kb, channels, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0];
    bytes.extend(rate);
    let layout = layout(behind);
    match layout {
        Some(tag) => {
            bytes.extend(b"\0\0\0\x18chan\0\0\0\0");
            bytes.extend(tag);
            bytes.extend([0; 8]);
        }
        None if behind.iter().any(|&byte| byte != 0) => {
            findings.removed(Category::HiddenContent, "behind the ALAC configuration");
        }
        None => {}
    }
    if layout.is_some() && behind.len() > CONFIG_BYTES {
        findings.removed(Category::HiddenContent, "behind the ALAC channel layout");
    }
    Ok(bytes)
}

/// The tag of ALACChannelLayoutInfo, if it is one of Apple's with a number and a count.
fn layout(behind: &[u8]) -> Option<[u8; 4]> {
    let tag = behind.strip_prefix(b"\0\0\0\x18chan\0\0\0\0")?.first_chunk::<4>()?;
    let [high, low, 0, 1..=8] = *tag else { return None };
    (100..=200).contains(&u16::from_be_bytes([high, low])).then_some(*tag)
}
