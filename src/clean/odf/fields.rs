//! Fields of text (OASIS OpenDocument 1.3, part 3, 7): what they show stays as words, what they would compute goes. Lists
//! only.

use crate::clean::Category;

/// What the words of a field give away, where it is one that becomes words: none for those that say nothing by
/// themselves.
pub(super) fn shown(name: &str) -> Option<Option<Category>> {
    let at = FIELDS.binary_search_by(|(known, _)| known.cmp(&name)).ok()?;
    FIELDS.get(at).map(|(_, category)| *category)
}

/// Indexes, which become sections that hold what was found last.
pub(super) const INDEXES: [&str; 7] = [
    "text:alphabetical-index",
    "text:bibliography",
    "text:illustration-index",
    "text:object-index",
    "text:table-index",
    "text:table-of-content",
    "text:user-index",
];

const PERSON: Option<Category> = Some(Category::Person);
const TIME: Option<Category> = Some(Category::Time);
const FILE: Option<Category> = Some(Category::Identifier);

/// Sorted by name.
static FIELDS: &[(&str, Option<Category>)] = &[
    ("loext:content-control", None),
    ("text:author-initials", PERSON),
    ("text:author-name", PERSON),
    ("text:bibliography-mark", None),
    ("text:bookmark-ref", None),
    ("text:chapter", None),
    ("text:character-count", None),
    ("text:conditional-text", None),
    ("text:creation-date", TIME),
    ("text:creation-time", TIME),
    ("text:creator", PERSON),
    ("text:database-display", None),
    ("text:database-name", FILE),
    ("text:database-row-number", None),
    ("text:database-row-select", None),
    ("text:date", TIME),
    ("text:dde-connection", None),
    ("text:description", None),
    ("text:drop-down", None),
    ("text:editing-cycles", None),
    ("text:editing-duration", TIME),
    ("text:execute-macro", None),
    ("text:expression", None),
    ("text:file-name", FILE),
    ("text:image-count", None),
    ("text:initial-creator", PERSON),
    ("text:keywords", None),
    ("text:measure", None),
    ("text:meta", None),
    ("text:meta-field", None),
    ("text:modification-date", TIME),
    ("text:modification-time", TIME),
    ("text:note-ref", None),
    ("text:object-count", None),
    ("text:page-continuation", None),
    ("text:page-variable-get", None),
    ("text:page-variable-set", None),
    ("text:paragraph-count", None),
    ("text:placeholder", None),
    ("text:print-date", TIME),
    ("text:print-time", TIME),
    ("text:printed-by", PERSON),
    ("text:reference-ref", None),
    ("text:sender-city", PERSON),
    ("text:sender-company", PERSON),
    ("text:sender-country", PERSON),
    ("text:sender-email", PERSON),
    ("text:sender-fax", PERSON),
    ("text:sender-firstname", PERSON),
    ("text:sender-initials", PERSON),
    ("text:sender-lastname", PERSON),
    ("text:sender-phone-private", PERSON),
    ("text:sender-phone-work", PERSON),
    ("text:sender-position", PERSON),
    ("text:sender-postal-code", PERSON),
    ("text:sender-state-or-province", PERSON),
    ("text:sender-street", PERSON),
    ("text:sender-title", PERSON),
    ("text:sequence", None),
    ("text:sequence-ref", None),
    ("text:subject", None),
    ("text:table-count", None),
    ("text:table-formula", None),
    ("text:template-name", FILE),
    ("text:text-input", None),
    ("text:time", TIME),
    ("text:title", None),
    ("text:user-defined", None),
    ("text:user-field-get", None),
    ("text:user-field-input", None),
    ("text:variable-get", None),
    ("text:variable-input", None),
    ("text:variable-set", None),
    ("text:word-count", None),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_sorted() {
        assert!(FIELDS.is_sorted_by_key(|(name, _)| *name));
        assert_eq!(shown("text:author-name"), Some(Some(Category::Person)));
        assert_eq!(shown("text:page-number"), None);
    }
}
