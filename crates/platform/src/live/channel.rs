//! One fragment, rendered once for all who show it.

use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use futures::{FutureExt, Stream, StreamExt, future::BoxFuture};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::{
    sync::{Notify, watch},
    time::{Instant, sleep_until},
};
use tokio_stream::wrappers::WatchStream;

use super::{
    hub::{Hub, Listener, lock},
    sse_frame,
};

/// Any error of a rendering; it is logged and counted, the screens keep what they show, and it is tried again.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// Renders a fragment.
pub type Render = Arc<dyn Fn() -> BoxFuture<'static, Result<Bytes, BoxError>> + Send + Sync>;
/// The instant after the given one at which a fragment looks different without any change: midnight, a deadline.
pub type Tick = Arc<dyn Fn(Timestamp) -> Option<Timestamp> + Send + Sync>;

/// What a screen shows and when it must be drawn again.
#[derive(Clone)]
pub struct Channel {
    key: String,
    topics: Vec<String>,
    render: Render,
    tick: Option<Tick>,
}

impl Channel {
    /// A fragment. `key` holds everything the bytes depend on: filters, language and audience.
    pub fn new<F>(
        key: impl Into<String>,
        topics: impl IntoIterator<Item = impl Into<String>>,
        render: impl Fn() -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Bytes, BoxError>> + Send + 'static,
    {
        Self {
            key: key.into(),
            topics: topics.into_iter().map(Into::into).collect(),
            render: Arc::new(move || render().boxed()),
            tick: None,
        }
    }

    /// Draws again at the instants that `tick` names, in the time of the hub's clock.
    #[must_use]
    pub fn next_tick(
        mut self,
        tick: impl Fn(Timestamp) -> Option<Timestamp> + Send + Sync + 'static,
    ) -> Self {
        self.tick = Some(Arc::new(tick));
        self
    }
}

/// One rendering, shared by all screens.
#[derive(Debug, Clone)]
pub struct Frame {
    /// The content's hash: the same content has the same id on every node and after a restart.
    pub id: Arc<str>,
    /// The fragment.
    pub bytes: Bytes,
    /// The fragment as a server-sent event.
    pub wire: Bytes,
}

impl Frame {
    fn new(bytes: Bytes) -> Self {
        let hash = Sha256::digest(&bytes);
        let id: Arc<str> = crate::hex(&hash[..12]).into();
        Self { wire: sse_frame(&id, &bytes), id, bytes }
    }
}

/// An open channel as the hub knows it.
pub(super) struct Entry {
    frames: watch::Sender<Option<Frame>>,
    /// A change came while nobody looked: the frame was dropped and must be drawn for the next who looks.
    stale: Arc<AtomicBool>,
    notify: Arc<Notify>,
}

impl Hub {
    /// The frames of a fragment: the newest at once unless the client has it already (`last`), then each new one.
    /// Opens the channel if this is its first screen; must be called inside a tokio runtime.
    pub fn subscribe(&self, channel: Channel, last: Option<&str>) -> Subscription {
        let last = last.map(Arc::from);
        let mut channels = lock(&self.0.channels);
        if let Some(entry) = channels.get(&channel.key) {
            let frames = entry.frames.subscribe();
            if entry.stale.swap(false, Ordering::AcqRel) {
                entry.notify.notify_one();
            }
            return Subscription { frames: WatchStream::new(frames), last };
        }
        let listener = self.listen(&channel.topics);
        let (sender, frames) = watch::channel(None);
        let stale = Arc::new(AtomicBool::new(false));
        let entry = Entry { frames: sender.clone(), stale: stale.clone(), notify: listener.notify.clone() };
        channels.insert(channel.key.clone(), entry);
        drop(channels);
        tokio::spawn(run(self.clone(), channel, listener, sender, stale));
        Subscription { frames: WatchStream::new(frames), last }
    }

