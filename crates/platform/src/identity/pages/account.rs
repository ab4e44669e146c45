//! My account: the office I act for, my passkeys, password, sessions and API tokens.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{
    Client, Typed, field_error, moment, qr, to,
    view::{Button, Cell, Fields, Section, Shown, Table, View},
    with_session,
};
use crate::{
    api::Json,
    app::App,
    db::DbError,
    i18n::key,
    identity::{
        Actor, AtBrowser, Error, Identity, OfficeId, PasskeyId, SessionId, TokenId, passkey, password, seal,
        session::{self, Method},
        store,
    },
    web::{AppError, Cx, Path},
};

pub(super) async fn page(actor: Actor, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    let person = actor.person.id;
    let (offices, passkeys, sessions, me) = app
        .db
        .read(move |tx| {
            Ok::<_, DbError>((
                store::offices_of(tx, person)?,
                passkey::of_person(tx, person)?,
                session::of_person(tx, person)?,
                store::person(tx, person)?,
            ))
        })
        .await?;
    let mut view = View {
        title: cx.t("identity-account").into_owned(),
        intro: actor.person.display_name.clone(),
        ..View::default()
    };

    let mut acting = Section {
        title: cx.t("identity-office-acting").into_owned(),
        facts: vec![
            (cx.t("identity-office").into_owned(), actor.office.title.clone()),
            (cx.t("identity-unit").into_owned(), actor.unit.name.clone()),
        ],
        ..Section::default()
    };
    for office in offices.iter().filter(|office| office.id != actor.office.id) {
        let label = cx.t2("identity-office-switch", "office", &office.title, "unit", &office.unit);
        acting
            .buttons
            .push(Button::new("/tai-khoan/chuc-danh", label).hidden("office", office.id.to_string()));
    }
    view.sections.push(acting);

    let rows = passkeys
        .iter()
        .map(|key| {
            let remove = Button::new(format!("/tai-khoan/khoa/{}/xoa", key.id), cx.t("identity-remove"))
                .danger(cx.t1("identity-passkey-remove-confirm", "name", &key.name));
            vec![
                Cell::text(&key.name),
                Cell::text(moment(&cx, key.created)),
                Cell::text(key.last_used.map(|at| moment(&cx, at)).unwrap_or_default()),
                Cell::button(remove),
            ]
        })
        .collect();
    view.sections.push(Section {
        title: cx.t("identity-passkeys").into_owned(),
        text: cx.t("identity-passkeys-text").into_owned(),
        table: Some(Table {
            head: heads(
                &cx,
                &[key("identity-name"), key("identity-made"), key("identity-used"), key("identity-do")],
            ),
            rows,
            empty: cx.t("identity-passkeys-none").into_owned(),
            more: String::new(),
        }),
        passkey: passkey::possible(&app)
            .then(|| (cx.t("identity-passkey-name").into_owned(), cx.t("identity-passkey-add").into_owned())),
        ..Section::default()
    });

    let has_password = me.is_some_and(|me| me.has_password);
    view.sections.push(Section {
        title: cx.t("identity-password-totp").into_owned(),
        facts: vec![(
            cx.t("identity-state").into_owned(),
            cx.t(if has_password {
                key("identity-password-is-set")
            } else {
                key("identity-password-not-set")
            })
            .into_owned(),
        )],
        table: Some(Table {
            head: heads(&cx, &[key("identity-do")]),
            rows: vec![
                vec![Cell::link(cx.t("identity-password-set"), "/tai-khoan/mat-khau")],
                vec![Cell::link(cx.t("identity-tokens"), "/tai-khoan/ma-truy-cap")],
            ],
            ..Table::default()
        }),
        ..Section::default()
    });

    let rows = sessions
        .iter()
        .map(|row| {
            let here = Some(row.id) == actor.session();
            let end =
                Button::new(format!("/tai-khoan/phien/{}/ket-thuc", row.id), cx.t("identity-session-end"));
            vec![
                Cell::text(if row.device.is_empty() {
                    cx.t("identity-device-unknown").into_owned()
                } else {
                    row.device.clone()
                })
                .small(if here {
                    cx.t("identity-session-here").into_owned()
                } else {
                    String::new()
                }),
                Cell::text(&row.office),
                Cell::text(moment(&cx, row.created)),
                Cell::text(moment(&cx, row.seen)),
                Cell::button(end),
            ]
        })
        .collect();
    view.sections.push(Section {
        title: cx.t("identity-sessions").into_owned(),
        table: Some(Table {
            head: heads(
                &cx,
                &[
                    key("identity-device"),
                    key("identity-office"),
                    key("identity-began"),
                    key("identity-used"),
                    key("identity-do"),
                ],
            ),
            rows,
            ..Table::default()
        }),
        buttons: vec![
            Button::new("/tai-khoan/phien-khac/ket-thuc", cx.t("identity-sessions-end-others"))
                .danger(cx.t("identity-sessions-end-confirm")),
        ],
        ..Section::default()
    });
    Ok(view.show(&cx, Some("js/passkey.js")))
}

