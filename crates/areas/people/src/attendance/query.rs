//! How people stand at a moment.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use platform::{
    db::{DbError, Tx},
    params, sql,
};
use rules::attendance::{self as rule, Standing, Tally};

use super::{
    AttendanceError,
    model::{Attending, Event, Mark, Session},
};
use crate::delegates::{
    model::{ParticipantId, Status},
    query as roll,
};

/// All sessions in their order.
///
/// # Errors
/// Any [`DbError`].
pub fn sessions(tx: &mut Tx<'_>) -> Result<Vec<Session>, DbError> {
    tx.query(sql!("SELECT * FROM congress_session ORDER BY starts_at, slug"), params![])
}

/// A session.
///
/// # Errors
/// [`AttendanceError::NoSession`].
pub fn session(tx: &mut Tx<'_>, slug: &str) -> Result<Session, AttendanceError> {
    tx.query_opt(sql!("SELECT * FROM congress_session WHERE slug = $1"), params![slug])?
        .ok_or(AttendanceError::NoSession)
}

/// What was written down of somebody in a session.
///
/// # Errors
/// Any [`DbError`].
pub fn events_of(tx: &mut Tx<'_>, slug: &str, who: ParticipantId) -> Result<Vec<Event>, DbError> {
    tx.query(
        sql!("SELECT * FROM attendance_event WHERE session = $1 AND participant = $2 ORDER BY at, id"),
        params![slug, who],
    )
}

/// What was written down of everybody in a session, by person.
///
/// # Errors
/// Any [`DbError`].
pub fn events(tx: &mut Tx<'_>, slug: &str) -> Result<HashMap<ParticipantId, Vec<Event>>, DbError> {
    let all: Vec<Event> =
        tx.query(sql!("SELECT * FROM attendance_event WHERE session = $1 ORDER BY at, id"), params![slug])?;
    let mut out: HashMap<ParticipantId, Vec<Event>> = HashMap::new();
    for event in all {
        out.entry(event.participant).or_default().push(event);
    }
    Ok(out)
}

/// How somebody stands by these events.
pub fn stand(session: &Session, events: &[Event], until: Timestamp, status: Status) -> Standing {
    let counted: Vec<_> = events.iter().map(Event::counted).collect();
    rule::stand(&counted, session.start(), until, status == Status::Declined)
}

/// All summoned delegates with how they stand, by group and name.
///
/// # Errors
/// Any [`DbError`].
pub fn attending(tx: &mut Tx<'_>, session: &Session, until: Timestamp) -> Result<Vec<Attending>, DbError> {
    let events = events(tx, &session.slug)?;
    let mut out: Vec<Attending> = roll::everybody(tx)?
        .into_iter()
        .filter(|one| one.is_summoned_delegate())
        .map(|who| {
            let own = events.get(&who.id).map_or(&[][..], Vec::as_slice);
            let counted: Vec<_> = own.iter().map(Event::counted).collect();
            let void = rule::voided(&counted);
            let stands: Vec<&Event> =
                own.iter().filter(|event| event.kind != Mark::Void && !void.contains(&event.id)).collect();
            let leave = stands.iter().rev().find(|event| event.kind == Mark::Leave && event.at <= until);
            Attending {
                standing: stand(session, own, until, who.status),
                reason: match leave {
                    Some(event) => event.reason.clone(),
                    None if who.status == Status::Declined => who.status_note.clone(),
                    None => String::new(),
                },
                marked: !stands.is_empty(),
                who,
            }
        })
        .collect();
    // Stable: inside a group they stay in the order of names.
    out.sort_by_key(|one| one.who.profile.group_no.unwrap_or(u16::MAX));
    Ok(out)
}

/// Counts by group (`None` for those in none, last) and in all.
pub fn tally(all: &[Attending]) -> (Vec<(Option<u16>, Tally)>, Tally) {
    let (groups, whole): (BTreeMap<u16, Tally>, Tally) =
        rule::tally(all.iter().map(|one| (one.who.profile.group_no.unwrap_or(u16::MAX), one.standing)));
    (groups.into_iter().map(|(no, tally)| ((no != u16::MAX).then_some(no), tally)).collect(), whole)
}
