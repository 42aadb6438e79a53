//! What the source's program leaves behind: its output file and nothing else.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::harness::{contains, deponent, desk, folder, names, organisation, tool};

/// A folder with a file whose name and content must not be seen anywhere.
fn source() -> (tempfile::TempDir, PathBuf, String) {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    fs::remove_file(identity).unwrap();
    let file = dir.path().join("secret-name-7c1f.bin");
    fs::write(&file, b"secret-content-93aa".repeat(1000)).unwrap();
    (dir, file, recipient)
}

/// System calls of a `seal` run, one a line, with whole strings.
fn trace(dir: &Path, file: &Path, recipient: &str, out: &Path) -> Vec<String> {
    let log = dir.join("trace.log");
    tool("strace")
        .args(["-f", "-qq", "-s", "2000000", "-o"])
        .arg(&log)
        .arg(env!("CARGO_BIN_EXE_deponent"))
        .args(["seal", "-r", recipient, "-m", "-", "-o"])
        .arg(out)
        .arg("--as-is")
        .arg(file)
        .stdin(b"secret-statement-51d0")
        .run()
        .exits(0);
    let lines = fs::read_to_string(&log).unwrap().lines().map(ToOwned::to_owned).collect();
    fs::remove_file(&log).unwrap();
    lines
}

#[test]
fn a_seal_run_writes_its_output_and_nothing_else() {
    let (dir, file, recipient) = source();
    let out = dir.path().join("s.age");
    let calls = trace(dir.path(), &file, &recipient, &out);
    let calls_of =
        |name: &str| calls.iter().filter(move |call| call.contains(&format!(" {name}("))).collect::<Vec<_>>();

    // Opened to be written: one file without a name, in the output's folder.
    let written: Vec<_> = ["open", "openat", "openat2", "creat"]
        .iter()
        .flat_map(|name| calls_of(name))
        .filter(|call| {
            ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND", "O_TMPFILE"].iter().any(|flag| call.contains(flag))
        })
        .filter(|call| !call.contains("/dev/tty"))
        .collect();
    assert_eq!(written.len(), 1, "{written:?}");
    for call in written {
        assert!(call.contains("O_TMPFILE") && call.contains(dir.path().to_str().unwrap()), "{call}");
    }
    let links = calls_of("linkat");
    assert_eq!(links.len(), 1, "{links:?}");
    assert!(links[0].contains("s.age"));
    for name in [
        "mkdir",
        "mkdirat",
        "rename",
        "renameat",
        "renameat2",
        "unlink",
        "unlinkat",
        "symlink",
        "symlinkat",
        "link",
        "mknod",
        "mknodat",
        "truncate",
        "ftruncate",
        "setxattr",
        "fsetxattr",
        "utimensat",
        "socket",
        "connect",
        "execveat",
        "fork",
        "vfork",
    ] {
        assert!(calls_of(name).is_empty(), "{:?}", calls_of(name));
    }
    assert_eq!(calls_of("execve").len(), 1);
    assert_eq!(names(dir.path()), ["s.age", "secret-name-7c1f.bin"]);
}

#[test]
fn nothing_of_the_input_is_written_in_clear() {
    let (dir, file, recipient) = source();
    let out = dir.path().join("s.age");
    let calls = trace(dir.path(), &file, &recipient, &out);
    let secrets = ["secret-name-7c1f", "secret-content-93aa", "secret-statement-51d0", &recipient];
    let mut bytes = 0;
    for call in calls.iter().filter(|call| {
        ["write(", "writev(", "pwrite64(", "pwritev(", "sendto(", "sendmsg("].iter().any(|name| call.contains(name))
    }) {
        // What is said to the person, on standard error, may name their file.
        if call.contains("write(2, ") {
            continue;
        }
        // Cut short, it would say nothing of the rest.
        assert!(!call.contains("\"..., "), "a write is longer than what is looked at");
        let len: String = call.rsplit("\", ").next().unwrap().chars().take_while(char::is_ascii_digit).collect();
        bytes += len.parse::<u64>().unwrap_or(0);
        for secret in secrets {
            assert!(!call.contains(secret), "{secret} in a write");
        }
    }
    let sealed = fs::read(&out).unwrap();
    assert!(bytes >= sealed.len() as u64, "{bytes} bytes were looked at");
    for secret in secrets {
        assert!(!contains(&sealed, secret.as_bytes()), "{secret} in the sealed file");
    }
}

#[test]
fn memory_is_protected_before_any_argument_is_looked_at() {
    let (dir, file, recipient) = source();
    let calls = trace(dir.path(), &file, &recipient, &dir.path().join("s.age"));
    let first = |what: &str| calls.iter().position(|call| call.contains(what)).unwrap_or_else(|| panic!("no {what}"));
    let undumpable = first("prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE) = 0");
    let no_core = calls
        .iter()
        .position(|call| call.contains("RLIMIT_CORE, {rlim_cur=0, rlim_max=0}") && call.ends_with("= 0"))
        .expect("no limit on core dumps");
    let input = first("secret-name-7c1f.bin\", O_RDONLY");
    assert!(undumpable < input && no_core < input);
    let statement = first("secret-statement-51d0");
    assert!(undumpable < statement && no_core < statement);
}