pub(super) fn heads(cx: &Cx, keys: &[&'static str]) -> Vec<String> {
    keys.iter().map(|key| cx.t(key).into_owned()).collect()
}

pub(super) async fn switch(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    client: Client,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(&["office"])?;
    let office: OfficeId = typed.id("office")?;
    let (person, lifetime) = (actor.person.id, app.identity.settings.absolute);
    let (_, secret) = app
        .db
        .write(actor.author(), move |tx| {
            session::begin(
                tx,
                person,
                Some(office),
                Method::Switch,
                &client.device,
                lifetime,
                client.old.as_deref(),
            )
        })
        .await?;
    Ok(with_session(&app, &secret, to("/tai-khoan")))
}

pub(super) async fn end_session(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    Path(id): Path<SessionId>,
) -> Result<Response, AppError> {
    let owner = actor.person.id;
    app.db.write(actor.author(), move |tx| session::revoke(tx, id, Some(owner))).await?;
    Ok(to("/tai-khoan"))
}

pub(super) async fn end_others(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let (person, but) = (actor.person.id, actor.session());
    app.db.write(actor.author(), move |tx| session::revoke_all(tx, person, but)).await?;
    Ok(to("/tai-khoan"))
}

async fn login_of(app: &App, actor: &Identity) -> Result<String, AppError> {
    let person = actor.person.id;
    let me = app
        .db
        .read(move |tx| store::person(tx, person))
        .await
        .map_err(|error: DbError| AppError::from(error))?;
    me.map(|me| me.login).ok_or_else(AppError::not_found)
}

async fn password_view(
    app: &App,
    cx: &Cx,
    actor: &Identity,
    typed: &Typed,
    wrong: Option<(&'static str, &'static str)>,
) -> Result<Response, AppError> {
    let login = login_of(app, actor).await?;
    let seal_key = seal::key(app).await?;
    let owner = actor.person.id.to_string();
    let now = app.db.clock().now();
    let kept: Option<Vec<u8>> = seal::open(&seal_key, "totp", &owner, typed.get("kept"), now);
    let enrolment = password::enrolment(kept, &login);
    let expires = now + std::time::Duration::from_secs(15 * 60);
    let sealed = seal::seal(&seal_key, "totp", &owner, &enrolment.secret, expires)?;
    let mut form = Fields::new(cx, typed, wrong)
        .input(
            "password",
            "password",
            cx.t("identity-password-new"),
            cx.t("identity-password-help"),
            "required autocomplete=new-password minlength=12",
        )
        .input(
            "text",
            "totp",
            cx.t("identity-totp"),
            cx.t("identity-totp-help"),
            "required inputmode=numeric autocomplete=one-time-code",
        )
        .post("/tai-khoan/mat-khau", cx.t("shell-save"));
    form.hidden.push(("kept", sealed));
    let view = View {
        title: cx.t("identity-password-totp").into_owned(),
        intro: cx.t("identity-password-intro").into_owned(),
        sections: vec![
            Section {
                title: cx.t("identity-totp-scan").into_owned(),
                shown: Some(Shown {
                    label: cx.t("identity-totp-type").into_owned(),
                    text: enrolment.text,
                    note: cx.t("identity-totp-note").into_owned(),
                    qr: qr(&enrolment.url, &cx.t("identity-totp-scan")),
                }),
                ..Section::default()
            },
            Section {
                title: cx.t("identity-password-new").into_owned(),
                form: Some(form),
                ..Section::default()
            },
        ],
        wrong: wrong.is_some(),
        ..View::default()
    };
    Ok(view.show(cx, None))
}

pub(super) async fn password_form(
    actor: Actor,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    password_view(&app, &cx, &actor, &Typed::default(), None).await
}

pub(super) async fn password(
    actor: Actor<AtBrowser>,
    cx: Cx,
    State(app): State<App>,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(&["password", "totp", "kept"])?;
    match set_password(&app, &actor, &typed).await {
        Ok(()) => Ok(to("/tai-khoan")),
        Err(error) => {
            let wrong = field_error(error)?;
            password_view(&app, &cx, &actor, &typed, Some(wrong)).await
        }
    }
}

async fn set_password(app: &App, actor: &Identity, typed: &Typed) -> Result<(), Error> {
    let seal_key = seal::key(app).await?;
    let now = app.db.clock().now();
    let secret: Vec<u8> = seal::open(&seal_key, "totp", &actor.person.id.to_string(), typed.get("kept"), now)
        .ok_or(Error::Field { field: "totp", key: key("identity-error-totp") })?;
    let unix = u64::try_from(app.db.clock().wall().as_second()).unwrap_or(0);
    let step = password::step(&secret, typed.get("totp"), unix, 0)
        .ok_or(Error::Field { field: "totp", key: key("identity-error-totp") })?;
    let hash = password::hash(app, typed.get("password")).await?;
    let (person, but) = (actor.person.id, actor.session());
    app.db.write(actor.author(), move |tx| password::keep(tx, person, &hash, &secret, step, but)).await
}

pub(super) async fn passkey_start(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let login = login_of(&app, &actor).await?;
    let offer = passkey::start_register(&app, actor.person.id, &login, &actor.person.display_name).await?;
    Ok(axum::Json(offer).into_response())
}

/// What the browser answers; the credential has the form of the WebAuthn standard.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Registered {
    id: String,
    #[serde(default)]
    name: String,
    credential: webauthn_rs::prelude::RegisterPublicKeyCredential,
}

