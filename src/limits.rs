//! Every bound, by name. A test at −1, 0 and +1 stands with the code that enforces it.

use std::num::NonZeroUsize;

/// Bytes of an age header that are looked at before it is refused.
pub const HEADER_BYTES_MAX: usize = 64 * 1024;
/// Lines of an age header.
pub const HEADER_LINES_MAX: usize = 512;
/// Recipient stanzas of an age header.
pub const HEADER_STANZAS_MAX: usize = 64;
/// Recipients of one sealed file; each costs a stanza.
pub const RECIPIENTS_MAX: usize = 32;
/// Bytes of a file of recipients or of identities.
pub const KEY_FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Threads that seal or open one file; each holds two batches of 512 KiB.
pub const PAYLOAD_THREADS_MAX: NonZeroUsize = NonZeroUsize::new(8).unwrap();
/// Age files around an identity file, one in the other: one for a hardware key, one for a passphrase.
pub const IDENTITY_LAYERS_MAX: usize = 2;
/// log2 of the scrypt work a passphrase-protected identity file may ask for.
pub const SCRYPT_LOG_N_MAX: u8 = 22;
/// Bytes of one message of a plugin, in its wire form.
pub const PLUGIN_MESSAGE_BYTES_MAX: usize = 16 * 1024;
/// Messages of a plugin about one sealed file.
pub const PLUGIN_MESSAGES_MAX: usize = 1_000;

/// Attachments of one testimony.
pub const ATTACHMENTS_MAX: usize = 999;
/// Bytes of one attachment: 256 GiB.
pub const ATTACHMENT_BYTES_MAX: u64 = 256 << 30;
/// Bytes of the name an attachment carries inside the sealed file (the ustar name field).
pub const NAME_BYTES_MAX: usize = 100;
/// Bytes of the manifest.
pub const MANIFEST_BYTES_MAX: u64 = 1024 * 1024;
/// Bytes of the whole plaintext of a sealed file: 1 TiB.
pub const PLAINTEXT_BYTES_MAX: u64 = 1 << 40;
/// The smallest size class.
pub const PADDED_BYTES_MIN: u64 = 1 << 20;
/// Up to here size classes are powers of two; above, quarter steps.
pub const PADDED_POWERS_MAX: u64 = 64 << 20;

/// Bytes at the start of a file that decide its type.
pub const SNIFF_BYTES: usize = 4096;
/// Bytes of a compound file that are looked at to tell whether it is locked.
pub const COMPOUND_BYTES_MAX: u64 = 16 << 20;
/// Bytes of a text file or a statement, which is rebuilt in memory.
pub const TEXT_BYTES_MAX: u64 = 8 << 20;
/// Rebuilt bytes that all plans of one testimony may hold in memory together: texts, drawings and pictures made
/// anew. A photo made anew is half a megabyte, so these are some 250 of them.
pub const REBUILT_BYTES_MAX: u64 = 128 << 20;
/// Pieces of one plan.
pub const PIECES_MAX: usize = 1 << 20;
/// Bytes of one metadata block (Exif, XMP, IPTC, ICC) that is read for its findings.
pub const METADATA_BYTES_MAX: usize = 16 << 20;
/// Findings reported for one file; the rest is counted in a last one.
pub const FINDINGS_MAX: usize = 500;
/// Things that give a person away and are looked for in one text; what comes after them is not.
pub const SIGHTINGS_MAX: usize = 10_000;
/// Of these, how many of a kind are listed; the rest is counted in a last one.
pub const SIGHTINGS_TOLD_MAX: usize = 50;
/// Characters of one finding's value.
pub const VALUE_CHARS_MAX: usize = 200;

