//! The command: how it starts, what it prints, how it ends, and what it refuses to start with. PROTOCOL section 3.
#![expect(clippy::unwrap_used, reason = "a test that meets a surprise panics")]

mod common;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};

use common::{File, Process, TestServer, command, run};
use serde_json::json;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn contents(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// It did not start: exit code 2, nothing on standard output, and a sentence with these words on standard error.
#[track_caller]
fn refused(output: &Output, words: &[&str]) -> String {
    let (out, error) =
        (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
    assert_eq!(output.status.code(), Some(2), "{out}{error}");
    assert_eq!(out, "");
    assert!(!error.contains("panicked") && !error.contains("RUST_BACKTRACE"), "{error}");
    for word in words {
        assert!(error.contains(word), "{word:?} in {error}");
    }
    error
}

/// As above, and it is one line: a sentence.
#[track_caller]
fn refused_in_a_sentence(output: &Output, words: &[&str]) {
    let error = refused(output, words);
    assert_eq!(error.trim_end().lines().count(), 1, "one sentence, not {error}");
}

#[actix_web::test]
async fn the_first_line_on_standard_output_is_the_address_and_there_is_no_other() {
    let mut papo = Process::start(&[]);
    assert_ne!(papo.addr.port(), 0, "port 0 picks a free one");
    papo.get("/healthz").go().await.is(200);
    papo.get("/readyz").go().await.is(200);
    papo.join("ana", "sala-1").await.says("oi").await;
    papo.sends_signal("TERM");
    assert_eq!(papo.ends_within(Duration::from_secs(10)).await.code(), Some(0));
    assert_eq!(papo.rest_of_output(), "", "logs go to standard error");
    assert!(!papo.log().is_empty());
}

#[actix_web::test]
async fn it_is_ready_within_two_seconds_also_after_kill_9() {
    let begun = Instant::now();
    let mut papo = Process::start(&[]);
    papo.get("/readyz").go().await.is(200);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
    let mut ana = papo.join("ana", "sala-1").await;
    for n in 0..20 {
        ana.says(&n.to_string()).await;
    }
    papo.kill_9();
    let begun = Instant::now();
    papo.start_again();
    papo.get("/readyz").go().await.is(200);
    assert!(begun.elapsed() < Duration::from_secs(2), "{:?}", begun.elapsed());
}

#[actix_web::test]
async fn ctrl_c_ends_it_in_order_too() {
    let mut papo = Process::start(&[]);
    let mut ana = papo.join("ana", "sala-1").await;
    papo.sends_signal("INT");
    ana.is_closed_with(1012).await;
    assert_eq!(papo.ends_within(Duration::from_secs(10)).await.code(), Some(0));
}

#[actix_web::test]
async fn what_it_keeps_is_for_its_owner_alone() {
    let mut papo = Process::start(&[]);
    let ana = papo.register("ana").await;
    papo.enter(&ana, "sala-1").await.says("oi").await;
    let uploaded = papo.post("/api/uploads").by(&ana).files(&[File::new("a.txt", "text/plain", "oi")]).await.is(201).json();
    for folder in ["data", "tmp"] {
        let folder = papo.dir().join(folder);
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for name in contents(&folder) {
            let path = folder.join(&name);
            assert_eq!(mode(&path), if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        }
    }
    assert!(contents(&papo.dir().join("data")).len() >= 2, "a database and a key");
    let stored = uploaded[0]["url"].as_str().unwrap().strip_prefix("/static/").unwrap();
    assert!(contents(&papo.dir().join("tmp")).iter().any(|name| name == stored), "the folder tmp holds the uploads");
    papo.sends_signal("TERM");
    papo.ends_within(Duration::from_secs(10)).await;
}

#[actix_web::test]
async fn a_taken_port_stops_the_start_and_nothing_is_half_created() {
    let dir = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = run(dir.path(), &["--listen", &format!("127.0.0.1:{port}")]);
    refused_in_a_sentence(&output, &[&port]);
    assert_eq!(contents(dir.path()), Vec::<String>::new());
}

#[actix_web::test]
async fn a_folder_that_cannot_be_made_stops_the_start_and_nothing_is_half_created() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("arquivo"), "").unwrap();
    // A file where a folder is wanted stops root too, which a missing right does not.
    for (flag, other) in [("--data-dir", "tmp"), ("--uploads-dir", "data")] {
        let output = run(dir.path(), &["--listen", "127.0.0.1:0", flag, "arquivo/dentro"]);
        refused_in_a_sentence(&output, &["arquivo/dentro"]);
        assert_eq!(contents(dir.path()), ["arquivo"], "{flag}: no {other} either");
        let output = run(dir.path(), &["--listen", "127.0.0.1:0", flag, "arquivo"]);
        refused_in_a_sentence(&output, &["arquivo"]);
        assert_eq!(contents(dir.path()), ["arquivo"], "{flag}");
    }
}

#[actix_web::test]
async fn a_folder_that_may_not_be_written_stops_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let closed = dir.path().join("fechada");
    fs::create_dir(&closed).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o500)).unwrap();
    if fs::write(closed.join("prova"), "").is_ok() {
        // Root may write everywhere: there is nothing to see.
        return;
    }
    let output = run(dir.path(), &["--listen", "127.0.0.1:0", "--data-dir", "fechada"]);
    refused_in_a_sentence(&output, &["the data folder fechada cannot be used"]);
    assert_eq!(contents(dir.path()), ["fechada"]);
}

