//! What a drawing says that its picture does not show: all of it is gone with the file, and told here. Refuses what
//! would be drawn otherwise than it is meant.

use roxmltree::{Document, Node};

use super::document::{SVG, at, href};
use super::embedded::{self, Images};
use crate::clean::metadata::xmp;
use crate::clean::{Category, Findings, Reason, Refusal};

/// Names all that goes. The pictures in the drawing, clean.
pub(super) fn tell(document: &Document<'_>, text: &str, findings: &mut Findings) -> Result<Images, Refusal> {
    let mut images = Images::default();
    for node in document.root().descendants() {
        if node.is_comment() {
            findings.removed_value(Category::Comment, "SVG comment", node.text().unwrap_or_default());
        }
        if let Some(instruction) = node.pi() {
            findings.removed_value(Category::Software, "SVG processing instruction", instruction.target);
        }
        if node.is_element() {
            let refused = |part| Refusal::new(Reason::NotUnderstood, part, at(text, node.range().start));
            element(&node, text, findings).map_err(refused)?;
            attributes(&node, findings).map_err(refused)?;
            if is_svg(&node, "image") {
                let refused = |part| Refusal::new(Reason::NotUnderstood, part, at(text, node.range().start));
                embedded::take(href(&node).ok_or(refused("image without a link"))?, &mut images, findings)
                    .map_err(|refusal| Refusal { at: at(text, node.range().start), ..refusal })?;
            }
        }
    }
    Ok(images)
}

pub(super) fn is_svg(node: &Node<'_, '_>, name: &str) -> bool {
    node.tag_name().namespace() == Some(SVG) && node.tag_name().name() == name
}

fn element(node: &Node<'_, '_>, text: &str, findings: &mut Findings) -> Result<(), &'static str> {
    if node.tag_name().namespace() != Some(SVG) {
        foreign(node, findings);
        return Ok(());
    }
    match node.tag_name().name() {
        "foreignObject" => return Err("foreignObject"),
        "script" => findings.removed(Category::HiddenContent, "SVG script"),
        "title" | "desc" => {
            findings.removed_value(Category::Comment, format!("SVG {}", node.tag_name().name()), &words(node));
        }
        "metadata" => {
            let said = xmp::findings(text.get(node.range()).unwrap_or_default().as_bytes());
            if said.is_empty() {
                findings.removed(Category::Unknown, "SVG metadata");
            }
            findings.append(said);
        }
        "style" => style_sheet(node, findings)?,
        "animate" | "animateMotion" | "animateTransform" | "set" | "animateColor" => {
            findings.removed(Category::HiddenContent, "SVG animation, drawn as it begins");
        }
        "switch" => findings.removed(Category::HiddenContent, "SVG switch, drawn in one language"),
        "font" | "font-face" => findings.removed(Category::Software, "SVG font, drawn in another"),
        "video" | "audio" | "iframe" | "canvas" => return Err("sound, video or page"),
        "a" => link(node, findings),
        "use" | "pattern" | "linearGradient" | "radialGradient" | "textPath" | "tref"
            if href(node).is_some_and(|link| !link.is_empty() && !link.starts_with('#')) =>
        {
            return Err("link to another file");
        }
        _ => {}
    }
    if is_hidden(node) && (node.has_children() || !matches!(node.tag_name().name(), "g" | "defs")) {
        findings.removed_value(Category::HiddenContent, "SVG hidden element", &words(node));
    }
    Ok(())
}

/// Elements of editors.
fn foreign(node: &Node<'_, '_>, findings: &mut Findings) {
    let (space, name) = (node.tag_name().namespace().unwrap_or_default(), node.tag_name().name());
    // Those of RDF are told with the metadata they stand in.
    let told_elsewhere = node.ancestors().skip(1).any(|above| is_svg(&above, "metadata"));
    if !told_elsewhere {
        findings.removed_value(Category::Software, format!("SVG element {name}"), space);
    }
}

fn link(node: &Node<'_, '_>, findings: &mut Findings) {
    if let Some(link) = href(node) {
        findings.removed_value(Category::Identifier, "SVG link", link);
    }
}

fn style_sheet(node: &Node<'_, '_>, findings: &mut Findings) -> Result<(), &'static str> {
    let sheet = node.text().unwrap_or_default();
    if sheet.contains("/*") {
        findings.removed(Category::Comment, "SVG style sheet comment");
    }
    if sheet.contains("@import") {
        return Err("style sheet of another file");
    }
    if sheet.contains("@font-face") {
        findings.removed(Category::Software, "SVG font, drawn in another");
    }
    if sheet.contains("filter:") || sheet.contains("filter :") {
        return Err("filter");
    }
    if sheet.contains("@media") || sheet.contains("@supports") || sheet.contains("var(") {
        // Other rules for other screens, which are not understood.
        findings.removed(Category::HiddenContent, "SVG style sheet rules that are not drawn");
    }
    Ok(())
}

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

fn attributes(node: &Node<'_, '_>, findings: &mut Findings) -> Result<(), &'static str> {
    for attribute in node.attributes() {
        let (name, value) = (attribute.name(), attribute.value());
        match attribute.namespace() {
            Some(space) if space.contains("inkscape") || space.contains("sodipodi") => editor(name, value, findings),
            // What RDF says is told by the elements that say it.
            Some(super::document::XLINK | RDF | "http://www.w3.org/XML/1998/namespace") => {}
            Some(space) => findings.removed_value(Category::Software, format!("SVG attribute {name}"), space),
            None if name == "filter" && value.trim() != "none" => return Err("filter"),
            None if name == "style" && has_filter(value) => return Err("filter"),
            None if name.starts_with("on") => findings.removed(Category::HiddenContent, "SVG script"),
            None if name.starts_with("data-") || name.starts_with("aria-") => {
                findings.removed_value(Category::Comment, format!("SVG attribute {name}"), value);
            }
            None if matches!(name, "id" | "class") && node.tag_name().name() == "svg" => {
                findings.removed_value(Category::Identifier, format!("SVG {name}"), value);
            }
            None => {}
        }
    }
    Ok(())
}

/// What Inkscape notes down about the person at work.
fn editor(name: &str, value: &str, findings: &mut Findings) {
    let category = match name {
        "export-filename" | "absref" => Category::Person,
        "docname" | "label" => Category::Identifier,
        "version" => Category::Software,
        _ => return findings.removed(Category::Software, "Inkscape settings"),
    };
    findings.removed_value(category, format!("Inkscape {name}"), value);
}

fn has_filter(style: &str) -> bool {
    let declarations = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    declarations.into_iter().any(|(name, value)| name.trim() == "filter" && value.trim() != "none")
}

/// Not drawn by its own word.
fn is_hidden(node: &Node<'_, '_>) -> bool {
    let style = node.attribute("style").unwrap_or_default();
    let styled = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    let own = ["display", "visibility", "opacity"].into_iter().filter_map(|name| Some((name, node.attribute(name)?)));
    own.chain(styled).any(|(name, value)| {
        matches!(
            (name.trim(), value.trim()),
            ("display", "none") | ("visibility", "hidden" | "collapse") | ("opacity", "0" | "0.0" | "0%")
        )
    })
}

/// All text in an element, its blanks joined.
fn words(node: &Node<'_, '_>) -> String {
    let texts = node.descendants().filter(Node::is_text).filter_map(|text| text.text());
    let words: Vec<&str> = texts.flat_map(str::split_whitespace).take(64).collect();
    words.join(" ")
}
