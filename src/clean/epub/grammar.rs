//! What documents and tables of contents of a book may hold (XHTML of EPUB 3.3 and XHTML 1.1; NCX of OPF 2.0.1). Tables
//! only.

use std::borrow::Cow;

use super::IDENTIFIER;
use super::css::words::style;
use super::names::{class_names, document_link, picture_link, sheet_link};
use crate::clean::Category;
use crate::clean::xml::grammar::at;
use crate::clean::xml::{Element, Fate, Grammar, Namespace, Text, Value};

/// A content document.
pub(super) static XHTML: Grammar = Grammar {
    root: "html",
    namespaces: &[
        Namespace { prefix: "", uris: &["http://www.w3.org/1999/xhtml"] },
        Namespace { prefix: "epub", uris: &["http://www.idpf.org/2007/ops"] },
        Namespace { prefix: "m", uris: &["http://www.w3.org/1998/Math/MathML"] },
    ],
    elements: &[ELEMENTS, FORMULAS],
    told: &[
        ("id", Category::Identifier),
        ("data-*", Category::Identifier),
        ("title", Category::Comment),
        ("alt", Category::Comment),
        ("aria-*", Category::Comment),
        ("summary", Category::Comment),
        ("cite", Category::Identifier),
        ("datetime", Category::Time),
        ("href", Category::Identifier),
        ("name", Category::Identifier),
    ],
};

/// The table of contents that EPUB 2 has.
pub(super) static NCX: Grammar = Grammar {
    root: "ncx",
    namespaces: &[Namespace { prefix: "", uris: &["http://www.daisy.org/z3986/2005/ncx/"] }],
    elements: &[CONTENTS],
    told: &[("id", Category::Identifier)],
};

/// Whether a style sheet may speak of an element of that name.
pub(super) fn is_element(name: &str) -> bool {
    !name.contains(':') && XHTML.element(name).is_some_and(|element| element.fate == Fate::Kept)
}

macro_rules! attributes {
    ($($name:literal = $value:expr),* $(,)?) => {
        const {
        &[
            at("id", Value::Reference("id")),
            at("class", Value::With(class_names)),
            at("style", Value::With(style)),
            at("lang", Value::Language),
            at("xml:lang", Value::Language),
            at("dir", Value::Token(&["auto", "ltr", "rtl"])),
            at("epub:type", Value::With(types)),
            at("role", Value::With(role)),
            at("align", Value::Token(&["center", "justify", "left", "right"])),
            at("valign", Value::Token(&["baseline", "bottom", "middle", "top"])),
            $(at($name, $value)),*
        ]
        }
    };
}

/// With words in it, and anything else.
const fn flow(name: &'static str) -> Element {
    Element::kept(name, &["*"], attributes!()).with(Text::Content)
}

/// With other elements in it, and no words.
const fn holder(name: &'static str) -> Element {
    Element::kept(name, &["*"], attributes!())
}

const fn cell(name: &'static str) -> Element {
    const COUNT: Value = Value::Integer(0, 1000);
    Element::kept(name, &["*"], attributes!("colspan" = COUNT, "rowspan" = COUNT, "width" = SIZE)).with(Text::Content)
}

const SIZE: Value = Value::Measure(&["", "%", "px"]);
const HIDDEN: Option<Category> = Some(Category::HiddenContent);

