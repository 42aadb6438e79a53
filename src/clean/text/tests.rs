//! What is hidden goes, what is seen stays, and everything else is refused.

use encoding_rs::{IBM866, KOI8_U, UTF_16BE, UTF_16LE, WINDOWS_1251};
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use proptest::strategy::{Just, Strategy};

use super::{FORMAT, recognise, statement, verify};
use crate::clean::memory::Memory;
use crate::clean::{Category, Fate, Finding, Reason, clean};
use crate::limits;

const RUSSIAN: &str = "Меня призвали в сентябре и отправили в часть под Белгородом.\nОбъявление: съёмка запрещена!\n";

#[track_caller]
fn check(original: impl AsRef<[u8]>, plain: &str) -> Vec<Finding> {
    let (text, findings) = statement(original.as_ref()).unwrap();
    assert_eq!(text.as_str(), plain);
    let (again, _) = statement(text.as_bytes()).unwrap();
    assert_eq!(again.as_str(), plain, "not a fixpoint");
    findings.into_vec()
}

#[track_caller]
fn check_refused(original: impl AsRef<[u8]>, reason: Reason, at: u64) {
    let refusal = statement(original.as_ref()).map(|_| ()).unwrap_err();
    assert_eq!((&refusal.reason, refusal.at), (&reason, at), "{}", refusal.part);
}

/// Each finding as `place: value`.
fn told(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|finding| format!("{}: {}", finding.place, finding.value.as_deref().unwrap_or(""))).collect()
}

fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

#[test]
fn plain_text_stays_as_it_is_without_findings() {
    assert_eq!(check(RUSSIAN, RUSSIAN), []);
    assert_eq!(check("a\tb\n\n  c, d; \"e\"\n", "a\tb\n\n  c, d; \"e\"\n"), []);
    let cleaned = clean(&Memory(RUSSIAN.into())).unwrap();
    assert_eq!((cleaned.media_type(), cleaned.extension(), cleaned.rebuilt_bytes()), ("text/plain", "txt", 0));
}

#[test]
fn every_encoding_becomes_utf_8() {
    let told_of = |bytes: &[u8]| told(&check(bytes, RUSSIAN));
    assert_eq!(told_of(&WINDOWS_1251.encode(RUSSIAN).0), ["encoding: windows-1251"]);
    assert_eq!(told_of(&IBM866.encode(RUSSIAN).0), ["encoding: IBM866"]);
    assert_eq!(told_of(&utf16(RUSSIAN, false)), ["encoding: UTF-16LE"]);
    assert_eq!(told_of(&utf16(RUSSIAN, true)), ["encoding: UTF-16BE"]);
    let marked = format!("\u{feff}{RUSSIAN}");
    assert_eq!(told_of(marked.as_bytes()), ["byte-order mark: UTF-8"]);
    for (encoding, big_endian) in [(UTF_16LE, false), (UTF_16BE, true)] {
        let name = encoding.name();
        let expected = [format!("encoding: {name}"), format!("byte-order mark: {name}")];
        assert_eq!(told_of(&utf16(&marked, big_endian)), expected);
    }
}

#[test]
fn every_line_ends_in_lf_and_the_text_in_one() {
    assert_eq!(told(&check("a\r\nb\r\n", "a\nb\n")), ["line endings: CRLF"]);
    assert_eq!(told(&check("a\rb", "a\nb\n")), ["line endings: CR"]);
    assert_eq!(told(&check("a\r\nb\nc", "a\nb\nc\n")), ["line endings: LF ×1, CRLF ×1"]);
    assert_eq!(check("a\u{b}b\u{c}c\u{85}d\u{2028}e\u{2029}f", "a\nb\nc\nd\ne\nf\n").len(), 5);
    assert_eq!(
        told(&check("a\n\n \n", "a\n")),
        ["line 3: blanks at the end of a line ×1", "line 3: empty lines at the end ×2"]
    );
}

