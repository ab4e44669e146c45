//! All SQL of series, meetings and attendance, as functions over a transaction. Every change bumps the version of
//! what it changes and records an event.

use jiff::Timestamp;
use platform::{
    audit::Event,
    clock, congress,
    db::{DbError, Done, Receipt, Tx, WriteTx},
    identity::{OfficeId, UnitId},
    params, sql,
};
use rules::briefing::{Proposal, state};
use serde_json::json;
use uuid::Uuid;

use super::{BriefingError, Hand, TOPIC, agenda, model::*};

/// Longest text of a field, in characters.
pub const LONGEST: usize = 4_000;

/// Longest title or place, in characters.
const LINE: usize = 300;

/// A text in its one normal form, no longer than it may be.
pub(super) fn text(field: &'static str, text: &str, most: usize) -> Result<String, BriefingError> {
    let text = rules::text::nfc(text);
    if text.chars().count() > most { Err(BriefingError::TooLong { field }) } else { Ok(text) }
}

fn line(field: &'static str, given: &str) -> Result<String, BriefingError> {
    let text = text(field, given, LINE)?;
    if text.is_empty() { Err(BriefingError::Empty { field }) } else { Ok(text) }
}

// ---------------------------------------------------------------- series

/// All series that the hand may see, by title.
///
/// # Errors
/// Any [`DbError`].
pub fn series_list(tx: &mut Tx<'_>, hand: &Hand) -> Result<Vec<Series>, BriefingError> {
    let mut all: Vec<Series> = tx.query(sql!("SELECT * FROM briefing_series ORDER BY title, id"), &[])?;
    all.retain(|series| hand.sees(series.unit));
    for series in &mut all {
        series.members = members(tx, series.id)?;
    }
    Ok(all)
}

/// One series.
///
/// # Errors
/// [`BriefingError::NotFound`], also for a series that the hand may not see.
pub fn series(tx: &mut Tx<'_>, hand: &Hand, id: SeriesId) -> Result<Series, BriefingError> {
    let found: Option<Series> =
        tx.query_opt(sql!("SELECT * FROM briefing_series WHERE id = $1"), params![id])?;
    let mut series = found.filter(|series| hand.sees(series.unit)).ok_or(BriefingError::NotFound)?;
    series.members = members(tx, id)?;
    Ok(series)
}

fn members(tx: &mut Tx<'_>, id: SeriesId) -> Result<Vec<OfficeId>, DbError> {
    let rows: Vec<platform::db::Row> = tx
        .query(sql!("SELECT office FROM briefing_member WHERE series = $1 ORDER BY position"), params![id])?;
    rows.iter().map(|row| row.get("office")).collect()
}

