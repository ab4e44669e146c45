//! One change to many screens: `live` beside a bare broadcast of the same bytes over the same kind of sockets.
//!
//! `cargo bench -p platform --bench live_fanout -- [clients] [rounds]`. The clients are another process on the
//! same machine. Printed per kind: the median over rounds of the median, the 99th percentile and the slowest
//! client, from the commit's publication to the last byte read; processor time of the server per client and
//! change; memory of the server per client. Three repetitions, alternating.
// words: data — a row as screens show it

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on shall stop"
)]

use std::{
    convert::Infallible,
    io::{BufRead, BufReader, Write},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use axum::{Router, body::Body, extract::State, response::Response, routing::get};
use bytes::Bytes;
use futures::StreamExt;
use platform::{
    clock::SystemClock,
    live::{Channel, Hub, Limits, sse_frame},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::broadcast,
};
use uuid::Uuid;

/// Bytes of the fragment: a board of twenty rows.
const FRAGMENT: usize = 4096;
const GAP: Duration = Duration::from_millis(400);

fn now() -> u64 {
    u64::try_from(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_nanos()).unwrap()
}

fn main() {
    // `cargo bench` adds `--bench`.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    match args.first().map(String::as_str) {
        Some("clients") => runtime.block_on(clients(&args[1], &args[2], args[3].parse().unwrap())),
        Some("serve") => {
            let path = if args[1] == "/live" { "/live" } else { "/bare" };
            runtime.block_on(run(path, args[2].parse().unwrap(), args[3].parse().unwrap()));
        }
        first => compare(first.unwrap_or("2000"), args.get(1).map_or("25", String::as_str)),
    }
}

#[derive(Clone)]
struct Bench {
    hub: Hub,
    bare: broadcast::Sender<Bytes>,
    at: Arc<AtomicU64>,
    renders: Arc<AtomicU64>,
}

/// The fragment of this instant; the mark the clients look for is its end.
fn fragment(at: u64) -> Bytes {
    let mut text = "<tr><td>PV-07</td><td>Báo cáo</td></tr>".repeat(FRAGMENT / 41);
    text.push_str(&format!("@{at:020}."));
    text.into()
}

async fn live(State(bench): State<Bench>) -> Response {
    let inner = bench.clone();
    let channel = Channel::new("board", ["tasks"], move || {
        let bench = inner.clone();
        async move {
            bench.renders.fetch_add(1, Ordering::Relaxed);
            Ok(fragment(bench.at.load(Ordering::Relaxed)))
        }
    });
    bench.hub.sse(Uuid::new_v4(), bench.hub.subscribe(channel, None))
}

async fn bare(State(bench): State<Bench>) -> Response {
    let frames = tokio_stream::wrappers::BroadcastStream::new(bench.bare.subscribe());
    let body = Body::from_stream(frames.filter_map(|frame| async { frame.ok().map(Ok::<_, Infallible>) }));
    Response::builder().header("content-type", "text/event-stream").body(body).unwrap()
}

/// Seconds of processor time used by this process, and its resident kilobytes.
fn used() -> (f64, u64) {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    let ticks: f64 = fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    (ticks / 100.0, line.split_whitespace().nth(1).unwrap().parse().unwrap())
}

/// Each run is a process of its own, so that none profits from memory that another left behind.
fn compare(count: &str, rounds: &str) {
    println!("clients {count}, rounds {rounds}, fragment {FRAGMENT} bytes");
    for _ in 0..3 {
        let slowest = ["/bare", "/live"].map(|path| {
            let program = std::env::current_exe().unwrap();
            let out = Command::new(program).args(["serve", path, count, rounds]).output().unwrap();
            let text = String::from_utf8(out.stdout).unwrap();
            print!("{text}");
            let figure = text.split("slowest ").nth(1).unwrap().split(' ').next().unwrap();
            figure.parse::<f64>().unwrap()
        });
        println!("live ÷ bare, slowest client: {:.2}", slowest[1] / slowest[0]);
    }
}

