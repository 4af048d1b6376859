//! `docs/polling.sh` does what it says: what people read is run.

use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use super::common::{House, TestServer, has};

async fn run(house: &House, environment: &[(&str, &str)], message: &str) -> Output {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/polling.sh");
    let mut command = Command::new("sh");
    command.args([script, &house.origin(), "sala-1", message]).stdin(Stdio::null()).envs(environment.iter().copied());
    let ended = tokio::task::spawn_blocking(move || command.output());
    super::common::soon("the script ends", ended).await.unwrap().unwrap()
}

fn lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("JSON on each line: {text}"))).collect()
}

#[actix_web::test]
async fn the_script_joins_says_something_hears_the_answer_and_leaves() {
    const MESSAGE: &str = r#"oi, "alguém" aí? \o/ "seq":7,"now":8"#;
    let papo = TestServer::with(|settings| settings.guests.allowed = true).await;
    let mut ana = papo.join("ana", "sala-1").await;
    ana.says("before").await;
    let answers = async {
        ana.hears(json!({"type": "member_joined", "member": {"username": "curl", "guest": true}})).await;
        let heard = ana.hears_message("curl", MESSAGE).await;
        let said = ana.says("aqui!").await;
        ana.hears(json!({"type": "member_left", "username": "curl", "reason": "left"})).await;
        (heard, said)
    };
    let (output, (heard, said)) = futures_util::future::join(run(&papo, &[], MESSAGE), answers).await;
    let out = lines(&output);
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    assert_eq!(out.len(), 5, "{output:?}");
    assert!(
        has(&out[0], &json!({"room": "sala-1", "username": "curl", "head_seq": 1})) && out[0]["token"].is_string(),
        "{}",
        out[0]
    );
    assert_eq!(out[1], json!({"seq": heard["seq"], "sent_at": heard["sent_at"]}), "the same place for curl and for a socket");
    assert!(
        has(&out[2]["messages"][0], &json!({"text": "aqui!", "seq": said["seq"], "from": {"username": "ana"}})),
        "{}",
        out[2]
    );
    assert_eq!((&out[2]["head_seq"], &out[2]["epoch"]), (&said["seq"], &json!(ana.log.epoch())));
    assert!(has(&out[3]["rooms"][0], &json!({"id": "sala-1", "members": 2})), "{}", out[3]);
    assert_eq!(out[4], json!({"room": "sala-1"}));
}

#[actix_web::test]
async fn the_script_may_speak_for_a_login_and_says_what_was_refused() {
    let papo = TestServer::start().await;
    let bia = papo.register("bia").await;
    let mut ana = papo.join("ana", "sala-1").await;
    let answers = async {
        ana.hears(json!({"type": "member_joined", "member": {"username": "bia", "guest": false}})).await;
        ana.hears_message("bia", "oi").await;
        ana.says("oi!").await;
    };
    let (output, ()) = futures_util::future::join(run(&papo, &[("PAPO_TOKEN", &bia.token)], "oi"), answers).await;
    assert!(output.status.success(), "{output:?}");

    let refused = run(&papo, &[], "oi").await;
    assert_eq!((refused.status.code(), lines(&refused)[0]["code"].as_str()), (Some(22), Some("unauthenticated")), "{refused:?}");
}
