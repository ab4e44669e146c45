//! Password with one-time password: argon2id at most two at a time, the same answer and time for a person
//! who does not exist, each one-time password once.

use std::sync::{OnceLock, atomic::Ordering};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use serde_json::json;
use subtle::ConstantTimeEq;
use totp_rs::{Algorithm as TotpAlgorithm, TOTP};

use super::{
    Error, PersonId, SessionId,
    limits::{self, Trier},
    secret::Secret,
    session, store,
};
use crate::{
    app::App,
    audit::{Author, Event},
    db::{DbError, Done, Row, WriteTx},
    i18n::key,
    params, sql,
};

/// The step of a one-time password in seconds.
const STEP: u64 = 30;
/// Shortest password.
const SHORTEST: usize = 12;
/// Longest password in bytes: more only costs time.
const LONGEST: usize = 256;

fn argon2() -> Result<Argon2<'static>, Error> {
    // 19 MiB, two passes, one lane: security reference 5, row "Crypto".
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|_| Error::Busy)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// Runs heavy work off the async threads, two at a time, with a short queue.
async fn two_at_a_time<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let state = &app.identity;
    let waiting = state.hashing_waiting.fetch_add(1, Ordering::Relaxed);
    let result = async {
        if waiting >= state.settings.password_queue {
            return Err(Error::Busy);
        }
        let _permit = state.hashing.acquire().await.map_err(|_| Error::Busy)?;
        tokio::task::spawn_blocking(work).await.map_err(|_| Error::Busy)?
    }
    .await;
    state.hashing_waiting.fetch_sub(1, Ordering::Relaxed);
    result
}

/// Hashes a new password.
///
/// # Errors
/// [`Error::Field`] when it is too short or too long; [`Error::Busy`].
pub async fn hash(app: &App, password: &str) -> Result<String, Error> {
    if password.chars().count() < SHORTEST {
        return Err(Error::field("password", key("identity-error-password-short")));
    }
    if password.len() > LONGEST {
        return Err(Error::field("password", key("identity-error-long")));
    }
    let password = password.to_owned();
    two_at_a_time(app, move || hash_now(&password)).await
}

fn hash_now(password: &str) -> Result<String, Error> {
    let hash = argon2()?.hash_password(password.as_bytes()).map_err(|_| Error::Busy)?;
    Ok(hash.to_string())
}

fn verify(password: &str, hash: Option<&str>) -> Result<bool, Error> {
    // For a person who does not exist the same work is done against a hash that fits nothing.
    static NOBODY: OnceLock<String> = OnceLock::new();
    let known = hash.is_some();
    let nobody = match NOBODY.get() {
        Some(nobody) => nobody,
        None => {
            let made = hash_now(&crate::hex(&super::secret::random::<32>()))?;
            NOBODY.get_or_init(|| made)
        }
    };
    let hash = PasswordHash::new(hash.unwrap_or(nobody)).map_err(|_| Error::SignIn)?;
    Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && known)
}

/// What an authenticator app needs to enrol.
pub struct Enrolment {
    /// The secret bytes.
    pub secret: Vec<u8>,
    /// The secret to type.
    pub text: String,
    /// The `otpauth://` address for the QR.
    pub url: String,
}

/// Makes a fresh secret (160 bits) for a person's authenticator app.
pub fn enrolment(secret: Option<Vec<u8>>, login: &str) -> Enrolment {
    let secret = secret.unwrap_or_else(|| super::secret::random::<20>().to_vec());
    let totp = totp(secret.clone(), login);
    Enrolment { text: totp.get_secret_base32(), url: totp.get_url(), secret }
}

fn totp(secret: Vec<u8>, login: &str) -> TOTP {
    TOTP::new_unchecked(
        TotpAlgorithm::SHA1,
        6,
        1,
        STEP,
        secret,
        Some("Dien Hong".to_owned()),
        login.replace(':', " "),
    )
}

/// The step for which the code is right, one step early or late allowed; never one used before.
pub fn step(secret: &[u8], code: &str, unix: u64, last: u64) -> Option<u64> {
    let totp = totp(secret.to_vec(), "");
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let now = unix / STEP;
    let mut found = None;
    for step in [now.saturating_sub(1), now, now + 1] {
        let right = totp.generate(step * STEP);
        if bool::from(right.as_bytes().ct_eq(code.as_bytes())) && step > last {
            found = Some(step);
        }
    }
    found
}

struct Known {
    person: PersonId,
    hash: Option<String>,
    secret: Option<Vec<u8>>,
}

