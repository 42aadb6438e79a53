//! How large a page is on paper and in pixels. Draws nothing.

use hayro::hayro_syntax::page::{Page, Rotation};

use super::Resolution;
use crate::clean::metadata::icc::number::rounded;
use crate::clean::{Reason, Refusal};
use crate::limits;

/// Units of a page to an inch, unless it says otherwise (ISO 32000-1, 8.3.2.3).
const UNITS: f64 = 72.0;

/// The sides of a page, upright as it is seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Paper {
    /// In units.
    pub(super) width: f64,
    pub(super) height: f64,
    /// How many 72nds of an inch a unit is, if not one (7.7.3.3, `UserUnit`).
    pub(super) unit: f64,
    /// In pixels.
    pub(super) columns: u16,
    pub(super) rows: u16,
    /// Dots an inch, if these are fewer than were asked for.
    pub(super) fewer: Option<i32>,
}

impl Paper {
    /// Of a page that is to be drawn with so many dots an inch.
    ///
    /// # Errors
    /// [`Reason::NotFlattened`] where not even [`limits::FLAT_DOTS_MIN`] are possible.
    pub(super) fn of(page: &Page<'_>, resolution: Resolution) -> Result<Self, Refusal> {
        let shown = page.intersected_crop_box();
        let (mut width, mut height) = (shown.width(), shown.height());
        if width < 1.0 || height < 1.0 {
            // As it will be drawn.
            let (wide, high) = page.base_dimensions();
            (width, height) = (f64::from(wide), f64::from(high));
        }
        if matches!(page.rotation(), Rotation::Horizontal | Rotation::FlippedHorizontal) {
            (width, height) = (height, width);
        }
        let unit = page.raw().get::<f32>(&b"UserUnit"[..]).map_or(1.0, f64::from);
        Self::sized(width, height, if unit > 0.0 { unit } else { 1.0 }, resolution)
    }

    fn sized(width: f64, height: f64, unit: f64, Resolution(asked): Resolution) -> Result<Self, Refusal> {
        let asked = f64::from(asked);
        let inches = |units: f64| units * unit / UNITS;
        let (wide, high) = (inches(width), inches(height));
        let by_side = limits::FLAT_SIDE_MAX / wide.max(high);
        let by_area = (limits::FLAT_PIXELS_MAX / (wide * high)).sqrt();
        let dots = asked.min(by_side).min(by_area);
        if dots.is_nan() || dots < limits::FLAT_DOTS_MIN {
            return Err(Refusal::new(Reason::NotFlattened, "a page that is too large", 0));
        }
        let pixels = |inches: f64| u16::try_from(rounded((inches * dots).max(1.0)));
        match (pixels(wide), pixels(high)) {
            (Ok(columns), Ok(rows)) => {
                let fewer = (dots < asked).then(|| rounded(dots));
                Ok(Self { width, height, unit, columns, rows, fewer })
            }
            _ => Err(Refusal::new(Reason::NotFlattened, "a page that is too large", 0)),
        }
    }

    /// Pixels of the whole page.
    pub(super) fn pixels(&self) -> f64 {
        f64::from(self.columns) * f64::from(self.rows)
    }
}
