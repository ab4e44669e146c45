//! A badge is reported lost: from the press of the button until the last of 64 gates holds the new list. Each gate
//! keeps a stream open and, when it hears, asks for what it lacks. Beside it the limit: the same press with nobody
//! listening. Goal: one second.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on shall stop"
)]

use std::time::{Duration, Instant};

use benches::{
    Server,
    http::{Conn, cookie, request},
    ms, percentile, run, scratch,
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    sync::mpsc,
};

const GATES: usize = 64;
/// Streams of one session; it may not keep many open.
const EACH: usize = 4;
const LOST: usize = 20;

/// Listens like a gate and says when it holds a list of this length.
async fn gate(server: std::net::SocketAddr, cookie: String, tell: mpsc::UnboundedSender<(u64, Instant)>) {
    let mut stream = TcpStream::connect(server).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let headers = [("cookie", cookie.as_str()), ("accept", "text/event-stream")];
    stream.write_all(&request("GET", "/song/the/thu-hoi", &headers, b"")).await.unwrap();
    let mut lines = BufReader::new(stream).lines();
    let mut asking = Conn::open(server).await;
    let mut known = 0;
    while let Some(line) = lines.next_line().await.unwrap() {
        let Some(data) = line.strip_prefix("data: ") else { continue };
        let said: Value = serde_json::from_str(data).unwrap();
        if said["revocations"].as_u64().unwrap() > known || known == 0 {
            let path = format!("/api/v1/badges/revocations?after={known}");
            let (status, _, body) = asking.call(&request("GET", &path, &[("cookie", &cookie)], b"")).await;
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
            known = serde_json::from_slice::<Value>(&body).unwrap()["to"].as_u64().unwrap();
        }
        if tell.send((known, Instant::now())).is_err() {
            return;
        }
    }
}

async fn lose(conn: &mut Conn, token: &str, badge: &str) -> Duration {
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let body = json!({ "badge": badge, "move": "mat", "reason": "Mất trên xe" }).to_string();
    let begun = Instant::now();
    let (status, _, answer) =
        conn.call(&request("POST", "/api/v1/badges/moves", &headers, body.as_bytes())).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&answer));
    begun.elapsed()
}

#[tokio::main]
async fn main() {
    let folder = scratch();
    let data = folder.path();
    run(&["demo", "--only-fill", "--today"], data);
    let token =
        run(&["token", "add", "--login", "to-thu-ky", "--name", "bench", "--scope", "badges:manage"], data);
    let server = Server::start(data);
    let mut conn = Conn::open(server.address).await;
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str())];
    let (_, _, body) = conn.call(&request("GET", "/api/v1/badges?limit=500", &headers, b"")).await;
    let list: Value = serde_json::from_slice(&body).unwrap();
    let handed: Vec<String> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["state"] == "da_phat")
        .map(|one| one["id"].as_str().unwrap().to_owned())
        .take(LOST * 2)
        .collect();
    assert_eq!(handed.len(), LOST * 2, "the sample has handed out too few badges");

    let mut bare = Vec::new();
    for badge in &handed[..LOST] {
        bare.push(lose(&mut conn, &token, badge).await);
    }
    let (tell, mut heard) = mpsc::unbounded_channel();
    for _ in 0..GATES / EACH {
        let cookie = cookie(&server, data).await;
        for _ in 0..EACH {
            tokio::spawn(gate(server.address, cookie.clone(), tell.clone()));
        }
    }
    let mut known = 0;
    for _ in 0..GATES {
        known = known.max(heard.recv().await.unwrap().0);
    }
    let (mut first, mut last) = (Vec::new(), Vec::new());
    for badge in &handed[LOST..] {
        let begun = Instant::now();
        lose(&mut conn, &token, badge).await;
        known += 1;
        let mut times = Vec::with_capacity(GATES);
        while times.len() < GATES {
            let (to, at) = heard.recv().await.unwrap();
            if to >= known {
                times.push(at.duration_since(begun));
            }
        }
        times.sort_unstable();
        first.push(times[0]);
        last.push(times[GATES - 1]);
    }
    for (name, mut times) in [
        ("answered, nobody listens", bare),
        ("the first of 64 gates holds the list", first),
        ("the last of 64 gates holds the list", last),
    ] {
        times.sort_unstable();
        println!(
            "{name:<40} p50 {:>7.1} ms   slowest {:>7.1} ms of {}",
            ms(percentile(&times, 0.5)),
            ms(percentile(&times, 1.0)),
            times.len()
        );
    }
}
