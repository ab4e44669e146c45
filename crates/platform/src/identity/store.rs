//! Units, offices, people, assignments, grants, links and tokens: all their SQL.
//!
//! Names and logins of people stay in these tables; the events about them carry ids and offices only.

use jiff::Timestamp;
use serde_json::json;
use uuid::Uuid;

use super::{
    AssignmentId, Confidentiality, Error, GrantId, OfficeId, PersonId, Right, TokenId, UnitId,
    secret::{self, Secret},
};
use crate::{
    audit::Event,
    db::{DbError, Done, Tx, WriteTx},
    i18n::key,
    params, row, sql,
};

/// A new id that sorts by the transaction's instant.
pub fn new_id(tx: &Tx<'_>) -> Uuid {
    let at = tx.now();
    let seconds = u64::try_from(at.as_second()).unwrap_or(0);
    let nanos = u32::try_from(at.subsec_nanosecond()).unwrap_or(0);
    Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, seconds, nanos))
}

/// Text as a person typed it: trimmed, NFC, one line, at most `max` characters.
///
/// # Errors
/// [`Error::Field`] when it is empty, too long or holds control characters.
pub fn line(field: &'static str, text: &str, max: usize) -> Result<String, Error> {
    use unicode_normalization::UnicodeNormalization;
    let text: String = text.trim().nfc().collect();
    if text.is_empty() {
        return Err(Error::field(field, key("identity-error-empty")));
    }
    optional_line(field, &text, max)
}

fn optional_line(field: &'static str, text: &str, max: usize) -> Result<String, Error> {
    use unicode_normalization::UnicodeNormalization;
    let text: String = text.trim().nfc().collect();
    if text.chars().count() > max {
        return Err(Error::field(field, key("identity-error-long")));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::field(field, key("identity-error-control")));
    }
    Ok(text)
}

// ---- units ---------------------------------------------------------------------------------------

row! {
    /// A unit.
    #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
    pub struct Unit {
        /// The id.
        #[schema(value_type = String, format = "uuid")]
        pub id: UnitId,
        /// The full name.
        pub name: String,
        /// The short name.
        pub short: String,
        /// The kind, such as `tieu_ban`, `ban`, `so`.
        pub kind: String,
        /// The unit above.
        #[schema(value_type = Option<String>, format = "uuid")]
        pub parent_id: Option<UnitId>,
        /// The typeset lines of its name at the head of its documents.
        pub header_lines: serde_json::Value,
        /// The symbol in its document numbers.
        pub symbol: String,
        /// The place in lists.
        pub position: i64,
    }
}

/// A unit to be made.
#[derive(Debug, Clone, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUnit {
    /// The full name.
    pub name: String,
    /// The short name.
    pub short: String,
    /// The kind, such as `tieu_ban`, `ban`, `so`.
    #[serde(default)]
    pub kind: String,
    /// The unit above.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    pub parent_id: Option<UnitId>,
    /// The typeset lines of its name at the head of its documents.
    #[serde(default)]
    pub header_lines: Vec<String>,
    /// The symbol in its document numbers.
    #[serde(default)]
    pub symbol: String,
    /// The place in lists.
    #[serde(default)]
    pub position: i64,
}

impl NewUnit {
    fn clean(&self) -> Result<Self, Error> {
        let header_lines: Vec<String> = self
            .header_lines
            .iter()
            .map(|text| optional_line("header_lines", text, 200))
            .collect::<Result<_, _>>()?;
        if header_lines.len() > 6 {
            return Err(Error::field("header_lines", key("identity-error-long")));
        }
        Ok(Self {
            name: line("name", &self.name, 300)?,
            short: line("short", &self.short, 80)?,
            kind: optional_line("kind", &self.kind, 40)?,
            parent_id: self.parent_id,
            header_lines: header_lines.into_iter().filter(|text| !text.is_empty()).collect(),
            symbol: optional_line("symbol", &self.symbol, 40)?,
            position: self.position,
        })
    }
}

