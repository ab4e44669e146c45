//! Who waits for which topic, and how many streams are open.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::sync::{Notify, broadcast, mpsc, watch};
use uuid::Uuid;

use super::{
    channel::Entry,
    nats::{Change, Nats},
};
use crate::{
    audit::{Committed, Topic},
    clock::Clock,
};

/// How much one node carries and how often it draws.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Streams open at once on this node.
    pub streams: usize,
    /// Streams open at once for one session; browsers open one per visible page.
    pub streams_per_session: usize,
    /// Changes that come within this time after a rendering are drawn together.
    pub coalesce: Duration,
    /// How long a channel stays after its last screen has gone.
    pub linger: Duration,
    /// How often a silent stream says that it is alive.
    pub keep_alive: Duration,
    /// How long a stream lasts at most: the client comes back and its rights are read again.
    pub lifetime: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            streams: 20_000,
            streams_per_session: 6,
            coalesce: Duration::from_millis(30),
            linger: Duration::from_secs(5),
            keep_alive: Duration::from_secs(15),
            lifetime: Duration::from_secs(300),
        }
    }
}

/// Carries changes to the screens; clones share everything.
#[derive(Clone)]
pub struct Hub(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) clock: Arc<dyn Clock>,
    pub(super) limits: Limits,
    pub(super) channels: Mutex<HashMap<String, Entry>>,
    listeners: Mutex<Listeners>,
    next: AtomicU64,
    pub(super) open: AtomicUsize,
    pub(super) sessions: Mutex<HashMap<Uuid, Streams>>,
    pub(super) closing: watch::Sender<bool>,
    pub(super) others: Mutex<Option<mpsc::Sender<Change>>>,
    /// A change could not be handed to the other nodes: they must draw everything.
    pub(super) overflow: std::sync::atomic::AtomicBool,
}

/// The open streams of one session.
pub(super) struct Streams {
    pub(super) count: usize,
    pub(super) ended: watch::Sender<bool>,
}

#[derive(Default)]
struct Listeners {
    all: HashMap<u64, Arc<Notify>>,
    by_topic: HashMap<Topic, HashMap<u64, Arc<Notify>>>,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Hub {
    /// A hub of this process alone. Needs no runtime.
    pub fn new(clock: Arc<dyn Clock>, limits: Limits) -> Self {
        Self(Arc::new(Inner {
            clock,
            limits,
            channels: Mutex::default(),
            listeners: Mutex::default(),
            next: AtomicU64::new(0),
            open: AtomicUsize::new(0),
            sessions: Mutex::default(),
            closing: watch::Sender::new(false),
            others: Mutex::default(),
            overflow: std::sync::atomic::AtomicBool::new(false),
        }))
    }

    /// Joins the other nodes of the installation over NATS, in the background: a NATS that is not there
    /// yet, or is lost, is tried again for ever.
    pub fn join(&self, nats: Nats) {
        nats.start(self.clone());
    }

    /// Tells the screens what has been committed. Called on the writer thread: never waits for anybody.
    pub fn publish(&self, committed: &[Committed]) {
        let mut seen = HashSet::new();
        let topics: Vec<Topic> = committed
            .iter()
            .flat_map(|event| &event.topics)
            .filter(|topic| seen.insert(*topic))
            .cloned()
            .collect();
        if topics.is_empty() {
            return;
        }
        self.wake(&topics);
        let seq = committed.iter().map(|event| event.seq).max().unwrap_or_default();
        self.tell_others(Change { seq, topics: Some(topics) });
    }

    /// Says that topics changed outside a commit, such as a job's progress.
    pub fn announce(&self, topics: impl IntoIterator<Item = impl Into<String>>) {
        let topics: Vec<Topic> = topics.into_iter().map(Topic::new).collect();
        self.wake(&topics);
        self.tell_others(Change { seq: 0, topics: Some(topics) });
    }

    fn tell_others(&self, change: Change) {
        if let Some(others) = lock(&self.0.others).as_ref()
            && others.try_send(change).is_err()
        {
            self.0.overflow.store(true, Ordering::Release);
        }
    }

    pub(crate) fn wake(&self, topics: &[Topic]) {
        let listeners = lock(&self.0.listeners);
        for topic in topics {
            for listener in listeners.by_topic.get(topic).into_iter().flat_map(HashMap::values) {
                listener.notify_one();
            }
        }
    }

    /// Draws everything again, for when changes may have been missed.
    pub fn redraw(&self) {
        for listener in lock(&self.0.listeners).all.values() {
            listener.notify_one();
        }
    }

    /// Waits for changes of any of `topics`, from this instant on.
    pub fn listen(&self, topics: impl IntoIterator<Item = impl Into<String>>) -> Listener {
        let id = self.0.next.fetch_add(1, Ordering::Relaxed);
        let topics: Vec<Topic> = topics.into_iter().map(Topic::new).collect();
        let notify = Arc::new(Notify::new());
        let mut listeners = lock(&self.0.listeners);
        listeners.all.insert(id, notify.clone());
        for topic in &topics {
            listeners.by_topic.entry(topic.clone()).or_default().insert(id, notify.clone());
        }
        drop(listeners);
        Listener { hub: self.clone(), id, topics, notify }
    }

    /// Completes at the next change of any of `topics`, counted from this call and not from the first poll.
    /// Also completes, without a change, when changes may have been missed: check before acting on it.
    pub fn changed(
        &self,
        topics: impl IntoIterator<Item = impl Into<String>>,
    ) -> impl Future<Output = ()> + Send + 'static {
        let mut listener = self.listen(topics);
        async move { listener.changed().await }
    }

