//! Where secrets live: in boxes that are filled in place and wiped when dropped, never in values that
//! move; and what a call leaves of them on the stack is overwritten after it.

use std::hint::black_box;

use zeroize::Zeroizing;

/// A key of 32 bytes, wiped when dropped.
pub(super) type Key = Box<Zeroizing<[u8; 32]>>;

/// Bytes of stack that are overwritten: more than any call below reaches down.
const STACK_BYTES: usize = 128 * 1024;
/// The same where only a cipher runs. It matters: every batch of a payload is followed by it.
const CIPHER_STACK_BYTES: usize = 16 * 1024;

/// Does `work` and then overwrites the stack that it used, as far as that can be done without `unsafe`:
/// the libraries that compute with secrets leave copies of them in their frames.
pub(super) fn on_clean_stack<T>(work: impl FnOnce() -> T) -> T {
    let result = frame(work);
    overwrite::<STACK_BYTES>();
    result
}

/// The same for work in which only a cipher, and what makes one from a key, knows secrets.
pub(super) fn on_clean_cipher_stack<T>(work: impl FnOnce() -> T) -> T {
    let result = frame(work);
    overwrite::<CIPHER_STACK_BYTES>();
    result
}

#[inline(never)]
fn frame<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn overwrite<const BYTES: usize>() {
    black_box(&mut [0u8; BYTES]);
}