#[actix_web::test]
async fn a_folder_of_the_kernel_stops_the_start_and_is_not_told_as_a_key() {
    let dir = tempfile::tempdir().unwrap();
    // Nobody may write there, root neither.
    for (flag, what) in [("--data-dir", "data"), ("--uploads-dir", "uploads")] {
        let output = run(dir.path(), &["--listen", "127.0.0.1:0", flag, "/proc/self"]);
        refused_in_a_sentence(&output, &[&format!("the {what} folder /proc/self cannot be used")]);
        assert_eq!(contents(dir.path()), Vec::<String>::new());
    }
}

#[actix_web::test]
async fn the_uploads_have_a_folder_of_their_own() {
    let dir = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink("data", dir.path().join("atalho")).unwrap();
    for same in ["data", "./data/../data", "atalho"] {
        let output = run(dir.path(), &["--listen", "127.0.0.1:0", "--uploads-dir", same]);
        refused_in_a_sentence(&output, &["--uploads-dir"]);
        assert_eq!(contents(dir.path()), ["atalho"], "{same}");
    }
    let papo = Process::start(&["--uploads-dir", "data/uploads"]);
    papo.get("/readyz").go().await.is(200);
}

#[actix_web::test]
async fn health_tells_by_its_end_whether_the_server_is_ready() {
    let papo = Process::start(&[]);
    let listen = papo.addr.to_string();
    let asks = |listen: &str| run(papo.dir(), &["health", "--listen", listen]);
    let well = asks(&listen);
    assert_eq!((well.status.code(), well.stdout.len(), well.stderr.len()), (Some(0), 0, 0), "{well:?}");
    assert_eq!(asks(&format!("0.0.0.0:{}", papo.addr.port())).status.code(), Some(0), "on this machine");
    let by_variable = command(papo.dir()).args(["health"]).env("PAPO_LISTEN", &listen).output().unwrap();
    assert_eq!(by_variable.status.code(), Some(0));
    let ill = |output: &Output, words: &str| {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains(words) && error.trim_end().lines().count() == 1, "{error}");
    };
    papo.sends_signal("STOP");
    let deaf = command(papo.dir()).args(["health", "--listen", &listen]).spawn().unwrap();
    papo.sends_signal("CONT");
    assert_eq!(deaf.wait_with_output().unwrap().status.code(), Some(0), "it waits for a slow one");
    drop(papo);
    let dir = tempfile::tempdir().unwrap();
    ill(&run(dir.path(), &["health", "--listen", &listen]), "does not answer");
    ill(&run(dir.path(), &["health", "--listen", "127.0.0.1:0"]), "--listen");
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let stranger = std::thread::spawn(move || {
        let mut asked = BufReader::new(other.accept().unwrap().0);
        // To the end of the question: who closes before that resets the connection.
        while asked.by_ref().lines().next().is_some_and(|line| !line.unwrap().is_empty()) {}
        asked.get_mut().write_all(b"220 ftp\r\n")
    });
    ill(&run(dir.path(), &["health", "--listen", &address]), "not papo");
    stranger.join().unwrap().unwrap();
    assert_eq!(contents(dir.path()), Vec::<String>::new(), "it only asks");
}

