//! How large a drawing becomes when all that refers to something else in it is spelled out. Refuses one that grows
//! beyond bounds before anything spells it out.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use roxmltree::{Document, Node};

use super::document::href;
use super::told::is_svg;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// What an element and all below it and behind its references come to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Weight {
    elements: u64,
    /// Bytes of outlines and text.
    data: u64,
    depth: u32,
}

impl Weight {
    fn add(&mut self, other: Self, times: u64) {
        self.elements = self.elements.saturating_add(other.elements.saturating_mul(times));
        self.data = self.data.saturating_add(other.data.saturating_mul(times));
        self.depth = self.depth.max(other.depth.saturating_add(1));
    }
}

/// Patterns, masks, clips and markers that style sheets may speak of: each counts for every element.
const STYLED_MAX: usize = 16;

/// A character of text becomes an outline of about so many bytes.
const CHARACTER_BYTES: u64 = 64;

/// Insists that the document is within bounds when it is spelled out.
pub(super) fn check(document: &Document<'_>) -> Result<(), Refusal> {
    let too_large = |part| Err(Refusal::new(Reason::TooLarge, part, 0));
    let weighing = Weighing::new(document);
    if weighing.styled.len() > STYLED_MAX {
        return too_large("references in style sheets");
    }
    if weighing.rules.saturating_mul(weighing.elements) > limits::SVG_RULES_MAX {
        return too_large("rules of style sheets");
    }
    if weighing.longest_text > limits::SVG_TEXT_CHARS_MAX {
        return too_large("characters of a text");
    }
    let weight = weighing.whole();
    if weight.elements > limits::SVG_ELEMENTS_MAX {
        return too_large("number of elements");
    }
    if weight.data > limits::SVG_DATA_BYTES_MAX {
        return too_large("outlines and text");
    }
    if weight.depth > limits::SVG_DEPTH_MAX {
        return too_large("nesting of elements");
    }
    Ok(())
}

struct Weighing<'a, 'i> {
    document: &'a Document<'i>,
    ids: BTreeMap<&'a str, Node<'a, 'i>>,
    /// What style sheets refer to, for any element.
    styled: Vec<&'a str>,
    rules: usize,
    elements: usize,
    longest_text: usize,
    /// `None` while an element is being weighed: what comes back to it is no part of it.
    known: BTreeMap<usize, Option<Weight>>,
}

impl<'a, 'i> Weighing<'a, 'i> {
    fn new(document: &'a Document<'i>) -> Self {
        let mut ids = BTreeMap::new();
        let mut styled = Vec::new();
        let (mut rules, mut elements, mut longest_text) = (0_usize, 0_usize, 0_usize);
        for node in document.descendants().filter(Node::is_element) {
            elements = elements.saturating_add(1);
            if is_svg(&node, "text") {
                let texts = node.descendants().filter(Node::is_text).filter_map(|text| text.text());
                longest_text =
                    longest_text.max(texts.map(|text| text.trim().chars().count()).fold(0, usize::saturating_add));
            }
            if let Some(id) = node.attribute("id") {
                ids.entry(id).or_insert(node);
            }
            if is_svg(&node, "style") {
                let sheet = node.text().unwrap_or_default();
                styled.extend(references(sheet));
                // A rule may be for several selectors.
                rules = rules.saturating_add(sheet.matches(['{', ',']).count());
            }
        }
        styled.retain(|id| ids.get(id).is_some_and(|target| !is_gradient(target)));
        styled.sort_unstable();
        styled.dedup();
        Self { document, ids, styled, rules, elements, longest_text, known: BTreeMap::new() }
    }

    fn whole(mut self) -> Weight {
        let root = self.document.root_element();
        // Each element twice: once to put what it needs before it, once to add that up.
        let mut stack = vec![(root, false)];
        while let Some((node, is_ready)) = stack.pop() {
            if is_ready {
                let mut weight = own(&node);
                for (part, times) in self.parts(node) {
                    weight.add(self.known.get(&key(&part)).copied().flatten().unwrap_or_default(), times);
                }
                self.known.insert(key(&node), Some(weight));
            } else if let Entry::Vacant(entry) = self.known.entry(key(&node)) {
                entry.insert(None);
                stack.push((node, true));
                let parts = self.parts(node).into_iter().map(|(part, _)| (part, false));
                stack.extend(parts.filter(|(part, _)| !self.known.contains_key(&key(part))));
            }
        }
        self.known.get(&key(&root)).copied().flatten().unwrap_or_default()
    }

    /// What is drawn with an element, and how often.
    fn parts(&self, node: Node<'a, 'i>) -> Vec<(Node<'a, 'i>, u64)> {
        let mut parts: Vec<(Node<'a, 'i>, u64)> =
            node.children().filter(Node::is_element).map(|child| (child, 1)).collect();
        if let Some(id) = href(&node).and_then(|link| link.strip_prefix('#')) {
            parts.extend(self.ids.get(id).map(|target| (*target, 1)));
        }
        let attributes = node.attributes().flat_map(|attribute| {
            // A marker stands at every point of a line.
            let is_marker = attribute.name().starts_with("marker") || attribute.value().contains("marker");
            references(attribute.value()).map(move |id| (id, is_marker))
        });
        let styled = self.styled.iter().filter(|_| is_shape(&node)).map(|id| (*id, true));
        for (id, is_marker) in attributes.chain(styled) {
            let times = if is_marker { points(&node) } else { 1 };
            parts.extend(self.ids.get(id).filter(|target| !is_gradient(target)).map(|target| (*target, times)));
        }
        parts
    }
}

fn key(node: &Node<'_, '_>) -> usize {
    node.id().get_usize()
}

fn own(node: &Node<'_, '_>) -> Weight {
    let len = |text: &str| u64::try_from(text.len()).unwrap_or(u64::MAX);
    let outline =
        ["d", "points"].into_iter().filter_map(|name| node.attribute(name)).map(len).fold(0, u64::saturating_add);
    let text = node.children().filter(Node::is_text).filter_map(|text| text.text());
    let is_text = ["text", "tspan", "textPath", "tref", "a"].iter().any(|name| is_svg(node, name));
    let letters = text.filter(|_| is_text).map(|text| len(text.trim())).fold(0, u64::saturating_add);
    Weight { elements: 1, data: outline.saturating_add(letters.saturating_mul(CHARACTER_BYTES)), depth: 1 }
}

/// About as many points as its outline has.
fn points(node: &Node<'_, '_>) -> u64 {
    let outline = ["d", "points"].into_iter().find_map(|name| node.attribute(name)).unwrap_or_default();
    u64::try_from(outline.len() / 2).unwrap_or(u64::MAX).max(2)
}

fn is_shape(node: &Node<'_, '_>) -> bool {
    let shapes = [
        "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "g", "use", "image", "svg",
    ];
    shapes.iter().any(|name| is_svg(node, name))
}

/// What costs no more than a colour.
fn is_gradient(node: &Node<'_, '_>) -> bool {
    is_svg(node, "linearGradient") || is_svg(node, "radialGradient")
}

/// The ids in `url(#id)`.
fn references(value: &str) -> impl Iterator<Item = &str> {
    value.split("url(").skip(1).filter_map(|rest| {
        let (link, _) = rest.split_once(')')?;
        link.trim().trim_matches(['"', '\'']).trim().strip_prefix('#')
    })
}
