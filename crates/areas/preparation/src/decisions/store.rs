//! What changes the register of decisions, as functions over a transaction.

use platform::{
    audit::Event,
    db::{DbError, Done, Receipt, Tx, WriteTx},
    i18n::key,
    identity::{Confidentiality, store::new_id},
    papers::{self, Reference, Use},
    params, sql,
};
use rules::{
    papers::{self as rule, Change},
    text::{fold, nfc},
};
use serde_json::json;

use super::{
    TOPIC,
    error::DecisionError,
    model::{Changes, Decision, DecisionId, NewDecision, Relation},
    query,
};
use crate::tasks::{
    model::{Basis, TaskId},
    store as tasks,
};

/// Longest point, in characters.
pub const LONGEST: usize = 4_000;
/// Most points in one entry.
pub const MOST_POINTS: usize = 60;

/// An entry as it will be written: normal form, checked.
struct Clean {
    new: NewDecision,
    number: Option<String>,
    number_key: Option<String>,
    series: String,
    folded: String,
}

fn text(field: &'static str, typed: &str, most: usize, needed: bool) -> Result<String, DecisionError> {
    let text = nfc(typed);
    if needed && text.is_empty() {
        return Err(DecisionError::Field { field, key: key("decisions-error-empty") });
    }
    if text.chars().count() > most {
        return Err(DecisionError::Field { field, key: key("decisions-error-long") });
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(DecisionError::Field { field, key: key("decisions-error-control") });
    }
    Ok(text)
}

fn clean(tx: &mut Tx<'_>, new: &NewDecision) -> Result<Clean, DecisionError> {
    if new.class == Confidentiality::Secret {
        return Err(DecisionError::SecretContent);
    }
    let mut new = new.clone();
    new.authority = text("authority", &new.authority, 300, true)?;
    new.subject = text("subject", &new.subject, 500, true)?.replace('\n', " ");
    new.term = text("term", &new.term, 40, false)?;
    new.points.retain(|point| !nfc(point).is_empty());
    if new.points.len() > MOST_POINTS {
        return Err(DecisionError::Field { field: "points", key: key("decisions-error-points") });
    }
    for point in &mut new.points {
        *point = text("points", point, LONGEST, true)?;
    }
    new.basis.retain(|basis| {
        *basis
            != Basis { symbol: String::new(), issued_on: None, clause: String::new(), subject: String::new() }
    });
    if new.basis.len() > 40 {
        return Err(DecisionError::Field { field: "basis", key: key("decisions-error-points") });
    }
    for basis in &mut new.basis {
        basis.symbol = text("basis", &basis.symbol, 120, false)?;
        basis.clause = text("basis", &basis.clause, 300, false)?;
        basis.subject = text("basis", &basis.subject, 500, false)?;
    }
    let body = new.body.map(|body| papers::store::body(tx, body)).transpose()?;
    let number = new.number.as_deref().map(nfc).filter(|number| !number.is_empty());
    let number_key = match &number {
        Some(typed) => Some(
            rule::key(typed)
                .ok_or(DecisionError::Field { field: "number", key: key("decisions-error-number") })?,
        ),
        None => None,
    };
    let series = match &body {
        _ if !new.term.is_empty() => new.term.clone(),
        Some(body) => body.series(new.issued_on),
        None => new.issued_on.year().to_string(),
    };
    let spoken = number.as_deref().map(|number| number.trim_start_matches('0')).unwrap_or_default();
    let mut words = vec![
        number.as_deref().unwrap_or_default(),
        spoken,
        &new.subject,
        &new.authority,
        body.as_ref().map_or("", |body| body.name.as_str()),
    ];
    words.extend(new.points.iter().map(String::as_str));
    let folded = fold(&words.join(" "));
    Ok(Clean { number, number_key, series, folded, new })
}

/// The register of numbers and this one agree: a number that something else uses, or that was cancelled, has no
/// entry; a number taken by hand for this paper now belongs to it.
fn agree_with_numbers(tx: &mut WriteTx<'_>, id: DecisionId, clean: &Clean) -> Result<(), DecisionError> {
    let (Some(number), Some(body)) = (&clean.number, clean.new.body) else { return Ok(()) };
    let lines = papers::store::like_written(tx, number)?;
    let Some(line) = lines.into_iter().find(|line| line.body == body && line.series == clean.series) else {
        return Ok(());
    };
    if let Some(by) = line.cancelled_by {
        let reason = line.cancel_reason.unwrap_or_default();
        return Err(papers::PapersError::Cancelled { written: line.written, by, reason }.into());
    }
    if line.of == clean.new.source && !line.of.is_hand() {
        return Ok(());
    }
    let of = Reference::new(Use::Decision, id).at(format!("/ket-luan/{id}"));
    if line.of != of {
        papers::store::claim_number(tx, line.id, &of)?;
    }
    Ok(())
}