#[actix_web::test]
async fn a_server_that_goes_down_is_not_ready() {
    let papo = Process::start(&[]);
    let ana = papo.register("ana").await;
    // A socket that does not read keeps it going down for a while.
    let _slow = common::Raw::open(papo.addr, &ana).await;
    papo.sends_signal("TERM");
    let asked = || run(papo.dir(), &["health", "--listen", &papo.addr.to_string()]);
    common::until("health fails", Duration::from_secs(10), async || asked().status.code() == Some(1)).await;
}

#[actix_web::test]
async fn the_key_may_come_as_a_credential_of_systemd() {
    let (credentials, dir) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    fs::write(credentials.path().join("secret.key"), "curta").unwrap();
    let start =
        |name: &str, value: &Path| command(dir.path()).args(["--listen", "127.0.0.1:0"]).env(name, value).output().unwrap();
    let output = start("CREDENTIALS_DIRECTORY", credentials.path());
    refused_in_a_sentence(&output, &[credentials.path().to_str().unwrap(), "5 bytes"]);
    // A setting says more than a credential.
    let output = command(dir.path())
        .args(["--listen", "127.0.0.1:0", "--secret-key-file", "nenhuma"])
        .env("CREDENTIALS_DIRECTORY", credentials.path())
        .output()
        .unwrap();
    refused_in_a_sentence(&output, &["nenhuma"]);
    assert_eq!(contents(dir.path()), Vec::<String>::new());
}

#[actix_web::test]
async fn what_will_surprise_is_told_in_the_log() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".env"), "PAPO_LISTN=127.0.0.1:1\n").unwrap();
    let papo = Process::start_in(dir, &["--trusted-proxies", "127.0.0.1", "--sockets-max", "999999999999"]);
    let told = async || ["PAPO_LISTN", "--sockets-max", "--public-url"].iter().all(|word| papo.log().contains(word));
    common::until("the log tells of all three", common::DEADLINE, told).await;
    let papo = Process::start(&["--trusted-proxies", "127.0.0.1", "--public-url", "https://papo.example", "--sockets-max", "1"]);
    papo.get("/readyz").go().await.is(200);
    assert!(!papo.log().contains("CHECK_SETTINGS"), "{}", papo.log());
}

#[actix_web::test]
async fn it_may_have_as_many_files_open_as_the_system_allows() {
    let dir = tempfile::tempdir().unwrap();
    let soft_limit = format!("ulimit -Sn 128; exec {} --listen 127.0.0.1:0", common::binary());
    let mut shell = std::process::Command::new("sh");
    let mut child =
        shell.args(["-c", &soft_limit]).current_dir(dir.path()).env_remove("PORT").stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    let limit = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let (soft, hard) = (limit.split_whitespace().nth(3).unwrap(), limit.split_whitespace().nth(4).unwrap());
    assert_eq!(soft, hard);
}

#[actix_web::test]
async fn a_damaged_database_stops_the_start_and_is_left_as_it_is() {
    for damage in [
        b"isto nao e um banco de dados, nem de longe".repeat(200),
        b"SQLite format 3\0".iter().copied().chain([0xAA; 8000]).collect(),
    ] {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("data")).unwrap();
        let database = dir.path().join("data/papo.db");
        fs::write(&database, &damage).unwrap();
        let output = run(dir.path(), &["--listen", "127.0.0.1:0"]);
        refused_in_a_sentence(&output, &["papo.db"]);
        assert_eq!(fs::read(&database).unwrap(), damage);
    }
}

#[actix_web::test]
async fn a_database_damaged_in_its_middle_stops_the_start_or_is_no_trouble() {
    let mut papo = Process::start(&[]);
    papo.join("ana", "sala-1").await.says("oi").await;
    papo.sends_signal("TERM");
    papo.ends_within(Duration::from_secs(10)).await;
    let dir = papo.dir().to_owned();
    let database = dir.join("data/papo.db");
    let mut bytes = fs::read(&database).unwrap();
    // Its first page, where the tables are listed, behind the header.
    bytes[100..4000].fill(0xAA);
    fs::write(&database, bytes).unwrap();
    refused_in_a_sentence(&run(&dir, &["--listen", "127.0.0.1:0"]), &["papo.db"]);
}

