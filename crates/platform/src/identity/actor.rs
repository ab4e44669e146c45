//! The actor: who makes this request, with the rights that the database holds at this moment.

use std::{collections::HashSet, marker::PhantomData, sync::Arc};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};
use jiff::Timestamp;

use super::{
    Capability, Confidentiality, GrantId, OfficeId, PersonId, Right, SessionId, TokenId, UnitId, secret,
    session,
};
use crate::{
    app::App,
    audit::{Author, Via},
    db::{DbError, Row, Tx},
    i18n::key,
    params, row, sql,
    web::{AppError, Viewer},
};

/// Being signed in is enough: one's own account, one's own sessions.
pub struct SignedIn;
impl Capability for SignedIn {
    const AREA: &'static str = "";
    const RIGHT: Right = Right::Read;
}

/// Being signed in at a browser: for one's own ways to sign in, which no token may add, change or take away.
pub struct AtBrowser;
impl Capability for AtBrowser {
    const AREA: &'static str = "";
    const RIGHT: Right = Right::Read;
    const BROWSER: bool = true;
}

/// Someone who may do `C`; only the extractor makes one. Dereferences to [`Identity`].
pub struct Actor<C: Capability = SignedIn> {
    identity: Arc<Identity>,
    capability: PhantomData<fn() -> C>,
}

impl<C: Capability> Clone for Actor<C> {
    fn clone(&self) -> Self {
        Self { identity: self.identity.clone(), capability: PhantomData }
    }
}

impl<C: Capability> std::ops::Deref for Actor<C> {
    type Target = Identity;
    fn deref(&self) -> &Identity {
        &self.identity
    }
}

/// By which door the actor came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// A signed-in browser.
    Session(SessionId),
    /// An API token.
    Token(TokenId),
}

/// The person behind the request.
#[derive(Debug, Clone)]
pub struct PersonBrief {
    /// The id.
    pub id: PersonId,
    /// The name shown to the person and in administration; never in the audit log.
    pub display_name: String,
}

/// The office acted for.
#[derive(Debug, Clone)]
pub struct OfficeBrief {
    /// The id.
    pub id: OfficeId,
    /// Its title.
    pub title: String,
}

/// The unit of the office.
#[derive(Debug, Clone)]
pub struct UnitBrief {
    /// The id.
    pub id: UnitId,
    /// Its full name.
    pub name: String,
    /// Its short name.
    pub short: String,
}

/// What an office or person holds at this moment.
#[derive(Debug, Clone)]
pub struct Held {
    /// The grant.
    pub id: GrantId,
    /// The area, or `*` for all.
    pub area: String,
    /// The right.
    pub right: Right,
    /// How confidential things may be.
    pub confidentiality: Confidentiality,
    /// The units it reaches, those below included; `None` for everywhere.
    pub units: Option<HashSet<UnitId>>,
}

/// Which units a right reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// All units.
    Everywhere,
    /// These units; empty when the right is not held at all.
    Units(HashSet<UnitId>),
}

impl Scope {
    /// True when the unit is reached.
    pub fn reaches(&self, unit: UnitId) -> bool {
        match self {
            Self::Everywhere => true,
            Self::Units(units) => units.contains(&unit),
        }
    }
}

/// Who acts, for which office, with which rights.
#[derive(Debug, Clone)]
pub struct Identity {
    /// The person.
    pub person: PersonBrief,
    /// The office acted for.
    pub office: OfficeBrief,
    /// Its unit.
    pub unit: UnitBrief,
    /// The door.
    pub door: Door,
    author: Author,
    held: Vec<Held>,
    /// What the token is limited to; `None` for a session.
    scopes: Option<Vec<(String, Right)>>,
}

impl Identity {
    /// Who the audit log says it was.
    pub fn author(&self) -> &Author {
        &self.author
    }

    /// The session, unless a token is used.
    pub fn session(&self) -> Option<SessionId> {
        match self.door {
            Door::Session(id) => Some(id),
            Door::Token(_) => None,
        }
    }

    /// The public id of the session or token.
    pub fn door_id(&self) -> uuid::Uuid {
        match self.door {
            Door::Session(id) => id.0,
            Door::Token(id) => id.0,
        }
    }

    fn grants(&self, area: &str, right: Right) -> impl Iterator<Item = &Held> {
        let in_scope = self.scopes.as_ref().is_none_or(|scopes| {
            scopes.iter().any(|(name, most)| (name == area || name == "*") && *most >= right)
        });
        let area = area.to_owned();
        self.held
            .iter()
            .filter(move |held| in_scope && (held.area == area || held.area == "*") && held.right >= right)
    }

