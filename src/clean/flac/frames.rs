//! The bytes of a FLAC file a window at a time, so that frames can be read from memory however long the file is.

use super::frame::{self, Decoded, Fault, Frame, Shape};
use crate::clean::cursor::Cursor;
use crate::clean::produced::Produced;
use crate::clean::{Refusal, Unaccounted};
use crate::limits;

/// Bytes that the window holds where there are as many: frames are rarely longer.
const WINDOW_BYTES: usize = 256 * 1024;

/// Where bytes come from.
pub(super) trait Source {
    type Error;
    /// Appends some bytes; whether there were any.
    fn more(&mut self, window: &mut Vec<u8>) -> Result<bool, Self::Error>;
}

impl Source for Cursor<'_> {
    type Error = Refusal;

    fn more(&mut self, window: &mut Vec<u8>) -> Result<bool, Refusal> {
        let bytes = self.buffered()?;
        let len = bytes.len();
        window.extend_from_slice(bytes);
        self.consume(len);
        Ok(len > 0)
    }
}

impl Source for Produced<'_> {
    type Error = Unaccounted;

    fn more(&mut self, window: &mut Vec<u8>) -> Result<bool, Unaccounted> {
        let bytes = self.buffered()?;
        let len = bytes.len();
        window.extend_from_slice(bytes);
        self.consume(len);
        Ok(len > 0)
    }
}

/// Bytes that have been read, and samples that were decoded from them.
#[derive(Debug, Default)]
pub(super) struct Window {
    bytes: Vec<u8>,
    start: usize,
    decoded: Decoded,
}

impl Window {
    /// Offset of the next frame, where the source stands at `source_at`.
    pub(super) fn at(&self, source_at: u64) -> u64 {
        source_at.saturating_sub(u64::try_from(self.rest().len()).unwrap_or(u64::MAX))
    }

    /// Whether nothing is left.
    pub(super) fn is_empty(&self) -> bool {
        self.rest().is_empty()
    }

    /// The samples of the last frame, as they are signed.
    pub(super) fn samples(&self) -> &[u8] {
        self.decoded.bytes()
    }

    /// The next frame.
    pub(super) fn next<S: Source>(&mut self, source: &mut S, shape: Shape) -> Result<Result<Frame, Fault>, S::Error> {
        let mut wanted = WINDOW_BYTES / 2;
        loop {
            let is_at_end = !self.fill(source, wanted)?;
            let rest = self.bytes.get(self.start..).unwrap_or_default();
            match frame::read(rest, shape, &mut self.decoded) {
                Ok(frame) => {
                    self.start = self.start.saturating_add(frame.len);
                    return Ok(Ok(frame));
                }
                // Twice as much each time, so that a long frame is not read too often.
                Err(Fault::Short) if !is_at_end && rest.len() < limits::FLAC_FRAME_BYTES_MAX => {
                    wanted = rest.len().saturating_mul(2);
                }
                Err(fault) => return Ok(Err(fault)),
            }
        }
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..).unwrap_or_default()
    }

    /// Reads until there are so many bytes; whether there are.
    fn fill<S: Source>(&mut self, source: &mut S, wanted: usize) -> Result<bool, S::Error> {
        if self.rest().len() >= wanted {
            return Ok(true);
        }
        self.bytes.drain(..self.start.min(self.bytes.len()));
        self.start = 0;
        let wanted = wanted.max(WINDOW_BYTES);
        while self.bytes.len() < wanted {
            if !source.more(&mut self.bytes)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
