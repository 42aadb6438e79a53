//! Ours and other makers' age, each opening what the other sealed: every size at which something changes,
//! both kinds of key, both forms, one to four recipients. And the look of our files, which is Go age's.

use std::fmt;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use deponent::envelope::{self, Form, Recipients};

use crate::harness::{desk, folder, organisation, organisation_x25519};
use crate::look::Look;
use crate::peers::{Job, Keys, Peer};

/// About one and two chunks of 64 KiB, and more of them.
const SIZES: [usize; 7] = [0, 1, 65_535, 65_536, 65_537, 131_072, 1_000_000];
/// Many chunks, so that a counter, a buffer or a thread that goes wrong late is seen.
const SIZE_LARGE: usize = 100_000_000;
const RECIPIENTS: usize = 4;

#[derive(Clone, Copy, Debug)]
enum Kind {
    Hybrid,
    X25519,
}

const KINDS: [Kind; 2] = [Kind::Hybrid, Kind::X25519];

/// One file of the comparison.
#[derive(Clone, Copy)]
struct Case {
    kind: Kind,
    form: Form,
    bytes: usize,
    recipients: usize,
    /// Whose identity opens it, counted from 1.
    opener: usize,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, form, bytes, recipients, opener } = self;
        write!(f, "{kind:?}, {form:?}, {bytes} bytes, {recipients} recipients, opened by number {opener}")
    }
}

#[test]
fn go_age_opens_what_is_sealed_here() {
    opened_elsewhere(Peer::Go, &KINDS, every_case);
}

#[test]
fn go_age_opens_large_files_sealed_here() {
    opened_elsewhere(Peer::Go, &KINDS, large_cases);
}

#[test]
fn age_for_npm_opens_what_is_sealed_here() {
    opened_elsewhere(Peer::Npm, &KINDS, every_case);
}

#[test]
fn age_for_npm_opens_large_files_sealed_here() {
    opened_elsewhere(Peer::Npm, &KINDS, large_cases);
}

#[test]
fn rage_opens_what_is_sealed_here() {
    opened_elsewhere(Peer::Rage, &[Kind::X25519], every_case);
}

#[test]
fn rage_opens_large_files_sealed_here() {
    opened_elsewhere(Peer::Rage, &[Kind::X25519], large_cases);
}

#[test]
fn what_go_age_sealed_opens_here() {
    sealed_elsewhere(Peer::Go, &KINDS, every_case);
}

#[test]
fn large_files_that_go_age_sealed_open_here() {
    sealed_elsewhere(Peer::Go, &KINDS, large_cases);
}

#[test]
fn what_age_for_npm_sealed_opens_here() {
    sealed_elsewhere(Peer::Npm, &KINDS, every_case);
}

#[test]
fn large_files_that_age_for_npm_sealed_open_here() {
    sealed_elsewhere(Peer::Npm, &KINDS, large_cases);
}

#[test]
fn what_rage_sealed_opens_here() {
    sealed_elsewhere(Peer::Rage, &[Kind::X25519], every_case);
}

#[test]
fn large_files_that_rage_sealed_open_here() {
    sealed_elsewhere(Peer::Rage, &[Kind::X25519], large_cases);
}

#[test]
fn our_files_have_the_form_and_length_of_go_ages() {
    for kind in KINDS {
        let ground = Ground::new(kind);
        let cases = every_case(kind);
        for case in &cases {
            ground.seal(case);
        }
        let ours: Vec<Vec<u8>> = cases.iter().map(|case| fs::read(ground.sealed(case)).unwrap()).collect();
        Peer::Go.run(&cases.iter().map(|case| ground.job_to_seal(Peer::Go, case)).collect::<Vec<_>>());
        for (case, ours) in cases.iter().zip(ours) {
            let theirs = fs::read(ground.sealed(case)).unwrap();
            assert!(ours != theirs, "{case}: compared with itself");
            assert_eq!(Look::of(&ours), Look::of(&theirs), "{case}");
            assert_eq!(ours.len(), theirs.len(), "{case}");
        }
    }
}

/// Seals here, opens there, and compares.
fn opened_elsewhere(peer: Peer, kinds: &[Kind], cases: fn(Kind) -> Vec<Case>) {
    for &kind in kinds {
        let ground = Ground::new(kind);
        let cases = cases(kind);
        for case in &cases {
            ground.seal(case);
        }
        peer.run(&cases.iter().map(|case| ground.job_to_open(peer, case)).collect::<Vec<_>>());
        for case in &cases {
            let opened = ground.opened(case);
            if case.bytes == 0 && peer.makes_no_empty_file() {
                assert!(!opened.exists(), "{peer:?}: {case}: it makes a file after all");
            } else {
                let bytes = fs::read(opened).unwrap_or_else(|why| panic!("{peer:?}: {case}: {why}"));
                assert!(bytes == noise(case.bytes), "{peer:?}: {case}: other bytes");
            }
        }
    }
}

