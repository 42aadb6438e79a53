//! A drawing as an XML document, within bounds: no entity that grows, no nesting without end. Draws nothing.

use roxmltree::{Document, Node, ParsingOptions};

use crate::clean::{Reason, Refusal};
use crate::limits;

/// The text of the file.
pub(super) fn text(bytes: &[u8]) -> Result<&str, Refusal> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|_| Refusal::new(Reason::Encoding, "", 0))
}

/// The document, if it is well-formed and within bounds.
pub(super) fn parse(text: &str) -> Result<Document<'_>, Refusal> {
    entities(text)?;
    attributes(text)?;
    let options = ParsingOptions { allow_dtd: true, nodes_limit: limits::SVG_NODES_MAX, entity_resolver: None };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        roxmltree::Error::NodesLimitReached => Refusal::new(Reason::TooLarge, "number of elements", 0),
        roxmltree::Error::UnexpectedEndOfStream | roxmltree::Error::UnclosedRootNode => {
            Refusal::new(Reason::Truncated, "XML", at(text, text.len()))
        }
        _ => Refusal::new(Reason::Damaged, "XML", 0),
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(SVG) {
        return Err(Refusal::new(Reason::NotUnderstood, "root element", 0));
    }
    if depth(root) > limits::SVG_DEPTH_MAX {
        return Err(Refusal::new(Reason::TooLarge, "nesting of elements", 0));
    }
    Ok(document)
}

/// The namespace of SVG.
pub(super) const SVG: &str = "http://www.w3.org/2000/svg";
/// That of links in SVG 1.1.
pub(super) const XLINK: &str = "http://www.w3.org/1999/xlink";

/// An element's link, in either spelling.
pub(super) fn href<'a>(node: &Node<'a, '_>) -> Option<&'a str> {
    node.attribute((XLINK, "href")).or_else(|| node.attribute("href")).map(str::trim)
}

/// An offset for a refusal.
pub(super) fn at(text: &str, offset: usize) -> u64 {
    u64::try_from(offset.min(text.len())).unwrap_or(0)
}

/// Deepest element below `root`, which counts as one.
fn depth(root: Node<'_, '_>) -> u32 {
    let (mut node, mut now, mut deepest) = (root, 1_u32, 1_u32);
    loop {
        if let Some(child) = node.first_child() {
            (node, now) = (child, now.saturating_add(1));
            deepest = deepest.max(now);
            continue;
        }
        while node.next_sibling().is_none() {
            match node.parent() {
                Some(parent) if parent != root && node != root => (node, now) = (parent, now.saturating_sub(1)),
                _ => return deepest,
            }
        }
        match node.next_sibling() {
            Some(next) if node != root => node = next,
            _ => return deepest,
        }
    }
}

/// No element has so many attributes that comparing each with each takes long.
fn attributes(text: &str) -> Result<(), Refusal> {
    let (mut quote, mut count, mut in_tag) = (None, 0_usize, false);
    for (offset, byte) in text.bytes().enumerate() {
        match (in_tag, quote, byte) {
            (true, Some(open), byte) if byte == open => quote = None,
            (true, None, b'"' | b'\'') => {
                quote = Some(byte);
                count = count.saturating_add(1);
                if count > limits::SVG_ATTRIBUTES_MAX {
                    return Err(Refusal::new(Reason::TooLarge, "number of attributes", at(text, offset)));
                }
            }
            (true, None, b'>') => in_tag = false,
            (_, None, b'<') => (in_tag, count) = (true, 0),
            _ => {}
        }
    }
    Ok(())
}

/// Entities that a drawing declares may be short words for namespaces and the like, as Illustrator writes them;
/// none may speak of another or of a file.
fn entities(text: &str) -> Result<(), Refusal> {
    let (mut longest, mut count) = (0_usize, 0_usize);
    for (offset, _) in text.match_indices("<!ENTITY") {
        let refused = Refusal::new(Reason::NotUnderstood, "entity", at(text, offset));
        let rest = text.get(offset..).unwrap_or_default().trim_start_matches("<!ENTITY");
        let (_, rest) = rest.trim_start().split_once(char::is_whitespace).ok_or(refused.clone())?;
        let rest = rest.trim_start();
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\'')).ok_or(refused.clone())?;
        let (value, _) = rest.get(1..).and_then(|rest| rest.split_once(quote)).ok_or(refused.clone())?;
        if value.contains(['&', '%', '<']) {
            return Err(refused);
        }
        longest = longest.max(value.len());
        count = count.saturating_add(1);
    }
    let references = if count == 0 { 0 } else { text.matches('&').count() };
    if references.saturating_mul(longest) > limits::SVG_ENTITY_BYTES_MAX {
        return Err(Refusal::new(Reason::TooLarge, "entities", 0));
    }
    Ok(())
}
