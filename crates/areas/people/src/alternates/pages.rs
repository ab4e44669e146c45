//! The form that puts somebody in a delegate's place: it says what will happen before it does it.

use askama::Template;
use axum::{
    Form,
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};
use jiff::civil::Date;
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, Typed, date_problem, page_with, problem, see},
};
use rules::dates::parse_vn_date;

use super::store::{self, AlternateError, Around};
use crate::delegates::{
    DelegateError, ManageDelegates,
    model::{Category, GroupRole, Participant, Standing},
    query,
    replacing::{self, NewReplacement},
};

/// Everything that the page is drawn from.
struct Picture {
    leaver: Participant,
    place: Result<(), DelegateError>,
    candidates: Vec<Participant>,
    delegations: Vec<crate::delegates::model::Delegation>,
    around: Around,
    comer: Option<Participant>,
}

#[derive(Template)]
#[template(path = "alternates/form.html")]
struct FormPage<'a> {
    cx: &'a Cx,
    title: String,
    back: String,
    code: String,
    name: String,
    action: String,
    version: i64,
    typed: Typed,
    problems: Vec<FieldProblem>,
    general: String,
    closed: String,
    candidates: Vec<(String, String)>,
    standings: Vec<(String, String)>,
    /// What will happen, when the page asks for the last word.
    sure: Vec<String>,
    /// What whoever fills in the form should know.
    notes: Vec<String>,
    pairs: Vec<(String, String)>,
}

impl FormPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

/// Nobody has the code that was typed.
pub(super) fn nobody(field: &'static str) -> FieldProblem {
    FieldProblem::new(field, key("delegates-error-not-found"))
}

/// The code that takes the place: one typed by hand counts before one chosen.
fn chosen(typed: &Typed) -> String {
    match typed.get("other") {
        "" => typed.get("by").to_owned(),
        code => code.to_owned(),
    }
}

async fn picture(app: &App, code: &str, comer: &str) -> Result<Picture, AppError> {
    let (code, comer) = (code.to_owned(), comer.to_owned());
    let found = app
        .db
        .read(move |tx| {
            let leaver = query::by_code_any(tx, &code)?.ok_or(DelegateError::NotFound)?;
            Ok::<_, AlternateError>(Picture {
                place: replacing::place(&leaver),
                candidates: replacing::candidates(tx, &leaver)?,
                delegations: query::delegations(tx)?,
                around: store::around(tx, &leaver)?,
                comer: if comer.is_empty() { None } else { query::by_code_any(tx, &comer)? },
                leaver,
            })
        })
        .await?;
    Ok(found)
}

fn badge_words(cx: &Cx, picture: &Picture, key: &str) -> Option<String> {
    let badge = picture.around.badge.as_ref()?;
    let copy = format!("{}/{}", picture.leaver.code, badge.copy);
    Some(cx.t3(
        key,
        "name",
        picture.leaver.profile.name.as_str(),
        "badge",
        copy.as_str(),
        "state",
        cx.tp("badges-state-", badge.state.as_str()),
    ))
}

/// What whoever fills in the form should know.
fn notes(cx: &Cx, picture: &Picture) -> Vec<String> {
    let mut out: Vec<String> = badge_words(cx, picture, "alternates-has-badge").into_iter().collect();
    let profile = &picture.leaver.profile;
    if let Some(role) = profile.group_role.filter(|role| *role != GroupRole::Member) {
        out.push(cx.t1("alternates-has-role", "role", cx.tp("delegates-role-", role)));
    }
    if let Some(organ) = profile.organ {
        out.push(cx.t1("alternates-has-organ", "organ", cx.tp("delegates-organ-", organ)));
    }
    if let Some(no) = picture.around.freeze {
        out.push(cx.t1("alternates-frozen", "no", i64::from(no)));
    }
    out
}

/// What will happen.
fn consequences(cx: &Cx, picture: &Picture, comer: &Participant, typed: &Typed) -> Vec<String> {
    let profile = &picture.leaver.profile;
    let delegation = profile
        .delegation
        .and_then(|id| picture.delegations.iter().find(|one| one.id == id))
        .map(|one| one.name.clone());
    let mut out = vec![
        cx.t2(
            "alternates-will-replace",
            "leaver",
            format!("{} ({})", profile.name, picture.leaver.code).as_str(),
            "comer",
            format!("{} ({})", comer.profile.name, comer.code).as_str(),
        ),
        cx.t2("alternates-will-decide", "decision", typed.get("decision"), "day", typed.get("decided_on")),
    ];
    if let Some(delegation) = delegation {
        out.push(cx.t1("alternates-will-delegation", "delegation", delegation.as_str()));
    }
    if let Some(no) = profile.group_no {
        out.push(cx.t1("alternates-will-group", "no", no.to_string()));
    }
    out.extend(badge_words(cx, picture, "alternates-will-revoke"));
    if comer.category() != Category::Delegate {
        out.push(cx.t1(
            "alternates-will-category",
            "category",
            cx.tp("delegates-category-", comer.category()),
        ));
    }
    out.extend(notes(cx, picture).into_iter().skip(usize::from(picture.around.badge.is_some())));
    out
}

/// A form and what was wrong with it.
#[derive(Default)]
struct Shown {
    typed: Typed,
    version: Option<i64>,
    problems: Vec<FieldProblem>,
    answer: Option<AppError>,
    sure: bool,
}

