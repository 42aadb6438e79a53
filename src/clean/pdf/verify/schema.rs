//! What may stand in which dictionary of a clean file: keys, and the kinds of their values. There are no others.

use super::custom;
use super::value::V;
use super::walk::Walk;

/// What an object is, by the place from which it is mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Catalog,
    Pages,
    Page,
    Content,
    Group,
    State,
    SoftMask,
    Colour,
    Calibrated,
    Profile,
    Function,
    Shading,
    Pattern,
    XObject,
    Font,
    Encoding,
    Descendant,
    SystemInfo,
    Descriptor,
    /// Type 1 or, by its key, another program.
    Type1Program,
    TrueTypeProgram,
    OtherProgram,
    TextMap,
    GlyphMap,
    GlyphNumbers,
    Glyph,
    Parms,
}

/// What a value has to be.
pub(super) enum Kind {
    Bool,
    Int(i64, i64),
    Number,
    /// So many numbers.
    Numbers(usize, usize),
    /// One of these names.
    One(&'static [&'static str]),
    /// An object of this role.
    Ref(Role),
    /// A dictionary of this role, here.
    In(Role),
    /// As this function says.
    If(fn(&mut Walk<'_>, &V) -> bool),
}

use Kind::{Bool, If, In, Int, Number, Numbers, One, Ref};

type Table = &'static [(&'static str, Kind)];

const MANY: usize = 1 << 20;
const LEN: (&str, Kind) = ("Length", Int(0, i64::MAX));
const DEFLATED: (&str, Kind) = ("Filter", One(&["FlateDecode"]));
const MATRIX: (&str, Kind) = ("Matrix", Numbers(6, 6));
const BOX: (&str, Kind) = ("BBox", Numbers(4, 4));
const RESOURCES: (&str, Kind) = ("Resources", If(custom::resources));
const INTENTS: Kind = One(&["AbsoluteColorimetric", "Perceptual", "RelativeColorimetric", "Saturation"]);

/// The keys of a role.
pub(super) fn table(role: Role) -> Table {
    match role {
        Role::Catalog => &[("Type", One(&["Catalog"])), ("Pages", Ref(Role::Pages))],
        Role::Pages => &[("Type", One(&["Pages"])), ("Kids", If(custom::pages)), ("Count", Int(1, 1_000_000))],
        Role::Page => &[
            ("Type", One(&["Page"])),
            ("Parent", If(custom::parent)),
            ("MediaBox", Numbers(4, 4)),
            ("CropBox", Numbers(4, 4)),
            ("Rotate", If(custom::quarter_turns)),
            ("UserUnit", Number),
            ("Group", In(Role::Group)),
            RESOURCES,
            ("Contents", Ref(Role::Content)),
        ],
        Role::Content | Role::Glyph | Role::TextMap | Role::GlyphNumbers => &[DEFLATED, LEN],
        Role::Group => &[("S", One(&["Transparency"])), ("CS", If(custom::colour)), ("I", Bool), ("K", Bool)],
        Role::State => STATE,
        Role::SoftMask => &[
            ("Type", One(&["Mask"])),
            ("S", One(&["Alpha", "Luminosity"])),
            ("G", Ref(Role::XObject)),
            ("BC", Numbers(0, 32)),
            ("TR", If(custom::transfer)),
        ],
        Role::Calibrated => &[
            ("WhitePoint", Numbers(3, 3)),
            ("BlackPoint", Numbers(3, 3)),
            ("Gamma", If(custom::one_or_three)),
            ("Matrix", Numbers(9, 9)),
            ("Range", Numbers(4, 4)),
        ],
        Role::Profile => {
            &[("N", Int(1, 4)), ("Alternate", One(&["DeviceGray", "DeviceRGB", "DeviceCMYK"])), DEFLATED, LEN]
        }
        Role::Function => FUNCTION,
        Role::Shading => SHADING,
        Role::Pattern => PATTERN,
        Role::XObject => X_OBJECT,
        Role::Parms => PARMS,
        Role::Colour => &[],
        Role::Font | Role::Encoding | Role::Descendant | Role::SystemInfo | Role::Descriptor | Role::GlyphMap => {
            of_fonts(role)
        }
        Role::Type1Program => {
            &[("Length1", Int(0, 1 << 31)), ("Length2", Int(0, 1 << 31)), ("Length3", Int(0, 1 << 31)), DEFLATED, LEN]
        }
        Role::TrueTypeProgram => &[("Length1", Int(0, 1 << 31)), DEFLATED, LEN],
        Role::OtherProgram => &[("Subtype", One(&["CIDFontType0C", "OpenType", "Type1C"])), DEFLATED, LEN],
    }
}