#[test]
fn a_marker_that_is_not_seen_is_gone_wherever_it_is_hidden() {
    let seen = "Мы шли ночью.\nНас было шестеро.\n";
    let hidden: Vec<String> = [
        // Bits in zero-width characters.
        "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{200b}",
        // Tags, plain variation selectors, supplementary ones.
        "\u{e0001}\u{e0041}\u{e0042}\u{e007f}",
        "\u{fe00}\u{fe0f}\u{180b}",
        "\u{e0100}\u{e01ef}",
        // Directions.
        "\u{202e}\u{202c}\u{2066}\u{2069}\u{200e}\u{200f}\u{61c}",
        // Fillers, invisible operators, annotations, shorthand and musical controls.
        "\u{34f}\u{115f}\u{1160}\u{17b4}\u{3164}\u{ffa0}\u{2061}\u{2064}\u{fff9}\u{fffb}\u{1bca0}\u{1d173}",
        "\u{ad}\u{180e}\u{206a}\u{fffc}\u{1d159}\u{16fe4}",
        // Private use, noncharacters, unassigned.
        "\u{e000}\u{f8ff}\u{f0000}\u{10fffd}\u{fdd0}\u{ffff}\u{1ffff}\u{378}",
    ]
    .map(str::to_owned)
    .into();
    for marker in &hidden {
        for place in seen.char_indices().map(|(at, _)| at).chain([seen.len()]) {
            let (before, after) = seen.split_at(place);
            let findings = check(format!("{before}{marker}{after}"), seen);
            assert!(findings.iter().all(|finding| finding.fate == Fate::Removed), "{findings:?}");
            assert!(findings.len() <= marker.chars().count() + 1 && !findings.is_empty());
        }
    }
}

#[test]
fn a_marker_in_blanks_is_gone() {
    assert_eq!(
        told(&check("Раз \t \nдва\t\nтри  ", "Раз\nдва\nтри\n")),
        ["lines 1, 2, 3: blanks at the end of a line ×6"]
    );
    for space in "\u{a0}\u{1680}\u{2000}\u{2003}\u{2007}\u{2009}\u{202f}\u{205f}\u{2800}\u{3000}".chars() {
        assert_eq!(check(format!("а{space}б"), "а б\n").len(), 1);
        check(format!("а{space}\nб{space}{space}"), "а\nб\n");
    }
}

#[test]
fn findings_name_the_character_and_the_lines_once_for_each_kind() {
    let text = "а\u{200b}б\u{200b}\nв\nг\u{200b}\u{202e}д\n";
    let findings = check(text, "аб\nв\nгд\n");
    assert_eq!(
        told(&findings),
        ["lines 1, 3: U+200B zero width space ×3", "line 3: U+202E override of the direction ×1"]
    );
    assert_eq!(findings[0].category, Category::Watermark);
    assert_eq!(findings[1].category, Category::HiddenContent);
    let many = "а\u{200b}\n".repeat(9);
    assert_eq!(told(&check(many, &"а\n".repeat(9))), ["lines 1, 2, 3, 4, 5 and 4 more: U+200B zero width space ×9"]);
}

#[test]
fn composition_is_canonical() {
    assert_eq!(told(&check("и\u{306} е\u{308}", "й ё\n")), ["line 1: unusual composition ×1"]);
    // A hidden character may have kept two apart that compose.
    check("и\u{200b}\u{306}", "й\n");
    check("и\u{200d}\u{34f}\u{306}", "й\n");
}

#[test]
fn persian_keeps_its_non_joiners() {
    let text = "من نمی‌خواهم به جنگ برگردم و خانه‌ها را دیدم\n";
    assert_eq!(check(text, text), []);
    // Where nothing would join they are not seen, and could be a mark.
    check("کار\u{200c}ها \u{200c}را\u{200c} دید\u{200c}\u{200c}م", "کارها را دیدم\n");
    check("می\u{200c}\u{200c}\u{200c}خواهم", "می\u{200c}خواهم\n");
    check("с\u{200c}л\u{200d}о\u{200c}во 1\u{200d}2", "слово 12\n");
}

