//! What writes sessions and events.

use std::time::Duration;

use platform::{
    audit::Event as Record,
    db::{Done, Row, WriteTx},
    i18n::key,
    identity::store::new_id,
    params, sql,
    web::FieldProblem,
};
use rules::{attendance as rule, credentials::Presence};
use serde_json::json;

use super::{
    AttendanceError, TOPIC,
    model::{Event, EventId, Mark, Method, NewMark, NewSession},
    query,
};
use crate::delegates::{clean, model::ParticipantId, query as roll};

/// The device under which desks are numbered.
const DESK: &str = "ban";
/// How far ahead of the server a corrected clock may be.
const AHEAD: Duration = Duration::from_secs(5 * 60);

/// Sets a session; `version` is the one that was seen, 0 for a new one.
///
/// # Errors
/// [`AttendanceError::Fields`], [`AttendanceError::Conflict`].
pub fn put_session(
    tx: &mut WriteTx<'_>,
    version: i64,
    new: &NewSession,
) -> Result<Done<String>, AttendanceError> {
    let mut wrong = Vec::new();
    let title = clean::line("title", &new.title, 120, &mut wrong);
    let place = clean::line("place", &new.place, 200, &mut wrong);
    if title.is_empty() {
        wrong.push(FieldProblem::new("title", key("attendance-error-title")));
    }
    let slug = new.slug.trim().to_owned();
    let fits = (1..=40).contains(&slug.len())
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && slug != "moi";
    if !fits {
        wrong.push(FieldProblem::new("slug", key("attendance-error-slug")));
    }
    if new.ends_at <= new.starts_at {
        wrong.push(FieldProblem::new("ends_at", key("attendance-error-ends")));
    }
    if new.grace_minutes > 240 {
        wrong.push(FieldProblem::new("grace_minutes", key("attendance-error-grace")));
    }
    let kept: Option<i64> =
        tx.scalar(sql!("SELECT version FROM congress_session WHERE slug = $1"), params![slug])?;
    if version == 0 && kept.is_some() {
        wrong.push(FieldProblem::new("slug", key("attendance-error-taken")));
    }
    if !wrong.is_empty() {
        return Err(AttendanceError::Fields(wrong));
    }
    if version != kept.unwrap_or(0) {
        return Err(AttendanceError::Conflict);
    }
    tx.execute(
        sql!(
            "INSERT INTO congress_session(slug, title, kind, starts_at, ends_at, place, grace_minutes, version)
             VALUES($1, $2, $3, $4, $5, $6, $7, 1)
             ON CONFLICT(slug) DO UPDATE SET title = excluded.title, kind = excluded.kind,
               starts_at = excluded.starts_at, ends_at = excluded.ends_at, place = excluded.place,
               grace_minutes = excluded.grace_minutes, version = congress_session.version + 1"
        ),
        params![slug, title, new.kind, new.starts_at, new.ends_at, place, new.grace_minutes],
    )?;
    let event = Record::new("attendance.session_saved", "congress_session", &slug)
        .topic(TOPIC)
        .topic(format!("{TOPIC}/{slug}"));
    Ok(tx.record(event).with(slug))
}

/// What became of a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// The event; none when nothing had to be written down.
    pub id: Option<EventId>,
    /// Whether it was written down now.
    pub fresh: bool,
}