/// Writes down a series, or rewrites one: `known` names it with the version that the writer saw. Meetings that
/// are set already keep their chair, place and members.
///
/// # Errors
/// [`BriefingError::Conflict`], [`BriefingError::Empty`], [`BriefingError::TooLong`], [`BriefingError::NotFound`]
/// for an office or unit that is not there, [`BriefingError::NotPermitted`].
pub fn save_series(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    known: Option<(SeriesId, i64)>,
    new: &NewSeries,
) -> Result<Done<SeriesId>, BriefingError> {
    hand.must_manage(new.unit)?;
    let (title, place) = (line("title", &new.title)?, text("place", &new.place, LINE)?);
    if new.chair_office == new.secretary_office {
        return Err(BriefingError::SameOffice);
    }
    exists_unit(tx, new.unit)?;
    let mut members = Vec::new();
    for office in &new.members {
        if !members.contains(office) {
            members.push(*office);
        }
    }
    for office in members.iter().chain([&new.chair_office, &new.secretary_office]) {
        exists_office(tx, *office)?;
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    let cadence = &new.cadence;
    let id = match known {
        Some((id, version)) => {
            let before = series(tx, hand, id)?;
            hand.must_manage(before.unit)?;
            if before.version != version {
                let row: platform::db::Row = tx.query_one(
                    sql!("SELECT updated_at, updated_by FROM briefing_series WHERE id = $1"),
                    params![id],
                )?;
                return Err(BriefingError::Conflict {
                    version: before.version,
                    by: row.get("updated_by")?,
                    at: row.get("updated_at")?,
                });
            }
            tx.execute(
                sql!("UPDATE briefing_series SET unit = $2, title = $3, weekday = $4, time = $5, cutoff_weekday = $6,
                        cutoff_time = $7, chair_office = $8, secretary_office = $9, place = $10,
                        version = version + 1, updated_at = $11, updated_by = $12
                      WHERE id = $1"),
                params![
                    id,
                    new.unit,
                    title,
                    weekday_number(cadence.weekday),
                    cadence.time.to_string(),
                    weekday_number(cadence.cutoff_weekday),
                    cadence.cutoff_time.to_string(),
                    new.chair_office,
                    new.secretary_office,
                    place,
                    now,
                    by
                ],
            )?;
            tx.execute(sql!("DELETE FROM briefing_member WHERE series = $1"), params![id])?;
            id
        }
        None => {
            let id = SeriesId(Uuid::now_v7());
            let slug = free_slug(tx, &title)?;
            tx.execute(
                sql!(
                    "INSERT INTO briefing_series(id, slug, unit, title, weekday, time, cutoff_weekday, cutoff_time,
                        chair_office, secretary_office, place, version, updated_at, updated_by)
                      VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13)"
                ),
                params![
                    id,
                    slug,
                    new.unit,
                    title,
                    weekday_number(cadence.weekday),
                    cadence.time.to_string(),
                    weekday_number(cadence.cutoff_weekday),
                    cadence.cutoff_time.to_string(),
                    new.chair_office,
                    new.secretary_office,
                    place,
                    now,
                    by
                ],
            )?;
            id
        }
    };
    for (position, office) in (1_i64..).zip(&members) {
        tx.execute(
            sql!("INSERT INTO briefing_member(series, office, position) VALUES($1, $2, $3)"),
            params![id, office, position],
        )?;
    }
    let event = Event::new("briefing.series_saved", "briefing_series", id).topic(TOPIC);
    Ok(tx.record(event).with(id))
}

/// A name for addresses that no series has.
fn free_slug(tx: &mut Tx<'_>, title: &str) -> Result<String, DbError> {
    let rows: Vec<platform::db::Row> = tx.query(sql!("SELECT slug FROM briefing_series"), &[])?;
    let taken = rows.iter().map(|row| row.get("slug")).collect::<Result<Vec<String>, _>>()?;
    Ok(rules::briefing::address::slug(title, |slug| taken.iter().any(|one| one == slug)))
}

fn exists_unit(tx: &mut Tx<'_>, id: UnitId) -> Result<(), BriefingError> {
    let found: Option<UnitId> = tx.scalar(sql!("SELECT id FROM unit WHERE id = $1"), params![id])?;
    found.map(drop).ok_or(BriefingError::NotFound)
}

pub(super) fn exists_office(tx: &mut Tx<'_>, id: OfficeId) -> Result<(), BriefingError> {
    let found: Option<OfficeId> = tx.scalar(sql!("SELECT id FROM office WHERE id = $1"), params![id])?;
    found.map(drop).ok_or(BriefingError::NotFound)
}

/// When the next meeting of a series would be: after the last one that is set, or from now. A person confirms it.
///
/// # Errors
/// [`BriefingError::NotFound`].
pub fn propose(tx: &mut Tx<'_>, hand: &Hand, id: SeriesId) -> Result<Proposal, BriefingError> {
    let series = series(tx, hand, id)?;
    let last: Option<Timestamp> = tx
        .scalar(
            sql!("SELECT MAX(at) FROM briefing WHERE series = $1 AND state <> $2"),
            params![id, MeetingState::Cancelled],
        )?
        .flatten();
    let now = tx.now();
    let after = last.filter(|last| *last > now).unwrap_or(now);
    let calendar = congress::calendar(&congress::store::work_days(tx)?);
    Ok(series.cadence.propose(&calendar, clock::local(after)))
}

// ---------------------------------------------------------------- meetings

/// Meetings that the hand may see, newest first; those of one series with `series`.
///
/// # Errors
/// Any [`DbError`].
pub fn briefings(
    tx: &mut Tx<'_>,
    hand: &Hand,
    series: Option<SeriesId>,
) -> Result<Vec<Briefing>, BriefingError> {
    let open: Vec<SeriesId> = series_list(tx, hand)?.iter().map(|series| series.id).collect();
    let mut all: Vec<Briefing> = tx.query(
        sql!(
            "SELECT * FROM briefing WHERE CAST($1 AS TEXT) IS NULL OR series = $1 ORDER BY at DESC, id DESC"
        ),
        params![series],
    )?;
    all.retain(|briefing| open.contains(&briefing.series));
    Ok(all)
}

