//! The named characters of XHTML (XHTML 1.0, appendix A.2). A list only.

/// What a name stands for, if it is one of XHTML's.
pub(super) fn html(name: &str) -> Option<&'static str> {
    let at = NAMED.binary_search_by(|(known, _)| known.cmp(&name)).ok()?;
    NAMED.get(at).map(|(_, text)| *text)
}

/// Sorted by name; XML itself has five more.
#[rustfmt::skip]
const NAMED: &[(&str, &str)] = &[
    ("AElig", "Æ"), ("Aacute", "Á"), ("Acirc", "Â"), ("Agrave", "À"), ("Alpha", "Α"), ("Aring", "Å"), ("Atilde", "Ã"),
    ("Auml", "Ä"), ("Beta", "Β"), ("Ccedil", "Ç"), ("Chi", "Χ"), ("Dagger", "‡"), ("Delta", "Δ"), ("ETH", "Ð"),
    ("Eacute", "É"), ("Ecirc", "Ê"), ("Egrave", "È"), ("Epsilon", "Ε"), ("Eta", "Η"), ("Euml", "Ë"), ("Gamma", "Γ"),
    ("Iacute", "Í"), ("Icirc", "Î"), ("Igrave", "Ì"), ("Iota", "Ι"), ("Iuml", "Ï"), ("Kappa", "Κ"), ("Lambda", "Λ"),
    ("Mu", "Μ"), ("Ntilde", "Ñ"), ("Nu", "Ν"), ("OElig", "Œ"), ("Oacute", "Ó"), ("Ocirc", "Ô"), ("Ograve", "Ò"),
    ("Omega", "Ω"), ("Omicron", "Ο"), ("Oslash", "Ø"), ("Otilde", "Õ"), ("Ouml", "Ö"), ("Phi", "Φ"), ("Pi", "Π"),
    ("Prime", "″"), ("Psi", "Ψ"), ("Rho", "Ρ"), ("Scaron", "Š"), ("Sigma", "Σ"), ("THORN", "Þ"), ("Tau", "Τ"),
    ("Theta", "Θ"), ("Uacute", "Ú"), ("Ucirc", "Û"), ("Ugrave", "Ù"), ("Upsilon", "Υ"), ("Uuml", "Ü"), ("Xi", "Ξ"),
    ("Yacute", "Ý"), ("Yuml", "Ÿ"), ("Zeta", "Ζ"), ("aacute", "á"), ("acirc", "â"), ("acute", "´"), ("aelig", "æ"),
    ("agrave", "à"), ("alefsym", "ℵ"), ("alpha", "α"), ("and", "∧"), ("ang", "∠"), ("aring", "å"), ("asymp", "≈"),
    ("atilde", "ã"), ("auml", "ä"), ("bdquo", "„"), ("beta", "β"), ("brvbar", "¦"), ("bull", "•"), ("cap", "∩"),
    ("ccedil", "ç"), ("cedil", "¸"), ("cent", "¢"), ("chi", "χ"), ("circ", "ˆ"), ("clubs", "♣"), ("cong", "≅"),
    ("copy", "©"), ("crarr", "↵"), ("cup", "∪"), ("curren", "¤"), ("dArr", "⇓"), ("dagger", "†"), ("darr", "↓"),
    ("deg", "°"), ("delta", "δ"), ("diams", "♦"), ("divide", "÷"), ("eacute", "é"), ("ecirc", "ê"), ("egrave", "è"),
    ("empty", "∅"), ("emsp", "\u{2003}"), ("ensp", "\u{2002}"), ("epsilon", "ε"), ("equiv", "≡"), ("eta", "η"),
    ("eth", "ð"), ("euml", "ë"), ("euro", "€"), ("exist", "∃"), ("fnof", "ƒ"), ("forall", "∀"), ("frac12", "½"),
    ("frac14", "¼"), ("frac34", "¾"), ("frasl", "⁄"), ("gamma", "γ"), ("ge", "≥"), ("hArr", "⇔"), ("harr", "↔"),
    ("hearts", "♥"), ("hellip", "…"), ("iacute", "í"), ("icirc", "î"), ("iexcl", "¡"), ("igrave", "ì"),
    ("image", "ℑ"), ("infin", "∞"), ("int", "∫"), ("iota", "ι"), ("iquest", "¿"), ("isin", "∈"), ("iuml", "ï"),
    ("kappa", "κ"), ("lArr", "⇐"), ("lambda", "λ"), ("lang", "〈"), ("laquo", "«"), ("larr", "←"), ("lceil", "⌈"),
    ("ldquo", "“"), ("le", "≤"), ("lfloor", "⌊"), ("lowast", "∗"), ("loz", "◊"), ("lrm", "\u{200e}"), ("lsaquo", "‹"),
    ("lsquo", "‘"), ("macr", "¯"), ("mdash", "—"), ("micro", "µ"), ("middot", "·"), ("minus", "−"), ("mu", "μ"),
    ("nabla", "∇"), ("nbsp", "\u{a0}"), ("ndash", "–"), ("ne", "≠"), ("ni", "∋"), ("not", "¬"), ("notin", "∉"),
    ("nsub", "⊄"), ("ntilde", "ñ"), ("nu", "ν"), ("oacute", "ó"), ("ocirc", "ô"), ("oelig", "œ"), ("ograve", "ò"),
    ("oline", "‾"), ("omega", "ω"), ("omicron", "ο"), ("oplus", "⊕"), ("or", "∨"), ("ordf", "ª"), ("ordm", "º"),
    ("oslash", "ø"), ("otilde", "õ"), ("otimes", "⊗"), ("ouml", "ö"), ("para", "¶"), ("part", "∂"), ("permil", "‰"),
    ("perp", "⊥"), ("phi", "φ"), ("pi", "π"), ("piv", "ϖ"), ("plusmn", "±"), ("pound", "£"), ("prime", "′"),
    ("prod", "∏"), ("prop", "∝"), ("psi", "ψ"), ("rArr", "⇒"), ("radic", "√"), ("rang", "〉"), ("raquo", "»"),
    ("rarr", "→"), ("rceil", "⌉"), ("rdquo", "”"), ("real", "ℜ"), ("reg", "®"), ("rfloor", "⌋"), ("rho", "ρ"),
    ("rlm", "\u{200f}"), ("rsaquo", "›"), ("rsquo", "’"), ("sbquo", "‚"), ("scaron", "š"), ("sdot", "⋅"),
    ("sect", "§"), ("shy", "\u{ad}"), ("sigma", "σ"), ("sigmaf", "ς"), ("sim", "∼"), ("spades", "♠"), ("sub", "⊂"),
    ("sube", "⊆"), ("sum", "∑"), ("sup", "⊃"), ("sup1", "¹"), ("sup2", "²"), ("sup3", "³"), ("supe", "⊇"),
    ("szlig", "ß"), ("tau", "τ"), ("there4", "∴"), ("theta", "θ"), ("thetasym", "ϑ"), ("thinsp", "\u{2009}"),
    ("thorn", "þ"), ("tilde", "˜"), ("times", "×"), ("trade", "™"), ("uArr", "⇑"), ("uacute", "ú"), ("uarr", "↑"),
    ("ucirc", "û"), ("ugrave", "ù"), ("uml", "¨"), ("upsih", "ϒ"), ("upsilon", "υ"), ("uuml", "ü"), ("weierp", "℘"),
    ("xi", "ξ"), ("yacute", "ý"), ("yen", "¥"), ("yuml", "ÿ"), ("zeta", "ζ"), ("zwj", "\u{200d}"),
    ("zwnj", "\u{200c}"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_sorted() {
        assert!(NAMED.is_sorted());
        assert_eq!(html("nbsp"), Some("\u{a0}"));
        assert_eq!((html("Alpha"), html("kvarz")), (Some("Α"), None));
    }
}
