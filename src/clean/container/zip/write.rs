//! Writes archives whose headers say nothing: constant version, time and attributes, no extra field but zip64 where a
//! number does not fit, no comment. The same members give the same bytes.

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress, create_comp_flags_from_zip_params,
};
use zeroize::Zeroizing;

use super::{CENTRAL, END, END64, LOCAL, LOCATOR64, Method, flag};
use crate::clean::{Plan, Reason, Refusal};
use crate::limits;

/// Version made by and needed: 2.0, which has deflate and folders (APPNOTE.TXT 4.4.3.2).
pub(super) const VERSION: u16 = 20;
/// Version needed where zip64 is used.
const VERSION64: u16 = 45;
/// 1980-01-01, the earliest there is; the time is 0.
pub(super) const DATE: u16 = 0x0021;

/// An archive on its way.
#[derive(Default)]
pub(crate) struct Writer {
    plan: Plan,
    entries: Vec<Entry>,
}

/// What the directory will say of a member.
struct Entry {
    name: String,
    method: Method,
    crc: u32,
    stored_len: u64,
    len: u64,
    /// Offset of its local header.
    at: u64,
}

impl Writer {
    /// Adds a member of these bytes. What does not become shorter by deflating is stored.
    ///
    /// # Errors
    /// [`Reason::TooLarge`] over the limits of archives and plans.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8], method: Method) -> Result<(), Refusal> {
        let deflated = match method {
            Method::Stored => None,
            Method::Deflated => deflated(bytes),
        };
        let (method, stored) = match &deflated {
            Some(deflated) => (Method::Deflated, deflated.as_slice()),
            None => (Method::Stored, bytes),
        };
        self.begin(name, method, crc32fast::hash(bytes), len(stored), len(bytes))?;
        self.plan.bytes(stored)
    }

    /// Adds a stored member that `content` produces, whose sum is `crc`. Takes no memory for what is copied.
    ///
    /// # Errors
    /// As for [`Writer::add`].
    pub(crate) fn add_plan(&mut self, name: &str, content: &Plan, crc: u32) -> Result<(), Refusal> {
        self.begin(name, Method::Stored, crc, content.len(), content.len())?;
        self.plan.append(content)
    }

    /// Bytes that are held in memory so far.
    pub(crate) fn rebuilt_bytes(&self) -> u64 {
        self.plan.rebuilt_bytes()
    }

    /// Writes the directory and ends the archive.
    ///
    /// # Errors
    /// As for [`Writer::add`].
    pub(crate) fn finish(mut self) -> Result<Plan, Refusal> {
        let start = self.plan.len();
        for entry in &self.entries {
            self.plan.bytes(&entry.central())?;
        }
        let end = self.plan.len();
        let count = u64::try_from(self.entries.len()).unwrap_or(u64::MAX);
        self.plan.bytes(&end_records(count, start, end))?;
        Ok(self.plan)
    }

    fn begin(&mut self, name: &str, method: Method, crc: u32, stored_len: u64, len: u64) -> Result<(), Refusal> {
        if self.entries.len() >= limits::ZIP_MEMBERS_MAX || name.len() > limits::ZIP_NAME_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "number or name of members", 0));
        }
        let entry = Entry { name: name.to_owned(), method, crc, stored_len, len, at: self.plan.len() };
        self.plan.bytes(&entry.local())?;
        self.entries.push(entry);
        Ok(())
    }
}

impl Entry {
    /// The local header (4.3.7). In zip64 it has both lengths (4.5.3).
    fn local(&self) -> Vec<u8> {
        let mut extra = Vec::new();
        if self.is_long() {
            extra = [field64(16).to_vec(), self.len.to_le_bytes().to_vec(), self.stored_len.to_le_bytes().to_vec()]
                .concat();
        }
        let version = if extra.is_empty() { VERSION } else { VERSION64 };
        let mut header = LOCAL.to_vec();
        self.middle(version, &mut header);
        header.extend(short16(extra.len()));
        header.extend_from_slice(self.name.as_bytes());
        header.extend(extra);
        header
    }

