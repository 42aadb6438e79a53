//! Edit lists (ISO/IEC 14496-12, 8.6.6): which part of a track is shown when. Keeps what changes what is shown,
//! and never another choice of a writer.

use super::fields::Fields;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edit {
    /// In the movie's units.
    pub(super) duration: u64,
    /// Where it begins, in the track's units; `None` where nothing is shown.
    pub(super) time: Option<u64>,
    /// Whether one picture stands still.
    pub(super) dwells: bool,
}

/// So far times may go, in any unit: sums of a thousand of them are numbers still.
pub(super) const TIME_MAX: u64 = 1 << 48;

impl Edit {
    /// The body of an `elst` box, which begins at `at`.
    pub(super) fn read(body: &[u8], at: u64) -> Result<Vec<Self>, Refusal> {
        let damaged = Refusal::new(Reason::Damaged, "elst", at);
        let mut fields = Fields::new(body);
        let [version, ..] = fields.array::<4>().ok_or(damaged.clone())?;
        let count = fields.u32().ok_or(damaged.clone())?;
        if count > limits::MP4_EDITS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number of edits", at));
        }
        let mut edits = Vec::new();
        for _ in 0..count {
            let (duration, time, rate) = Self::fields(&mut fields, version).ok_or(damaged.clone())?;
            let dwells = match rate {
                0x0001_0000 => false,
                0 => true,
                _ => return Err(Refusal::new(Reason::NotUnderstood, "edit rate", at)),
            };
            let time = match time {
                -1 => None,
                time => Some(u64::try_from(time).map_err(|_| damaged.clone())?),
            };
            if duration > TIME_MAX || time.is_some_and(|time| time > TIME_MAX) {
                return Err(damaged);
            }
            // An empty edit stands for nothing, whatever its rate.
            edits.push(Self { duration, time, dwells: dwells && time.is_some() });
        }
        Ok(edits)
    }

    fn fields(fields: &mut Fields<'_>, version: u8) -> Option<(u64, i64, u32)> {
        let duration = fields.wide(version)?;
        let time = if version == 0 { fields.i32()?.into() } else { fields.u64()?.cast_signed() };
        Some((duration, time, fields.u32()?))
    }
}

/// A duration in another unit, rounded up.
pub(super) fn scaled(duration: u64, from: u32, to: u32) -> u64 {
    let exact = u128::from(duration).saturating_mul(to.into());
    u64::try_from(exact.div_ceil(u128::from(from.max(1)))).unwrap_or(u64::MAX)
}

/// The list as it is written. `media` is the track's duration in its own unit, `timescale` of that unit, `movie`
/// that of the movie; `shifted` whether presentation times differ from decoding times.
pub(super) fn settled(mut edits: Vec<Edit>, media: u64, timescale: u32, movie: u32, shifted: bool) -> Vec<Edit> {
    // A duration of 0 is what fragmented files say for "all there is" (8.6.6.1).
    if let Some(last) = edits.last_mut()
        && last.duration == 0
        && let Some(time) = last.time
        && !last.dwells
    {
        last.duration = scaled(media.saturating_sub(time), timescale, movie);
    }
    edits.retain(|edit| edit.duration > 0);
    match edits.as_slice() {
        [only] if is_everything(only, media, timescale, movie) && !shifted => Vec::new(),
        _ => edits,
    }
}

/// Whether the edit shows the track from its beginning to its end, but for less than one unit of the movie.
fn is_everything(edit: &Edit, media: u64, timescale: u32, movie: u32) -> bool {
    let shown = u128::from(edit.duration).saturating_add(1).saturating_mul(timescale.into());
    edit.time == Some(0) && !edit.dwells && shown > u128::from(media).saturating_mul(movie.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(duration: u64, time: u64) -> Edit {
        Edit { duration, time: Some(time), dwells: false }
    }

    #[test]
    fn a_list_that_changes_nothing_goes() {
        // Two seconds of sound in a movie of thousandths.
        for (duration, stays) in [(1998, true), (1999, true), (2000, false), (2001, false)] {
            assert_eq!(!settled(vec![edit(duration, 0)], 96_000, 48_000, 1000, false).is_empty(), stays, "{duration}");
        }
        assert_eq!(settled(vec![edit(2000, 0)], 96_000, 48_000, 1000, true).len(), 1);
        assert_eq!(settled(vec![edit(2000, 1024)], 96_000, 48_000, 1000, false).len(), 1);
    }

    #[test]
    fn a_duration_of_zero_is_what_is_left() {
        assert_eq!(settled(vec![edit(0, 48_000)], 96_000, 48_000, 600, false), [edit(600, 48_000)]);
        let nothing = Edit { duration: 0, time: None, dwells: false };
        assert!(settled(vec![nothing], 96_000, 48_000, 600, false).is_empty());
    }

    #[test]
    fn the_number_of_edits_has_a_limit() {
        let list = |count: u32| {
            let entries = [0_u32, 0, 0, 1, 0, 0x0001_0000].map(u32::to_be_bytes).concat();
            let one = &entries[12..];
            let body = [&[0; 4], count.to_be_bytes().as_slice(), &one.repeat(count.try_into().unwrap())].concat();
            Edit::read(&body, 0).map(|edits| edits.len()).map_err(|refusal| refusal.reason)
        };
        let most = limits::MP4_EDITS_MAX;
        assert_eq!(list(most - 1), Ok(usize::try_from(most).unwrap() - 1));
        assert_eq!(list(most), Ok(usize::try_from(most).unwrap()));
        assert_eq!(list(most + 1), Err(Reason::TooLarge));
    }
}
