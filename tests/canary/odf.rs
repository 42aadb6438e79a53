//! OpenDocument files with marks: in elements and attributes known and invented, in names of styles, in metadata, settings,
//! comments, tracked changes, members that nobody shows and the archive around them. None of it is on the page.

use super::{Canary, Marks};

const SPACES: &[(&str, &str)] = &[
    ("office", "urn:oasis:names:tc:opendocument:xmlns:office:1.0"),
    ("style", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"),
    ("text", "urn:oasis:names:tc:opendocument:xmlns:text:1.0"),
    ("table", "urn:oasis:names:tc:opendocument:xmlns:table:1.0"),
    ("draw", "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"),
    ("fo", "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"),
    ("number", "urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0"),
    ("svg", "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"),
    ("chart", "urn:oasis:names:tc:opendocument:xmlns:chart:1.0"),
    ("presentation", "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"),
    ("form", "urn:oasis:names:tc:opendocument:xmlns:form:1.0"),
    ("script", "urn:oasis:names:tc:opendocument:xmlns:script:1.0"),
    ("anim", "urn:oasis:names:tc:opendocument:xmlns:animation:1.0"),
    ("smil", "urn:oasis:names:tc:opendocument:xmlns:smil-compatible:1.0"),
    ("dr3d", "urn:oasis:names:tc:opendocument:xmlns:dr3d:1.0"),
    ("meta", "urn:oasis:names:tc:opendocument:xmlns:meta:1.0"),
    ("config", "urn:oasis:names:tc:opendocument:xmlns:config:1.0"),
    ("xlink", "http://www.w3.org/1999/xlink"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("officeooo", "http://openoffice.org/2009/office"),
    ("loext", "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"),
    ("calcext", "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"),
    ("kvarz", "urn:kvarz"),
];

/// Elements whose words nobody sees, wherever they stand.
const UNSEEN: &[&str] = &[
    "office:annotation",
    "office:annotation-end",
    "office:scripts",
    "office:forms",
    "office:event-listeners",
    "office:binary-data",
    "office:dde-source",
    "office:change-info",
    "office:meta",
    "text:tracked-changes",
    "text:variable-decls",
    "text:user-field-decls",
    "text:sequence-decls",
    "text:dde-connection-decls",
    "text:alphabetical-index-mark",
    "text:toc-mark",
    "text:user-index-mark",
    "text:bookmark",
    "text:bookmark-start",
    "text:reference-mark",
    "text:hidden-text",
    "text:hidden-paragraph",
    "text:script",
    "text:change",
    "text:soft-page-break",
    "text:section-source",
    "text:linenumbering-separator",
    "table:named-expressions",
    "table:database-ranges",
    "table:content-validations",
    "table:tracked-changes",
    "table:dde-links",
    "table:title",
    "table:desc",
    "table:scenario",
    "table:data-pilot-tables",
    "svg:title",
    "svg:desc",
    "draw:control",
    "draw:plugin",
    "draw:applet",
    "draw:image-map",
    "draw:glue-point",
    "draw:layer-set",
    "dr3d:scene",
    "presentation:notes",
    "presentation:settings",
    "presentation:animations",
    "anim:par",
    "form:form",
    "script:event-listener",
    "dc:creator",
    "dc:date",
    "meta:creator-initials",
    "calcext:conditional-formats",
    "loext:theme",
    "kvarz:who",
    "kvarz",
];

/// Attributes that say something, or nothing that is known.
const ATTRIBUTES: &[&str] = &[
    "xml:id",
    "xml:lang",
    "officeooo:rsid",
    "officeooo:paragraph-rsid",
    "text:name",
    "text:id",
    "text:class-names",
    "text:cond-style-name",
    "text:style-name",
    "text:protection-key",
    "text:condition",
    "text:description",
    "table:name",
    "table:formula",
    "table:protection-key",
    "table:style-name",
    "table:template-name",
    "table:content-validation-name",
    "draw:name",
    "draw:id",
    "draw:style-name",
    "draw:layer",
    "draw:filter-name",
    "draw:mime-type",
    "office:name",
    "office:value",
    "office:value-type",
    "office:date-value",
    "office:string-value",
    "office:target-frame-name",
    "office:title",
    "xlink:href",
    "xlink:title",
    "xlink:role",
    "style:name",
    "style:display-name",
    "style:condition",
    "style:parent-style-name",
    "svg:d",
    "svg:viewBox",
    "svg:x",
    "svg:width",
    "fo:color",
    "fo:language",
    "presentation:class",
    "presentation:presentation-page-layout-name",
    "smil:targetElement",
    "script:event-name",
    "form:name",
    "loext:resolved",
    "calcext:value-type",
    "kvarz:who",
    "who",
];

/// Elements that stay, in which attributes are planted.
const SHOWN: &[&str] = &[
    "text:p",
    "text:h",
    "text:span",
    "text:section",
    "text:list",
    "text:tab",
    "text:s",
    "text:page-number",
    "text:note",
    "table:table",
    "table:table-row",
    "table:table-cell",
    "table:table-column",
    "draw:frame",
    "draw:text-box",
    "draw:image",
    "draw:object",
    "draw:rect",
    "draw:path",
    "draw:custom-shape",
    "draw:enhanced-geometry",
    "draw:equation",
    "draw:g",
    "draw:page",
    "text:a",
    "text:date",
    "text:author-name",
];

/// What may be planted in.
#[derive(Clone)]
struct Parts {
    kind: &'static str,
    root: String,
    body: String,
    automatic: String,
    common: String,
    master: String,
    settings: String,
    meta: String,
    members: Vec<(String, Vec<u8>)>,
    archive: Archive,
}

/// What may be planted around the members of an archive.
#[derive(Clone, Default)]
pub(super) struct Archive {
    pub(super) between: Vec<u8>,
    pub(super) extra: Vec<u8>,
    pub(super) comment: Vec<u8>,
    pub(super) trailer: Vec<u8>,
}

impl Parts {
    fn new(kind: &'static str) -> Self {
        Self {
            kind,
            root: String::new(),
            body: String::new(),
            automatic: String::new(),
            common: String::new(),
            master: String::new(),
            settings: String::new(),
            meta: String::new(),
            members: Vec::new(),
            archive: Archive::default(),
        }
    }

    fn file(&self) -> Vec<u8> {
        let spaces: String = SPACES.iter().map(|(prefix, uri)| format!(" xmlns:{prefix}=\"{uri}\"")).collect();
        let part = |root: &str, inner: &str| format!("<office:{root}{spaces}{}>{inner}</office:{root}>", self.root);
        let body = match self.kind {
            "spreadsheet" => format!(
                "<table:table table:name=\"Sheet1\"><table:table-row><table:table-cell><text:p>words</text:p>{}\
                 </table:table-cell></table:table-row></table:table>",
                self.body
            ),
            "presentation" => {
                format!(
                    "<draw:page draw:master-page-name=\"m\"><draw:frame><draw:text-box><text:p>words</text:p>{}</draw:text-box></draw:frame></draw:page>",
                    self.body
                )
            }
            _ => format!("<text:p>words</text:p>{}", self.body),
        };
        let content = part(
            "document-content",
            &format!(
                "<office:automatic-styles>{}</office:automatic-styles><office:body><office:{2}>{1}</office:{2}></office:body>",
                self.automatic, body, self.kind
            ),
        );
        let styles = part(
            "document-styles",
            &format!(
                "<office:styles><style:default-style style:family=\"paragraph\"/>{}</office:styles>\
                 <office:master-styles><style:master-page style:name=\"m\">{}</style:master-page></office:master-styles>",
                self.common, self.master
            ),
        );
        let settings = part("document-settings", &format!("<office:settings>{}</office:settings>", self.settings));
        let meta = part("document-meta", &format!("<office:meta>{}</office:meta>", self.meta));
        let mut members = vec![
            ("mimetype".to_owned(), format!("application/vnd.oasis.opendocument.{}", self.kind).into_bytes()),
            ("content.xml".to_owned(), content.into_bytes()),
            ("styles.xml".to_owned(), styles.into_bytes()),
            ("settings.xml".to_owned(), settings.into_bytes()),
            ("meta.xml".to_owned(), meta.into_bytes()),
        ];
        members.extend(self.members.iter().cloned());
        self.archive.of(&members)
    }
}

impl Archive {
    /// An archive of stored members.
    pub(super) fn of(&self, members: &[(String, Vec<u8>)]) -> Vec<u8> {
        let (mut file, mut directory) = (Vec::new(), Vec::new());
        for (number, (name, bytes)) in members.iter().enumerate() {
            let at = u32::try_from(file.len()).unwrap().to_le_bytes();
            let len = u32::try_from(bytes.len()).unwrap().to_le_bytes();
            let name_len = u16::try_from(name.len()).unwrap().to_le_bytes();
            let extra = if number == 1 { self.extra.as_slice() } else { &[] };
            let extra_len = u16::try_from(extra.len()).unwrap().to_le_bytes();
            let crc = crc32fast::hash(bytes).to_le_bytes();
            let middle = [&[20, 0, 0, 8, 0, 0, 0, 0, 0x21, 0][..], &crc, &len, &len, &name_len, &extra_len].concat();
            file.extend([b"PK\x03\x04", middle.as_slice(), name.as_bytes(), extra, bytes].concat());
            if number == 1 {
                file.extend(&self.between);
            }
            directory.extend([b"PK\x01\x02\x14\0", middle.as_slice(), &[0; 10], &at, name.as_bytes(), extra].concat());
        }
        let count = u16::try_from(members.len()).unwrap().to_le_bytes();
        let lens =
            [u32::try_from(directory.len()).unwrap().to_le_bytes(), u32::try_from(file.len()).unwrap().to_le_bytes()];
        let comment_len = u16::try_from(self.comment.len()).unwrap().to_le_bytes();
        file.extend(directory);
        file.extend([b"PK\x05\x06\0\0\0\0", count.as_slice(), &count, &lens.concat(), &comment_len].concat());
        file.extend(&self.comment);
        file.extend(&self.trailer);
        file
    }
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let mut all = Vec::new();
    for kind in ["text", "spreadsheet", "presentation"] {
        let mut planting = Planting { kind, marks: &mut marks, all: &mut all };
        elements(&mut planting);
        attributes(&mut planting);
        styles(&mut planting);
        around(&mut planting);
        archives(&mut planting);
    }
    all
}

struct Planting<'a> {
    kind: &'static str,
    marks: &'a mut Marks,
    all: &'a mut Vec<Canary>,
}

impl Planting<'_> {
    fn push(&mut self, place: &str, plant: impl FnOnce(&mut Parts, &str)) {
        let mark = self.marks.text();
        let mut parts = Parts::new(self.kind);
        plant(&mut parts, std::str::from_utf8(&mark).unwrap());
        self.all.push(Canary { name: format!("{}: {place}", self.kind), file: parts.file(), mark, twin: None });
    }
}

