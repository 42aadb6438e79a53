//! Writes a document of pictures: a page for each, of the size it was drawn from, with the picture over all of it and
//! nothing else (ISO 32000-1, 7.7.3 and 8.9).

use std::io::Read as _;

use zeroize::Zeroizing;

use super::draw::Drawn;
use crate::clean::cursor::Cursor;
use crate::clean::pdf::write::{Fields, Id, Value, Writer, deflated, field, name, spell};
use crate::clean::{Category, Findings, Refusal, jpeg, reshoot};

/// A document on its way.
pub(super) struct Pages {
    out: Writer,
    root: Id,
    tree: Id,
    kids: Vec<Value>,
}

impl Pages {
    pub(super) fn new() -> Result<Self, Refusal> {
        let mut out = Writer::default();
        let (root, tree) = (out.reserve()?, out.reserve()?);
        Ok(Self { out, root, tree, kids: Vec::new() })
    }

    /// Adds a page. Where it has fewer dots than were asked for, that is said.
    pub(super) fn add(&mut self, drawn: Drawn, findings: &mut Findings) -> Result<(), Refusal> {
        let Drawn { number, paper, pixels } = drawn;
        if let Some(dots) = paper.fewer {
            let place = format!("page {number}, too large for so many dots an inch");
            findings.remains(Category::Comment, place, &format!("drawn with {dots}"));
        }
        let page = self.out.reserve()?;
        let content = self.out.reserve()?;
        let (samples, channels) = samples(&pixels);
        drop(pixels);
        let picture = self.picture((paper.columns, paper.rows), samples, channels)?;
        let sides = [paper.width, paper.height].map(Value::Real);
        let [width, height] = sides.each_ref().map(|side| {
            let mut text = String::new();
            spell(side, &mut text);
            text
        });
        let drawing = format!("{width} 0 0 {height} 0 0 cm\n/X1 Do\n");
        self.out.put_deflated(content, Fields::new(), drawing.as_bytes())?;
        let [width, height] = sides;
        let mut fields = vec![
            field("Type", name("Page")),
            field("Parent", Value::Ref(self.tree)),
            field("MediaBox", Value::Array(vec![Value::Int(0), Value::Int(0), width, height])),
        ];
        if (paper.unit - 1.0).abs() > 1e-6 {
            fields.push(field("UserUnit", Value::Real(paper.unit)));
        }
        let resources = vec![field("XObject", Value::Dict(vec![field("X1", Value::Ref(picture))]))];
        fields.push(field("Resources", Value::Dict(resources)));
        fields.push(field("Contents", Value::Ref(content)));
        self.kids.push(Value::Ref(page));
        self.out.put(page, &Value::Dict(fields))
    }

    /// A picture, whichever is shorter: exactly the samples, or as JPEG with the tables that pictures made anew have.
    fn picture(&mut self, (columns, rows): (u16, u16), samples: Samples, channels: i64) -> Result<Id, Refusal> {
        let id = self.out.reserve()?;
        let mut fields = vec![
            field("Type", name("XObject")),
            field("Subtype", name("Image")),
            field("Width", Value::Int(columns.into())),
            field("Height", Value::Int(rows.into())),
            field("ColorSpace", name(if channels == 1 { "DeviceGray" } else { "DeviceRGB" })),
            field("BitsPerComponent", Value::Int(8)),
        ];
        let exact = deflated(&samples);
        // Where little is on a page, no JPEG is as short.
        let least = samples.len() / JPEG_RATIO_MAX;
        let coded = if exact.len() > least { Some(coded(columns, rows, samples)?) } else { None };
        match coded {
            Some(coded) if coded.len() < exact.len() => {
                fields.push(field("Filter", name("DCTDecode")));
                self.out.put_stream(id, fields, &coded)?;
            }
            _ => {
                fields.push(field("Filter", name("FlateDecode")));
                self.out.put_stream(id, fields, &exact)?;
            }
        }
        Ok(id)
    }

    /// The written document and the number of its catalogue.
    pub(super) fn finish(mut self) -> Result<(Writer, Id), Refusal> {
        let count = i64::try_from(self.kids.len()).unwrap_or(i64::MAX);
        let fields = vec![
            field("Type", name("Pages")),
            field("Kids", Value::Array(self.kids)),
            field("Count", Value::Int(count)),
        ];
        self.out.put(self.tree, &Value::Dict(fields))?;
        let fields = vec![field("Type", name("Catalog")), field("Pages", Value::Ref(self.tree))];
        self.out.put(self.root, &Value::Dict(fields))?;
        Ok((self.out, self.root))
    }
}

/// JPEG makes no picture so many times shorter than its samples are.
const JPEG_RATIO_MAX: usize = 60;

type Samples = Zeroizing<Vec<u8>>;

/// One byte a pixel if all are grey, or three.
fn samples(pixels: &[u8]) -> (Samples, i64) {
    let pixels = pixels.as_chunks::<4>().0;
    if pixels.iter().all(|[red, green, blue, _]| red == green && green == blue) {
        (Zeroizing::new(pixels.iter().map(|[red, ..]| *red).collect()), 1)
    } else {
        let mut samples = Zeroizing::new(Vec::with_capacity(pixels.len().saturating_mul(3)));
        pixels.iter().for_each(|[red, green, blue, _]| samples.extend_from_slice(&[*red, *green, *blue]));
        (samples, 3)
    }
}

/// A clean JPEG file of these samples.
fn coded(columns: u16, rows: u16, samples: Samples) -> Result<Vec<u8>, Refusal> {
    let encoded = reshoot::as_jpeg(columns, rows, samples);
    let mut reader = std::io::Cursor::new(encoded.as_slice());
    let draft = (jpeg::FORMAT.clean)(&mut Cursor::new(&mut reader)?)?;
    let mut bytes = Vec::with_capacity(usize::try_from(draft.plan.len()).unwrap_or(0));
    draft.plan.reader(&mut reader).read_to_end(&mut bytes).map_err(Refusal::unreadable)?;
    Ok(bytes)
}
