//! Many connections that send prepared bytes and read whole answers.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::cast_precision_loss,
    reason = "a benchmark"
)]

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

/// One kept connection.
pub struct Conn(BufReader<TcpStream>);

impl Conn {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::with_capacity(64 << 10, stream))
    }

    /// Sends bytes and reads one answer: status, head and body.
    pub async fn call(&mut self, bytes: &[u8]) -> (u16, String, Vec<u8>) {
        self.0.write_all(bytes).await.unwrap();
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert!(self.0.read_line(&mut head).await.unwrap() > 0, "the server closed: {head}");
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let header = |name: &str| {
            head.lines()
                .find_map(|line| line.split_once(':').filter(|(have, _)| have.eq_ignore_ascii_case(name)))
        };
        let mut body = Vec::new();
        if header("transfer-encoding").is_some() {
            loop {
                let mut size = String::new();
                self.0.read_line(&mut size).await.unwrap();
                let size = usize::from_str_radix(size.trim(), 16).unwrap();
                let start = body.len();
                body.resize(start + size + 2, 0);
                self.0.read_exact(&mut body[start..]).await.unwrap();
                body.truncate(start + size);
                if size == 0 {
                    break;
                }
            }
        } else if let Some((_, length)) = header("content-length") {
            body.resize(length.trim().parse().unwrap(), 0);
            self.0.read_exact(&mut body).await.unwrap();
        }
        (status, head, body)
    }
}

/// Signs an office in by a one-time link; the value of its `Cookie` header.
pub async fn cookie(server: &crate::Server, data: &std::path::Path) -> String {
    let link: serde_json::Value =
        serde_json::from_str(&crate::run(&["user", "link", "--login", "to-thu-ky", "--json"], data)).unwrap();
    let code = link["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    let mut conn = Conn::open(server.address).await;
    let (status, head, _) =
        conn.call(&request("POST", "/vao/ma", &headers, format!("ma={code}").as_bytes())).await;
    assert_eq!(status, 303, "{head}");
    let line = head.lines().find(|line| line.to_ascii_lowercase().starts_with("set-cookie:")).unwrap();
    line.split_once(':').unwrap().1.trim().split(';').next().unwrap().to_owned()
}

/// The bytes of a request with these headers.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut head = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\nsec-fetch-site: same-origin\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if method != "GET" {
        head.push_str(&format!("content-length: {}\r\n", body.len()));
    }
    head.push_str("\r\n");
    let mut bytes = head.into_bytes();
    // What follows a GET would be read as the next request.
    if method != "GET" {
        bytes.extend_from_slice(body);
    }
    bytes
}

/// What a load did: answers per second, sorted times, bytes of the last answer.
pub struct Load {
    pub rate: f64,
    pub times: Vec<Duration>,
    pub bytes: usize,
}

/// Sends what `make` gives over so many connections for so long; every answer must have the status.
pub async fn load(
    address: SocketAddr,
    connections: usize,
    time: Duration,
    status: u16,
    make: impl Fn(usize, usize) -> Vec<u8> + Send + Sync + 'static,
) -> Load {
    let make = Arc::new(make);
    let begun = Instant::now();
    let workers: Vec<_> = (0..connections)
        .map(|worker| {
            let make = make.clone();
            tokio::spawn(async move {
                let mut conn = Conn::open(address).await;
                let (mut times, mut bytes) = (Vec::new(), 0);
                for number in 0.. {
                    if begun.elapsed() >= time {
                        break;
                    }
                    let request = make(worker, number);
                    let sent = Instant::now();
                    let (found, _, body) = conn.call(&request).await;
                    times.push(sent.elapsed());
                    assert_eq!(found, status, "{}", String::from_utf8_lossy(&body));
                    bytes = body.len();
                }
                (times, bytes)
            })
        })
        .collect();
    let (mut times, mut bytes) = (Vec::new(), 0);
    for worker in workers {
        let (own, size) = worker.await.unwrap();
        times.extend(own);
        bytes = bytes.max(size);
    }
    let rate = times.len() as f64 / begun.elapsed().as_secs_f64();
    times.sort();
    Load { rate, times, bytes }
}
