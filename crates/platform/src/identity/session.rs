//! Sessions: opaque 256-bit secrets in a cookie, hashed at rest, rotated, revoked everywhere within 5 s.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::Timestamp;
use serde_json::json;
use tokio::sync::broadcast;

use super::{Error, OfficeId, PersonId, SessionId, secret, secret::Secret, store};
use crate::{
    app::App,
    audit::{Author, Event},
    db::{Db, DbError, Done, Tx, WriteTx},
    i18n::key,
    params, row, sql,
};

row! {
    /// A session as its owner sees it.
    #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
    pub struct SessionRow {
        /// The public id.
        #[schema(value_type = String, format = "uuid")]
        pub id: SessionId,
        /// The office acted for.
        pub office: String,
        /// The device as the browser named itself.
        pub device: String,
        /// When it began.
        #[schema(value_type = String, format = "date-time")]
        pub created: Timestamp,
        /// When it was last used, to the minute.
        #[schema(value_type = String, format = "date-time")]
        pub seen: Timestamp,
        /// When it ends at the latest.
        #[schema(value_type = String, format = "date-time")]
        pub expires: Timestamp,
    }
}

/// The cookie's name: the `__Host-` prefix needs TLS.
pub fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-dh" } else { "dh" }
}

/// The session's secret in the request, if exactly one is sent.
pub fn cookie(headers: &HeaderMap, secure: bool) -> Option<&str> {
    let name = cookie_name(secure);
    let mut found = headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='));
    let first = found.next()?;
    // Two cookies of the same name: one was planted.
    (found.next().is_none() && !first.is_empty()).then_some(first)
}

/// The header that hands the secret to the browser.
pub fn set_cookie(secret: &Secret, secure: bool, lifetime: Duration) -> HeaderValue {
    let flags = if secure { "; Secure" } else { "" };
    let text = format!(
        "{}={}; Path=/; HttpOnly; SameSite=Strict; Max-Age={}{flags}",
        cookie_name(secure),
        secret.text,
        lifetime.as_secs()
    );
    HeaderValue::from_str(&text).unwrap_or(HeaderValue::from_static(""))
}

/// The header that takes it away.
pub fn clear_cookie(secure: bool) -> HeaderValue {
    HeaderValue::from_static(if secure {
        "__Host-dh=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0; Secure"
    } else {
        "dh=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
    })
}

/// Whether a session last used at `seen` is over by not being used.
pub fn is_idle(seen: Timestamp, now: Timestamp, idle: Duration) -> bool {
    now.duration_since(seen).unsigned_abs() > idle && now > seen
}

/// How someone signed in; goes on the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// A passkey.
    Passkey,
    /// Password and one-time password.
    Password,
    /// A one-time link or code.
    Link,
    /// Another office of the same person.
    Switch,
}

impl Method {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Password => "password",
            Self::Link => "link",
            Self::Switch => "switch",
        }
    }
}

/// Begins a session for a person acting for an office (their first one if not given), ending `old` if there
/// is one: the secret is never the same after a sign-in or a change of role.
///
/// # Errors
/// [`Error::Refused`] when the person holds no such office now; any [`DbError`].
pub fn begin(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    office: Option<OfficeId>,
    method: Method,
    device: &str,
    lifetime: Duration,
    old: Option<&str>,
) -> Result<Done<(SessionId, Secret)>, Error> {
    let now = tx.now();
    let offices = store::offices_of(tx, person)?;
    let office = match office {
        Some(wanted) => offices.iter().find(|office| office.id == wanted),
        None => offices.first(),
    };
    let Some(office) = office else { return Err(Error::Refused(key("identity-no-office"))) };
    let subject: String = tx
        .scalar(sql!("SELECT subject FROM person WHERE id = $1 AND disabled_at IS NULL"), params![person])?
        .ok_or(Error::SignIn)?;
    if let Some(old) = old {
        tx.execute(
            sql!("UPDATE session SET revoked_at = $1 WHERE hash = $2 AND revoked_at IS NULL"),
            params![now, secret::hash(old)],
        )?;
    }
    let id = SessionId(store::new_id(tx));
    let secret = secret::session();
    let expires = now + lifetime;
    let device: String = device.chars().filter(|c| !c.is_control()).take(120).collect();
    tx.execute(
        sql!(
            "INSERT INTO session(id, hash, person_id, office_id, device, created, seen, expires)
              VALUES($1, $2, $3, $4, $5, $6, $6, $7)"
        ),
        params![id, secret.hash, person, office.id, device, now, expires],
    )?;
    let act = if method == Method::Switch { "identity.office_chosen" } else { "identity.signed_in" };
    let event = Event::new(act, "session", id)
        .topic("identity")
        .data(json!({ "subject": subject, "office": office.title, "method": method.as_str() }));
    Ok(tx.record(event).with((id, secret)))
}

