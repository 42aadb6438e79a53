//! What parts of a presentation may hold (ISO/IEC 29500-1, 19), by list. Tables only.

use crate::clean::Category;
use crate::clean::ooxml::drawing::groups::{BODY, COLOURS, LEVELS, LOOKS, STYLE};
use crate::clean::ooxml::drawing::values::{COORDINATE, COUNT, NO_NAME, NUMBER, SHAPE_ID};
use crate::clean::ooxml::drawing::{A, C, R, TABLES};
use crate::clean::xml::grammar::at;
use crate::clean::xml::{Attribute, Element, Grammar, Namespace, Value};

/// Presentations.
const P: Namespace = Namespace { prefix: "p", uris: &[SHAPES, "http://purl.oclc.org/ooxml/presentationml/main"] };
/// The name that is written.
pub(super) const SHAPES: &str = "http://schemas.openxmlformats.org/presentationml/2006/main";

const NAMESPACES: &[Namespace] = &[P, A, R, C];
const ALL: &[&[Element]] = &[ELEMENTS, TABLES[0], TABLES[1], TABLES[2], TABLES[3]];

/// The presentation (19.2.1.26).
pub(super) static PRESENTATION: Grammar =
    Grammar { root: "p:presentation", namespaces: NAMESPACES, elements: ALL, told: TOLD };
/// Slides (19.3.1.38).
pub(super) static SLIDE: Grammar = Grammar { root: "p:sld", namespaces: NAMESPACES, elements: ALL, told: TOLD };
/// Layouts (19.3.1.39).
pub(super) static SLIDE_LAYOUT: Grammar =
    Grammar { root: "p:sldLayout", namespaces: NAMESPACES, elements: ALL, told: TOLD };
/// Masters (19.3.1.42).
pub(super) static SLIDE_MASTER: Grammar =
    Grammar { root: "p:sldMaster", namespaces: NAMESPACES, elements: ALL, told: TOLD };

/// What attributes reveal that are not kept.
const TOLD: &[(&str, Category)] = &[
    ("descr", Category::Comment),
    ("title", Category::Comment),
    ("bmk", Category::Identifier),
    ("dirty", Category::History),
    ("err", Category::History),
    ("smtClean", Category::History),
    ("modelId", Category::Identifier),
    ("name", Category::Identifier),
    ("matchingName", Category::Identifier),
    ("macro", Category::HiddenContent),
    ("r:link", Category::HiddenContent),
    ("showMasterPhAnim", Category::History),
    ("bwMode", Category::History),
    ("saveSubsetFonts", Category::History),
    ("embedTrueTypeFonts", Category::History),
    ("bookmarkIdSeed", Category::History),
    ("serverZoom", Category::History),
    ("autoCompressPictures", Category::History),
    ("removePersonalInfoOnSave", Category::History),
];

/// Colours of a theme that stand for those of a slide (20.1.6.8).
const SLOTS: &[Attribute] = &[
    at("bg1", Value::Token(THEMED)),
    at("tx1", Value::Token(THEMED)),
    at("bg2", Value::Token(THEMED)),
    at("tx2", Value::Token(THEMED)),
    at("accent1", Value::Token(THEMED)),
    at("accent2", Value::Token(THEMED)),
    at("accent3", Value::Token(THEMED)),
    at("accent4", Value::Token(THEMED)),
    at("accent5", Value::Token(THEMED)),
    at("accent6", Value::Token(THEMED)),
    at("hlink", Value::Token(THEMED)),
    at("folHlink", Value::Token(THEMED)),
];
const THEMED: &[&str] = &[
    "dk1", "lt1", "dk2", "lt2", "accent1", "accent2", "accent3", "accent4", "accent5", "accent6", "hlink", "folHlink",
];
/// Kinds of layouts (19.7.15).
const LAYOUTS: &[&str] = &[
    "title",
    "tx",
    "twoColTx",
    "tbl",
    "txAndChart",
    "chartAndTx",
    "dgm",
    "chart",
    "txAndClipArt",
    "clipArtAndTx",
    "titleOnly",
    "blank",
    "txAndObj",
    "objAndTx",
    "objOnly",
    "obj",
    "txAndMedia",
    "mediaAndTx",
    "objOverTx",
    "txOverObj",
    "txAndTwoObj",
    "twoObjAndTx",
    "twoObjOverTx",
    "fourObj",
    "vertTx",
    "clipArtAndVertTx",
    "vertTitleAndTx",
    "vertTitleAndTxOverChart",
    "twoObj",
    "objAndTwoObj",
    "twoObjAndObj",
    "cust",
    "secHead",
    "twoTxTwoObj",
    "objTx",
    "picTx",
];
/// Kinds of placeholders (19.7.10).
const PLACEHOLDERS: &[&str] = &[
    "title", "body", "ctrTitle", "subTitle", "dt", "sldNum", "ftr", "hdr", "obj", "chart", "tbl", "clipArt", "dgm",
    "media", "sldImg", "pic",
];

