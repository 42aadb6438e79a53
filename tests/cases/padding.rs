//! What the size classes promise, held against the simulation that chose them.

use crate::padding_mix::{Measured, RULES, measure};

/// What a rule measures.
fn check(name: &str) -> Measured {
    measure(*RULES.iter().find(|(known, _)| *known == name).unwrap())
}

#[test]
fn below_64_mib_nobody_stands_in_a_crowd_of_fewer_than_five() {
    let ours = check("ours");
    // Fewer than one in a thousand, over a thousand days of 300.
    assert!(ours.exposed < 0.001, "{}", ours.exposed);
    assert!(check("two mantissa bits").exposed > 20.0 * ours.exposed);
    assert!(check("Padmé").exposed > 20.0 * ours.exposed);
}

#[test]
fn padding_costs_at_most_a_fifth_more_bytes_in_all() {
    let cost = check("ours").cost;
    assert!(cost > 1.0 && cost <= 1.2, "{cost}");
    assert!(cost < check("power of two").cost);
}

#[test]
fn fewer_have_a_size_of_their_own_than_under_finer_rules() {
    let (ours, finer) = (check("ours"), check("two mantissa bits"));
    for (ours, finer) in ours.unique.iter().zip(finer.unique).take(2) {
        assert!(*ours < finer / 2.0);
    }
    assert!(ours.unique[1] < 0.10, "{}", ours.unique[1]);
}
