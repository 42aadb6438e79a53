//! Drawings with marks: in every kind of element and attribute, in comments, instructions, entities, style sheets,
//! names of namespaces, links and embedded pictures. None of it is drawn, and so none may matter.

use std::sync::Arc;

use base64::Engine;

use super::{Canary, Marks};
use crate::harness::fixture;

/// Elements that are drawn or belong to drawing.
const DRAWN: &[&str] = &[
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "path",
    "g",
    "a",
    "defs",
    "symbol",
    "use",
    "marker",
    "mask",
    "clipPath",
    "pattern",
    "linearGradient",
    "radialGradient",
    "stop",
    "image",
    "text",
    "tspan",
    "textPath",
    "view",
    "switch",
    "style",
    "svg",
];

/// Elements that are told and not drawn, and some invented.
const TOLD: &[&str] = &[
    "title",
    "desc",
    "metadata",
    "script",
    "animate",
    "animateTransform",
    "animateMotion",
    "set",
    "mpath",
    "cursor",
    "font",
    "font-face",
    "font-face-src",
    "glyph",
    "missing-glyph",
    "hkern",
    "color-profile",
    "altGlyphDef",
    "solidcolor",
    "discard",
    "kvarz",
    "mesh",
    "hatch",
    "page",
    "flowRoot",
];

/// Attributes that say something or nothing.
const ATTRIBUTES: &[&str] = &[
    "id",
    "class",
    "data-name",
    "data-kvarz",
    "aria-label",
    "aria-description",
    "role",
    "lang",
    "xml:lang",
    "xml:space",
    "xml:id",
    "xml:base",
    "tabindex",
    "onclick",
    "onload",
    "version",
    "baseProfile",
    "inkscape:label",
    "inkscape:export-filename",
    "sodipodi:docname",
    "sodipodi:absref",
    "i:rulerOrigin",
    "kvarz:who",
    "font-family",
    "requiredExtensions2",
    "externalResourcesRequired",
    "contentScriptType",
    "zoomAndPan",
    "target",
    "download",
    "nonce",
    "title",
    "author",
    "xlink:title",
    "xlink:role",
];

const BODY: &str = "<rect x=\"4\" y=\"0.2\" width=\"20\" height=\"1\" fill=\"#963\"/><path id=\"p\" d=\"M30 0.2h9v1z\" fill=\"#258\"/>";
const SPACES: &str = "xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" \
    xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" \
    xmlns:sodipodi=\"http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd\" xmlns:i=\"http://ns.adobe.com/AdobeIllustrator/10.0/\" \
    xmlns:kvarz=\"urn:kvarz\" xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\"";

/// A whole drawing: what stands before it, attributes of its root, what stands in it.
fn drawing(before: &str, root: &str, body: &str) -> Vec<u8> {
    format!("{before}<svg {SPACES} width=\"64\" height=\"1.5\"{root}>{body}</svg>").into_bytes()
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    elements(&mut marks, &mut all);
    attributes(&mut marks, &mut all);
    around(&mut marks, &mut all);
    hidden(&mut marks, &mut all);
    embedded(&mut marks, &mut all);
    all
}

struct Planting<'a> {
    twin: Arc<[u8]>,
    marks: &'a mut Marks,
    all: &'a mut Vec<Canary>,
}

impl Planting<'_> {
    /// A drawing made around a mark.
    fn push(&mut self, kind: &str, place: &str, made: impl FnOnce(&str) -> Vec<u8>) {
        let mark = self.marks.text();
        let file = made(std::str::from_utf8(&mark).unwrap());
        self.all.push(Canary { name: format!("{kind}: {place}"), file, mark, twin: Some(Arc::clone(&self.twin)) });
    }
}

fn planting<'a>(marks: &'a mut Marks, all: &'a mut Vec<Canary>) -> Planting<'a> {
    Planting { twin: drawing("", "", BODY).into(), marks, all }
}

