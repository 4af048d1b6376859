//! Real proxies in front, by the files of `deploy/`: changed are only addresses and, because there is no certificate, TLS.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::common::{Account, Client, File, Greeting, House, Process, multipart, multipart_type, registration, soon, until};

/// As browsers would call it.
const ORIGIN: &str = "https://papo.example";
/// Where the client of the proxy comes from; the proxy itself comes from 127.0.0.1.
const CLIENT: [u8; 4] = [127, 0, 0, 2];
const PROXY_STARTS: Duration = Duration::from_secs(10);

/// A proxy at work. Dropping it ends it.
struct Proxy {
    house: House,
    child: Child,
    _dir: TempDir,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap()
}

fn shipped(file: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy").join(file)).unwrap()
}

/// `text` with `from` as `to`, which must be there.
fn with(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "{from:?} in {text}");
    text.replace(from, to)
}

async fn started(addr: SocketAddr, dir: TempDir, command: &mut Command) -> Proxy {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("scripts/setup-tests.sh installs it");
    let proxy = Proxy { house: House { addr }, child, _dir: dir };
    until("the proxy listens", PROXY_STARTS, async || TcpStream::connect(addr).await.is_ok()).await;
    proxy
}

async fn nginx(papo: SocketAddr) -> Proxy {
    let (dir, addr, plain) = (tempfile::tempdir().unwrap(), free_port(), free_port());
    let site = with(&shipped("nginx.conf"), "127.0.0.1:8080", &papo.to_string());
    let site = with(&site, "listen 443 ssl http2;", &format!("listen {addr};"));
    let site = with(&site, "listen 80;", &format!("listen {plain};"));
    let without_tls = |line: &&str| !line.trim_start().starts_with("ssl_") && !line.contains("listen [::]:");
    let site: String = site.lines().filter(without_tls).flat_map(|line| [line, "\n"]).collect();
    let path = dir.path().display();
    let temporary: String =
        ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(|what| format!("{what}_temp_path {path}/{what};\n")).concat();
    let whole = format!(
        "daemon off; master_process off; pid {path}/pid; error_log {path}/error.log;\n\
         events {{ worker_connections 1024; }}\nhttp {{\naccess_log off;\n{temporary}{site}}}\n"
    );
    let config = dir.path().join("whole.conf");
    std::fs::write(&config, whole).unwrap();
    let mut command = Command::new("nginx");
    command.arg("-c").arg(config).arg("-e").arg(dir.path().join("start.log"));
    started(addr, dir, &mut command).await
}

async fn caddy(papo: SocketAddr) -> Proxy {
    let (dir, addr) = (tempfile::tempdir().unwrap(), free_port());
    let config = dir.path().join("Caddyfile");
    std::fs::write(&config, format!("{{\n\tadmin off\n}}\n{}", shipped("Caddyfile"))).unwrap();
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(config);
    command.env("DOMAIN", format!("http://{addr}")).env("UPSTREAM", papo.to_string());
    command.env("HOME", dir.path()).env("XDG_DATA_HOME", dir.path()).env("XDG_CONFIG_HOME", dir.path());
    started(addr, dir, &mut command).await
}

fn papo() -> Process {
    Process::start(&["--public-url", ORIGIN, "--trusted-proxies", "127.0.0.1", "--log", "json"])
}

/// A new account, from [`CLIENT`], which also tries to pass for someone else.
async fn register(proxy: &Proxy, username: &str) -> Account {
    let request = proxy.house.post("/api/register").from(CLIENT).with("Origin", ORIGIN);
    let request =
        request.with("X-Forwarded-For", "6.6.6.6").with("Forwarded", "for=6.6.6.6").with("X-Forwarded-Host", "mau.example");
    let reply = request.json(registration(username)).await.is(201);
    assert!(reply.cookies().iter().any(|cookie| cookie.starts_with("__Host-papo=") && cookie.contains("Secure")), "{reply:?}");
    let token = reply.json()["token"].as_str().unwrap().to_owned();
    Account { username: username.to_owned(), token, cookie: reply.cookie() }
}

async fn carries_sockets_both_ways(proxy: Proxy) {
    let ana = register(&proxy, "ana").await;
    let bia = register(&proxy, "bia").await;
    let page = |who: &Account| Greeting::by_cookie(who).with("Origin", ORIGIN);
    let mut ana = Client::connect(proxy.house.addr, &page(&ana)).await.unwrap();
    let foreign = Greeting::by_cookie(&bia).with("Origin", "https://mau.example");
    assert_eq!(Client::connect(proxy.house.addr, &foreign).await.err().as_deref(), Some("403"));
    let mut bia = Client::connect(proxy.house.addr, &page(&bia)).await.unwrap();
    ana.joins("sala-1").await;
    bia.joins("sala-1").await;
    ana.hears(json!({"type": "member_joined", "member": {"username": "bia"}})).await;
    // As large as a frame may be, nearly: whatever the proxy buffers must leave it.
    let long = "á".repeat(4000);
    for n in 0..20 {
        ana.says(&format!("{n}")).await;
        bia.hears_message("ana", &format!("{n}")).await;
        bia.says(&long).await;
        ana.hears_message("bia", &long).await;
    }
    ana.closes().await;
    bia.hears(json!({"type": "member_left", "username": "ana"})).await;
}

