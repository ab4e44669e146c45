//! One act for many who were marked on the list: first it says to how many, then it does it.

use askama::Template;
use axum::{Form, extract::State, response::Response};
use platform::{
    app::App,
    db::DbError,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, Page, Typed, page, see},
};

use super::PATH;
use crate::delegates::{
    DelegateError, ManageDelegates, desk,
    model::{Participant, Status},
    query,
};

#[derive(Template)]
#[template(path = "delegates/pages/bulk.html")]
struct Sure<'a> {
    cx: &'a Cx,
    title: String,
    error: String,
    pairs: Vec<(String, String)>,
    people: Vec<(String, String, String)>,
}

enum Act {
    Group(u16),
    Status(Status, String),
}

fn read(typed: &Typed) -> Result<Act, AppError> {
    match typed.get("act") {
        "group" => typed.get("group_no").parse().map(Act::Group).map_err(|_| {
            AppError::invalid(Vec::new())
                .because(key("delegates-error-group"))
                .next(PATH, key("delegates-title"))
        }),
        "status" => match typed.get("status").parse() {
            Ok(status) => Ok(Act::Status(status, typed.get("status_note").to_owned())),
            Err(_) => Err(AppError::bad_request()),
        },
        _ => Err(AppError::bad_request()),
    }
}

/// `POST /dai-bieu/hang-loat`
pub(super) async fn act(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let codes = typed.all("ma").to_vec();
    let act = read(&typed)?;
    if codes.is_empty() {
        let nobody = AppError::invalid(Vec::new()).because(key("delegates-error-nobody"));
        return Err(nobody.next(PATH, key("delegates-title")));
    }
    let people = app
        .db
        .read(move |tx| {
            let mut people = Vec::with_capacity(codes.len());
            for code in &codes {
                people.extend(query::by_code_any(tx, code)?);
            }
            people.dedup_by_key(|one: &mut Participant| one.id);
            Ok::<_, DbError>(people)
        })
        .await?;
    if typed.get("sure") != "1" {
        return Ok(ask(&cx, &act, &people, &typed, String::new()));
    }
    let ids: Vec<_> = people.iter().map(|one| one.id).collect();
    let done = match &act {
        Act::Group(_) => "grouped",
        Act::Status(..) => "statused",
    };
    let (what, again) = (act, typed.clone());
    let outcome = app
        .db
        .write(actor.author(), move |tx| {
            let (mut count, mut last) = (0_usize, None);
            for id in ids {
                match &what {
                    Act::Group(no) => {
                        let done = desk::put_in_group(tx, id, *no)?;
                        count += usize::from(*done.value());
                        last = Some(done.map(drop));
                    }
                    Act::Status(status, note) => {
                        last = Some(desk::set_status(tx, id, *status, note)?.with(()));
                        count += 1;
                    }
                }
            }
            match last {
                Some(done) => Ok(done.map(|()| count)),
                None => Err(DelegateError::NotFound),
            }
        })
        .await;
    match outcome {
        Ok(count) => Ok(see(&format!("{PATH}?so={count}"), done)),
        Err(DelegateError::Fields(problems)) => {
            let said: Vec<String> = problems.iter().map(|problem| problem.message(&cx)).collect();
            Ok(ask(&cx, &read(&again)?, &people, &again, said.join(" ")))
        }
        Err(error) => Err(error.into()),
    }
}

fn ask(cx: &Cx, act: &Act, people: &[Participant], typed: &Typed, error: String) -> Response {
    let title = match act {
        Act::Group(no) => cx.t2("delegates-sure-group", "count", people.len(), "group", no.to_string()),
        Act::Status(status, _) => cx.t2(
            "delegates-sure-status",
            "count",
            people.len(),
            "status",
            cx.tp("delegates-status-", status),
        ),
    };
    let body = Sure {
        title: title.clone(),
        error,
        pairs: typed.pairs().into_iter().filter(|(name, _)| name != "sure").collect(),
        people: people.iter().map(|one| (one.href(), one.code.clone(), one.profile.name.clone())).collect(),
        cx,
    };
    page(cx, Page::new(title, body).style("people.css"))
}