/// Elements with a mark in them, in front, behind and inside of what is drawn.
fn elements(marks: &mut Marks, all: &mut Vec<Canary>) {
    let mut planting = planting(marks, all);
    for name in TOLD {
        planting.push("element", &format!("{name} before"), |mark| {
            drawing("", "", &format!("<{name}>{mark}</{name}>{BODY}"))
        });
        planting.push("element", &format!("{name} behind"), |mark| {
            drawing("", "", &format!("{BODY}<{name}>{mark}</{name}>"))
        });
        let inside = |mark: &str| BODY.replacen("/>", &format!("><{name}>{mark}</{name}></rect>"), 1);
        planting.push("element", &format!("{name} inside"), |mark| drawing("", "", &inside(mark)));
        planting.push("element", &format!("{name} deep"), |mark| {
            drawing("", "", &format!("{BODY}<g><defs><{name}><rect>{mark}</rect></{name}></defs></g>"))
        });
        for space in ["inkscape", "sodipodi", "i", "kvarz", "rdf", "dc"] {
            planting.push("element of another namespace", &format!("{space}:{name}"), |mark| {
                drawing("", "", &format!("{BODY}<{space}:{name} {space}:who=\"{mark}\"><b>{mark}</b></{space}:{name}>"))
            });
        }
    }
    // Words between what is drawn are no words of the drawing.
    for name in DRAWN.iter().filter(|name| !matches!(**name, "text" | "tspan" | "textPath" | "style" | "image" | "svg"))
    {
        planting.push("stray words", name, |mark| drawing("", "", &format!("{BODY}<{name}>{mark}</{name}>")));
        planting.push("title", name, |mark| drawing("", "", &format!("{BODY}<{name}><title>{mark}</title></{name}>")));
    }
    planting.push("name of an element", "unknown", |mark| drawing("", "", &format!("{BODY}<{mark}/>")));
    planting.push("name of an element", "of an editor", |mark| drawing("", "", &format!("{BODY}<kvarz:{mark}/>")));
}

fn attributes(marks: &mut Marks, all: &mut Vec<Canary>) {
    let mut planting = planting(marks, all);
    for name in ATTRIBUTES {
        planting.push("attribute", &format!("{name} of the root"), |mark| {
            drawing("", &format!(" {name}=\"{mark}\""), BODY)
        });
        for element in ["rect", "path"] {
            let at = |mark: &str| BODY.replacen(&format!("<{element} "), &format!("<{element} {name}=\"{mark}\" "), 1);
            if !(element == "path" && *name == "id") {
                planting.push("attribute", &format!("{name} of {element}"), |mark| drawing("", "", &at(mark)));
            }
        }
        planting.push("attribute", &format!("{name} of a group"), |mark| {
            drawing("", "", &format!("<g {name}=\"{mark}\">{BODY}</g>"))
        });
    }
    planting.push("name of an attribute", "unknown", |mark| drawing("", &format!(" {mark}=\"1\""), BODY));
    planting.push("namespace", "address", |mark| drawing("", &format!(" xmlns:q=\"urn:{mark}\""), BODY));
    planting.push("namespace", "prefix", |mark| drawing("", &format!(" xmlns:{mark}=\"urn:q\""), BODY));
    planting.push("style", "unknown property", |mark| {
        drawing("", &format!(" style=\"-kvarz-{mark}:1;kvarz:{mark}\""), BODY)
    });
    planting.push("link", "around a shape", |mark| {
        drawing("", "", &format!("<a href=\"https://kvarz.example/?t={mark}\">{BODY}</a>"))
    });
    planting.push("link", "with a target", |mark| drawing("", "", &format!("<a xlink:href=\"#{mark}\">{BODY}</a>")));
}

