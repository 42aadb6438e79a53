//! Text to its plain form: characters by an allow-list, one kind of space, one kind of line end, NFC.
//! Never changes what is seen, but for pictures that had a variant chosen for them.

use unicode_normalization::{UnicodeNormalization, is_nfc};
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};
use zeroize::Zeroizing;

use super::buffer;
use super::joiners::{JOINER, NON_JOINER, is_spelling};
use super::lookalikes::Lookalikes;
use super::marks::{Mark, Marks};
use super::shape::{self, Shape};
use crate::clean::{Category, Findings};

/// The plain form of `text`, empty if nothing is seen of it. It is a fixpoint: its own plain form is itself.
pub(super) fn normalise(text: &str, shape: Shape, findings: &mut Findings) -> Zeroizing<String> {
    let mut tabs = shape::tabs(text);
    let mut marks = Marks::default();
    let mut ends = Ends::default();
    let mut words = Lookalikes::default();
    let mut plain = buffer::with_capacity(text.len().saturating_add(1));
    let (mut line, mut spare) = (buffer::with_capacity(LINE_BYTES), buffer::with_capacity(LINE_BYTES));
    let mut rest = text;
    let mut number = 0_u64;
    while !rest.is_empty() {
        number = number.saturating_add(1);
        let (raw, end, after) = split_line(rest, shape);
        rest = after;
        ends.note(end);
        if let End::Odd(c) = end {
            marks.note(Mark::Character(c), number);
        }
        keep_allowed(raw, &mut line, &mut marks, number);
        settle(&mut line, &mut spare, &mut marks, number);
        strip(&mut line, &mut tabs, &mut marks, number);
        words.look(&line, number);
        buffer::push_str(&mut plain, &line);
        buffer::push(&mut plain, '\n');
    }
    let seen = plain.trim_end_matches('\n').len();
    let last_lines = plain.len().saturating_sub(seen).saturating_sub(1);
    if last_lines > 0 {
        marks.note_many(Mark::LastLines, number, u64::try_from(last_lines).unwrap_or(u64::MAX));
    }
    plain.truncate(if seen == 0 { 0 } else { seen.saturating_add(1) });
    ends.tell(findings);
    marks.tell(findings);
    words.tell(findings);
    plain
}

/// Room that a line gets at first.
const LINE_BYTES: usize = 4096;

/// What ends a line.
#[derive(Clone, Copy)]
enum End {
    Lf,
    CrLf,
    Cr,
    /// Vertical tab, form feed, next line, line and paragraph separator.
    Odd(char),
    /// The end of the text.
    Text,
}

/// Splits off a line: without its end, its end, the rest.
fn split_line(text: &str, shape: Shape) -> (&str, End, &str) {
    let ends = |c| match c {
        '\n' | '\r' => true,
        // Within a field or a value they end no line; there they become blanks.
        '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => !shape.has_own_lines(),
        _ => false,
    };
    let Some((line, _)) = text.split_once(ends) else { return (text, End::Text, "") };
    let tail = text.strip_prefix(line).unwrap_or_default();
    if let Some(rest) = tail.strip_prefix("\r\n") {
        return (line, End::CrLf, rest);
    }
    let mut chars = tail.chars();
    let end = match chars.next() {
        Some('\n') => End::Lf,
        Some('\r') => End::Cr,
        Some(odd) => End::Odd(odd),
        None => End::Text,
    };
    (line, end, chars.as_str())
}

/// Copies what is allowed wherever it stands, and the joiners, which are judged later.
fn keep_allowed(raw: &str, line: &mut Zeroizing<String>, marks: &mut Marks, number: u64) {
    line.clear();
    for c in raw.chars() {
        match allowed(c) {
            Allowed::Kept => buffer::push(line, c),
            // These end a line, but for records and JSON.
            Allowed::Not(Mark::Character('\u{b}' | '\u{c}' | '\u{85}')) | Allowed::Space => {
                marks.note(Mark::Character(c), number);
                buffer::push(line, ' ');
            }
            Allowed::Not(mark) => marks.note(mark, number),
        }
    }
}

/// What `c` hides if it is spelt as an escape; `None` if it is seen.
pub(super) fn mark_of(c: char) -> Option<Mark> {
    match allowed(c) {
        Allowed::Not(mark) => Some(mark),
        Allowed::Kept if JOINERS.contains(&c) => Some(Mark::of(c)),
        Allowed::Kept | Allowed::Space => None,
    }
}

pub(super) enum Allowed {
    Kept,
    /// Becomes U+0020.
    Space,
    Not(Mark),
}

