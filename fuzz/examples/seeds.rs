//! Writes what the fuzz targets begin with into the folder that is named, a folder a target: sealed here, and
//! the format's test vectors where they are installed.

use std::fs;
use std::io;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use deponent::clean::Format;
use deponent::envelope::fuzzing::{armored, seal_payload};
use deponent::envelope::identity::{Kind, Protection, generate};
use deponent::envelope::{Form, Recipients, seal};
use deponent_fuzz::FAMILIES;

/// That of the target.
const PAYLOAD_KEY: [u8; 32] = [7; 32];
const NONCE_BYTES: usize = 16;
const CHUNK_BYTES: usize = 64 * 1024;

fn main() -> io::Result<()> {
    let corpus = PathBuf::from(std::env::args_os().nth(1).expect("a folder"));
    for target in ["header", "payload", "armor"] {
        fs::create_dir_all(corpus.join(target))?;
    }
    for (kind, count) in [(Kind::Hybrid, 1), (Kind::X25519, 1), (Kind::X25519, 3)] {
        let sealed = sealed(kind, count);
        let payload_at = sealed.windows(5).position(|bytes| bytes == b"\n--- ").expect("a header") + 49;
        let name = format!("{kind:?}-{count}");
        fs::write(corpus.join("header").join(&name), &sealed[..payload_at + NONCE_BYTES])?;
        write_armor(&corpus, &name, &armored(&sealed, NonZeroUsize::MAX)?)?;
    }
    for len in [0, 1, 15, 16, 17, 1000, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1] {
        let sealed = seal_payload(PAYLOAD_KEY, NonZeroUsize::MIN, &vec![1; len]).expect("memory takes everything");
        fs::write(corpus.join("payload").join(format!("sealed-{len}")), [&[0; 4], &sealed[..]].concat())?;
    }
    // The target's four bytes: a round trip or an alteration, a size, what is altered, and where. The last
    // size stands at the edge of a batch, those before it of one chunk or more.
    for what in 1..3 {
        for how in 0..8 {
            let control = [what, 245 + how, how, how * 31];
            fs::write(corpus.join("payload").join(format!("made-{what}-{how}")), [&control[..], b"words"].concat())?;
        }
    }
    for len in [0, 1, 47, 48, 49, 96] {
        write_armor(&corpus, &format!("{len}"), &armored(&vec![1; len], NonZeroUsize::MAX)?)?;
    }
    let words = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/words/positives.tsv");
    fs::create_dir_all(corpus.join("words"))?;
    for (number, row) in fs::read_to_string(words)?.lines().enumerate().filter(|(number, _)| number % 4 == 0) {
        fs::write(corpus.join("words").join(format!("{number}")), row.rsplit('\t').next().unwrap_or_default())?;
    }
    fixtures(&corpus)?;
    vectors(&corpus)
}

/// The fixtures of each family: dirty, clean and corrupt ones.
fn fixtures(corpus: &Path) -> io::Result<()> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures");
    for (family, _) in FAMILIES {
        fs::create_dir_all(corpus.join(family))?;
        let formats = deponent_fuzz::formats(family);
        for folder in ["dirty", "clean", "corrupt"] {
            for entry in fs::read_dir(fixtures.join(folder))? {
                let path = entry?.path();
                let extension = path.extension().unwrap_or_default().to_string_lossy().into_owned();
                let is_of =
                    |format: &&Format| format.extension == extension || format.aliases.contains(&extension.as_str());
                if formats.iter().any(is_of) {
                    let name = format!("{folder}-{}", path.file_name().unwrap_or_default().to_string_lossy());
                    fs::copy(&path, corpus.join(family).join(name))?;
                }
            }
        }
    }
    Ok(())
}

/// A sealed file of a few words.
fn sealed(kind: Kind, recipients: usize) -> Vec<u8> {
    let made = (0..recipients).map(|_| generate(kind, Protection::None).expect("random bytes").recipient);
    let recipients = Recipients::parse(&made.collect::<Vec<_>>()).unwrap_or_else(|_| unreachable!("made just now"));
    seal(&recipients, Form::Binary, NonZeroUsize::MIN, &b"words"[..], Vec::new()).expect("memory takes everything")
}

/// Behind the target's two bytes: how much is written and seen at once.
fn write_armor(corpus: &Path, name: &str, text: &[u8]) -> io::Result<()> {
    fs::write(corpus.join("armor").join(name), [&[48, 255], text].concat())
}

fn vectors(corpus: &Path) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers/vectors");
    let Ok(vectors) = fs::read_dir(folder) else { return Ok(()) };
    for vector in vectors {
        let path = vector?.path();
        let (bytes, name) = (fs::read(&path)?, path.file_name().unwrap_or_default().to_string_lossy());
        // What a vector says of itself ends with an empty line.
        let Some(end) = bytes.windows(2).position(|pair| pair == b"\n\n") else { continue };
        let (about, file) = (String::from_utf8_lossy(&bytes[..end]), &bytes[end + 2..]);
        if about.contains("armored: yes") {
            write_armor(corpus, &name, file)?;
        } else if !about.contains("compressed:") {
            fs::write(corpus.join("header").join(&*name), file)?;
        }
    }
    Ok(())
}