/// One meeting with its series.
///
/// # Errors
/// [`BriefingError::NotFound`], also for a meeting that the hand may not see.
pub fn briefing(tx: &mut Tx<'_>, hand: &Hand, id: BriefingId) -> Result<(Briefing, Series), BriefingError> {
    let found: Option<Briefing> = tx.query_opt(sql!("SELECT * FROM briefing WHERE id = $1"), params![id])?;
    let briefing = found.ok_or(BriefingError::NotFound)?;
    let series = series(tx, hand, briefing.series)?;
    Ok((briefing, series))
}

/// The meeting that has an address, whoever asks: what it holds is asked for by its id, and by somebody.
///
/// # Errors
/// Any [`DbError`].
pub fn named(tx: &mut Tx<'_>, address: &str) -> Result<Option<BriefingId>, DbError> {
    tx.scalar(sql!("SELECT id FROM briefing WHERE address = $1"), params![address])
}

/// The meeting of the same series before this one that was not cancelled.
///
/// # Errors
/// Any [`DbError`].
pub fn before(tx: &mut Tx<'_>, briefing: &Briefing) -> Result<Option<Briefing>, DbError> {
    tx.query_opt(
        sql!("SELECT * FROM briefing WHERE series = $1 AND no < $2 AND state <> $3 ORDER BY no DESC LIMIT 1"),
        params![briefing.series, briefing.no, MeetingState::Cancelled],
    )
}

/// Sets a meeting that a person has confirmed. Its number follows the last one of the series.
///
/// # Errors
/// [`BriefingError::CutoffLate`], [`BriefingError::DayOff`], [`BriefingError::NotPermitted`].
pub fn set(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    series_id: SeriesId,
    new: &NewBriefing,
) -> Result<Done<BriefingId>, BriefingError> {
    let series = series(tx, hand, series_id)?;
    hand.must_manage(series.unit)?;
    let last: Option<i64> =
        tx.scalar(sql!("SELECT MAX(no) FROM briefing WHERE series = $1"), params![series_id])?.flatten();
    let no = last.unwrap_or(0).saturating_add(1);
    insert(tx, &series, no, new)
}

