//! Floor 10 · `app`: everything put together: `App::build(settings)`, `.addr()`, `.run()`.

mod build;
mod builder;
mod upgraded;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use actix::prelude::*;
use actix_http::HttpService;
use actix_server::{Server, ServerHandle};
use actix_service::{ServiceFactoryExt as _, fn_service, map_config};
use actix_web::dev::AppConfig;
use actix_web::rt::net::TcpStream;
use actix_web::web;
use serde_json::Value;
use socket2::{Domain, Protocol, Socket, Type};

use crate::fanout::{FanOut, FanOuts, Sockets};
use crate::journal::{Inbox, Settle};
use crate::link::Link;
use crate::lobby::{CountSockets, Drain, Lobby, Rooms};
use crate::poller::Pollers;
use crate::session::{Doorway, Here};
use crate::settings::Settings;
use crate::store::{StartError, Store};
use crate::traffic::Traffic;
use crate::web::context::Context as WebContext;
use crate::web::metrics::Watched;
use crate::web::openapi::Text;

pub use self::builder::Builder;

/// Connections that may wait to be accepted: thousands of sockets come at once after a restart.
const BACKLOG: i32 = 4096;
/// A request's head must be here by then. HARDENING 29.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a connection that was shut may take to go away.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);
/// A drain may take this long in all; PROTOCOL promises 10 s to the end of the process.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(8);
/// How long sockets may take to go once they were told.
const SOCKETS_TIMEOUT: Duration = Duration::from_secs(2);

/// A server that is ready to run. [`run`](crate::run) is the whole program around it.
///
/// ```
/// use papo::{App, Settings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let folder = tempfile::tempdir()?;
/// let settings = Settings::for_tests(folder.path());
/// actix::System::new().block_on(async {
///     let app = App::builder().build(settings).await?;
///     println!("http://{} is served", app.addr());
///     let (rooms, stopper) = (app.rooms(), app.stopper());
///     let running = actix::spawn(app.run());
///     assert!(rooms.get("Sala 1").await.is_some());
///     stopper.stop().await;
///     Ok(running.await??)
/// })
/// # }
/// ```
pub struct App {
    addr: SocketAddr,
    server: Server,
    stopper: Stopper,
}

/// Takes the server down in order: nobody new, every socket told, everything kept. Clones stop the same server.
///
/// ```
/// use papo::{App, Settings};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let folder = tempfile::tempdir()?;
/// # let settings = Settings::for_tests(folder.path());
/// actix::System::new().block_on(async {
///     let app = App::build(settings).await?;
///     let stopper = app.stopper();
///     // Whoever has one of them may stop the server; `run` returns then.
///     actix::spawn(async move { stopper.stop().await });
///     Ok(app.run().await?)
/// })
/// # }
/// ```
#[derive(Clone)]
pub struct Stopper {
    draining: Arc<AtomicBool>,
    lobby: Addr<Lobby>,
    journal: Inbox,
    store: Store,
    traffic: Traffic,
    handle: ServerHandle,
}

impl App {
    /// A server with the behaviours of the house, to which others may be added.
    pub fn builder() -> Builder {
        Builder::of_the_house()
    }

    /// [`Builder::build`] with the behaviours of the house alone.
    ///
    /// # Errors
    /// As there.
    pub async fn build(settings: Settings) -> Result<Self, StartError> {
        Self::builder().build(settings).await
    }

    /// Everything that such a server answers over HTTP, as `/api/openapi.json` tells it.
    ///
    /// ```
    /// assert!(papo::App::description()["paths"]["/api/me"]["get"].is_object());
    /// ```
    pub fn description() -> &'static Value {
        static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| App::builder().description());
        &DESCRIPTION
    }

    /// Where it listens.
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// Its rooms, for code that sits in none.
    pub fn rooms(&self) -> Rooms {
        Rooms::new(self.stopper.lobby.clone())
    }

    /// What stops it.
    pub fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Serves until [`Stopper::stop`] is called.
    ///
    /// # Errors
    /// If the listening socket breaks.
    pub async fn run(self) -> io::Result<()> {
        self.server.await
    }
}

