//! LibreOffice judges clean Word documents, workbooks and presentations: it opens them, with the same words, and they look the same.

use std::path::{Path, PathBuf};

use crate::harness::{dirty_twin, folder, name_of, tool};

/// Fixtures in which nothing goes that was printed, and whose formulas were calculated.
const SAME: &[&str] = &[
    "chart.xlsx",
    "hidden.docx",
    "hidden.xlsx",
    "named.docx",
    "office.docx",
    "office.xlsx",
    "rules.xlsx",
    "strict.docx",
    "small.pptx",
    "talk.pptx",
];

/// What LibreOffice prints of files, as PDF beside one another.
fn printed(files: &[PathBuf], dir: &Path) -> Vec<PathBuf> {
    let profile = dir.join("profile");
    tool("soffice")
        .arg(format!("-env:UserInstallation=file://{}", profile.display()))
        .args(["--headless", "--convert-to", "pdf", "--outdir"])
        .arg(dir)
        .args(files)
        .run()
        .exits(0);
    files.iter().map(|file| dir.join(name_of(file)).with_extension("pdf")).collect()
}

#[test]
fn what_is_printed_is_the_same_to_libreoffice() {
    let (before, after) = (folder(), folder());
    let clean: Vec<PathBuf> = SAME.iter().map(|name| crate::harness::fixture(&format!("clean/{name}"))).collect();
    let dirty: Vec<PathBuf> = clean.iter().map(|path| dirty_twin(path)).collect();
    for (before, after) in printed(&dirty, before.path()).iter().zip(printed(&clean, after.path())) {
        let words = |pdf: &Path| tool("pdftotext").arg(pdf).arg("-").run().exits(0).text();
        assert_eq!(words(before), words(&after), "{}", after.display());
        assert!(!words(before).trim().is_empty());
        let (one, other) = (drawn(before), drawn(&after));
        assert_eq!(one.len(), other.len(), "{}", after.display());
        let apart = one.iter().zip(&other).filter(|(one, other)| one.abs_diff(**other) > 64).count();
        assert!(apart * 500 <= one.len(), "{}: {apart} of {}", after.display(), one.len());
    }
}

/// The first page in dots.
fn drawn(pdf: &Path) -> Vec<u8> {
    let picture = pdf.with_extension("");
    tool("pdftoppm").args(["-r", "60", "-singlefile"]).arg(pdf).arg(&picture).run().exits(0);
    std::fs::read(picture.with_extension("ppm")).unwrap()
}