const STATE: Table = &[
    ("Type", One(&["ExtGState"])),
    ("LW", Number),
    ("LC", Int(0, 2)),
    ("LJ", Int(0, 2)),
    ("ML", Number),
    ("D", If(custom::dashes)),
    ("RI", INTENTS),
    ("Font", If(custom::font_and_size)),
    ("OP", Bool),
    ("op", Bool),
    ("OPM", Int(0, 1)),
    ("TR", If(custom::transfer)),
    ("TR2", If(custom::transfer)),
    ("SA", Bool),
    (
        "BM",
        One(&[
            "Color",
            "ColorBurn",
            "ColorDodge",
            "Compatible",
            "Darken",
            "Difference",
            "Exclusion",
            "HardLight",
            "Hue",
            "Lighten",
            "Luminosity",
            "Multiply",
            "Normal",
            "Overlay",
            "Saturation",
            "Screen",
            "SoftLight",
        ]),
    ),
    ("SMask", If(custom::soft_mask)),
    ("CA", Number),
    ("ca", Number),
    ("AIS", Bool),
    ("TK", Bool),
];

const FUNCTION: Table = &[
    ("FunctionType", Int(0, 4)),
    ("Domain", Numbers(2, 64)),
    ("Range", Numbers(2, 64)),
    ("C0", Numbers(1, 32)),
    ("C1", Numbers(1, 32)),
    ("N", Number),
    ("Functions", If(custom::functions)),
    ("Bounds", Numbers(0, MANY)),
    ("Encode", Numbers(2, MANY)),
    ("Size", Numbers(1, 32)),
    ("BitsPerSample", Int(1, 32)),
    ("Order", Int(1, 3)),
    ("Decode", Numbers(2, 64)),
    DEFLATED,
    LEN,
];

const SHADING: Table = &[
    ("ShadingType", Int(1, 7)),
    ("ColorSpace", If(custom::colour)),
    ("Background", Numbers(0, 32)),
    BOX,
    ("AntiAlias", Bool),
    ("Domain", Numbers(2, 4)),
    MATRIX,
    ("Coords", Numbers(4, 6)),
    ("Extend", If(custom::two_bools)),
    ("Function", If(custom::functions)),
    ("BitsPerCoordinate", Int(1, 32)),
    ("BitsPerComponent", Int(1, 16)),
    ("VerticesPerRow", Int(2, 1 << 20)),
    ("BitsPerFlag", Int(2, 8)),
    ("Decode", Numbers(0, 512)),
    DEFLATED,
    LEN,
];

const PATTERN: Table = &[
    ("PatternType", Int(1, 2)),
    ("PaintType", Int(1, 2)),
    ("TilingType", Int(1, 3)),
    BOX,
    ("XStep", Number),
    ("YStep", Number),
    ("Shading", Ref(Role::Shading)),
    MATRIX,
    ("ExtGState", Ref(Role::State)),
    RESOURCES,
    DEFLATED,
    LEN,
];

