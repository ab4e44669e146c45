//! Changes between the nodes of one installation.

use std::{sync::atomic::Ordering, time::Duration};

use futures::StreamExt;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::hub::{Hub, lock};
use crate::audit::Topic;

/// How to reach the other nodes.
#[derive(Clone)]
pub struct Nats {
    /// `nats://host:4222`, several with commas; may hold a name and password or a token.
    pub url: String,
    /// The installation; nodes of different installations on one NATS do not hear each other.
    pub installation: String,
}

/// What changed; `None` for "draw everything".
pub(super) struct Change {
    pub(super) seq: i64,
    pub(super) topics: Option<Vec<Topic>>,
}

/// A change as it travels.
#[derive(Serialize, Deserialize)]
struct Message {
    node: Uuid,
    seq: i64,
    /// Absent: the node may have lost messages, everything must be drawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    topics: Option<Vec<String>>,
}

enum Signal {
    Connected,
    Lost,
}

impl Nats {
    fn subject(&self) -> String {
        let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        format!("dienhong.{}.changes", self.installation.chars().map(safe).collect::<String>())
    }

    pub(super) fn start(self, hub: Hub) {
        let (sender, changes) = mpsc::channel(4096);
        *lock(&hub.0.others) = Some(sender);
        tokio::spawn(async move {
            let mut closing = hub.0.closing.subscribe();
            let mut changes = changes;
            loop {
                tokio::select! {
                    error = run(&self, &hub, &mut changes) => {
                        tracing::error!(%error, "the connection to NATS ended; trying again");
                    }
                    _ = closing.wait_for(|closing| *closing) => return,
                }
                tokio::time::sleep(Duration::from_secs(2)).await;
            }
        });
    }
}

/// Returns only when the connection cannot go on.
async fn run(
    nats: &Nats,
    hub: &Hub,
    changes: &mut mpsc::Receiver<Change>,
) -> Box<dyn std::error::Error + Send + Sync> {
    let subject = nats.subject();
    let node = Uuid::new_v4();
    let (signal, mut signals) = mpsc::channel(16);
    let options = async_nats::ConnectOptions::new()
        .name(format!("dienhong {node}"))
        .retry_on_initial_connect()
        .ping_interval(Duration::from_secs(5))
        .reconnect_delay_callback(|attempt| {
            let step = u64::try_from(attempt).unwrap_or(u64::MAX).min(20);
            Duration::from_millis(step * 100 + rand::random_range(0..50))
        })
        .event_callback(move |event| {
            let signal = match event {
                async_nats::Event::Connected => Some((Signal::Connected, signal.clone())),
                async_nats::Event::Disconnected | async_nats::Event::SlowConsumer(_) => {
                    Some((Signal::Lost, signal.clone()))
                }
                _ => None,
            };
            async move {
                if let Some((signal, to)) = signal {
                    // The channel is gone only when this connection is given up.
                    let _ = to.send(signal).await;
                }
            }
        });
    let servers: Vec<String> = nats.url.split(',').map(|server| server.trim().to_owned()).collect();
    let client = match options.connect(servers).await {
        Ok(client) => client,
        Err(error) => return error.into(),
    };
    let mut messages = match client.subscribe(subject.clone()).await {
        Ok(messages) => messages,
        Err(error) => return error.into(),
    };
    let up = metrics::gauge!("dienhong_live_nats_up");
    loop {
        // Selected first, then sent: a send that waits must not lose its message.
        let change = tokio::select! {
            signal = signals.recv() => match signal {
                Some(Signal::Connected) => {
                    tracing::info!("connected to NATS");
                    up.set(1.0);
                    // This node comes to hear it too: then its subscription is known to work again.
                    Change { seq: 0, topics: None }
                }
                Some(Signal::Lost) => {
                    tracing::warn!("NATS is lost: other nodes' changes are not seen until it is back");
                    metrics::counter!("dienhong_live_nats_lost_total").increment(1);
                    up.set(0.0);
                    continue;
                }
                None => return "no more signals".into(),
            },
            message = messages.next() => {
                let Some(message) = message else { return "the subscription ended".into() };
                receive(hub, node, &message.payload);
                continue;
            }
            change = changes.recv() => match change {
                Some(change) => change,
                None => return "the hub is gone".into(),
            },
        };
        let everything = hub.0.overflow.swap(false, Ordering::AcqRel);
        let topics = change.topics.filter(|_| !everything);
        let topics = topics.map(|topics| topics.into_iter().map(|topic| topic.0).collect());
        let payload = match serde_json::to_vec(&Message { node, seq: change.seq, topics }) {
            Ok(payload) => payload,
            Err(error) => return error.into(),
        };
        if let Err(error) = client.publish(subject.clone(), payload.into()).await {
            return error.into();
        }
    }
}

fn receive(hub: &Hub, node: Uuid, payload: &[u8]) {
    metrics::counter!("dienhong_live_nats_messages_total").increment(1);
    match serde_json::from_slice::<Message>(payload) {
        Ok(Message { topics: None, .. }) => hub.redraw(),
        Ok(message) if message.node == node => {}
        Ok(Message { topics: Some(topics), .. }) => {
            let topics: Vec<Topic> = topics.into_iter().map(Topic::new).collect();
            hub.wake(&topics);
        }
        Err(error) => {
            tracing::warn!(%error, "a message that is not a change came over NATS");
            hub.redraw();
        }
    }
}