/// Width and height of a picture, each.
pub const PICTURE_SIDE_MAX: u32 = 65_535;
/// Pixels of a picture: 1 gigapixel.
pub const PICTURE_PIXELS_MAX: u64 = 1 << 30;
/// Segments of a JPEG, or chunks of a PNG, that are not image data.
pub const SEGMENTS_MAX: usize = 65_536;
/// Bytes that belong to nothing, passed over in search of the next marker of a JPEG.
pub const GAP_BYTES_MAX: u64 = 1 << 20;
/// Scans of a progressive JPEG.
pub const SCANS_MAX: usize = 200;
/// Bytes that remember which coefficients of a progressive JPEG are not zero: 8 a block, so about
/// 350 megapixels at 4:2:0.
pub const PROGRESSIVE_BYTES_MAX: u64 = 64 << 20;
/// Pieces of a JPEG's entropy-coded data, where bytes between restart intervals are dropped or padded anew.
pub const SCAN_PIECES_MAX: usize = 1 << 18;
/// Entries of one Exif directory.
pub const IFD_ENTRIES_MAX: usize = 1_000;
/// Directories followed in one Exif block.
pub const IFDS_MAX: usize = 32;
/// Tags of one ICC profile.
pub const PROFILE_TAGS_MAX: usize = 100;

/// Boxes of a JPEG XL container.
pub const JXL_BOXES_MAX: usize = 65_536;
/// Frames of a JPEG XL picture.
pub const JXL_FRAMES_MAX: usize = 16_384;
/// Sections of one frame of a JPEG XL picture.
pub const JXL_SECTIONS_MAX: u32 = 65_536;
/// Extra channels of a JPEG XL picture.
pub const JXL_EXTRA_CHANNELS_MAX: u32 = 256;
/// Bytes of a header of a JPEG XL picture: four for each section, a permutation of them, a packed profile.
pub const JXL_HEADER_BYTES_MAX: usize = 2 << 20;
/// Bytes of an ICC profile in a JPEG XL picture.
pub const JXL_PROFILE_BYTES_MAX: usize = 4 << 20;

/// Rounds in which an OpenDocument file is made anew, until nothing changes; two are enough for nearly all.
pub const ODF_ROUNDS_MAX: usize = 8;

/// Rounds in which a book is made anew, until nothing changes.
pub const EPUB_ROUNDS_MAX: usize = 8;
/// Bytes of all documents of a book together: ten thick books, …
pub const EPUB_TEXT_BYTES_MAX: u64 = 24 << 20;
/// … and no more than these in a short file, …
pub const EPUB_TEXT_BYTES_MIN: u64 = 1 << 20;
/// … and for each of its bytes as many.
pub const EPUB_TEXT_RATIO_MAX: u64 = 32;
/// Bytes of all style sheets of a book together.
pub const EPUB_SHEETS_BYTES_MAX: u64 = 1 << 20;
/// Documents of a book.
pub const EPUB_DOCUMENTS_MAX: usize = 4_096;

