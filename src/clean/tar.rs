//! Tar archives (POSIX.1-2024, `pax`; also as GNU tar and Unix V7 write them): each member cleaned as the file it is,
//! in plain ustar form with constant fields. One that is refused is named, and the archive is refused with it.

mod header;
mod read;
#[cfg(test)]
mod tests;
mod verify;

use super::archive::{self, Names};
use super::cursor::Cursor;
use super::{Draft, Findings, Format, Plan, Reason, Refusal, member};
use crate::limits;

pub(super) use verify::verify_at;

/// The line in the table of formats.
pub(crate) static FORMAT: Format = Format {
    media_type: "application/x-tar",
    extension: "tar",
    aliases: &[],
    name: "tar",
    recognise,
    clean,
    verify: verify::verify,
};

/// A tar block, in bytes.
const BLOCK_BYTES: u64 = 512;

/// A first header whose sum is right.
pub(super) fn recognise(head: &[u8]) -> bool {
    head.first_chunk().is_some_and(|block| header::Header::read(block).is_some())
}

fn clean(cursor: &mut Cursor<'_>) -> Result<Draft, Refusal> {
    let mut findings = Findings::default();
    let all = read::members(cursor, &mut findings)?;
    let members: Vec<_> = all
        .into_iter()
        .filter(|member| archive::is_wanted(&member.name, member.kind, member.len, &mut findings))
        .collect();
    if members.is_empty() {
        return Err(Refusal::new(Reason::Empty, "", 0));
    }
    let mut names = Names::new(cursor.nesting().options().names, members.len());
    let mut plan = Plan::default();
    for member in members {
        let part = member::part(&member.name, cursor, (member.at, member.len), &mut findings)?;
        let name = names.next(&member.name, part.format.extension, &mut findings);
        let len = part.plan.len();
        let header = header::written(&name, len).ok_or(Refusal::new(Reason::TooLarge, "size", member.at))?;
        plan.bytes(&header)?;
        plan.append(&part.plan)?;
        plan.fill(0, padding(len))?;
        if plan.rebuilt_bytes() > limits::REBUILT_BYTES_MAX {
            return Err(Refusal::new(Reason::TooLarge, "bytes of all members", member.at));
        }
    }
    // Two blocks of zeros end an archive.
    plan.fill(0, BLOCK_BYTES.saturating_mul(2))?;
    Ok(Draft::new(plan, findings))
}

/// Bytes that follow content of `len` bytes up to the next block.
fn padding(len: u64) -> u64 {
    len.checked_next_multiple_of(BLOCK_BYTES).unwrap_or(len).saturating_sub(len)
}
