//! XML parts of documents (XML 1.0, Namespaces in XML 1.0): read as bounded events, kept by list, written in one form,
//! and accounted for by a scanner of its own. Never follows an entity, a document type or an address.

mod entities;
pub(crate) mod filter;
pub(crate) mod grammar;
pub(crate) mod read;
#[cfg(test)]
mod tests;
pub(crate) mod verify;
pub(crate) mod write;

pub(crate) use filter::{Decision, Hooks, filter};
pub(crate) use grammar::{Attribute, Element, Fate, Grammar, Namespace, Text, Value};
pub(crate) use read::{Event, Raw, Reader};
pub(crate) use write::Writer;
