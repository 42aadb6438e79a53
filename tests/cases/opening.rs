//! `deponent-desk open`: all or nothing, whatever comes.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{Outcome, deponent, desk, folder, names, organisation, peer, tool};

const STATEMENT: &str = "Свидетельство.\n";

/// A desk with a key, a store and an inbox.
struct Desk {
    dir: tempfile::TempDir,
    identity: PathBuf,
    recipient: String,
}

impl Desk {
    fn new() -> Self {
        let dir = folder();
        let (identity, recipient) = organisation(dir.path());
        fs::create_dir(dir.path().join("inbox")).unwrap();
        Self { dir, identity, recipient }
    }

    fn cases(&self) -> PathBuf {
        self.dir.path().join("cases")
    }

    fn inbox(&self, name: &str) -> PathBuf {
        self.dir.path().join("inbox").join(name)
    }

    fn seal(&self, name: &str, statement: &str) -> PathBuf {
        let path = self.inbox(name);
        let seal = deponent().args(["seal", "-r", &self.recipient, "-m", "-", "-o"]).arg(&path);
        seal.stdin(statement.as_bytes()).run().exits(0);
        path
    }

    /// Seals any bytes, as a hostile sender would.
    fn seal_raw(&self, name: &str, plaintext: &[u8]) -> PathBuf {
        let path = self.inbox(name);
        peer("age").args(["-r", &self.recipient, "-o"]).arg(&path).stdin(plaintext).run().exits(0);
        path
    }

    fn open(&self, sealed: &Path) -> Outcome {
        desk().args(["open", "--json", "-i"]).arg(&self.identity).arg("-o").arg(self.cases()).arg(sealed).run()
    }

    /// The cases that can be seen.
    fn visible_cases(&self) -> Vec<PathBuf> {
        if !self.cases().exists() {
            return Vec::new();
        }
        names(&self.cases()).iter().filter(|name| *name != ".lock").map(|name| self.cases().join(name)).collect()
    }
}

/// A tar of members that need not be allowed.
struct Tar(tar::Builder<Vec<u8>>);

impl Tar {
    fn new() -> Self {
        Self(tar::Builder::new(Vec::new()))
    }

    fn header(size: usize) -> tar::Header {
        let mut header = tar::Header::new_ustar();
        header.set_mode(0o600);
        header.set_size(size as u64);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        header
    }

    fn file(self, name: &str, bytes: &[u8]) -> Self {
        self.with(name, bytes, |_| ())
    }

    /// A member whose header is altered; the name goes in raw, so that it may be one no library allows.
    fn with(mut self, name: &str, bytes: &[u8], alter: impl FnOnce(&mut tar::Header)) -> Self {
        let mut header = Self::header(bytes.len());
        let field = &mut header.as_old_mut().name;
        field[..name.len()].copy_from_slice(name.as_bytes());
        alter(&mut header);
        header.set_cksum();
        self.0.append(&header, bytes).unwrap();
        self
    }

    fn manifest(self, items: &[(&str, usize)]) -> Self {
        let items: Vec<_> = items
            .iter()
            .map(|(name, bytes)| serde_json::json!({"name": name, "media_type": "text/plain", "bytes": bytes}))
            .collect();
        self.file("manifest.json", serde_json::json!({"deponent": 1, "items": items}).to_string().as_bytes())
    }

    fn bytes(self) -> Vec<u8> {
        self.0.into_inner().unwrap()
    }
}

fn attachment_of(name: &str) -> Tar {
    Tar::new().manifest(&[(name, 5)]).file(name, b"hello")
}

#[test]
fn what_another_program_bundled_by_the_format_opens() {
    let desk = Desk::new();
    let tar = Tar::new().manifest(&[("statement.txt", 5), ("attachments/a b.txt", 5)]);
    let tar = tar.file("statement.txt", b"hello").file("attachments/a b.txt", b"world");
    let json = desk.open(&desk.seal_raw("a.age", &tar.bytes())).exits(0).json();
    assert_eq!(json["files"][0]["status"], "opened");
    let case = desk.visible_cases().remove(0);
    assert_eq!(fs::read(case.join("attachments/a b.txt")).unwrap(), b"world");
}

