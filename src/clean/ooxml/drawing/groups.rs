//! Elements that stand in one place of many, by name. Tables only.

/// A colour.
pub(crate) const COLOURS: &[&str] = &["a:scrgbClr", "a:srgbClr", "a:hslClr", "a:sysClr", "a:schemeClr", "a:prstClr"];

/// What is done to a colour.
pub(super) const CHANGES: &[&str] = &[
    "a:tint",
    "a:shade",
    "a:comp",
    "a:inv",
    "a:gray",
    "a:alpha",
    "a:alphaOff",
    "a:alphaMod",
    "a:hue",
    "a:hueOff",
    "a:hueMod",
    "a:sat",
    "a:satOff",
    "a:satMod",
    "a:lum",
    "a:lumOff",
    "a:lumMod",
    "a:red",
    "a:redOff",
    "a:redMod",
    "a:green",
    "a:greenOff",
    "a:greenMod",
    "a:blue",
    "a:blueOff",
    "a:blueMod",
    "a:gamma",
    "a:invGamma",
];

/// A fill.
pub(super) const FILLS: &[&str] = &["a:noFill", "a:solidFill", "a:gradFill", "a:blipFill", "a:pattFill", "a:grpFill"];

/// Effects of a list.
pub(super) const EFFECTS: &[&str] =
    &["a:blur", "a:fillOverlay", "a:glow", "a:innerShdw", "a:outerShdw", "a:prstShdw", "a:reflection", "a:softEdge"];

/// What a line is made of.
pub(super) const LINE: &[&str] = &[
    "a:noFill",
    "a:solidFill",
    "a:gradFill",
    "a:pattFill",
    "a:prstDash",
    "a:custDash",
    "a:round",
    "a:bevel",
    "a:miter",
    "a:headEnd",
    "a:tailEnd",
];

/// Paragraphs of each level.
pub(crate) const LEVELS: &[&str] = &[
    "a:defPPr",
    "a:lvl1pPr",
    "a:lvl2pPr",
    "a:lvl3pPr",
    "a:lvl4pPr",
    "a:lvl5pPr",
    "a:lvl6pPr",
    "a:lvl7pPr",
    "a:lvl8pPr",
    "a:lvl9pPr",
];

/// What a paragraph looks like.
pub(super) const PARAGRAPH: &[&str] = &[
    "a:lnSpc",
    "a:spcBef",
    "a:spcAft",
    "a:buClrTx",
    "a:buClr",
    "a:buSzTx",
    "a:buSzPct",
    "a:buSzPts",
    "a:buFontTx",
    "a:buFont",
    "a:buNone",
    "a:buAutoNum",
    "a:buChar",
    "a:buBlip",
    "a:tabLst",
    "a:defRPr",
];

/// What letters look like.
pub(super) const RUN: &[&str] = &[
    "a:ln",
    "a:noFill",
    "a:solidFill",
    "a:gradFill",
    "a:blipFill",
    "a:pattFill",
    "a:grpFill",
    "a:effectLst",
    "a:highlight",
    "a:uLnTx",
    "a:uLn",
    "a:uFillTx",
    "a:uFill",
    "a:latin",
    "a:ea",
    "a:cs",
    "a:sym",
    "a:rtl",
];

/// Text with its look.
pub(crate) const BODY: &[&str] = &["a:bodyPr", "a:lstStyle", "a:p"];

/// What a shape looks like.
pub(crate) const LOOKS: &[&str] = &[
    "a:xfrm",
    "a:custGeom",
    "a:prstGeom",
    "a:noFill",
    "a:solidFill",
    "a:gradFill",
    "a:blipFill",
    "a:pattFill",
    "a:grpFill",
    "a:ln",
    "a:effectLst",
    "a:scene3d",
    "a:sp3d",
];

/// What of a theme a shape looks like.
pub(crate) const STYLE: &[&str] = &["a:lnRef", "a:fillRef", "a:effectRef", "a:fontRef"];
