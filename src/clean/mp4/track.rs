//! Reads one `trak` box (ISO/IEC 14496-12, 8.3 to 8.7; QuickTime, Track Atoms) into fields and tables, as they
//! stand. Judges only what cannot be read; writes nothing.

use std::collections::BTreeSet;

use super::dropped;
use super::edits::Edit;
use super::fields::Fields;
use super::survey::Context;
use super::tables::Tables;
use super::walk;
use crate::clean::container::bmff::{BoxHeader, Boxes};
use crate::clean::cursor::Cursor;
use crate::clean::metadata::{legible, quicktime};
use crate::clean::{Category, Reason, Refusal};
use crate::limits;

/// What a `trak` box says.
#[derive(Debug)]
pub(super) struct Raw {
    /// Where the box begins.
    pub(super) at: u64,
    pub(super) id: u32,
    pub(super) is_enabled: bool,
    pub(super) group: u16,
    /// In 16.16.
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) matrix: [i32; 9],
    pub(super) timescale: u32,
    pub(super) handler: [u8; 4],
    pub(super) edits: Vec<Edit>,
    /// Tracks that hold its chapters.
    pub(super) chapters: Vec<u32>,
    /// Which of its data references, counted from 1, lead out of the file.
    pub(super) foreign: Vec<u32>,
    /// Body of `stsd`, and where it stands.
    pub(super) descriptions: Option<(Vec<u8>, u64)>,
    pub(super) tables: Tables,
    seen: BTreeSet<[u8; 4]>,
}

impl Raw {
    /// Reads the box that `header` is of.
    pub(super) fn read(cursor: &mut Cursor<'_>, header: &BoxHeader, context: &mut Context) -> Result<Self, Refusal> {
        let mut raw = Self {
            at: header.at,
            id: 0,
            is_enabled: true,
            group: 0,
            width: 0,
            height: 0,
            matrix: [0; 9],
            timescale: 0,
            handler: [0; 4],
            edits: Vec::new(),
            chapters: Vec::new(),
            foreign: Vec::new(),
            descriptions: None,
            tables: Tables::default(),
            seen: BTreeSet::new(),
        };
        let mut open = vec![(*b"trak", header.end())];
        while let Some(&(parent, end)) = open.last() {
            let Some(child) = context.walk.next(cursor, end, &mut context.findings)? else {
                open.pop();
                cursor.go_to(end, "box")?;
                continue;
            };
            let is_container = matches!(
                (&parent, &child.kind),
                (b"trak", b"mdia" | b"edts") | (b"mdia", b"minf") | (b"minf", b"stbl" | b"dinf")
            );
            if is_container {
                open.push((child.kind, child.end()));
                continue;
            }
            raw.leaf(parent, &child, cursor, context)?;
            cursor.go_to(child.end(), "box")?;
        }
        Ok(raw)
    }

    fn leaf(
        &mut self,
        parent: [u8; 4],
        header: &BoxHeader,
        cursor: &mut Cursor<'_>,
        context: &mut Context,
    ) -> Result<(), Refusal> {
        let known = matches!(
            (&parent, &header.kind),
            (b"trak", b"tkhd" | b"tref")
                | (b"edts", b"elst")
                | (b"mdia", b"mdhd" | b"hdlr" | b"elng")
                | (b"dinf", b"dref")
                | (
                    b"stbl",
                    b"stsd" | b"stts" | b"ctts" | b"stss" | b"stps" | b"stsc" | b"stsz" | b"stz2" | b"stco" | b"co64"
                )
        );
        if !known {
            return self.other(parent, header, cursor, context);
        }
        if !self.seen.insert(header.kind) {
            return Err(Refusal::new(Reason::Damaged, "box twice in a track", header.at));
        }
        let damaged = |part| Refusal::new(Reason::Damaged, part, header.at);
        if parent == *b"stbl" && header.kind != *b"stsd" {
            return self.tables.read(header, cursor, context);
        }
        let max = if header.kind == *b"stsd" { limits::MP4_DESCRIPTIONS_BYTES_MAX } else { 64 * 1024 };
        let body = walk::body(cursor, header, max, "box in a track")?;
        match &header.kind {
            b"tkhd" => self.header(&body, context).ok_or(damaged("tkhd")),
            b"mdhd" => self.media_header(&body, context).ok_or(damaged("mdhd")),
            b"hdlr" => self.handler(&body, context).ok_or(damaged("hdlr")),
            b"elst" => Edit::read(&body, header.at).map(|edits| self.edits = edits),
            b"elng" => {
                let language = body.get(4..).unwrap_or_default();
                context.findings.removed_value(Category::Person, "elng language", &legible::text(language));
                Ok(())
            }
            b"tref" => self.references(&body, header.body_at).ok_or(damaged("tref")),
            b"dref" => self.data_references(&body, header.body_at).ok_or(damaged("dref")),
            _ => {
                self.descriptions = Some((body, header.body_at));
                Ok(())
            }
        }
    }

