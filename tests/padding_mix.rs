//! A thousand days at an organisation: submissions of invented but likely sizes, and how well a padding
//! rule hides each among the others. `benches/padding.rs` prints the table, `cases/padding.rs` holds us to it.

use deponent::pad;

const MIB: f64 = 1_048_576.0;

/// What submissions are made of: a name, how many of a hundred, median in MiB, and the spread (sigma of the
/// logarithm). A statement is a few pages of text; photos come in handfuls, with scans and PDFs among them;
/// a video is from ten seconds to half an hour long.
const MIX: &[(&str, u32, f64, f64)] =
    &[("text", 35, 0.006, 1.2), ("photos and documents", 40, 5.0, 1.2), ("video", 25, 60.0, 1.3)];

/// Largest submission, in bytes.
const LEN_MAX: u64 = 16 << 30;
/// Days that are simulated for each figure.
const TRIALS: u64 = 1_000;
/// A class of fewer than these hides nobody.
const CROWD_MIN: usize = 5;

/// A padding rule: its name, and the padded length of a length.
pub(crate) type Rule = (&'static str, fn(u64) -> u64);

/// Those that were weighed, ours last. All have our floor of 1 MiB, or every text would be of a size of its own.
pub(crate) const RULES: &[Rule] = &[
    ("Padmé", |len| padme(floor(len))),
    ("two mantissa bits", |len| mantissa(floor(len), 2)),
    ("power of two", |len| floor(len).next_power_of_two()),
    ("ours", |len| pad::padded_len(len).unwrap()),
];

/// How well a rule does.
pub(crate) struct Measured {
    /// Padded bytes to bytes, all together.
    pub(crate) cost: f64,
    /// The share of submissions that have a padded length of their own, among 30, 100 and 1000.
    pub(crate) unique: [f64; 3],
    /// Of 300 submissions, the share of those below 64 MiB in a class of fewer than [`CROWD_MIN`].
    pub(crate) exposed: f64,
}

/// Measures a rule; the same days for every rule.
pub(crate) fn measure((_, padded): Rule) -> Measured {
    let (mut bytes, mut padded_bytes) = (0.0, 0.0);
    let unique = [30, 100, 1000].map(|count| {
        let (mut own, mut all) = (0, 0);
        for trial in 0..TRIALS {
            let lens = day(trial, count);
            let classes = sorted(lens.iter().map(|&len| padded(len)));
            own += classes.chunk_by(|a, b| a == b).filter(|class| class.len() == 1).count();
            all += count;
            bytes += lens.iter().map(|&len| len as f64).sum::<f64>();
            padded_bytes += classes.iter().map(|&len| len as f64).sum::<f64>();
        }
        own as f64 / all as f64
    });
    let (mut exposed, mut small) = (0, 0);
    for trial in 0..TRIALS {
        let classes = sorted(day(trial, 300).into_iter().map(padded).filter(|&class| class <= 64 << 20));
        exposed += classes.chunk_by(|a, b| a == b).map(<[u64]>::len).filter(|&len| len < CROWD_MIN).sum::<usize>();
        small += classes.len();
    }
    Measured { cost: padded_bytes / bytes, unique, exposed: exposed as f64 / small as f64 }
}

fn sorted(classes: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut classes: Vec<u64> = classes.collect();
    classes.sort_unstable();
    classes
}

/// The lengths of one day's submissions.
fn day(trial: u64, count: usize) -> Vec<u64> {
    let mut dice = Dice(trial.wrapping_mul(0xA076_1D64_78BD_642F) ^ count as u64);
    (0..count).map(|_| dice.submission()).collect()
}

/// SplitMix64, so that the figures are the same everywhere.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// In (0, 1].
    fn fraction(&mut self) -> f64 {
        ((self.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// Box and Muller.
    fn normal(&mut self) -> f64 {
        (-2.0 * self.fraction().ln()).sqrt() * (std::f64::consts::TAU * self.fraction()).cos()
    }

    fn submission(&mut self) -> u64 {
        let mut of_hundred = u32::try_from(self.next() % 100).unwrap();
        for (_, share, median, spread) in MIX {
            if of_hundred < *share {
                let len = median * MIB * (spread * self.normal()).exp();
                // Manifest and tar headers.
                return (len as u64).min(LEN_MAX) + 4096;
            }
            of_hundred -= share;
        }
        unreachable!("the shares are a hundred")
    }
}

fn floor(len: u64) -> u64 {
    len.max(1 << 20)
}

/// Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019.
fn padme(len: u64) -> u64 {
    let exponent = len.ilog2();
    let kept = exponent.ilog2() + 1;
    rounded_up(len, exponent - kept)
}

fn mantissa(len: u64, bits: u32) -> u64 {
    rounded_up(len, len.ilog2() - bits)
}

fn rounded_up(len: u64, low_bits: u32) -> u64 {
    len.next_multiple_of(1 << low_bits)
}
