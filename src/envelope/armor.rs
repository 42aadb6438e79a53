//! ASCII armor (C2SP `age.md`, "ASCII armor"; RFC 7468, strict): age files for places that take only text.

use std::fmt;
use std::io::{self, BufRead, Read, Write};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

const BEGIN: &[u8] = b"-----BEGIN AGE ENCRYPTED FILE-----";
const END: &[u8] = b"-----END AGE ENCRYPTED FILE-----";
/// Columns of every line but the last, and the bytes they stand for.
const COLUMNS: usize = 64;
const LINE_BYTES: usize = 48;
/// Lines encoded before they are written.
const LINES_HELD: usize = 128;
const TEXT_BYTES: usize = 1 + (COLUMNS + 1) * LINES_HELD;

/// The armor is damaged: the inner error of an [`io::Error`] from [`Reader`].
#[derive(Debug)]
pub(super) struct ArmorError;

impl fmt::Display for ArmorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("damaged armor")
    }
}

impl std::error::Error for ArmorError {}

fn damaged() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, ArmorError)
}

/// Reads an age file, armored or not.
pub(super) enum Reader<R> {
    /// As it is.
    Binary(R),
    /// Out of its armor.
    Armored(Dearmor<R>),
}

impl<R: BufRead> Reader<R> {
    /// Tells from the first byte which it is: an age file begins with a letter, armor with a dash or with
    /// white space in front of it.
    pub(super) fn new(mut input: R) -> io::Result<Self> {
        let armored = matches!(input.fill_buf()?.first(), Some(b'-' | b' ' | b'\t' | b'\r' | b'\n'));
        Ok(if armored { Self::Armored(Dearmor::new(input)) } else { Self::Binary(input) })
    }
}

impl<R: BufRead> Read for Reader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Binary(input) => input.read(buf),
            Self::Armored(input) => {
                let decoded = input.fill_buf()?;
                let n = decoded.len().min(buf.len());
                for (to, from) in buf.iter_mut().zip(decoded) {
                    *to = *from;
                }
                input.consume(n);
                Ok(n)
            }
        }
    }
}

impl<R: BufRead> BufRead for Reader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match self {
            Self::Binary(input) => input.fill_buf(),
            Self::Armored(input) => input.fill_buf(),
        }
    }

    fn consume(&mut self, amount: usize) {
        match self {
            Self::Binary(input) => input.consume(amount),
            Self::Armored(input) => input.consume(amount),
        }
    }
}

/// Takes armor off, a line at a time. Accepts LF and CRLF, and white space before and after; nothing else
/// that differs from what [`Writer`] makes.
pub(super) struct Dearmor<R> {
    input: R,
    stage: Stage,
    line: Vec<u8>,
    decoded: Vec<u8>,
    taken: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    Begin,
    Body,
    /// A short or padded line has been read: only the end may follow.
    End,
    Done,
}

impl<R: BufRead> Dearmor<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, stage: Stage::Begin, line: Vec::new(), decoded: Vec::new(), taken: 0 }
    }

    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.taken >= self.decoded.len() && self.stage != Stage::Done {
            self.decoded.clear();
            self.taken = 0;
            if self.stage == Stage::Begin {
                self.skip_white_space()?;
                self.read_line()?;
                if self.line != BEGIN {
                    return Err(damaged());
                }
                self.stage = Stage::Body;
            }
            self.read_line()?;
            self.decode_line()?;
        }
        Ok(self.decoded.get(self.taken..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.taken = self.taken.saturating_add(amount).min(self.decoded.len());
    }

    fn decode_line(&mut self) -> io::Result<()> {
        if self.line == END {
            self.skip_white_space()?;
            self.stage = Stage::Done;
            return if self.input.fill_buf()?.is_empty() { Ok(()) } else { Err(damaged()) };
        }
        if self.stage != Stage::Body || self.line.is_empty() || self.line.len() > COLUMNS {
            return Err(damaged());
        }
        // Canonical only: whole groups, padding where it belongs, no bits left over.
        BASE64_STANDARD.decode_vec(&self.line, &mut self.decoded).map_err(|_| damaged())?;
        if self.decoded.len() < LINE_BYTES {
            self.stage = Stage::End;
        }
        Ok(())
    }

    /// Reads a line without its end. No valid one is longer than its end marker or 64 columns, so no more
    /// is held of any.
    fn read_line(&mut self) -> io::Result<()> {
        self.line.clear();
        let room = u64::try_from(COLUMNS.saturating_add(2)).unwrap_or(u64::MAX);
        self.input.by_ref().take(room).read_until(b'\n', &mut self.line)?;
        if self.line.last() == Some(&b'\n') {
            self.line.pop();
            if self.line.last() == Some(&b'\r') {
                self.line.pop();
            }
        }
        Ok(())
    }

    fn skip_white_space(&mut self) -> io::Result<()> {
        loop {
            let buf = self.input.fill_buf()?;
            let n = buf.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
            if n == 0 {
                return Ok(());
            }
            self.input.consume(n);
        }
    }
}

