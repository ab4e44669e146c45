//! The page behind the link of a letter. It knows the name and the office of who got the letter, and the congress;
//! it shows nothing else, and looking changes nothing.

use askama::Template;
use axum::{
    Form,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use platform::{
    app::App,
    audit::{Author, Event},
    clock,
    i18n::key,
    identity::{Client, Error, limits, limits::Trier},
    web::{AppError, Cx, FieldProblem, Layout, Page, Typed, page_with, problem},
};

use super::{LetterError, TOPIC, store};
use crate::delegates::{
    DelegateError,
    answers::NewAnswer,
    model::{Participant, Status},
};

#[derive(Template)]
#[template(path = "letters/door.html")]
struct Door<'a> {
    cx: &'a Cx,
    error: String,
}

#[derive(Template)]
#[template(path = "letters/answer.html")]
struct AnswerPage<'a> {
    cx: &'a Cx,
    name: String,
    position: String,
    code: String,
    until: String,
    /// What was answered before, in words.
    now: String,
    done: bool,
    typed: Typed,
    problems: Vec<FieldProblem>,
}

impl AnswerPage<'_> {
    fn err(&self, name: &str) -> String {
        problem(self.cx, &self.problems, name)
    }
}

/// Who may send answers without an office: the letter's own way in.
fn author() -> Author {
    Author::system("letter")
}

fn door_page(cx: &Cx, status: StatusCode, error: String) -> Response {
    let body = Door { cx, error };
    let page = Page::new(cx.t("letters-door"), body).layout(Layout::Plain).script("js/link.js");
    kept_nowhere(page_with(status, cx, page))
}

fn kept_nowhere(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `GET /xac-nhan`
pub(super) async fn door(cx: Cx) -> Response {
    door_page(&cx, StatusCode::OK, String::new())
}

/// What to say of a code that opens nothing, or of too many tries; anything else is an error as usual.
fn refused(cx: &Cx, error: Refused) -> Result<Response, AppError> {
    match error {
        Refused::Letter(LetterError::Code) => {
            Ok(door_page(cx, StatusCode::NOT_FOUND, cx.t("letters-error-code").into_owned()))
        }
        Refused::Many(seconds) => {
            let words = cx.tn("letters-error-many", seconds);
            let mut response = door_page(cx, StatusCode::TOO_MANY_REQUESTS, words);
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
            Ok(response)
        }
        Refused::Letter(error) => Err(error.into()),
    }
}

enum Refused {
    Letter(LetterError),
    Many(u32),
}

impl From<LetterError> for Refused {
    fn from(error: LetterError) -> Self {
        Self::Letter(error)
    }
}

/// Refuses an address that failed too often in this minute.
async fn patient(app: &App, trier: &Trier) -> Result<(), Refused> {
    let (trier, settings) = (trier.clone(), app.identity.settings.clone());
    let checked = app.db.read(move |tx| limits::check(tx, &trier, &settings)).await;
    match checked {
        Ok(()) => Ok(()),
        Err(Error::TooMany(seconds)) => Err(Refused::Many(seconds)),
        Err(Error::Db(error)) => Err(Refused::Letter(error.into())),
        Err(other) => Err(Refused::Letter(LetterError::Db(platform::db::DbError::Other(other.to_string())))),
    }
}

/// Counts a code that opened nothing.
async fn count(app: &App, trier: &Trier) -> Result<(), Refused> {
    let (trier, settings) = (trier.clone(), app.identity.settings.clone());
    app.db
        .write(&author(), move |tx| {
            limits::count(tx, &trier, &settings)?;
            Ok::<_, LetterError>(
                tx.record(Event::new("letter.refused", "letter", "code").topic(TOPIC)).with(()),
            )
        })
        .await?;
    Ok(())
}

/// Who has a typed code.
async fn holder(app: &App, trier: &Trier, code: &str) -> Result<(Participant, jiff::Timestamp), Refused> {
    patient(app, trier).await?;
    let typed = code.to_owned();
    match app.db.read(move |tx| store::holder(tx, &typed)).await {
        Ok(found) => Ok(found),
        Err(LetterError::Code) => {
            count(app, trier).await?;
            Err(LetterError::Code.into())
        }
        Err(error) => Err(error.into()),
    }
}

/// A page for whoever has the code.
struct Shown {
    one: Participant,
    until: jiff::Timestamp,
    code: String,
    done: bool,
    typed: Typed,
    problems: Vec<FieldProblem>,
}

fn answer_page(cx: &Cx, shown: Shown) -> Response {
    let Shown { one, until, code, done, typed, problems } = shown;
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let now = match one.status {
        Status::Confirmed => cx.t("letters-now-comes").into_owned(),
        Status::Declined => cx.t("letters-now-away").into_owned(),
        _ => String::new(),
    };
    let last = clock::local(until).date();
    let body = AnswerPage {
        name: one.profile.name,
        position: one.profile.position,
        code,
        until: cx.date(&last.yesterday().unwrap_or(last)),
        now,
        done,
        typed,
        problems,
        cx,
    };
    let page = Page::new(cx.t("letters-door"), body).layout(Layout::Plain);
    kept_nowhere(page_with(status, cx, page))
}

/// `POST /xac-nhan`: the code opens the form.
pub(super) async fn look(
    cx: Cx,
    client: Client,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let code = typed.get("ma").to_owned();
    let trier = Trier::new(None, &client.address);
    match holder(&app, &trier, &code).await {
        Ok((one, until)) => {
            let typed = Typed::default();
            Ok(answer_page(&cx, Shown { one, until, code, done: false, typed, problems: Vec::new() }))
        }
        Err(error) => refused(&cx, error),
    }
}

/// `POST /xac-nhan/gui`: the answer.
pub(super) async fn send(
    cx: Cx,
    client: Client,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let typed = Typed::from(pairs);
    let code = typed.get("ma").to_owned();
    let trier = Trier::new(None, &client.address);
    let (one, until) = match holder(&app, &trier, &code).await {
        Ok(found) => found,
        Err(error) => return refused(&cx, error),
    };
    let comes = match typed.get("comes") {
        "1" => true,
        "0" => false,
        _ => {
            let problems = vec![FieldProblem::new("comes", key("letters-error-choose"))];
            return Ok(answer_page(&cx, Shown { one, until, code, done: false, typed, problems }));
        }
    };
    let new = NewAnswer {
        comes,
        reason: typed.get("reason").to_owned(),
        wheelchair: typed.has("wheelchair", "1"),
        diet: typed.get("diet").to_owned(),
        arrival: typed.get("arrival").to_owned(),
    };
    let given = code.clone();
    match app.db.write(&author(), move |tx| store::answer(tx, &given, &new)).await {
        Ok(status) => {
            let one = Participant { status, ..one };
            let typed = Typed::default();
            Ok(answer_page(&cx, Shown { one, until, code, done: true, typed, problems: Vec::new() }))
        }
        Err(LetterError::Roll(DelegateError::Fields(problems))) => {
            Ok(answer_page(&cx, Shown { one, until, code, done: false, typed, problems }))
        }
        Err(LetterError::Roll(DelegateError::NotFound)) => refused(&cx, LetterError::Code.into()),
        Err(error) => refused(&cx, error.into()),
    }
}
