#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use bytes::Bytes;
use futures::StreamExt;
use http_body_util::BodyExt;
use tokio::{
    net::{TcpListener, TcpStream},
    time::{sleep, timeout},
};
use uuid::Uuid;

use super::{Channel, Hub, Limits, Nats, Subscription};
use crate::{
    audit::{Committed, Topic},
    clock::{Clock, ShiftedClock, SystemClock},
};

fn hub() -> Hub {
    Hub::new(Arc::new(SystemClock), Limits { linger: Duration::from_millis(200), ..Limits::default() })
}

fn committed(topics: &[&str]) -> Vec<Committed> {
    vec![Committed { seq: 1, act: "test.changed", topics: topics.iter().map(|t| Topic::new(*t)).collect() }]
}

/// A board whose content is set by the test and whose renderings are counted.
#[derive(Clone, Default)]
struct Board {
    text: Arc<Mutex<String>>,
    renders: Arc<AtomicUsize>,
}

impl Board {
    fn set(&self, text: &str) {
        *self.text.lock().unwrap() = text.to_owned();
    }
    fn renders(&self) -> usize {
        self.renders.load(Ordering::SeqCst)
    }
    fn channel(&self, topic: &str) -> Channel {
        let board = self.clone();
        Channel::new(format!("board.{topic}#aud=internal"), [topic], move || {
            let board = board.clone();
            async move {
                board.renders.fetch_add(1, Ordering::SeqCst);
                sleep(Duration::from_millis(5)).await;
                Ok(Bytes::from(board.text.lock().unwrap().clone()))
            }
        })
    }
}

async fn next(frames: &mut Subscription) -> super::Frame {
    timeout(Duration::from_secs(3), frames.next()).await.expect("a frame in time").expect("an open stream")
}

async fn silent(frames: &mut Subscription) {
    let frame = timeout(Duration::from_millis(150), frames.next()).await;
    assert!(frame.is_err(), "nothing was expected, {frame:?} came");
}

#[tokio::test]
async fn two_hundred_screens_cost_one_rendering_and_share_its_bytes() {
    let (hub, board) = (hub(), Board::default());
    board.set("one");
    let mut screens: Vec<_> = (0..200).map(|_| hub.subscribe(board.channel("tasks"), None)).collect();
    for screen in &mut screens {
        assert_eq!(next(screen).await.bytes, "one");
    }
    assert_eq!(board.renders(), 1);
    board.set("two");
    hub.publish(&committed(&["tasks", "tasks/PV-07"]));
    let mut addresses = std::collections::HashSet::new();
    for screen in &mut screens {
        let frame = next(screen).await;
        assert_eq!(frame.bytes, "two");
        addresses.insert((frame.bytes.as_ptr(), frame.wire.as_ptr()));
    }
    assert_eq!((board.renders(), addresses.len(), hub.channels()), (2, 1, 1));
    hub.publish(&committed(&["venues"]));
    silent(&mut screens[0]).await;
    assert_eq!(board.renders(), 2);
}

#[tokio::test]
async fn a_burst_is_drawn_together_and_its_last_change_is_seen() {
    let (hub, board) = (hub(), Board::default());
    let mut screen = hub.subscribe(board.channel("tasks"), None);
    next(&mut screen).await;
    for n in 0..500 {
        board.set(&n.to_string());
        hub.publish(&committed(&["tasks"]));
        if n % 50 == 0 {
            tokio::task::yield_now().await;
        }
    }
    let mut last = next(&mut screen).await;
    while let Ok(Some(frame)) = timeout(Duration::from_millis(200), screen.next()).await {
        last = frame;
    }
    assert_eq!(last.bytes, "499");
    assert!(board.renders() <= 4, "{} renderings", board.renders());
}

