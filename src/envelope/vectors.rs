//! The 143 test vectors of the age format (C2SP, Community Cryptography Test Vectors), each with its exact
//! class of outcome. `scripts/setup` installs them.

#![expect(clippy::disallowed_types, clippy::disallowed_methods, reason = "vectors bring their own identities")]

use std::fs;
use std::io::{BufReader, Read};
use std::num::NonZeroUsize;
use std::path::Path;

use age::scrypt;
use age::secrecy::SecretString;

use super::header::Header;
use super::identity::{Identities, Nobody};
use super::{OpenError, armor, payload};
use crate::limits::SCRYPT_LOG_N_MAX;

const COUNT: usize = 143;

/// What a vector says of itself, and the age file behind it.
struct Vector {
    name: String,
    keys: Vec<(String, String)>,
    file: Vec<u8>,
}

impl Vector {
    fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap();
        let end = bytes.windows(2).position(|pair| pair == b"\n\n").unwrap();
        let keys = std::str::from_utf8(&bytes[..end]).unwrap().lines();
        let keys =
            keys.map(|line| line.split_once(": ").unwrap()).map(|(key, value)| (key.to_owned(), value.to_owned()));
        let mut vector = Self {
            name: path.file_name().unwrap().to_string_lossy().into_owned(),
            keys: keys.collect(),
            file: bytes[end + 2..].to_vec(),
        };
        if vector.all("compressed").eq(["zlib"]) {
            let mut inflated = Vec::new();
            flate2::read::ZlibDecoder::new(&vector.file[..]).read_to_end(&mut inflated).unwrap();
            vector.file = inflated;
        }
        vector
    }

    fn all(&self, key: &str) -> impl Iterator<Item = &str> {
        self.keys.iter().filter(move |(its, _)| its == key).map(|(_, value)| value.as_str())
    }

    fn is_armored(&self) -> bool {
        self.all("armored").eq(["yes"])
    }

    fn identities(&self) -> Identities {
        let mut identities = Identities::none();
        for line in self.all("identity") {
            identities.add_file(line.as_bytes(), &Nobody).unwrap();
        }
        identities
    }

    fn passphrases(&self) -> Vec<scrypt::Identity> {
        let passphrases = self.all("passphrase").map(|passphrase| {
            let mut identity = scrypt::Identity::new(SecretString::from(passphrase));
            identity.set_max_work_factor(SCRYPT_LOG_N_MAX);
            identity
        });
        passphrases.collect()
    }
}

fn opened(vector: &Vector, workers: usize, output: &mut Vec<u8>) -> Result<u64, OpenError> {
    // A small buffer shows what depends on how much comes at once.
    let input = BufReader::with_capacity(23, &vector.file[..]);
    // Which vectors are armored is told, not guessed, so that armor which does not begin as armor is.
    let mut input = match vector.is_armored() {
        true => armor::Reader::Armored(armor::Dearmor::new(input)),
        false => armor::Reader::Binary(input),
    };
    let (identities, passphrases) = (vector.identities(), vector.passphrases());
    let passphrases = passphrases.iter().map(|identity| -> &dyn age::Identity { identity });
    let header = Header::read(&mut input)?;
    let key = header.unlock(identities.iter().chain(passphrases))?;
    payload::open(&key, NonZeroUsize::new(workers).unwrap(), input, output)
}

fn sha256(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The vectors' name for an outcome.
fn class(outcome: &Result<u64, OpenError>) -> &'static str {
    match outcome {
        Ok(_) => "success",
        Err(OpenError::NotSealed | OpenError::Header | OpenError::TooMuchWork) => "header failure",
        Err(OpenError::HeaderMac) => "HMAC failure",
        Err(OpenError::Armor) => "armor failure",
        Err(OpenError::NotForTheseKeys) => "no match",
        Err(OpenError::Payload) => "payload failure",
        Err(
            OpenError::Passphrase
            | OpenError::Keeper(_)
            | OpenError::TooLarge
            | OpenError::Read(_)
            | OpenError::Write(_),
        ) => "none",
    }
}

#[test]
fn every_vector_has_its_exact_outcome() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/peers/vectors");
    let mut paths: Vec<_> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{} is missing ({error}): run scripts/setup", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    assert_eq!(paths.len(), COUNT);
    let mut wrong = Vec::new();
    for path in &paths {
        let vector = Vector::read(path);
        for workers in [1, 3] {
            let mut plain = Vec::new();
            let outcome = opened(&vector, workers, &mut plain);
            if !vector.all("expect").eq([class(&outcome)]) {
                wrong.push(format!("{}: {outcome:?}", vector.name));
            }
            if outcome.is_ok() {
                assert!(vector.all("payload").eq([sha256(&plain).as_str()]), "{}", vector.name);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
