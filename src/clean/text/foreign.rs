//! Files that are written in text and mean something else: mark-up, mail, keys, programs. Never plain text,
//! since a reader that knows the format shows, hides or runs what stands in them.

/// What such a file means to those who know its format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// HTML.
    Page,
    /// Other mark-up.
    Markup,
    /// A message, or a folder of them.
    Mail,
    /// RTF.
    RichText,
    /// PostScript and PDF.
    PageDescription,
    /// Something that a program runs.
    Script,
    /// vCard and iCalendar.
    Contact,
    /// PEM, PGP and age, and what mail carried files as.
    Sealed,
    /// TeX and patches.
    Source,
}

/// What a text that begins with `head` is, if it is of such a format.
pub(super) fn meaning(head: &str) -> Option<Meaning> {
    let start = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let mut second = start.bytes().skip(1);
    let is_tag = start.starts_with('<')
        && second.next().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'!' | b'?' | b'/' | b'%'));
    if let Some((_, meaning)) = STARTS.iter().find(|(known, _)| begins_with(start, known)) {
        return Some(*meaning);
    }
    if is_mail(start) {
        return Some(Meaning::Mail);
    }
    let by_markup = MARKUP.iter().find(|(known, _)| contains(head, known)).map(|(_, meaning)| *meaning);
    by_markup.or(is_tag.then_some(Meaning::Markup))
}

/// What such files begin with.
const STARTS: &[(&str, Meaning)] = &[
    ("{\\rtf", Meaning::RichText),
    ("{\\urtf", Meaning::RichText),
    ("%!ps", Meaning::PageDescription),
    ("%pdf-", Meaning::PageDescription),
    ("#!/", Meaning::Script),
    ("#! /", Meaning::Script),
    ("begin:v", Meaning::Contact),
    ("-----begin ", Meaning::Sealed),
    ("age-encryption.org/", Meaning::Sealed),
    ("age-secret-key-", Meaning::Sealed),
    ("\\documentclass", Meaning::Source),
    ("diff --git ", Meaning::Source),
    ("begin 644 ", Meaning::Sealed),
    ("begin 666 ", Meaning::Sealed),
    ("@echo off", Meaning::Script),
];

/// Elements that make a page a page, wherever in the head they stand.
const MARKUP: &[(&str, Meaning)] = &[
    ("<?php", Meaning::Script),
    ("<!doctype html", Meaning::Page),
    ("<html", Meaning::Page),
    ("<head>", Meaning::Page),
    ("<body", Meaning::Page),
    ("<meta ", Meaning::Page),
    ("<script", Meaning::Page),
    ("<style", Meaning::Page),
    ("<svg", Meaning::Markup),
    ("<?xml", Meaning::Markup),
    ("<!doctype", Meaning::Markup),
    ("%pdf-1.", Meaning::PageDescription),
];

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
