//! Documents made to cost much and hold little: each is answered, cleaned or refused, in little memory, and none leaves
//! a file half-written.

use std::fmt::Write as _;
use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::harness::{fixture, folder, names, tool};

/// KiB of addresses that the program may use: 256 MiB, and room for its code, its stacks and the allocator's arenas.
const ADDRESSES_KIB: u64 = (256 + 128) << 10;

/// Cleans a document in so little memory; its exit code, its sentence and how many files it left.
fn cleaned(name: &str, content: &[u8]) -> (Option<i32>, String, usize) {
    let dir = folder();
    let path = dir.path().join(name);
    std::fs::write(&path, content).unwrap();
    let out = dir.path().join("clean");
    let limit = format!("ulimit -v {ADDRESSES_KIB} && exec \"$0\" clean -o \"$1\" -- \"$2\"");
    let outcome = tool("bash").args(["-c", &limit, env!("CARGO_BIN_EXE_deponent")]).arg(&out).arg(&path).run();
    let left = if out.exists() { names(&out).len() } else { 0 };
    (outcome.code, outcome.stderr, left)
}

fn refuses(name: &str, content: &[u8], sentence: &str) {
    let (code, stderr, left) = cleaned(name, content);
    assert_eq!((code, left), (Some(3), 0), "{stderr}");
    assert!(stderr.contains(sentence), "{stderr}");
}

fn cleans(name: &str, content: &[u8]) {
    let (code, stderr, left) = cleaned(name, content);
    assert_eq!((code, left), (Some(0), 1), "{stderr}");
}

/// Cleaned or refused, whichever: no crash, and nothing half-written.
fn answers(name: &str, content: &[u8]) {
    let (code, stderr, left) = cleaned(name, content);
    assert!(matches!((code, left), (Some(3), 0) | (Some(0), 1)), "{code:?} {left} {stderr}");
}

/// Numbered objects from 1 on, of which the first is the catalogue; with a table, where it is asked for.
fn pdf(objects: &[String], table: bool) -> Vec<u8> {
    let (mut file, mut places) = ("%PDF-1.5\n".to_owned(), String::new());
    for (object, number) in objects.iter().zip(1..) {
        writeln!(places, "{:010} 00000 n ", file.len()).unwrap();
        writeln!(file, "{number} 0 obj{object}endobj").unwrap();
    }
    let (start, size) = (file.len(), objects.len() + 1);
    if table {
        write!(file, "xref\n0 {size}\n0000000000 65535 f \n{places}").unwrap();
    }
    writeln!(file, "trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF").unwrap();
    file.into_bytes()
}

