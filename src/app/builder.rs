//! Floor 10 · `app`: a server to be: what it adds to the behaviours of the house.

use std::collections::BTreeSet;
use std::sync::Arc;

use actix_web::web;
use serde_json::Value;
use utoipa::openapi::OpenApi;

use super::Routes;
use crate::lobby::Rooms;
use crate::outside::Shared;
use crate::room::command::Command;
use crate::room::core::AllHooks;
use crate::room::hooks::Hooks;
use crate::room::{COMMANDS, Row, house_hooks, row};
use crate::session::ORDERS;
use crate::store::StartError;
use crate::web::openapi::document_with;

/// A server to be, with behaviours of one's own.
///
/// ```
/// use papo::testing::TestRoom;
/// use papo::{App, Command, Effect, Hooks, Member, Moment, Rejection, RoomState, To};
/// use serde_json::json;
///
/// /// `{"type":"arm.wave"}`
/// #[derive(serde::Deserialize)]
/// struct Wave {}
///
/// impl Command for Wave {
///     const NAME: &'static str = "arm.wave";
///
///     fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
///         Ok(vec![Effect::tell(To::Others, "arm.waved", &json!({}))])
///     }
/// }
///
/// struct Hello;
///
/// impl Hooks for Hello {
///     fn on_join(&self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
///         Ok(vec![Effect::tell(To::Seat, "hello.said", &json!({}))])
///     }
/// }
///
/// let builder = App::builder().command::<Wave>().hooks(Hello);
/// // On a server: papo::run(builder), or builder.build(settings).await. In a test:
/// let mut room = TestRoom::new(builder);
/// let ana = room.join("ana");
/// assert_eq!(room.hears(ana)[0]["type"], "hello.said");
/// room.does(ana, json!({"type": "arm.wave"})).expect("there are no others, and that is no fault");
/// ```
pub struct Builder {
    commands: Vec<Row>,
    hooks: Vec<Arc<dyn Hooks>>,
    pub(super) shared: Shared,
    pub(super) starts: Vec<Box<dyn FnOnce(Rooms)>>,
    pub(super) routes: Vec<Routes>,
    described: Vec<OpenApi>,
}

impl Builder {
    /// A server with the behaviours of the house alone.
    pub(super) fn of_the_house() -> Self {
        crate::numbers::add_to(Self {
            commands: COMMANDS.to_vec(),
            hooks: house_hooks(),
            shared: Shared::default(),
            routes: Vec::new(),
            described: Vec::new(),
            starts: Vec::new(),
        })
    }

    /// Lets members of every room do `C`.
    #[must_use]
    pub fn command<C: Command>(mut self) -> Self {
        self.commands.push(row::<C>());
        self
    }

    /// Has `hooks` called in every room, behind those that were added before.
    #[must_use]
    pub fn hooks(mut self, hooks: impl Hooks) -> Self {
        self.hooks.push(Arc::new(hooks));
        self
    }

    /// Adds routes of one's own. They know who is asking ([`http::Visitor`](crate::http::Visitor),
    /// [`http::SignedIn`](crate::http::SignedIn)), have the world outside of rooms as `web::Data<Outside>`, and pass everything
    /// that other requests pass: changes that a page of another site asks for are refused, errors become problems or pages, and
    /// a panic is an `internal` error. The routes of the house come first.
    ///
    /// ```
    /// use actix_web::{HttpResponse, web};
    /// use papo::http::{HttpError, SignedIn, at};
    /// use papo::{App, Outside};
    /// use utoipa::OpenApi;
    ///
    /// /// Tells how often someone has waved.
    /// #[utoipa::path(get, path = "/waves", responses((status = 200, description = "How often.", body = i64)))]
    /// async fn get_waves(SignedIn(login): SignedIn, outside: web::Data<Outside>) -> Result<HttpResponse, HttpError> {
    ///     let waves: Option<i64> = outside.shelf("waves").get(login.user.username.as_str()).await?;
    ///     Ok(HttpResponse::Ok().json(waves.unwrap_or(0)))
    /// }
    ///
    /// #[derive(OpenApi)]
    /// #[openapi(paths(get_waves))]
    /// struct Described;
    ///
    /// let builder = App::builder()
    ///     .routes(|routes| {
    ///         routes.service(at("/waves").get(get_waves));
    ///     })
    ///     .described(Described::openapi());
    /// assert!(builder.description()["paths"]["/waves"]["get"].is_object());
    /// ```
    #[must_use]
    pub fn routes(mut self, routes: impl Fn(&mut web::ServiceConfig) + Send + Sync + 'static) -> Self {
        self.routes.push(Arc::new(routes));
        self
    }

