//! A command of one's own: its events, its answer, what it remembers, how it is refused.

use papo::{App, Builder, Code, Command, Effect, Hooks, Member, Moment, Rejection, RoomState, Settings, To};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::common::TestServer;

/// Counts who raised a hand, tells the others, and answers the count.
#[derive(Deserialize)]
struct Raise {}

/// How many hands are up.
#[derive(Default)]
struct Hands(u32);

impl Command for Raise {
    const NAME: &'static str = "hand.raise";

    fn apply(self, _: &Member, _: Moment, room: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let hands = room.own::<Hands>();
        if hands.0 == 2 {
            return Err(Rejection::because(Code::Rejected, "Two hands are enough."));
        }
        hands.0 += 1;
        let raised = json!({"hands": hands.0});
        Ok(vec![Effect::tell(To::Others, "hand.raised", &raised), Effect::answer(&raised)])
    }
}

/// Tells newcomers how many hands are up.
struct Count;

impl Hooks for Count {
    fn welcome(&self, _: &Member, room: &RoomState) -> Option<(&'static str, Value)> {
        Some(("hands", room.peek::<Hands>().map_or(0, |hands| hands.0).into()))
    }
}

/// Writes into the log, and answers besides.
#[derive(Deserialize)]
struct Note {
    note: String,
}

impl Command for Note {
    const NAME: &'static str = "note.write";

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let note = Effect::append("note.written", &json!({"note": self.note}));
        Ok(vec![note, Effect::answer(&json!({"chars": self.note.chars().count()}))])
    }
}

/// Gives its events names and fields that cannot be.
#[derive(Deserialize)]
struct Wrong {
    kind: u8,
}

impl Command for Wrong {
    const NAME: &'static str = "wrong.do";

    fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
        let heard = Effect::tell(To::Everyone, "wrong.told", &json!({}));
        let wrong = match self.kind {
            0 => Effect::append("message", &json!({"text": "forged"})),
            1 => Effect::append("wrong.done", &json!({"seq": 7})),
            2 => Effect::tell(To::Everyone, "wrong.done", &json!("no object")),
            3 => Effect::answer(&json!({"seq": 7})),
            4 => Effect::append("wrong.done", &json!({"x": "x".repeat(66_000)})),
            _ => return Ok((0..5).map(|_| Effect::append("wrong.done", &json!({"x": "x".repeat(60_000)}))).collect()),
        };
        Ok(vec![heard, wrong])
    }
}

fn with_hands() -> Builder {
    App::builder().command::<Raise>().hooks(Count)
}

fn with_notes() -> Builder {
    App::builder().command::<Note>().command::<Wrong>()
}

#[actix_web::test]
async fn a_command_of_ones_own_is_a_command_like_any_other() {
    let papo = TestServer::built(with_hands, |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    assert_eq!(ana.does(json!({"type": "hand.raise"})).await["hands"], 1);
    let raised = bia.hears(json!({"type": "hand.raised", "room": "sala-1", "from": {"username": "ana"}, "hands": 1})).await;
    assert!(raised["sent_at"].is_i64() && raised.get("seq").is_none(), "{raised}");
    assert_eq!(bia.does(json!({"type": "hand.raise"})).await["hands"], 2);
    ana.hears(json!({"type": "hand.raised", "from": {"username": "bia"}, "hands": 2})).await;
    let refused = ana.is_refused(json!({"type": "hand.raise"}), "rejected").await;
    assert_eq!(refused["message"], "Two hands are enough.");
    bia.hears_nothing_before_a_ping().await;
    let caio = papo.register("caio").await;
    let mut caio = papo.connect(&caio).await;
    assert_eq!(caio.joins("sala-1").await["hands"], 2, "a welcome has what a hook adds to it");
    assert_eq!(caio.joins("sala-2").await["hands"], 0, "each room remembers for itself");
}

#[actix_web::test]
async fn an_event_in_the_log_is_one_for_everybody_and_stays() {
    let mut papo = TestServer::built(with_notes, |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    let answer = ana.does(json!({"type": "note.write", "note": "pão"})).await;
    assert_eq!((&answer["seq"], &answer["chars"]), (&json!(1), &json!(3)), "the answer has its place and its own fields");
    let event =
        json!({"type": "note.written", "seq": 1, "sent_at": answer["sent_at"], "from": {"username": "ana"}, "note": "pão"});
    bia.hears(event.clone()).await;
    ana.hears(event.clone()).await;
    bia.says("e leite").await;
    ana.hears_message("bia", "e leite").await;
    ana.log.agrees_with(&bia.log);
    papo.restart().await;
    let ana = papo.sign_in("ana").await;
    let page = papo.enter(&ana, "sala-1").await.does(json!({"type": "history", "before": 2})).await;
    assert!(crate::common::has(&page["events"][0], &event), "{page}");
}

#[actix_web::test]
async fn an_event_that_cannot_be_refuses_the_whole_command() {
    let papo = TestServer::built(with_notes, |_| ()).await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    ana.hears(json!({"type": "member_joined"})).await;
    for kind in 0..4 {
        ana.is_refused(json!({"type": "wrong.do", "kind": kind}), "internal").await;
    }
    for kind in 4..6 {
        ana.is_refused(json!({"type": "wrong.do", "kind": kind}), "too_large").await;
    }
    bia.hears_nothing_before_a_ping().await;
    assert_eq!(ana.does(json!({"type": "note.write", "note": "x"})).await["seq"], 1, "nothing of it was kept");
}

#[actix_web::test]
async fn two_commands_cannot_have_one_name() {
    /// As the house names its own.
    macro_rules! named {
        ($command:ident, $name:literal) => {
            #[derive(Deserialize)]
            struct $command {}
            impl Command for $command {
                const NAME: &'static str = $name;
                fn apply(self, _: &Member, _: Moment, _: &mut RoomState) -> Result<Vec<Effect>, Rejection> {
                    Ok(Vec::new())
                }
            }
        };
    }
    named!(Send, "send");
    named!(Join, "join");
    named!(Dice, "dice.roll");
    let builders =
        [App::builder().command::<Send>(), App::builder().command::<Join>(), App::builder().command::<Dice>().command::<Dice>()];
    for builder in builders {
        let dir = tempfile::tempdir().unwrap();
        let Err(refused) = builder.build(Settings::for_tests(dir.path())).await else { panic!("it starts") };
        assert!(refused.to_string().starts_with("there are two commands named"), "{refused}");
        assert!(!dir.path().join("data").exists(), "nothing half-made is left behind");
    }
}
