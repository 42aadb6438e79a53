//! Identifiers of elements (RFC 8794, 11; RFC 9559, 5), for the cleaner. The verifier spells its own.

// Level 0 and anywhere.
pub(super) const EBML: u32 = 0x1A45_DFA3;
pub(super) const SEGMENT: u32 = 0x1853_8067;
pub(super) const VOID: u32 = 0xEC;
pub(super) const CRC_32: u32 = 0xBF;

// EBML.
pub(super) const EBML_VERSION: u32 = 0x4286;
pub(super) const EBML_READ_VERSION: u32 = 0x42F7;
pub(super) const EBML_MAX_ID_LENGTH: u32 = 0x42F2;
pub(super) const EBML_MAX_SIZE_LENGTH: u32 = 0x42F3;
pub(super) const DOC_TYPE: u32 = 0x4282;
pub(super) const DOC_TYPE_VERSION: u32 = 0x4287;
pub(super) const DOC_TYPE_READ_VERSION: u32 = 0x4285;

// Segment.
pub(super) const SEEK_HEAD: u32 = 0x114D_9B74;
pub(super) const INFO: u32 = 0x1549_A966;
pub(super) const TRACKS: u32 = 0x1654_AE6B;
pub(super) const CLUSTER: u32 = 0x1F43_B675;
pub(super) const CUES: u32 = 0x1C53_BB6B;
pub(super) const CHAPTERS: u32 = 0x1043_A770;
pub(super) const ATTACHMENTS: u32 = 0x1941_A469;
pub(super) const TAGS: u32 = 0x1254_C367;

// Info.
pub(super) const TIMESTAMP_SCALE: u32 = 0x2A_D7B1;
pub(super) const DURATION: u32 = 0x4489;
pub(super) const MUXING_APP: u32 = 0x4D80;
pub(super) const WRITING_APP: u32 = 0x5741;
pub(super) const SEGMENT_UUID: u32 = 0x73A4;
pub(super) const SEGMENT_FILENAME: u32 = 0x7384;
pub(super) const PREV_UUID: u32 = 0x3C_B923;
pub(super) const PREV_FILENAME: u32 = 0x3C_83AB;
pub(super) const NEXT_UUID: u32 = 0x3E_B923;
pub(super) const NEXT_FILENAME: u32 = 0x3E_83BB;
pub(super) const SEGMENT_FAMILY: u32 = 0x4444;
pub(super) const CHAPTER_TRANSLATE: u32 = 0x6924;
pub(super) const DATE_UTC: u32 = 0x4461;
pub(super) const TITLE: u32 = 0x7BA9;

// Tracks.
pub(super) const TRACK_ENTRY: u32 = 0xAE;
pub(super) const TRACK_NUMBER: u32 = 0xD7;
pub(super) const TRACK_UID: u32 = 0x73C5;
pub(super) const TRACK_TYPE: u32 = 0x83;
pub(super) const FLAG_ENABLED: u32 = 0xB9;
pub(super) const FLAG_DEFAULT: u32 = 0x88;
pub(super) const FLAG_FORCED: u32 = 0x55AA;
pub(super) const FLAG_LACING: u32 = 0x9C;
pub(super) const MIN_CACHE: u32 = 0x6DE7;
pub(super) const MAX_CACHE: u32 = 0x6DF8;
pub(super) const DEFAULT_DURATION: u32 = 0x23_E383;
pub(super) const DEFAULT_DECODED_FIELD_DURATION: u32 = 0x23_4E7A;
pub(super) const TRACK_TIMESTAMP_SCALE: u32 = 0x23_314F;
pub(super) const TRACK_OFFSET: u32 = 0x537F;
pub(super) const MAX_BLOCK_ADDITION_ID: u32 = 0x55EE;
pub(super) const BLOCK_ADDITION_MAPPING: u32 = 0x41E4;
pub(super) const NAME: u32 = 0x536E;
pub(super) const LANGUAGE: u32 = 0x22_B59C;
pub(super) const LANGUAGE_BCP47: u32 = 0x22_B59D;
pub(super) const CODEC_ID: u32 = 0x86;
pub(super) const CODEC_PRIVATE: u32 = 0x63A2;
pub(super) const CODEC_NAME: u32 = 0x25_8688;
pub(super) const CODEC_SETTINGS: u32 = 0x3A_9697;
pub(super) const CODEC_INFO_URL: u32 = 0x3B_4040;
pub(super) const CODEC_DOWNLOAD_URL: u32 = 0x26_B240;
pub(super) const CODEC_DECODE_ALL: u32 = 0xAA;
pub(super) const ATTACHMENT_LINK: u32 = 0x7446;
pub(super) const CODEC_DELAY: u32 = 0x56AA;
pub(super) const SEEK_PRE_ROLL: u32 = 0x56BB;
pub(super) const VIDEO: u32 = 0xE0;
pub(super) const AUDIO: u32 = 0xE1;
pub(super) const TRACK_OPERATION: u32 = 0xE2;
pub(super) const TRICK_TRACK_UID: u32 = 0xC0;
pub(super) const TRICK_TRACK_SEGMENT_UID: u32 = 0xC1;
pub(super) const CONTENT_ENCODINGS: u32 = 0x6D80;

