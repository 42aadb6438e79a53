//! Books with marks: in elements and attributes known and invented, in metadata, style sheets, tables of contents,
//! names of members and members that nobody is shown, and the archive around them. None of it is on a page.

use std::fmt::Write;

use super::odf::Archive;
use super::{Canary, Marks};

/// Elements of which nobody sees the words, wherever they stand.
const UNSEEN: &[&str] = &[
    "script",
    "style",
    "title",
    "meta",
    "link",
    "base",
    "head",
    "audio",
    "video",
    "source",
    "track",
    "canvas",
    "iframe",
    "input",
    "button",
    "select",
    "option",
    "textarea",
    "param",
    "object",
    "embed",
    "map",
    "area",
    "template",
    "dialog",
    "slot",
    "svg",
    "svg:svg",
    "svg:text",
    "svg:title",
    "svg:metadata",
    "m:annotation",
    "m:annotation-xml",
    "epub:case",
    "epub:trigger",
    "kvarz",
    "kvarz:who",
    "html",
];

/// Elements that stay.
const SHOWN: &[&str] = &[
    "a",
    "abbr",
    "article",
    "b",
    "blockquote",
    "br",
    "code",
    "col",
    "dd",
    "del",
    "div",
    "dl",
    "em",
    "figure",
    "h1",
    "hr",
    "i",
    "img",
    "ins",
    "li",
    "nav",
    "ol",
    "p",
    "pre",
    "q",
    "ruby",
    "section",
    "span",
    "table",
    "td",
    "time",
    "tr",
    "ul",
    "wbr",
    "m:math",
    "m:mi",
    "svg:svg",
    "svg:image",
    "font",
    "center",
    "form",
    "acronym",
];

/// Attributes that say something, or nothing that is known.
const ATTRIBUTES: &[&str] = &[
    "id",
    "class",
    "style",
    "lang",
    "xml:lang",
    "xml:id",
    "xml:base",
    "dir",
    "title",
    "alt",
    "name",
    "href",
    "src",
    "srcset",
    "role",
    "align",
    "width",
    "height",
    "start",
    "type",
    "value",
    "colspan",
    "border",
    "summary",
    "cite",
    "datetime",
    "hidden",
    "tabindex",
    "accesskey",
    "onclick",
    "target",
    "rel",
    "data-who",
    "aria-label",
    "aria-describedby",
    "itemid",
    "about",
    "property",
    "content",
    "epub:type",
    "epub:prefix",
    "xlink:href",
    "xlink:title",
    "kvarz:who",
    "who",
    "color",
    "face",
    "display",
    "alttext",
];

/// Declarations of style sheets.
const DECLARATIONS: &[&str] = &[
    "color:@",
    "font-family:@",
    "font-family:\"@\",serif",
    "content:\"@\"",
    "background:url(@.png)",
    "background:url(\"@.png\")",
    "-kvarz:@",
    "@:red",
    "margin:0 @",
    "width:calc(1px + @)",
    "content:attr(@)",
    "counter-reset:@",
    "content:counter(@)",
    "quotes:\"@\" \"@\"",
    "color:#@",
    "margin:1@",
    "font:12px @",
    "color:var(--@)",
    "--@:1px",
    "animation-name:@",
    "color:red/*@*/",
    "color:red!@",
    "grid-area:@",
    "src:url(@)",
    "color:\\@",
];

/// Rules of style sheets.
const RULES: &[&str] = &[
    "/*@*/",
    "@{color:red}",
    ".@{color:red}",
    "#@{color:red}",
    "p.@{color:red}",
    "p[class='@']{color:red}",
    "p[@]{color:red}",
    "p:@{color:red}",
    "p:not(.@){color:red}",
    "p::@{color:red}",
    "p,.@{color:red}",
    "p>@{color:red}",
    "p:lang(@){color:red}",
    "p:nth-child(@){color:red}",
    "@import '@.css';",
    "@import url(@.css);",
    "@namespace @ '@';",
    "@charset '@';",
    "@media @{p{color:red}}",
    "@media screen and (@){p{color:red}}",
    "@page @{margin:0}",
    "@page{@bottom{content:'@'}}",
    "@font-face{font-family:@;src:url(@)}",
    "@keyframes @{from{color:red}}",
    "@supports (@:red){p{color:red}}",
    "@kvarz @{p{color:red}}",
    "p{color:red}@",
    "p{color:red}}@{}",
    "<!--@-->",
    "p{@}",
    "p{color:red",
    "svg|@{color:red}",
    "@media screen{.@{color:red}}",
];

