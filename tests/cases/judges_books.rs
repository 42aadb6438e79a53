//! Python and unzip judge clean books: every document has the same words, and the archive is sound.

use crate::harness::{dirty_twin, fixtures, name_of, tool};

/// Fixtures of which all words are shown and stay.
const SAME: &[&str] = &["cover.epub", "fixed.epub", "formula.epub", "memoir.epub", "old.epub"];

/// Prints the words of each document between head and end, in the order of reading.
const WORDS: &str = r"
import sys, zipfile, re
from html.parser import HTMLParser
class Words(HTMLParser):
    def __init__(self):
        super().__init__()
        self.all, self.quiet = [], 0
    def handle_starttag(self, tag, attrs):
        self.quiet += tag in ('head', 'annotation', 'svg')
    def handle_endtag(self, tag):
        self.quiet -= tag in ('head', 'annotation', 'svg')
    def handle_data(self, data):
        if not self.quiet:
            self.all += data.split()
book = zipfile.ZipFile(sys.argv[1])
names = [name for name in book.namelist() if re.search(r'/ch[0-9]+\.xhtml$', name)] \
    + [name for name in book.namelist() if name.endswith('/nav.xhtml')]
for name in sorted(names, key=lambda name: ('nav' in name, name)):
    words = Words()
    words.feed(book.read(name).decode())
    print(' '.join(words.all))
";

#[test]
fn words_are_the_same_to_python() {
    for name in SAME {
        let clean = crate::harness::fixture(&format!("clean/{name}"));
        let words = |path: &std::path::Path| tool("python3").args(["-c", WORDS]).arg(path).run().exits(0).text();
        assert_eq!(words(&clean), words(&dirty_twin(&clean)), "{name}");
        assert!(words(&clean).trim().len() > 10, "{name}");
    }
}

#[test]
fn clean_books_are_sound_to_unzip() {
    let books: Vec<_> = fixtures("clean").into_iter().filter(|path| name_of(path).ends_with(".epub")).collect();
    assert!(books.len() >= 5);
    for clean in books {
        let said = tool("unzip").arg("-t").arg(&clean).run().exits(0).text();
        assert!(said.contains("No errors detected"), "{}: {said}", clean.display());
        let first = tool("unzip").args(["-Z1"]).arg(&clean).run().exits(0).text();
        assert!(first.starts_with("mimetype\n"), "{}", clean.display());
    }
}