/// All units in their order.
///
/// # Errors
/// Any [`DbError`].
pub fn units(tx: &mut Tx<'_>) -> Result<Vec<Unit>, DbError> {
    tx.query(
        sql!(
            "SELECT id, name, short, kind, parent_id, header_lines, symbol, position FROM unit
              ORDER BY position, name, id"
        ),
        &[],
    )
}

/// One unit.
///
/// # Errors
/// Any [`DbError`].
pub fn unit(tx: &mut Tx<'_>, id: UnitId) -> Result<Option<Unit>, DbError> {
    tx.query_opt(
        sql!(
            "SELECT id, name, short, kind, parent_id, header_lines, symbol, position FROM unit WHERE id = $1"
        ),
        params![id],
    )
}

/// Makes a unit.
///
/// # Errors
/// [`Error::Field`], [`Error::Missing`] when the unit above is not there; any [`DbError`].
pub fn create_unit(tx: &mut WriteTx<'_>, new: &NewUnit) -> Result<Done<UnitId>, Error> {
    let new = new.clean()?;
    let id = UnitId(new_id(tx));
    tx.execute(
        sql!(
            "INSERT INTO unit(id, name, short, kind, parent_id, header_lines, symbol, position)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![
            id,
            new.name,
            new.short,
            new.kind,
            new.parent_id,
            json!(new.header_lines),
            new.symbol,
            new.position
        ],
    )?;
    let event = Event::new("identity.unit_made", "unit", id)
        .topic("identity")
        .data(json!({ "name": new.name, "parent": new.parent_id }));
    Ok(tx.record(event).with(id))
}

/// Changes a unit.
///
/// # Errors
/// [`Error::Field`] also when the unit would stand below itself, [`Error::Missing`]; any [`DbError`].
pub fn change_unit(tx: &mut WriteTx<'_>, id: UnitId, new: &NewUnit) -> Result<Done<()>, Error> {
    let new = new.clean()?;
    let before = unit(tx, id)?.ok_or(Error::Missing)?;
    if let Some(parent) = new.parent_id {
        let below: Option<i64> = tx.scalar(
            sql!(
                "WITH RECURSIVE below(id) AS (SELECT id FROM unit WHERE id = $1
                   UNION SELECT u.id FROM below b JOIN unit u ON u.parent_id = b.id)
                 SELECT 1 FROM below WHERE id = $2"
            ),
            params![id, parent],
        )?;
        if below.is_some() {
            return Err(Error::field("parent_id", key("identity-error-parent")));
        }
    }
    tx.execute(
        sql!(
            "UPDATE unit SET name = $2, short = $3, kind = $4, parent_id = $5, header_lines = $6, symbol = $7,
                             position = $8 WHERE id = $1"
        ),
        params![
            id,
            new.name,
            new.short,
            new.kind,
            new.parent_id,
            json!(new.header_lines),
            new.symbol,
            new.position
        ],
    )?;
    let event = Event::new("identity.unit_changed", "unit", id)
        .topic("identity")
        .before(&before)
        .data(json!({ "name": new.name, "parent": new.parent_id }));
    Ok(tx.record(event).with(()))
}

// ---- offices -------------------------------------------------------------------------------------

row! {
    /// An office with its unit.
    #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
    pub struct Office {
        /// The id.
        #[schema(value_type = String, format = "uuid")]
        pub id: OfficeId,
        /// The title.
        pub title: String,
        /// The unit.
        #[schema(value_type = String, format = "uuid")]
        pub unit_id: UnitId,
        /// The unit's short name.
        pub unit: String,
        /// The place in lists.
        pub position: i64,
    }
}

/// All offices in the order of their units.
///
/// # Errors
/// Any [`DbError`].
pub fn offices(tx: &mut Tx<'_>) -> Result<Vec<Office>, DbError> {
    tx.query(
        sql!(
            "SELECT o.id, o.title, o.unit_id, u.short AS unit, o.position FROM office o JOIN unit u ON u.id = o.unit_id
              ORDER BY u.position, u.name, o.position, o.title, o.id"
        ),
        &[],
    )
}