/// Ends a session; ending it twice changes nothing. `owner` limits it to one's own.
///
/// # Errors
/// [`Error::Missing`] when there is no such session (of that owner); any [`DbError`].
pub fn revoke(tx: &mut WriteTx<'_>, id: SessionId, owner: Option<PersonId>) -> Result<Done<()>, Error> {
    let now = tx.now();
    let found: Option<i64> = tx.scalar(
        sql!(
            "SELECT CASE WHEN revoked_at IS NULL THEN 0 ELSE 1 END AS ended FROM session
              WHERE id = $1 AND (CAST($2 AS TEXT) IS NULL OR person_id = $2)"
        ),
        params![id, owner],
    )?;
    match found {
        None => Err(Error::Missing),
        Some(1) => Ok(tx.unchanged(())?),
        Some(_) => {
            tx.execute(sql!("UPDATE session SET revoked_at = $1 WHERE id = $2"), params![now, id])?;
            Ok(tx.record(Event::new("identity.session_ended", "session", id).topic("identity")).with(()))
        }
    }
}

/// Ends all sessions of a person but one; returns how many.
///
/// # Errors
/// Any [`DbError`].
pub fn revoke_all(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    but: Option<SessionId>,
) -> Result<Done<u64>, Error> {
    let now = tx.now();
    let ended = tx.execute(
        sql!(
            "UPDATE session SET revoked_at = $1
              WHERE person_id = $2 AND revoked_at IS NULL AND (CAST($3 AS TEXT) IS NULL OR id <> $3)"
        ),
        params![now, person, but],
    )?;
    if ended == 0 {
        return Ok(tx.unchanged(0)?);
    }
    let event = Event::new("identity.sessions_ended", "person", person)
        .topic("identity")
        .data(json!({ "count": ended }));
    Ok(tx.record(event).with(ended))
}

