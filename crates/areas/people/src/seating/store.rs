//! What changes halls and the frame of plans, as functions over a transaction.

use platform::{
    audit::Event,
    db::{Done, Receipt, WriteTx},
    i18n::key,
    identity::store::new_id,
    params, sql,
    web::FieldProblem,
};
use rules::seating::{Layout, assign::Options, build};
use serde_json::json;

use super::{
    SeatingError, TOPIC,
    model::{LayoutId, Plan, Source},
    pretix, query,
};
use crate::{attendance::query as roll_call, delegates::clean};

/// An event about a hall.
fn hall_event(act: &'static str, slug: &str) -> Event {
    Event::new(act, "seating_hall", slug).topic(TOPIC)
}

/// An event about the plan of a session.
pub(super) fn plan_event(act: &'static str, session: &str) -> Event {
    Event::new(act, "seating_plan", session).topic(TOPIC).topic(format!("{TOPIC}/{session}"))
}

fn names(slug: &str, name: &str, wrong: &mut Vec<FieldProblem>) -> (String, String) {
    let slug = slug.trim().to_owned();
    let fits = (1..=40).contains(&slug.len())
        && slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !["moi", "nhap"].contains(&slug.as_str());
    if !fits {
        wrong.push(FieldProblem::new("slug", key("seating-error-slug")));
    }
    let name = clean::line("name", name, 120, wrong);
    if name.is_empty() {
        wrong.push(FieldProblem::new("name", key("seating-error-name")));
    }
    (slug, name)
}

/// Writes a version of a hall; `version` is the one that was seen, 0 for a new hall.
fn put(
    tx: &mut WriteTx<'_>,
    (slug, version): (&str, i64),
    name: &str,
    source: &Source,
    layout: &Layout,
) -> Result<Done<i64>, SeatingError> {
    let mut wrong = Vec::new();
    let (slug, name) = names(slug, name, &mut wrong);
    let kept = match query::hall(tx, &slug) {
        Ok(hall) => hall.version,
        Err(SeatingError::NoHall) => 0,
        Err(error) => return Err(error),
    };
    if version == 0 && kept > 0 {
        wrong.push(FieldProblem::new("slug", key("seating-error-slug-taken")));
    }
    for door in source.doors() {
        let Some(gate) = &door.gate else { continue };
        let known: Option<i64> = tx.scalar(sql!("SELECT lane FROM gate WHERE slug = $1"), params![gate])?;
        if known.is_none() {
            wrong.push(FieldProblem::new("door_gate", key("seating-error-gate")).with("gate", gate.as_str()));
        }
    }
    if !wrong.is_empty() {
        return Err(SeatingError::Fields(wrong));
    }
    if version != kept {
        return Err(SeatingError::Conflict);
    }
    let text = |value: Result<String, serde_json::Error>| {
        value.map_err(|error| SeatingError::Db(platform::db::DbError::Other(error.to_string())))
    };
    let (source, layout) = (text(serde_json::to_string(source))?, text(serde_json::to_string(layout))?);
    let (now, by, next) = (tx.now(), tx.author().office.clone(), kept + 1);
    let id = LayoutId(new_id(tx));
    tx.execute(
        sql!(
            "INSERT INTO seating_hall(slug, name, version, changed_at, changed_by) VALUES($1, $2, $3, $4, $5)
             ON CONFLICT(slug) DO UPDATE SET name = excluded.name, version = excluded.version,
               changed_at = excluded.changed_at, changed_by = excluded.changed_by"
        ),
        params![slug, name, next, now, by],
    )?;
    tx.execute(
        sql!(
            "INSERT INTO seating_layout(id, hall, version, source, layout, made_at, made_by)
             VALUES($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, slug, next, source, layout, now, by],
    )?;
    Ok(tx.record(hall_event("seating.hall_saved", &slug).data(json!({ "version": next }))).with(next))
}

/// Draws a hall anew, or for the first time with `version` 0. Plans keep the version they were made on.
///
/// # Errors
/// [`SeatingError::Fields`] for a description that makes no hall, [`SeatingError::Conflict`].
pub fn put_hall(
    tx: &mut WriteTx<'_>,
    slug: &str,
    version: i64,
    name: &str,
    source: &Source,
) -> Result<Done<i64>, SeatingError> {
    let layout = match source {
        Source::Drawn(spec) => build::build(spec)?,
        Source::Imported(doors) => {
            let mut layout = query::drawn(tx, slug, version)?.layout;
            build::doors(doors, &mut layout);
            layout
        }
    };
    put(tx, (slug, version), name, source, &layout)
}

/// Reads a foreign plan as a new hall; `seat` is how wide a seat is, in centimetres. An empty name is the plan's own.
///
/// # Errors
/// [`SeatingError::Import`], [`SeatingError::Fields`].
pub fn import_hall(
    tx: &mut WriteTx<'_>,
    slug: &str,
    name: &str,
    bytes: &[u8],
    seat: u16,
) -> Result<Done<i64>, SeatingError> {
    if !(30..=200).contains(&seat) {
        return Err(SeatingError::Fields(vec![FieldProblem::new("seat", key("seating-error-measure"))]));
    }
    let (own, layout) = pretix::read(bytes, seat)?;
    let name = if name.trim().is_empty() { own } else { name.to_owned() };
    put(tx, (slug, 0), &name, &Source::Imported(Vec::new()), &layout)
}

/// How a plan shall be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPlan {
    /// The hall.
    pub hall: String,
    /// How to seat.
    pub options: Options,
    /// Whether guests are seated too.
    pub guests: bool,
}

