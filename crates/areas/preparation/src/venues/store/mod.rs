//! All SQL of venues, as functions over a transaction.

mod criteria;
mod decision;
mod judging;
mod photos;
mod survey;

pub use criteria::*;
pub use decision::*;
pub use judging::*;
pub use photos::*;
pub use survey::*;

use platform::{
    audit::Event,
    db::{DbError, Done, Receipt, Row, Tx, WriteTx},
    identity::{OfficeId, PersonId},
    params, sql,
};
use rules::{
    scoring::Gate,
    text::nfc,
    venue::{self, VenueMove, VenueState},
};
use serde_json::json;
use uuid::Uuid;

use super::{error::VenueError, model::*};

/// Topic of everything about venues.
pub const TOPIC: &str = "venues";

/// Longest text of a field, in characters.
pub const LONGEST: usize = 4_000;

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 200;

/// The largest number of any measurement: a kilometre in millimetres, a million people.
pub const MOST: u32 = 1_000_000;

/// Who acts, as far as venues care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// The acting office.
    pub office: Option<OfficeId>,
    /// The person.
    pub person: Option<PersonId>,
    /// Writes on its own forms.
    pub surveys: bool,
    /// Keeps the venues.
    pub manages: bool,
    /// Decides.
    pub decides: bool,
}

impl Who {
    /// The program and the command line.
    pub const PROGRAM: Self =
        Self { office: None, person: None, surveys: true, manages: true, decides: true };

    pub(crate) fn must_manage(&self) -> Result<(), VenueError> {
        if self.manages { Ok(()) } else { Err(VenueError::NotPermitted) }
    }

    pub(crate) fn must_decide(&self) -> Result<(), VenueError> {
        if self.decides { Ok(()) } else { Err(VenueError::NotPermitted) }
    }
}

// ---------------------------------------------------------------- checks

fn text(field: &'static str, text: &str, longest: usize) -> Result<String, VenueError> {
    let text = nfc(text);
    if text.chars().count() > longest { Err(VenueError::TooLong { field }) } else { Ok(text) }
}

fn needed(field: &'static str, given: &str, longest: usize) -> Result<String, VenueError> {
    let text = text(field, given, longest)?;
    if text.is_empty() { Err(VenueError::Empty { field }) } else { Ok(text) }
}

fn reason(given: &str) -> Result<String, VenueError> {
    let text = text("reason", given, LONGEST)?;
    if text.is_empty() { Err(VenueError::ReasonNeeded) } else { Ok(text) }
}

/// A code stands in addresses and before a slash: letters, digits, dot, hyphen; at most 16 characters.
fn code(given: &str) -> Result<String, VenueError> {
    let code = nfc(given);
    let fits = (1..=16).contains(&code.chars().count())
        && code.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    if fits { Ok(code) } else { Err(VenueError::Code { code }) }
}

fn range(field: &'static str, number: Option<u32>) -> Result<(), VenueError> {
    if number.is_some_and(|number| number > MOST) { Err(VenueError::Range { field }) } else { Ok(()) }
}

// ---------------------------------------------------------------- venues

/// All venues by code.
///
/// # Errors
/// Any [`DbError`].
pub fn venues(tx: &mut Tx<'_>) -> Result<Vec<Venue>, DbError> {
    tx.query(
        sql!(
            "SELECT id, code, name, address, kind, owner, geo, note, state, version, updated_at, updated_by
              FROM venue ORDER BY code"
        ),
        &[],
    )
}

/// One venue.
///
/// # Errors
/// [`VenueError::NotFound`].
pub fn venue(tx: &mut Tx<'_>, id: VenueId) -> Result<Venue, VenueError> {
    let found: Option<Venue> = tx.query_opt(
        sql!(
            "SELECT id, code, name, address, kind, owner, geo, note, state, version, updated_at, updated_by
              FROM venue WHERE id = $1"
        ),
        params![id],
    )?;
    found.ok_or(VenueError::NotFound)
}

/// The venue of a code.
///
/// # Errors
/// [`VenueError::NotFound`].
pub fn venue_by_code(tx: &mut Tx<'_>, code: &str) -> Result<Venue, VenueError> {
    let id = tx.scalar(sql!("SELECT id FROM venue WHERE code = $1"), params![code])?;
    venue(tx, id.ok_or(VenueError::NotFound)?)
}

fn checked(fields: &VenueFields) -> Result<VenueFields, VenueError> {
    Ok(VenueFields {
        code: code(&fields.code)?,
        name: needed("name", &fields.name, LONGEST_NAME)?,
        address: text("address", &fields.address, LONGEST)?,
        kind: text("kind", &fields.kind, LONGEST_NAME)?,
        owner: text("owner", &fields.owner, LONGEST_NAME)?,
        geo: text("geo", &fields.geo, LONGEST_NAME)?,
        note: text("note", &fields.note, LONGEST)?,
    })
}

