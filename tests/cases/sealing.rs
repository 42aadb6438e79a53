//! `deponent seal`, judged by other implementations of age and by tar.

use std::fs;
use std::path::{Path, PathBuf};

use deponent::pad::padded_len;

use crate::harness::{Run, contains, deponent, desk, folder, names, organisation, organisation_x25519, peer, tool};

const STATEMENT: &str = "Меня зовут Иван. Я отказываюсь возвращаться.\n";

/// Bytes of a header for `n` hybrid recipients: version line, two lines a stanza, MAC line.
fn header_len(n: usize) -> u64 {
    (22 + n * (1_513 + 44) + 48) as u64
}

/// Length of the age file around `len` bytes (C2SP age.md): header, nonce, a tag for each 64 KiB chunk.
fn sealed_len(recipients: usize, len: u64) -> u64 {
    header_len(recipients) + 16 + len + 16 * len.div_ceil(65_536).max(1)
}

fn attachment(dir: &Path, name: &str, len: usize) -> PathBuf {
    let path = dir.join(name);
    let bytes: Vec<u8> = (0..len).map(|n| (n * 7 + len) as u8).collect();
    fs::write(&path, bytes).unwrap();
    path
}

fn seal(recipient: &str, out: &Path) -> Run {
    deponent().args(["seal", "-r", recipient, "-o"]).arg(out)
}

/// Opens with another program and extracts with tar; the folder it went to.
fn opened_elsewhere(program: Run, dir: &Path, identity: &Path, sealed: &Path) -> PathBuf {
    let tar = dir.join("opened.tar");
    program.args(["-d", "-i"]).arg(identity).arg("-o").arg(&tar).arg(sealed).run().exits(0);
    let out = dir.join("extracted");
    fs::create_dir(&out).unwrap();
    tool("tar").arg("-xf").arg(&tar).cwd(&out).run().exits(0);
    out
}

/// Seals to `organisation`, opens with `program`, and compares what tar makes of it.
fn check_opened_elsewhere(program: fn() -> Run, organisation: fn(&Path) -> (PathBuf, String)) {
    for armor in [&[][..], &["--armor"]] {
        let dir = folder();
        let (identity, recipient) = organisation(dir.path());
        let file = attachment(dir.path(), "данные.bin", 200_000);
        let sealed = dir.path().join("s.age");
        seal(&recipient, &sealed)
            .args(["-m", "-", "--as-is"])
            .arg(&file)
            .args(armor)
            .stdin(STATEMENT.as_bytes())
            .run()
            .exits(0);
        let out = opened_elsewhere(program(), dir.path(), &identity, &sealed);
        assert_eq!(names(&out), ["attachments", "manifest.json", "statement.txt"]);
        assert_eq!(fs::read_to_string(out.join("statement.txt")).unwrap(), STATEMENT);
        assert_eq!(names(&out.join("attachments")), ["01.bin"]);
        assert_eq!(fs::read(out.join("attachments/01.bin")).unwrap(), fs::read(&file).unwrap());
    }
}

#[test]
fn go_age_opens_what_was_sealed_and_tar_extracts_it() {
    check_opened_elsewhere(|| peer("age"), organisation);
    check_opened_elsewhere(|| peer("age"), organisation_x25519);
}

#[test]
fn rage_opens_what_was_sealed_to_an_x25519_key_and_tar_extracts_it() {
    check_opened_elsewhere(|| tool("rage"), organisation_x25519);
}

#[test]
fn a_file_sealed_to_several_keys_opens_with_each() {
    let (one, two) = (folder(), folder());
    let (first, first_recipient) = organisation(one.path());
    let (second, second_recipient) = organisation(two.path());
    let list = one.path().join("list.txt");
    fs::write(&list, format!("# the desk\n\n{second_recipient}\n{first_recipient}\n")).unwrap();
    let sealed = one.path().join("s.age");
    seal(&first_recipient, &sealed).arg("-R").arg(&list).args(["-m", "-"]).stdin(b"hello").run().exits(0);
    for identity in [&first, &second] {
        let out = peer("age").args(["-d", "-i"]).arg(identity).arg(&sealed).run().exits(0);
        assert_eq!(out.stdout.len() as u64, 1 << 20);
    }
    assert_eq!(fs::metadata(&sealed).unwrap().len(), sealed_len(2, 1 << 20));
}

