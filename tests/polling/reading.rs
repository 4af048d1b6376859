//! Reading over HTTP: by place and by time, in pages, without a hole and without a double.

use serde_json::{Value, json};

use super::common::{TestServer, has, pause};
use super::poller::{Poller, seqs, texts};

async fn said(papo: &TestServer, count: usize) -> super::common::Client {
    let mut ana = papo.join("ana", "sala-1").await;
    let ids = ana.gives_together((1..=count).map(|n| json!({"type": "send", "text": n.to_string()}))).await;
    for id in ids {
        ana.answer_to(id).await;
    }
    ana
}

#[actix_web::test]
async fn one_reads_on_by_place() {
    let papo = TestServer::unlimited().await;
    said(&papo, 270).await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let newest = bia.receives("sala-1", "").await;
    assert_eq!(seqs(&newest), (221..=270).collect::<Vec<_>>(), "without a cursor the newest fifty, oldest first");
    assert!(has(&newest, &json!({"head_seq": 270, "more": false})));
    let mut read: Vec<i64> = Vec::new();
    loop {
        let page = bia.receives("sala-1", format_args!("&after={}", read.last().unwrap_or(&0))).await;
        let seqs = seqs(&page);
        assert!((1..=200).contains(&seqs.len()), "a page of two hundred, less those of its last millisecond: {}", seqs.len());
        read.extend(seqs);
        assert_eq!((&page["head_seq"], page["more"] == true), (&json!(270), read.last() != Some(&270)));
        if page["more"] == false {
            break;
        }
    }
    assert_eq!(read, (1..=270).collect::<Vec<_>>());
    let end = bia.receives("sala-1", "&after=270").await;
    assert!(has(&end, &json!({"messages": [], "head_seq": 270, "more": false})));
}

#[actix_web::test]
async fn one_reads_on_by_time_through_all_of_a_log() {
    let papo = TestServer::unlimited().await;
    let mut ana = said(&papo, 300).await;
    pause(5).await;
    ana.says("301").await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    let (mut since, mut heard) = (0, Vec::new());
    loop {
        let news = bia.receives("sala-1", format_args!("&since={since}")).await;
        heard.extend(seqs(&news));
        since = news["now"].as_i64().unwrap();
        if news["more"] == false {
            break;
        }
    }
    assert_eq!(heard, (1..=301).collect::<Vec<_>>());
    let sent_at = |news: &Value, at: usize| news["messages"][at]["sent_at"].as_i64().unwrap();
    let newest = bia.receives("sala-1", "").await;
    let since = bia.receives("sala-1", format_args!("&since={}", sent_at(&newest, 49) - 1)).await;
    assert_eq!(texts(&since).last(), Some(&"301"), "everything that was said after a time, and nothing of before");
    assert!((0..seqs(&since).len()).all(|at| sent_at(&since, at) >= sent_at(&newest, 49)));
    assert!(seqs(&bia.receives("sala-1", format_args!("&since={}", sent_at(&newest, 49))).await).is_empty());
}

#[actix_web::test]
async fn whoever_asks_since_now_again_and_again_misses_nothing_and_hears_nothing_twice() {
    let papo = TestServer::unlimited().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let bia = Poller::new(&papo, "bia").await;
    let mut since = bia.joins("sala-1").await["now"].as_i64().unwrap();
    let talk = async {
        for n in 0..400 {
            ana.says(&n.to_string()).await;
        }
    };
    let listen = async {
        let mut heard = Vec::new();
        while heard.len() < 400 {
            let news = bia.receives("sala-1", format_args!("&since={since}&wait=5")).await;
            heard.extend(seqs(&news));
            since = news["now"].as_i64().unwrap();
            assert!(!heard.is_empty(), "five seconds are enough");
        }
        heard
    };
    let ((), heard) = futures_util::future::join(talk, listen).await;
    assert_eq!(heard, (1..=400).collect::<Vec<_>>());
}

#[actix_web::test]
async fn a_query_that_makes_no_sense_is_refused_and_an_extreme_one_is_answered() {
    let papo = TestServer::start().await;
    let bia = Poller::new(&papo, "bia").await;
    bia.joins("sala-1").await;
    bia.says("sala-1", "oi").await;
    bia.asks("sala-1", "&since=1&after=1").await.refuses(400, "bad_frame");
    for bad in ["&wait=-1", "&wait=NaN", "&wait=inf"] {
        bia.asks("sala-1", bad).await.refuses(400, "bad_frame");
    }
    for bad in ["&since=x", "&after=", "&after=9223372036854775808", "&since=1.5", "&wait=soon"] {
        bia.asks("sala-1", bad).await.refuses(400, "invalid");
    }
    papo.get("/receive").by(&bia.who).go().await.refuses(400, "invalid");
    bia.asks("%20", "").await.refuses(400, "bad_room");
    for (extreme, count) in [
        ("&after=9223372036854775807&wait=20", 0),
        ("&after=-9223372036854775808", 1),
        ("&since=9223372036854775807", 0),
        ("&since=-9223372036854775808", 1),
        ("&wait=1e300", 1),
    ] {
        let news = bia.receives("sala-1", extreme).await;
        assert_eq!((seqs(&news).len(), &news["head_seq"]), (count, &json!(1)), "{extreme}");
    }
}
