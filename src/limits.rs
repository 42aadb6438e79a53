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
/// Bytes of a text file or a statement, which is rebuilt in memory.
pub const TEXT_BYTES_MAX: u64 = 8 << 20;
/// Rebuilt bytes that all plans of one testimony may hold in memory together.
pub const REBUILT_BYTES_MAX: u64 = 32 << 20;
/// Pieces of one plan.
pub const PIECES_MAX: usize = 1 << 20;
/// Bytes of one metadata block (Exif, XMP, IPTC, ICC) that is read for its findings.
pub const METADATA_BYTES_MAX: usize = 16 << 20;
/// Findings reported for one file; the rest is counted in a last one.
pub const FINDINGS_MAX: usize = 500;
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

/// Bytes of zlib data in each rebuilt IDAT and fdAT chunk of a PNG but the last of a picture.
pub const PNG_CHUNK_BYTES: u64 = 64 * 1024;
/// Bytes that all pictures of a PNG may inflate to together; one picture of the largest size needs half.
pub const PNG_INFLATED_BYTES_MAX: u64 = 16 << 30;
/// Repetitions of an animated PNG; more are indistinguishable from forever.
pub const PNG_PLAYS_MAX: u32 = 65_535;
/// Parts of a second that the delay of an animated PNG's frame is told in.
pub const PNG_DELAY_PARTS_MAX: u16 = 1_000;
