//! Recipients: whom a file is sealed to. Public keys only.

use std::str::FromStr;

use age::x25519;
use age_core::format::{FileKey, Stanza};
use age_core::primitives::bech32_decode;
use x25519_dalek::{PublicKey as Point, StaticSecret};

use super::{SealError, hybrid};
use crate::limits::RECIPIENTS_MAX;

/// One or more recipients, each once, in the order given, all of one kind.
pub struct Recipients(Kind);

/// The two kinds are never mixed: a file is no safer than its weakest stanza.
enum Kind {
    Hybrid(Vec<hybrid::Recipient>),
    X25519(Vec<x25519::Recipient>),
}

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
    /// `age1pq1…` and `age1…` together: what one protects from a quantum computer, the other gives away.
    Mixed,
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
        let mut parsed: Option<Kind> = None;
        for (index, recipient) in recipients.iter().enumerate() {
            let added = match (parse_one(recipient.as_ref().trim()), &mut parsed) {
                (Err(why), _) => Err(why),
                (Ok(one), None) => {
                    parsed = Some(match one {
                        One::Hybrid(key) => Kind::Hybrid(vec![key]),
                        One::X25519(key) => Kind::X25519(vec![key]),
                    });
                    Ok(())
                }
                (Ok(One::Hybrid(key)), Some(Kind::Hybrid(keys))) => add(keys, key),
                (Ok(One::X25519(key)), Some(Kind::X25519(keys))) => add(keys, key),
                (Ok(_), Some(_)) => Err(RecipientError::Mixed),
            };
            added.map_err(|why| (index, why))?;
        }
        parsed.map(Self).ok_or((0, RecipientError::Empty))
    }

    /// How many there are: the number of stanzas in the header.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "never empty, by construction")]
    pub fn len(&self) -> usize {
        match &self.0 {
            Kind::Hybrid(keys) => keys.len(),
            Kind::X25519(keys) => keys.len(),
        }
    }

    /// A stanza for each recipient.
    pub(super) fn wrap(&self, file_key: &FileKey) -> Result<Vec<Stanza>, SealError> {
        match &self.0 {
            Kind::Hybrid(keys) => wrap_all(keys, file_key),
            Kind::X25519(keys) => wrap_all(keys, file_key),
        }
    }
}

fn add<K: PartialEq>(keys: &mut Vec<K>, key: K) -> Result<(), RecipientError> {
    if keys.contains(&key) {
        return Ok(());
    }
    if keys.len() >= RECIPIENTS_MAX {
        return Err(RecipientError::TooMany);
    }
    keys.push(key);
    Ok(())
}

fn wrap_all<K: age::Recipient>(keys: &[K], file_key: &FileKey) -> Result<Vec<Stanza>, SealError> {
    let mut stanzas = Vec::with_capacity(keys.len());
    for key in keys {
        let (wrapped, _) = key.wrap_file_key(file_key).map_err(|_| SealError::Recipient)?;
        stanzas.extend(wrapped);
    }
    Ok(stanzas)
}

/// The recipients in a file of them, as `-R` takes it: one a line; empty lines and lines that begin with
/// `#` are passed over. Each with its line number, from 1.
pub fn key_lines(file: &str) -> impl Iterator<Item = (usize, &str)> {
    (1usize..)
        .zip(file.trim_start_matches('\u{feff}').lines())
        .map(|(number, line)| (number, line.trim()))
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
}

enum One {
    Hybrid(hybrid::Recipient),
    X25519(x25519::Recipient),
}

fn parse_one(recipient: &str) -> Result<One, RecipientError> {
    let lower = recipient.to_ascii_lowercase();
    let starts = |prefix: &str| lower.starts_with(prefix);
    if starts("age-secret-key-") || starts("age-plugin-") {
        return Err(RecipientError::SecretKey);
    }
    if starts("age1tag1") || starts("age1tagpq1") {
        return Err(RecipientError::Tagged);
    }
    if starts("ssh-") || starts("ecdsa-") || starts("sk-ssh-") {
        return Err(RecipientError::Ssh);
    }
    if starts("age1pq1") {
        return recipient.parse().map(One::Hybrid).map_err(|hybrid::NotARecipient| RecipientError::NotARecipient);
    }
    match x25519::Recipient::from_str(recipient) {
        // With such a key the age crate could only give up while sealing.
        Ok(_) if point(recipient).is_none_or(|point| is_low_order(&point)) => Err(RecipientError::NotARecipient),
        Ok(key) => Ok(One::X25519(key)),
        // Bech32 data holds no '1', so a second one ends a plugin's name.
        Err(_) if starts("age1") && lower.matches('1').count() > 1 => Err(RecipientError::Plugin),
        Err(_) => Err(RecipientError::NotARecipient),
    }
}

