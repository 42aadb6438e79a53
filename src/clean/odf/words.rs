//! Words that formatting and shapes of OpenDocument files consist of. Lists only, each sorted by its bytes.

/// Words of values (OASIS OpenDocument 1.3, part 3, 19 and 20), whatever attribute has them.
#[rustfmt::skip]
pub(super) static WORDS: &[&str] = &[
    "ROC", "X", "above", "above-left", "absolute", "accent", "all", "all-pages", "alphabetic", "always",
    "annotations", "area", "arrow-down", "arrow-left", "arrow-right", "arrow-up", "as-char", "asian", "asterisk",
    "at-axis", "at-labels", "at-labels-and-axis", "auto", "autogrow", "autogrow-height-only", "automatic", "avoid",
    "avoid-overlap", "axial", "b-spline", "background", "backgroundobjects", "balanced", "bar", "baseline", "below",
    "bevel", "biggest", "bitmap", "bold", "bold-dash", "bold-wave", "boolean", "border", "both", "bottom",
    "bottom-left", "bottom-right", "bow-tie", "box", "bt", "bt-lr", "bubble", "buddhist", "butt", "capitalize",
    "cell-range", "center", "chapter", "char", "chart", "chart:area", "chart:bar", "chart:bubble", "chart:circle",
    "chart:filled-radar", "chart:gantt", "chart:line", "chart:radar", "chart:ring", "chart:scatter", "chart:stock",
    "chart:surface", "charts", "circle", "collapse", "collapsing", "column", "columns", "complex", "cone", "constant",
    "content", "continue", "continuous", "controls", "copy", "cross-out", "cubic-spline", "cuboid", "currency",
    "current", "current-date", "curve", "custom", "cut-offs", "cylinder", "dash", "dash-left", "dashed", "date",
    "date-time", "day", "days", "decorative", "diamond", "disc", "distribute", "distribute-letter",
    "distribute-space", "document", "dot", "dot-dash", "dot-dot-dash", "dotDash", "dotted", "double", "double-wave",
    "drawing-page", "drawings", "dynamic", "edge", "ellipse", "ellipsoid", "embossed", "end", "endnote", "engraved",
    "error-margin", "error-percentage", "even-page", "evenodd", "every-page", "exponential", "extra", "false", "fast",
    "filled-radar", "filter", "first", "first-row", "fix", "fixed", "flat", "float", "font-color", "footer",
    "footnote", "foreground", "formula-hidden", "formulas", "frame", "frame-content", "frame-end-margin",
    "frame-start-margin", "free", "from-inside", "from-left", "from-top", "full", "gantt", "gengou", "gradient",
    "graphic", "gregorian", "greyscale", "grid", "groove", "handout", "hanging", "hanja", "hanja_yomi", "hatch",
    "header", "headers", "hidden", "hidden-and-protected", "high", "hijri", "horizontal", "horizontal-bar",
    "hourglass", "html", "ideograph-alpha", "ideographic", "ignore", "ignored", "index", "inherit", "inset", "inside",
    "inter-ideograph", "italic", "iterative", "jewish", "justify", "justify-all", "kashida", "keep-together",
    "label-alignment", "label-width-and-position", "landscape", "large", "larger", "last", "last-page", "latin",
    "layout", "leave-gap", "left", "left-side", "left-top", "letter-spacing", "letters", "line", "line-3", "linear",
    "lines", "lines-and-text", "list", "listtab", "logarithmic", "long", "long-dash", "loose", "lowercase", "lr",
    "lr-tb", "lr_tb", "ltr", "major", "manual", "margins", "measurelines", "medium", "middle", "minor", "mirrored",
    "miter", "mode-1", "modern", "mono", "month", "months", "moving-average", "named-symbol", "near-axis",
    "near-axis-other-side", "near-origin", "never", "next", "no-limit", "no-line", "no-repeat", "no-wrap", "none",
    "nonzero", "normal", "notes", "nothing", "object", "objects", "oblique", "odd-page", "once-concurrent",
    "once-successive", "only", "opposite", "optimal", "orgchart", "outline", "outset", "outside", "outside-end",
    "outside-start", "page", "page-content", "page-end-margin", "page-number", "page-start-margin", "paragraph",
    "paragraph-content", "paragraph-end-margin", "paragraph-start-margin", "parallel", "per-page", "percentage",
    "percentage-and-text", "perpendicular", "plus", "polynomial", "portrait", "position", "power", "presentation",
    "previous", "primary-x", "primary-y", "print-range", "protected", "pyramid", "radar", "radial", "rect",
    "rectangular", "relative", "repeat", "reverse", "ridge", "right", "right-outside", "right-side", "ring", "rl",
    "rl-tb", "roman", "round", "row", "rows", "rtl", "ruby", "run-through", "same-as-text", "scatter", "script",
    "secondary-x", "secondary-y", "section", "semi-automatic", "separate", "separating", "share", "share-row",
    "short", "shrink-to-fit", "side-by-side", "simple", "single", "size", "skip-white-space", "slash", "slow",
    "small", "small-caps", "small-wave", "smaller", "snap", "solid", "space", "square", "stagger-even", "stagger-odd",
    "standard", "standard-deviation", "standard-error", "standard-line", "star", "start", "step-center-x",
    "step-center-y", "step-end", "step-start", "stock", "stretch", "strict", "string", "sub", "subtitle", "super",
    "surface", "swiss", "system", "tab", "table", "table-cell", "table-column", "table-row", "tb", "tb-lr", "tb-rl",
    "text", "text-left", "text-style", "thick", "thin", "time", "title", "top", "top-left", "top-right",
    "transparent", "true", "ttb", "underline", "uppercase", "use-window", "use-zero", "user-index", "value",
    "value-and-percentage", "value-type", "variable", "variance", "vertical", "vertical-bar", "visible", "void",
    "watermark", "wave", "wide", "wrap", "x", "x-large", "x-small", "x-symbol", "xx-large", "xx-small", "y", "year",
    "years", "z", "zero-values",
];

