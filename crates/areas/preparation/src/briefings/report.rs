//! The report of the week under a number: from the frozen figures, issued once.

use platform::{
    clock,
    db::{DbError, Done, Tx, WriteTx},
    papers, params, sql,
};
use serde_json::json;

use super::{BriefingError, Hand, model::*, notice, sign, snapshot, store};

/// The abbreviation of a report in its number.
pub const ABBR: &str = "BC";

/// The report of a meeting as it was issued; none before.
///
/// # Errors
/// Any [`DbError`].
pub fn issued(tx: &mut Tx<'_>, id: BriefingId) -> Result<Option<Notice>, DbError> {
    tx.query_opt(sql!("SELECT * FROM briefing_report WHERE briefing = $1"), params![id])
}

/// The body that issues the report and the number that it would take.
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

/// Issues the report, once: takes the next number of the register, or the one that was typed if nobody uses it.
/// What it says is the frozen figures, so it can go out before the meeting and after it.
///
/// # Errors
/// [`BriefingError::ReportedAlready`], [`BriefingError::NotFrozen`], [`BriefingError::NoBody`],
/// [`BriefingError::Papers`] with who uses the number, [`BriefingError::NotPermitted`].
pub fn issue(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    new: &NewNotice,
) -> Result<Done<Notice>, BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_manage(series.unit)?;
    if let Some(had) = issued(tx, id)? {
        return Err(BriefingError::ReportedAlready {
            written: had.written,
            by: had.issued_by,
            at: had.issued_at,
        });
    }
    snapshot::load(tx, id)?;
    let recipients = notice::recipients(&new.recipients)?;
    let body = papers::store::body_of_unit(tx, series.unit)?.ok_or(BriefingError::NoBody)?;
    let of = sign::reference(&briefing);
    let number = match new.number {
        None => *papers::store::take_number(tx, body.id, ABBR, new.on, &new.subject, &of)?.value(),
        Some(number) => {
            *papers::store::use_number(tx, body.id, ABBR, number, new.on, &new.subject, &of, &new.gap_reason)?
                .value()
        }
    };
    let (now, by) = (tx.now(), tx.author().office.clone());
    let written = body.written(number, ABBR);
    tx.execute(
        sql!("INSERT INTO briefing_report(briefing, body, number, written, issued_on, recipients, issued_at, issued_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8)"),
        params![id, body.id, number, written, new.on, recipients.join("\n"), now, by],
    )?;
    let data = json!({"no": briefing.no, "number": written});
    let report = Notice {
        briefing: id,
        body: body.id,
        number,
        written,
        issued_on: new.on,
        recipients,
        issued_at: now,
        issued_by: by,
    };
    Ok(store::touched(tx, id, "briefing.reported", data, None)?.with(report))
}
