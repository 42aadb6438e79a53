//! Names of styles that everyone has. Decides by list; every other name says something of its document.

/// The one form of a style's name: one that programs know and act on, or a number of ours; none for any other.
pub(super) fn style(raw: &str) -> Option<String> {
    let lower = raw.trim().to_ascii_lowercase();
    if let Some(known) = STYLES.iter().find(|known| known.eq_ignore_ascii_case(&lower)) {
        return Some((*known).to_owned());
    }
    for start in [
        "heading",
        "toc",
        "index",
        "List",
        "List Bullet",
        "List Number",
        "List Continue",
        "Body Text",
        "Body Text Indent",
    ] {
        let digit = lower.strip_prefix(&start.to_ascii_lowercase()).and_then(|rest| rest.strip_prefix(' '));
        if digit.is_some_and(|digit| digit.len() == 1 && matches!(digit.as_bytes(), [b'1'..=b'9'])) {
            return digit.map(|digit| format!("{start} {digit}"));
        }
    }
    let number = raw.strip_prefix('s').filter(|digits| !digits.starts_with('0') && digits.len() <= 6);
    number
        .filter(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        .map(|_| raw.to_owned())
}

/// Built-in names (MS-OI29500, 2.1.244), without numbered ones.
const STYLES: &[&str] = &[
    "Normal",
    "Default Paragraph Font",
    "Normal Table",
    "No List",
    "Table Grid",
    "Title",
    "Subtitle",
    "header",
    "footer",
    "caption",
    "table of figures",
    "envelope address",
    "envelope return",
    "footnote reference",
    "annotation reference",
    "line number",
    "page number",
    "endnote reference",
    "endnote text",
    "table of authorities",
    "macro",
    "toa heading",
    "List",
    "List Bullet",
    "List Number",
    "Closing",
    "Signature",
    "Body Text",
    "Body Text Indent",
    "List Continue",
    "Message Header",
    "Salutation",
    "Date",
    "Body Text First Indent",
    "Body Text First Indent 2",
    "Note Heading",
    "Block Text",
    "Hyperlink",
    "FollowedHyperlink",
    "Strong",
    "Emphasis",
    "Document Map",
    "Plain Text",
    "E-mail Signature",
    "Normal (Web)",
    "HTML Acronym",
    "HTML Address",
    "HTML Cite",
    "HTML Code",
    "HTML Definition",
    "HTML Keyboard",
    "HTML Preformatted",
    "HTML Sample",
    "HTML Typewriter",
    "HTML Variable",
    "annotation subject",
    "Balloon Text",
    "footnote text",
    "annotation text",
    "index heading",
    "Normal Indent",
    "No Spacing",
    "List Paragraph",
    "Quote",
    "Intense Quote",
    "Subtle Emphasis",
    "Intense Emphasis",
    "Subtle Reference",
    "Intense Reference",
    "Book Title",
    "Bibliography",
    "TOC Heading",
    "Placeholder Text",
    "Light Shading",
    "Light List",
    "Light Grid",
    "Medium Shading 1",
    "Medium Shading 2",
    "Medium List 1",
    "Medium List 2",
    "Medium Grid 1",
    "Medium Grid 2",
    "Medium Grid 3",
    "Dark List",
    "Colorful Shading",
    "Colorful List",
    "Colorful Grid",
    "Plain Table 1",
    "Plain Table 2",
    "Plain Table 3",
    "Plain Table 4",
    "Plain Table 5",
    "Grid Table Light",
    "Outline List 1",
    "Outline List 2",
    "Outline List 3",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_programs_know_stay_and_no_others() {
        for (raw, known) in [
            ("heading 1", Some("heading 1")),
            ("Heading 1", Some("heading 1")),
            ("TOC 9", Some("toc 9")),
            ("toc 10", None),
            ("normal", Some("Normal")),
            ("Heading 1 Char", None),
            ("Annas style", None),
            ("s12", Some("s12")),
            ("s012", None),
            ("s", None),
        ] {
            assert_eq!(style(raw).as_deref(), known, "{raw}");
        }
    }
}
