//! Lays packets on pages in the one way that clean files have. Never looks into a packet.
//!
//! A page ends with the packet at which it holds a second of sound, and before a packet that does not fit on it.
//! Only packets behind a gap in time, and the first ones where their beginning is cut, share a page because they
//! did. A packet of more than 255 segments has pages of its own. Vorbis that was on several pages and would be on one
//! is halved.

use super::page::{CAPTURE, CONTINUED, FIRST, LAST};
use crate::clean::checksum::ogg_crc32;
use crate::clean::{Plan, Reason, Refusal};
use crate::limits;

/// Segments of a page (RFC 3533, 6).
const SEGMENTS_MAX: usize = 255;
/// Bytes of a segment that goes on in the next one.
const SEGMENT_BYTES: usize = 255;
/// No packet ends on the page.
const NO_GRANULE: u64 = u64::MAX;

/// What a packet is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// This range of the original.
    Copy { at: u64, len: usize },
    /// Zeros.
    Zeros { len: usize },
}

/// Whether a page ends before a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Break {
    /// Where it is full.
    IfFull,
    Always,
    Never,
}

/// Makes the pages of one stream.
#[derive(Debug)]
pub(super) struct Paginator {
    serial: u32,
    sequence: u32,
    /// Samples of a full page.
    second: u64,
    lacing: Vec<u8>,
    body: Vec<u8>,
    pieces: Vec<Piece>,
    samples: u64,
    granule: u64,
    is_continued: bool,
    is_full: bool,
    made: Vec<Made>,
    header_bytes: u64,
    /// The packets of the first page, for as long as there is no other.
    first: Vec<Laid>,
}

/// A packet on the first page.
#[derive(Debug)]
struct Laid {
    bytes: Vec<u8>,
    pieces: Vec<Piece>,
    samples: u32,
    end: u64,
}

/// On how many pages a stream's sound may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pages {
    Any,
    /// On two at least, if it has two packets: where there is one, decoders disagree on where Vorbis begins.
    Several,
}

/// A page that is made.
#[derive(Debug)]
struct Made {
    header: Box<[u8]>,
    pieces: Box<[Piece]>,
}

impl Paginator {
    /// For the pages behind those of the headers, of which there are `sequence`.
    pub(super) fn new(serial: u32, sequence: u32, second: u32) -> Self {
        Self {
            serial,
            sequence,
            second: second.into(),
            lacing: Vec::new(),
            body: Vec::new(),
            pieces: Vec::new(),
            samples: 0,
            granule: 0,
            is_continued: false,
            is_full: false,
            made: Vec::new(),
            header_bytes: 0,
            first: Vec::new(),
        }
    }

    /// A packet: its bytes as they are written, what they are made of, its samples and where it ends.
    pub(super) fn packet(
        &mut self,
        whole: (&[u8], &[Piece]),
        samples: u32,
        end: u64,
        before: Break,
    ) -> Result<(), Refusal> {
        let (bytes, pieces) = whole;
        let segments = lacing(bytes.len());
        let fits = self.lacing.len().saturating_add(segments.len()) <= SEGMENTS_MAX;
        let ends = match before {
            Break::IfFull => self.is_full || !fits,
            Break::Always => true,
            Break::Never => false,
        };
        if ends && !self.lacing.is_empty() {
            self.flush(0)?;
        }
        let is_large = segments.len() > SEGMENTS_MAX;
        let mut segments = segments.as_slice();
        let (mut bytes, mut pieces) = (bytes, pieces.to_vec());
        while let Some((page, rest)) = segments.split_at_checked(SEGMENTS_MAX).filter(|(_, rest)| !rest.is_empty()) {
            let len = SEGMENTS_MAX.saturating_mul(SEGMENT_BYTES);
            let (now, later) = bytes.split_at_checked(len).unwrap_or((bytes, &[]));
            let (pieces_now, pieces_later) = split(&pieces, len);
            self.lay(page, now, &pieces_now);
            self.granule = NO_GRANULE;
            self.flush(0)?;
            self.is_continued = true;
            (segments, bytes, pieces) = (rest, later, pieces_later);
        }
        self.lay(segments, bytes, &pieces);
        self.samples = self.samples.saturating_add(samples.into());
        self.granule = end;
        self.is_full = is_large || self.samples >= self.second;
        if self.made.is_empty() {
            self.first.push(Laid { bytes: whole.0.to_vec(), pieces: whole.1.to_vec(), samples, end });
        }
        Ok(())
    }