#[test]
fn indic_conjuncts_keep_their_joiners() {
    for text in ["क्\u{200d}ष क्\u{200c}ष\n", "র\u{200d}্যাব\n", "ක්\u{200d}ෂ\n"] {
        assert_eq!(check(text, text), []);
    }
    check("क\u{200d}ष क्\u{200d}", "कष क्\n");
}

#[test]
fn pictures_keep_the_joiners_that_make_them_one() {
    for text in ["👨\u{200d}👩\u{200d}👧\u{200d}👦\n", "🧑🏽\u{200d}⚕ 🏳\u{200d}🌈 ❤\u{200d}🔥\n"]
    {
        assert_eq!(check(text, text), []);
    }
    assert_eq!(told(&check("🏳\u{fe0f}\u{200d}🌈", "🏳\u{200d}🌈\n")), ["line 1: variation selectors ×1"]);
    check("1\u{200d}🌈 #\u{200d}👩 😀\u{200d}😀 👩\u{200d}", "1🌈 #👩 😀😀 👩\n");
    check("👩🏽🏽\u{200d}🌾", "👩🏽🏽🌾\n");
}

#[test]
fn words_that_mix_scripts_are_shown_and_stay() {
    let text = "Привет, cлово и Kовь, вiйна\nCOVID-ный αlpha слово\n";
    let findings = check(text, text);
    assert_eq!(told(&findings), ["line 1: cлово", "line 1: Kовь", "line 1: вiйна", "line 2: αlpha"]);
    assert!(findings.iter().all(|finding| finding.fate == Fate::Remains));
    assert_eq!(check("cлово ".repeat(30), &format!("{}\n", "cлово ".repeat(30).trim_end())).len(), 2);
    let many: String = (0..30).map(|at| format!("cлово{}\n", "а".repeat(at))).collect();
    assert_eq!(check(&many, &many).len(), 20);
}

#[test]
fn whole_words_of_the_wrong_script_are_shown_and_stay() {
    let check_shown = |text: &str, shown: &[&str]| {
        let findings = check(text, text);
        let values: Vec<&str> = findings.iter().filter_map(|finding| finding.value.as_deref()).collect();
        assert_eq!(values, shown, "{text}");
        assert!(
            findings.iter().all(|finding| finding.fate == Fate::Remains && finding.category == Category::Watermark)
        );
    };
    // The first is spelt in Cyrillic, the second in Greek, the third in Armenian.
    check_shown("They took our раса and sold it\n", &["раса"]);
    check_shown("We saw the ΤΑΝΚ from the window\n", &["ΤΑΝΚ"]);
    check_shown("They had no սոս left for us\n", &["սոս"]);
    // Latin letters among Russian and Ukrainian ones.
    check_shown("Мы вышли c позиций и нас окружили\n", &["c"]);
    check_shown("Мы вышли из города, coceд остался там\n", &["coceд"]);
    check_shown("Там была большая poca на траве\n", &["poca"]);
    check_shown("Брат i сестра поїхали додому\n", &["i"]);
    for usual in [
        "Он сам рос в Орске, нас там было трое\n",
        "Включил PC и смотрел BBC до утра\n",
        "План B не сработал, группа A ушла\n",
        "Он работает в Windows и с Office тоже\n",
    ] {
        check_shown(usual, &[]);
    }
}

