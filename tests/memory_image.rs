//! A process's memory as it writes it down itself, and the search for secrets in it. Knows nothing of ours.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

/// A leak is a run of so many bytes of a secret, wherever it stands.
const RUN_BYTES: usize = 16;

type Run = [u8; RUN_BYTES];

/// Room that is taken before the work whose traces are looked for, so that it does not overwrite them.
pub(crate) struct Writer {
    regions: String,
    piece: Vec<u8>,
}

impl Writer {
    pub(crate) fn new() -> Self {
        Self { regions: String::with_capacity(1 << 18), piece: vec![0; 1 << 16] }
    }

    /// Writes all memory that this process can write to, and a list of its regions, into `folder`.
    pub(crate) fn write(mut self, folder: &Path) {
        let mut memory = File::open("/proc/self/mem").unwrap();
        let (mut image, mut list) =
            (File::create(folder.join("image")).unwrap(), File::create(folder.join("regions")).unwrap());
        File::open("/proc/self/maps").unwrap().read_to_string(&mut self.regions).unwrap();
        for region in self.regions.lines().filter(|line| line.split(' ').nth(1).unwrap().starts_with("rw")) {
            let (begin, end) = region.split(' ').next().unwrap().split_once('-').unwrap();
            let (begin, end) = (u64::from_str_radix(begin, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
            memory.seek(SeekFrom::Start(begin)).unwrap();
            let mut left = usize::try_from(end - begin).unwrap();
            while left > 0 {
                let piece = &mut self.piece[..left.min(1 << 16)];
                if memory.read_exact(piece).is_err() {
                    // A thread that had ended has given its stack back meanwhile; nothing else may vanish.
                    assert!(!is_mapped(begin), "{region} cannot be read");
                    piece.fill(0);
                }
                image.write_all(piece).unwrap();
                left -= piece.len();
            }
            list.write_all(region.as_bytes()).unwrap();
            list.write_all(b"\n").unwrap();
        }
    }
}

/// Whether a region begins there now.
fn is_mapped(begin: u64) -> bool {
    let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
    maps.lines().any(|line| line.split('-').next() == Some(&format!("{begin:x}")))
}

/// Secrets by name, cut into runs.
pub(crate) struct Secrets {
    runs: Vec<(Run, String)>,
    /// Whether a run begins with these two bytes: nearly always not.
    begins: Vec<bool>,
}

impl Secrets {
    pub(crate) fn new(secrets: &[(&str, Vec<u8>)]) -> Self {
        let mut runs = Vec::new();
        for (name, secret) in secrets {
            assert!(secret.len() >= RUN_BYTES, "{name} is too short to be told from chance");
            runs.extend(secret.windows(RUN_BYTES).map(|run| (Run::try_from(run).unwrap(), (*name).to_owned())));
        }
        runs.sort();
        let mut begins = vec![false; 1 << 16];
        runs.iter().for_each(|(run, _)| begins[first_two(run)] = true);
        Self { runs, begins }
    }

    /// Where in the image that a process wrote into `folder` they stand: the secret's name and the region.
    pub(crate) fn find(&self, folder: &Path) -> Vec<(String, String)> {
        let image = std::fs::read(folder.join("image")).unwrap();
        let regions = std::fs::read_to_string(folder.join("regions")).unwrap();
        let mut found = Vec::new();
        for (at, run) in image.windows(RUN_BYTES).enumerate().filter(|(_, run)| self.begins[first_two(run)]) {
            let place = self.runs.partition_point(|(other, _)| &other[..] < run);
            if let Some((_, name)) = self.runs.get(place).filter(|(other, _)| other == run) {
                let region = region(&regions, u64::try_from(at).unwrap());
                // A longer piece shows in many runs.
                if found.last().is_none_or(|(last, _, end)| last != name || *end + 1 != at) {
                    found.push((name.clone(), region, at));
                } else if let Some(last) = found.last_mut() {
                    last.2 = at;
                }
            }
        }
        found.into_iter().map(|(name, region, _)| (name, region)).collect()
    }
}

fn first_two(run: &[u8]) -> usize {
    usize::from(u16::from_le_bytes([run[0], run[1]]))
}

/// The address that stands at `at` in the image, and what kind of memory that is.
fn region(regions: &str, mut at: u64) -> String {
    for line in regions.lines() {
        let (begin, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (begin, end) = (u64::from_str_radix(begin, 16).unwrap(), u64::from_str_radix(end, 16).unwrap());
        if at < end - begin {
            let kind = line.split_whitespace().nth(5).unwrap_or("mapped");
            return format!("{:x}, {:#x} below the end of {kind} {begin:x}-{end:x}", begin + at, end - begin - at);
        }
        at -= end - begin;
    }
    unreachable!("the image is as long as its regions")
}