    /// The header in the directory (4.3.12). In zip64 it has what does not fit.
    fn central(&self) -> Vec<u8> {
        let lens = if self.is_long() { [Some(self.len), Some(self.stored_len)] } else { [None; 2] };
        let at = Some(self.at).filter(|&at| at >= u32::MAX.into());
        let long: Vec<u8> = lens.into_iter().chain([at]).flatten().flat_map(u64::to_le_bytes).collect();
        let mut extra = Vec::new();
        if !long.is_empty() {
            extra.extend(field64(long.len()));
            extra.extend(long);
        }
        let version = if extra.is_empty() { VERSION } else { VERSION64 };
        let mut header = CENTRAL.to_vec();
        header.extend(VERSION.to_le_bytes());
        self.middle(version, &mut header);
        header.extend(short16(extra.len()));
        // No comment, first disk, no attributes.
        header.extend([0; 10]);
        header.extend(short32(self.at));
        header.extend_from_slice(self.name.as_bytes());
        header.extend(extra);
        header
    }

    /// What both headers have alike, from the version needed to the length of the name.
    fn middle(&self, version: u16, header: &mut Vec<u8>) {
        let flags = if self.name.is_ascii() { 0 } else { flag::UTF_8 };
        let method: u16 = match self.method {
            Method::Stored => 0,
            Method::Deflated => 8,
        };
        for field in [version, flags, method, 0, DATE] {
            header.extend(field.to_le_bytes());
        }
        header.extend(self.crc.to_le_bytes());
        let lens = if self.is_long() { [u32::MAX.into(); 2] } else { [self.stored_len, self.len] };
        lens.into_iter().for_each(|len| header.extend(short32(len)));
        header.extend(short16(self.name.len()));
    }

    fn is_long(&self) -> bool {
        self.len.max(self.stored_len) >= u32::MAX.into()
    }
}

/// The records that end an archive, whose directory begins at `start` and ends at `end`.
fn end_records(count: u64, start: u64, end: u64) -> Vec<u8> {
    let len = end.saturating_sub(start);
    let mut records = Vec::new();
    if count >= u16::MAX.into() || start >= u32::MAX.into() || len >= u32::MAX.into() {
        records.extend(END64);
        records.extend(44_u64.to_le_bytes());
        records.extend([VERSION64.to_le_bytes(); 2].concat());
        records.extend([0; 8]);
        [count, count, len, start].into_iter().for_each(|field| records.extend(field.to_le_bytes()));
        records.extend(LOCATOR64);
        records.extend([0; 4]);
        records.extend(end.to_le_bytes());
        records.extend(1_u32.to_le_bytes());
    }
    let count = u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes();
    records.extend(END);
    records.extend([0; 4]);
    records.extend([count, count].concat());
    records.extend(short32(len));
    records.extend(short32(start));
    records.extend([0; 2]);
    records
}

/// The head of a zip64 extra field of `len` bytes.
fn field64(len: usize) -> [u8; 4] {
    let [low, high] = short16(len);
    [1, 0, low, high]
}

fn short16(len: usize) -> [u8; 2] {
    u16::try_from(len).unwrap_or(u16::MAX).to_le_bytes()
}

fn short32(len: u64) -> [u8; 4] {
    u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes()
}

fn len(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Level of compression, always the same.
const LEVEL: i32 = 6;

/// `bytes` deflated, if that is shorter. In a block that never grows.
pub(crate) fn deflated(bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    // No bits of a window mean no zlib header.
    let mut state = CompressorOxide::new(create_comp_flags_from_zip_params(LEVEL, 0, 0));
    let mut deflated = Zeroizing::new(vec![0; bytes.len().checked_sub(1)?]);
    let (status, _, made) = compress(&mut state, bytes, &mut deflated, TDEFLFlush::Finish);
    (status == TDEFLStatus::Done).then(|| {
        deflated.truncate(made);
        deflated
    })
}