/// Bytes of a drawing (SVG), which is read whole.
pub const SVG_BYTES_MAX: u64 = 16 << 20;
/// Nodes of a drawing's document: elements, texts and comments.
pub const SVG_NODES_MAX: u32 = 400_000;
/// Elements of a drawing, with what they refer to spelled out.
pub const SVG_ELEMENTS_MAX: u64 = 100_000;
/// Bytes of outlines and text of a drawing, likewise; a character counts as 64.
pub const SVG_DATA_BYTES_MAX: u64 = 6 << 20;
/// Elements of a drawing one in the other, by nesting or by reference.
pub const SVG_DEPTH_MAX: u32 = 64;
/// Attributes of one element of a drawing.
pub const SVG_ATTRIBUTES_MAX: usize = 500;
/// Rules of style sheets times elements that they may be for.
pub const SVG_RULES_MAX: usize = 4_000_000;
/// Characters of one text of a drawing; each is laid out beside all others.
pub const SVG_TEXT_CHARS_MAX: usize = 5_000;
/// Bytes that all references to entities of a drawing may come to.
pub const SVG_ENTITY_BYTES_MAX: usize = 1 << 20;
/// Groups, outlines and pictures that are drawn.
pub const SVG_DRAWN_MAX: usize = 400_000;
/// Points of all outlines that are drawn.
pub const SVG_POINTS_MAX: usize = 4_000_000;
/// Dashes of all lines that are drawn.
pub const SVG_DASHES_MAX: f64 = 100_000.0;
/// Pixels that are painted, counted once for each time, more for gradients, patterns, masks and layers.
pub const SVG_EFFORT_MAX: f64 = 600_000_000.0;
/// Pixels of layers that are held at a time beside the paper, of four bytes each.
pub const SVG_LAYER_PIXELS_MAX: f64 = 33_554_432.0;
/// Pixels of all pictures in a drawing.
pub const SVG_IMAGE_PIXELS_MAX: u64 = 16 << 20;
/// Pixels along the longer side of what a drawing becomes.
pub const SVG_SIDE: std::ops::RangeInclusive<u16> = 1024..=4096;
/// Pixels of what a drawing becomes: 8 megapixels.
pub const SVG_PIXELS_MAX: f32 = 8_388_608.0;

/// Elements of an XML part one in the other.
pub const XML_DEPTH_MAX: usize = 256;
/// Attributes of one element of an XML part.
pub const XML_ATTRIBUTES_MAX: usize = 256;
/// Declarations of namespaces that an XML part may have at a time.
pub const XML_NAMESPACES_MAX: usize = 1_024;
/// Characters of a number format's code.
pub const NUMBER_FORMAT_CHARS_MAX: usize = 255;
/// Characters of words in a number format.
pub const NUMBER_FORMAT_LITERAL_CHARS_MAX: usize = 16;
/// Sheets of a workbook, and slides of a presentation.
pub const SHEETS_MAX: usize = 4_096;
/// Names of fonts that are told of one document.
pub const FONT_NAMES_TOLD_MAX: usize = 100;
/// Bytes of an XML part that is written anew.
pub const XML_PART_BYTES_MAX: usize = 128 << 20;
/// Bytes of a PDF document, which is read and written whole.
pub const PDF_BYTES_MAX: u64 = 128 << 20;
/// Indirect objects of a PDF document.
pub const PDF_OBJECTS_MAX: usize = 500_000;
/// Objects of a PDF document, with those in arrays and dictionaries.
pub const PDF_VALUES_MAX: usize = 2_000_000;
/// Arrays and dictionaries of a PDF document one in the other.
pub const PDF_NESTING_MAX: usize = 100;
/// References of a PDF document that lead to nothing but another.
pub const PDF_REFERENCES_MAX: usize = 16;
/// Cross-reference sections of a PDF document.
pub const PDF_SECTIONS_MAX: usize = 4_096;
/// Bytes at the end of a PDF document that are searched for its last cross-reference section.
pub const PDF_TAIL_BYTES: usize = 2_048;
/// Filters of one stream of a PDF document.
pub const PDF_FILTERS_MAX: usize = 8;
/// Bytes of one stream of a PDF document without its filters.
pub const PDF_STREAM_BYTES_MAX: usize = 64 << 20;
/// Bytes that all streams of a PDF document come to without their filters, and for each byte of the file so many more.
pub const PDF_INFLATED_BYTES_MAX: usize = 256 << 20;
/// See [`PDF_INFLATED_BYTES_MAX`].
pub const PDF_INFLATED_RATIO: usize = 32;
/// Resources of a PDF document one in the other: forms in forms, patterns in glyphs.
pub const PDF_DEPTH_MAX: usize = 28;
/// Pages of a PDF document.
pub const PDF_PAGES_MAX: usize = 100_000;
/// Annotations of one page of a PDF document.
pub const PDF_ANNOTATIONS_MAX: usize = 10_000;
/// Operands of one operator in a content stream.
pub const PDF_OPERANDS_MAX: usize = 512;
/// Objects in one operand of a content stream.
pub const PDF_OPERAND_VALUES_MAX: usize = 100_000;
/// Graphics states saved in a content stream.
pub const PDF_SAVED_MAX: usize = 4_096;
/// Marked contents of a PDF document one in the other.
pub const PDF_MARKED_MAX: usize = 512;
/// Components of a colour in a PDF document.
pub const PDF_COMPONENTS_MAX: usize = 32;
/// Functions that are stitched to one.
pub const PDF_STITCHES_MAX: usize = 16_384;
/// Widths of a font in a PDF document.
pub const PDF_WIDTHS_MAX: usize = 131_072;
/// Operations of a PDF document that are looked at in search of text that is not seen.
pub const PDF_LOOKED_AT_MAX: usize = 4_000_000;
/// Operations that a form in a PDF document is counted for.
pub const PDF_LOOKED_AT_FORM: usize = 256;
/// Bytes of text of one document, workbook or book that are read for words that give a person away.
pub const TEXT_LOOKED_AT_MAX: usize = 8 << 20;
/// Texts of one page that are looked at.
pub const PDF_RUNS_MAX: usize = 50_000;
/// Rectangles and pictures of one page that may cover text.
pub const PDF_COVERS_MAX: usize = 20_000;
/// Comparisons of texts with what may cover them, on one page.
pub const PDF_COMPARISONS_MAX: usize = 20_000_000;
/// Lines of a character map.
pub const PDF_MAP_LINES_MAX: usize = 200_000;