fn taken(tx: &mut Tx<'_>, clean: &Clean, own: Option<DecisionId>) -> Result<(), DecisionError> {
    let Some(key) = &clean.number_key else { return Ok(()) };
    let other: Option<Decision> = tx.query_opt(
        sql!("SELECT * FROM decision WHERE number_key = $1 AND series = $2"),
        params![key, clean.series],
    )?;
    match other.filter(|other| Some(other.id) != own) {
        Some(other) => Err(DecisionError::NumberTaken {
            number: other.number.unwrap_or_default(),
            on: other.issued_on,
            authority: other.authority,
            id: other.id,
        }),
        None => Ok(()),
    }
}

/// Enters a decision, inside whatever transaction signs it.
///
/// # Errors
/// [`DecisionError::Field`], [`DecisionError::NumberTaken`], [`DecisionError::SecretContent`],
/// [`DecisionError::Order`], [`DecisionError::Papers`] when the number is cancelled or another thing's.
pub fn enter(tx: &mut WriteTx<'_>, new: &NewDecision) -> Result<Done<DecisionId>, DecisionError> {
    let clean = clean(tx, new)?;
    taken(tx, &clean, None)?;
    let id = DecisionId(new_id(tx));
    let (now, by) = (tx.now(), tx.author().office.clone());
    let new = &clean.new;
    tx.execute(
        sql!("INSERT INTO decision(id, kind, number, number_key, series, issued_on, body, authority, subject, effect_from,
                class, source_kind, source_id, source_href, folded, version, created_at, created_by, updated_at, updated_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1, $16, $17, $16, $17)"),
        params![
            id, new.kind, clean.number, clean.number_key, clean.series, new.issued_on, new.body, new.authority,
            new.subject, new.effect_from.unwrap_or(new.issued_on), new.class, new.source.kind, new.source.id,
            new.source.href, clean.folded, now, by
        ],
    )?;
    write_parts(tx, id, new)?;
    agree_with_numbers(tx, id, &clean)?;
    for changes in &new.changes {
        write_change(tx, id, changes)?;
    }
    let data = json!({"number": clean.number, "kind": new.kind, "points": new.points.len(), "from": new.source.kind});
    Ok(said(tx, id, "decision.entered", data).with(id))
}

fn said(tx: &mut WriteTx<'_>, id: DecisionId, act: &'static str, data: serde_json::Value) -> Receipt {
    // The page of a task shows which decisions it stands on; it listens to this topic too.
    let event = Event::new(act, "decision", id).topic(TOPIC).topic(format!("{TOPIC}/{id}")).data(data);
    tx.record(event)
}

fn write_parts(tx: &mut WriteTx<'_>, id: DecisionId, new: &NewDecision) -> Result<(), DecisionError> {
    tx.execute(sql!("DELETE FROM decision_point WHERE decision = $1"), params![id])?;
    for (at, point) in new.points.iter().enumerate() {
        tx.execute(
            sql!("INSERT INTO decision_point(decision, position, text) VALUES($1, $2, $3)"),
            params![id, i64::try_from(at + 1).unwrap_or(i64::MAX), point],
        )?;
    }
    tx.execute(sql!("DELETE FROM decision_basis WHERE decision = $1"), params![id])?;
    for (at, basis) in new.basis.iter().enumerate() {
        tx.execute(
            sql!(
                "INSERT INTO decision_basis(decision, position, symbol, issued_on, clause, subject)
                  VALUES($1, $2, $3, $4, $5, $6)"
            ),
            params![
                id,
                i64::try_from(at + 1).unwrap_or(i64::MAX),
                basis.symbol,
                basis.issued_on,
                basis.clause,
                basis.subject
            ],
        )?;
    }
    Ok(())
}

/// How an entry is called in a sentence: its number, or its subject.
pub fn name(decision: &Decision) -> String {
    decision.number.clone().unwrap_or_else(|| decision.subject.clone())
}

fn write_change(tx: &mut WriteTx<'_>, later: DecisionId, what: &Changes) -> Result<(), DecisionError> {
    let (by, of) = (query::decision(tx, later)?, query::decision(tx, what.earlier)?);
    if later == what.earlier || query::reaches(tx, what.earlier, later)? {
        return Err(DecisionError::Circle);
    }
    if by.issued_on < of.issued_on {
        return Err(DecisionError::Order { later: name(&by), earlier: name(&of) });
    }
    let (now, office) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("DELETE FROM decision_change WHERE later = $1 AND earlier = $2"),
        params![later, what.earlier],
    )?;
    tx.execute(
        sql!("INSERT INTO decision_change(later, earlier, change, at, made_by) VALUES($1, $2, $3, $4, $5)"),
        params![later, what.earlier, what.change, now, office],
    )?;
    let _ = said(
        tx,
        what.earlier,
        match what.change {
            Change::Supersedes => "decision.superseded",
            Change::Amends => "decision.amended",
        },
        json!({"by": later, "number": by.number}),
    );
    Ok(())
}

