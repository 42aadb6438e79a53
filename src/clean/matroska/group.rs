//! What is kept of a SimpleBlock or a BlockGroup (RFC 9559, 5.1.3.4, 5.1.3.5), as the parts of one element in the
//! clean file. A BlockGroup that says no more than a SimpleBlock can becomes one.

use super::block::{self, Block, Within};
use super::track::{Track, Tracks};
use super::{dropped, id, write};
use crate::clean::container::ebml::{self, Children, Element};
use crate::clean::cursor::Cursor;
use crate::clean::{Category, Findings, Plan, Reason, Refusal};
use crate::limits;

/// A part of an element in the clean file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    /// These bytes.
    Written(Vec<u8>),
    /// A frame of the original.
    Sample { at: u64, len: u64 },
    /// Its alpha channel.
    Alpha { at: u64, len: u64 },
}

/// A block that is kept.
#[derive(Clone, Debug)]
pub(super) struct Kept {
    parts: Vec<Part>,
    /// Bytes of the whole element in the clean file.
    pub(super) len: u64,
    /// Which of the tracks that are kept.
    pub(super) track: usize,
    /// Ticks after the Cluster's timestamp.
    pub(super) timestamp: i16,
    pub(super) is_keyframe: bool,
    /// Ticks that it lasts, as far as the container tells.
    pub(super) ticks: u64,
}

/// What a BlockGroup says beside its Block.
#[derive(Default)]
struct Beside {
    alpha: Option<Element>,
    duration: Option<u64>,
    is_reference_needed: bool,
    discard_padding: i64,
}

/// Reads a SimpleBlock. `None` if its track is not kept.
pub(super) fn simple(
    cursor: &mut Cursor<'_>,
    element: &Element,
    tracks: &Tracks,
    scale: u64,
    findings: &mut Findings,
) -> Result<Option<Kept>, Refusal> {
    let Some((track, index)) = track(cursor, element, tracks, findings)? else { return Ok(None) };
    let block = Block::read(cursor, element, Within::SimpleBlock)?;
    let beside = Beside { is_reference_needed: !block.is_keyframe(), ..Beside::default() };
    Ok(Some(kept(&block, &beside, track, index, scale)))
}

/// Reads a BlockGroup. `None` if its track is not kept.
pub(super) fn group(
    cursor: &mut Cursor<'_>,
    element: &Element,
    tracks: &Tracks,
    scale: u64,
    findings: &mut Findings,
) -> Result<Option<Kept>, Refusal> {
    let (mut block, mut additions, mut beside) = (None, None, Beside::default());
    let mut aside = Aside::default();
    let mut children = Children::of(element);
    while let Some(child) = children.next(cursor)? {
        match child.id {
            id::BLOCK if block.is_some() => return Err(Refusal::new(Reason::Damaged, "BlockGroup", element.at)),
            id::BLOCK => block = Some(child),
            id::BLOCK_ADDITIONS => additions = Some(child),
            id::BLOCK_DURATION => {
                let duration = ebml::uint(cursor, &child, "BlockDuration")?;
                if duration.is_some_and(|ticks| ticks > limits::TICKS_MAX) {
                    return Err(Refusal::new(Reason::Damaged, "BlockDuration", child.at));
                }
                beside.duration = duration;
            }
            id::REFERENCE_BLOCK => beside.is_reference_needed = true,
            id::DISCARD_PADDING => {
                beside.discard_padding = ebml::sint(cursor, &child, "DiscardPadding")?.unwrap_or(0);
                if beside.discard_padding.unsigned_abs() > limits::DELAY_NANOSECONDS_MAX {
                    return Err(Refusal::new(Reason::Damaged, "DiscardPadding", child.at));
                }
            }
            id::CODEC_STATE => aside.codec_state = Some(child.at),
            id::ENCRYPTED_BLOCK => aside.encrypted = Some(child.at),
            0xFA => findings.removed(Category::Software, "BlockGroup ReferencePriority"),
            0xA2 => findings.removed(Category::HiddenContent, "BlockGroup BlockVirtual"),
            0xFD => findings.removed(Category::Software, "BlockGroup ReferenceVirtual"),
            0x8E => findings.removed(Category::Software, "BlockGroup Slices"),
            0xC8 => findings.removed(Category::Software, "BlockGroup ReferenceFrame"),
            _ => dropped::element(cursor, &child, "BlockGroup", findings)?,
        }
    }
    let Some(element) = block else {
        aside.refuse()?;
        findings.removed(Category::HiddenContent, "BlockGroup without Block");
        return Ok(None);
    };
    cursor.go_to(element.body_at, "Block")?;
    let Some((track, index)) = track(cursor, &element, tracks, findings)? else { return Ok(None) };
    aside.refuse()?;
    let mut block = Block::read(cursor, &element, Within::BlockGroup)?;
    if let Some(additions) = additions {
        beside.alpha = alpha(cursor, &additions, track.has_alpha(), findings)?;
    }
    if !beside.needs_group() && !beside.is_reference_needed {
        block.set_keyframe();
    }
    Ok(Some(kept(&block, &beside, track, index, scale)))
}