/// A document of one page with this content, deflated.
fn page(content: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    let data = encoder.finish().unwrap();
    let mut file = b"%PDF-1.5\n1 0 obj<</Pages 2 0 R>>endobj\n2 0 obj<</Kids[3 0 R]/Count 1>>endobj\n".to_vec();
    file.extend(b"3 0 obj<</Parent 2 0 R/MediaBox[0 0 99 99]/Resources<<>>/Contents 4 0 R>>endobj\n");
    writeln!(file, "4 0 obj<</Filter/FlateDecode/Length {}>>stream", data.len()).unwrap();
    file.extend(data);
    file.extend(b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n");
    file
}

fn catalogue() -> Vec<String> {
    ["<</Pages 2 0 R>>", "<</Kids[3 0 R]/Count 1>>", "<</Parent 2 0 R/MediaBox[0 0 9 9]/Resources<<>>>>"]
        .map(str::to_owned)
        .to_vec()
}

#[test]
fn a_million_objects_are_refused_with_a_table_and_without() {
    let mut objects = catalogue();
    objects.extend((0..1_000_000).map(|_| "<</A 1>>".to_owned()));
    for table in [true, false] {
        refuses("objects.pdf", &pdf(&objects, table), "number of objects");
    }
}

#[test]
fn many_small_objects_that_nothing_uses_are_left_out() {
    let mut objects = catalogue();
    objects.extend((0..400_000).map(|_| "<</A[<<>>]>>".to_owned()));
    cleans("objects.pdf", &pdf(&objects, true));
}

#[test]
fn pages_that_are_their_own_parents_end() {
    let mut objects = catalogue();
    objects[1] = "<</Kids[2 0 R 3 0 R 2 0 R]/Parent 2 0 R/Count 9>>".to_owned();
    objects[2] = "<</Parent 3 0 R/MediaBox 3 0 R/Contents[4 0 R 5 0 R]>>".to_owned();
    objects.extend(["4 0 R".to_owned(), "[5 0 R 4 0 R]".to_owned()]);
    answers("cycle.pdf", &pdf(&objects, true));
}

#[test]
fn arrays_a_million_deep_are_refused() {
    let mut objects = catalogue();
    objects.push("[".repeat(1_000_000));
    refuses("deep.pdf", &pdf(&objects, true), "number of objects, or their nesting");
}

#[test]
fn content_that_says_nothing_at_length_is_answered() {
    for word in ["q Q\n", "(q) ' ", "[", "BT ET ", "<</A", "A"] {
        let content = ["BT (", &word.repeat((40 << 20) / word.len()), ") Tj ET"].concat();
        let content = if word == "A" { &content } else { content.trim_start_matches("BT (") };
        answers("long.pdf", &page(content.as_bytes()));
    }
}

/// A fixture, in one part of which `what` stands `times` times in front of `before`.
const SWELL: &str = "import sys, zipfile
fixture, out, part, before, times = sys.argv[1:]
what = sys.stdin.read()
with zipfile.ZipFile(fixture) as old, zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as new:
    for member in old.infolist():
        content = old.read(member)
        if member.filename == part:
            head, tail = content.split(before.encode(), 1)
            content = head + what.encode() * int(times) + before.encode() + tail
        new.writestr(member.filename, content)
";

fn swollen(name: &str, part: &str, before: &str, what: &str, times: usize) -> Vec<u8> {
    let dir = folder();
    let out = dir.path().join(name);
    let times = times.to_string();
    tool("python3")
        .args(["-c", SWELL])
        .arg(fixture(&format!("dirty/{name}")))
        .arg(&out)
        .args([part, before, &times])
        .stdin(what.as_bytes())
        .run()
        .exits(0);
    std::fs::read(&out).unwrap()
}

#[test]
fn parts_that_swell_are_refused() {
    for (name, part, before, what) in [
        ("office.docx", "word/document.xml", "</w:body>", "<w:p><w:r><w:t>a</w:t></w:r></w:p>"),
        (
            "office.docx",
            "word/styles.xml",
            "</w:styles>",
            "<w:style w:type=\"paragraph\"><w:name w:val=\"a\"/></w:style>",
        ),
        (
            "office.xlsx",
            "xl/worksheets/sheet1.xml",
            "</sheetData>",
            "<row><c t=\"inlineStr\"><is><t>a</t></is></c></row>",
        ),
        ("small.pptx", "ppt/slides/slide1.xml", "</p:spTree>", "<p:cxnSp><p:nvCxnSpPr/><p:spPr/></p:cxnSp>"),
        ("order.odt", "content.xml", "</office:text>", "<text:p><text:s text:c=\"1000000\"/></text:p>"),
        ("roster.ods", "content.xml", "</office:spreadsheet>", "<table:table><table:table-row/></table:table>"),
        ("memoir.epub", "OEBPS/ch1.xhtml", "</body>", "<p><a href=\"#a\">a</a></p>"),
    ] {
        let bomb = swollen(name, part, before, what, (60 << 20) / what.len());
        refuses(name, &bomb, "too large: ");
    }
}

#[test]
fn a_document_type_and_its_entities_are_refused() {
    let declared = "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>";
    for (name, part, before) in [
        ("office.docx", "word/document.xml", "<w:document"),
        ("office.xlsx", "xl/workbook.xml", "<workbook"),
        ("small.pptx", "ppt/presentation.xml", "<p:presentation"),
        ("order.odt", "content.xml", "<office:document-content"),
        ("memoir.epub", "OEBPS/content.opf", "<package"),
    ] {
        refuses(name, &swollen(name, part, before, declared, 1), "document type");
    }
}

#[test]
fn depth_and_breadth_of_xml_are_refused() {
    let attributes: String = (0..100_000).fold(String::new(), |text, at| text + &format!(" a{at}=\"1\""));
    let names: String = (0..100_000).fold(String::new(), |text, at| text + &format!(" xmlns:a{at}=\"urn:{at}\""));
    let (attributes, names) = (format!("<w:p{attributes}/>"), format!("<w:p{names}/>"));
    for (what, times, says) in [
        ("<w:tbl><w:tr><w:tc>", 100_000, "too large: "),
        (attributes.as_str(), 1, "too large: "),
        (names.as_str(), 1, "damaged: "),
    ] {
        let bomb = swollen("office.docx", "word/document.xml", "</w:body>", what, times);
        refuses("office.docx", &bomb, says);
    }
}
