//! The tables that say which bytes are samples, and when each is shown (ISO/IEC 14496-12, 8.6.1 and 8.7). Every count
//! is bounded before memory is taken.

use crate::clean::heif::fields::Fields;
use crate::clean::heif::location::Range;
use crate::limits;

/// So many samples one behind the other have this value.
pub(super) type Run<T> = (u32, T);

/// `stts` or `ctts`: runs, those of the same value joined. `None` if they are not of just `count` samples.
pub(super) fn runs(body: &[u8], count: usize) -> Option<Vec<Run<u32>>> {
    let mut fields = Fields::new(body);
    fields.full()?;
    let mut runs: Vec<Run<u32>> = Vec::new();
    let mut total = 0usize;
    for _ in 0..fields.u32()? {
        let (len, value) = (fields.u32()?, fields.u32()?);
        total = total.checked_add(usize::try_from(len).ok()?).filter(|&total| total <= count)?;
        match runs.last_mut() {
            _ if len == 0 => {}
            Some((last, known)) if *known == value => *last = last.checked_add(len)?,
            _ => runs.push((len, value)),
        }
    }
    (total == count).then_some(runs)
}

/// `stss`: numbers of samples that need no other, from 1, rising.
pub(super) fn sync(body: &[u8], count: usize) -> Option<Vec<u32>> {
    let mut fields = Fields::new(body);
    fields.full()?;
    let mut numbers: Vec<u32> = Vec::new();
    for _ in 0..fields.u32()? {
        let number = fields.u32()?;
        let is_rising = numbers.last().is_none_or(|&last| last < number);
        if number == 0 || !is_rising || usize::try_from(number).ok()? > count {
            return None;
        }
        numbers.push(number);
    }
    Some(numbers)
}

/// `stsz` or `stz2`: bytes of each sample.
pub(super) fn sizes(kind: [u8; 4], body: &[u8]) -> Option<Vec<u32>> {
    let mut fields = Fields::new(body);
    fields.full()?;
    let (size, count) = (fields.u32()?, usize::try_from(fields.u32()?).ok()?);
    if count > limits::HEIF_SAMPLES_MAX {
        return None;
    }
    match (&kind, size) {
        (b"stsz", 0) => (0..count).map(|_| fields.u32()).collect(),
        (b"stsz", size) => Some(vec![size; count]),
        (b"stz2", 16) => (0..count).map(|_| fields.u16().map(u32::from)).collect(),
        (b"stz2", 8) => (0..count).map(|_| fields.u8().map(u32::from)).collect(),
        (b"stz2", 4) => {
            let nibbles = fields.rest().iter().flat_map(|byte| [byte >> 4, byte & 15]);
            let sizes: Vec<u32> = nibbles.take(count).map(u32::from).collect();
            (sizes.len() == count).then_some(sizes)
        }
        _ => None,
    }
}

/// `stco` or `co64`: where each chunk begins.
pub(super) fn chunks(kind: [u8; 4], body: &[u8]) -> Option<Vec<u64>> {
    let mut fields = Fields::new(body);
    fields.full()?;
    let count = fields.u32()?;
    (usize::try_from(count).ok()? <= limits::HEIF_SAMPLES_MAX).then_some(())?;
    (0..count).map(|_| fields.sized(if kind == *b"co64" { 8 } else { 4 })).collect()
}

/// By `stsc`, where each sample lies. `None` if the tables do not agree, or a sample has no bytes or lies outside.
pub(super) fn samples(stsc: &[u8], chunks: &[u64], sizes: &[u32], file_len: u64) -> Option<Vec<Range>> {
    let mut fields = Fields::new(stsc);
    fields.full()?;
    let mut steps: Vec<(usize, u32)> = Vec::new();
    for _ in 0..fields.u32()? {
        let (first, per_chunk) = (usize::try_from(fields.u32()?).ok()?, fields.u32()?);
        let 1 = fields.u32()? else { return None };
        let is_rising = steps.last().map_or(first == 1, |&(last, _)| last < first);
        if !is_rising || per_chunk == 0 {
            return None;
        }
        steps.push((first, per_chunk));
    }
    let mut steps = steps.into_iter().peekable();
    let mut sizes = sizes.iter();
    let mut samples = Vec::with_capacity(sizes.len());
    let mut per_chunk = 0;
    for (chunk, &at) in (1usize..).zip(chunks) {
        if let Some((_, next)) = steps.next_if(|&(first, _)| first == chunk) {
            per_chunk = next;
        }
        let mut at = at;
        for _ in 0..per_chunk {
            let Some(&len) = sizes.next() else { break };
            let sample = Range { at, len: len.into() };
            if len == 0 || sample.end() > file_len {
                return None;
            }
            at = sample.end();
            samples.push(sample);
        }
    }
    sizes.next().is_none().then_some(samples)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_as_many_as_their_limit() {
        let count = |more: i64| i64::try_from(limits::HEIF_SAMPLES_MAX).unwrap() + more;
        let stsz = |more: i64| [[0; 4], 9u32.to_be_bytes(), u32::try_from(count(more)).unwrap().to_be_bytes()].concat();
        assert_eq!(sizes(*b"stsz", &stsz(-1)).map(|sizes| sizes.len()), usize::try_from(count(-1)).ok());
        assert_eq!(sizes(*b"stsz", &stsz(0)).map(|sizes| sizes.len()), Some(limits::HEIF_SAMPLES_MAX));
        assert_eq!(sizes(*b"stsz", &stsz(1)), None);
    }

    #[test]
    fn sizes_have_four_forms() {
        assert_eq!(sizes(*b"stsz", b"\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\0\x05\0\0\0\x06"), Some(vec![5, 6]));
        assert_eq!(sizes(*b"stz2", b"\0\0\0\0\0\0\0\x10\0\0\0\x02\0\x05\0\x06"), Some(vec![5, 6]));
        assert_eq!(sizes(*b"stz2", b"\0\0\0\0\0\0\0\x08\0\0\0\x02\x05\x06"), Some(vec![5, 6]));
        assert_eq!(sizes(*b"stz2", b"\0\0\0\0\0\0\0\x04\0\0\0\x03\x56\x70"), Some(vec![5, 6, 7]));
        assert_eq!(sizes(*b"stz2", b"\0\0\0\0\0\0\0\x05\0\0\0\x02\x05\x06"), None);
    }

    #[test]
    fn chunks_give_samples_their_places() {
        let stsc = b"\0\0\0\0\0\0\0\x02\0\0\0\x01\0\0\0\x02\0\0\0\x01\0\0\0\x02\0\0\0\x01\0\0\0\x01";
        let places = |file_len| samples(stsc, &[100, 50], &[5, 6, 7], file_len);
        let at = |at, len| Range { at, len };
        assert_eq!(places(111), Some(vec![at(100, 5), at(105, 6), at(50, 7)]));
        assert_eq!(places(110), None);
        assert_eq!(samples(stsc, &[100], &[5, 6, 7], 200), None);
        assert_eq!(samples(stsc, &[100, 50], &[5, 0, 7], 200), None);
    }

    #[test]
    fn runs_are_joined_and_just_as_many_as_samples() {
        let stts = b"\0\0\0\0\0\0\0\x03\0\0\0\x02\0\0\0\x09\0\0\0\x01\0\0\0\x09\0\0\0\0\0\0\0\x07";
        assert_eq!(runs(stts, 3), Some(vec![(3, 9)]));
        assert_eq!(runs(stts, 2), None);
        assert_eq!(runs(stts, 4), None);
    }
}