/// What a block cannot be kept with, if its track is to be kept.
#[derive(Default)]
struct Aside {
    codec_state: Option<u64>,
    encrypted: Option<u64>,
}

impl Aside {
    fn refuse(&self) -> Result<(), Refusal> {
        let refused =
            |part, at: Option<u64>| at.map_or(Ok(()), |at| Err(Refusal::new(Reason::NotUnderstood, part, at)));
        refused("CodecState", self.codec_state)?;
        refused("EncryptedBlock", self.encrypted)
    }
}

impl Beside {
    /// Whether a SimpleBlock could not say it.
    fn needs_group(&self) -> bool {
        self.alpha.is_some() || self.duration.is_some() || self.discard_padding != 0
    }
}

/// The track of a block, and its place among those kept.
fn track<'t>(
    cursor: &mut Cursor<'_>,
    element: &Element,
    tracks: &'t Tracks,
    findings: &mut Findings,
) -> Result<Option<(&'t Track, usize)>, Refusal> {
    let number = block::track_number(cursor, element)?;
    let found = tracks.index(number).and_then(|index| tracks.kept.get(index).map(|track| (track, index)));
    if found.is_none() && !tracks.is_dropped(number) {
        findings.removed(Category::HiddenContent, "block of no track");
    }
    Ok(found)
}

/// The BlockAdditional that is the alpha channel, if the track has one.
fn alpha(
    cursor: &mut Cursor<'_>,
    additions: &Element,
    is_expected: bool,
    findings: &mut Findings,
) -> Result<Option<Element>, Refusal> {
    let mut found = None;
    let mut children = Children::of(additions);
    while let Some(more) = children.next(cursor)? {
        if more.id != id::BLOCK_MORE {
            dropped::element(cursor, &more, "BlockAdditions", findings)?;
            continue;
        }
        let (mut number, mut additional) = (1, None);
        let mut fields = Children::of(&more);
        while let Some(field) = fields.next(cursor)? {
            match field.id {
                id::BLOCK_ADD_ID => number = ebml::uint(cursor, &field, "BlockAddID")?.unwrap_or(1),
                id::BLOCK_ADDITIONAL if additional.is_some() => {
                    return Err(Refusal::new(Reason::Damaged, "BlockMore", more.at));
                }
                id::BLOCK_ADDITIONAL => additional = Some(field),
                _ => dropped::element(cursor, &field, "BlockMore", findings)?,
            }
        }
        match additional {
            Some(additional) if number == 1 && is_expected && found.is_none() => found = Some(additional),
            Some(_) => findings.removed(Category::HiddenContent, format!("BlockAdditional, BlockAddID {number}")),
            None => {}
        }
    }
    Ok(found)
}

/// Puts the parts of an element together.
fn kept(block: &Block, beside: &Beside, track: &Track, index: usize, scale: u64) -> Kept {
    let number = u64::try_from(index).unwrap_or(u64::MAX).saturating_add(1);
    let stripped = u64::try_from(track.stripped.len()).unwrap_or(u64::MAX);
    let mut parts = vec![Part::Written(block.head(number, stripped))];
    for frame in &block.frames {
        if !track.stripped.is_empty() {
            parts.push(Part::Written(track.stripped.clone()));
        }
        parts.push(Part::Sample { at: frame.at, len: frame.len });
    }
    if beside.needs_group() {
        wrap(&mut parts, id::BLOCK);
        parts.extend(beside.alpha.iter().flat_map(additions));
        let mut tail = Vec::new();
        if let Some(duration) = beside.duration {
            tail.extend(write::uint(id::BLOCK_DURATION, duration));
        }
        if beside.is_reference_needed {
            // That it cannot be decoded on its own, and not on which other block it depends (RFC 9559, 5.1.3.5.5).
            tail.extend(write::sint(id::REFERENCE_BLOCK, 0));
        }
        if beside.discard_padding != 0 {
            tail.extend(write::sint(id::DISCARD_PADDING, beside.discard_padding));
        }
        parts.push(Part::Written(tail));
        wrap(&mut parts, id::BLOCK_GROUP);
    } else {
        wrap(&mut parts, id::SIMPLE_BLOCK);
    }
    let frames = u64::try_from(block.frames.len()).unwrap_or(u64::MAX);
    Kept {
        len: len(&parts),
        parts,
        track: index,
        timestamp: block.timestamp,
        is_keyframe: !beside.is_reference_needed,
        ticks: beside.duration.unwrap_or_else(|| in_ticks(frames, track.default_duration, scale)),
    }
}

