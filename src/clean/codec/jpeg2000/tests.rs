use super::*;

const CANARY: &[u8] = b"MargotHellwig";

fn segment(marker: u16, content: &[u8]) -> Vec<u8> {
    let mut made = Vec::new();
    append(&mut made, marker, content);
    made
}

/// A codestream with a canary wherever the markers have room for one. Its tile has no packets that mean anything.
fn stream() -> Vec<u8> {
    let mut size = vec![0, 0];
    for number in [8u32, 8, 0, 0, 8, 8, 0, 0] {
        size.extend(number.to_be_bytes());
    }
    size.extend([0, 1, 7, 1, 1]);
    size.extend(CANARY);
    let style = [&[0, 0, 0, 1, 0, 0, 4, 4, 0, 0][..], CANARY].concat();
    let comment = segment(0xFF64, &[&[0, 1][..], CANARY].concat());
    let lengths = segment(0xFF55, CANARY);
    let tile_lengths = segment(0xFF58, CANARY);
    let tile: Vec<u8> = [comment.clone(), tile_lengths, SOD.to_be_bytes().to_vec(), vec![1, 2, 3]].concat();
    let len = u32::try_from(tile.len() + 12).unwrap().to_be_bytes();
    let start = segment(SOT, &[&[0, 0][..], &len, &[0, 1]].concat());
    [
        SOC.to_be_bytes().to_vec(),
        segment(SIZ, &size),
        comment,
        lengths,
        segment(COD, &style),
        segment(QCD, &[0x40, 64]),
        start,
        tile,
        EOC.to_be_bytes().to_vec(),
        CANARY.to_vec(),
    ]
    .concat()
}

fn boxed(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len() + 8).unwrap().to_be_bytes()[..], kind, content].concat()
}

/// A file with a canary in each box and in a box of every kind that is not kept.
fn file() -> Vec<u8> {
    let header = [
        boxed(b"ihdr", &[0, 0, 0, 8, 0, 0, 0, 8, 0, 1, 7, 7, 1, 1]),
        boxed(b"colr", &[&[2, 0, 0][..], CANARY].concat()),
        boxed(b"res ", CANARY),
        boxed(b"cdef", &[&[0, 1, 0, 0, 0, 0, 0, 1][..], CANARY].concat()),
        boxed(b"mrgt", CANARY),
    ]
    .concat();
    let mut made = boxes::START.to_vec();
    for kind in [b"xml ", b"uuid", b"uinf", b"jp2i", b"mrgt", b"free"] {
        made.extend(boxed(kind, CANARY));
    }
    made.extend(boxed(b"jp2h", &header));
    made.extend(boxed(b"jp2c", &stream()));
    made.extend(boxed(b"jp2c", CANARY));
    made.extend(CANARY);
    made
}

fn has_canary(bytes: &[u8]) -> bool {
    bytes.windows(4).any(|window| CANARY.windows(4).any(|canary| canary == window))
}

#[test]
fn nothing_but_what_decodes_is_kept() {
    for original in [stream(), file()] {
        let clean_one = clean(&original).unwrap();
        verify(&clean_one).unwrap();
        assert!(!has_canary(&clean_one));
        assert_eq!(clean(&clean_one).unwrap(), clean_one);
        assert!(clean_one.windows(5).any(|window| window == [0xFF, 0x93, 1, 2, 3]));
        assert!(verify(&[&clean_one[..], b"x"].concat()).is_err());
    }
}

#[test]
fn damage_is_refused_or_made_whole() {
    for original in [stream(), file()] {
        for at in 0..original.len() {
            for bit in 0..8 {
                let mut flipped = original.clone();
                flipped[at] ^= 1 << bit;
                for bytes in [&flipped[..], &original[..at]] {
                    if let Ok(made) = clean(bytes) {
                        verify(&made).unwrap_or_else(|error| panic!("byte {at}, bit {bit}: {error:?}"));
                    }
                }
            }
        }
    }
}