    /// Whether the right is held in the area: for the unit given (or one above it), or for any unit at all
    /// when `unit` is `None`.
    pub fn may(&self, area: &str, right: Right, unit: Option<UnitId>) -> bool {
        self.grants(area, right).any(|held| match (unit, &held.units) {
            (Some(unit), Some(units)) => units.contains(&unit),
            _ => true,
        })
    }

    /// Whether one grant covers the right, the unit and the confidentiality together: the question to ask for
    /// a single object. `unit` `None` asks for a thing that belongs to no unit: only a grant everywhere covers it.
    pub fn covers(
        &self,
        area: &str,
        right: Right,
        unit: Option<UnitId>,
        confidentiality: Confidentiality,
    ) -> bool {
        self.grants(area, right).any(|held| {
            held.confidentiality >= confidentiality
                && held.units.as_ref().is_none_or(|units| unit.is_some_and(|unit| units.contains(&unit)))
        })
    }

    /// Whether a grant that is not limited to units covers the right and the confidentiality.
    pub fn covers_area(&self, area: &str, right: Right, confidentiality: Confidentiality) -> bool {
        self.covers(area, right, None, confidentiality)
    }

    /// The units a right reaches for things of this confidentiality, to put into a query.
    pub fn scope(&self, area: &str, right: Right, confidentiality: Confidentiality) -> Scope {
        let mut all = HashSet::new();
        for held in self.grants(area, right).filter(|held| held.confidentiality >= confidentiality) {
            match &held.units {
                None => return Scope::Everywhere,
                Some(units) => all.extend(units),
            }
        }
        Scope::Units(all)
    }

    /// The highest confidentiality readable anywhere in the area. For a single object ask [`Self::covers`].
    pub fn confidentiality(&self, area: &str) -> Confidentiality {
        self.grants(area, Right::Read).map(|held| held.confidentiality).max().unwrap_or_default()
    }

    /// Everything held now.
    pub fn held(&self) -> &[Held] {
        &self.held
    }

    /// What the page shows of who looks.
    pub fn viewer(&self) -> Viewer {
        let mut areas: Vec<String> = self.held.iter().map(|held| held.area.clone()).collect();
        areas.sort();
        areas.dedup();
        Viewer {
            office_title: self.office.title.clone(),
            unit_name: self.unit.name.clone(),
            initials: initials(&self.person.display_name),
            areas,
        }
    }
}

/// Two letters: the first of the first word and the first of the last.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().next());
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

impl<C: Capability> FromRequestParts<App> for Actor<C> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let identity = match parts.extensions.get::<Arc<Identity>>() {
            Some(identity) => identity.clone(),
            None => {
                let identity = Arc::new(identify(parts, app).await?);
                crate::web::set_viewer(&mut parts.extensions, identity.viewer());
                parts.extensions.insert(identity.clone());
                identity
            }
        };
        let held = C::AREA.is_empty()
            || if C::EVERYWHERE {
                identity.covers_area(C::AREA, C::RIGHT, Confidentiality::Normal)
            } else {
                identity.may(C::AREA, C::RIGHT, None)
            };
        if !held {
            return Err(AppError::forbidden());
        }
        if C::BROWSER && identity.session().is_none() {
            return Err(AppError::forbidden().because(key("identity-needs-session")));
        }
        Ok(Self { identity, capability: PhantomData })
    }
}