fn elements(planting: &mut Planting<'_>) {
    for name in UNSEEN {
        planting.push(&format!("{name} beside"), |parts, mark| parts.body = format!("<{name}>{mark}</{name}>"));
        planting.push(&format!("{name} within"), |parts, mark| {
            parts.body = format!("<text:p>a<{name}><text:p>{mark}</text:p></{name}>b</text:p>");
        });
        planting.push(&format!("{name} in a frame"), |parts, mark| {
            parts.body = format!("<draw:frame><{name} kvarz:who=\"{mark}\">{mark}</{name}></draw:frame>");
        });
        planting.push(&format!("{name} in a master page"), |parts, mark| {
            parts.master = format!("<{name}>{mark}</{name}>");
        });
        planting.push(&format!("{name} among styles"), |parts, mark| {
            parts.common = format!("<{name}>{mark}</{name}>");
            parts.automatic = format!("<{name}>{mark}</{name}>");
        });
    }
    planting.push("name of an element", |parts, mark| parts.body = format!("<kvarz:{mark}/>"));
    planting.push("name of an element of text", |parts, mark| parts.body = format!("<text:{mark}/>"));
    planting.push("stray words", |parts, mark| parts.body = format!("<draw:g>{mark}</draw:g>"));
    planting.push("stray words in a list", |parts, mark| parts.body = format!("<text:list>{mark}</text:list>"));
    planting.push("comment", |parts, mark| parts.body = format!("<!-- {mark} -->"));
    planting.push("comment in words", |parts, mark| parts.body = format!("<text:p>a<!-- {mark} -->b</text:p>"));
    planting.push("instruction", |parts, mark| parts.body = format!("<?kvarz {mark}?>"));
}

