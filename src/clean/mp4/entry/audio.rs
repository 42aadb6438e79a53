//! Descriptions of sound (ISO/IEC 14496-12, 12.2.3; QuickTime, Sound Sample Descriptions 0, 1 and 2). Keeps what
//! a decoder needs to know, in the version that it stood in.

use super::{Entry, Packing, configure, drop_inner, encrypted, inner, push};
use crate::clean::codec::{Codec, Record};
use crate::clean::container::bmff::Boxed;
use crate::clean::mp4::fields::Fields;
use crate::clean::{Category, Findings, Reason, Refusal};

/// What a type of entry is.
#[derive(Clone, Copy)]
enum Coding {
    /// Packets as the record in this box says.
    Record([u8; 4], Record),
    /// Packets that need no record: MP3.
    Packets,
    /// Samples one by one: bytes of each, or as many as the entry says.
    Plain(Option<u32>),
    /// Packets of a fixed size for each channel: moments and bytes.
    Fixed(u32, u32),
    /// As the flags of version 2 say.
    Flags,
}

fn coding(kind: [u8; 4]) -> Option<Coding> {
    Some(match &kind {
        b"mp4a" => Coding::Record(*b"esds", Record::Esds),
        b"alac" => Coding::Record(*b"alac", Record::Alac),
        b"samr" | b"sawb" | b"sawp" => Coding::Record(*b"damr", Record::Damr),
        b"ac-3" => Coding::Record(*b"dac3", Record::Dac3),
        b"ec-3" => Coding::Record(*b"dec3", Record::Dec3),
        b"Opus" => Coding::Record(*b"dOps", Record::DOps),
        b"fLaC" => Coding::Record(*b"dfLa", Record::DfLa),
        b".mp3" | b"ms\0U" => Coding::Packets,
        b"sowt" | b"twos" => Coding::Plain(None),
        b"raw " | b"ulaw" | b"alaw" => Coding::Plain(Some(1)),
        b"in24" => Coding::Plain(Some(3)),
        b"in32" | b"fl32" => Coding::Plain(Some(4)),
        b"fl64" => Coding::Plain(Some(8)),
        b"ima4" => Coding::Fixed(64, 34),
        b"lpcm" => Coding::Flags,
        _ => return None,
    })
}

/// The fields that mean something.
struct Format {
    version: u16,
    channels: u16,
    bits: u16,
    /// 16.16
    rate: u32,
    moments: u32,
    /// Of version 2: rate as a 64-bit float, channels, bits of a channel, flags, bytes of a packet, its moments.
    long: Option<Long>,
    /// Where the inner boxes begin.
    len: usize,
}

#[derive(Clone, Copy)]
struct Long {
    rate: f64,
    channels: u32,
    bits: u32,
    flags: u32,
    packet_bytes: u32,
    packet_moments: u32,
}

const CHANNELS_MAX: u32 = 64;
/// Whole hertz; DSD and studio rates are below.
const RATE_MAX: f64 = 12_000_000.0;
/// Float, big-endian, signed, packed, aligned high (Core Audio, formatSpecificFlags of `lpcm`).
const FLAGS_MASK: u32 = 0b1_1111;

