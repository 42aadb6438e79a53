//! Reads a produced WAV and accounts for every byte, by a grammar of its own. Shares nothing with the cleaner but the
//! judge of `fmt `, which is itself written apart from its writer.
//!
//! `RIFF WAVE fmt fact? data` or, over 4 GiB, `RF64 WAVE ds64 fmt fact? data`

use std::io::Read;

use crate::clean::Unaccounted;
use crate::clean::produced::Produced;
use crate::clean::wave;

/// Bytes of the longest `fmt `: that of Microsoft's ADPCM.
const FORMAT_BYTES_MAX: u32 = 50;

/// Accounts for every byte up to the end of `produced`.
pub(super) fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    let long = match &produced.array()? {
        b"RIFF" => None,
        b"RF64" => Some(()),
        _ => return produced.wrong("RIFF"),
    };
    let size = u32::from_le_bytes(produced.array()?);
    produced.expect(b"WAVE", "WAVE")?;
    let long = match long {
        Some(()) => {
            produced.expect(b"ds64\x1C\0\0\0", "ds64")?;
            let sizes: [u8; 24] = produced.array()?;
            produced.expect(&[0; 4], "ds64 table")?;
            let (words, _) = sizes.as_chunks::<8>();
            match words {
                &[file, data, samples] => Some([file, data, samples].map(u64::from_le_bytes)),
                _ => return produced.wrong("ds64"),
            }
        }
        None => None,
    };
    produced.expect(b"fmt ", "fmt")?;
    let format_len = u32::from_le_bytes(produced.array()?);
    if format_len > FORMAT_BYTES_MAX {
        return produced.wrong("fmt");
    }
    let body = produced.bytes(usize::try_from(format_len).unwrap_or(0))?;
    let Some(format) = wave::verify(&body) else { return produced.wrong("fmt") };
    let fact = if format.has_fact {
        produced.expect(b"fact\x04\0\0\0", "fact")?;
        Some(u32::from_le_bytes(produced.array()?))
    } else {
        None
    };
    produced.expect(b"data", "data")?;
    let data_size = u32::from_le_bytes(produced.array()?);
    let (len, counted) = match long {
        Some([_, data, samples]) if data_size == u32::MAX => (data, Some(samples)),
        Some(_) => return produced.wrong("data size"),
        None => (data_size.into(), None),
    };
    let Some((least, most)) = format.samples(len) else { return produced.wrong("data size") };
    let fits = |samples: u64| (least..=most).contains(&samples);
    // The number of samples stands in fact, and where that is too small, or not there, in ds64.
    let agrees = match (fact, counted) {
        (Some(fact), Some(samples)) => fits(samples) && u64::from(fact) == samples.min(u32::MAX.into()),
        (Some(fact), None) => fits(fact.into()),
        (None, Some(samples)) => samples == most,
        (None, None) => true,
    };
    if !agrees {
        return produced.wrong("number of samples");
    }
    produced.skip(len)?;
    if len % 2 == 1 {
        produced.expect(&[0], "data padding")?;
    }
    let end = produced.at().saturating_sub(8);
    let is_right = match long {
        None => size < u32::MAX && end == u64::from(size),
        // RF64 only where RIFF could not say it, which has no ds64 of 36 bytes.
        Some([file, ..]) => size == u32::MAX && end == file && end.saturating_sub(36) >= u64::from(u32::MAX),
    };
    if !is_right {
        return produced.wrong("RIFF size");
    }
    produced.end("after the RIFF chunk")
}