#[test]
fn sealed_length_hides_attachment_count() {
    let dir = folder();
    let (_, recipient) = organisation(dir.path());
    let mut lens = Vec::new();
    for count in [1, 9] {
        for round in 0..3 {
            let files = (0..count).map(|n| attachment(dir.path(), &format!("{count}-{round}-{n}"), 1_500_000 / count));
            let sealed = dir.path().join(format!("{count}-{round}.age"));
            let as_is = files.flat_map(|file| [PathBuf::from("--as-is"), file]);
            seal(&recipient, &sealed).args(as_is.collect::<Vec<_>>()).run().exits(0);
            lens.push(fs::metadata(&sealed).unwrap().len());
        }
    }
    assert_eq!(lens, [sealed_len(1, 2 << 20); 6]);
}

#[test]
fn a_sealed_file_holds_no_name_no_maker_and_no_second_stanza() {
    let dir = folder();
    let (_, recipient) = organisation(dir.path());
    let file = attachment(dir.path(), "secret-name.bin", 1000);
    let sealed = dir.path().join("s.age");
    seal(&recipient, &sealed)
        .args(["--keep-names", "-m", "-", "--as-is"])
        .arg(&file)
        .stdin(b"marker-in-statement")
        .run()
        .exits(0);
    let bytes = fs::read(&sealed).unwrap();
    for needle in
        ["secret-name", "marker-in-statement", "deponent", "manifest", "ustar", "attachments", "rust", "0.1.0"]
    {
        assert!(!contains(&bytes, needle.as_bytes()), "{needle}");
    }
    let header = String::from_utf8_lossy(&bytes[..header_len(1) as usize]).into_owned();
    let lines: Vec<&str> = header.lines().collect();
    assert_eq!(lines.len(), 4, "{header}");
    assert_eq!(lines[0], "age-encryption.org/v1");
    assert!(lines[1].starts_with("-> mlkem768x25519 "));
    assert!(lines[3].starts_with("--- "));
}

#[test]
fn the_same_testimony_sealed_twice_shares_nothing_but_its_length() {
    let dir = folder();
    let (_, recipient) = organisation(dir.path());
    let sealed = ["a.age", "b.age"].map(|name| {
        let path = dir.path().join(name);
        seal(&recipient, &path).args(["-m", "-"]).stdin(STATEMENT.as_bytes()).run().exits(0);
        fs::read(path).unwrap()
    });
    assert_eq!(sealed[0].len(), sealed[1].len());
    let payload = header_len(1) as usize;
    let same = sealed[0][payload..].iter().zip(&sealed[1][payload..]).filter(|(a, b)| a == b).count();
    assert!(same < sealed[0].len() / 128, "{same} bytes stand alike");
}

#[test]
fn the_tar_inside_is_the_subset_and_zeros_behind_it() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let file = attachment(dir.path(), "x", 1000);
    let sealed = dir.path().join("s.age");
    seal(&recipient, &sealed).args(["-m", "-", "--as-is"]).arg(&file).stdin(STATEMENT.as_bytes()).run().exits(0);
    let tar = desk().args(["decrypt", "-i"]).arg(&identity).arg(&sealed).run().exits(0).stdout;
    assert_eq!(tar.len() as u64, padded_len(5000).unwrap());
    let mut archive = tar::Archive::new(&tar[..]);
    let mut found = Vec::new();
    for entry in archive.entries().unwrap() {
        let entry = entry.unwrap();
        let header = entry.header();
        assert_eq!(header.entry_type(), tar::EntryType::Regular);
        assert_eq!((header.mode().unwrap(), header.uid().unwrap(), header.gid().unwrap()), (0o600, 0, 0));
        assert_eq!(header.mtime().unwrap(), 0);
        assert_eq!(header.username_bytes(), Some(&b""[..]));
        assert_eq!(header.groupname_bytes(), Some(&b""[..]));
        found.push((entry.path().unwrap().to_str().unwrap().to_owned(), entry.size()));
    }
    let manifest_len = found[0].1;
    assert_eq!(
        found,
        [
            ("manifest.json".to_owned(), manifest_len),
            ("statement.txt".to_owned(), STATEMENT.len() as u64),
            ("attachments/01.bin".to_owned(), 1000)
        ]
    );
    // Three headers, three contents and the end marker.
    let end = 3 * 512 + manifest_len.next_multiple_of(512) + 512 + 1024 + 1024;
    assert!(tar[end as usize..].iter().all(|&byte| byte == 0));
    let manifest: serde_json::Value = serde_json::from_slice(&tar[512..512 + manifest_len as usize]).unwrap();
    assert_eq!(manifest["deponent"], 1);
    assert_eq!(manifest["items"][1]["name"], "attachments/01.bin");
    assert_eq!(manifest["items"][1]["bytes"], 1000);
    assert_eq!(manifest["items"][1]["as_is"], true);
    assert_eq!(manifest["items"][0]["as_is"], false);
}

