//! Descriptions of sound in a clean file (ISO/IEC 14496-12, 12.2.3; QuickTime, versions 0 to 2).

use super::bytes::Bytes;
use super::entry::{Description, one_of, record};
use crate::clean::Unaccounted;
use crate::clean::codec::{Codec, Record};

/// What an entry of a type holds.
#[derive(Clone, Copy)]
enum Sort {
    /// Packets, as the record in this box says.
    Recorded([u8; 4], Record),
    /// Packets that say it themselves.
    Bare,
    /// Numbers: bytes of each, or as many as the bits ask for; whether the order of bytes may be said.
    Numbers(Option<u32>, bool),
    /// Packets of 64 moments in 34 bytes, for each channel.
    Ima,
    /// Numbers, as version 2 says.
    Flagged,
}

const SORTS: &[([u8; 4], Sort)] = &[
    (*b"mp4a", Sort::Recorded(*b"esds", Record::Esds)),
    (*b"alac", Sort::Recorded(*b"alac", Record::Alac)),
    (*b"samr", Sort::Recorded(*b"damr", Record::Damr)),
    (*b"sawb", Sort::Recorded(*b"damr", Record::Damr)),
    (*b"sawp", Sort::Recorded(*b"damr", Record::Damr)),
    (*b"ac-3", Sort::Recorded(*b"dac3", Record::Dac3)),
    (*b"ec-3", Sort::Recorded(*b"dec3", Record::Dec3)),
    (*b"Opus", Sort::Recorded(*b"dOps", Record::DOps)),
    (*b"fLaC", Sort::Recorded(*b"dfLa", Record::DfLa)),
    (*b".mp3", Sort::Bare),
    (*b"ms\0U", Sort::Bare),
    (*b"sowt", Sort::Numbers(None, false)),
    (*b"twos", Sort::Numbers(None, false)),
    (*b"raw ", Sort::Numbers(Some(1), false)),
    (*b"ulaw", Sort::Numbers(Some(1), false)),
    (*b"alaw", Sort::Numbers(Some(1), false)),
    (*b"in24", Sort::Numbers(Some(3), true)),
    (*b"in32", Sort::Numbers(Some(4), true)),
    (*b"fl32", Sort::Numbers(Some(4), true)),
    (*b"fl64", Sort::Numbers(Some(8), true)),
    (*b"ima4", Sort::Ima),
    (*b"lpcm", Sort::Flagged),
];

const CHANNELS_MAX: u32 = 64;

/// What the fields say.
struct Fields {
    channels: u32,
    version: u16,
    /// Bytes and moments of a packet, where they are fixed.
    packing: Option<(u32, u32)>,
}

pub(super) fn description(stsd: &mut Bytes<'_>) -> Result<Description, Unaccounted> {
    let Some((kind, sort, mut entry)) = one_of(stsd, SORTS)? else { return stsd.wrong("audio codec") };
    let fields = fields(&mut entry, sort)?;
    let codec = match sort {
        Sort::Recorded(own, of) => match entry.optional(own)? {
            Some(body) => record(body, of)?,
            None => {
                let mut wave = wave(&mut entry, kind)?;
                let codec = record(wave.boxed(own, "codec configuration")?, of)?;
                terminated(&mut wave)?;
                codec
            }
        },
        Sort::Bare => {
            if starts(&entry, *b"wave") {
                terminated(&mut wave(&mut entry, kind)?)?;
            }
            Codec::Opaque
        }
        Sort::Numbers(_, true) if fields.version == 1 && starts(&entry, *b"wave") => {
            let mut wave = wave(&mut entry, kind)?;
            wave.expect(b"\0\0\0\x0Aenda\0\x01", "enda")?;
            terminated(&mut wave)?;
            Codec::Opaque
        }
        Sort::Numbers(..) | Sort::Ima | Sort::Flagged => Codec::Opaque,
    };
    if let Some(chan) = entry.optional(*b"chan")? {
        layout(chan, fields.channels)?;
    }
    entry.end("audio sample description")?;
    Ok(Description { codec, packing: fields.packing })
}

fn starts(list: &Bytes<'_>, kind: [u8; 4]) -> bool {
    let mut ahead = *list;
    ahead.optional(kind).is_ok_and(|body| body.is_some())
}

/// QuickTime's `wave`, up to what stands behind the type.
fn wave<'a>(entry: &mut Bytes<'a>, kind: [u8; 4]) -> Result<Bytes<'a>, Unaccounted> {
    let mut wave = entry.boxed(*b"wave", "codec configuration")?;
    wave.expect(b"\0\0\0\x0Cfrma", "frma")?;
    wave.expect(&kind, "frma")?;
    if kind == *b"mp4a" {
        wave.expect(b"\0\0\0\x0Cmp4a\0\0\0\0", "wave")?;
    }
    Ok(wave)
}

fn terminated(wave: &mut Bytes<'_>) -> Result<(), Unaccounted> {
    wave.expect(&[0, 0, 0, 8, 0, 0, 0, 0], "wave")?;
    wave.end("wave")
}

