//! A server inside the test process, on a thread of its own, with everything it keeps in a folder of its own.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::thread::JoinHandle;

use papo::app::{App, Builder, Stopper};
use papo::lobby::Rooms;
use papo::settings::{Settings, Switch};
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::frames;
use super::house::House;

/// The server. Dropping it stops it and removes its folder.
pub struct TestServer {
    house: House,
    dir: TempDir,
    settings: Settings,
    builder: fn() -> Builder,
    running: Option<Running>,
}

struct Running {
    rooms: Rooms,
    stopper: Stopper,
    thread: JoinHandle<()>,
}

impl TestServer {
    /// As the defaults have it.
    pub async fn start() -> Self {
        Self::with(|_| ()).await
    }

    /// Without rates: for tests that say much.
    pub async fn unlimited() -> Self {
        Self::with(|settings| settings.bounds.limits = Switch::Off).await
    }

    /// With other settings.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::built(App::builder, change).await
    }

    /// With behaviours of its own.
    pub async fn built(builder: fn() -> Builder, change: impl FnOnce(&mut Settings)) -> Self {
        let dir = tempfile::tempdir().expect("a folder for the test");
        let mut settings = Settings::for_tests(dir.path());
        change(&mut settings);
        let (addr, running) = run(builder, settings.clone()).await;
        if !std::ptr::fn_addr_eq(builder, App::builder as fn() -> Builder) {
            frames::extended(addr);
        }
        Self { house: House { addr }, dir, settings, builder, running: Some(running) }
    }

    /// Stops in order and starts on the same folder, on the same port.
    pub async fn restart(&mut self) {
        self.stop();
        self.settings.reach.listen = self.house.addr;
        let (addr, running) = run(self.builder, self.settings.clone()).await;
        self.house = House { addr };
        self.running = Some(running);
    }

    /// Stops in order, and waits for it.
    pub fn stop(&mut self) {
        let Some(Running { stopper, thread, .. }) = self.running.take() else { return };
        // Whoever stops it may be inside a runtime, in which nothing may be waited for.
        let stopped = std::thread::spawn(move || actix::System::new().block_on(async move { stopper.stop().await })).join();
        let ran = thread.join();
        if !std::thread::panicking() {
            stopped.expect("the server stops");
            ran.expect("the server ran without a panic");
        }
    }

    /// The rooms, as code within the server reaches them.
    pub fn rooms(&self) -> &Rooms {
        &self.running.as_ref().expect("the server runs").rooms
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    pub fn uploads(&self) -> PathBuf {
        self.settings.storage.uploads_dir.clone()
    }

    pub fn database(&self) -> PathBuf {
        self.settings.storage.database_file().expect("a database in a file")
    }
}

async fn run(builder: fn() -> Builder, settings: Settings) -> (std::net::SocketAddr, Running) {
    let (started, starting) = oneshot::channel();
    let thread = std::thread::spawn(move || {
        actix::System::new().block_on(async move {
            let app = match builder().build(settings).await {
                Ok(app) => app,
                Err(error) => return drop(started.send(Err(error.to_string()))),
            };
            let _ = started.send(Ok((app.addr(), app.rooms(), app.stopper())));
            app.run().await.expect("the server runs until it is stopped");
        });
    });
    let (addr, rooms, stopper) = starting.await.expect("the server says whether it started").expect("the server starts");
    (addr, Running { rooms, stopper, thread })
}

impl Deref for TestServer {
    type Target = House;

    fn deref(&self) -> &House {
        &self.house
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop();
    }
}
