use proptest::prelude::{ProptestConfig, any, prop, proptest};

use super::*;
use crate::clean::Fate;

type Tag<'a> = (&'a [u8; 4], Vec<u8>);

/// A profile as an editor or a screen would have it: names, dates, device, more tags than are needed.
fn dirty(space: &[u8; 4], tags: &[Tag<'_>]) -> Vec<u8> {
    let mut header = vec![0; 128];
    header[4..8].copy_from_slice(b"ENGN");
    header[8] = 2;
    header[12..16].copy_from_slice(b"mntr");
    header[16..20].copy_from_slice(space);
    header[20..24].copy_from_slice(b"XYZ ");
    header[24..28].copy_from_slice(&[0x07, 0xE8, 0, 5]);
    header[36..40].copy_from_slice(b"acsp");
    header[48..52].copy_from_slice(b"MAKR");
    header[84..100].copy_from_slice(b"MARKERMARKERMARK");
    let mut all = vec![
        (b"desc", [b"desc\0\0\0\0\0\0\0\x0A".as_slice(), b"My Screen\0"].concat()),
        (b"cprt", b"text\0\0\0\0by MARKER\0".to_vec()),
        (b"mmod", b"mmod\0\0\0\0\0\0\x06\x10\0\0\x9C\xC7\x01\x02\x03\x04MARKER".to_vec()),
        (b"priv", b"MARKER".to_vec()),
        (b"wtpt", b"XYZ \0\0\0\0MARKERMARKER".to_vec()),
    ];
    all.extend(tags.iter().cloned());
    let mut at = u32::try_from(132 + 12 * all.len()).unwrap();
    let mut body = Vec::<u8>::new();
    header.extend(u32::try_from(all.len()).unwrap().to_be_bytes());
    for (name, content) in &all {
        header.extend(*name);
        header.extend(at.to_be_bytes());
        header.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        body.extend(content);
        body.extend(b"MARKER");
        at += u32::try_from(content.len() + 6).unwrap();
    }
    header.extend(body);
    let size = u32::try_from(header.len()).unwrap();
    header[..4].copy_from_slice(&size.to_be_bytes());
    header
}

fn xyz(row: [i32; 3]) -> Vec<u8> {
    [b"XYZ \0\0\0\0".to_vec(), row.iter().flat_map(|number| number.to_be_bytes()).collect()].concat()
}

fn gamma(gamma: u16) -> Vec<u8> {
    [b"curv\0\0\0\0\0\0\0\x01".as_slice(), &gamma.to_be_bytes()].concat()
}

fn table(values: &[u16]) -> Vec<u8> {
    let mut tag = b"curv\0\0\0\0".to_vec();
    tag.extend(u32::try_from(values.len()).unwrap().to_be_bytes());
    tag.extend(values.iter().flat_map(|value| value.to_be_bytes()));
    tag
}

fn rgb_of(rows: Rows, curves: [Vec<u8>; 3]) -> Vec<u8> {
    let [red, green, blue] = rows.map(xyz);
    let [red_curve, green_curve, blue_curve] = curves;
    dirty(
        b"RGB ",
        &[
            (b"rXYZ", red),
            (b"gXYZ", green),
            (b"bXYZ", blue),
            (b"rTRC", red_curve),
            (b"gTRC", green_curve),
            (b"bTRC", blue_curve),
        ],
    )
}

fn rgb_with(rows: Rows, curve: &[u8]) -> Vec<u8> {
    rgb_of(rows, [curve.to_vec(), curve.to_vec(), curve.to_vec()])
}

fn srgb_table() -> Vec<u8> {
    let light = (0..1024).map(|k| number::linear(f64::from(k) / 1023.0) * 65_535.0);
    table(&light.map(|value| u16::try_from(number::rounded(value)).unwrap()).collect::<Vec<_>>())
}

fn reduced(profile: &[u8]) -> Option<Vec<u8>> {
    canonical(profile, &mut Findings::default())
}

/// Reducing gives `wanted`, says something, leaves no marker, and is then at its end.
fn check(profile: &[u8], wanted: Option<&[u8]>) {
    let mut findings = Findings::default();
    let ours = canonical(profile, &mut findings);
    assert_eq!(ours.as_deref(), wanted);
    assert!(!findings.is_empty());
    assert!(!is_canonical(profile));
    if let Some(ours) = ours {
        assert!(!ours.windows(4).any(|window| window == b"MARK" || window == b"ENGN"));
        let mut findings = Findings::default();
        assert!(is_canonical(&ours));
        assert_eq!(canonical(&ours, &mut findings).as_ref(), Some(&ours));
        assert!(findings.is_empty());
    }
}

#[test]
fn srgb_is_dropped() {
    check(&rgb_with(SRGB, &srgb_table()), None);
    check(&rgb_with(SRGB, &Shape::Srgb.bytes()), None);
    let near = SRGB.map(|row| row.map(|number| number + 60));
    check(&rgb_with(near, &srgb_table()), None);
}

#[test]
fn usual_spaces_become_their_constants() {
    for (rows, curve, shape) in [
        (DISPLAY_P3, srgb_table(), Shape::Srgb),
        (ADOBE_RGB, gamma(0x0233), Shape::Gamma(563)),
        (REC_2020, Shape::Rec709.bytes(), Shape::Rec709),
        (REC_2020, gamma(0x0266), Shape::Gamma(614)),
        (PROPHOTO, gamma(0x01CD), Shape::Gamma(461)),
        (SRGB, gamma(0x0233), Shape::Gamma(563)),
    ] {
        let near = rows.map(|row| row.map(|number| number - 60));
        let constant = write::rgb(&rows, &[shape.clone(), shape.clone(), shape]);
        check(&rgb_with(near, &curve), Some(&constant));
    }
}

#[test]
fn usual_profiles_reduce_to_themselves() {
    assert_eq!(USUAL_PROFILES.len(), 29);
    for profile in USUAL_PROFILES.iter() {
        assert!(reduce(&Profile::parse(profile).unwrap()).is(profile), "{profile:02x?}");
    }
}

#[test]
fn usual_primaries_make_white() {
    for rows in USUAL {
        for (axis, white) in [0xF6D6, 0x1_0000, 0xD32D].into_iter().enumerate() {
            let sum: i32 = rows.iter().map(|row| row[axis]).sum();
            assert!((sum - white).abs() <= 16, "{rows:?} {axis}: {sum}");
        }
    }
}

#[test]
fn other_primaries_are_rounded_and_make_white() {
    let odd = [[0x7A31, 0x4107, 0x0613], [0x5A13, 0xAC05, 0x13C1], [0x2292, 0x12F4, 0xB959]];
    let profile = rgb_with(odd, &gamma(0x01F7));
    let ours = reduced(&profile).unwrap();
    check(&profile, Some(&ours));
    let parsed = Profile::parse(&ours).unwrap();
    let rows = [b"rXYZ", b"gXYZ", b"bXYZ"].map(|tag| parsed.xyz(*tag).unwrap());
    for axis in 0..3 {
        assert_eq!(rows.iter().map(|row| row[axis]).sum::<i32>(), WHITE[axis]);
        for (row, odd) in rows.iter().zip(odd) {
            assert_eq!(row[axis] % COLORANT_STEP, 0);
            assert!((row[axis] - odd[axis]).abs() < 256);
        }
    }
    let mut findings = Findings::default();
    canonical(&profile, &mut findings);
    assert!(findings.into_vec().iter().any(|finding| finding.fate == Fate::Remains));
}

#[test]
fn a_curve_of_no_exponent_becomes_a_coarse_table() {
    let bent: Vec<_> = (0..256).map(|k| f64::from(k) / 255.0).map(|x| 0.3 * x + 0.7 * x * x * x * x).collect();
    let bent: Vec<_> = bent.iter().map(|y| u16::try_from(number::rounded(y * 65_535.0)).unwrap()).collect();
    let profile = rgb_with(ADOBE_RGB, &table(&bent));
    let ours = reduced(&profile).unwrap();
    check(&profile, Some(&ours));
    let samples = Profile::parse(&ours).unwrap().curve(*b"gTRC").unwrap();
    assert!(samples.distance(&Profile::parse(&profile).unwrap().curve(*b"gTRC").unwrap()) < 0.005);
}

#[test]
fn three_different_curves_stay_three() {
    let profile = rgb_of(DISPLAY_P3, [gamma(0x0180), gamma(0x0200), gamma(0x0280)]);
    let shapes = [0x0180, 0x0200, 0x0280].map(Shape::Gamma);
    check(&profile, Some(&write::rgb(&DISPLAY_P3, &shapes)));
}

#[test]
fn text_in_a_curve_does_not_survive() {
    let words: Vec<u16> = b"SERIALNO".chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect();
    // Falling and flat: no curve at all.
    check(&rgb_with(DISPLAY_P3, &table(&words)), None);
    // Hidden in the low bits of a curve that rises.
    let mut values: Vec<u16> = (0..=255).map(|k| k * 257).collect();
    for (value, byte) in values.iter_mut().skip(16).zip(b"SERIALNO".repeat(20)) {
        *value = *value & 0xFF00 | u16::from(byte);
    }
    let linear = Shape::Gamma(256);
    check(
        &rgb_with(DISPLAY_P3, &table(&values)),
        Some(&write::rgb(&DISPLAY_P3, &[linear.clone(), linear.clone(), linear])),
    );
}

#[test]
fn grey_near_srgb_is_dropped_and_other_grey_is_kept() {
    check(&dirty(b"GRAY", &[(b"kTRC", srgb_table())]), None);
    check(&dirty(b"GRAY", &[(b"kTRC", gamma(0x0233))]), None);
    check(&dirty(b"GRAY", &[(b"kTRC", gamma(0x0100))]), Some(&write::grey(&Shape::Gamma(256))));
}

#[test]
fn grey_of_lightness_is_read_as_such() {
    let mut profile = dirty(b"GRAY", &[(b"kTRC", gamma(0x0200))]);
    profile[20..24].copy_from_slice(b"Lab ");
    let ours = reduced(&profile).unwrap();
    check(&profile, Some(&ours));
    let middle = Profile::parse(&ours).unwrap().curve(*b"kTRC").unwrap();
    let wanted = Shape::Gamma(512).samples().lightness_to_luminance();
    assert!(middle.distance(&wanted) < 0.007);
}

#[test]
fn other_colours_are_dropped_and_said() {
    for space in [b"CMYK", b"Lab ", b"RGB "] {
        let mut findings = Findings::default();
        let profile = dirty(space, &[(b"A2B0", b"mft2MARKER".to_vec())]);
        assert_eq!(canonical(&profile, &mut findings), None);
        let space = String::from_utf8(space.to_vec()).unwrap().trim().to_owned();
        assert!(findings.into_vec().iter().any(|finding| {
            finding.place == "ICC profile, colours may look slightly different"
                && finding.value.as_ref() == Some(&space)
        }));
    }
}

#[test]
fn what_names_a_device_a_person_or_a_day_is_told() {
    let mut profile = rgb_with(SRGB, &srgb_table());
    profile.extend(b"TAIL");
    let mut findings = Findings::default();
    canonical(&profile, &mut findings);
    let findings = findings.into_vec();
    for (category, place, value) in [
        (Category::Device, "ICC profile description", Some("My Screen")),
        (Category::Device, "ICC profile manufacturer", Some("MAKR")),
        (Category::Device, "ICC profile display", Some("maker 00000610, model 00009cc7, serial 01020304")),
        (Category::Person, "ICC profile copyright", Some("by MARKER")),
        (Category::Software, "ICC profile colour engine", Some("ENGN")),
        (Category::Time, "ICC profile date", Some("2024-05-00 00:00:00")),
        (Category::Identifier, "ICC profile ID", Some("4d41524b45524d41524b45524d41524b")),
        (Category::Unknown, "ICC profile, further tags", Some("priv")),
        (Category::HiddenContent, "after the ICC profile", None),
    ] {
        let found = findings.iter().any(|finding| {
            (finding.category, finding.place.as_str(), finding.value.as_deref()) == (category, place, value)
        });
        assert!(found, "{place} {value:?} not in {findings:#?}");
    }
}

#[test]
fn a_profile_that_is_only_read_leaves_nothing() {
    let profile = rgb_with(DISPLAY_P3, &gamma(0x0222));
    let told = findings(&profile).into_vec();
    assert!(!told.is_empty());
    assert!(told.iter().all(|finding| finding.fate == Fate::Removed));
}

#[test]
fn text_in_the_numbers_of_a_colour_does_not_survive() {
    let word = i32::from_be_bytes(*b"MARK");
    check(&rgb_with([[word; 3], DISPLAY_P3[1], DISPLAY_P3[2]], &gamma(0x0222)), None);
    // In the low byte of each number.
    let mut letters = b"SERIAL-NO".iter();
    let marked = ADOBE_RGB.map(|row| row.map(|number| (number + 0x300) & !0xFF | i32::from(*letters.next().unwrap())));
    let ours = reduced(&rgb_with(marked, &gamma(0x0222))).unwrap();
    let parsed = Profile::parse(&ours).unwrap();
    for tag in [b"rXYZ", b"gXYZ", b"bXYZ"] {
        assert!(parsed.xyz(*tag).unwrap().iter().all(|number| number % COLORANT_STEP == 0));
    }
}

#[test]
fn bytes_beside_a_canonical_profile_make_it_another() {
    let shape = Shape::Srgb;
    let ours = write::rgb(&DISPLAY_P3, &[shape.clone(), shape.clone(), shape]);
    assert!(is_canonical(&ours));
    check(&[ours.as_slice(), b"\0"].concat(), Some(&ours));
    for at in 0..ours.len() {
        let mut changed = ours.clone();
        changed[at] ^= 0x55;
        assert!(!is_canonical(&changed), "byte {at}");
    }
}

#[test]
fn tags_are_limited() {
    for (by, read) in [(crate::limits::PROFILE_TAGS_MAX - 1, true), (crate::limits::PROFILE_TAGS_MAX, true)]
        .into_iter()
        .chain([(crate::limits::PROFILE_TAGS_MAX + 1, false)])
    {
        let tags = vec![(b"none", Vec::new()); by - 5];
        assert_eq!(Profile::parse(&dirty(b"RGB ", &tags)).is_some(), read, "{by}");
    }
}

#[test]
fn profiles_written_here_are_short() {
    let tables = [1, 2, 3].map(|k| {
        let mut levels = [k; 33];
        levels[32] = 255;
        Shape::Table(levels)
    });
    assert!(write::rgb(&SRGB, &tables).len() <= write::BYTES_MAX);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut findings = Findings::default();
        assert_eq!(canonical(&bytes, &mut findings), None);
        assert!(!findings.is_empty());
    }

    #[test]
    fn a_changed_profile_settles_or_is_dropped(changes in prop::collection::vec((0usize..600, any::<u8>()), 1..6)) {
        let mut profile = rgb_of(DISPLAY_P3, [gamma(0x0180), Shape::Rec709.bytes(), table(&[0, 9000, 30_000, 65_535])]);
        for (at, byte) in changes {
            let at = at % profile.len();
            profile[at] = byte;
        }
        if let Some(ours) = reduced(&profile) {
            assert!(is_canonical(&ours));
            assert_eq!(reduced(&ours).as_ref(), Some(&ours));
        }
    }

    #[test]
    fn any_primaries_and_curves_settle(
        rows in prop::array::uniform3(prop::array::uniform3(-4000i32..80_000)),
        exponent in 100u16..1100,
        mut values in prop::collection::vec(any::<u16>(), 2..80),
    ) {
        values.sort_unstable();
        let curves = [gamma(exponent), table(&values), gamma(exponent)];
        for profile in [rgb_of(rows, curves.clone()), rgb_of(DISPLAY_P3, curves), rgb_with(rows, &table(&values))] {
            if let Some(ours) = reduced(&profile) {
                assert!(is_canonical(&ours));
                assert_eq!(reduced(&ours).as_ref(), Some(&ours));
            }
        }
    }
}
