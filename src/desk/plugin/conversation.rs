//! What is said to a plugin and what it may say: the client's side of `identity-v1` (C2SP `age-plugin.md`,
//! "Unwrapping with identity-v1"), for one file. Knows nothing of processes.

use std::io::{self, BufRead, Read, Write};

use age::secrecy::ExposeSecret;
use age_core::format::{FileKey, Stanza};
use base64::Engine;
use base64::prelude::BASE64_STANDARD_NO_PAD;
use zeroize::{Zeroize, Zeroizing};

use super::{Choice, Fault, Person};
use crate::envelope::stanza::{self, Lines, LinesError};
use crate::limits::{PLUGIN_MESSAGE_BYTES_MAX, PLUGIN_MESSAGES_MAX};

/// The number of the one file that a conversation is about.
const FILE: &str = "0";
const BUFFER_BYTES: usize = 4096;

/// Asks a plugin for the file key in one of `stanzas`, and lets it speak to the person meanwhile. None if no
/// stanza is for the identity. `plugin` is its name, and whom it may speak to.
///
/// # Errors
/// [`Fault`]; only after [`Fault::Said`] has the conversation come to its proper end.
pub(super) fn unwrap(
    plugin: (&str, &dyn Person),
    identity: &str,
    stanzas: &[Stanza],
    from_plugin: &mut impl BufRead,
    to_plugin: &mut impl Write,
) -> Result<Option<FileKey>, Fault> {
    send(to_plugin, "add-identity", &[identity], &[])?;
    for stanza in stanzas {
        let words = [FILE, &stanza.tag].into_iter().chain(stanza.args.iter().map(String::as_str));
        send(to_plugin, "recipient-stanza", &words.collect::<Vec<_>>(), &stanza.body)?;
    }
    send(to_plugin, "done", &[], &[])?;

    let mut heard = Heard { file_key: None, trouble: None };
    for _ in 0..PLUGIN_MESSAGES_MAX {
        let mut message = receive(from_plugin)?;
        let done = message.tag == "done";
        if !done {
            heard.answer(plugin, &message, to_plugin)?;
        }
        message.body.zeroize();
        if done {
            return match (heard.file_key, heard.trouble) {
                (None, Some(trouble)) => Err(Fault::Said(trouble)),
                (file_key, _) => Ok(file_key),
            };
        }
    }
    Err(Fault::Protocol)
}

/// What a plugin has said so far that matters in the end.
struct Heard {
    file_key: Option<FileKey>,
    trouble: Option<String>,
}

impl Heard {
    /// Answers one message of the second phase.
    fn answer(
        &mut self,
        plugin: (&str, &dyn Person),
        message: &Stanza,
        to_plugin: &mut impl Write,
    ) -> Result<(), Fault> {
        let (name, person) = plugin;
        let text = || String::from_utf8_lossy(&message.body);
        match message.tag.as_str() {
            "msg" => {
                person.show(name, &text());
                send(to_plugin, "ok", &[], &[])
            }
            "confirm" => {
                let (yes, no) = choices(message)?;
                match person.choose(name, &text(), &yes, no.as_deref()) {
                    Some(Choice::Yes) => send(to_plugin, "ok", &["yes"], &[]),
                    Some(Choice::No) => send(to_plugin, "ok", &["no"], &[]),
                    None => send(to_plugin, "fail", &[], &[]),
                }
            }
            "request-public" => match person.ask(name, &text()) {
                Some(answer) => send(to_plugin, "ok", &[], answer.as_bytes()),
                None => send(to_plugin, "fail", &[], &[]),
            },
            "request-secret" => match person.ask_secret(name, &text()) {
                Some(answer) => send(to_plugin, "ok", &[], answer.expose_secret().as_bytes()),
                None => send(to_plugin, "fail", &[], &[]),
            },
            "file-key" => {
                if self.file_key.is_some() || message.args != [FILE] {
                    return Err(Fault::Protocol);
                }
                self.file_key = Some(file_key(&message.body)?);
                send(to_plugin, "ok", &[], &[])
            }
            "error" => {
                self.trouble.get_or_insert_with(|| text().into_owned());
                send(to_plugin, "ok", &[], &[])
            }
            _ => send(to_plugin, "unsupported", &[], &[]),
        }
    }
}

/// What the two answers to a question are called; the second may be missing.
fn choices(message: &Stanza) -> Result<(String, Option<String>), Fault> {
    let called = |word: &String| {
        let bytes = BASE64_STANDARD_NO_PAD.decode(word).ok()?;
        String::from_utf8(bytes).ok()
    };
    match message.args.as_slice() {
        [yes] => Ok((called(yes).ok_or(Fault::Protocol)?, None)),
        [yes, no] => Ok((called(yes).ok_or(Fault::Protocol)?, Some(called(no).ok_or(Fault::Protocol)?))),
        _ => Err(Fault::Protocol),
    }
}

fn file_key(bytes: &[u8]) -> Result<FileKey, Fault> {
    FileKey::try_init_with_mut(|key| {
        if bytes.len() != key.len() {
            return Err(Fault::Protocol);
        }
        key.copy_from_slice(bytes);
        Ok(())
    })
}

