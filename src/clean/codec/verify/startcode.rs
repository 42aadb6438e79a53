//! Samples that are divided by start codes: H.264 and H.265 byte streams, MPEG-1, -2 and -4 video; and the headers
//! of MPEG-4 Visual. Each unit is of a kind that stays, with nothing but zeros between two.
//!
//! Sources: ISO/IEC 14496-10, annex B; ISO/IEC 13818-2, 6.2; ISO/IEC 14496-2, 6.2.

use super::fields::Fields;
use super::units::{Kind, Standard};
use crate::clean::Unaccounted;
use crate::clean::codec::Codec;
use crate::clean::produced::Produced;
use crate::limits;

/// What stands between two start codes, without the zeros behind it.
#[derive(Default)]
struct Unit {
    /// The first bytes, as many as are wanted.
    bytes: Vec<u8>,
    len: u64,
    /// Bytes of the filling right behind the header.
    filled: u64,
    last: u8,
    zeros: u64,
    /// Whether a start code follows.
    more: bool,
}

/// What a codec wants of a unit.
#[derive(Clone, Copy)]
struct Wanted {
    header: usize,
    filling: u8,
}

/// Reads up to the next start code.
fn read(produced: &mut Produced<'_>, left: &mut u64, wanted: Wanted) -> Result<Unit, Unaccounted> {
    let mut unit = Unit::default();
    let most = usize::try_from(limits::SEI_BYTES_MAX).unwrap_or(0);
    while *left > 0 {
        let buffered = produced.buffered()?;
        let part = buffered.get(..usize::try_from(*left).unwrap_or(usize::MAX).min(buffered.len())).unwrap_or_default();
        if part.is_empty() {
            return produced.wrong("end");
        }
        let mut passed = 0usize;
        for &byte in part {
            passed = passed.saturating_add(1);
            if byte == 0 && (unit.len > 0 || unit.zeros > 0 || wanted.filling == 0xFF || wanted.header == 0) {
                unit.zeros = unit.zeros.saturating_add(1);
                continue;
            }
            if byte == 1 && unit.zeros >= 2 {
                unit.more = true;
                break;
            }
            while unit.zeros > 0 {
                unit.push(0, wanted, most);
                unit.zeros = unit.zeros.saturating_sub(1);
            }
            unit.push(byte, wanted, most);
        }
        produced.consume(passed);
        *left = left.saturating_sub(u64::try_from(passed).unwrap_or(u64::MAX));
        if unit.more {
            break;
        }
    }
    Ok(unit)
}

impl Unit {
    fn push(&mut self, byte: u8, wanted: Wanted, most: usize) {
        let header = u64::try_from(wanted.header).unwrap_or(0);
        if byte == wanted.filling && self.len == header.saturating_add(self.filled) {
            self.filled = self.filled.saturating_add(1);
        }
        if self.bytes.len() < most {
            self.bytes.push(byte);
        }
        (self.len, self.last) = (self.len.saturating_add(1), byte);
    }

    /// The bytes and the zeros behind them, where all of them were read.
    fn whole(&self) -> Option<Vec<u8>> {
        let mut whole = self.bytes.clone();
        let zeros = usize::try_from(self.zeros).unwrap_or(usize::MAX).min(1024);
        whole.resize(whole.len().saturating_add(zeros), 0);
        (u64::try_from(self.bytes.len()).ok() == Some(self.len)).then_some(whole)
    }
}

/// Accounts for a sample.
pub(super) fn sample(codec: Codec, produced: &mut Produced<'_>, len: u64) -> Result<(), Unaccounted> {
    let mut left = len;
    // Nothing but zeros in front of the first start code.
    let front = read(produced, &mut left, Wanted { header: 0, filling: 0xFF })?;
    if front.len > 0 {
        let is_short = front.bytes.first_chunk::<3>().is_some_and(|head| matches!(head, [0, 0, 0x80..=0x83]));
        let is_skipped = len == 1 && front.bytes == [0x7F];
        let is_picture = codec == Codec::Mpeg4Visual && !front.more && (is_short || is_skipped);
        return if is_picture { Ok(()) } else { produced.wrong("before the first start code") };
    }
    let mut more = front.more;
    while more {
        let unit = match codec {
            Codec::AvcAnnexB | Codec::HevcAnnexB => {
                let standard = Standard::of(codec).0;
                let header = usize::try_from(standard.header_bytes()).unwrap_or(0);
                let unit = read(produced, &mut left, Wanted { header, filling: 0xFF })?;
                if !is_nal_unit(standard, header, &unit) {
                    return produced.wrong("NAL unit");
                }
                unit
            }
            _ => {
                let unit = read(produced, &mut left, Wanted { header: 1, filling: b' ' })?;
                let is_kept = if codec == Codec::MpegVideo { is_mpeg(&unit) } else { is_visual(&unit) };
                let is_nothing = unit.len == 0 && !unit.more;
                if is_kept != Some(true) && !is_nothing {
                    return produced.wrong("start code");
                }
                unit
            }
        };
        more = unit.more;
    }
    Ok(())
}