fn attributes(planting: &mut Planting<'_>) {
    for attribute in ATTRIBUTES {
        for element in SHOWN {
            // The name of a sheet is seen.
            planting.push(&format!("{attribute} of {element}"), |parts, mark| {
                parts.body = match *element {
                    "text:span" | "text:tab" | "text:s" | "text:page-number" | "text:note" | "text:a" | "text:date"
                    | "text:author-name" => format!("<text:p><{element} {attribute}=\"{mark}\"/></text:p>"),
                    "draw:text-box" | "draw:image" | "draw:object" => {
                        format!("<draw:frame><{element} {attribute}=\"{mark}\"/></draw:frame>")
                    }
                    "draw:enhanced-geometry" => {
                        format!("<draw:custom-shape><{element} {attribute}=\"{mark}\"/></draw:custom-shape>")
                    }
                    _ => format!("<{element} {attribute}=\"{mark}\"/>"),
                };
            });
        }
    }
    planting.push("attribute of the root", |parts, mark| parts.root = format!(" kvarz:who=\"{mark}\""));
    planting.push("version", |parts, mark| parts.root = format!(" office:version=\"{mark}\""));
    planting.push("name of an attribute", |parts, mark| parts.root = format!(" {mark}=\"1\""));
    planting.push("namespace", |parts, mark| parts.root = format!(" xmlns:q=\"urn:{mark}\""));
    planting.push("prefix", |parts, mark| parts.root = format!(" xmlns:{mark}=\"urn:q\""));
    planting.push("link", |parts, mark| {
        parts.body = format!("<text:p><text:a xlink:href=\"https://kvarz.example/{mark}\">here</text:a></text:p>");
    });
    planting.push("picture of another file", |parts, mark| {
        parts.body = format!("<draw:frame><draw:image xlink:href=\"file:///home/{mark}.jpg\"/></draw:frame>");
    });
    planting.push("path", |parts, mark| parts.body = format!("<draw:path svg:d=\"M0 0 {mark}\"/>"));
    planting.push("formula of a shape", |parts, mark| {
        parts.body = format!(
            "<draw:custom-shape><draw:enhanced-geometry><draw:equation draw:name=\"f0\" draw:formula=\"{mark}\"/>\
             </draw:enhanced-geometry></draw:custom-shape>"
        );
    });
}

