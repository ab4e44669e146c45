//! The audit log to read: who did what by office, from which session, why.

use axum::{extract::State, response::Response};

use super::{
    Typed,
    account::heads,
    approvals::flatten,
    moment,
    view::{Cell, Fields, Section, Table, View},
};
use crate::{
    app::App,
    audit::{self, store::Filter},
    db::DbError,
    i18n::{self, key},
    identity::{Actor, ReadAudit, doer_words},
    web::{AppError, Cx, Path},
};

/// Lines on one page.
const LINES: u32 = 50;

/// The act as people read it, or the act itself where no catalogue has words for it. An area names its own
/// acts: `task.assigned` is `identity-act-task-assigned`, `tasks-act-assigned`, `task-act-assigned` or, where the
/// area shows a log of its own, `task-log-assigned`.
pub(super) fn act_words(cx: &Cx, act: &str) -> String {
    let flat = act.replace(['.', '_'], "-");
    let (area, verb) = flat.split_once('-').unwrap_or((&flat, ""));
    let candidates = [
        format!("identity-act-{flat}"),
        format!("{area}s-act-{verb}"),
        format!("{area}-act-{verb}"),
        format!("{area}-log-{}", act.split_once('.').map_or("", |(_, verb)| verb)),
    ];
    candidates
        .iter()
        .find(|candidate| i18n::has(cx.lang, candidate))
        .map_or_else(|| act.to_owned(), |found| cx.t(found).into_owned())
}

/// The kind of an object as people read it.
pub(super) fn kind_words(cx: &Cx, kind: &str) -> String {
    let found = format!("identity-kind-{}", kind.replace('_', "-"));
    if i18n::has(cx.lang, &found) { cx.t(&found).into_owned() } else { kind.to_owned() }
}

pub(super) async fn page(_: Actor<ReadAudit>, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let given = |name: &str| Some(cx.param(name).trim().to_owned()).filter(|text| !text.is_empty());
    let filter = Filter { kind: given("loai"), object: given("doi-tuong"), act: given("viec") };
    let before: Option<i64> = given("truoc").and_then(|text| text.parse().ok());
    let (entries, size, checkpoints) = app
        .db
        .read(move |tx| {
            Ok::<_, DbError>((
                audit::store::page(tx, &filter, before, LINES + 1)?,
                audit::store::size(tx)?,
                audit::store::checkpoints(tx)?,
            ))
        })
        .await?;
    let shown = usize::try_from(LINES).unwrap_or(usize::MAX);
    let more = if entries.len() > shown {
        entries.get(shown - 1).map(|last| cx.with("truoc", last.seq)).unwrap_or_default()
    } else {
        String::new()
    };
    let rows = entries
        .iter()
        .take(shown)
        .map(|entry| {
            let line = entry.json();
            let text =
                |name: &str| line.get(name).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
            vec![
                Cell::link(cx.int(entry.seq), format!("/nhat-ky/{}", entry.seq)),
                Cell::text(moment(&cx, entry.at)),
                Cell::text(act_words(&cx, &entry.act)).small(text("why")),
                Cell::link(
                    format!("{} {}", kind_words(&cx, &entry.kind), name_of(&line, &entry.object)),
                    format!("/nhat-ky?{}", object_query(&entry.kind, &entry.object)),
                ),
                Cell::text(doer_words(&cx, &entry.office)).small(via(&cx, &text("via"), &text("session"))),
            ]
        })
        .collect();
    let typed = Typed(
        [("loai", cx.param("loai")), ("doi-tuong", cx.param("doi-tuong")), ("viec", cx.param("viec"))]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
    );
    let form = Fields::new(&cx, &typed, None)
        .input("text", "loai", cx.t("identity-log-kind"), "".into(), "")
        .input("text", "doi-tuong", cx.t("identity-object"), "".into(), "")
        .input("text", "viec", cx.t("identity-log-act"), "".into(), "")
        .get("/nhat-ky", cx.t("shell-filter"));
    let marks = checkpoints
        .iter()
        .rev()
        .take(20)
        .map(|mark| {
            vec![
                Cell::text(cx.int(mark.size)),
                Cell::text(moment(&cx, mark.at)),
                Cell::text(audit::words(&mark.root)),
            ]
        })
        .collect();
    let view = View {
        title: cx.t("identity-log").into_owned(),
        intro: cx.tn("identity-log-text", size),
        sections: vec![
            Section { form: Some(form), ..Section::default() },
            Section {
                title: cx.t("identity-log-lines").into_owned(),
                form: None,
                table: Some(Table {
                    head: heads(
                        &cx,
                        &[
                            key("identity-log-number"),
                            key("identity-log-at"),
                            key("identity-log-act"),
                            key("identity-object"),
                            key("identity-office"),
                        ],
                    ),
                    rows,
                    empty: cx.t("identity-log-none").into_owned(),
                    more,
                }),
                ..Section::default()
            },
            Section {
                title: cx.t("identity-log-checkpoints").into_owned(),
                text: cx.t("identity-log-checkpoints-text").into_owned(),
                table: Some(Table {
                    head: heads(
                        &cx,
                        &[key("identity-log-size"), key("identity-log-at"), key("identity-log-root")],
                    ),
                    rows: marks,
                    empty: cx.t("identity-log-checkpoints-none").into_owned(),
                    more: String::new(),
                }),
                ..Section::default()
            },
        ],
        ..View::default()
    };
    Ok(view.show(&cx, None))
}