fn fields(entry: &mut Bytes<'_>, sort: Sort) -> Result<Fields, Unaccounted> {
    entry.expect(&[0, 0, 0, 0, 0, 0, 0, 1], "data_reference_index")?;
    let version = entry.u16()?;
    entry.expect(&[0; 6], "audio sample description")?;
    if version == 2 {
        return fields_of_2(entry, sort);
    }
    entry.insist(version <= 1 && !matches!(sort, Sort::Flagged), "audio sample description version")?;
    let (channels, bits) = (u32::from(entry.u16()?), entry.u16()?);
    let is_packets = matches!(sort, Sort::Recorded(..) | Sort::Bare);
    entry.insist(channels <= CHANNELS_MAX && (is_packets || channels > 0), "channelcount")?;
    let are_bits = match sort {
        Sort::Numbers(None, _) => matches!(bits, 8 | 16 | 24 | 32),
        Sort::Numbers(Some(1), _) => matches!(bits, 8 | 16),
        Sort::Recorded(_, Record::Alac | Record::DfLa) => matches!(bits, 8 | 16 | 20 | 24 | 32),
        _ => bits == 16,
    };
    entry.insist(are_bits, "samplesize")?;
    entry.expect(if version == 1 && is_packets { &[0xFF, 0xFE, 0, 0] } else { &[0; 4] }, "compression")?;
    let rate = entry.u32()?;
    entry.insist(rate.trailing_zeros() >= 16 || matches!(rate, 0x56EE_8BA3 | 0x2B77_45D1), "samplerate")?;
    let (packet, moments) = match sort {
        Sort::Numbers(bytes, _) => (bytes.unwrap_or(u32::from(bits / 8)), 1),
        Sort::Ima => (34, 64),
        Sort::Recorded(..) | Sort::Bare | Sort::Flagged => (2, 0),
    };
    let frame = packet.saturating_mul(channels);
    if version == 1 {
        let told = entry.u32()?;
        entry.insist(if is_packets { told <= 8192 } else { told == moments }, "samples per packet")?;
        let sample = if matches!(sort, Sort::Numbers(..)) { packet } else { 2 };
        for number in [packet, frame, sample] {
            let told = entry.u32()?;
            entry.insist(told == number, "bytes per packet")?;
        }
    }
    Ok(Fields { channels, version, packing: (!is_packets).then_some((frame, moments)) })
}

fn fields_of_2(entry: &mut Bytes<'_>, sort: Sort) -> Result<Fields, Unaccounted> {
    let usual = [0, 3, 0, 16, 0xFF, 0xFE, 0, 0, 0, 1, 0, 0, 0, 0, 0, 72];
    entry.expect(&usual, "audio sample description 2")?;
    let rate = f64::from_be_bytes(entry.array()?);
    entry.insist((1.0..=12_000_000.0).contains(&rate) && rate.fract() == 0.0, "samplerate")?;
    let channels = entry.u32()?;
    entry.insist((1..=CHANNELS_MAX).contains(&channels), "channelcount")?;
    entry.expect(&[0x7F, 0, 0, 0], "audio sample description 2")?;
    let [bits, flags, packet, moments] = [entry.u32()?, entry.u32()?, entry.u32()?, entry.u32()?];
    let bytes = packet.checked_div(channels).unwrap_or(0);
    let is_right = match sort {
        Sort::Flagged => {
            moments == 1
                && flags < 32
                && (1..=8).contains(&bytes)
                && bytes.checked_mul(channels) == Some(packet)
                && (1..=bytes.saturating_mul(8)).contains(&bits)
        }
        Sort::Recorded(..) | Sort::Bare => (bits, flags, packet) == (0, 0, 0) && moments <= 8192,
        Sort::Numbers(..) | Sort::Ima => false,
    };
    entry.insist(is_right, "audio sample description 2")?;
    let packing = matches!(sort, Sort::Flagged).then_some((packet, 1));
    Ok(Fields { channels, version: 2, packing })
}

/// A layout by its tag, a bitmap, or labels without coordinates.
fn layout(mut chan: Bytes<'_>, channels: u32) -> Result<(), Unaccounted> {
    chan.expect(&[0; 4], "chan")?;
    let (tag, bitmap, count) = (chan.u32()?, chan.u32()?, chan.u32()?);
    let is_right = match tag {
        0 => bitmap == 0 && count == channels,
        0x1_0000 => bitmap.count_ones() == channels && bitmap < 1 << 27 && count == 0,
        _ => tag & 0xFFFF == channels && (100..=250).contains(&(tag >> 16)) && (bitmap, count) == (0, 0),
    };
    chan.insist(is_right, "chan")?;
    for _ in 0..count {
        let label = chan.u32()?;
        chan.insist(label <= 0x3_0000, "chan label")?;
        chan.expect(&[0; 16], "chan coordinates")?;
    }
    chan.end("chan")
}