/// The offices a person holds at the transaction's instant, the longest held first.
///
/// # Errors
/// Any [`DbError`].
pub fn offices_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Office>, DbError> {
    let now = tx.now();
    let all: Vec<Office> = tx.query(
        sql!(
            "SELECT o.id, o.title, o.unit_id, u.short AS unit, o.position
               FROM assignment a JOIN office o ON o.id = a.office_id JOIN unit u ON u.id = o.unit_id
              WHERE a.person_id = $1 AND a.from_at <= $2 AND (a.to_at IS NULL OR a.to_at > $2)
              ORDER BY a.from_at, a.id"
        ),
        params![person, now],
    )?;
    let mut seen = std::collections::HashSet::new();
    Ok(all.into_iter().filter(|office| seen.insert(office.id)).collect())
}

/// Makes an office in a unit.
///
/// # Errors
/// [`Error::Field`] also when the unit has an office of that title; [`Error::Missing`]; any [`DbError`].
pub fn create_office(
    tx: &mut WriteTx<'_>,
    unit: UnitId,
    title: &str,
    position: i64,
) -> Result<Done<OfficeId>, Error> {
    let title = line("title", title, 200)?;
    let taken: Option<i64> =
        tx.scalar(sql!("SELECT 1 FROM office WHERE unit_id = $1 AND title = $2"), params![unit, title])?;
    if taken.is_some() {
        return Err(Error::field("title", key("identity-error-office-taken")));
    }
    let id = OfficeId(new_id(tx));
    tx.execute(
        sql!("INSERT INTO office(id, title, unit_id, position) VALUES($1, $2, $3, $4)"),
        params![id, title, unit, position],
    )?;
    let event = Event::new("identity.office_made", "office", id)
        .topic("identity")
        .data(json!({ "title": title, "unit": unit }));
    Ok(tx.record(event).with(id))
}

// ---- people --------------------------------------------------------------------------------------

row! {
    /// A person as administration sees them.
    #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
    pub struct Person {
        /// The id.
        #[schema(value_type = String, format = "uuid")]
        pub id: PersonId,
        /// The name to sign in with.
        pub login: String,
        /// The name shown.
        pub display_name: String,
        /// When the person was shut out, if so.
        #[schema(value_type = Option<String>, format = "date-time")]
        pub disabled_at: Option<Timestamp>,
        /// Whether a password and a one-time password are set.
        pub has_password: bool,
        /// How many passkeys there are.
        pub passkeys: i64,
    }
}

/// People in the order of their login, after `after`, at most `limit`; `search` looks in login and name.
///
/// # Errors
/// Any [`DbError`].
pub fn people(
    tx: &mut Tx<'_>,
    search: Option<&str>,
    after: Option<&str>,
    limit: u32,
) -> Result<Vec<Person>, DbError> {
    let search = search.map(|text| format!("%{}%", text.to_lowercase().replace(['%', '_'], "")));
    tx.query(
        sql!(
            "SELECT id, login, display_name, disabled_at,
                    CASE WHEN password_hash IS NULL OR totp_secret IS NULL THEN 0 ELSE 1 END AS has_password,
                    (SELECT COUNT(*) FROM passkey k WHERE k.person_id = person.id) AS passkeys
               FROM person
              WHERE (CAST($1 AS TEXT) IS NULL OR login LIKE $1 OR LOWER(display_name) LIKE $1)
                AND (CAST($2 AS TEXT) IS NULL OR login > $2)
              ORDER BY login LIMIT $3"
        ),
        params![search, after, i64::from(limit)],
    )
}

/// One person.
///
/// # Errors
/// Any [`DbError`].
pub fn person(tx: &mut Tx<'_>, id: PersonId) -> Result<Option<Person>, DbError> {
    tx.query_opt(
        sql!(
            "SELECT id, login, display_name, disabled_at,
                    CASE WHEN password_hash IS NULL OR totp_secret IS NULL THEN 0 ELSE 1 END AS has_password,
                    (SELECT COUNT(*) FROM passkey k WHERE k.person_id = person.id) AS passkeys
               FROM person WHERE id = $1"
        ),
        params![id],
    )
}

/// The person with this login.
///
/// # Errors
/// Any [`DbError`].
pub fn person_by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<PersonId>, DbError> {
    let login = clean_login(login);
    tx.scalar(sql!("SELECT id FROM person WHERE login = $1"), params![login])
}