#[derive(Default)]
struct Parts {
    root: String,
    head: String,
    body: String,
    sheet: String,
    metadata: String,
    package: String,
    manifest: String,
    spine: String,
    behind_spine: String,
    container: String,
    contents: String,
    contents_head: String,
    nav: String,
    members: Vec<(String, Vec<u8>)>,
}

impl Parts {
    fn members(&self) -> Vec<(String, Vec<u8>)> {
        let html = |head: &str, body: &str| {
            format!(
                "<!DOCTYPE html><html xmlns=\"http://www.w3.org/1999/xhtml\" xmlns:epub=\"http://www.idpf.org/2007/ops\" \
                 xmlns:svg=\"http://www.w3.org/2000/svg\" xmlns:m=\"http://www.w3.org/1998/Math/MathML\" \
                 xmlns:xlink=\"http://www.w3.org/1999/xlink\" xmlns:kvarz=\"urn:kvarz\"{}><head>{head}</head>\
                 <body>{body}</body></html>",
                self.root
            )
        };
        let head = format!("<link rel=\"stylesheet\" href=\"a.css\"/>{}", self.head);
        let nav = format!("<nav epub:type=\"toc\"><ol><li><a href=\"a.xhtml\">words</a></li></ol></nav>{}", self.nav);
        let package = format!(
            "<package xmlns=\"http://www.idpf.org/2007/opf\" xmlns:kvarz=\"urn:kvarz\" version=\"3.0\"{}>\
             <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:opf=\"http://www.idpf.org/2007/opf\">\
             <dc:language>uk</dc:language>{}</metadata><manifest>\
             <item id=\"a\" href=\"a.xhtml\" media-type=\"application/xhtml+xml\"/>\
             <item id=\"n\" href=\"n.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\
             <item id=\"x\" href=\"x.ncx\" media-type=\"application/x-dtbncx+xml\"/>{}</manifest>\
             <spine toc=\"x\"{}><itemref idref=\"a\"/></spine>{}</package>",
            self.package, self.metadata, self.manifest, self.spine, self.behind_spine
        );
        let contents = format!(
            "<ncx xmlns=\"http://www.daisy.org/z3986/2005/ncx/\" xmlns:kvarz=\"urn:kvarz\" version=\"2005-1\"><head>{}</head>\
             <navMap><navPoint><navLabel><text>words</text></navLabel><content src=\"a.xhtml\"/></navPoint>{}</navMap></ncx>",
            self.contents_head, self.contents
        );
        let container = format!(
            "<container xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\" version=\"1.0\"><rootfiles>\
             <rootfile full-path=\"p.opf\" media-type=\"application/oebps-package+xml\"/></rootfiles>{}</container>",
            self.container
        );
        let mut members = vec![
            ("mimetype".to_owned(), b"application/epub+zip".to_vec()),
            ("META-INF/container.xml".to_owned(), container.into_bytes()),
            ("p.opf".to_owned(), package.into_bytes()),
            ("a.xhtml".to_owned(), html(&head, &format!("<p>words</p>{}", self.body)).into_bytes()),
            ("n.xhtml".to_owned(), html("", &nav).into_bytes()),
            ("x.ncx".to_owned(), contents.into_bytes()),
            ("a.css".to_owned(), format!("p{{margin:0}}{}", self.sheet).into_bytes()),
        ];
        members.extend(self.members.iter().cloned());
        members
    }
}

/// All of them.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut planting = Planting { marks: Marks::new(), all: Vec::new() };
    elements(&mut planting);
    attributes(&mut planting);
    sheets(&mut planting);
    metadata(&mut planting);
    members(&mut planting);
    planting.all
}

struct Planting {
    marks: Marks,
    all: Vec<Canary>,
}

impl Planting {
    fn push(&mut self, place: &str, plant: impl FnOnce(&mut Parts, &str)) {
        self.push_in(place, |parts, _, mark| plant(parts, mark));
    }

    fn push_in(&mut self, place: &str, plant: impl FnOnce(&mut Parts, &mut Archive, &str)) {
        let mark = self.marks.text();
        let (mut parts, mut archive) = (Parts::default(), Archive::default());
        plant(&mut parts, &mut archive, std::str::from_utf8(&mark).unwrap());
        let file = archive.of(&parts.members());
        self.all.push(Canary { name: format!("book: {place}"), file, mark, twin: None });
    }
}

