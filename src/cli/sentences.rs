//! Every sentence a person reads, in one place, so that it can be translated. A message is what happened,
//! then a hint that says what to do.

use std::io;
use std::path::{Path, PathBuf};

use super::Exit;
use super::terminal::{Terminal, visible};
use crate::bundle::Odd;
use crate::clean::{Category, Kind, Reason, Refusal};
use crate::desk::cases::{ReceiveError, StoreError};
use crate::desk::plugin::{Choice, Fault, PluginError};
use crate::envelope::identity::IdentityError;
use crate::envelope::{OpenError, RecipientError, SealError};
use crate::seal::Failure;
use crate::testimony::TestimonyError;

pub(super) const NEW_PASSPHRASE: &str = "New passphrase for the identity: ";
pub(super) const NEW_PASSPHRASE_AGAIN: &str = "The same passphrase again: ";
pub(super) const TYPE_STATEMENT: &str = "Type your statement; end with Ctrl-D on an empty line.";
pub(super) const SEALING: &str = "sealing";
pub(super) const LOOKING: &str = "looking";
pub(super) const CLEANING: &str = "cleaning";
pub(super) const OPENING: &str = "opening";
pub(super) const STATEMENT: &str = "the statement";
pub(super) const REMOVED: &str = "removed";
pub(super) const SENT_AS_IS: &str = "sent as it is, with everything it gives away";
pub(super) const NOTHING_FOUND: &str = "nothing found to take out; what it shows or says may still identify";
pub(super) const STAYS: &str = "stays, since it is content: decide whether to send it";

/// Why no passphrase was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PassphraseError {
    /// None was typed, or there is no terminal to type it at.
    None,
    /// The two differ.
    Differ,
}

pub(super) fn passphrase_for(path: &Path) -> String {
    format!("Passphrase for {}: ", shown(path))
}

/// What a plugin says, with its name.
pub(super) fn plugin_says(plugin: &str, line: &str) -> String {
    format!("age-plugin-{plugin}: {}", visible(line))
}

/// What a plugin asks for.
pub(super) fn plugin_asks(plugin: &str, question: &str) -> String {
    let question = in_one_line(question);
    format!("{}: ", plugin_says(plugin, question.trim_end_matches([':', ' '])))
}

/// Where there is room for one line only.
fn in_one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// What a plugin lets a person choose between, after its question.
pub(super) fn plugin_choice(yes: &str, no: Option<&str>) -> String {
    match no {
        Some(no) => format!("y: {}, n: {}? ", visible(yes), visible(no)),
        None => format!("y: {}, n: do not? ", visible(yes)),
    }
}

/// Which of the two was chosen; none if the answer is neither.
pub(super) fn choice(answer: &str) -> Option<Choice> {
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" => Some(Choice::Yes),
        "n" | "no" => Some(Choice::No),
        _ => None,
    }
}

pub(super) fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy())
}

/// What findings of a category say, above them in a table.
pub(super) fn heading(category: Category) -> &'static str {
    match category {
        Category::Location => "where it was made",
        Category::Device => "with which device",
        Category::Time => "when",
        Category::Person => "by whom, or who is in it",
        Category::Software => "with which programs",
        Category::Thumbnail => "smaller pictures inside",
        Category::Comment => "words inside",
        Category::History => "what was done to it before",
        Category::HiddenContent => "hidden in it",
        Category::Watermark => "marks that tell this copy from others",
        Category::Identifier => "numbers that tell it from all other files",
        Category::Unknown => "not understood, so not kept",
    }
}

/// The word for a category, in one line.
pub(super) fn category(category: Category) -> &'static str {
    match category {
        Category::Location => "location",
        Category::Device => "device",
        Category::Time => "time",
        Category::Person => "person",
        Category::Software => "software",
        Category::Thumbnail => "thumbnail",
        Category::Comment => "comment",
        Category::History => "history",
        Category::HiddenContent => "hidden content",
        Category::Watermark => "watermark",
        Category::Identifier => "identifier",
        Category::Unknown => "unknown",
    }
}