    /// What may be dropped without a look at the track.
    fn other(
        &mut self,
        parent: [u8; 4],
        header: &BoxHeader,
        cursor: &mut Cursor<'_>,
        context: &mut Context,
    ) -> Result<(), Refusal> {
        match (&parent, &header.kind) {
            (b"trak", b"udta") => {
                let body = walk::beginning(cursor, header, limits::METADATA_BYTES_MAX)?;
                quicktime::user_data(&body, header.body_at, &mut context.findings);
                Ok(())
            }
            // Rebuilt in one form, or of no meaning once the tables are written anew.
            (b"trak", b"tapt" | b"load")
            | (b"minf", b"vmhd" | b"smhd" | b"nmhd" | b"hmhd" | b"sthd" | b"gmhd" | b"gmin" | b"hdlr" | b"code")
            | (b"stbl", b"sdtp" | b"cslg" | b"sgpd" | b"sbgp" | b"stsh" | b"padb" | b"stdp" | b"subs" | b"csgp") => {
                Ok(())
            }
            _ => dropped::name_box("trak", header, cursor, &mut context.findings),
        }
    }

    /// 8.3.2
    fn header(&mut self, body: &[u8], context: &mut Context) -> Option<()> {
        let mut fields = Fields::new(body);
        let [version, _, _, flags] = fields.array()?;
        let times = [fields.wide(version)?, fields.wide(version)?];
        dropped::tell_times(times, &mut context.findings);
        self.is_enabled = flags & 1 != 0;
        self.id = fields.u32()?;
        fields.skip(4)?;
        fields.wide(version)?;
        fields.skip(10)?;
        self.group = fields.u16()?;
        fields.skip(4)?;
        for number in &mut self.matrix {
            *number = fields.i32()?;
        }
        self.width = fields.u32()?;
        self.height = fields.u32()?;
        Some(())
    }

    /// 8.4.2
    fn media_header(&mut self, body: &[u8], context: &mut Context) -> Option<()> {
        let mut fields = Fields::new(body);
        let [version, ..] = fields.array::<4>()?;
        let times = [fields.wide(version)?, fields.wide(version)?];
        dropped::tell_times(times, &mut context.findings);
        self.timescale = fields.u32()?;
        fields.wide(version)?;
        dropped::tell_language(fields.u16()?, &mut context.findings);
        Some(())
    }

    /// 8.4.3
    fn handler(&mut self, body: &[u8], context: &mut Context) -> Option<()> {
        let mut fields = Fields::new(body);
        fields.skip(8)?;
        self.handler = fields.array()?;
        // Some writers end here, without reserved fields and name.
        let name = fields.rest().get(12..).unwrap_or_default();
        // A string that its length stands before (QuickTime), or that a NUL ends.
        let name = match name.split_first() {
            Some((&len, rest)) if usize::from(len) == rest.len() => rest,
            _ => name,
        };
        if name.iter().any(|&byte| byte != 0) {
            context.findings.removed_value(Category::Software, "handler name", &legible::text(name));
        }
        Some(())
    }

    /// 8.3.3
    fn references(&mut self, body: &[u8], at: u64) -> Option<()> {
        for reference in Boxes::new(body, at) {
            let Ok(reference) = reference else { break };
            if reference.kind == *b"chap" {
                let (ids, _) = reference.body.as_chunks::<4>();
                self.chapters.extend(ids.iter().take(limits::MP4_TRACKS_MAX).copied().map(u32::from_be_bytes));
            }
        }
        Some(())
    }

    /// 8.7.2
    fn data_references(&mut self, body: &[u8], at: u64) -> Option<()> {
        let list = body.get(8..)?;
        for (index, reference) in Boxes::new(list, at.saturating_add(8)).enumerate() {
            let Ok(reference) = reference else { break };
            let is_own = reference.body.get(3).is_some_and(|flags| flags & 1 != 0);
            if !is_own {
                self.foreign.push(u32::try_from(index).ok()?.checked_add(1)?);
            }
        }
        Some(())
    }
}