/// Puts armor on. Lines end with LF on every platform.
pub(super) struct Writer<W> {
    output: W,
    pending: Vec<u8>,
    begun: bool,
}

impl<W: Write> Writer<W> {
    pub(super) fn new(output: W) -> Self {
        Self { output, pending: Vec::with_capacity(LINE_BYTES * LINES_HELD), begun: false }
    }

    /// Writes what is held and the end marker, and gives the output back.
    pub(super) fn finish(mut self) -> io::Result<W> {
        self.write_pending()?;
        self.output.write_all(END)?;
        self.output.write_all(b"\n")?;
        Ok(self.output)
    }

    fn write_pending(&mut self) -> io::Result<()> {
        let mut text = String::with_capacity(TEXT_BYTES);
        if !self.begun {
            self.begun = true;
            self.output.write_all(BEGIN)?;
            text.push('\n');
        }
        for line in self.pending.chunks(LINE_BYTES) {
            BASE64_STANDARD.encode_string(line, &mut text);
            text.push('\n');
        }
        self.pending.clear();
        self.output.write_all(text.as_bytes())
    }
}

impl<W: Write> Write for Writer<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let room = (LINE_BYTES * LINES_HELD).saturating_sub(self.pending.len());
        let now = buf.get(..room.min(buf.len())).unwrap_or_default();
        self.pending.extend_from_slice(now);
        if now.len() == room {
            self.write_pending()?;
        }
        Ok(now.len())
    }

    /// Passes on nothing: a line is written when it is whole.
    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn armored(bytes: &[u8]) -> Vec<u8> {
        let mut writer = Writer::new(Vec::new());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    }

    fn read(text: &[u8]) -> io::Result<Vec<u8>> {
        // Small reads from below show what depends on how much comes at once.
        let mut bytes = Vec::new();
        Reader::new(io::BufReader::with_capacity(7, text))?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    #[test]
    fn what_is_put_on_comes_off_at_every_length() {
        for len in (0..200).chain([LINE_BYTES * LINES_HELD - 1, LINE_BYTES * LINES_HELD, 20_000]) {
            let bytes: Vec<u8> = (0..len).map(|n| n as u8).collect();
            let text = armored(&bytes);
            assert!(text.split(|byte| *byte == b'\n').all(|line| line.len() <= COLUMNS), "{len}");
            assert_eq!(read(&text).unwrap(), bytes, "{len}");
        }
    }

    #[test]
    fn what_is_not_armor_is_left_as_it_is() {
        for bytes in [&b""[..], b"age-encryption.org/v1\n", b"\x00\x01"] {
            assert_eq!(read(bytes).unwrap(), bytes);
        }
    }

    #[test]
    fn other_line_ends_and_white_space_around_are_accepted() {
        let text = String::from_utf8(armored(&[7; 100])).unwrap();
        for other in [text.replace('\n', "\r\n"), format!("\n \t\r\n{text}\n \r\n"), text.trim_end().to_owned()] {
            assert_eq!(read(other.as_bytes()).unwrap(), [7; 100]);
        }
    }

    #[test]
    fn a_cut_or_altered_text_is_damaged_or_reads_the_same() {
        let bytes: Vec<u8> = (0..100).collect();
        let text = armored(&bytes);
        for at in 0..text.len() - 1 {
            assert!(read(&text[..at]).map_or(true, |read| at == 0 && read.is_empty()), "cut at {at}");
        }
        for at in 0..text.len() {
            for byte in [b'=', b'\n', b' ', b'-', 0] {
                let mut text = text.clone();
                text[at] = byte;
                // Only white space around may change without a trace.
                let same = text[at] == armored(&bytes)[at] || at == text.len() - 1;
                assert!(
                    read(&text).map_or(true, |read| same && read == bytes || at == 0 && read == text),
                    "{at} {byte}"
                );
            }
        }
    }

    #[test]
    fn an_endless_line_is_refused_without_being_held() {
        let mut text = armored(&[7; 10]);
        text.truncate(BEGIN.len() + 1);
        let mut endless = Reader::new(io::BufReader::new(text.chain(io::repeat(b'A')))).unwrap();
        assert!(endless.read_to_end(&mut Vec::new()).is_err());
    }
}
