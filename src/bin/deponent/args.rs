//! The source's command line. Man pages and shell completions are made from it.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueHint};
use deponent::clean::{LongSide, Pages, Pictures, Resolution};
use deponent::cli::Listing;
use deponent::cli::source::clean::Naming;
use deponent::cli::source::seal::Request;
use deponent::envelope::Form;

/// Seal a testimony so that only one organisation can read it, and nothing in it gives you away
///
/// Photos, pictures and texts are cleaned on this device first: where and when they were made, with which
/// device and by whom is taken out. What cannot be cleaned is refused, and nothing is sealed.
#[derive(Debug, Parser)]
#[command(name = "deponent", version, disable_help_subcommand = true)]
#[command(after_help = "Exit status: 0 done, 1 failed, 2 usage, 3 refused: something cannot be cleaned.")]
pub(crate) struct Args {
    /// What to do
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show what each file would give away; changes nothing
    #[command(after_help = "Example:\n  deponent inspect photo.jpg order.png")]
    Inspect(Inspect),
    /// Write clean copies
    ///
    /// What cannot be cleaned is named and left out; the exit status is then 3.
    #[command(after_help = "Example:\n  deponent clean -o clean/ photo1.jpg photo2.jpg")]
    Clean(Clean),
    /// Clean a statement and files and seal them into one file for an organisation
    ///
    /// The sealed file tells nobody but the organisation what is inside: no names, no number of files, no
    /// exact size. If any file is refused, nothing is sealed.
    #[command(after_help = "Examples:\n  \
        deponent seal -R recipient.txt -m statement.txt photo1.jpg photo2.jpg\n  \
        deponent seal -r age1ql3z… -m - -o sealed.age order.png\n\n\
        The organisation opens it with deponent-desk, or with age and tar alone.")]
    Seal(Seal),
}

/// Arguments of `inspect`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Inspect {
    /// How to list.
    #[command(flatten)]
    pub(crate) listing: ListingArgs,
    /// Files to look at
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
}

/// Arguments of `clean`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Clean {
    /// How to list.
    #[command(flatten)]
    pub(crate) listing: ListingArgs,
    /// What the copies are called.
    #[command(flatten)]
    pub(crate) names: NameArgs,
    /// What happens to pictures.
    #[command(flatten)]
    pub(crate) pictures: PictureArgs,
    /// What happens to pages of PDF documents.
    #[command(flatten)]
    pub(crate) pages: PageArgs,
    /// Folder for the clean copies; made if it is not there
    #[arg(short, long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    pub(crate) output: PathBuf,
    /// Files to clean
    #[arg(required = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
}

/// Arguments of `seal`.
#[derive(Debug, ClapArgs)]
pub(crate) struct Seal {
    /// Seal for this recipient (age1…); may be given more than once
    #[arg(short, long = "recipient", value_name = "RECIPIENT", required_unless_present = "recipient_files")]
    pub(crate) recipients: Vec<String>,
    /// Seal for the recipients in this file, one a line; may be given more than once
    #[arg(short = 'R', long = "recipients-file", value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) recipient_files: Vec<PathBuf>,
    /// File with your statement, or - to type it or pipe it in
    #[arg(short = 'm', long = "statement", value_name = "STATEMENT", value_hint = ValueHint::FilePath)]
    pub(crate) statement: Option<PathBuf>,
    /// The sealed file to write, or - for standard output [default: a new neutral name here]
    #[arg(short, long, value_name = "OUT", value_hint = ValueHint::FilePath)]
    pub(crate) output: Option<PathBuf>,
    /// What the files are called inside.
    #[command(flatten)]
    pub(crate) names: NameArgs,
    /// What happens to pictures.
    #[command(flatten)]
    pub(crate) pictures: PictureArgs,
    /// What happens to pages of PDF documents.
    #[command(flatten)]
    pub(crate) pages: PageArgs,
    /// Send this file as it is, with everything it gives away, marked as such; may be given more than once
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) as_is: Vec<PathBuf>,
    /// Write text instead of bytes, for places that take only text
    #[arg(short, long)]
    pub(crate) armor: bool,
    /// Files to clean and seal
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub(crate) files: Vec<PathBuf>,
}

/// `--json`.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct ListingArgs {
    /// List as JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// `--keep-names`.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct NameArgs {
    /// Keep the files' names instead of numbering them
    #[arg(long)]
    pub(crate) keep_names: bool,
}

/// `--reshoot`.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct PictureArgs {
    /// Make every picture anew: upright, no longer than this many pixels (320 to 8192; 2048 if none is given),
    /// coded again as JPEG
    ///
    /// This weakens the traces that a camera leaves in the pixels themselves, such as sensor noise. It does
    /// not remove them. Fine detail is lost. A picture that cannot be decoded here is refused; other files
    /// are cleaned as usual.
    #[arg(
        long,
        value_name = "PIXELS",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "2048",
        value_parser = long_side
    )]
    pub(crate) reshoot: Option<LongSide>,
}

/// `--flatten`.
#[derive(Clone, Copy, Debug, ClapArgs)]
pub(crate) struct PageArgs {
    /// Make every page of a PDF document a picture with this many dots an inch (72 to 600; 150 if none is given)
    ///
    /// Nothing of the file is left but what its pages show: no text that can be searched or copied, no fonts,
    /// nothing that lies under something else. What cannot be drawn here as it is meant is refused; other
    /// files are cleaned as usual.
    #[arg(
        long,
        value_name = "DPI",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "150",
        value_parser = resolution
    )]
    pub(crate) flatten: Option<Resolution>,
}

fn resolution(dots: &str) -> Result<Resolution, &'static str> {
    dots.parse().ok().and_then(Resolution::new).ok_or("not a number from 72 to 600")
}

fn long_side(pixels: &str) -> Result<LongSide, &'static str> {
    pixels.parse().ok().and_then(LongSide::new).ok_or("not a number from 320 to 8192")
}

impl From<PictureArgs> for Pictures {
    fn from(args: PictureArgs) -> Self {
        args.reshoot.map_or(Self::Kept, Self::Reshot)
    }
}

impl From<PageArgs> for Pages {
    fn from(args: PageArgs) -> Self {
        args.flatten.map_or(Self::Kept, Self::Flattened)
    }
}

impl From<ListingArgs> for Listing {
    fn from(args: ListingArgs) -> Self {
        if args.json { Self::Json } else { Self::Table }
    }
}

impl From<NameArgs> for Naming {
    fn from(args: NameArgs) -> Self {
        if args.keep_names { Self::Kept } else { Self::Neutral }
    }
}

impl From<Seal> for Request {
    fn from(seal: Seal) -> Self {
        Self {
            recipients: seal.recipients,
            recipient_files: seal.recipient_files,
            statement: seal.statement,
            output: seal.output,
            files: seal.files,
            as_is: seal.as_is,
            naming: seal.names.into(),
            pictures: seal.pictures.into(),
            pages: seal.pages.into(),
            form: if seal.armor { Form::Armored } else { Form::Binary },
        }
    }
}
