//! Objects in a document that are documents themselves: charts and formulas are made anew by list, all others are left
//! to their pictures. None holds another.

use std::collections::{BTreeMap, BTreeSet};

use zeroize::Zeroizing;

use super::Kind;
use super::grammar::{CONTENT, MATH, NAMESPACES, STYLES};
use super::names::Names;
use super::pass::{Counts, Pass};
use super::pictures::Pictures;
use super::source::Source;
use super::survey::Survey;
use crate::clean::xml::filter::Plain;
use crate::clean::xml::read::decoded;
use crate::clean::xml::{Event, Reader, filter};
use crate::clean::{Findings, Refusal};

/// Objects that stay, in the order in which they were met.
#[derive(Default)]
pub(super) struct Objects {
    known: BTreeMap<String, Option<String>>,
    /// Media type, and parts by their new names.
    pub(super) clean: Vec<Object>,
}

/// An object that stays.
#[derive(PartialEq, Eq)]
pub(super) struct Object {
    pub(super) media_type: &'static str,
    pub(super) content: Vec<u8>,
    pub(super) styles: Option<Vec<u8>>,
}

/// Media type of a chart.
pub(super) const CHART: &str = "application/vnd.oasis.opendocument.chart";
/// Media type of a formula.
pub(super) const FORMULA: &str = "application/vnd.oasis.opendocument.formula";

impl Objects {
    /// The new name of the object behind a link, made anew; none if it is of a kind that does not stay.
    pub(super) fn take(
        &mut self,
        link: &str,
        source: &mut dyn Source,
        around: &Survey,
        findings: &mut Findings,
    ) -> Result<Option<String>, Refusal> {
        let folder = link.strip_prefix("./").unwrap_or(link).trim_end_matches('/');
        if let Some(known) = self.known.get(folder) {
            return Ok(known.clone());
        }
        let made = match source.part(&format!("{folder}/content.xml"))? {
            Some(content) => made(folder, &content, source, around, findings)?,
            None => None,
        };
        let new = made.map(|object| {
            self.clean.push(object);
            format!("Object {}", self.clean.len())
        });
        self.known.insert(folder.to_owned(), new.clone());
        Ok(new)
    }
}

fn made(
    folder: &str,
    content: &[u8],
    source: &mut dyn Source,
    around: &Survey,
    findings: &mut Findings,
) -> Result<Option<Object>, Refusal> {
    let place = format!("{folder}/content.xml");
    let media_type = match kind(content)? {
        Some(kind) => kind,
        None => return Ok(None),
    };
    if media_type == FORMULA {
        let mut plain = Plain;
        let content = filter(content, &MATH, &place, &mut plain, findings)?;
        return Ok(Some(Object { media_type, content, styles: None }));
    }
    let styles = source.part(&format!("{folder}/styles.xml"))?;
    let parts: Vec<&[u8]> = [Some(content), styles.as_deref().map(Vec::as_slice)].into_iter().flatten().collect();
    let mut survey = Survey::of(&parts)?;
    survey.sheets.clone_from(&around.sheets);
    let (mut names, mut pictures, mut objects) = (Names::default(), Pictures::default(), Objects::default());
    let mut filtered = |bytes: &[u8], place: &str, grammar, findings: &mut Findings| {
        let mut pass = Pass {
            kind: Kind::Chart,
            place,
            source: &mut *source,
            survey: &survey,
            names: &mut names,
            pictures: &mut pictures,
            objects: &mut objects,
            counts: Counts::default(),
        };
        filter(bytes, grammar, place, &mut pass, findings)
    };
    let content = filtered(content, &place, &CONTENT, findings)?;
    let place = format!("{folder}/styles.xml");
    let styles = styles.map(|styles: Zeroizing<Vec<u8>>| filtered(&styles, &place, &STYLES, findings)).transpose()?;
    Ok(Some(Object { media_type, content, styles }))
}

/// What an object is, if it is of a kind that stays.
fn kind(content: &[u8]) -> Result<Option<&'static str>, Refusal> {
    let text = decoded(content)?;
    if text.contains("<!DOCTYPE") {
        return Ok(None);
    }
    let mut reader = Reader::new(&text, NAMESPACES);
    loop {
        match reader.next()? {
            Event::Start(raw) => match raw.name.as_str() {
                "office:chart" => return Ok(Some(CHART)),
                "{http://www.w3.org/1998/Math/MathML}math" => return Ok(Some(FORMULA)),
                "office:text" | "office:spreadsheet" | "office:presentation" | "office:drawing" => return Ok(None),
                _ => {}
            },
            Event::End | Event::Text(_) => {}
            Event::Finish => return Ok(None),
        }
    }
}

/// Whether an address of cells is in the chart's own table or in one of these sheets.
pub(super) fn is_shown(address: &str, sheets: &BTreeSet<String>) -> bool {
    address.split(':').all(|part| {
        let sheet = part.rsplit_once('.').map_or("", |(sheet, _)| sheet).trim_start_matches('$');
        let plain = sheet.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')).unwrap_or(sheet);
        plain.is_empty() || plain == "local-table" || sheets.contains(&plain.replace("''", "'"))
    })
}