#[test]
fn json_and_records_keep_their_shape() {
    // A separator of lines is a blank where a line end would break a value or a record.
    for end in ["\u{2028}", "\u{85}", "\u{2029}"] {
        check(format!("{{\"a\": \"b{end}c\u{200b}\"}}\r\n"), "{\"a\": \"b c\"}\n");
        check(format!("a,b\nc{end}d,e\n"), "a,b\nc d,e\n");
        check(format!("[1]\n[\"b{end}\"]\n"), "[1]\n[\"b \"]\n");
    }
    check("\u{feff}имя;город\r\n\"а \r\nб\";в\r\n", "имя;город\n\"а\nб\";в\n");
    // Empty fields at the end of a line are no blanks, if all lines have as many.
    check("a\tb\tc\n1\t\t\n\t\t\n", "a\tb\tc\n1\t\t\n\t\t\n");
    check("a\tb\tc\n1\t \t\u{a0}\n", "a\tb\tc\n1\t\t\n");
    check("a\tb\tc\n1\t\t\t\n", "a\tb\tc\n1\n");
    check("a\tb\t\n1\t2\t\n", "a\tb\n1\t2\n");
    check("a\tb\t\u{200b}\n1\t\t\n", "a\tb\n1\n");
    // The Greek question mark is a semicolon in NFC, and a field would become two.
    check_refused("a;b\nc\u{37e}d;e\n", Reason::NotUnderstood, 0);
    let accepts = |text: &str| verify::verify(&mut text.as_bytes()).is_ok();
    assert!(accepts("a\tb\n1\t\n"));
    for text in ["a\tb\n1\t\t\n", "a\tb\n1\t\n2\n", "a\n1\t\n", "a\t\n1\t\n", "a\tb\n1 \t\n", "a\tb\n1\n2\t\n"] {
        assert!(!accepts(text), "{text:?}");
    }
}

#[test]
fn marks_that_are_escaped_in_json_are_shown_and_stay() {
    let text = "{\"a\": \"b\\u200bc\\\\u200b \\u0041 \\udb40\\udc41\",\n\"b\": \"\\u202E\"}\n";
    let findings = check(text, text);
    assert_eq!(
        told(&findings),
        [
            "line 1: \\u200b, U+200B zero width space",
            "line 1: \\udb40\\udc41, tag characters",
            "line 2: \\u202E, U+202E override of the direction"
        ]
    );
    assert!(findings.iter().all(|finding| finding.fate == Fate::Remains));
}

#[test]
fn control_characters_are_refused_where_they_stand() {
    for control in ["\0", "\u{1}", "\u{8}", "\u{e}", "\u{1b}", "\u{7f}", "\u{80}", "\u{9f}"] {
        check_refused(format!("да{control}"), Reason::NotUnderstood, 4);
        check_refused(format!("\u{feff}да{control}"), Reason::NotUnderstood, 7);
        check_refused(utf16(&format!("\u{feff}да{control}"), false), Reason::NotUnderstood, 6);
    }
}

#[test]
fn malformed_text_is_refused_where_it_breaks() {
    check_refused(b"\xef\xbb\xbfabc\xff", Reason::Damaged, 6);
    check_refused(b"\xef\xbb\xbfabc\xd0", Reason::Truncated, 6);
    check_refused([RUSSIAN.as_bytes(), b"\xff"].concat(), Reason::Damaged, RUSSIAN.len() as u64);
    check_refused([RUSSIAN.as_bytes(), b"\xd0"].concat(), Reason::Truncated, RUSSIAN.len() as u64);
    check_refused(b"\xff\xfea\0b", Reason::Truncated, 4);
    check_refused(b"\xff\xfea\0\0\xd8b\0", Reason::Damaged, 4);
    check_refused(b"\xc4\xe0", Reason::Encoding, 0);
    check_refused(b"caf\xe9 au lait", Reason::Encoding, 0);
}

#[test]
fn a_text_of_which_nothing_is_seen_is_empty() {
    for blank in ["", " ", "\n\r\n\t", "\u{feff}", "\u{200b}\u{2800}\n\u{a0}", "\u{e0041}"] {
        check_refused(blank, Reason::Empty, 0);
    }
}

