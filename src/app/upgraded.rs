//! Floor 10 · `app/upgraded`: a connection that asks to become a WebSocket leaves the HTTP dispatcher before it is answered. Its two
//! buffers would stay with each one for as long as it stands, and they are most of what an idle socket costs.

use std::cell::OnceCell;
use std::convert::Infallible;
use std::future::{poll_fn, ready};
use std::io;
use std::pin::pin;
use std::rc::Rc;

use actix_codec::{Framed, FramedParts};
use actix_http::body::{BoxBody, MessageBody as _};
use actix_http::error::PayloadError;
use actix_http::h1::{Codec, Message};
use actix_http::{BoxedPayloadStream, ConnectionType, HttpMessage as _, Payload, Request, Response, StatusCode};
use actix_service::{IntoServiceFactory, Service, ServiceFactory, fn_factory, fn_service};
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt as _, TryStreamExt as _};
use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;
use tokio_util::codec::Encoder as _;

use super::SHUTDOWN_TIMEOUT;
use crate::link::{Link, Upgraded};

/// What the dispatcher hands over: the request, and the connection with what was read and what is not yet written.
type Handed = (Request, Framed<Link, Codec>);

/// The application, which lives once on a thread, for the dispatcher and for those who leave it.
pub fn shared<F, S>(
    application: impl IntoServiceFactory<F, Request>,
) -> (
    impl ServiceFactory<Request, Config = (), Response = S::Response, Error = S::Error, InitError = F::InitError>,
    impl ServiceFactory<Handed, Config = (), Response = (), Error = Infallible, InitError = ()>,
)
where
    F: ServiceFactory<Request, Config = (), Service = S, Response = S::Response, Error = S::Error> + 'static,
    S: Service<Request> + 'static,
    S::Response: Into<Response<BoxBody>>,
    S::Error: Into<Response<BoxBody>>,
{
    let factory = Rc::new(application.into_factory());
    let slot: Rc<OnceCell<Rc<S>>> = Rc::default();
    let filled = slot.clone();
    let dispatched = fn_factory(move || {
        let (factory, slot) = (factory.clone(), filled.clone());
        async move {
            let service = Rc::new(factory.new_service(()).await?);
            Ok::<_, F::InitError>(slot.get_or_init(|| service).clone())
        }
    });
    let upgraded = fn_service(move |(request, framed): Handed| {
        // The dispatcher, which waits for this, goes with all it has.
        if let Some(service) = slot.get().cloned() {
            actix_web::rt::spawn(async move {
                // A connection that breaks has nobody left to be told.
                let _ = answer(service, request, framed).await;
            });
        }
        ready(Ok::<_, Infallible>(()))
    });
    (dispatched, upgraded)
}

