//! Dates of Matroska as people write them. Asks no clock.

use crate::clean::metadata::calendar;

/// The moment so many nanoseconds after 2001-01-01T00:00:00 UTC (RFC 8794, 7.6).
pub(super) fn shown(nanoseconds: i64) -> String {
    calendar::moment(nanoseconds.div_euclid(1_000_000_000).saturating_add(SECONDS_1970_TO_2001))
}

const SECONDS_1970_TO_2001: i64 = 978_307_200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_those_of_the_calendar() {
        let seconds = |seconds: i64| shown(seconds * 1_000_000_000);
        assert_eq!(seconds(0), "2001-01-01 00:00:00 UTC");
        assert_eq!(seconds(-1), "2000-12-31 23:59:59 UTC");
        assert_eq!(seconds(-307 * 86_400), "2000-02-29 00:00:00 UTC");
        // `date -ud 2026-09-14T18:30:42 +%s`, less 978307200.
        assert_eq!(seconds(1_789_410_642 - 978_307_200), "2026-09-14 18:30:42 UTC");
        assert!(shown(i64::MIN).starts_with("1708-"));
        assert!(shown(i64::MAX).starts_with("2293-"));
    }
}
