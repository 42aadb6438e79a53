//! After sealing and after opening, a process's own memory holds neither plaintext, nor keys, nor the
//! identity, nor its passphrase.
//!
//! The test starts itself again as a child, which does the work and then writes down all of its memory.

#![expect(clippy::disallowed_types, reason = "looks for an identity, and has to know it")]

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use age::armor::ArmoredReader;
use age::secrecy::SecretString;
use deponent::envelope::identity::{self, Identities, Keeper, Kind, Opener, Protection};
use deponent::envelope::{self, Form, Recipients};
use deponent::files::read_bounded;
use deponent::limits::KEY_FILE_BYTES_MAX;
use zeroize::Zeroizing;

use crate::harness;
use crate::memory_image::{Secrets, Writer};
use crate::secrets::{self, Secret};

/// Names the folder that a child works in.
const FOLDER: &str = "DEPONENT_TEST_MEMORY";
/// The allocator keeps what is freed, so that it is looked at too, and does not give it back to the system.
const KEEP_FREED: [(&str, &str); 3] =
    [("MALLOC_ARENA_MAX", "1"), ("MALLOC_MMAP_THRESHOLD_", "33554432"), ("MALLOC_TRIM_THRESHOLD_", "1073741824")];
const PASSPHRASE: &[u8] = b"seven owls count the frozen river stones";
/// Some batches, and a piece of one.
const PLAINTEXT_BYTES: [usize; 2] = [3 << 20, 5000];

#[test]
fn sealing_leaves_nothing_in_memory() {
    for_every_way(|kind, form, workers, len| {
        let case = Case::new(kind, Protection::None, len);
        case.run("seal", form, workers);
        let sealed = fs::read(case.file("sealed")).unwrap();
        assert!(case.opens(&sealed) == case.plaintext(), "the child did not do its work");
        case.leaves_only(&[], [case.marker(), secrets::of_file(&case.identity, &sealed)].concat());
    });
}

#[test]
fn opening_leaves_nothing_in_memory() {
    for_every_way(|kind, form, workers, len| {
        let case = Case::new(kind, Protection::None, len);
        case.seal(form);
        case.run("open", form, workers);
        let sealed = fs::read(case.file("sealed")).unwrap();
        assert!(fs::read(case.file("opened")).unwrap() == case.plaintext(), "the child did not do its work");
        let of_file = secrets::of_file(&case.identity, &sealed);
        case.leaves_only(&[], [case.marker(), secrets::of_identity(&case.identity), of_file].concat());
    });
}

#[test]
fn an_opening_that_fails_leaves_nothing_in_memory() {
    for kind in [Kind::Hybrid, Kind::X25519] {
        let case = Case::new(kind, Protection::None, 3 << 20);
        let mut sealed = case.seal(Form::Binary);
        *sealed.last_mut().unwrap() ^= 1;
        fs::write(case.file("sealed"), &sealed).unwrap();
        case.run("fail", Form::Binary, 4);
        let of_file = secrets::of_file(&case.identity, &sealed);
        case.leaves_only(&[], [case.marker(), secrets::of_identity(&case.identity), of_file].concat());
    }
}

#[test]
fn opening_with_a_protected_identity_leaves_nothing_in_memory() {
    let case = Case::new(Kind::Hybrid, Protection::Passphrase(passphrase()), 5000);
    let sealed = case.seal(Form::Binary);
    case.run("open", Form::Binary, 1);
    assert!(fs::read(case.file("opened")).unwrap() == case.plaintext(), "the child did not do its work");
    let of_file = secrets::of_file(&case.identity, &sealed);
    let of_keys = secrets::of_identity(&case.identity);
    case.leaves_only(&[], [case.marker(), of_passphrase(), of_keys, of_file].concat());
}

#[test]
fn making_an_identity_leaves_nothing_in_memory() {
    for work in ["hybrid", "x25519", "protected"] {
        let case = Case::new(Kind::X25519, Protection::None, 0);
        case.run(work, Form::Binary, 1);
        let made = fs::read(case.file("made")).unwrap();
        let made = if work == "protected" { unprotected(&made) } else { made };
        case.leaves_only(&[], [of_passphrase(), secrets::of_identity(&key_line(made))].concat());
    }
}

