//! The traffic log of the number service: every message of it, both ways, in order, over the socket and over HTTP.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::common::TestServer;

fn logged(dir: &Path, user: Option<&str>) -> Vec<Value> {
    let file = fs::read_dir(dir.join("data/traffic")).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(file).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["user"].as_str() == user).collect()
}

#[actix_web::test]
async fn all_that_two_clients_exchange_is_in_the_log_in_its_order() {
    let mut papo = TestServer::start().await;
    let (mut ana, mut bia) = (papo.join("ana", "sala-1").await, papo.join("bia", "sala-1").await);
    let (mut of_ana, mut of_bia) = (Vec::new(), Vec::new());
    for turn in 0..30 {
        for (client, said) in [(&mut ana, &mut of_ana), (&mut bia, &mut of_bia)] {
            let command = match turn % 5 {
                0 => json!({"type": "number.start"}),
                1 => json!({"type": "number.even"}),
                2 => json!({"type": "number.odd"}),
                3 => json!({"type": "number.put", "value": 100 + turn}),
                _ => json!({"type": "number.put", "value": turn}),
            };
            let id = client.gives(command.clone()).await;
            let answer = client.answer_to(id).await;
            let mut command = command;
            command["id"] = id.into();
            said.push(json!({"dir": "in", "message": command}));
            said.push(json!({"dir": "out", "message": answer}));
            client.says("isto não").await;
        }
    }
    papo.stop();
    for (name, said) in [("ana", of_ana), ("bia", of_bia)] {
        let lines = logged(papo.dir(), Some(name));
        let seen: Vec<Value> = lines.iter().map(|line| json!({"dir": line["dir"], "message": line["message"]})).collect();
        assert_eq!(seen, said, "{name}");
        let times: Vec<i64> = lines.iter().map(|line| line["at"].as_i64().unwrap()).collect();
        assert!(times.is_sorted());
    }
}

#[actix_web::test]
async fn what_is_asked_and_answered_over_http_is_there_too_and_no_token() {
    let mut papo = TestServer::start().await;
    let who = papo.register("ana").await;
    papo.post("/registeruser/robo").go().await.is(201);
    papo.asked("PUT", "/putgeneralvalue/robo/7?x=segredo").go().await.is(200);
    papo.get("/getgeneralvalue/ninguem").go().await.is(404);
    papo.asked("PUT", "/putgeneralvalue/ana/5").by(&who).go().await.is(200);
    papo.get("/api/me").by(&who).go().await.is(200);
    papo.stop();
    let shape = |user| -> Vec<Value> {
        let lines = logged(papo.dir(), user);
        assert!(lines.iter().all(|line| line["via"] == "http" && line.get("session").is_none()));
        lines.iter().map(|line| line["message"].clone()).collect()
    };
    assert_eq!(
        shape(Some("robo")),
        [
            json!({"method": "POST", "path": "/registeruser/robo"}),
            json!({"status": 201, "body": {"user": "robo", "value": 0}}),
            json!({"method": "PUT", "path": "/putgeneralvalue/robo/7"}),
            json!({"status": 200, "body": {"user": "robo", "value": 7}}),
        ]
    );
    assert_eq!(shape(Some("ninguem"))[1]["body"]["code"], "not_found", "refusals, too");
    assert_eq!(shape(Some("ana"))[1], json!({"status": 200, "body": {"user": "ana", "value": 5}}));
    assert_eq!(shape(Some("ana")).len(), 2, "of other routes there is nothing");
    let file = fs::read_dir(papo.dir().join("data/traffic")).unwrap().next().unwrap().unwrap().path();
    let text = fs::read_to_string(file).unwrap();
    assert!(!text.contains(&who.token) && !text.contains("segredo"));
}