/// The alpha channel in its elements.
fn additions(alpha: &Element) -> Vec<Part> {
    let mut parts = vec![Part::Alpha { at: alpha.body_at, len: alpha.body_len }];
    wrap(&mut parts, id::BLOCK_ADDITIONAL);
    if let Some(Part::Written(head)) = parts.first_mut() {
        *head = [write::uint(id::BLOCK_ADD_ID, 1), std::mem::take(head)].concat();
    }
    wrap(&mut parts, id::BLOCK_MORE);
    wrap(&mut parts, id::BLOCK_ADDITIONS);
    parts
}

/// Puts the head of an element in front of its body.
fn wrap(parts: &mut Vec<Part>, id: u32) {
    let head = write::head(id, len(parts));
    match parts.first_mut() {
        Some(Part::Written(first)) => *first = [head, std::mem::take(first)].concat(),
        _ => parts.insert(0, Part::Written(head)),
    }
}

fn len(parts: &[Part]) -> u64 {
    parts.iter().fold(0, |len, part| {
        len.saturating_add(match part {
            Part::Written(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Part::Sample { len, .. } | Part::Alpha { len, .. } => *len,
        })
    })
}

/// How many ticks so many frames last, rounded.
fn in_ticks(frames: u64, nanoseconds: Option<u64>, scale: u64) -> u64 {
    let nanoseconds = frames.saturating_mul(nanoseconds.unwrap_or(0));
    nanoseconds.saturating_add(scale / 2).checked_div(scale).unwrap_or(0)
}

impl Kept {
    /// Appends the element to `plan`. What the original has in just these bytes is copied from there.
    pub(super) fn draft(
        &self,
        cursor: &mut Cursor<'_>,
        track: &Track,
        plan: &mut Plan,
        findings: &mut Findings,
    ) -> Result<(), Refusal> {
        let mut behind = None;
        let mut parts = self.parts.iter().peekable();
        while let Some(part) = parts.next() {
            match part {
                Part::Written(bytes) => {
                    let next = match parts.peek() {
                        Some(Part::Sample { at, .. } | Part::Alpha { at, .. }) => Some(*at),
                        _ => None,
                    };
                    let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    let place = next.map_or(behind, |next| next.checked_sub(len));
                    bytes_or_copy(cursor, plan, bytes, place)?;
                    behind = None;
                }
                Part::Sample { at, len } => {
                    cursor.go_to(*at, "frame")?;
                    track.codec().sample(cursor, *len, plan, findings)?;
                    behind = Some(at.saturating_add(*len));
                }
                Part::Alpha { at, len } => {
                    plan.copy(*at, *len)?;
                    behind = Some(at.saturating_add(*len));
                }
            }
        }
        Ok(())
    }

    /// Where its first frame lies in the original.
    pub(super) fn first_frame_at(&self) -> Option<u64> {
        self.parts.iter().find_map(|part| match part {
            Part::Sample { at, .. } => Some(*at),
            _ => None,
        })
    }

    /// Bytes in front of its first frame.
    pub(super) fn head_len(&self) -> u64 {
        match self.parts.first() {
            Some(Part::Written(head)) => u64::try_from(head.len()).unwrap_or(u64::MAX),
            _ => 0,
        }
    }
}

/// Appends `bytes`, copied if the original has them at `place`, where they would join what stands beside them.
pub(super) fn bytes_or_copy(
    cursor: &mut Cursor<'_>,
    plan: &mut Plan,
    bytes: &[u8],
    place: Option<u64>,
) -> Result<(), Refusal> {
    let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let fits = |at: &u64| at.checked_add(len).is_some_and(|end| end <= cursor.len());
    match place.filter(fits) {
        Some(at) => {
            cursor.go_to(at, "block")?;
            let original = cursor.bytes(bytes.len(), "block")?;
            plan.bytes_or_copy(bytes, &original, at)
        }
        None => plan.bytes(bytes),
    }
}
