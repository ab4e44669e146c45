//! What every JSON route shares: strict bodies, problem documents, pages of lists, idempotency keys.
//!
//! ```text
//! async fn create(actor: Actor<ManageTasks>, State(app): State<App>, key: IdempotencyKey, body: Json<NewTask>)
//!     -> Result<Answer, AppError>
//! {
//!     api::idempotent(&app.db, &actor, &key, "tasks.create", body.hash(), move |tx| {
//!         Ok(store::create(tx, &body)?.map(|id| (StatusCode::CREATED, serde_json::json!({ "id": id }))))
//!     }).await
//! }
//! ```

use std::{fmt, marker::PhantomData};

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use sha2::{Digest, Sha256};

use crate::{
    audit::{Event, Hash},
    db::{Db, DbError, Done, Migration, Row, WriteTx},
    i18n::key,
    identity::Identity,
    params, sql,
    web::AppError,
};

/// The table of answers already given.
pub const MIGRATIONS: &[Migration] = &[Migration {
    area: "api",
    version: 1,
    sql: "CREATE TABLE idempotency(
            author TEXT NOT NULL,
            key TEXT NOT NULL,
            route TEXT NOT NULL,
            body_hash BLOB NOT NULL,
            status BIGINT NOT NULL,
            body TEXT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY(author, key, route)
          ) STRICT;
          CREATE INDEX idempotency_at ON idempotency(at);",
}];

impl From<DbError> for AppError {
    /// Storage trouble is 503 with `Retry-After`, a missing row 404, a duplicate 409, all else our fault.
    fn from(error: DbError) -> Self {
        match error {
            DbError::Busy => Self::unavailable(1).caused_by(error),
            DbError::Full | DbError::Unavailable(_) => Self::unavailable(10).caused_by(error),
            DbError::Missing(_) => Self::not_found().caused_by(error),
            DbError::Unique { .. } => Self::conflict().caused_by(error),
            error => Self::internal(error),
        }
    }
}

/// A JSON body: declared as such, without unknown fields (mark the type `deny_unknown_fields`), without
/// duplicate keys at any depth.
#[derive(Debug, Clone)]
pub struct Json<T> {
    value: T,
    hash: Hash,
}

impl<T> Json<T> {
    /// The value itself.
    pub fn into_inner(self) -> T {
        self.value
    }
    /// SHA-256 of the bytes as sent, for [`idempotent`].
    pub fn hash(&self) -> Hash {
        self.hash
    }
}

impl<T> std::ops::Deref for Json<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = AppError;

    async fn from_request(request: Request, state: &S) -> Result<Self, AppError> {
        let declared = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        if !declared {
            return Err(AppError::unsupported_type());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
                AppError::too_large()
            } else {
                AppError::bad_request().caused_by(rejection)
            }
        })?;
        let value = parse(&bytes)?;
        Ok(Self { value, hash: Sha256::digest(&bytes).into() })
    }
}

/// Reads a JSON text strictly.
///
/// # Errors
/// 400 when it is no JSON or names a key twice; 422 when it does not have the expected shape.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, AppError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    Unique::<()>(PhantomData).deserialize(&mut reader).and_then(|()| reader.end()).map_err(|error| {
        AppError::bad_request().because(key("identity-api-json")).slug("json").caused_by(error)
    })?;
    serde_json::from_slice(bytes).map_err(|error| {
        // The message names a field of ours and a position, nothing of the inside.
        AppError::invalid(Vec::new())
            .because(key("identity-api-shape"))
            .with("reason", error.to_string())
            .slug("shape")
    })
}

/// Walks a JSON text and refuses a key that stands twice in one object.
struct Unique<T>(PhantomData<T>);

impl<'de> DeserializeSeed<'de> for Unique<()> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Unique<()> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON without duplicate keys")
    }
    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }
    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }
    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }
    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }
    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Unique::<()>(PhantomData))?.is_some() {}
        Ok(())
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen = std::collections::HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if !seen.insert(name) {
                return Err(serde::de::Error::custom("a key stands twice"));
            }
            map.next_value_seed(Unique::<()>(PhantomData))?;
        }
        Ok(())
    }
}

/// How far a list is read: at most `limit` rows after the one named `after`.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Rows at most: 1 to 500, 100 when not given.
    pub limit: Option<u32>,
    /// The `next` of the page before.
    pub after: Option<String>,
}

impl Paging {
    /// Rows at most.
    pub fn limit(&self) -> u32 {
        self.limit.unwrap_or(100).clamp(1, 500)
    }

    /// Cuts rows read with `limit() + 1` to a page; `name` gives a row's place.
    pub fn page<T>(&self, mut rows: Vec<T>, name: impl Fn(&T) -> String) -> PageOf<T> {
        let limit = usize::try_from(self.limit()).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let next = if more { rows.last().map(name) } else { None };
        PageOf { items: rows, next }
    }

    /// The same for a list that is whole in memory and in order of nothing that can be compared in SQL.
    pub fn cut<T>(&self, rows: Vec<T>, name: impl Fn(&T) -> String) -> PageOf<T> {
        let start = match &self.after {
            None => 0,
            Some(after) => rows.iter().position(|row| name(row) == *after).map_or(rows.len(), |at| at + 1),
        };
        let limit = usize::try_from(self.limit()).unwrap_or(usize::MAX);
        self.page(rows.into_iter().skip(start).take(limit + 1).collect(), name)
    }
}

