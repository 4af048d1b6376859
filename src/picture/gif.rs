//! Floor 1 · `picture`: what is taken out of a GIF: comments, captions and what applications left in it.

use super::{Clean, take};

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const TRAILER: u8 = 0x3b;
/// An extension with delay and transparency of the next frame.
const CONTROL: u8 = 0xf9;
/// An extension of an application, which says its name.
const APPLICATION: u8 = 0xff;
/// What applications say that is seen: how often to repeat, and the colour profile.
const SEEN: [&[u8]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

/// See [`super::clean`].
pub(super) fn clean(bytes: &[u8]) -> Option<Clean> {
    let mut rest = bytes;
    let head = take(&mut rest, 13)?;
    if !head.starts_with(b"GIF87a") && !head.starts_with(b"GIF89a") {
        return None;
    }
    let mut clean = Clean::new(head.to_vec());
    clean.bytes.extend_from_slice(take(&mut rest, table_bytes(head[10])).unwrap_or_default());
    while let Some(&[first]) = take(&mut rest, 1) {
        let block = match first {
            EXTENSION => extension(&mut rest),
            // A frame that was cut off goes to where it goes.
            IMAGE => frame(&mut rest).or_else(|| Some(std::mem::take(&mut rest))),
            _ => break,
        };
        if let Some(block) = block {
            clean.bytes.push(first);
            clean.bytes.extend_from_slice(block);
        }
    }
    clean.bytes.push(TRAILER);
    Some(clean)
}

/// Takes an extension off `rest`; it, if it is seen.
fn extension<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let all = *rest;
    let label = *take(rest, 1)?.first()?;
    let name = rest.get(1..12).unwrap_or_default();
    let read = sub_blocks(rest);
    if read.is_none() {
        *rest = &[];
    }
    let seen = label == CONTROL || (label == APPLICATION && SEEN.contains(&name));
    (read.is_some() && seen).then(|| &all[..all.len() - rest.len()])
}

/// Takes a frame off `rest`.
fn frame<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let all = *rest;
    let flags = *all.get(8)?;
    let mut after = all;
    // Place and size, its own colours, the width of a code.
    take(&mut after, 9 + table_bytes(flags) + 1)?;
    sub_blocks(&mut after)?;
    *rest = after;
    Some(&all[..all.len() - after.len()])
}

/// Takes blocks of up to 255 bytes off `rest`, to the empty one that ends them.
fn sub_blocks(rest: &mut &[u8]) -> Option<()> {
    loop {
        let length = usize::from(*take(rest, 1)?.first()?);
        take(rest, length)?;
        if length == 0 {
            return Some(());
        }
    }
}

/// Bytes of the table of colours that these flags announce.
const fn table_bytes(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}