#[test]
fn killed_at_any_moment_a_seal_run_leaves_the_whole_file_or_none() {
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    let big = dir.path().join("big");
    fs::write(&big, vec![7; 60_000_000]).unwrap();
    let out = dir.path().join("s.age");
    let mut killed = 0;
    for round in 0..25 {
        let mut child = deponent().args(["seal", "-r", &recipient, "-o"]).arg(&out).arg("--as-is").arg(&big).spawn();
        std::thread::sleep(Duration::from_millis(round * 8));
        if child.try_wait().unwrap().is_none() {
            killed += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        if out.exists() {
            desk().args(["decrypt", "-o", "-", "-i"]).arg(&identity).arg(&out).run().exits(0);
            fs::remove_file(&out).unwrap();
        }
        assert_eq!(names(dir.path()), ["big", "organisation.key"]);
    }
    assert!(killed >= 5, "only {killed} runs were killed before their end");
}

#[test]
fn a_full_disk_leaves_no_file_and_is_said() {
    let dir = folder();
    let (_, recipient) = organisation(dir.path());
    let file = dir.path().join("file");
    fs::write(&file, vec![7; 5_000_000]).unwrap();
    let small = dir.path().join("small");
    fs::create_dir(&small).unwrap();
    // A disk of 3 MiB that only this run sees.
    let script = r#"mount -t tmpfs -o size=3m none "$1" && "$2" seal -r "$3" -o "$1/s.age" --as-is "$4"; code=$?; ls -A "$1"; exit $code"#;
    let run = tool("unshare").args(["--map-root-user", "--mount", "sh", "-c", script, "sh"]);
    let run = run.arg(&small).arg(env!("CARGO_BIN_EXE_deponent")).arg(&recipient).arg(&file).run();
    let outcome = run.exits(1).says("the disk is full").says("hint: make room");
    assert_eq!(outcome.text(), "");
}

#[test]
fn it_works_for_a_user_without_privileges() {
    // As root much is allowed that is not for a person; /proc in particular is not theirs after the
    // program has closed its memory.
    let dir = folder();
    let (_, recipient) = organisation(dir.path());
    let program = dir.path().join("deponent");
    fs::copy(env!("CARGO_BIN_EXE_deponent"), &program).unwrap();
    let script = r#"set -e; chmod 755 "$1"; mkdir -m 777 "$1/home"; cd "$1/home"
        echo text | setpriv --reuid=65534 --regid=65534 --clear-groups "$1/deponent" seal -r "$2" -m - -o s.age
        ls -A"#;
    let run = tool("sh").args(["-c", script, "sh"]).arg(dir.path()).arg(&recipient).run();
    // Only root can become somebody else.
    if is_root() {
        assert_eq!(run.exits(0).text(), "s.age\n");
    }
}

#[test]
fn on_a_disk_without_nameless_files_none_is_left_either() {
    // exFAT, as on most memory sticks, knows neither nameless files nor links nor owners.
    let dir = folder();
    let (identity, recipient) = organisation(dir.path());
    fs::write(dir.path().join("big"), vec![7; 9_000_000]).unwrap();
    let script = r#"
        truncate -s 48M "$1/disk" && mkfs.exfat "$1/disk" >/dev/null && mkdir "$1/stick" || exit 77
        loop=$(losetup -f --show "$1/disk") || exit 77
        trap 'umount "$1/stick"; losetup -d $loop' EXIT
        mount.exfat-fuse $loop "$1/stick" >/dev/null || exit 77
        set -e
        echo text | "$2" seal -r "$3" -m - -o "$1/stick/s.age"
        ls -A "$1/stick"
        echo text | "$2" seal -r "$3" -m - -o "$1/stick/s.age" && exit 1
        for delay in 0.02 0.05 0.1 0.2; do
            "$2" seal -r "$3" -o "$1/stick/t.age" --as-is "$1/big" & pid=$!
            sleep $delay; kill -TERM $pid || true; wait $pid || true
            rm -f "$1/stick/t.age"
            ls -A "$1/stick"
        done
        "$4" open -i "$5" -o "$1/stick/cases" "$1/stick/s.age" >/dev/null
        ls -A "$1/stick/cases"/*"#;
    let run = tool("sh").args(["-c", script, "sh"]).arg(dir.path()).arg(env!("CARGO_BIN_EXE_deponent")).arg(&recipient);
    let outcome = run.arg(env!("CARGO_BIN_EXE_deponent-desk")).arg(&identity).run();
    // Where nobody may make a disk, `files` tests the same way round by itself.
    if outcome.code == Some(77) {
        assert!(!Path::new("/dev/fuse").exists() || !is_root(), "{}", outcome.stderr);
        return;
    }
    let outcome = outcome.exits(0).says("already there").says("1 opened");
    let listing = "s.age\n".repeat(5) + "manifest.json\nsealed.age\nstatement.txt\n";
    assert_eq!(outcome.text(), listing, "{}", outcome.stderr);
}

fn is_root() -> bool {
    std::os::unix::fs::MetadataExt::uid(&fs::metadata("/proc/self").unwrap()) == 0
}
