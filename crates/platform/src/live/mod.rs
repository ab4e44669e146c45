//! Changes reach the screens: topics, fragments rendered once, server-sent events.
//!
//! A commit [publishes](Hub::publish) the topics of its events. A screen's fragment is a [`Channel`]: a key,
//! the topics it depends on and a function that renders it. The first screen that shows a fragment opens its
//! channel; a change of one of its topics renders it **once**, and the same bytes go to every screen. A slow
//! screen skips to the newest frame, so nothing piles up behind it. When the last screen is gone, the channel
//! ends after a short while.
//!
//! The **key says everything the bytes depend on**: filters, language and audience, as in
//! `tasks.board?don-vi=ubkt&lang=vi#aud=internal`. Nothing is filtered per client, so two people may share a
//! key only when both may see every byte behind it.
//!
//! Between processes the topics travel over NATS. A node that lost its connection draws everything again
//! once it is back, as do the others: they may have missed its changes.
//!
//! ```text
//! let board = Channel::new(format!("tasks.board?{filter}&lang={lang}#aud={aud}"), ["tasks"], move || {
//!     let app = app.clone();
//!     async move { Ok(render_board(&app, &filter).await?) }
//! });
//! let frames = app.live.subscribe(board, last_event_id(&headers));
//! app.live.sse(actor.door_id(), frames)
//! ```

mod channel;
mod hub;
mod nats;
mod sse;
#[cfg(test)]
mod tests;

pub use channel::{BoxError, Channel, Frame, Render, Subscription, Tick};
pub use hub::{Hub, Limits, Listener};
pub use nats::Nats;
pub use sse::{last_event_id, sse_frame};
