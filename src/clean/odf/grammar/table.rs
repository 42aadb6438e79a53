//! Tables and sheets (OASIS OpenDocument 1.3, part 3, 9). A table only.

use super::{BLOCKS, COUNT, SHAPES, STYLE, dropped, kept, of};
use crate::clean::Category;
use crate::clean::odf::values::{DATE, DURATION, FORMAT};
use crate::clean::xml::{Attribute, Element, Value};

const COLUMNS: &[&str] =
    &["table:table-column", "table:table-column-group", "table:table-columns", "table:table-header-columns"];
const ROWS: &[&str] = &["table:table-header-rows", "table:table-row", "table:table-row-group", "table:table-rows"];
const CELL: &[Attribute] = &[
    of("table:style-name", STYLE),
    of("table:number-columns-repeated", COUNT),
    of("table:number-columns-spanned", COUNT),
    of("table:number-rows-spanned", COUNT),
    of("office:value-type", FORMAT),
    of("office:currency", Value::Language),
    of("office:value", Value::Decimal),
    of("office:date-value", DATE),
    of("office:time-value", DURATION),
    of("office:boolean-value", Value::Token(&["true", "false"])),
];

pub(super) static ELEMENTS: &[Element] = &[
    dropped("table:calculation-settings", None),
    dropped("table:consolidation", None),
    dropped("table:content-validations", None),
    kept("table:covered-table-cell", BLOCKS, CELL),
    dropped("table:data-pilot-tables", Some(Category::HiddenContent)),
    dropped("table:database-ranges", Some(Category::HiddenContent)),
    dropped("table:dde-links", Some(Category::Location)),
    dropped("table:desc", Some(Category::Comment)),
    dropped("table:detective", Some(Category::HiddenContent)),
    dropped("table:label-ranges", None),
    dropped("table:named-expressions", None),
    dropped("table:scenario", Some(Category::Comment)),
    kept("table:shapes", SHAPES, &[]),
    kept(
        "table:table",
        &[
            "table:shapes",
            "table:table-column",
            "table:table-column-group",
            "table:table-columns",
            "table:table-header-columns",
            "table:table-header-rows",
            "table:table-row",
            "table:table-row-group",
            "table:table-rows",
        ],
        &[
            // Of a sheet it is seen; any other is a number.
            of("table:name", Value::Content),
            of("table:style-name", STYLE),
            of("table:print", Value::Token(&["true", "false"])),
        ],
    ),
    kept("table:table-cell", BLOCKS, CELL),
    kept(
        "table:table-column",
        &[],
        &[
            of("table:style-name", STYLE),
            of("table:number-columns-repeated", COUNT),
            of("table:visibility", FORMAT),
            of("table:default-cell-style-name", STYLE),
        ],
    ),
    kept("table:table-column-group", COLUMNS, &[of("table:display", FORMAT)]),
    kept("table:table-columns", COLUMNS, &[]),
    kept("table:table-header-columns", COLUMNS, &[]),
    kept("table:table-header-rows", ROWS, &[]),
    kept(
        "table:table-row",
        &["table:covered-table-cell", "table:table-cell"],
        &[
            of("table:style-name", STYLE),
            of("table:number-rows-repeated", COUNT),
            of("table:default-cell-style-name", STYLE),
            of("table:visibility", FORMAT),
        ],
    ),
    kept("table:table-row-group", ROWS, &[of("table:display", FORMAT)]),
    kept("table:table-rows", ROWS, &[]),
    dropped("table:table-source", Some(Category::Location)),
    dropped("table:table-template", None),
    dropped("table:title", Some(Category::Comment)),
    dropped("table:tracked-changes", None),
];
