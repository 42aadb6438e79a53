//! See [`deponent_fuzz::clean`].

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| deponent_fuzz::clean("odf", input));
