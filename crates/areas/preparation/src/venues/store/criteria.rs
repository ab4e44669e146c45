//! Versions of the criteria, and rounds of surveys.

use std::collections::BTreeSet;

use platform::{
    audit::Event,
    db::{DbError, Done, Row, Tx, WriteTx},
    params, sql,
};
use rules::{ahp, scoring};
use serde_json::json;
use uuid::Uuid;

use super::{LONGEST, LONGEST_NAME, TOPIC, Who, code, needed, reason, text};
use crate::venues::{error::VenueError, model::*};

/// The newest version of the criteria.
///
/// # Errors
/// Any [`DbError`].
pub fn newest_criteria(tx: &mut Tx<'_>) -> Result<Option<Criteria>, VenueError> {
    let no: Option<u32> = tx.scalar(sql!("SELECT MAX(no) FROM venue_criteria"), &[])?.flatten();
    no.map(|no| criteria(tx, no)).transpose()
}

/// One version.
///
/// # Errors
/// [`VenueError::NotFound`].
pub fn criteria(tx: &mut Tx<'_>, no: u32) -> Result<Criteria, VenueError> {
    let row: Option<Row> = tx.query_opt(
        sql!("SELECT no, method, ahp, reason, made_at, made_by FROM venue_criteria WHERE no = $1"),
        params![no],
    )?;
    let row = row.ok_or(VenueError::NotFound)?;
    let rows: Vec<Row> = tx.query(
        sql!(
            "SELECT code, kind, name, cluster, weight, high, middle, low, evidence FROM venue_criterion
              WHERE criteria = $1 ORDER BY position"
        ),
        params![no],
    )?;
    let comparison: Option<serde_json::Value> = row.get("ahp")?;
    Ok(Criteria {
        no: row.get("no")?,
        method: row.get("method")?,
        comparison: comparison
            .map(serde_json::from_value)
            .transpose()
            .map_err(|error| DbError::Value { column: "ahp".to_owned(), reason: error.to_string() })?,
        reason: row.get("reason")?,
        made_at: row.get("made_at")?,
        made_by: row.get("made_by")?,
        criteria: rows
            .iter()
            .map(|row| {
                Ok(Criterion {
                    code: row.get("code")?,
                    kind: row.get("kind")?,
                    name: row.get("name")?,
                    cluster: row.get("cluster")?,
                    weight: row.get("weight")?,
                    high: row.get("high")?,
                    middle: row.get("middle")?,
                    low: row.get("low")?,
                    evidence: row.get("evidence")?,
                })
            })
            .collect::<Result<_, DbError>>()?,
    })
}

/// All versions, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn all_criteria(tx: &mut Tx<'_>) -> Result<Vec<Criteria>, VenueError> {
    let rows: Vec<Row> = tx.query(sql!("SELECT no FROM venue_criteria ORDER BY no DESC"), &[])?;
    rows.iter().map(|row| criteria(tx, row.first()?)).collect()
}

/// What a comparison of groups makes of the criteria's shares.
///
/// # Errors
/// [`VenueError::Comparison`] when answers are missing or contradict each other, [`VenueError::Group`].
pub fn weigh(comparison: &Comparison, criteria: &[Criterion]) -> Result<Vec<u32>, VenueError> {
    let groups = &comparison.groups;
    let named: BTreeSet<&String> = groups.iter().collect();
    if let Some(group) = groups.iter().find(|group| group.is_empty()) {
        return Err(VenueError::Group { group: group.clone() });
    }
    if named.len() != groups.len() {
        return Err(VenueError::Group { group: groups.last().cloned().unwrap_or_default() });
    }
    let refused = |error| VenueError::Comparison { error, groups: groups.clone() };
    let found = ahp::weigh(groups.len(), &comparison.answers).and_then(ahp::Ahp::usable).map_err(refused)?;
    let scored: Vec<&Criterion> =
        criteria.iter().filter(|criterion| criterion.kind == CriterionKind::Score).collect();
    if let Some(stray) = scored.iter().find(|criterion| !named.contains(&criterion.cluster)) {
        return Err(VenueError::Group { group: stray.cluster.clone() });
    }
    let mut members = Vec::with_capacity(groups.len());
    for group in groups {
        let shares: Vec<f64> = scored
            .iter()
            .filter(|criterion| criterion.cluster == *group)
            .map(|criterion| f64::from(criterion.weight))
            .collect();
        if shares.is_empty() {
            return Err(VenueError::Group { group: group.clone() });
        }
        members.push(shares);
    }
    let mut spread: Vec<std::vec::IntoIter<f64>> =
        ahp::spread(&found.weights, &members).into_iter().map(Vec::into_iter).collect();
    let shares: Vec<f64> = scored
        .iter()
        .filter_map(|criterion| groups.iter().position(|group| *group == criterion.cluster))
        .filter_map(|at| spread.get_mut(at).and_then(Iterator::next))
        .collect();
    scoring::whole_weights(&shares).ok_or(VenueError::Weights(scoring::WeightError::AllZero))
}