/// Makes the plan of a session, or changes its hall and how it seats; `version` is the one that was seen, 0 for a new
/// plan. It then stands on the newest version of the hall; whoever sat on a place that is there no more, or that is
/// blocked now, sits no more.
///
/// # Errors
/// [`SeatingError::NoHall`], [`SeatingError::Conflict`], [`SeatingError::Attendance`] without such a session.
pub fn put_plan(
    tx: &mut WriteTx<'_>,
    session: &str,
    version: i64,
    new: &NewPlan,
) -> Result<Receipt, SeatingError> {
    let session = roll_call::session(tx, session)?.slug;
    let hall = query::hall(tx, &new.hall)?;
    let known = query::known(tx, &hall.slug, hall.version)?;
    let kept = query::plan(tx, &session)?;
    if kept.as_ref().map_or(0, |plan| plan.version) != version {
        return Err(SeatingError::Conflict);
    }
    let options = serde_json::to_string(&new.options)
        .map_err(|error| SeatingError::Db(platform::db::DbError::Other(error.to_string())))?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO seating_plan(session, hall, layout, options, guests, published, version, changed_at, changed_by)
             VALUES($1, $2, $3, $4, $5, $6, 1, $7, $8)
             ON CONFLICT(session) DO UPDATE SET hall = excluded.hall, layout = excluded.layout,
               options = excluded.options, guests = excluded.guests, version = seating_plan.version + 1,
               changed_at = excluded.changed_at, changed_by = excluded.changed_by"
        ),
        params![session, hall.slug, hall.version, options, new.guests, false, now, by],
    )?;
    let mut lost = 0;
    if kept.is_some() {
        for one in query::placements(tx, &session)? {
            let place = known.place(&one.place);
            if place.is_none_or(|place| place.kind == rules::seating::Kind::Blocked) {
                tx.execute(
                    sql!("DELETE FROM seating_placement WHERE session = $1 AND place = $2"),
                    params![session, one.place],
                )?;
                lost += 1;
            }
        }
    }
    let data = json!({ "hall": hall.slug, "layout": hall.version, "lost": lost });
    Ok(tx.record(plan_event("seating.plan_saved", &session).data(data)))
}

/// Marks a plan as changed: its version grows, gates ask for it again.
pub(super) fn touch(tx: &mut WriteTx<'_>, session: &str) -> Result<(), platform::db::DbError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE seating_plan SET version = version + 1, changed_at = $2, changed_by = $3 WHERE session = $1"
        ),
        params![session, now, by],
    )?;
    Ok(())
}

/// The plan of a session as whoever asks has seen it.
pub(super) fn seen(tx: &mut WriteTx<'_>, session: &str, version: i64) -> Result<Plan, SeatingError> {
    let session = roll_call::session(tx, session)?.slug;
    let plan = query::plan(tx, &session)?.ok_or(SeatingError::NoPlan)?;
    if plan.version == version { Ok(plan) } else { Err(SeatingError::Conflict) }
}

/// Publishes a plan, or takes it back: seats are told at gates and prints only of a published one.
///
/// # Errors
/// [`SeatingError::Conflict`], [`SeatingError::Empty`] when nobody sits yet.
pub fn publish(
    tx: &mut WriteTx<'_>,
    session: &str,
    version: i64,
    published: bool,
) -> Result<Receipt, SeatingError> {
    let plan = seen(tx, session, version)?;
    let seated = query::placements(tx, &plan.session)?.len();
    if published && seated == 0 {
        return Err(SeatingError::Empty);
    }
    tx.execute(
        sql!("UPDATE seating_plan SET published = $2 WHERE session = $1"),
        params![plan.session, published],
    )?;
    touch(tx, &plan.session)?;
    let act = if published { "seating.published" } else { "seating.unpublished" };
    Ok(tx.record(plan_event(act, &plan.session).data(json!({ "seated": seated }))))
}