/// Answers the request on a connection that is its own from now on, and keeps it for as long as the answer has a body.
async fn answer<S>(service: Rc<S>, request: Request, framed: Framed<Link, Codec>) -> io::Result<()>
where
    S: Service<Request>,
    S::Response: Into<Response<BoxBody>>,
    S::Error: Into<Response<BoxBody>>,
{
    let FramedParts { io: mut link, mut codec, read_buf, write_buf: mut out, .. } = framed.into_parts();
    request.extensions_mut().insert(Upgraded(link.outbox()));
    // Copied, so that the buffer of the dispatcher goes.
    let incoming: BoxedPayloadStream = Box::pin(link.incoming(Bytes::copy_from_slice(&read_buf)).map_err(PayloadError::Io));
    drop(read_buf);
    let (request, _) = request.replace_payload(Payload::Stream { payload: incoming });
    let answered = match poll_fn(|context| service.poll_ready(context)).await {
        // Boxed: it is big, and gone when the socket has hardly begun.
        Ok(()) => Box::pin(service.call(request)).await,
        Err(error) => Err(error),
    };
    let (mut head, body) = answered.map_or_else(Into::into, Into::into).into_parts();
    if head.status() != StatusCode::SWITCHING_PROTOCOLS {
        head.head_mut().set_connection_type(ConnectionType::Close);
    }
    codec.encode(Message::Item((head, body.size())), &mut out)?;
    link.write_all(&out).await?;
    drop(out);
    let mut body = pin!(body);
    while let Some(chunk) = poll_fn(|context| body.as_mut().poll_next(context)).await {
        let mut out = BytesMut::new();
        codec.encode(Message::Chunk(Some(chunk.map_err(|error| io::Error::other(error.to_string()))?)), &mut out)?;
        link.write_all(&out).await?;
    }
    link.shutdown().await?;
    // Closed with something unread, the kernel would take back what the peer has not read yet.
    let mut rest = link.incoming(Bytes::new());
    let _ = timeout(SHUTDOWN_TIMEOUT, async { while let Some(Ok(_)) = rest.next().await {} }).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use actix_http::HttpService;
    use actix_service::Service as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::{TcpListener, TcpStream};

    use super::*;
    use crate::link::Frame;

    /// Becomes a WebSocket that answers with what it hears, if asked for `/ws`.
    async fn application(mut request: Request) -> Result<Response<BoxBody>, actix_web::Error> {
        if request.path() != "/ws" {
            return Ok(Response::new(StatusCode::FORBIDDEN).set_body(BoxBody::new("no")));
        }
        let outbox = request.extensions_mut().remove::<Upgraded>().map(|Upgraded(outbox)| outbox);
        let Some(outbox) = outbox else { return Ok(Response::new(StatusCode::BAD_REQUEST).set_body(BoxBody::new(()))) };
        let payload = request.take_payload();
        let heard = payload.map(move |chunk| {
            outbox.open();
            outbox
                .push(&Frame { bytes: chunk.map_err(io::Error::other)?, passing: false })
                .map_err(|_| io::ErrorKind::OutOfMemory)?;
            Ok::<_, io::Error>(Bytes::new())
        });
        let body = actix_http::body::BodyStream::new(heard.filter(|chunk| ready(chunk.is_err())));
        Ok(Response::build(StatusCode::SWITCHING_PROTOCOLS).upgrade("websocket").body(body).map_into_boxed_body())
    }

    /// Everything the server says to whoever says `lines` and then nothing more.
    async fn hears(lines: &str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (io, _) = listener.accept().await.unwrap();
        let (dispatched, upgraded) = shared(fn_service(application));
        let http = HttpService::build().upgrade(upgraded).h1(dispatched);
        let service = ServiceFactory::<(Link, _)>::new_service(&http, ()).await.unwrap();
        let served = service.call((Link::new(io), None));
        peer.write_all(lines.as_bytes()).await.unwrap();
        peer.shutdown().await.unwrap();
        let mut heard = String::new();
        let (_, read) = tokio::join!(served, peer.read_to_string(&mut heard));
        read.unwrap();
        heard
    }

    const UPGRADE: &str = "host: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";

    #[actix_web::test]
    async fn what_came_right_after_the_handshake_is_heard_and_frames_follow_the_answer() {
        let heard = hears(&format!("GET /ws HTTP/1.1\r\n{UPGRADE}frames")).await;
        assert!(heard.starts_with("HTTP/1.1 101 Switching Protocols\r\n") && heard.ends_with("\r\n\r\nframes"), "{heard}");
    }

    #[actix_web::test]
    async fn answers_to_requests_before_it_leave_first() {
        let heard = hears(&format!("GET /a HTTP/1.1\r\nhost: a\r\n\r\nGET /ws HTTP/1.1\r\n{UPGRADE}frames")).await;
        let (first, second) = (heard.find("HTTP/1.1 403").unwrap(), heard.find("HTTP/1.1 101").unwrap());
        assert!(first < second && heard.ends_with("frames"), "{heard}");
    }

    #[actix_web::test]
    async fn a_refusal_is_an_answer_like_any_other_and_the_last_one() {
        let heard = hears(&format!("GET /a HTTP/1.1\r\n{UPGRADE}GET /b HTTP/1.1\r\nhost: a\r\n\r\n")).await;
        assert!(heard.starts_with("HTTP/1.1 403 Forbidden\r\n") && heard.ends_with("\r\n\r\nno"), "{heard}");
        assert!(heard.contains("connection: close\r\n") && heard.contains("content-length: 2\r\n"), "{heard}");
    }

    #[actix_web::test]
    async fn whoever_does_not_say_upgrade_stays_with_http() {
        assert!(hears("GET /ws HTTP/1.1\r\nhost: a\r\n\r\n").await.starts_with("HTTP/1.1 400"));
    }
}
