//! Names of fonts, character maps and orderings that many files have in common. Any other says whose file it is.

use super::context::one_of;

/// Families that a viewer looks for on its system, without spaces.
const FAMILIES: &[&str] = &[
    "AdobeMing",
    "AdobeMyungjo",
    "AdobeSong",
    "Arial",
    "ArialBlack",
    "ArialNarrow",
    "ArialRounded",
    "ArialUnicode",
    "AvantGarde",
    "BNazanin",
    "Baskerville",
    "Batang",
    "BatangChe",
    "Bodoni",
    "BookAntiqua",
    "Bookman",
    "BookmanOldStyle",
    "Calibri",
    "Cambria",
    "CambriaMath",
    "Candara",
    "Carlito",
    "Century",
    "CenturyGothic",
    "CenturySchoolbook",
    "ComicSans",
    "Consolas",
    "Constantia",
    "Corbel",
    "Courier",
    "CourierNew",
    "DFKaiSB",
    "DejaVuSans",
    "DejaVuSansMono",
    "DejaVuSerif",
    "Dotum",
    "FangSong",
    "FranklinGothic",
    "FreeMono",
    "FreeSans",
    "FreeSerif",
    "Futura",
    "Garamond",
    "Geneva",
    "Georgia",
    "GillSans",
    "Gulim",
    "GulimChe",
    "HYGoThic",
    "HYSMyeongJo",
    "HeiseiKakuGo",
    "HeiseiMin",
    "Helvetica",
    "HelveticaNeue",
    "Impact",
    "KaiTi",
    "KozGoPr6N",
    "KozGoPro",
    "KozMinPr6N",
    "KozMinPro",
    "LiberationMono",
    "LiberationSans",
    "LiberationSerif",
    "LucidaConsole",
    "LucidaSans",
    "LucidaSansUnicode",
    "MHei",
    "MSGothic",
    "MSMincho",
    "MSPGothic",
    "MSPMincho",
    "MSSansSerif",
    "MSung",
    "Malgun",
    "MalgunGothic",
    "MicrosoftSansSerif",
    "MicrosoftYaHei",
    "MingLiU",
    "Minion",
    "Monaco",
    "Myriad",
    "NSimSun",
    "NewCenturySchlbk",
    "NimbusMono",
    "NimbusRoman",
    "NimbusSans",
    "NotoSans",
    "NotoSerif",
    "OpenSans",
    "Optima",
    "PMingLiU",
    "PTSans",
    "PTSerif",
    "Palatino",
    "PalatinoLinotype",
    "Roboto",
    "STFangsong",
    "STHeiti",
    "STKaiti",
    "STSong",
    "SegoeUI",
    "SimHei",
    "SimSun",
    "SimplifiedArabic",
    "Symbol",
    "Tahoma",
    "Times",
    "TimesNewRoman",
    "TraditionalArabic",
    "Trebuchet",
    "Ubuntu",
    "Univers",
    "Verdana",
    "Webdings",
    "Wingdings",
    "ZapfChancery",
    "ZapfDingbats",
];

/// Words behind a family that say which of its faces it is.
const STYLES: &[&str] = &[
    "Acro",
    "Black",
    "Bold",
    "Book",
    "Cond",
    "Condensed",
    "Demi",
    "DemiBold",
    "ExtraBold",
    "Heavy",
    "It",
    "Ital",
    "Italic",
    "Light",
    "MS",
    "MT",
    "Medi",
    "Medium",
    "Narrow",
    "Obl",
    "Oblique",
    "PS",
    "Pro",
    "Regu",
    "Regular",
    "Roman",
    "SemiBold",
    "Semibold",
    "Std",
    "Thin",
    "W3",
    "W5",
    "W7",
];

/// The known name that `source` is, without a subset's tag; written without spaces.
pub(super) fn known_font(source: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(source).ok()?;
    let text: String = text.chars().filter(|c| *c != ' ').collect();
    let mut rest = text.as_str();
    loop {
        if FAMILIES.binary_search(&rest).is_ok() {
            return Some(text.clone());
        }
        let trimmed = rest.trim_end_matches(['-', ',']);
        rest = if trimmed.len() < rest.len() {
            trimmed
        } else {
            STYLES.iter().filter_map(|style| rest.strip_suffix(style)).min_by_key(|rest| rest.len())?
        };
    }
}

/// A name without a subset's tag, and whether it has one.
pub(super) fn without_tag(source: &[u8]) -> (&[u8], bool) {
    match source.split_at_checked(7) {
        Some((tag, rest)) if tag.ends_with(b"+") && tag.iter().take(6).all(u8::is_ascii_uppercase) => (rest, true),
        _ => (source, false),
    }
}