impl Stopper {
    /// Drains and stops; returns when everything that was said is kept.
    pub async fn stop(&self) {
        self.draining.store(true, Ordering::Release);
        let drain = async {
            let sockets = self.lobby.send(Drain).await.unwrap_or_default();
            tracing::info!(event = "DRAIN", sockets);
            let gone = async {
                while self.lobby.send(CountSockets).await.is_ok_and(|count| count > 0) {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                }
            };
            if tokio::time::timeout(SOCKETS_TIMEOUT, gone).await.is_err() {
                tracing::warn!("some sockets did not go in time");
            }
            // What was under way when the sockets were told is with the journal by now, or was never accepted.
            let _ = self.journal.journal().send(Settle).await;
            self.store.close().await;
            let traffic = self.traffic.clone();
            // It waits for the disk. A thread that panicked has said so.
            let _ = tokio::task::spawn_blocking(move || traffic.close()).await;
        };
        if tokio::time::timeout(DRAIN_TIMEOUT, drain).await.is_err() {
            tracing::error!("could not drain in time");
        }
        self.handle.stop(false).await;
    }
}

fn listen(addr: SocketAddr) -> Result<TcpListener, StartError> {
    let bind = || -> io::Result<TcpListener> {
        let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
        socket.set_reuse_address(true)?;
        socket.bind(&addr.into())?;
        socket.listen(BACKLOG)?;
        Ok(socket.into())
    };
    bind().map_err(|error| cannot_listen(addr, &error))
}

fn cannot_listen(addr: SocketAddr, error: &io::Error) -> StartError {
    StartError(match error.kind() {
        io::ErrorKind::AddrInUse => {
            format!("cannot listen on {addr}: another program uses this port; choose another with --listen")
        }
        io::ErrorKind::PermissionDenied => {
            format!("cannot listen on {addr}: this port needs more rights; choose one above 1023 with --listen")
        }
        io::ErrorKind::AddrNotAvailable => format!("cannot listen on {addr}: this machine does not have that address"),
        _ => format!("cannot listen on {addr}: {error}"),
    })
}

/// What every handler may need that the web half does not know of: the way to the actors, and this thread's sockets.
fn of_this_thread(
    door: web::Data<Doorway>,
    pollers: web::Data<Pollers>,
    here: Here,
    added: Added,
) -> impl FnOnce(&mut web::ServiceConfig) + use<> {
    move |routes| {
        routes.app_data(web::Data::new(door.outside.clone())).app_data(door).app_data(pollers).app_data(web::Data::new(here));
        routes.app_data(added.description);
        added.routes.iter().for_each(|add| add(routes));
    }
}

/// Adds routes.
type Routes = Arc<dyn Fn(&mut web::ServiceConfig) + Send + Sync>;

/// The routes that were added to those of the house, and what all of them are described as.
#[derive(Clone)]
struct Added {
    routes: Arc<[Routes]>,
    description: web::Data<Text>,
    watched: web::Data<Watched>,
}

fn serve(
    listener: TcpListener,
    workers: usize,
    ping: Duration,
    fanouts: FanOuts,
    door: Doorway,
    context: web::Data<WebContext>,
    added: Added,
) -> io::Result<Server> {
    let door = web::Data::new(door);
    let pollers = web::Data::new(Pollers::default());
    let factory = move || {
        // Once on every worker thread.
        let sockets = Rc::new(Sockets::new(context.metrics.flow()));
        let worker = fanouts.register(FanOut::new(sockets.clone(), ping).start());
        let here = Here { sockets, worker };
        let app = crate::web::app(context.clone(), of_this_thread(door.clone(), pollers.clone(), here, added.clone()));
        let app = app.app_data(added.watched.clone());
        let (dispatched, upgraded) = upgraded::shared(map_config(app, |()| AppConfig::default()));
        let http = HttpService::build()
            .client_request_timeout(HEAD_TIMEOUT)
            .client_disconnect_timeout(SHUTDOWN_TIMEOUT)
            .on_connect_ext(|link: &Link, connection| {
                connection.insert(link.outbox());
            })
            .upgrade(upgraded)
            .h1(dispatched);
        fn_service(|io: TcpStream| async move {
            let link = Link::new(io);
            let peer = link.peer();
            Ok::<_, actix_http::error::DispatchError>((link, peer))
        })
        .and_then(http)
    };
    Ok(Server::build()
        .workers(workers)
        .disable_signals()
        .shutdown_timeout(SHUTDOWN_TIMEOUT.as_secs())
        .listen("papo", listener, factory)?
        .run())
}