#[test]
fn the_source_is_told_what_went_from_the_statement_and_what_stays() {
    let dir = folder();
    let (_, recipient) = organisation(dir.path());
    let text = "\u{feff}Опa\u{200b}сный.\r\n".as_bytes();
    let outcome = seal(&recipient, &dir.path().join("s.age")).args(["-m", "-"]).stdin(text).run().exits(0);
    outcome.says("the statement: removed software, watermark").says("decide whether to send it: line 1 Опaсный");
}

#[test]
fn what_is_refused_is_named_and_nothing_is_sealed() {
    let dir = folder();
    let (_, recipient) = organisation(dir.path());
    let first = attachment(dir.path(), "first.xyz", 1000);
    let second = attachment(dir.path(), "second.xyz", 1000);
    let sealed = dir.path().join("s.age");
    let outcome = seal(&recipient, &sealed).args(["-m", "-"]).arg(&first).arg(&second).stdin(b"text").run().exits(3);
    let outcome = outcome.says("first.xyz: cannot be cleaned").says("second.xyz: cannot be cleaned").says("hint: ");
    outcome.says("nothing was sealed");
    assert!(!sealed.exists());
    assert_eq!(names(dir.path()), ["first.xyz", "organisation.key", "second.xyz"]);
}

#[test]
fn nothing_is_overwritten() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let before = fs::read(&identity).unwrap();
    seal(&recipient, &identity).args(["-m", "-"]).stdin(b"text").run().exits(1).says("already there");
    desk().args(["keygen", "--no-passphrase", "-o"]).arg(&identity).run().exits(1).says("already there");
    assert_eq!(fs::read(&identity).unwrap(), before);
}

#[test]
fn without_a_name_the_sealed_file_gets_a_neutral_one_that_is_new() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    fs::remove_file(identity).unwrap();
    for count in 1..=3 {
        deponent()
            .args(["seal", "-r", &recipient, "-m", "-"])
            .cwd(dir.path())
            .stdin(b"text")
            .run()
            .exits(0)
            .says("sealed: ");
        let names = names(dir.path());
        assert_eq!(names.len(), count);
        let neutral = |name: &String| {
            name.strip_suffix(".age").is_some_and(|stem| stem.len() == 8 && stem.chars().all(|c| c.is_ascii_hexdigit()))
        };
        assert!(names.iter().all(neutral), "{names:?}");
    }
}

#[test]
fn a_sealed_file_can_go_to_a_pipe() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let sealed = deponent().args(["seal", "-r", &recipient, "-m", "-", "-o", "-"]).stdin(b"text").run().exits(0).stdout;
    assert_eq!(sealed.len() as u64, sealed_len(1, 1 << 20));
    let opened = peer("age").args(["-d", "-i"]).arg(&identity).stdin(&sealed).run().exits(0);
    assert_eq!(opened.stdout.len(), 1 << 20);
}

#[test]
fn a_wrong_command_line_is_usage_and_says_what_to_do() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let out = dir.path().join("s.age");
    let secret = fs::read_to_string(&identity).unwrap().lines().last().unwrap().to_owned();
    deponent().args(["seal", "-m", "-"]).run().exits(2);
    deponent().run().exits(2);
    deponent().arg("inspect").run().exits(2);
    seal("age1oops", &out).args(["-m", "-"]).stdin(b"x").run().exits(2).says("hint: copy it whole");
    let outcome = seal(&secret, &out).args(["-m", "-"]).stdin(b"x").run().exits(2).says("secret key");
    assert!(!outcome.stderr.contains(&secret), "a secret is never repeated");
    seal("ssh-ed25519 AAAA", &out).args(["-m", "-"]).stdin(b"x").run().exits(3).says("SSH keys are refused");
    seal(&recipient, &out).run().exits(2).says("nothing to seal");
    seal(&recipient, &out).args(["-m", "/nowhere/at/all"]).run().exits(1).says("there is no such file");
    seal(&recipient, &out).args(["-m", "-"]).stdin(b" \n \n").run().exits(3).says("the statement");
    seal(&recipient, Path::new("/nowhere/s.age")).args(["-m", "-"]).stdin(b"x").run().exits(1);
    seal(&recipient, dir.path()).args(["-m", "-"]).stdin(b"x").run().exits(1);
    assert!(!out.exists());
}