/// Kinds of custom shapes: those of ODF 19.154, and of ECMA-376-1, 20.1.10.56, which programs write with `ooxml-` in front.
#[rustfmt::skip]
pub(super) static SHAPES: &[&str] = &[
    "accentBorderCallout1", "accentBorderCallout2", "accentBorderCallout3", "accentCallout1", "accentCallout2",
    "accentCallout3", "actionButtonBackPrevious", "actionButtonBeginning", "actionButtonBlank",
    "actionButtonDocument", "actionButtonEnd", "actionButtonForwardNext", "actionButtonHelp", "actionButtonHome",
    "actionButtonInformation", "actionButtonMovie", "actionButtonReturn", "actionButtonSound", "arc", "bang",
    "bentArrow", "bentConnector2", "bentConnector3", "bentConnector4", "bentConnector5", "bentUpArrow", "bevel",
    "block-arc", "blockArc", "borderCallout1", "borderCallout2", "borderCallout3", "brace-pair", "bracePair",
    "bracket-pair", "bracketPair", "callout1", "callout2", "callout3", "can", "chartPlus", "chartStar", "chartX",
    "chevron", "chord", "circle", "circular-arrow", "circularArrow", "cloud", "cloud-callout", "cloudCallout",
    "corner", "cornerTabs", "cross", "cube", "curvedConnector2", "curvedConnector3", "curvedConnector4",
    "curvedConnector5", "curvedDownArrow", "curvedLeftArrow", "curvedRightArrow", "curvedUpArrow", "decagon",
    "diagStripe", "diamond", "dodecagon", "donut", "doubleWave", "down-arrow", "downArrow", "downArrowCallout",
    "ellipse", "ellipseRibbon", "ellipseRibbon2", "flowChartAlternateProcess", "flowChartCollate",
    "flowChartConnector", "flowChartDecision", "flowChartDelay", "flowChartDisplay", "flowChartDocument",
    "flowChartExtract", "flowChartInputOutput", "flowChartInternalStorage", "flowChartMagneticDisk",
    "flowChartMagneticDrum", "flowChartMagneticTape", "flowChartManualInput", "flowChartManualOperation",
    "flowChartMerge", "flowChartMultidocument", "flowChartOfflineStorage", "flowChartOffpageConnector",
    "flowChartOnlineStorage", "flowChartOr", "flowChartPredefinedProcess", "flowChartPreparation", "flowChartProcess",
    "flowChartPunchedCard", "flowChartPunchedTape", "flowChartSort", "flowChartSummingJunction",
    "flowChartTerminator", "flowchart-alternate-process", "flowchart-connector", "flowchart-data",
    "flowchart-decision", "flowchart-document", "flowchart-process", "flowchart-terminator", "flower", "foldedCorner",
    "fontwork-plain-text", "forbidden", "frame", "funnel", "gear6", "gear9", "halfFrame", "heart", "heptagon",
    "hexagon", "homePlate", "horizontal-scroll", "horizontalScroll", "irregularSeal1", "irregularSeal2",
    "isosceles-triangle", "left-arrow", "left-brace", "left-bracket", "left-right-arrow", "leftArrow",
    "leftArrowCallout", "leftBrace", "leftBracket", "leftCircularArrow", "leftRightArrow", "leftRightArrowCallout",
    "leftRightCircularArrow", "leftRightRibbon", "leftRightUpArrow", "leftUpArrow", "lightning", "lightningBolt",
    "line", "line-callout-1", "line-callout-2", "line-callout-3", "lineInv", "mathDivide", "mathEqual", "mathMinus",
    "mathMultiply", "mathNotEqual", "mathPlus", "moon", "noSmoking", "non-primitive", "nonIsoscelesTrapezoid",
    "notched-right-arrow", "notchedRightArrow", "octagon", "paper", "parallelogram", "pentagon", "pentagon-right",
    "pie", "pieWedge", "plaque", "plaqueTabs", "plus", "puzzle", "quad-arrow", "quad-bevel", "quadArrow",
    "quadArrowCallout", "rect", "rectangle", "rectangular-callout", "ribbon", "ribbon2", "right-arrow", "right-brace",
    "right-bracket", "right-triangle", "rightArrow", "rightArrowCallout", "rightBrace", "rightBracket", "ring",
    "round-callout", "round-rectangle", "round-rectangular-callout", "round1Rect", "round2DiagRect", "round2SameRect",
    "roundRect", "rtTriangle", "smiley", "smileyFace", "snip1Rect", "snip2DiagRect", "snip2SameRect", "snipRoundRect",
    "squareTabs", "star10", "star12", "star16", "star24", "star32", "star4", "star5", "star6", "star7", "star8",
    "straightConnector1", "striped-right-arrow", "stripedRightArrow", "sun", "swooshArrow", "teardrop", "text-box",
    "trapezoid", "triangle", "up-arrow", "up-down-arrow", "upArrow", "upArrowCallout", "upDownArrow",
    "upDownArrowCallout", "uturnArrow", "vertical-scroll", "verticalScroll", "wave", "wedgeEllipseCallout",
    "wedgeRectCallout", "wedgeRoundRectCallout",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted() {
        assert!(WORDS.is_sorted() && SHAPES.is_sorted());
    }
}