#[tokio::test]
async fn a_screen_that_comes_back_gets_only_what_it_lacks() {
    let (hub, board) = (hub(), Board::default());
    board.set("one");
    let mut screen = hub.subscribe(board.channel("tasks"), None);
    let seen = next(&mut screen).await;
    let mut again = hub.subscribe(board.channel("tasks"), Some(&seen.id));
    silent(&mut again).await;
    // Rendered again with the same bytes: nothing to send.
    hub.publish(&committed(&["tasks"]));
    silent(&mut again).await;
    assert_eq!(board.renders(), 2);
    drop(again);
    board.set("two");
    hub.publish(&committed(&["tasks"]));
    assert_eq!(next(&mut screen).await.bytes, "two");
    let mut late = hub.subscribe(board.channel("tasks"), Some(&seen.id));
    assert_eq!(next(&mut late).await.bytes, "two");
    // Another process, same content: the client already has it.
    let other = self::hub();
    let mut moved = other.subscribe(board.channel("tasks"), Some(&next_id(&hub, &board).await));
    silent(&mut moved).await;
}

async fn next_id(hub: &Hub, board: &Board) -> String {
    next(&mut hub.subscribe(board.channel("tasks"), None)).await.id.to_string()
}

#[tokio::test]
async fn a_slow_screen_holds_nobody_up_and_skips_to_the_newest() {
    let (hub, board) = (hub(), Board::default());
    let mut quick = hub.subscribe(board.channel("tasks"), None);
    let mut slow = hub.subscribe(board.channel("tasks"), None);
    next(&mut quick).await;
    for n in 0..10 {
        board.set(&n.to_string());
        hub.publish(&committed(&["tasks"]));
        assert_eq!(next(&mut quick).await.bytes, n.to_string());
    }
    assert_eq!(next(&mut slow).await.bytes, "9");
    silent(&mut slow).await;
}

#[tokio::test]
async fn a_channel_nobody_looks_at_ends_and_is_fresh_for_the_next() {
    let (hub, board) = (hub(), Board::default());
    board.set("old");
    next(&mut hub.subscribe(board.channel("tasks"), None)).await;
    // Still lingering: the change is not drawn for nobody, and the next screen does not see the old frame.
    board.set("new");
    hub.publish(&committed(&["tasks"]));
    sleep(Duration::from_millis(60)).await;
    assert_eq!(board.renders(), 1);
    assert_eq!(next(&mut hub.subscribe(board.channel("tasks"), None)).await.bytes, "new");
    sleep(Duration::from_millis(600)).await;
    assert_eq!((hub.channels(), board.renders()), (0, 2));
    next(&mut hub.subscribe(board.channel("tasks"), None)).await;
    assert_eq!(board.renders(), 3);
}

#[tokio::test]
async fn a_rendering_that_fails_or_panics_is_tried_again() {
    let hub = hub();
    let tries = Arc::new(AtomicUsize::new(0));
    let channel = Channel::new("board", ["tasks"], move || {
        let n = tries.fetch_add(1, Ordering::SeqCst);
        async move {
            assert_ne!(n, 0, "the first one panics");
            if n == 1 { Err("the second one fails".into()) } else { Ok(Bytes::from_static(b"drawn")) }
        }
    });
    assert_eq!(next(&mut hub.subscribe(channel, None)).await.bytes, "drawn");
}

#[tokio::test]
async fn midnight_draws_without_a_change() {
    let midnight: jiff::Timestamp = "2025-09-26T17:00:00Z".parse().unwrap();
    let before = midnight - jiff::SignedDuration::from_millis(1500);
    let clock = Arc::new(ShiftedClock::starting_at(before));
    let hub = Hub::new(clock.clone(), Limits::default());
    let channel = Channel::new("today", ["tasks"], move || {
        let date = crate::clock::local(clock.now()).date();
        async move { Ok(Bytes::from(date.to_string())) }
    })
    .next_tick(move |now| (now < midnight).then_some(midnight));
    let mut screen = hub.subscribe(channel, None);
    assert_eq!(next(&mut screen).await.bytes, "2025-09-26");
    assert_eq!(next(&mut screen).await.bytes, "2025-09-27");
}

