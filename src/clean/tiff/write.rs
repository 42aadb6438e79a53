//! Writes directories anew: each tag has its maker here, and no other tag has one. Reads nothing.

use super::layout::{Compression, Layout};
use super::page::Page;
use super::strips::Strips;
use super::tag;
use crate::clean::metadata::ifd::Order;
use crate::clean::{Plan, Reason, Refusal};

/// The header: byte order, 42, and the first directory right behind it.
pub(super) fn header(plan: &mut Plan, order: Order) -> Result<(), Refusal> {
    let mark: &[u8] = if order == Order::Big { b"MM" } else { b"II" };
    plan.bytes(&[mark, &order.two(42), &order.four(8)].concat())
}

/// A directory, its values and its strips; then, unless it is the last one, a zero where the next would not begin
/// at a whole word.
pub(super) fn page(plan: &mut Plan, order: Order, page: &Page, strips: &Strips, last: bool) -> Result<(), Refusal> {
    let too_large = || Refusal::new(Reason::TooLarge, "length", page.at);
    let at = u32::try_from(plan.len()).map_err(|_| too_large())?;
    let mut entries = entries(order, page, strips);
    let (offsets, counts) = match page.layout.tile {
        Some(_) => (tag::TILE_OFFSETS, tag::TILE_BYTE_COUNTS),
        None => (tag::STRIP_OFFSETS, tag::STRIP_BYTE_COUNTS),
    };
    entries.push(Entry::longs(order, offsets, &strips.counts));
    entries.push(Entry::longs(order, counts, &strips.counts));
    entries.sort_by_key(|entry| entry.tag);

    let table = entries.len().checked_mul(12).and_then(|len| len.checked_add(6)).ok_or_else(too_large)?;
    let values = entries.iter().map(Entry::outside).fold(0_usize, usize::saturating_add);
    let head = u32::try_from(table.saturating_add(values)).map_err(|_| too_large())?;
    let mut strip_at = at.checked_add(head).ok_or_else(too_large)?;
    let mut places = Vec::new();
    for count in &strips.counts {
        places.push(strip_at);
        strip_at = strip_at.checked_add(*count).ok_or_else(too_large)?;
    }
    if let Some(entry) = entries.iter_mut().find(|entry| entry.tag == offsets) {
        *entry = Entry::longs(order, offsets, &places);
    }
    let next = strip_at.checked_next_multiple_of(2).ok_or_else(too_large)?;
    let bytes = directory(order, at, &entries, if last { 0 } else { next });
    plan.bytes(&bytes)?;
    plan.append(&strips.plan)?;
    if !last && next > strip_at {
        plan.bytes(&[0])?;
    }
    Ok(())
}

/// Count, entries, the offset of the next one, values.
fn directory(order: Order, at: u32, entries: &[Entry], next: u32) -> Vec<u8> {
    let count = u16::try_from(entries.len()).unwrap_or(u16::MAX);
    let mut table = order.two(count).to_vec();
    let values_at = u32::from(count).saturating_mul(12).saturating_add(6).saturating_add(at);
    let mut values: Vec<u8> = Vec::new();
    for entry in entries {
        table.extend_from_slice(&order.two(entry.tag));
        table.extend_from_slice(&order.two(entry.kind));
        table.extend_from_slice(&order.four(entry.count));
        if entry.outside() == 0 {
            table.extend(entry.value.iter().copied().chain([0; 4]).take(4));
            continue;
        }
        let place = u32::try_from(values.len()).unwrap_or(u32::MAX).saturating_add(values_at);
        table.extend_from_slice(&order.four(place));
        values.extend_from_slice(&entry.value);
        values.resize(values.len().next_multiple_of(2), 0);
    }
    table.extend_from_slice(&order.four(next));
    table.extend_from_slice(&values);
    table
}