/// Were a secret left, dead or alive, this is how it would be found.
#[test]
fn a_secret_that_is_left_is_found() {
    for work in ["keep", "drop"] {
        for kind in [Kind::Hybrid, Kind::X25519] {
            let case = Case::new(kind, Protection::None, 5000);
            let sealed = case.seal(Form::Binary);
            let mut all = [case.marker(), secrets::of_identity(&case.identity)].concat();
            all.extend(secrets::of_file(&case.identity, &sealed));
            all.extend(of_passphrase());
            fs::write(case.file("left"), all.iter().flat_map(|(_, secret)| secret.clone()).collect::<Vec<u8>>())
                .unwrap();
            case.run(work, Form::Binary, 1);
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            case.leaves_only(&names, all);
        }
    }
}

/// The child. It does what it is told in its folder, and then writes down its memory.
#[test]
#[ignore = "started by the other tests"]
fn the_child_of_a_memory_test() {
    let folder = PathBuf::from(std::env::var_os(FOLDER).unwrap());
    let image = Writer::new();
    let kept = work(&folder);
    image.write(&folder);
    drop(kept);
}

/// A function of its own, so that everything of it is gone when memory is written down.
#[inline(never)]
fn work(folder: &Path) -> Option<Vec<u8>> {
    let told = fs::read_to_string(folder.join("work")).unwrap();
    let told: Vec<&str> = told.split(' ').collect();
    let form = if told[1] == "armored" { Form::Armored } else { Form::Binary };
    let workers = told[2].parse().unwrap();
    let (open, create) =
        (|name| File::open(folder.join(name)).unwrap(), |name| File::create(folder.join(name)).unwrap());
    match told[0] {
        "seal" => {
            let recipients = Recipients::parse(&[fs::read_to_string(folder.join("recipient")).unwrap()]).ok().unwrap();
            envelope::seal(&recipients, form, workers, open("plaintext"), create("sealed")).unwrap();
        }
        "open" => {
            let identities = identities(folder);
            envelope::open(&identities, workers, open("sealed"), &mut create("opened")).unwrap();
        }
        "fail" => {
            let identities = identities(folder);
            assert!(envelope::open(&identities, workers, open("sealed"), &mut create("opened")).is_err());
        }
        "hybrid" => make(Kind::Hybrid, Protection::None, create("made")),
        "x25519" => make(Kind::X25519, Protection::None, create("made")),
        "protected" => {
            let passphrase = PassphraseFile(folder).passphrase().unwrap();
            make(Kind::Hybrid, Protection::Passphrase(passphrase), create("made"));
        }
        "keep" => return Some(fs::read(folder.join("left")).unwrap()),
        "drop" => drop(fs::read(folder.join("left")).unwrap()),
        other => unreachable!("{other}"),
    }
    None
}

fn identities(folder: &Path) -> Identities {
    let mut identities = Identities::none();
    let file = read_bounded(File::open(folder.join("identity")).unwrap(), KEY_FILE_BYTES_MAX).unwrap();
    identities.add_file(&file, &PassphraseFile(folder)).unwrap();
    identities
}

fn make(kind: Kind, protection: Protection, mut file: File) {
    file.write_all(&identity::generate(kind, protection).unwrap().file).unwrap();
}

struct PassphraseFile<'a>(&'a Path);

impl Keeper for PassphraseFile<'_> {
    fn passphrase(&self) -> Option<SecretString> {
        let mut text = Zeroizing::new([0; PASSPHRASE.len()]);
        File::open(self.0.join("passphrase")).unwrap().read_exact(&mut text[..]).unwrap();
        Some(SecretString::from(std::str::from_utf8(&text[..]).unwrap()))
    }

    fn plugin(&self, _name: &str, _identity: &str) -> Option<Opener> {
        None
    }
}

fn passphrase() -> SecretString {
    SecretString::from(std::str::from_utf8(PASSPHRASE).unwrap())
}

fn of_passphrase() -> Vec<Secret> {
    vec![("passphrase", PASSPHRASE.to_vec())]
}