fn taken(error: DbError, code: &str) -> VenueError {
    match error {
        DbError::Unique { .. } => VenueError::DuplicateCode { code: code.to_owned() },
        other => other.into(),
    }
}

/// Nominates a venue.
///
/// # Errors
/// [`VenueError::DuplicateCode`], [`VenueError::Code`], [`VenueError::Empty`], [`VenueError::TooLong`].
pub fn nominate(tx: &mut WriteTx<'_>, who: &Who, fields: &VenueFields) -> Result<Done<VenueId>, VenueError> {
    who.must_manage()?;
    let fields = checked(fields)?;
    let id = VenueId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO venue(id, code, name, address, kind, owner, geo, note, state, version, created_at,
                created_by, updated_at, updated_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $10, $11)"
        ),
        params![
            id,
            fields.code,
            fields.name,
            fields.address,
            fields.kind,
            fields.owner,
            fields.geo,
            fields.note,
            VenueState::Nominated,
            now,
            by
        ],
    )
    .map_err(|error| taken(error, &fields.code))?;
    Ok(touched(tx, id, "venue.nominated", json!({"code": fields.code}), None)?.with(id))
}

/// Rewrites what is known of a venue.
///
/// # Errors
/// [`VenueError::Conflict`], [`VenueError::NotOpen`] and those of [`nominate`].
pub fn edit(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: VenueId,
    version: i64,
    fields: &VenueFields,
) -> Result<Done<bool>, VenueError> {
    who.must_manage()?;
    let before = open(tx, id)?;
    expect_version(&before, version)?;
    let fields = checked(fields)?;
    if fields == before.fields() {
        return Ok(tx.unchanged(false)?);
    }
    tx.execute(
        sql!(
            "UPDATE venue SET code = $2, name = $3, address = $4, kind = $5, owner = $6, geo = $7, note = $8
              WHERE id = $1"
        ),
        params![
            id,
            fields.code,
            fields.name,
            fields.address,
            fields.kind,
            fields.owner,
            fields.geo,
            fields.note
        ],
    )
    .map_err(|error| taken(error, &fields.code))?;
    Ok(touched(tx, id, "venue.edited", json!({"code": fields.code}), None)?.with(true))
}

fn expect_version(venue: &Venue, version: i64) -> Result<(), VenueError> {
    if venue.version == version {
        return Ok(());
    }
    Err(VenueError::Conflict { by: venue.updated_by.clone(), at: venue.updated_at })
}

/// A venue of which something may still change.
fn open(tx: &mut Tx<'_>, id: VenueId) -> Result<Venue, VenueError> {
    let venue = venue(tx, id)?;
    if venue.state.is_open() { Ok(venue) } else { Err(VenueError::NotOpen) }
}

/// Bumps the version and puts the change on the record.
fn touched(
    tx: &mut WriteTx<'_>,
    id: VenueId,
    act: &'static str,
    data: serde_json::Value,
    why: Option<&str>,
) -> Result<Receipt, VenueError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE venue SET version = version + 1, updated_at = $2, updated_by = $3 WHERE id = $1"),
        params![id, now, by],
    )?;
    let after = venue(tx, id)?;
    let mut event =
        Event::new(act, "venue", id).topic(TOPIC).topic(format!("{TOPIC}/{id}")).after(&after).data(data);
    if let Some(why) = why.filter(|why| !why.is_empty()) {
        event = event.why(why);
    }
    Ok(tx.record(event))
}

/// Takes a step that stands by itself. Concluding the gates asks how they stand in the open round.
///
/// # Errors
/// [`VenueError::Move`], [`VenueError::NotPlain`], [`VenueError::ReasonNeeded`], [`VenueError::Conflict`].
pub fn step(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: VenueId,
    version: i64,
    step: VenueMove,
    why: &str,
) -> Result<Done<VenueState>, VenueError> {
    who.must_manage()?;
    if !step.is_plain() {
        return Err(VenueError::NotPlain);
    }
    let before = venue(tx, id)?;
    expect_version(&before, version)?;
    let why = if step.needs_reason() { reason(why)? } else { text("reason", why, LONGEST)? };
    let gates = match step {
        VenueMove::Conclude => super::picture::gates_now(tx, &before)?,
        _ => Gate::Pass,
    };
    move_to(tx, &before, step, gates, &why)
}

