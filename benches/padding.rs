//! Prints what the size classes cost and whom they hide, beside other rules: `cargo bench --bench padding`.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::as_conversions,
    clippy::print_stdout,
    clippy::unreachable,
    clippy::unwrap_used,
    reason = "a simulation with numbers of its own, and its result is printed"
)]

#[path = "../tests/padding_mix.rs"]
mod padding_mix;

use padding_mix::{RULES, measure};

fn main() {
    println!(
        "{:<18} {:>9} {:>12} {:>12} {:>12} {:>28}",
        "rule", "bytes", "alone of 30", "of 100", "of 1000", "crowd < 5 of 300, < 64 MiB"
    );
    for rule in RULES {
        let measured = measure(*rule);
        let [of_30, of_100, of_1000] = measured.unique.map(|share| share * 100.0);
        let (cost, exposed) = (measured.cost, measured.exposed * 100.0);
        println!("{:<18} {cost:>8.3}x {of_30:>11.1}% {of_100:>11.1}% {of_1000:>11.1}% {exposed:>27.2}%", rule.0);
    }
}