// Video.
pub(super) const FLAG_INTERLACED: u32 = 0x9A;
pub(super) const FIELD_ORDER: u32 = 0x9D;
pub(super) const STEREO_MODE: u32 = 0x53B8;
pub(super) const ALPHA_MODE: u32 = 0x53C0;
pub(super) const PIXEL_WIDTH: u32 = 0xB0;
pub(super) const PIXEL_HEIGHT: u32 = 0xBA;
pub(super) const PIXEL_CROP_BOTTOM: u32 = 0x54AA;
pub(super) const PIXEL_CROP_TOP: u32 = 0x54BB;
pub(super) const PIXEL_CROP_LEFT: u32 = 0x54CC;
pub(super) const PIXEL_CROP_RIGHT: u32 = 0x54DD;
pub(super) const DISPLAY_WIDTH: u32 = 0x54B0;
pub(super) const DISPLAY_HEIGHT: u32 = 0x54BA;
pub(super) const DISPLAY_UNIT: u32 = 0x54B2;
pub(super) const COLOUR: u32 = 0x55B0;
pub(super) const PROJECTION: u32 = 0x7670;

// Audio.
pub(super) const SAMPLING_FREQUENCY: u32 = 0xB5;
pub(super) const OUTPUT_SAMPLING_FREQUENCY: u32 = 0x78B5;
pub(super) const CHANNELS: u32 = 0x9F;
pub(super) const BIT_DEPTH: u32 = 0x6264;

// Cluster.
pub(super) const TIMESTAMP: u32 = 0xE7;
pub(super) const SILENT_TRACKS: u32 = 0x5854;
pub(super) const POSITION: u32 = 0xA7;
pub(super) const PREV_SIZE: u32 = 0xAB;
pub(super) const SIMPLE_BLOCK: u32 = 0xA3;
pub(super) const BLOCK_GROUP: u32 = 0xA0;
pub(super) const ENCRYPTED_BLOCK: u32 = 0xAF;

// BlockGroup.
pub(super) const BLOCK: u32 = 0xA1;
pub(super) const BLOCK_ADDITIONS: u32 = 0x75A1;
pub(super) const BLOCK_MORE: u32 = 0xA6;
pub(super) const BLOCK_ADDITIONAL: u32 = 0xA5;
pub(super) const BLOCK_ADD_ID: u32 = 0xEE;
pub(super) const BLOCK_DURATION: u32 = 0x9B;
pub(super) const REFERENCE_BLOCK: u32 = 0xFB;
pub(super) const CODEC_STATE: u32 = 0xA4;
pub(super) const DISCARD_PADDING: u32 = 0x75A2;

// Cues.
pub(super) const CUE_POINT: u32 = 0xBB;
pub(super) const CUE_TIME: u32 = 0xB3;
pub(super) const CUE_TRACK_POSITIONS: u32 = 0xB7;
pub(super) const CUE_TRACK: u32 = 0xF7;
pub(super) const CUE_CLUSTER_POSITION: u32 = 0xF1;