#[test]
fn armor_that_was_pasted_is_opened_whole_or_told_to_be_copied_again() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let sealed = deponent().args(["seal", "-r", &recipient, "--armor", "-m", "-", "-o", "-"]).stdin(b"text").run();
    let text = sealed.exits(0).text();
    let decrypt = |text: &str| desk().args(["decrypt", "-i"]).arg(&identity).stdin(text.as_bytes()).run();
    for pasted in [format!("\n  \n{text}\n"), text.replace('\n', "\r\n"), text.trim_end().to_owned()] {
        assert_eq!(decrypt(&pasted).exits(0).stdout.len(), 1 << 20);
    }
    let lines: Vec<&str> = text.lines().collect();
    for pasted in
        [lines[..500].join("\n"), [&lines[..500], &["", ""], &lines[500..]].concat().join("\n"), format!("> {text}")]
    {
        let outcome = decrypt(&pasted).exits(4);
        assert!(outcome.stderr.contains("copy all of it again") || pasted.starts_with('>'), "{}", outcome.stderr);
    }
}

#[test]
fn recipients_of_two_kinds_are_not_mixed() {
    let (hybrid, classic) = (folder(), folder());
    let ((_, hybrid_recipient), (_, classic_recipient)) =
        (organisation(hybrid.path()), organisation_x25519(classic.path()));
    let out = hybrid.path().join("s.age");
    for (first, second) in [(&hybrid_recipient, &classic_recipient), (&classic_recipient, &hybrid_recipient)] {
        let run = seal(first, &out).args(["-r", second, "-m", "-"]).stdin(b"x").run().exits(2);
        run.says("are not mixed").says("hint: seal for the age1pq1");
        assert!(!out.exists());
    }
}

#[test]
fn it_is_sealed_and_opened_where_no_thread_can_be_started() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let file = attachment(dir.path(), "x", 3_000_000);
    let (sealed, opened) = (dir.path().join("s.age"), dir.path().join("s.tar"));
    let log = dir.path().join("log");
    let without_threads = |program: &str| {
        let inject = ["-f", "-e", "trace=clone,clone3", "-e", "inject=clone,clone3:error=EAGAIN", "-o"];
        tool("strace").args(inject).arg(&log).arg(program)
    };
    let run = without_threads(env!("CARGO_BIN_EXE_deponent")).args(["seal", "-r", &recipient, "-m", "-", "-o"]);
    run.arg(&sealed).arg("--as-is").arg(&file).stdin(b"text").run().exits(0);
    let refused = || fs::read_to_string(&log).unwrap().contains("EAGAIN");
    // With one core none is asked for.
    let several = std::thread::available_parallelism().unwrap().get() > 1;
    assert_eq!(refused(), several);
    let run = without_threads(env!("CARGO_BIN_EXE_deponent-desk")).args(["decrypt", "-i"]).arg(&identity);
    run.arg("-o").arg(&opened).arg(&sealed).run().exits(0);
    assert_eq!(refused(), several);
    assert!(contains(&fs::read(&opened).unwrap(), &fs::read(&file).unwrap()[..1000]));
    assert_eq!(fs::metadata(&opened).unwrap().len(), 4 << 20);
}

#[test]
fn kept_names_are_made_harmless_and_unique() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    fs::create_dir(dir.path().join("b")).unwrap();
    let given = ["приказ.xyz", "a\u{202e}b.xyz", "NUL.xyz", "02.bin", "b/ПРИКАЗ.xyz", "long"];
    let long = format!("{}.xyz", "я".repeat(100));
    let mut run = seal(&recipient, &dir.path().join("s.age")).arg("--keep-names");
    for name in given {
        let name = if name == "long" { &long } else { name };
        run = run.arg("--as-is").arg(attachment(dir.path(), name, 600));
    }
    run.run().exits(0);
    let cases = dir.path().join("cases");
    let opened =
        desk().args(["open", "--json", "-i"]).arg(&identity).arg("-o").arg(&cases).arg(dir.path().join("s.age"));
    let json = opened.run().exits(0).json();
    let items: Vec<String> = json["files"][0]["manifest"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].as_str().unwrap().strip_prefix("attachments/").unwrap().to_owned())
        .collect();
    let cut = format!("{}.bin", "я".repeat(48));
    assert_eq!(items, ["приказ.bin", "ab.bin", "03.bin", "02.bin", "05-ПРИКАЗ.bin", &cut]);
}