    /// Ends the page behind the last packet.
    pub(super) fn end_page(&mut self) {
        self.is_full = true;
    }

    /// Ends the stream, and writes its pages behind those in `plan`.
    pub(super) fn finish(mut self, pages: Pages, plan: &mut Plan) -> Result<(), Refusal> {
        if pages == Pages::Several && self.made.is_empty() {
            self.halve()?;
        }
        self.flush(LAST)?;
        for page in &self.made {
            plan.bytes(&page.header)?;
            for &piece in &page.pieces {
                match piece {
                    Piece::Copy { at, len } => plan.copy(at, u64::try_from(len).unwrap_or(u64::MAX))?,
                    Piece::Zeros { len } => plan.fill(0, u64::try_from(len).unwrap_or(u64::MAX))?,
                }
            }
        }
        Ok(())
    }

    /// Lays the packets of the only page on two, of which the first has as many or one more.
    fn halve(&mut self) -> Result<(), Refusal> {
        let packets = std::mem::take(&mut self.first);
        self.lacing.clear();
        self.body.clear();
        self.pieces.clear();
        (self.samples, self.is_full) = (0, false);
        let half = packets.len().div_ceil(2);
        for (index, laid) in packets.iter().enumerate() {
            let how = if index == half { Break::Always } else { Break::Never };
            self.packet((&laid.bytes, &laid.pieces), laid.samples, laid.end, how)?;
        }
        Ok(())
    }

    fn lay(&mut self, segments: &[u8], bytes: &[u8], pieces: &[Piece]) {
        self.lacing.extend_from_slice(segments);
        self.body.extend_from_slice(bytes);
        for &piece in pieces {
            if let Some(Piece::Copy { at, len }) = self.pieces.last_mut()
                && let Piece::Copy { at: next_at, len: next_len } = piece
                && u64::try_from(*len).ok().and_then(|len| at.checked_add(len)) == Some(next_at)
            {
                *len = len.saturating_add(next_len);
            } else {
                self.pieces.push(piece);
            }
        }
    }

    fn flush(&mut self, last: u8) -> Result<(), Refusal> {
        let flags = last | if self.is_continued { CONTINUED } else { 0 };
        let header = header(flags, self.granule, self.serial, self.sequence, &self.lacing, &self.body);
        self.header_bytes = self.header_bytes.saturating_add(u64::try_from(header.len()).unwrap_or(u64::MAX));
        if self.header_bytes > limits::REBUILT_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of pages", 0));
        }
        self.made.push(Made { header: header.into(), pieces: std::mem::take(&mut self.pieces).into() });
        self.first.clear();
        self.lacing.clear();
        self.body.clear();
        (self.samples, self.is_continued, self.is_full) = (0, false, false);
        self.sequence = self.sequence.saturating_add(1);
        Ok(())
    }
}

