//! Documents with marks: in every kind of object around the pages, in keys that nobody knows, in comments, gaps, names
//! of resources, fonts, colours and layers, in marked content, earlier revisions and what no object refers to.

use super::{Canary, Marks};
use crate::traces;

/// A document in which each `@` is a place for a mark; the word after `%%` is the kind of what follows.
const OBJECTS: &[&str] = &[
    "<</Type/Catalog/Pages 2 0 R/Metadata 6 0 R/Lang(@)/Own(@)/OwnName/@/@ 1/Outlines 7 0 R/Names<</JavaScript<</Names[(@) 8 0 R]>>\
     /EmbeddedFiles<</Names[(@) 9 0 R]>>/Dests<</Names[(@)[3 0 R/Fit]]>>>>/Dests<</@[3 0 R/Fit]>>/OpenAction 8 0 R/AA<</WC 8 0 R>>\
     /PageLabels<</Nums[0<</P(@)>>]>>/PieceInfo<</@<</LastModified(@)/Private(@)>>>>/URI<</Base(@)>>/MarkInfo<</Own(@)>>\
     /StructTreeRoot 11 0 R/OutputIntents[<</S/GTS_PDFX/OutputCondition(@)/Info(@)/DestOutputProfile 12 0 R>>]\
     /ViewerPreferences<</Own(@)>>/Threads[<</I<</Title(@)>>>>]/OCProperties<</OCGs[13 0 R 14 0 R]/D<</Name(@)/Creator(@)/OFF[14 0 R]\
     /Order[(@)13 0 R]>>>>/AcroForm<</Fields[15 0 R]/DA(@)/DR<</Font<</@ 5 0 R>>>>>>/AF[9 0 R]/Version/@/Extensions<</@<<>>>>>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1/Own(@)/@(x)>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/LastModified(@)/Own(@)/@ 1/PieceInfo<</A<</Private(@)>>>>\
     /Thumb 16 0 R/AA<</O 8 0 R>>/Metadata 6 0 R/Tabs/@/ID(@)/B[17 0 R]/Trans<</Own(@)>>/BoxColorInfo<</Own(@)>>\
     /Group<</S/Transparency/CS/DeviceRGB/Own(@)>>\
     /Annots[15 0 R 18 0 R 19 0 R 20 0 R 21 0 R 22 0 R 23 0 R 24 0 R 25 0 R 26 0 R]/Resources<</Own(@)/ProcSet[/PDF/@]/Font<</@Font 5 0 R/Unused 27 0 R\
     /Emb 28 0 R/Three 29 0 R/Comp 30 0 R>>/Properties<</P1 13 0 R/P2 14 0 R/P3<</Own(@)/@ 1>>>>/ExtGState<</@Gs<</ca 1/Own(@)/HTO(@)/HT<</Own(@)>>>>>>\
     /ColorSpace<</@Cs[/Separation/@/DeviceRGB 31 0 R]/Dn[/DeviceN[/@/Cyan]/DeviceCMYK 32 0 R<</Subtype/DeviceN/Colorants<</@[/Separation/@\
     /DeviceRGB 31 0 R]>>>>]/Ic[/ICCBased 12 0 R]/Lab[/Lab<</WhitePoint[1 1 1]/Own(@)>>]>>/XObject<</@Fo 33 0 R/Im 34 0 R/Jp 35 0 R>>\
     /Pattern<</@Pa 36 0 R/Pb 37 0 R>>/Shading<</@Sh 38 0 R/Me 39 0 R>>>>>>",
    "%%content\n% @\n/Span<</ActualText(@)/E(@)/@ 1>>BDC /@ BMC EMC EMC /@ MP /P1/P3 DP /@<</Own(@)>>DP /OC/P1 BDC EMC /OC/P2 BDC BT /@Font 9 Tf(@)Tj ET EMC\n\
     BX @op (@) /@ @op EX (@) @op /@ ri /@Gs gs /@Cs cs .5 scn /Dn cs .5 .5 scn /Ic cs .1 .1 .1 scn /Lab cs 1 1 1 scn /@Fo Do /Im Do\n\
     /Pattern cs /@Pa scn 0 0 9 9 re f /Pb scn 9 9 9 9 re f /@Sh sh /Me sh BT /@Font 12 Tf 20 100 Td (seen) Tj /Three 9 Tf (a) Tj /Comp 9 Tf (ab) Tj ET\n\
     q 9 0 0 9 0 0 cm BI /W 8 /H 1 /IM true /Own (@) /@ 1 ID a EI Q",
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Name/@/Own(@)/@ 1/Encoding<</Type/Encoding/Own(@)/Differences[65/A/@]>>/ToUnicode 40 0 R>>",
    "%%stream /Type/Metadata/Subtype/XML/Own(@)\n<x:xmpmeta xmlns:x='adobe:ns:meta/'>@</x:xmpmeta>",
    "<</Type/Outlines/Own(@)/First<</Title(@)/Dest(@)>>>>",
    "<</S/JavaScript/JS(@)/Own(@)/Next<</S/URI/URI(@)>>>>",
    "<</Type/Filespec/F(@)/UF(@)/Desc(@)/EF<</F 10 0 R>>/RF<</F[(@)10 0 R]>>>>",
    "%%stream /Type/EmbeddedFile/Subtype/@/Params<</ModDate(@)/CheckSum(@)>>\nfile @",
    "<</Type/StructTreeRoot/K<</S/@/T(@)/Alt(@)/ActualText(@)/ID(@)/A<</O/@/Own(@)>>>>/RoleMap<</@/P>>/ClassMap<</@<<>>>>>>",
    "%%stream /N 3/Own(@)/Alternate/DeviceRGB\nprofile @",
    "<</Type/OCG/Name(@)/Usage<</CreatorInfo<</Creator(@)/Subtype/@>>>>>>",
    "<</Type/OCG/Name(@)>>",
    "<</Type/Annot/Subtype/Widget/FT/Tx/T(@)/TU(@)/TM(@)/V(@)/DV(@)/DA(@)/MK<</CA(@)>>/Rect[10 10 60 20]/AA<</K 8 0 R>>/AP<</N 41 0 R/D 42 0 R>>>>",
    "%%stream /Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Own(@)\n@",
    "<</Type/Bead/Own(@)/T<</I<</Title(@)>>>>>>",
    "<</Type/Annot/Subtype/Text/Contents(@)/T(@)/NM(@)/M(@)/Subj(@)/RC(@)/CreationDate(@)/Rect[0 0 9 9]/Popup 19 0 R/Own(@)>>",
    "<</Type/Annot/Subtype/Popup/Contents(@)/Rect[0 0 9 9]/Parent 18 0 R>>",
    "<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/Contents(@)/A<</S/URI/URI(@)>>/PA<</S/URI/URI(@)>>>>",
    "<</Type/Annot/Subtype/FileAttachment/Name/@/FS 9 0 R/Rect[0 0 9 9]/Contents(@)>>",
    "<</Type/Annot/Subtype/Stamp/Name/@/Rect[0 0 9 9]/Contents(@)/AP<</N<</@<<>>/On 41 0 R>>>>/AS/On/OC 13 0 R>>",
    "<</Type/Annot/Subtype/FreeText/F 2/Rect[0 0 9 9]/Contents(@)/DA(@)/DS(@)/AP<</N 42 0 R>>>>",
    "<</Type/Annot/Subtype/Screen/T(@)/Rect[0 0 9 9]/MK<</RC(@)>>/A<</S/Rendition/JS(@)>>>>",
    "<</Type/Annot/Subtype/@/Rect[0 0 9 9]/Contents(@)/OC 14 0 R/AP<</N 42 0 R>>>>",
    "<</Type/Annot/Subtype/Movie/T(@)/Movie<</F(@)>>/Rect[0 0 9 9]>>",
    "<</Type/Font/Subtype/Type1/BaseFont/@>>",
    "<</Type/Font/Subtype/TrueType/BaseFont/@>>",
    "<</Type/Font/Subtype/Type3/Name/@/FontBBox[0 0 9 9]/FontMatrix[.1 0 0 .1 0 0]/FirstChar 97/LastChar 97/Widths[9]/Encoding<</Differences[97/@]>>\
     /CharProcs<</@ 43 0 R/Unused 42 0 R>>/Resources<</Own(@)>>>>",
    "<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+@/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+@\
     /CIDSystemInfo<</Registry(@)/Ordering(@)/Supplement 0>>/FontDescriptor<</Type/FontDescriptor/FontName/@/FontFamily(@)/Flags 4/Own(@)\
     /CharSet(@)/Style<</Panose(@)>>/Lang/@>>>>]/ToUnicode 40 0 R>>",
    "<</FunctionType 2/Domain[0 1]/C0[1 1 1]/C1[0 0 0]/N 1/Own(@)/@ 1>>",
    "%%stream /FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1 0 1]/Own(@)\n{ % @\n 0 0 }",
    "%%stream /Type/XObject/Subtype/Form/Name/@/BBox[0 0 9 9]/PieceInfo<</A<</Private(@)>>>>/LastModified(@)/Own(@)/Ref<</F(@)>>/OPI<</A(@)>>/Metadata 6 0 R\n% @\n0 0 5 5 re f",
    "%%stream /Type/XObject/Subtype/Image/Name/@/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/ID(@)/OPI<</A(@)>>/Alternates[<</Image 16 0 R>>]/Own(@)/Metadata 6 0 R\n.@",
    "%%stream /Subtype/PS/Own(@)\n(@) show",
    "%%stream /PatternType 1/PaintType 1/TilingType 1/BBox[0 0 4 4]/XStep 4/YStep 4/Resources<<>>/Own(@)\n% @\n0 0 2 2 re f",
    "<</PatternType 2/Shading 38 0 R/Own(@)>>",
    "<</ShadingType 2/ColorSpace/DeviceRGB/Coords[0 0 9 9]/Function 31 0 R/Own(@)>>",
    "%%stream /ShadingType 4/ColorSpace/DeviceGray/BitsPerCoordinate 8/BitsPerComponent 8/BitsPerFlag 8/Decode[0 9 0 9 0 1]/Own(@)\n",
    "%%stream /Own(@)/UseCMap/@\n% @\n/CIDSystemInfo<</Registry(@)/Ordering(@)>>def /CMapName/@ def (@) pop 1 begincodespacerange<00><FF>endcodespacerange 1 beginbfchar<41><0041>endbfchar",
    "%%stream /Subtype/Form/BBox[0 0 9 9]/Own(@)/Resources<</Font<</@ 5 0 R>>>>\n% @\n1 0 0 rg 0 0 9 9 re f",
    "%%stream /Subtype/Form/BBox[0 0 9 9]\n(@) Tj",
    "%%stream /Own(@)\n9 0 d0 % @\n0 0 5 5 re f",
    "(@ used by nothing)",
    "%%stream /Own/@\nused by nothing @",
];

