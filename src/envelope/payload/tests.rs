//! Payloads at every length where something changes, on one thread and on several.

use zeroize::Zeroizing;

use super::*;

const BATCH_BYTES: usize = BATCH_CHUNKS * CHUNK_BYTES;

fn key() -> Key {
    Box::new(Zeroizing::new([42; 32]))
}

fn workers(count: usize) -> NonZeroUsize {
    NonZeroUsize::new(count).unwrap()
}

fn plain(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n ^ n >> 8 ^ n >> 16) as u8).collect()
}

fn sealed(count: usize, plain: &[u8]) -> Vec<u8> {
    let mut output = Vec::new();
    seal(&key(), workers(count), plain, &mut output).unwrap();
    output
}

fn opened(count: usize, sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let mut output = Vec::new();
    open(&key(), workers(count), sealed, &mut output).map(|len| {
        assert_eq!(len, output.len() as u64);
        output
    })
}

/// What a reader gives when it gives little at a time, and is interrupted.
struct Trickle<'a>(&'a [u8], usize);

impl Read for Trickle<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.1 += 1;
        if self.1.is_multiple_of(3) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let n = buf.len().min(1 + self.1 * 7919 % 50_000);
        self.0.read(&mut buf[..n])
    }
}

#[test]
fn what_is_sealed_opens_at_every_length_on_any_number_of_threads() {
    let around = |len: usize| [len - 1, len, len + 1];
    let lens = [0, 1, 15, 16, 17].into_iter();
    let lens = lens.chain([1, 2, 7, 9].into_iter().flat_map(|chunks| around(chunks * CHUNK_BYTES)));
    for len in lens.chain([1, 2, 5].into_iter().flat_map(|batches| around(batches * BATCH_BYTES))) {
        let plain = plain(len);
        let expected = sealed(1, &plain);
        assert_eq!(expected.len(), len + TAG_BYTES * len.div_ceil(CHUNK_BYTES).max(1));
        for count in [2, 3, 20] {
            assert!(sealed(count, &plain) == expected, "{len} on {count} threads");
            assert!(opened(count, &expected).unwrap() == plain, "{len} on {count} threads");
        }
        assert!(opened(1, &expected).unwrap() == plain, "{len}");
    }
}

#[test]
fn how_the_input_comes_in_changes_nothing() {
    let plain = plain(2 * BATCH_BYTES + 12_345);
    let expected = sealed(1, &plain);
    let (mut again, mut back) = (Vec::new(), Vec::new());
    seal(&key(), workers(3), Trickle(&plain, 0), &mut again).unwrap();
    assert!(again == expected);
    open(&key(), workers(3), Trickle(&expected, 0), &mut back).unwrap();
    assert!(back == plain);
}

#[test]
fn a_payload_that_is_cut_or_goes_on_does_not_open() {
    for len in [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, BATCH_BYTES, BATCH_BYTES + 1, 2 * BATCH_BYTES] {
        let whole = sealed(1, &plain(len));
        let ends = (0..whole.len()).step_by(SEALED_CHUNK_BYTES).flat_map(|at| [at, at + 1, at + TAG_BYTES]);
        for end in ends.chain([whole.len() - 1]).filter(|end| *end < whole.len()) {
            assert!(matches!(opened(2, &whole[..end]), Err(OpenError::Payload)), "{len} cut to {end}");
        }
        for more in [1, TAG_BYTES, TAG_BYTES + 1, SEALED_CHUNK_BYTES] {
            let longer = [&whole[..], &vec![0; more]].concat();
            assert!(matches!(opened(2, &longer), Err(OpenError::Payload)), "{len} and {more} more");
        }
    }
}

#[test]
fn chunks_that_are_altered_exchanged_repeated_or_left_out_do_not_open() {
    let whole = sealed(1, &plain(20 * CHUNK_BYTES + 100));
    let chunks: Vec<&[u8]> = whole.chunks(SEALED_CHUNK_BYTES).collect();
    let check = |chunks: &[&[u8]], good: usize| {
        let mut output = Vec::new();
        let outcome = open(&key(), workers(2), &chunks.concat()[..], &mut output);
        assert!(matches!(outcome, Err(OpenError::Payload)));
        // What came out before is the beginning of what was sealed.
        assert!(output == plain(20 * CHUNK_BYTES + 100)[..good * CHUNK_BYTES]);
    };
    let mut altered = chunks[9].to_vec();
    altered[1000] ^= 1;
    check(&[&chunks[..9], &[&altered], &chunks[10..]].concat(), 9);
    check(&[&chunks[..8], &[chunks[9], chunks[8]], &chunks[10..]].concat(), 8);
    check(&[&chunks[..5], &[chunks[4]], &chunks[5..]].concat(), 5);
    check(&[&chunks[..7], &chunks[8..]].concat(), 7);
    check(&chunks[..20], 19);
    check(&chunks[..16], 15);
    check(&[&chunks[..], &[chunks[20]]].concat(), 20);
}

#[test]
fn a_failing_input_or_output_ends_it_with_its_own_error() {
    let whole = sealed(1, &plain(3 * BATCH_BYTES));
    let failing = || io::Error::from(io::ErrorKind::StorageFull);
    struct Failing<T>(T, usize, fn() -> io::Error);
    impl<R: Read> Read for Failing<R> {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            self.1 = self.1.checked_sub(1).ok_or_else(self.2)?;
            self.0.read(buf)
        }
    }
    impl<W: Write> Write for Failing<W> {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            self.1 = self.1.checked_sub(1).ok_or_else(self.2)?;
            self.0.write(buf)
        }
        fn flush(&mut self) -> io::Result<()> {
            self.0.flush()
        }
    }
    for after in [0, 1, 10, 20] {
        for count in [1, 2] {
            let input = Failing(&whole[..], after, failing);
            assert!(matches!(seal(&key(), workers(count), input, &mut Vec::new()), Err(SealError::Read(_))));
            let input = Failing(&whole[..], after, failing);
            assert!(matches!(open(&key(), workers(count), input, &mut Vec::new()), Err(OpenError::Read(_))));
            let mut output = Failing(Vec::new(), after, failing);
            assert!(matches!(open(&key(), workers(count), &whole[..], &mut output), Err(OpenError::Write(_))));
            let mut output = Failing(Vec::new(), after / 8, failing);
            assert!(matches!(seal(&key(), workers(count), &whole[..], &mut output), Err(SealError::Write(_))));
        }
    }
}