/// One page of a list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct PageOf<T> {
    /// The rows.
    pub items: Vec<T>,
    /// What to give as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T: Serialize> IntoResponse for PageOf<T> {
    fn into_response(self) -> Response {
        axum::Json(self).into_response()
    }
}

/// The query of a JSON route, read strictly: unknown or repeated names are refused.
#[derive(Debug, Clone)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AppError> {
        let text = parts.uri.query().unwrap_or_default();
        let mut names = std::collections::HashSet::new();
        if !url::form_urlencoded::parse(text.as_bytes()).all(|(name, _)| names.insert(name.into_owned())) {
            return Err(AppError::bad_request().slug("query"));
        }
        axum::extract::Query::<T>::from_request_parts(parts, state)
            .await
            .map(|query| Self(query.0))
            .map_err(|rejection| AppError::bad_request().slug("query").caused_by(rejection))
    }
}

/// The `Idempotency-Key` of a call, if it has one: 1 to 128 printable characters.
#[derive(Debug, Clone, Default)]
pub struct IdempotencyKey(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AppError> {
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Self(None)) };
        match value.to_str() {
            Ok(text) if !text.is_empty() && text.len() <= 128 => Ok(Self(Some(text.to_owned()))),
            _ => Err(AppError::bad_request().because(key("identity-api-key")).slug("idempotency-key")),
        }
    }
}

/// The answer of a JSON verb: first given or given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The JSON text.
    pub body: String,
    /// True when the call had been answered before and nothing was done now.
    pub again: bool,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        if self.status == StatusCode::NO_CONTENT {
            return self.status.into_response();
        }
        let mut response = (self.status, self.body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if self.again {
            headers.insert("idempotency-replayed", HeaderValue::from_static("true"));
        }
        response
    }
}

/// Runs `f` once per person, key and route and keeps its answer in the same transaction; the same call again
/// gets the same answer. Without a key `f` simply runs.
///
/// # Errors
/// 422 when the key was used with another body; whatever `f` returns; any [`DbError`].
pub async fn idempotent<E, F>(
    db: &Db,
    actor: &Identity,
    key: &IdempotencyKey,
    route: &'static str,
    body_hash: Hash,
    f: F,
) -> Result<Answer, AppError>
where
    E: From<DbError> + Into<AppError> + 'static,
    F: FnOnce(&mut WriteTx<'_>) -> Result<Done<(StatusCode, serde_json::Value)>, E> + Send + 'static,
{
    let author = actor.person.id.to_string();
    let key = key.0.clone();
    db.write(actor.author(), move |tx| {
        let fresh = |done: &(StatusCode, serde_json::Value)| Answer {
            status: done.0,
            body: done.1.to_string(),
            again: false,
        };
        let Some(key) = key else {
            return Ok(f(tx).map_err(Into::into)?.map(|done| fresh(&done)));
        };
        let kept: Option<Row> = tx.query_opt(
            sql!("SELECT body_hash, status, body FROM idempotency WHERE author = $1 AND key = $2 AND route = $3"),
            params![author, key, route],
        )?;
        if let Some(kept) = kept {
            if kept.get::<Hash>("body_hash")? != body_hash {
                return Err(AppError::invalid(Vec::new())
                    .because(crate::i18n::key("identity-api-key-body"))
                    .slug("idempotency-key"));
            }
            let status = StatusCode::from_u16(kept.get("status")?).unwrap_or(StatusCode::OK);
            return Ok(tx.unchanged(Answer { status, body: kept.get("body")?, again: true })?);
        }
        let done = f(tx).map_err(Into::into)?.map(|done| fresh(&done));
        let answer = done.value();
        let now = tx.now();
        tx.execute(
            sql!(
                "INSERT INTO idempotency(author, key, route, body_hash, status, body, at)
                  VALUES($1, $2, $3, $4, $5, $6, $7)"
            ),
            params![author, key, route, body_hash, answer.status.as_u16(), answer.body, now],
        )?;
        if tx.unchanged(()).is_err() {
            // `f` changed nothing and recorded nothing: the kept answer is then the only change.
            let _ = tx.record(Event::new("api.answered", "route", route));
        }
        Ok(done)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Body {
        a: i64,
    }

    #[test]
    fn a_body_is_read_strictly() {
        assert_eq!(parse::<Body>(br#"{"a":1}"#).unwrap(), Body { a: 1 });
        for (text, status) in [
            (r#"{"a":1,"a":2}"#, 400),
            (r#"{"a":1"#, 400),
            (r#"{"a":1} x"#, 400),
            (r#"{"a":1,"b":2}"#, 422),
            (r#"{"a":"x"}"#, 422),
            ("{}", 422),
        ] {
            assert_eq!(parse::<Body>(text.as_bytes()).unwrap_err().status().as_u16(), status, "{text}");
        }
        let nested = br#"{"a":{"x":1,"x":2}}"#;
        assert_eq!(parse::<serde_json::Value>(nested).unwrap_err().status().as_u16(), 400);
    }

    #[test]
    fn a_page_names_the_next_only_when_there_is_one() {
        let paging = Paging { limit: Some(2), after: None };
        let page = paging.cut(vec!["a", "b", "c"], |row| (*row).to_owned());
        assert_eq!((page.items, page.next.as_deref()), (vec!["a", "b"], Some("b")));
        let paging = Paging { limit: Some(2), after: Some("b".to_owned()) };
        let page = paging.cut(vec!["a", "b", "c"], |row| (*row).to_owned());
        assert_eq!((page.items, page.next), (vec!["c"], None));
    }
}
