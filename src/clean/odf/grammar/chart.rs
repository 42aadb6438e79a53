//! Charts (OASIS OpenDocument 1.3, part 3, 11). A table only.

use super::{COUNT, STYLE, dropped, kept, of};
use crate::clean::odf::values::{CELLS, FORMAT};
use crate::clean::xml::{Attribute, Element, Value};

const STYLED: &[Attribute] = &[of("chart:style-name", STYLE)];
const WORDS: &[Attribute] =
    &[of("svg:x", FORMAT), of("svg:y", FORMAT), of("chart:style-name", STYLE), of("table:cell-range", CELLS)];

pub(super) static ELEMENTS: &[Element] = &[
    kept(
        "chart:axis",
        &["chart:categories", "chart:grid", "chart:title"],
        &[of("chart:dimension", FORMAT), of("chart:name", FORMAT), of("chart:style-name", STYLE)],
    ),
    kept("chart:categories", &[], &[of("table:cell-range-address", CELLS)]),
    kept(
        "chart:chart",
        &["chart:footer", "chart:legend", "chart:plot-area", "chart:subtitle", "chart:title", "table:table"],
        &[
            of("svg:width", FORMAT),
            of("svg:height", FORMAT),
            // Where the numbers are: in the document around it, or in itself.
            of("xlink:href", Value::Token(&["..", "."])),
            of("xlink:type", Value::Token(&["simple"])),
            of("chart:class", FORMAT),
            of("chart:style-name", STYLE),
        ],
    ),
    kept(
        "chart:coordinate-region",
        &[],
        &[of("svg:x", FORMAT), of("svg:y", FORMAT), of("svg:width", FORMAT), of("svg:height", FORMAT)],
    ),
    kept("chart:data-label", &["text:p"], WORDS),
    kept("chart:data-point", &["chart:data-label"], &[of("chart:style-name", STYLE), of("chart:repeated", COUNT)]),
    kept("chart:domain", &[], &[of("table:cell-range-address", CELLS)]),
    dropped("chart:equation", None),
    kept("chart:error-indicator", &[], &[of("chart:style-name", STYLE), of("chart:dimension", FORMAT)]),
    kept("chart:floor", &[], &[of("svg:width", FORMAT), of("chart:style-name", STYLE)]),
    kept("chart:footer", &["text:p"], WORDS),
    kept("chart:grid", &[], &[of("chart:class", FORMAT), of("chart:style-name", STYLE)]),
    kept("chart:label-separator", &["text:p"], &[]),
    kept(
        "chart:legend",
        &["text:p"],
        &[
            of("chart:legend-position", FORMAT),
            of("chart:legend-align", FORMAT),
            of("svg:x", FORMAT),
            of("svg:y", FORMAT),
            of("svg:width", FORMAT),
            of("svg:height", FORMAT),
            of("style:legend-expansion", FORMAT),
            of("style:legend-expansion-aspect-ratio", FORMAT),
            of("loext:overlay", FORMAT),
            of("chart:style-name", STYLE),
        ],
    ),
    kept("chart:mean-value", &[], STYLED),
    kept(
        "chart:plot-area",
        &[
            "chart:axis",
            "chart:coordinate-region",
            "chart:floor",
            "chart:series",
            "chart:stock-gain-marker",
            "chart:stock-loss-marker",
            "chart:stock-range-line",
            "chart:wall",
        ],
        &[
            of("chart:style-name", STYLE),
            of("table:cell-range-address", CELLS),
            of("chart:data-source-has-labels", FORMAT),
            of("svg:x", FORMAT),
            of("svg:y", FORMAT),
            of("svg:width", FORMAT),
            of("svg:height", FORMAT),
        ],
    ),
    kept("chart:regression-curve", &[], STYLED),
    kept(
        "chart:series",
        &[
            "chart:data-label",
            "chart:data-point",
            "chart:domain",
            "chart:error-indicator",
            "chart:mean-value",
            "chart:regression-curve",
        ],
        &[
            of("chart:style-name", STYLE),
            of("chart:values-cell-range-address", CELLS),
            of("chart:label-cell-address", CELLS),
            of("chart:class", FORMAT),
            of("chart:attached-axis", FORMAT),
        ],
    ),
    kept("chart:stock-gain-marker", &[], STYLED),
    kept("chart:stock-loss-marker", &[], STYLED),
    kept("chart:stock-range-line", &[], STYLED),
    kept("chart:subtitle", &["text:p"], WORDS),
    kept("chart:title", &["text:p"], WORDS),
    kept("chart:wall", &[], STYLED),
];
