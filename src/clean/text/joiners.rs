//! Where the zero-width joiner and non-joiner are spelling, and where they are only a hidden mark.
//! Says nothing of any other character.
//!
//! After The Unicode Standard, chapters 9 and 12, and RFC 5892, appendix A: they stay where taking them
//! out would change what the reader sees.

use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_properties::UnicodeEmoji;
use unicode_script::{Script, UnicodeScript};

pub(super) const NON_JOINER: char = '\u{200c}';
pub(super) const JOINER: char = '\u{200d}';

/// Whether `joiner` is spelling, between the text `before` and the text `after` it on its line.
pub(super) fn is_spelling(before: &str, joiner: char, after: &str) -> bool {
    let Some(next) = after.chars().next() else { return false };
    if joiner == JOINER && AFTER_JOINER.contains(&next) {
        return joins_emoji(before);
    }
    let Some(last) = before.chars().next_back() else { return false };
    let Some(letter) = before.chars().rev().take(MARKS_MAX).find(|&c| !is_combining_mark(c)) else { return false };
    let script = letter.script();
    if !letter.is_alphabetic() || next.script() != script {
        return false;
    }
    match script {
        // A non-joiner shows where both sides would join; a joiner where the left side would not.
        Script::Arabic => {
            next.is_alphabetic() && !is_combining_mark(next) && joins_onward(letter) == (joiner == NON_JOINER)
        }
        Script::Syriac
        | Script::Nko
        | Script::Mongolian
        | Script::Mandaic
        | Script::Adlam
        | Script::Hanifi_Rohingya => next.is_alphabetic() && !is_combining_mark(next),
        Script::Devanagari
        | Script::Bengali
        | Script::Gurmukhi
        | Script::Gujarati
        | Script::Oriya
        | Script::Tamil
        | Script::Telugu
        | Script::Kannada
        | Script::Malayalam
        | Script::Sinhala => {
            let after_virama = is_virama(last) && next.is_alphabetic() && !is_combining_mark(next);
            // Bengali and Kannada spell ra with a following form so.
            after_virama || (joiner == JOINER && is_virama(next))
        }
        _ => false,
    }
}

/// Combining marks on one letter that are looked through, so that time stays linear.
const MARKS_MAX: usize = 8;

fn is_virama(c: char) -> bool {
    canonical_combining_class(c) == 9
}

/// Whether an Arabic letter joins the one after it: all do but those of joining type right and none
/// (ArabicShaping.txt).
fn joins_onward(letter: char) -> bool {
    !matches!(letter,
        '\u{621}'..='\u{625}' | '\u{627}' | '\u{629}' | '\u{62f}'..='\u{632}' | '\u{648}' | '\u{671}'..='\u{677}'
        | '\u{688}'..='\u{699}' | '\u{6c0}' | '\u{6c3}'..='\u{6cb}' | '\u{6cd}' | '\u{6cf}' | '\u{6d2}' | '\u{6d3}'
        | '\u{6d5}' | '\u{6ee}' | '\u{6ef}' | '\u{759}'..='\u{75b}' | '\u{76b}' | '\u{76c}' | '\u{771}' | '\u{773}'
        | '\u{774}' | '\u{778}' | '\u{779}' | '\u{870}'..='\u{882}' | '\u{88e}' | '\u{8aa}'..='\u{8ac}'
        | '\u{8ae}' | '\u{8b1}' | '\u{8b2}' | '\u{8b9}')
}

/// Whether the text ends in a picture that others are joined to, with or without a colour of skin.
fn joins_emoji(before: &str) -> bool {
    let mut back = before.chars().rev();
    let last = back.next();
    let picture = if last.is_some_and(is_skin_tone) { back.next() } else { last };
    // Digits are emoji, too, and so are signs of Latin-1.
    picture.is_some_and(|c| c > '\u{ff}' && c.is_emoji_char() && !is_skin_tone(c))
}

fn is_skin_tone(c: char) -> bool {
    matches!(c, '\u{1f3fb}'..='\u{1f3ff}')
}

/// What a joiner may join to a picture before it (Unicode emoji-zwj-sequences.txt, 17.0), so that a joiner
/// cannot hide between any two pictures.
#[rustfmt::skip]
const AFTER_JOINER: &[char] = &[
    '↔', '↕', '☠', '♀', '♂', '⚕', '⚖', '⚧', '✈', '❄', '❤', '➡', '⬛', '🌈', '🌫', '🌾', '🍄', '🍋', '🍳', '🍼', '🎄', '🎓',
    '🎤', '🎨', '🏫', '🏭', '🐦', '🐰', '👦', '👧', '👨', '👩', '💋', '💥', '💨', '💫', '💻', '💼', '🔥', '🔧', '🔬', '🗨', '🚀', '🚒',
    '🟩', '🟫', '🤝', '🦯', '🦰', '🦱', '🦲', '🦳', '🦺', '🦼', '🦽', '🧑', '🧒', '🩰', '🩹', '🫯', '🫱', '🫲',
];