#[tokio::test]
async fn the_stream_is_server_sent_events() {
    let (hub, board) = (hub(), Board::default());
    board.set("<p>một</p>\n<p>hai</p>\r\nba\rbốn");
    let session = Uuid::new_v4();
    let response = hub.sse(session, hub.subscribe(board.channel("tasks"), None));
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["x-accel-buffering"], "no");
    let mut body = response.into_body().into_data_stream();
    assert!(body.next().await.unwrap().unwrap().starts_with(b"retry: "));
    let event = String::from_utf8(body.next().await.unwrap().unwrap().to_vec()).unwrap();
    let (head, data) = event.split_once("\ndata: ").unwrap();
    assert!(head.starts_with("event: fragment\nid: "));
    assert_eq!(data, "<p>một</p>\ndata: <p>hai</p>\ndata: ba\ndata: bốn\n\n");
}

#[tokio::test]
async fn a_silent_stream_says_that_it_is_alive() {
    let hub = Hub::new(
        Arc::new(SystemClock),
        Limits { keep_alive: Duration::from_millis(20), ..Limits::default() },
    );
    let board = Board::default();
    let response = hub.sse(Uuid::new_v4(), hub.subscribe(board.channel("a"), None));
    let mut body = response.into_body().into_data_stream();
    // On a busy machine the first sign of life may come before the picture.
    let mut alive = 0;
    for _ in 0..5 {
        alive += u8::from(body.next().await.unwrap().unwrap() == ":\n\n");
    }
    assert!(alive >= 2, "{alive}");
}

#[tokio::test]
async fn revocation_and_the_end_of_the_server_close_streams() {
    let (hub, board) = (hub(), Board::default());
    let open = |session: u128, topic: &str| {
        let frames = hub.subscribe(board.channel("tasks"), None);
        hub.sse_until(Uuid::from_u128(session), frames, hub.changed([topic])).into_body().collect()
    };
    let (revoked, withdrawn, left) = (open(1, "-"), open(2, "grants/2"), open(3, "-"));
    assert_eq!(hub.streams(), 3);
    let (dead, receiver) = tokio::sync::broadcast::channel(4);
    tokio::spawn(hub.clone().end_dead(receiver, |id: u128| Uuid::from_u128(id), async |_| true));
    dead.send(1).unwrap();
    assert!(timeout(Duration::from_secs(5), revoked).await.is_ok(), "the revoked session's stream is closed");
    hub.publish(&committed(&["grants/2"]));
    assert!(timeout(Duration::from_secs(5), withdrawn).await.is_ok(), "the stream without a right is closed");
    assert_eq!(hub.streams(), 1);
    hub.close();
    assert!(timeout(Duration::from_secs(1), left).await.is_ok(), "a stopping server closes its streams");
    assert_eq!(hub.streams(), 0);
}

#[tokio::test]
async fn dead_sessions_are_found_also_when_too_many_were_named() {
    let (hub, board) = (hub(), Board::default());
    let open = |id| hub.sse(Uuid::from_u128(id), hub.subscribe(board.channel("tasks"), None)).into_body();
    let (one, _two) = (open(1), open(2));
    let (dead, receiver) = tokio::sync::broadcast::channel(2);
    for id in [1, 7, 8, 9, 10] {
        dead.send(id).unwrap();
    }
    let is_live = |id: Uuid| std::future::ready(id != Uuid::from_u128(1));
    tokio::spawn(hub.clone().end_dead(receiver, |id: u128| Uuid::from_u128(id), is_live));
    assert!(timeout(Duration::from_secs(5), one.collect()).await.is_ok());
    assert_eq!(hub.streams(), 1);
}

#[tokio::test]
async fn a_stream_that_lasted_long_enough_asks_to_be_opened_again() {
    let limits = Limits { lifetime: Duration::from_millis(100), ..Limits::default() };
    let (hub, board) = (Hub::new(Arc::new(SystemClock), limits), Board::default());
    let body = hub.sse(Uuid::nil(), hub.subscribe(board.channel("tasks"), None)).into_body().collect();
    let bytes = timeout(Duration::from_secs(2), body).await.unwrap().unwrap().to_bytes();
    assert!(bytes.ends_with(b"retry: 100\n\n"));
}

