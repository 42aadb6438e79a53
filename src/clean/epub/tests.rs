use super::css::verify::names as verified;
use super::*;
use crate::clean::Fate;
use crate::clean::memory::{cut_and_flip, fixture, produced, says, verifies, zipped};

const BOOKS: [&str; 6] = ["memoir", "old", "cover", "scripted", "fixed", "formula"];

/// The members of a clean file as text, one behind the other.
fn text(bytes: &[u8]) -> String {
    let mut reader = std::io::Cursor::new(bytes);
    let mut cursor = Cursor::new(&mut reader).unwrap();
    let archive = Archive::read(&mut cursor).unwrap();
    let members: Vec<_> = archive.members().to_vec();
    let texts = members.iter().map(|member| {
        let bytes = archive.bytes(&mut cursor, member, 1 << 24).unwrap();
        format!("{}\n{}\n", member.name, String::from_utf8_lossy(&bytes))
    });
    texts.collect()
}

#[test]
fn books_become_clean_ones_that_stay_as_they_are() {
    for name in BOOKS {
        let (clean, _) = produced(&fixture(&format!("dirty/{name}.epub"))).unwrap();
        assert!(verifies(&FORMAT, &clean), "{name}");
        let (again, findings) = produced(&clean).unwrap();
        assert!(again == clean && findings.is_empty(), "{name}: {findings:?}");
        let text = text(&clean);
        for gone in ["hanna", "Ганн", "Кварц", "kvarz", "2026", "calibre", "Sigil"] {
            assert!(!text.contains(gone), "{name}: {gone}");
        }
    }
}

#[test]
fn what_goes_is_told() {
    let (clean, findings) = produced(&fixture("dirty/memoir.epub")).unwrap();
    for (category, value) in [
        (Category::Person, "Ганна Кварц"),
        (Category::Comment, "Спогади Ганни"),
        (Category::Time, "2026-09-14"),
        (Category::Identifier, "urn:uuid:8f0c-hanna"),
        (Category::Identifier, "https://kvarz.example/?reader=hanna"),
        (Category::HiddenContent, "OEBPS/fonts/hanna.ttf"),
    ] {
        assert!(says(&findings, category, value), "{value}");
    }
    let text = text(&clean);
    assert!(text.contains("<a href=\"ch001.xhtml#i1\">назад</a>") && text.contains("<img src=\"img001.jpg\" alt=\"\""));
    assert!(text.contains("<dc:language>uk</dc:language>") && !text.contains("<dc:language>ru"));
    assert!(text.contains("body,.c1{font-family:\"georgia\",serif;margin:0 5.5em;color:#abc}"));
    assert!(text.contains("p.c1:first-child>em+strong,h1#i1{text-indent:1em!important}"));
    assert!(text.contains("@media screen{\n.c1::before{content:\"—\"}\n}\n"));
    assert!(!text.contains("font-face") && !text.contains("unused") && !text.contains("blue"));
}

#[test]
fn encrypted_books_are_refused_and_scrambled_fonts_are_not() {
    let refusal = produced(&fixture("corrupt/encrypted.epub")).unwrap_err();
    assert_eq!(refusal.reason, Reason::Encrypted);
    let scrambled: &[u8] =
        b"<encryption><EncryptionMethod Algorithm='http://www.idpf.org/2008/embedding'/></encryption>";
    assert!(produced(&small(&[("META-INF/encryption.xml", scrambled)])).is_ok());
    assert_eq!(produced(&small(&[("META-INF/encryption.xml", b"\0")])).unwrap_err().reason, Reason::Encrypted);
}

#[test]
fn style_sheets_have_one_form() {
    let mut names = Names::default();
    names.used_classes.extend(["a", "b"].map(str::to_owned));
    names.given_ids.insert("x".to_owned());
    let mut made = |text: &str| css::sheet(text, &mut names).text;
    assert_eq!(made("P.b  >\n.a{COLOR:Red;;margin:+1.50PX auto}"), "p.c1>.c2{color:red;margin:1.5px auto}\n");
    assert_eq!(made("p{margin:.5em -0px 00.10% -1.23456em}"), "p{margin:0.5em 0px 0.1% -1.2345em}\n");
    assert_eq!(made("#x:hover,#y,.z{color:red}"), "#i1:hover{color:red}\n");
    assert_eq!(
        made("p:nth-child(02){font-family:Hanna,'Times New Roman', serif}"),
        "p:nth-child(2){font-family:\"times new roman\",serif}\n"
    );
    for nothing in
        ["", "p{}", "p{kvarz:1}", "p{color:kvarz}", "@media print{}", "p{color:red", "}", "{", "p,{", "@import 'a'"]
    {
        let text = made(nothing);
        assert!(text.is_empty() || text == "p{color:red}\n", "{nothing}: {text}");
    }
    for clean in
        ["p{color:red}\n", "@media print{\np{color:red}\n}\n", "*.c1>a#i2::before{content:\"— \";font-family:serif}\n"]
    {
        assert!(verified(clean).is_some(), "{clean}");
    }
    for other in [
        "p{color:red}",
        "p{color:hanna}\n",
        "p{hanna:red}\n",
        ".hanna{color:red}\n",
        "p{color:red;}\n",
        "p {color:red}\n",
        "p{margin:1.50px}\n",
        "p{content:\"hanna\"}\n",
        "p{font-family:\"hanna\"}\n",
        "/**/p{color:red}\n",
        "@media print{\n}\n",
        "@media print{\np{color:red}\n",
        "p{color:RED}\n",
        "p{color:red  red}\n",
        "\n",
    ] {
        assert!(verified(other).is_none(), "{other}");
    }
}

