//! Style sheets (CSS 2.1, EPUB Style Sheets): rules read as tokens and written anew by list. Keeps no address, no name
//! and no words; what is not understood is left out, rule by rule.

mod tokens;
pub(super) mod verify;
pub(super) mod words;

use super::names::Names;
use tokens::{Token, tokens};
use words::{
    MEDIA, family, is_colour, is_counted, is_element, is_keyword, is_property, is_pseudo, is_sign, is_unit, number,
};

/// What a style sheet comes to.
pub(super) struct Sheet {
    pub(super) text: String,
    /// There was something that is not understood, or that leads elsewhere.
    pub(super) is_cut: bool,
    /// There were comments.
    pub(super) had_comments: bool,
}

/// A style sheet anew. Rules for classes and identifiers that no document has are left out.
pub(super) fn sheet(text: &str, names: &mut Names) -> Sheet {
    let (tokens, had_comments) = tokens(text);
    let mut made = Making { names, out: String::new(), is_cut: false };
    made.rules(&tokens, false);
    Sheet { text: made.out, is_cut: made.is_cut, had_comments }
}

/// The declarations of a `style` attribute anew, and whether something was left out.
pub(super) fn style(text: &str) -> (String, bool) {
    let mut is_cut = false;
    let made = declarations(&tokens(text).0, &mut is_cut);
    (made, is_cut)
}

struct Making<'n> {
    names: &'n mut Names,
    out: String,
    is_cut: bool,
}

impl Making<'_> {
    /// Rules one behind the other; within `@media` no further such rule.
    fn rules(&mut self, tokens: &[Token], is_within: bool) {
        let mut rest = tokens.iter();
        loop {
            let mut prelude = Vec::new();
            let end = rest.by_ref().find(|token| {
                let is_end = matches!(token, Token::Sign('{' | ';' | '}'));
                if !is_end {
                    prelude.push((*token).clone());
                }
                is_end
            });
            let prelude = trimmed(&prelude);
            match end {
                Some(Token::Sign('{')) => {
                    let block = block(&mut rest);
                    self.rule(prelude, &block, is_within);
                }
                Some(_) => self.statement(prelude),
                None => {
                    self.is_cut |= !prelude.is_empty();
                    return;
                }
            }
        }
    }

    fn statement(&mut self, prelude: &[Token]) {
        let is_plain = match prelude.first() {
            Some(Token::At(name)) => name == "charset" || name == "namespace",
            first => first.is_none(),
        };
        self.is_cut |= !is_plain;
    }

    fn rule(&mut self, prelude: &[Token], block: &[Token], is_within: bool) {
        match prelude.split_first() {
            Some((Token::At(name), medium)) if name == "media" && !is_within => {
                let Some(media) = media(medium) else {
                    self.is_cut = true;
                    return;
                };
                let before = std::mem::take(&mut self.out);
                self.rules(block, true);
                let inner = std::mem::replace(&mut self.out, before);
                if !inner.is_empty() {
                    self.out += &format!("@media {media}{{\n{inner}}}\n");
                }
            }
            Some((Token::At(name), [])) if name == "page" && !is_within => self.write("@page", block),
            Some((Token::At(_), _)) => self.is_cut = true,
            _ => {
                let selectors: Vec<String> = prelude
                    .split(|token| *token == Token::Sign(','))
                    .filter_map(|selector| self.selector(trimmed(selector)))
                    .collect();
                if !selectors.is_empty() {
                    self.write(&selectors.join(","), block);
                }
            }
        }
    }

    fn write(&mut self, selector: &str, block: &[Token]) {
        let made = declarations(block, &mut self.is_cut);
        if !made.is_empty() {
            self.out += &format!("{selector}{{{made}}}\n");
        }
    }

    /// A selector (Selectors Level 3) anew; none if it is not understood or selects nothing.
    fn selector(&mut self, tokens: &[Token]) -> Option<String> {
        let mut made = String::new();
        let mut rest = tokens.iter().peekable();
        while let Some(token) = rest.next() {
            let is_begun = !made.is_empty() && !made.ends_with([' ', '>', '+', '~']);
            match token {
                Token::Word(name) if !is_begun && is_element(&name.to_ascii_lowercase()) => {
                    made += &name.to_ascii_lowercase();
                }
                Token::Sign('*') if !is_begun => made.push('*'),
                Token::Sign('.') => match rest.next() {
                    Some(Token::Word(name)) => made += &format!(".{}", self.names.styled_class(name)?),
                    _ => return self.cut(),
                },
                Token::Hash(name) => made += &format!("#{}", self.names.styled_id(name)?),
                Token::Sign(':') => {
                    let is_double = rest.next_if_eq(&&Token::Sign(':')).is_some();
                    let colons = if is_double { "::" } else { ":" };
                    match (rest.next(), rest.peek().copied()) {
                        (Some(Token::Word(name)), _) if is_pseudo(&format!("{colons}{name}")) => {
                            made += &format!("{colons}{name}");
                        }
                        (Some(Token::Function(name)), Some(Token::Number(digits, unit)))
                            if is_counted(name)
                                && unit.is_empty()
                                && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
                        {
                            let number = number(digits)?;
                            rest.next();
                            if rest.next() != Some(&Token::Sign(')')) {
                                return self.cut();
                            }
                            made += &format!(":{name}({number})");
                        }
                        _ => return self.cut(),
                    }
                }
                Token::Blank if is_begun => {
                    if !matches!(rest.peek(), Some(Token::Sign('>' | '+' | '~'))) {
                        made.push(' ');
                    }
                }
                Token::Blank => {}
                Token::Sign(sign @ ('>' | '+' | '~')) if is_begun => made.push(*sign),
                _ => return self.cut(),
            }
        }
        if made.is_empty() || made.ends_with([' ', '>', '+', '~']) { self.cut() } else { Some(made) }
    }

    fn cut(&mut self) -> Option<String> {
        self.is_cut = true;
        None
    }
}

