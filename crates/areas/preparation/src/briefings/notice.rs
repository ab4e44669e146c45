//! The notice of conclusions (*thông báo kết luận*): it takes its number from the register of the term, once, and
//! from then on stands as the basis of what it ordered. And receipts: who has confirmed what was ordered.

use platform::{
    clock, congress,
    db::{DbError, Done, Tx, WriteTx},
    papers, params, sql,
};
use rules::briefing::{conclusion::receipt, state};
use serde_json::json;

use super::{BriefingError, Hand, conclusion, model::*, sign, store};
use crate::{
    decisions::{model::DecisionKind, store as decisions},
    tasks::{model::Basis, store as tasks},
};

/// The abbreviation of a notice in its number.
pub const ABBR: &str = "TB";

/// The notice of a meeting; none before it is issued.
///
/// # Errors
/// Any [`DbError`].
pub fn notice(tx: &mut Tx<'_>, id: BriefingId) -> Result<Option<Notice>, DbError> {
    tx.query_opt(sql!("SELECT * FROM briefing_notice WHERE briefing = $1"), params![id])
}

/// The body that issues the notice and the number that it would take.
///
/// # Errors
/// [`BriefingError::NoBody`].
pub fn next_number(
    tx: &mut Tx<'_>,
    hand: &Hand,
    id: BriefingId,
) -> Result<(papers::Body, u32), BriefingError> {
    let (_, series) = store::briefing(tx, hand, id)?;
    let body = papers::store::body_of_unit(tx, series.unit)?.ok_or(BriefingError::NoBody)?;
    let number = papers::store::next_number(tx, body.id, ABBR, clock::local(tx.now()).date())?;
    Ok((body, number))
}

/// Issues the notice, once: takes its number, or the one that was typed if nobody uses it, gives it to the entry in
/// the register of decisions, and puts it in the place of the minutes as the basis of every task they touched.
///
/// # Errors
/// [`BriefingError::IssuedAlready`], [`BriefingError::NotSigned`], [`BriefingError::NoBody`],
/// [`BriefingError::Papers`] with who uses the number, [`BriefingError::NotPermitted`].
pub fn issue(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    new: &NewNotice,
) -> Result<Done<Notice>, BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_manage(series.unit)?;
    if let Some(had) = notice(tx, id)? {
        return Err(BriefingError::IssuedAlready {
            written: had.written,
            by: had.issued_by,
            at: had.issued_at,
        });
    }
    if !briefing.state.is_signed() {
        return Err(BriefingError::NotSigned);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    issue_as(tx, &briefing, &series, new, now, &by)
}

/// Who gets a paper, one line each, without empty ones.
pub(super) fn recipients(lines: &[String]) -> Result<Vec<String>, BriefingError> {
    let mut all = Vec::new();
    for line in lines {
        let line = store::text("recipients", line, 300)?.replace('\n', " ");
        if !line.is_empty() {
            all.push(line);
        }
    }
    Ok(all)
}

/// The same with instant and office given, for a notice that was issued before.
pub(super) fn issue_as(
    tx: &mut WriteTx<'_>,
    briefing: &Briefing,
    series: &Series,
    new: &NewNotice,
    at: jiff::Timestamp,
    by: &str,
) -> Result<Done<Notice>, BriefingError> {
    let to = state::next(briefing.state, Step::Announce)?;
    let id = briefing.id;
    let recipients = recipients(&new.recipients)?;
    let body = papers::store::body_of_unit(tx, series.unit)?.ok_or(BriefingError::NoBody)?;
    let of = sign::reference(briefing);
    let number = match new.number {
        None => *papers::store::take_number(tx, body.id, ABBR, new.on, &new.subject, &of)?.value(),
        Some(number) => {
            *papers::store::use_number(tx, body.id, ABBR, number, new.on, &new.subject, &of, &new.gap_reason)?
                .value()
        }
    };
    let written = body.written(number, ABBR);
    tx.execute(
        sql!("INSERT INTO briefing_notice(briefing, body, number, written, issued_on, recipients, issued_at, issued_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8)"),
        params![id, body.id, number, written, new.on, recipients.join("\n"), at, by],
    )?;
    for entry in decisions::entries_of(tx, &of)? {
        if entry.number.is_none() {
            decisions::give_number(tx, entry.id, &written, DecisionKind::Notice)?;
        }
    }
    let symbol = sign::minutes_symbol(briefing);
    let standing = conclusion::standing(tx, id)?;
    for outcome in sign::outcomes(tx, id)? {
        let number = standing.iter().find(|one| one.id == outcome.conclusion).map_or(0, |one| one.number);
        let basis = Basis {
            symbol: written.clone(),
            issued_on: Some(new.on),
            clause: sign::clause(number),
            subject: new.subject.clone(),
        };
        tasks::cite(tx, outcome.task, &symbol, &basis)?;
    }
    store::move_to(tx, id, to)?;
    let data = json!({"no": briefing.no, "number": written});
    let notice = Notice {
        briefing: id,
        body: body.id,
        number,
        written,
        issued_on: new.on,
        recipients,
        issued_at: at,
        issued_by: by.to_owned(),
    };
    Ok(store::touched(tx, id, "briefing.announced", data, None)?.with(notice))
}

/// How the receipt of each task that the meeting assigned stands now: one working day is the measure. A task that
/// was only proposed is not there until it is assigned.
///
/// # Errors
/// Any [`DbError`].
pub fn receipts(tx: &mut Tx<'_>, id: BriefingId) -> Result<Vec<Acknowledged>, BriefingError> {
    let calendar = congress::calendar(&congress::store::work_days(tx)?);
    let now = clock::local(tx.now());
    let standing = conclusion::standing(tx, id)?;
    let mut all = Vec::new();
    for outcome in sign::outcomes(tx, id)? {
        if !matches!(outcome.effect, Effect::Assigned | Effect::Proposed) {
            continue;
        }
        let task = tasks::task(tx, outcome.task)?;
        let Some(assigned_at) = task.assigned_at else { continue };
        let assigned = clock::local(assigned_at);
        all.push(Acknowledged {
            task: task.id,
            code: task.fields.code,
            number: standing.iter().find(|one| one.id == outcome.conclusion).map_or(0, |one| one.number),
            assigned_at,
            acknowledged_at: task.acknowledged_at,
            limit: calendar.add_working_days(assigned.date(), 1),
            receipt: receipt(&calendar, assigned, task.acknowledged_at.map(clock::local), now),
        });
    }
    Ok(all)
}
