//! The limits of a survey, at their edges.

use std::io::Cursor as Bytes;

use super::{Carrier, Cursor, Reason, Survey, limits};

/// A survey of a grey picture of one pixel, which inflates to two bytes; and what `next` says of a
/// tIME chunk after IHDR.
fn survey(next: impl FnOnce(&mut Survey, &mut Cursor<'_>) -> Option<Reason>) -> Option<Reason> {
    let mut bytes = b"\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x01\0\0\0\x01\x08\0\0\0\0".to_vec();
    bytes.extend_from_slice(&crc32fast::hash(&bytes[12..]).to_be_bytes());
    bytes.extend_from_slice(b"\0\0\0\0tIME\0\0\0\0");
    let mut reader = Bytes::new(bytes);
    let mut cursor = Cursor::new(&mut reader).unwrap();
    next(&mut Survey::start(&mut cursor).unwrap(), &mut cursor)
}

#[test]
fn pictures_beyond_the_inflated_limit_are_refused() {
    for (before, refused) in [(3, None), (2, None), (1, Some(Reason::TooLarge))] {
        let found = survey(|survey, _| {
            survey.inflated = limits::PNG_INFLATED_BYTES_MAX - before;
            survey.start_picture(survey.shape, Carrier::Idat, 0).err().map(|refusal| refusal.reason)
        });
        assert_eq!(found, refused);
    }
}

#[test]
fn chunks_beyond_the_limit_are_refused() {
    for (before, refused) in [(2, None), (1, None), (0, Some(Reason::TooLarge))] {
        let found = survey(|survey, cursor| {
            survey.segments = limits::SEGMENTS_MAX - before;
            survey.next_chunk(cursor).err().map(|refusal| refusal.reason)
        });
        assert_eq!(found, refused);
    }
}
