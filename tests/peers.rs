//! Other makers' age behind one interface: it seals and opens many files, each in the way it is meant to be used.

use std::fs;
use std::path::PathBuf;

use deponent::envelope::Form;
use serde_json::{Value, json};

use crate::harness::{Run, peer, tool};

/// Another implementation of age.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Peer {
    /// The reference implementation.
    Go,
    /// age for npm, which also runs in browsers.
    Npm,
    /// The age crate's own program. It knows no hybrid keys.
    Rage,
}

/// One file to be sealed or opened.
pub(crate) struct Job {
    pub(crate) keys: Keys,
    pub(crate) form: Form,
    pub(crate) input: PathBuf,
    pub(crate) output: PathBuf,
    /// Names the job when it fails.
    pub(crate) name: String,
}

/// To whom a file is sealed, or who opens it.
pub(crate) enum Keys {
    Recipients(Vec<String>),
    IdentityFile(PathBuf),
}

impl Peer {
    /// Does all of `jobs`, and insists that it can.
    pub(crate) fn run(self, jobs: &[Job]) {
        match self {
            Self::Go => jobs.iter().for_each(|job| done(peer("age"), job)),
            Self::Rage => jobs.iter().for_each(|job| done(tool("rage"), job)),
            Self::Npm => npm(jobs),
        }
    }

    /// Whether it opens a file of nothing without making one.
    pub(crate) fn makes_no_empty_file(self) -> bool {
        matches!(self, Self::Rage)
    }
}

/// One run of Go's age or rage, which share their arguments.
fn done(program: Run, job: &Job) {
    let run = match &job.keys {
        Keys::Recipients(recipients) => {
            program.args(recipients.iter().flat_map(|recipient| ["-r", recipient])).args(armored(job).then_some("-a"))
        }
        Keys::IdentityFile(identity) => program.args(["-d", "-i"]).arg(identity),
    };
    let outcome = run.arg("-o").arg(&job.output).arg(&job.input).run();
    assert_eq!(outcome.code, Some(0), "{}: {}", job.name, outcome.stderr);
}

/// All jobs in one process: `tests/peers/age.mjs` says what it reads and prints.
fn npm(jobs: &[Job]) {
    let described: Vec<Value> = jobs.iter().map(described).collect();
    let driver = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/age.mjs");
    let done = tool("node").arg(driver).stdin(&serde_json::to_vec(&described).unwrap()).run().exits(0).text();
    let mut results = done.lines();
    for job in jobs {
        let result: Value = serde_json::from_str(results.next().unwrap()).unwrap();
        assert_eq!(result["ok"], true, "{}: {}", job.name, result["error"]);
    }
}

fn described(job: &Job) -> Value {
    let (op, recipients, identities) = match &job.keys {
        Keys::Recipients(recipients) => ("seal", recipients.clone(), Vec::new()),
        Keys::IdentityFile(identity) => ("open", Vec::new(), secrets(&fs::read_to_string(identity).unwrap())),
    };
    json!({
        "op": op,
        "armor": armored(job),
        "recipients": recipients,
        "identities": identities,
        "input": job.input,
        "output": job.output,
    })
}

fn armored(job: &Job) -> bool {
    job.form == Form::Armored
}

/// The identities in a file of them.
fn secrets(file: &str) -> Vec<String> {
    file.lines().filter(|line| line.starts_with("AGE-SECRET-KEY-")).map(str::to_owned).collect()
}
