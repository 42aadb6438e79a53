//! Diagrams (ISO/IEC 29500-1, 21.4): only the shapes that were drawn for them last (MS-ODRAWXML, 2.6). Their data and
//! layouts are never kept.

use super::graphics::Media;
use super::relationships::Relationship;
use crate::clean::Refusal;
use crate::clean::xml::read::decoded;

/// The shapes of the diagram whose data the part `source` calls `data`: their part, without its declaration.
pub(crate) fn shapes(source: &str, data: &str, media: &mut Media<'_, '_>) -> Result<Option<String>, Refusal> {
    let relationships = media.package.relationships(media.cursor, source)?;
    let of_data = relationships.iter().find(|known| known.id == data).and_then(Relationship::part);
    let Some((folder, file)) = of_data.and_then(|name| name.rsplit_once('/')) else { return Ok(None) };
    let number = file.trim_start_matches(|c: char| !c.is_ascii_digit());
    let drawn: Vec<&str> =
        relationships.iter().filter(|known| known.word() == "diagramDrawing").filter_map(Relationship::part).collect();
    // Programs give both the same number.
    let same = format!("{folder}/drawing{number}");
    let Some(name) = drawn.iter().find(|name| **name == same).or(drawn.first().filter(|_| drawn.len() == 1)) else {
        return Ok(None);
    };
    if !media.package.has(name) {
        return Ok(None);
    }
    let bytes = media.package.bytes(media.cursor, name)?;
    let text = decoded(&bytes)?;
    let text = match text.trim_start().strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")) {
        Some((_, behind)) => behind.to_owned(),
        None => text.into_owned(),
    };
    Ok(Some(text))
}
