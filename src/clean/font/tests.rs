use super::type1::tests::program as type1_program;
use super::*;

type Verifier = fn(&[u8]) -> Result<(), Unaccounted>;

/// Cuts and flips `whole`: a cleaner may refuse, but what it makes its verifier accepts, and cleaning it again changes
/// nothing.
fn cut_and_flip(whole: &[u8], clean: fn(&[u8]) -> Result<Program, Refusal>, verify: Verifier) {
    let judge = |bytes: &[u8], what: &str, at: usize| {
        if let Ok(program) = clean(bytes) {
            verify(&program.bytes).unwrap_or_else(|error| panic!("{what} {at}: {error:?}"));
            let again = clean(&program.bytes).unwrap();
            assert!(again.bytes == program.bytes && again.renamed.is_empty(), "{what} {at}: not idempotent");
        }
    };
    for len in (0..whole.len()).step_by(3) {
        judge(&whole[..len], "cut at", len);
    }
    for at in 0..whole.len() {
        for bit in [0, 3, 7] {
            let mut flipped = whole.to_vec();
            flipped[at] ^= 1 << bit;
            judge(&flipped, "flipped at", at);
        }
    }
}

#[test]
fn damaged_programs_are_refused_or_made_whole() {
    cut_and_flip(&sfnt::tests::font(), clean_sfnt, verify_sfnt);
    cut_and_flip(&cff::tests::font(false), clean_cff, verify_cff);
    cut_and_flip(&cff::tests::font(true), clean_cff, verify_cff);
    cut_and_flip(&type1_program(), clean_type1, verify_type1);
}

#[test]
fn no_verifier_accepts_what_has_one_byte_more_or_less() {
    let verifiers: [(Vec<u8>, Verifier); 3] = [
        (clean_sfnt(&sfnt::tests::font()).unwrap().bytes, verify_sfnt),
        (clean_cff(&cff::tests::font(false)).unwrap().bytes, verify_cff),
        (clean_type1(&type1_program()).unwrap().bytes, verify_type1),
    ];
    for (bytes, verify) in verifiers {
        verify(&bytes).unwrap();
        assert!(verify(&[bytes.as_slice(), b"x"].concat()).is_err());
        assert!(verify(&bytes[..bytes.len() - 1]).is_err());
        assert!(verify(&[]).is_err());
    }
}

#[test]
fn a_program_is_told_by_its_first_bytes() {
    assert_eq!(kind(&sfnt::tests::font()), Some(Kind::TrueType));
    assert_eq!(kind(&cff::tests::font(true)), Some(Kind::Cff));
    assert_eq!(kind(&type1_program()), Some(Kind::Type1));
    assert_eq!(kind(b"OTTO"), Some(Kind::OpenType));
    assert_eq!(kind(b"%PDF"), None);
}

#[test]
fn a_program_over_the_limit_is_refused() {
    let large = vec![0; limits::FONT_BYTES_MAX + 1];
    for clean in [clean_sfnt, clean_cff, clean_type1] {
        assert_eq!(clean(&large).unwrap_err().reason, Reason::TooLarge);
        assert_eq!(clean(&large[1..]).unwrap_err().reason, Reason::Damaged);
    }
}

#[test]
fn what_is_renamed_was_not_plain_and_is_now() {
    let renamed = clean_type1(&type1_program()).unwrap().renamed;
    assert!(renamed.iter().all(|(old, new)| !plain_glyph_name(old) && plain_glyph_name(new)));
    assert_eq!(renamed.len(), 1);
}