/// Dots an inch that a page may be drawn with.
pub const FLAT_DOTS: std::ops::RangeInclusive<u16> = 72..=600;
/// Dots an inch below which a page that is too large for more is refused.
pub const FLAT_DOTS_MIN: f64 = 36.0;
/// Pixels along a side of a page that is drawn.
pub const FLAT_SIDE_MAX: f64 = 32_000.0;
/// Pixels of a page that is drawn: an A4 page at 600 dots an inch, an A0 page at 150. Each takes eight bytes.
pub const FLAT_PIXELS_MAX: f64 = 36_000_000.0;
/// Pixels of all pages of a document that are drawn: 2,000 A4 pages at 150 dots an inch.
pub const FLAT_ALL_PIXELS_MAX: f64 = 4_400_000_000.0;
/// Operations of one page that is drawn, with those of forms, patterns, masks and glyphs as often as they are used.
pub const FLAT_OPERATIONS_MAX: u64 = 4_000_000;
/// Operations of all pages of a document that are drawn, likewise.
pub const FLAT_ALL_OPERATIONS_MAX: u64 = 100_000_000;
/// Pixels of one page that are painted, counted once for each time, more for gradients, patterns, masks and layers.
pub const FLAT_EFFORT_MAX: f64 = 6_000_000_000.0;
/// Pixels of all pages of a document that are painted, likewise.
pub const FLAT_ALL_EFFORT_MAX: f64 = 200_000_000_000.0;
/// Bytes that drawing one page may hold besides the page.
pub const FLAT_HELD_BYTES_MAX: f64 = 536_870_912.0;

/// Pixels along the longer side that a picture may be made anew with.
pub const RESHOT_SIDE: std::ops::RangeInclusive<u32> = 320..=8192;
/// Pixels of a picture that is decoded to make it anew; each takes three bytes, of a progressive JPEG up to nine.
pub const RESHOT_PIXELS_MAX: u64 = 100 << 20;
/// Bytes of a clean picture that are held to decode it.
pub const RESHOT_BYTES_MAX: u64 = 128 << 20;

