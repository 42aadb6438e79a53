//! Pages (ISO 32000-1, 7.7.3): their tree flattened, each with what it inherits, and its contents as one stream. Never
//! keeps what is not seen on paper.

use std::collections::BTreeSet;

use super::context::{Cleaner, Scope};
use super::object::{Dict, Object};
use super::resources::Used;
use super::write::{Fields, Id, Value, field, name};
use super::{annotation, content, hidden, state};
use crate::clean::{Reason, Refusal};
use crate::limits;

/// A page, and the nodes above it, from which it inherits.
pub(super) struct Page<'d> {
    pub(super) dict: &'d Dict,
    above: Vec<&'d Dict>,
}

static NOTHING: Dict = Dict::new();

/// All pages, in their order.
pub(super) fn all<'d>(cleaner: &Cleaner<'d>) -> Result<Vec<Page<'d>>, Refusal> {
    let doc = cleaner.doc;
    let root = cleaner.get(&doc.trailer, "Root").dict();
    let tree = root.and_then(|root| root.get(b"Pages".as_slice()));
    let tree = tree.ok_or(Refusal::new(Reason::Damaged, "Pages", 0))?;
    let (mut pages, mut seen) = (Vec::new(), BTreeSet::new());
    // Nodes that are still to be looked at, the next one last, with those above them.
    let mut next: Vec<(&Object, Vec<&Dict>)> = vec![(tree, Vec::new())];
    while let Some((object, above)) = next.pop() {
        let Some(dict) = doc.resolve(object).dict() else { continue };
        let Some(kids) = cleaner.get(dict, "Kids").array() else {
            if pages.len() >= limits::PDF_PAGES_MAX {
                return Err(Refusal::new(Reason::TooLarge, "number of pages", 0));
            }
            pages.push(Page { dict, above });
            continue;
        };
        if let Object::Ref(number) = object
            && !seen.insert(*number)
        {
            continue;
        }
        if above.len() >= limits::PDF_DEPTH_MAX || next.len().saturating_add(kids.len()) > limits::PDF_OBJECTS_MAX {
            return Err(Refusal::new(Reason::TooLarge, "tree of pages", 0));
        }
        let below: Vec<&Dict> = above.iter().copied().chain([dict]).collect();
        next.extend(kids.iter().rev().map(|kid| (kid, below.clone())));
    }
    if pages.is_empty() {
        return Err(Refusal::new(Reason::Damaged, "Pages", 0));
    }
    Ok(pages)
}

impl<'d> Page<'d> {
    /// The value of a key that pages inherit.
    pub(super) fn inherited(&self, cleaner: &Cleaner<'d>, key: &str) -> &'d Object {
        let mut values =
            [self.dict].into_iter().chain(self.above.iter().rev().copied()).map(|dict| cleaner.get(dict, key));
        values.find(|value| **value != Object::Null).unwrap_or(&Object::Null)
    }

    /// What names in its content refer to.
    pub(super) fn scope(&self, cleaner: &Cleaner<'d>) -> Scope<'d> {
        Scope { resources: self.inherited(cleaner, "Resources").dict().unwrap_or(&NOTHING) }
    }

    /// Its content streams, joined (7.8.2).
    pub(super) fn content(&self, cleaner: &Cleaner<'d>) -> Result<Vec<u8>, Refusal> {
        let doc = cleaner.doc;
        let mut content = Vec::new();
        let one = cleaner.get(self.dict, "Contents");
        let parts = one.array().unwrap_or(std::slice::from_ref(one));
        for part in parts {
            if let Object::Stream(stream) = doc.resolve(part) {
                content.extend_from_slice(&doc.data(stream)?);
                content.push(b'\n');
                if content.len() > limits::PDF_STREAM_BYTES_MAX {
                    return Err(Refusal::new(Reason::TooLarge, "content of a page", doc.offset(stream)));
                }
            }
        }
        Ok(content)
    }
}

/// Writes all pages. The catalogue.
pub(super) fn write(cleaner: &mut Cleaner<'_>) -> Result<Id, Refusal> {
    let pages = all(cleaner)?;
    let root = cleaner.out.reserve()?;
    let tree = cleaner.out.reserve()?;
    let mut kids = Vec::new();
    let mut search = hidden::Search::new();
    for (page, number) in pages.iter().zip(1..) {
        let id = cleaner.out.reserve()?;
        kids.push(Value::Ref(id));
        let data = page.content(cleaner)?;
        hidden::tell(cleaner, page, number, &data, &mut search);
        let fields = one(cleaner, page, data, tree)?;
        cleaner.out.put(id, &Value::Dict(fields))?;
    }
    search.finish(&mut cleaner.findings);
    let count = i64::try_from(kids.len()).unwrap_or(i64::MAX);
    let fields =
        vec![field("Type", name("Pages")), field("Kids", Value::Array(kids)), field("Count", Value::Int(count))];
    cleaner.out.put(tree, &Value::Dict(fields))?;
    let fields = vec![field("Type", name("Catalog")), field("Pages", Value::Ref(tree))];
    cleaner.out.put(root, &Value::Dict(fields))?;
    Ok(root)
}

/// The size of a page that says none: a letter, as for most viewers.
const LETTER: [i64; 4] = [0, 0, 612, 792];

fn one<'d>(cleaner: &mut Cleaner<'d>, page: &Page<'d>, data: Vec<u8>, tree: Id) -> Result<Fields, Refusal> {
    let mut fields = vec![field("Type", name("Page")), field("Parent", Value::Ref(tree))];
    let media = cleaner.numbers(page.inherited(cleaner, "MediaBox"), 4..=4);
    let media = media.unwrap_or_else(|| LETTER.map(Value::Int).to_vec());
    let crop = cleaner.numbers(page.inherited(cleaner, "CropBox"), 4..=4).filter(|crop| *crop != media);
    fields.push(field("MediaBox", Value::Array(media)));
    fields.extend(crop.map(|crop| field("CropBox", Value::Array(crop))));
    let turned = page.inherited(cleaner, "Rotate").int().filter(|turned| turned % 90 == 0);
    let turned = turned.map(|turned| turned.rem_euclid(360)).filter(|turned| *turned != 0);
    fields.extend(turned.map(|turned| field("Rotate", Value::Int(turned))));
    if cleaner.get(page.dict, "UserUnit").number().is_some_and(|unit| unit > 0.0 && (unit - 1.0).abs() > 1e-6) {
        cleaner.keep_number(page.dict, "UserUnit", &mut fields);
    }
    let group = state::group(cleaner, page.dict)?;
    fields.extend(group.map(|group| field("Group", group)));
    let scope = page.scope(cleaner);
    let id = cleaner.out.reserve()?;
    let mut used = Used::default();
    let mut content = content::rewrite_with(cleaner, scope, &data, &mut used)?;
    drop(data);
    annotation::flatten(cleaner, page, &mut used, &mut content)?;
    cleaner.out.put_deflated(id, Fields::new(), content.as_bytes())?;
    fields.push(field("Resources", used.into_value(cleaner, scope)?));
    fields.push(field("Contents", Value::Ref(id)));
    Ok(fields)
}
