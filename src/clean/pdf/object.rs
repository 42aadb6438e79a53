//! Objects as a file has them (ISO 32000-1, 7.3). Never writes one: what is written has types of its own.

use std::collections::BTreeMap;

/// A dictionary (7.3.7). The first of two values of one key counts.
pub(super) type Dict = BTreeMap<Vec<u8>, Object>;

/// An object, without what stands behind its references.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Object {
    Null,
    Bool(bool),
    /// A whole number, also one that is spelled with a point.
    Int(i64),
    /// A number with a fraction.
    Real(f64),
    Text(Vec<u8>),
    Name(Vec<u8>),
    Array(Vec<Object>),
    Dict(Dict),
    Stream(Stream),
    /// The number of an indirect object; its generation is that of the newest.
    Ref(u32),
}

/// A stream (7.3.8): its dictionary, and where its data are in the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stream {
    pub(super) dict: Dict,
    pub(super) at: usize,
    pub(super) len: usize,
}

impl Object {
    pub(super) fn name(&self) -> Option<&[u8]> {
        if let Self::Name(name) = self { Some(name) } else { None }
    }

    pub(super) fn text(&self) -> Option<&[u8]> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    pub(super) fn int(&self) -> Option<i64> {
        if let Self::Int(int) = self { Some(*int) } else { None }
    }

    pub(super) fn bool(&self) -> Option<bool> {
        if let Self::Bool(bool) = self { Some(*bool) } else { None }
    }

    pub(super) fn array(&self) -> Option<&[Self]> {
        if let Self::Array(array) = self { Some(array) } else { None }
    }

    /// A number as readers calculate with it; whole ones beyond 32 bits are cut to that.
    pub(super) fn number(&self) -> Option<f64> {
        match self {
            Self::Int(int) => Some(float(*int)),
            Self::Real(real) => Some(*real),
            _ => None,
        }
    }

    /// A dictionary, or that of a stream.
    pub(super) fn dict(&self) -> Option<&Dict> {
        match self {
            Self::Dict(dict) => Some(dict),
            Self::Stream(stream) => Some(&stream.dict),
            _ => None,
        }
    }
}

/// A whole number to calculate with, cut to 32 bits.
pub(super) fn float(int: i64) -> f64 {
    f64::from(i32::try_from(int).unwrap_or(if int < 0 { i32::MIN } else { i32::MAX }))
}