/// Comments, instructions, declarations, what follows the root.
fn around(marks: &mut Marks, all: &mut Vec<Canary>) {
    let mut planting = planting(marks, all);
    planting.push("comment", "before", |mark| drawing(&format!("<!-- {mark} -->"), "", BODY));
    planting.push("comment", "in front", |mark| drawing("", "", &format!("<!--{mark}-->{BODY}")));
    planting.push("comment", "behind", |mark| drawing("", "", &format!("{BODY}<!--{mark}-->")));
    planting
        .push("comment", "after", |mark| [drawing("", "", BODY), format!("\n<!--{mark}-->\n").into_bytes()].concat());
    planting.push("instruction", "before", |mark| drawing(&format!("<?kvarz {mark}?>"), "", BODY));
    planting.push("instruction", "target", |mark| drawing(&format!("<?{mark} x?>"), "", BODY));
    planting.push("instruction", "style sheet", |mark| {
        drawing(&format!("<?xml-stylesheet href=\"https://kvarz.example/{mark}.css\"?>"), "", BODY)
    });
    planting.push("instruction", "behind", |mark| drawing("", "", &format!("{BODY}<?kvarz {mark}?>")));
    planting.push("declaration", "public name", |mark| {
        drawing(&format!("<!DOCTYPE svg PUBLIC \"-//{mark}//EN\" \"http://kvarz.example/{mark}.dtd\">"), "", BODY)
    });
    planting
        .push("declaration", "entity", |mark| drawing(&format!("<!DOCTYPE svg [<!ENTITY who \"{mark}\">]>"), "", BODY));
    planting.push("declaration", "name of an entity", |mark| {
        drawing(&format!("<!DOCTYPE svg [<!ENTITY {mark} \"who\">]>"), "", BODY)
    });
    planting.push("declaration", "entity in an attribute", |mark| {
        drawing(&format!("<!DOCTYPE svg [<!ENTITY who \"{mark}\">]>"), " data-who=\"&who;\"", BODY)
    });
    planting.push("style sheet", "comment", |mark| drawing("", "", &format!("<style>/* {mark} */</style>{BODY}")));
    planting.push("style sheet", "rule for nothing", |mark| {
        drawing("", "", &format!("<style>.{mark}{{fill:red}}</style>{BODY}"))
    });
    planting.push("style sheet", "font", |mark| {
        drawing(
            "",
            "",
            &format!("<style>@font-face{{font-family:{mark};src:url(https://kvarz.example/{mark})}}</style>{BODY}"),
        )
    });
    planting
        .push("CDATA", "in a description", |mark| drawing("", "", &format!("{BODY}<desc><![CDATA[{mark}]]></desc>")));
}

/// Text that is there and not seen.
fn hidden(marks: &mut Marks, all: &mut Vec<Canary>) {
    let mut planting = planting(marks, all);
    for how in [
        "display=\"none\"",
        "visibility=\"hidden\"",
        "opacity=\"0\"",
        "style=\"display:none\"",
        "style=\"opacity:0\"",
        "fill=\"none\"",
        "fill-opacity=\"0\"",
        "font-size=\"0\"",
        "transform=\"scale(0)\"",
        "x=\"-9000\"",
        "y=\"9000\"",
        "x=\"90\"",
    ] {
        planting.push("hidden text", how, |mark| drawing("", "", &format!("{BODY}<text {how}>{mark}</text>")));
    }
    for holder in [
        "defs",
        "symbol",
        "clipPath",
        "mask",
        "marker",
        "pattern",
        "g display=\"none\"",
        "g opacity=\"0\"",
        "switch systemLanguage=\"zz\"",
    ] {
        let name = holder.split(' ').next().unwrap();
        planting.push("text in what is not drawn", holder, |mark| {
            drawing("", "", &format!("{BODY}<{holder}><text y=\"-90\">{mark}</text></{name}>"))
        });
    }
}

/// Pictures in the drawing, with marks in them and around.
fn embedded(marks: &mut Marks, all: &mut Vec<Canary>) {
    let image = |kind: &str, picture: &[u8], extra: &str| {
        let data = base64::engine::general_purpose::STANDARD.encode(picture);
        drawing(
            "",
            "",
            &format!(
                "{BODY}<image x=\"40\" width=\"4\" height=\"1.5\" {extra} href=\"data:image/{kind};base64,{data}\"/>"
            ),
        )
    };
    for (kind, name) in
        [("png", "one-pixel.png"), ("jpeg", "one-pixel.jpg"), ("png", "palette.png"), ("jpeg", "progressive.jpg")]
    {
        let picture = std::fs::read(fixture(&format!("clean/{name}"))).unwrap();
        let twin: Arc<[u8]> = image(kind, &picture, "").into();
        let mut push = |place: &str, file: Vec<u8>, mark: Vec<u8>, shown: bool| {
            let mark = if shown { mark } else { Vec::new() };
            all.push(Canary { name: format!("embedded {name}: {place}"), file, mark, twin: Some(Arc::clone(&twin)) });
        };
        // In base64 it cannot be found as it is, so that only the twin tells.
        let mark = marks.text();
        push("behind its end", image(kind, &[picture.as_slice(), &mark].concat(), ""), mark, false);
        let mark = marks.text();
        let extra = format!("data-who=\"{}\"", String::from_utf8_lossy(&mark));
        push("attribute", image(kind, &picture, &extra), mark, true);
        if kind == "jpeg" {
            let mark = marks.text();
            let segment = [&[0xFF, 0xFE, 0, 18][..], &mark].concat();
            push("comment", image(kind, &[&picture[..2], &segment, &picture[2..]].concat(), ""), mark, false);
        }
    }
}
