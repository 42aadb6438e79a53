//! How deep in other files a file stands, and how much all that is in them may come to. Reads nothing itself.

use std::cell::Cell;
use std::rc::Rc;

use super::{Options, Reason, Refusal};
use crate::limits;

/// Where a file stands among those that are cleaned as parts of one another.
#[derive(Clone, Debug)]
pub(crate) struct Nesting {
    /// 0 for the file itself.
    depth: usize,
    /// Bytes that may still be taken out, of all that is in the outermost file.
    left: Rc<Cell<u64>>,
    options: Options,
}

impl Nesting {
    /// Of a file of `len` bytes that stands in no other.
    pub(crate) fn outermost(len: u64, options: Options) -> Self {
        let most = len.saturating_mul(limits::INFLATED_RATIO_MAX).saturating_add(limits::INFLATED_BYTES_MIN);
        Self { depth: 0, left: Rc::new(Cell::new(most)), options }
    }

    /// Of a file that stands in this one.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] deeper than [`limits::NESTING_MAX`].
    pub(crate) fn inner(&self) -> Result<Self, Refusal> {
        let depth = self.depth.saturating_add(1);
        if depth > limits::NESTING_MAX {
            return Err(Refusal::new(Reason::TooLarge, "files one in the other", 0));
        }
        Ok(Self { depth, left: Rc::clone(&self.left), options: self.options })
    }

    /// What was asked for, of the file and all that is in it.
    pub(crate) fn options(&self) -> Options {
        self.options
    }

    /// Bytes that may still be taken out; to be given back by [`Nesting::begin_again`].
    pub(crate) fn left(&self) -> u64 {
        self.left.get()
    }

    /// Forgets what was taken out since there were `left`, where the same is to be taken out again.
    pub(crate) fn begin_again(&self, left: u64) {
        self.left.set(left);
    }

    /// Counts `len` bytes of a member at `at` before they are taken out of a file.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] once that is more than the outermost file may come to.
    pub(crate) fn take(&self, len: u64, at: u64) -> Result<(), Refusal> {
        let left =
            self.left.get().checked_sub(len).ok_or(Refusal::new(Reason::TooLarge, "bytes of all members", at))?;
        self.left.set(left);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_stand_in_one_another_up_to_a_depth() {
        let mut nesting = Nesting::outermost(0, Options::default());
        for _ in 0..limits::NESTING_MAX {
            nesting = nesting.inner().unwrap();
        }
        assert_eq!(nesting.inner().unwrap_err().reason, Reason::TooLarge);
    }

    #[test]
    fn all_files_in_a_file_share_what_they_may_come_to() {
        let nesting = Nesting::outermost(10, Options::default());
        let most = limits::INFLATED_BYTES_MIN + 10 * limits::INFLATED_RATIO_MAX;
        nesting.inner().unwrap().take(most - 1, 0).unwrap();
        nesting.take(1, 0).unwrap();
        nesting.inner().unwrap().take(0, 0).unwrap();
        assert_eq!(nesting.take(1, 7), Err(Refusal::new(Reason::TooLarge, "bytes of all members", 7)));
    }
}