#[actix_web::test]
async fn a_bad_value_stops_the_start_and_names_the_setting() {
    let dir = tempfile::tempdir().unwrap();
    for (flag, value) in [
        ("--listen", "aqui"),
        ("--listen", "127.0.0.1:99999"),
        ("--limits", "talvez"),
        ("--synchronous", "sempre"),
        ("--log", "xml"),
        ("--rooms", "a/b"),
        ("--allowed-origins", "exemplo"),
        ("--ping-ms", "1"),
        ("--ping-ms", "x"),
        ("--nada", "1"),
        ("--listen", "localhost:8080"),
        ("--log-level", "alto"),
        ("--log-level", ""),
        ("--sockets-max", "0"),
        ("--sockets-per-user-max", "0"),
        ("--sockets-per-address-max", "0"),
        ("--upload-file-bytes-max", "0"),
        ("--public-url", "https://papo.example/chat"),
        ("--public-url", "https://papo..example"),
        ("--trusted-proxies", "proxy"),
        ("--trusted-proxies", "0.0.0.0/0"),
        ("--rooms", ""),
        ("--rooms", "sala-1,Sala 1"),
    ] {
        refused(&run(dir.path(), &[flag, value]), &[flag]);
    }
    for (name, value) in [("PAPO_LISTEN", "aqui"), ("PAPO_LIMITS", "talvez"), ("PAPO_ROOMS", "a/b"), ("PORT", "x")] {
        let output = command(dir.path()).env(name, value).output().unwrap();
        // It may name the flag or the variable.
        let error = refused(&output, &[]);
        let flag = name.to_lowercase().replace("papo_", "--").replace('_', "-");
        assert!(error.contains(name) || error.contains(&flag), "{name} in {error}");
    }
    assert_eq!(contents(dir.path()), Vec::<String>::new());
}

#[actix_web::test]
async fn a_bad_level_of_the_log_or_a_short_key_stops_the_start() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &["--listen", "127.0.0.1:0", "--log-level", "muito,=="]);
    refused(&output, &["--log-level"]);
    let output = command(dir.path()).args(["--listen", "127.0.0.1:0"]).env("PAPO_SECRET_KEY", "segredo-curto").output().unwrap();
    let error = refused(&output, &[]);
    assert!(!error.contains("segredo-curto"), "a secret is not printed: {error}");
    fs::write(dir.path().join("chave"), "curta").unwrap();
    refused_in_a_sentence(&run(dir.path(), &["--listen", "127.0.0.1:0", "--secret-key-file", "chave"]), &["chave"]);
    refused_in_a_sentence(&run(dir.path(), &["--listen", "127.0.0.1:0", "--secret-key-file", "nenhuma"]), &["nenhuma"]);
    assert_eq!(contents(dir.path()), ["chave"], "nothing is half-created");
}

#[actix_web::test]
async fn a_database_of_another_kind_is_refused_without_showing_its_password() {
    let dir = tempfile::tempdir().unwrap();
    let url = "mysql://papo:senhasecreta@exemplo/papo";
    let error = refused(&run(dir.path(), &["--listen", "127.0.0.1:0", "--database-url", url]), &[]);
    assert!(!error.contains("senhasecreta"), "{error}");
    assert_eq!(contents(dir.path()), Vec::<String>::new());
}

#[actix_web::test]
async fn help_tells_every_setting_with_its_variable_and_its_default() {
    let dir = tempfile::tempdir().unwrap();
    let output = run(dir.path(), &["--help"]);
    assert_eq!(output.status.code(), Some(0));
    let help = String::from_utf8(output.stdout).unwrap();
    for (flag, variable) in [
        ("--listen", "PAPO_LISTEN"),
        ("--data-dir", "PAPO_DATA_DIR"),
        ("--uploads-dir", "PAPO_UPLOADS_DIR"),
        ("--database-url", "PAPO_DATABASE_URL"),
        ("--rooms", "PAPO_ROOMS"),
        ("--limits", "PAPO_LIMITS"),
        ("--allowed-origins", "PAPO_ALLOWED_ORIGINS"),
        ("--secret-key-file", "PAPO_SECRET_KEY_FILE"),
        ("--synchronous", "PAPO_SYNCHRONOUS"),
        ("--log", "PAPO_LOG"),
        ("--log-level", "PAPO_LOG_LEVEL"),
    ] {
        assert!(help.contains(flag) && help.contains(variable), "{flag} {variable} in {help}");
    }
    for default in ["127.0.0.1:8080", "sala-1,sala-2,sala-3", "PAPO_SECRET_KEY", "PORT"] {
        assert!(help.contains(default), "{default} in {help}");
    }
    assert_eq!(contents(dir.path()), Vec::<String>::new());
    let version = run(dir.path(), &["--version"]);
    assert!(String::from_utf8(version.stdout).unwrap().starts_with("papo "));
}