/// Takes any step; the caller has checked what the step is part of.
fn move_to(
    tx: &mut WriteTx<'_>,
    before: &Venue,
    step: VenueMove,
    gates: Gate,
    why: &str,
) -> Result<Done<VenueState>, VenueError> {
    let to = venue::next(before.state, step, gates)?;
    tx.execute(sql!("UPDATE venue SET state = $2 WHERE id = $1"), params![before.id, to])?;
    let data = json!({
        "code": before.code, "move": step.as_str(), "from": before.state.as_str(), "to": to.as_str()
    });
    Ok(touched(tx, before.id, "venue.moved", data, Some(why))?.with(to))
}

// ---------------------------------------------------------------- spaces

/// The spaces of a venue with their exits, the main one first.
///
/// # Errors
/// Any [`DbError`].
pub fn spaces(tx: &mut Tx<'_>, venue: VenueId) -> Result<Vec<Space>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!(
            "SELECT * FROM venue_space WHERE venue = $1 AND removed_at IS NULL
              ORDER BY main DESC, position, name"
        ),
        params![venue],
    )?;
    let exits: Vec<Row> = tx.query(
        sql!(
            "SELECT e.space, e.name, e.clear_width_mm, e.clear_height_mm, e.leads_to FROM venue_exit e
              JOIN venue_space s ON s.id = e.space WHERE s.venue = $1 ORDER BY e.space, e.position"
        ),
        params![venue],
    )?;
    rows.iter().map(|row| space_from(row, &exits)).collect()
}

/// One space.
///
/// # Errors
/// [`VenueError::NotFound`].
pub fn space(tx: &mut Tx<'_>, id: SpaceId) -> Result<Space, VenueError> {
    let row: Option<Row> =
        tx.query_opt(sql!("SELECT * FROM venue_space WHERE id = $1 AND removed_at IS NULL"), params![id])?;
    let exits: Vec<Row> = tx.query(
        sql!(
            "SELECT space, name, clear_width_mm, clear_height_mm, leads_to FROM venue_exit
              WHERE space = $1 ORDER BY position"
        ),
        params![id],
    )?;
    Ok(space_from(&row.ok_or(VenueError::NotFound)?, &exits)?)
}

fn space_from(row: &Row, exits: &[Row]) -> Result<Space, DbError> {
    let id: SpaceId = row.get("id")?;
    let mut own = Vec::new();
    for exit in exits {
        if exit.get::<SpaceId>("space")? == id {
            own.push(Exit {
                name: exit.get("name")?,
                clear_width_mm: exit.get("clear_width_mm")?,
                clear_height_mm: exit.get("clear_height_mm")?,
                leads_to: exit.get("leads_to")?,
            });
        }
    }
    Ok(Space {
        id,
        venue: row.get("venue")?,
        fields: SpaceFields {
            name: row.get("name")?,
            used_as: row.get("used_as")?,
            main: row.get("main")?,
            area: row.get("area")?,
            seats: row.get("seats")?,
            volume_m3: row.get("volume_m3")?,
            grade: row.get("grade")?,
            sprinkler: row.get("sprinkler")?,
            diagonal_mm: row.get("diagonal_mm")?,
            apart_mm: row.get("apart_mm")?,
            travel_mm: row.get("travel_mm")?,
            dead_end_mm: row.get("dead_end_mm")?,
            density_tenths: row.get("density_tenths")?,
            note: row.get("note")?,
            exits: own,
        },
        version: row.get("version")?,
    })
}

fn checked_exit(exit: &Exit) -> Result<Exit, VenueError> {
    range("clear_width_mm", Some(exit.clear_width_mm))?;
    range("clear_height_mm", exit.clear_height_mm)?;
    Ok(Exit {
        name: needed("exit_name", &exit.name, LONGEST_NAME)?,
        leads_to: text("leads_to", &exit.leads_to, LONGEST_NAME)?,
        ..exit.clone()
    })
}

fn checked_space(fields: &SpaceFields) -> Result<SpaceFields, VenueError> {
    // A square kilometre in hundredths of a square metre would not fit: areas have their own bound.
    if fields.area.is_some_and(|area| area > 100 * MOST) {
        return Err(VenueError::Range { field: "area" });
    }
    range("seats", fields.seats)?;
    range("volume_m3", fields.volume_m3)?;
    range("diagonal_mm", fields.diagonal_mm)?;
    range("apart_mm", fields.apart_mm)?;
    range("travel_mm", fields.travel_mm)?;
    range("dead_end_mm", fields.dead_end_mm)?;
    range("density_tenths", fields.density_tenths)?;
    if fields.exits.len() > 200 {
        return Err(VenueError::Range { field: "exits" });
    }
    Ok(SpaceFields {
        name: needed("name", &fields.name, LONGEST_NAME)?,
        note: text("note", &fields.note, LONGEST)?,
        exits: fields.exits.iter().map(checked_exit).collect::<Result<_, _>>()?,
        ..fields.clone()
    })
}