fn is_nal_unit(standard: Standard, header: usize, unit: &Unit) -> bool {
    let Some(head) = unit.bytes.get(..header) else { return unit.len == 0 };
    match standard.kind(head) {
        Some(Kind::Slice) => true,
        Some(Kind::Filler) => {
            let content = unit.len.saturating_sub(standard.header_bytes());
            content == 0 || (unit.filled == content.saturating_sub(1) && unit.last == 0x80)
        }
        Some(Kind::Small) => u64::try_from(unit.bytes.len()).ok() == Some(unit.len) && standard.is_small(&unit.bytes),
        None => false,
    }
}

/// Whether user data are nothing but the filling.
fn is_neutral(unit: &Unit) -> bool {
    unit.filled == unit.len.saturating_sub(1)
}

/// MPEG-1 and MPEG-2 (13818-2, 6.2.2, 6.2.3).
fn is_mpeg(unit: &Unit) -> Option<bool> {
    let code = *unit.bytes.first()?;
    if matches!(code, 0x01..=0xAF) {
        return Some(true);
    }
    if code == 0xB2 {
        return Some(is_neutral(unit));
    }
    let whole = unit.whole()?;
    let body = whole.get(1..)?;
    let mut f = Fields::new(body);
    match code {
        0x00 => {
            f.any(10);
            let kind = f.u(3);
            f.any(16);
            f.any(match kind {
                2 => 4,
                3 => 8,
                _ => 0,
            });
            f.zeros(1);
        }
        0xB3 => {
            f.any(62);
            for _ in 0..2 {
                if f.flag() {
                    f.any(512);
                }
            }
        }
        0xB5 => mpeg_extension(&mut f),
        0xB7 => {}
        0xB8 => {
            f.zeros(12);
            let marker = f.flag();
            f.holds(marker);
            f.zeros(12);
            f.any(2);
        }
        _ => return None,
    }
    Some(closes_with_zeros(f))
}

/// Whether what is left are zeros, however many.
fn closes_with_zeros(mut f: Fields<'_>) -> bool {
    let left = u32::try_from(f.left()).unwrap_or(u32::MAX);
    f.zeros(left);
    f.sound()
}

fn mpeg_extension(f: &mut Fields<'_>) {
    match f.u(4) {
        1 => f.any(44),
        2 => {
            f.any(3);
            let colours = f.flag();
            f.any(if colours { 24 + 29 } else { 29 });
        }
        3 => {
            for _ in 0..4 {
                if f.flag() {
                    f.any(512);
                }
            }
        }
        // Three pairs of numbers at most.
        7 => {
            let pairs = f.left().checked_div(34).unwrap_or(0).min(3);
            f.any(pairs.saturating_mul(34));
        }
        8 => {
            f.any(29);
            let composite = f.flag();
            f.any(if composite { 20 } else { 0 });
        }
        _ => f.holds(false),
    }
}

/// MPEG-4 Visual (14496-2, 6.2).
fn is_visual(unit: &Unit) -> Option<bool> {
    let code = *unit.bytes.first()?;
    if code == 0xB6 {
        return Some(true);
    }
    if code == 0xB2 && is_neutral(unit) {
        return Some(true);
    }
    if matches!(code, 0x00..=0x1F | 0xB1) {
        return Some(unit.len == 1);
    }
    let whole = unit.whole()?;
    let body = whole.get(1..)?;
    Some(match code {
        0xB2 => is_workaround(unit.bytes.get(1..)?),
        0xB0 => body.iter().skip(1).all(|&byte| byte == 0),
        0xB3 => stuffed(body, 20),
        0xB5 => visual_object(body).is_some_and(|end| stuffed(body, end)),
        0x20..=0x2F => (1..=2).any(|version| layer(body, version).is_some_and(|end| stuffed(body, end))),
        _ => false,
    })
}

/// Whether a header that ends at this bit has its stuffing behind it, and zeros behind that. At a whole byte the
/// stuffing may be missing.
fn stuffed(body: &[u8], end: u64) -> bool {
    let mut f = Fields::new(body);
    f.any(end);
    let odd = u32::try_from(end % 8).unwrap_or(0);
    let ones = if odd == 0 { 0x7F } else { (1u64 << 7u32.saturating_sub(odd)).saturating_sub(1) };
    let mut with = Fields::new(body);
    with.any(end);
    let stuffing = with.u(8u32.saturating_sub(odd));
    with.holds(stuffing == ones);
    closes_with_zeros(with) || (odd == 0 && closes_with_zeros(f))
}