pub(super) fn allowed(c: char) -> Allowed {
    match c {
        ' '..='~' | '\t' | NON_JOINER | JOINER => Allowed::Kept,
        '\u{2800}' => Allowed::Space,
        // Format characters that are seen: they enclose numbers and words (Prepended_Concatenation_Mark).
        '\u{600}'..='\u{605}'
        | '\u{6dd}'
        | '\u{70f}'
        | '\u{890}'
        | '\u{891}'
        | '\u{8e2}'
        | '\u{110bd}'
        | '\u{110cd}' => Allowed::Kept,
        _ if is_never_seen(c) => Allowed::Not(Mark::of(c)),
        _ => match c.general_category_group() {
            GeneralCategoryGroup::Letter
            | GeneralCategoryGroup::Mark
            | GeneralCategoryGroup::Number
            | GeneralCategoryGroup::Punctuation
            | GeneralCategoryGroup::Symbol => Allowed::Kept,
            GeneralCategoryGroup::Separator => Allowed::Space,
            GeneralCategoryGroup::Other if c.general_category() == GeneralCategory::Unassigned => {
                Allowed::Not(Mark::Unassigned)
            }
            GeneralCategoryGroup::Other => Allowed::Not(Mark::of(c)),
        },
    }
}

/// Letters, marks and symbols that show nothing: Default_Ignorable_Code_Point (DerivedCoreProperties.txt)
/// as far as the general category would pass them, and three more blanks.
fn is_never_seen(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}'
        | '\u{fffc}' | '\u{16fe4}' | '\u{1d159}')
}

/// Judges the joiners and composes, until nothing changes. What one round takes out can bring
/// together what the next one joins; three rounds are enough for any text that was written, and then
/// a line without joiners cannot change again.
fn settle(line: &mut Zeroizing<String>, spare: &mut Zeroizing<String>, marks: &mut Marks, number: u64) {
    if line.is_ascii() {
        return;
    }
    for round in 0..=ROUNDS {
        let joiners = if round < ROUNDS { Joiners::Judged } else { Joiners::Dropped };
        judge_joiners(line, spare, joiners, marks, number);
        let is_settled = line.as_str() == spare.as_str() && is_nfc(line);
        if is_settled {
            break;
        }
        if is_nfc(spare) {
            std::mem::swap(line, spare);
        } else {
            marks.note(Mark::Composition, number);
            line.clear();
            spare.nfc().for_each(|c| buffer::push(line, c));
        }
    }
}

const ROUNDS: usize = 3;

enum Joiners {
    Judged,
    Dropped,
}

fn judge_joiners(from: &str, to: &mut Zeroizing<String>, joiners: Joiners, marks: &mut Marks, number: u64) {
    to.clear();
    let mut rest = from.chars();
    while let Some(c) = rest.next() {
        if !JOINERS.contains(&c) {
            buffer::push(to, c);
            continue;
        }
        // Of several in a row at most one is spelling. Each is met once, so that time stays linear.
        let after = rest.as_str().trim_start_matches(JOINERS);
        let mut spelt = matches!(joiners, Joiners::Dropped);
        let mut next = Some(c);
        while let Some(joiner) = next {
            if !spelt && is_spelling(to, joiner, after) {
                buffer::push(to, joiner);
                spelt = true;
            } else {
                marks.note(Mark::Character(joiner), number);
            }
            next = rest.as_str().starts_with(JOINERS).then(|| rest.next()).flatten();
        }
    }
}

const JOINERS: [char; 2] = [NON_JOINER, JOINER];

/// Takes out the blanks at the end. In a table of so many `tabs` a line, those stay that make its last fields.
fn strip(line: &mut Zeroizing<String>, tabs: &mut Option<usize>, marks: &mut Marks, number: u64) {
    let seen = line.trim_end_matches([' ', '\t']);
    let (end, within) = (seen.len(), seen.matches('\t').count());
    // It is no table if what ended its first line is gone.
    *tabs = tabs.filter(|tabs| number > 1 || within == *tabs);
    // Lines behind the table have none.
    let has = line.matches('\t').count();
    let kept = tabs.filter(|tabs| *tabs == has).map_or(0, |tabs| tabs.saturating_sub(within));
    let blanks = line.len().saturating_sub(end);
    if blanks == kept && line.bytes().rev().take(kept).all(|byte| byte == b'\t') {
        return;
    }
    marks.note_many(Mark::TrailingBlanks, number, u64::try_from(blanks.saturating_sub(kept)).unwrap_or(u64::MAX));
    line.truncate(end);
    (0..kept).for_each(|_| buffer::push(line, '\t'));
}

/// How the lines of the original end.
#[derive(Default)]
struct Ends {
    lf: u64,
    crlf: u64,
    cr: u64,
}

impl Ends {
    fn note(&mut self, end: End) {
        let count = match end {
            End::Lf => &mut self.lf,
            End::CrLf => &mut self.crlf,
            End::Cr => &mut self.cr,
            End::Odd(_) | End::Text => return,
        };
        *count = count.saturating_add(1);
    }

    fn tell(&self, findings: &mut Findings) {
        let kinds = [(self.lf, "LF"), (self.crlf, "CRLF"), (self.cr, "CR")];
        let met: Vec<String> =
            kinds.iter().filter(|(count, _)| *count > 0).map(|(count, name)| format!("{name} ×{count}")).collect();
        match (self.lf, self.crlf, self.cr) {
            (_, 0, 0) => {}
            (0, _, 0) => findings.removed_value(Category::Software, "line endings", "CRLF"),
            (0, 0, _) => findings.removed_value(Category::Software, "line endings", "CR"),
            // Which line has which can spell something.
            _ => findings.removed_value(Category::Watermark, "line endings", &met.join(", ")),
        }
    }
}