async fn lets_large_files_through_as_they_come(proxy: Proxy, papo: &Process) {
    let ana = register(&proxy, "ana").await;
    let content: Vec<u8> = (0..20_u32 << 20).map(|n| u8::try_from(n % 251).unwrap()).collect();
    let body = multipart(&[File::new("praia.bin", "application/octet-stream", &content)]);
    let (first, rest) = body.split_at(body.len() / 2);
    let mut stream = TcpStream::connect(proxy.house.addr).await.unwrap();
    let head = format!(
        "POST /api/uploads HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: Bearer {}\r\n\
         Content-Type: {}\r\nContent-Length: {}\r\n\r\n",
        proxy.house.addr,
        ana.token,
        multipart_type(),
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(first).await.unwrap();
    let arrived = async || {
        let files = std::fs::read_dir(papo.dir().join("tmp")).unwrap().filter_map(|file| file.ok()?.metadata().ok());
        files.map(|about| about.len()).sum::<u64>() > first.len() as u64 / 2
    };
    until("the first half has arrived while the second was not sent", Duration::from_secs(20), arrived).await;
    stream.write_all(rest).await.unwrap();
    let mut reply = String::new();
    soon("the answer to an upload", stream.read_to_string(&mut reply)).await.unwrap();
    assert!(reply.starts_with("HTTP/1.1 201 "), "{reply}");
    let url = reply.split("\"url\":\"").nth(1).unwrap().split('"').next().unwrap();
    let back = proxy.house.get(url).by(&ana).go().await.is(200);
    assert!(back.body == content, "what comes back is what was sent");
}

async fn names_the_client(proxy: Proxy, papo: &Process) {
    let ana = register(&proxy, "ana").await;
    let wrong = json!({"login": "ana", "password": "errada demais"});
    for n in 0..10 {
        let request = proxy.house.post("/api/login").from(CLIENT).with("X-Forwarded-For", format!("192.0.2.{n}"));
        request.json(wrong.clone()).await.is(401);
    }
    proxy.house.post("/api/login").from(CLIENT).with("Forwarded", "for=192.0.2.99").json(wrong.clone()).await.is(429);
    // Its neighbour is not shut out.
    proxy.house.post("/api/login").from([127, 0, 0, 3]).json(json!({"login": "x", "password": "errada demais"})).await.is(401);
    assert_eq!(
        proxy.house.get("/api/me").by(&ana).go().await.is(200).header("strict-transport-security").split('=').next(),
        Some("max-age")
    );
    let log = papo.log();
    let records = log.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    let addresses: std::collections::BTreeSet<_> =
        records.filter_map(|record| Some(record["address"].as_str()?.to_owned())).collect();
    assert_eq!(addresses.into_iter().collect::<Vec<_>>(), ["127.0.0.2", "127.0.0.3"]);
}

#[actix_web::test]
#[ignore = "needs nginx: scripts/setup-tests.sh"]
async fn nginx_carries_sockets_both_ways() {
    let papo = papo();
    carries_sockets_both_ways(nginx(papo.addr).await).await;
}

#[actix_web::test]
#[ignore = "needs nginx: scripts/setup-tests.sh"]
async fn nginx_lets_large_files_through_as_they_come() {
    let papo = papo();
    lets_large_files_through_as_they_come(nginx(papo.addr).await, &papo).await;
}

#[actix_web::test]
#[ignore = "needs nginx: scripts/setup-tests.sh"]
async fn behind_nginx_the_client_is_the_client() {
    let papo = papo();
    names_the_client(nginx(papo.addr).await, &papo).await;
}

#[actix_web::test]
#[ignore = "needs caddy: scripts/setup-tests.sh"]
async fn caddy_carries_sockets_both_ways() {
    let papo = papo();
    carries_sockets_both_ways(caddy(papo.addr).await).await;
}

#[actix_web::test]
#[ignore = "needs caddy: scripts/setup-tests.sh"]
async fn caddy_lets_large_files_through_as_they_come() {
    let papo = papo();
    lets_large_files_through_as_they_come(caddy(papo.addr).await, &papo).await;
}

#[actix_web::test]
#[ignore = "needs caddy: scripts/setup-tests.sh"]
async fn behind_caddy_the_client_is_the_client() {
    let papo = papo();
    names_the_client(caddy(papo.addr).await, &papo).await;
}