const X_OBJECT: Table = &[
    ("Type", One(&["XObject"])),
    ("Subtype", One(&["Form", "Image"])),
    BOX,
    MATRIX,
    ("Group", In(Role::Group)),
    RESOURCES,
    ("Width", Int(1, 65_535)),
    ("Height", Int(1, 65_535)),
    ("ImageMask", Bool),
    ("ColorSpace", If(custom::colour)),
    ("BitsPerComponent", Int(1, 16)),
    ("Decode", Numbers(2, 64)),
    ("Interpolate", Bool),
    ("Intent", INTENTS),
    ("Mask", If(custom::mask)),
    ("SMask", Ref(Role::XObject)),
    ("SMaskInData", Int(0, 2)),
    ("Matte", Numbers(1, 32)),
    ("Filter", One(&["FlateDecode", "DCTDecode", "JPXDecode"])),
    ("DecodeParms", In(Role::Parms)),
    LEN,
];

const PARMS: Table = &[("ColorTransform", Int(0, 1))];

fn of_fonts(role: Role) -> Table {
    match role {
        Role::Font => &[
            ("Type", One(&["Font"])),
            ("Subtype", One(&["MMType1", "TrueType", "Type0", "Type1", "Type3"])),
            ("BaseFont", If(custom::font_name)),
            ("FontBBox", Numbers(4, 4)),
            ("FontMatrix", Numbers(6, 6)),
            ("FirstChar", Int(0, 255)),
            ("LastChar", Int(0, 255)),
            ("Widths", Numbers(0, MANY)),
            ("FontDescriptor", Ref(Role::Descriptor)),
            ("Encoding", If(custom::encoding)),
            ("CharProcs", If(custom::glyphs)),
            RESOURCES,
            ("DescendantFonts", If(custom::descendants)),
            ("ToUnicode", If(custom::to_unicode)),
        ],
        Role::Encoding => &[
            ("Type", One(&["Encoding"])),
            ("BaseEncoding", One(custom::ENCODINGS)),
            ("Differences", If(custom::differences)),
        ],
        Role::Descendant => &[
            ("Type", One(&["Font"])),
            ("Subtype", One(&["CIDFontType0", "CIDFontType2"])),
            ("BaseFont", If(custom::font_name)),
            ("CIDSystemInfo", In(Role::SystemInfo)),
            ("FontDescriptor", Ref(Role::Descriptor)),
            ("DW", Number),
            ("W", If(custom::runs)),
            ("DW2", Numbers(2, 2)),
            ("W2", If(custom::runs)),
            ("CIDToGIDMap", If(custom::glyph_numbers)),
        ],
        Role::SystemInfo => {
            &[("Registry", If(custom::registry)), ("Ordering", If(custom::ordering)), ("Supplement", Int(0, 15))]
        }
        Role::Descriptor => DESCRIPTOR,
        Role::GlyphMap => &[
            ("Type", One(&["CMap"])),
            ("CMapName", One(&["M"])),
            ("CIDSystemInfo", In(Role::SystemInfo)),
            ("WMode", Int(1, 1)),
            ("UseCMap", If(custom::predefined_map)),
            DEFLATED,
            LEN,
        ],
        _ => &[],
    }
}

const DESCRIPTOR: Table = &[
    ("Type", One(&["FontDescriptor"])),
    ("FontName", If(custom::font_name)),
    ("Flags", Int(0, 1 << 32)),
    ("FontBBox", Numbers(4, 4)),
    ("ItalicAngle", Number),
    ("Ascent", Number),
    ("Descent", Number),
    ("Leading", Number),
    ("CapHeight", Number),
    ("XHeight", Number),
    ("StemV", Number),
    ("StemH", Number),
    ("AvgWidth", Number),
    ("MaxWidth", Number),
    ("MissingWidth", Number),
    ("FontWeight", Number),
    ("FontFile", Ref(Role::Type1Program)),
    ("FontFile2", Ref(Role::TrueTypeProgram)),
    ("FontFile3", Ref(Role::OtherProgram)),
];
