//! The source's program: look, clean, seal.

fn main() {}
