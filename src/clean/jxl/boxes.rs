//! The container of JPEG XL (18181-2): finds the codestream in it, says what the other boxes give away. Keeps none.

use crate::clean::container::bmff;
use crate::clean::cursor::Cursor;
use crate::clean::metadata::{exif, xmp};
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// The first box (18181-2, 4.2).
pub(super) const SIGNATURE: [u8; 12] = *b"\0\0\0\x0CJXL \r\n\x87\n";

/// A codestream as ranges of the file.
pub(super) struct Stream {
    /// Offset in the stream, offset in the file, length.
    parts: Vec<(u64, u64, u64)>,
    len: u64,
}

impl Stream {
    /// The codestream of the file, and what stands around it.
    pub(super) fn find(cursor: &mut Cursor<'_>, findings: &mut Findings) -> Result<Self, Refusal> {
        let end = cursor.len();
        let mut stream = Self { parts: Vec::new(), len: 0 };
        if !cursor.buffered()?.starts_with(&SIGNATURE) {
            stream.push(0, end)?;
            return Ok(stream);
        }
        cursor.skip(12, "JXL box")?;
        let mut parts = Parts::None;
        for number in 0..limits::JXL_BOXES_MAX {
            let at = cursor.at();
            let next = match bmff::next(cursor, end) {
                // Whatever was appended to a file that is whole.
                Err(_) if matches!(parts, Parts::Whole | Parts::Done) => {
                    findings.removed(Category::HiddenContent, "bytes behind the boxes");
                    cursor.go_to(end, "box").map(|()| None)
                }
                next => next,
            };
            let Some(header) = next.map_err(|refusal| Refusal { at, ..refusal })? else {
                return match parts {
                    Parts::Whole | Parts::Done => Ok(stream),
                    Parts::None => Err(Refusal::new(Reason::Damaged, "jxlc missing", end)),
                    Parts::Next(_) => Err(Refusal::new(Reason::Truncated, "jxlp", end)),
                };
            };
            match (&header.kind, number) {
                (b"ftyp", 0) => ftyp(cursor, &header, findings)?,
                (_, 0) => return Err(Refusal::new(Reason::Damaged, "ftyp missing", header.at)),
                (b"jxlc", _) => {
                    parts = parts.whole().ok_or(Refusal::new(Reason::Damaged, "jxlc", header.at))?;
                    stream.push(header.body_at, header.body_len)?;
                }
                (b"jxlp", _) => {
                    let index = cursor.be32("jxlp")?;
                    parts = parts.part(index).ok_or(Refusal::new(Reason::Damaged, "jxlp", header.at))?;
                    let len = header.body_len.checked_sub(4);
                    let len = len.ok_or(Refusal::new(Reason::Damaged, "jxlp", header.at))?;
                    stream.push(header.body_at.saturating_add(4), len)?;
                }
                _ => told(cursor, &header, findings)?,
            }
            cursor.go_to(header.end(), "box")?;
        }
        Err(Refusal::new(Reason::TooLarge, "number of boxes", cursor.at()))
    }

    fn push(&mut self, at: u64, len: u64) -> Result<(), Refusal> {
        if len > 0 {
            self.parts.push((self.len, at, len));
        }
        self.len = self.len.checked_add(len).ok_or(Refusal::new(Reason::TooLarge, "length", at))?;
        Ok(())
    }

    /// Bytes of the codestream and of whatever is behind it.
    pub(super) fn len(&self) -> u64 {
        self.len
    }

    /// The parts from offset `at` on: offset in the file and length of what is left of each.
    fn from(&self, at: u64) -> impl Iterator<Item = (u64, u64)> {
        let first = self.parts.partition_point(|(begin, _, len)| begin.saturating_add(*len) <= at);
        let parts = self.parts.get(first..).unwrap_or_default().iter();
        parts.map(move |(begin, file_at, len)| {
            let passed = at.saturating_sub(*begin);
            (file_at.saturating_add(passed), len.saturating_sub(passed))
        })
    }