/// What a refusal says, without the file's name: for the terminal and for `reason` in JSON.
pub(super) fn refusal(refusal: &Refusal) -> String {
    let at = |what: &str| match refusal.part {
        "" => what.to_owned(),
        part => format!("{what}: {part}, at byte {}", refusal.at),
    };
    let inside: String = refusal.inside.iter().map(|name| format!("{}: ", visible(name))).collect();
    let why = match &refusal.reason {
        Reason::Empty => "cannot be cleaned: it is empty".to_owned(),
        Reason::Unknown => "cannot be cleaned: not a known type of file".to_owned(),
        Reason::NotSupported(unsupported) => format!("cannot be cleaned: {} files are not supported", unsupported.name),
        Reason::Encoding => "cannot be cleaned: the encoding of the text is uncertain".to_owned(),
        Reason::Truncated => at("cannot be cleaned: truncated"),
        Reason::Damaged => at("cannot be cleaned: damaged"),
        Reason::NotUnderstood => at("cannot be cleaned: not understood"),
        Reason::Encrypted => "cannot be cleaned: it is protected by a password".to_owned(),
        Reason::NotReshot => format!("cannot be made anew: {}", refusal.part),
        Reason::NotFlattened => format!("its pages cannot be made pictures: {}", refusal.part),
        Reason::TooLarge => at("cannot be cleaned: too large"),
        Reason::Unaccounted => at("cannot be cleaned: the result could not be verified"),
        Reason::Unreadable(kind) => io_kind(*kind),
    };
    inside + &why
}

/// What to do about a refusal.
pub(super) fn refusal_hint(refusal: &Refusal) -> String {
    let hint = reason_hint(refusal);
    // It is about what is inside, and leaving that out is another task than leaving out the file.
    if refusal.inside.is_empty() { hint.to_owned() } else { format!("of the file inside: {hint}") }
}

fn reason_hint(refusal: &Refusal) -> &'static str {
    match &refusal.reason {
        Reason::Empty => "leave it out",
        Reason::Unknown => "leave it out, or send a screenshot of it as PNG or JPEG",
        Reason::NotSupported(unsupported) => way_out(unsupported.kind),
        Reason::Encoding => "save it as UTF-8, or paste the words into the statement",
        Reason::Truncated | Reason::Damaged | Reason::NotUnderstood | Reason::Unaccounted => {
            "open it and save it again, a picture as JPEG or PNG, a film as MP4, sound as M4A or WAV, a text as UTF-8; or leave it out"
        }
        Reason::Encrypted => {
            "open it with the password, save it without one or unpack what is in it, and send that; or leave it out"
        }
        Reason::NotReshot => {
            "save it as JPEG or PNG first, or run this without --reshoot, which keeps its pixels; or leave it out"
        }
        Reason::NotFlattened => {
            "run this without --flatten, which keeps its text, or take screenshots of it; or leave it out"
        }
        Reason::TooLarge => "send a part of it, or leave it out",
        Reason::Unreadable(io::ErrorKind::IsADirectory) => "name the files in it",
        Reason::Unreadable(_) => "check the name and that you may read it",
    }
}

/// What to do with a file of a type that no cleaner is for.
fn way_out(kind: Kind) -> &'static str {
    match kind {
        Kind::WebPage => {
            "print it to PDF from the browser, or take a screenshot; or paste its words into the statement"
        }
        Kind::Mail => {
            "paste its words into the statement, or print it to PDF; save its attachments and give each by itself"
        }
        Kind::Document => "open it and save it as DOCX or ODT, or export it as PDF; or leave it out",
        Kind::Spreadsheet => "open it and save it as XLSX or ODS, or export it as PDF; or leave it out",
        Kind::Slides => "open it and save it as PPTX or ODP, or export it as PDF; or leave it out",
        Kind::Macros => {
            "open it and save it without macros, as DOCX, XLSX or PPTX, or export it as PDF; or leave it out"
        }
        Kind::Locked => "open it with its password and save it without one; or leave it out",
        Kind::Packed => "unpack it and give the files in it, or pack them as ZIP; or leave it out",
        Kind::CameraRaw => "export it as JPEG; or leave it out",
        Kind::Picture => "open it and save it as PNG or JPEG; or leave it out",
        Kind::Film => "convert it to MP4, as VLC does (Media, Convert); or leave it out",
        Kind::Sound => "convert it to M4A or WAV, as VLC does (Media, Convert); or leave it out",
        Kind::Program => "leave it out; describe in the statement what it does",
        Kind::Database => "take screenshots of what matters, or export it as text; or leave it out",
        Kind::Contacts => "paste what matters of it into the statement; or leave it out",
        Kind::Sealed => "leave it out if it is a key; if it is sealed, open it first and give what is in it",
        Kind::Other => "send a photo or screenshot of it as JPEG or PNG, or its words as a text file; or leave it out",
    }
}