/// A page that strangers may see too: the sign-in page, the first page.
impl<C: Capability> axum::extract::OptionalFromRequestParts<App> for Actor<C> {
    type Rejection = AppError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Option<Self>, AppError> {
        match <Self as FromRequestParts<App>>::from_request_parts(parts, app).await {
            Ok(actor) => Ok(Some(actor)),
            Err(error) if matches!(error.status().as_u16(), 401 | 403) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

enum Presented {
    Session([u8; 32]),
    Token([u8; 32]),
}

fn presented(headers: &HeaderMap, app: &App) -> Option<Presented> {
    if let Some(value) = headers.get(header::AUTHORIZATION) {
        let value = value.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        let token = token.trim();
        return (scheme.eq_ignore_ascii_case("bearer") && token.starts_with("dh_"))
            .then(|| Presented::Token(secret::hash(token)));
    }
    session::cookie(headers, app.config.secure()).map(|text| Presented::Session(secret::hash(text)))
}

async fn identify(parts: &Parts, app: &App) -> Result<Identity, AppError> {
    let Some(presented) = presented(&parts.headers, app) else {
        return Err(AppError::unauthenticated());
    };
    let request = parts.extensions.get::<crate::web::RequestId>().map(|id| id.0.clone());
    let found: Option<(Identity, Timestamp, Timestamp)> = app
        .db
        .read(move |tx| {
            find(tx, &presented, request).map(|found| found.map(|(id, seen)| (id, seen, tx.now())))
        })
        .await?;
    let Some((identity, stored, now)) = found else {
        return Err(AppError::unauthenticated().because(key("identity-session-over")));
    };
    if let Door::Session(id) = identity.door {
        let seen = app.identity.last_seen(id.0).map_or(stored, |memory| memory.max(stored));
        if session::is_idle(seen, now, app.identity.settings.idle) {
            return Err(AppError::unauthenticated().because(key("identity-session-over")));
        }
    }
    app.identity.saw(identity.door_id(), now);
    Ok(identity)
}

row! {
    struct Found {
        door: uuid::Uuid,
        person_id: PersonId,
        display_name: String,
        subject: String,
        office_id: OfficeId,
        title: String,
        unit_id: UnitId,
        unit_name: String,
        unit_short: String,
        seen: Option<Timestamp>,
        scopes: Option<String>,
    }
}

fn find(
    tx: &mut Tx<'_>,
    presented: &Presented,
    request: Option<String>,
) -> Result<Option<(Identity, Timestamp)>, DbError> {
    let now = tx.now();
    let found: Option<Found> = match presented {
        Presented::Session(hash) => tx.query_opt(
            sql!(
                "SELECT s.id AS door, s.person_id, p.display_name, p.subject, s.office_id, o.title, o.unit_id,
                        u.name AS unit_name, u.short AS unit_short, s.seen, CAST(NULL AS TEXT) AS scopes
                   FROM session s JOIN person p ON p.id = s.person_id JOIN office o ON o.id = s.office_id
                   JOIN unit u ON u.id = o.unit_id
                  WHERE s.hash = $1 AND s.revoked_at IS NULL AND s.expires > $2 AND p.disabled_at IS NULL
                    AND EXISTS (SELECT 1 FROM assignment a
                                 WHERE a.person_id = s.person_id AND a.office_id = s.office_id
                                   AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2))"
            ),
            params![hash, now],
        )?,
        Presented::Token(hash) => tx.query_opt(
            sql!(
                "SELECT t.id AS door, t.person_id, p.display_name, p.subject, t.office_id, o.title, o.unit_id,
                        u.name AS unit_name, u.short AS unit_short, t.last_used AS seen, t.scopes
                   FROM api_token t JOIN person p ON p.id = t.person_id JOIN office o ON o.id = t.office_id
                   JOIN unit u ON u.id = o.unit_id
                  WHERE t.hash = $1 AND t.revoked_at IS NULL AND t.expires > $2 AND p.disabled_at IS NULL
                    AND EXISTS (SELECT 1 FROM assignment a
                                 WHERE a.person_id = t.person_id AND a.office_id = t.office_id
                                   AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2))"
            ),
            params![hash, now],
        )?,
    };
    let Some(found) = found else { return Ok(None) };
    let held = held(tx, found.office_id, found.person_id)?;
    let (door, via) = match presented {
        Presented::Session(_) => (Door::Session(SessionId(found.door)), Via::Session),
        Presented::Token(_) => (Door::Token(TokenId(found.door)), Via::Token),
    };
    let author = Author {
        office: found.title.clone(),
        subject: Some(found.subject),
        session: Some(found.door),
        via,
        request,
        unit: Some(found.unit_id.0),
        office_id: Some(found.office_id.0),
    };
    let identity = Identity {
        person: PersonBrief { id: found.person_id, display_name: found.display_name },
        office: OfficeBrief { id: found.office_id, title: found.title },
        unit: UnitBrief { id: found.unit_id, name: found.unit_name, short: found.unit_short },
        door,
        author,
        held,
        scopes: found.scopes.map(|scopes| parse_scopes(&scopes)),
    };
    Ok(Some((identity, found.seen.unwrap_or(now))))
}

/// Scopes as stored: `tasks:read files:manage`. What cannot be read grants nothing.
pub(super) fn parse_scopes(scopes: &str) -> Vec<(String, Right)> {
    scopes
        .split_whitespace()
        .filter_map(|scope| {
            let (area, right) = scope.split_once(':')?;
            Some((area.to_owned(), right.parse().ok()?))
        })
        .collect()
}

row! {
    struct HeldRow {
        id: GrantId,
        area: String,
        role: Right,
        confidentiality: Confidentiality,
        unit_id: Option<UnitId>,
    }
}

/// What the office and the person hold at the transaction's instant.
pub(super) fn held(tx: &mut Tx<'_>, office: OfficeId, person: PersonId) -> Result<Vec<Held>, DbError> {
    let now = tx.now();
    let rows: Vec<HeldRow> = tx.query(
        sql!(
            "SELECT id, area, role, confidentiality, unit_id FROM grant_row
              WHERE (office_id = $1 OR person_id = $2) AND not_before <= $3
                AND (not_after IS NULL OR not_after > $3)"
        ),
        params![office, person, now],
    )?;
    let reach: Vec<Row> = if rows.iter().any(|row| row.unit_id.is_some()) {
        tx.query(
            sql!(
                "WITH RECURSIVE reach(grant_id, unit_id) AS (
                   SELECT id, unit_id FROM grant_row
                    WHERE (office_id = $1 OR person_id = $2) AND unit_id IS NOT NULL
                   UNION
                   SELECT r.grant_id, u.id FROM reach r JOIN unit u ON u.parent_id = r.unit_id)
                 SELECT grant_id, unit_id FROM reach"
            ),
            params![office, person],
        )?
    } else {
        Vec::new()
    };
    let reach: Vec<(GrantId, UnitId)> = reach
        .iter()
        .map(|row| Ok((row.get("grant_id")?, row.get("unit_id")?)))
        .collect::<Result<_, DbError>>()?;
    Ok(rows
        .into_iter()
        .map(|row| Held {
            id: row.id,
            area: row.area,
            right: row.role,
            confidentiality: row.confidentiality,
            units: row
                .unit_id
                .map(|_| reach.iter().filter(|(grant, _)| *grant == row.id).map(|(_, unit)| *unit).collect()),
        })
        .collect())
}