/// Sends one message. What it was made of is wiped: it may hold an identity or a PIN.
fn send(to_plugin: &mut impl Write, tag: &str, args: &[&str], body: &[u8]) -> Result<(), Fault> {
    let args_bytes = args.iter().fold(0usize, |bytes, arg| bytes.saturating_add(arg.len()).saturating_add(1));
    let args = args.iter().map(|&arg| arg.to_owned()).collect();
    let mut message = Stanza { tag: tag.to_owned(), args, body: body.to_vec() };
    // Enough for base64 and the ends of lines, so that it is not moved while it grows.
    let bytes = body.len().saturating_mul(2).saturating_add(args_bytes).saturating_add(64);
    let mut text = Zeroizing::new(String::with_capacity(bytes));
    stanza::push(&mut text, &message);
    message.body.zeroize();
    message.args.iter_mut().for_each(Zeroize::zeroize);
    // A pipe fails when nobody is at its other end.
    to_plugin.write_all(text.as_bytes()).and_then(|()| to_plugin.flush()).map_err(|_| Fault::Ended)
}

/// Waits for one message.
fn receive(from_plugin: &mut impl BufRead) -> Result<Stanza, Fault> {
    if from_plugin.fill_buf().map_err(|_| Fault::Ended)?.is_empty() {
        return Err(Fault::Ended);
    }
    // Every line has at least its end, so bytes bound lines.
    let mut lines = Lines::new(from_plugin, PLUGIN_MESSAGE_BYTES_MAX, PLUGIN_MESSAGE_BYTES_MAX);
    let arguments = stanza::arguments(lines.next()?).ok_or(Fault::Protocol)?.to_owned();
    Ok(lines.stanza(&arguments)?)
}

impl From<LinesError> for Fault {
    fn from(error: LinesError) -> Self {
        match error {
            LinesError::Malformed => Self::Protocol,
            LinesError::Io(_) => Self::Ended,
        }
    }
}

/// Reads ahead into a buffer that is wiped: file keys come through it.
pub(super) struct WipedReader<R> {
    input: R,
    buf: Zeroizing<Vec<u8>>,
    /// How much of `buf` has been given away.
    begin: usize,
    /// How much of `buf` has been read.
    end: usize,
}

impl<R: Read> WipedReader<R> {
    pub(super) fn new(input: R) -> Self {
        Self { input, buf: Zeroizing::new(vec![0; BUFFER_BYTES]), begin: 0, end: 0 }
    }
}

impl<R: Read> Read for WipedReader<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.fill_buf()?.read(buf)?;
        self.consume(n);
        Ok(n)
    }
}

impl<R: Read> BufRead for WipedReader<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.begin >= self.end {
            self.end = loop {
                match self.input.read(&mut self.buf) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read?,
                }
            };
            self.begin = 0;
        }
        Ok(self.buf.get(self.begin..self.end).unwrap_or_default())
    }

    fn consume(&mut self, n: usize) {
        self.begin = self.begin.saturating_add(n).min(self.end);
    }
}

#[cfg(test)]
mod tests {
    use age::secrecy::SecretString;

    use super::*;

    /// Answers everything, and writes down what it heard.
    struct Answers(std::sync::Mutex<Vec<String>>);

    impl Answers {
        fn hear(&self, what: String) {
            self.0.lock().unwrap().push(what);
        }
    }

    impl Person for Answers {
        fn show(&self, plugin: &str, message: &str) {
            self.hear(format!("{plugin}: {message}"));
        }

        fn ask_secret(&self, _: &str, question: &str) -> Option<SecretString> {
            (question != "nobody").then(|| SecretString::from("1234"))
        }

        fn ask(&self, _: &str, question: &str) -> Option<Zeroizing<String>> {
            (question != "nobody").then(|| Zeroizing::new("me".to_owned()))
        }

        fn choose(&self, _: &str, question: &str, yes: &str, no: Option<&str>) -> Option<Choice> {
            self.hear(format!("{question} {yes} {no:?}"));
            match question {
                "yes" => Some(Choice::Yes),
                "no" => Some(Choice::No),
                _ => None,
            }
        }
    }

    const KEY: [u8; 16] = [7; 16];

    fn message(line: &str, body: &[u8]) -> String {
        let mut words = line.split(' ').map(ToOwned::to_owned);
        let stanza = Stanza { tag: words.next().unwrap(), args: words.collect(), body: body.to_vec() };
        let mut text = String::new();
        stanza::push(&mut text, &stanza);
        text
    }

