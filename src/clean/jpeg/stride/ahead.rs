//! A second walk that begins ahead of the first, at a guess: a processor does both in little more time than one.
//!
//! A walk that begins anywhere among Huffman codes soon runs into the right one (Klein and Wiseman, Parallel Huffman
//! Decoding with Applications to JPEG Files, 2003). Nothing is taken on trust: only what the second walk did from
//! a place on at which the first arrives too is done.

use super::Strides;
use super::chain::{Chain, Met};

/// Bytes that both are to walk, from which on it pays.
const HALF_BYTES_MIN: usize = if cfg!(fuzzing) { 16 } else { 512 };
/// Leaps of the second walk in which the first must meet it.
const PLACES_MAX: usize = 1024;
/// Leaps for which there is room from the start.
const LEAPS: usize = 6000;

/// What the second walk leaves behind.
#[derive(Default)]
pub(super) struct Log {
    /// Where its first leaps began.
    places: Vec<Chain>,
    /// What all of them met, if it is to be remembered.
    met: Vec<Met>,
}

impl Log {
    fn clear(&mut self) {
        self.places.clear();
        self.met.clear();
    }
}

/// Why both walks stop.
enum Stop {
    /// They have done the leaps asked for.
    Done,
    /// The first cannot go on, or the second.
    First,
    Second,
}

impl Strides<'_> {
    /// Goes from `chain` to where a second walk comes that begins in the middle of what is unread.
    ///
    /// # Errors
    /// How far the first walk came, if that does not pay or the two did not meet within `left` blocks.
    pub(super) fn side_by_side<const MARKED: bool>(
        &self,
        unread: &[u8],
        chain: Chain,
        left: u64,
        log: &mut Log,
    ) -> Result<Chain, Chain> {
        let begin = chain.at / 8;
        let half = unread.len().saturating_sub(begin) / 2;
        let middle = begin.wrapping_add(half);
        let ahead = if half < HALF_BYTES_MIN { None } else { self.guess(unread, middle) };
        let (mut one, Some(mut ahead)) = (chain, ahead) else { return Err(chain) };
        log.clear();
        log.places.reserve(PLACES_MAX);
        log.met.reserve(if MARKED { LEAPS } else { 0 });
        loop {
            let count = one.leaps_before(middle.wrapping_mul(8)).min(one.leaps_within(left));
            if count == 0 {
                break;
            }
            let stop = match PLACES_MAX.checked_sub(log.places.len()) {
                Some(more @ 1..) => self.together::<MARKED, true>(unread, (&mut one, &mut ahead), log, count.min(more)),
                _ => self.together::<MARKED, false>(unread, (&mut one, &mut ahead), log, count),
            };
            match stop {
                Stop::Done => {}
                Stop::First => return Err(one),
                Stop::Second if ahead.bits(unread).is_none() => break,
                Stop::Second => {
                    let Some(again) = self.guess(unread, (ahead.at / 8).wrapping_add(1)) else { break };
                    ahead = again;
                    log.clear();
                }
            }
        }
        self.join::<MARKED>(unread, (one, ahead), left, log)
    }

    /// A walk that begins with the byte `byte`, at a guess: most codes are of a coefficient that is not the first.
    fn guess(&self, unread: &[u8], byte: usize) -> Option<Chain> {
        let chain = Chain::new(byte.wrapping_mul(8), self.first.with(1));
        chain.bits(unread).map(|_| chain)
    }

    /// Does `count` leaps of both.
    fn together<const MARKED: bool, const NOTED: bool>(
        &self,
        unread: &[u8],
        chains: (&mut Chain, &mut Chain),
        log: &mut Log,
        count: usize,
    ) -> Stop {
        let (mut one, mut ahead) = (*chains.0, *chains.1);
        let mut stop = Stop::Done;
        for _ in 0..count {
            let Some((further, met)) = self.any_leap(unread, one) else {
                stop = Stop::First;
                break;
            };
            let Some((further_ahead, met_ahead)) = self.any_leap(unread, ahead) else {
                stop = Stop::Second;
                break;
            };
            if NOTED {
                log.places.push(ahead);
            }
            if MARKED {
                log.met.push(met_ahead);
                self.meet(met);
            }
            (one, ahead) = (further, further_ahead);
        }
        (*chains.0, *chains.1) = (one, ahead);
        stop
    }

    /// Goes on with the first walk until it is where the second has been, and from there to where that one is now.
    fn join<const MARKED: bool>(
        &self,
        unread: &[u8],
        (one, ahead): (Chain, Chain),
        left: u64,
        log: &Log,
    ) -> Result<Chain, Chain> {
        let mut one = self.alone::<MARKED>(unread, one, left, log.places.first().map_or(0, |place| place.at));
        for (number, place) in log.places.iter().enumerate() {
            while one.at < place.at {
                let further = if one.leaps_within(left) == 0 { None } else { self.short_leap(unread, one) };
                let Some((further, met)) = further else { return Err(one) };
                one = further;
                if MARKED {
                    self.meet(met);
                }
            }
            if (one.at, one.place) != (place.at, place.place) {
                continue;
            }
            let ended = one.ended.wrapping_add(ahead.ended.wrapping_sub(place.ended));
            if u64::from(ended) >= left {
                break;
            }
            for &met in log.met.get(number..).unwrap_or_default() {
                self.meet(met);
            }
            return Ok(Chain { ended, ..ahead });
        }
        Err(one)
    }
}