/// A login as it is compared: lower case, trimmed, NFC.
pub fn clean_login(login: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    login.trim().nfc().collect::<String>().to_lowercase()
}

/// Makes a person. They sign in by a one-time link first.
///
/// # Errors
/// [`Error::Field`] also when the login is taken; any [`DbError`].
pub fn create_person(tx: &mut WriteTx<'_>, login: &str, display_name: &str) -> Result<Done<PersonId>, Error> {
    let login = clean_login(&line("login", login, 80)?);
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
    if !login.chars().all(fits) {
        return Err(Error::field("login", key("identity-error-login")));
    }
    let display_name = line("display_name", display_name, 120)?;
    if person_by_login(tx, &login)?.is_some() {
        return Err(Error::field("login", key("identity-error-login-taken")));
    }
    let id = PersonId(new_id(tx));
    tx.execute(
        sql!(
            "INSERT INTO person(id, login, display_name, subject, totp_last_step) VALUES($1, $2, $3, $4, 0)"
        ),
        params![id, login, display_name, secret::subject()],
    )?;
    Ok(tx.record(Event::new("identity.person_made", "person", id).topic("identity")).with(id))
}

/// Shuts a person out (all sessions and tokens at once) or lets them in again.
///
/// # Errors
/// [`Error::Missing`]; any [`DbError`].
pub fn disable_person(tx: &mut WriteTx<'_>, id: PersonId, disabled: bool) -> Result<Done<()>, Error> {
    let now = tx.now();
    let person = person(tx, id)?.ok_or(Error::Missing)?;
    if person.disabled_at.is_some() == disabled {
        return Ok(tx.unchanged(())?);
    }
    tx.execute(
        sql!("UPDATE person SET disabled_at = $2 WHERE id = $1"),
        params![id, disabled.then_some(now)],
    )?;
    if disabled {
        tx.execute(
            sql!("UPDATE session SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL"),
            params![id, now],
        )?;
        tx.execute(
            sql!("UPDATE api_token SET revoked_at = $2 WHERE person_id = $1 AND revoked_at IS NULL"),
            params![id, now],
        )?;
    }
    let act = if disabled { "identity.person_disabled" } else { "identity.person_enabled" };
    Ok(tx.record(Event::new(act, "person", id).topic("identity")).with(()))
}

// ---- assignments ---------------------------------------------------------------------------------

row! {
    /// Who holds an office from when to when.
    #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
    pub struct Assignment {
        /// The id.
        #[schema(value_type = String, format = "uuid")]
        pub id: AssignmentId,
        /// The person.
        #[schema(value_type = String, format = "uuid")]
        pub person_id: PersonId,
        /// Their name.
        pub person: String,
        /// The office.
        #[schema(value_type = String, format = "uuid")]
        pub office_id: OfficeId,
        /// Its title.
        pub office: String,
        /// From when.
        #[schema(value_type = String, format = "date-time")]
        pub from_at: Timestamp,
        /// Until when; open when absent.
        #[schema(value_type = Option<String>, format = "date-time")]
        pub to_at: Option<Timestamp>,
    }
}

/// All assignments, of one person if given, the present ones and those to come first.
///
/// # Errors
/// Any [`DbError`].
pub fn assignments(tx: &mut Tx<'_>, person: Option<PersonId>) -> Result<Vec<Assignment>, DbError> {
    tx.query(
        sql!(
            "SELECT a.id, a.person_id, p.display_name AS person, a.office_id, o.title AS office, a.from_at, a.to_at
               FROM assignment a JOIN person p ON p.id = a.person_id JOIN office o ON o.id = a.office_id
              WHERE (CAST($1 AS TEXT) IS NULL OR a.person_id = $1)
              ORDER BY CASE WHEN a.to_at IS NULL THEN 0 ELSE 1 END, a.to_at DESC, a.from_at, a.id"
        ),
        params![person],
    )
}

