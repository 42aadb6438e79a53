//! Pictures that are parts of another file, as the strips of a TIFF are: each with all its tables and without a byte
//! of metadata. Knows nothing of that file.

use std::io::Read;

use super::frame::Frame;
use super::parse::{Parse, Walking};
use super::{verify, write};
use crate::clean::cursor::Cursor;
use crate::clean::{Findings, Plan, Reason, Refusal, Unaccounted};
use crate::limits;

/// What the other file must agree with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Shape {
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Bits of a sample.
    pub(crate) precision: u16,
    /// Sampling factors of each component, across and down.
    pub(crate) sampling: Vec<(u8, u8)>,
}

/// Appends the picture at the cursor, up to its EOI, which goes by the stream of `tables` besides its own.
pub(crate) fn clean(
    cursor: &mut Cursor<'_>,
    tables: &[u8],
    plan: &mut Plan,
    findings: &mut Findings,
) -> Result<Shape, Refusal> {
    let at = cursor.at();
    let mut parse = Parse::new(Walking::Cleaner);
    if !tables.is_empty() {
        parse.abbreviated(tables, at)?;
    }
    if cursor.be16("SOI")? != 0xFFD8 {
        return Err(Refusal::new(Reason::Damaged, "SOI", at));
    }
    for _ in 0..limits::SEGMENTS_MAX {
        let code = parse.marker(cursor)?;
        if code != 0xD9 {
            parse.segment(code, cursor)?;
            continue;
        }
        let (mut picture, told) = parse.picture(cursor.at().saturating_sub(2))?;
        (picture.jfif, picture.adobe, picture.orientation, picture.profile) = (false, None, None, None);
        findings.append(told);
        plan.append(&write::plan(&picture)?)?;
        return Ok(Shape::of(&picture.frame));
    }
    Err(Refusal::new(Reason::TooLarge, "number of segments", cursor.at()))
}

/// Accounts for a picture that [`clean`] makes, to the end of `produced`.
pub(crate) fn verify(produced: &mut dyn Read) -> Result<Shape, Unaccounted> {
    verify::verify_part(produced).map(|frame| Shape::of(&frame))
}

impl Shape {
    fn of(frame: &Frame) -> Self {
        Self {
            width: frame.width.into(),
            height: frame.height.into(),
            precision: frame.precision.into(),
            sampling: frame.components.iter().map(|component| (component.h, component.v)).collect(),
        }
    }
}
