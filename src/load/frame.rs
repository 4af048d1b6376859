//! Floor 9 · `load`: WebSocket frames as a client reads and writes them (RFC 6455), without a copy.

/// What a frame is.
pub const CONTINUATION: u8 = 0;
/// Text, the only kind Papo sends.
pub const TEXT: u8 = 1;
/// The end of the connection, with a code.
pub const CLOSE: u8 = 8;
/// Wants a pong.
pub const PING: u8 = 9;
/// Answers a ping.
pub const PONG: u8 = 10;

const MASKED: u8 = 0x80;
/// What stands for a length that is in the next bytes.
const TWO_BYTES: u8 = 126;
const EIGHT_BYTES: u8 = 127;

/// A whole frame at the beginning of what was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    /// Whether the message ends with it.
    pub last: bool,
    pub opcode: u8,
    pub payload: &'a [u8],
    /// How many bytes it takes.
    pub length: usize,
}

/// The frame that `bytes` begin with, if all of it is there.
///
/// # Errors
/// Why no server may send this.
pub fn first(bytes: &[u8]) -> Result<Option<Frame<'_>>, &'static str> {
    let &[kind, size, ref rest @ ..] = bytes else { return Ok(None) };
    if kind & 0x70 != 0 {
        return Err("a frame with bits that nobody agreed on");
    }
    if size & MASKED != 0 {
        return Err("a masked frame, which only clients send");
    }
    let (header, length) = match size {
        TWO_BYTES => match rest.first_chunk() {
            Some(&length) => (4, u64::from(u16::from_be_bytes(length))),
            None => return Ok(None),
        },
        EIGHT_BYTES => match rest.first_chunk() {
            Some(&length) => (10, u64::from_be_bytes(length)),
            None => return Ok(None),
        },
        size => (2, u64::from(size)),
    };
    let opcode = kind & 0x0f;
    let last = kind & 0x80 != 0;
    match opcode {
        CONTINUATION | TEXT => {}
        CLOSE | PING | PONG if last && size < TWO_BYTES => {}
        CLOSE | PING | PONG => return Err("a control frame that is long or in fragments"),
        _ => return Err("a frame of a kind that this protocol has not"),
    }
    let length = usize::try_from(length).ok().and_then(|length| length.checked_add(header)).ok_or("a frame without an end")?;
    let payload = bytes.get(header..length);
    Ok(payload.map(|payload| Frame { last, opcode, payload, length }))
}

/// Adds a frame with `payload` to `out`, masked with `mask` as clients must.
pub fn add(out: &mut Vec<u8>, opcode: u8, payload: &[u8], mask: [u8; 4]) {
    out.push(0x80 | opcode);
    let length = payload.len() as u64;
    match (u8::try_from(length), u16::try_from(length)) {
        (Ok(short @ ..TWO_BYTES), _) => out.push(MASKED | short),
        (_, Ok(length)) => {
            out.push(MASKED | TWO_BYTES);
            out.extend_from_slice(&length.to_be_bytes());
        }
        _ => {
            out.push(MASKED | EIGHT_BYTES);
            out.extend_from_slice(&length.to_be_bytes());
        }
    }
    out.extend_from_slice(&mask);
    out.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn served(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let mut masked = Vec::new();
        add(&mut masked, opcode, payload, [0; 4]);
        let header = masked.len() - payload.len() - 4;
        masked.drain(header..header + 4);
        masked[1] &= 0x7f;
        masked
    }

    #[test]
    fn a_frame_is_read_when_all_of_it_is_there() {
        for length in [0, 1, 125, 126, 65_535, 65_536] {
            let payload = vec![b'x'; length];
            let bytes = [served(TEXT, &payload), served(TEXT, b"next")].concat();
            let whole = bytes.len() - 6;
            assert_eq!(first(&bytes), Ok(Some(Frame { last: true, opcode: TEXT, payload: &payload, length: whole })));
            assert!((0..whole).step_by(997).chain([whole - 1]).all(|part| first(&bytes[..part]) == Ok(None)));
        }
    }

    #[test]
    fn what_no_server_may_send_is_an_error() {
        let mut compressed = served(TEXT, b"x");
        compressed[0] |= 0x40;
        let mut masked = Vec::new();
        add(&mut masked, TEXT, b"x", [1, 2, 3, 4]);
        let mut fragment = served(PING, b"");
        fragment[0] &= 0x7f;
        let endless = [0x81, 127, 255, 255, 255, 255, 255, 255, 255, 255];
        for wrong in [&compressed[..], &masked, &fragment, &served(PING, &[0; 126]), &served(3, b""), &endless] {
            assert!(first(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn what_is_sent_is_masked() {
        let mut out = Vec::new();
        add(&mut out, TEXT, b"oi!oi", [1, 2, 3, 4]);
        assert_eq!(out, [0x81, 0x85, 1, 2, 3, 4, b'o' ^ 1, b'i' ^ 2, b'!' ^ 3, b'o' ^ 4, b'i' ^ 1]);
    }
}
