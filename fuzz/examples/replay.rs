//! Cleans every file of a fuzz corpus again, as the ordinary release would, and says which took longest, and how
//! much memory the process has ever held: replay FAMILY FOLDER. Fails over three seconds or 256 MiB.

use std::fs;
use std::io;
use std::process::ExitCode;
use std::time::{Duration, Instant};

const LONGEST: Duration = Duration::from_secs(3);
const MEMORY_KIB_MAX: u64 = 256 * 1024;

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [family, folder] = arguments.as_slice() else {
        eprintln!("replay FAMILY FOLDER");
        return Ok(ExitCode::from(2));
    };
    let (mut longest, mut count) = ((Duration::ZERO, String::new()), 0_u64);
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let input = fs::read(&path)?;
        let begun = Instant::now();
        for format in deponent_fuzz::formats(family) {
            deponent::clean::fuzzing::clean_as(format, &input);
        }
        let took = begun.elapsed();
        if took > longest.0 {
            longest = (took, path.display().to_string());
        }
        count += 1;
    }
    let memory = peak_memory_kib()?;
    println!(
        "{family}: {count} inputs, {} MiB at most, {:.3} s at most ({})",
        memory / 1024,
        longest.0.as_secs_f64(),
        longest.1
    );
    Ok(if longest.0 <= LONGEST && memory <= MEMORY_KIB_MAX { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The most that this process has held, by the kernel's count.
fn peak_memory_kib() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    Ok(line.trim().trim_end_matches("kB").trim().parse().unwrap_or(0))
}
