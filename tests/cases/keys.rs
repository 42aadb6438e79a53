//! Identities and passphrases, typed at a real terminal.

use std::fs;

use deponent::limits::IDENTITY_LAYERS_MAX;

use crate::harness::{desk, folder, names, organisation, peer, peer_path};
use crate::screen::{Screen, exits};

const PASSPHRASE: &str = "четыре слова и ключ";

fn go_age() -> String {
    peer_path("bin/age").display().to_string()
}

#[test]
fn a_protected_identity_is_made_and_used_at_a_terminal() {
    let dir = folder();
    let desk_program = env!("CARGO_BIN_EXE_deponent-desk");
    let screen = Screen::new(dir.path());
    screen.types(&exits(&format!("{desk_program} keygen -o k > recipient")));
    screen.shows("New passphrase");
    screen.hides().types(PASSPHRASE).shows("same passphrase again");
    let shown = screen.hides().types(PASSPHRASE).shows("exit=0").to_owned();
    assert!(!shown.contains(PASSPHRASE), "the passphrase is not shown");
    let identity = fs::read_to_string(dir.path().join("k")).unwrap();
    assert!(identity.starts_with("-----BEGIN AGE ENCRYPTED FILE-----"), "{identity}");

    let recipient = fs::read_to_string(dir.path().join("recipient")).unwrap();
    peer("age").args(["-r", recipient.trim(), "-o"]).arg(dir.path().join("x.age")).stdin(b"hello").run().exits(0);
    screen.types(&exits(&format!("clear; {desk_program} decrypt -i k -o x x.age")));
    screen.shows("Passphrase for k");
    screen.hides().types("not this one").shows("exit=4");
    screen.shows("the passphrase is not the right one");
    assert!(!dir.path().join("x").exists());
    screen.types(&exits(&format!("clear; {desk_program} decrypt -i k -o x x.age")));
    screen.shows("Passphrase for k");
    screen.hides().types(PASSPHRASE).shows("exit=0");
    assert_eq!(fs::read(dir.path().join("x")).unwrap(), b"hello");

    // The same file serves age itself.
    screen.types(&exits(&format!("clear; {} -d -i k -o y x.age", go_age())));
    screen.shows("passphrase");
    screen.hides().types(PASSPHRASE).shows("exit=0");
    assert_eq!(fs::read(dir.path().join("y")).unwrap(), b"hello");

    // Sealed to another key as well, it wants both.
    let (_, other) = organisation(dir.path());
    let sealed = peer("age").args(["-r", &other]).stdin(identity.as_bytes()).run().exits(0).stdout;
    fs::write(dir.path().join("k.age"), sealed).unwrap();
    screen.types(&exits(&format!("clear; {desk_program} decrypt -i k.age -i organisation.key -o z x.age")));
    screen.shows("Passphrase for k.age");
    screen.hides().types(PASSPHRASE).shows("exit=0");
    assert_eq!(fs::read(dir.path().join("z")).unwrap(), b"hello");
}

#[test]
fn an_identity_that_age_protected_opens() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let screen = Screen::new(dir.path());
    screen.types(&exits(&format!("{} -p -o protected organisation.key", go_age())));
    screen.shows("assphrase");
    screen.hides().types(PASSPHRASE).shows("onfirm");
    screen.hides().types(PASSPHRASE).shows("exit=0");
    fs::remove_file(identity).unwrap();
    peer("age").args(["-r", &recipient, "-o"]).arg(dir.path().join("x.age")).stdin(b"hello").run().exits(0);
    screen.types(&exits(&format!("clear; {} decrypt -i protected -o x x.age", env!("CARGO_BIN_EXE_deponent-desk"))));
    screen.shows("Passphrase for protected");
    screen.hides().types(PASSPHRASE).shows("exit=0");
    assert_eq!(fs::read(dir.path().join("x")).unwrap(), b"hello");
}

#[test]
fn two_passphrases_that_differ_make_no_identity() {
    let dir = folder();
    let screen = Screen::new(dir.path());
    screen.types(&exits(&format!("{} keygen -o k", env!("CARGO_BIN_EXE_deponent-desk"))));
    screen.shows("New passphrase");
    screen.hides().types("one").shows("same passphrase again");
    screen.hides().types("two").shows("exit=1");
    screen.shows("the two passphrases differ");
    assert!(names(dir.path()).is_empty());
}