/// Signs in by login, password and one-time password.
///
/// # Errors
/// [`Error::SignIn`] whatever was wrong, [`Error::TooMany`], [`Error::Busy`]; any [`DbError`].
pub async fn sign_in(
    app: &App,
    login: &str,
    password: &str,
    code: &str,
    address: &str,
    device: &str,
    old: Option<String>,
) -> Result<(SessionId, Secret), Error> {
    let settings = app.identity.settings.clone();
    let trier = Trier::new(Some(login), address);
    let login = store::clean_login(login);
    let known = app
        .db
        .read({
            let (trier, settings) = (trier.clone(), settings.clone());
            move |tx| {
                limits::check(tx, &trier, &settings)?;
                let row: Option<Row> = tx.query_opt(
                    sql!(
                        "SELECT id, password_hash, totp_secret FROM person WHERE login = $1 AND disabled_at IS NULL"
                    ),
                    params![login],
                )?;
                row.map(|row| {
                    Ok::<_, Error>(Known {
                        person: row.get("id")?,
                        hash: row.get("password_hash")?,
                        secret: row.get("totp_secret")?,
                    })
                })
                .transpose()
            }
        })
        .await?;
    let (hash, person, secret) =
        known.map_or((None, None, None), |known| (known.hash, Some(known.person), known.secret));
    let right = {
        let password: String = password.chars().take(LONGEST).collect();
        two_at_a_time(app, move || verify(&password, hash.as_deref())).await?
    };
    let unix = u64::try_from(app.db.clock().wall().as_second()).unwrap_or(0);
    let code = code.to_owned();
    let device = device.to_owned();
    // A refusal is written down too, so the error travels inside the value.
    app.db
        .write(&Author::system("sign-in"), move |tx| {
            limits::check(tx, &trier, &settings)?;
            let used = spend(tx, person, secret.as_deref().unwrap_or(&[0; 20]), &code, unix, right)?;
            match (person, used) {
                (Some(person), true) => {
                    let done = session::begin(
                        tx,
                        person,
                        None,
                        session::Method::Password,
                        &device,
                        settings.absolute,
                        old.as_deref(),
                    )?;
                    Ok(done.map(Ok))
                }
                _ => {
                    refused(tx, &trier, &settings, "password").map(|done| done.map(Err)).map_err(Error::from)
                }
            }
        })
        .await?
}

/// Marks the step as used; false when the code is wrong or was used.
fn spend(
    tx: &mut WriteTx<'_>,
    person: Option<PersonId>,
    secret: &[u8],
    code: &str,
    unix: u64,
    right: bool,
) -> Result<bool, DbError> {
    let last: Option<u64> =
        tx.scalar(sql!("SELECT totp_last_step FROM person WHERE id = $1"), params![person])?;
    let step = step(secret, code, unix, last.unwrap_or(0));
    let (Some(step), true) = (step, right && person.is_some()) else { return Ok(false) };
    let changed = tx.execute(
        sql!("UPDATE person SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2"),
        params![person, step],
    )?;
    Ok(changed == 1)
}

/// Writes down a refused sign-in; names nobody.
pub(super) fn refused(
    tx: &mut WriteTx<'_>,
    trier: &Trier,
    settings: &super::Settings,
    method: &'static str,
) -> Result<Done<Error>, DbError> {
    limits::count(tx, trier, settings)?;
    let event = Event::new("identity.sign_in_refused", "sign_in", method).data(json!({ "method": method }));
    Ok(tx.record(event).with(Error::SignIn))
}

/// Keeps a person's new password and authenticator; every other session of theirs ends.
///
/// # Errors
/// Any [`DbError`].
pub fn keep(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    hash: &str,
    secret: &[u8],
    step: u64,
    but: Option<SessionId>,
) -> Result<Done<()>, Error> {
    tx.execute(
        sql!("UPDATE person SET password_hash = $2, totp_secret = $3, totp_last_step = $4 WHERE id = $1"),
        params![person, hash, secret.to_vec(), step],
    )?;
    let _ = tx.record(Event::new("identity.password_set", "person", person).topic("identity"));
    let done = session::revoke_all(tx, person, but)?;
    Ok(done.map(|_| ()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_one_time_password_is_right_for_a_moment_and_once() {
        // RFC 6238, appendix B: SHA-1, secret 12345678901234567890, time 59 s: 94287082, its last six digits.
        let secret = b"12345678901234567890";
        assert_eq!(step(secret, "287082", 59, 0), Some(1));
        assert_eq!(step(secret, "287 082", 89, 0), Some(1), "one step late, typed with a space");
        assert_eq!(step(secret, "287082", 120, 0), None, "two steps late");
        assert_eq!(step(secret, "287082", 59, 1), None, "used");
        assert_eq!(step(secret, "", 59, 0), None);
        assert_eq!(step(secret, "287083", 59, 0), None);
    }

    #[test]
    fn a_password_fits_its_own_hash_only() {
        let hash = hash_now("mật khẩu rất dài").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify("mật khẩu rất dài", Some(&hash)).unwrap());
        assert!(!verify("mật khẩu rất dai", Some(&hash)).unwrap());
        assert!(!verify("mật khẩu rất dài", None).unwrap());
    }
}
