use proptest::prelude::{any, prop, proptest};

use super::*;

fn check(packet: &[u8], category: Category, place: &str, value: Option<&str>) {
    let told = findings(packet).into_vec();
    let found = told.iter().any(|finding| {
        (finding.category, finding.place.as_str(), finding.value.as_deref()) == (category, place, value)
    });
    assert!(found, "{place} {value:?} not in {told:#?}");
}

const PACKET: &str = r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Image::ExifTool 12">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
 <rdf:Description rdf:about="uuid:1" xmlns:exif="http://ns.adobe.com/exif/1.0/"
   exif:GPSLatitude="50,27.006N" exif:FNumber="28/10" exif:PixelXDimension="10">
  <dc:creator><rdf:Seq><rdf:li>Olena &amp; Co</rdf:li><rdf:li>Ivan</rdf:li></rdf:Seq></dc:creator>
  <dc:description><rdf:Alt><rdf:li xml:lang="x-default">gate</rdf:li></rdf:Alt></dc:description>
  <xmp:CreateDate>2024-05-01T10:00:00+03:00</xmp:CreateDate>
  <xmpRights:WebStatement rdf:resource="http://x.org"/>
  <xmpMM:History><rdf:Seq><rdf:li stEvt:action="saved" stEvt:softwareAgent="Tool 1" stEvt:changed="/"/></rdf:Seq>
  </xmpMM:History>
  <mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:RegionList><rdf:Bag><rdf:li>
   <rdf:Description mwg-rs:Name="Petro" mwg-rs:Type="Face"><mwg-rs:Area stArea:x="0.5"/></rdf:Description>
  </rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions>
  <Container:Directory><rdf:Seq><rdf:li><Container:Item Item:Mime="video/mp4"/></rdf:li></rdf:Seq></Container:Directory>
  <own:Quux>MARKER</own:Quux>
  <own:HomeAddress>Street 1</own:HomeAddress>
 </rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"#;

#[test]
fn properties_are_told_with_their_values() {
    let check = |category, place, value| check(PACKET.as_bytes(), category, place, value);
    check(Category::Software, "XMP x:xmptk", Some("Image::ExifTool 12"));
    check(Category::Identifier, "XMP rdf:about", Some("uuid:1"));
    check(Category::Location, "XMP exif:GPSLatitude", Some("50,27.006N"));
    check(Category::Device, "XMP camera settings", None);
    check(Category::Person, "XMP dc:creator", Some("Olena & Co, Ivan"));
    check(Category::Comment, "XMP dc:description", Some("gate"));
    check(Category::Time, "XMP xmp:CreateDate", Some("2024-05-01T10:00:00+03:00"));
    check(Category::Person, "XMP xmpRights:WebStatement", Some("http://x.org"));
    check(Category::History, "XMP stEvt:action", Some("saved"));
    check(Category::Software, "XMP stEvt:softwareAgent", Some("Tool 1"));
    check(Category::Person, "XMP mwg-rs:Name", Some("Petro"));
    check(Category::HiddenContent, "XMP Container, further files behind the picture", None);
    check(Category::Unknown, "XMP further properties", Some("own:Quux"));
    check(Category::Location, "XMP own:HomeAddress", Some("Street 1"));
}

#[test]
fn prefixes_are_known_by_their_namespace() {
    let packet = br#"<d xmlns:q="http://ns.adobe.com/photoshop/1.0/" q:City="Lviv"/>"#;
    check(packet, Category::Location, "XMP photoshop:City", Some("Lviv"));
}

#[test]
fn what_vector_programs_write_names_the_person_alone() {
    let packet = br#"<rdf:RDF xmlns:cc="http://creativecommons.org/ns#"><cc:Work rdf:about=""><dc:format>image/svg+xml</dc:format>
        <dc:type rdf:resource="http://purl.org/dc/dcmitype/StillImage"/>
        <dc:creator><cc:Agent><dc:title>Olena</dc:title></cc:Agent></dc:creator></cc:Work></rdf:RDF>"#;
    check(packet, Category::Person, "XMP dc:creator", Some("Olena"));
    assert_eq!(findings(packet).into_vec().len(), 1);
}

#[test]
fn utf16_packets_are_read() {
    let units: Vec<u16> = PACKET.encode_utf16().collect();
    let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = [0xFEFF].iter().chain(&units).flat_map(|unit| unit.to_be_bytes()).collect();
    for packet in [little, big] {
        check(&packet, Category::Person, "XMP mwg-rs:Name", Some("Petro"));
    }
    check(b"<\0\0\0r\0\0\0", Category::Unknown, "XMP in an unknown encoding", None);
}

#[test]
fn there_is_always_a_finding() {
    for packet in ["", " ", "<a/>", "plain words", "<x:xmpmeta></x:xmpmeta>", "<rdf:Description tiff:ImageWidth='3'/>"]
    {
        assert!(!findings(packet.as_bytes()).is_empty(), "{packet}");
    }
}

#[test]
fn a_cut_packet_tells_what_came_before() {
    let packet = br#"<rdf:Description photoshop:City="Lviv"><dc:creator>Ol"#;
    check(packet, Category::Location, "XMP photoshop:City", Some("Lviv"));
    check(packet, Category::Person, "XMP dc:creator", Some("Ol"));
    check(b"<a b='", Category::Unknown, "XMP (damaged)", None);
}

#[test]
fn deep_nesting_keeps_the_property_above() {
    let packet = format!("{}<dc:creator>Olena</dc:creator>{}", "<dc:title>".repeat(10), "</dc:title>".repeat(10));
    check(packet.as_bytes(), Category::Person, "XMP dc:creator", Some("Olena"));
    for by in [DEPTH_MAX - 1, DEPTH_MAX, DEPTH_MAX + 1] {
        let packet = format!("{}{}<dc:creator>Olena</dc:creator>", "<q>".repeat(by), "</q>".repeat(by));
        check(packet.as_bytes(), Category::Person, "XMP dc:creator", Some("Olena"));
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        assert!(!findings(&bytes).is_empty());
    }

    #[test]
    fn a_changed_packet_does_not_make_it_panic(at in 0..PACKET.len(), with in "[<>&'\"=/!?;:# -]{0,3}", len in 0..PACKET.len()) {
        let mut packet = PACKET.as_bytes().to_vec();
        packet.splice(at..=at, with.bytes());
        packet.truncate(len);
        assert!(!findings(&packet).is_empty());
    }
}