#[test]
fn a_text_is_taken_up_to_its_limit() {
    let limit = usize::try_from(limits::TEXT_BYTES_MAX).unwrap();
    for len in [limit - 1, limit] {
        let mut text = "a".repeat(len - 1);
        text.push('\n');
        assert_eq!(statement(text.as_bytes()).unwrap().0.len(), len);
    }
    check_refused("a".repeat(limit + 1), Reason::TooLarge, 0);
    // The end of the last line counts.
    check_refused("a".repeat(limit), Reason::TooLarge, 0);
    // Two bytes a letter, once it is UTF-8.
    let long: String = RUSSIAN.repeat(limit / RUSSIAN.len() + 1);
    check_refused(WINDOWS_1251.encode(&long).0, Reason::TooLarge, 0);
}

#[test]
fn hostile_texts_take_linear_time() {
    let len = 1 << 20;
    for unit in [
        "\u{200d}",
        "\u{200c}\u{200d}",
        "\u{300}",
        "я\u{200b}",
        "1\u{94d}\u{200d}",
        "🏽\u{200d}",
        "\r",
        "aб",
        "\u{1d160}",
    ] {
        let text = unit.repeat(len / unit.len());
        let result = statement(format!("а{text}а").as_bytes());
        assert!(result.is_ok(), "{:?}", unit);
    }
}

#[test]
fn text_is_recognised_even_if_the_head_is_cut_within_a_character() {
    let utf8 = RUSSIAN.as_bytes();
    let marked = format!("\u{feff}🌈{RUSSIAN}");
    for len in 1..=utf8.len() {
        assert!(recognise(&utf8[..len]), "{len}");
    }
    for big_endian in [false, true] {
        let bytes = utf16(&marked, big_endian);
        for len in 2..=bytes.len() {
            assert!(recognise(&bytes[..len]), "{len}");
        }
    }
    assert!(recognise(&KOI8_U.encode("Прошу вашої допомоги").0));
}

#[test]
fn formats_that_are_written_in_text_are_not_plain_text() {
    let heads = [
        "<!DOCTYPE html><html>",
        "<html>",
        "  \n<svg xmlns=''>",
        "<?xml version='1.0'?>",
        "\u{feff}<p>",
        "text <BODY> text",
        "{\\rtf1\\ansi",
        "From: a@b.c\nTo: d@e.f\n\nhi",
        "Received: from x",
        "Return-Path: <a>",
        "MIME-Version: 1.0",
        "From a@b.c Mon Sep 17 00:00:00 2001\n",
        "Subject: a\nDate: b\n",
        "X-Spam: no\n",
        "%!PS-Adobe-3.0",
        "%PDF-1.7",
        "BEGIN:VCARD\nVERSION:3.0",
        "BEGIN:VCALENDAR",
        "#!/bin/sh\n",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN AGE ENCRYPTED FILE-----",
        "-----BEGIN PGP MESSAGE-----",
        "age-encryption.org/v1\n",
        "AGE-SECRET-KEY-1ABC",
    ];
    for head in heads {
        assert!(!recognise(head.as_bytes()), "{head}");
        assert!(!recognise(&utf16(&format!("\u{feff}{head}"), false)), "{head}");
    }
    for head in
        ["<Иван> привет", "a < b", "From what I saw\n", "Subject: my testimony\n\nI was", "Я: да\nОн: нет", "1 <2> 3"]
    {
        assert!(recognise(head.as_bytes()), "{head}");
    }
}

#[test]
fn binary_is_not_text() {
    for head in [
        &b"\x89PNG\r\n\x1a\n"[..],
        b"PK\x03\x04",
        b"\xff\xd8\xff\xe0\0\x10JFIF",
        b"\x7fELF",
        b"\xff\xfe\0\0a\0\0\0",
        b"\0\0\0\x18ftyp",
    ] {
        assert!(!recognise(head));
    }
}