/// Writes down a space of a venue. When it is the main one, another that was is no longer.
///
/// # Errors
/// [`VenueError::NotOpen`], [`VenueError::Empty`], [`VenueError::TooLong`], [`VenueError::Range`].
pub fn add_space(
    tx: &mut WriteTx<'_>,
    who: &Who,
    venue: VenueId,
    fields: &SpaceFields,
) -> Result<Done<SpaceId>, VenueError> {
    who.must_manage()?;
    open(tx, venue)?;
    let fields = checked_space(fields)?;
    let id = SpaceId(Uuid::now_v7());
    let last: Option<i64> =
        tx.scalar(sql!("SELECT MAX(position) FROM venue_space WHERE venue = $1"), params![venue])?.flatten();
    tx.execute(
        sql!(
            "INSERT INTO venue_space(id, venue, position, name, used_as, main, sprinkler, note, version)
              VALUES($1, $2, $3, '', 'khac', 0, 0, '', 0)"
        ),
        params![id, venue, last.unwrap_or(0) + 1],
    )?;
    write_space(tx, venue, id, &fields)?;
    Ok(touched(tx, venue, "venue.measured", json!({"space": id.to_string()}), None)?.with(id))
}

/// Rewrites a space with its exits. `version` is the version the writer saw.
///
/// # Errors
/// [`VenueError::Conflict`] and those of [`add_space`].
pub fn edit_space(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: SpaceId,
    version: i64,
    fields: &SpaceFields,
) -> Result<Done<bool>, VenueError> {
    who.must_manage()?;
    let before = space(tx, id)?;
    let venue = open(tx, before.venue)?;
    if before.version != version {
        return Err(VenueError::Conflict { by: venue.updated_by, at: venue.updated_at });
    }
    let fields = checked_space(fields)?;
    if fields == before.fields {
        return Ok(tx.unchanged(false)?);
    }
    write_space(tx, before.venue, id, &fields)?;
    Ok(touched(tx, before.venue, "venue.measured", json!({"space": id.to_string()}), None)?.with(true))
}

/// Takes a space off the list; what was photographed of it stays.
///
/// # Errors
/// [`VenueError::NotOpen`], [`VenueError::NotFound`].
pub fn remove_space(tx: &mut WriteTx<'_>, who: &Who, id: SpaceId) -> Result<Done<()>, VenueError> {
    who.must_manage()?;
    let before = space(tx, id)?;
    open(tx, before.venue)?;
    let now = tx.now();
    tx.execute(sql!("UPDATE venue_space SET removed_at = $2 WHERE id = $1"), params![id, now])?;
    let data = json!({"space": id.to_string(), "removed": true});
    Ok(touched(tx, before.venue, "venue.measured", data, None)?.with(()))
}

fn write_space(
    tx: &mut WriteTx<'_>,
    venue: VenueId,
    id: SpaceId,
    fields: &SpaceFields,
) -> Result<(), VenueError> {
    if fields.main {
        tx.execute(
            sql!("UPDATE venue_space SET main = 0, version = version + 1 WHERE venue = $1 AND main = 1 AND id <> $2"),
            params![venue, id],
        )?;
    }
    tx.execute(
        sql!(
            "UPDATE venue_space SET name = $2, used_as = $3, main = $4, area = $5, seats = $6, volume_m3 = $7,
                grade = $8, sprinkler = $9, diagonal_mm = $10, apart_mm = $11, travel_mm = $12, dead_end_mm = $13,
                density_tenths = $14, note = $15, version = version + 1
              WHERE id = $1"
        ),
        params![
            id,
            fields.name,
            fields.used_as,
            fields.main,
            fields.area,
            fields.seats,
            fields.volume_m3,
            fields.grade,
            fields.sprinkler,
            fields.diagonal_mm,
            fields.apart_mm,
            fields.travel_mm,
            fields.dead_end_mm,
            fields.density_tenths,
            fields.note
        ],
    )?;
    tx.execute(sql!("DELETE FROM venue_exit WHERE space = $1"), params![id])?;
    for (position, exit) in (0_u32..).zip(&fields.exits) {
        tx.execute(
            sql!(
                "INSERT INTO venue_exit(space, position, name, clear_width_mm, clear_height_mm, leads_to)
                  VALUES($1, $2, $3, $4, $5, $6)"
            ),
            params![id, position, exit.name, exit.clear_width_mm, exit.clear_height_mm, exit.leads_to],
        )?;
    }
    Ok(())
}