async fn run(path: &'static str, count: usize, rounds: usize) {
    let limits = Limits { streams: count + 10, ..Limits::default() };
    let bench = Bench {
        hub: Hub::new(Arc::new(SystemClock), limits),
        bare: broadcast::channel(16).0,
        at: Arc::default(),
        renders: Arc::default(),
    };
    let routes = Router::new().route("/live", get(live)).route("/bare", get(bare)).with_state(bench.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (_, before) = used();
    let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["clients", &port.to_string(), path, &count.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (mut lines, ready) = tokio::task::spawn_blocking(move || {
        let ready = lines.next().unwrap().unwrap();
        (lines, ready)
    })
    .await
    .unwrap();
    assert_eq!(ready, "ready");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let (cpu, memory) = used();
    let (renders, start) = (bench.renders.load(Ordering::Relaxed), Instant::now());
    for _ in 0..rounds {
        let at = now();
        bench.at.store(at, Ordering::Relaxed);
        if path == "/live" {
            bench.hub.announce(["tasks"]);
        } else {
            let frame = fragment(at);
            bench.bare.send(sse_frame("x", &frame)).unwrap();
        }
        tokio::time::sleep(GAP).await;
    }
    let renders = bench.renders.load(Ordering::Relaxed) - renders;
    let (cpu_after, _) = used();
    drop(child.stdin.take());
    let report = tokio::task::spawn_blocking(move || lines.next().unwrap().unwrap()).await.unwrap();
    child.wait().unwrap();
    let figures: Vec<f64> = report.split(' ').map(|figure| figure.parse().unwrap()).collect();
    let [p50, p99, max, received] = figures[..] else { panic!("{report}") };
    #[allow(clippy::cast_precision_loss, reason = "counts are small")]
    let (n, each) = (count as f64, (cpu_after - cpu) / (count * rounds) as f64 * 1e6);
    println!(
        "{path}: p50 {p50:.1} ms, p99 {p99:.1} ms, slowest {max:.1} ms; {each:.1} µs CPU per client and change; \
         {:.1} kB per client; {received} of {} frames; {renders} renderings; {:.1} s",
        memory.saturating_sub(before) as f64 / n,
        count * rounds,
        start.elapsed().as_secs_f64(),
    );
    serving.abort();
    bench.hub.close();
}

async fn clients(port: &str, path: &str, count: usize) {
    let (sender, mut seen) = tokio::sync::mpsc::unbounded_channel::<(u64, u64)>();
    for _ in 0..count {
        let mut stream = TcpStream::connect(format!("127.0.0.1:{port}")).await.unwrap();
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").as_bytes()).await.unwrap();
        let mut head = vec![0; 64];
        stream.read_exact(&mut head).await.unwrap();
        assert!(head.starts_with(b"HTTP/1.1 200"));
        let sender = sender.clone();
        tokio::spawn(async move {
            let (mut buffer, mut kept) = (vec![0; 16 * 1024], Vec::new());
            while let Ok(read) = stream.read(&mut buffer).await {
                if read == 0 {
                    break;
                }
                kept.extend_from_slice(&buffer[..read]);
                while let Some(at) = kept.iter().position(|byte| *byte == b'@') {
                    if kept.len() < at + 22 {
                        break;
                    }
                    let sent = std::str::from_utf8(&kept[at + 1..at + 21]).unwrap().parse().unwrap();
                    sender.send((sent, now() - sent)).unwrap();
                    kept.drain(..at + 22);
                }
                if !kept.contains(&b'@') {
                    kept.clear();
                }
            }
        });
    }
    drop(sender);
    println!("ready");
    std::io::stdout().flush().unwrap();
    let mut rounds: std::collections::BTreeMap<u64, Vec<u64>> = std::collections::BTreeMap::new();
    let done = tokio::task::spawn_blocking(|| std::io::stdin().lines().count());
    tokio::pin!(done);
    loop {
        tokio::select! {
            _ = &mut done => break,
            Some((sent, took)) = seen.recv() => if sent > 0 { rounds.entry(sent).or_default().push(took) },
        }
    }
    let received: usize = rounds.values().map(Vec::len).sum();
    rounds.values_mut().for_each(|times| times.sort_unstable());
    let of = |share: usize| {
        let mut each: Vec<u64> =
            rounds.values().map(|times| times[(times.len() * share / 1000).min(times.len() - 1)]).collect();
        each.sort_unstable();
        #[allow(clippy::cast_precision_loss, reason = "nanoseconds of seconds")]
        let median = each[each.len() / 2] as f64 / 1e6;
        median
    };
    println!("{} {} {} {received}", of(500), of(990), of(1000));
}