pub(super) fn rebuild(boxed: &Boxed<'_>, list_version: u8, findings: &mut Findings) -> Result<Entry, Refusal> {
    let at = boxed.body_at;
    if let Some(refusal) = encrypted(boxed.kind, at) {
        return Err(refusal);
    }
    let coding = coding(boxed.kind).ok_or(Refusal::new(Reason::NotUnderstood, "audio codec", at))?;
    let damaged = Refusal::new(Reason::Damaged, "audio sample description", at);
    let mut format = Format::read(boxed.body, list_version).ok_or(damaged.clone())?;
    let list = boxed.body.get(format.len..).ok_or(damaged.clone())?;
    let list_at = at.saturating_add(u64::try_from(format.len).unwrap_or(0));
    let boxes = inner(list, list_at, findings)?;
    let in_wave = match boxes.iter().find(|inner| inner.kind == *b"wave") {
        Some(wave) => inner(wave.body, wave.body_at, findings)?,
        None => Vec::new(),
    };
    let find = |kind: [u8; 4]| boxes.iter().chain(&in_wave).find(|inner| inner.kind == kind);
    let mut children = Vec::new();
    let (codec, packing) = match coding {
        Coding::Record(kind, record) => {
            let missing = Refusal::new(Reason::Damaged, "codec configuration missing", at);
            let mut body = Vec::new();
            let codec = configure(record, find(kind).ok_or(missing)?, &mut body, findings)?;
            children = if in_wave.is_empty() { body } else { wave(boxed.kind, &body)? };
            (codec, None)
        }
        Coding::Packets => {
            if !in_wave.is_empty() {
                children = wave(boxed.kind, &[])?;
            }
            (Codec::Opaque, None)
        }
        Coding::Plain(bytes) => {
            if let Some(little) = find(*b"enda").and_then(|enda| enda.body.first_chunk::<2>())
                && *little == [0, 1]
                && format.version == 1
                && matches!(&boxed.kind, b"in24" | b"in32" | b"fl32" | b"fl64")
            {
                children = wave(boxed.kind, b"\0\0\0\x0Aenda\0\x01")?;
            }
            let bytes = bytes.unwrap_or(u32::from(format.sample_bits() / 8));
            (Codec::Opaque, format.pack(bytes, 1))
        }
        Coding::Fixed(moments, bytes) => (Codec::Opaque, format.pack(bytes, moments)),
        Coding::Flags => {
            let long = format.long.ok_or(Refusal::new(Reason::NotUnderstood, "lpcm description", at))?;
            (Codec::Opaque, Some(Packing { bytes: long.packet_bytes, moments: 1 }))
        }
    };
    format.settle(coding).ok_or(damaged)?;
    let mut out = format.write(coding);
    out.extend_from_slice(&children);
    if let Some(layout) = find(*b"chan").and_then(|chan| channel_layout(chan.body, format.channel_count())) {
        push(&mut out, *b"chan", &layout)?;
    }
    tell_dropped(&boxes, &in_wave, coding, findings)?;
    let mut bytes = Vec::new();
    push(&mut bytes, boxed.kind, &out)?;
    Ok(Entry { bytes, codec, packing })
}

