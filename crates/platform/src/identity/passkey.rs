//! Passkeys: registered by someone signed in, then the way to sign in without a password.
//!
//! The challenge travels through the browser in a seal and counts once, on whichever server it
//! is answered, because answering it inserts its hash under a unique key.

use std::time::Duration;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use webauthn_rs::prelude::{
    DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder,
};

use super::{
    Error, PasskeyId, PersonId, SessionId, limits, limits::Trier, password, seal, secret::Secret, session,
    store,
};
use crate::{
    app::App,
    audit::{Author, Event, Hash},
    db::{DbError, Done, Row, Tx, WriteTx},
    i18n::key,
    params, row, sql,
};

/// How long a challenge may be answered.
const CHALLENGE: Duration = Duration::from_secs(5 * 60);

row! {
    /// A passkey as its owner sees it.
    #[derive(Debug, Clone)]
    pub struct PasskeyRow {
        /// The id.
        pub id: PasskeyId,
        /// The name its owner gave it.
        pub name: String,
        /// When it was added.
        pub created: jiff::Timestamp,
        /// When it last signed in.
        pub last_used: Option<jiff::Timestamp>,
    }
}

fn webauthn(app: &App) -> Result<Webauthn, Error> {
    let address: &Url = &app.config.public_url;
    // An IP address can be no passkey's name (security reference 5, TLS without Internet).
    let domain = address.domain().ok_or(Error::Refused(key("identity-passkey-domain")))?;
    WebauthnBuilder::new(domain, address)
        .map(|builder| builder.rp_name("Dien Hong"))
        .and_then(WebauthnBuilder::build)
        .map_err(|_| Error::Refused(key("identity-passkey-domain")))
}

/// Whether passkeys can be used under this installation's address.
pub fn possible(app: &App) -> bool {
    app.config.public_url.domain().is_some()
}

/// The passkeys of a person.
///
/// # Errors
/// Any [`DbError`].
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<PasskeyRow>, DbError> {
    tx.query(
        sql!("SELECT id, name, created, last_used FROM passkey WHERE person_id = $1 ORDER BY created, id"),
        params![person],
    )
}

/// Options for the browser to make a passkey: `{ id, publicKey }`.
///
/// # Errors
/// [`Error::Refused`] when the installation's address is none for passkeys; any [`DbError`].
pub async fn start_register(app: &App, person: PersonId, login: &str, name: &str) -> Result<Value, Error> {
    let webauthn = webauthn(app)?;
    let kept: Vec<Row> = app
        .db
        .read(move |tx| {
            tx.query::<Row>(sql!("SELECT credential_id FROM passkey WHERE person_id = $1"), params![person])
        })
        .await
        .map_err(|error: DbError| Error::from(error))?;
    let known = kept.iter().map(|row| row.get::<Vec<u8>>("credential_id")).collect::<Result<Vec<_>, _>>()?;
    let (options, state) =
        webauthn.start_passkey_registration(person.0, login, name, Some(known)).map_err(|_| Error::SignIn)?;
    let mut options = serde_json::to_value(options).map_err(|_| Error::SignIn)?;
    // Keys that remember whom they belong to sign in without a login; others still work where they are.
    if let Some(selection) =
        options.pointer_mut("/publicKey/authenticatorSelection").and_then(Value::as_object_mut)
    {
        selection.insert("residentKey".to_owned(), json!("preferred"));
    }
    answer(app, "passkey-register", &person.to_string(), options, &state).await
}

/// Options for the browser to answer with any passkey it has for this address.
///
/// # Errors
/// As [`start_register`].
pub async fn start_sign_in(app: &App) -> Result<Value, Error> {
    let (options, state) = webauthn(app)?.start_discoverable_authentication().map_err(|_| Error::SignIn)?;
    let mut options = serde_json::to_value(options).map_err(|_| Error::SignIn)?;
    if let Some(options) = options.as_object_mut() {
        options.remove("mediation");
    }
    answer(app, "passkey-sign-in", "", options, &state).await
}

async fn answer(
    app: &App,
    purpose: &str,
    owner: &str,
    mut options: Value,
    state: &impl serde::Serialize,
) -> Result<Value, Error> {
    let seal_key = seal::key(app).await?;
    let sealed = seal::seal(&seal_key, purpose, owner, state, app.db.clock().now() + CHALLENGE)?;
    if let Some(options) = options.as_object_mut() {
        options.insert("id".to_owned(), json!(sealed));
    }
    Ok(options)
}

/// Uses up a challenge.
fn spend(tx: &mut WriteTx<'_>, sealed: &str) -> Result<(), Error> {
    let now = tx.now();
    let hash: Hash = Sha256::digest(sealed.as_bytes()).into();
    tx.execute(sql!("DELETE FROM used_challenge WHERE expires < $1"), params![now])?;
    let fresh = tx.execute(
        sql!("INSERT INTO used_challenge(hash, expires) VALUES($1, $2) ON CONFLICT(hash) DO NOTHING"),
        params![hash, now + CHALLENGE],
    )?;
    if fresh == 1 { Ok(()) } else { Err(Error::SignIn) }
}