#[test]
fn a_sealed_or_opened_file_does_not_go_to_a_terminal() {
    let dir = folder();
    let (_, recipient) = organisation(dir.path());
    let screen = Screen::new(dir.path());
    let program = env!("CARGO_BIN_EXE_deponent");
    screen.types(&exits(&format!("echo text | {program} seal -r {recipient} -m - -o -")));
    screen.shows("exit=2");
    screen.shows("does not belong on a terminal");
    screen.types(&exits(&format!("clear; {}-desk decrypt -i organisation.key s.age", program)));
    screen.shows("exit=2");
    screen.shows("does not go to a terminal unasked");
}

#[test]
fn work_that_lasts_is_seen_to_go_on_and_the_line_is_gone_at_the_end() {
    let dir = folder();
    let (_, recipient) = organisation(dir.path());
    let big = fs::File::create(dir.path().join("big")).unwrap();
    big.set_len(1 << 30).unwrap();
    let screen = Screen::new(dir.path());
    let program = env!("CARGO_BIN_EXE_deponent");
    screen.types(&exits(&format!("clear; {program} seal -r {recipient} --as-is big -o - > /dev/null")));
    screen.shows("sealing: ");
    let shown = screen.shows("exit=0");
    assert!(!shown.contains("sealing:") && !shown.contains("cleaning:"), "{shown}");
}

#[test]
fn a_statement_typed_at_a_terminal_is_sealed() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let screen = Screen::new(dir.path());
    screen.types(&exits(&format!("{} seal -r {recipient} -m - -o s.age", env!("CARGO_BIN_EXE_deponent"))));
    screen.shows("Type your statement");
    screen.types("Я, свидетель.");
    screen.tmux(&["send-keys", "C-d"]);
    screen.shows("sealed: s.age");
    let tar = desk().args(["decrypt", "-i"]).arg(identity).arg(dir.path().join("s.age")).run().exits(0).stdout;
    assert!(crate::harness::contains(&tar, "Я, свидетель.\n".as_bytes()));
}

#[test]
fn a_fresh_key_is_read_by_age_and_holds_no_date() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    assert_eq!(peer("age-keygen").arg("-y").arg(&identity).run().exits(0).text().trim(), recipient);
    let file = fs::read_to_string(&identity).unwrap();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0], format!("# public key: {recipient}"));
    let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(&identity).unwrap());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn an_identity_file_is_unwrapped_so_many_times_and_no_more() {
    let dir = folder();
    let (outer, outer_recipient) = organisation(dir.path());
    let mut file = fs::read(&outer).unwrap();
    for layers in 0..=IDENTITY_LAYERS_MAX + 1 {
        let path = dir.path().join(format!("{layers}.age"));
        fs::write(&path, &file).unwrap();
        let sealed = peer("age").args(["-r", &outer_recipient]).stdin(b"hello").run().exits(0).stdout;
        let outcome = desk().args(["decrypt", "-i"]).arg(&outer).arg("-i").arg(&path).stdin(&sealed).run();
        let good = layers <= IDENTITY_LAYERS_MAX;
        assert_eq!(outcome.code, Some(if good { 0 } else { 1 }), "{layers}: {}", outcome.stderr);
        file = peer("age").args(["-a", "-r", &outer_recipient]).stdin(&file).run().exits(0).stdout;
    }
}

#[test]
fn what_is_no_identity_is_told_by_its_line() {
    let dir = folder();
    let (_, recipient) = organisation(dir.path());
    let sealed = peer("age").args(["-r", &recipient]).stdin(b"x").run().exits(0).stdout;
    let check = |file: &str, says: &str| {
        let path = dir.path().join("id");
        fs::write(&path, file).unwrap();
        let outcome = desk().args(["decrypt", "-o", "-", "-i"]).arg(&path).stdin(&sealed).run().exits(1);
        outcome.says(says);
    };
    check("", "holds no identity");
    check("# nothing\n", "holds no identity");
    check(&format!("# a comment\n{recipient}\n"), "line 2 is a recipient");
    check("hello\n", "line 1 is not an identity");
    check("AGE-SECRET-KEY-PQ-1QQQ\n", "line 1 is not an identity");
    check("AGE-PLUGIN-YUBIKEY-1QQQ\n", "line 1 is not an identity");
    check(&String::from_utf8_lossy(&sealed[..20]), "damaged, or not an identity file");
    desk().args(["decrypt", "-o", "-", "-i", "/nowhere"]).stdin(&sealed).run().exits(1).says("there is no such file");
}
