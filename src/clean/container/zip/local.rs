//! Local file headers (APPNOTE.TXT 4.3.7), compared with the directory. Lets no member reach into another.

use std::collections::BTreeSet;

use super::directory::{Directory, Listed, Long};
use super::told::Told;
use super::{DESCRIPTOR, LOCAL, Member, flag, method, name};
use crate::clean::cursor::Cursor;
use crate::clean::{Reason, Refusal};

/// The members that were listed, each confirmed by its local header.
pub(super) fn members(cursor: &mut Cursor<'_>, directory: Directory, told: &mut Told) -> Result<Vec<Member>, Refusal> {
    let mut order: Vec<(usize, Listed)> = directory.listed.into_iter().enumerate().collect();
    order.sort_by_key(|(_, listed)| listed.at);
    let (mut members, mut names, mut end) = (Vec::new(), BTreeSet::new(), 0);
    for (index, listed) in order {
        if listed.at < end {
            return Err(damaged("members that overlap", listed.at));
        }
        told.gap(listed.at.saturating_sub(end));
        let member = confirmed(cursor, &listed, told)?;
        end = cursor.at();
        if end > directory.at {
            return Err(damaged("member", listed.at));
        }
        if !names.insert(member.name.clone()) {
            return Err(damaged("two members of one name", listed.at));
        }
        members.push((index, member));
    }
    told.gap(directory.at.saturating_sub(end));
    members.sort_by_key(|(index, _)| *index);
    Ok(members.into_iter().map(|(_, member)| member).collect())
}

/// Reads the local header, passes over the bytes and what may follow them.
fn confirmed(cursor: &mut Cursor<'_>, listed: &Listed, told: &mut Told) -> Result<Member, Refusal> {
    const PART: &str = "local file header";
    cursor.go_to(listed.at, PART)?;
    if cursor.array(PART)? != LOCAL {
        return Err(damaged(PART, listed.at));
    }
    cursor.skip(2, PART)?;
    let (flags, number) = (cursor.le16(PART)?, cursor.le16(PART)?);
    if method(flags, number, listed.at)? != listed.method {
        return Err(damaged("compression method", listed.at));
    }
    let (time, date) = (cursor.le16(PART)?, cursor.le16(PART)?);
    let (crc, stored_len, len) = (cursor.le32(PART)?, cursor.le32(PART)?, cursor.le32(PART)?);
    let (name_len, extra_len) = (cursor.le16(PART)?, cursor.le16(PART)?);
    let raw_name = cursor.bytes(name_len.into(), PART)?;
    let extra = cursor.bytes(extra_len.into(), PART)?;
    let Long([len, stored_len, _]) =
        Long::read(&extra, [len, stored_len, 0]).ok_or(damaged("zip64 extra field", listed.at))?;
    if raw_name != listed.raw_name {
        return Err(damaged("name", listed.at));
    }
    let same = (crc, stored_len, len) == (listed.crc, listed.stored_len, listed.len);
    let has_descriptor = flags & flag::DESCRIPTOR != 0;
    // Such a header may leave them open.
    let open = has_descriptor
        && (crc == 0 || crc == listed.crc)
        && (stored_len == 0 || stored_len == listed.stored_len)
        && (len == 0 || len == listed.len);
    if !same && !open {
        return Err(damaged("sum and sizes", listed.at));
    }
    told.time(date, time);
    told.extra(&extra);
    let at = cursor.at();
    cursor.skip(listed.stored_len, "member")?;
    if has_descriptor {
        descriptor(cursor, listed)?;
    }
    let name = name::decoded(&listed.raw_name, listed.flags & flag::UTF_8 != 0).ok_or(Refusal::new(
        Reason::NotUnderstood,
        "name",
        listed.at,
    ))?;
    Ok(Member {
        name,
        at,
        stored_len: listed.stored_len,
        len: listed.len,
        crc: listed.crc,
        method: listed.method,
        unix_kind: listed.unix_kind,
    })
}

/// Sum and sizes behind the bytes, with or without a signature, in four bytes or in eight (4.3.9). Where there are none
/// although a flag says so, nothing is passed over: the directory has them.
fn descriptor(cursor: &mut Cursor<'_>, listed: &Listed) -> Result<(), Refusal> {
    const PART: &str = "data descriptor";
    let at = cursor.at();
    let longest = usize::try_from(cursor.remaining()).unwrap_or(usize::MAX).min(24);
    let bytes = cursor.bytes(longest, PART)?;
    let crc = listed.crc.to_le_bytes();
    let long = [listed.stored_len.to_le_bytes(), listed.len.to_le_bytes()].concat();
    let short: Vec<u8> = [listed.stored_len, listed.len]
        .into_iter()
        .flat_map(|len| u32::try_from(len).unwrap_or(u32::MAX).to_le_bytes())
        .collect();
    let forms = [
        [&DESCRIPTOR, &crc[..], &long].concat(),
        [&DESCRIPTOR, &crc[..], &short].concat(),
        [&crc[..], &long].concat(),
        [&crc[..], &short].concat(),
    ];
    let len = forms.iter().find(|form| bytes.starts_with(form)).map_or(0, Vec::len);
    cursor.go_to(at.saturating_add(u64::try_from(len).unwrap_or(0)), PART)
}

fn damaged(part: &'static str, at: u64) -> Refusal {
    Refusal::new(Reason::Damaged, part, at)
}
