//! What gates listen to: a line as soon as a pass is revoked, a key is changed, or zones are saved.

use axum::{extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    identity::Actor,
    live::{Channel, last_event_id},
    web::{AppError, Cx},
};
use serde_json::json;

use crate::badges::{BadgeError, REVOCATIONS, ReadBadges, keys, query};

/// `GET /song/the/thu-hoi`: the newest sequences, at once and after each change. Who lacks some asks the API for what
/// came after the last it knows.
pub(in crate::badges) async fn stream(
    actor: Actor<ReadBadges>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    // The hub ends the stream when its session ends; of tokens it does not know.
    actor.session().ok_or_else(AppError::forbidden)?;
    let owner = app.clone();
    let channel = Channel::new("badges.gates", [REVOCATIONS], move || {
        let app = owner.clone();
        async move {
            let (keys, revoked) = app
                .db
                .read(|tx| {
                    Ok::<_, BadgeError>((keys::list(tx)?.sequence, query::revocations(tx)?.sequence()))
                })
                .await?;
            Ok(json!({ "keys": keys, "revocations": revoked }).to_string().into())
        }
    });
    let shown = cx.param("co");
    let last = last_event_id(&headers).or((!shown.is_empty()).then_some(shown.as_str()));
    let frames = app.live.subscribe(channel, last);
    Ok(app.live.sse(actor.door_id(), frames))
}