pub(super) async fn passkey_finish(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    client: Client,
    answer: Json<Registered>,
) -> Result<Response, AppError> {
    let Registered { id, name, credential } = answer.into_inner();
    let name = if name.trim().is_empty() { client.device } else { name };
    let name = if name.is_empty() { "WebAuthn".to_owned() } else { name };
    passkey::finish_register(&app, actor.author(), actor.person.id, id, &name, &credential).await?;
    Ok(axum::Json(json!({ "next": "/tai-khoan" })).into_response())
}

pub(super) async fn passkey_remove(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    Path(id): Path<PasskeyId>,
) -> Result<Response, AppError> {
    let owner = actor.person.id;
    app.db.write(actor.author(), move |tx| passkey::remove(tx, id, owner)).await?;
    Ok(to("/tai-khoan"))
}

async fn tokens_view(
    app: &App,
    cx: &Cx,
    actor: &Identity,
    typed: &Typed,
    wrong: Option<(&'static str, &'static str)>,
    shown: Option<String>,
) -> Result<Response, AppError> {
    let person = actor.person.id;
    let tokens = app
        .db
        .read(move |tx| store::tokens(tx, Some(person)))
        .await
        .map_err(|error: DbError| AppError::from(error))?;
    let rows = tokens
        .iter()
        .map(|token| {
            let end =
                Button::new(format!("/tai-khoan/ma-truy-cap/{}/thu-hoi", token.id), cx.t("identity-revoke"))
                    .danger(cx.t1("identity-token-revoke-confirm", "name", &token.name));
            vec![
                Cell::text(&token.name).small(&token.office),
                Cell::text(&token.scopes),
                Cell::text(moment(cx, token.expires)),
                Cell::text(token.last_used.map(|at| moment(cx, at)).unwrap_or_default()),
                Cell::button(end),
            ]
        })
        .collect();
    let form = Fields::new(cx, typed, wrong)
        .input(
            "text",
            "name",
            cx.t("identity-name"),
            cx.t("identity-token-name-help"),
            "required maxlength=80",
        )
        .input(
            "text",
            "scopes",
            cx.t("identity-scopes"),
            cx.t("identity-scopes-help"),
            "required spellcheck=false",
        )
        .input("date", "expires", cx.t("identity-until"), cx.t("identity-token-until-help"), "required")
        .post("/tai-khoan/ma-truy-cap", cx.t("identity-token-make"));
    let view = View {
        title: cx.t("identity-tokens").into_owned(),
        intro: cx.t("identity-tokens-text").into_owned(),
        sections: vec![
            Section {
                title: cx.t("identity-tokens-in-force").into_owned(),
                shown: shown.map(|text| Shown {
                    label: cx.t("identity-token-shown").into_owned(),
                    text,
                    note: cx.t("identity-shown-once").into_owned(),
                    qr: String::new(),
                }),
                table: Some(Table {
                    head: heads(
                        cx,
                        &[
                            key("identity-name"),
                            key("identity-scopes"),
                            key("identity-until"),
                            key("identity-used"),
                            key("identity-do"),
                        ],
                    ),
                    rows,
                    empty: cx.t("identity-tokens-none").into_owned(),
                    more: String::new(),
                }),
                ..Section::default()
            },
            Section {
                title: cx.t("identity-token-make").into_owned(),
                form: Some(form),
                ..Section::default()
            },
        ],
        wrong: wrong.is_some(),
        ..View::default()
    };
    Ok(view.show(cx, None))
}