/// What an error of the system says, without the file's name.
pub(super) fn io_kind(kind: io::ErrorKind) -> String {
    let what = match kind {
        io::ErrorKind::NotFound => "there is no such file",
        io::ErrorKind::PermissionDenied => "you may not read or write it",
        io::ErrorKind::IsADirectory => "it is a folder",
        io::ErrorKind::NotADirectory => "a part of its path is not a folder",
        io::ErrorKind::Unsupported => "it is not a regular file",
        io::ErrorKind::AlreadyExists => "it is already there, and nothing is overwritten",
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "the disk is full",
        io::ErrorKind::ReadOnlyFilesystem => "the disk is read-only",
        io::ErrorKind::FileTooLarge => "it is too large",
        io::ErrorKind::InvalidData => "it changed while it was read",
        io::ErrorKind::BrokenPipe => "nobody reads the output",
        io::ErrorKind::InvalidFilename => "the name is too long or not allowed",
        other => return other.to_string(),
    };
    what.to_owned()
}

/// That a name claims another type.
pub(super) fn mismatch(extension: &str, media_type: &str) -> String {
    format!("ends in .{extension}, but it is {media_type}")
}

/// Says why a file could not be read or written.
pub(super) fn io_error(terminal: &Terminal, path: &Path, error: &io::Error) -> Exit {
    let hint = match error.kind() {
        io::ErrorKind::AlreadyExists => Some("choose another name"),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some("make room, or write to another disk"),
        _ => None,
    };
    terminal.error(&format!("{}: {}", shown(path), io_kind(error.kind())), hint);
    Exit::Failed
}

/// Says why the statement's file could not be read.
pub(super) fn statement_error(terminal: &Terminal, path: &Path, error: &io::Error) -> Exit {
    if error.kind() != io::ErrorKind::NotFound {
        return io_error(terminal, path, error);
    }
    // Whoever put the words themselves on the command line has them in the shell's history now.
    let hint =
        "-m takes the name of a file; with '-m -' you can type the statement, and the shell does not remember it";
    terminal.error(&format!("{}: {}", shown(path), io_kind(error.kind())), Some(hint));
    Exit::Failed
}

/// Says that standard output could not be written.
pub(super) fn stdout_error(terminal: &Terminal, error: &io::Error) -> Exit {
    terminal.error(&format!("standard output: {}", io_kind(error.kind())), None);
    Exit::Failed
}

/// Says that a file was refused, or could not be read.
pub(super) fn refused(terminal: &Terminal, path: &Path, why: &Refusal) -> Exit {
    terminal.error(&format!("{}: {}", shown(path), refusal(why)), Some(&refusal_hint(why)));
    match why.reason {
        Reason::Unreadable(_) => Exit::Failed,
        _ => Exit::Refused,
    }
}

/// Says what follows from refusals, once they have been named.
fn nothing_sealed(terminal: &Terminal, exit: Exit) {
    let hint = "--as-is FILE sends a file with everything it gives away; only if you are sure";
    terminal.error("nothing was sealed", (exit == Exit::Refused).then_some(hint));
}

