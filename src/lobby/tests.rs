//! Floor 6 · `lobby/tests`: what no client can bring about: an actor that dies, and things that meet in one moment.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use super::*;
use crate::fanout::FanOuts;
use crate::ids::LoginId;
use crate::journal::Inbox;
use crate::metrics::{Kind, Metrics};
use crate::names::RoomName;
use crate::room::Room;
use crate::room::line::{Ask, Asker};
use crate::room::testing::{Die, WhoIsHere, member};
use crate::settings::Settings;
use crate::store::Store;
use crate::user::User;

/// A session that passes on where it was seated.
struct Listener(mpsc::Sender<Addr<Room>>);

impl Actor for Listener {
    type Context = Context<Self>;
}

impl Handler<Seated> for Listener {
    type Result = ();

    fn handle(&mut self, seated: Seated, _: &mut Self::Context) {
        self.0.send(seated.room).unwrap();
    }
}

/// A lobby without rooms and limits, for whoever needs one.
pub(crate) fn lobby(store: Store) -> Addr<Lobby> {
    let around = Surroundings {
        store: store.clone(),
        journal: Inbox::open(store, Metrics::default().journal, &Arbiter::current()),
        fanouts: FanOuts::default(),
        hooks: Arc::new([]),
        metrics: Arc::default(),
    };
    Lobby::new(around, Vec::new(), None, 10, None).start()
}

async fn enter(lobby: &Addr<Lobby>, username: &str, number: u64) -> Addr<Room> {
    let login = Login { id: LoginId(username.into()), user: member(username, number).user };
    let connect = Connect { login, worker: WorkerId(0), address: [127, 0, 0, 1].into() };
    let session = lobby.send(connect).await.unwrap().unwrap().session;
    let (sender, receiver) = mpsc::channel();
    let join = Join {
        room: RoomName::parse("Sala 1").unwrap(),
        asker: Asker { place: Place { session, worker: WorkerId(0) }, id: Some(1), kind: Kind::UNKNOWN },
        ask: Ask { since: None, limit: None },
        sharing: false,
        session: Listener(sender).start().recipient(),
    };
    lobby.send(join).await.unwrap();
    loop {
        if let Ok(room) = receiver.try_recv() {
            return room;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[actix_web::test]
async fn a_room_that_died_is_opened_again_with_everyone_who_sat_in_it() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&Settings::for_tests(dir.path())).await.unwrap();
    let lobby = lobby(store);

    let room = enter(&lobby, "ana", 1).await;
    assert_eq!(room.send(WhoIsHere).await.unwrap().0, ["ana"]);
    room.do_send(Die);
    while room.connected() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }

    let room = enter(&lobby, "bia", 2).await;
    // Ana's tab hears the room at once; Bia's only from her welcome on, which may still be on its way.
    let (names, tabs) = room.send(WhoIsHere).await.unwrap();
    assert_eq!(names, ["ana", "bia"]);
    assert!(tabs >= 1, "ana hears the room again");
    assert_eq!(lobby.send(CountSockets).await.unwrap(), 2);
}

fn connects(username: &str, number: u64) -> Connect {
    let mut user = User::clone(&member(username, number).user);
    user.guest = true;
    let login = Login { id: LoginId(username.into()), user: Arc::new(user) };
    Connect { login, worker: WorkerId(0), address: [127, 0, 0, 1].into() }
}

#[actix_web::test]
async fn a_guest_whose_name_is_given_away_gets_no_socket_even_from_a_handshake_under_way() {
    let dir = tempfile::tempdir().unwrap();
    let lobby = lobby(Store::open(&Settings::for_tests(dir.path())).await.unwrap());
    let (ana, bia) = (UserId(1), UserId(2));
    // Whoever comes first: bia has her socket when her name is asked for, ana has not.
    let socket = lobby.send(connects("bia", 2)).await.unwrap().unwrap().session;
    assert!(!lobby.send(Claim(vec![bia])).await.unwrap());
    assert!(lobby.send(Claim(vec![ana])).await.unwrap());
    assert_eq!(lobby.send(connects("ana", 1)).await.unwrap().unwrap_err(), Refused::SignedOut);

    // Lost a moment ago is still here, and whoever comes back in time is.
    lobby.send(Disconnect { session: socket, why: Close::Normal, may_return: true }).await.unwrap();
    assert!(lobby.send(Dismiss { guests: vec![bia], most: 1 }).await.unwrap().is_empty());
    assert!(lobby.send(connects("bia", 2)).await.unwrap().is_ok());
}

#[actix_web::test]
async fn a_guest_who_signs_out_before_the_first_socket_is_gone_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let lobby = lobby(Store::open(&Settings::for_tests(dir.path())).await.unwrap());
    let ana = UserId(1);
    lobby.send(Expect { guests: vec![ana], lasting: ARRIVAL }).await.unwrap();
    assert!(!lobby.send(Claim(vec![ana])).await.unwrap());
    lobby.send(SignOut { login: LoginId("ana".into()), user: ana }).await.unwrap();
    assert!(lobby.send(Claim(vec![ana])).await.unwrap());
}
