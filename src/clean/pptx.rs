//! Presentations (ISO/IEC 29500-1, 19): the slides that are shown, with the layouts, masters and themes that they are
//! made of, each part written anew by list. Keeps no notes, no comments, no animation, no hidden slide, and no sound or
//! film.

mod grammar;
mod presentation;
mod slides;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::io::Read;

use super::cursor::Cursor;
use super::ooxml::graphics::Media;
use super::ooxml::package::Package;
use super::ooxml::verify::{Kind, Layout};
use super::ooxml::write::write;
use super::ooxml::{chart, drawing, told, verify as packages};
use super::{Draft, Findings, Format, Refusal, Unaccounted};
use slides::Deck;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    extension: "pptx",
    aliases: &[],
    name: "PowerPoint presentation",
    recognise,
    clean,
    verify,
};

/// Its first bytes are those of any archive; it is told by what is in it.
fn recognise(_: &[u8]) -> bool {
    false
}

/// What a presentation may hold.
static LAYOUT: Layout = Layout {
    kinds: &[
        Kind {
            relationship: "officeDocument",
            content_type: PRESENTATION,
            name: "ppt/presentation.xml",
            grammar: &grammar::PRESENTATION,
        },
        Kind { relationship: "slide", content_type: SLIDE, name: "ppt/slides/slide#.xml", grammar: &grammar::SLIDE },
        Kind {
            relationship: "slideLayout",
            content_type: SLIDE_LAYOUT,
            name: "ppt/slideLayouts/slideLayout#.xml",
            grammar: &grammar::SLIDE_LAYOUT,
        },
        Kind {
            relationship: "slideMaster",
            content_type: SLIDE_MASTER,
            name: "ppt/slideMasters/slideMaster#.xml",
            grammar: &grammar::SLIDE_MASTER,
        },
        Kind {
            relationship: "theme",
            content_type: drawing::THEME_TYPE,
            name: "ppt/theme/theme#.xml",
            grammar: &drawing::THEME,
        },
        Kind {
            relationship: "chart",
            content_type: chart::TYPE,
            name: "ppt/charts/chart#.xml",
            grammar: &chart::CHART,
        },
    ],
    pictures: "ppt/media/",
};

const PRESENTATION: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml";
const SLIDE: &str = "application/vnd.openxmlformats-officedocument.presentationml.slide+xml";
const SLIDE_LAYOUT: &str = "application/vnd.openxmlformats-officedocument.presentationml.slideLayout+xml";
const SLIDE_MASTER: &str = "application/vnd.openxmlformats-officedocument.presentationml.slideMaster+xml";

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    let package = Package::read(cursor)?;
    let main = package.main(cursor)?;
    let mut media = Media::new(&package, cursor, "ppt/");
    let mut read = BTreeSet::from([main.to_ascii_lowercase()]);
    let listed = presentation::slides(&main, &mut media)?;
    let deck = Deck::of(&listed, &mut media, &mut read, &mut findings)?;
    let mut all = vec![presentation::clean(&main, &deck, &mut media, &mut findings)?];
    deck.clean(&mut media, &mut all, &mut findings)?;
    media.tell_fonts(&mut findings);
    read.extend(media.read().map(str::to_ascii_lowercase));
    all.append(&mut media.into_parts());
    told::tell(&package, cursor, &read, &mut findings)?;
    told::tell_words(&all, &mut findings)?;
    Ok(Draft::new(write(&all)?, findings))
}

fn verify(produced: &mut dyn Read) -> Result<(), Unaccounted> {
    packages::verify(produced, &LAYOUT, &mut |_, _| true)
}
