//! Payloads: what is sealed opens to the same, on any number of threads; nothing else opens.

#![no_main]

use std::num::NonZeroUsize;

use deponent::envelope::fuzzing::{open_payload, seal_payload};
use libfuzzer_sys::fuzz_target;

/// The seeds are sealed with it (`fuzz/examples/seeds.rs`).
const KEY: [u8; 32] = [7; 32];
const CHUNK_BYTES: usize = 64 * 1024;
const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + 16;
const BATCH_BYTES: usize = 8 * CHUNK_BYTES;
const ONE: NonZeroUsize = NonZeroUsize::MIN;
const THREE: NonZeroUsize = NonZeroUsize::new(3).unwrap();

fuzz_target!(|input: &[u8]| {
    let Some((&[what, size, how, at], material)) = input.split_first_chunk() else { return };
    if what % 4 == 0 {
        return opens_only_what_would_be_sealed(material);
    }
    let plaintext = plaintext(size, material);
    let sealed = seal_payload(KEY, ONE, &plaintext).expect("memory takes everything");
    assert!(sealed == seal_payload(KEY, THREE, &plaintext).expect("as above"), "threads change what is sealed");
    assert_eq!(sealed.len(), plaintext.len() + 16 * plaintext.len().div_ceil(CHUNK_BYTES).max(1));
    if what % 4 == 1 {
        for workers in [ONE, THREE] {
            let (opened, all) = open_payload(KEY, workers, &sealed);
            assert!(all && opened == plaintext, "what was sealed does not open");
        }
        return;
    }
    let altered = altered(&sealed, how, at, material);
    if altered == sealed {
        return;
    }
    for workers in [ONE, THREE] {
        let (opened, all) = open_payload(KEY, workers, &altered);
        assert!(!all, "an altered payload opens");
        // What came out before the fault is authentic: whole chunks from the front, or the whole.
        assert!(plaintext.starts_with(&opened), "something else than was sealed comes out");
        assert!(opened.len() % CHUNK_BYTES == 0 || opened.len() == plaintext.len(), "half a chunk comes out");
    }
});

fn opens_only_what_would_be_sealed(sealed: &[u8]) {
    let (opened, all) = open_payload(KEY, ONE, sealed);
    assert!((opened.clone(), all) == open_payload(KEY, THREE, sealed), "threads change what opens");
    if all {
        assert!(seal_payload(KEY, ONE, &opened).expect("memory takes everything") == sealed, "two seals of one text");
    }
}

/// Mostly the material itself; sometimes as much of it, over and over, as stands at the edge of a chunk or
/// of a batch.
fn plaintext(size: u8, material: &[u8]) -> Vec<u8> {
    let (edge, times, delta) = match size {
        0..236 => return material.to_vec(),
        236..251 => (CHUNK_BYTES, usize::from(size % 3), size / 3 % 5),
        251.. => (BATCH_BYTES, 0, size % 5),
    };
    let len = (edge * (times + 1) + usize::from(delta)).saturating_sub(2);
    let pattern = if material.is_empty() { &[0] } else { material };
    pattern.iter().copied().cycle().take(len).collect()
}

/// Cut, flipped, swapped, repeated, left out, put together anew or longer.
fn altered(sealed: &[u8], how: u8, at: u8, material: &[u8]) -> Vec<u8> {
    let place = sealed.len() * usize::from(at) / 256;
    let mut chunks: Vec<&[u8]> = sealed.chunks(SEALED_CHUNK_BYTES).collect();
    let (first, second) = (usize::from(at) % chunks.len(), usize::from(at) / 16 % chunks.len());
    match how % 8 {
        0 => return sealed.split_at(place).0.to_vec(),
        1 => {
            let mut flipped = sealed.to_vec();
            flipped[place] ^= 1 << (how / 8 % 8);
            return flipped;
        }
        2 => return [sealed, if material.is_empty() { &[0] } else { material }].concat(),
        3 => return sealed.split_at(place).1.to_vec(),
        4 => chunks.swap(first, second),
        5 => chunks.insert(second, chunks[first]),
        6 => drop(chunks.remove(first)),
        _ => chunks.truncate(first),
    }
    chunks.concat()
}
