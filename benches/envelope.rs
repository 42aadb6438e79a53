//! The envelope at work, for `benches/envelope.py` to time beside other programs:
//!
//! ```text
//! envelope seal RECIPIENT IN OUT            one file, on every core
//! envelope small seal|open ours|age IDENTITY COUNT    files of 4 KiB, one after another in one process
//! envelope refuse FILE                      how long a header that is refused takes, in microseconds
//! ```

#![expect(
    clippy::arithmetic_side_effects,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a measurement that meets the unexpected should fail loudly"
)]

use std::fs::{self, File};
use std::hint::black_box;
use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::str::FromStr;
use std::time::Instant;

use age::{Decryptor, Encryptor, x25519};
use deponent::envelope::identity::{Identities, Nobody};
use deponent::envelope::{self, Form, Recipients};

const SMALL: [u8; 4096] = [7; 4096];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["seal", recipient, input, output] => {
            let recipients = Recipients::parse(&[recipient]).expect("a recipient");
            let workers = std::thread::available_parallelism().unwrap();
            let (input, output) = (File::open(input).unwrap(), File::create(output).unwrap());
            envelope::seal(&recipients, Form::Binary, workers, input, output).unwrap();
        }
        ["small", task, who, identity, count] => small(task, who, &fs::read_to_string(identity).unwrap(), count),
        ["refuse", file] => {
            let sealed = fs::read(file).unwrap();
            let begun = Instant::now();
            let opened = envelope::open(&Identities::none(), NonZeroUsize::MIN, &sealed[..], &mut Vec::new());
            let taken = begun.elapsed();
            assert!(opened.is_err());
            println!("{}", taken.as_micros());
        }
        _ => println!("this is timed by benches/envelope.py"),
    }
}

fn small(task: &str, who: &str, identity: &str, count: &str) {
    let count: usize = count.parse().unwrap();
    let recipient = identity.lines().find_map(|line| line.strip_prefix("# public key: ")).expect("its public key");
    let secret = identity.lines().last().unwrap();
    let mut work: Box<dyn FnMut()> = match (task, who) {
        ("seal", "ours") => {
            let recipients = Recipients::parse(&[recipient]).unwrap();
            Box::new(move || drop(black_box(seal_ours(&recipients))))
        }
        ("seal", "age") => {
            let recipient = x25519::Recipient::from_str(recipient).unwrap();
            Box::new(move || drop(black_box(seal_age(&recipient))))
        }
        ("open", "ours") => {
            let sealed = seal_ours(&Recipients::parse(&[recipient]).unwrap());
            let mut identities = Identities::none();
            identities.add_file(identity.as_bytes(), &Nobody).unwrap();
            Box::new(move || {
                let mut plain = Vec::with_capacity(SMALL.len());
                envelope::open(&identities, NonZeroUsize::MIN, &sealed[..], &mut plain).unwrap();
                assert_eq!(plain, SMALL);
            })
        }
        ("open", "age") => {
            let sealed = seal_ours(&Recipients::parse(&[recipient]).unwrap());
            let identity = x25519::Identity::from_str(secret).unwrap();
            Box::new(move || {
                let mut plain = Vec::with_capacity(SMALL.len());
                let decryptor = Decryptor::new_buffered(&sealed[..]).unwrap();
                let identity: &dyn age::Identity = &identity;
                decryptor.decrypt(std::iter::once(identity)).unwrap().read_to_end(&mut plain).unwrap();
                assert_eq!(plain, SMALL);
            })
        }
        _ => panic!("no such task"),
    };
    for _ in 0..count {
        work();
    }
}

fn seal_ours(recipients: &Recipients) -> Vec<u8> {
    let output = Vec::with_capacity(2 * SMALL.len());
    envelope::seal(recipients, Form::Binary, NonZeroUsize::MIN, &SMALL[..], output).unwrap()
}

fn seal_age(recipient: &x25519::Recipient) -> Vec<u8> {
    let recipient: &dyn age::Recipient = recipient;
    let encryptor = Encryptor::with_recipients(std::iter::once(recipient)).unwrap();
    let mut writer = encryptor.wrap_output(Vec::with_capacity(2 * SMALL.len())).unwrap();
    writer.write_all(&SMALL).unwrap();
    writer.finish().unwrap()
}