/// Keeps a new passkey.
///
/// # Errors
/// [`Error::SignIn`] when the answer does not fit the challenge; [`Error::Field`] for its name; any [`DbError`].
pub async fn finish_register(
    app: &App,
    author: &Author,
    person: PersonId,
    sealed: String,
    name: &str,
    credential: &RegisterPublicKeyCredential,
) -> Result<PasskeyId, Error> {
    let name = store::line("name", name, 60)?;
    let seal_key = seal::key(app).await?;
    let now = app.db.clock().now();
    let state: PasskeyRegistration =
        seal::open(&seal_key, "passkey-register", &person.to_string(), &sealed, now).ok_or(Error::SignIn)?;
    let passkey = webauthn(app)?.finish_passkey_registration(credential, &state).map_err(|error| {
        tracing::debug!(%error, "a passkey was not accepted");
        Error::SignIn
    })?;
    let stored = serde_json::to_string(&passkey).map_err(|_| Error::SignIn)?;
    let credential_id: Vec<u8> = passkey.cred_id().to_vec();
    app.db
        .write(author, move |tx| {
            spend(tx, &sealed)?;
            let now = tx.now();
            let id = PasskeyId(store::new_id(tx));
            tx.execute(
                sql!(
                    "INSERT INTO passkey(id, person_id, credential_id, credential, name, created)
                      VALUES($1, $2, $3, $4, $5, $6)"
                ),
                params![id, person, credential_id, stored, name, now],
            )?;
            Ok(tx.record(Event::new("identity.passkey_added", "passkey", id).topic("identity")).with(id))
        })
        .await
}

/// Signs in with the browser's answer.
///
/// # Errors
/// [`Error::SignIn`] whatever was wrong, [`Error::TooMany`]; any [`DbError`].
pub async fn sign_in(
    app: &App,
    sealed: String,
    credential: PublicKeyCredential,
    address: &str,
    device: &str,
    old: Option<String>,
) -> Result<(SessionId, Secret), Error> {
    let webauthn = webauthn(app)?;
    let settings = app.identity.settings.clone();
    let trier = Trier::new(None, address);
    let seal_key = seal::key(app).await?;
    let device = device.to_owned();
    app.db
        .write(&Author::system("sign-in"), move |tx| {
            limits::check(tx, &trier, &settings)?;
            match verify(tx, &webauthn, &seal_key, &sealed, &credential) {
                Ok(person) => {
                    spend(tx, &sealed)?;
                    let done = session::begin(
                        tx,
                        person,
                        None,
                        session::Method::Passkey,
                        &device,
                        settings.absolute,
                        old.as_deref(),
                    )?;
                    Ok(done.map(Ok))
                }
                Err(Error::SignIn) => password::refused(tx, &trier, &settings, "passkey")
                    .map(|done| done.map(Err))
                    .map_err(Error::from),
                Err(error) => Err(error),
            }
        })
        .await?
}

fn verify(
    tx: &mut WriteTx<'_>,
    webauthn: &Webauthn,
    seal_key: &[u8; 32],
    sealed: &str,
    credential: &PublicKeyCredential,
) -> Result<PersonId, Error> {
    let now = tx.now();
    let state: DiscoverableAuthentication =
        seal::open(seal_key, "passkey-sign-in", "", sealed, now).ok_or(Error::SignIn)?;
    let id = credential.get_credential_id().to_vec();
    let found: Option<Row> = tx.query_opt(
        sql!(
            "SELECT k.id, k.person_id, k.credential FROM passkey k JOIN person p ON p.id = k.person_id
              WHERE k.credential_id = $1 AND p.disabled_at IS NULL"
        ),
        params![id],
    )?;
    let found = found.ok_or(Error::SignIn)?;
    let person: PersonId = found.get("person_id")?;
    if credential.get_user_unique_id().is_some_and(|owner| owner != person.0.as_bytes()) {
        return Err(Error::SignIn);
    }
    let mut passkey: Passkey =
        serde_json::from_str(&found.get::<String>("credential")?).map_err(|_| Error::SignIn)?;
    let result = webauthn
        .finish_discoverable_authentication_v2(credential, state, DiscoverableKey::from(&passkey))
        .map_err(|error| {
            tracing::debug!(%error, "a passkey did not sign in");
            Error::SignIn
        })?;
    passkey.update_credential(&result);
    let stored = serde_json::to_string(&passkey).map_err(|_| Error::SignIn)?;
    tx.execute(
        sql!("UPDATE passkey SET credential = $2, last_used = $3 WHERE id = $1"),
        params![found.get::<PasskeyId>("id")?, stored, now],
    )?;
    Ok(person)
}

/// Removes a passkey of one's own.
///
/// # Errors
/// [`Error::Missing`]; any [`DbError`].
pub fn remove(tx: &mut WriteTx<'_>, id: PasskeyId, owner: PersonId) -> Result<Done<()>, Error> {
    let changed =
        tx.execute(sql!("DELETE FROM passkey WHERE id = $1 AND person_id = $2"), params![id, owner])?;
    if changed == 0 {
        return Err(Error::Missing);
    }
    Ok(tx.record(Event::new("identity.passkey_removed", "passkey", id).topic("identity")).with(()))
}