/// Assigns a person to an office.
///
/// # Errors
/// [`Error::Field`] when it would end before it begins; [`Error::Missing`]; any [`DbError`].
pub fn assign(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    office: OfficeId,
    from: Timestamp,
    to: Option<Timestamp>,
) -> Result<Done<AssignmentId>, Error> {
    if to.is_some_and(|to| to <= from) {
        return Err(Error::field("to", key("identity-error-order")));
    }
    let id = AssignmentId(new_id(tx));
    tx.execute(
        sql!("INSERT INTO assignment(id, person_id, office_id, from_at, to_at) VALUES($1, $2, $3, $4, $5)"),
        params![id, person, office, from, to],
    )?;
    let event = Event::new("identity.assigned", "person", person)
        .topic("identity")
        .data(json!({ "office": office, "from": from.to_string(), "to": to.map(|to| to.to_string()) }));
    Ok(tx.record(event).with(id))
}

/// Ends an assignment now; the sessions that act for it end too.
///
/// # Errors
/// [`Error::Missing`]; any [`DbError`].
pub fn end_assignment(tx: &mut WriteTx<'_>, id: AssignmentId) -> Result<Done<()>, Error> {
    let now = tx.now();
    let found: Option<crate::db::Row> = tx.query_opt(
        sql!("SELECT person_id, office_id FROM assignment WHERE id = $1 AND (to_at IS NULL OR to_at > $2)"),
        params![id, now],
    )?;
    let Some(found) = found else { return Err(Error::Missing) };
    let (person, office): (PersonId, OfficeId) = (found.get("person_id")?, found.get("office_id")?);
    tx.execute(sql!("UPDATE assignment SET to_at = $2 WHERE id = $1"), params![id, now])?;
    let event = Event::new("identity.assignment_ended", "person", person)
        .topic("identity")
        .data(json!({ "office": office }));
    Ok(tx.record(event).with(()))
}

// ---- grants --------------------------------------------------------------------------------------

row! {
    /// A grant.
    #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
    pub struct Grant {
        /// The id.
        #[schema(value_type = String, format = "uuid")]
        pub id: GrantId,
        /// The office that holds it.
        #[schema(value_type = Option<String>, format = "uuid")]
        pub office_id: Option<OfficeId>,
        /// The office's title.
        pub office: Option<String>,
        /// The person who holds it.
        #[schema(value_type = Option<String>, format = "uuid")]
        pub person_id: Option<PersonId>,
        /// The person's name.
        pub person: Option<String>,
        /// The unit it is limited to, with all below it; everywhere when absent.
        #[schema(value_type = Option<String>, format = "uuid")]
        pub unit_id: Option<UnitId>,
        /// The unit's short name.
        pub unit: Option<String>,
        /// The area, or `*`.
        pub area: String,
        /// The right.
        pub role: Right,
        /// How confidential things may be.
        pub confidentiality: Confidentiality,
        /// From when.
        #[schema(value_type = String, format = "date-time")]
        pub not_before: Timestamp,
        /// Until when; open when absent.
        #[schema(value_type = Option<String>, format = "date-time")]
        pub not_after: Option<Timestamp>,
        /// The office that granted it.
        pub granted_by: String,
        /// The office that approved it.
        pub approved_by: Option<String>,
    }
}

/// Who holds a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// Whoever acts for the office.
    Office(OfficeId),
    /// One person, for whichever office.
    Person(PersonId),
}

/// A grant to be made.
#[derive(Debug, Clone)]
pub struct NewGrant {
    /// Who gets it.
    pub holder: Holder,
    /// Where: a unit with all below it, or everywhere.
    pub unit: Option<UnitId>,
    /// The area, or `*`.
    pub area: String,
    /// The right.
    pub right: Right,
    /// How confidential things may be.
    pub confidentiality: Confidentiality,
    /// From when.
    pub not_before: Timestamp,
    /// Until when.
    pub not_after: Option<Timestamp>,
    /// The office that approved it, where a second person is asked.
    pub approved_by: Option<String>,
}

