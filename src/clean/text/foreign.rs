//! Files that are written in text and mean something else: mark-up, mail, keys, programs. Never plain text,
//! since a reader that knows the format shows, hides or runs what stands in them.

/// Whether a text that begins with `head` is of such a format.
pub(super) fn has_own_meaning(head: &str) -> bool {
    let start = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut second = start.bytes().skip(1);
    let is_tag = start.starts_with('<')
        && second.next().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'!' | b'?' | b'/' | b'%'));
    is_tag
        || STARTS.iter().any(|known| begins_with(start, known))
        || is_mail(start)
        || MARKUP.iter().any(|known| contains(head, known))
}

/// RTF, PostScript, PDF, scripts, vCard and iCalendar, PEM and PGP, age, compound mail, TeX, patches.
const STARTS: &[&str] = &[
    "{\\rtf",
    "{\\urtf",
    "%!ps",
    "%pdf-",
    "#!/",
    "#! /",
    "begin:v",
    "-----begin ",
    "age-encryption.org/",
    "age-secret-key-",
    "\\documentclass",
    "diff --git ",
    "begin 644 ",
    "begin 666 ",
    "@echo off",
];

/// Elements that make a page a page, wherever in the head they stand.
const MARKUP: &[&str] =
    &["<!doctype", "<html", "<head>", "<body", "<meta ", "<script", "<style", "<svg", "<?xml", "<?php", "%pdf-1."];

/// Header fields that only mail has on its first line.
const MAIL_SURE: &[&str] = &[
    "from",
    "received",
    "return-path",
    "mime-version",
    "delivered-to",
    "message-id",
    "dkim-signature",
    "arc-seal",
    "authentication-results",
    "content-type",
    "content-transfer-encoding",
    "envelope-to",
    "x-mozilla-status",
    "x-account-key",
];

/// Header fields that a letter may begin with, too: two of them are mail.
const MAIL_LIKELY: &[&str] = &["to", "cc", "subject", "date", "reply-to", "sender", "organization", "user-agent"];

/// A message (RFC 5322, section 2.2) or a folder of them (RFC 4155).
fn is_mail(start: &str) -> bool {
    let mut lines = start.lines();
    let first = lines.next().unwrap_or_default();
    if first.starts_with("From ") && has_clock(first) {
        return true;
    }
    let Some(name) = field_name(first) else { return false };
    let is_likely = |name: &str| MAIL_LIKELY.iter().any(|known| name.eq_ignore_ascii_case(known));
    let is_sure =
        |name: &str| MAIL_SURE.iter().any(|known| name.eq_ignore_ascii_case(known)) || begins_with(name, "x-");
    // Fields may be folded over several lines, so a few more are looked at.
    is_sure(name)
        || is_likely(name) && lines.take(6).filter_map(field_name).any(|next| is_likely(next) || is_sure(next))
}

fn field_name(line: &str) -> Option<&str> {
    let (name, _) = line.split_once(':')?;
    (!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')).then_some(name)
}

/// Whether a word of the line is `hh:mm:ss`.
fn has_clock(line: &str) -> bool {
    line.split(' ').any(|word| {
        word.len() == 8
            && word.bytes().enumerate().all(|(at, byte)| if at % 3 == 2 { byte == b':' } else { byte.is_ascii_digit() })
    })
}

fn begins_with(text: &str, lower: &str) -> bool {
    text.as_bytes().get(..lower.len()).is_some_and(|start| start.eq_ignore_ascii_case(lower.as_bytes()))
}

fn contains(text: &str, lower: &str) -> bool {
    text.as_bytes().windows(lower.len()).any(|window| window.eq_ignore_ascii_case(lower.as_bytes()))
}
