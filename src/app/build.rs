//! Floor 10 · `app`: how a server is put together: store, actors, threads, routes.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use actix::prelude::*;
use actix_web::web;

use super::{Added, App, Builder, Stopper, cannot_listen, listen, serve};
use crate::clock::now_ms;
use crate::fanout::FanOuts;
use crate::folder;
use crate::journal::Inbox;
use crate::lobby::{Expect, GRACE, Lobby, Refused, Rooms, SocketLimits};
use crate::made::Made;
use crate::metrics::{Metrics, RECEIVE};
use crate::outside::Outside;
use crate::rates::SaidRates;
use crate::room::actor::Surroundings;
use crate::session::{Doorway, Manners, ORDERS};
use crate::settings::Settings;
use crate::store::{StartError, Store, StoreError};
use crate::traffic::{Traffic, dir_of};
use crate::web::context::Context as WebContext;
use crate::web::metrics::Watched;
use crate::web::openapi::Text;

impl Builder {
    /// Opens the store, binds the address and starts the actors.
    ///
    /// # Errors
    /// [`StartError`], one sentence for the operator; nothing half-made is left behind.
    pub async fn build(self, settings: Settings) -> Result<App, StartError> {
        let (commands, hooks) = self.parts()?;
        let description = web::Data::new(Text::from(&self.description()));
        let listener = listen(settings.reach.listen)?;
        let addr = listener.local_addr().map_err(|error| cannot_listen(settings.reach.listen, &error))?;
        let made = may_make(&settings)?;
        folder::prepare(&settings.storage).map_err(StartError)?;
        let key = crate::secret::key(&settings).map_err(StartError)?;
        let metrics_token = crate::secret::metrics_token(&settings).map_err(StartError)?;
        let store = Store::open(&settings).await?;
        let traffic = Traffic::open(&settings).map_err(StartError)?;
        let rooms = open_rooms(&store, &settings).await?;

        let names = ORDERS.iter().copied().chain([RECEIVE]).chain(commands.iter().map(|row| row.name));
        let metrics = Arc::new(Metrics::new(names, &Refused::ALL.map(Refused::reason)));
        let fanouts = FanOuts::new(metrics.mailboxes.fanouts.clone());
        let journal = Inbox::open(store.clone(), metrics.journal.clone(), &Arbiter::new().handle());
        let around = Surroundings {
            store: store.clone(),
            journal: journal.clone(),
            fanouts: fanouts.clone(),
            hooks,
            metrics: metrics.clone(),
        };
        let bounds = &settings.bounds;
        let limits = settings
            .limits()
            .then_some(SocketLimits { per_user: bounds.sockets_per_user_max, per_address: bounds.sockets_per_address_max });
        let said = settings.limits().then(|| Arc::new(SaidRates::default()));
        let lobby = Lobby::new(around, rooms, limits, bounds.sockets_max, said.clone()).start();
        welcome_guests(&store, &lobby, &settings).await?;
        let outside = Outside::new(Arc::new(store.clone()), self.shared, settings.limits());
        let door = Doorway {
            lobby: lobby.clone(),
            store: store.clone(),
            outside: outside.clone(),
            fanouts: fanouts.clone(),
            commands,
            traffic: traffic.clone(),
            said,
            metrics: metrics.clone(),
            manners: Manners {
                ping_ms: bounds.ping_ms,
                files_max: bounds.upload_files_max as usize,
                file_bytes_max: bounds.upload_file_bytes_max,
                guests: settings.guests.clone(),
            },
        };
        crate::janitor::Janitor::new(store.clone(), lobby.clone(), &settings).start();
        let draining = Arc::new(AtomicBool::new(false));
        let ping = Duration::from_millis(bounds.ping_ms);
        let workers = settings.workers();
        let watched = web::Data::new(Watched {
            fanouts: fanouts.clone(),
            journal: journal.clone(),
            traffic: traffic.clone(),
            database: settings.storage.database_file().ok(),
            started_at: crate::process::started_at(),
        });
        let secrets = (&key, metrics_token);
        let context = WebContext::new(settings, store.clone(), lobby.clone(), draining.clone(), metrics, secrets);
        let context = web::Data::new(context);
        let added = Added { routes: self.routes.into(), description, watched };
        let server =
            serve(listener, workers, ping, fanouts, door, context, added).map_err(|error| cannot_listen(addr, &error))?;
        let stopper = Stopper { draining, lobby, journal, store, traffic, handle: server.handle() };
        made.keep();
        for start in self.starts {
            start(Rooms::new(stopper.lobby.clone()));
        }
        Ok(App { addr, server, stopper })
    }
}

/// All that a first start makes, to be removed again if it fails.
fn may_make(settings: &Settings) -> Result<Made, StartError> {
    let mut made = Made::default();
    made.may_make_file(&settings.storage.data_dir.join(crate::secret::FILE));
    Store::may_make(settings, &mut made)?;
    made.may_make_dir(&settings.storage.uploads_dir);
    made.may_make_dir(&dir_of(settings));
    Ok(made)
}

/// The rooms of the settings stay for ever, and so do those that were made on purpose.
async fn open_rooms(store: &Store, settings: &Settings) -> Result<Vec<crate::store::rooms::RoomRow>, StartError> {
    let open = async {
        for room in &settings.rooms {
            store.open_room(room.id(), room.title(), true, None, now_ms()).await?;
        }
        store.rooms().await
    };
    open.await.map_err(|error| StartError(format!("cannot read the rooms: {error}")))
}

/// Guests of before the start have as long to come back as if they had just lost their sockets. Without guests they are gone for good.
async fn welcome_guests(store: &Store, lobby: &Addr<Lobby>, settings: &Settings) -> Result<(), StartError> {
    let known = async {
        let guests = store.guests().await?;
        if settings.guests.allowed {
            lobby.do_send(Expect { guests, lasting: GRACE });
        } else {
            store.retire_guests(&guests).await?;
        }
        Ok::<(), StoreError>(())
    };
    known.await.map_err(|error| StartError(format!("cannot read the guests: {error}")))
}