/// Says that an entry supersedes or amends an earlier one.
///
/// # Errors
/// [`DecisionError::Order`], [`DecisionError::Circle`], [`DecisionError::NotFound`].
pub fn change(tx: &mut WriteTx<'_>, later: DecisionId, what: &Changes) -> Result<Done<()>, DecisionError> {
    write_change(tx, later, what)?;
    // `write_change` has recorded the event of the entry that changed.
    Ok(tx.unchanged(())?)
}

/// Corrects an entry that was made by hand. `version` is the version the writer saw.
///
/// # Errors
/// [`DecisionError::Conflict`], [`DecisionError::Signed`], and those of [`enter`].
pub fn edit(
    tx: &mut WriteTx<'_>,
    id: DecisionId,
    version: i64,
    new: &NewDecision,
) -> Result<Done<()>, DecisionError> {
    let before = query::decision(tx, id)?;
    if !before.may_be_corrected() {
        return Err(DecisionError::Signed);
    }
    if before.version != version {
        return Err(DecisionError::Conflict { version: before.version, by: before.updated_by });
    }
    let clean = clean(tx, new)?;
    taken(tx, &clean, Some(id))?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    let new = &clean.new;
    tx.execute(
        sql!("UPDATE decision SET kind = $2, number = $3, number_key = $4, series = $5, issued_on = $6, body = $7,
                authority = $8, subject = $9, effect_from = $10, class = $11, folded = $12, version = version + 1,
                updated_at = $13, updated_by = $14 WHERE id = $1"),
        params![
            id, new.kind, clean.number, clean.number_key, clean.series, new.issued_on, new.body, new.authority,
            new.subject, new.effect_from.unwrap_or(new.issued_on), new.class, clean.folded, now, by
        ],
    )?;
    write_parts(tx, id, new)?;
    agree_with_numbers(tx, id, &clean)?;
    for changes in &new.changes {
        write_change(tx, id, changes)?;
    }
    Ok(said(tx, id, "decision.edited", json!({"number": clean.number})).with(()))
}

/// Gives an entry its number, once: signed minutes get the number of the notice that is issued from them.
///
/// # Errors
/// [`DecisionError::HasNumber`], [`DecisionError::NumberTaken`], [`DecisionError::NotFound`].
pub fn give_number(
    tx: &mut WriteTx<'_>,
    id: DecisionId,
    number: &str,
    kind: super::model::DecisionKind,
) -> Result<Done<()>, DecisionError> {
    let before = query::decision(tx, id)?;
    if let Some(number) = before.number {
        return Err(DecisionError::HasNumber { number });
    }
    let parts = query::parts(tx, id)?;
    // The day on the paper is that of the notice, not of the meeting that it comes from.
    let line = papers::store::like_written(tx, number)?
        .into_iter()
        .find(|line| Some(line.body) == before.body && line.of == before.source);
    let new = NewDecision {
        kind,
        number: Some(number.to_owned()),
        issued_on: line.map_or(before.issued_on, |line| line.issued_on),
        body: before.body,
        authority: before.authority,
        subject: before.subject,
        basis: parts.basis,
        effect_from: Some(before.effect_from),
        points: parts.points,
        changes: Vec::new(),
        class: before.class,
        term: String::new(),
        source: before.source,
    };
    let clean = clean(tx, &new)?;
    taken(tx, &clean, Some(id))?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE decision SET kind = $2, number = $3, number_key = $4, series = $5, folded = $6, issued_on = $9,
                version = version + 1, updated_at = $7, updated_by = $8 WHERE id = $1"
        ),
        params![
            id,
            kind,
            clean.number,
            clean.number_key,
            clean.series,
            clean.folded,
            now,
            by,
            clean.new.issued_on
        ],
    )?;
    Ok(said(tx, id, "decision.numbered", json!({"number": clean.number})).with(()))
}

