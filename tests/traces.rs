//! Looks for a trace in a file as someone would who knows that it is there: as it is, in UTF-16, and
//! within everything that inflates, members of archives too. Knows nothing of our cleaners.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::{DeflateDecoder, ZlibDecoder};

use crate::harness::contains;

/// Inflated bytes of one stream that are looked at.
const INFLATED_BYTES_MAX: u64 = 8 << 20;

/// Where `trace` stands in `file`, if anywhere.
pub(crate) fn find(file: &[u8], trace: &[u8]) -> Option<&'static str> {
    Traces::of(file).find(trace)
}

/// A file laid open, to look for several traces.
pub(crate) struct Traces {
    file: Vec<u8>,
    within: Vec<Vec<u8>>,
}

impl Traces {
    pub(crate) fn of(file: &[u8]) -> Self {
        let mut within = inflated(file);
        within.extend(members(file));
        for joined in png_chunks(file).into_values() {
            within.extend(inflated(&joined));
            within.push(joined);
        }
        Self { file: file.to_vec(), within }
    }

    /// Where `trace` stands, if anywhere.
    pub(crate) fn find(&self, trace: &[u8]) -> Option<&'static str> {
        let text = String::from_utf8_lossy(trace);
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let forms = [("as it is", trace), ("in UTF-16LE", &little), ("in UTF-16BE", &big)];
        for (how, form) in forms {
            if contains(&self.file, form) {
                return Some(how);
            }
            if self.within.iter().any(|bytes| contains(bytes, form)) {
                return Some("compressed or in pieces");
            }
        }
        None
    }
}

/// Every zlib stream that begins anywhere.
fn inflated(file: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for (at, pair) in file.windows(2).enumerate() {
        let is_header = pair[0] & 0x8F == 0x08 && u16::from_be_bytes([pair[0], pair[1]]) % 31 == 0;
        if !is_header {
            continue;
        }
        let mut bytes = Vec::new();
        // What came before a fault counts too.
        let _ = ZlibDecoder::new(&file[at..]).take(INFLATED_BYTES_MAX).read_to_end(&mut bytes);
        if bytes.len() >= 8 {
            found.push(bytes);
        }
    }
    found
}

/// Every deflated member of a ZIP archive.
fn members(file: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for (at, head) in file.windows(30).enumerate().filter(|(_, head)| head.starts_with(b"PK\x03\x04\x14\0")) {
        let len = |low: usize| usize::from(u16::from_le_bytes([head[low], head[low + 1]]));
        if len(8) == 8 {
            let mut bytes = Vec::new();
            let data = file.get(at + 30 + len(26) + len(28)..).unwrap_or_default();
            let _ = DeflateDecoder::new(data).take(INFLATED_BYTES_MAX).read_to_end(&mut bytes);
            found.push(bytes);
        }
    }
    found
}

/// The data of a PNG's chunks, joined by kind, since a stream goes on from chunk to chunk; fdAT without its numbers.
fn png_chunks(file: &[u8]) -> BTreeMap<[u8; 4], Vec<u8>> {
    let mut joined: BTreeMap<[u8; 4], Vec<u8>> = BTreeMap::new();
    let Some(mut rest) = file.strip_prefix(b"\x89PNG\r\n\x1a\n") else { return joined };
    while let Some((head, after)) = rest.split_first_chunk::<8>() {
        let len = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        let kind = [head[4], head[5], head[6], head[7]];
        let Some((data, after)) = after.split_at_checked(len) else { break };
        let data = if &kind == b"fdAT" { &data[4..] } else { data };
        joined.entry(kind).or_default().extend_from_slice(data);
        rest = after.get(4..).unwrap_or_default();
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::harness::fixture;

    #[test]
    fn a_trace_is_found_plain_in_utf_16_and_compressed_over_two_chunks() {
        assert_eq!(find(b"..TRACE..", b"TRACE"), Some("as it is"));
        assert_eq!(find(b"..T\0R\0A\0C\0E\0..", b"TRACE"), Some("in UTF-16LE"));
        assert_eq!(find(b"..\0T\0R\0A\0C\0E..", b"TRACE"), Some("in UTF-16BE"));
        assert_eq!(find(b"..TRAC_E..", b"TRACE"), None);
        let screenshot = std::fs::read(fixture("dirty/Screenshot_20260914-183501.png")).unwrap();
        let workbook = std::fs::read(fixture("clean/hidden.xlsx")).unwrap();
        assert_eq!(find(&workbook, "Видно".as_bytes()), Some("compressed or in pieces"));
        // It stands in a zTXt chunk, and nowhere else.
        assert_eq!(find(&screenshot, b"company commander"), Some("compressed or in pieces"));
    }
}
