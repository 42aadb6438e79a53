use super::*;

fn boxed(kind: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap();
    [&size.to_be_bytes(), kind.as_slice(), body].concat()
}

fn told(read: impl FnOnce(&mut Findings)) -> Vec<(Category, String, Option<String>)> {
    let mut findings = Findings::default();
    read(&mut findings);
    findings.into_vec().into_iter().map(|finding| (finding.category, finding.place, finding.value)).collect()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn dates_count_from_1904_or_from_1970() {
    assert_eq!(date(2_082_844_800).as_deref(), Some("1970-01-01 00:00:00 UTC"));
    assert_eq!(date(2_082_844_800 + 1_789_402_242).as_deref(), Some("2026-09-14 16:10:42 UTC"));
    assert_eq!(date(1_789_402_242).as_deref(), Some("2026-09-14 16:10:42 UTC"));
    assert_eq!(date(2_082_844_800 + 951_782_400).as_deref(), Some("2000-02-29 00:00:00 UTC"));
    assert_eq!(date(u64::MAX), None);
    assert_eq!(date(u64::MAX >> 1), None);
}

#[test]
fn positions_are_told_in_degrees() {
    assert_eq!(iso6709("+50.0042+036.2292+120.500/").as_deref(), Some("50.004200, 36.229200, 120.5 m"));
    assert_eq!(iso6709("-3330.0+07015.0/").as_deref(), Some("-33.500000, 70.250000"));
    assert_eq!(iso6709("+503015+0363030CRSWGS_84/").as_deref(), Some("50.504167, 36.508333"));
    for other in ["", "50.0+36.0", "+50.0", "+91.0+10.0/", "hello"] {
        assert_eq!(iso6709(other), None, "{other}");
    }
}

#[test]
fn texts_of_user_data_are_told_whatever_their_form() {
    let quicktime = [&[0, 19, 0x15, 0xC7], b"+50.0042+036.2292/\0".as_slice()].concat();
    let mobile = [&[0, 0, 0, 0, 0x15, 0xC7], b"Slobidske\0".as_slice()].concat();
    let list = [
        boxed(b"\xA9xyz", &quicktime),
        boxed(b"titl", &mobile),
        boxed(b"name", b"evening"),
        boxed(b"zzzz", &[1, 2]),
        vec![0; 4],
    ];
    assert_eq!(
        told(|findings| user_data(&list.concat(), 0, findings)),
        [
            (Category::Location, "udta ©xyz location".to_owned(), some("50.004200, 36.229200")),
            (Category::Comment, "udta titl title".to_owned(), some("Slobidske")),
            (Category::Comment, "udta name title".to_owned(), some("evening")),
            (Category::Unknown, "udta zzzz".to_owned(), some("2 bytes")),
        ]
    );
}

#[test]
fn keys_and_their_values_come_together() {
    let keys = ["com.apple.quicktime.make", "com.apple.quicktime.content.identifier"];
    let keys: Vec<u8> = keys.iter().flat_map(|key| boxed(b"mdta", key.as_bytes())).collect();
    let data = |text: &str| boxed(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], text.as_bytes()].concat());
    let list = [boxed(&[0, 0, 0, 2], &data("AB-12")), boxed(&[0, 0, 0, 1], &data("Kvarz"))].concat();
    let body = [
        boxed(b"hdlr", &[0; 25]),
        boxed(b"keys", &[&[0, 0, 0, 0, 0, 0, 0, 2], keys.as_slice()].concat()),
        boxed(b"ilst", &list),
    ]
    .concat();
    let live = "metadata com.apple.quicktime.content.identifier (pairs a Live Photo with its film)";
    assert_eq!(
        told(|findings| meta(&body, 0, findings)),
        [
            (Category::Identifier, live.to_owned(), some("AB-12")),
            (Category::Device, "metadata com.apple.quicktime.make".to_owned(), some("Kvarz")),
        ]
    );
}

#[test]
fn a_place_of_3gpp_has_a_name_and_a_position() {
    let mut body = vec![0, 0, 0, 0, 0x15, 0xC7];
    body.extend_from_slice("Слобідське\0".as_bytes());
    body.push(0);
    for degrees in [36.25_f64, 50.5] {
        body.extend_from_slice(&((degrees * 65_536.0) as i32).to_be_bytes());
    }
    assert_eq!(
        told(|findings| user_data(&boxed(b"loci", &body), 0, findings)),
        [
            (Category::Location, "udta loci name".to_owned(), some("Слобідське")),
            (Category::Location, "udta loci position".to_owned(), some("50.50000, 36.25000")),
        ]
    );
}

#[test]
fn gopro_says_where_when_and_with_what() {
    let item = |key: &[u8; 4], kind: u8, size: u8, value: &[u8]| {
        let repeat = u16::try_from(value.len() / usize::from(size)).unwrap();
        let mut whole = [key.as_slice(), &[kind, size], &repeat.to_be_bytes(), value].concat();
        whole.resize(whole.len().next_multiple_of(4), 0);
        whole
    };
    let scale = [10_000_000_i32, 10_000_000].map(i32::to_be_bytes).concat();
    let position = [500_042_000_i32, 362_292_000].map(i32::to_be_bytes).concat();
    let block = [
        item(b"DEVC", 0, 1, b""),
        item(b"DVNM", b'c', 1, b"Kvarz Go"),
        item(b"GPSU", b'U', 16, b"260914183042.000"),
        item(b"SCAL", b'l', 4, &scale),
        item(b"GPS5", b'l', 8, &position),
    ]
    .concat();
    assert_eq!(
        told(|findings| assert!(gpmf(&block, findings))),
        [
            (Category::Device, "GPMF device".to_owned(), some("Kvarz Go")),
            (Category::Time, "GPMF time by satellite".to_owned(), some("2026-09-14 18:30:42 UTC")),
            (Category::Location, "GPMF first position".to_owned(), some("50.004200, 36.229200")),
        ]
    );
}

#[test]
fn whatever_the_bytes_nothing_panics() {
    let mut state = 7_u32;
    for len in 0..400 {
        let noise: Vec<u8> = (0..len)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            })
            .collect();
        let mut findings = Findings::default();
        user_data(&noise, 0, &mut findings);
        meta(&noise, 0, &mut findings);
        unique(&noise, &mut findings);
        gpmf(&noise, &mut findings);
        for kind in [b"loci", b"Xtra", b"\xA9xyz", b"meta"] {
            user_data(&boxed(kind, &noise), 0, &mut findings);
        }
    }
}