/// Tokens up to the bracket that closes the one before them.
fn block(rest: &mut std::slice::Iter<'_, Token>) -> Vec<Token> {
    let (mut depth, mut block) = (0_usize, Vec::new());
    for token in rest {
        match token {
            Token::Sign('{') => depth = depth.saturating_add(1),
            Token::Sign('}') if depth == 0 => break,
            Token::Sign('}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        block.push(token.clone());
    }
    block
}

fn trimmed(tokens: &[Token]) -> &[Token] {
    let tokens = tokens.strip_prefix(&[Token::Blank]).unwrap_or(tokens);
    tokens.strip_suffix(&[Token::Blank]).unwrap_or(tokens)
}

/// A list of media without conditions.
fn media(tokens: &[Token]) -> Option<String> {
    let names: Option<Vec<&str>> = tokens
        .split(|token| *token == Token::Sign(','))
        .map(|medium| match trimmed(medium) {
            [Token::Word(name)] => MEDIA.iter().copied().find(|known| name.eq_ignore_ascii_case(known)),
            _ => None,
        })
        .collect();
    names.map(|names| names.join(","))
}

/// Declarations anew, with a semicolon between them.
fn declarations(block: &[Token], is_cut: &mut bool) -> String {
    let mut all = Vec::new();
    for raw in block.split(|token| *token == Token::Sign(';')) {
        let raw = trimmed(raw);
        if raw.is_empty() {
            continue;
        }
        match declaration(raw) {
            Some(made) => all.push(made),
            None => *is_cut = true,
        }
    }
    all.join(";")
}

fn declaration(tokens: &[Token]) -> Option<String> {
    let (Token::Word(name), rest) = tokens.split_first()? else { return None };
    let name = name.to_ascii_lowercase();
    let rest = trimmed(rest).strip_prefix(&[Token::Sign(':')])?;
    let (value, mark) = match trimmed(rest) {
        [value @ .., Token::Sign('!'), Token::Word(word)] if word.eq_ignore_ascii_case("important") => {
            (value, "!important")
        }
        [value @ .., Token::Sign('!'), Token::Blank, Token::Word(word)] if word.eq_ignore_ascii_case("important") => {
            (value, "!important")
        }
        value => (value, ""),
    };
    if !is_property(&name) {
        return None;
    }
    let made = if name == "font-family" { families(value) } else { value_of(value) };
    made.filter(|made| !made.is_empty()).map(|made| format!("{name}:{made}{mark}"))
}

/// A list of families, without those that few have.
fn families(tokens: &[Token]) -> Option<String> {
    let kept: Vec<String> = tokens
        .split(|token| *token == Token::Sign(','))
        .filter_map(|family_tokens| {
            let mut words = Vec::new();
            for token in trimmed(family_tokens) {
                match token {
                    Token::Word(word) | Token::Text(word) => words.push(word.trim()),
                    Token::Blank => {}
                    _ => return None,
                }
            }
            family(&words.join(" "))
        })
        .collect();
    (!kept.is_empty()).then(|| kept.join(","))
}

/// A value in one form: words with one blank, a comma or a slash between them.
fn value_of(tokens: &[Token]) -> Option<String> {
    let mut made = String::new();
    let mut is_apart = true;
    for token in trimmed(tokens) {
        let word = match token {
            Token::Blank => continue,
            Token::Sign(sign @ (',' | '/')) if !is_apart => {
                made.push(*sign);
                is_apart = true;
                continue;
            }
            Token::Word(word) => Some(word.to_ascii_lowercase()).filter(|word| is_keyword(word))?,
            Token::Hash(digits) => Some(digits.to_ascii_lowercase())
                .filter(|digits| is_colour(digits))
                .map(|digits| format!("#{digits}"))?,
            Token::Number(digits, unit) if is_unit(unit) => format!("{}{unit}", number(digits)?),
            Token::Text(text) if is_sign(text) => format!("\"{text}\""),
            _ => return None,
        };
        if !is_apart {
            made.push(' ');
        }
        made += &word;
        is_apart = false;
    }
    (!is_apart).then_some(made)
}
