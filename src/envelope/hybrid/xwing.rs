//! X-Wing, the KEM of `mlkem768x25519` (draft-connolly-cfrg-xwing-kem): ML-KEM-768 (FIPS 203) and X25519
//! (RFC 7748), combined by SHA3-256.

use libcrux_ml_kem::mlkem768::{self, MlKem768Ciphertext, MlKem768PublicKey};
use x25519_dalek::{PublicKey as Point, StaticSecret};
use zeroize::Zeroizing;

use crate::envelope::recipient::is_low_order;
use crate::envelope::secret::Key;

/// X-Wing's number among the KEMs of HPKE.
pub(super) const KEM_ID: u16 = 0x647a;
pub(super) const SEED_BYTES: usize = 32;
pub(super) const ENCAPSULATION_BYTES: usize = ML_KEM_CIPHERTEXT_BYTES + X25519_BYTES;
/// What an encapsulation is made from: 32 bytes for ML-KEM, then 32 for X25519.
pub(super) const RANDOMNESS_BYTES: usize = 64;

const ML_KEM_PUBLIC_KEY_BYTES: usize = 1184;
const ML_KEM_CIPHERTEXT_BYTES: usize = 1088;
const X25519_BYTES: usize = 32;
const LABEL: &[u8; 6] = br"\.//^\";

/// The X25519 secret came out as zero: somebody chose a point of low order.
#[derive(Debug)]
pub(super) struct LowOrder;

/// A public key that was checked.
#[derive(Clone)]
pub(super) struct PublicKey {
    ml_kem: MlKem768PublicKey,
    x25519: Point,
}

impl PublicKey {
    /// The key in 1,216 bytes. None unless the ML-KEM part is what its decoding encodes to (FIPS 203,
    /// section 7.2) and the X25519 part is not of low order.
    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        let (ml_kem, x25519) = bytes.split_at_checked(ML_KEM_PUBLIC_KEY_BYTES)?;
        let ml_kem = MlKem768PublicKey::try_from(ml_kem).ok()?;
        let x25519 = Point::from(<[u8; X25519_BYTES]>::try_from(x25519).ok()?);
        (mlkem768::validate_public_key(&ml_kem) && !is_low_order(&x25519)).then_some(Self { ml_kem, x25519 })
    }

    pub(super) fn to_bytes(&self) -> Vec<u8> {
        [&self.ml_kem.as_slice()[..], self.x25519.as_bytes()].concat()
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.ml_kem.as_slice() == other.ml_kem.as_slice() && self.x25519 == other.x25519
    }
}

impl Eq for PublicKey {}

/// Both key pairs that a seed stands for.
struct Expanded {
    ml_kem: mlkem768::MlKem768KeyPair,
    x25519: StaticSecret,
}

impl Expanded {
    fn new(seed: &[u8; SEED_BYTES]) -> Self {
        let mut expanded = Zeroizing::new([0; 96]);
        libcrux_sha3::shake256_ema(&mut expanded[..], seed);
        let (mut d_z, mut scalar) = (Zeroizing::new([0; 64]), Zeroizing::new([0; X25519_BYTES]));
        let (first, second) = expanded.split_at(d_z.len());
        d_z.copy_from_slice(first);
        scalar.copy_from_slice(second);
        Self { ml_kem: mlkem768::generate_key_pair(*d_z), x25519: StaticSecret::from(*scalar) }
    }
}

/// The public key of a seed.
pub(super) fn public_key(seed: &[u8; SEED_BYTES]) -> PublicKey {
    let expanded = Expanded::new(seed);
    PublicKey { ml_kem: expanded.ml_kem.public_key().clone(), x25519: Point::from(&expanded.x25519) }
}

/// A fresh shared secret, and what carries it to the holder of the seed.
///
/// # Errors
/// [`LowOrder`], which [`PublicKey::parse`] leaves no room for.
pub(super) fn encapsulate(
    public: &PublicKey,
    randomness: &[u8; RANDOMNESS_BYTES],
) -> Result<(Box<[u8; ENCAPSULATION_BYTES]>, Key), LowOrder> {
    let (mut message, mut scalar) = (Zeroizing::new([0; 32]), Zeroizing::new([0; X25519_BYTES]));
    let (first, second) = randomness.split_at(message.len());
    message.copy_from_slice(first);
    scalar.copy_from_slice(second);
    let (ciphertext, ml_kem_secret) = mlkem768::encapsulate(&public.ml_kem, *message);
    let ml_kem_secret = Zeroizing::new(ml_kem_secret);
    let ephemeral = StaticSecret::from(*scalar);
    let share = Point::from(&ephemeral);
    let x25519_secret = ephemeral.diffie_hellman(&public.x25519);
    if !x25519_secret.was_contributory() {
        return Err(LowOrder);
    }
    let mut encapsulation = Box::new([0; ENCAPSULATION_BYTES]);
    let (first, second) = encapsulation.split_at_mut(ML_KEM_CIPHERTEXT_BYTES);
    first.copy_from_slice(ciphertext.as_slice());
    second.copy_from_slice(share.as_bytes());
    Ok((encapsulation, combine(&ml_kem_secret, x25519_secret.as_bytes(), &share, &public.x25519)))
}

/// The shared secret that `encapsulation` carries. One that was not made for this seed gives another
/// secret, not an error (FIPS 203, section 6.3: implicit rejection).
///
/// # Errors
/// [`LowOrder`].
// Kept by its name in the desk's program, so that a test can see that the source's program lacks it.
#[inline(never)]
pub(super) fn decapsulate(seed: &[u8; SEED_BYTES], encapsulation: &[u8; ENCAPSULATION_BYTES]) -> Result<Key, LowOrder> {
    let (ciphertext, share) = encapsulation.split_at(ML_KEM_CIPHERTEXT_BYTES);
    let (Ok(ciphertext), Ok(share)) = (MlKem768Ciphertext::try_from(ciphertext), <[u8; X25519_BYTES]>::try_from(share))
    else {
        return Err(LowOrder);
    };
    let share = Point::from(share);
    let expanded = Expanded::new(seed);
    let ml_kem_secret = Zeroizing::new(mlkem768::decapsulate(expanded.ml_kem.private_key(), &ciphertext));
    let x25519_secret = expanded.x25519.diffie_hellman(&share);
    if !x25519_secret.was_contributory() {
        return Err(LowOrder);
    }
    Ok(combine(&ml_kem_secret, x25519_secret.as_bytes(), &share, &Point::from(&expanded.x25519)))
}

/// `SHA3-256(ss_M || ss_X || ct_X || pk_X || label)`.
fn combine(ml_kem_secret: &[u8; 32], x25519_secret: &[u8; 32], share: &Point, public: &Point) -> Key {
    let mut input = Zeroizing::new([0; 4 * 32 + LABEL.len()]);
    let parts = [&ml_kem_secret[..], x25519_secret, share.as_bytes(), public.as_bytes(), LABEL];
    for (to, from) in input.iter_mut().zip(parts.into_iter().flatten()) {
        *to = *from;
    }
    let mut shared = Box::new(Zeroizing::new([0; 32]));
    libcrux_sha3::sha256_ema(&mut shared[..], &input[..]);
    shared
}