/// Says why a recipient is not accepted. `what` names it: `-r`, or a file and line.
pub(super) fn recipient_error(terminal: &Terminal, what: &str, error: RecipientError) -> Exit {
    let (why, hint) = match error {
        RecipientError::Empty => ("no recipient", "give one with -r, or a file of them with -R"),
        RecipientError::TooMany => ("too many recipients", "seal for fewer"),
        RecipientError::NotARecipient => (
            "not an age recipient, or mistyped",
            "copy it whole, it begins with age1; a file of recipients goes with -R",
        ),
        RecipientError::SecretKey => {
            ("this is a secret key, not a recipient", "tell the organisation at once that its secret key got out")
        }
        RecipientError::Mixed => (
            "post-quantum recipients (age1pq1…) and older ones are not mixed: the older would give away what the others protect",
            "seal for the age1pq1… recipients alone",
        ),
        RecipientError::Tagged => (
            "tagged recipients are refused: anyone who knows the key could tell whom the file is for",
            "ask the organisation for an ordinary age1… recipient",
        ),
        RecipientError::Ssh => (
            "SSH keys are refused: the file would carry a mark of the key",
            "ask the organisation for an ordinary age1… recipient",
        ),
        RecipientError::Plugin => (
            "plugin recipients are refused: they need another program on this device",
            "ask the organisation for an ordinary age1… recipient",
        ),
    };
    terminal.error(&format!("{what}: {why}"), Some(hint));
    match error {
        RecipientError::Tagged | RecipientError::Ssh | RecipientError::Plugin => Exit::Refused,
        _ => Exit::Usage,
    }
}

/// Says why an identity file cannot be used.
pub(super) fn identity_error(terminal: &Terminal, path: &Path, error: &IdentityError) -> Exit {
    let line = |line: &usize, what: &str| format!("line {line} {what}");
    let (why, hint) = match error {
        IdentityError::Empty => ("holds no identity".to_owned(), Some("make one with 'deponent-desk keygen'")),
        IdentityError::Line(n) => (line(n, "is not an identity"), Some("it should begin with AGE-SECRET-KEY-")),
        IdentityError::Recipient(n) => (
            line(n, "is a recipient, which seals but does not open"),
            Some("give the identity file that belongs to it"),
        ),
        IdentityError::Plugin(n) => (
            line(n, "needs a plugin that was not found"),
            Some("install it, so that its age-plugin-… program is in a folder of PATH, or name that with --plugin"),
        ),
        IdentityError::NotForTheseKeys => {
            ("is sealed to a key that was not given".to_owned(), Some("give the identity that opens it with -i too"))
        }
        IdentityError::Keeper(error) => keeper_error(error),
        IdentityError::NeedsPassphrase => {
            ("needs a passphrase".to_owned(), Some("run this in a terminal, where it can be asked for"))
        }
        IdentityError::WrongPassphrase => ("the passphrase is not the right one".to_owned(), None),
        IdentityError::TooMuchWork => ("asks for too much work to be opened".to_owned(), None),
        IdentityError::Damaged => ("is damaged, or not an identity file".to_owned(), None),
    };
    terminal.error(&format!("{}: {why}", shown(path)), hint);
    match error {
        IdentityError::WrongPassphrase | IdentityError::NotForTheseKeys => Exit::NotForUs,
        _ => Exit::Failed,
    }
}

/// Why a key that is kept elsewhere could not be used, and a hint.
fn keeper_error(error: &io::Error) -> (String, Option<&'static str>) {
    let Some(PluginError { name, fault }) = error.get_ref().and_then(|error| error.downcast_ref()) else {
        return (io_kind(error.kind()), None);
    };
    match fault {
        Fault::NotStarted(kind) => {
            let why = match kind {
                io::ErrorKind::PermissionDenied => "you may not run it".to_owned(),
                kind => io_kind(*kind),
            };
            let hint = "install it again, or name the right program with --plugin";
            (plugin_says(name, &format!("cannot be started: {why}")), Some(hint))
        }
        Fault::Ended => {
            (plugin_says(name, "ended before it had answered"), Some("connect the hardware key, and try again"))
        }
        Fault::Protocol => (
            plugin_says(name, "does not keep to the rules by which plugins talk"),
            Some("get a newer version of this plugin"),
        ),
        Fault::Said(what) => (plugin_says(name, &in_one_line(what)), Some("connect the hardware key, and try again")),
    }
}

