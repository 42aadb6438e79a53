//! Stanzas, the lines that age's header and its plugin protocol are made of (C2SP `age.md`, "Recipient
//! stanza"; `age-plugin.md`): written, and read within bounds.

use std::io::{self, BufRead, Read};

use age_core::format::{Stanza, is_arbitrary_string};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use zeroize::Zeroizing;

/// Columns of every line of a body but the last, which is shorter and may be empty.
const BODY_COLUMNS: usize = 64;
const PREFIX: &str = "-> ";
/// Room for what is usual. A plugin's file key comes well within it, so that it is not moved while more is read.
const ROOM_BYTES: usize = 4096;

/// Appends a stanza.
pub(crate) fn push(text: &mut String, stanza: &Stanza) {
    text.push_str(PREFIX);
    text.push_str(&stanza.tag);
    for argument in &stanza.args {
        text.push(' ');
        text.push_str(argument);
    }
    text.push('\n');
    // To a plugin it may be a PIN.
    let encoded = Zeroizing::new(BASE64_STANDARD_NO_PAD.encode(&stanza.body));
    let mut rest = encoded.as_str();
    while let Some((line, following)) = rest.split_at_checked(BODY_COLUMNS) {
        text.push_str(line);
        text.push('\n');
        rest = following;
    }
    text.push_str(rest);
    text.push('\n');
}

/// Lines from outside, kept as they came, bounded in number and in bytes, and wiped in the end.
pub(crate) struct Lines<R> {
    input: R,
    read: Zeroizing<Vec<u8>>,
    left: usize,
    bytes_max: usize,
}

/// Why lines or stanzas were not read.
#[derive(Debug)]
pub(crate) enum LinesError {
    /// Not as the format wants them, or beyond the bounds.
    Malformed,
    /// The input failed.
    Io(io::Error),
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R, lines_max: usize, bytes_max: usize) -> Self {
        let read = Zeroizing::new(Vec::with_capacity(bytes_max.min(ROOM_BYTES)));
        Self { input, read, left: lines_max, bytes_max }
    }

    /// The next line, without its end: a line feed, and nothing else.
    ///
    /// # Errors
    /// [`LinesError::Malformed`] if it has no end within the bounds, or is not ASCII.
    pub(crate) fn next(&mut self) -> Result<&str, LinesError> {
        let begin = self.read.len();
        self.left = self.left.checked_sub(1).ok_or(LinesError::Malformed)?;
        let room = u64::try_from(self.bytes_max.saturating_sub(begin)).unwrap_or(u64::MAX);
        self.input.by_ref().take(room).read_until(b'\n', &mut self.read).map_err(LinesError::Io)?;
        let line = self.read.get(begin..).and_then(|line| line.strip_suffix(b"\n")).ok_or(LinesError::Malformed)?;
        let line = std::str::from_utf8(line).map_err(|_| LinesError::Malformed)?;
        if line.is_ascii() { Ok(line) } else { Err(LinesError::Malformed) }
    }

    /// The stanza that begins with a line of type and arguments, read before without its `-> `.
    ///
    /// # Errors
    /// [`LinesError`].
    pub(crate) fn stanza(&mut self, arguments: &str) -> Result<Stanza, LinesError> {
        let mut words = arguments.split(' ').map(ToOwned::to_owned);
        let tag = words.next().filter(is_arbitrary_string).ok_or(LinesError::Malformed)?;
        let args: Vec<String> = words.collect();
        if !args.iter().all(is_arbitrary_string) {
            return Err(LinesError::Malformed);
        }
        let mut body = Vec::new();
        loop {
            let line = self.next()?;
            if line.len() > BODY_COLUMNS {
                return Err(LinesError::Malformed);
            }
            // Canonical only: no padding, no bits left over, nothing but the alphabet.
            BASE64_STANDARD_NO_PAD.decode_vec(line, &mut body).map_err(|_| LinesError::Malformed)?;
            if line.len() < BODY_COLUMNS {
                return Ok(Stanza { tag, args, body });
            }
        }
    }

    /// Everything that was read, and the input behind it.
    pub(crate) fn into_parts(mut self) -> (Vec<u8>, R) {
        (std::mem::take(&mut *self.read), self.input)
    }
}

/// The type and arguments of a line that begins a stanza.
pub(crate) fn arguments(line: &str) -> Option<&str> {
    line.strip_prefix(PREFIX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stanza(len: usize) -> Stanza {
        Stanza { tag: "X".to_owned(), args: vec!["a".to_owned(), "!~".to_owned()], body: vec![7; len] }
    }

    fn read(text: &str) -> Result<Stanza, LinesError> {
        let mut lines = Lines::new(text.as_bytes(), 100, 10_000);
        let first = lines.next()?.to_owned();
        lines.stanza(arguments(&first).ok_or(LinesError::Malformed)?)
    }

    #[test]
    fn a_body_that_fills_its_lines_ends_with_an_empty_one() {
        let bodies = [0, 1, 32, 47, 48, 49, 96].map(|len| {
            let mut text = String::new();
            push(&mut text, &stanza(len));
            text.lines().skip(1).map(str::len).collect::<Vec<_>>()
        });
        assert_eq!(bodies, [vec![0], vec![2], vec![43], vec![63], vec![64, 0], vec![64, 2], vec![64, 64, 0]]);
    }

    #[test]
    fn what_is_written_is_read_back() {
        for len in 0..200 {
            let mut text = String::new();
            push(&mut text, &stanza(len));
            assert_eq!(read(&text).unwrap(), stanza(len));
        }
    }

    #[test]
    fn what_is_not_canonical_is_malformed() {
        for text in [
            "-> \n\n",
            "->\n\n",
            "-> X  a\n\n",
            "-> X \n\n",
            "-> X\x7f\n\n",
            "-> é\n\n",
            "-> X\r\n\n",
            "-> X\nAA==\n",
            "-> X\nAB\n",
            "-> X\nA\n",
            "-> X\nA*\n",
            "-> X\nAA",
            "-> X",
            &format!("-> X\n{}\n\n", "A".repeat(68)),
        ] {
            assert!(read(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn lines_and_bytes_are_bounded() {
        let text = b"one\ntwo\n";
        for (lines, bytes, good) in [(2, 8, true), (3, 9, true), (1, 8, false), (2, 7, false)] {
            let mut read = Lines::new(&text[..], lines, bytes);
            assert!(read.next().is_ok());
            assert_eq!(read.next().is_ok(), good, "{lines} {bytes}");
        }
    }
}