/// The point that an X25519 recipient stands for.
fn point(recipient: &str) -> Option<Point> {
    let bytes = bech32_decode(recipient, |_| (), |_| Ok(()), |_, bytes| Ok(bytes.collect::<Vec<u8>>())).ok()?;
    <[u8; 32]>::try_from(bytes).ok().map(Point::from)
}

/// Whether every secret agreed with this point is zero (RFC 7748, section 6.1). Scalars are multiples of
/// eight, which all low orders divide, so any scalar tells.
pub(super) fn is_low_order(point: &Point) -> bool {
    !StaticSecret::from([1; 32]).diffie_hellman(point).was_contributory()
}

#[cfg(test)]
mod tests {
    use age_core::primitives::bech32_encode;

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
        check("age1pq1qqqq", RecipientError::NotARecipient);
        let zero = bech32_encode(bech32::Hrp::parse("age").unwrap(), &[0; 32]);
        assert!(x25519::Recipient::from_str(&zero).is_ok());
        check(&zero, RecipientError::NotARecipient);
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

    #[test]
    fn a_hybrid_recipient_is_read_back_as_it_was_written() {
        let text = new_hybrid();
        assert_eq!(text.len(), 1959);
        assert_eq!(text.parse::<hybrid::Recipient>().unwrap().to_string(), text);
        assert!(text.to_ascii_uppercase().parse::<hybrid::Recipient>().is_ok());
    }

    #[test]
    fn a_hybrid_recipient_out_of_range_or_of_low_order_is_none() {
        let hrp = bech32::Hrp::parse("age1pq").unwrap();
        let bytes =
            bech32_decode(&new_hybrid(), |_| (), |_| Ok(()), |_, bytes| Ok(bytes.collect::<Vec<u8>>())).unwrap();
        assert_eq!(bytes.len(), 1216);
        let check = |change: &dyn Fn(&mut Vec<u8>), good: bool| {
            let mut bytes = bytes.clone();
            change(&mut bytes);
            assert_eq!(Recipients::parse(&[bech32_encode(hrp, &bytes)]).is_ok(), good);
        };
        let coefficient = |bytes: &mut Vec<u8>, low, high| {
            bytes[0] = low;
            bytes[1] = bytes[1] & 0xf0 | high;
        };
        check(&|_| {}, true);
        // The first coefficient of twelve bits: 3,328 is the largest that the field has.
        check(&|bytes| coefficient(bytes, 0, 13), true);
        check(&|bytes| coefficient(bytes, 1, 13), false);
        check(&|bytes| coefficient(bytes, 255, 15), false);
        check(&|bytes| bytes[1184..].fill(0), false);
        check(&|bytes| bytes.truncate(1215), false);
        check(&|bytes| bytes.push(0), false);
    }

    #[test]
    fn the_two_kinds_are_not_mixed() {
        let hybrid = new_hybrid();
        assert_eq!(Recipients::parse(&[&hybrid, ALICE]).err(), Some((1, RecipientError::Mixed)));
        assert_eq!(Recipients::parse(&[ALICE, BOB, &hybrid]).err(), Some((2, RecipientError::Mixed)));
        assert_eq!(Recipients::parse(&[&hybrid, &new_hybrid(), &hybrid]).map(|r| r.len()).ok(), Some(2));
    }

    #[expect(clippy::disallowed_types, reason = "a fresh key pair for a test")]
    fn new_hybrid() -> String {
        hybrid::Identity::generate().unwrap().to_recipient().to_string()
    }

    #[expect(clippy::disallowed_types, reason = "a fresh key pair for a test")]
    fn new_recipient() -> String {
        x25519::Identity::generate().to_public().to_string()
    }
}
