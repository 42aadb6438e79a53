//! Words whose letters are of a script that they do not seem to be of: marks that a reader does not see.
//! They stay, since they may be meant; the source is shown them.
//!
//! After Unicode Technical Standard #39, sections 4 and 5.1, with a small table of our own.

use std::collections::VecDeque;

use unicode_script::{Script, UnicodeScript};

use crate::clean::{Category, Findings};
use crate::limits;

/// What was met so far.
#[derive(Default)]
pub(super) struct Lookalikes {
    met: Vec<(u64, String)>,
}

impl Lookalikes {
    /// Looks at a line of plain text, `number` from 1.
    pub(super) fn look(&mut self, line: &str, number: u64) {
        if line.is_ascii() || self.met.len() >= WORDS_MAX {
            return;
        }
        // A word is judged by those around it, so that it waits until these are read.
        let mut window: VecDeque<Word<'_>> = VecDeque::new();
        let mut judged = 0_usize;
        let words = line.split(|c: char| !is_of_word(c)).filter_map(Word::of);
        for word in words {
            window.push_back(word);
            if window.len() > NEIGHBOURS.saturating_add(judged) {
                self.judge(&window, judged, number);
                if judged < NEIGHBOURS {
                    judged = judged.saturating_add(1);
                } else {
                    window.pop_front();
                }
            }
        }
        (judged..window.len()).for_each(|at| self.judge(&window, at, number));
    }

    /// Says what was met.
    pub(super) fn tell(&self, findings: &mut Findings) {
        for (line, word) in &self.met {
            findings.remains(Category::Watermark, format!("line {line}"), word);
        }
    }

    fn judge(&mut self, window: &VecDeque<Word<'_>>, at: usize, number: u64) {
        let Some(word) = window.get(at) else { return };
        let stands_out = match word.kind {
            Kind::Mixed => true,
            Kind::Of(_) => false,
            Kind::Like(own) => {
                let around =
                    window.iter().enumerate().filter(|(other, _)| *other != at && other.abs_diff(at) <= NEIGHBOURS);
                word.stands_out(own, around.map(|(_, word)| word.kind))
            }
        };
        if stands_out && self.met.len() < WORDS_MAX {
            self.met.push((number, word.text.chars().take(limits::VALUE_CHARS_MAX).collect()));
        }
    }
}

/// Words that are shown.
const WORDS_MAX: usize = 20;
/// Words on either side that one is judged by.
const NEIGHBOURS: usize = 3;

struct Word<'a> {
    text: &'a str,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Letters of several scripts that look alike.
    Mixed,
    /// Of one script, and seen to be.
    Of(Script),
    /// Of one script, but could be taken for another.
    Like(Script),
}

impl<'a> Word<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut scripts = text.chars().map(|c| c.script()).filter(|script| ALIKE.contains(script));
        let own = scripts.next()?;
        if scripts.any(|script| script != own) {
            return Some(Self { text, kind: Kind::Mixed });
        }
        let all_alike = text.chars().all(is_alike);
        Some(Self { text, kind: if all_alike { Kind::Like(own) } else { Kind::Of(own) } })
    }

    /// Whether words around it are of another script than `own`, and of no word it is seen to be of its own.
    fn stands_out(&self, own: Script, around: impl Iterator<Item = Kind>) -> bool {
        let (mut others, mut first) = (0_usize, None);
        for kind in around {
            match kind {
                Kind::Of(script) if script == own => return false,
                Kind::Of(script) => {
                    if first.get_or_insert(script) != &script {
                        return false;
                    }
                    others = others.saturating_add(1);
                }
                Kind::Like(_) | Kind::Mixed => {}
            }
        }
        // Latin abbreviations and names of variables are usual among other letters.
        let letters = self.text.chars().count();
        let is_usual = own == Script::Latin
            && if letters == 1 {
                !WORDS_OF_ONE_LETTER.contains(self.text)
            } else {
                letters < 5 && !self.text.contains(char::is_lowercase)
            };
        others >= 2 && !is_usual && first.is_some_and(|script| own == Script::Latin || script == Script::Latin)
    }
}

/// Small Latin letters that are words in Russian, Ukrainian or Belarusian if they are taken for Cyrillic.
const WORDS_OF_ONE_LETTER: &str = "aoycij";

/// The scripts with letters that look alike.
const ALIKE: [Script; 4] = [Script::Latin, Script::Cyrillic, Script::Greek, Script::Armenian];

fn is_of_word(c: char) -> bool {
    c.is_alphabetic() || unicode_normalization::char::is_combining_mark(c)
}

/// Whether `c` could be taken for a letter of another script.
fn is_alike(c: char) -> bool {
    match c.script() {
        // For a Cyrillic one of the alphabets in use.
        Script::Latin => "aceijkopsxyABCEHIJKMOPSTXY".contains(c),
        // The others for Latin ones.
        Script::Cyrillic => "асԁеһіјкӏорԛѕԝхуүѵАВСԀЕԌНІӀЈКМОРԚЅТѴԜХУҮ".contains(c),
        Script::Greek => "αϲικνορυχγϳΑΒϹΕΗΙͿΚΜΝΟΡΤΧΥΖ".contains(c),
        Script::Armenian => "աոսցհյզքօՕՏՍԼ".contains(c),
        _ => false,
    }
}
