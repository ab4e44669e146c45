//! All SQL of the congress and its calendar.

use jiff::civil::Date;
use rules::timing::{Percent, TimingRule};
use uuid::Uuid;

use super::{Congress, CongressId, LabelSet, Level, WorkDay};
use crate::{
    audit::Event,
    db::{DbError, Done, Row, Tx, WriteTx},
    params, sql,
};

/// The congress of this installation, if it has been set up.
///
/// # Errors
/// Any [`DbError`].
pub fn find(tx: &mut Tx<'_>) -> Result<Option<Congress>, DbError> {
    let row: Option<Row> = tx.query_opt(
        sql!("SELECT id, name, short_name, level, term, preparatory_on, opening_on, closing_on, place, due_soon_days,
                     due_soon_fraction, urge_cool_down_hours, label_set, hotline, version
              FROM congress ORDER BY id LIMIT 1"),
        &[],
    )?;
    row.map(|row| from_row(&row)).transpose()
}

/// The congress of this installation.
///
/// # Errors
/// [`DbError::Missing`] before it has been set up.
pub fn current(tx: &mut Tx<'_>) -> Result<Congress, DbError> {
    find(tx)?.ok_or_else(|| DbError::Missing("congress".to_owned()))
}

fn from_row(row: &Row) -> Result<Congress, DbError> {
    let labels: String = row.get("label_set")?;
    let fraction: Option<u8> = row.get("due_soon_fraction")?;
    Ok(Congress {
        id: row.get("id")?,
        name: row.get("name")?,
        short_name: row.get("short_name")?,
        level: row.get("level")?,
        term: row.get("term")?,
        preparatory_on: row.get("preparatory_on")?,
        opening_on: row.get("opening_on")?,
        closing_on: row.get("closing_on")?,
        place: row.get("place")?,
        timing: TimingRule {
            threshold_days: row.get("due_soon_days")?,
            last_fraction: fraction.and_then(Percent::new),
        },
        urge_cool_down_hours: row.get("urge_cool_down_hours")?,
        labels: serde_json::from_str(&labels)
            .map_err(|error| DbError::Value { column: "label_set".to_owned(), reason: error.to_string() })?,
        hotline: row.get("hotline")?,
        version: row.get("version")?,
    })
}

/// What is asked when a congress is set up.
#[derive(Debug, Clone)]
pub struct NewCongress {
    /// As printed.
    pub name: String,
    /// For the header of a phone.
    pub short_name: String,
    /// Its level.
    pub level: Level,
    /// Its term.
    pub term: String,
    /// The preparatory session.
    pub preparatory_on: Date,
    /// The first official day.
    pub opening_on: Date,
    /// The last official day.
    pub closing_on: Date,
    /// Where.
    pub place: String,
    /// Whom to call.
    pub hotline: String,
}

/// Sets up the congress.
///
/// # Errors
/// Any [`DbError`].
pub fn create(tx: &mut WriteTx<'_>, new: &NewCongress) -> Result<Done<CongressId>, DbError> {
    let id = CongressId(Uuid::now_v7());
    let labels =
        serde_json::to_string(&LabelSet::default()).map_err(|error| DbError::Other(error.to_string()))?;
    tx.execute(
        sql!("INSERT INTO congress(id, name, short_name, level, term, preparatory_on, opening_on, closing_on, place,
                due_soon_days, due_soon_fraction, urge_cool_down_hours, label_set, hotline, version)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, 7, NULL, 24, $10, $11, 1)"),
        params![
            id,
            new.name,
            new.short_name,
            new.level,
            new.term,
            new.preparatory_on,
            new.opening_on,
            new.closing_on,
            new.place,
            labels,
            new.hotline
        ],
    )?;
    Ok(tx.record(Event::new("congress.created", "congress", id).topic("congress")).with(id))
}

/// What an organiser may set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Days before the deadline from which a task is due soon.
    pub due_soon_days: u16,
    /// Or the last part of its duration, in percent.
    pub due_soon_fraction: Option<Percent>,
    /// Hours between two urges of one task.
    pub urge_cool_down_hours: u16,
    /// Labels and order of the six keys.
    pub labels: LabelSet,
    /// Whom to call.
    pub hotline: String,
}

/// Changes the settings if nobody else did meanwhile; false when the version has moved on.
///
/// # Errors
/// Any [`DbError`]; [`DbError::Refused`] when the label set does not hold each key once.
pub fn set(tx: &mut WriteTx<'_>, version: i64, new: &Settings) -> Result<Done<bool>, DbError> {
    if !new.labels.is_complete() {
        return Err(DbError::Refused("label_set".to_owned()));
    }
    let labels = serde_json::to_string(&new.labels).map_err(|error| DbError::Other(error.to_string()))?;
    let changed = tx.execute(
        sql!(
            "UPDATE congress SET due_soon_days = $1, due_soon_fraction = $2, urge_cool_down_hours = $3,
                label_set = $4, hotline = $5, version = version + 1 WHERE version = $6"
        ),
        params![
            new.due_soon_days,
            new.due_soon_fraction.map(Percent::get),
            new.urge_cool_down_hours,
            labels,
            new.hotline,
            version
        ],
    )?;
    if changed == 0 {
        return tx.unchanged(false);
    }
    let event = Event::new("congress.set", "congress", "settings").topic("congress").topic("tasks").data(
        serde_json::json!({"due_soon_days": new.due_soon_days, "urge_cool_down_hours": new.urge_cool_down_hours}),
    );
    Ok(tx.record(event).with(true))
}

/// The days that differ from their weekday, in order.
///
/// # Errors
/// Any [`DbError`].
pub fn work_days(tx: &mut Tx<'_>) -> Result<Vec<WorkDay>, DbError> {
    tx.query(sql!("SELECT day, kind, name FROM work_day ORDER BY day"), &[])
}

/// Enters or replaces a day of the calendar.
///
/// # Errors
/// Any [`DbError`].
pub fn put_work_day(tx: &mut WriteTx<'_>, day: &WorkDay) -> Result<Done<()>, DbError> {
    tx.execute(sql!("DELETE FROM work_day WHERE day = $1"), params![day.day])?;
    tx.execute(
        sql!("INSERT INTO work_day(day, kind, name) VALUES($1, $2, $3)"),
        params![day.day, day.kind, day.name],
    )?;
    let event = Event::new("calendar.day_set", "work_day", day.day)
        .topic("congress")
        .topic("tasks")
        .data(serde_json::json!({"kind": day.kind, "name": day.name}));
    Ok(tx.record(event).with(()))
}

/// Takes a day out of the calendar; false when it was not there.
///
/// # Errors
/// Any [`DbError`].
pub fn drop_work_day(tx: &mut WriteTx<'_>, day: Date) -> Result<Done<bool>, DbError> {
    if tx.execute(sql!("DELETE FROM work_day WHERE day = $1"), params![day])? == 0 {
        return tx.unchanged(false);
    }
    let event = Event::new("calendar.day_dropped", "work_day", day).topic("congress").topic("tasks");
    Ok(tx.record(event).with(true))
}
