//! Reads a produced HEIF file and accounts for every byte, by a grammar of its own. Shares with the cleaner the coded
//! pictures and the canonical profile, and repairs nothing.
//!
//! `ftyp meta? moov? mdat`, where
//! `meta = hdlr pitm iinf iref? iprp(ipco ipma) idat? iloc`, and `mdat` holds the coded items in the order of their
//! numbers, then the samples of the pictures and those of their alpha. Items are numbered in the order in which they
//! are first mentioned, properties too.

mod derived;
mod links;
mod movie;
mod part;
mod property;
mod still;

use std::io::Read;

use crate::clean::Unaccounted;
use crate::clean::codec::Codec;
use crate::clean::produced::Produced;
use crate::limits;
use movie::Movie;
use still::Still;

/// Accounts for a file coded by HEVC.
pub(super) fn heic(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    file(produced, |major| matches!(major, b"heic" | b"hevc"))
}

/// Accounts for a file coded by AV1.
pub(super) fn avif(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    file(produced, |major| matches!(major, b"avif" | b"avis"))
}

/// Accounts for a file coded by AVC or several codecs.
pub(super) fn heif(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    file(produced, |major| matches!(major, b"avci" | b"mif1" | b"msf1"))
}

/// Coded bytes in `mdat`.
#[derive(Clone, Copy, Debug)]
struct Coded {
    codec: Codec,
    len: u64,
}

/// Bytes of `meta` or `moov`: what is written of an index is about as long as what was read, with every item named in
/// four places.
const INDEX_BYTES_MAX: usize = 3 * limits::HEIF_META_BYTES_MAX;

fn file(produced: &mut dyn Read, is_ours: fn(&[u8; 4]) -> bool) -> Result<(), Unaccounted> {
    let mut produced = Produced::new(produced);
    let (kind, body) = boxed(&mut produced)?;
    let brands = if kind == *b"ftyp" { body } else { return produced.wrong("ftyp") };
    let (mut still, mut movie) = (None, None);
    let (mut kind, mut len) = head(&mut produced)?;
    if kind == *b"meta" {
        let body = body_of(&mut produced, len)?;
        let read = Still::read(&body).map_err(|part| Unaccounted::new(part, produced.at()))?;
        still = Some(read);
        (kind, len) = head(&mut produced)?;
    }
    if kind == *b"moov" {
        let body = body_of(&mut produced, len)?;
        let read = Movie::read(&body).map_err(|part| Unaccounted::new(part, produced.at()))?;
        movie = Some(read);
        (kind, len) = head(&mut produced)?;
    }
    let kinds = still
        .iter()
        .flat_map(|still: &Still| still.kinds.iter())
        .chain(movie.iter().flat_map(|movie: &Movie| &movie.kinds));
    let kinds: Vec<[u8; 4]> = kinds.copied().collect();
    let expected = expected_brands(&kinds, movie.is_some());
    if kinds.is_empty() || brands != expected || !brands.first_chunk::<4>().is_some_and(is_ours) {
        return produced.wrong("ftyp");
    }
    let items = still.iter().flat_map(|still| &still.data);
    let samples = movie.iter().flat_map(|movie| movie.tracks.iter().flat_map(|track| &track.data));
    let total =
        |coded: &mut dyn Iterator<Item = &Coded>| coded.fold(0u64, |total, coded| total.saturating_add(coded.len));
    let (items_len, samples_len) = (total(&mut items.clone()), total(&mut samples.clone()));
    if kind != *b"mdat" || len != items_len.saturating_add(samples_len) {
        return produced.wrong("mdat");
    }
    let at = produced.at();
    let is_placed = still.as_ref().is_none_or(|still| still.data_at == at)
        && movie.as_ref().is_none_or(|movie| movie.is_placed(at.saturating_add(items_len), len));
    if !is_placed {
        return produced.wrong("iloc, stco");
    }
    for coded in items.chain(samples) {
        let end = produced.at().saturating_add(coded.len);
        coded.codec.verify(&mut produced, coded.len)?;
        if produced.at() != end {
            return produced.wrong("length of a coded picture");
        }
    }
    produced.end("bytes after the end")
}

/// The one form of `ftyp` for what is in the file.
fn expected_brands(kinds: &[[u8; 4]], has_movie: bool) -> &'static [u8] {
    let only = |kind: &[u8; 4]| kinds.iter().all(|own| own == kind);
    match (only(b"hvc1"), only(b"av01"), only(b"avc1"), has_movie) {
        (true, _, _, false) => b"heic\0\0\0\0mif1heic",
        (_, true, _, false) => b"avif\0\0\0\0avifmif1miaf",
        (_, _, true, false) => b"avci\0\0\0\0mif1avci",
        (_, _, _, false) => b"mif1\0\0\0\0mif1",
        (true, _, _, true) => b"hevc\0\0\0\0msf1hevcmif1heiciso8",
        (_, true, _, true) => b"avis\0\0\0\0avifavismsf1mif1miafiso8",
        (_, _, _, true) => b"msf1\0\0\0\0msf1mif1iso8",
    }
}

/// Type and length of body of the next box. The long form only where the short one does not do.
fn head(produced: &mut Produced<'_>) -> Result<([u8; 4], u64), Unaccounted> {
    let size = u32::from_be_bytes(produced.array()?);
    let kind = produced.array()?;
    match size {
        1 => match u64::from_be_bytes(produced.array()?).checked_sub(16) {
            Some(len) if len.saturating_add(8) > u32::MAX.into() => Ok((kind, len)),
            _ => produced.wrong("box size"),
        },
        size => match size.checked_sub(8) {
            Some(len) => Ok((kind, len.into())),
            None => produced.wrong("box size"),
        },
    }
}

fn boxed(produced: &mut Produced<'_>) -> Result<([u8; 4], Vec<u8>), Unaccounted> {
    let (kind, len) = head(produced)?;
    Ok((kind, body_of(produced, len)?))
}

fn body_of(produced: &mut Produced<'_>, len: u64) -> Result<Vec<u8>, Unaccounted> {
    match usize::try_from(len) {
        Ok(len) if len <= INDEX_BYTES_MAX => produced.bytes(len),
        _ => produced.wrong("box size"),
    }
}
