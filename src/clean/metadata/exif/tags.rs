//! What the tags of an Exif block reveal (Exif 3.0 table 4 to 17, TIFF 6.0, DNG 1.7). Reads no bytes.

use crate::clean::Category;

/// How a tag's value is put into words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Show {
    /// ASCII, UTF-8 or Latin-1.
    Text,
    /// UTF-16, little-endian, as Windows writes it.
    Wide,
    /// An eight-byte charset code, then text.
    Coded,
    /// Numbers.
    Numbers,
    /// Bytes as hexadecimal digits.
    Hex,
    /// Not at all.
    Nothing,
}

/// What a tag means to the person whose file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It says something of its own.
    Says(Category, &'static str, Show),
    /// How the picture was taken: told as one finding for all.
    Setting,
    /// How the block or the pixels are laid out: tells nothing.
    Structure,
    /// A directory of its own.
    Directory(Room),
    /// A block of another kind.
    Embedded(Block),
    /// The camera maker's own bytes.
    MakerNote,
    /// Not known here.
    Unknown,
}

/// Which directory an entry stands in; the same number means other things in each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Room {
    /// The chain of pictures: the main one, then its thumbnail.
    Image,
    /// Further pictures below one of the chain.
    SubImage,
    /// How it was taken.
    Exif,
    /// Where.
    Gps,
    /// Interoperability: nothing but two constants.
    Interop,
}

/// A block of another kind inside an Exif block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Block {
    /// An XMP packet.
    Xmp,
    /// IPTC-IIM datasets.
    Iptc,
    /// Photoshop image resources.
    Photoshop,
    /// An ICC profile.
    Icc,
}

pub(super) const ORIENTATION: u16 = 0x0112;
pub(super) const MAKE: u16 = 0x010F;

/// What `tag` means in any directory but the GPS one.
pub(super) fn meaning(tag: u16) -> Meaning {
    match tag {
        0x8769 => Meaning::Directory(Room::Exif),
        0x8825 => Meaning::Directory(Room::Gps),
        0xA005 => Meaning::Directory(Room::Interop),
        0x014A => Meaning::Directory(Room::SubImage),
        0x02BC => Meaning::Embedded(Block::Xmp),
        0x83BB => Meaning::Embedded(Block::Iptc),
        0x8649 => Meaning::Embedded(Block::Photoshop),
        0x8773 => Meaning::Embedded(Block::Icc),
        0x927C => Meaning::MakerNote,
        _ => said(TAGS, tag).unwrap_or_else(|| {
            if SETTINGS.contains(&tag) {
                Meaning::Setting
            } else if STRUCTURE.contains(&tag) {
                Meaning::Structure
            } else {
                Meaning::Unknown
            }
        }),
    }
}

/// What `tag` means in the GPS directory (Exif 3.0 table 15), but for those that are read together:
/// coordinates, altitude, date and time.
pub(super) fn gps_meaning(tag: u16) -> Meaning {
    match tag {
        // Version, status, mode, precision, and the references of what is told with their value.
        0x00 | 0x09 | 0x0A | 0x0B | 0x1E => Meaning::Structure,
        0x01..=0x07 | 0x13..=0x16 | 0x1D => Meaning::Structure,
        0x0C | 0x0E | 0x10 | 0x17 | 0x19 => Meaning::Structure,
        _ => said(GPS_TAGS, tag).unwrap_or(Meaning::Unknown),
    }
}

fn said(table: &[Tag], tag: u16) -> Option<Meaning> {
    table.iter().find(|(known, ..)| *known == tag).map(|&(_, category, name, show)| Meaning::Says(category, name, show))
}

