//! Pictures for the tests, made for them: 19 by 18 samples of an invented pattern, and grey ones built by hand.

/// The two pictures, decoded from their digits.
pub(super) fn samples() -> [Vec<u8>; 2] {
    let digit = |byte: u8| u8::try_from(char::from(byte).to_digit(16).unwrap()).unwrap();
    [BASELINE, PROGRESSIVE]
        .map(|digits| digits.as_bytes().chunks(2).map(|two| digit(two[0]) * 16 + digit(two[1])).collect())
}

/// Offsets of all markers, restart markers included, and their second bytes.
pub(super) fn markers(bytes: &[u8]) -> Vec<(usize, u8)> {
    let (mut list, mut at, mut in_scan) = (Vec::new(), 0, false);
    while at + 1 < bytes.len() {
        let code = bytes[at + 1];
        if in_scan && (bytes[at] != 0xFF || code == 0 || code == 0xFF) {
            at += 1;
            continue;
        }
        assert_eq!(bytes[at], 0xFF, "at {at}");
        list.push((at, code));
        let restart = (0xD0..=0xD7).contains(&code);
        in_scan = code == 0xDA || in_scan && restart;
        at += match code {
            0xD0..=0xD9 => 2,
            _ => 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]])),
        };
    }
    list
}

/// A segment.
pub(super) fn segment(code: u8, payload: &[u8]) -> Vec<u8> {
    let len = u16::try_from(payload.len() + 2).unwrap().to_be_bytes();
    [&[0xFF, code], &len[..], payload].concat()
}

/// `bytes` with `more` put in at `at`.
pub(super) fn with(bytes: &[u8], at: usize, more: &[u8]) -> Vec<u8> {
    [&bytes[..at], more, &bytes[at..]].concat()
}

/// A quantisation table of ones.
pub(super) fn dqt(id: u8) -> Vec<u8> {
    segment(0xDB, &[&[id], &[1; 64][..]].concat())
}

/// A Huffman table whose one code, a zero bit, means `symbol`.
pub(super) fn dht(head: u8, symbol: u8) -> Vec<u8> {
    segment(0xC4, &[&[head, 1], &[0; 15][..], &[symbol]].concat())
}

/// A frame header of one component.
pub(super) fn sof(code: u8, precision: u8, width: u16, height: u16) -> Vec<u8> {
    let (h, w) = (height.to_be_bytes(), width.to_be_bytes());
    segment(code, &[&[precision], &h[..], &w, &[1, 1, 0x11, 0]].concat())
}

/// A scan header of one component with the band and bits, using the tables 0.
pub(super) fn sos(ss: u8, se: u8, bits: u8) -> Vec<u8> {
    segment(0xDA, &[1, 1, 0, ss, se, bits])
}

/// A grey picture in whose data each block is the bits `00`: no difference, end of block.
pub(super) fn grey(width: u16, height: u16, extra: &[u8], data: &[u8]) -> Vec<u8> {
    let head = [vec![0xFF, 0xD8], dqt(0), sof(0xC0, 8, width, height), dht(0, 0), dht(0x10, 0)].concat();
    [&head[..], extra, &sos(0, 63, 0), data, &[0xFF, 0xD9]].concat()
}

/// Baseline, 4:2:0, a restart marker after each MCU, tables fitted to it.
pub(super) const BASELINE: &str = "\
    ffd8ffe000104a46494600010100000100010000ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e2931\
    302e292d2c333a4a3e333646372c2d405741464c4e525352323e5a615a50604a51524fffdb0043010e0e0e131113261515264f352d35\
    4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4fffc00011\
    080012001303012200021101031101ffc40017000101010100000000000000000000000000050604ffc4002610000201030304010500\
    0000000000000001020300041105213106121451611315223271ffc40017010101010100000000000000000000000003050204ffc400\
    281100010203040b0000000000000000000002000103043111124171051421223234516191b1c1ffdd00040001ffda000c0301000211\
    0311003f00cb69509b841ce46c6b5161a1fd40b94fefc548e9a80b48a48c8db38deb562ee5bb93c6d35992052034a9cb904f0c0febc7\
    cd76eb87310de1dbbc35cb07492e46c774362fffd0a1f6bb042524bab65753865322820fae6959ed4d3498b519e29a40b246dd8c02b3\
    608db90314adb481935b79fc263d3a624e2204ecd8f5ef45ffd1e7e9355ee5d871eaab74f12ba0dc3a92192ddcab0e410bb6294a396e\
    62364ded34bd4f36fabfffd297671a78b1fe0bc7aa529570f89d447aafffd9\
";

/// Progressive, ten scans with two refinements, restart markers.
pub(super) const PROGRESSIVE: &str = "\
    ffd8ffe000104a46494600010100000100010000ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e2931\
    302e292d2c333a4a3e333646372c2d405741464c4e525352323e5a615a50604a51524fffdb0043010e0e0e131113261515264f352d35\
    4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4fffc20011\
    080012001303012200021101031101ffc4001800010101010100000000000000000000000005040103ffc40017010003010000000000\
    000000000000000002030501ffdd00040002ffda000c030100021003100000019553255717138adfffd0f3d609ce14277fffc4001e10\
    000104020301000000000000000000000100020304121311212233ffda0008010100010502886499072bffd0d4c55877ffd1c8b8c9a8\
    49ffd2a8abfc3fffd360f3ffc4001a110100030003000000000000000000000001000311041041ffda0008010301013f01ad7708f391\
    c067ffd0afdebfffc4001c1100020202030000000000000000000000000102031341123133ffda0008010201013f01ccec8f1da3037b\
    3fffd0afd263ecffc4001e10000201030500000000000000000000000001020310211231517291ffda0008010100063f02b7ffd0cca3\
    edbfffd1d34f6e469bca3fffd225d4ffd347ffc4001b10010003010101010000000000000000000100112131814151ffda0008010100\
    013f21a53264ffd0a7049d292d13ffd1da50f47df7f21a9494e2cfffd205930c7454f93fffd30e44ffda000c03010002000300000010\
    d8efffd0001fffc4001b10010002030101000000000000000000000100112131615171ffda0008010100013f1061dd98654b7df27fff\
    d0b6b2a9011f371d09662eb33fffd12fa306db1741e3b0de504504c6c2a7ffd2d00d791a89150d89854fffd3e12f27ffc4001d110003\
    00000700000000000000000000000001113141517191a1b1ffda0008010201013f10a95a9b64c4b5ae0fffd0ea2f4c63ffc4001b1100\
    03000203000000000000000000000000013141516171c1ffda0008010301013f104651f19259df30ffd0aeebd1d3ffd9\
";
