//! Names of fonts that so many have that they say nothing, for all documents. A list only.

/// Whether a font of that name tells nobody apart.
pub(super) fn is_usual(family: &str) -> bool {
    let name = family.split(';').next().unwrap_or_default().trim_matches(['\'', '"', ' ']).trim_start_matches('@');
    let plain = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let lower = plain.to_lowercase();
    USUAL.binary_search(&lower.as_str()).is_ok()
}

/// In small letters, sorted.
#[rustfmt::skip]
const USUAL: &[&str] = &[
    "albany", "andale sans ui", "aptos", "aptos display", "arial", "arial black", "arial cyr", "arial narrow",
    "arial unicode ms", "batang", "bitstream vera sans", "bitstream vera serif", "book antiqua", "bookman old style",
    "caladea", "calibri", "calibri light", "cambria", "cambria math", "candara", "cantarell", "carlito", "century",
    "century gothic", "comic sans ms", "consolas", "constantia", "corbel", "courier", "courier new", "cumberland",
    "dejavu sans", "dejavu sans mono", "dejavu serif", "dengxian", "dengxian light", "droid sans",
    "droid sans fallback", "fangsong", "franklin gothic book", "franklin gothic medium", "freesans", "freeserif",
    "garamond", "geneva", "georgia", "gill sans mt", "gulim", "helvetica", "helvetica neue", "hg mincho light j",
    "impact", "kaiti", "latha", "lato", "liberation mono", "liberation sans", "liberation sans narrow",
    "liberation serif", "lohit devanagari", "lohit hindi", "lucida console", "lucida grande", "lucida sans",
    "lucida sans unicode", "malgun gothic", "mangal", "meiryo", "menlo", "microsoft jhenghei", "microsoft sans serif",
    "microsoft yahei", "mingliu", "monaco", "monospace", "montserrat", "ms gothic", "ms mincho", "ms pgothic",
    "ms pmincho", "ms sans serif", "ms serif", "mt extra", "nimbus roman no9 l", "nimbus sans l", "noto sans",
    "noto sans arabic", "noto sans cjk jp", "noto sans cjk sc", "noto sans devanagari", "noto serif",
    "noto serif cjk sc", "nsimsun", "open sans", "opensymbol", "palatino linotype", "perpetua", "pmingliu", "pt mono",
    "pt sans", "pt serif", "roboto", "rockwell", "sans-serif", "segoe ui", "segoe ui emoji", "segoe ui symbol",
    "serif", "simhei", "simplified arabic", "simsun", "source han sans cn", "source han sans cn regular",
    "source han serif cn", "starsymbol", "sylfaen", "symbol", "tahoma", "thorndale", "times", "times new roman",
    "times new roman cyr", "traditional arabic", "trebuchet ms", "tw cen mt", "ubuntu", "verdana", "vrinda",
    "webdings", "wenquanyi micro hei", "wenquanyi zen hei", "wingdings", "wingdings ", "yu gothic", "yu gothic light",
    "yu mincho", "宋体", "新細明體", "游ゴシック light", "游明朝", "等线", "黑体", "굴림", "맑은 고딕", "바탕", "ｍｓ ゴシック", "ｍｓ 明朝",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_fonts_are_known_and_others_are_not() {
        assert!(USUAL.is_sorted());
        assert!(is_usual("'Times New Roman'") && is_usual("Arial1") && is_usual("Wingdings 2") && is_usual("游明朝"));
        assert!(!is_usual("Anna Hand"));
    }
}