#[tokio::test]
async fn a_session_and_a_node_have_only_so_many_streams() {
    let limits = Limits { streams: 8, ..Limits::default() };
    let (hub, board) = (Hub::new(Arc::new(SystemClock), limits), Board::default());
    let open = |session| hub.sse(session, hub.subscribe(board.channel("t"), None));
    let (one, two, three) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    let mut kept: Vec<_> = (0..6).map(|_| open(one)).collect();
    assert!(kept.iter().all(|response| response.status() == 200));
    let refused = open(one);
    assert_eq!(refused.status(), 503);
    assert!(refused.headers().contains_key("retry-after"));
    kept.push(open(two));
    kept.push(open(two));
    assert_eq!(open(three).status(), 503);
    kept.pop();
    assert_eq!(open(three).status(), 200);
    drop(kept);
    assert_eq!(hub.streams(), 0);
}

fn nats_url() -> String {
    std::env::var("DIENHONG_TEST_NATS").unwrap_or_else(|_| "nats://127.0.0.1:4222".to_owned())
}

/// A wire to NATS that can be cut.
struct Wire {
    port: u16,
    cut: tokio::sync::watch::Sender<bool>,
}

impl Wire {
    async fn lay() -> Self {
        let target = nats_url().trim_start_matches("nats://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cut, state) = tokio::sync::watch::channel(false);
        tokio::spawn(async move {
            while let Ok((mut from, _)) = listener.accept().await {
                let (target, mut state) = (target.clone(), state.clone());
                tokio::spawn(async move {
                    if *state.borrow() {
                        return;
                    }
                    let mut to = TcpStream::connect(target).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut from, &mut to) => {}
                        _ = state.wait_for(|cut| *cut) => {}
                    }
                });
            }
        });
        Self { port, cut }
    }
}

/// Changes a board on one node until the other shows it; how long the last change took.
async fn crosses(from: &Hub, board: &Board, screen: &mut Subscription, text: &str) -> Duration {
    board.set(text);
    let start = Instant::now();
    from.publish(&committed(&["tasks"]));
    assert_eq!(next(screen).await.bytes, text);
    start.elapsed()
}

#[tokio::test]
async fn two_nodes_see_each_others_changes_also_after_nats_was_lost() {
    let wire = Wire::lay().await;
    let (a, b, board) = (hub(), hub(), Board::default());
    let installation = Uuid::new_v4().to_string();
    a.join(Nats { url: nats_url(), installation: installation.clone() });
    b.join(Nats { url: format!("nats://127.0.0.1:{}", wire.port), installation });
    let mut on_a = a.subscribe(board.channel("tasks"), None);
    let mut on_b = b.subscribe(board.channel("tasks"), None);
    next(&mut on_a).await;
    next(&mut on_b).await;
    // Joining draws everything once more; the bytes are the same, so wait for the connections themselves.
    sleep(Duration::from_millis(500)).await;
    assert!(crosses(&a, &board, &mut on_b, "from a").await < Duration::from_secs(1));
    next(&mut on_a).await;
    assert!(crosses(&b, &board, &mut on_a, "from b").await < Duration::from_secs(1));
    next(&mut on_b).await;

    wire.cut.send_replace(true);
    sleep(Duration::from_millis(300)).await;
    board.set("a while b was alone");
    a.publish(&committed(&["tasks"]));
    assert_eq!(next(&mut on_a).await.bytes, "a while b was alone");
    silent(&mut on_b).await;
    wire.cut.send_replace(false);
    assert_eq!(next(&mut on_b).await.bytes, "a while b was alone", "drawn again once NATS is back");
    assert!(crosses(&b, &board, &mut on_a, "b is back").await < Duration::from_secs(1));
    next(&mut on_b).await;
    assert!(crosses(&a, &board, &mut on_b, "and hears a").await < Duration::from_secs(1));
}
