//! AVI, also OpenDML. Writes headers with the numbers that players need, the pictures and the sound, and an index.
//!
//! Sources: Multimedia Programming Interface and Data Specifications 1.0; AVI RIFF File Reference (Microsoft); OpenDML
//! AVI File Format Extensions 1.02. The chunks of `movi` stay in their order, and lists among them are dissolved. What
//! is in a picture or a sound is cleaned by [`super::codec`].

mod dropped;
mod frames;
mod header;
mod index;
mod movi;
mod stream;
#[cfg(test)]
mod tests;
mod verify;

use super::cursor::Cursor;
use super::{Draft, Format, Plan, Reason, Refusal};
use header::Header;
use movi::Entry;
use stream::{Coded, Stream};

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "video/x-msvideo",
    extension: "avi",
    aliases: &["divx"],
    name: "AVI",
    recognise,
    clean,
    verify: verify::verify,
};

fn recognise(head: &[u8]) -> bool {
    head.starts_with(b"RIFF") && head.get(8..12) == Some(b"AVI ")
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut layout = header::layout(cursor)?;
    let header = header::read(cursor, layout.hdrl, &mut layout.findings)?;
    let flags = index::Flags::read(cursor, &layout, &header)?;
    let entries = movi::entries(cursor, &mut layout, &header, &flags)?;
    let mut plan = Plan::default();
    draft(cursor, &header, &entries, &mut plan, &mut layout.findings)?;
    Ok(Draft::new(plan, layout.findings))
}

/// `RIFF AVI LIST hdrl LIST movi idx1`
fn draft(
    cursor: &mut Cursor<'_>,
    header: &Header,
    entries: &[Entry],
    plan: &mut Plan,
    findings: &mut super::Findings,
) -> Result<(), Refusal> {
    let hdrl = hdrl(header, entries);
    let movi = entries.iter().map(Entry::written_len).fold(4, u64::saturating_add);
    let index = u64::try_from(entries.len()).unwrap_or(u64::MAX).saturating_mul(16);
    // `AVI `, and the heads of three chunks.
    let all = u64::try_from(hdrl.len())
        .unwrap_or(u64::MAX)
        .saturating_add(movi)
        .saturating_add(index)
        .saturating_add(4 + 8 + 8 + 8);
    plan.bytes(b"RIFF")?;
    plan.bytes(&size(all)?)?;
    plan.bytes(b"AVI LIST")?;
    plan.bytes(&size(u64::try_from(hdrl.len()).unwrap_or(u64::MAX))?)?;
    plan.bytes(&hdrl)?;
    plan.bytes(b"LIST")?;
    plan.bytes(&size(movi)?)?;
    plan.bytes(b"movi")?;
    let mut walks = movi::Walks::new(header);
    for entry in entries {
        walks.write(cursor, entry, plan, findings)?;
    }
    plan.bytes(b"idx1")?;
    plan.bytes(&size(index)?)?;
    let mut at: u32 = 4;
    for entry in entries {
        let flags: u32 = if entry.is_key { 0x10 } else { 0 };
        let fields = [flags, at, entry.len].map(u32::to_le_bytes);
        plan.bytes(&[entry.id.as_slice(), fields.as_flattened()].concat())?;
        at = at.saturating_add(u32::try_from(entry.written_len()).unwrap_or(u32::MAX));
    }
    Ok(())
}

/// A size field. Files of 4 GiB and more would need a second RIFF chunk.
fn size(len: u64) -> Result<[u8; 4], Refusal> {
    let size = u32::try_from(len).map(u32::to_le_bytes);
    size.map_err(|_| Refusal::new(Reason::TooLarge, "RIFF size", 0))
}

/// The body of `LIST hdrl`.
fn hdrl(header: &Header, entries: &[Entry]) -> Vec<u8> {
    let mut hdrl = b"hdrlavih\x38\0\0\0".to_vec();
    let video = header.streams.iter().find(|stream| stream.is_video());
    let (width, height, micros) = video.map_or((0, 0, 0), |stream| {
        let micros = u64::from(stream.scale).saturating_mul(1_000_000).checked_div(stream.rate.into()).unwrap_or(0);
        let (width, height) = stream.size();
        (width, height, u32::try_from(micros).unwrap_or(u32::MAX))
    });
    let count = |stream: Option<&Stream>| {
        let own = |entry: &&Entry| stream.is_some_and(|stream| stream.number == usize::from(entry.stream));
        u32::try_from(entries.iter().filter(own).count()).unwrap_or(u32::MAX)
    };
    let streams = u32::try_from(header.streams.len()).unwrap_or(0);
    // AVIF_HASINDEX and AVIF_ISINTERLEAVED.
    let fields = [micros, 0, 0, 0x110, count(video), 0, streams, 0, width, height, 0, 0, 0, 0];
    hdrl.extend(fields.map(u32::to_le_bytes).as_flattened());
    for stream in &header.streams {
        let own: Vec<&Entry> = entries.iter().filter(|entry| usize::from(entry.stream) == stream.number).collect();
        let longest = own.iter().map(|entry| entry.len).max().unwrap_or(0);
        let bytes = own.iter().map(|entry| u64::from(entry.len)).fold(0, u64::saturating_add);
        let length = match stream.sample_size() {
            0 => u32::try_from(own.len()).unwrap_or(u32::MAX),
            size => u32::try_from(bytes.checked_div(size.into()).unwrap_or(0)).unwrap_or(u32::MAX),
        };
        let strl = stream.strl(length, longest);
        hdrl.extend(b"LIST");
        hdrl.extend(u32::try_from(strl.len()).unwrap_or(u32::MAX).to_le_bytes());
        hdrl.extend(strl);
    }
    hdrl
}

/// The type of a chunk in `movi`.
fn id(stream: &Stream) -> [u8; 4] {
    let number = u8::try_from(stream.number).unwrap_or(0);
    let (tens, ones) = (b'0'.saturating_add(number / 10), b'0'.saturating_add(number % 10));
    let [a, b] = match &stream.coded {
        Coded::Raw { .. } => *b"db",
        Coded::Video { .. } => *b"dc",
        Coded::Samples { .. } | Coded::Frames { .. } | Coded::Aac { .. } => *b"wb",
    };
    [tens, ones, a, b]
}