const TRAILER: &str = "/Root 1 0 R/Info<</Title(@)/Author(@)/Subject(@)/Keywords(@)/Creator(@)/Producer(@)/CreationDate(@)/ModDate(@)\
     /Trapped/@/Own(@)/@(x)>>/ID[(@)(@)]/Own(@)/@ 1";

/// Every document with one mark.
pub(crate) fn canaries() -> Vec<Canary> {
    let mut marks = Marks::new();
    let places = OBJECTS.iter().chain([&TRAILER]).map(|text| text.matches('@').count()).sum::<usize>();
    let mut canaries = Vec::new();
    for packed in [false, true] {
        for place in 0..places {
            let mark = marks.text();
            let file = document(Some(place), &mark, packed, &Around::default());
            let name = format!("{} place: {place}", if packed { "packed" } else { "plain" });
            canaries.push(Canary { name, file, mark, twin: None });
        }
    }
    for around in AROUND {
        let mark = marks.text();
        let file = document(None, &mark, false, &Around { place: around });
        canaries.push(Canary { name: format!("{around}: {around}"), file, mark, twin: None });
    }
    // What inflates has to be found, so that what is not is known to be gone.
    assert!(canaries.iter().all(|canary| traces::find(&canary.file, &canary.mark).is_some()));
    canaries
}