/// The identity in its file.
fn key_line(file: Vec<u8>) -> String {
    let file = String::from_utf8(file).unwrap();
    file.lines().find(|line| line.starts_with("AGE-SECRET-KEY-")).unwrap().to_owned()
}

fn for_every_way(check: impl Fn(Kind, Form, usize, usize)) {
    for kind in [Kind::Hybrid, Kind::X25519] {
        for (form, workers) in [(Form::Binary, 1), (Form::Binary, 4), (Form::Armored, 4)] {
            for len in PLAINTEXT_BYTES {
                check(kind, form, workers, len);
            }
        }
    }
}

/// A child's folder, and what the child is not to leave in memory.
struct Case {
    folder: tempfile::TempDir,
    identity: String,
    marker: [u8; 32],
}

impl Case {
    /// Plaintext of `len` bytes, an identity and its recipient.
    fn new(kind: Kind, protection: Protection, len: usize) -> Self {
        let folder = harness::folder();
        let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        let is_protected = matches!(protection, Protection::Passphrase(_));
        let made = identity::generate(kind, protection).unwrap();
        let file = if is_protected { unprotected(&made.file) } else { made.file.to_vec() };
        let identity = key_line(file);
        write("identity", &made.file);
        write("passphrase", PASSPHRASE);
        write("recipient", made.recipient.as_bytes());
        let marker = ring::rand::generate::<[u8; 32]>(&ring::rand::SystemRandom::new()).unwrap().expose();
        write("plaintext", &marker.iter().copied().cycle().take(len).collect::<Vec<u8>>());
        Self { folder, identity, marker }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn plaintext(&self) -> Vec<u8> {
        fs::read(self.file("plaintext")).unwrap()
    }

    /// The plaintext as a secret: it says the same over and over, so that every piece of it is found.
    fn marker(&self) -> Vec<Secret> {
        vec![("plaintext", [self.marker, self.marker].concat())]
    }

    /// Seals the plaintext into `sealed`.
    fn seal(&self, form: Form) -> Vec<u8> {
        let recipients = Recipients::parse(&[fs::read_to_string(self.file("recipient")).unwrap()]).ok().unwrap();
        let plaintext = self.plaintext();
        let sealed = envelope::seal(&recipients, form, NonZeroUsize::MIN, &plaintext[..], Vec::new()).unwrap();
        fs::write(self.file("sealed"), &sealed).unwrap();
        sealed
    }

    fn opens(&self, sealed: &[u8]) -> Vec<u8> {
        let identities = identities(self.folder.path());
        let mut opened = Vec::new();
        envelope::open(&identities, NonZeroUsize::MIN, sealed, &mut opened).unwrap();
        opened
    }

    /// Has a child do `work`. Its memory is then in the folder.
    fn run(&self, work: &str, form: Form, workers: usize) {
        let form = if form == Form::Armored { "armored" } else { "binary" };
        fs::write(self.file("work"), format!("{work} {form} {workers}")).unwrap();
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "cases::memory::the_child_of_a_memory_test", "--ignored", "--nocapture"])
            .env(FOLDER, self.folder.path())
            .envs(KEEP_FREED)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stderr));
    }

    /// Insists that the child's memory holds those of the secrets that are named, and no other.
    #[track_caller]
    fn leaves_only(&self, names: &[&str], secrets: Vec<Secret>) {
        let found = Secrets::new(&secrets).find(self.folder.path());
        let told = fs::read_to_string(self.file("work")).unwrap();
        let found_names: BTreeSet<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(found_names, names.iter().copied().collect(), "{told}: {found:#?}");
    }
}

/// What a passphrase protects, as the age crate opens it.
fn unprotected(file: &[u8]) -> Vec<u8> {
    let decryptor = age::Decryptor::new_buffered(ArmoredReader::new(file)).unwrap();
    let key = age::scrypt::Identity::new(passphrase());
    let mut opened = Vec::new();
    decryptor.decrypt(std::iter::once::<&dyn age::Identity>(&key)).unwrap().read_to_end(&mut opened).unwrap();
    opened
}
