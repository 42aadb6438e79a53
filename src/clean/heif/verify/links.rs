//! How the items of a produced file refer to each other (`iref`): each is made of later ones, is the alpha of an
//! earlier one, and has the number of its first mention.

use super::part::Part;
use crate::limits;

/// What an item refers to, as places from 0.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    pub(super) inputs: Vec<usize>,
    pub(super) alpha_of: Option<usize>,
}

/// Reads `iref`, or what its absence says, for items of these types.
pub(super) fn read(iref: Option<Part<'_>>, kinds: &[[u8; 4]]) -> Option<Vec<Links>> {
    let mut links = vec![Links::default(); kinds.len()];
    if let Some(mut part) = iref {
        part.zeros(4)?;
        // One that says nothing would not be there.
        (!part.is_empty()).then_some(())?;
        for (place, own) in links.iter_mut().enumerate() {
            own.read(place, &mut part)?;
        }
        part.end()?;
    }
    for (kind, own) in kinds.iter().zip(&links) {
        let is_derived = matches!(kind, b"grid" | b"iovl" | b"iden");
        let is_one = kind != b"iden" || own.inputs.len() == 1;
        (is_derived != own.inputs.is_empty() && is_one).then_some(())?;
    }
    are_in_order(&links)?;
    are_shallow(&links)?;
    Some(links)
}

impl Links {
    fn read(&mut self, place: usize, part: &mut Part<'_>) -> Option<()> {
        let number = u16::try_from(place.checked_add(1)?).ok()?.to_be_bytes();
        // Of the items that could come, only this one's box says its number first.
        let is_own = |part: &Part<'_>, kind: &[u8; 4]| {
            part.kind().as_ref() == Some(kind) && part.all().get(8..10) == Some(&number)
        };
        if is_own(part, b"dimg") {
            let mut body = part.boxed(b"dimg")?;
            body.just(&number)?;
            for _ in 0..body.u16()? {
                let input = usize::from(body.u16()?).checked_sub(1)?;
                (input > place).then_some(())?;
                self.inputs.push(input);
            }
            body.end()?;
            (!self.inputs.is_empty()).then_some(())?;
        }
        if is_own(part, b"auxl") {
            let mut body = part.boxed(b"auxl")?;
            body.just(&number)?;
            body.just(&[0, 1])?;
            let master = body.array::<2>()?;
            body.end()?;
            let of = usize::from(u16::from_be_bytes(master)).checked_sub(1).filter(|&of| of < place)?;
            self.alpha_of = Some(of);
            if part.kind() == Some(*b"prem") {
                let mut body = part.boxed(b"prem")?;
                body.just(&master)?;
                body.just(&[0, 1])?;
                body.just(&number)?;
                body.end()?;
            }
        }
        Some(())
    }
}

/// Whether every item but the first is mentioned, and new ones in the order of their numbers.
fn are_in_order(links: &[Links]) -> Option<()> {
    let mut alphas = vec![None; links.len()];
    for (place, own) in links.iter().enumerate() {
        if let Some(master) = own.alpha_of {
            let is_alpha_itself = links.get(master)?.alpha_of.is_some();
            (!is_alpha_itself && alphas.get_mut(master)?.replace(place).is_none()).then_some(())?;
        }
    }
    let mut next = 1usize;
    for (own, alpha) in links.iter().zip(&alphas) {
        for &input in &own.inputs {
            (input <= next).then_some(())?;
            if input == next {
                next = next.checked_add(1)?;
            }
        }
        if let Some(alpha) = *alpha {
            (alpha == next).then_some(())?;
            next = next.checked_add(1)?;
        }
    }
    (next == links.len()).then_some(())
}

fn are_shallow(links: &[Links]) -> Option<()> {
    let mut depths = vec![0usize; links.len()];
    for (place, own) in links.iter().enumerate() {
        let depth = *depths.get(place)?;
        (depth <= limits::HEIF_DEPTH_MAX).then_some(())?;
        for &input in &own.inputs {
            let input = depths.get_mut(input)?;
            *input = depth.checked_add(1)?.max(*input);
        }
    }
    Some(())
}
