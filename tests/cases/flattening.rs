//! `--flatten`: pages of PDF documents made pictures, judged by Poppler and qpdf; and what is refused instead.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::canary::{Canary, Memory, pdf};
use crate::harness::{
    Outcome, Run, deponent, desk, fixture, fixtures, folder, name_of, names, organisation, peer_path, tool,
};
use crate::traces;
use deponent::clean::{Options, Pages, Resolution, clean_with};

/// Cleans these files into `out`, under their own names.
fn check(out: &Path, flatten: &str, files: &[PathBuf]) -> Outcome {
    deponent().args(["clean", flatten, "--keep-names", "-o"]).arg(out).args(files).run()
}

fn documents() -> Vec<PathBuf> {
    let found: Vec<_> = fixtures("dirty").into_iter().filter(|path| name_of(path).ends_with(".pdf")).collect();
    assert!(found.len() >= 8);
    found
}

fn said(program: &str, args: &[&str], path: &Path) -> String {
    tool(program).args(args).arg(path).run().exits(0).text()
}

/// The lines of what Poppler says of all pages that begin with `Page`: their number, sizes and turns.
fn pages(path: &Path) -> Vec<String> {
    let said = said("pdfinfo", &["-l", "-1"], path);
    said.lines().filter(|line| line.starts_with("Page")).map(str::to_owned).collect()
}

#[test]
fn pages_keep_their_number_and_size_and_become_one_picture_each() {
    let dir = folder();
    check(dir.path(), "--flatten", &documents()).exits(0);
    for dirty in documents() {
        let made = dir.path().join(name_of(&dirty));
        assert_eq!(pages(&made), pages(&dirty), "{}", dirty.display());
        assert_eq!(tool("pdftotext").arg(&made).arg("-").run().exits(0).text().trim(), "", "{}", dirty.display());
        assert_eq!(said("pdffonts", &[], &made).lines().count(), 2, "{}", dirty.display());
        let pictures = said("pdfimages", &["-list"], &made).lines().count() - 2;
        assert_eq!(said("qpdf", &["--show-npages"], &made).trim(), pictures.to_string(), "{}", dirty.display());
        let sound = said("qpdf", &["--check"], &made);
        assert!(sound.contains("No syntax or stream encoding errors"), "{}: {sound}", dirty.display());
    }
}

#[test]
fn pages_look_the_same_to_poppler_also_when_they_are_made_pictures_twice() {
    let dir = folder();
    let (once, twice) = (dir.path().join("once"), dir.path().join("twice"));
    check(&once, "--flatten", &documents()).exits(0);
    let made: Vec<_> = names(&once).into_iter().map(|name| once.join(name)).collect();
    check(&twice, "--flatten", &made).exits(0);
    for dirty in documents() {
        for copy in [&once, &twice] {
            let told = judge(ALIKE).arg(&dirty).arg(copy.join(name_of(&dirty))).arg(dir.path()).run().exits(0).text();
            assert!(told.trim().parse::<f64>().unwrap() <= 0.01, "{}: {told}", dirty.display());
        }
    }
}

fn judge(script: &str) -> Run {
    let python = peer_path("python/bin/python");
    tool(python.to_str().unwrap()).args(["-c", script])
}

/// How many of the dots of the first page differ by more than a quarter of the way from black to white.
const ALIKE: &str = "
import subprocess, sys
from PIL import Image, ImageChops
drawn = []
for number, path in enumerate(sys.argv[1:3]):
    out = f'{sys.argv[3]}/page-{number}'
    subprocess.run(['pdftoppm', '-cropbox', '-r', '160', '-gray', '-l', '1', '-singlefile', path, out], check=True)
    with Image.open(out + '.pgm') as image:
        drawn.append(image.reduce(4))
assert drawn[0].size == drawn[1].size, (drawn[0].size, drawn[1].size)
print(sum(ImageChops.difference(*drawn).histogram()[64:]) / (drawn[0].width * drawn[0].height))
";

#[test]
fn the_same_document_gives_the_same_bytes_and_cleaning_leaves_them() {
    let dir = folder();
    let letter = [fixture("dirty/letter.pdf")];
    let [a, b, again] = ["a", "b", "again"].map(|name| dir.path().join(name));
    check(&a, "--flatten", &letter).exits(0);
    check(&b, "--flatten=150", &letter).exits(0);
    let made = std::fs::read(a.join("letter.pdf")).unwrap();
    assert!(made == std::fs::read(b.join("letter.pdf")).unwrap());
    let listing =
        deponent().args(["clean", "--json", "-o"]).arg(&again).arg(a.join("letter.pdf")).run().exits(0).json();
    assert_eq!(listing["files"][0]["findings"].as_array().unwrap().len(), 0);
    assert!(made == std::fs::read(again.join("01.pdf")).unwrap());
}