    /// Ends the streams of a session (or token) that is no longer let in.
    pub fn end_session(&self, session: Uuid) {
        if let Some(streams) = lock(&self.0.sessions).get(&session) {
            streams.ended.send_replace(true);
        }
    }

    /// Ends the streams of each session that `dead` names, as long as it does; `id` and `is_live` translate.
    /// When `dead` was too quick, `is_live` is asked for every session with a stream.
    ///
    /// ```text
    /// tokio::spawn(app.live.clone().end_dead(watch.subscribe(), |id: SessionId| id.0, move |id| async move {
    ///     is_live(&app.db, SessionId(id)).await.unwrap_or(true)
    /// }));
    /// ```
    pub async fn end_dead<S, F>(
        self,
        mut dead: broadcast::Receiver<S>,
        id: impl Fn(S) -> Uuid,
        is_live: impl Fn(Uuid) -> F,
    ) where
        S: Clone,
        F: Future<Output = bool>,
    {
        loop {
            match dead.recv().await {
                Ok(session) => self.end_session(id(session)),
                Err(broadcast::error::RecvError::Closed) => return,
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    let open: Vec<Uuid> = lock(&self.0.sessions).keys().copied().collect();
                    for session in open {
                        if !is_live(session).await {
                            self.end_session(session);
                        }
                    }
                }
            }
        }
    }

    /// Ends every stream, so that the server can stop; clients come back by themselves.
    pub fn close(&self) {
        self.0.closing.send_replace(true);
    }

    /// Streams open on this node.
    pub fn streams(&self) -> usize {
        self.0.open.load(Ordering::Relaxed)
    }

    /// Channels open on this node.
    pub fn channels(&self) -> usize {
        lock(&self.0.channels).len()
    }
}

/// Waits for changes of topics; changes between two waits are remembered as one.
pub struct Listener {
    hub: Hub,
    id: u64,
    topics: Vec<Topic>,
    pub(super) notify: Arc<Notify>,
}

impl Listener {
    /// Returns once something changed since the last return, or since the listener was made.
    pub async fn changed(&mut self) {
        self.notify.notified().await;
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listeners = lock(&self.hub.0.listeners);
        listeners.all.remove(&self.id);
        for topic in &self.topics {
            if let Some(waiting) = listeners.by_topic.get_mut(topic) {
                waiting.remove(&self.id);
                if waiting.is_empty() {
                    listeners.by_topic.remove(topic);
                }
            }
        }
    }
}