pub(super) async fn tokens(actor: Actor, cx: Cx, State(app): State<App>) -> Result<Response, AppError> {
    tokens_view(&app, &cx, &actor, &Typed::default(), None, None).await
}

pub(super) async fn make_token(
    actor: Actor<AtBrowser>,
    cx: Cx,
    State(app): State<App>,
    typed: Typed,
) -> Result<Response, AppError> {
    let typed = typed.only(&["name", "scopes", "expires"])?;
    let made = async {
        let expires = typed
            .last_day("expires")?
            .ok_or(Error::Field { field: "expires", key: key("identity-error-empty") })?;
        let (person, office) = (actor.person.id, actor.office.id);
        let (name, scopes) = (typed.get("name").to_owned(), typed.get("scopes").to_owned());
        app.db
            .write(actor.author(), move |tx| store::create_token(tx, person, office, &name, &scopes, expires))
            .await
    };
    match made.await {
        Ok((_, secret)) => tokens_view(&app, &cx, &actor, &Typed::default(), None, Some(secret.text)).await,
        Err(error) => {
            let wrong = field_error(error)?;
            tokens_view(&app, &cx, &actor, &typed, Some(wrong), None).await
        }
    }
}

pub(super) async fn end_token(
    actor: Actor<AtBrowser>,
    State(app): State<App>,
    Path(id): Path<TokenId>,
) -> Result<Response, AppError> {
    let owner = actor.person.id;
    app.db.write(actor.author(), move |tx| store::revoke_token(tx, id, Some(owner))).await?;
    Ok(to("/tai-khoan/ma-truy-cap"))
}