/// All entries but offsets and byte counts.
fn entries(order: Order, page: &Page, strips: &Strips) -> Vec<Entry> {
    let layout = &page.layout;
    let long = |tag, value: u32| Entry::longs(order, tag, &[value]);
    let short = |tag, value: u16| Entry::shorts(order, tag, &[value]);
    let mut entries = vec![
        long(tag::IMAGE_WIDTH, layout.width),
        long(tag::IMAGE_LENGTH, layout.height),
        Entry::shorts(order, tag::BITS_PER_SAMPLE, &vec![layout.bits; layout.samples.into()]),
        short(tag::COMPRESSION, layout.compression.number()),
        short(tag::PHOTOMETRIC, layout.photometric),
        short(tag::SAMPLES_PER_PIXEL, layout.samples),
    ];
    match layout.tile {
        Some((width, length)) => {
            entries.extend([long(tag::TILE_WIDTH, width), long(tag::TILE_LENGTH, length)]);
        }
        None => entries.push(long(tag::ROWS_PER_STRIP, layout.rows_per_strip)),
    }
    // Readers take JPEG strips for a preview of the picture unless the page says that it is a whole one.
    let is_jpeg = layout.compression == Compression::Jpeg;
    entries.extend((page.mask || is_jpeg).then(|| long(tag::NEW_SUBFILE_TYPE, if page.mask { 4 } else { 0 })));
    entries.extend(layout.reversed.then(|| short(tag::FILL_ORDER, 2)));
    entries.extend(page.orientation.map(|orientation| short(tag::ORIENTATION, orientation)));
    if let Some([across, down]) = page.aspect {
        entries.push(Entry::fractions(order, tag::X_RESOLUTION, &[across], 1));
        entries.push(Entry::fractions(order, tag::Y_RESOLUTION, &[down], 1));
        // No unit: only their ratio means something.
        entries.push(short(tag::RESOLUTION_UNIT, 1));
    }
    entries.extend(layout.planar.then(|| short(tag::PLANAR_CONFIGURATION, 2)));
    entries.extend((layout.predictor != 1).then(|| short(tag::PREDICTOR, layout.predictor)));
    entries.extend(fax_options(layout).map(|(tag, options)| long(tag, options)));
    if !page.palette.is_empty() {
        entries.push(Entry::shorts(order, tag::COLOR_MAP, &palette(page, &strips.used)));
    }
    entries.extend(page.ink_set.map(|set| short(tag::INK_SET, set)));
    for (tag, numbers) in [(tag::EXTRA_SAMPLES, &page.extra_samples), (tag::SAMPLE_FORMAT, &page.sample_format)] {
        entries.extend((!numbers.is_empty()).then(|| Entry::shorts(order, tag, numbers)));
    }
    entries.extend(page.coefficients.map(|all| Entry::fractions(order, tag::YCBCR_COEFFICIENTS, &all, 10_000)));
    if layout.photometric == 6 {
        let (across, down) = strips.subsampling;
        entries.push(Entry::shorts(order, tag::YCBCR_SUBSAMPLING, &[across, down]));
    }
    entries.extend(page.reference.map(|all| Entry::fractions(order, tag::REFERENCE_BLACK_WHITE, &all, 1)));
    if let Some(profile) = &page.profile {
        let count = u32::try_from(profile.len()).unwrap_or(u32::MAX);
        entries.push(Entry { tag: tag::ICC_PROFILE, kind: 7, count, value: profile.clone() });
    }
    entries
}

fn fax_options(layout: &Layout) -> Option<(u16, u32)> {
    let tag = match layout.compression {
        Compression::Group3 => tag::T4_OPTIONS,
        Compression::Group4 => tag::T6_OPTIONS,
        _ => return None,
    };
    (layout.fax_options != 0).then_some((tag, layout.fax_options))
}

/// The palette with black for what no sample has.
fn palette(page: &Page, used: &[bool; 256]) -> Vec<u16> {
    let entries = 1_usize.wrapping_shl(page.layout.bits.into());
    let of_plane = |plane: &[u16]| {
        plane.iter().zip(used).map(|(&value, &used)| if used { value } else { 0 }).collect::<Vec<u16>>()
    };
    page.palette.chunks(entries).flat_map(of_plane).collect()
}

/// An entry and its value.
struct Entry {
    tag: u16,
    kind: u16,
    count: u32,
    value: Vec<u8>,
}

impl Entry {
    fn shorts(order: Order, tag: u16, numbers: &[u16]) -> Self {
        let value = numbers.iter().flat_map(|number| order.two(*number)).collect();
        Self { tag, kind: 3, count: u32::try_from(numbers.len()).unwrap_or(u32::MAX), value }
    }

    fn longs(order: Order, tag: u16, numbers: &[u32]) -> Self {
        let value = numbers.iter().flat_map(|number| order.four(*number)).collect();
        Self { tag, kind: 4, count: u32::try_from(numbers.len()).unwrap_or(u32::MAX), value }
    }

    fn fractions(order: Order, tag: u16, over: &[u32], under: u32) -> Self {
        let value = over.iter().flat_map(|over| [order.four(*over), order.four(under)].concat()).collect();
        Self { tag, kind: 5, count: u32::try_from(over.len()).unwrap_or(u32::MAX), value }
    }

    /// Bytes behind the directory.
    fn outside(&self) -> usize {
        if self.value.len() > 4 { self.value.len().next_multiple_of(2) } else { 0 }
    }
}