/// Bytes of zlib data in each rebuilt IDAT and fdAT chunk of a PNG but the last of a picture.
pub const PNG_CHUNK_BYTES: u64 = 64 * 1024;
/// Bytes that all pictures of a PNG may inflate to together; one picture of the largest size needs half.
pub const PNG_INFLATED_BYTES_MAX: u64 = 16 << 30;
/// Repetitions of an animated PNG; more are indistinguishable from forever.
pub const PNG_PLAYS_MAX: u32 = 65_535;
/// Parts of a second that the delay of an animated PNG's frame is told in.
pub const PNG_DELAY_PARTS_MAX: u16 = 1_000;

/// Bytes of the `meta` box of a HEIF file, without `idat`; phones write a few thousand.
pub const HEIF_META_BYTES_MAX: usize = 8 << 20;
/// Items, locations or references of a HEIF file that are read.
pub const HEIF_ENTRIES_MAX: usize = 65_536;
/// Items that the picture of a HEIF file is made of. A gigapixel in tiles of 512 has 4,096.
pub const HEIF_ITEMS_MAX: usize = 16_384;
/// Extents of all items of a HEIF file.
pub const HEIF_EXTENTS_MAX: usize = 65_536;
/// Properties of a HEIF file: what `ipma` can name.
pub const HEIF_PROPERTIES_MAX: usize = 32_767;
/// Steps from the picture of a HEIF file to a coded one: an overlay of grids of turned pictures has three.
pub const HEIF_DEPTH_MAX: usize = 4;
/// Bytes of one coded item of a HEIF file that lies in pieces, and is joined in memory.
pub const HEIF_SCATTERED_BYTES_MAX: u64 = 8 << 20;
/// Bytes of `moov` of an image sequence.
pub const HEIF_MOVIE_BYTES_MAX: u64 = 8 << 20;
/// Tracks of an image sequence.
pub const HEIF_TRACKS_MAX: usize = 16;
/// Pictures of one track of an image sequence.
pub const HEIF_SAMPLES_MAX: usize = 65_536;
/// Bytes of one coded picture of a WebP file, which is held in memory while it is walked.
pub const WEBP_PICTURE_BYTES_MAX: u64 = 64 << 20;
/// Coefficients that all pictures of a WebP file may have together; a photo of 170 megapixels has fewer.
pub const WEBP_TOKENS_MAX: u64 = 1 << 28;
/// Symbols that all prefix codes of a lossless picture may have together, two bytes each.
pub const WEBP_SYMBOLS_MAX: usize = 16 << 20;
/// Pixels of the image that says which codes the parts of a lossless picture have; encoders stay below 3,000.
pub const WEBP_MAP_PIXELS_MAX: usize = 4 << 20;
/// Chunks of a file in RIFF or IFF form that are not its content.
pub const CHUNKS_MAX: usize = 65_536;
/// Channels of a sound.
pub const AUDIO_CHANNELS_MAX: u16 = 256;
/// Samples a second of a sound.
pub const AUDIO_RATE_MAX: u32 = 100_000_000;
/// Bytes of the headers of an AVI, with the super indices in them.
pub const AVI_HEADER_BYTES_MAX: usize = 4 << 20;
/// Streams of an AVI; their numbers have two digits.
pub const AVI_STREAMS_MAX: usize = 32;
/// Chunks of pictures and sound of an AVI: about two hours with sound.
pub const AVI_CHUNKS_MAX: usize = 1 << 20;
/// Boxes of an MP4 file, at all levels together.
pub const MP4_BOXES_MAX: usize = 2 << 20;
/// Tracks of an MP4 file.
pub const MP4_TRACKS_MAX: usize = 256;
/// Entries of all sample tables of an MP4 file together; 12 hours of sound and pictures with a size each.
pub const MP4_ENTRIES_MAX: u64 = 6 << 20;
/// Entries of one edit list.
pub const MP4_EDITS_MAX: u32 = 1_000;
/// Sample descriptions of one track.
pub const MP4_DESCRIPTIONS_MAX: usize = 64;
/// Bytes of one sample description box.
pub const MP4_DESCRIPTIONS_BYTES_MAX: usize = 1 << 20;
/// Bytes of the rebuilt `moov` box.
pub const MP4_MOVIE_BYTES_MAX: usize = 24 << 20;
/// Bytes of one chunk of a rebuilt MP4 file, unless one sample is larger.
pub const MP4_CHUNK_BYTES_MAX: u64 = 1 << 20;
/// Bytes of a sample of a dropped track, or of a `free` box, that are read for findings.
pub const MP4_TOLD_BYTES_MAX: usize = 64 * 1024;
/// Tracks of a Matroska file that are kept, and that are not: a number fits into one byte.
pub const TRACKS_MAX: usize = 100;
/// Clusters of a Matroska file: three days at one a second.
pub const CLUSTERS_MAX: usize = 1 << 18;
/// Points of a Matroska file's Cues.
pub const CUES_MAX: usize = 1 << 18;
/// Nanoseconds between two points of Cues in one Cluster.
pub const CUE_NANOSECONDS: u64 = 1_000_000_000;
/// Blocks, and elements beside them, of a Matroska file: a day of moving pictures and sound has about ten million.
pub const ELEMENTS_MAX: u64 = 1 << 24;
/// Bytes of a CodecID.
pub const CODEC_ID_BYTES_MAX: usize = 64;
/// Bytes of a track's configuration; Vorbis has the largest, of some kilobytes.
pub const CODEC_PRIVATE_BYTES_MAX: usize = 1 << 20;
/// Bytes that may have been stripped from each frame of a Matroska file.
pub const STRIPPED_BYTES_MAX: usize = 64;
/// Ticks of a Matroska file's clock, so that their sums are exact as floating-point numbers.
pub const TICKS_MAX: u64 = 1 << 51;
/// Nanoseconds of a tick.
pub const TICK_NANOSECONDS_MAX: u64 = 1_000_000_000;
/// Nanoseconds of a frame: a quarter of an hour.
pub const FRAME_NANOSECONDS_MAX: u64 = 1_000_000_000_000;
/// Nanoseconds by which sound may be late or cut: a minute.
pub const DELAY_NANOSECONDS_MAX: u64 = 60_000_000_000;
/// Channels of sound.
pub const MATROSKA_CHANNELS_MAX: u64 = 64;
/// Samples of sound in a second.
pub const AUDIO_HERTZ_MAX: f64 = 6_144_000.0;