    /// Up to `len` bytes from offset `at` on.
    pub(super) fn bytes(&self, cursor: &mut Cursor<'_>, at: u64, len: usize) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        for (file_at, part_len) in self.from(at) {
            let wanted = len.saturating_sub(bytes.len());
            if wanted == 0 {
                break;
            }
            cursor.go_to(file_at, "codestream")?;
            bytes.extend(cursor.bytes(usize::try_from(part_len).unwrap_or(usize::MAX).min(wanted), "codestream")?);
        }
        Ok(bytes)
    }

    /// Copies `len` bytes from offset `at` on.
    pub(super) fn copy(&self, plan: &mut Plan, at: u64, mut len: u64) -> Result<(), Refusal> {
        for (file_at, part_len) in self.from(at) {
            if len == 0 {
                break;
            }
            let taken = part_len.min(len);
            plan.copy(file_at, taken)?;
            len = len.saturating_sub(taken);
        }
        Ok(())
    }

    /// Where the byte at offset `at` stands in the file.
    pub(super) fn file_offset(&self, at: u64) -> u64 {
        let end = self.parts.last().map_or(0, |(_, file_at, len)| file_at.saturating_add(*len));
        self.from(at).next().map_or(end, |(file_at, _)| file_at)
    }
}

/// What has been met of the codestream.
enum Parts {
    None,
    Whole,
    /// Part of this number comes next.
    Next(u32),
    Done,
}

impl Parts {
    fn whole(self) -> Option<Self> {
        matches!(self, Self::None).then_some(Self::Whole)
    }

    /// A jxlp box with this number, whose highest bit says that it is the last.
    fn part(self, index: u32) -> Option<Self> {
        let number = index & 0x7FFF_FFFF;
        let expected = match self {
            Self::None => 0,
            Self::Next(next) => next,
            Self::Whole | Self::Done => return None,
        };
        let next = if index == number { Self::Next(number.checked_add(1)?) } else { Self::Done };
        (number == expected).then_some(next)
    }
}

/// `jxl ` in version 0, compatible with itself alone.
fn ftyp(cursor: &mut Cursor<'_>, header: &bmff::BoxHeader, findings: &mut Findings) -> Result<(), Refusal> {
    let len = usize::try_from(header.body_len).unwrap_or(usize::MAX).min(12);
    let body = cursor.bytes(len, "ftyp")?;
    if !body.starts_with(b"jxl ") {
        return Err(Refusal::new(Reason::NotUnderstood, "ftyp", header.at));
    }
    if body != b"jxl \0\0\0\0jxl " || header.body_len != 12 {
        findings.removed(Category::Unknown, "ftyp, further brands");
    }
    Ok(())
}

/// Says what a box gives away that goes.
fn told(cursor: &mut Cursor<'_>, header: &bmff::BoxHeader, findings: &mut Findings) -> Result<(), Refusal> {
    let len = usize::try_from(header.body_len).unwrap_or(usize::MAX);
    match &header.kind {
        b"Exif" | b"xml " if len > limits::METADATA_BYTES_MAX => {
            findings.removed(Category::Unknown, "Exif or XMP box, too large to read");
        }
        b"Exif" => {
            let body = cursor.bytes(len, "Exif")?;
            let at = body.first_chunk().map_or(0, |at| u32::from_be_bytes(*at));
            let tiff = usize::try_from(at).ok().and_then(|at| body.get(at.checked_add(4)?..)).unwrap_or_default();
            findings.append(exif::read(tiff).findings);
        }
        b"xml " => findings.append(xmp::findings(&cursor.bytes(len, "xml ")?)),
        b"jumb" => findings.removed_value(Category::History, "jumb box", "JUMBF, perhaps C2PA"),
        b"jbrd" => findings.removed_value(
            Category::HiddenContent,
            "jbrd box",
            "rebuilds the JPEG that this was made from, with all that stood in it",
        ),
        b"brob" => {
            let inner = cursor.bytes(len.min(4), "brob")?;
            let category = match inner.as_slice() {
                b"jumb" => Category::History,
                b"jbrd" | b"jhgm" => Category::HiddenContent,
                _ => Category::Unknown,
            };
            findings.removed_value(category, "brob box, compressed", &fourcc(&inner));
        }
        b"jhgm" => findings.removed_value(Category::HiddenContent, "jhgm box", "gain map"),
        b"jxli" => findings.removed_value(Category::Software, "jxli box", "index of frames"),
        b"jxll" => findings.removed_value(Category::Software, "jxll box", "level"),
        b"uuid" => findings.removed(Category::Identifier, "uuid box"),
        b"free" | b"skip" => findings.removed(Category::HiddenContent, "free box"),
        kind => findings.removed_value(Category::Unknown, "box of another kind", &fourcc(kind)),
    }
    Ok(())
}

fn fourcc(kind: &[u8]) -> String {
    kind.iter().map(|&byte| if byte.is_ascii_graphic() || byte == b' ' { char::from(byte) } else { '?' }).collect()
}