/// User data that decoders switch on.
fn is_workaround(data: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(data) else { return false };
    let digits = |text: &str, range: std::ops::RangeInclusive<usize>| {
        range.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    if let Some(rest) = text.strip_prefix("DivX") {
        let rest = rest.strip_suffix('p').unwrap_or(rest);
        let parts = rest.split_once("Build").or_else(|| rest.split_once('b'));
        return parts.is_some_and(|(version, build)| digits(version, 1..=6) && digits(build, 1..=6));
    }
    if let Some(rest) = text.strip_prefix("XviD") {
        return digits(rest, 4..=4);
    }
    text.strip_prefix("Lavc").is_some_and(|rest| {
        let parts: Vec<&str> = rest.split('.').collect();
        parts.len() == 3 && parts.iter().all(|part| matches!(*part, "9" | "99" | "999"))
    })
}

fn visual_object(body: &[u8]) -> Option<u64> {
    let mut f = Fields::new(body);
    let all = f.left();
    let identified = f.flag();
    f.any(if identified { 7 } else { 0 });
    let kind = f.u(4);
    f.holds(kind == 1);
    if f.flag() {
        f.any(4);
        let colours = f.flag();
        f.any(if colours { 24 } else { 0 });
    }
    f.sound().then(|| all.saturating_sub(f.left()))
}

/// Bits of a rectangular video object layer.
fn layer(body: &[u8], version: u64) -> Option<u64> {
    let mut f = Fields::new(body);
    let (all, mut version) = (f.left(), version);
    f.any(9);
    if f.flag() {
        version = f.u(4);
        f.any(3);
    }
    let aspect = f.u(4);
    f.any(if aspect == 15 { 16 } else { 0 });
    if f.flag() {
        f.any(3);
        let buffer = f.flag();
        f.any(if buffer { 15 + 1 + 15 + 1 + 15 + 1 + 3 + 11 + 1 + 15 + 1 } else { 0 });
    }
    let shape = f.u(2);
    let marker = f.flag();
    f.holds(shape == 0 && marker);
    let resolution = f.u(16);
    f.holds(resolution > 0);
    f.any(1);
    if f.flag() {
        // As many bits as the largest increment needs, at least one.
        let bits = (1..=16u32).find(|&bits| resolution <= 1 << bits).unwrap_or(16);
        f.u(bits);
    }
    f.any(1 + 13 + 1 + 13 + 1 + 1 + 1);
    match f.u(if version == 1 { 1 } else { 2 }) {
        1 => f.any(66),
        2 => f.any(9),
        _ => {}
    }
    let depth = f.flag();
    f.any(if depth { 8 } else { 0 });
    if f.flag() {
        for _ in 0..2 {
            for _ in 0..if f.flag() { 64 } else { 0 } {
                if f.u(8) == 0 {
                    break;
                }
            }
        }
    }
    f.any(if version == 1 { 0 } else { 1 });
    let not_estimated = f.flag();
    f.holds(not_estimated);
    f.any(1);
    let partitioned = f.flag();
    f.any(if partitioned { 1 } else { 0 });
    if version != 1 {
        let new_prediction = f.flag();
        f.any(if new_prediction { 4 } else { 1 });
    }
    let scalable = f.flag();
    f.any(if scalable { 27 } else { 0 });
    f.sound().then(|| all.saturating_sub(f.left()))
}

/// The headers of MPEG-4 Visual in a record: at least one layer, no picture.
pub(super) fn visual_headers(body: &[u8]) -> bool {
    let mut layers = 0u32;
    let mut rest = body;
    while let Some(behind) = rest.strip_prefix(&[0, 0, 1]) {
        let next = behind.windows(3).skip(1).position(|three| three == [0, 0, 1]);
        let len = next.map_or(behind.len(), |next| next.saturating_add(1));
        let (bytes, after) = behind.split_at_checked(len).unwrap_or((behind, &[]));
        rest = after;
        let filled = bytes.iter().skip(1).take_while(|&&byte| byte == b' ').count();
        let [len, filled] = [bytes.len(), filled].map(|n| u64::try_from(n).unwrap_or(u64::MAX));
        let unit = Unit { bytes: bytes.to_vec(), len, filled, ..Unit::default() };
        let is_header = bytes.first().is_some_and(|code| !matches!(code, 0xB1 | 0xB3 | 0xB6));
        let is_user = bytes.first() == Some(&0xB2);
        if !is_header || is_visual(&unit) != Some(true) || (is_user && is_neutral(&unit)) {
            return false;
        }
        layers = layers.saturating_add(u32::from(bytes.first().is_some_and(|code| (0x20..=0x2F).contains(code))));
        // A byte of zeros behind a header is not needed, but where it is its last byte.
        if matches!(bytes, [0xB0, _, _, ..]) {
            return false;
        }
    }
    layers > 0 && rest.is_empty()
}