fn checked(new: &NewCriteria) -> Result<Vec<Criterion>, VenueError> {
    let mut seen = BTreeSet::new();
    let mut criteria = Vec::with_capacity(new.criteria.len());
    for criterion in &new.criteria {
        let code = code(&criterion.code)?;
        if !seen.insert(code.clone()) {
            return Err(VenueError::DuplicateCode { code });
        }
        let scored = criterion.kind == CriterionKind::Score;
        if criterion.weight > scoring::WHOLE {
            return Err(VenueError::Range { field: "weight" });
        }
        criteria.push(Criterion {
            code,
            kind: criterion.kind,
            name: needed("name", &criterion.name, LONGEST_NAME)?,
            cluster: text("cluster", &criterion.cluster, LONGEST_NAME)?,
            weight: if scored { criterion.weight } else { 0 },
            high: if scored { needed("high", &criterion.high, LONGEST)? } else { String::new() },
            middle: if scored { needed("middle", &criterion.middle, LONGEST)? } else { String::new() },
            low: if scored { needed("low", &criterion.low, LONGEST)? } else { String::new() },
            evidence: text("evidence", &criterion.evidence, LONGEST)?,
        });
    }
    if criteria.len() > 100 {
        return Err(VenueError::Range { field: "criteria" });
    }
    if criteria.iter().filter(|criterion| criterion.kind == CriterionKind::Egress).count() > 1 {
        return Err(VenueError::Range { field: "kind" });
    }
    match &new.comparison {
        Some(comparison) => {
            let weights = weigh(comparison, &criteria)?;
            let scored = criteria.iter_mut().filter(|criterion| criterion.kind == CriterionKind::Score);
            for (criterion, weight) in scored.zip(weights) {
                criterion.weight = weight;
            }
        }
        None => {
            let weights: Vec<u32> = criteria
                .iter()
                .filter(|criterion| criterion.kind == CriterionKind::Score)
                .map(|criterion| criterion.weight)
                .collect();
            scoring::check_weights(&weights)?;
        }
    }
    Ok(criteria)
}

/// Makes a new version of the criteria. Ratings stay where they are, under the criteria's codes; a ranking says
/// by which version it was made, and what is signed keeps its own.
///
/// # Errors
/// [`VenueError::Conflict`] when another version came meanwhile; [`VenueError::Weights`],
/// [`VenueError::Comparison`], [`VenueError::ReasonNeeded`] from the second version on.
pub fn set_criteria(tx: &mut WriteTx<'_>, who: &Who, new: &NewCriteria) -> Result<Done<u32>, VenueError> {
    who.must_manage()?;
    let newest = newest_criteria(tx)?;
    if let Some(newest) = newest.as_ref().filter(|newest| newest.no != new.after) {
        return Err(VenueError::Conflict { by: newest.made_by.clone(), at: newest.made_at });
    }
    let why = match &newest {
        Some(_) => reason(&new.reason)?,
        None => text("reason", &new.reason, LONGEST)?,
    };
    let comparison = new
        .comparison
        .as_ref()
        .map(|comparison| -> Result<Comparison, VenueError> {
            let groups = comparison
                .groups
                .iter()
                .map(|group| needed("group", group, LONGEST_NAME))
                .collect::<Result<_, _>>()?;
            Ok(Comparison { groups, answers: comparison.answers.clone() })
        })
        .transpose()?;
    let criteria = checked(&NewCriteria { comparison: comparison.clone(), ..new.clone() })?;
    let no = newest.map_or(0, |newest| newest.no) + 1;
    let (now, by) = (tx.now(), tx.author().office.clone());
    let method = if comparison.is_some() { Method::Ahp } else { Method::Points };
    let kept = comparison.and_then(|comparison| serde_json::to_value(comparison).ok());
    tx.execute(
        sql!(
            "INSERT INTO venue_criteria(no, method, ahp, reason, made_at, made_by)
              VALUES($1, $2, $3, $4, $5, $6)"
        ),
        params![no, method, kept, why, now, by],
    )?;
    for (position, criterion) in (0_u32..).zip(&criteria) {
        tx.execute(
            sql!(
                "INSERT INTO venue_criterion(criteria, position, code, kind, name, cluster, weight, high, middle,
                    low, evidence)
                  VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
            ),
            params![
                no,
                position,
                criterion.code,
                criterion.kind,
                criterion.name,
                criterion.cluster,
                criterion.weight,
                criterion.high,
                criterion.middle,
                criterion.low,
                criterion.evidence
            ],
        )?;
    }
    let mut event = Event::new("venue.criteria_set", "criteria", no).topic(TOPIC).data(json!({
        "no": no, "method": method.as_str(), "criteria": criteria.len()
    }));
    if !why.is_empty() {
        event = event.why(why);
    }
    Ok(tx.record(event).with(no))
}

