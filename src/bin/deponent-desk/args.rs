//! The organisation's command line. Man pages and shell completions are made from it.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueHint};
use deponent::cli::Listing;
use deponent::cli::desk::keygen::Passphrase;
use deponent::envelope::identity::Kind;

/// Make keys for an organisation, and open what sources have sealed to them
#[derive(Debug, Parser)]
#[command(name = "deponent-desk", version, disable_help_subcommand = true)]
#[command(after_help = "Exit status: 0 done, 1 failed, 2 usage, 3 refused: contents not to be trusted, \
    4 not for these keys or not authentic.")]
pub(crate) struct Args {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an identity and print its recipient, which sources seal to
    ///
    /// Keep the identity file secret and back it up: without it nothing can be opened.
    #[command(after_help = "Example:\n  deponent-desk keygen -o organisation.key > recipient.txt")]
    Keygen(Keygen),
    /// Open sealed files into a folder of cases
    ///
    /// A case appears whole or not at all, after everything in it has been authenticated and checked. A
    /// file that was opened before is recognised.
    #[command(after_help = "Examples:\n  \
        deponent-desk open -i organisation.key -o cases/ inbox/\n  \
        deponent-desk open -i organisation.key -o cases/ --json 7f3a9c21.age")]
    Open(Open),
    /// Decrypt any age file that is sealed to your keys, like age -d
    #[command(after_help = "Example:\n  deponent-desk decrypt -i organisation.key -o sealed.tar sealed.age")]
    Decrypt(Decrypt),
}

/// Arguments of `keygen`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Keygen {
    /// The identity file to write
    #[arg(short, long, value_name = "IDENTITY", value_hint = ValueHint::FilePath)]
    pub(crate) output: PathBuf,
    /// Make an X25519 identity, for older programs; it is not safe from quantum computers
    #[arg(long)]
    pub(crate) x25519: bool,
    /// Do not protect the identity file with a passphrase
    #[arg(long)]
    pub(crate) no_passphrase: bool,
}

/// What `open` and `decrypt` open with.
#[derive(Debug, ClapArgs)]
pub(crate) struct Keys {
    /// Identity file to open with; may be given more than once
    ///
    /// It may hold a line AGE-PLUGIN-… for a key that a plugin keeps, such as a hardware key, and may itself
    /// be sealed to another identity that is given.
    #[arg(short, long = "identity", value_name = "IDENTITY", required = true, value_hint = ValueHint::FilePath)]
    pub(crate) identities: Vec<PathBuf>,
    /// Program of a plugin, /…/age-plugin-NAME, that is not in a folder of PATH; may be given more than once
    #[arg(long = "plugin", value_name = "PROGRAM", value_hint = ValueHint::ExecutablePath)]
    pub(crate) plugins: Vec<PathBuf>,
}

/// Arguments of `open`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Open {
    #[command(flatten)]
    pub(crate) keys: Keys,
    /// Folder of cases; made if it is not there
    #[arg(short, long, value_name = "CASES", value_hint = ValueHint::DirPath)]
    pub(crate) output: PathBuf,
    /// List as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Sealed files, or folders of them
    #[arg(required = true, value_name = "SEALED", value_hint = ValueHint::AnyPath)]
    pub(crate) sealed: Vec<PathBuf>,
}

/// Arguments of `decrypt`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Decrypt {
    #[command(flatten)]
    pub(crate) keys: Keys,
    /// File to write, or - for standard output [default: standard output]
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// File to decrypt, or - for standard input [default: standard input]
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) file: Option<PathBuf>,
}

impl Keygen {
    /// Which kind of key.
    #[must_use]
    pub(crate) fn kind(&self) -> Kind {
        if self.x25519 { Kind::X25519 } else { Kind::Hybrid }
    }

    /// Whether a passphrase is asked for.
    #[must_use]
    pub(crate) fn passphrase(&self) -> Passphrase {
        if self.no_passphrase { Passphrase::None } else { Passphrase::Ask }
    }
}

impl Open {
    /// How to list.
    #[must_use]
    pub(crate) fn listing(&self) -> Listing {
        if self.json { Listing::Json } else { Listing::Table }
    }
}