/// Gives a right.
///
/// # Errors
/// [`Error::Field`], [`Error::Missing`]; any [`DbError`].
pub fn grant(tx: &mut WriteTx<'_>, new: &NewGrant) -> Result<Done<GrantId>, Error> {
    let area = line("area", &new.area, 40)?;
    if area != "*"
        && !area.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'))
    {
        return Err(Error::field("area", key("identity-error-area")));
    }
    if new.not_after.is_some_and(|end| end <= new.not_before) {
        return Err(Error::field("not_after", key("identity-error-order")));
    }
    let (office, person) = match new.holder {
        Holder::Office(office) => (Some(office), None),
        Holder::Person(person) => (None, Some(person)),
    };
    let id = GrantId(new_id(tx));
    let by = tx.author().office.clone();
    tx.execute(
        sql!(
            "INSERT INTO grant_row(id, office_id, person_id, unit_id, area, role, confidentiality, not_before,
                                   not_after, granted_by, approved_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        ),
        params![
            id,
            office,
            person,
            new.unit,
            area,
            new.right,
            new.confidentiality,
            new.not_before,
            new.not_after,
            by,
            new.approved_by
        ],
    )?;
    let event = Event::new("identity.granted", "grant", id).topic("identity").data(json!({
        "office": office, "person": person, "unit": new.unit, "area": area, "right": new.right,
        "confidentiality": new.confidentiality, "not_before": new.not_before.to_string(),
        "not_after": new.not_after.map(|at| at.to_string()),
    }));
    Ok(tx.record(event).with(id))
}

/// Takes a right away now.
///
/// # Errors
/// [`Error::Missing`]; any [`DbError`].
pub fn revoke_grant(tx: &mut WriteTx<'_>, id: GrantId) -> Result<Done<()>, Error> {
    let now = tx.now();
    let changed = tx.execute(
        sql!("UPDATE grant_row SET not_after = $2 WHERE id = $1 AND (not_after IS NULL OR not_after > $2)"),
        params![id, now],
    )?;
    if changed == 0 {
        return Err(Error::Missing);
    }
    Ok(tx.record(Event::new("identity.grant_ended", "grant", id).topic("identity")).with(()))
}

/// The grants that are in force or to come, of one area if given.
///
/// # Errors
/// Any [`DbError`].
pub fn grants(tx: &mut Tx<'_>, area: Option<&str>) -> Result<Vec<Grant>, DbError> {
    let now = tx.now();
    tx.query(
        sql!(
            "SELECT g.id, g.office_id, o.title AS office, g.person_id, p.display_name AS person, g.unit_id,
                    u.short AS unit, g.area, g.role, g.confidentiality, g.not_before, g.not_after, g.granted_by,
                    g.approved_by
               FROM grant_row g LEFT JOIN office o ON o.id = g.office_id LEFT JOIN person p ON p.id = g.person_id
               LEFT JOIN unit u ON u.id = g.unit_id
              WHERE (g.not_after IS NULL OR g.not_after > $1) AND (CAST($2 AS TEXT) IS NULL OR g.area = $2)
              ORDER BY g.area, o.title, p.display_name, g.id"
        ),
        params![now, area],
    )
}

row! {
    /// Someone who can see something, and why.
    #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
    pub struct Seer {
        /// The office's title.
        pub office: String,
        /// The office's unit.
        pub unit: String,
        /// The person when the grant is theirs alone.
        pub person: Option<String>,
        /// The right.
        pub role: Right,
        /// How confidential things may be.
        pub confidentiality: Confidentiality,
        /// The unit the grant is for; everywhere when absent.
        pub through: Option<String>,
        /// Until when.
        #[schema(value_type = Option<String>, format = "date-time")]
        pub not_after: Option<Timestamp>,
    }
}

