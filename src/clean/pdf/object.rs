//! Objects as a file has them (ISO 32000-1, 7.3). Never writes one: what is written has types of its own.

/// A dictionary (7.3.7), in the order of its keys. The first of two values of one key counts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Dict(Vec<(Vec<u8>, Object)>);

impl Dict {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn get(&self, key: &[u8]) -> Option<&Object> {
        let at = self.find(key).ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    pub(super) fn contains_key(&self, key: &[u8]) -> bool {
        self.find(key).is_ok()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|(key, _)| key.as_slice())
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, (Vec<u8>, Object)> {
        self.0.iter()
    }

    /// Gives a key this value, whatever it had.
    pub(super) fn put(&mut self, key: &[u8], value: Object) {
        match self.find(key) {
            Ok(at) => {
                if let Some((_, old)) = self.0.get_mut(at) {
                    *old = value;
                }
            }
            Err(at) => self.0.insert(at, (key.to_vec(), value)),
        }
    }

    /// These values; where a key has none there, those of `older`.
    pub(super) fn or(self, older: Self) -> Self {
        self.0.into_iter().chain(older.0).collect()
    }

    fn find(&self, key: &[u8]) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.as_slice().cmp(key))
    }
}

impl FromIterator<(Vec<u8>, Object)> for Dict {
    fn from_iter<I: IntoIterator<Item = (Vec<u8>, Object)>>(pairs: I) -> Self {
        let mut pairs: Vec<_> = pairs.into_iter().collect();
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        pairs.dedup_by(|(later, _), (first, _)| later == first);
        pairs.shrink_to_fit();
        Self(pairs)
    }
}

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
