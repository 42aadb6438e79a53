//! H.265 picture parameter sets as they may stand in a clean file: every bit is passed by their syntax.
//!
//! Source: ISO/IEC 23008-2:2020, 7.3.2.3.

use super::scaling;
use crate::clean::codec::verify::fields::Fields;

/// Whether the bits are a picture parameter set and no more.
pub(in crate::clean::codec::verify) fn picture(raw: &[u8]) -> bool {
    let mut f = Fields::new(raw);
    f.ue(63);
    f.ue(15);
    f.any(7);
    f.ues(2, 14);
    f.se();
    f.any(1);
    let transform_skip = f.flag();
    if f.flag() {
        f.ue(3);
    }
    f.ses(2);
    f.any(4);
    let tiles = f.flag();
    f.any(1);
    if tiles {
        let (columns, rows) = (f.ue(255), f.ue(255));
        if !f.flag() {
            f.ues(columns.saturating_add(rows), 65_535);
        }
        f.any(1);
    }
    f.any(1);
    if f.flag() {
        f.any(1);
        if !f.flag() {
            f.ses(2);
        }
    }
    if f.flag() {
        scaling(&mut f);
    }
    f.any(1);
    f.ue(4);
    f.any(1);
    if f.flag() {
        let range = f.flag();
        f.zeros(2);
        let screen = f.flag();
        f.zeros(4);
        if range {
            range_extension(&mut f, transform_skip);
        }
        if screen {
            screen_extension(&mut f);
        }
    }
    f.close()
}

fn range_extension(f: &mut Fields<'_>, transform_skip: bool) {
    if transform_skip {
        f.ue(3);
    }
    f.any(1);
    if f.flag() {
        f.ue(3);
        let lists = f.ue(5).saturating_add(1);
        f.ses(lists.saturating_mul(2));
    }
    f.ues(2, 8);
}

fn screen_extension(f: &mut Fields<'_>) {
    f.any(1);
    if f.flag() {
        f.any(1);
        f.ses(3);
    }
    if f.flag() {
        let entries = u64::from(f.ue(128));
        if entries > 0 {
            let grey = f.flag();
            let luma = u64::from(f.ue(8)).saturating_add(8);
            let chroma = if grey { 0 } else { u64::from(f.ue(8)).saturating_add(8).saturating_mul(2) };
            f.any(entries.saturating_mul(luma.saturating_add(chroma)));
        }
    }
}
