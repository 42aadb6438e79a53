//! Themes (ISO/IEC 29500-1, 20.1.6), by list: colours, fonts, fills. Tables only.

use super::groups::{COLOURS, FILLS};
use super::values::{SCRIPT, THEME_NAME};
use crate::clean::xml::grammar::at;
use crate::clean::xml::{Element, Value};

pub(super) static ELEMENTS: &[Element] = &[
    Element::kept("a:accent1", COLOURS, &[]),
    Element::kept("a:accent2", COLOURS, &[]),
    Element::kept("a:accent3", COLOURS, &[]),
    Element::kept("a:accent4", COLOURS, &[]),
    Element::kept("a:accent5", COLOURS, &[]),
    Element::kept("a:accent6", COLOURS, &[]),
    Element::kept("a:bgFillStyleLst", FILLS, &[]),
    Element::kept(
        "a:clrScheme",
        &[
            "a:dk1",
            "a:lt1",
            "a:dk2",
            "a:lt2",
            "a:accent1",
            "a:accent2",
            "a:accent3",
            "a:accent4",
            "a:accent5",
            "a:accent6",
            "a:hlink",
            "a:folHlink",
        ],
        &[at("name", THEME_NAME)],
    ),
    Element::dropped("a:custClrLst", None),
    Element::kept("a:dk1", COLOURS, &[]),
    Element::kept("a:dk2", COLOURS, &[]),
    Element::kept("a:effectStyle", &["a:effectLst", "a:scene3d", "a:sp3d"], &[]),
    Element::kept("a:effectStyleLst", &["a:effectStyle"], &[]),
    Element::dropped("a:extraClrSchemeLst", None),
    Element::kept("a:fillStyleLst", FILLS, &[]),
    Element::kept(
        "a:fmtScheme",
        &["a:fillStyleLst", "a:lnStyleLst", "a:effectStyleLst", "a:bgFillStyleLst"],
        &[at("name", THEME_NAME)],
    ),
    Element::kept("a:folHlink", COLOURS, &[]),
    Element::kept("a:font", &[], &[at("script", SCRIPT), at("typeface", Value::Content)]),
    Element::kept("a:fontScheme", &["a:majorFont", "a:minorFont"], &[at("name", THEME_NAME)]),
    Element::kept("a:hlink", COLOURS, &[]),
    Element::dropped("a:lnDef", None),
    Element::kept("a:lnStyleLst", &["a:ln"], &[]),
    Element::kept("a:lt1", COLOURS, &[]),
    Element::kept("a:lt2", COLOURS, &[]),
    Element::kept("a:majorFont", &["a:latin", "a:ea", "a:cs", "a:font"], &[]),
    Element::kept("a:minorFont", &["a:latin", "a:ea", "a:cs", "a:font"], &[]),
    Element::kept("a:objectDefaults", &[], &[]),
    Element::dropped("a:spDef", None),
    Element::kept("a:theme", &["a:themeElements", "a:objectDefaults"], &[at("name", THEME_NAME)]),
    Element::kept("a:themeElements", &["a:clrScheme", "a:fontScheme", "a:fmtScheme"], &[]),
    Element::dropped("a:txDef", None),
];