    /// Describes routes of one's own in `/api/openapi.json`; [`Self::routes`] has an example.
    #[must_use]
    pub fn described(mut self, routes: OpenApi) -> Self {
        self.described.push(routes);
        self
    }

    /// Everything that its server answers over HTTP, as `/api/openapi.json` tells it.
    pub fn description(&self) -> Value {
        document_with(self.described.iter().cloned())
    }

    /// Shares `value` with every command: `outside.shared::<T>()`. There is one value of each type.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use papo::{App, Command, Effect, Member, Moment, Outside, Prepared, Rejection, RoomState, User};
    /// # use serde_json::json;
    /// struct Motto(&'static str);
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Ask {
    ///     #[serde(skip)]
    ///     answer: &'static str,
    /// }
    ///
    /// impl Command for Ask {
    ///     const NAME: &'static str = "motto.ask";
    ///
    ///     fn prepare(mut self, _: &Arc<User>, outside: &Outside) -> Prepared<Self> {
    ///         self.answer = outside.shared::<Motto>().map_or("", |motto| motto.0);
    ///         Prepared::Now(self)
    ///     }
    ///
    ///     fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
    ///         Ok(vec![Effect::answer(&json!({"motto": self.answer}))])
    ///     }
    /// }
    ///
    /// let mut room = papo::testing::TestRoom::new(App::builder().command::<Ask>().share(Motto("devagar se vai ao longe")));
    /// let ana = room.join("ana");
    /// assert_eq!(room.does(ana, json!({"type": "motto.ask"})).unwrap()["motto"], "devagar se vai ao longe");
    /// ```
    #[must_use]
    pub fn share<T: Send + Sync + 'static>(mut self, value: T) -> Self {
        self.shared.add(value);
        self
    }

    /// Calls `start` when the server is about to serve, within its runtime: to spawn what reaches rooms from outside.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let builder = papo::App::builder().on_start(|rooms| {
    ///     actix::spawn(async move {
    ///         while let Some(room) = rooms.get("sala-1").await {
    ///             // `room.send(…)` of a message that it handles: see `papo::Room`.
    ///             assert!(room.connected());
    ///             tokio::time::sleep(Duration::from_secs(3600)).await;
    ///         }
    ///     });
    /// });
    /// ```
    #[must_use]
    pub fn on_start(mut self, start: impl FnOnce(Rooms) + 'static) -> Self {
        self.starts.push(Box::new(start));
        self
    }

    /// The commands and the hooks of every room.
    ///
    /// # Errors
    /// [`StartError`] unless each command has a name of its own.
    pub(crate) fn parts(&self) -> Result<(Arc<[Row]>, AllHooks), StartError> {
        let names = self.commands.iter().map(|row| row.name).chain(ORDERS.iter().copied());
        let mut seen = BTreeSet::new();
        match names.into_iter().find(|name| !seen.insert(*name)) {
            Some(name) => {
                Err(StartError(format!("there are two commands named {name:?}: give yours a name like \"dice.{name}\"")))
            }
            None => Ok((self.commands.as_slice().into(), self.hooks.as_slice().into())),
        }
    }

    /// What is shared with every command.
    pub(crate) fn shared(self) -> Shared {
        self.shared
    }
}
