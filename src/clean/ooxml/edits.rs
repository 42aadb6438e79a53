//! Cuts and replaces ranges of a part before it is filtered, where what becomes of an element depends on what comes
//! behind its start tag. What stands there instead is filtered like all else.

/// Changes to one text.
#[derive(Default)]
pub(crate) struct Edits {
    /// From, to, and what stands there instead.
    list: Vec<(usize, usize, String)>,
}

impl Edits {
    /// Takes out a range.
    pub(crate) fn cut(&mut self, from: usize, to: usize) {
        self.replace(from, to, String::new());
    }

    /// Puts something else in place of a range.
    pub(crate) fn replace(&mut self, from: usize, to: usize, with: String) {
        self.list.push((from, to, with));
    }

    /// The text with all changes; of those in one another, only the outermost.
    pub(crate) fn apply(mut self, text: &str) -> String {
        self.list.sort_by_key(|(from, to, _)| (*from, std::cmp::Reverse(*to)));
        let mut out = String::with_capacity(text.len());
        let mut done = 0;
        for (from, to, with) in &self.list {
            if *from >= done {
                out.push_str(text.get(done..*from).unwrap_or_default());
                out.push_str(with);
                done = *to;
            }
        }
        out.push_str(text.get(done..).unwrap_or_default());
        out
    }
}

/// Characters as XML has them between tags.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('\r', "&#13;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outer_changes_take_the_inner_with_them() {
        let mut edits = Edits::default();
        edits.cut(2, 4);
        edits.replace(6, 9, "-".to_owned());
        edits.replace(7, 8, "x".to_owned());
        edits.replace(9, 9, "+".to_owned());
        assert_eq!(edits.apply("0123456789"), "0145-+9");
    }
}
