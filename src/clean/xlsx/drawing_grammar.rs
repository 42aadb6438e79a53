//! What the drawings of a sheet may hold (ISO/IEC 29500-1, 20.5), by list. Tables only.

use crate::clean::Category;
use crate::clean::ooxml::drawing::groups::{BODY, LOOKS, STYLE};
use crate::clean::ooxml::drawing::values::{COORDINATE, COUNT, NO_NAME, SHAPE_ID};
use crate::clean::ooxml::drawing::{A, C, R, TABLES, TOLD};
use crate::clean::xml::grammar::at;
use crate::clean::xml::{Element, Grammar, Namespace, Text, Value};

/// Drawings of sheets (20.5).
pub(super) static DRAWING: Grammar = Grammar {
    root: "xdr:wsDr",
    namespaces: &[
        Namespace {
            prefix: "xdr",
            uris: &[
                "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
                "http://purl.oclc.org/ooxml/drawingml/spreadsheetDrawing",
            ],
        },
        A,
        R,
        C,
    ],
    elements: &[ELEMENTS, TABLES[0], TABLES[1], TABLES[2], TABLES[3]],
    told: &TOLD,
};

static ELEMENTS: &[Element] = &[
    Element::kept("c:chart", &[], &[at("r:id", Value::Reference("chart"))]),
    Element::kept(
        "xdr:absoluteAnchor",
        &["xdr:pos", "xdr:ext", "xdr:sp", "xdr:grpSp", "xdr:graphicFrame", "xdr:cxnSp", "xdr:pic", "xdr:clientData"],
        &[],
    ),
    Element::kept(
        "xdr:blipFill",
        &["a:blip", "a:srcRect", "a:tile", "a:stretch"],
        &[at("rotWithShape", Value::Boolean)],
    ),
    Element::kept("xdr:cNvCxnSpPr", &[], &[]),
    Element::kept("xdr:cNvGraphicFramePr", &[], &[]),
    Element::kept("xdr:cNvGrpSpPr", &[], &[]),
    Element::kept("xdr:cNvPicPr", &[], &[]),
    Element::kept("xdr:cNvPr", &[], &[at("id", SHAPE_ID), at("name", NO_NAME)]),
    Element::kept("xdr:cNvSpPr", &[], &[at("txBox", Value::Boolean)]),
    Element::kept("xdr:clientData", &[], &[]),
    Element::kept("xdr:col", &[], &[]).with(Text::Value(COUNT)),
    Element::kept("xdr:colOff", &[], &[]).with(Text::Value(COORDINATE)),
    Element::dropped("xdr:contentPart", Some(Category::HiddenContent)),
    Element::kept("xdr:cxnSp", &["xdr:nvCxnSpPr", "xdr:spPr", "xdr:style"], &[]),
    Element::kept("xdr:ext", &[], &[at("cx", COORDINATE), at("cy", COORDINATE)]),
    Element::kept("xdr:from", &["xdr:col", "xdr:colOff", "xdr:row", "xdr:rowOff"], &[]),
    Element::kept("xdr:graphicFrame", &["xdr:nvGraphicFramePr", "xdr:xfrm", "a:graphic"], &[]),
    Element::kept(
        "xdr:grpSp",
        &["xdr:nvGrpSpPr", "xdr:grpSpPr", "xdr:sp", "xdr:grpSp", "xdr:graphicFrame", "xdr:cxnSp", "xdr:pic"],
        &[],
    ),
    Element::kept(
        "xdr:grpSpPr",
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
    Element::kept("xdr:nvCxnSpPr", &["xdr:cNvPr", "xdr:cNvCxnSpPr"], &[]),
    Element::kept("xdr:nvGraphicFramePr", &["xdr:cNvPr", "xdr:cNvGraphicFramePr"], &[]),
    Element::kept("xdr:nvGrpSpPr", &["xdr:cNvPr", "xdr:cNvGrpSpPr"], &[]),
    Element::kept("xdr:nvPicPr", &["xdr:cNvPr", "xdr:cNvPicPr"], &[]),
    Element::kept("xdr:nvSpPr", &["xdr:cNvPr", "xdr:cNvSpPr"], &[]),
    Element::kept(
        "xdr:oneCellAnchor",
        &["xdr:from", "xdr:ext", "xdr:sp", "xdr:grpSp", "xdr:graphicFrame", "xdr:cxnSp", "xdr:pic", "xdr:clientData"],
        &[],
    ),
    Element::kept("xdr:pic", &["xdr:nvPicPr", "xdr:blipFill", "xdr:spPr", "xdr:style"], &[]),
    Element::kept("xdr:pos", &[], &[at("x", COORDINATE), at("y", COORDINATE)]),
    Element::kept("xdr:row", &[], &[]).with(Text::Value(COUNT)),
    Element::kept("xdr:rowOff", &[], &[]).with(Text::Value(COORDINATE)),
    Element::kept("xdr:sp", &["xdr:nvSpPr", "xdr:spPr", "xdr:style", "xdr:txBody"], &[]),
    Element::kept("xdr:spPr", LOOKS, &[]),
    Element::kept("xdr:style", STYLE, &[]),
    Element::kept("xdr:to", &["xdr:col", "xdr:colOff", "xdr:row", "xdr:rowOff"], &[]),
    Element::kept(
        "xdr:twoCellAnchor",
        &["xdr:from", "xdr:to", "xdr:sp", "xdr:grpSp", "xdr:graphicFrame", "xdr:cxnSp", "xdr:pic", "xdr:clientData"],
        &[at("editAs", Value::Token(&["twoCell", "oneCell", "absolute"]))],
    ),
    Element::kept("xdr:txBody", BODY, &[]),
    Element::kept("xdr:wsDr", &["xdr:twoCellAnchor", "xdr:oneCellAnchor", "xdr:absoluteAnchor"], &[]),
    Element::kept("xdr:xfrm", &["a:off", "a:ext"], &[]),
];
