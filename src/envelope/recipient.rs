//! Recipients: whom a file is sealed to. Public keys only.

use std::str::FromStr;

use age::x25519;
use age_core::format::{FileKey, Stanza};

use super::SealError;
use crate::limits::RECIPIENTS_MAX;

/// One or more recipients, each once, in the order given.
pub struct Recipients(Vec<x25519::Recipient>);

/// Why a recipient is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecipientError {
    /// None at all.
    Empty,
    /// More than [`RECIPIENTS_MAX`].
    TooMany,
    /// Not an age recipient, or mistyped: its checksum is wrong.
    NotARecipient,
    /// `AGE-SECRET-KEY-…`: an identity, which must never leave the organisation.
    SecretKey,
    /// `age1pq1…`, which this version cannot seal to.
    PostQuantum,
    /// `age1tag1…`, `age1tagpq1…`: whoever knows the public key can tell that a file is for it.
    Tagged,
    /// An SSH key: the file would carry a constant mark of the key.
    Ssh,
    /// `age1NAME1…`: a plugin would have to run on the source's device.
    Plugin,
}

impl Recipients {
    /// Parses recipients, one string each, as `-r` takes them.
    ///
    /// # Errors
    /// The index from 0 of the first string that is not accepted, and why.
    pub fn parse<S: AsRef<str>>(recipients: &[S]) -> Result<Self, (usize, RecipientError)> {
        let mut parsed: Vec<x25519::Recipient> = Vec::new();
        for (index, recipient) in recipients.iter().enumerate() {
            let recipient = parse_one(recipient.as_ref().trim()).map_err(|why| (index, why))?;
            if parsed.iter().any(|known| known.to_string() == recipient.to_string()) {
                continue;
            }
            if parsed.len() >= RECIPIENTS_MAX {
                return Err((index, RecipientError::TooMany));
            }
            parsed.push(recipient);
        }
        if parsed.is_empty() {
            return Err((0, RecipientError::Empty));
        }
        Ok(Self(parsed))
    }

    /// How many there are: the number of stanzas in the header.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "never empty, by construction")]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// A stanza for each recipient.
    pub(super) fn wrap(&self, file_key: &FileKey) -> Result<Vec<Stanza>, SealError> {
        let mut stanzas = Vec::with_capacity(self.0.len());
        for recipient in &self.0 {
            let (wrapped, _) = age::Recipient::wrap_file_key(recipient, file_key).map_err(|_| SealError::Recipient)?;
            stanzas.extend(wrapped);
        }
        Ok(stanzas)
    }
}

/// The recipients in a file of them, as `-R` takes it: one a line; empty lines and lines that begin with
/// `#` are passed over. Each with its line number, from 1.
pub fn key_lines(file: &str) -> impl Iterator<Item = (usize, &str)> {
    (1usize..)
        .zip(file.trim_start_matches('\u{feff}').lines())
        .map(|(number, line)| (number, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

fn parse_one(recipient: &str) -> Result<x25519::Recipient, RecipientError> {
    let lower = recipient.to_ascii_lowercase();
    let starts = |prefix: &str| lower.starts_with(prefix);
    if starts("age-secret-key-") || starts("age-plugin-") {
        return Err(RecipientError::SecretKey);
    }
    if starts("age1pq1") {
        return Err(RecipientError::PostQuantum);
    }
    if starts("age1tag1") || starts("age1tagpq1") {
        return Err(RecipientError::Tagged);
    }
    if starts("ssh-") || starts("ecdsa-") || starts("sk-ssh-") {
        return Err(RecipientError::Ssh);
    }
    match x25519::Recipient::from_str(recipient) {
        Ok(key) => Ok(key),
        // Bech32 data holds no '1', so a second one ends a plugin's name.
        Err(_) if starts("age1") && lower.matches('1').count() > 1 => Err(RecipientError::Plugin),
        Err(_) => Err(RecipientError::NotARecipient),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALICE: &str = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p";
    const BOB: &str = "age1t7rxyev2z3rw82stdlrrepyc39nvn86l5078zqkf5uasdy86jp6svpy7pa";

    fn check(recipient: &str, expected: RecipientError) {
        assert_eq!(Recipients::parse(&[ALICE, recipient]).err(), Some((1, expected)), "{recipient}");
    }

    #[test]
    fn the_same_recipient_twice_is_one() {
        assert_eq!(Recipients::parse(&[ALICE, BOB, ALICE]).map(|r| r.len()).ok(), Some(2));
    }

    #[test]
    fn what_cannot_be_sealed_to_says_why() {
        check("", RecipientError::NotARecipient);
        check("age1", RecipientError::NotARecipient);
        check(&ALICE.replace("ql3z", "ql3y"), RecipientError::NotARecipient);
        check("AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX", RecipientError::SecretKey);
        check("age1pq1qqqq", RecipientError::PostQuantum);
        check("age1tag1qqqq", RecipientError::Tagged);
        check("age1tagpq1qqqq", RecipientError::Tagged);
        check(
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6isGN alice",
            RecipientError::Ssh,
        );
        check("age1yubikey1qwt50d05nh5vutpdzmlg5wn80xq5negm4uj9ghv0snvdd3yysf5yw3rhl3t", RecipientError::Plugin);
    }

    #[test]
    fn none_and_too_many_are_refused_at_the_limit() {
        let none: [&str; 0] = [];
        assert_eq!(Recipients::parse(&none).err(), Some((0, RecipientError::Empty)));
        let many: Vec<String> = (0..=RECIPIENTS_MAX).map(|_| new_recipient()).collect();
        assert!(Recipients::parse(&many[..RECIPIENTS_MAX - 1]).is_ok());
        assert!(Recipients::parse(&many[..RECIPIENTS_MAX]).is_ok());
        assert_eq!(Recipients::parse(&many).err(), Some((RECIPIENTS_MAX, RecipientError::TooMany)));
    }

    #[test]
    fn a_recipients_file_may_hold_comments_blank_lines_and_a_byte_order_mark() {
        let file = format!("\u{feff}# desk\r\n\r\n  {ALICE}  \r\n# old\n{BOB}");
        assert_eq!(key_lines(&file).collect::<Vec<_>>(), [(3, ALICE), (5, BOB)]);
    }

    #[expect(clippy::disallowed_types, reason = "a fresh key pair for a test")]
    fn new_recipient() -> String {
        x25519::Identity::generate().to_public().to_string()
    }
}
