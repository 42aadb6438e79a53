//! What office documents in Open Packaging share (ECMA-376-2, ISO/IEC 29500-2): parts, their types and relationships.
//! Knows nothing of what parts mean, and follows no relationship out of the package.

pub(crate) mod chart;
pub(crate) mod diagram;
pub(crate) mod drawing;
pub(crate) mod edits;
pub(crate) mod graphics;
pub(crate) mod number_format;
pub(crate) mod package;
pub(crate) mod pictures;
pub(crate) mod relationships;
pub(crate) mod survey;
#[cfg(test)]
mod tests;
pub(crate) mod told;
pub(crate) mod verify;
pub(crate) mod write;

/// The member that says of what type each part is (ECMA-376-2, 10.1.2).
const CONTENT_TYPES: &str = "[Content_Types].xml";
/// Its namespace.
const CONTENT_TYPES_URI: &str = "http://schemas.openxmlformats.org/package/2006/content-types";
/// The namespace of relationships parts (9.3).
const RELATIONSHIPS_URI: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
/// The type of relationships parts.
const RELATIONSHIPS_TYPE: &str = "application/vnd.openxmlformats-package.relationships+xml";
/// What the types of relationships begin with in transitional documents, and in what is written.
const TRANSITIONAL: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";
/// What they begin with in strict documents.
const STRICT: &str = "http://purl.oclc.org/ooxml/officeDocument/relationships/";
/// The relationship of the package to its main part.
const MAIN: &str = "officeDocument";
/// The relationship to a picture.
const IMAGE: &str = "image";

/// The name of the part that holds the relationships of `part`, or of the package if that is empty (9.3.3).
fn relationships_part(part: &str) -> String {
    match part.rsplit_once('/') {
        Some((folder, name)) => format!("{folder}/_rels/{name}.rels"),
        None => format!("_rels/{part}.rels"),
    }
}
