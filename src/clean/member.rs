//! A file that stands in another: cleaned by what it is, and verified, like any other. What is said of it begins with
//! its name.

use super::cursor::Cursor;
use super::nesting::Nesting;
use super::{Findings, Format, Plan, Refusal, cleaned};

/// A clean member as pieces of the outer file, for what is stored there as it is.
pub(crate) struct Part {
    pub(crate) plan: Plan,
    /// CRC-32 of what the plan produces.
    pub(crate) crc: u32,
    /// What that is of.
    pub(crate) format: &'static Format,
}

/// Cleans the `bytes` of a member, which have been taken out of a file that stands at `nesting`: the clean bytes, and
/// the format they are of.
///
/// # Errors
/// Whatever its own cleaner or verifier has against it, with its name; also where it stands too deep.
pub(crate) fn clean(
    name: &str,
    bytes: &[u8],
    nesting: &Nesting,
    findings: &mut Findings,
) -> Result<(Vec<u8>, &'static Format), Refusal> {
    let cleaned = nesting.inner().and_then(|inner| cleaned::clean_within(bytes, &inner));
    let (bytes, said, format) = cleaned.map_err(|refusal| refusal.within(name))?;
    findings.append_within(name, said);
    Ok((bytes, format))
}

/// Cleans a member that stands in the file under `cursor` as it is, at `at`. However large it is, it takes no memory.
///
/// # Errors
/// As for [`clean`].
pub(crate) fn part(
    name: &str,
    cursor: &mut Cursor<'_>,
    (at, len): (u64, u64),
    findings: &mut Findings,
) -> Result<Part, Refusal> {
    let inner = cursor.nesting().inner();
    let cleaned = inner.and_then(|inner| cursor.within(at, len, |reader| cleaned::clean_part(reader, &inner)));
    let (plan, crc, said, format) = cleaned.map_err(|refusal| refusal.within(name))?;
    findings.append_within(name, said);
    let mut moved = Plan::default();
    moved.append_moved(&plan, at)?;
    Ok(Part { plan: moved, crc, format })
}

#[cfg(test)]
mod tests {
    use std::io::{self, Read};

    use super::*;
    use crate::clean::memory::{fixture, produced};
    use crate::clean::{Options, Reason};
    use crate::limits;

    #[test]
    fn a_member_is_cleaned_as_the_file_it_is() {
        let dirty = fixture("dirty/24.aiff");
        let (clean_alone, found) = produced(&dirty).unwrap();
        let nesting = Nesting::outermost(0, Options::default());
        let mut findings = Findings::default();
        let (bytes, format) = clean("a/b.txt", &dirty, &nesting, &mut findings).unwrap();
        assert!(bytes == clean_alone && format.extension == "aiff");
        let places: Vec<_> = findings.into_vec().into_iter().map(|finding| finding.place).collect();
        let expected: Vec<_> = found.into_iter().map(|finding| format!("a/b.txt: {}", finding.place)).collect();
        assert_eq!(places, expected);
        // And so where it stands in the file as it is.
        let mut outer = io::Cursor::new([b"before", &dirty[..], b"behind"].concat());
        let mut cursor = Cursor::new(&mut outer).unwrap();
        cursor.go_to(3, "").unwrap();
        let len = u64::try_from(dirty.len()).unwrap();
        let cleaned = part("a", &mut cursor, (6, len), &mut Findings::default()).unwrap();
        assert_eq!(&cursor.array::<3>("").unwrap(), b"ore");
        let mut bytes = Vec::new();
        cleaned.plan.reader(&mut outer).read_to_end(&mut bytes).unwrap();
        assert!(bytes == clean_alone);
        assert_eq!((cleaned.crc, cleaned.format.extension), (crc32fast::hash(&bytes), "aiff"));
    }

    #[test]
    fn a_refused_member_is_named_with_all_it_stands_in() {
        let nesting = Nesting::outermost(0, Options::default());
        let refusal = clean("b.bin", &[0, 1, 2, 0xFF], &nesting, &mut Findings::default()).unwrap_err();
        assert_eq!((refusal.reason.clone(), refusal.inside.clone()), (Reason::Unknown, vec!["b.bin".to_owned()]));
        assert_eq!(refusal.within("a.zip").inside, ["a.zip", "b.bin"]);
        let mut deepest = nesting;
        for _ in 0..limits::NESTING_MAX {
            assert!(clean("a.txt", b"words", &deepest, &mut Findings::default()).is_ok());
            deepest = deepest.inner().unwrap();
        }
        let refusal = clean("a.txt", b"words", &deepest, &mut Findings::default()).unwrap_err();
        assert_eq!((refusal.reason, refusal.inside), (Reason::TooLarge, vec!["a.txt".to_owned()]));
    }
}