fn styles(planting: &mut Planting<'_>) {
    planting.push("name of a style that is used", |parts, mark| {
        parts.automatic = format!("<style:style style:name=\"{mark}\" style:family=\"paragraph\"/>");
        parts.body = format!("<text:p text:style-name=\"{mark}\">x</text:p>");
    });
    planting.push("name of a style that is not", |parts, mark| {
        parts.common = format!("<style:style style:name=\"{mark}\" style:family=\"paragraph\"/>");
    });
    planting.push("shown name of a style", |parts, mark| {
        parts.common =
            format!("<style:style style:name=\"Standard\" style:display-name=\"{mark}\" style:family=\"paragraph\"/>");
    });
    planting.push("font of a style that is not used", |parts, mark| {
        parts.common = format!(
            "<style:style style:name=\"a\" style:family=\"paragraph\"><style:text-properties fo:font-family=\"{mark}\"/></style:style>"
        );
    });
    planting.push("font that is not used", |parts, mark| {
        parts.common = format!("<style:font-face style:name=\"{mark}\" svg:font-family=\"{mark}\"/>");
    });
    planting.push("words of a number format that is not used", |parts, mark| {
        parts.automatic =
            format!("<number:number-style style:name=\"N1\"><number:text>{mark}</number:text></number:number-style>");
    });
    planting.push("label of a list that is not used", |parts, mark| {
        parts.automatic = format!(
            "<text:list-style style:name=\"L1\"><text:list-level-style-number text:level=\"1\" style:num-suffix=\"{mark}\"/></text:list-style>"
        );
    });
    planting.push("name of a gradient", |parts, mark| {
        parts.common = format!("<draw:gradient draw:name=\"{mark}\" draw:display-name=\"{mark}\"/>");
    });
    planting.push("master page that is not used", |parts, mark| {
        parts.master = format!("</style:master-page><style:master-page style:name=\"q\"><style:header><text:p>{mark}</text:p></style:header>");
    });
    for name in
        ["fo:color", "fo:font-size", "style:num-format", "style:shadow", "draw:fill", "style:writing-mode", "kvarz:who"]
    {
        planting.push(&format!("{name} of a style"), |parts, mark| {
            parts.common = format!(
                "<style:default-style style:family=\"text\"><style:text-properties {name}=\"{mark}\"/></style:default-style>"
            );
        });
    }
}

