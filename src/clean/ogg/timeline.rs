//! Where on the clean file's time line each packet ends. Repairs what contradicts itself, and never moves silence.
//!
//! A page says on which sample its last packet ends. What of the time line bears on hearing is kept: the gap before
//! a page, the samples cut from the end, and those cut from the beginning of Vorbis. When the recording was cut from
//! a longer one, its first sample has a number; the clean file counts from 0.

use super::sound::Kind;

/// The time line of one stream.
#[derive(Debug)]
pub(super) struct Timeline {
    kind: Kind,
    /// The end of the page before: as the original says, and as the clean file does.
    before: Option<(u64, u64)>,
    /// Whether the first sample had a number other than 0.
    pub(super) was_cut: bool,
}

/// How the packets of one page lie on the time line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// Where the first packet begins; later than the end of the packet before, where there is a gap.
    pub(super) start: u64,
    /// Where sound ends, even if packets go on.
    pub(super) end: u64,
    /// Samples at the beginning of the stream that are not to be heard.
    pub(super) cut: u64,
}

impl Timeline {
    pub(super) fn new(kind: Kind) -> Self {
        Self { kind, before: None, was_cut: false }
    }

    /// The end of the last page, in the clean file.
    pub(super) fn end(&self) -> u64 {
        self.before.map_or(0, |(_, end)| end)
    }

    /// A page with packets of so many samples together, that the original says to end at `granule`.
    pub(super) fn page(&mut self, samples: u64, granule: Option<u64>, is_last: bool) -> Span {
        let before = self.before;
        let (told, start) = before.unwrap_or((0, 0));
        let expected = told.saturating_add(samples);
        // Frames of FLAC say themselves where they are.
        let granule = granule.filter(|_| self.kind != Kind::Flac).unwrap_or(expected);
        let mut span = Span { start, end: start.saturating_add(samples), cut: 0 };
        if is_last && granule < expected {
            span.end = span.end.saturating_sub(expected.saturating_sub(granule)).max(start);
        } else if before.is_none() && !is_last && granule < expected && self.kind == Kind::Vorbis {
            span.cut = expected.saturating_sub(granule);
            span.end = granule;
        } else if before.is_none() {
            self.was_cut = !is_last && granule > expected;
        } else {
            let gap = granule.saturating_sub(expected);
            span.start = start.saturating_add(gap);
            span.end = span.end.saturating_add(gap);
        }
        self.before = Some((granule, span.end));
        span
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: Kind, pages: &[(u64, Option<u64>, bool)], expected: &[(u64, u64, u64)]) {
        let mut timeline = Timeline::new(kind);
        let spans = pages.iter().map(|&(samples, granule, is_last)| timeline.page(samples, granule, is_last));
        let spans: Vec<_> = spans.map(|span| (span.start, span.end, span.cut)).collect();
        assert_eq!(spans, expected);
    }

    #[test]
    fn pages_that_add_up_stay_as_they_are() {
        let pages = [(960, Some(960), false), (960, None, false), (960, Some(2880), true)];
        check(Kind::Opus, &pages, &[(0, 960, 0), (960, 1920, 0), (1920, 2880, 0)]);
    }

    #[test]
    fn the_end_is_cut_only_where_it_is_the_end() {
        check(Kind::Opus, &[(960, Some(960), false), (960, Some(1500), true)], &[(0, 960, 0), (960, 1500, 0)]);
        check(Kind::Opus, &[(960, Some(960), false), (960, Some(1500), false)], &[(0, 960, 0), (960, 1920, 0)]);
        check(Kind::Opus, &[(960, Some(700), true)], &[(0, 700, 0)]);
        check(Kind::Opus, &[(960, Some(960), false), (960, Some(5), true)], &[(0, 960, 0), (960, 960, 0)]);
    }

    #[test]
    fn a_gap_stays_and_time_never_goes_back() {
        check(Kind::Opus, &[(960, Some(960), false), (960, Some(2920), false)], &[(0, 960, 0), (1960, 2920, 0)]);
        let pages = [(960, Some(960), false), (960, Some(1000), false), (960, Some(1960), false)];
        check(Kind::Opus, &pages, &[(0, 960, 0), (960, 1920, 0), (1920, 2880, 0)]);
    }

    #[test]
    fn a_time_line_begins_at_zero_or_before() {
        let mut timeline = Timeline::new(Kind::Opus);
        assert_eq!(timeline.page(960, Some(50_960), false), Span { start: 0, end: 960, cut: 0 });
        assert!(timeline.was_cut);
        assert_eq!(timeline.page(960, Some(51_920), false), Span { start: 960, end: 1920, cut: 0 });
        check(Kind::Vorbis, &[(2000, Some(1500), false), (500, Some(2000), true)], &[(0, 1500, 500), (1500, 2000, 0)]);
        check(Kind::Vorbis, &[(2000, Some(1500), true)], &[(0, 1500, 0)]);
    }

    #[test]
    fn frames_of_flac_are_believed_more_than_pages() {
        check(Kind::Flac, &[(960, Some(5), false), (960, Some(9_999), true)], &[(0, 960, 0), (960, 1920, 0)]);
    }
}
