//! Moments as people write them. Asks no clock.

/// The moment so many seconds after 1970-01-01T00:00:00 UTC.
pub(crate) fn moment(seconds: i64) -> String {
    let (days, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
    let (year, month, day) = civil(days.saturating_add(DAYS_TO_1970));
    let (hour, minute) = (second.div_euclid(3_600), second.div_euclid(60).rem_euclid(60));
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{:02} UTC", second.rem_euclid(60))
}

/// Days from 0000-03-01, with which a cycle of 400 years begins, to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;
/// Days of 400 years.
const DAYS_OF_ERA: i64 = 146_097;

/// Year, month and day of the Gregorian calendar, so many days after 0000-03-01: years that begin with March have
/// their odd day at the end.
fn civil(days: i64) -> (i64, i64, i64) {
    let (era, day) = (days.div_euclid(DAYS_OF_ERA), days.rem_euclid(DAYS_OF_ERA));
    let leap_days =
        (day.div_euclid(1_460)).saturating_sub(day.div_euclid(36_524)).saturating_add(day.div_euclid(146_096));
    let year_of_era = day.saturating_sub(leap_days).div_euclid(365);
    let before = year_of_era
        .saturating_mul(365)
        .saturating_add(year_of_era.div_euclid(4))
        .saturating_sub(year_of_era.div_euclid(100));
    let day_of_year = day.saturating_sub(before);
    // Months from March: 153 days are five months.
    let month = day_of_year.saturating_mul(5).saturating_add(2).div_euclid(153);
    let day_of_month =
        day_of_year.saturating_sub(month.saturating_mul(153).saturating_add(2).div_euclid(5)).saturating_add(1);
    let month_of_year = if month < 10 { month.saturating_add(3) } else { month.saturating_sub(9) };
    let year = era.saturating_mul(400).saturating_add(year_of_era).saturating_add(i64::from(month_of_year <= 2));
    (year, month_of_year, day_of_month)
}
