//! The way in and out.

use askama::Template;
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{Client, Typed, to, with_session};
use crate::{
    api::Json,
    app::App,
    audit::Author,
    identity::{
        Actor, Error, SessionId, limits,
        limits::Trier,
        passkey, password,
        secret::{self, Secret},
        session::{self, Method},
        store,
    },
    web::{AppError, Cx, Layout, Page, local_path, page_with},
};

#[derive(Template)]
#[template(path = "identity-sign-in.html")]
struct SignIn<'a> {
    cx: &'a Cx,
    back: &'a str,
    login: &'a str,
    error: String,
    demo: bool,
    passkeys: bool,
}

fn show(app: &App, cx: &Cx, status: StatusCode, back: &str, login: &str, error: String) -> Response {
    let passkeys = passkey::possible(app);
    let body = SignIn { cx, back: local_path(back), login, error, demo: app.config.demo, passkeys };
    let page = Page::new(cx.t("identity-sign-in"), body).layout(Layout::Plain).script("js/link.js");
    page_with(status, cx, if passkeys { page.script("js/passkey.js") } else { page })
}

/// The page; someone signed in goes on at once.
pub(super) async fn form(actor: Option<Actor>, cx: Cx, State(app): State<App>) -> Response {
    let back = cx.param("ve");
    if actor.is_some() && !cx.query.contains("lai") {
        return to(&back);
    }
    show(&app, &cx, StatusCode::OK, &back, "", String::new())
}

/// Answers a refused sign-in with the same page; anything else with the usual error.
fn refused(app: &App, cx: &Cx, back: &str, login: &str, error: Error) -> Response {
    let (status, words) = match &error {
        Error::SignIn => (StatusCode::UNAUTHORIZED, cx.t("identity-sign-in-refused").into_owned()),
        Error::Refused(words) => (StatusCode::CONFLICT, cx.t(words).into_owned()),
        Error::TooMany(seconds) => {
            (StatusCode::TOO_MANY_REQUESTS, cx.tn("identity-sign-in-too-many", *seconds))
        }
        Error::Busy => (StatusCode::SERVICE_UNAVAILABLE, cx.t("identity-sign-in-busy").into_owned()),
        _ => return AppError::from(error).into_response(),
    };
    let mut response = show(app, cx, status, back, login, words);
    let retry = match error {
        Error::TooMany(seconds) => Some(seconds),
        Error::Busy => Some(2),
        _ => None,
    };
    if let Some(seconds) = retry {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Signs in with a one-time code.
async fn redeem(app: &App, code: &str, client: Client) -> Result<(SessionId, Secret), Error> {
    let hash = secret::typed_code(code);
    let settings = app.identity.settings.clone();
    let trier = Trier::new(None, &client.address);
    app.db
        .write(&Author::system("sign-in"), move |tx| {
            limits::check(tx, &trier, &settings)?;
            match store::use_link(tx, hash) {
                Ok((person, office)) => {
                    let done = session::begin(
                        tx,
                        person,
                        Some(office),
                        Method::Link,
                        &client.device,
                        settings.absolute,
                        client.old.as_deref(),
                    )?;
                    Ok(done.map(Ok))
                }
                Err(Error::SignIn) => password::refused(tx, &trier, &settings, "link")
                    .map(|done| done.map(Err))
                    .map_err(Error::from),
                Err(error) => Err(error),
            }
        })
        .await?
}

pub(super) async fn by_code(
    State(app): State<App>,
    cx: Cx,
    client: Client,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(&["ma", "ve"])?;
    Ok(match redeem(&app, typed.get("ma"), client).await {
        Ok((_, secret)) => with_session(&app, &secret, to(typed.get("ve"))),
        Err(error) => refused(&app, &cx, typed.get("ve"), "", error),
    })
}

pub(super) async fn by_password(
    State(app): State<App>,
    cx: Cx,
    client: Client,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(&["login", "password", "totp", "ve"])?;
    let (login, back) = (typed.get("login"), typed.get("ve"));
    let result = password::sign_in(
        &app,
        login,
        typed.get("password"),
        typed.get("totp"),
        &client.address,
        &client.device,
        client.old,
    )
    .await;
    Ok(match result {
        Ok((_, secret)) => with_session(&app, &secret, to(back)),
        Err(error) => refused(&app, &cx, back, login, error),
    })
}

pub(super) async fn passkey_start(State(app): State<App>) -> Result<Response, AppError> {
    Ok(axum::Json(passkey::start_sign_in(&app).await?).into_response())
}

/// What the browser answers; the credential has the form of the WebAuthn standard.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Answer {
    id: String,
    credential: webauthn_rs::prelude::PublicKeyCredential,
}

pub(super) async fn passkey_finish(
    State(app): State<App>,
    client: Client,
    answer: Json<Answer>,
) -> Result<Response, AppError> {
    let Answer { id, credential } = answer.into_inner();
    let (_, secret) =
        passkey::sign_in(&app, id, credential, &client.address, &client.device, client.old).await?;
    Ok(with_session(&app, &secret, axum::Json(json!({})).into_response()))
}

/// Ends the session here and clears what the browser keeps; always succeeds for the person.
pub(super) async fn out(actor: Option<Actor>, State(app): State<App>) -> Result<Response, AppError> {
    if let Some(actor) = actor
        && let Some(id) = actor.session()
    {
        app.db.write(actor.author(), move |tx| session::revoke(tx, id, None)).await?;
    }
    let mut response = to(crate::web::SIGN_IN);
    let headers = response.headers_mut();
    headers.append(header::SET_COOKIE, session::clear_cookie(app.config.secure()));
    headers.insert("clear-site-data", HeaderValue::from_static("\"cache\", \"storage\""));
    Ok(response)
}