async fn render(app: &App, cx: &Cx, code: &str, shown: Shown) -> Result<Response, AppError> {
    let picture = picture(app, code, &chosen(&shown.typed)).await?;
    let title = cx.t1("alternates-title", "name", picture.leaver.profile.name.as_str());
    let closed = match &picture.place {
        Err(DelegateError::Fields(problems)) => {
            problems.iter().map(|one| one.message(cx)).collect::<Vec<_>>().join(" ")
        }
        _ => String::new(),
    };
    let unit = |one: &Participant| {
        one.profile
            .delegation
            .and_then(|id| picture.delegations.iter().find(|delegation| delegation.id == id))
            .map_or(String::new(), |delegation| format!(" · {}", delegation.name))
    };
    let sure = match &picture.comer {
        Some(comer) if shown.sure => consequences(cx, &picture, comer, &shown.typed),
        _ => Vec::new(),
    };
    let status = match (&shown.answer, shown.problems.is_empty()) {
        (Some(answer), _) => answer.status(),
        (None, false) => StatusCode::UNPROCESSABLE_ENTITY,
        (None, true) => StatusCode::OK,
    };
    let body =
        FormPage {
            title: title.clone(),
            back: picture.leaver.href(),
            code: picture.leaver.code.clone(),
            name: picture.leaver.profile.name.clone(),
            action: format!("{}/thay-the", picture.leaver.href()),
            version: shown.version.unwrap_or(picture.leaver.version),
            general: shown.answer.as_ref().map(|answer| answer.detail(cx.lang)).unwrap_or_default(),
            closed,
            candidates: std::iter::once((String::new(), cx.t("alternates-choose").into_owned()))
                .chain(picture.candidates.iter().map(|one| {
                    (one.code.clone(), format!("{} · {}{}", one.profile.name, one.code, unit(one)))
                }))
                .collect(),
            standings: std::iter::once((String::new(), cx.t("alternates-standing-same").into_owned()))
                .chain(
                    Standing::ALL
                        .iter()
                        .map(|one| (one.to_string(), cx.tp("delegates-standing-", one).into_owned())),
                )
                .collect(),
            notes: notes(cx, &picture),
            pairs: shown.typed.pairs().into_iter().filter(|(name, _)| name != "sure").collect(),
            sure,
            typed: shown.typed,
            problems: shown.problems,
            cx,
        };
    Ok(page_with(status, cx, Page::new(title, body).style("people.css")))
}

/// `GET /dai-bieu/{code}/thay-the`
pub(super) async fn form(
    _actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
) -> Result<Response, AppError> {
    render(&app, &cx, &code, Shown::default()).await
}

fn read(typed: &Typed, comer: &Participant) -> Result<NewReplacement, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let decided_on: Option<Date> = match typed.get("decided_on") {
        "" => None,
        text => {
            parse_vn_date(text, None).map_err(|error| problems.push(date_problem("decided_on", &error))).ok()
        }
    };
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(NewReplacement {
        comer: comer.id,
        version: typed.get("version").parse().unwrap_or(0),
        decision: typed.get("decision").to_owned(),
        decided_on,
        reason: typed.get("reason").to_owned(),
        standing: typed.get("standing").parse().ok(),
    })
}

/// `POST /dai-bieu/{code}/thay-the`
pub(super) async fn replace(
    actor: Actor<ManageDelegates>,
    cx: Cx,
    State(app): State<App>,
    Path(code): Path<String>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let picture = picture(&app, &code, &chosen(&typed)).await?;
    let version = Some(typed.get("version").parse().unwrap_or(0));
    let leaver = &picture.leaver;
    let read = match &picture.comer {
        Some(comer) => read(&typed, comer),
        None => {
            let field = if typed.get("other").is_empty() { "by" } else { "other" };
            let words = if typed.get("other").is_empty() {
                FieldProblem::new(field, key("alternates-error-who"))
            } else {
                nobody(field)
            };
            Err(vec![words])
        }
    };
    let new = match read {
        Ok(new) => new,
        Err(problems) => {
            return render(&app, &cx, &code, Shown { typed, version, problems, ..Shown::default() }).await;
        }
    };
    let (id, sure) = (leaver.id, typed.has("sure", "1"));
    let outcome = if sure {
        app.db.write(actor.author(), move |tx| store::replace(tx, id, &new)).await.map(Some)
    } else {
        // What would be refused is said before the last word is asked for.
        app.db
            .read(move |tx| replacing::check(tx, id, &new))
            .await
            .map(|_| None)
            .map_err(AlternateError::from)
    };
    match outcome {
        Ok(Some(_)) => Ok(see(&leaver.href(), "replaced")),
        Ok(None) => render(&app, &cx, &code, Shown { typed, version, sure: true, ..Shown::default() }).await,
        Err(AlternateError::Roll(DelegateError::Fields(problems))) => {
            let problems = problems.into_iter().map(|one| named(one, &typed)).collect();
            render(&app, &cx, &code, Shown { typed, version, problems, ..Shown::default() }).await
        }
        Err(AlternateError::Roll(error @ DelegateError::Conflict { version, .. })) => {
            // Whoever goes on after reading the sentence has seen the version that is there now.
            let shown =
                Shown { typed, version: Some(version), answer: Some(error.into()), ..Shown::default() };
            render(&app, &cx, &code, shown).await
        }
        Err(error) => Err(error.into()),
    }
}

/// A problem stands at the field where the code was given.
fn named(mut problem: FieldProblem, typed: &Typed) -> FieldProblem {
    if problem.name == "by" && !typed.get("other").is_empty() {
        problem.name = "other".into();
    }
    problem
}
