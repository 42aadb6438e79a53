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
        let mut removed: Vec<&FindingReport> = self.findings.iter().filter(|finding| !finding.remains).collect();
        removed.sort_by_key(|finding| finding.category);
        removed.iter().for_each(|finding| finding.line(table));
        if self.findings.iter().any(|finding| finding.remains) {
            table.push_str(&format!("  {}:\n", sentences::STAYS));
            self.findings.iter().filter(|finding| finding.remains).for_each(|finding| finding.line(table));
        }
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

    fn line(&self, table: &mut String) {
        let category = sentences::category(self.category);
        let place = visible(&self.place);
        let value = self.value.as_deref().map(|value| format!(": {}", visible(value))).unwrap_or_default();
        table.push_str(&format!("  {category:<15} {place}{value}\n"));
    }
}

/// What was taken out of one file, in one line: the categories, each once.
pub(super) fn summary(findings: &[Finding]) -> String {
    let words: Vec<&str> = clean::removed_categories(findings).into_iter().map(sentences::category).collect();
    words.join(", ")
}
