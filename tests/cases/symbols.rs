//! The source's program has no way to take an organisation's identity: the code for it is not in there.
//!
//! Each name that must be absent must stand in the desk's program. So a test does not go on passing because
//! something was renamed, or because the names are gone.

use crate::harness::{contains, tool};

const SOURCE: &str = env!("CARGO_BIN_EXE_deponent");
const DESK: &str = env!("CARGO_BIN_EXE_deponent-desk");

/// What must be absent, and how the names of its functions begin or what stands in them.
const DESK_ONLY_CODE: [(&str, &str); 24] = [
    ("reading and making identities", "deponent::envelope::identity::"),
    ("secret keys, X25519", "age::native::x25519::Identity"),
    ("secret keys, hybrid", "deponent::envelope::hybrid::Identity"),
    ("whatever opens a stanza", " as age::Identity>::unwrap_stanza"),
    ("a secret key of any kind", "dyn age::Identity"),
    ("hybrid: a key pair from its seed", "deponent::envelope::hybrid::xwing::Expanded"),
    ("hybrid: the KEM's secret half", "deponent::envelope::hybrid::xwing::decapsulate"),
    ("hybrid: the cipher's opening half", "deponent::envelope::hybrid::hpke::open"),
    ("ML-KEM's secret half", "libcrux_ml_kem::mlkem768::decapsulate"),
    ("passphrases for age files", "age::native::scrypt::"),
    ("scrypt itself", "scrypt::scrypt"),
    ("asking for a passphrase", "rpassword::"),
    ("opening age files", "deponent::envelope::opening::open"),
    ("reading headers", "deponent::envelope::header::Header"),
    ("opening payloads", "deponent::envelope::payload::open"),
    ("taking armor off", "deponent::envelope::armor::Dearmor"),
    ("reading bundles", "deponent::bundle::reader::"),
    ("the desk's commands", "deponent::cli::desk::"),
    ("the case store", "deponent::desk::cases::"),
    ("plugins that hold keys", "deponent::desk::plugin::"),
    ("starting a program", "std::process::Command"),
    ("starting a program, by the system", " posix_spawn"),
    ("starting a program, by the system", " execvp"),
    ("starting a program, by the system", " fork"),
];

/// What a program that reads identities has to say or to compare.
const DESK_ONLY_WORDS: [&str; 5] =
    ["AGE-SECRET-KEY-", "AGE-PLUGIN-", "--age-plugin=", "Passphrase for", "New passphrase"];

#[test]
fn code_for_identities_is_in_the_desk_program_alone() {
    let (source, desk) = (names(SOURCE), names(DESK));
    let mut wrong = Vec::new();
    for (what, name) in DESK_ONLY_CODE {
        if !desk.lines().any(|line| line.contains(name)) {
            wrong.push(format!("{what}: nothing in the desk's program is called {name:?}, so this proves nothing"));
        }
        let present = source.lines().filter(|line| line.contains(name));
        wrong.extend(present.map(|line| format!("{what}: the source's program has {line}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn words_about_identities_are_in_the_desk_program_alone() {
    let (source, desk) = (std::fs::read(SOURCE).unwrap(), std::fs::read(DESK).unwrap());
    for words in DESK_ONLY_WORDS {
        assert!(contains(&desk, words.as_bytes()), "{words:?} is not in the desk's program: this proves nothing");
        assert!(!contains(&source, words.as_bytes()), "{words:?} is in the source's program");
    }
}

/// The names of all functions in a program, and of those that it takes from the system.
fn names(program: &str) -> String {
    tool("nm").arg("--demangle").arg(program).run().exits(0).text()
}
