//! Canvases of shapes whose words are those of drawings (ECMA-376-1, 20.1.2.2 and 20.3), by list. Tables only.

use crate::clean::ooxml::drawing::groups::{LOOKS, STYLE};
use crate::clean::ooxml::drawing::values::{NO_NAME, SHAPE_ID};
use crate::clean::xml::grammar::{Element, Value, at};

pub(super) static ELEMENTS: &[Element] = &[
    Element::kept("a:cNvCxnSpPr", &[], &[]),
    Element::kept("a:cNvGrpSpPr", &[], &[]),
    Element::kept("a:cNvPicPr", &[], &[]),
    Element::kept("a:cNvPr", &[], &[at("id", SHAPE_ID), at("name", NO_NAME), at("hidden", Value::Boolean)]),
    Element::kept("a:cNvSpPr", &[], &[at("txBox", Value::Boolean)]),
    Element::kept("a:cxnSp", &["a:nvCxnSpPr", "a:spPr", "a:style"], &[]),
    Element::kept("a:grpSp", GROUP, &[]),
    Element::kept(
        "a:grpSpPr",
        &[
            "a:xfrm",
            "a:noFill",
            "a:solidFill",
            "a:gradFill",
            "a:blipFill",
            "a:pattFill",
            "a:grpFill",
            "a:effectLst",
            "a:scene3d",
        ],
        &[],
    ),
    Element::kept("a:nvCxnSpPr", &["a:cNvPr", "a:cNvCxnSpPr"], &[]),
    Element::kept("a:nvGrpSpPr", &["a:cNvPr", "a:cNvGrpSpPr"], &[]),
    Element::kept("a:nvPicPr", &["a:cNvPr", "a:cNvPicPr"], &[]),
    Element::kept("a:nvSpPr", &["a:cNvPr", "a:cNvSpPr"], &[]),
    Element::kept("a:pic", &["a:nvPicPr", "a:blipFill", "a:spPr", "a:style"], &[]),
    Element::kept("a:sp", &["a:nvSpPr", "a:spPr", "a:txSp", "a:style"], &[]),
    Element::kept("a:spPr", LOOKS, &[]),
    Element::kept("a:style", STYLE, &[]),
    Element::kept("a:txSp", &["a:txBody", "a:useSpRect", "a:xfrm"], &[]),
    Element::kept("a:useSpRect", &[], &[]),
    Element::kept("lc:lockedCanvas", GROUP, &[]),
];

/// What a group holds.
const GROUP: &[&str] = &["a:nvGrpSpPr", "a:grpSpPr", "a:sp", "a:cxnSp", "a:pic", "a:grpSp"];