fn elements(planting: &mut Planting) {
    for name in UNSEEN {
        // Those without an end in HTML have one here.
        let of = |mark: &str| format!("<{name} kvarz:who=\"{mark}\">{mark}</{name}>");
        planting.push(&format!("{name} in the body"), |parts, mark| parts.body = of(mark));
        planting.push(&format!("{name} in a paragraph"), |parts, mark| parts.body = format!("<p>a{}b</p>", of(mark)));
        planting.push(&format!("{name} in a list"), |parts, mark| parts.body = format!("<ul>{}</ul>", of(mark)));
        planting.push(&format!("{name} in the head"), |parts, mark| parts.head = of(mark));
        planting.push(&format!("{name} in the nav"), |parts, mark| parts.nav = of(mark));
        planting.push(&format!("words in {name}"), |parts, mark| parts.body = format!("<{name}><p/>{mark}</{name}>"));
    }
    for name in ["ul", "ol", "dl", "table", "tbody", "tr", "colgroup", "br", "hr", "img", "wbr", "svg:svg", "svg:g"] {
        planting.push(&format!("stray words in {name}"), |parts, mark| {
            parts.body = format!("<{name}>{mark}</{name}>");
        });
    }
    planting.push("name of an element", |parts, mark| parts.body = format!("<{mark}/>"));
    planting.push("name of an element elsewhere", |parts, mark| parts.body = format!("<kvarz:{mark}/>"));
    planting.push("comment", |parts, mark| parts.body = format!("<!-- {mark} -->"));
    planting.push("comment in words", |parts, mark| parts.body = format!("<p>a<!-- {mark} -->b</p>"));
    planting.push("instruction", |parts, mark| parts.body = format!("<?kvarz {mark}?>"));
    planting.push("stray words in the head", |parts, mark| parts.head = mark.to_owned());
}

fn attributes(planting: &mut Planting) {
    for attribute in ATTRIBUTES {
        for element in SHOWN {
            planting.push(&format!("{attribute} of {element}"), |parts, mark| {
                parts.body = format!("<{element} {attribute}=\"{mark}\"/>");
            });
        }
        planting.push(&format!("{attribute} of the root"), |parts, mark| {
            if !attribute.starts_with("xml:base") {
                parts.root = format!(" {attribute}=\"{mark}\"");
            } else {
                parts.root = format!(" q=\"{mark}\"");
            }
        });
        for element in ["meta", "link", "style", "title", "base"] {
            planting.push(&format!("{attribute} of {element} in the head"), |parts, mark| {
                parts.head = format!("<{element} {attribute}=\"{mark}\"/>");
            });
        }
    }
    planting.push("name of an attribute", |parts, mark| parts.body = format!("<p {mark}=\"1\"/>"));
    planting.push("namespace", |parts, mark| parts.root = format!(" xmlns:q=\"urn:{mark}\""));
    planting.push("prefix", |parts, mark| parts.root = format!(" xmlns:{mark}=\"urn:q\""));
    for link in
        ["https://kvarz.example/@", "mailto:@@kvarz.example", "a.xhtml#@", "@.xhtml", "n.xhtml?@", "#@", "javascript:@"]
    {
        planting.push(&format!("link to {link}"), |parts, mark| {
            parts.body = format!("<a href=\"{}\">here</a>", link.replace('@', mark));
        });
    }
    planting.push("identifier that is led to", |parts, mark| {
        parts.body = format!("<p id=\"{mark}\">x</p><a href=\"#{mark}\">y</a>");
    });
    planting.push("anchor that is led to", |parts, mark| {
        parts.body = format!("<a name=\"{mark}\">x</a><a href=\"a.xhtml#{mark}\">y</a>");
    });
    planting.push("picture of another file", |parts, mark| parts.body = format!("<img src=\"file:///{mark}.jpg\"/>"));
    planting.push("meta with a name", |parts, mark| {
        parts.head = format!("<meta name=\"author\" content=\"{mark}\"/>");
    });
    planting.push("viewport", |parts, mark| {
        parts.head = format!("<meta name=\"viewport\" content=\"width=5, height=6, {mark}\"/>");
    });
}