/// Bytes of one parameter set or header of coded video, in its samples or in a record.
pub const PARAMETER_SET_BYTES_MAX: u64 = 16 * 1024;
/// Parameter sets in one configuration record.
pub const PARAMETER_SETS_MAX: usize = 256;
/// Bytes of one NAL unit of SEI messages that is read for what may stay; a larger one is overwritten.
pub const SEI_BYTES_MAX: u64 = 64 * 1024;
/// Bytes at the start of an AAC frame that are read for fill and data elements in front of the sound.
pub const AAC_LEAD_BYTES_MAX: u64 = 2 * 1024;
/// Frames of a GIF, and likewise extensions.
pub const GIF_BLOCKS_MAX: usize = 1 << 16;

/// Pages of a TIFF.
pub const TIFF_PAGES_MAX: usize = 10_000;
/// Entries of all directories of a TIFF together.
pub const TIFF_ENTRIES_MAX: usize = 1 << 18;
/// Strips and tiles of all pages of a TIFF together.
pub const TIFF_STRIPS_MAX: u64 = 1 << 19;
/// Samples of a pixel of a TIFF.
pub const TIFF_SAMPLES_MAX: u16 = 64;
/// Bytes that all zlib strips of a TIFF may inflate to together: a page of the most pixels, in colour.
pub const TIFF_INFLATED_BYTES_MAX: u64 = 4 << 30;
/// Bytes of a fax strip, which is held in memory.
pub const TIFF_FAX_BYTES_MAX: u64 = 16 << 20;
/// Bytes of one Opus packet of any number of streams, which is read whole for its padding.
pub const OPUS_PACKET_BYTES_MAX: u64 = 1 << 20;
/// Samples of one Opus packet: 120 milliseconds (RFC 6716, 3.2.5).
pub const OPUS_PACKET_SAMPLES_MAX: u32 = 5_760;
/// Bytes of one Opus frame (RFC 6716, 3.2.1).
pub const OPUS_FRAME_BYTES_MAX: usize = 1_275;
/// Streams of sound one behind the other in an Ogg file, and streams that are dropped.
pub const OGG_STREAMS_MAX: usize = 256;

