//! What a frame header promises: components, their sizes in blocks, and which scans may follow. Reads and writes no byte.

use crate::{clean::Reason, limits};

/// Coefficients of a block.
const COEFFICIENTS: usize = 64;
/// Blocks of one MCU of an interleaved scan (T.81 B.2.3).
const MCU_BLOCKS_MAX: u32 = 10;
/// The lowest bit a progressive scan may begin with (T.81 B.2.3, table B.3).
const LOW_BIT_MAX: u8 = 13;

/// Why a frame or a scan header is not accepted; the caller adds the offset.
pub(super) type Wrong = (Reason, &'static str);

/// A frame header (T.81 B.2.2), within its bounds.
#[derive(Debug)]
pub(super) struct Frame {
    /// The marker's second byte: `C0`, `C1` or `C2`.
    pub(super) sof: u8,
    /// Bits of a sample: 8 or 12.
    pub(super) precision: u8,
    /// Lines.
    pub(super) height: u16,
    /// Samples of a line.
    pub(super) width: u16,
    /// One to four, with ids that differ.
    pub(super) components: Vec<Component>,
    mcus: u64,
}

/// A component of a frame.
#[derive(Debug)]
pub(super) struct Component {
    /// Its id in the original.
    pub(super) id: u8,
    /// Horizontal sampling factor, 1 to 4.
    pub(super) h: u8,
    /// Vertical sampling factor, 1 to 4.
    pub(super) v: u8,
    /// Slot of its quantisation table, 0 to 3.
    pub(super) tq: u8,
    /// Blocks of a scan that holds this component alone.
    pub(super) blocks: u64,
}

impl Frame {
    /// A frame of `components` given as id, sampling factors and quantisation slot.
    pub(super) fn new(
        sof: u8,
        precision: u8,
        (height, width): (u16, u16),
        components: &[(u8, u8, u8, u8)],
    ) -> Result<Self, Wrong> {
        if height == 0 {
            return Err((Reason::NotUnderstood, "height 0 (DNL)"));
        }
        if width == 0 {
            return Err((Reason::Damaged, "SOF width"));
        }
        if !(precision == 8 || precision == 12 && sof != 0xC0) {
            return Err((Reason::NotUnderstood, "SOF precision"));
        }
        if !(1..=4).contains(&components.len()) {
            return Err((Reason::NotUnderstood, "SOF number of components"));
        }
        let sampled = |&(_, h, v, tq): &(u8, u8, u8, u8)| (1..=4).contains(&h) && (1..=4).contains(&v) && tq <= 3;
        if !components.iter().all(sampled) {
            return Err((Reason::Damaged, "SOF component"));
        }
        let twice =
            |(i, one): (usize, &(u8, u8, u8, u8))| components.iter().skip(i.saturating_add(1)).any(|c| c.0 == one.0);
        if components.iter().enumerate().any(twice) {
            return Err((Reason::Damaged, "SOF component id"));
        }
        if u64::from(height).saturating_mul(u64::from(width)) > limits::PICTURE_PIXELS_MAX {
            return Err((Reason::TooLarge, "number of pixels"));
        }
        let h_max = components.iter().map(|c| c.1).max().unwrap_or(1);
        let v_max = components.iter().map(|c| c.2).max().unwrap_or(1);
        let mcus = mcus_across(width, h_max).saturating_mul(mcus_across(height, v_max));
        let components = components
            .iter()
            .map(|&(id, h, v, tq)| {
                let blocks = blocks_across(width, h, h_max).saturating_mul(blocks_across(height, v, v_max));
                Component { id, h, v, tq, blocks }
            })
            .collect();
        Ok(Self { sof, precision, height, width, components, mcus })
    }

    /// Whether it is coded progressively.
    pub(super) fn progressive(&self) -> bool {
        self.sof == 0xC2
    }

    /// Whether the ids say something to a decoder that a mere numbering would not: `RGB`, and the ids
    /// that libjpeg 9 takes for big-gamut colours. Others become 1, 2, 3, 4, as JFIF wants them.
    pub(super) fn canonical_ids(&self) -> Vec<u8> {
        let ids: Vec<u8> = self.components.iter().map(|component| component.id).collect();
        match ids.as_slice() {
            b"RGB" | b"rgb" | [1, 0x22, 0x23] => ids,
            _ => (1..=4).take(ids.len()).collect(),
        }
    }

    /// MCUs of a scan over the components with these indices (T.81 A.2), and blocks of each component in one MCU.
    pub(super) fn shape(&self, scan: &[usize]) -> Result<(u64, Vec<u32>), Wrong> {
        let components: Vec<&Component> = scan.iter().filter_map(|&i| self.components.get(i)).collect();
        if let [alone] = components.as_slice() {
            return Ok((alone.blocks, vec![1]));
        }
        let blocks: Vec<u32> = components.iter().map(|c| u32::from(c.h).saturating_mul(u32::from(c.v))).collect();
        if blocks.iter().fold(0, |sum: u32, &n| sum.saturating_add(n)) > MCU_BLOCKS_MAX {
            return Err((Reason::Damaged, "blocks of an MCU"));
        }
        Ok((self.mcus, blocks))
    }
}

/// `ceil(size / (8 · factor_max))`.
fn mcus_across(size: u16, factor_max: u8) -> u64 {
    u64::from(size).div_ceil(u64::from(factor_max).saturating_mul(8).max(8))
}

/// `ceil(ceil(size · factor / factor_max) / 8)` (T.81 A.1.1).
fn blocks_across(size: u16, factor: u8, factor_max: u8) -> u64 {
    u64::from(size).saturating_mul(u64::from(factor)).div_ceil(u64::from(factor_max).max(1)).div_ceil(8)
}

/// The spectral band and bits of a scan (T.81 B.2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Band {
    /// First coefficient.
    pub(super) ss: u8,
    /// Last coefficient.
    pub(super) se: u8,
    /// The lowest bit that earlier scans gave; 0 in a first scan.
    pub(super) ah: u8,
    /// The lowest bit that this scan gives.
    pub(super) al: u8,
}

