//! Whether a text is JSON, a table of records or neither, so that cleaning does not move what stands in them.
//! Knows nothing of what they say.

use serde::de::IgnoredAny;

use super::normalise::mark_of;

/// What a text is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Lines and nothing else.
    Prose,
    /// A JSON value (RFC 8259), or one on each line.
    Json,
    /// Records with as many fields each (RFC 4180).
    Records { separator: char, fields: u64, records: u64 },
}

impl Shape {
    /// Of a text whose lines end in LF, CRLF or CR.
    pub(super) fn of(text: &str) -> Self {
        if is_json(text) {
            return Self::Json;
        }
        for separator in [',', ';', '\t', '|'] {
            if let Some((fields, records)) = records(text, separator) {
                return Self::Records { separator, fields, records };
            }
        }
        Self::Prose
    }

    /// Whether `plain`, what was made of such a text, is still of this shape.
    pub(super) fn is_kept_by(self, plain: &str) -> bool {
        match self {
            // Nothing becomes a tab, and empty fields at the end of a line may go.
            Self::Prose | Self::Records { separator: '\t', .. } => true,
            Self::Json => is_json(plain),
            Self::Records { separator, fields, records: count } => records(plain, separator) == Some((fields, count)),
        }
    }

    /// Whether characters that some programs take for line ends stand within a line here.
    pub(super) fn has_own_lines(self) -> bool {
        self != Self::Prose
    }
}

fn is_json(text: &str) -> bool {
    let text = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    if !text.starts_with(['{', '[']) {
        return false;
    }
    let is_value = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    is_value(text) || text.split(['\n', '\r']).filter(|line| !line.trim().is_empty()).all(is_value)
}

/// Fields of each record and the number of records; `None` if they differ, or are too few to tell.
fn records(text: &str, separator: char) -> Option<(u64, u64)> {
    let text = text.trim_end_matches(['\n', '\r']);
    let (mut fields, mut records, mut of_first) = (1_u64, 0_u64, None);
    let (mut quoted, mut begins) = (false, true);
    let mut chars = text.trim_start_matches('\u{feff}').chars().peekable();
    loop {
        let next = chars.next();
        match next {
            // Two stand for one.
            Some('"') if quoted => quoted = chars.next_if_eq(&'"').is_some(),
            Some('"') if begins => quoted = true,
            None if quoted => return None,
            None | Some('\n' | '\r') if !quoted => {
                if next == Some('\r') {
                    chars.next_if_eq(&'\n');
                }
                if fields < 2 || *of_first.get_or_insert(fields) != fields {
                    return None;
                }
                records = records.saturating_add(1);
                fields = 1;
                begins = true;
                if next.is_none() {
                    return (records > 1).then_some((of_first?, records));
                }
                continue;
            }
            Some(c) if c == separator && !quoted => {
                fields = fields.saturating_add(1);
                begins = true;
                continue;
            }
            _ => {}
        }
        begins = false;
    }
}

/// Tabs of every line, where all have as many and the first ends in a name: then the tabs at the end of a line
/// are empty fields and no mark.
pub(super) fn tabs(text: &str) -> Option<usize> {
    // What is not seen behind the last line will be gone.
    let text = text.trim_end_matches(|c| matches!(c, '\n' | '\r' | ' ') || mark_of(c).is_some());
    let count = |line: &str| line.matches('\t').count();
    let mut lines = text.split("\r\n").flat_map(|lines| lines.split(['\n', '\r']));
    let first = lines.next().filter(|line| !line.ends_with([' ', '\t']))?;
    let tabs = count(first);
    (tabs > 0 && !text.contains(is_other_end) && lines.all(|line| count(line) == tabs)).then_some(tabs)
}

/// What would end a line besides, or is a space that will be plain.
fn is_other_end(c: char) -> bool {
    matches!(c, '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}')
}
