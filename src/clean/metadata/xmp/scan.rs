//! Splits a packet into tags, attributes and text, each in one pass. Never builds a tree and never resolves
//! an entity beyond the five of XML and character numbers.

use crate::limits;

/// A piece of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A start tag, with everything between its name and its end.
    Start {
        /// The name as it stands.
        name: &'a str,
        /// For [`attributes`].
        attributes: &'a str,
        /// Whether it is its own end.
        empty: bool,
    },
    /// Any end tag.
    End,
    /// Text between tags, entities as they stand.
    Text(&'a str),
    /// A comment.
    Comment,
    /// The packet ends within a tag.
    Cut,
}

/// Hands every token of `text` to `take`, in order.
pub(super) fn tokens<'a>(text: &'a str, mut take: impl FnMut(Token<'a>)) {
    let mut rest = text.trim_start_matches('\u{FEFF}');
    while let Some((before, after)) = rest.split_once('<') {
        take(Token::Text(before));
        let (inside, end) = if let Some(comment) = after.strip_prefix("!--") {
            take(Token::Comment);
            (comment, "-->")
        } else if let Some(section) = after.strip_prefix("![CDATA[") {
            if let Some((content, _)) = section.split_once("]]>") {
                take(Token::Text(content));
            }
            (section, "]]>")
        } else if let Some(instruction) = after.strip_prefix('?') {
            (instruction, "?>")
        } else if after.starts_with('!') {
            (after, ">")
        } else {
            let Some((tag, after)) = tag_end(after) else { return take(Token::Cut) };
            take_tag(tag, &mut take);
            rest = after;
            continue;
        };
        let Some((_, after)) = inside.split_once(end) else { return take(Token::Cut) };
        rest = after;
    }
    // Writers end a packet with blanks, some with NULs.
    take(Token::Text(rest.trim_end_matches('\0')));
}

fn take_tag<'a>(tag: &'a str, take: &mut impl FnMut(Token<'a>)) {
    if tag.starts_with('/') {
        return take(Token::End);
    }
    let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
    let (name, attributes) = tag.split_once(|c: char| c.is_ascii_whitespace()).unwrap_or((tag, ""));
    take(Token::Start { name, attributes, empty });
}

/// Splits at the `>` that is not within quotes.
fn tag_end(text: &str) -> Option<(&str, &str)> {
    let mut quote = None;
    let end = text.bytes().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(byte);
            false
        }
        (Some(open), close) if open == close => {
            quote = None;
            false
        }
        _ => false,
    })?;
    let (tag, rest) = text.split_at_checked(end)?;
    Some((tag, rest.strip_prefix('>')?))
}

/// The attributes of a start tag: names and values, entities as they stand.
pub(super) fn attributes(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        let (value, after) = after.strip_prefix(quote)?.split_once(quote)?;
        rest = after;
        Some((name.trim(), value))
    })
}

/// `value` with its entities resolved, no longer than is shown.
pub(super) fn shown(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value.trim();
    // One character more than is shown, so that the cut is marked.
    for _ in 0..=limits::VALUE_CHARS_MAX {
        let mut chars = rest.chars();
        let Some(first) = chars.next() else { break };
        if first == '&'
            && let Some((c, after)) = entity(chars.as_str())
        {
            out.push(c);
            rest = after;
            continue;
        }
        out.push(first);
        rest = chars.as_str();
    }
    out
}

/// The character that an entity stands for, and what follows it.
fn entity(text: &str) -> Option<(char, &str)> {
    // The longest is `#x10FFFF`, give or take some zeros.
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let (name, rest) = text.split_at_checked(end)?;
    let c = match name {
        "lt" => '<',
        "gt" => '>',
        "amp" => '&',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let digits = name.strip_prefix('#')?;
            let number = match digits.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => digits.parse(),
            };
            char::from_u32(number.ok()?)?
        }
    };
    Some((c, rest.strip_prefix(';')?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<Token<'_>> {
        let mut all = Vec::new();
        tokens(text, |token| {
            if token != Token::Text("") {
                all.push(token);
            }
        });
        all
    }

    #[test]
    fn tags_text_comments_and_sections_are_told_apart() {
        let start = |name, attributes, empty| Token::Start { name, attributes, empty };
        assert_eq!(
            all("<?xpacket a='>'?><a b='>'>t<!-- < --><![CDATA[<x>]]></a><c/>\0"),
            [
                start("a", "b='>'", false),
                Token::Text("t"),
                Token::Comment,
                Token::Text("<x>"),
                Token::End,
                start("c", "", true)
            ]
        );
    }

    #[test]
    fn a_cut_packet_is_told() {
        for text in ["<a b='", "<!-- ", "<?x", "<a", "<![CDATA[x"] {
            assert_eq!(all(text).last(), Some(&Token::Cut), "{text}");
        }
    }

    #[test]
    fn attributes_are_split() {
        let text = "a:b = \"1\"\n c='2=\"3\"' d=4 e='5'";
        let all: Vec<_> = attributes(text).collect();
        assert_eq!(all, [("a:b", "1"), ("c", "2=\"3\"")]);
    }

    #[test]
    fn entities_are_resolved() {
        assert_eq!(shown(" &lt;&amp;&#1054;&#x43B;&bad;& &#xD800; "), "<&Ол&bad;& &#xD800;");
    }
}