impl Band {
    /// What every sequential scan says.
    pub(super) const WHOLE: Self = Self { ss: 0, se: 63, ah: 0, al: 0 };
}

/// What a scan codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// Whole blocks.
    Sequential,
    /// The upper bits of DC coefficients.
    DcFirst,
    /// One more bit of each DC coefficient.
    DcRefine,
    /// The upper bits of a band of AC coefficients.
    AcFirst,
    /// One more bit of a band of AC coefficients.
    AcRefine,
}

impl Coding {
    /// Whether its scans select DC and AC tables.
    pub(super) fn selects(self) -> (bool, bool) {
        match self {
            Self::Sequential => (true, true),
            Self::DcFirst => (true, false),
            Self::DcRefine => (false, false),
            Self::AcFirst | Self::AcRefine => (false, true),
        }
    }
}

/// Which coefficients of which component have been coded so far, down to which bit.
#[derive(Debug)]
pub(super) struct Coverage {
    progressive: bool,
    low_bits: Vec<[Option<u8>; COEFFICIENTS]>,
}

impl Coverage {
    /// Nothing yet.
    pub(super) fn new(frame: &Frame) -> Self {
        Self { progressive: frame.progressive(), low_bits: vec![[None; COEFFICIENTS]; frame.components.len()] }
    }

    /// Whether the component at this index has been in a scan.
    pub(super) fn seen(&self, component: usize) -> bool {
        self.low_bits.get(component).is_some_and(|bits| bits.iter().any(Option::is_some))
    }

    /// Whether every component has been in a scan. A progression may end before the last bit.
    pub(super) fn complete(&self) -> bool {
        (0..self.low_bits.len()).all(|component| self.seen(component))
    }

    /// Enters a scan, if it may come now (T.81 G.1.1.1): DC before AC, first bits before refinement,
    /// nothing twice.
    pub(super) fn enter(&mut self, scan: &[usize], band: Band) -> Result<Coding, Wrong> {
        let wrong = (Reason::Damaged, "SOS progression");
        let coding =
            if self.progressive { progressive_coding(scan, band).ok_or(wrong.clone())? } else { Coding::Sequential };
        let band = if self.progressive { band } else { Band::WHOLE };
        let before = (band.ah != 0).then_some(band.ah);
        let after_dc = matches!(coding, Coding::AcFirst | Coding::AcRefine);
        for &component in scan {
            let bits = self.low_bits.get_mut(component).ok_or(wrong.clone())?;
            if after_dc && bits.first().is_none_or(Option::is_none) {
                return Err(wrong);
            }
            let codes = bits.get_mut(usize::from(band.ss)..=usize::from(band.se)).ok_or(wrong.clone())?;
            if codes.iter().any(|&low| low != before) {
                return Err(wrong);
            }
            codes.fill(Some(band.al));
        }
        Ok(coding)
    }
}