/// Says that `--plugin` was given something else.
pub(super) fn not_a_plugin(terminal: &Terminal, path: &Path) -> Exit {
    terminal.error(
        &format!("--plugin {}: not the path of a plugin", shown(path)),
        Some("give it from the root of the disk on, and with its own name: /…/age-plugin-NAME"),
    );
    Exit::Usage
}

/// Says why no new passphrase was set.
pub(super) fn passphrase_error(terminal: &Terminal, error: PassphraseError) -> Exit {
    match error {
        PassphraseError::None => {
            terminal.error(
                "no passphrase was given",
                Some("run this in a terminal, or use --no-passphrase where the disk itself is protected"),
            );
        }
        PassphraseError::Differ => terminal.error("the two passphrases differ", Some("try again")),
    }
    Exit::Failed
}

/// Says why nothing was sealed. `path` names an attachment by index.
pub(super) fn seal_failure(
    terminal: &Terminal,
    failure: &Failure,
    output: &Path,
    path: impl Fn(usize) -> PathBuf,
) -> Exit {
    match failure {
        Failure::Refused(refusals) => {
            let exits = refusals.iter().map(|(index, why)| refused(terminal, &path(*index), why));
            let exit = exits.max().unwrap_or(Exit::Refused);
            nothing_sealed(terminal, exit);
            exit
        }
        Failure::StatementRefused(why) => {
            terminal.error(&format!("the statement {}", refusal(why)), Some(statement_hint(why)));
            Exit::Refused
        }
        Failure::Testimony(TestimonyError::Empty) => {
            terminal.error("nothing to seal", Some("give a statement with -m, or files"));
            Exit::Usage
        }
        Failure::Testimony(TestimonyError::TooMany) => {
            terminal.error("too many files for one testimony", Some("seal them in several"));
            Exit::Refused
        }
        Failure::Testimony(TestimonyError::TooMuchRebuilt) => {
            terminal.error(
                "too much text, or too many pictures made anew, for one testimony",
                Some("seal them in several"),
            );
            Exit::Refused
        }
        Failure::TooLarge => {
            terminal.error("too large for one testimony", Some("seal it in several"));
            Exit::Refused
        }
        Failure::Changed(failed) => {
            let path = path(failed.index);
            terminal
                .error(&format!("{}: {}; nothing was sealed", shown(&path), io_kind(failed.kind)), Some("try again"));
            Exit::Failed
        }
        Failure::Seal(SealError::Read(error) | SealError::Write(error)) => io_error(terminal, output, error),
        Failure::Seal(error) => {
            terminal.error(&format!("{}; nothing was sealed", seal_fault(error)), None);
            Exit::Failed
        }
    }
}

fn seal_fault(error: &SealError) -> String {
    let what = match error {
        SealError::NoRandomness => "the system gave no random bytes",
        SealError::Recipient => "a recipient could not be used",
        SealError::Cipher => "the cipher failed",
        SealError::Read(error) | SealError::Write(error) => return io_kind(error.kind()),
    };
    what.to_owned()
}

/// Says why no identity was made.
pub(super) fn keygen_error(terminal: &Terminal, path: &Path, error: &SealError) -> Exit {
    terminal.error(&format!("{}: {}; no identity was made", shown(path), seal_fault(error)), None);
    Exit::Failed
}

fn statement_hint(why: &Refusal) -> &'static str {
    match why.reason {
        Reason::Empty => "write something, or leave -m out",
        Reason::Encoding | Reason::NotUnderstood => "save it as plain text in UTF-8",
        Reason::TooLarge => "attach it as files instead",
        _ => reason_hint(why),
    }
}

