//! What waits for a second person.

use axum::{extract::State, response::Response};
use serde_json::Value;

use super::{
    Typed, moment, to,
    view::{Button, Section, View},
};
use crate::{
    app::App,
    db::DbError,
    i18n,
    identity::{
        Actor, ApprovalId, AtBrowser, Confidentiality, Right,
        approval::{self, Refusal},
    },
    web::{AppError, Cx, Path},
};

pub(super) async fn page(actor: Actor, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let now = app.db.clock().now();
    let waiting = app.db.read(approval::waiting).await.map_err(|error: DbError| AppError::from(error))?;
    let mut view = View {
        title: cx.t("identity-approvals").into_owned(),
        intro: cx.t("identity-approvals-text").into_owned(),
        ..View::default()
    };
    for item in &waiting {
        let own = actor.author().subject.as_deref() == Some(item.requested_by.as_str());
        if !own && !actor.covers_area(&item.area, Right::Decide, Confidentiality::Normal) {
            continue;
        }
        let mut facts = vec![
            (
                cx.t("identity-object").into_owned(),
                format!("{} {}", super::log::kind_words(&cx, &item.object_kind), item.object_id),
            ),
            (cx.t("identity-asked-by").into_owned(), item.requested_office.clone()),
            (cx.t("identity-asked-at").into_owned(), moment(&cx, item.requested_at)),
            (cx.t("identity-until").into_owned(), moment(&cx, item.expires)),
        ];
        let mut shown = Vec::new();
        flatten("", &item.payload, &mut shown);
        facts.extend(
            shown
                .into_iter()
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (fact_words(&cx, &item.area, &name), value)),
        );
        facts.push((cx.t("identity-hash").into_owned(), item.payload_hash.clone()));
        let text = match approval::check(item, &actor, now) {
            Ok(()) => String::new(),
            Err(Refusal::SamePerson) => cx.t("identity-approval-same-person").into_owned(),
            Err(Refusal::SameSession) => cx.t("identity-approval-same-session").into_owned(),
            Err(_) => cx.t("identity-approval-expired").into_owned(),
        };
        let buttons = if text.is_empty() {
            let shown = |button: Button| button.hidden("hash", item.payload_hash.clone());
            let mut yes =
                shown(Button::new(format!("/phe-duyet/{}/duyet", item.id), cx.t("identity-approve")));
            yes.class = "btn-primary";
            yes.confirm = cx.t1("identity-approve-confirm", "act", super::log::act_words(&cx, &item.act));
            vec![yes, shown(Button::new(format!("/phe-duyet/{}/tu-choi", item.id), cx.t("identity-refuse")))]
        } else {
            Vec::new()
        };
        view.sections.push(Section {
            title: super::log::act_words(&cx, &item.act),
            text,
            facts,
            buttons,
            ..Section::default()
        });
    }
    if view.sections.is_empty() {
        view.sections
            .push(Section { text: cx.t("identity-approvals-none").into_owned(), ..Section::default() });
    }
    Ok(view.show(&cx, None))
}

/// The name of a fact as its area says it: `co_cau.dai_bieu` of `credentials` is `credentials-fact-co_cau`, then
/// `credentials-fact-dai_bieu` or `credentials-part-dai_bieu`. A name without words is shown as it was sent.
fn fact_words(cx: &Cx, area: &str, name: &str) -> String {
    let word = |part: &str| {
        [format!("{area}-fact-{part}"), format!("{area}-part-{part}")]
            .iter()
            .find(|candidate| i18n::has(cx.lang, candidate))
            .map_or_else(|| part.to_owned(), |found| cx.t(found).into_owned())
    };
    name.split('.').map(word).collect::<Vec<_>>().join(" · ")
}

/// JSON as lines of name and value, the names joined by a dot.
pub(super) fn flatten(prefix: &str, value: &Value, out: &mut Vec<(String, String)>) {
    let name = |part: &str| if prefix.is_empty() { part.to_owned() } else { format!("{prefix}.{part}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(part, value)| flatten(&name(part), value, out)),
        Value::Array(items) => {
            items
                .iter()
                .enumerate()
                .for_each(|(at, value)| flatten(&name(&(at + 1).to_string()), value, out));
        }
        Value::Null => {}
        Value::String(text) => out.push((prefix.to_owned(), text.clone())),
        other => out.push((prefix.to_owned(), other.to_string())),
    }
}

async fn decide(
    app: &App,
    actor: &Actor<AtBrowser>,
    id: ApprovalId,
    typed: Typed,
    yes: bool,
) -> Result<Response, AppError> {
    let typed = typed.only(&["hash"])?;
    let shown = typed.get("hash").to_owned();
    let who = actor.clone();
    app.db
        .write(actor.author(), move |tx| {
            if yes { approval::approve(tx, id, &who, &shown) } else { approval::refuse(tx, id, &who, &shown) }
        })
        .await?;
    Ok(to("/phe-duyet"))
}

pub(super) async fn approve(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    Path(id): Path<ApprovalId>,
    typed: Typed,
) -> Result<Response, AppError> {
    decide(&app, &actor, id, typed, true).await
}

pub(super) async fn refuse(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    Path(id): Path<ApprovalId>,
    typed: Typed,
) -> Result<Response, AppError> {
    decide(&app, &actor, id, typed, false).await
}