/// The pages of a stream's headers: the first alone, the others together, both at time 0.
pub(super) fn headers(plan: &mut Plan, serial: u32, packets: &[&[u8]]) -> Result<u32, Refusal> {
    let (first, others) = packets.split_first().map_or((&[][..], &[][..]), |(&first, others)| (first, others));
    let page = header(FIRST, 0, serial, 0, &lacing(first.len()), first);
    plan.bytes(&page)?;
    plan.bytes(first)?;
    let mut sequence = 1_u32;
    let segments: Vec<u8> = others.iter().flat_map(|packet| lacing(packet.len())).collect();
    let body = others.concat();
    let (mut rest, mut flags) = (body.as_slice(), 0);
    for page in segments.chunks(SEGMENTS_MAX) {
        let len = page.iter().copied().map(usize::from).sum();
        let (now, later) = rest.split_at_checked(len).unwrap_or((rest, &[]));
        let ends = page.iter().any(|&segment| segment < 255);
        plan.bytes(&header(flags, if ends { 0 } else { NO_GRANULE }, serial, sequence, page, now))?;
        plan.bytes(now)?;
        flags = if page.last() == Some(&255) { CONTINUED } else { 0 };
        (rest, sequence) = (later, sequence.saturating_add(1));
    }
    Ok(sequence)
}

/// The lacing values of a packet of this length.
fn lacing(len: usize) -> Vec<u8> {
    let mut lacing = vec![u8::MAX; len / SEGMENT_BYTES];
    lacing.push(u8::try_from(len % SEGMENT_BYTES).unwrap_or(0));
    lacing
}

/// Splits pieces behind so many bytes.
pub(super) fn split(pieces: &[Piece], mut len: usize) -> (Vec<Piece>, Vec<Piece>) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for &piece in pieces {
        let whole = match piece {
            Piece::Copy { len, .. } | Piece::Zeros { len } => len,
        };
        let now = whole.min(len);
        let later = whole.saturating_sub(now);
        len = len.saturating_sub(now);
        let (a, b) = match piece {
            Piece::Copy { at, .. } => (
                Piece::Copy { at, len: now },
                Piece::Copy { at: at.saturating_add(u64::try_from(now).unwrap_or(u64::MAX)), len: later },
            ),
            Piece::Zeros { .. } => (Piece::Zeros { len: now }, Piece::Zeros { len: later }),
        };
        first.extend((now > 0).then_some(a));
        second.extend((later > 0).then_some(b));
    }
    (first, second)
}

fn header(flags: u8, granule: u64, serial: u32, sequence: u32, lacing: &[u8], body: &[u8]) -> Vec<u8> {
    let segments = u8::try_from(lacing.len()).unwrap_or(u8::MAX);
    let head =
        [CAPTURE.as_slice(), &[0, flags], &granule.to_le_bytes(), &serial.to_le_bytes(), &sequence.to_le_bytes()]
            .concat();
    let checksum = ogg_crc32(&[&head, &[0; 4], &[segments], lacing, body]);
    [head.as_slice(), &checksum.to_le_bytes(), &[segments], lacing].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_pages_are_limited() {
        let len = 27 + 1;
        let count = limits::REBUILT_BYTES_MAX / len;
        let mut paginator = Paginator::new(1, 2, 1);
        // A packet makes the page of the one before it.
        for number in 0..=count {
            paginator.packet((b"a", &[]), 1, number, Break::IfFull).unwrap();
        }
        assert_eq!(paginator.header_bytes / len, count);
        assert!(paginator.packet((b"a", &[]), 1, count + 1, Break::IfFull).is_err());
    }

    #[test]
    fn lacing_values_end_below_255() {
        assert_eq!(lacing(0), [0]);
        assert_eq!(lacing(254), [254]);
        assert_eq!(lacing(255), [255, 0]);
        assert_eq!(lacing(600), [255, 255, 90]);
    }

    #[test]
    fn pieces_are_split_where_a_page_ends() {
        let pieces = [Piece::Copy { at: 10, len: 5 }, Piece::Zeros { len: 4 }];
        let (first, second) = split(&pieces, 3);
        assert_eq!(first, [Piece::Copy { at: 10, len: 3 }]);
        assert_eq!(second, [Piece::Copy { at: 13, len: 2 }, Piece::Zeros { len: 4 }]);
        assert_eq!(split(&pieces, 5).1, [Piece::Zeros { len: 4 }]);
        assert_eq!(split(&pieces, 9).1, []);
    }
}