fn object_query(kind: &str, object: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .append_pair("loai", kind)
        .append_pair("doi-tuong", object)
        .finish()
}

/// What people call the object: the code or name that the event carries, else the end of its id.
fn name_of(line: &serde_json::Value, id: &str) -> String {
    let named = ["code", "name"].iter().find_map(|field| line.get("data")?.get(field)?.as_str());
    named.map_or_else(|| short(id), str::to_owned)
}

/// The end of a long id is enough to tell two apart on one page.
fn short(id: &str) -> String {
    if id.len() == 36 && id.is_ascii() { format!("…{}", &id[30..]) } else { id.to_owned() }
}

fn via(cx: &Cx, via: &str, session: &str) -> String {
    let door = match via {
        "session" => cx.t("identity-via-session"),
        "token" => cx.t("identity-via-token"),
        "cli" => cx.t("identity-via-cli"),
        _ => cx.t("identity-via-system"),
    };
    if session.is_empty() { door.into_owned() } else { format!("{door} {}", short(session)) }
}

pub(super) async fn entry(
    _: Actor<ReadAudit>,
    cx: Cx,
    State(app): State<App>,
    Path(seq): Path<i64>,
) -> Result<Response, AppError> {
    let found = app
        .db
        .read(move |tx| audit::store::page(tx, &Filter::default(), Some(seq.saturating_add(1)), 1))
        .await
        .map_err(|error: DbError| AppError::from(error))?;
    let Some(entry) = found.into_iter().find(|entry| entry.seq == seq) else {
        return Err(AppError::not_found());
    };
    let mut facts = Vec::new();
    flatten("", &entry.json(), &mut facts);
    let view = View {
        title: act_words(&cx, &entry.act),
        intro: cx.t2(
            "identity-log-sentence",
            "office",
            doer_words(&cx, &entry.office),
            "at",
            moment(&cx, entry.at),
        ),
        sections: vec![
            Section { title: cx.t1("identity-log-line", "number", cx.int(seq)), facts, ..Section::default() },
            Section {
                title: cx.t("identity-log-bytes").into_owned(),
                text: String::from_utf8_lossy(&entry.line).into_owned(),
                ..Section::default()
            },
        ],
        ..View::default()
    };
    Ok(view.show(&cx, None))
}
