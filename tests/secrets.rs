//! Every secret on the way from an identity to the plaintext of a sealed file, computed here by the
//! specifications' steps alone (C2SP `age.md`; RFC 9180; draft-connolly-cfrg-xwing-kem), not by the library.

use std::io::Read;

use age::armor::ArmoredReader;
use age_core::primitives::bech32_decode;
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use libcrux_ml_kem::mlkem768::{self, MlKem768Ciphertext};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use ring::hmac::{self, HMAC_SHA256};
use x25519_dalek::{PublicKey, StaticSecret};

/// A secret and what it is called.
pub(crate) type Secret = (&'static str, Vec<u8>);

const ML_KEM_CIPHERTEXT_BYTES: usize = 1088;
const NONCE_BYTES: usize = 16;

/// The identity's own: its bytes, what a hybrid one is expanded to, and its text in both cases.
pub(crate) fn of_identity(identity: &str) -> Vec<Secret> {
    let seed = bytes_of(identity);
    // What stands in front of the last 1 is in every identity, and in our programs.
    let (_, text) = identity.rsplit_once('1').unwrap();
    let mut secrets = vec![
        ("identity in capitals", text.to_ascii_uppercase().into_bytes()),
        ("identity in small letters", text.to_ascii_lowercase().into_bytes()),
    ];
    if is_hybrid(identity) {
        secrets.push(("keys that the seed is expanded to", expanded(&seed).to_vec()));
    }
    secrets.push(("identity in bytes", seed));
    secrets
}

/// Those of one sealed file, binary or armored, that `identity` opens.
pub(crate) fn of_file(identity: &str, sealed: &[u8]) -> Vec<Secret> {
    let mut file = Vec::new();
    ArmoredReader::new(sealed).read_to_end(&mut file).unwrap();
    let mac_at = file.windows(5).position(|bytes| bytes == b"\n--- ").unwrap();
    let head = std::str::from_utf8(&file[..mac_at]).unwrap();
    let lines: Vec<&str> = head.lines().collect();
    let (argument, body) = (lines[1].rsplit(' ').next().unwrap(), base64(lines[2]));
    let (mut secrets, wrap_key, wrap_nonce) = match is_hybrid(identity) {
        true => hybrid(&bytes_of(identity), &base64(argument)),
        false => x25519(&bytes_of(identity), &base64(argument)),
    };
    let cipher = LessSafeKey::new(UnboundKey::new(&CHACHA20_POLY1305, &wrap_key).unwrap());
    let nonce = Nonce::try_assume_unique_for_key(&wrap_nonce).unwrap();
    let mut file_key = body;
    let file_key = cipher.open_in_place(nonce, Aad::empty(), &mut file_key).unwrap().to_vec();
    // Behind the MAC's 43 columns and its line's end.
    let nonce_at = mac_at + "\n--- ".len() + 43 + "\n".len();
    let nonce = &file[nonce_at..nonce_at + NONCE_BYTES];
    secrets.extend([
        ("payload key", hkdf(nonce, b"payload", &file_key)),
        ("header key", hkdf(&[], b"header", &file_key)),
        ("key that wraps the file key", wrap_key),
        ("file key", file_key),
    ]);
    secrets
}

/// Shared secrets, key and nonce of an `X25519` stanza.
fn x25519(secret: &[u8], share: &[u8]) -> (Vec<Secret>, Vec<u8>, Vec<u8>) {
    let secret = StaticSecret::from(<[u8; 32]>::try_from(secret).unwrap());
    let shared = agreed(&secret, share);
    let salt = [share, PublicKey::from(&secret).as_bytes()].concat();
    let key = hkdf(&salt, b"age-encryption.org/v1/X25519", &shared);
    (vec![("X25519 shared secret", shared)], key, vec![0; 12])
}

/// Shared secrets, key and nonce of a `mlkem768x25519` stanza.
fn hybrid(seed: &[u8], encapsulation: &[u8]) -> (Vec<Secret>, Vec<u8>, Vec<u8>) {
    let expanded = expanded(seed);
    let (ciphertext, share) = encapsulation.split_at(ML_KEM_CIPHERTEXT_BYTES);
    let pair = mlkem768::generate_key_pair(expanded[..64].try_into().unwrap());
    let ml_kem = mlkem768::decapsulate(pair.private_key(), &MlKem768Ciphertext::try_from(ciphertext).unwrap());
    let secret = StaticSecret::from(<[u8; 32]>::try_from(&expanded[64..]).unwrap());
    let x25519 = agreed(&secret, share);
    let public = PublicKey::from(&secret);
    let shared = libcrux_sha3::sha256(&[&ml_kem, &x25519[..], share, public.as_bytes(), br"\.//^\"].concat());

    let suite = b"HPKE\x64\x7a\x00\x01\x00\x03";
    let extract = |salt: &[u8], label: &[u8], input: &[u8]| mac(salt, &[b"HPKE-v1", &suite[..], label, input]);
    let context =
        [vec![0], extract(&[], b"psk_id_hash", &[]), extract(&[], b"info_hash", b"age-encryption.org/mlkem768x25519")]
            .concat();
    let secret = extract(&shared, b"secret", &[]);
    let expand = |label: &[u8], len: u8| {
        let mut key = mac(&secret, &[&[0, len], b"HPKE-v1", &suite[..], label, &context, &[1]]);
        key.truncate(usize::from(len));
        key
    };
    let secrets = vec![
        ("ML-KEM shared secret", ml_kem.to_vec()),
        ("X25519 shared secret", x25519),
        ("X-Wing shared secret", shared.to_vec()),
        ("HPKE secret", secret.clone()),
    ];
    (secrets, expand(b"key", 32), expand(b"base_nonce", 12))
}

fn is_hybrid(identity: &str) -> bool {
    identity.starts_with("AGE-SECRET-KEY-PQ-1")
}

fn bytes_of(identity: &str) -> Vec<u8> {
    bech32_decode(identity, |_| (), |_| Ok(()), |_, bytes| Ok(bytes.collect())).unwrap()
}

fn expanded(seed: &[u8]) -> [u8; 96] {
    let mut expanded = [0; 96];
    libcrux_sha3::shake256_ema(&mut expanded, seed);
    expanded
}

fn agreed(secret: &StaticSecret, share: &[u8]) -> Vec<u8> {
    let share = PublicKey::from(<[u8; 32]>::try_from(share).unwrap());
    secret.diffie_hellman(&share).as_bytes().to_vec()
}

/// The first 32 bytes of HKDF-SHA256 (RFC 5869).
fn hkdf(salt: &[u8], info: &[u8], input: &[u8]) -> Vec<u8> {
    mac(&mac(salt, &[input]), &[info, &[1]])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(HMAC_SHA256, key), &parts.concat()).as_ref().to_vec()
}

fn base64(text: &str) -> Vec<u8> {
    BASE64_STANDARD_NO_PAD.decode(text).unwrap()
}
