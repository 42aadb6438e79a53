//! What XMP properties reveal, by their namespace and name. Reads no packet.
//!
//! Sources: ISO 16684-1; XMP Specification part 2; Exif 2.32 for XMP (CIPA DC-010); IPTC Photo Metadata
//! Standard; MWG Guidelines 2.0; and, for makers' own, what their files hold.

use crate::clean::Category;

/// How a property is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// With its value.
    Value(Category),
    /// That it is there.
    Presence(Category),
    /// As one of many that are told together, at this place.
    Group(Category, &'static str),
    /// Not at all.
    Nothing,
}

/// The prefix that a namespace usually has, by its address.
pub(super) fn usual_prefix(address: &str) -> Option<&'static str> {
    NAMESPACES.iter().find(|(known, _)| *known == address).map(|(_, prefix)| *prefix)
}

const NAMESPACES: &[(&str, &str)] = &[
    ("adobe:ns:meta/", "x"),
    ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf"),
    ("http://purl.org/dc/elements/1.1/", "dc"),
    ("http://ns.adobe.com/xap/1.0/", "xmp"),
    ("http://ns.adobe.com/xap/1.0/mm/", "xmpMM"),
    ("http://ns.adobe.com/xap/1.0/rights/", "xmpRights"),
    ("http://ns.adobe.com/xap/1.0/bj/", "xmpBJ"),
    ("http://ns.adobe.com/xap/1.0/g/img/", "xmpGImg"),
    ("http://ns.adobe.com/xap/1.0/t/pg/", "xmpTPg"),
    ("http://ns.adobe.com/xap/1.0/sType/ResourceEvent#", "stEvt"),
    ("http://ns.adobe.com/xap/1.0/sType/ResourceRef#", "stRef"),
    ("http://ns.adobe.com/xmp/1.0/DynamicMedia/", "xmpDM"),
    ("http://ns.adobe.com/xmp/note/", "xmpNote"),
    ("http://ns.adobe.com/exif/1.0/", "exif"),
    ("http://cipa.jp/exif/1.0/", "exifEX"),
    ("http://ns.adobe.com/exif/1.0/aux/", "aux"),
    ("http://ns.adobe.com/tiff/1.0/", "tiff"),
    ("http://ns.adobe.com/pdf/1.3/", "pdf"),
    ("http://ns.adobe.com/photoshop/1.0/", "photoshop"),
    ("http://ns.adobe.com/camera-raw-settings/1.0/", "crs"),
    ("http://ns.adobe.com/lightroom/1.0/", "lr"),
    ("http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/", "Iptc4xmpCore"),
    ("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "Iptc4xmpExt"),
    ("http://ns.useplus.org/ldf/xmp/1.0/", "plus"),
    ("http://www.metadataworkinggroup.com/schemas/regions/", "mwg-rs"),
    ("http://www.metadataworkinggroup.com/schemas/keywords/", "mwg-kw"),
    ("http://ns.microsoft.com/photo/1.0/", "MicrosoftPhoto"),
    ("http://ns.microsoft.com/photo/1.2/", "MP"),
    ("http://ns.microsoft.com/photo/1.2/t/Region#", "MPReg"),
    ("http://ns.microsoft.com/photo/1.2/t/RegionInfo#", "MPRI"),
    ("http://ns.google.com/photos/1.0/camera/", "GCamera"),
    ("http://ns.google.com/photos/1.0/container/", "Container"),
    ("http://ns.google.com/photos/1.0/container/item/", "Item"),
    ("http://ns.google.com/photos/1.0/depthmap/", "GDepth"),
    ("http://ns.google.com/photos/1.0/image/", "GImage"),
    ("http://ns.google.com/photos/1.0/audio/", "GAudio"),
    ("http://ns.google.com/photos/1.0/panorama/", "GPano"),
    ("http://ns.adobe.com/hdr-gain-map/1.0/", "hdrgm"),
    ("http://ns.apple.com/HDRGainMap/1.0/", "HDRGainMap"),
    ("http://ns.apple.com/faceinfo/1.0/", "apple-fi"),
    ("http://www.dji.com/drone-dji/1.0/", "drone-dji"),
    ("http://www.digikam.org/ns/1.0/", "digiKam"),
    ("http://creativecommons.org/ns#", "cc"),
];

/// How a property is told; `None` for one that is not known.
pub(super) fn says(prefix: &str, name: &str) -> Option<Says> {
    match prefix {
        "exif" | "exifEX" | "aux" | "tiff" => Some(of_the_camera(name)),
        "dc" | "xmp" | "xap" | "pdf" | "xmpDM" | "xmpNote" | "xmpGImg" | "xmpBJ" | "xmpTPg" => of_the_file(name),
        "photoshop" | "Iptc4xmpCore" | "Iptc4xmpExt" => of_the_press(name).or_else(|| by_its_words(name)),
        "xmpMM" | "xapMM" | "stRef" | "stEvt" => Some(of_its_history(name)),
        "crs" | "crd" => Some(match name {
            "RawFileName" => Says::Value(Category::History),
            _ => Says::Group(Category::History, "crs, editing settings"),
        }),
        "xmpRights" | "xapRights" | "plus" | "cc" | "xmpPLUS" | "MPReg" => Some(match name {
            "Marked" | "Version" => Says::Nothing,
            "Rectangle" => Says::Presence(Category::Person),
            _ => Says::Value(Category::Person),
        }),
        "mwg-rs" => Some(match name {
            "Name" => Says::Value(Category::Person),
            "Description" => Says::Value(Category::Comment),
            _ => Says::Group(Category::Person, "mwg-rs, marked faces or regions"),
        }),
        "MP" | "MPRI" | "apple-fi" => Some(Says::Group(Category::Person, "marked faces")),
        "stArea" | "stDim" => Some(Says::Nothing),
        "lr" | "mwg-kw" | "acdsee" | "pdfx" => Some(by_its_words(name).unwrap_or(Says::Value(Category::Comment))),
        "GCamera" => Some(Says::Group(Category::HiddenContent, "GCamera, motion photo or camera log")),
        "Container" | "Item" | "GContainer" | "GContainerItem" => {
            Some(Says::Group(Category::HiddenContent, "Container, further files behind the picture"))
        }
        "hdrgm" | "HDRGainMap" => Some(Says::Group(Category::HiddenContent, "hdrgm, gain map")),
        "GDepth" | "GFocus" => Some(Says::Group(Category::HiddenContent, "GDepth, depth map")),
        "GImage" | "GAudio" => Some(Says::Group(Category::HiddenContent, "GImage or GAudio, picture or sound inside")),
        "drone-dji" => Some(by_its_words(name).unwrap_or(Says::Value(Category::Device))),
        "GPano" => Some(by_its_words(name).unwrap_or(Says::Group(Category::Device, "GPano, panorama settings"))),
        _ => by_its_words(name),
    }
}

fn of_the_camera(name: &str) -> Says {
    match name {
        "GPSTimeStamp" | "GPSDateStamp" => Says::Value(Category::Time),
        "GPSVersionID" | "GPSAltitudeRef" | "GPSImgDirectionRef" | "GPSSpeedRef" | "GPSTrackRef" => Says::Nothing,
        "Make" | "Model" | "SerialNumber" | "Lens" | "LensMake" | "LensModel" | "LensID" | "LensSerialNumber"
        | "BodySerialNumber" | "CameraSerialNumber" | "HostComputer" => Says::Value(Category::Device),
        "Artist" | "Copyright" | "OwnerName" | "CameraOwnerName" | "Photographer" | "ImageEditor" => {
            Says::Value(Category::Person)
        }
        "Software"
        | "Firmware"
        | "CameraFirmware"
        | "RAWDevelopingSoftware"
        | "ImageEditingSoftware"
        | "MetadataEditingSoftware" => Says::Value(Category::Software),
        "ImageDescription" | "UserComment" | "ImageTitle" => Says::Value(Category::Comment),
        "ImageUniqueID" | "ImageNumber" => Says::Value(Category::Identifier),
        "NativeDigest"
        | "Orientation"
        | "XResolution"
        | "YResolution"
        | "ResolutionUnit"
        | "ColorSpace"
        | "PixelXDimension"
        | "PixelYDimension"
        | "ExifVersion"
        | "FlashpixVersion"
        | "ImageWidth"
        | "ImageLength"
        | "BitsPerSample"
        | "Compression"
        | "PhotometricInterpretation"
        | "SamplesPerPixel"
        | "PlanarConfiguration"
        | "YCbCrPositioning"
        | "YCbCrSubSampling"
        | "YCbCrCoefficients"
        | "ComponentsConfiguration"
        | "InteroperabilityIndex" => Says::Nothing,
        "AmbientTemperature" | "Humidity" | "Pressure" | "WaterDepth" => Says::Value(Category::Location),
        _ if name.starts_with("GPS") => Says::Value(Category::Location),
        _ if name.starts_with("DateTime") || name.starts_with("OffsetTime") || name.starts_with("SubSecTime") => {
            Says::Value(Category::Time)
        }
        _ => Says::Group(Category::Device, "camera settings"),
    }
}

fn of_the_file(name: &str) -> Option<Says> {
    Some(match name {
        "creator"
        | "rights"
        | "contributor"
        | "publisher"
        | "Author"
        | "Authors"
        | "Copyright"
        | "artist"
        | "engineer"
        | "director"
        | "directorPhotography"
        | "client" => Says::Value(Category::Person),
        "description" | "title" | "subject" | "Keywords" | "Label" | "Nickname" | "language" | "relation" | "type"
        | "Rating" | "comment" | "logComment" | "album" | "scene" | "shotName" | "Title" | "Description" => {
            Says::Value(Category::Comment)
        }
        "identifier" | "Identifier" | "BaseURL" | "HasExtendedXMP" => Says::Value(Category::Identifier),
        "source" => Says::Value(Category::History),
        "coverage" | "shotLocation" => Says::Value(Category::Location),
        "CreatorTool" | "Producer" | "Fonts" => Says::Value(Category::Software),
        "cameraModel" | "cameraLabel" => Says::Value(Category::Device),
        "Thumbnails" | "image" => Says::Presence(Category::Thumbnail),
        "format" | "width" | "height" | "PDFVersion" | "Trapped" => Says::Nothing,
        _ => return by_its_words(name),
    })
}

fn of_the_press(name: &str) -> Option<Says> {
    Some(match name {
        "City" | "State" | "Country" | "Location" | "CountryCode" | "Sublocation" | "ProvinceState" | "CountryName"
        | "WorldRegion" | "LocationName" | "LocationId" | "LocationCreated" | "LocationShown" => {
            Says::Value(Category::Location)
        }
        "DateCreated" | "AODateCreated" => Says::Value(Category::Time),
        "Credit" | "Source" | "AuthorsPosition" | "CaptionWriter" | "CreatorContactInfo" => {
            Says::Value(Category::Person)
        }
        "History" | "DigitalSourceType" | "DigitalSourcefileType" => Says::Value(Category::History),
        "DocumentAncestors"
        | "LegacyIPTCDigest"
        | "TransmissionReference"
        | "DigImageGUID"
        | "RegistryId"
        | "RegItemId"
        | "RegOrgId" => Says::Value(Category::Identifier),
        "LayerName" | "LayerText" | "TextLayers" => Says::Value(Category::HiddenContent),
        "ICCProfile" => Says::Value(Category::Device),
        "ColorMode" | "SidecarForExtension" | "EmbeddedXMPDigest" | "MaxAvailHeight" | "MaxAvailWidth" => Says::Nothing,
        _ if name.starts_with("Ci") || name.starts_with("Person") || name.starts_with("Organisation") => {
            Says::Value(Category::Person)
        }
        "Headline"
        | "Instructions"
        | "Category"
        | "SupplementalCategories"
        | "Urgency"
        | "Scene"
        | "SubjectCode"
        | "IntellectualGenre"
        | "Event"
        | "EventName"
        | "AltTextAccessibility"
        | "ExtDescrAccessibility"
        | "AOTitle" => Says::Value(Category::Comment),
        _ => return None,
    })
}

fn of_its_history(name: &str) -> Says {
    match name {
        "softwareAgent" => Says::Value(Category::Software),
        "when" | "lastModifyDate" => Says::Value(Category::Time),
        "DocumentID" | "InstanceID" | "OriginalDocumentID" | "instanceID" | "documentID" | "originalDocumentID"
        | "VersionID" => Says::Value(Category::Identifier),
        _ => Says::Value(Category::History),
    }
}

/// A guess for properties that no list holds: better one category too sharp than a coordinate untold.
fn by_its_words(name: &str) -> Option<Says> {
    let lower = name.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    let category = if has(&["gps", "latitude", "longitude", "altitude", "location", "city", "country", "address"]) {
        Category::Location
    } else if has(&["serial", "model", "device", "camera", "lens"]) || lower == "make" {
        Category::Device
    } else if has(&["author", "creator", "owner", "artist", "copyright", "person", "email", "photographer", "user"]) {
        Category::Person
    } else if has(&["date", "time"]) {
        Category::Time
    } else if has(&["software", "program", "application", "firmware"]) {
        Category::Software
    } else if has(&["guid", "uuid", "uniqueid", "imageid", "documentid"]) {
        Category::Identifier
    } else if has(&["thumbnail", "preview"]) {
        return Some(Says::Presence(Category::Thumbnail));
    } else if has(&["caption", "comment", "description", "title", "keyword", "tags", "notes"]) {
        Category::Comment
    } else {
        return None;
    };
    Some(Says::Value(category))
}