const ELEMENTS: &[Element] = &[
    Element::kept("a", &["*"], attributes!("href" = Value::With(document_link))).with(Text::Content),
    flow("abbr"),
    flow("address"),
    flow("article"),
    flow("aside"),
    Element::dropped("audio", HIDDEN),
    flow("b"),
    Element::dropped("base", Some(Category::Identifier)),
    flow("bdi"),
    flow("bdo"),
    flow("big"),
    flow("blockquote"),
    flow("body"),
    Element::kept("br", &[], attributes!()),
    Element::dropped("button", HIDDEN),
    Element::dropped("canvas", HIDDEN),
    flow("caption"),
    flow("cite"),
    flow("code"),
    Element::kept("col", &[], attributes!("span" = Value::Integer(1, 1000), "width" = SIZE)),
    Element::kept("colgroup", &["col"], attributes!("span" = Value::Integer(1, 1000), "width" = SIZE)),
    flow("dd"),
    flow("del"),
    flow("details"),
    flow("dfn"),
    flow("div"),
    holder("dl"),
    flow("dt"),
    flow("em"),
    flow("figcaption"),
    flow("figure"),
    flow("footer"),
    flow("h1"),
    flow("h2"),
    flow("h3"),
    flow("h4"),
    flow("h5"),
    flow("h6"),
    Element::kept("head", &["title", "meta", "link"], &[]),
    flow("header"),
    flow("hgroup"),
    Element::kept("hr", &[], attributes!("width" = SIZE)),
    Element::kept("html", &["head", "body"], attributes!()),
    flow("i"),
    Element::dropped("iframe", HIDDEN),
    Element::kept(
        "img",
        &[],
        attributes!("src" = Value::With(picture_link), "alt" = Value::Token(&[""]), "width" = SIZE, "height" = SIZE),
    ),
    Element::dropped("input", HIDDEN),
    flow("ins"),
    flow("kbd"),
    Element::kept("li", &["*"], attributes!("value" = Value::Integer(-100_000, 100_000))).with(Text::Content),
    Element::kept("link", &[], &[at("rel", Value::Token(&["stylesheet"])), at("href", Value::With(sheet_link))]),
    flow("main"),
    flow("mark"),
    Element::kept("meta", &[], &[at("name", Value::Token(&["viewport"])), at("content", Value::With(viewport))]),
    Element::kept("nav", &["*"], attributes!("hidden" = Value::Token(&[""]))).with(Text::Content),
    Element::unwrapped("object", HIDDEN),
    Element::kept(
        "ol",
        &["*"],
        attributes!(
            "start" = Value::Integer(-100_000, 100_000),
            "type" = Value::Token(&["1", "A", "I", "a", "i"]),
            "reversed" = Value::Token(&["", "reversed"]),
        ),
    ),
    flow("p"),
    Element::dropped("param", HIDDEN),
    flow("picture"),
    flow("pre"),
    flow("q"),
    flow("rb"),
    flow("rp"),
    flow("rt"),
    flow("rtc"),
    flow("ruby"),
    flow("s"),
    flow("samp"),
    Element::dropped("script", HIDDEN),
    flow("section"),
    Element::dropped("select", HIDDEN),
    flow("small"),
    Element::dropped("source", HIDDEN),
    flow("span"),
    flow("strong"),
    flow("sub"),
    flow("summary"),
    flow("sup"),
    Element::kept(
        "table",
        &["*"],
        attributes!("border" = Value::Integer(0, 100), "cellpadding" = SIZE, "cellspacing" = SIZE, "width" = SIZE,),
    ),
    holder("tbody"),
    cell("td"),
    Element::dropped("textarea", HIDDEN),
    holder("tfoot"),
    cell("th"),
    holder("thead"),
    flow("time"),
    Element::kept("title", &[], &[]).with(Text::Value(Value::Integer(1, 1_000_000))),
    holder("tr"),
    flow("tt"),
    flow("u"),
    holder("ul"),
    flow("var"),
    Element::dropped("video", HIDDEN),
    Element::kept("wbr", &[], &[]),
];

/// Of a formula (MathML 3, chapter 3).
const fn formula(name: &'static str) -> Element {
    Element::kept(name, &["*"], const { &[at("display", Value::Token(&["block", "inline"]))] }).with(Text::Content)
}

const FORMULAS: &[Element] = &[
    Element::dropped("m:annotation", Some(Category::Comment)),
    Element::dropped("m:annotation-xml", Some(Category::Comment)),
    formula("m:math"),
    formula("m:menclose"),
    formula("m:mfenced"),
    formula("m:mfrac"),
    formula("m:mi"),
    formula("m:mmultiscripts"),
    formula("m:mn"),
    formula("m:mo"),
    formula("m:mover"),
    formula("m:mpadded"),
    formula("m:mphantom"),
    formula("m:mprescripts"),
    formula("m:mroot"),
    formula("m:mrow"),
    formula("m:mspace"),
    formula("m:msqrt"),
    formula("m:mstyle"),
    formula("m:msub"),
    formula("m:msubsup"),
    formula("m:msup"),
    formula("m:mtable"),
    formula("m:mtd"),
    formula("m:mtext"),
    formula("m:mtr"),
    formula("m:munder"),
    formula("m:munderover"),
    formula("m:none"),
    formula("m:semantics"),
];