#[test]
fn the_verifier_accepts_no_text_that_is_not_plain() {
    let accepts = |text: &str| verify::verify(&mut text.as_bytes()).is_ok();
    assert!(accepts("а\n") && accepts("\nа\n\n\tб\n") && accepts("می\u{200c}خواهم\n") && accepts("👩\u{200d}👧\n"));
    let not_plain = [
        "",
        "\n",
        "а",
        "а\n\n",
        "а \n",
        "а\t\n",
        "а\r\n",
        "а\u{b}\n",
        "\u{feff}а\n",
        "а\u{200b}б\n",
        "а\u{200c}б\n",
        "а\u{200d}\n",
        "\u{200d}а\n",
        "1\u{200d}👩\n",
        "a\u{ad}b\n",
        "а\u{a0}б\n",
        "а\u{2800}б\n",
        "а\u{fe0f}\n",
        "а\u{e0041}\n",
        "а\u{e000}\n",
        "а\u{378}\n",
        "а\u{85}\n",
        "а\u{7f}\n",
        "а\0\n",
        "и\u{306}\n",
        "а\u{202e}б\n",
        "а\u{3164}\n",
        "م\u{200c}\u{200c}م\n",
    ];
    for text in not_plain {
        assert!(!accepts(text), "{text:?}");
    }
    assert!(verify::verify(&mut &b"\xff\n"[..]).is_err());
}

#[test]
fn the_verifier_agrees_on_every_single_character() {
    // The planes between hold ideographs and nothing.
    let planes = ('\0'..='\u{1ffff}')
        .chain('\u{2f7f0}'..='\u{2fa20}')
        .chain('\u{dfff0}'..='\u{e1000}')
        .chain(['\u{f0000}', char::MAX]);
    for c in planes {
        let text = format!("а{c}б\n");
        match statement(text.as_bytes()) {
            Ok((plain, _)) if plain.as_str() == text => {}
            Ok(_) => assert!(verify::verify(&mut text.as_bytes()).is_err(), "{c:?} is changed and accepted"),
            Err(refusal) => assert_eq!(refusal.reason, Reason::NotUnderstood, "{c:?}"),
        }
        // And on what it may be joined to.
        let joined = format!("{c}\u{200d}👩\u{200d}{c}\nم\u{200c}{c}\u{200c}م\nक्\u{200d}{c}\u{200d}\u{94d}\n");
        if let Err(refusal) = statement(joined.as_bytes()) {
            assert_eq!(refusal.reason, Reason::NotUnderstood, "{c:?}");
        }
    }
}

/// Characters among which the rules meet.
fn hostile_char() -> impl Strategy<Value = char> {
    let chars: Vec<char> = "аб и\u{306}\u{308}e\u{301}\u{323}\t\r\n\u{b}\u{2028}\u{200b}\u{200c}\u{200d}\u{feff}\u{34f}\u{fe0f}\u{a0}\u{2800}\
        میرک\u{64e}कष\u{94d}\u{93c}র\u{9cd}👩👧❤🏽🌈1#\u{1100}\u{1161}\u{11a8}\u{115f}\u{e0041}\u{202e}\u{212b}\u{1d15e}\u{f900}"
        .chars()
        .collect();
    prop_oneof![4 => prop::sample::select(chars), 1 => any::<char>().prop_filter("text", |c| !c.is_control()), 1 => Just('\n')]
}

proptest! {
    #[test]
    fn the_plain_form_is_a_fixpoint_and_verified(chars in prop::collection::vec(hostile_char(), 0..40)) {
        let text: String = chars.into_iter().collect();
        match statement(text.as_bytes()) {
            Ok((plain, _)) => {
                let (again, findings) = statement(plain.as_bytes()).unwrap();
                prop_assert_eq!(&*plain, &*again);
                prop_assert!(findings.into_vec().iter().all(|finding| finding.fate == Fate::Remains));
            }
            Err(refusal) => prop_assert_eq!(refusal.reason, Reason::Empty),
        }
    }

    #[test]
    fn no_bytes_bring_it_down(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        (FORMAT.recognise)(&bytes);
        if let Err(refusal) = statement(&bytes) {
            prop_assert!(refusal.reason != Reason::Unaccounted);
        }
    }
}