/// Bytes of one FLAC frame: what STREAMINFO can say of one (RFC 9639, 8.2).
pub const FLAC_FRAME_BYTES_MAX: usize = 1 << 24;
/// Points of a FLAC seek table: what a metadata block has room for (RFC 9639, 8.1).
pub const FLAC_SEEK_POINTS_MAX: usize = 932_067;
/// Bytes of samples that a FLAC file may decode to: a day of stereo as on CDs. Silence is coded in next to nothing.
pub const FLAC_DECODED_BYTES_MAX: u64 = 16 << 30;
/// Tags and gaps before, between and behind the frames of an MP3 or FLAC file.
pub const SOUND_TAGS_MAX: usize = 65_536;

/// Files one in the other, below the outermost.
pub const NESTING_MAX: usize = 3;
/// Bytes of one member of an archive that is taken out into memory.
pub const MEMBER_BYTES_MAX: u64 = 64 << 20;
/// Bytes that all members in a file may come to, however short it is, …
pub const INFLATED_BYTES_MIN: u64 = 128 << 20;
/// … and in addition for each byte of the file.
pub const INFLATED_RATIO_MAX: u64 = 8;
/// Bytes that all parts of an office document may come to, however short it is, …
pub const DOCUMENT_INFLATED_BYTES_MIN: u64 = 24 << 20;
/// … and in addition for each byte of the file: twice as many as the most repetitive of real ones.
pub const DOCUMENT_INFLATED_RATIO_MAX: u64 = 32;
/// Members of a ZIP archive.
pub const ZIP_MEMBERS_MAX: usize = 65_536;
/// Bytes of the central directory of a ZIP archive.
pub const ZIP_DIRECTORY_BYTES_MAX: u64 = 16 << 20;
/// Bytes of a member's name in a ZIP archive that is written.
pub const ZIP_NAME_BYTES_MAX: usize = 4096;
/// Bytes of a clean member that is deflated in an archive; a longer one is stored.
pub const DEFLATED_BYTES_MAX: u64 = 8 << 20;
/// Headers of a tar archive.
pub const TAR_HEADERS_MAX: usize = 65_536;
/// Bytes of a header of a tar archive that extends another.
pub const TAR_EXTENSION_BYTES_MAX: usize = 1 << 20;

/// Bytes of one font program, before and after.
pub const FONT_BYTES_MAX: usize = 32 << 20;
/// Operators and operands that all glyphs of one font program run through together, subroutines each time anew.
pub const FONT_STEPS_MAX: u64 = 1 << 26;
/// Codes that all tables of one TrueType `cmap` map, as often as they do: all of Unicode once.
pub const FONT_CODES_MAX: usize = 0x11_0000;
/// Nesting of subroutines in charstrings: as Type 2 allows (Adobe Technical Note 5177, appendix B).
pub const FONT_CALLS_MAX: usize = 10;
/// Operands that a charstring holds at once; the newest of the specifications allows 513.
pub const FONT_OPERANDS_MAX: usize = 513;

/// Pixels of a picture of black and white in a PDF file, which is decoded: a third of a metre at 1,200 dots an inch.
pub const BILEVEL_PIXELS_MAX: u64 = 1 << 28;
