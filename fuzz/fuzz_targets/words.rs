//! What words give away is told within bounds, whatever the words are, and the same each time.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    let text = String::from_utf8_lossy(input);
    let seen = deponent::words::scan(&text);
    assert!(seen.len() <= deponent::limits::SIGHTINGS_MAX);
    let lines = u64::try_from(text.lines().count()).unwrap_or(u64::MAX);
    assert!(seen.iter().all(|sighting| !sighting.value.is_empty() && (1..=lines).contains(&sighting.line)));
    assert!(deponent::words::scan(&text) == seen);
});