/// Places around objects.
const AROUND: &[&str] = &[
    "behind the end",
    "between objects",
    "behind stream data",
    "earlier revision",
    "in the header",
    "before the header",
];

#[derive(Default)]
struct Around {
    place: &'static str,
}

fn document(place: Option<usize>, mark: &[u8], packed: bool, around: &Around) -> Vec<u8> {
    let mut seen = 0;
    let mut fill = |text: &str| {
        let mut filled = String::new();
        for (index, part) in text.split('@').enumerate() {
            if index > 0 {
                // A name that stands in two places is one place: those with a word behind it.
                filled.push_str(if place == Some(seen) { std::str::from_utf8(mark).unwrap() } else { "N" });
                seen += 1;
            }
            filled.push_str(part);
        }
        filled
    };
    let mark = std::str::from_utf8(mark).unwrap();
    let here = |wanted: &str, text: String| if around.place == wanted { text } else { String::new() };
    let mut file = here("before the header", format!("{mark}\n"));
    file.push_str("%PDF-1.7\n");
    file.push_str(&here("in the header", format!("%{mark}\n")));
    file.push_str(&here(
        "earlier revision",
        format!("44 0 obj\n({mark})\nendobj\n4 0 obj\n({mark})\nendobj\ntrailer\n<</Info<</A({mark})>>>>\n%%EOF\n"),
    ));
    for (object, number) in OBJECTS.iter().zip(1..) {
        let text = fill(object);
        let text = match text.strip_prefix("%%").and_then(|text| text.split_once('\n')) {
            Some((keys, data)) => {
                let keys = keys.strip_prefix("stream").unwrap_or("");
                let (keys, data) = if packed {
                    let hex: String = data.bytes().map(|byte| format!("{byte:02X}")).collect();
                    (
                        format!("{keys}/Filter/ASCIIHexDecode"),
                        format!("{hex}>%{}", if data.contains(mark) { mark } else { "" }),
                    )
                } else {
                    (keys.to_owned(), data.to_owned())
                };
                let behind = here("behind stream data", format!(" {mark}"));
                format!("<<{keys}/Length {}>>\nstream\n{data}\n{behind}endstream", data.len())
            }
            None => text,
        };
        file.push_str(&format!("{number} 0 obj\n{text}\nendobj\n"));
        file.push_str(&here("between objects", format!("{mark}\n")));
    }
    file.push_str(&format!("trailer\n<<{}>>\n", fill(TRAILER)));
    file.push_str(&here("behind the end", format!("%%EOF\n{mark}")));
    file.into_bytes()
}