/// Who can see things of an area, a unit (or of no unit) and a confidentiality at this instant.
///
/// # Errors
/// Any [`DbError`].
pub fn who_sees(
    tx: &mut Tx<'_>,
    area: &str,
    unit: Option<UnitId>,
    confidentiality: Confidentiality,
) -> Result<Vec<Seer>, DbError> {
    let now = tx.now();
    let all: Vec<Seer> = tx.query(
        sql!(
            "WITH RECURSIVE above(id) AS (SELECT id FROM unit WHERE id = $2
               UNION SELECT u.parent_id FROM above a JOIN unit u ON u.id = a.id WHERE u.parent_id IS NOT NULL)
             SELECT o.title AS office, ou.short AS unit, CAST(NULL AS TEXT) AS person, g.role, g.confidentiality,
                    gu.short AS through, g.not_after
               FROM grant_row g JOIN office o ON o.id = g.office_id JOIN unit ou ON ou.id = o.unit_id
               LEFT JOIN unit gu ON gu.id = g.unit_id
              WHERE g.area IN ($1, '*') AND g.not_before <= $3 AND (g.not_after IS NULL OR g.not_after > $3)
                AND (g.unit_id IS NULL OR g.unit_id IN (SELECT id FROM above))
             UNION ALL
             SELECT o.title, ou.short, p.display_name, g.role, g.confidentiality, gu.short, g.not_after
               FROM grant_row g JOIN person p ON p.id = g.person_id
               JOIN assignment a ON a.person_id = p.id AND a.from_at <= $3 AND (a.to_at IS NULL OR a.to_at > $3)
               JOIN office o ON o.id = a.office_id JOIN unit ou ON ou.id = o.unit_id
               LEFT JOIN unit gu ON gu.id = g.unit_id
              WHERE g.area IN ($1, '*') AND g.not_before <= $3 AND (g.not_after IS NULL OR g.not_after > $3)
                AND (g.unit_id IS NULL OR g.unit_id IN (SELECT id FROM above))
              ORDER BY 2, 1"
        ),
        params![area, unit, now],
    )?;
    Ok(all.into_iter().filter(|seer| seer.confidentiality >= confidentiality).collect())
}

// ---- one-time links ------------------------------------------------------------------------------

/// What a one-time link is for; decides how long it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkFor {
    /// Shown at a desk to the person standing there.
    Desk,
    /// Printed by the command line, or handed over on paper.
    Printed,
}

impl LinkFor {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Desk => "desk",
            Self::Printed => "printed",
        }
    }
}

/// Issues a one-time link: the code is shown once and kept as a hash. Earlier unused codes for the same
/// person and purpose end.
///
/// # Errors
/// [`Error::Refused`] when the person does not hold the office; any [`DbError`].
pub fn issue_link(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    office: OfficeId,
    purpose: LinkFor,
    lifetime: std::time::Duration,
) -> Result<Done<Secret>, Error> {
    let now = tx.now();
    if !offices_of(tx, person)?.iter().any(|held| held.id == office) {
        return Err(Error::Refused(key("identity-no-office")));
    }
    let secret = secret::code();
    let by = tx.author().office.clone();
    tx.execute(
        sql!(
            "UPDATE one_time_link SET used_at = $3 WHERE person_id = $1 AND purpose = $2 AND used_at IS NULL
                AND office_id = $4"
        ),
        params![person, purpose.as_str(), now, office],
    )?;
    tx.execute(
        sql!(
            "INSERT INTO one_time_link(hash, person_id, office_id, purpose, issued_by, expires)
              VALUES($1, $2, $3, $4, $5, $6)"
        ),
        params![secret.hash, person, office, purpose.as_str(), by, now + lifetime],
    )?;
    let event = Event::new("identity.link_issued", "person", person)
        .topic("identity")
        .data(json!({ "office": office, "for": purpose.as_str(), "seconds": lifetime.as_secs() }));
    Ok(tx.record(event).with(secret))
}

/// Uses a one-time code; it can be used once.
///
/// # Errors
/// [`Error::SignIn`] when it is unknown, used or over: never says which; any [`DbError`].
pub fn use_link(tx: &mut WriteTx<'_>, hash: crate::audit::Hash) -> Result<(PersonId, OfficeId), Error> {
    let now = tx.now();
    let found: Option<crate::db::Row> = tx.query_opt(
        sql!(
            "SELECT person_id, office_id FROM one_time_link WHERE hash = $1 AND used_at IS NULL AND expires > $2"
        ),
        params![hash, now],
    )?;
    let Some(found) = found else { return Err(Error::SignIn) };
    let used = tx.execute(
        sql!("UPDATE one_time_link SET used_at = $2 WHERE hash = $1 AND used_at IS NULL"),
        params![hash, now],
    )?;
    if used != 1 {
        return Err(Error::SignIn);
    }
    Ok((found.get("person_id")?, found.get("office_id")?))
}

