//! A network between a load test and its server, which breaks one promise on the way.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::thread;

/// What happens to one frame of text with a message in it, on its way to a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Drop,
    Repeat,
    /// It changes places with the next one.
    Swap,
    /// One letter of its text is another.
    Change,
}

/// Passes on what `server` and its clients say; the frame number `which` with a message in it, of all sockets, has `fault`.
pub fn with(server: SocketAddr, fault: Fault, which: i64) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = listener.local_addr().unwrap();
    let left = Arc::new(AtomicI64::new(which));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            let server = TcpStream::connect(server).unwrap();
            let (to_server, from_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
            let left = left.clone();
            thread::spawn(move || pass_on(from_client, to_server));
            thread::spawn(move || pass_frames(server, client, fault, &left));
        }
    });
    addr
}

fn pass_on(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

/// What the server says: HTTP as it is, frames one by one.
fn pass_frames(mut from: TcpStream, mut to: TcpStream, fault: Fault, left: &AtomicI64) {
    let _ = passed(&mut from, &mut to, fault, left);
    let _ = to.shutdown(Shutdown::Both);
}

fn passed(from: &mut TcpStream, to: &mut TcpStream, fault: Fault, left: &AtomicI64) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        from.read_exact(&mut byte)?;
        head.extend(byte);
    }
    to.write_all(&head)?;
    if !head.starts_with(b"HTTP/1.1 101 ") {
        std::io::copy(from, to)?;
        return Ok(());
    }
    let mut waits = None;
    loop {
        let mut frame = read_frame(from)?;
        let has_message = frame.windows(16).any(|part| part == br#""type":"message""#);
        let is_it = has_message && left.fetch_sub(1, Ordering::Relaxed) == 1;
        match fault {
            Fault::Drop if is_it => continue,
            Fault::Repeat if is_it => to.write_all(&frame)?,
            Fault::Swap if is_it => {
                waits = Some(frame);
                continue;
            }
            Fault::Change if is_it => {
                let at = frame.windows(3).position(|part| part == b"xyz").expect("the text is long");
                frame[at] = b'X';
            }
            _ => {}
        }
        to.write_all(&frame)?;
        if let Some(waits) = waits.take_if(|_| has_message) {
            to.write_all(&waits)?;
        }
    }
}

/// A whole frame with its header.
fn read_frame(from: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut frame = vec![0; 2];
    from.read_exact(&mut frame)?;
    let more = match frame[1] {
        126 => 2,
        127 => 8,
        _ => 0,
    };
    frame.resize(2 + more, 0);
    from.read_exact(&mut frame[2..])?;
    let length = match more {
        0 => u64::from(frame[1]),
        _ => frame[2..].iter().fold(0, |length, byte| length << 8 | u64::from(*byte)),
    };
    let header = frame.len();
    frame.resize(header + usize::try_from(length).unwrap(), 0);
    from.read_exact(&mut frame[header..])?;
    Ok(frame)
}
