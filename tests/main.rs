//! Both programs, run as a person would, and judged by other programs. One binary, so that it links once.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a test that meets the unexpected should fail loudly"
)]

mod canary;
mod cases;
mod harness;
mod look;
mod memory_image;
mod padding_mix;
mod peers;
mod screen;
mod secrets;
mod traces;
