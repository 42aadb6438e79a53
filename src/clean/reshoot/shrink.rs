//! Makes a picture smaller: each new pixel is the mean light of the area it covers, exactly. Also turns it
//! upright. Never makes one larger.

use zeroize::Zeroizing;

use super::decode::{Channels, Raster};
use super::light::Light;

/// A picture in sRGB, and how it is to be turned.
pub(super) struct Small {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) channels: Channels,
    pub(super) samples: Zeroizing<Vec<u8>>,
    orientation: u8,
}

impl Small {
    /// Of samples that are small and upright already: one a pixel, or else three.
    pub(super) fn upright(width: u32, height: u32, samples: Zeroizing<Vec<u8>>) -> Self {
        let is_grey = samples.len() == super::decode::bytes_of(width, height, Channels::Grey.count());
        let channels = if is_grey { Channels::Grey } else { Channels::Rgb };
        Self { width, height, channels, samples, orientation: 1 }
    }
}

/// Makes `raster` `width` by `height`, neither more than it has.
pub(super) fn shrunk(raster: &Raster, light: &Light, width: u32, height: u32) -> Small {
    let channels = raster.channels.count();
    let line = usize::try_from(raster.width).unwrap_or(0).saturating_mul(channels);
    let mut samples = Zeroizing::new(Vec::with_capacity(super::decode::bytes_of(width, height, channels)));
    let (columns, rows) = (spans(raster.width, width), spans(raster.height, height));
    let area = u64::from(raster.width).saturating_mul(u64::from(raster.height)).max(1);
    let mut lines = raster.samples.chunks_exact(line.max(1));
    // A row that two new ones share is summed once.
    let mut across = vec![0_u64; columns.len().saturating_mul(channels)];
    let mut known = None;
    let mut pixel = Vec::with_capacity(channels);
    for span in &rows {
        let mut sums = vec![0_u64; across.len()];
        for (row, share) in span.parts() {
            if known != Some(row) {
                summed(lines.next().unwrap_or_default(), light, &columns, channels, &mut across);
                known = Some(row);
            }
            for (sum, part) in sums.iter_mut().zip(&across) {
                *sum = sum.saturating_add(part.saturating_mul(share));
            }
        }
        for sums in sums.chunks_exact(channels) {
            pixel.clear();
            pixel.extend(sums.iter().map(|sum| {
                let mean = sum.saturating_add(area / 2).checked_div(area).unwrap_or(0);
                u16::try_from(mean).unwrap_or(u16::MAX)
            }));
            samples.extend(light.encode(&pixel));
        }
    }
    Small { width, height, channels: raster.channels, samples, orientation: raster.orientation }
}

/// The weighted sums of one row for each new column.
fn summed(line: &[u8], light: &Light, columns: &[Span], channels: usize, across: &mut [u64]) {
    let pixels: Vec<&[u8]> = line.chunks_exact(channels).collect();
    for (span, sums) in columns.iter().zip(across.chunks_exact_mut(channels)) {
        sums.fill(0);
        let covered = pixels.get(span.first..=span.last).unwrap_or_default();
        for (pixel, share) in covered.iter().zip(span.shares()) {
            for ((sum, value), curve) in sums.iter_mut().zip(*pixel).zip(0..) {
                let light = light.curve(curve).and_then(|curve| curve.get(usize::from(*value))).copied().unwrap_or(0);
                *sum = sum.saturating_add(u64::from(light).saturating_mul(share));
            }
        }
    }
}

/// What one new pixel covers of the old ones, along one side.
struct Span {
    first: usize,
    last: usize,
    first_share: u64,
    middle_share: u64,
    last_share: u64,
}

impl Span {
    /// The share of each old pixel; together the old length.
    fn shares(&self) -> impl Iterator<Item = u64> {
        let after = self.last.saturating_sub(self.first);
        let middle = std::iter::repeat_n(self.middle_share, after.saturating_sub(1));
        let last = (after > 0).then_some(self.last_share);
        std::iter::once(self.first_share).chain(middle).chain(last)
    }

    fn parts(&self) -> impl Iterator<Item = (usize, u64)> {
        (self.first..=self.last).zip(self.shares())
    }
}

/// The spans of `new` pixels over `old` ones. Lengths are counted in such parts that an old pixel has `new`
/// of them and a new one `old`, so that all are whole.
fn spans(old: u32, new: u32) -> Vec<Span> {
    let (old, new) = (u64::from(old), u64::from(new).max(1));
    let place = |part: u64| part.checked_div(new).unwrap_or(0);
    let index = |part: u64| usize::try_from(place(part)).unwrap_or(usize::MAX);
    (0..new)
        .map(|pixel| {
            let from = pixel.saturating_mul(old);
            let to = from.saturating_add(old);
            let last_part = to.saturating_sub(1);
            let begins = |part: u64| place(part).saturating_mul(new);
            let end_of_first = begins(from).saturating_add(new).min(to);
            Span {
                first: index(from),
                last: index(last_part),
                first_share: end_of_first.saturating_sub(from),
                middle_share: new,
                last_share: to.saturating_sub(begins(last_part)),
            }
        })
        .collect()
}

impl Small {
    /// Upright (Exif 3.0, Orientation).
    pub(super) fn turned(self) -> Self {
        let swapped = self.orientation >= 5;
        let (width, height) = if swapped { (self.height, self.width) } else { (self.width, self.height) };
        if self.orientation <= 1 {
            return self;
        }
        let channels = self.channels.count();
        let mut samples = Zeroizing::new(Vec::with_capacity(self.samples.len()));
        for y in 0..height {
            for x in 0..width {
                let (right, bottom) = (width.saturating_sub(1), height.saturating_sub(1));
                let (mirrored, flipped) = (right.saturating_sub(x), bottom.saturating_sub(y));
                let (column, row) = match self.orientation {
                    2 => (mirrored, y),
                    3 => (mirrored, flipped),
                    4 => (x, flipped),
                    5 => (y, x),
                    6 => (y, mirrored),
                    7 => (flipped, mirrored),
                    _ => (flipped, x),
                };
                let at = u64::from(row).saturating_mul(u64::from(self.width)).saturating_add(u64::from(column));
                let at = usize::try_from(at).unwrap_or(usize::MAX).saturating_mul(channels);
                let pixel = self.samples.get(at..).and_then(|rest| rest.get(..channels));
                samples.extend_from_slice(pixel.unwrap_or_default());
            }
        }
        Self { width, height, samples, orientation: 1, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_old_side_is_counted_once() {
        for (old, new) in [(1, 1), (7, 7), (7, 3), (8, 4), (100, 99), (65_535, 320), (2, 1)] {
            let spans = spans(old, new);
            assert_eq!(spans.len(), usize::try_from(new).unwrap());
            let mut counted = vec![0; usize::try_from(old).unwrap()];
            for span in &spans {
                assert_eq!(span.shares().sum::<u64>(), u64::from(old), "{old} to {new}");
                span.parts().for_each(|(pixel, share)| counted[pixel] += share);
            }
            assert!(counted.iter().all(|&parts| parts == u64::from(new)), "{old} to {new}");
        }
    }
}
