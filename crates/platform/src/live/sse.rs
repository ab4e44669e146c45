//! Frames as server-sent events.

use std::{convert::Infallible, pin::Pin, sync::atomic::Ordering, time::Duration};

use axum::{
    body::Body,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::{BufMut, Bytes, BytesMut};
use futures::StreamExt;
use tokio::{
    sync::watch,
    time::{Instant, sleep, sleep_until},
};
use uuid::Uuid;

use super::{
    channel::Subscription,
    hub::{Hub, Streams, lock},
};

/// The id of the newest frame that a client has, from its `Last-Event-ID` header.
pub fn last_event_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("last-event-id")?.to_str().ok()
}

/// `event: fragment` with its id and data, as the standard wants it: each line of the data on its own.
pub fn sse_frame(id: &str, data: &[u8]) -> Bytes {
    let mut out = BytesMut::with_capacity(data.len() + data.len() / 16 + id.len() + 40);
    out.put_slice(b"event: fragment\nid: ");
    out.put_slice(id.as_bytes());
    for line in data.split(|byte| *byte == b'\n') {
        // A carriage return would end the line for the browser.
        let parts = line.strip_suffix(b"\r").unwrap_or(line).split(|byte| *byte == b'\r');
        for part in parts {
            out.put_slice(b"\ndata: ");
            out.put_slice(part);
        }
    }
    out.put_slice(b"\n\n");
    out.freeze()
}

/// A place for one stream; given back when dropped.
struct Place {
    hub: Hub,
    session: Uuid,
    ended: watch::Receiver<bool>,
}

impl Place {
    fn take(hub: &Hub, session: Uuid) -> Option<Self> {
        let limits = hub.0.limits;
        let mut sessions = lock(&hub.0.sessions);
        let mine = sessions.get(&session).map_or(0, |streams| streams.count);
        if mine >= limits.streams_per_session || hub.0.open.load(Ordering::Relaxed) >= limits.streams {
            return None;
        }
        let streams =
            sessions.entry(session).or_insert_with(|| Streams { count: 0, ended: watch::Sender::new(false) });
        streams.count += 1;
        hub.0.open.fetch_add(1, Ordering::Relaxed);
        metrics::gauge!("dienhong_live_streams").increment(1.0);
        Some(Self { hub: hub.clone(), session, ended: streams.ended.subscribe() })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut sessions = lock(&self.hub.0.sessions);
        if let Some(streams) = sessions.get_mut(&self.session) {
            streams.count -= 1;
            if streams.count == 0 {
                sessions.remove(&self.session);
            }
        }
        self.hub.0.open.fetch_sub(1, Ordering::Relaxed);
        metrics::gauge!("dienhong_live_streams").decrement(1.0);
    }
}

struct Stream<E> {
    frames: Subscription,
    ended: Pin<Box<E>>,
    closing: watch::Receiver<bool>,
    keep_alive: Duration,
    until: Instant,
    over: bool,
    place: Place,
}

impl Hub {
    /// Streams frames to one client until it goes, the server stops, its session is
    /// [ended](Self::end_session) or [`Limits::lifetime`](super::Limits::lifetime) is over. 503 with
    /// `Retry-After` when the session or this node has no stream left.
    pub fn sse(&self, session: Uuid, frames: Subscription) -> Response {
        self.sse_until(session, frames, std::future::pending())
    }

    /// Like [`sse`](Self::sse), and only until `ended` completes: the client may no longer see the fragment.
    pub fn sse_until<E>(&self, session: Uuid, frames: Subscription, ended: E) -> Response
    where
        E: Future<Output = ()> + Send + 'static,
    {
        let Some(place) = Place::take(self, session) else {
            metrics::counter!("dienhong_live_refused_total").increment(1);
            return (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "10")]).into_response();
        };
        // Clients that lose one server together do not come back in one instant.
        let hello = format!("retry: {}\n\n", rand::random_range(500..2500));
        // A quarter of jitter, so that clients that came together do not leave together.
        let lifetime = self.0.limits.lifetime;
        let lifetime = lifetime + lifetime.mul_f64(rand::random_range(0.0..0.25));
        let stream = Stream {
            frames,
            ended: Box::pin(ended),
            closing: self.0.closing.subscribe(),
            keep_alive: self.0.limits.keep_alive,
            until: Instant::now() + lifetime,
            over: false,
            place,
        };
        let events = futures::stream::unfold(stream, |mut stream| async {
            let bytes = stream.next().await?;
            Some((bytes, stream))
        });
        let hello = futures::stream::once(async move { Bytes::from(hello) });
        let mut response = Response::new(Body::from_stream(hello.chain(events).map(Ok::<_, Infallible>)));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
        response
    }
}

impl<E: Future<Output = ()>> Stream<E> {
    async fn next(&mut self) -> Option<Bytes> {
        if self.over {
            return None;
        }
        tokio::select! {
            biased;
            () = &mut self.ended => None,
            _ = self.place.ended.wait_for(|ended| *ended) => None,
            _ = self.closing.wait_for(|closing| *closing) => None,
            () = sleep_until(self.until) => {
                self.over = true;
                // Before anyone notices: nothing is wrong, and what is already shown is not sent again.
                Some(Bytes::from_static(b"retry: 100\n\n"))
            }
            frame = self.frames.next() => {
                let frame = frame?;
                metrics::counter!("dienhong_live_frames_total").increment(1);
                Some(frame.wire)
            }
            () = sleep(self.keep_alive) => Some(Bytes::from_static(b":\n\n")),
        }
    }
}
