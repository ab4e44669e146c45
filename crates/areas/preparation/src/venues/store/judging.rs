//! Gates judged on evidence, and what was said about ratings that lie far apart.

use platform::{
    db::{DbError, Done, Tx, WriteTx},
    params, sql,
};
use rules::scoring::Gate;
use serde_json::json;
use uuid::Uuid;

use super::{LONGEST, Who, current_round, needed, newest_criteria, text, touched, venue};
use crate::venues::{error::VenueError, model::*, picture};

/// How the gates of a round were judged, the last word for each venue and gate.
///
/// # Errors
/// Any [`DbError`].
pub fn judgements(tx: &mut Tx<'_>, round: RoundId) -> Result<Vec<Judgement>, DbError> {
    let all: Vec<Judgement> = tx.query(
        sql!(
            "SELECT venue, code, result, condition, evidence, at, judged_by FROM venue_gate
              WHERE round = $1 ORDER BY at DESC, id DESC"
        ),
        params![round],
    )?;
    let mut last: Vec<Judgement> = Vec::new();
    for one in all {
        if !last.iter().any(|known| known.venue == one.venue && known.code == one.code) {
            last.push(one);
        }
    }
    Ok(last)
}

/// Every judgement of a gate of a venue, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn judgements_of(tx: &mut Tx<'_>, venue: VenueId, code: &str) -> Result<Vec<Judgement>, DbError> {
    tx.query(
        sql!(
            "SELECT venue, code, result, condition, evidence, at, judged_by FROM venue_gate
              WHERE venue = $1 AND code = $2 ORDER BY at DESC, id DESC"
        ),
        params![venue, code],
    )
}

/// Judges a gate in the open round. Whatever is judged is shown by evidence; a condition is written down.
///
/// # Errors
/// [`VenueError::UnknownCriterion`], [`VenueError::GateComputed`], [`VenueError::GatesConcluded`],
/// [`VenueError::ConditionNeeded`], [`VenueError::EvidenceNeeded`], [`VenueError::RoundClosed`].
pub fn judge(
    tx: &mut WriteTx<'_>,
    who: &Who,
    of: VenueId,
    code: &str,
    result: Gate,
    condition: &str,
    evidence: &str,
) -> Result<Done<()>, VenueError> {
    who.must_manage()?;
    let before = venue(tx, of)?;
    let criteria = newest_criteria(tx)?.ok_or(VenueError::NoCriteria)?;
    match criteria.get(code).map(|criterion| criterion.kind) {
        Some(CriterionKind::Gate) => {}
        Some(CriterionKind::Egress) => return Err(VenueError::GateComputed),
        _ => return Err(VenueError::UnknownCriterion { code: code.to_owned() }),
    }
    if !before.state.takes_gates() {
        return Err(if before.state.is_open() { VenueError::GatesConcluded } else { VenueError::NotOpen });
    }
    let round = current_round(tx)?;
    if round.closed_at.is_some() {
        return Err(VenueError::RoundClosed);
    }
    let condition = text("condition", condition, LONGEST)?;
    let evidence = text("evidence", evidence, LONGEST)?;
    if result == Gate::Conditional && condition.is_empty() {
        return Err(VenueError::ConditionNeeded);
    }
    if result != Gate::NoEvidence && evidence.is_empty() {
        return Err(VenueError::EvidenceNeeded);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO venue_gate(id, venue, round, code, result, condition, evidence, at, judged_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![Uuid::now_v7(), of, round.id, code, result, condition, evidence, now, by],
    )?;
    let data = json!({"code": before.code, "gate": code, "result": result.as_str()});
    Ok(touched(tx, of, "venue.gate_judged", data, None)?.with(()))
}

/// What was said in a round about ratings that lie far apart, oldest first.
///
/// # Errors
/// Any [`DbError`].
pub fn discussions(tx: &mut Tx<'_>, round: RoundId) -> Result<Vec<Discussion>, DbError> {
    tx.query(
        sql!(
            "SELECT venue, code, low, high, note, at, written_by FROM venue_discussion
              WHERE round = $1 ORDER BY at, id"
        ),
        params![round],
    )
}

/// Writes down what was said about ratings of one criterion that lie far apart. It is about the lowest and the
/// highest rating as they are now: when they change, it no longer counts.
///
/// # Errors
/// [`VenueError::NoGap`], [`VenueError::Empty`].
pub fn discuss(
    tx: &mut WriteTx<'_>,
    who: &Who,
    of: VenueId,
    code: &str,
    note: &str,
) -> Result<Done<()>, VenueError> {
    who.must_manage()?;
    let before = super::open(tx, of)?;
    let round = current_round(tx)?;
    if !super::sees_ratings(tx, who, round.id, of)? {
        return Err(VenueError::NotFound);
    }
    let note = needed("note", note, LONGEST)?;
    let criteria = newest_criteria(tx)?.ok_or(VenueError::NoCriteria)?;
    let at = criteria
        .scored()
        .position(|criterion| criterion.code == code)
        .ok_or_else(|| VenueError::UnknownCriterion { code: code.to_owned() })?;
    let ratings = picture::ratings(tx, &round, of, &criteria)?;
    let spread = ratings
        .by_criterion
        .get(at)
        .and_then(|given| rules::scoring::Spread::of(given))
        .filter(|spread| spread.needs_discussion())
        .ok_or(VenueError::NoGap)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO venue_discussion(id, venue, round, code, low, high, note, at, written_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![Uuid::now_v7(), of, round.id, code, spread.low, spread.high, note, now, by],
    )?;
    let data = json!({"code": before.code, "criterion": code});
    Ok(touched(tx, of, "venue.gap_discussed", data, None)?.with(()))
}