/// Which units a right of an office reaches, whoever asks: what the office holds, and whoever acts for it now. For
/// what somebody else's signature would do; what a request may do is asked of its [`Actor`].
///
/// # Errors
/// Any [`DbError`].
pub fn scope_of_office(
    tx: &mut Tx<'_>,
    office: OfficeId,
    area: &str,
    right: Right,
    confidentiality: Confidentiality,
) -> Result<Scope, DbError> {
    let now = tx.now();
    let person: Option<PersonId> = tx.scalar(
        sql!(
            "SELECT a.person_id FROM assignment a JOIN person p ON p.id = a.person_id
              WHERE a.office_id = $1 AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2)
                AND p.disabled_at IS NULL
              ORDER BY a.from_at DESC LIMIT 1"
        ),
        params![office, now],
    )?;
    let person = person.unwrap_or(PersonId(uuid::Uuid::nil()));
    let mut all = HashSet::new();
    for held in held(tx, office, person)? {
        let fits = (held.area == area || held.area == "*")
            && held.right >= right
            && held.confidentiality >= confidentiality;
        match held.units {
            _ if !fits => {}
            None => return Ok(Scope::Everywhere),
            Some(units) => all.extend(units),
        }
    }
    Ok(Scope::Units(all))
}

/// For live streams: whether this session or token would still be let in, and as whom.
pub(super) fn still(tx: &mut Tx<'_>, id: SessionId) -> Result<bool, DbError> {
    let now = tx.now();
    let found: Option<i64> = tx.scalar(
        sql!(
            "SELECT 1 FROM session s JOIN person p ON p.id = s.person_id
              WHERE s.id = $1 AND s.revoked_at IS NULL AND s.expires > $2 AND p.disabled_at IS NULL
                AND EXISTS (SELECT 1 FROM assignment a
                             WHERE a.person_id = s.person_id AND a.office_id = s.office_id
                               AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2))"
        ),
        params![id, now],
    )?;
    Ok(found.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Nguyễn Thị Ánh"), "NÁ");
        assert_eq!(initials("an"), "A");
        assert_eq!(initials(""), "");
    }

    #[test]
    fn a_scope_that_cannot_be_read_grants_nothing() {
        assert_eq!(parse_scopes("tasks:read x files:all :"), vec![("tasks".to_owned(), Right::Read)]);
    }
}
