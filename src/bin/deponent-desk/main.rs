//! The organisation's program: keys, opening.

fn main() {}