const CONTENTS: &[Element] = &[
    Element::kept("content", &[], &[at("src", Value::With(document_link))]),
    Element::dropped("docAuthor", Some(Category::Person)),
    Element::kept("docTitle", &["text"], &[]),
    Element::kept("head", &["meta"], &[]),
    Element::kept("meta", &[], &[at("name", Value::Token(&["dtb:uid"])), at("content", Value::Token(&[IDENTIFIER]))]),
    Element::kept("navLabel", &["text"], &[]),
    Element::dropped("navList", Some(Category::HiddenContent)),
    Element::kept("navMap", &["navPoint"], &[]),
    Element::kept(
        "navPoint",
        &["navLabel", "content", "navPoint"],
        &[at("id", Value::Reference("id")), at("playOrder", Value::Integer(1, 1_000_000))],
    ),
    Element::kept(
        "ncx",
        &["head", "docTitle", "navMap"],
        &[at("version", Value::Token(&["2005-1"])), at("xml:lang", Value::Language)],
    ),
    Element::dropped("pageList", Some(Category::HiddenContent)),
    Element::kept("text", &[], &[]).with(Text::Content),
];

/// The size of a page of fixed layout: `width=600, height=800`.
pub(super) fn viewport(raw: &str) -> Option<Cow<'_, str>> {
    let value = |name: &str| {
        let part =
            raw.split([',', ';']).find_map(|part| part.trim().strip_prefix(name)?.trim_start().strip_prefix('='));
        part.and_then(|value| value.trim().trim_end_matches("px").parse::<u16>().ok())
    };
    let (width, height) = (value("width")?, value("height")?);
    Some(Cow::Owned(format!("width={width}, height={height}")))
}

/// Words that say what a part is, without those that nobody knows.
pub(super) fn known_types(raw: &str) -> String {
    let known: Vec<&str> = raw.split_ascii_whitespace().filter(|word| TYPES.contains(word)).collect();
    known.join(" ")
}

fn types(raw: &str) -> Option<Cow<'_, str>> {
    let known = known_types(raw);
    (!known.is_empty()).then_some(Cow::Owned(known))
}

fn role(raw: &str) -> Option<Cow<'_, str>> {
    let name = raw.trim();
    let is_known = name.strip_prefix("doc-").is_some_and(|name| TYPES.contains(&name)) || ROLES.contains(&name);
    is_known.then_some(Cow::Borrowed(name))
}

const ROLES: [&str; 22] = [
    "article",
    "banner",
    "cell",
    "complementary",
    "contentinfo",
    "doc-biblioentry",
    "doc-pagebreak",
    "figure",
    "group",
    "heading",
    "img",
    "list",
    "listitem",
    "main",
    "math",
    "navigation",
    "none",
    "note",
    "presentation",
    "region",
    "row",
    "table",
];

/// The EPUB 3 Structural Semantics Vocabulary, and what ARIA calls otherwise.
#[rustfmt::skip]
const TYPES: &[&str] = &[
    "abstract", "acknowledgments", "afterword", "answer", "answers", "appendix", "assessment", "backlink", "backmatter",
    "bibliography", "biblioref", "bodymatter", "bridgehead", "chapter", "colophon", "concluding-sentence", "conclusion",
    "contributors", "copyright-page", "cover", "covertitle", "credit", "credits", "dedication", "division", "endnote",
    "endnotes", "epigraph", "epilogue", "errata", "example", "figure", "footnote", "footnotes", "foreword",
    "frontmatter", "fulltitle", "glossary", "glossdef", "glossref", "glossterm", "halftitle", "halftitlepage", "help",
    "imprimatur", "imprint", "index", "introduction", "keyword", "landmarks", "list", "list-item", "loi", "lot",
    "noteref", "notice", "ordinal", "other-credits", "page-list", "pagebreak", "pagelist", "part", "preamble", "preface",
    "prologue", "pullquote", "qna", "question", "revision-history", "rearnote", "rearnotes", "seriespage", "sidebar",
    "subchapter", "subtitle", "table", "tip", "title", "titlepage", "toc", "toc-brief", "topic-sentence", "volume",
    "warning",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for table in [ELEMENTS, FORMULAS, CONTENTS] {
            assert!(table.is_sorted_by_key(|element| element.name));
        }
    }

    #[test]
    fn sizes_of_pages_have_one_form() {
        assert_eq!(viewport("width = 600px; height=800").as_deref(), Some("width=600, height=800"));
        assert_eq!(viewport("width=device-width, height=800"), None);
    }
}
