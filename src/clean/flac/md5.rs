//! MD5 (RFC 1321), which FLAC signs its samples with. Nothing is protected by it.

/// A digest in the making.
#[derive(Clone, Debug)]
pub(in crate::clean) struct Md5 {
    state: [u32; 4],
    block: Vec<u8>,
    len: u64,
}

impl Md5 {
    pub(in crate::clean) fn new() -> Self {
        Self { state: [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476], block: Vec::with_capacity(64), len: 0 }
    }

    pub(in crate::clean) fn update(&mut self, mut bytes: &[u8]) {
        self.len = self.len.wrapping_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        if !self.block.is_empty() {
            let (now, later) =
                bytes.split_at_checked(64_usize.saturating_sub(self.block.len())).unwrap_or((bytes, &[]));
            self.block.extend_from_slice(now);
            let Some(block) = self.block.first_chunk::<64>() else { return };
            self.state = mixed(self.state, block);
            self.block.clear();
            bytes = later;
        }
        let (blocks, rest) = bytes.as_chunks::<64>();
        self.state = blocks.iter().fold(self.state, mixed);
        self.block.extend_from_slice(rest);
    }

    pub(in crate::clean) fn finish(mut self) -> [u8; 16] {
        let bits = self.len.wrapping_mul(8).to_le_bytes();
        let zeros = 119_usize.saturating_sub(self.block.len()) % 64;
        self.update(&[&[0x80], vec![0; zeros].as_slice(), &bits].concat());
        let mut digest = [0; 16];
        for (to, word) in digest.as_chunks_mut::<4>().0.iter_mut().zip(self.state) {
            *to = word.to_le_bytes();
        }
        digest
    }
}

/// One block (RFC 1321, 3.4).
fn mixed(state: [u32; 4], block: &[u8; 64]) -> [u32; 4] {
    let mut words = [0; 16];
    for (to, from) in words.iter_mut().zip(block.as_chunks::<4>().0) {
        *to = u32::from_le_bytes(*from);
    }
    let [mut a, mut b, mut c, mut d] = state;
    for (step, (&sine, place)) in SINES.iter().zip(0_usize..).enumerate() {
        let (mixed, word) = match step / 16 {
            0 => ((b & c) | (!b & d), place),
            1 => ((d & b) | (!d & c), place.wrapping_mul(5).wrapping_add(1)),
            2 => (b ^ c ^ d, place.wrapping_mul(3).wrapping_add(5)),
            _ => (c ^ (b | !d), place.wrapping_mul(7)),
        };
        let turn = TURNS.get(step / 16).and_then(|turns| turns.get(step % 4)).copied().unwrap_or(0);
        let word = words.get(word % 16).copied().unwrap_or(0);
        let sum = a.wrapping_add(mixed).wrapping_add(sine).wrapping_add(word);
        (a, d, c, b) = (d, c, b, b.wrapping_add(sum.rotate_left(turn)));
    }
    let [first, second, third, fourth] = state;
    [first.wrapping_add(a), second.wrapping_add(b), third.wrapping_add(c), fourth.wrapping_add(d)]
}

const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];

/// 2³² times the absolute values of the sines of 1 to 64.
#[rustfmt::skip]
const SINES: [u32; 64] = [
    0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE, 0xF57C_0FAF, 0x4787_C62A,
    0xA830_4613, 0xFD46_9501, 0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE,
    0x6B90_1122, 0xFD98_7193, 0xA679_438E, 0x49B4_0821, 0xF61E_2562, 0xC040_B340,
    0x265E_5A51, 0xE9B6_C7AA, 0xD62F_105D, 0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8,
    0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED, 0xA9E3_E905, 0xFCEF_A3F8,
    0x676F_02D9, 0x8D2A_4C8A, 0xFFFA_3942, 0x8771_F681, 0x6D9D_6122, 0xFDE5_380C,
    0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70, 0x289B_7EC6, 0xEAA1_27FA,
    0xD4EF_3085, 0x0488_1D05, 0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665,
    0xF429_2244, 0x432A_FF97, 0xAB94_23A7, 0xFC93_A039, 0x655B_59C3, 0x8F0C_CC92,
    0xFFEF_F47D, 0x8584_5DD1, 0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1,
    0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB, 0xEB86_D391,
];

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8], expected: u128) {
        for piece in [1, 7, 64, 200] {
            let mut md5 = Md5::new();
            text.chunks(piece).for_each(|piece| md5.update(piece));
            assert_eq!(md5.finish(), expected.to_be_bytes(), "{piece}");
        }
    }

    /// RFC 1321, A.5.
    #[test]
    fn the_test_suite_of_the_rfc_passes() {
        check(b"", 0xd41d_8cd9_8f00_b204_e980_0998_ecf8_427e);
        check(b"a", 0x0cc1_75b9_c0f1_b6a8_31c3_99e2_6977_2661);
        check(b"abc", 0x9001_5098_3cd2_4fb0_d696_3f7d_28e1_7f72);
        check(b"message digest", 0xf96b_697d_7cb7_938d_525a_2f31_aaf1_61d0);
        check(
            b"12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            0x57ed_f4a2_2be3_c955_ac49_da2e_2107_b67a,
        );
    }
}
