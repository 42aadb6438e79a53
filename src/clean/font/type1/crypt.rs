//! The encryption of Type 1 programs (Adobe Type 1 Font Format, chapter 7): no secret, but every reader expects it.

/// The key of the encrypted portion.
pub(super) const EEXEC: u16 = 55665;
/// The key of charstrings.
pub(super) const CHARSTRING: u16 = 4330;
/// Bytes in front of what is encrypted.
pub(super) const LEAD: usize = 4;

fn stepped(key: u16, cipher: u8) -> u16 {
    u16::from(cipher).wrapping_add(key).wrapping_mul(52845).wrapping_add(22719)
}

/// Decrypts all of `cipher`; the bytes in front are still there.
pub(super) fn decrypted(cipher: &[u8], mut key: u16) -> Vec<u8> {
    let byte = |cipher: &u8| {
        let plain = cipher ^ key.to_be_bytes()[0];
        key = stepped(key, *cipher);
        plain
    };
    cipher.iter().map(byte).collect()
}

/// Encrypts `plain` behind zeros.
pub(super) fn encrypted(plain: &[u8], mut key: u16) -> Vec<u8> {
    let byte = |plain: &u8| {
        let cipher = plain ^ key.to_be_bytes()[0];
        key = stepped(key, cipher);
        cipher
    };
    [0; LEAD].iter().chain(plain).map(byte).collect()
}
