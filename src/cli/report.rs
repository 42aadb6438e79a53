//! What was found in files, as a table for people or as the contract's JSON for machines.

use std::path::Path;

use serde::Serialize;

use super::terminal::visible;
use super::{Listing, sentences};
use crate::clean::{self, Category, Fate, Finding, Original};

/// The listing of `inspect` and `clean`.
#[derive(Serialize)]
pub(super) struct Report {
    files: Vec<FileReport>,
}

#[derive(Serialize)]
struct FileReport {
    file: String,
    media_type: Option<String>,
    status: Status,
    findings: Vec<FindingReport>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    /// Nothing to take out.
    Clean,
    /// Something was, or would be, taken out.
    Cleaned,
    Refused,
}

#[derive(Serialize)]
struct FindingReport {
    category: Category,
    #[serde(rename = "where")]
    place: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    /// Only where it is true: this is content, and stays.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    remains: bool,
}

impl Report {
    pub(super) fn new() -> Self {
        Self { files: Vec::new() }
    }

    /// A file that was cleaned, and what its copy was written to, if it was.
    pub(super) fn cleaned(&mut self, path: &Path, media_type: &str, findings: &[Finding], output: Option<&Path>) {
        let mut findings: Vec<FindingReport> = findings.iter().map(FindingReport::new).collect();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if let Some(extension) = clean::mismatch(&name, media_type) {
            findings.push(FindingReport {
                category: Category::Unknown,
                place: "file name".to_owned(),
                value: Some(sentences::mismatch(extension, media_type)),
                remains: false,
            });
        }
        let status = if findings.iter().all(|finding| finding.remains) { Status::Clean } else { Status::Cleaned };
        self.files.push(FileReport {
            file: path.to_string_lossy().into_owned(),
            media_type: Some(media_type.to_owned()),
            status,
            findings,
            reason: None,
            output: output.map(|path| path.to_string_lossy().into_owned()),
        });
    }

    /// A file of which there is no clean copy.
    pub(super) fn refused(&mut self, path: &Path, original: &dyn Original, reason: String) {
        self.files.push(FileReport {
            file: path.to_string_lossy().into_owned(),
            media_type: clean::media_type(original),
            status: Status::Refused,
            findings: Vec::new(),
            reason: Some(reason),
            output: None,
        });
    }

    /// The listing, in the order the files were told.
    pub(super) fn listed(&self, listing: Listing) -> String {
        match listing {
            Listing::Table => self.table(),
            Listing::Json => self.json(),
        }
    }

    fn json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).unwrap_or_default();
        json.push('\n');
        json
    }

    fn table(&self) -> String {
        let mut table = String::new();
        // Those that were refused have been named on standard error, with what to do.
        for file in self.files.iter().filter(|file| file.status != Status::Refused) {
            file.lines(&mut table);
        }
        table
    }
}

impl FileReport {
    fn lines(&self, table: &mut String) {
        let media_type = self.media_type.as_deref().unwrap_or("unknown type");
        let name = visible(&self.file);
        let copy = self.output.as_deref().map(|output| format!(" -> {}", visible(output))).unwrap_or_default();
        table.push_str(&format!("{name} ({media_type}){copy}\n"));
        if self.findings.is_empty() {
            table.push_str(&format!("  {}\n", sentences::NOTHING_FOUND));
        }
        let (remaining, removed): (Vec<_>, Vec<_>) = self.findings.iter().partition(|finding| finding.remains);
        grouped(&removed, table);
        if !remaining.is_empty() {
            table.push_str(&format!("  {}:\n", sentences::STAYS));
            grouped(&remaining, table);
        }
    }
}

/// The findings under what they reveal, so that a person sees first what matters.
fn grouped(findings: &[&FindingReport], table: &mut String) {
    let mut sorted = findings.to_vec();
    sorted.sort_by_key(|finding| finding.category);
    for group in sorted.chunk_by(|one, other| one.category == other.category) {
        let heading = group.first().map(|finding| sentences::heading(finding.category)).unwrap_or_default();
        table.push_str(&format!("  {heading}\n"));
        // What is said in several places is told once, where it was first met.
        let mut lines: Vec<(Option<&str>, Vec<&str>)> = Vec::new();
        for finding in group {
            let value = finding.value.as_deref();
            match lines.iter_mut().find(|(said, _)| said.is_some() && *said == value) {
                Some((_, places)) => places.push(&finding.place),
                None => lines.push((value, vec![&finding.place])),
            }
        }
        lines.iter().for_each(|(value, places)| line(*value, places, table));
    }
}

/// What is said, and then where it stands; or where it stands alone.
fn line(value: Option<&str>, places: &[&str], table: &mut String) {
    let places = visible(&places.join(", "));
    match value {
        Some(value) => table.push_str(&format!("    {} ({places})\n", visible(value))),
        None => table.push_str(&format!("    {places}\n")),
    }
}

impl FindingReport {
    fn new(finding: &Finding) -> Self {
        Self {
            category: finding.category,
            place: finding.place.clone(),
            value: finding.value.clone(),
            remains: finding.fate == Fate::Remains,
        }
    }
}

/// What was taken out of one file, in one line: the categories, each once.
pub(super) fn summary(findings: &[Finding]) -> String {
    let words: Vec<&str> = clean::removed_categories(findings).into_iter().map(sentences::category).collect();
    words.join(", ")
}