fn around(planting: &mut Planting<'_>) {
    for name in [
        "meta:initial-creator",
        "dc:creator",
        "dc:date",
        "dc:title",
        "dc:subject",
        "dc:description",
        "meta:keyword",
        "meta:generator",
        "meta:printed-by",
        "meta:print-date",
        "meta:creation-date",
        "meta:editing-cycles",
        "meta:editing-duration",
        "meta:user-defined",
        "dc:language",
        "kvarz:who",
    ] {
        planting.push(name, |parts, mark| parts.meta = format!("<{name}>{mark}</{name}>"));
    }
    planting.push("template", |parts, mark| parts.meta = format!("<meta:template xlink:href=\"file:///{mark}\"/>"));
    for set in ["ooo:view-settings", "ooo:configuration-settings", "kvarz"] {
        for name in ["PrinterName", "PrinterSetup", "RsidRoot", "AddParaTableSpacing", "Kvarz"] {
            for kind in ["string", "boolean", "base64Binary", "int"] {
                planting.push(&format!("setting {set} {name} {kind}"), |parts, mark| {
                    parts.settings = format!(
                        "<config:config-item-set config:name=\"{set}\"><config:config-item config:name=\"{name}\" config:type=\"{kind}\">{mark}</config:config-item></config:config-item-set>"
                    );
                });
            }
        }
    }
    planting.push("name of a setting", |parts, mark| {
        parts.settings = format!(
            "<config:config-item-set config:name=\"ooo:configuration-settings\"><config:config-item config:name=\"{mark}\" config:type=\"boolean\">true</config:config-item></config:config-item-set>"
        );
    });
}

fn archives(planting: &mut Planting<'_>) {
    for name in [
        "Thumbnails/thumbnail.png",
        "Basic/Standard/Module1.xml",
        "Scripts/python/a.py",
        "Configurations2/accelerator/current.xml",
        "layout-cache",
        "manifest.rdf",
        "META-INF/documentsignatures.xml",
        "META-INF/macrosignatures.xml",
        "VersionList.xml",
        "Versions/Version1",
        "Object 1/content.xml",
        "Object 1",
        "ObjectReplacements/Object 1",
        "Pictures/unused.png",
        "Fonts/font1.ttf",
        "Dialogs/dialog-lc.xml",
        "kvarz.bin",
    ] {
        planting.push(&format!("member {name}"), |parts, mark| parts.members.push((name.to_owned(), mark.into())));
    }
    planting.push("name of a member", |parts, mark| parts.members.push((format!("{mark}.bin"), vec![1])));
    planting.push("name of a picture", |parts, mark| {
        let png = std::fs::read(crate::harness::fixture("clean/one-pixel.png")).unwrap();
        parts.body = format!("<draw:frame><draw:image xlink:href=\"Pictures/{mark}.png\"/></draw:frame>");
        parts.members.push((format!("Pictures/{mark}.png"), png));
    });
    planting.push("picture", |parts, mark| {
        let mut png = std::fs::read(crate::harness::fixture("clean/one-pixel.png")).unwrap();
        png.extend(mark.as_bytes());
        parts.body = "<draw:frame><draw:image xlink:href=\"Pictures/a.png\"/></draw:frame>".to_owned();
        parts.members.push(("Pictures/a.png".to_owned(), png));
    });
    planting.push("vector picture", |parts, mark| {
        parts.body = "<draw:frame><draw:image xlink:href=\"Pictures/a.emf\"/></draw:frame>".to_owned();
        parts.members.push(("Pictures/a.emf".to_owned(), [b"\x01\0\0\0", mark.as_bytes()].concat()));
    });
    planting.push("comment of the archive", |parts, mark| parts.archive.comment = mark.into());
    planting.push("behind the archive", |parts, mark| parts.archive.trailer = mark.into());
    planting.push("between members", |parts, mark| parts.archive.between = mark.into());
    planting.push("extra field", |parts, mark| {
        parts.archive.extra = [&[0xEF, 0xBE, u8::try_from(mark.len()).unwrap(), 0][..], mark.as_bytes()].concat();
    });
}