#[test]
fn hostile_tars_are_kept_in_quarantine_and_not_extracted() {
    let hostile: Vec<(&str, Vec<u8>)> = vec![
        ("no tar at all", b"hello".to_vec()),
        ("nothing", Vec::new()),
        ("traversal", attachment_of("../evil").bytes()),
        ("traversal inside", attachment_of("attachments/../../evil").bytes()),
        ("absolute", attachment_of("/tmp/deponent-evil").bytes()),
        ("deep path", attachment_of("attachments/a/b").bytes()),
        ("backslash", attachment_of("attachments/..\\evil").bytes()),
        ("hidden", attachment_of("attachments/.bashrc").bytes()),
        ("option", attachment_of("attachments/-rf").bytes()),
        ("bidi", attachment_of("attachments/a\u{202e}gpj.exe").bytes()),
        ("zero width", attachment_of("attachments/a\u{200b}.txt").bytes()),
        ("control", attachment_of("attachments/a\u{1b}[2J.txt").bytes()),
        ("newline", attachment_of("attachments/a\nb").bytes()),
        ("reserved", attachment_of("attachments/CON.txt").bytes()),
        ("stream", attachment_of("attachments/a.txt:evil").bytes()),
        ("foreign name", attachment_of("sealed.age").bytes()),
        ("second manifest", attachment_of("manifest.json").bytes()),
        ("the folder itself", attachment_of("attachments/").bytes()),
        (
            "twice",
            Tar::new()
                .manifest(&[("attachments/a", 1), ("attachments/a", 1)])
                .file("attachments/a", b"1")
                .file("attachments/a", b"2")
                .bytes(),
        ),
        (
            "twice by case",
            Tar::new()
                .manifest(&[("attachments/a", 1), ("attachments/A", 1)])
                .file("attachments/a", b"1")
                .file("attachments/A", b"2")
                .bytes(),
        ),
        (
            "symlink",
            Tar::new()
                .manifest(&[("attachments/a", 0)])
                .with("attachments/a", b"", |h| {
                    h.set_entry_type(tar::EntryType::Symlink);
                    h.set_link_name("/etc/passwd").unwrap();
                })
                .bytes(),
        ),
        (
            "hard link",
            Tar::new()
                .manifest(&[("attachments/a", 0)])
                .with("attachments/a", b"", |h| {
                    h.set_entry_type(tar::EntryType::Link);
                    h.set_link_name("/etc/passwd").unwrap();
                })
                .bytes(),
        ),
        (
            "device",
            Tar::new()
                .manifest(&[("attachments/a", 0)])
                .with("attachments/a", b"", |h| {
                    h.set_entry_type(tar::EntryType::Char);
                    h.set_device_major(1).unwrap();
                })
                .bytes(),
        ),
        (
            "fifo",
            Tar::new()
                .manifest(&[("attachments/a", 0)])
                .with("attachments/a", b"", |h| h.set_entry_type(tar::EntryType::Fifo))
                .bytes(),
        ),
        (
            "directory",
            Tar::new()
                .manifest(&[("attachments/a", 0)])
                .with("attachments/a", b"", |h| h.set_entry_type(tar::EntryType::Directory))
                .bytes(),
        ),
        (
            "long name extension",
            Tar::new()
                .manifest(&[("attachments/a", 5)])
                .with("././@LongLink", b"../x\0", |h| h.set_entry_type(tar::EntryType::GNULongName))
                .file("attachments/a", b"hello")
                .bytes(),
        ),
        (
            "pax extension",
            Tar::new()
                .manifest(&[("attachments/a", 5)])
                .with("pax", b"16 path=../evil\n", |h| h.set_entry_type(tar::EntryType::XHeader))
                .file("attachments/a", b"hello")
                .bytes(),
        ),
        (
            "executable",
            Tar::new().manifest(&[("attachments/a", 1)]).with("attachments/a", b"1", |h| h.set_mode(0o4755)).bytes(),
        ),
        (
            "owner",
            Tar::new().manifest(&[("attachments/a", 1)]).with("attachments/a", b"1", |h| h.set_uid(1000)).bytes(),
        ),
        (
            "time",
            Tar::new()
                .manifest(&[("attachments/a", 1)])
                .with("attachments/a", b"1", |h| h.set_mtime(1_700_000_000))
                .bytes(),
        ),
        (
            "user name",
            Tar::new()
                .manifest(&[("attachments/a", 1)])
                .with("attachments/a", b"1", |h| h.set_username("root").unwrap())
                .bytes(),
        ),
        ("no manifest", Tar::new().file("attachments/a", b"1").bytes()),
        ("manifest last", Tar::new().file("attachments/a", b"1").manifest(&[("attachments/a", 1)]).bytes()),
        ("manifest is no JSON", Tar::new().file("manifest.json", b"{").bytes()),
        ("manifest is deep", Tar::new().file("manifest.json", "[".repeat(200_000).as_bytes()).bytes()),
        ("manifest names less", Tar::new().manifest(&[]).file("attachments/a", b"1").bytes()),
        (
            "manifest names more",
            Tar::new().manifest(&[("attachments/a", 1), ("attachments/b", 1)]).file("attachments/a", b"1").bytes(),
        ),
        (
            "manifest lies about a length",
            Tar::new().manifest(&[("attachments/a", 2)]).file("attachments/a", b"1").bytes(),
        ),
        (
            "manifest lies about a name",
            Tar::new().manifest(&[("attachments/b", 1)]).file("attachments/a", b"1").bytes(),
        ),
        ("format 0", Tar::new().file("manifest.json", br#"{"deponent":0,"items":[]}"#).bytes()),
        (
            "statement after attachments",
            Tar::new()
                .manifest(&[("attachments/a", 1), ("statement.txt", 1)])
                .file("attachments/a", b"1")
                .file("statement.txt", b"2")
                .bytes(),
        ),
        (
            "a size that is a lie",
            Tar::new()
                .manifest(&[("attachments/a", 1 << 50)])
                .with("attachments/a", b"1", |h| h.set_size(1 << 50))
                .bytes(),
        ),
        ("bytes after the end", [attachment_of("attachments/a").bytes(), b"PK\x03\x04".to_vec()].concat()),
        ("bytes in the slack", {
            let mut tar = attachment_of("attachments/a").bytes();
            let at = tar.windows(5).rposition(|w| w == b"hello").unwrap();
            tar[at + 100] = b'x';
            tar
        }),
        ("cut in the middle", {
            let mut tar = attachment_of("attachments/a").bytes();
            tar.truncate(1700);
            tar
        }),
        ("no end marker", {
            let tar = attachment_of("attachments/a").bytes();
            tar[..tar.len() - 1024].to_vec()
        }),
        ("half an end marker", {
            let tar = attachment_of("attachments/a").bytes();
            tar[..tar.len() - 512].to_vec()
        }),
    ];
    let desk = Desk::new();
    for (index, (what, plaintext)) in hostile.iter().enumerate() {
        let sealed = desk.seal_raw(&format!("{index}.age"), plaintext);
        let outcome = desk.open(&sealed);
        let json = outcome.exits(3).says("hint: its contents were not extracted").json();
        assert_eq!(json["files"][0]["status"], "quarantined", "{what}");
        let case = PathBuf::from(json["files"][0]["case"].as_str().unwrap());
        assert_eq!(names(&case), ["quarantine", "sealed.age"], "{what}");
        assert_eq!(names(&case.join("quarantine")), ["contents.tar"], "{what}");
        assert_eq!(&fs::read(case.join("quarantine/contents.tar")).unwrap(), plaintext, "{what}");
        assert_eq!(fs::read(case.join("sealed.age")).unwrap(), fs::read(&sealed).unwrap(), "{what}");
    }
    assert_eq!(desk.visible_cases().len(), hostile.len());
    assert_eq!(names(desk.dir.path()), ["cases", "inbox", "organisation.key"]);
    assert!(!Path::new("/tmp/deponent-evil").exists());
}

#[test]
fn too_many_members_are_kept_in_quarantine() {
    let desk = Desk::new();
    for (count, status) in [(999, "opened"), (1000, "quarantined")] {
        let list: Vec<String> = (0..count).map(|n| format!("attachments/{n}")).collect();
        let items: Vec<(&str, usize)> = list.iter().map(|name| (name.as_str(), 0)).collect();
        let tar = list.iter().fold(Tar::new().manifest(&items), |tar, name| tar.file(name, b""));
        let outcome = desk.open(&desk.seal_raw(&format!("{count}.age"), &tar.bytes()));
        assert_eq!(outcome.json()["files"][0]["status"], status, "{count}");
    }
}

#[test]
fn a_newer_format_is_named_as_such_and_kept() {
    let desk = Desk::new();
    let tar = Tar::new().file("manifest.json", br#"{"deponent":2,"things":{}}"#).bytes();
    let json = desk.open(&desk.seal_raw("a.age", &tar)).exits(3).says("made for format 2").json();
    assert_eq!(json["files"][0]["status"], "quarantined");
}

#[test]
fn what_is_in_quarantine_is_tried_again_and_takes_its_place_when_it_opens() {
    let desk = Desk::new();
    let sealed = desk.seal("a.age", STATEMENT);
    let json = desk.open(&sealed).exits(0).json();
    let case = PathBuf::from(json["files"][0]["case"].as_str().unwrap());
    // As an older program, which found it odd, would have left it.
    fs::remove_file(case.join("manifest.json")).unwrap();
    fs::remove_file(case.join("statement.txt")).unwrap();
    fs::create_dir(case.join("quarantine")).unwrap();
    fs::write(case.join("quarantine/contents.tar"), "old").unwrap();
    let json = desk.open(&sealed).exits(0).json();
    assert_eq!(json["files"][0]["status"], "opened");
    assert_eq!(names(&case), ["manifest.json", "sealed.age", "statement.txt"]);
    assert_eq!(desk.visible_cases(), [case]);

    let hostile = desk.seal_raw("h.age", b"hello");
    for _ in 0..2 {
        assert_eq!(desk.open(&hostile).exits(3).json()["files"][0]["status"], "quarantined");
    }
    assert_eq!(desk.visible_cases().len(), 2);
}

#[test]
fn unknown_fields_of_a_manifest_are_ignored() {
    let desk = Desk::new();
    let manifest = br#"{"deponent":1,"language":"uk","later":[1],"items":[{"name":"attachments/a","media_type":"text/plain","bytes":1,"removed":["location","a-word-of-later"],"as_is":true,"more":{}}]}"#;
    let tar = Tar::new().file("manifest.json", manifest).file("attachments/a", b"1").bytes();
    let json = desk.open(&desk.seal_raw("a.age", &tar)).exits(0).json();
    assert_eq!(json["files"][0]["manifest"]["language"], "uk");
    assert_eq!(json["files"][0]["manifest"]["items"][0]["removed"][0], "location");
    assert_eq!(json["files"][0]["manifest"]["items"][0]["removed"][1], "unknown");
}

#[test]
fn a_sealed_file_cut_anywhere_is_not_authentic_and_leaves_nothing() {
    let desk = Desk::new();
    let whole = fs::read(desk.seal("whole.age", STATEMENT)).unwrap();
    let cuts =
        (0..100).map(|n| n * whole.len() / 100).chain((0..60).map(|n| n * 5)).chain((1..=40).map(|n| whole.len() - n));
    let folder = desk.dir.path().join("cut");
    fs::create_dir(&folder).unwrap();
    let mut count = 0;
    for (index, cut) in cuts.enumerate() {
        fs::write(folder.join(format!("{index:03}.age")), &whole[..cut]).unwrap();
        count += 1;
    }
    assert_eq!(count, 200);
    let json = desk.open(&folder).exits(4).says("0 opened, 200 damaged or not sealed files").json();
    assert_eq!(json["files"].as_array().unwrap().len(), 200);
    assert!(desk.visible_cases().is_empty(), "{:?}", desk.visible_cases());
}

#[test]
fn every_altered_byte_is_noticed() {
    let desk = Desk::new();
    let whole = fs::read(desk.seal("whole.age", STATEMENT)).unwrap();
    let folder = desk.dir.path().join("altered");
    fs::create_dir(&folder).unwrap();
    for at in (0..200).chain([whole.len() / 2, whole.len() - 17, whole.len() - 1]) {
        let mut altered = whole.clone();
        altered[at] ^= 0x01;
        fs::write(folder.join(format!("{at:07}.age")), altered).unwrap();
    }
    let longer = [whole.as_slice(), b"x"].concat();
    fs::write(folder.join("longer.age"), longer).unwrap();
    desk.open(&folder).exits(4).says("0 opened");
    assert!(desk.visible_cases().is_empty());
}

#[test]
fn a_wrong_key_opens_nothing() {
    let (ours, theirs) = (Desk::new(), Desk::new());
    let sealed = theirs.seal("a.age", STATEMENT);
    let json = ours.open(&sealed).exits(4).says("not sealed to these keys").json();
    assert_eq!(json["files"][0]["status"], "not-for-these-keys");
    assert!(ours.visible_cases().is_empty());
}

#[test]
fn the_same_file_opened_twice_is_recognised() {
    let desk = Desk::new();
    let sealed = desk.seal("a.age", STATEMENT);
    let copy = desk.inbox("copy.age");
    fs::copy(&sealed, &copy).unwrap();
    let first = desk.open(&sealed).exits(0).json();
    let second = desk.open(&copy).exits(0).says("0 opened, 1 already there").json();
    assert_eq!(second["files"][0]["status"], "already-there");
    assert_eq!(first["files"][0]["case"], second["files"][0]["case"]);
    let case = first["files"][0]["case"].as_str().unwrap();
    let digest = tool("sha256sum").arg(&sealed).run().exits(0).text();
    assert_eq!(Path::new(case).file_name().unwrap().to_str(), digest.get(..32));
}

#[test]
fn one_bad_file_never_stops_the_rest() {
    let desk = Desk::new();
    desk.seal("b.age", STATEMENT);
    fs::create_dir(desk.inbox("deeper")).unwrap();
    desk.seal("deeper/z.age", "Другое.\n");
    fs::write(desk.inbox("a-note.txt"), "not sealed").unwrap();
    fs::write(desk.inbox("empty.age"), "").unwrap();
    desk.seal_raw("hostile.age", b"hello");
    tool("mkfifo").arg(desk.inbox("fifo")).run().exits(0);
    std::os::unix::fs::symlink("/etc/passwd", desk.inbox("link")).unwrap();
    let outcome = desk.open(&desk.inbox("")).exits(4);
    outcome.says("2 opened, 1 in quarantine, 2 damaged or not sealed files");
    assert_eq!(desk.visible_cases().len(), 3);
}

#[test]
fn what_is_no_regular_file_is_named_and_does_not_hang() {
    let desk = Desk::new();
    let fifo = desk.inbox("fifo");
    tool("mkfifo").arg(&fifo).run().exits(0);
    desk.open(&fifo).exits(1).says("not a regular file");
    desk.open(Path::new("/dev/zero")).exits(1).says("not a regular file");
    desk.open(Path::new("/nowhere")).exits(1).says("there is no such file");
}

#[test]
fn an_armored_file_opens_and_one_for_a_passphrase_does_not() {
    let desk = Desk::new();
    let sealed = desk.inbox("a.age");
    let seal = deponent().args(["seal", "--armor", "-r", &desk.recipient, "-m", "-", "-o"]).arg(&sealed);
    seal.stdin(STATEMENT.as_bytes()).run().exits(0);
    assert!(fs::read_to_string(&sealed).unwrap().starts_with("-----BEGIN AGE ENCRYPTED FILE-----\n"));
    desk.open(&sealed).exits(0);
    // Made with 'age -p'; the passphrase does not matter, since it is never asked for.
    let scrypt = "age-encryption.org/v1\n-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n0123456789abcdef0123456789abcdef";
    let path = desk.inbox("p.age");
    fs::write(&path, scrypt).unwrap();
    desk.open(&path).exits(4).says("protected by a passphrase");
}

#[test]
fn a_header_beyond_all_measure_is_refused() {
    let desk = Desk::new();
    let path = desk.inbox("long.age");
    fs::write(&path, format!("age-encryption.org/v1\n{}", "-> x A\n\n".repeat(40_000))).unwrap();
    let json = desk.open(&path).exits(4).json();
    assert_eq!(json["files"][0]["status"], "not-authentic");
}

#[test]
fn a_store_that_another_program_holds_is_left_alone() {
    let desk = Desk::new();
    let sealed = desk.seal("a.age", STATEMENT);
    fs::create_dir(desk.cases()).unwrap();
    let lock = fs::File::create(desk.cases().join(".lock")).unwrap();
    lock.lock().unwrap();
    desk.open(&sealed).exits(1).says("another program is opening into it");
    drop(lock);
    desk.open(&sealed).exits(0);
}

#[test]
fn what_a_killed_program_left_half_done_is_cleared_away() {
    let desk = Desk::new();
    let sealed = desk.seal("a.age", STATEMENT);
    let half = desk.cases().join(".opening-12345678");
    fs::create_dir_all(&half).unwrap();
    fs::write(half.join("statement.txt"), "half").unwrap();
    desk.open(&sealed).exits(0);
    assert!(!half.exists());
    assert_eq!(desk.visible_cases().len(), 1);
}

#[test]
fn killed_at_any_moment_no_half_case_is_visible() {
    let desk = Desk::new();
    let big = desk.dir.path().join("big");
    fs::write(&big, vec![7; 30_000_000]).unwrap();
    let sealed = desk.inbox("a.age");
    let seal = deponent().args(["seal", "-r", &desk.recipient, "-m", "-", "-o"]).arg(&sealed).arg("--as-is").arg(&big);
    seal.stdin(STATEMENT.as_bytes()).run().exits(0);
    let mut killed = 0;
    for round in 0..25 {
        let mut child = crate::harness::desk()
            .args(["open", "-i"])
            .arg(&desk.identity)
            .arg("-o")
            .arg(desk.cases())
            .arg(&sealed)
            .spawn();
        std::thread::sleep(std::time::Duration::from_millis(round * 9));
        if child.try_wait().unwrap().is_none() {
            killed += 1;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        for case in desk.visible_cases().iter().filter(|case| !case.to_string_lossy().contains(".opening-")) {
            assert_eq!(names(case), ["attachments", "manifest.json", "sealed.age", "statement.txt"]);
            assert_eq!(fs::metadata(case.join("attachments/01.bin")).unwrap().len(), 30_000_000);
            fs::remove_dir_all(case).unwrap();
        }
    }
    assert!(killed >= 5, "only {killed} runs were killed before their end");
    desk.open(&sealed).exits(0);
    assert_eq!(desk.visible_cases().len(), 1);
}

#[test]
fn a_case_can_be_read_by_its_owner_alone_and_written_by_nobody() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.open(&desk.seal("a.age", STATEMENT)).exits(0);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let case = desk.visible_cases().remove(0);
    assert_eq!(mode(&desk.cases()), 0o700);
    assert_eq!(mode(&case), 0o700);
    for name in ["sealed.age", "manifest.json", "statement.txt"] {
        assert_eq!(mode(&case.join(name)), 0o400, "{name}");
    }
}
