//! Colour tables of a GIF, down to the colours that are drawn. Knows no frame.

use crate::clean::Refusal;
use crate::clean::cursor::Cursor;

/// A colour table (GIF 89a, 19 and 21): a power of two of colours, 2 to 256.
pub(super) struct Table {
    colours: Vec<u8>,
}

impl Table {
    /// Reads the table that the packed field of a descriptor announces.
    pub(super) fn read(packed: u8, cursor: &mut Cursor<'_>) -> Result<Option<Self>, Refusal> {
        if packed & 0x80 == 0 {
            return Ok(None);
        }
        let len = 3_usize.wrapping_shl(u32::from(packed & 7).saturating_add(1));
        Ok(Some(Self { colours: cursor.bytes(len, "colour table")? }))
    }

    /// Number of colours.
    pub(super) fn len(&self) -> usize {
        self.colours.len() / 3
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.colours
    }

    /// Whether it has a colour for each of these indices.
    pub(super) fn holds(&self, drawn: &[bool; 256]) -> bool {
        drawn.iter().skip(self.len()).all(|&drawn| !drawn)
    }

    /// The same with no more colours than are drawn and a power of two asks for, the others black. `None`
    /// where a pixel is outside it. A table that is nothing but a grey ramp stays one, since programs take such
    /// pictures for grey ones.
    pub(super) fn reduced(&self, drawn: &[bool; 256]) -> Option<Self> {
        if !self.holds(drawn) {
            return None;
        }
        let is_ramp = is_ramp(&self.colours);
        let last = drawn.iter().rposition(|&drawn| drawn).unwrap_or(0);
        let len = last.saturating_add(1).next_power_of_two().max(2);
        let mut colours = Vec::with_capacity(len.saturating_mul(3));
        for ((index, colour), &drawn) in (0_u8..=255).zip(self.colours.as_chunks::<3>().0).zip(drawn).take(len) {
            let filling = if is_ramp { index } else { 0 };
            colours.extend_from_slice(&if drawn { *colour } else { [filling; 3] });
        }
        Some(Self { colours })
    }
}

/// The packed field of a descriptor for this table: flag and size.
pub(super) fn packed(table: Option<&Table>) -> u8 {
    table.map_or(0, |table| {
        let size = table.len().trailing_zeros().saturating_sub(1);
        0x80 | u8::try_from(size).unwrap_or(0)
    })
}

/// Whether each colour is the grey of its index.
pub(super) fn is_ramp(colours: &[u8]) -> bool {
    (0_u8..=255).zip(colours.as_chunks::<3>().0).all(|(index, colour)| *colour == [index; 3])
}