fn sheets(planting: &mut Planting) {
    for declaration in DECLARATIONS {
        planting.push(&format!("{declaration} in an element"), |parts, mark| {
            let style = declaration.replace('@', mark).replace('"', "&quot;");
            parts.body = format!("<p style=\"{style}\">x</p><p style=\"color:red;{style};margin:0\">x</p>");
        });
        planting.push(&format!("{declaration} in a sheet"), |parts, mark| {
            write!(parts.sheet, "p{{color:red;{};margin:0}}", declaration.replace('@', mark)).unwrap();
        });
    }
    for rule in RULES {
        // The first character of a rule is its own.
        let rule_of = |mark: &str| match rule.strip_prefix('@').filter(|rest| rest.starts_with(char::is_alphabetic)) {
            Some(rest) => format!("@{}", rest.replace('@', mark)),
            None => rule.replace('@', mark),
        };
        let has_mark = rule.strip_prefix('@').unwrap_or(rule).contains('@')
            || !rule_of("M").starts_with('@') && rule.contains('@');
        if !has_mark {
            continue;
        }
        planting.push(rule, |parts, mark| parts.sheet = rule_of(mark));
        planting.push(&format!("{rule} in the head"), |parts, mark| {
            let text = rule_of(mark).replace('&', "&amp;").replace('<', "&lt;");
            parts.head = format!("<style>{text}</style>");
        });
    }
    planting.push("class with a rule", |parts, mark| {
        parts.sheet = format!(".{mark}{{color:red}}");
        parts.body = format!("<p class=\"{mark} other\">x</p>");
    });
    planting.push("identifier with a rule", |parts, mark| {
        parts.sheet = format!("#{mark}{{color:red}}");
        parts.body = format!("<p id=\"{mark}\">x</p>");
    });
}

fn metadata(planting: &mut Planting) {
    for name in [
        "dc:title",
        "dc:creator",
        "dc:contributor",
        "dc:identifier",
        "dc:date",
        "dc:publisher",
        "dc:description",
        "dc:subject",
        "dc:source",
        "dc:relation",
        "dc:coverage",
        "dc:rights",
        "dc:type",
        "dc:format",
        "dc:language",
        "kvarz:who",
        "x-metadata",
        "meta",
    ] {
        planting.push(name, |parts, mark| parts.metadata = format!("<{name}>{mark}</{name}>"));
        for attribute in ["id", "opf:file-as", "opf:role", "opf:scheme", "opf:event", "xml:lang", "kvarz:who"] {
            planting.push(&format!("{attribute} of {name}"), |parts, mark| {
                parts.metadata = format!("<{name} {attribute}=\"{mark}\">x</{name}>");
            });
        }
    }
    for name in ["calibre:timestamp", "cover", "generator", "kvarz"] {
        planting.push(&format!("meta {name}"), |parts, mark| {
            parts.metadata = format!("<meta name=\"{name}\" content=\"{mark}\"/>");
        });
    }
    for name in ["dcterms:modified", "rendition:layout", "rendition:spread", "schema:accessMode", "kvarz"] {
        planting.push(&format!("property {name}"), |parts, mark| {
            parts.metadata = format!("<meta property=\"{name}\">{mark}</meta>");
        });
    }
    planting.push("name of a meta", |parts, mark| parts.metadata = format!("<meta name=\"{mark}\" content=\"x\"/>"));
    planting
        .push("link of the package", |parts, mark| parts.metadata = format!("<link rel=\"record\" href=\"{mark}\"/>"));
    for attribute in ["unique-identifier", "prefix", "xml:lang", "id", "kvarz:who"] {
        planting.push(&format!("{attribute} of the package"), |parts, mark| {
            parts.package = format!(" {attribute}=\"{mark}\"");
        });
    }
    for attribute in ["id", "page-progression-direction", "page-map", "kvarz:who"] {
        planting.push(&format!("{attribute} of the spine"), |parts, mark| {
            parts.spine = format!(" {attribute}=\"{mark}\"");
        });
    }
    for element in ["guide", "tours", "collection", "bindings", "kvarz:who"] {
        planting.push(&format!("{element} of the package"), |parts, mark| {
            parts.behind_spine =
                format!("<{element} id=\"{mark}\"><reference title=\"{mark}\" href=\"{mark}\"/>{mark}</{element}>");
        });
    }
    for attribute in ["id", "href", "media-type", "properties", "fallback", "media-overlay", "kvarz:who"] {
        planting.push(&format!("{attribute} of an item"), |parts, mark| {
            let rest = if attribute == "href" { String::new() } else { " href=\"q.bin\"".to_owned() };
            parts.manifest = format!("<item {attribute}=\"{mark}\"{rest}/>");
        });
    }
    planting.push("container", |parts, mark| parts.container = format!("<links><link href=\"{mark}\"/></links>"));
    planting.push("comment of the container", |parts, mark| parts.container = format!("<!--{mark}-->"));
    for name in ["dtb:uid", "dtb:generator", "kvarz"] {
        planting.push(&format!("contents {name}"), |parts, mark| {
            parts.contents_head = format!("<meta name=\"{name}\" content=\"{mark}\"/>");
        });
    }
    for attribute in ["id", "class", "playOrder", "kvarz:who"] {
        planting.push(&format!("{attribute} of an entry"), |parts, mark| {
            parts.contents = format!("<navPoint {attribute}=\"{mark}\"><content src=\"a.xhtml\"/></navPoint>");
        });
    }
    for element in ["docAuthor", "docTitle", "pageList", "navList", "navInfo", "smilCustomTest", "kvarz:who", "audio"] {
        planting.push(&format!("{element} of the contents"), |parts, mark| {
            parts.contents = format!("</navMap><{element}><text>{mark}</text></{element}><navMap>");
        });
    }
    planting.push("link of an entry", |parts, mark| {
        parts.contents = format!("<navPoint><content src=\"{mark}.xhtml#{mark}\"/></navPoint>");
    });
}