static ELEMENTS: &[Element] = &[
    Element::kept("a:masterClrMapping", &[], &[]),
    Element::kept("a:overrideClrMapping", &[], SLOTS),
    Element::kept("c:chart", &[], &[at("r:id", Value::Reference("chart"))]),
    Element::kept("p:bg", &["p:bgPr", "p:bgRef"], &[]),
    Element::kept(
        "p:bgPr",
        &["a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill", "a:effectLst"],
        &[at("shadeToTitle", Value::Boolean)],
    ),
    Element::kept("p:bgRef", COLOURS, &[at("idx", COUNT)]),
    Element::kept("p:blipFill", &["a:blip", "a:srcRect", "a:tile", "a:stretch"], &[at("rotWithShape", Value::Boolean)]),
    Element::kept("p:bodyStyle", LEVELS, &[]),
    Element::kept("p:cNvCxnSpPr", &[], &[]),
    Element::kept("p:cNvGraphicFramePr", &[], &[]),
    Element::kept("p:cNvGrpSpPr", &[], &[]),
    Element::kept("p:cNvPicPr", &[], &[]),
    Element::kept("p:cNvPr", &[], &[at("id", SHAPE_ID), at("name", NO_NAME)]),
    Element::kept("p:cNvSpPr", &[], &[at("txBox", Value::Boolean)]),
    Element::kept("p:cSld", &["p:bg", "p:spTree"], &[]),
    Element::kept("p:clrMap", &[], SLOTS),
    Element::kept("p:clrMapOvr", &["a:masterClrMapping", "a:overrideClrMapping"], &[]),
    Element::dropped("p:contentPart", Some(Category::HiddenContent)),
    Element::dropped("p:controls", Some(Category::HiddenContent)),
    Element::dropped("p:custDataLst", Some(Category::Identifier)),
    Element::dropped("p:custShowLst", Some(Category::HiddenContent)),
    Element::kept("p:cxnSp", &["p:nvCxnSpPr", "p:spPr", "p:style"], &[]),
    Element::kept("p:defaultTextStyle", LEVELS, &[]),
    Element::dropped("p:embeddedFontLst", Some(Category::Identifier)),
    Element::dropped("p:extLst", None),
    Element::kept("p:graphicFrame", &["p:nvGraphicFramePr", "p:xfrm", "a:graphic"], &[]),
    Element::kept(
        "p:grpSp",
        &["p:nvGrpSpPr", "p:grpSpPr", "p:sp", "p:grpSp", "p:graphicFrame", "p:cxnSp", "p:pic"],
        &[],
    ),
    Element::kept(
        "p:grpSpPr",
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
    Element::dropped("p:handoutMasterIdLst", None),
    Element::kept(
        "p:hf",
        &[],
        &[at("sldNum", Value::Boolean), at("hdr", Value::Boolean), at("ftr", Value::Boolean), at("dt", Value::Boolean)],
    ),
    Element::dropped("p:kinsoku", None),
    Element::dropped("p:modifyVerifier", Some(Category::Identifier)),
    Element::dropped("p:notesMasterIdLst", None),
    Element::kept("p:notesSz", &[], &[at("cx", COORDINATE), at("cy", COORDINATE)]),
    Element::kept("p:nvCxnSpPr", &["p:cNvPr", "p:cNvCxnSpPr", "p:nvPr"], &[]),
    Element::kept("p:nvGraphicFramePr", &["p:cNvPr", "p:cNvGraphicFramePr", "p:nvPr"], &[]),
    Element::kept("p:nvGrpSpPr", &["p:cNvPr", "p:cNvGrpSpPr", "p:nvPr"], &[]),
    Element::kept("p:nvPicPr", &["p:cNvPr", "p:cNvPicPr", "p:nvPr"], &[]),
    Element::kept("p:nvPr", &["p:ph"], &[at("isPhoto", Value::Boolean), at("userDrawn", Value::Boolean)]),
    Element::kept("p:nvSpPr", &["p:cNvPr", "p:cNvSpPr", "p:nvPr"], &[]),
    Element::kept("p:otherStyle", LEVELS, &[]),
    Element::kept(
        "p:ph",
        &[],
        &[
            at("type", Value::Token(PLACEHOLDERS)),
            at("orient", Value::Token(&["horz", "vert"])),
            at("sz", Value::Token(&["full", "half", "quarter"])),
            at("idx", COUNT),
            at("hasCustomPrompt", Value::Boolean),
        ],
    ),
    Element::dropped("p:photoAlbum", None),
    Element::kept("p:pic", &["p:nvPicPr", "p:blipFill", "p:spPr", "p:style"], &[]),
    Element::kept(
        "p:presentation",
        &["p:sldMasterIdLst", "p:sldIdLst", "p:sldSz", "p:notesSz", "p:defaultTextStyle"],
        &[at("firstSlideNum", COUNT), at("showSpecialPlsOnTitleSld", Value::Boolean), at("rtl", Value::Boolean)],
    ),
    Element::kept("p:sld", &["p:cSld", "p:clrMapOvr"], &[at("showMasterSp", Value::Boolean)]),
    Element::kept("p:sldId", &[], &[at("id", COUNT), at("r:id", Value::Reference("slide"))]),
    Element::kept("p:sldIdLst", &["p:sldId"], &[]),
    Element::kept(
        "p:sldLayout",
        &["p:cSld", "p:clrMapOvr", "p:hf"],
        &[
            at("showMasterSp", Value::Boolean),
            at("type", Value::Token(LAYOUTS)),
            at("preserve", Value::Boolean),
            at("userDrawn", Value::Boolean),
        ],
    ),
    Element::kept("p:sldLayoutId", &[], &[at("id", COUNT), at("r:id", Value::Reference("slideLayout"))]),
    Element::kept("p:sldLayoutIdLst", &["p:sldLayoutId"], &[]),
    Element::kept(
        "p:sldMaster",
        &["p:cSld", "p:clrMap", "p:sldLayoutIdLst", "p:hf", "p:txStyles"],
        &[at("preserve", Value::Boolean)],
    ),
    Element::kept("p:sldMasterId", &[], &[at("id", COUNT), at("r:id", Value::Reference("slideMaster"))]),
    Element::kept("p:sldMasterIdLst", &["p:sldMasterId"], &[]),
    Element::kept(
        "p:sldSz",
        &[],
        &[
            at("cx", COORDINATE),
            at("cy", COORDINATE),
            at(
                "type",
                Value::Token(&[
                    "screen4x3",
                    "letter",
                    "A4",
                    "35mm",
                    "overhead",
                    "banner",
                    "custom",
                    "ledger",
                    "A3",
                    "B4ISO",
                    "B5ISO",
                    "B4JIS",
                    "B5JIS",
                    "hagakiCard",
                    "screen16x9",
                    "screen16x10",
                ]),
            ),
        ],
    ),
    Element::dropped("p:smartTags", Some(Category::HiddenContent)),
    Element::kept("p:sp", &["p:nvSpPr", "p:spPr", "p:style", "p:txBody"], &[at("useBgFill", Value::Boolean)]),
    Element::kept("p:spPr", LOOKS, &[]),
    Element::kept(
        "p:spTree",
        &["p:nvGrpSpPr", "p:grpSpPr", "p:sp", "p:grpSp", "p:graphicFrame", "p:cxnSp", "p:pic"],
        &[],
    ),
    Element::kept("p:style", STYLE, &[]),
    Element::dropped("p:timing", Some(Category::History)),
    Element::kept("p:titleStyle", LEVELS, &[]),
    Element::dropped("p:transition", Some(Category::History)),
    Element::kept("p:txBody", BODY, &[]),
    Element::kept("p:txStyles", &["p:titleStyle", "p:bodyStyle", "p:otherStyle"], &[]),
    Element::kept(
        "p:xfrm",
        &["a:off", "a:ext"],
        &[at("rot", NUMBER), at("flipH", Value::Boolean), at("flipV", Value::Boolean)],
    ),
];