// ---- API tokens ----------------------------------------------------------------------------------

row! {
    /// An API token as its owner sees it.
    #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
    pub struct Token {
        /// The public id.
        #[schema(value_type = String, format = "uuid")]
        pub id: TokenId,
        /// The name its owner gave it.
        pub name: String,
        /// The office it acts for.
        pub office: String,
        /// What it is limited to: `tasks:read files:manage`.
        pub scopes: String,
        /// When it was made.
        #[schema(value_type = String, format = "date-time")]
        pub created: Timestamp,
        /// When it ends.
        #[schema(value_type = String, format = "date-time")]
        pub expires: Timestamp,
        /// When it was last used, to the minute.
        #[schema(value_type = Option<String>, format = "date-time")]
        pub last_used: Option<Timestamp>,
    }
}

/// Makes an API token for a person acting for an office; the secret is shown once.
///
/// # Errors
/// [`Error::Field`] when a scope cannot be read or the end is not within a year; [`Error::Refused`] when the
/// office is not held; any [`DbError`].
pub fn create_token(
    tx: &mut WriteTx<'_>,
    person: PersonId,
    office: OfficeId,
    name: &str,
    scopes: &str,
    expires: Timestamp,
) -> Result<Done<(TokenId, Secret)>, Error> {
    let now = tx.now();
    let name = line("name", name, 80)?;
    let parsed = super::actor::parse_scopes(scopes);
    if parsed.is_empty() || parsed.len() != scopes.split_whitespace().count() {
        return Err(Error::field("scopes", key("identity-error-scopes")));
    }
    let year = std::time::Duration::from_secs(366 * 24 * 3600);
    if expires <= now || expires > now + year {
        return Err(Error::field("expires", key("identity-error-year")));
    }
    if !offices_of(tx, person)?.iter().any(|held| held.id == office) {
        return Err(Error::Refused(key("identity-no-office")));
    }
    let scopes = parsed.iter().map(|(area, right)| format!("{area}:{right}")).collect::<Vec<_>>().join(" ");
    let (id, secret) = (TokenId(new_id(tx)), secret::token());
    tx.execute(
        sql!(
            "INSERT INTO api_token(id, hash, name, person_id, office_id, scopes, created, expires)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![id, secret.hash, name, person, office, scopes, now, expires],
    )?;
    let event = Event::new("identity.token_made", "token", id)
        .topic("identity")
        .data(json!({ "scopes": scopes, "office": office, "expires": expires.to_string() }));
    Ok(tx.record(event).with((id, secret)))
}

/// The tokens that are in force, of one person if given.
///
/// # Errors
/// Any [`DbError`].
pub fn tokens(tx: &mut Tx<'_>, person: Option<PersonId>) -> Result<Vec<Token>, DbError> {
    let now = tx.now();
    tx.query(
        sql!(
            "SELECT t.id, t.name, o.title AS office, t.scopes, t.created, t.expires, t.last_used
               FROM api_token t JOIN office o ON o.id = t.office_id
              WHERE t.revoked_at IS NULL AND t.expires > $1 AND (CAST($2 AS TEXT) IS NULL OR t.person_id = $2)
              ORDER BY t.created, t.id"
        ),
        params![now, person],
    )
}

/// Ends a token; `owner` limits it to one's own.
///
/// # Errors
/// [`Error::Missing`]; any [`DbError`].
pub fn revoke_token(tx: &mut WriteTx<'_>, id: TokenId, owner: Option<PersonId>) -> Result<Done<()>, Error> {
    let now = tx.now();
    let changed = tx.execute(
        sql!(
            "UPDATE api_token SET revoked_at = $2
              WHERE id = $1 AND revoked_at IS NULL AND (CAST($3 AS TEXT) IS NULL OR person_id = $3)"
        ),
        params![id, now, owner],
    )?;
    if changed == 0 {
        return Err(Error::Missing);
    }
    Ok(tx.record(Event::new("identity.token_ended", "token", id).topic("identity")).with(()))
}