fn members(planting: &mut Planting) {
    for name in [
        "META-INF/rights.xml",
        "META-INF/signatures.xml",
        "META-INF/manifest.xml",
        "META-INF/metadata.xml",
        "META-INF/calibre_bookmarks.txt",
        "META-INF/com.apple.ibooks.display-options.xml",
        "iTunesMetadata.plist",
        "OEBPS/unused.xhtml",
        "unused.css",
        "unused.png",
        "fonts/a.ttf",
        "a.js",
        "a.mp3",
        "page-map.xml",
        "thumbs.db",
        "__MACOSX/._mimetype",
        "kvarz.bin",
    ] {
        planting.push(&format!("member {name}"), |parts, mark| parts.members.push((name.to_owned(), mark.into())));
    }
    planting.push("name of a member", |parts, mark| parts.members.push((format!("{mark}.bin"), vec![1])));
    planting.push("name of a picture", |parts, mark| {
        let png = std::fs::read(crate::harness::fixture("clean/one-pixel.png")).unwrap();
        parts.body = format!("<img src=\"{mark}.png\"/>");
        parts.members.push((format!("{mark}.png"), png));
    });
    planting.push("picture", |parts, mark| {
        let mut png = std::fs::read(crate::harness::fixture("clean/one-pixel.png")).unwrap();
        png.extend(mark.as_bytes());
        parts.body = "<img src=\"b.png\"/>".to_owned();
        parts.members.push(("b.png".to_owned(), png));
    });
    planting.push("picture of a kind that is not known", |parts, mark| {
        parts.body = "<img src=\"b.bin\"/>".to_owned();
        parts.members.push(("b.bin".to_owned(), [&[0, 1, 2, 0xFF], mark.as_bytes()].concat()));
    });
    planting.push("title of a drawing", |parts, mark| {
        parts.body = "<img src=\"b.svg\"/>".to_owned();
        let drawing = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"5\" height=\"5\"><title>{mark}</title><circle r=\"3\"/></svg>");
        parts.members.push(("b.svg".to_owned(), drawing.into_bytes()));
    });
    planting.push("name of a document", |parts, mark| {
        parts.body = format!("<a href=\"{mark}.xhtml\">x</a>");
        parts.manifest = format!("<item id=\"{mark}\" href=\"{mark}.xhtml\" media-type=\"application/xhtml+xml\"/>");
        let text = "<html xmlns=\"http://www.w3.org/1999/xhtml\"><head/><body><p>x</p></body></html>";
        parts.members.push((format!("{mark}.xhtml"), text.into()));
    });
    planting.push("list of scrambled fonts", |parts, mark| {
        let text = format!(
            "<encryption><EncryptionMethod Algorithm=\"http://www.idpf.org/2008/embedding\"/>{mark}</encryption>"
        );
        parts.members.push(("META-INF/encryption.xml".to_owned(), text.into_bytes()));
    });
    planting.push_in("comment of the archive", |_, archive, mark| archive.comment = mark.into());
    planting.push_in("behind the archive", |_, archive, mark| archive.trailer = mark.into());
    planting.push_in("between members", |_, archive, mark| archive.between = mark.into());
    planting.push_in("extra field", |_, archive, mark| {
        archive.extra = [&[0xEF, 0xBE, u8::try_from(mark.len()).unwrap(), 0][..], mark.as_bytes()].concat();
    });
}