type Tag = (u16, Category, &'static str, Show);

const TAGS: &[Tag] = &[
    (0x010F, Category::Device, "Make", Show::Text),
    (0x0110, Category::Device, "Model", Show::Text),
    (0x013C, Category::Device, "HostComputer", Show::Text),
    (0xA431, Category::Device, "BodySerialNumber", Show::Text),
    (0xA433, Category::Device, "LensMake", Show::Text),
    (0xA434, Category::Device, "LensModel", Show::Text),
    (0xA435, Category::Device, "LensSerialNumber", Show::Text),
    (0xC614, Category::Device, "UniqueCameraModel", Show::Text),
    (0xC615, Category::Device, "LocalizedCameraModel", Show::Text),
    (0xC62F, Category::Device, "CameraSerialNumber", Show::Text),
    (0xC6F8, Category::Device, "ProfileName", Show::Text),
    (0xFDE9, Category::Device, "SerialNumber", Show::Text),
    (0xFDEA, Category::Device, "Lens", Show::Text),
    (0x9A00, Category::Device, "XiaomiModel", Show::Text),
    (0x9999, Category::Device, "XiaomiSettings", Show::Text),
    (0x0132, Category::Time, "DateTime", Show::Text),
    (0x9003, Category::Time, "DateTimeOriginal", Show::Text),
    (0x9004, Category::Time, "DateTimeDigitized", Show::Text),
    (0x9010, Category::Time, "OffsetTime", Show::Text),
    (0x9011, Category::Time, "OffsetTimeOriginal", Show::Text),
    (0x9012, Category::Time, "OffsetTimeDigitized", Show::Text),
    (0x9290, Category::Time, "SubSecTime", Show::Text),
    (0x9291, Category::Time, "SubSecTimeOriginal", Show::Text),
    (0x9292, Category::Time, "SubSecTimeDigitized", Show::Text),
    (0x882A, Category::Time, "TimeZoneOffset", Show::Numbers),
    (0xC71B, Category::Time, "PreviewDateTime", Show::Text),
    (0xC764, Category::Time, "FrameRate", Show::Numbers),
    (0xC763, Category::Time, "TimeCodes", Show::Hex),
    (0x013B, Category::Person, "Artist", Show::Text),
    (0x8298, Category::Person, "Copyright", Show::Text),
    (0xA430, Category::Person, "CameraOwnerName", Show::Text),
    (0xA437, Category::Person, "Photographer", Show::Text),
    (0xA438, Category::Person, "ImageEditor", Show::Text),
    (0x9C9D, Category::Person, "XPAuthor", Show::Wide),
    (0xFDE8, Category::Person, "OwnerName", Show::Text),
    (0xC6FE, Category::Person, "ProfileCopyright", Show::Text),
    (0xC7E9, Category::Person, "ReelName", Show::Text),
    (0x000B, Category::Software, "ProcessingSoftware", Show::Text),
    (0x0131, Category::Software, "Software", Show::Text),
    (0xA439, Category::Software, "CameraFirmware", Show::Text),
    (0xA43A, Category::Software, "RAWDevelopingSoftware", Show::Text),
    (0xA43B, Category::Software, "ImageEditingSoftware", Show::Text),
    (0xA43C, Category::Software, "MetadataEditingSoftware", Show::Text),
    (0xC716, Category::Software, "PreviewApplicationName", Show::Text),
    (0xC717, Category::Software, "PreviewApplicationVersion", Show::Text),
    (0x010D, Category::Comment, "DocumentName", Show::Text),
    (0x010E, Category::Comment, "ImageDescription", Show::Text),
    (0x011D, Category::Comment, "PageName", Show::Text),
    (0x0151, Category::Comment, "TargetPrinter", Show::Text),
    (0x9212, Category::Comment, "SecurityClassification", Show::Text),
    (0x9286, Category::Comment, "UserComment", Show::Coded),
    (0x9C9B, Category::Comment, "XPTitle", Show::Wide),
    (0x9C9C, Category::Comment, "XPComment", Show::Wide),
    (0x9C9E, Category::Comment, "XPKeywords", Show::Wide),
    (0x9C9F, Category::Comment, "XPSubject", Show::Wide),
    (0xA40B, Category::Device, "DeviceSettingDescription", Show::Nothing),
    (0xA436, Category::Comment, "ImageTitle", Show::Text),
    (0xA480, Category::Comment, "GDALMetadata", Show::Text),
    (0x9213, Category::History, "ImageHistory", Show::Text),
    (0xC68B, Category::History, "OriginalRawFileName", Show::Text),
    (0xA004, Category::HiddenContent, "RelatedSoundFile", Show::Text),
    (0xC68C, Category::HiddenContent, "OriginalRawFileData", Show::Nothing),
    (0xC634, Category::HiddenContent, "DNGPrivateData", Show::Nothing),
    (0x935C, Category::HiddenContent, "ImageSourceData", Show::Nothing),
    (0x800D, Category::Identifier, "ImageID", Show::Text),
    (0x9211, Category::Identifier, "ImageNumber", Show::Numbers),
    (0xA420, Category::Identifier, "ImageUniqueID", Show::Text),
    (0xC65D, Category::Identifier, "RawDataUniqueID", Show::Hex),
    (0xC71C, Category::Identifier, "RawImageDigest", Show::Hex),
    (0xC71D, Category::Identifier, "OriginalRawFileDigest", Show::Hex),
    (0xC7A7, Category::Identifier, "NewRawImageDigest", Show::Hex),
    // What the air or the water was like tells where the camera was.
    (0x9400, Category::Location, "AmbientTemperature", Show::Numbers),
    (0x9401, Category::Location, "Humidity", Show::Numbers),
    (0x9402, Category::Location, "Pressure", Show::Numbers),
    (0x9403, Category::Location, "WaterDepth", Show::Numbers),
    // Ground coordinates of scanned maps and aerial pictures (GeoTIFF).
    (0x830E, Category::Location, "ModelPixelScale", Show::Numbers),
    (0x8482, Category::Location, "ModelTiepoint", Show::Numbers),
    (0x85D8, Category::Location, "ModelTransformation", Show::Numbers),
    (0x87AF, Category::Location, "GeoKeyDirectory", Show::Nothing),
    (0x87B0, Category::Location, "GeoDoubleParams", Show::Numbers),
    (0x87B1, Category::Location, "GeoAsciiParams", Show::Text),
];

const GPS_TAGS: &[Tag] = &[
    (0x08, Category::Location, "GPSSatellites", Show::Text),
    (0x0D, Category::Location, "GPSSpeed", Show::Numbers),
    (0x0F, Category::Location, "GPSTrack", Show::Numbers),
    (0x11, Category::Location, "GPSImgDirection", Show::Numbers),
    (0x12, Category::Location, "GPSMapDatum", Show::Text),
    (0x18, Category::Location, "GPSDestBearing", Show::Numbers),
    (0x1A, Category::Location, "GPSDestDistance", Show::Numbers),
    (0x1B, Category::Location, "GPSProcessingMethod", Show::Coded),
    (0x1C, Category::Location, "GPSAreaInformation", Show::Coded),
    (0x1F, Category::Location, "GPSHPositioningError", Show::Numbers),
];

/// Exposure, flash, lens and what the camera made of them.
const SETTINGS: &[u16] = &[
    0x829A, 0x829D, 0x8822, 0x8824, 0x8827, 0x8828, 0x882B, 0x8830, 0x8831, 0x8832, 0x8833, 0x8834, 0x8835, 0x9102,
    0x9201, 0x9202, 0x9203, 0x9204, 0x9205, 0x9206, 0x9207, 0x9208, 0x9209, 0x920A, 0x920B, 0x920C, 0x920D, 0x920E,
    0x920F, 0x9210, 0x9214, 0x9215, 0x9216, 0x9217, 0x9404, 0x9405, 0xA20B, 0xA20C, 0xA20E, 0xA20F, 0xA210, 0xA214,
    0xA215, 0xA217, 0xA300, 0xA301, 0xA302, 0xA401, 0xA402, 0xA403, 0xA404, 0xA405, 0xA406, 0xA407, 0xA408, 0xA409,
    0xA40A, 0xA40C, 0xA432, 0xA460, 0xA461, 0xA462, 0xA500, 0x828D, 0x828E, 0xC4A5, 0xC630, 0x4746, 0x4749,
];

/// Sizes, layouts, colour spaces, versions, offsets.
const STRUCTURE: &[u16] = &[
    0x0001, 0x0002, 0x00FE, 0x00FF, 0x0100, 0x0101, 0x0102, 0x0103, 0x0106, 0x0107, 0x010A, 0x0111, 0x0112, 0x0115,
    0x0116, 0x0117, 0x0118, 0x0119, 0x011A, 0x011B, 0x011C, 0x0124, 0x0125, 0x0128, 0x0129, 0x012D, 0x013D, 0x013E,
    0x013F, 0x0140, 0x0142, 0x0143, 0x0144, 0x0145, 0x0152, 0x0153, 0x015B, 0x0200, 0x0201, 0x0202, 0x0203, 0x0205,
    0x0206, 0x0207, 0x0208, 0x0209, 0x0211, 0x0212, 0x0213, 0x0214, 0x1000, 0x1001, 0x1002, 0x9000, 0x9101, 0xA000,
    0xA001, 0xA002, 0xA003,
];
