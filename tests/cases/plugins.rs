//! Keys that another program keeps. Go's age and a plugin written for it seal; ours opens through the plugin.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use age_core::primitives::bech32_encode;
use bech32::Hrp;

use crate::harness::{Outcome, Run, deponent, desk, folder, names, organisation, organisation_x25519, peer, tool};
use crate::screen::{Screen, exits};

const KEY: &[u8] = b"sixteen byte key";
const OTHER_KEY: &[u8] = b"another test key";
const PLUGIN: &str = "age-plugin-deponenttest";
const HELLO: &[u8] = b"hello";

/// The folder of the plugin.
fn plugins() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers")
}

/// An identity that the plugin keeps. `mode` says how it behaves.
fn identity(mode: char, key: &[u8]) -> String {
    let data = [&[u8::try_from(mode).unwrap()], key].concat();
    bech32_encode(Hrp::parse("age-plugin-deponenttest-").unwrap(), &data).to_ascii_uppercase()
}

fn recipient(key: &[u8]) -> String {
    bech32_encode(Hrp::parse("age1deponenttest").unwrap(), key)
}

/// A folder with identity files and sealed files.
struct Ground(tempfile::TempDir);

impl Ground {
    fn new() -> Self {
        Self(folder())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn identity_file(&self, name: &str, lines: &str) -> PathBuf {
        fs::write(self.at(name), format!("# a hardware key\n{lines}\n")).unwrap();
        self.at(name)
    }

    /// Seals with Go's age.
    fn seal(&self, name: &str, recipient: &str, plaintext: &[u8]) -> PathBuf {
        self.seal_in_form(name, recipient, plaintext, None)
    }

    fn seal_in_form(&self, name: &str, recipient: &str, plaintext: &[u8], armor: Option<&str>) -> PathBuf {
        let seal = peer("age").env("PATH", plugins()).args(["-r", recipient]).args(armor).arg("-o").arg(self.at(name));
        seal.stdin(plaintext).run().exits(0);
        self.at(name)
    }

    /// Where plugins that run leave a line.
    fn trace(&self) -> PathBuf {
        self.at("trace")
    }

    /// What was left: process, dead and unburied children of ours, folder, and command line.
    fn runs(&self) -> Vec<(u32, usize, String, String)> {
        let trace = fs::read_to_string(self.trace()).unwrap_or_default();
        let runs = trace.lines().map(|line| {
            let words: Vec<&str> = line.splitn(4, ' ').collect();
            (words[0].parse().unwrap(), words[1].parse().unwrap(), words[2].to_owned(), words[3].to_owned())
        });
        runs.collect()
    }

    /// Runs the desk where it has no terminal, and where the plugin is found.
    fn desk(&self, command: &str, identities: &[&Path]) -> Run {
        let desk = tool("setsid").arg("--wait").arg(env!("CARGO_BIN_EXE_deponent-desk")).arg(command);
        let path = std::env::join_paths([Path::new("/usr/bin"), &plugins()]).unwrap();
        desk.args(identities.iter().flat_map(|&path| [Path::new("-i"), path]))
            .env("PATH", path)
            .env("DEPONENTTEST_TRACE", self.trace())
    }

    fn decrypt(&self, identities: &[&Path], sealed: &Path) -> Outcome {
        self.desk("decrypt", identities).arg("-o").arg(self.at("out")).arg(sealed).run()
    }

    /// Decrypts with an identity of this mode, which must fail and leave nothing.
    #[track_caller]
    fn fails(&self, mode: char, exit: i32, says: &str) {
        let key = self.identity_file("mode", &identity(mode, KEY));
        let sealed = self.seal_in_form("mode.age", &recipient(KEY), HELLO, None);
        let outcome = self.decrypt(&[&key], &sealed).exits(exit).says(says);
        assert!(!outcome.stderr.contains('\u{1b}'), "{:?}", outcome.stderr);
        assert!(!self.at("out").exists());
        for (process, ..) in self.runs() {
            assert!(!Path::new(&format!("/proc/{process}")).exists(), "the plugin goes on");
        }
        fs::remove_file(sealed).unwrap();
    }
}

#[test]
fn what_go_age_sealed_through_a_plugin_opens_through_it() {
    let ground = Ground::new();
    let key = ground.identity_file("hardware.txt", &identity('0', KEY));
    for armor in [None, Some("-a")] {
        for bytes in [0, 1, 300_000] {
            let plaintext = vec![7; bytes];
            let sealed = ground.seal_in_form("s.age", &recipient(KEY), &plaintext, armor);
            let by_go = peer("age").env("PATH", plugins()).args(["-d", "-i"]).arg(&key).arg(&sealed).run().exits(0);
            let ours = ground.decrypt(&[&key], &sealed).exits(0);
            assert!(by_go.stdout == plaintext && fs::read(ground.at("out")).unwrap() == plaintext, "{bytes}");
            assert_eq!(ours.stderr, "");
            fs::remove_file(ground.at("out")).unwrap();
            fs::remove_file(sealed).unwrap();
        }
    }
    let program = plugins().join(PLUGIN);
    for (_, _, folder, command) in ground.runs() {
        assert_eq!((folder.as_str(), command), ("/", format!("{} --age-plugin=identity-v1", program.display())));
    }
    assert_eq!(ground.runs().len(), 6);
}

#[test]
fn a_testimony_opens_through_a_plugin_into_a_case() {
    let ground = Ground::new();
    let (software, public) = organisation(ground.0.path());
    let seal = deponent().args(["seal", "-r", &public, "-m", "-", "-o"]).arg(ground.at("software.age"));
    seal.stdin(b"hello").run().exits(0);
    let tar = desk().args(["decrypt", "-i"]).arg(&software).arg(ground.at("software.age")).run().exits(0).stdout;
    ground.seal("hardware.age", &recipient(KEY), &tar);
    ground.seal("other.age", &recipient(OTHER_KEY), &tar);
    let key = ground.identity_file("hardware.txt", &identity('0', KEY));
    let card_gone = ground.identity_file("card-gone.txt", &identity('e', OTHER_KEY));

    let open = ground.desk("open", &[&key, &card_gone]).arg("--json").arg("-o").arg(ground.at("cases"));
    let outcome = open.args(["hardware.age", "other.age", "software.age"].map(|name| ground.at(name))).run().exits(4);
    let json = outcome.says("1 opened, 1 not for these keys, 1 failed").json();
    let statuses: Vec<&str> = (0..3).map(|n| json["files"][n]["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["opened", "failed", "not-for-these-keys"]);
    assert_eq!(json["files"][1]["reason"], "age-plugin-deponenttest: \\u{1b}[2Jthe card is missing");
    let case = Path::new(json["files"][0]["case"].as_str().unwrap());
    assert_eq!(fs::read(case.join("statement.txt")).unwrap(), b"hello\n");

    let open = ground.desk("open", &[&key, &card_gone]).arg("-o").arg(ground.at("cases")).arg(ground.at("other.age"));
    open.run().exits(1).says("other.age: age-plugin-deponenttest: \\u{1b}[2Jthe card is missing");
}

#[test]
fn what_a_plugin_says_is_shown_with_its_name_and_harmless() {
    let ground = Ground::new();
    let key = ground.identity_file("hardware.txt", &identity('m', KEY));
    let outcome = ground.decrypt(&[&key], &ground.seal("s.age", &recipient(KEY), HELLO)).exits(0);
    let line = "age-plugin-deponenttest: \\u{1b}[31mTouch the ключ\\u{1b}[0m\nage-plugin-deponenttest: now\n";
    assert_eq!(outcome.stderr, line);
}

#[test]
fn a_plugin_that_fails_is_told_with_its_words_and_leaves_nothing() {
    let ground = Ground::new();
    ground.fails('e', 1, "mode.age: age-plugin-deponenttest: \\u{1b}[2Jthe card is missing\nhint: ");
    for mode in ['d', 'E', 'M', 's', 'g'] {
        ground.fails(mode, 1, "mode.age: age-plugin-deponenttest: does not keep to the rules");
    }
    ground.fails('D', 1, "mode.age: age-plugin-deponenttest: ended before it had answered");
    // Such a key is like a header that somebody altered.
    ground.fails('w', 4, "mode.age: damaged or altered");
    ground.fails('n', 4, "mode.age: not sealed to these keys");
}

#[test]
fn without_a_terminal_a_plugin_learns_that_nobody_answers() {
    let ground = Ground::new();
    ground.fails('p', 1, "age-plugin-deponenttest: a PIN is needed");
    ground.fails('u', 1, "age-plugin-deponenttest: no such key");
    ground.fails('c', 1, "age-plugin-deponenttest: answered fail");
}

#[test]
fn what_a_newer_plugin_asks_is_answered_and_it_goes_on() {
    let ground = Ground::new();
    let key = ground.identity_file("hardware.txt", &identity('x', KEY));
    ground.decrypt(&[&key], &ground.seal("s.age", &recipient(KEY), HELLO)).exits(0);
    assert_eq!(fs::read(ground.at("out")).unwrap(), HELLO);
}

#[test]
fn a_plugin_that_will_not_end_is_ended_and_buried() {
    let ground = Ground::new();
    let key = ground.identity_file("hardware.txt", &format!("{}\n{}", identity('L', OTHER_KEY), identity('L', KEY)));
    ground.decrypt(&[&key], &ground.seal("s.age", &recipient(KEY), HELLO)).exits(0);
    assert_eq!(fs::read(ground.at("out")).unwrap(), HELLO);
    let runs = ground.runs();
    assert_eq!(runs.len(), 2, "one run for each key");
    for (process, zombies, ..) in runs {
        assert_eq!(zombies, 0);
        assert!(!Path::new(&format!("/proc/{process}")).exists());
    }
}

#[test]
fn a_plugin_is_asked_last_and_one_that_fails_does_not_keep_the_next_key_from_opening() {
    let ground = Ground::new();
    let (software, public) = organisation_x25519(ground.0.path());
    let failing = ground.identity_file("failing.txt", &identity('e', KEY));
    let good = ground.identity_file("good.txt", &identity('0', KEY));
    ground.decrypt(&[&failing, &software], &ground.seal("x25519.age", &public, HELLO)).exits(0);
    assert!(ground.runs().is_empty(), "the plugin was not needed");
    fs::remove_file(ground.at("out")).unwrap();
    let outcome = ground.decrypt(&[&failing, &software, &good], &ground.seal("s.age", &recipient(KEY), HELLO)).exits(0);
    assert_eq!(outcome.stderr, "");
    assert_eq!(fs::read(ground.at("out")).unwrap(), HELLO);
}

#[test]
fn a_plugin_is_found_in_absolute_folders_or_where_it_is_named() {
    let ground = Ground::new();
    let key = ground.identity_file("hardware.txt", &identity('0', KEY));
    let sealed = ground.seal("s.age", &recipient(KEY), HELLO);
    let here = || {
        let decrypt = desk().args(["decrypt", "-i"]).arg(&key).arg(&sealed).cwd(&plugins());
        decrypt.env("PATH", ":.:../peers:peers").env("DEPONENTTEST_TRACE", ground.trace())
    };
    here().run().exits(1).says("hardware.txt: line 2 needs a plugin that was not found");
    for other in [PLUGIN, "./age-plugin-deponenttest", "/bin/true", "/bin/age-plugin-", "/bin/age-plugin-x/.."] {
        here().arg("--plugin").arg(other).run().exits(2).says("not the path of a plugin").says("hint: ");
    }
    here().args(["--plugin", "/bin/age-plugin-other"]).run().exits(1).says("needs a plugin that was not found");
    let gone = here().args(["--plugin", "/nowhere/age-plugin-deponenttest"]).run().exits(1);
    gone.says("s.age: age-plugin-deponenttest: cannot be started: there is no such file");
    let not_ours = here().arg("--plugin").arg(ground.identity_file(PLUGIN, "")).run().exits(1);
    not_ours.says("s.age: age-plugin-deponenttest: cannot be started: you may not run it");
    assert!(ground.runs().is_empty());

    let named = here().arg("--plugin").arg(plugins().join(PLUGIN)).run().exits(0);
    assert_eq!(named.stdout, HELLO);
    std::os::unix::fs::symlink(plugins().join(PLUGIN), ground.at("link")).unwrap();
    fs::create_dir(ground.at("bin")).unwrap();
    fs::rename(ground.at("link"), ground.at("bin").join(PLUGIN)).unwrap();
    let linked = here().env("PATH", format!("bin:{}", ground.at("bin").display())).run().exits(0);
    assert_eq!(linked.stdout, HELLO);
    assert_eq!(ground.runs()[1].3, format!("{} --age-plugin=identity-v1", ground.at("bin").join(PLUGIN).display()));
}

#[test]
fn a_pin_is_typed_at_the_terminal_and_not_shown() {
    let ground = Ground::new();
    let screen = at_a_terminal(&ground, 'p');
    screen.types(&decrypts("out"));
    screen.shows("age-plugin-deponenttest: PIN for the test key:");
    screen.hides().types("1234").shows("key:\nage-plugin-deponenttest: PIN for the test key:");
    let shown = screen.hides().types("4711").shows("exit=0");
    assert!(!shown.contains("1234") && !shown.contains("4711"), "{shown}");
    assert_eq!(fs::read(ground.at("out")).unwrap(), HELLO);
    // Input from a pipe does not answer in the person's place.
    screen.types(&format!("clear; printf '4711\\n4711\\n' | {}", decrypts("piped")));
    // Ctrl-C ends it all.
    screen.hides().tmux(&["send-keys", "C-c"]);
    screen.types("echo still $((6 * 7))").shows("still 42");
    assert!(!ground.at("piped").exists());
}

#[test]
fn what_is_no_secret_is_seen_while_it_is_typed() {
    let ground = Ground::new();
    let screen = at_a_terminal(&ground, 'u');
    screen.types(&decrypts("out"));
    screen.shows("age-plugin-deponenttest: Name of the test key:");
    let shown = screen.types("ключ").shows("exit=0");
    assert!(shown.contains("Name of the test key: ключ"), "{shown}");
    assert_eq!(fs::read(ground.at("out")).unwrap(), HELLO);
}

#[test]
fn a_person_chooses_in_the_plugins_words() {
    let ground = Ground::new();
    let screen = at_a_terminal(&ground, 'c');
    screen.types(&decrypts("out"));
    screen.shows("age-plugin-deponenttest: Use the test key?\ny: use it, n: skip it?");
    screen.types("perhaps").shows("perhaps\ny: use it");
    screen.types("n").shows("exit=1");
    screen.shows("age-plugin-deponenttest: answered ok no");
    assert!(!ground.at("out").exists());
    screen.types(&format!("clear; {}", decrypts("out"))).shows("n: skip it?");
    screen.types("Y").shows("exit=0");
    assert_eq!(fs::read(ground.at("out")).unwrap(), HELLO);
}

#[test]
fn progress_does_not_cover_a_question() {
    let ground = Ground::new();
    let screen = at_a_terminal(&ground, 'p');
    screen.types(&exits("$DESK open -i hardware.txt -o cases s.age"));
    screen.shows("PIN for the test key:");
    // Longer than the patience of the line of progress.
    std::thread::sleep(Duration::from_millis(1500));
    let shown = screen.shows("PIN for the test key:");
    assert!(!shown.contains("opening"), "{shown}");
    screen.hides().types("4711").shows("in quarantine");
}

/// A terminal beside a sealed file and an identity of this mode.
fn at_a_terminal(ground: &Ground, mode: char) -> Screen {
    ground.identity_file("hardware.txt", &identity(mode, KEY));
    ground.seal("s.age", &recipient(KEY), HELLO);
    let screen = Screen::new(ground.0.path());
    screen.types(&format!("DESK={} PATH={}:$PATH; clear", env!("CARGO_BIN_EXE_deponent-desk"), plugins().display()));
    screen
}

fn decrypts(output: &str) -> String {
    exits(&format!("$DESK decrypt -i hardware.txt -o {output} s.age"))
}

#[test]
fn an_identity_file_may_be_sealed_to_another_key_in_any_order() {
    for armor in [None, Some("-a")] {
        let ground = Ground::new();
        let inner = inner_identity(&ground);
        let secret = fs::read(&inner.0).unwrap();
        let sealed = ground.seal("s.age", &inner.1, HELLO);
        for kind in [organisation, organisation_x25519, hardware] {
            let outer_folder = folder();
            let (outer, outer_recipient) = kind(outer_folder.path());
            let locked = ground.seal_in_form("locked.age", &outer_recipient, &secret, armor);
            for order in [[&outer, &locked], [&locked, &outer]] {
                ground.decrypt(&order.map(PathBuf::as_path), &sealed).exits(0);
                assert_eq!(fs::read(ground.at("out")).unwrap(), HELLO);
                fs::remove_file(ground.at("out")).unwrap();
            }
            let wrong_folder = folder();
            let (wrong, _) = organisation(wrong_folder.path());
            for identities in [&[&*locked][..], &[&*locked, &*wrong], &[&*wrong, &*locked]] {
                let outcome = ground.decrypt(identities, &sealed).exits(4);
                outcome.says("locked.age: is sealed to a key that was not given\nhint: ");
            }
            fs::remove_file(locked).unwrap();
        }
        // Once for each order, since the file it unlocks is asked for once.
        assert_eq!(ground.runs().len(), 2);
    }
}

#[test]
fn sealed_identity_files_may_form_a_chain() {
    let ground = Ground::new();
    let inner = inner_identity(&ground);
    let middle_folder = folder();
    let middle = organisation_x25519(middle_folder.path());
    let sealed = ground.seal("s.age", &inner.1, HELLO);
    let first = ground.identity_file("hardware.txt", &identity('0', KEY));
    let second = ground.seal("second.age", &recipient(KEY), &fs::read(&middle.0).unwrap());
    let third = ground.seal_in_form("third.age", &middle.1, &fs::read(&inner.0).unwrap(), Some("-a"));
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let files = order.map(|n| [&*first, &*second, &*third][n]);
        ground.decrypt(&files, &sealed).exits(0);
        assert_eq!(fs::read(ground.at("out")).unwrap(), HELLO);
        fs::remove_file(ground.at("out")).unwrap();
    }
    ground.decrypt(&[&third, &first], &sealed).exits(4).says("third.age: is sealed to a key that was not given");
    // Two that are sealed to each other open nothing, and are given up.
    let (left, right) = (fs::read(&middle.0).unwrap(), fs::read(&inner.0).unwrap());
    let left = ground.seal("left.age", &inner.1, &left);
    let right = ground.seal("right.age", &middle.1, &right);
    ground.decrypt(&[&left, &right], &sealed).exits(4).says("left.age: is sealed to a key that was not given");
}

#[test]
fn an_identity_file_behind_a_plugin_that_fails_is_not_called_damaged() {
    let ground = Ground::new();
    let inner = inner_identity(&ground);
    let sealed = ground.seal("s.age", &inner.1, HELLO);
    let locked = ground.seal("locked.age", &recipient(KEY), &fs::read(&inner.0).unwrap());
    let failing = ground.identity_file("failing.txt", &identity('e', KEY));
    let good = ground.identity_file("good.txt", &identity('0', KEY));
    for order in [[&failing, &locked], [&locked, &failing]] {
        let outcome = ground.decrypt(&order.map(PathBuf::as_path), &sealed).exits(1);
        outcome.says("locked.age: age-plugin-deponenttest: \\u{1b}[2Jthe card is missing\nhint: ");
        assert!(!ground.at("out").exists());
    }
    for order in [[&failing, &locked, &good], [&good, &failing, &locked]] {
        ground.decrypt(&order.map(PathBuf::as_path), &sealed).exits(0);
        fs::remove_file(ground.at("out")).unwrap();
    }
}

fn inner_identity(ground: &Ground) -> (PathBuf, String) {
    organisation(ground.0.path())
}

fn hardware(folder: &Path) -> (PathBuf, String) {
    let path = folder.join("hardware.txt");
    fs::write(&path, identity('0', KEY)).unwrap();
    (path, recipient(KEY))
}

#[test]
fn the_sources_program_never_starts_a_plugin() {
    let ground = Ground::new();
    let sealed = ground.at("s.age");
    let seal = deponent().args(["seal", "-r", &recipient(KEY), "-m", "-", "-o"]).arg(&sealed).stdin(b"hello");
    let seal = seal.env("PATH", plugins()).env("DEPONENTTEST_TRACE", ground.trace()).cwd(&plugins());
    seal.run().exits(3).says("plugin recipients are refused: they need another program on this device");
    assert!(names(ground.0.path()).is_empty());
    // The trace is left where the plugin does run.
    let seal = peer("age").args(["-r", &recipient(KEY), "-o"]).arg(&sealed).stdin(b"hello");
    seal.env("PATH", plugins()).env("DEPONENTTEST_TRACE", ground.trace()).run().exits(0);
    assert_eq!(names(ground.0.path()), ["s.age", "trace"]);
}