#[test]
fn dots_are_as_many_as_were_asked_for() {
    let dir = folder();
    for (flatten, dots) in [("--flatten=72", "72"), ("--flatten", "150"), ("--flatten=600", "600")] {
        let out = dir.path().join(dots);
        check(&out, flatten, &[fixture("dirty/letter.pdf")]).exits(0);
        let listed = said("pdfimages", &["-list"], &out.join("letter.pdf"));
        let fields: Vec<&str> = listed.lines().nth(2).unwrap().split_whitespace().collect();
        assert_eq!(fields[12..14], [dots, dots], "{listed}");
    }
    for wrong in ["--flatten=71", "--flatten=601", "--flatten=", "--flatten=fine", "--flatten=-1"] {
        check(&dir.path().join("out"), wrong, &[fixture("dirty/letter.pdf")]).exits(2);
    }
    assert_eq!(names(dir.path()).len(), 3);
}

#[test]
fn what_became_of_pages_is_said() {
    let dir = folder();
    let files = [fixture("dirty/letter.pdf"), fixture("dirty/hidden.pdf")];
    let listing = deponent().args(["clean", "--json", "--flatten", "-o"]).arg(dir.path()).args(files).run();
    let listing = listing.exits(0).json();
    let findings = |file: usize| listing["files"][file]["findings"].as_array().unwrap().clone();
    let anew = findings(0).into_iter().find(|finding| finding["where"] == "pages made pictures").unwrap();
    assert_eq!((&anew["remains"], &anew["category"]), (&true.into(), &"comment".into()));
    assert!(anew["value"].as_str().unwrap().contains("can no longer be searched or copied"));
    assert!(findings(0).iter().any(|finding| finding["value"] == "Margot Hellwig"));
    let hidden = |kind: &str| {
        findings(1).into_iter().find(|finding| finding["where"].as_str().unwrap().ends_with(kind)).unwrap()["remains"]
            == true
    };
    assert!(!hidden("invisible text") && hidden("text in the colour behind it"));
}

#[test]
fn other_files_are_cleaned_as_ever_and_documents_in_archives_become_pictures() {
    let dir = folder();
    let [plain, flat] = ["plain", "flat"].map(|name| dir.path().join(name));
    let files = ["persian.txt", "rgb.jpg", "IMG_20260914_183042.jpg"].map(|name| fixture(&format!("dirty/{name}")));
    deponent().args(["clean", "--keep-names", "-o"]).arg(&plain).args(&files).run().exits(0);
    check(&flat, "--flatten", &files).exits(0);
    for name in names(&plain) {
        assert!(std::fs::read(plain.join(&name)).unwrap() == std::fs::read(flat.join(&name)).unwrap(), "{name}");
    }
    let archive = dir.path().join("a.zip");
    tool("zip").args(["-q", "-j"]).arg(&archive).arg(fixture("dirty/letter.pdf")).run().exits(0);
    check(&flat, "--flatten", std::slice::from_ref(&archive)).exits(0);
    tool("unzip").args(["-q", "-d"]).arg(dir.path()).arg(flat.join("a.zip")).run().exits(0);
    let made = dir.path().join("letter.pdf");
    assert_eq!(said("pdfimages", &["-list"], &made).lines().count(), 3);
}

#[test]
fn what_cannot_be_drawn_is_refused_with_a_hint_and_nothing_is_left() {
    let dir = folder();
    let out = dir.path().join("out");
    let (locked, missing) = (dir.path().join("locked.pdf"), dir.path().join("missing.pdf"));
    let lock = ["--encrypt", "", "secret", "256", "--"];
    tool("qpdf").arg(fixture("dirty/letter.pdf")).args(lock).arg(&locked).run().exits(0);
    check(&out, "--flatten", &[locked]).exits(3).says("it is encrypted").says("hint: ");
    std::fs::write(&missing, page("BT /F1 30 Tf 20 100 Td (AB) Tj ET")).unwrap();
    check(&out, "--flatten", std::slice::from_ref(&missing))
        .exits(3)
        .says("its pages cannot be made pictures: a letter of a font that is not in the file")
        .says("hint: run this without --flatten");
    assert!(names(&out).is_empty());
    let (_, recipient) = organisation(dir.path());
    let sealed = dir.path().join("sealed.age");
    let seal = deponent().args(["seal", "--flatten", "-r", &recipient, "-o"]).arg(&sealed).arg(missing);
    seal.run().exits(3).says("nothing was sealed");
    assert!(!sealed.exists());
}

