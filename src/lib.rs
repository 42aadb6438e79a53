//! Deponent seals a testimony (a statement and files) to an organisation's age key, after taking out of
//! every file what identifies, and opens it there.
//!
//! The modules stand in the order data flows: `clean` makes a file clean, `words` says what a text gives away, `testimony` and `bundle` put
//! files together, `pad` hides their length, `envelope` seals; `seal` and `open` are the two pipelines.
//! Below [`files`], `desk` and `cli` nothing does I/O of its own: no path, no environment, no clock, no
//! locale, no printing; everything takes `Read`, `Seek` and `Write`.

#![cfg_attr(
    test,
    expect(clippy::arithmetic_side_effects, clippy::as_conversions, reason = "tests make their own numbers")
)]

pub mod bundle;
pub mod clean;
#[cfg(feature = "cli")]
pub mod cli;
#[cfg(feature = "cli")]
pub mod desk;
mod digest;
pub mod envelope;
#[cfg(feature = "cli")]
pub mod files;
pub mod language;
pub mod limits;
pub mod open;
pub mod pad;
pub mod parallel;
pub mod seal;
pub mod testimony;
pub mod words;
