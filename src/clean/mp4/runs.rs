//! A value for each sample, held as runs of equal ones. Knows nothing of what the values mean.

/// Values, each with the number of samples in a row that have it. No run is empty, and no two neighbours are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Runs<T> {
    list: Vec<(u32, T)>,
    samples: u64,
}

impl<T: Copy + Eq> Runs<T> {
    pub(super) fn new() -> Self {
        Self { list: Vec::new(), samples: 0 }
    }

    /// `count` more samples have `value`.
    pub(super) fn push(&mut self, count: u32, value: T) {
        if count == 0 {
            return;
        }
        self.samples = self.samples.saturating_add(count.into());
        if let Some((last, held)) = self.list.last_mut()
            && *held == value
            && let Some(sum) = last.checked_add(count)
        {
            *last = sum;
            return;
        }
        self.list.push((count, value));
    }

    pub(super) fn list(&self) -> &[(u32, T)] {
        &self.list
    }

    pub(super) fn samples(&self) -> u64 {
        self.samples
    }

    pub(super) fn last(&self) -> Option<T> {
        self.list.last().map(|(_, value)| *value)
    }

    /// Takes the last sample off.
    pub(super) fn pop(&mut self) -> Option<T> {
        let (count, value) = self.list.last_mut()?;
        let value = *value;
        *count = count.saturating_sub(1);
        if *count == 0 {
            self.list.pop();
        }
        self.samples = self.samples.saturating_sub(1);
        Some(value)
    }

    /// Makes it `samples` long: cuts what is too much, and gives what is missing `filling`.
    pub(super) fn resize(&mut self, samples: u32, filling: T) {
        let wanted = u64::from(samples);
        while self.samples > wanted {
            let Some((count, _)) = self.list.last_mut() else { return };
            let surplus = self.samples.saturating_sub(wanted);
            let cut = u32::try_from(surplus).unwrap_or(u32::MAX).min(*count);
            *count = count.saturating_sub(cut);
            if *count == 0 {
                self.list.pop();
            }
            self.samples = self.samples.saturating_sub(cut.into());
        }
        let missing = wanted.saturating_sub(self.samples);
        self.push(u32::try_from(missing).unwrap_or(u32::MAX), filling);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_merge_grow_and_shrink() {
        let mut runs = Runs::new();
        runs.push(2, 5_u32);
        runs.push(0, 9);
        runs.push(3, 5);
        runs.push(1, 7);
        assert_eq!((runs.list(), runs.samples()), ([(5, 5), (1, 7)].as_slice(), 6));
        runs.resize(4, 0);
        assert_eq!(runs.list(), [(4, 5)]);
        runs.resize(6, 1);
        assert_eq!(runs.list(), [(4, 5), (2, 1)]);
        assert_eq!((runs.pop(), runs.pop(), runs.pop()), (Some(1), Some(1), Some(5)));
        assert_eq!((runs.list(), runs.samples()), ([(3, 5)].as_slice(), 3));
    }
}