/// Writes down that somebody came, went, was given leave, or that an earlier event is void. The same event sent
/// again (by its id, or its device's number) is not written twice; neither is a mark by hand that changes nothing.
///
/// # Errors
/// [`AttendanceError`].
pub fn mark(
    tx: &mut WriteTx<'_>,
    slug: &str,
    who: ParticipantId,
    new: &NewMark,
) -> Result<Done<Marked>, AttendanceError> {
    let session = query::session(tx, slug)?;
    if let Some(id) = sent_before(tx, slug, who, new)? {
        return Ok(tx.unchanged(Marked { id: Some(id), fresh: false })?);
    }
    let one = roll::participant(tx, who)?
        .filter(|one| one.status.is_on_roll())
        .ok_or(AttendanceError::NotOnRoll)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    let at = new.at.unwrap_or(now);
    let mut wrong = Vec::new();
    let reason = clean::line("reason", &new.reason, 300, &mut wrong);
    let gate = clean::line("gate", &new.gate, 60, &mut wrong);
    if reason.is_empty() && matches!(new.kind, Mark::Leave | Mark::Void) {
        wrong.push(FieldProblem::new("reason", key("attendance-error-reason")));
    }
    if at > now + AHEAD {
        wrong.push(FieldProblem::new("at", key("attendance-error-future")));
    }
    if new.kind != Mark::Void && new.voids.is_some() {
        wrong.push(FieldProblem::new("voids", key("attendance-error-nothing")));
    }
    if !wrong.is_empty() {
        return Err(AttendanceError::Fields(wrong));
    }
    let own = query::events_of(tx, slug, who)?;
    let counted: Vec<_> = own.iter().map(Event::counted).collect();
    let void = rule::voided(&counted);
    let mut standing = own.iter().filter(|event| event.kind != Mark::Void && !void.contains(&event.id));
    let voids = match (new.kind, new.voids) {
        (Mark::Void, Some(id)) => {
            let there = own.iter().any(|event| event.id == id) && !void.contains(&id);
            Some(Some(id).filter(|_| there).ok_or(AttendanceError::NothingToVoid)?)
        }
        (Mark::Void, None) => Some(standing.next_back().ok_or(AttendanceError::NothingToVoid)?.id),
        _ => None,
    };
    if new.method == Method::Manual && new.device.is_none() && voids.is_none() {
        let stands = query::stand(&session, &own, at, one.status);
        let same = match new.kind {
            Mark::In => stands.presence == Presence::Present,
            Mark::Leave => {
                stands.presence == Presence::WithLeave && own.iter().any(|event| event.reason == reason)
            }
            Mark::Out => stands.presence != Presence::Present,
            Mark::Void => false,
        };
        if same {
            return Ok(tx.unchanged(Marked { id: None, fresh: false })?);
        }
    }
    let (device, seq) = match &new.device {
        Some((device, seq)) => (device.clone(), *seq),
        None => {
            let last: Option<Option<u64>> = tx.scalar(
                sql!("SELECT MAX(device_seq) FROM attendance_event WHERE device = $1"),
                params![DESK],
            )?;
            (DESK.to_owned(), last.flatten().unwrap_or(0) + 1)
        }
    };
    let id = new.id.unwrap_or_else(|| EventId(new_id(tx)));
    tx.execute(
        sql!(
            "INSERT INTO attendance_event(id, session, participant, kind, method, gate, device, device_seq, at,
               received_at, by_office, reason, voids)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ),
        params![id, slug, who, new.kind, new.method, gate, device, seq, at, now, by, reason, voids],
    )?;
    let event = Record::new("attendance.marked", "participant", who)
        .topic(TOPIC)
        .topic(format!("{TOPIC}/{slug}"))
        .data(json!({ "session": slug, "kind": new.kind, "method": new.method, "event": id }));
    Ok(tx.record(event).with(Marked { id: Some(id), fresh: true }))
}

/// The event that this one was sent as before.
fn sent_before(
    tx: &mut WriteTx<'_>,
    slug: &str,
    who: ParticipantId,
    new: &NewMark,
) -> Result<Option<EventId>, AttendanceError> {
    let mut kept: Option<Row> = None;
    if let Some(id) = new.id {
        kept = tx.query_opt(
            sql!("SELECT id, session, participant, kind FROM attendance_event WHERE id = $1"),
            params![id],
        )?;
    }
    if let (None, Some((device, seq))) = (&kept, &new.device) {
        kept = tx.query_opt(
            sql!("SELECT id, session, participant, kind FROM attendance_event WHERE device = $1 AND device_seq = $2"),
            params![device, seq],
        )?;
    }
    let Some(kept) = kept else { return Ok(None) };
    let same = kept.get::<String>("session")? == slug
        && kept.get::<ParticipantId>("participant")? == who
        && kept.get::<Mark>("kind")? == new.kind;
    if same { Ok(Some(kept.get("id")?)) } else { Err(AttendanceError::OtherEvent) }
}
