//! Other programs judge clean PDF documents: qpdf their structure, Poppler their text and what they look like.

use std::path::Path;

use crate::harness::{dirty_twin, fixtures, folder, name_of, tool};

fn documents() -> Vec<std::path::PathBuf> {
    let found: Vec<_> = fixtures("clean").into_iter().filter(|path| name_of(path).ends_with(".pdf")).collect();
    assert!(found.len() >= 5);
    found
}

#[test]
fn clean_documents_are_sound_to_qpdf() {
    for clean in documents() {
        let said = tool("qpdf").arg("--check").arg(&clean).run().exits(0).text();
        assert!(said.contains("No syntax or stream encoding errors"), "{}: {said}", clean.display());
    }
}

#[test]
fn text_is_the_same_to_poppler() {
    let text = |path: &Path| tool("pdftotext").arg("-layout").arg(path).arg("-").run().exits(0).text();
    for clean in documents() {
        assert_eq!(text(&clean), text(&dirty_twin(&clean)), "{}", clean.display());
    }
}

#[test]
fn pages_look_the_same_to_poppler() {
    let dir = folder();
    let drawn = |path: &Path, name: &str| {
        let picture = dir.path().join(name);
        tool("pdftoppm").args(["-r", "72", "-singlefile"]).arg(path).arg(&picture).run().exits(0);
        std::fs::read(picture.with_extension("ppm")).unwrap()
    };
    for clean in documents() {
        let (before, after) = (drawn(&dirty_twin(&clean), "before"), drawn(&clean, "after"));
        assert_eq!(before.len(), after.len(), "{}", clean.display());
        let other = before.iter().zip(&after).filter(|(one, other)| one.abs_diff(**other) > 16).count();
        assert!(other * 1000 <= before.len(), "{}: {other} of {}", clean.display(), before.len());
    }
}