/// Seals there, opens here, and compares.
fn sealed_elsewhere(peer: Peer, kinds: &[Kind], cases: fn(Kind) -> Vec<Case>) {
    for &kind in kinds {
        let ground = Ground::new(kind);
        let cases = cases(kind);
        peer.run(&cases.iter().map(|case| ground.job_to_seal(peer, case)).collect::<Vec<_>>());
        for case in &cases {
            let opened = desk().args(["decrypt", "-i"]).arg(ground.identity(case)).arg(ground.sealed(case)).run();
            assert_eq!(opened.code, Some(0), "{peer:?}: {case}: {}", opened.stderr);
            assert!(opened.stdout == noise(case.bytes), "{peer:?}: {case}: other bytes");
        }
    }
}

/// Every size, form, number of recipients and each of them as the opener.
fn every_case(kind: Kind) -> Vec<Case> {
    let mut cases = Vec::new();
    for bytes in SIZES {
        for form in [Form::Binary, Form::Armored] {
            for recipients in 1..=RECIPIENTS {
                cases.extend((1..=recipients).map(|opener| Case { kind, form, bytes, recipients, opener }));
            }
        }
    }
    cases
}

/// Both forms. Kinds and forms have every number of recipients between them; the last one opens.
fn large_cases(kind: Kind) -> Vec<Case> {
    let (binary, armored) = match kind {
        Kind::Hybrid => (1, 4),
        Kind::X25519 => (3, 2),
    };
    [(Form::Binary, binary), (Form::Armored, armored)]
        .map(|(form, recipients)| Case { kind, form, bytes: SIZE_LARGE, recipients, opener: recipients })
        .into()
}

/// Organisations with keys of one kind, and a folder for what is sealed to them.
struct Ground {
    dir: tempfile::TempDir,
    /// Identity file and recipient.
    organisations: Vec<(PathBuf, String)>,
}

impl Ground {
    fn new(kind: Kind) -> Self {
        let dir = folder();
        let organisations = (1..=RECIPIENTS).map(|number| {
            let own = dir.path().join(number.to_string());
            fs::create_dir(&own).unwrap();
            let (made, prefix, chars) = match kind {
                Kind::Hybrid => (organisation(&own), "age1pq1", 1_959),
                Kind::X25519 => (organisation_x25519(&own), "age1", 62),
            };
            assert!(made.1.starts_with(prefix) && made.1.len() == chars, "{kind:?}: {}", made.1);
            made
        });
        Self { organisations: organisations.collect(), dir }
    }

    fn recipients(&self, case: &Case) -> Vec<String> {
        self.organisations[..case.recipients].iter().map(|(_, recipient)| recipient.clone()).collect()
    }

    fn identity(&self, case: &Case) -> &Path {
        &self.organisations[case.opener - 1].0
    }

    fn sealed(&self, case: &Case) -> PathBuf {
        self.dir.path().join(format!("{case}.age"))
    }

    fn opened(&self, case: &Case) -> PathBuf {
        self.dir.path().join(format!("{case}.opened"))
    }

    /// With the library, since the program seals nothing smaller than its smallest size class. As many threads
    /// as recipients: one of them too, and more than there are cores.
    fn seal(&self, case: &Case) {
        let recipients = Recipients::parse(&self.recipients(case)).unwrap_or_else(|why| panic!("{case}: {why:?}"));
        let output = BufWriter::new(File::create_new(self.sealed(case)).unwrap());
        let workers = NonZeroUsize::new(case.recipients).unwrap();
        let output = envelope::seal(&recipients, case.form, workers, &noise(case.bytes)[..], output);
        output.unwrap_or_else(|why| panic!("{case}: {why:?}")).flush().unwrap();
    }

    fn job_to_seal(&self, peer: Peer, case: &Case) -> Job {
        let plaintext = self.dir.path().join(format!("{} bytes", case.bytes));
        if !plaintext.exists() {
            fs::write(&plaintext, noise(case.bytes)).unwrap();
        }
        let keys = Keys::Recipients(self.recipients(case));
        Job { keys, form: case.form, input: plaintext, output: self.sealed(case), name: format!("{peer:?}: {case}") }
    }

    fn job_to_open(&self, peer: Peer, case: &Case) -> Job {
        let keys = Keys::IdentityFile(self.identity(case).to_owned());
        let (input, output) = (self.sealed(case), self.opened(case));
        Job { keys, form: case.form, input, output, name: format!("{peer:?}: {case}") }
    }
}

/// Bytes of which no two chunks are alike, the same ones every time (SplitMix64).
fn noise(bytes: usize) -> Vec<u8> {
    let mut noise = Vec::with_capacity(bytes + 8);
    let mut state = 0u64;
    while noise.len() < bytes {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        noise.extend_from_slice(&(z ^ (z >> 31)).to_le_bytes());
    }
    noise.truncate(bytes);
    noise
}