/// Words of style in a name, for viewers that choose a face by them.
pub(super) fn style(source: &[u8]) -> &'static str {
    let name = String::from_utf8_lossy(source).to_ascii_lowercase();
    let bold = ["bold", "black", "heavy", "demi"].iter().any(|word| name.contains(word));
    let italic = ["ital", "obli"].iter().any(|word| name.contains(word));
    match (bold, italic) {
        (true, true) => "-BoldItalic",
        (true, false) => "-Bold",
        (false, true) => "-Italic",
        (false, false) => "",
    }
}

/// Predefined character maps (9.7.5.2, table 118).
const MAPS: &[&str] = &[
    "GB-EUC-H",
    "GB-EUC-V",
    "GBpc-EUC-H",
    "GBpc-EUC-V",
    "GBK-EUC-H",
    "GBK-EUC-V",
    "GBKp-EUC-H",
    "GBKp-EUC-V",
    "GBK2K-H",
    "GBK2K-V",
    "UniGB-UCS2-H",
    "UniGB-UCS2-V",
    "UniGB-UTF16-H",
    "UniGB-UTF16-V",
    "B5pc-H",
    "B5pc-V",
    "HKscs-B5-H",
    "HKscs-B5-V",
    "ETen-B5-H",
    "ETen-B5-V",
    "ETenms-B5-H",
    "ETenms-B5-V",
    "CNS-EUC-H",
    "CNS-EUC-V",
    "UniCNS-UCS2-H",
    "UniCNS-UCS2-V",
    "UniCNS-UTF16-H",
    "UniCNS-UTF16-V",
    "83pv-RKSJ-H",
    "90ms-RKSJ-H",
    "90ms-RKSJ-V",
    "90msp-RKSJ-H",
    "90msp-RKSJ-V",
    "90pv-RKSJ-H",
    "90pv-RKSJ-V",
    "Add-RKSJ-H",
    "Add-RKSJ-V",
    "EUC-H",
    "EUC-V",
    "Ext-RKSJ-H",
    "Ext-RKSJ-V",
    "H",
    "V",
    "UniJIS-UCS2-H",
    "UniJIS-UCS2-V",
    "UniJIS-UCS2-HW-H",
    "UniJIS-UCS2-HW-V",
    "UniJIS-UTF16-H",
    "UniJIS-UTF16-V",
    "UniJIS2004-UTF16-H",
    "UniJIS2004-UTF16-V",
    "UniJISX0213-UTF32-H",
    "UniJISX0213-UTF32-V",
    "KSC-EUC-H",
    "KSC-EUC-V",
    "KSCms-UHC-H",
    "KSCms-UHC-V",
    "KSCms-UHC-HW-H",
    "KSCms-UHC-HW-V",
    "KSCpc-EUC-H",
    "KSCpc-EUC-V",
    "UniKS-UCS2-H",
    "UniKS-UCS2-V",
    "UniKS-UTF16-H",
    "UniKS-UTF16-V",
    "Identity-H",
    "Identity-V",
    "RKSJ-H",
    "RKSJ-V",
    "UniGB-UTF8-H",
    "UniJIS-UTF8-H",
    "UniCNS-UTF8-H",
    "UniKS-UTF8-H",
    "UniGB-UTF32-H",
    "UniJIS-UTF32-H",
    "UniCNS-UTF32-H",
    "UniKS-UTF32-H",
];

/// The predefined character map of this name.
pub(super) fn predefined_map(name: &[u8]) -> Option<&'static str> {
    one_of(name, MAPS)
}

/// Orderings of glyphs (9.7.3).
pub(super) fn ordering(name: &[u8]) -> &'static str {
    one_of(name, &["CNS1", "GB1", "Identity", "Japan1", "Japan2", "KR", "Korea1", "UCS"]).unwrap_or("Identity")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_many_files_have_are_known() {
        assert!(FAMILIES.is_sorted());
        for name in ["Helvetica", "Times New Roman,Bold", "ArialMT", "Arial-BoldMT", "TimesNewRomanPS-BoldItalicMT"] {
            assert!(known_font(name.as_bytes()).is_some(), "{name}");
        }
        for name in ["AlicesHand", "Arial-Alice", "", "Bold", "-"] {
            assert!(known_font(name.as_bytes()).is_none(), "{name}");
        }
        assert_eq!(without_tag(b"ABCDEF+Name"), (b"Name".as_slice(), true));
        assert_eq!(style(b"Hand-BoldItalic"), "-BoldItalic");
    }
}
