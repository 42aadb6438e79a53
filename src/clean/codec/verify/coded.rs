//! Motion JPEG and ProRes as they may stand in a clean sample.
//!
//! Sources: ITU-T T.81, annex B; SMPTE RDD 36:2022, 5.1.

use crate::clean::Unaccounted;
use crate::clean::produced::Produced;

/// Accounts for one picture or two, with zeros behind each.
pub(super) fn motion_jpeg(produced: &mut Produced<'_>, len: u64) -> Result<(), Unaccounted> {
    if len == 0 {
        return Ok(());
    }
    let mut read = Read { produced, left: len };
    if [read.byte()?, read.byte()?] != [0xFF, 0xD8] {
        return read.produced.wrong("SOI");
    }
    let mut in_picture = true;
    while read.left > 0 {
        let byte = read.byte()?;
        match (in_picture, byte) {
            (false, 0) => {}
            (_, 0xFF) => {
                let mut code = 0xFF;
                while code == 0xFF && read.left > 0 {
                    code = read.byte()?;
                }
                in_picture = read.marker(code, in_picture)?;
            }
            _ => return read.produced.wrong("marker"),
        }
    }
    Ok(())
}

struct Read<'p, 'r> {
    produced: &'p mut Produced<'r>,
    left: u64,
}

impl Read<'_, '_> {
    fn byte(&mut self) -> Result<u8, Unaccounted> {
        match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                self.produced.byte()
            }
            None => self.produced.wrong("end of the sample"),
        }
    }

    /// What is behind a marker code; whether a picture goes on.
    fn marker(&mut self, code: u8, in_picture: bool) -> Result<bool, Unaccounted> {
        let mut code = code;
        loop {
            match (code, in_picture) {
                // Fill bytes up to the end.
                (0xFF, true) | (0xD8, false) => return Ok(true),
                (0xD9, true) => return Ok(false),
                (_, true) => self.segment(code)?,
                _ => return self.produced.wrong("marker"),
            }
            if code != 0xDA {
                return Ok(true);
            }
            match self.entropy()? {
                Some(next) => code = next,
                None => return Ok(true),
            }
        }
    }

    fn segment(&mut self, code: u8) -> Result<(), Unaccounted> {
        let len = u16::from_be_bytes([self.byte()?, self.byte()?]);
        let Some(len) = len.checked_sub(2).filter(|&len| u64::from(len) <= self.left) else {
            return self.produced.wrong("segment length");
        };
        self.left = self.left.saturating_sub(len.into());
        let body = self.produced.bytes(len.into())?;
        if is_segment(code, &body) { Ok(()) } else { self.produced.wrong("segment") }
    }

    /// Coded data, and the code of the marker behind them.
    fn entropy(&mut self) -> Result<Option<u8>, Unaccounted> {
        let mut after = false;
        while self.left > 0 {
            let byte = self.byte()?;
            if after && !matches!(byte, 0 | 0xFF | 0xD0..=0xD7) {
                return Ok(Some(byte));
            }
            after = byte == 0xFF;
        }
        Ok(None)
    }
}

/// Whether a segment is of a kind that stays, with nothing behind its fields but zeros in the three written anew.
fn is_segment(code: u8, body: &[u8]) -> bool {
    let zeros = |rest: &[u8]| rest.iter().all(|&byte| byte == 0);
    match code {
        0xC0..=0xC3 | 0xC9 | 0xCA => {
            body.get(5).is_some_and(|&count| body.len() == usize::from(count).saturating_mul(3).saturating_add(6))
        }
        0xC4 => {
            let mut rest = body;
            while let Some((counts, behind)) = rest.split_first_chunk::<17>() {
                let values = counts.iter().skip(1).fold(0usize, |sum, &count| sum.saturating_add(count.into()));
                let Some(behind) = behind.get(values..) else { return false };
                rest = behind;
            }
            rest.is_empty()
        }
        0xDA => body.first().is_some_and(|&count| body.len() == usize::from(count).saturating_mul(2).saturating_add(4)),
        0xDB => {
            let mut rest = body;
            while let Some((&kind, behind)) = rest.split_first() {
                let Some(behind) = behind.get(if kind < 16 { 64 } else { 128 }..) else { return false };
                rest = behind;
            }
            true
        }
        0xDD => body.len() == 2,
        0xE0 => match body {
            [b'A', b'V', b'I', b'1', 0..=2, rest @ ..] => zeros(rest),
            _ => body.strip_prefix(b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0").is_some_and(zeros),
        },
        0xEE => matches!(body.strip_prefix(b"Adobe\0d\0\0\0\0"), Some([0..=2, rest @ ..]) if zeros(rest)),
        0xFE => zeros(body),
        _ => false,
    }
}

/// Accounts for a frame with zeros behind it.
pub(super) fn prores(produced: &mut Produced<'_>, len: u64) -> Result<(), Unaccounted> {
    let size = u64::from(u32::from_be_bytes(produced.array()?));
    produced.expect(b"icpf", "ProRes frame")?;
    let header = u64::from(u16::from_be_bytes(produced.array()?));
    let version = u16::from_be_bytes(produced.array()?);
    produced.expect(b"apl0", "ProRes creator")?;
    let [.., matrices] = produced.array::<12>()?;
    let known = match matrices & 3 {
        0 => 20,
        3 => 148,
        _ => 84,
    };
    let (Some(slack), Some(pictures), Some(behind)) = (
        header.checked_sub(known),
        size.checked_sub(8).and_then(|size| size.checked_sub(header)),
        len.checked_sub(size),
    ) else {
        return produced.wrong("ProRes frame header");
    };
    if version > 1 {
        return produced.wrong("ProRes version");
    }
    produced.skip(known.saturating_sub(20))?;
    zeros(produced, slack)?;
    produced.skip(pictures)?;
    zeros(produced, behind)
}

fn zeros(produced: &mut Produced<'_>, count: u64) -> Result<(), Unaccounted> {
    for _ in 0..count {
        if produced.byte()? != 0 {
            return produced.wrong("behind a ProRes frame");
        }
    }
    Ok(())
}