/// Removes an entry made by hand that nothing refers to.
///
/// # Errors
/// [`DecisionError::Referred`] with what refers to it, [`DecisionError::Signed`], [`DecisionError::NotFound`].
pub fn remove(tx: &mut WriteTx<'_>, id: DecisionId) -> Result<Done<()>, DecisionError> {
    let before = query::decision(tx, id)?;
    if !before.may_be_corrected() {
        return Err(DecisionError::Signed);
    }
    let mut what = query::task_codes(tx, &before)?;
    for (other, _) in query::changed_by(tx, id)?.into_iter().chain(query::changes_of(tx, id)?) {
        what.push(name(&other));
    }
    if !what.is_empty() {
        return Err(DecisionError::Referred { what });
    }
    tx.execute(sql!("DELETE FROM decision_point WHERE decision = $1"), params![id])?;
    tx.execute(sql!("DELETE FROM decision_basis WHERE decision = $1"), params![id])?;
    tx.execute(sql!("DELETE FROM decision WHERE id = $1"), params![id])?;
    Ok(said(tx, id, "decision.removed", json!({"number": before.number})).with(()))
}

/// Ties a task to an entry as a whole.
///
/// # Errors
/// [`DecisionError::NotFound`] for the entry or the task.
pub fn link_task(
    tx: &mut WriteTx<'_>,
    id: DecisionId,
    task: TaskId,
    relation: Relation,
) -> Result<Done<bool>, DecisionError> {
    link_point(tx, id, None, task, relation)
}

/// Ties a task to a point of an entry; false when it was tied so already.
///
/// # Errors
/// [`DecisionError::NotFound`] for the entry or the task, [`DecisionError::Field`] for a point it does not have.
pub fn link_point(
    tx: &mut WriteTx<'_>,
    id: DecisionId,
    point: Option<u16>,
    task: TaskId,
    relation: Relation,
) -> Result<Done<bool>, DecisionError> {
    let decision = query::decision(tx, id)?;
    let code = query::code_of(tx, task)?;
    if let Some(point) = point {
        let known: Option<i64> = tx.scalar(
            sql!("SELECT position FROM decision_point WHERE decision = $1 AND position = $2"),
            params![id, point],
        )?;
        if known.is_none() {
            return Err(DecisionError::Field { field: "point", key: key("decisions-error-point") });
        }
    }
    let place = point.unwrap_or(0);
    let there: Option<i64> = tx.scalar(
        sql!("SELECT point FROM decision_task WHERE decision = $1 AND point = $2 AND task = $3 AND relation = $4"),
        params![id, place, task, relation],
    )?;
    if there.is_some() {
        return Ok(tx.unchanged(false)?);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("INSERT INTO decision_task(decision, point, task, relation, at, made_by) VALUES($1, $2, $3, $4, $5, $6)"),
        params![id, place, task, relation, now, by],
    )?;
    Ok(tied(tx, &decision, task, "decision.linked", &code, relation).with(true))
}

/// Unties a task from an entry; false when it was not tied so.
///
/// # Errors
/// [`DecisionError::Signed`] when a signature made the tie, [`DecisionError::NotFound`].
pub fn unlink_point(
    tx: &mut WriteTx<'_>,
    id: DecisionId,
    point: Option<u16>,
    task: TaskId,
    relation: Relation,
) -> Result<Done<bool>, DecisionError> {
    let decision = query::decision(tx, id)?;
    // What was signed made these tasks; only Basis is a remark of whoever keeps the register.
    if !decision.may_be_corrected() && relation != Relation::Basis {
        return Err(DecisionError::Signed);
    }
    let code = query::code_of(tx, task)?;
    let gone = tx.execute(
        sql!("DELETE FROM decision_task WHERE decision = $1 AND point = $2 AND task = $3 AND relation = $4"),
        params![id, point.unwrap_or(0), task, relation],
    )?;
    if gone == 0 {
        return Ok(tx.unchanged(false)?);
    }
    Ok(tied(tx, &decision, task, "decision.unlinked", &code, relation).with(true))
}

fn tied(
    tx: &mut WriteTx<'_>,
    decision: &Decision,
    task: TaskId,
    act: &'static str,
    code: &str,
    relation: Relation,
) -> Receipt {
    let event = Event::new(act, "decision", decision.id)
        .topic(TOPIC)
        .topic(format!("{TOPIC}/{}", decision.id))
        .topic(format!("{}/{task}", tasks::TOPIC))
        .data(json!({"number": decision.number, "code": code, "relation": relation}));
    tx.record(event)
}

/// The entries that a thing made, in the order in which it made them.
///
/// # Errors
/// Any [`DbError`].
pub fn entries_of(tx: &mut Tx<'_>, source: &Reference) -> Result<Vec<Decision>, DbError> {
    tx.query(
        sql!("SELECT * FROM decision WHERE source_kind = $1 AND source_id = $2 ORDER BY created_at, id"),
        params![source.kind, source.id],
    )
}