#[test]
fn bombs_are_refused_in_time_and_nothing_is_left() {
    let dir = folder();
    let out = dir.path().join("out");
    for (name, content) in [
        ("flood.pdf", "q Q ".repeat(3_000_000)),
        ("lines.pdf", "0 0 m 199 199 l S 0 199 m 199 0 l S ".repeat(200_000)),
        ("text.pdf", format!("BT /F1 900 Tf {}ET", "1 0 0 1 0 0 Tm (AB) Tj ".repeat(200_000))),
    ] {
        let path = dir.path().join(name);
        std::fs::write(&path, page(&content).replace("/Differences[65/afii10017]", "")).unwrap();
        let begun = Instant::now();
        check(&out, "--flatten", &[path]).exits(3).says("its pages cannot be made pictures: too m");
        // A build for development on a busy machine.
        assert!(begun.elapsed() < Duration::from_secs(60), "{name}: {:?}", begun.elapsed());
    }
    assert!(names(&out).is_empty());
}

/// A document of one page, with a font that is not in it and has no Cyrillic letter.
fn page(content: &str) -> String {
    format!(
        "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
         3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n\
         4 0 obj<</Length {}>>\nstream\n{content}\nendstream endobj\n\
         5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding<</Differences[65/afii10017]>>>>endobj\n\
         trailer<</Root 1 0 R>>\n",
        content.len()
    )
}

#[test]
fn pages_made_pictures_are_sealed_and_opened_again() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let (sealed, out) = (dir.path().join("sealed.age"), dir.path().join("out"));
    let letter = fixture("dirty/letter.pdf");
    check(&out, "--flatten=100", std::slice::from_ref(&letter)).exits(0);
    let seal = deponent().args(["seal", "--flatten=100", "-r", &recipient, "-o"]).arg(&sealed).arg(&letter);
    seal.run().exits(0).says("can no longer be searched or copied");
    let cases = dir.path().join("cases");
    desk().args(["open", "-i"]).arg(&identity).arg("-o").arg(&cases).arg(&sealed).run().exits(0);
    let found = tool("find").arg(&cases).args(["-name", "*.pdf"]).run().exits(0).text();
    assert_eq!(found.lines().count(), 1, "{found}");
    let opened = std::fs::read(found.trim()).unwrap();
    assert!(opened == std::fs::read(out.join("letter.pdf")).unwrap());
}

#[test]
fn no_mark_survives_in_a_page_that_is_a_picture() {
    let pages = Pages::Flattened(Resolution::new(72).unwrap());
    let mut flattened = 0;
    for Canary { name, file, mark, .. } in pdf::canaries() {
        // A font of many letters that is not in the file is refused; here it is not used.
        let original = Memory::new(without(&file, "/Comp 9 Tf (ab) Tj"));
        let cleaned = clean_with(&original, Options { pages, ..Options::default() });
        let cleaned = cleaned.unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        let mut made = Vec::new();
        std::io::Read::read_to_end(&mut cleaned.content(&original).unwrap(), &mut made).unwrap();
        let digits: String = mark.iter().map(|byte| format!("{byte:02X}")).collect();
        for trace in [mark.as_slice(), digits.as_bytes()] {
            assert!(traces::find(&made, trace).is_none(), "{name}");
        }
        flattened += 1;
    }
    assert!(flattened >= 452);
}

/// The file with blanks in the place of these words, also where they are in hexadecimal digits.
fn without(file: &[u8], words: &str) -> Vec<u8> {
    let digits = |text: &str| text.bytes().map(|byte| format!("{byte:02X}")).collect::<String>();
    let blank = " ".repeat(words.len());
    let mut file = file.to_vec();
    for (from, to) in [(words.to_owned(), blank.clone()), (digits(words), digits(&blank))] {
        if let Some(at) = file.windows(from.len()).position(|window| window == from.as_bytes()) {
            file[at..at + from.len()].copy_from_slice(to.as_bytes());
        }
    }
    file
}