/// The live sessions of a person, the last used first.
///
/// # Errors
/// Any [`DbError`].
pub fn of_person(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<SessionRow>, DbError> {
    let now = tx.now();
    tx.query(
        sql!(
            "SELECT s.id, o.title AS office, s.device, s.created, s.seen, s.expires
               FROM session s JOIN office o ON o.id = s.office_id
              WHERE s.person_id = $1 AND s.revoked_at IS NULL AND s.expires > $2 ORDER BY s.seen DESC, s.id"
        ),
        params![person, now],
    )
}

/// Whether a session would still be let in, its idle time apart: not revoked, not over, the person not
/// disabled, the office still held.
///
/// # Errors
/// Any [`DbError`].
pub async fn is_live(db: &Db, id: SessionId) -> Result<bool, DbError> {
    db.read(move |tx| super::actor::still(tx, id)).await
}

/// Watches for sessions that end, on whichever server they were ended, so that open streams can be closed.
///
/// One query every two seconds. A stream subscribes and closes when its own session is named.
#[derive(Clone)]
pub struct SessionWatch {
    dead: broadcast::Sender<SessionId>,
}

impl SessionWatch {
    /// How often the database is asked.
    pub const EVERY: Duration = Duration::from_secs(2);
    /// How often the use of sessions is written down.
    const WRITE_SEEN: u32 = 30;

    /// Starts watching until the application is dropped or the returned handle is aborted.
    pub fn start(app: &App) -> (Self, tokio::task::JoinHandle<()>) {
        let (dead, _) = broadcast::channel(4096);
        let watch = Self { dead: dead.clone() };
        let app = app.clone();
        let task = tokio::spawn(async move {
            let mut since = app.db.clock().now();
            let mut ticks = 0_u32;
            let mut interval = tokio::time::interval(Self::EVERY);
            interval.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
            loop {
                interval.tick().await;
                ticks = ticks.wrapping_add(1);
                match ended_since(&app, since).await {
                    Ok((ids, now)) => {
                        // A writer's clock may be a little behind: look at the last seconds twice.
                        since = now - Duration::from_secs(10);
                        for id in ids {
                            // Nobody listening is no fault.
                            let _ = dead.send(id);
                        }
                    }
                    Err(error) => tracing::warn!(%error, "sessions could not be checked"),
                }
                if ticks.is_multiple_of(Self::WRITE_SEEN)
                    && let Err(error) = write_seen(&app).await
                {
                    tracing::warn!(%error, "the use of sessions could not be written down");
                }
            }
        });
        (watch, task)
    }

    /// A watch that names nothing by itself, for tests and for programs without streams.
    pub fn silent() -> Self {
        Self { dead: broadcast::channel(16).0 }
    }

    /// Sessions that ended; a receiver that fell behind must ask [`is_live`] for its own.
    pub fn subscribe(&self) -> broadcast::Receiver<SessionId> {
        self.dead.subscribe()
    }

    /// Returns once the session has ended.
    pub async fn ended(&self, db: &Db, id: SessionId) {
        let mut dead = self.subscribe();
        loop {
            match dead.recv().await {
                Ok(ended) if ended == id => return,
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    if matches!(is_live(db, id).await, Ok(false)) {
                        return;
                    }
                }
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

/// Sessions that ended since: revoked, over, or whose person or office was taken away.
async fn ended_since(app: &App, since: Timestamp) -> Result<(Vec<SessionId>, Timestamp), DbError> {
    app.db
        .read(move |tx| {
            let now = tx.now();
            let rows: Vec<crate::db::Row> = tx.query(
                sql!(
                    "SELECT id FROM session WHERE revoked_at >= $1
                     UNION SELECT id FROM session WHERE expires >= $1 AND expires <= $2
                     UNION SELECT s.id FROM session s JOIN person p ON p.id = s.person_id
                            WHERE p.disabled_at >= $1
                     UNION SELECT s.id FROM session s
                             JOIN assignment a ON a.person_id = s.person_id AND a.office_id = s.office_id
                            WHERE a.to_at >= $1 AND a.to_at <= $2"
                ),
                params![since, now],
            )?;
            let ids = rows.iter().map(|row| row.get("id")).collect::<Result<_, _>>()?;
            Ok((ids, now))
        })
        .await
}

/// Writes down when sessions and tokens were last used: one event for all of them.
///
/// # Errors
/// Any [`DbError`].
pub async fn write_seen(app: &App) -> Result<u64, DbError> {
    let state = &app.identity;
    let seen = std::mem::take(&mut *state.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
    if seen.is_empty() {
        return Ok(0);
    }
    let kept = seen.clone();
    let result = app
        .db
        .write(&Author::system("sessions"), move |tx| {
            let mut changed = 0;
            for (id, at) in &seen {
                changed += tx.execute(
                    sql!("UPDATE session SET seen = $1 WHERE id = $2 AND seen < $1"),
                    params![at, id],
                )?;
                changed +=
                    tx.execute(sql!("UPDATE api_token SET last_used = $1 WHERE id = $2"), params![at, id])?;
            }
            if changed == 0 {
                return tx.unchanged(0);
            }
            let event =
                Event::new("identity.sessions_used", "sessions", "all").data(json!({ "count": changed }));
            Ok::<_, DbError>(tx.record(event).with(changed))
        })
        .await;
    if result.is_err() {
        // Nothing was written: what was seen is still to be written, unless seen again meanwhile.
        let mut memory = state.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        for (id, at) in kept {
            memory.entry(id).or_insert(at);
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_closed_to_scripts_and_other_sites() {
        let secret = secret::session();
        let header = set_cookie(&secret, true, Duration::from_secs(60));
        let text = header.to_str().unwrap();
        assert!(text.starts_with("__Host-dh="));
        for flag in ["; Path=/", "; HttpOnly", "; SameSite=Strict", "; Secure", "; Max-Age=60"] {
            assert!(text.contains(flag), "{flag}");
        }
        assert!(!set_cookie(&secret, false, Duration::from_secs(60)).to_str().unwrap().contains("Secure"));
    }

    #[test]
    fn a_second_cookie_of_the_name_voids_both() {
        let read = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, value.parse().unwrap());
            cookie(&headers, false).map(str::to_owned)
        };
        assert_eq!(read("lang=vi; dh=abc").as_deref(), Some("abc"));
        assert_eq!(read("dh=abc; dh=evil"), None);
        assert_eq!(read("dh="), None);
    }

    #[test]
    fn half_an_hour_without_use_is_idle() {
        let now: Timestamp = "2025-09-26T09:00:00Z".parse().unwrap();
        let idle = Duration::from_secs(1800);
        assert!(!is_idle(now - Duration::from_secs(1800), now, idle));
        assert!(is_idle(now - Duration::from_secs(1801), now, idle));
        assert!(!is_idle(now + Duration::from_secs(9999), now, idle));
    }
}
