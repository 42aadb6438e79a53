//! Type 1 programs (Adobe Type 1 Font Format): written anew in one form, outlines and hints unchanged. Never keeps a
//! name, a notice, an identifier, or a subroutine that no glyph runs.

mod charstring;
mod crypt;
mod parse;
mod token;
mod verify;

use std::collections::BTreeMap;

use super::names::Renaming;
use super::reached::Reached;
use super::{Program, damaged};
use crate::clean::Refusal;
use crate::limits;
use charstring::{ENDCHAR, Subroutines, Walk};
use crypt::{CHARSTRING, EEXEC, encrypted};
use parse::{Encoding, Parsed};

pub(super) use verify::verify;

/// What stands before and behind something.
type Around = [&'static [u8]; 2];

/// A key, what stands around its numbers, and what they usually are.
type Entry = (&'static [u8], Around, &'static [&'static [u8]]);

/// The first line.
const FIRST: &[u8] = b"%!PS-AdobeFont-1.0: F\n10 dict begin\n/FontName /F def\n/FontType 1 def\n";
/// Keys of the font itself, each with what stands around its numbers, and what it is where the program does not say.
const CLEAR: [Entry; 4] = [
    (b"PaintType", [b"", b" def\n"], &[b"0"]),
    (b"StrokeWidth", [b"", b" def\n"], &[]),
    (b"FontMatrix", [b"[", b"] readonly def\n"], &[b"0.001", b"0", b"0", b"0.001", b"0", b"0"]),
    (b"FontBBox", [b"{", b"} readonly def\n"], &[b"0", b"0", b"0", b"0"]),
];
/// How an encoding of a font's own begins and ends.
const CUSTOM: Around = [b"/Encoding 256 array\n0 1 255 {1 index exch /.notdef put} for\n", b"readonly def\n"];
/// The end of the clear text.
const EEXEC_FOLLOWS: &[u8] = b"currentdict end\ncurrentfile eexec\n";
/// The start of the encrypted portion.
const PRIVATE_FOLLOWS: &[u8] = b"dup /Private 20 dict dup begin
/RD {string currentfile exch readstring pop} executeonly def
/ND {noaccess def} executeonly def
/NP {noaccess put} executeonly def
/MinFeature {16 16} def
/password 5839 def
";
/// Keys of the Private dictionary.
const PRIVATE: [(&[u8], Around); 13] = [
    (b"BlueValues", [b"[", b"] def\n"]),
    (b"OtherBlues", [b"[", b"] def\n"]),
    (b"FamilyBlues", [b"[", b"] def\n"]),
    (b"FamilyOtherBlues", [b"[", b"] def\n"]),
    (b"BlueScale", [b"", b" def\n"]),
    (b"BlueShift", [b"", b" def\n"]),
    (b"BlueFuzz", [b"", b" def\n"]),
    (b"StdHW", [b"[", b"] def\n"]),
    (b"StdVW", [b"[", b"] def\n"]),
    (b"StemSnapH", [b"[", b"] def\n"]),
    (b"StemSnapV", [b"[", b"] def\n"]),
    (b"LanguageGroup", [b"", b" def\n"]),
    (b"ExpansionFactor", [b"", b" def\n"]),
];
const FORCE_BOLD: &[u8] = b"/ForceBold true def\n";
/// Readers have flex and the change of hints built in; the last procedure says that hints do not change.
const OTHER_SUBRS: &[u8] = b"/OtherSubrs [{}{}{}{pop 3}] def\n";
/// The end of the encrypted portion.
const CLOSE: &[u8] =
    b"end\nend\nreadonly put\nnoaccess put\ndup /FontName get exch definefont pop\nmark currentfile closefile\n";
/// Where a program has no glyph for what is missing: nothing, 500 wide.
const NOTDEF: [u8; 5] = [139, 248, 136, 13, ENDCHAR];

/// Writes a font anew.
pub(super) fn clean(bytes: &[u8]) -> Result<Program, Refusal> {
    let mut parsed = parse::parse(bytes).ok_or(damaged("Type 1 program"))?;
    if !parsed.glyphs.iter().any(|(name, _)| name == b".notdef") {
        parsed.glyphs.push((b".notdef".to_vec(), NOTDEF.to_vec()));
    }
    let (charstrings, subroutines) = trimmed(&parsed)?;
    let mut renaming = Renaming::new(parsed.glyphs.iter().map(|(name, _)| name.as_slice()));
    let (mut glyphs, mut names) = (Vec::new(), BTreeMap::new());
    for (number, ((name, _), charstring)) in parsed.glyphs.iter().zip(charstrings).enumerate() {
        let new = renaming.name(number, name);
        glyphs.push((new.clone(), charstring));
        names.insert(name.as_slice(), new);
    }
    let clear = clear(&parsed, &names);
    let private = encrypted(&private(&parsed, &subroutines, &glyphs), EEXEC);
    let trailer = trailer();
    let lengths = [clear.len(), private.len(), trailer.len()];
    let mut program = Program::new([clear, private, trailer].concat(), renaming.into_map());
    program.lengths = lengths;
    Ok(program)
}

/// Every charstring and subroutine without what is never run. A glyph that cannot be run draws nothing, as readers have
/// it; what it had run before does not count.
fn trimmed(parsed: &Parsed) -> Result<(Vec<Vec<u8>>, Subroutines), Refusal> {
    let mut sound = vec![true; parsed.glyphs.len()];
    let mut steps = limits::FONT_STEPS_MAX;
    loop {
        let mut walk = Walk::new(&parsed.subroutines, steps);
        let mut all = Vec::with_capacity(parsed.glyphs.len());
        let mut failed = false;
        for ((_, charstring), sound) in parsed.glyphs.iter().zip(&mut sound) {
            let reached = if *sound { walk.glyph(charstring)? } else { Some(Reached::default()) };
            failed |= reached.is_none();
            *sound &= reached.is_some();
            all.push(reached.unwrap_or_default().kept(charstring, ENDCHAR));
        }
        if !failed {
            return Ok((all, walk.kept()));
        }
        steps = walk.steps;
    }
}

/// The clear text.
fn clear(parsed: &Parsed, names: &BTreeMap<&[u8], Vec<u8>>) -> Vec<u8> {
    let mut made = FIRST.to_vec();
    for (key, around, usual) in CLEAR {
        match parsed.numbers.get(key).filter(|numbers| numbers.len() == usual.len().max(1)) {
            Some(numbers) => entry(&mut made, key, numbers, around),
            None if usual.is_empty() => {}
            None => entry(&mut made, key, usual, around),
        }
    }
    match &parsed.encoding {
        Encoding::Standard => made.extend(b"/Encoding StandardEncoding def\n"),
        Encoding::IsoLatin1 => made.extend(b"/Encoding ISOLatin1Encoding def\n"),
        Encoding::Custom(codes) => {
            let [first, last] = CUSTOM;
            made.extend(first);
            // What is not in the font is not shown either.
            for (code, name) in codes.iter().filter_map(|(code, name)| Some((code, names.get(name.as_slice())?))) {
                made.extend(format!("dup {code} /").into_bytes());
                made.extend(name);
                made.extend(b" put\n");
            }
            made.extend(last);
        }
    }
    made.extend(EEXEC_FOLLOWS);
    made
}

/// `/KEY [NUMBERS] def`.
fn entry<N: AsRef<[u8]>>(made: &mut Vec<u8>, key: &[u8], numbers: &[N], [before, behind]: [&[u8]; 2]) {
    made.push(b'/');
    made.extend(key);
    made.push(b' ');
    made.extend(before);
    for (place, number) in numbers.iter().enumerate() {
        if place > 0 {
            made.push(b' ');
        }
        made.extend(number.as_ref());
    }
    made.extend(behind);
}

/// The encrypted portion, still to be encrypted.
fn private(parsed: &Parsed, subroutines: &Subroutines, glyphs: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    let mut made = PRIVATE_FOLLOWS.to_vec();
    for (key, around) in PRIVATE {
        if let Some(numbers) = parsed.numbers.get(key) {
            entry(&mut made, key, numbers, around);
        }
    }
    if parsed.force_bold {
        made.extend(FORCE_BOLD);
    }
    if let Some((last, _)) = subroutines.last_key_value() {
        made.extend(OTHER_SUBRS);
        made.extend(format!("/Subrs {} array\n", last.saturating_add(1)).into_bytes());
        for (number, subroutine) in subroutines {
            made.extend(format!("dup {number} ").into_bytes());
            binary(&mut made, subroutine, b" NP\n");
        }
        made.extend(b"ND\n");
    }
    made.extend(format!("2 index /CharStrings {} dict dup begin\n", glyphs.len()).into_bytes());
    for (name, charstring) in glyphs {
        made.push(b'/');
        made.extend(name);
        made.push(b' ');
        binary(&mut made, charstring, b" ND\n");
    }
    made.extend(CLOSE);
    made
}

/// `LENGTH RD BYTES`.
fn binary(made: &mut Vec<u8>, charstring: &[u8], behind: &[u8]) {
    let cipher = encrypted(charstring, CHARSTRING);
    made.extend(format!("{} RD ", cipher.len()).into_bytes());
    made.extend(cipher);
    made.extend(behind);
}

/// 512 zeros, and the word that clears the stack.
fn trailer() -> Vec<u8> {
    let mut made = Vec::new();
    for _ in 0..8 {
        made.extend([b'0'; 64]);
        made.push(b'\n');
    }
    made.extend(b"cleartomark\n");
    made
}

#[cfg(test)]
pub(super) mod tests;