/// What an opening that failed says, without the file's name, its hint and how the program ends.
pub(super) fn open_error(error: &OpenError) -> (String, Option<&'static str>, Exit) {
    match error {
        OpenError::NotSealed => ("not a sealed file".to_owned(), None, Exit::NotForUs),
        OpenError::TooMuchWork => ("asks for too much work to be opened".to_owned(), None, Exit::NotForUs),
        OpenError::Passphrase => {
            ("protected by a passphrase, not sealed to a key".to_owned(), Some("open it with age"), Exit::NotForUs)
        }
        OpenError::NotForTheseKeys => {
            ("not sealed to these keys".to_owned(), Some("give the right identity with -i"), Exit::NotForUs)
        }
        OpenError::Keeper(error) => {
            let (what, hint) = keeper_error(error);
            (what, hint, Exit::Failed)
        }
        OpenError::Armor => (
            "its text is not whole, or was altered: not authentic".to_owned(),
            Some("copy all of it again, from the line with BEGIN to the line with END"),
            Exit::NotForUs,
        ),
        OpenError::Header | OpenError::HeaderMac | OpenError::Payload => (
            "damaged or altered on its way: not authentic".to_owned(),
            Some("get it again from where it came from"),
            Exit::NotForUs,
        ),
        OpenError::TooLarge => ("too large".to_owned(), None, Exit::Refused),
        OpenError::Read(error) | OpenError::Write(error) => (io_kind(error.kind()), None, Exit::Failed),
    }
}

/// The same for a file that became no case.
pub(super) fn receive_error(error: &ReceiveError) -> (String, Option<&'static str>, Exit) {
    match error {
        ReceiveError::Open(error) => open_error(error),
        ReceiveError::Read(error) => (io_kind(error.kind()), None, Exit::Failed),
        ReceiveError::Store(error) => {
            let hint = matches!(error.kind(), io::ErrorKind::StorageFull).then_some("make room and run this again");
            (format!("the case could not be written: {}", io_kind(error.kind())), hint, Exit::Failed)
        }
    }
}

/// Says why a case store cannot be used.
pub(super) fn store_error(terminal: &Terminal, path: &Path, error: &StoreError) -> Exit {
    match error {
        StoreError::Busy => {
            terminal.error(
                &format!("{}: another program is opening into it", shown(path)),
                Some("wait until it has finished"),
            );
            Exit::Failed
        }
        StoreError::Io(error) => io_error(terminal, path, error),
    }
}

/// What is odd about a bundle.
pub(super) fn odd(odd: &Odd) -> String {
    match odd {
        Odd::Header(field, at) => format!("tar header at byte {at}: {field}"),
        Odd::Name(at) => format!("tar header at byte {at}: a name that is not allowed, or given twice"),
        Odd::TooLarge(at) => format!("tar header at byte {at}: more or larger items than allowed"),
        Odd::Slack(at) => format!("bytes where only zeros may stand, after byte {at}"),
        Odd::Truncated(at) => format!("the tar ends too early, at byte {at}"),
        Odd::Manifest => "no manifest first, or one that cannot be read".to_owned(),
        Odd::ManifestLies => "the manifest does not say what is there".to_owned(),
        Odd::Newer(version) => {
            format!("made for format {version}, which this version does not know: get a newer deponent-desk")
        }
        Odd::Io(error) => io_kind(error.kind()),
    }
}

pub(super) const OPENED: &str = "opened";
pub(super) const ALREADY_THERE: &str = "already there";
pub(super) const IN_QUARANTINE: &str = "in quarantine";
pub(super) const UNCLEANED: &str = " — sent as it was, uncleaned";
pub(super) const QUARANTINE_HINT: &str =
    "its contents were not extracted; they are kept as a tar in the case, to be looked at with care";

/// The last line of an opening. Counts that are zero are not mentioned, but for the first.
pub(super) fn open_totals(
    opened: usize,
    known: usize,
    quarantined: usize,
    others: usize,
    damaged: usize,
    failed: usize,
) -> String {
    let mut line = format!("{opened} {OPENED}");
    let rest = [
        (known, ALREADY_THERE),
        (quarantined, IN_QUARANTINE),
        (others, "not for these keys"),
        (damaged, "damaged or not sealed files"),
        (failed, "failed"),
    ];
    for (count, what) in rest.into_iter().filter(|(count, _)| *count > 0) {
        line.push_str(&format!(", {count} {what}"));
    }
    line
}