// ---------------------------------------------------------------- rounds

/// Rounds, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn rounds(tx: &mut Tx<'_>) -> Result<Vec<Round>, DbError> {
    tx.query(
        sql!("SELECT id, no, name, people, reserve, opened_at, closed_at FROM venue_round ORDER BY no DESC"),
        &[],
    )
}

/// One round.
///
/// # Errors
/// [`VenueError::NotFound`].
pub fn round(tx: &mut Tx<'_>, id: RoundId) -> Result<Round, VenueError> {
    let found: Option<Round> = tx.query_opt(
        sql!("SELECT id, no, name, people, reserve, opened_at, closed_at FROM venue_round WHERE id = $1"),
        params![id],
    )?;
    found.ok_or(VenueError::NotFound)
}

/// The open round, else the last one.
///
/// # Errors
/// [`VenueError::NoRound`] before the first.
pub fn current_round(tx: &mut Tx<'_>) -> Result<Round, VenueError> {
    let rounds = rounds(tx)?;
    let open = rounds.iter().find(|round| round.closed_at.is_none()).or(rounds.first()).cloned();
    open.ok_or(VenueError::NoRound)
}

/// Opens a round for so many people in the hall, with a reserve in percent.
///
/// # Errors
/// [`VenueError::RoundOpen`] while another is open, [`VenueError::Range`], [`VenueError::NoCriteria`].
pub fn open_round(
    tx: &mut WriteTx<'_>,
    who: &Who,
    name: &str,
    people: u32,
    reserve: u32,
) -> Result<Done<RoundId>, VenueError> {
    who.must_manage()?;
    let name = needed("name", name, LONGEST_NAME)?;
    if people == 0 || people > super::MOST {
        return Err(VenueError::Range { field: "people" });
    }
    if reserve > 100 {
        return Err(VenueError::Range { field: "reserve" });
    }
    if newest_criteria(tx)?.is_none() {
        return Err(VenueError::NoCriteria);
    }
    let rounds = rounds(tx)?;
    if rounds.iter().any(|round| round.closed_at.is_none()) {
        return Err(VenueError::RoundOpen);
    }
    let (id, no) = (RoundId(Uuid::now_v7()), rounds.first().map_or(0, |round| round.no) + 1);
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO venue_round(id, no, name, people, reserve, opened_at, opened_by)
              VALUES($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, no, name, people, reserve, now, by],
    )?;
    let data = json!({"no": no, "people": people, "reserve": reserve});
    Ok(tx.record(Event::new("venue.round_opened", "round", id).topic(TOPIC).data(data)).with(id))
}

/// Closes a round: no form of it changes any more.
///
/// # Errors
/// [`VenueError::RoundClosed`].
pub fn close_round(tx: &mut WriteTx<'_>, who: &Who, id: RoundId) -> Result<Done<()>, VenueError> {
    who.must_manage()?;
    let before = round(tx, id)?;
    if before.closed_at.is_some() {
        return Err(VenueError::RoundClosed);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE venue_round SET closed_at = $2, closed_by = $3 WHERE id = $1"),
        params![id, now, by],
    )?;
    let data = json!({"no": before.no});
    Ok(tx.record(Event::new("venue.round_closed", "round", id).topic(TOPIC).data(data)).with(()))
}