fn progressive_coding(scan: &[usize], band: Band) -> Option<Coding> {
    let bits = band.al <= LOW_BIT_MAX && (band.ah == 0 || band.al.checked_add(1) == Some(band.ah));
    let dc = band.ss == 0 && band.se == 0;
    let ac = band.ss >= 1 && band.se >= band.ss && band.se <= 63 && scan.len() == 1;
    match (bits, dc, ac, band.ah) {
        (true, true, _, 0) => Some(Coding::DcFirst),
        (true, true, _, _) => Some(Coding::DcRefine),
        (true, _, true, 0) => Some(Coding::AcFirst),
        (true, _, true, _) => Some(Coding::AcRefine),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(size: (u16, u16), components: &[(u8, u8, u8, u8)]) -> Result<Frame, Wrong> {
        Frame::new(0xC2, 8, size, components)
    }

    #[test]
    fn sizes_in_blocks_follow_the_sampling_factors() {
        let frame = frame((17, 33), &[(1, 2, 2, 0), (2, 1, 1, 1), (3, 1, 2, 1)]).unwrap();
        // 33 × 17 samples are 5 × 3 blocks; half of either rounds up to 17 × 9, which are 3 × 2.
        assert_eq!(frame.components.iter().map(|c| c.blocks).collect::<Vec<_>>(), [15, 6, 9]);
        assert_eq!(frame.shape(&[0, 1, 2]).unwrap(), (6, vec![4, 1, 2]));
        assert_eq!(frame.shape(&[0]).unwrap(), (15, vec![1]));
    }

    #[test]
    fn an_mcu_has_ten_blocks_and_not_eleven() {
        assert!(frame((8, 8), &[(1, 3, 3, 0), (2, 1, 1, 0)]).unwrap().shape(&[0, 1]).is_ok());
        assert!(frame((8, 8), &[(1, 3, 3, 0), (2, 2, 1, 0)]).unwrap().shape(&[0, 1]).is_err());
    }

    #[test]
    fn pictures_have_a_limit_of_pixels() {
        // 2^30 = 32768 · 32768.
        assert!(frame((32_767, 32_768), &[(1, 1, 1, 0)]).is_ok());
        assert!(frame((32_768, 32_768), &[(1, 1, 1, 0)]).is_ok());
        assert_eq!(frame((32_769, 32_768), &[(1, 1, 1, 0)]).unwrap_err().0, Reason::TooLarge);
    }

    #[test]
    fn headers_out_of_range_are_refused() {
        for wrong in [(1, 0, 1, 0), (1, 1, 5, 0), (1, 1, 1, 4)] {
            assert!(frame((8, 8), &[wrong]).is_err());
        }
        assert!(frame((8, 8), &[(7, 1, 1, 0), (7, 1, 1, 0)]).is_err());
        assert!(frame((8, 8), &[]).is_err());
        assert_eq!(frame((0, 8), &[(1, 1, 1, 0)]).unwrap_err().0, Reason::NotUnderstood);
        assert!(Frame::new(0xC0, 12, (8, 8), &[(1, 1, 1, 0)]).is_err());
    }

    #[test]
    fn ids_are_numbered_unless_they_name_colours() {
        let ids = |ids: [u8; 3]| frame((8, 8), &ids.map(|id| (id, 1, 1, 0))).unwrap().canonical_ids();
        assert_eq!(ids([0, 1, 2]), [1, 2, 3]);
        assert_eq!(ids(*b"CAN"), [1, 2, 3]);
        assert_eq!(ids(*b"RGB"), *b"RGB");
    }

    #[test]
    fn a_progression_gives_dc_first_and_each_bit_once() {
        let frame = frame((8, 8), &[(1, 1, 1, 0), (2, 1, 1, 0)]).unwrap();
        let band = |ss, se, ah, al| Band { ss, se, ah, al };
        let mut coverage = Coverage::new(&frame);
        assert!(coverage.enter(&[0], band(1, 63, 0, 0)).is_err(), "AC before DC");
        assert_eq!(coverage.enter(&[0, 1], band(0, 0, 0, 1)), Ok(Coding::DcFirst));
        assert!(coverage.enter(&[0, 1], band(0, 0, 0, 1)).is_err(), "the same bits again");
        assert_eq!(coverage.enter(&[0, 1], band(0, 0, 1, 0)), Ok(Coding::DcRefine));
        assert_eq!(coverage.enter(&[1], band(1, 5, 0, 2)), Ok(Coding::AcFirst));
        assert!(coverage.enter(&[1], band(1, 6, 2, 1)).is_err(), "refines what never came");
        assert!(coverage.enter(&[1], band(1, 5, 2, 0)).is_err(), "refines two bits");
        assert_eq!(coverage.enter(&[1], band(1, 5, 2, 1)), Ok(Coding::AcRefine));
        assert!(coverage.enter(&[0, 1], band(1, 5, 0, 0)).is_err(), "interleaved AC");
        assert!(coverage.enter(&[0], band(0, 5, 0, 0)).is_err(), "DC together with AC");
        assert!(coverage.complete());
    }
}