    /// Removes the channel unless a screen has come meanwhile; true when it is gone.
    fn end_if_unused(&self, key: &str, frames: &watch::Sender<Option<Frame>>) -> bool {
        let mut channels = lock(&self.0.channels);
        let unused = frames.receiver_count() == 0;
        if unused {
            channels.remove(key);
        }
        unused
    }
}

async fn run(
    hub: Hub,
    channel: Channel,
    mut listener: Listener,
    frames: watch::Sender<Option<Frame>>,
    stale: Arc<AtomicBool>,
) {
    let mut failures = 0u32;
    loop {
        // Counted from the start of the rendering: what changes while it runs is drawn after it.
        let started = Instant::now();
        failures = if draw(&channel, &frames).await { 0 } else { failures + 1 };
        let again = match failures {
            0 => until_tick(&hub, &channel),
            n => Some(Duration::from_millis(250 << n.min(5)).min(Duration::from_secs(5))),
        };
        let deadline = again.map(|wait| Instant::now() + wait);
        if !wait(&hub, &channel, &mut listener, &frames, &stale, deadline).await {
            return;
        }
        sleep_until(started + hub.0.limits.coalesce).await;
    }
}

/// Returns true when the fragment must be drawn, false when the channel has ended.
async fn wait(
    hub: &Hub,
    channel: &Channel,
    listener: &mut Listener,
    frames: &watch::Sender<Option<Frame>>,
    stale: &AtomicBool,
    deadline: Option<Instant>,
) -> bool {
    let mut unused_since: Option<Instant> = None;
    loop {
        let unused = frames.receiver_count() == 0;
        unused_since = unused.then(|| unused_since.unwrap_or_else(Instant::now));
        let linger = unused_since.map(|since| since + hub.0.limits.linger);
        tokio::select! {
            () = listener.changed() => {}
            () = sleep_to(deadline), if !stale.load(Ordering::Acquire) => {}
            () = frames.closed(), if !unused => continue,
            () = sleep_to(linger), if unused => {
                if hub.end_if_unused(&channel.key, frames) {
                    return false;
                }
                continue;
            }
        }
        // Under the lock, so that a screen that comes now sees either the mark or the new frame.
        let channels = lock(&hub.0.channels);
        if frames.receiver_count() > 0 {
            stale.store(false, Ordering::Release);
            return true;
        }
        frames.send_replace(None);
        stale.store(true, Ordering::Release);
        drop(channels);
    }
}

async fn sleep_to(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

/// Renders and sends unless the bytes are the ones sent last; false when it failed.
async fn draw(channel: &Channel, frames: &watch::Sender<Option<Frame>>) -> bool {
    metrics::counter!("dienhong_live_renders_total").increment(1);
    let rendered = AssertUnwindSafe(async { (channel.render)().await }).catch_unwind().await;
    let error: BoxError = match rendered {
        Ok(Ok(bytes)) => {
            let frame = Frame::new(bytes);
            frames.send_if_modified(|current| {
                let new = current.as_ref().is_none_or(|current| current.id != frame.id);
                if new {
                    *current = Some(frame);
                }
                new
            });
            return true;
        }
        Ok(Err(error)) => error,
        Err(_) => "the rendering panicked".into(),
    };
    metrics::counter!("dienhong_live_render_errors_total").increment(1);
    tracing::error!(channel = channel.key, %error, "a fragment could not be drawn");
    false
}

fn until_tick(hub: &Hub, channel: &Channel) -> Option<Duration> {
    let now = hub.0.clock.now();
    let at = channel.tick.as_ref()?(now)?;
    let wait = Duration::try_from(at.duration_since(now)).unwrap_or_default();
    // At least a second apart, so that a tick that names the past cannot spin.
    Some(wait.max(Duration::from_secs(1)))
}

/// The frames of one fragment for one client.
pub struct Subscription {
    frames: WatchStream<Option<Frame>>,
    last: Option<Arc<str>>,
}

impl Stream for Subscription {
    type Item = Frame;
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Frame>> {
        loop {
            match self.frames.poll_next_unpin(cx) {
                Poll::Ready(Some(Some(frame))) if self.last.as_deref() != Some(&*frame.id) => {
                    self.last = Some(frame.id.clone());
                    return Poll::Ready(Some(frame));
                }
                Poll::Ready(Some(_)) => {}
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
