//! What can be seen of a sealed file without a key.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// Words of a header that say what it is made of; all others are random.
const NAMES: [&str; 5] = ["age-encryption.org/v1", "->", "X25519", "mlkem768x25519", "---"];

/// A sealed file with everything random replaced by its length.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Look {
    /// None in a binary file.
    armor: Option<Armor>,
    header: Vec<String>,
    /// Nonce and chunks.
    payload_bytes: usize,
}

#[derive(Debug, PartialEq, Eq)]
struct Armor {
    first: Vec<u8>,
    /// How many lines of what length follow one another.
    lines: Vec<(usize, usize)>,
    last: Vec<u8>,
}

impl Look {
    pub(crate) fn of(file: &[u8]) -> Self {
        if !file.starts_with(b"-----BEGIN") {
            return Self::of_binary(file);
        }
        // With their ends: CRLF, or no end at all, would be another look.
        let mut lines: Vec<&[u8]> = file.split_inclusive(|&byte| byte == b'\n').collect();
        let (first, last) = (lines.remove(0).to_vec(), lines.pop().unwrap().to_vec());
        let text: Vec<u8> = lines.iter().flat_map(|line| line.trim_ascii_end()).copied().collect();
        let inside = BASE64_STANDARD.decode(text).unwrap();
        let lens = lines.chunk_by(|one, next| one.len() == next.len()).map(|alike| (alike.len(), alike[0].len()));
        Self { armor: Some(Armor { first, lines: lens.collect(), last }), ..Self::of_binary(&inside) }
    }

    fn of_binary(file: &[u8]) -> Self {
        let mut header = Vec::new();
        let mut rest = file;
        while header.last().is_none_or(|line: &String| !line.starts_with("---")) {
            let end = rest.iter().position(|&byte| byte == b'\n').unwrap();
            header.push(look_of_line(std::str::from_utf8(&rest[..end]).unwrap()));
            rest = &rest[end + 1..];
        }
        Self { armor: None, header, payload_bytes: rest.len() }
    }
}

/// The line with the length of each word that is no name.
fn look_of_line(line: &str) -> String {
    let word = |word: &str| if NAMES.contains(&word) { word.to_owned() } else { word.len().to_string() };
    line.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