    /// A plugin that says all this, whatever it is told: the outcome, what it was told after the first phase,
    /// and what the person heard.
    fn talk(says: &str) -> (Result<Option<[u8; 16]>, Fault>, String, Vec<String>) {
        let answers = Answers(Default::default());
        let stanza = Stanza { tag: "X".to_owned(), args: vec!["arg".to_owned()], body: vec![1; 48] };
        let mut told = Vec::new();
        // A byte at a time, as a pipe may bring it.
        let mut input = io::BufReader::with_capacity(1, says.as_bytes());
        let result = unwrap(("test", &answers), "AGE-PLUGIN-TEST-1", &[stanza], &mut input, &mut told);
        let told = String::from_utf8(told).unwrap();
        let first = format!(
            "-> add-identity AGE-PLUGIN-TEST-1\n\n-> recipient-stanza 0 X arg\n{}\n\n-> done\n\n",
            "AQEB".repeat(16)
        );
        let rest = told.strip_prefix(&first).unwrap().to_owned();
        (result.map(|key| key.map(|key| *key.expose_secret())), rest, answers.0.into_inner().unwrap())
    }

    fn check(says: &[String], told: &str, heard: &[&str]) {
        let says = says.concat() + &message("file-key 0", &KEY) + &message("done", b"");
        let (result, really_told, really_heard) = talk(&says);
        assert!(matches!(result, Ok(Some(KEY))), "{says}: {result:?}");
        assert_eq!(really_told, format!("{told}-> ok\n\n"), "{says}");
        assert_eq!(really_heard, heard, "{says}");
    }

    #[test]
    fn every_command_has_its_answer() {
        check(&[], "", &[]);
        check(&[message("msg", b"touch it")], "-> ok\n\n", &["test: touch it"]);
        check(&[message("request-secret", b"PIN")], "-> ok\nMTIzNA\n", &[]);
        check(&[message("request-secret", b"nobody")], "-> fail\n\n", &[]);
        check(&[message("request-public", b"name")], "-> ok\nbWU\n", &[]);
        check(&[message("request-public", b"nobody")], "-> fail\n\n", &[]);
        check(&[message("confirm eQ", b"yes")], "-> ok yes\n\n", &["yes y None"]);
        check(&[message("confirm eQ bg", b"no")], "-> ok no\n\n", &["no y Some(\"n\")"]);
        check(&[message("confirm eQ bg", b"nobody")], "-> fail\n\n", &["nobody y Some(\"n\")"]);
        check(&[message("error identity 0", b"told in vain")], "-> ok\n\n", &[]);
        check(&[message("x-grease 1 2", &[0; 200])], "-> unsupported\n\n", &[]);
    }

    #[test]
    fn without_a_key_it_is_for_others_or_a_trouble_in_the_plugins_own_words() {
        assert!(matches!(talk(&message("done", b"")).0, Ok(None)));
        let first = message("error internal", b"no card");
        let troubles = first.clone() + &message("error stanza 0 0", b"later") + &message("done", b"");
        assert!(matches!(talk(&troubles).0, Err(Fault::Said(what)) if what == "no card"));
        assert!(matches!(talk(&first).0, Err(Fault::Ended)));
    }

    #[test]
    fn what_is_not_the_protocol_ends_the_conversation() {
        let key = message("file-key 0", &KEY);
        for says in [
            "hello\n\n".to_owned(),
            "->\n\n".to_owned(),
            "-> msg\n*\n".to_owned(),
            "-> msg\nAA".to_owned(),
            message("file-key", &KEY),
            message("file-key 1", &KEY),
            message("file-key 0 0", &KEY),
            message("file-key 0", &KEY[1..]),
            message("file-key 0", &[7; 17]),
            key.clone() + &key,
            message("confirm", b"yes"),
            message("confirm eQ bg eQ", b"yes"),
            message("confirm *", b"yes"),
            message("confirm /w", b"yes"),
        ] {
            let whole = says.clone() + &message("done", b"");
            assert!(matches!(talk(&whole).0, Err(Fault::Protocol)), "{says}");
        }
        assert!(matches!(talk("").0, Err(Fault::Ended)));
        assert!(matches!(talk(&key).0, Err(Fault::Ended)));
    }

    #[test]
    fn bytes_of_a_message_are_bounded() {
        for (bytes, accepted) in [
            (PLUGIN_MESSAGE_BYTES_MAX - 1, true),
            (PLUGIN_MESSAGE_BYTES_MAX, true),
            (PLUGIN_MESSAGE_BYTES_MAX + 1, false),
        ] {
            let says = format!("-> {}\n\n", "x".repeat(bytes - 5));
            assert_eq!(says.len(), bytes);
            assert_eq!(talk(&(says + &message("done", b""))).0.is_ok(), accepted, "{bytes}");
        }
    }

    #[test]
    fn messages_are_bounded() {
        for (messages, accepted) in
            [(PLUGIN_MESSAGES_MAX - 1, true), (PLUGIN_MESSAGES_MAX, true), (PLUGIN_MESSAGES_MAX + 1, false)]
        {
            let says = message("msg", b"x").repeat(messages - 1) + &message("done", b"");
            assert_eq!(talk(&says).0.is_ok(), accepted, "{messages}");
        }
    }

    #[test]
    fn what_was_read_ahead_comes_in_order_and_ends() {
        let bytes: Vec<u8> = (0..20_000u32).flat_map(u32::to_le_bytes).collect();
        let mut read = Vec::new();
        WipedReader::new(&bytes[..]).read_to_end(&mut read).unwrap();
        assert_eq!(read, bytes);
    }
}