#[actix_web::test]
async fn a_dotenv_file_is_read_and_variables_and_flags_win_over_it() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(
        dir.path().join(".env"),
        "PAPO_LISTEN=127.0.0.1:0\nPAPO_DATA_DIR=do-arquivo\nPAPO_ROOMS=cozinha,varanda\nPAPO_UPLOADS_DIR=do-arquivo-2\n",
    )
    .unwrap();
    let mut child = command(dir.path())
        .env("PAPO_DATA_DIR", "da-variavel")
        .args(["--uploads-dir", "da-bandeira"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let addr = line.trim_end().strip_prefix("papo listening on http://").expect("the address").parse().unwrap();
    let house = common::House { addr };
    let ana = house.register("ana").await;
    let titles: Vec<_> =
        house.connect(&ana).await.hello["rooms"].as_array().unwrap().iter().map(|room| room["title"].clone()).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(titles, [json!("Cozinha"), json!("Varanda")]);
    assert_eq!(contents(dir.path()), [".env", "da-bandeira", "da-variavel"]);
}

#[actix_web::test]
async fn a_dotenv_file_that_cannot_be_read_stops_the_start_and_is_not_printed() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".env"), "PAPO_SECRET_KEY='sem fim\nsegredo=").unwrap();
    let output = run(dir.path(), &["--listen", "127.0.0.1:0"]);
    let error = refused(&output, &[".env"]);
    assert!(!error.contains("sem fim") && !error.contains("segredo="), "{error}");
}

#[actix_web::test]
async fn port_alone_is_listened_on_everywhere() {
    let dir = tempfile::tempdir().unwrap();
    let mut child = command(dir.path()).env("PORT", "0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.starts_with("papo listening on http://0.0.0.0:"), "{line}");
}

#[actix_web::test]
async fn the_log_has_one_record_a_line_and_no_secret_in_it() {
    let mut papo = Process::start(&["--log", "json", "--log-level", "debug"]);
    let ana = papo.register("ana").await;
    let mut socket = papo.enter(&ana, "sala-1").await;
    socket.says("um segredo entre nós").await;
    socket.does(json!({"type": "leave"})).await;
    papo.post("/api/login")
        .json(json!({"login": "x\r\n{\"event\":\"FORGED\"}\u{1b}[31m\u{2028}", "password": "errada demais"}))
        .await
        .is(401);
    papo.sign_out(&ana).await;
    socket.is_closed_with(4501).await;
    papo.sends_signal("TERM");
    papo.ends_within(Duration::from_secs(10)).await;
    let log = papo.log();
    for secret in ["um segredo", common::PASSWORD, &ana.token, ana.cookie.split_once('=').unwrap().1, "errada demais"] {
        assert!(!log.contains(secret), "{secret}");
    }
    assert!(!log.contains(['\r', '\u{1b}', '\u{2028}']));
    for line in log.lines() {
        let record: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|_| panic!("a JSON record, not {line}"));
        assert!(record.is_object());
        assert_ne!(record["event"], "FORGED");
    }
    for event in ["REGISTER", "LOGIN_FAILED", "CONNECT", "JOIN", "LEAVE", "LOGOUT", "DISCONNECT"] {
        assert!(log.contains(event), "{event} in {log}");
    }
}

#[actix_web::test]
async fn a_key_is_made_once_and_kept() {
    let mut papo = Process::start(&[]);
    let ana = papo.register("ana").await;
    papo.kill_9();
    papo.start_again();
    papo.get("/api/me").by_cookie(&ana).go().await.is(200);
}

#[actix_web::test]
async fn a_second_server_on_the_same_data_is_refused_and_harms_nothing() {
    let papo = TestServer::start().await;
    let mut ana = papo.join("ana", "sala-1").await;
    let data = papo.dir().join("data");
    let uploads = papo.uploads();
    let second = run(
        papo.dir(),
        &["--listen", "127.0.0.1:0", "--data-dir", data.to_str().unwrap(), "--uploads-dir", uploads.to_str().unwrap()],
    );
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("is used by another server"), "{second:?}");
    ana.says("ainda aqui").await;
}
