//! Judges a WAVEFORMATEX that was written, field by field. Accepts one spelling of each format and repairs nothing.

/// What the rest of a verifier needs to know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Bytes that belong together.
    pub(crate) block: u64,
    /// What a block may be cut to: its header and the unit behind that; none where only whole blocks are sound.
    short: Option<(u64, u64)>,
    samples: u64,
    first_samples: u64,
    channels: u64,
    /// Whether a WAV file has a `fact` chunk.
    pub(crate) has_fact: bool,
}

impl Checked {
    /// The samples of each channel in `len` bytes: at least, and at most. `None` where bytes are left over.
    pub(crate) fn samples(&self, len: u64) -> Option<(u64, u64)> {
        let (blocks, rest) = (len.checked_div(self.block)?, len.checked_rem(self.block)?);
        let mut most = blocks.checked_mul(self.samples)?;
        if rest > 0 {
            let (header, unit) = self.short?;
            let coded = rest.checked_sub(header).filter(|coded| *coded > 0 && coded.is_multiple_of(unit))?;
            most =
                most.checked_add(coded.checked_mul(2)?.checked_div(self.channels)?)?.checked_add(self.first_samples)?;
        }
        // Only of the last block may some not count.
        Some((most.saturating_sub(self.samples.saturating_sub(1)), most))
    }
}

/// Accounts for every byte of `body`.
pub(crate) fn verify(body: &[u8]) -> Option<Checked> {
    let (fields, extra) = body.split_first_chunk::<16>()?;
    let &[t0, t1, c0, c1, r0, r1, r2, r3, b0, b1, b2, b3, a0, a1, d0, d1] = fields;
    let [tag, channels, block, bits] = [[t0, t1], [c0, c1], [a0, a1], [d0, d1]].map(u16::from_le_bytes);
    let [rate, byte_rate] = [[r0, r1, r2, r3], [b0, b1, b2, b3]].map(|word| u64::from(u32::from_le_bytes(word)));
    let (channels, block, bits) = (u64::from(channels), u64::from(block), u64::from(bits));
    if channels == 0 || block == 0 || rate == 0 {
        return None;
    }
    let coding = match (tag, extra) {
        (0xFFFE, [22, 0, layout @ ..]) => extensible(layout, channels, bits)?,
        (0xFFFE, _) => return None,
        _ => tag,
    };
    let plain = Checked { block, short: None, samples: 1, first_samples: 0, channels, has_fact: coding != 1 };
    let is_sampled = block == channels.checked_mul(bits.div_ceil(8))?;
    let is_bare = tag == 0xFFFE || extra == [0, 0];
    let checked = match coding {
        1 if is_sampled && matches!(bits, 8 | 12 | 16 | 20 | 24 | 32 | 64) => {
            if tag == 1 && !extra.is_empty() {
                return None;
            }
            plain
        }
        3 if is_sampled && is_bare && matches!(bits, 32 | 64) => plain,
        6 | 7 if is_sampled && is_bare && bits == 8 => plain,
        0x0002 if bits == 4 && channels <= 2 => {
            let header = channels.checked_mul(7)?;
            let samples = block.checked_sub(header)?.checked_mul(2)?.checked_div(channels)?.checked_add(2)?;
            let [32, 0, s0, s1, 7, 0, pairs @ ..] = extra else { return None };
            if u64::from(u16::from_le_bytes([*s0, *s1])) != samples || *pairs != PAIRS {
                return None;
            }
            Checked { short: Some((header, channels)), samples, first_samples: 2, ..plain }
        }
        0x0011 if bits == 4 => {
            let header = channels.checked_mul(4)?;
            let samples = block.checked_sub(header)?.checked_mul(2)?.checked_div(channels)?.checked_add(1)?;
            let [2, 0, s0, s1] = extra else { return None };
            if u64::from(u16::from_le_bytes([*s0, *s1])) != samples || !block.is_multiple_of(header) {
                return None;
            }
            Checked { short: Some((header, header)), samples, first_samples: 1, ..plain }
        }
        0x0031 if (channels, block, bits) == (1, 65, 0) && *extra == [2, 0, 0x40, 1] => {
            Checked { samples: 320, ..plain }
        }
        _ => return None,
    };
    let expected = rate.checked_mul(block)?.checked_div(checked.samples)?;
    (byte_rate == expected.min(u32::MAX.into())).then_some(checked)
}

/// The coding, of a layout that says something.
fn extensible(layout: &[u8], channels: u64, bits: u64) -> Option<u16> {
    let &[v0, v1, m0, m1, m2, m3, g0, g1, ref subtype @ ..] = layout else { return None };
    let valid = u64::from(u16::from_le_bytes([v0, v1]));
    let mask = u32::from_le_bytes([m0, m1, m2, m3]);
    let is_ambisonic = *subtype == [0, 0, 0x21, 0x07, 0xD3, 0x11, 0x86, 0x44, 0xC8, 0xC1, 0xCA, 0, 0, 0];
    let is_usual = *subtype == [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71];
    let has_speakers = mask < 1 << 18 && u64::from(mask.count_ones()) == channels;
    let says_nothing = is_usual && valid == bits && matches!((channels, mask), (1, 0 | 4) | (2, 0 | 3));
    let accepted =
        (is_usual || is_ambisonic) && (1..=bits).contains(&valid) && (mask == 0 || has_speakers) && !says_nothing;
    Some(u16::from_le_bytes([g0, g1])).filter(|coding| accepted && matches!(coding, 1 | 3 | 6 | 7))
}

/// Microsoft's coefficients, as bytes.
const PAIRS: [u8; 28] =
    [0, 1, 0, 0, 0, 2, 0, 0xFF, 0, 0, 0, 0, 0xC0, 0, 0x40, 0, 0xF0, 0, 0, 0, 0xCC, 1, 0x30, 0xFF, 0x88, 1, 0x18, 0xFF];