fn tell_dropped(
    boxes: &[Boxed<'_>],
    in_wave: &[Boxed<'_>],
    coding: Coding,
    findings: &mut Findings,
) -> Result<(), Refusal> {
    let own = if let Coding::Record(kind, _) = coding { kind } else { *b"wave" };
    let mut records: usize = 0;
    for inner in boxes.iter().chain(in_wave) {
        records = records.saturating_add(usize::from(inner.kind == own));
        let is_known = inner.kind == own || matches!(&inner.kind, b"wave" | b"frma" | b"enda" | b"chan");
        // QuickTime repeats the type of the entry in `wave`.
        let is_filler = matches!(&inner.kind, b"mp4a" | b"alac" | b"ac-3" | b".mp3") && inner.body.len() <= 4;
        if !is_known && !is_filler && inner.kind != *b"srat" {
            drop_inner(inner, findings)?;
        }
        if is_filler && inner.body.iter().any(|&byte| byte != 0) {
            findings.removed(Category::HiddenContent, "sample description, wave");
        }
    }
    if records > 1 {
        findings.removed(Category::HiddenContent, "sample description, configuration twice");
    }
    Ok(())
}

impl Format {
    fn read(body: &[u8], list_version: u8) -> Option<Self> {
        let mut fields = Fields::new(body);
        fields.skip(8)?;
        let version = fields.u16()?;
        fields.skip(6)?;
        let (channels, bits) = (fields.u16()?, fields.u16()?);
        fields.skip(4)?;
        let rate = fields.u32()?;
        let mut format = Self { version, channels, bits, rate, moments: 0, long: None, len: 28 };
        match version {
            0 => {}
            // The standard's own version 1, which has no more fields (12.2.3.2).
            1 if list_version == 1 => format.version = 0,
            1 => {
                format.moments = fields.u32()?;
                format.len = 44;
            }
            2 => {
                fields.skip(4)?;
                format.long = Some(Long {
                    rate: f64::from_be_bytes(fields.array()?),
                    channels: fields.u32()?,
                    bits: {
                        fields.skip(4)?;
                        fields.u32()?
                    },
                    flags: fields.u32()?,
                    packet_bytes: fields.u32()?,
                    packet_moments: fields.u32()?,
                });
                format.len = 64;
            }
            _ => return None,
        }
        Some(format)
    }

    /// Of `sowt` and `twos`, which have two bytes a sample unless they say otherwise.
    fn sample_bits(&self) -> u16 {
        match self.bits {
            1..=8 => 8,
            24 | 32 => self.bits,
            _ => 16,
        }
    }

    fn channel_count(&self) -> u32 {
        self.long.map_or(self.channels.into(), |long| long.channels)
    }

    /// The packing of packets that hold `bytes` of each channel.
    fn pack(&self, bytes: u32, moments: u32) -> Option<Packing> {
        let bytes = bytes.checked_mul(self.channel_count())?;
        (bytes > 0).then_some(Packing { bytes, moments })
    }

    /// Brings the fields into the one form that they have for this coding. `None` where they make no sense.
    fn settle(&mut self, coding: Coding) -> Option<()> {
        // What is coded in packets says its own channels and rate; a description without is not rare.
        let least = u32::from(!matches!(coding, Coding::Record(..) | Coding::Packets));
        if !(least..=CHANNELS_MAX).contains(&self.channel_count()) {
            return None;
        }
        self.bits = match coding {
            Coding::Plain(None) => self.sample_bits(),
            Coding::Plain(Some(1)) if self.bits == 8 => 8,
            Coding::Record(_, Record::Alac | Record::DfLa) if matches!(self.bits, 8 | 20 | 24 | 32) => self.bits,
            _ => 16,
        };
        // Two rates of old Macintosh computers are no whole numbers.
        if !matches!(self.rate, 0x56EE_8BA3 | 0x2B77_45D1) {
            self.rate &= 0xFFFF_0000;
        }
        self.moments = match coding {
            Coding::Record(..) | Coding::Packets => {
                if self.moments <= 8192 {
                    self.moments
                } else {
                    1024
                }
            }
            Coding::Plain(_) | Coding::Flags => 1,
            Coding::Fixed(moments, _) => moments,
        };
        let Some(long) = &mut self.long else { return Some(()) };
        if !(1.0..=RATE_MAX).contains(&long.rate) || long.channels == 0 {
            return None;
        }
        long.rate = long.rate.round();
        match coding {
            Coding::Flags => {
                long.flags &= FLAGS_MASK;
                let bytes = long.packet_bytes.checked_div(long.channels)?;
                let fits = long.packet_moments == 1
                    && (1..=8).contains(&bytes)
                    && bytes.checked_mul(long.channels) == Some(long.packet_bytes)
                    && long.bits > 0
                    && long.bits.div_ceil(8) <= bytes;
                fits.then_some(())
            }
            // Compressed: all of it is said by the record (QuickTime, Sound Sample Description V2).
            Coding::Record(..) | Coding::Packets => {
                (long.bits, long.flags, long.packet_bytes) = (0, 0, 0);
                long.packet_moments = long.packet_moments.min(8192);
                Some(())
            }
            Coding::Plain(_) | Coding::Fixed(..) => None,
        }
    }

    fn write(&self, coding: Coding) -> Vec<u8> {
        let mut out = vec![0, 0, 0, 0, 0, 0, 0, 1];
        out.extend_from_slice(&self.version.to_be_bytes());
        out.extend_from_slice(&[0; 6]);
        if let Some(long) = self.long {
            // 3 channels, 16 bits, -2, 0 and 1 Hz, which version 2 always has; 72 bytes up to the inner boxes.
            out.extend_from_slice(&[0, 3, 0, 16, 0xFF, 0xFE, 0, 0, 0, 1, 0, 0, 0, 0, 0, 72]);
            out.extend_from_slice(&long.rate.to_be_bytes());
            out.extend_from_slice(&long.channels.to_be_bytes());
            out.extend_from_slice(&0x7F00_0000_u32.to_be_bytes());
            for number in [long.bits, long.flags, long.packet_bytes, long.packet_moments] {
                out.extend_from_slice(&number.to_be_bytes());
            }
            return out;
        }
        out.extend_from_slice(&self.channels.to_be_bytes());
        out.extend_from_slice(&self.bits.to_be_bytes());
        let is_packets = matches!(coding, Coding::Record(..) | Coding::Packets);
        let compression: u16 = if self.version == 1 && is_packets { 0xFFFE } else { 0 };
        out.extend_from_slice(&compression.to_be_bytes());
        out.extend_from_slice(&[0, 0]);
        out.extend_from_slice(&self.rate.to_be_bytes());
        if self.version == 1 {
            let (packet, sample) = match coding {
                Coding::Plain(bytes) => {
                    let bytes = bytes.unwrap_or(u32::from(self.bits / 8));
                    (bytes, bytes)
                }
                Coding::Fixed(_, bytes) => (bytes, 2),
                Coding::Record(..) | Coding::Packets | Coding::Flags => (2, 2),
            };
            let frame = packet.saturating_mul(self.channels.into());
            for number in [self.moments, packet, frame, sample] {
                out.extend_from_slice(&number.to_be_bytes());
            }
        }
        out
    }
}

/// QuickTime's `wave` box: the type, the configuration, and the end.
fn wave(kind: [u8; 4], body: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut list = Vec::new();
    push(&mut list, *b"frma", &kind)?;
    if kind == *b"mp4a" {
        push(&mut list, kind, &[0; 4])?;
    }
    list.extend_from_slice(body);
    push(&mut list, [0; 4], &[])?;
    let mut out = Vec::new();
    push(&mut out, *b"wave", &list)?;
    Ok(out)
}

/// Which channel is where (QuickTime, `chan`; Core Audio, AudioChannelLayout): a tag, a bitmap, or labels without
/// coordinates.
fn channel_layout(body: &[u8], channels: u32) -> Option<Vec<u8>> {
    let mut fields = Fields::new(body);
    fields.skip(4)?;
    let (tag, bitmap, count) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let mut out = vec![0; 4];
    match tag {
        // Labels.
        0 if count == channels && count <= CHANNELS_MAX => {
            for number in [tag, 0, count] {
                out.extend_from_slice(&number.to_be_bytes());
            }
            for _ in 0..count {
                let label = fields.u32()?;
                fields.skip(16)?;
                if label > LABEL_MAX {
                    return None;
                }
                out.extend_from_slice(&label.to_be_bytes());
                out.extend_from_slice(&[0; 16]);
            }
            return Some(out);
        }
        // A bitmap.
        0x1_0000 if bitmap.count_ones() == channels && bitmap <= BITMAP_MAX => {}
        // A known layout for so many channels.
        _ if tag & 0xFFFF == channels && (100..=LAYOUT_MAX).contains(&(tag >> 16)) => {}
        _ => return None,
    }
    let bitmap = if tag == 0x1_0000 { bitmap } else { 0 };
    for number in [tag, bitmap, 0] {
        out.extend_from_slice(&number.to_be_bytes());
    }
    Some(out)
}

/// Labels, bits and layouts of Core Audio end below these.
const LABEL_MAX: u32 = 0x3_0000;
const BITMAP_MAX: u32 = 0x07FF_FFFF;
const LAYOUT_MAX: u32 = 250;