#[test]
fn what_leads_nowhere_is_not_accepted() {
    let (clean, _) = produced(&fixture("dirty/memoir.epub")).unwrap();
    let verifies = |change: &dyn Fn(&str) -> String| {
        let mut reader = std::io::Cursor::new(&clean);
        let mut cursor = Cursor::new(&mut reader).unwrap();
        let archive = Archive::read(&mut cursor).unwrap();
        let mut writer = Writer::default();
        for member in archive.members().to_vec() {
            let bytes = archive.bytes(&mut cursor, &member, 1 << 24).unwrap();
            let changed = match std::str::from_utf8(&bytes) {
                Ok(text) => change(text).into_bytes(),
                Err(_) => bytes.to_vec(),
            };
            writer.add(&member.name, &changed, member.method).unwrap();
        }
        let mut made = Vec::new();
        let plan = writer.finish().unwrap();
        std::io::Read::read_to_end(&mut plan.reader(&mut std::io::empty()), &mut made).unwrap();
        verifies(&FORMAT, &made)
    };
    assert!(verifies(&str::to_owned));
    for (from, to) in [
        ("#i1", "#i9"),
        ("\"ch001.xhtml", "\"ch009.xhtml"),
        ("img001", "img002"),
        ("css001", "css002"),
        ("class=\"c1\"", "class=\"c9\""),
        ("Untitled", "Hanna"),
        ("<title>1<", "<title>7<"),
        ("playOrder=\"1\"", "playOrder=\"3\""),
        ("0000", "0001"),
        ("<em>", "<em id=\"hanna\">"),
        ("alt=\"\"", "alt=\"hanna\""),
        ("idref=\"ch001\"", "idref=\"ch002\""),
        ("nav\"", "hanna\""),
        (">uk<", ">hanna<"),
        ("</package>", "</package><!-- -->"),
    ] {
        assert!(!verifies(&|text| text.replace(from, to)), "{from}");
    }
}

/// A book of one document, and further members.
fn small<'m>(further: &[(&'m str, &'m [u8])]) -> Vec<u8> {
    let mut members: Vec<(&'m str, &'m [u8])> = small_members();
    members.extend(further);
    zipped(&members)
}

fn small_members<'m>() -> Vec<(&'m str, &'m [u8])> {
    vec![
        ("mimetype", b"application/epub+zip"),
        ("META-INF/container.xml", b"<container><rootfiles><rootfile full-path='p'/></rootfiles></container>"),
        ("p", b"<package><manifest><item id='a' href='a' media-type='text/html'/></manifest><spine><itemref idref='a'/></spine></package>"),
        ("a", b"<html><body><p style='color:red'>a</p></body></html>"),
    ]
}

#[test]
fn no_beginning_and_no_changed_bit_makes_what_is_not_accepted() {
    assert!(produced(&small(&[])).is_ok());
    cut_and_flip(&small(&[]));
}

#[test]
fn too_much_text_is_refused() {
    let book = |len: u64| {
        let much = vec![b' '; usize::try_from(len).unwrap()];
        let text = [b"<html><body><p>a</p>", much.as_slice(), b"</body></html>"].concat();
        let mut members = small_members();
        members.pop();
        members.push(("a", &text));
        produced(&zipped(&members)).map(|_| ()).map_err(|refusal| refusal.reason)
    };
    assert_eq!(book(limits::EPUB_TEXT_BYTES_MIN / 2), Ok(()));
    assert_eq!(book(limits::EPUB_TEXT_BYTES_MIN * 2), Err(Reason::TooLarge));
    let sheet = vec![b' '; usize::try_from(limits::EPUB_SHEETS_BYTES_MAX).unwrap() + 1];
    let text: &[u8] = b"<html><head><link rel='stylesheet' href='s'/></head><body><p>a</p></body></html>";
    let mut members = small_members();
    members.pop();
    members.extend([("a", text), ("s", sheet.as_slice())]);
    assert_eq!(produced(&zipped(&members)).unwrap_err().reason, Reason::TooLarge);
}

#[test]
fn words_that_lead_to_a_person_are_told_with_their_document() {
    let (_, found) = produced(&fixture("dirty/told.epub")).unwrap();
    let told = found.iter().find(|own| own.place == "document 2, phone number").unwrap();
    assert_eq!((told.fate, told.value.as_deref()), (Fate::Remains, Some("+7 916 555-12-34")));
}
