//! Floor 1 · `link/tests`: every byte arrives once and in order, however little the kernel takes at a time.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt as _;
use socket2::SockRef;
use tokio::io::{AsyncReadExt as _, AsyncWrite as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::*;

/// A link whose kernel buffers are much smaller than what is sent, and its peer.
async fn narrow_pair() -> (Link, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (io, _) = listener.accept().await.unwrap();
    let link = Link::new(io);
    let io = link.0.io.borrow();
    SockRef::from(io.as_ref().unwrap()).set_send_buffer_size(8192).unwrap();
    SockRef::from(&peer).set_recv_buffer_size(8192).unwrap();
    drop(io);
    (link, peer)
}

/// What is done when a handshake is answered.
async fn answer_handshake(link: &mut Link, outbox: &Outbox, head: &[u8]) {
    link.write_all(head).await.unwrap();
    outbox.open();
}

fn frame(byte: u8, length: usize) -> Frame {
    Frame { bytes: Bytes::from(vec![byte; length]), passing: false }
}

fn passing(byte: u8, length: usize) -> Frame {
    Frame { passing: true, ..frame(byte, length) }
}

async fn read_exactly(peer: &mut TcpStream, length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    timeout(Duration::from_secs(10), peer.read_exact(&mut bytes)).await.expect("in time").expect("all of it");
    bytes
}

/// Closed means read to the end, or reset.
async fn is_closed(peer: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    timeout(Duration::from_secs(10), peer.read_to_end(&mut rest)).await.is_ok()
}

#[actix_web::test]
async fn frames_of_all_sizes_arrive_whole_and_in_order_through_a_narrow_kernel() {
    let (mut link, mut peer) = narrow_pair().await;
    let outbox = link.outbox();
    let lengths: Vec<usize> = (0..60).map(|n| 1 + (n * 7919) % 9000).collect();
    let reader = actix_web::rt::spawn(async move {
        let mut got = read_exactly(&mut peer, 4).await;
        for length in (0..60).map(|n: usize| 1 + (n * 7919) % 9000) {
            got.extend(read_exactly(&mut peer, length).await);
        }
        got
    });
    answer_handshake(&mut link, &outbox, b"head").await;
    let mut expected = b"head".to_vec();
    for (n, length) in lengths.into_iter().enumerate() {
        let byte = u8::try_from(n).unwrap();
        expected.extend(vec![byte; length]);
        while outbox.push(&frame(byte, length)).is_err() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    assert!(reader.await.unwrap() == expected);
}

#[actix_web::test]
async fn nothing_overtakes_an_answer_that_is_half_written() {
    let (mut link, mut peer) = narrow_pair().await;
    let outbox = link.outbox();
    let head = vec![b'h'; 60_000];
    let mut written = 0;
    // The kernel takes a part and no more.
    poll_fn(|context| {
        while let Poll::Ready(Ok(count)) = Pin::new(&mut link).poll_write(context, &head[written..]) {
            written += count;
        }
        Poll::Ready(())
    })
    .await;
    assert!(written < head.len());
    outbox.push(&frame(b'1', 10)).unwrap();
    let reader = actix_web::rt::spawn(async move { read_exactly(&mut peer, 60_010).await });
    link.write_all(&head[written..]).await.unwrap();
    outbox.open();
    let got = reader.await.unwrap();
    assert!(got[..60_000].iter().all(|byte| *byte == b'h') && got[60_000..] == [b'1'; 10]);
}

#[actix_web::test]
async fn a_full_outbox_drops_what_passes_first_and_then_refuses() {
    let (mut link, _peer) = narrow_pair().await;
    let outbox = link.outbox();
    answer_handshake(&mut link, &outbox, b"head").await;
    // Fills the kernel, and begins to leave.
    outbox.push(&frame(b'0', 700_000)).unwrap();
    assert!(outbox.waiting_bytes() > 0);
    outbox.push(&passing(b't', 200_000)).unwrap();
    let (before, dropped) = (outbox.waiting_bytes(), dropped_here());
    outbox.push(&frame(b'1', 300_000)).unwrap();
    assert_eq!(outbox.waiting_bytes(), before + 100_000, "the passing frame made room");
    assert_eq!((dropped_here() - dropped, outbox.held()), (1, (2, outbox.waiting_bytes())));
    assert_eq!(outbox.push(&frame(b'2', 300_000)), Err(Full));
}

#[actix_web::test]
async fn no_more_frames_wait_than_allowed() {
    let (mut link, _peer) = narrow_pair().await;
    let outbox = link.outbox();
    answer_handshake(&mut link, &outbox, b"head").await;
    outbox.push(&frame(b'0', 700_000)).unwrap();
    let taken = (0..1000).take_while(|_| outbox.push(&frame(b'1', 1)).is_ok()).count();
    assert_eq!(taken, WAITING_FRAMES_MAX - 1);
}

#[actix_web::test]
async fn a_peer_that_does_not_read_is_reset_after_the_grace() {
    let (mut link, mut peer) = narrow_pair().await;
    let outbox = link.outbox();
    answer_handshake(&mut link, &outbox, b"head").await;
    outbox.push(&frame(b'0', 900_000)).unwrap();
    outbox.cut(Bytes::from_static(b"bye"));
    tokio::time::sleep(CLOSE_GRACE + Duration::from_millis(300)).await;
    assert!(link.0.io.borrow().is_none(), "the descriptor is gone, whoever still holds the link");
    assert_eq!(link.read(&mut [0; 8]).await.unwrap(), 0, "who reads reads the end");
    assert!(is_closed(&mut peer).await);
}

#[actix_web::test]
async fn a_peer_that_reads_gets_everything_and_then_the_end() {
    let (mut link, mut peer) = narrow_pair().await;
    let outbox = link.outbox();
    answer_handshake(&mut link, &outbox, b"head").await;
    outbox.push(&frame(b'0', 100_000)).unwrap();
    outbox.close(Bytes::from_static(b"bye"));
    outbox.push(&frame(b'x', 10)).unwrap();
    outbox.hang_up();
    let mut got = Vec::new();
    timeout(CLOSE_GRACE, peer.read_to_end(&mut got)).await.expect("before the grace is over").unwrap();
    assert_eq!(got.len(), 4 + 100_000 + 3);
    assert!(got.ends_with(b"0bye"));
}

#[actix_web::test]
async fn what_was_read_too_much_comes_first_and_then_the_rest() {
    let (link, mut peer) = narrow_pair().await;
    let mut incoming = link.incoming(Bytes::from_static(b"one "));
    assert_eq!(incoming.next().await.unwrap().unwrap(), b"one "[..]);
    peer.write_all(b"two").await.unwrap();
    assert_eq!(incoming.next().await.unwrap().unwrap(), b"two"[..]);
    drop(peer);
    assert!(incoming.next().await.is_none());
    timeout(Duration::from_secs(1), link.outbox().peer_is_gone()).await.expect("whoever waits for it is told");
}