/// Sets a meeting under a number: for a series that was kept elsewhere until now.
pub(super) fn insert(
    tx: &mut WriteTx<'_>,
    series: &Series,
    no: i64,
    new: &NewBriefing,
) -> Result<Done<BriefingId>, BriefingError> {
    check(tx, new)?;
    let place = text("place", &new.place, LINE)?;
    let id = BriefingId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    let address = rules::briefing::address::address(&series.slug, u32::try_from(no).unwrap_or(u32::MAX));
    tx.execute(
        sql!("INSERT INTO briefing(id, series, no, address, at, cutoff_at, place, chair_office, secretary_office,
                state, cancel_reason, version, updated_at, updated_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '', 0, $11, $12)"),
        params![
            id,
            series.id,
            no,
            address,
            new.at,
            new.cutoff_at,
            place,
            new.chair_office,
            new.secretary_office,
            MeetingState::Planned,
            now,
            by
        ],
    )?;
    for (position, office) in (1_i64..).zip(&series.members) {
        tx.execute(
            sql!("INSERT INTO briefing_attendance(briefing, office, position, presence, reason, updated_at, updated_by)
                  VALUES($1, $2, $3, $4, '', $5, $6)"),
            params![id, office, position, Presence::Unknown, now, by],
        )?;
    }
    Ok(touched(tx, id, "briefing.set", json!({"no": no}), None)?.with(id))
}

fn check(tx: &mut Tx<'_>, new: &NewBriefing) -> Result<(), BriefingError> {
    if new.cutoff_at >= new.at {
        return Err(BriefingError::CutoffLate);
    }
    if new.chair_office == new.secretary_office {
        return Err(BriefingError::SameOffice);
    }
    exists_office(tx, new.chair_office)?;
    exists_office(tx, new.secretary_office)?;
    let calendar = congress::calendar(&congress::store::work_days(tx)?);
    match calendar.why_not_working(clock::local(new.at).date()) {
        // A Sunday two weeks before a congress may be worked; a holiday is a slip.
        Some(why @ rules::calendar::NonWorking::Holiday) => Err(BriefingError::DayOff { why: why.as_str() }),
        _ => Ok(()),
    }
}

/// Moves a meeting that has not begun to another hour, place or chair. Once the figures are frozen the cut-off
/// stays.
///
/// # Errors
/// [`BriefingError::Conflict`], [`BriefingError::TooLate`] once it has begun, [`BriefingError::FrozenAlready`] for
/// another cut-off, and those of [`set`].
pub fn change(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    version: i64,
    new: &NewBriefing,
) -> Result<Done<()>, BriefingError> {
    let (before, series) = briefing(tx, hand, id)?;
    hand.must_manage(series.unit)?;
    expect_version(&before, version)?;
    if !matches!(before.state, MeetingState::Planned | MeetingState::Frozen) {
        signed_or(tx, &before)?;
        return Err(BriefingError::TooLate { state: before.state });
    }
    if before.state == MeetingState::Frozen && new.cutoff_at != before.cutoff_at {
        return Err(BriefingError::FrozenAlready { as_of: before.cutoff_at });
    }
    check(tx, new)?;
    let place = text("place", &new.place, LINE)?;
    tx.execute(
        sql!("UPDATE briefing SET at = $2, cutoff_at = $3, place = $4, chair_office = $5, secretary_office = $6
              WHERE id = $1"),
        params![id, new.at, new.cutoff_at, place, new.chair_office, new.secretary_office],
    )?;
    Ok(touched(tx, id, "briefing.changed", json!({"no": before.no}), None)?.with(()))
}

pub(super) fn expect_version(briefing: &Briefing, version: i64) -> Result<(), BriefingError> {
    if briefing.version == version {
        return Ok(());
    }
    Err(BriefingError::Conflict {
        version: briefing.version,
        by: briefing.updated_by.clone(),
        at: briefing.updated_at,
    })
}

/// Says who signed and when, for whatever is no longer possible because of it.
pub(super) fn signed_or(tx: &mut Tx<'_>, briefing: &Briefing) -> Result<(), BriefingError> {
    match super::sign::record(tx, briefing.id, 0)? {
        Some(signed) => Err(BriefingError::SignedAlready { by: signed.signed_by, at: signed.signed_at }),
        None => Ok(()),
    }
}

/// A step of the meeting other than freezing, signing and announcing, which have functions of their own:
/// opening, closing, reopening, cancelling (with a reason).
///
/// # Errors
/// [`BriefingError::Step`], [`BriefingError::SignedAlready`], [`BriefingError::ReasonNeeded`],
/// [`BriefingError::Conflict`], [`BriefingError::NotPermitted`].
pub fn step(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    version: i64,
    step: Step,
    reason: &str,
) -> Result<Done<MeetingState>, BriefingError> {
    let (before, series) = briefing(tx, hand, id)?;
    match step {
        Step::Cancel => hand.must_manage(series.unit)?,
        _ => hand.must_contribute(series.unit)?,
    }
    if matches!(step, Step::Freeze | Step::Sign | Step::Announce) {
        return Err(BriefingError::NotPermitted);
    }
    signed_or(tx, &before)?;
    expect_version(&before, version)?;
    let to = state::next(before.state, step)?;
    let reason = text("reason", reason, LONGEST)?;
    if step == Step::Cancel && reason.is_empty() {
        return Err(BriefingError::ReasonNeeded);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    match step {
        Step::Open => {
            let first = agenda::items(tx, id)?.first().map(|item| item.id);
            tx.execute(
                sql!("UPDATE briefing SET started_at = $2, current_item = $3 WHERE id = $1"),
                params![id, now, first],
            )?;
        }
        Step::Close => {
            tx.execute(
                sql!("UPDATE briefing SET closed_at = $2, closed_by = $3 WHERE id = $1"),
                params![id, now, by],
            )?;
            agenda::carry_open(tx, id)?;
        }
        Step::Reopen => {
            tx.execute(
                sql!("UPDATE briefing SET closed_at = NULL, closed_by = NULL WHERE id = $1"),
                params![id],
            )?;
            agenda::reopen_carried(tx, id)?;
        }
        Step::Cancel => {
            tx.execute(sql!("UPDATE briefing SET cancel_reason = $2 WHERE id = $1"), params![id, reason])?;
        }
        _ => {}
    }
    move_to(tx, id, to)?;
    let data =
        json!({"no": before.no, "step": step.as_str(), "from": before.state.as_str(), "to": to.as_str()});
    let why = (step == Step::Cancel).then_some(reason.as_str());
    Ok(touched(tx, id, "briefing.moved", data, why)?.with(to))
}

/// Puts the meeting in a state; the caller has asked the rule.
pub(super) fn move_to(tx: &mut WriteTx<'_>, id: BriefingId, to: MeetingState) -> Result<(), DbError> {
    tx.execute(sql!("UPDATE briefing SET state = $2 WHERE id = $1"), params![id, to])?;
    Ok(())
}

/// Bumps the meeting's version and puts the change on the record.
pub(super) fn touched(
    tx: &mut WriteTx<'_>,
    id: BriefingId,
    act: &'static str,
    data: serde_json::Value,
    why: Option<&str>,
) -> Result<Receipt, BriefingError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE briefing SET version = version + 1, updated_at = $2, updated_by = $3 WHERE id = $1"),
        params![id, now, by],
    )?;
    Ok(noted(tx, id, act, data, why))
}

/// Puts a change inside a meeting on the record, without touching the meeting's own version: two secretaries who
/// type different lines do not stand in each other's way.
pub(super) fn noted(
    tx: &mut WriteTx<'_>,
    id: BriefingId,
    act: &'static str,
    data: serde_json::Value,
    why: Option<&str>,
) -> Receipt {
    let mut event = Event::new(act, "briefing", id).topic(TOPIC).topic(format!("{TOPIC}/{id}")).data(data);
    if let Some(why) = why.filter(|why| !why.trim().is_empty()) {
        event = event.why(why.trim());
    }
    tx.record(event)
}

// ---------------------------------------------------------------- attendance

/// Who was called and who came, in order.
///
/// # Errors
/// Any [`DbError`].
pub fn attendance(tx: &mut Tx<'_>, id: BriefingId) -> Result<Vec<Attendance>, DbError> {
    tx.query(
        sql!(
            "SELECT office, presence, reason, updated_at, updated_by FROM briefing_attendance
              WHERE briefing = $1 ORDER BY position, office"
        ),
        params![id],
    )
}

/// Notes whether an office came; one that was not called is added to the list. Being absent needs a reason.
///
/// # Errors
/// [`BriefingError::ReasonNeeded`], [`BriefingError::SignedAlready`], [`BriefingError::TooLate`] when the meeting no
/// longer takes it, [`BriefingError::NotPermitted`].
pub fn attend(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    office: OfficeId,
    presence: Presence,
    reason: &str,
) -> Result<Done<()>, BriefingError> {
    let (before, series) = briefing(tx, hand, id)?;
    hand.must_contribute(series.unit)?;
    signed_or(tx, &before)?;
    if !before.state.takes_agenda() {
        return Err(BriefingError::TooLate { state: before.state });
    }
    exists_office(tx, office)?;
    let reason = text("reason", reason, LINE)?;
    if presence == Presence::Absent && reason.is_empty() {
        return Err(BriefingError::ReasonNeeded);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    let changed = tx.execute(
        sql!(
            "UPDATE briefing_attendance SET presence = $3, reason = $4, updated_at = $5, updated_by = $6
              WHERE briefing = $1 AND office = $2"
        ),
        params![id, office, presence, reason, now, by],
    )?;
    if changed == 0 {
        let last: Option<i64> = tx
            .scalar(sql!("SELECT MAX(position) FROM briefing_attendance WHERE briefing = $1"), params![id])?
            .flatten();
        tx.execute(
            sql!("INSERT INTO briefing_attendance(briefing, office, position, presence, reason, updated_at, updated_by)
                  VALUES($1, $2, $3, $4, $5, $6, $7)"),
            params![id, office, last.unwrap_or(0) + 1, presence, reason, now, by],
        )?;
    }
    let data = json!({"no": before.no, "office": office, "presence": presence.as_str()});
    Ok(noted(tx, id, "briefing.attended", data, None).with(()))
}
