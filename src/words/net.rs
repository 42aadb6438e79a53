//! Addresses of accounts and machines: mail, names and pages of people, IP and MAC.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use super::Kind;
use super::rule::{Found, Needs, Rule, all_if};

pub(super) fn rules() -> &'static [Rule] {
    static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
        vec![
            Rule::new(Kind::Link, Needs::Slash, LINK, link),
            Rule::new(Kind::Email, Needs::At, EMAIL, super::rule::all),
            Rule::new(Kind::Handle, Needs::At, r"@[A-Za-z_][A-Za-z0-9_.]{2,31}", handle),
            Rule::new(
                Kind::Mac,
                Needs::Digits(1),
                r"[0-9A-Fa-f]{2}(?:(?::[0-9A-Fa-f]{2}){5}|(?:-[0-9A-Fa-f]{2}){5})|[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}\.[0-9A-Fa-f]{4}",
                mac,
            ),
            Rule::new(Kind::Ip, Needs::Colons, r"(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{0,4}", ipv6),
            Rule::new(Kind::Ip, Needs::Digits(4), r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}", ipv4),
        ]
    });
    &RULES
}

/// With Latin letters but for the rarest, and all Cyrillic ones in use: to list the rest takes longer than most files.
const EMAIL: &str =
    r"[A-Za-zÀ-ÖØ-öø-ɏЀ-ӿ0-9][A-Za-zÀ-ÖØ-öø-ɏЀ-ӿ0-9._%+-]*@(?:[A-Za-zÀ-ÖØ-öø-ɏЀ-ӿ0-9-]+\.)+[A-Za-zÀ-ÖØ-öø-ɏЀ-ӿ]{2,24}";

/// Sites whose pages belong to a person, or to a group that knows its members.
const LINK: &str = concat!(
    r"(?i:https?://)?(?i:www\.|m\.)?(?i:t\.me|telegram\.(?:me|org)|vk\.(?:com|ru)|vkontakte\.ru|ok\.ru|instagram\.com|facebook\.com|",
    r"fb\.com|twitter\.com|x\.com|tiktok\.com|linkedin\.com/in|wa\.me|viber\.me|discord\.(?:gg|com)|signal\.(?:me|group)|",
    r"threads\.(?:net|com)|youtube\.com/(?:@|channel|user|c/)|github\.com|rubika\.ir|eitaa\.com|ble\.ir|bale\.ai)/?",
    r"[A-Za-z0-9_@.?=&%#+/-]{2,100}"
);

fn link(found: &Found<'_>) -> Option<usize> {
    let kept = found.value.trim_end_matches(['.', '?', '/', '-', '#', '&', '=']);
    // The site alone is nobody's page.
    let path = kept.split_once("://").map_or(kept, |(_, rest)| rest).split_once('/').map_or("", |(_, path)| path);
    (path.len() >= 2 && !found.before.ends_with(['.', '/', '-'])).then_some(kept.len())
}

fn handle(found: &Found<'_>) -> Option<usize> {
    let kept = found.value.trim_end_matches('.');
    let name = kept.trim_start_matches('@');
    let is_code = WORDS_OF_PROGRAMS.iter().any(|word| name.eq_ignore_ascii_case(word));
    let behind = found.value.get(kept.len()..).unwrap_or_default();
    let goes_on = behind.is_empty() && found.after.starts_with(['/', '-', '(']);
    (name.len() >= 3 && !is_code && !goes_on && !found.before.ends_with(['.', '/', '-', '+', '@']))
        .then_some(kept.len())
}

/// What stands behind an `@` in programs and chats and names nobody.
const WORDS_OF_PROGRAMS: [&str; 24] = [
    "media",
    "param",
    "return",
    "returns",
    "override",
    "import",
    "all",
    "everyone",
    "here",
    "channel",
    "admin",
    "types",
    "include",
    "keyframes",
    "charset",
    "deprecated",
    "author",
    "see",
    "since",
    "throws",
    "property",
    "staticmethod",
    "classmethod",
    "test",
];

fn mac(found: &Found<'_>) -> Option<usize> {
    let joins = found.before.ends_with([':', '-']) || found.after.starts_with([':', '-']);
    let has_letter = found.value.contains(|c: char| c.is_ascii_alphabetic());
    all_if(found, !joins && (has_letter || found.is_after(&["mac", "мак", "wi-fi", "wifi", "роутер"])))
}

fn ipv6(found: &Found<'_>) -> Option<usize> {
    let digits = found.value.chars().filter(char::is_ascii_hexdigit).count();
    let is_address = found.value.parse::<Ipv6Addr>().is_ok();
    all_if(found, is_address && digits >= 8 && !found.before.ends_with(':') && !found.after.starts_with(':'))
}

fn ipv4(found: &Found<'_>) -> Option<usize> {
    let address: Ipv4Addr = found.value.parse().ok()?;
    let first = *address.octets().first()?;
    let is_nobodys = address.is_loopback() || first == 0 || first >= 224;
    // Numbers of versions and chapters have four parts as well.
    let is_version =
        found.is_after(&["верси", "version", "разд", "глав", "section", "chapter", "пункт", "release", "build"])
            || found.before.ends_with(['.', 'v', 'V'])
            || found.after.strip_prefix('.').is_some_and(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    let is_small = address.octets().iter().all(|octet| *octet < 10);
    let is_named =
        found.is_after(&["ip", "айпи", "адрес", "address", "сервер", "server", "host", "ping", "آی پی", "عنوان"]);
    all_if(found, !is_nobodys && !is_version && (!is_small || is_named))
}
