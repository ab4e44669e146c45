//! The recommendation, the signed decision with the tasks it brings, taking over and giving back.

use jiff::{Timestamp, civil::Date};
use platform::{
    audit::Event,
    clock,
    db::{DbError, Done, Row, Tx, WriteTx},
    i18n::{self, IntoArg as _, Lang, key},
    papers::{BodyId, Reference, Use},
    params, sql,
};
use rules::{
    scoring::Gate,
    venue::{VenueMove, VenueState},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    LONGEST, LONGEST_NAME, TOPIC, Who, move_to, needed, photos, reason, text, touched, venue, venues,
};
use crate::{
    decisions::{
        self,
        model::{DecisionId, DecisionKind, NewDecision as Entry, Relation},
    },
    tasks::{
        self,
        model::{PlanId, TaskFields, TaskId},
    },
    venues::{error::VenueError, model::*, picture},
};

fn recommendation_from(row: &Row) -> Result<Recommendation, DbError> {
    let returned_at: Option<Timestamp> = row.get("returned_at")?;
    let signed_at: Option<Timestamp> = row.get("signed_at")?;
    Ok(Recommendation {
        id: row.get("id")?,
        round: row.get("round")?,
        venue: row.get("venue")?,
        criteria: row.get("criteria")?,
        reason: row.get("reason")?,
        sha256: row.get("sha256")?,
        made_at: row.get("made_at")?,
        made_by: row.get("made_by")?,
        returned: match returned_at {
            Some(at) => Some((at, row.get("returned_reason")?, row.get("returned_by")?)),
            None => None,
        },
        decision: match signed_at {
            Some(signed_at) => Some(Decision {
                venue: row.get("decided")?,
                reason: row.get("decided_reason")?,
                sha256: row.get("signed_sha256")?,
                register: row.get("register")?,
                signed_at,
                signed_by: row.get("signed_by")?,
                tasks: Vec::new(),
            }),
            None => None,
        },
    })
}

/// Recommendations with their decisions, newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn recommendations(tx: &mut Tx<'_>) -> Result<Vec<Recommendation>, DbError> {
    let rows: Vec<Row> = tx.query(
        sql!(
            "SELECT r.id, r.round, r.venue, r.criteria, r.reason, r.sha256, r.made_at, r.made_by, r.returned_at,
                r.returned_by, r.returned_reason, d.venue AS decided, d.reason AS decided_reason,
                d.sha256 AS signed_sha256, d.register, d.signed_at, d.signed_by
              FROM venue_recommendation r LEFT JOIN venue_decision d ON d.recommendation = r.id
              ORDER BY r.made_at DESC, r.id DESC"
        ),
        &[],
    )?;
    let tasks: Vec<Row> = tx.query(
        sql!("SELECT recommendation, task FROM venue_decision_task ORDER BY recommendation, position"),
        &[],
    )?;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut one = recommendation_from(row)?;
        if let Some(decision) = &mut one.decision {
            for task in &tasks {
                if task.get::<RecommendationId>("recommendation")? == one.id {
                    decision.tasks.push(task.get("task")?);
                }
            }
        }
        all.push(one);
    }
    Ok(all)
}

/// One recommendation.
///
/// # Errors
/// [`VenueError::NotFound`].
pub fn recommendation(tx: &mut Tx<'_>, id: RecommendationId) -> Result<Recommendation, VenueError> {
    recommendations(tx)?.into_iter().find(|one| one.id == id).ok_or(VenueError::NotFound)
}

/// The decision that a task came from.
///
/// # Errors
/// Any [`DbError`].
pub fn decision_of_task(tx: &mut Tx<'_>, task: TaskId) -> Result<Option<RecommendationId>, DbError> {
    tx.scalar(sql!("SELECT recommendation FROM venue_decision_task WHERE task = $1"), params![task])
}

/// The frozen content of a recommendation, proven by its hash.
///
/// # Errors
/// [`VenueError::ContentChanged`] when the content no longer has its hash.
pub fn frozen(tx: &mut Tx<'_>, id: RecommendationId) -> Result<picture::Frozen, VenueError> {
    let row: Option<Row> =
        tx.query_opt(sql!("SELECT content, sha256 FROM venue_recommendation WHERE id = $1"), params![id])?;
    let row = row.ok_or(VenueError::NotFound)?;
    let content: String = row.get("content")?;
    if hash(&content) != row.get::<String>("sha256")? {
        return Err(VenueError::ContentChanged);
    }
    serde_json::from_str(&content).map_err(|_| VenueError::ContentChanged)
}

fn hash(content: &str) -> String {
    platform::hex(&Sha256::digest(content.as_bytes()))
}

/// Recommends a ranked venue of the current round: freezes gates, scores, the version of the weights, egress and
/// sensitivity with a hash, and lays the ranked venues before the deciding office.
///
/// # Errors
/// [`VenueError::NotRanked`] names what stands in the way, [`VenueError::RecommendationWaiting`],
/// [`VenueError::ReasonNeeded`].
pub fn recommend(
    tx: &mut WriteTx<'_>,
    who: &Who,
    of: VenueId,
    why: &str,
) -> Result<Done<RecommendationId>, VenueError> {
    who.must_manage()?;
    let why = reason(why)?;
    let round = super::current_round(tx)?;
    let waits = recommendations(tx)?.iter().any(|one| one.round == round.id && one.returned.is_none());
    if waits {
        return Err(VenueError::RecommendationWaiting);
    }
    let criteria = super::newest_criteria(tx)?.ok_or(VenueError::NoCriteria)?;
    let picture = picture::of(tx, &round, &criteria)?;
    let entry = picture.entry(of).ok_or(VenueError::NotFound)?;
    if entry.standing.place.is_none() {
        return Err(VenueError::NotRanked { blockers: entry.standing.blockers.clone() });
    }
    // What is laid before the office must be complete: everything ranked has been scored.
    if entry.venue.state != VenueState::Scoring {
        let (step, from) = (VenueMove::Submit, entry.venue.state);
        return Err(rules::venue::VenueMoveError::NotFrom { step, from }.into());
    }
    let content = serde_json::to_string(&picture.frozen(of))
        .map_err(|error| DbError::Value { column: "content".to_owned(), reason: error.to_string() })?;
    let sha256 = hash(&content);
    let id = RecommendationId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO venue_recommendation(id, round, venue, criteria, reason, content, sha256, made_at,
                made_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        ),
        params![id, round.id, of, criteria.no, why, content, sha256, now, by],
    )?;
    for entry in &picture.entries {
        if entry.standing.place.is_some() && entry.venue.state == VenueState::Scoring {
            let _ = move_to(tx, &entry.venue, VenueMove::Submit, Gate::Pass, "")?;
        }
    }
    let event = Event::new("venue.recommended", "recommendation", id)
        .topic(TOPIC)
        .data(json!({"venue": of.to_string(), "criteria": criteria.no, "sha256": sha256}))
        .why(why);
    Ok(tx.record(event).with(id))
}

/// Sends a recommendation back: its venues are scored again.
///
/// # Errors
/// [`VenueError::AlreadySigned`], [`VenueError::Returned`], [`VenueError::ReasonNeeded`].
pub fn send_back(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: RecommendationId,
    why: &str,
) -> Result<Done<()>, VenueError> {
    who.must_decide()?;
    let why = reason(why)?;
    let before = recommendation(tx, id)?;
    undecided(&before)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "UPDATE venue_recommendation SET returned_at = $2, returned_by = $3, returned_reason = $4
              WHERE id = $1"
        ),
        params![id, now, by, why],
    )?;
    for venue in venues(tx)?.iter().filter(|venue| venue.state == VenueState::Submitted) {
        let _ = move_to(tx, venue, VenueMove::SendBack, Gate::Pass, &why)?;
    }
    let event = Event::new("venue.recommendation_returned", "recommendation", id)
        .topic(TOPIC)
        .data(json!({}))
        .why(why);
    Ok(tx.record(event).with(()))
}

fn undecided(before: &Recommendation) -> Result<(), VenueError> {
    if before.decision.is_some() {
        return Err(VenueError::AlreadySigned);
    }
    if before.returned.is_some() {
        return Err(VenueError::Returned);
    }
    Ok(())
}

/// Work that a decision brings: a condition to meet, something to repair.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Work {
    /// The plan it belongs to.
    #[schema(value_type = String, format = Uuid)]
    pub plan: PlanId,
    /// The six rõ; it begins as a draft.
    pub fields: TaskFields,
}

/// What the deciding office signs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDecision {
    /// Which venue is chosen; not always the recommended one.
    #[schema(value_type = String, format = Uuid)]
    pub venue: VenueId,
    /// Why; needed when it is not the recommended one.
    #[serde(default)]
    pub reason: String,
    /// The hash of the content that was shown.
    pub sha256: String,
    /// The number of the paper that says so, as printed, where it has one already: `12-TB/TU`.
    #[serde(default)]
    pub number: Option<String>,
    /// The registered body that issues that paper.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Uuid)]
    pub body: Option<BodyId>,
    /// The day on the paper; the day of signing when none is given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// What else is decided, point by point, after the choice itself.
    #[serde(default)]
    pub points: Vec<String>,
    /// The work it brings.
    #[serde(default)]
    pub works: Vec<Work>,
}

/// Signs the decision, once. The chosen venue must be ranked in the frozen content. In the same transaction it
/// enters the register of decisions, and its works become tasks that are tied to that entry.
///
/// # Errors
/// [`VenueError::AlreadySigned`], [`VenueError::Returned`], [`VenueError::ContentChanged`] when something else
/// was shown, [`VenueError::NotRanked`], [`VenueError::ReasonNeeded`], [`VenueError::Task`], [`VenueError::Register`].
pub fn sign(
    tx: &mut WriteTx<'_>,
    who: &Who,
    id: RecommendationId,
    new: &NewDecision,
) -> Result<Done<Vec<TaskId>>, VenueError> {
    who.must_decide()?;
    let before = recommendation(tx, id)?;
    undecided(&before)?;
    if before.sha256 != new.sha256 {
        return Err(VenueError::ContentChanged);
    }
    let content = frozen(tx, id)?;
    let entry = content.venues.iter().find(|venue| venue.id == new.venue).ok_or(VenueError::NotFound)?;
    if entry.place.is_none() {
        return Err(VenueError::NotRanked { blockers: Vec::new() });
    }
    let why =
        if new.venue == before.venue { text("reason", &new.reason, LONGEST)? } else { reason(&new.reason)? };
    if new.works.len() > 100 {
        return Err(VenueError::BatchTooLarge);
    }
    let (now, by) = (tx.now(), tx.author().office.clone());
    let name = entry.name.clone();
    let register = enter(tx, id, &by, &name, new)?;
    tx.execute(
        sql!(
            "INSERT INTO venue_decision(recommendation, venue, reason, sha256, register, signed_at, signed_by)
              VALUES($1, $2, $3, $4, $5, $6, $7)"
        ),
        params![id, new.venue, why, before.sha256, register, now, by],
    )
    .map_err(|error| match error {
        DbError::Unique { .. } => VenueError::AlreadySigned,
        other => other.into(),
    })?;
    let made = spawn(tx, id, register, &new.works)?;
    for venue in venues(tx)?.iter().filter(|venue| venue.state == VenueState::Submitted) {
        let step = if venue.id == new.venue { VenueMove::Choose } else { VenueMove::PassOver };
        let _ = move_to(tx, venue, step, Gate::Pass, &why)?;
    }
    let mut event = Event::new("venue.decision_signed", "recommendation", id).topic(TOPIC).data(json!({
        "venue": new.venue.to_string(), "recommended": before.venue.to_string(), "sha256": before.sha256,
        "decision": register.to_string(), "tasks": made.iter().map(ToString::to_string).collect::<Vec<_>>()
    }));
    if !why.is_empty() {
        event = event.why(why);
    }
    Ok(tx.record(event).with(made))
}

/// Enters the choice in the register of decisions: its first point is the choice itself.
fn enter(
    tx: &mut WriteTx<'_>,
    id: RecommendationId,
    by: &str,
    name: &str,
    new: &NewDecision,
) -> Result<DecisionId, VenueError> {
    // A paper is written in Vietnamese, whatever language the screen speaks.
    let words = |words| i18n::tr(Lang::Vi, words, &[("name", name.to_owned().arg())]);
    let today = clock::local(tx.now()).date();
    let source = Reference::new(Use::Venue, id).at(format!("/dia-diem/quyet-dinh/{id}"));
    let kind =
        new.number.as_deref().and_then(abbreviation).map_or(DecisionKind::Conclusion, DecisionKind::of_abbr);
    let mut entry = Entry::new(kind, new.issued_on.unwrap_or(today), by, source);
    entry.number.clone_from(&new.number);
    entry.body = new.body;
    entry.subject = words(key("venue-decision-subject"));
    entry.points.push(words(key("venue-decision-point")));
    entry.points.extend(new.points.iter().cloned());
    Ok(*decisions::store::enter(tx, &entry)?.value())
}

/// The letters between the number and the body's symbol: TB in `12-TB/TU` and in `12/TB-TU`.
fn abbreviation(number: &str) -> Option<&str> {
    number.trim_start_matches(|c: char| !c.is_alphabetic()).split(['/', '-']).next()
}

/// Writes down the works of a decision as drafts, tied to its entry.
fn spawn(
    tx: &mut WriteTx<'_>,
    id: RecommendationId,
    register: DecisionId,
    works: &[Work],
) -> Result<Vec<TaskId>, VenueError> {
    let plans = tasks::store::plans(tx)?;
    let mut made = Vec::with_capacity(works.len());
    for (position, work) in (0_u32..).zip(works) {
        if !plans.iter().any(|plan| plan.id == work.plan) {
            return Err(VenueError::NotFound);
        }
        let task = *tasks::store::create(tx, work.plan, work.fields.clone())?.value();
        let _ = decisions::store::link_task(tx, register, task, Relation::Creates)?;
        tx.execute(
            sql!("INSERT INTO venue_decision_task(recommendation, position, task) VALUES($1, $2, $3)"),
            params![id, position, task],
        )?;
        made.push(task);
    }
    Ok(made)
}

// ---------------------------------------------------------------- taking over, giving back

/// Hand-overs of a venue, oldest first.
///
/// # Errors
/// Any [`DbError`].
pub fn handovers(tx: &mut Tx<'_>, of: VenueId) -> Result<Vec<Handover>, DbError> {
    tx.query(
        sql!(
            "SELECT id, venue, kind, on_day, other_party, condition, content, sha256, made_at, made_by
              FROM venue_handover WHERE venue = $1 ORDER BY made_at, id"
        ),
        params![of],
    )
}

/// Takes a chosen venue over, or gives it back. The photographs of that side — before, or after — are frozen with
/// their hashes: they are what the condition is proven by.
///
/// # Errors
/// [`VenueError::PhotosNeeded`], [`VenueError::Move`], [`VenueError::Empty`].
pub fn hand_over(
    tx: &mut WriteTx<'_>,
    who: &Who,
    of: VenueId,
    new: &NewHandover,
) -> Result<Done<HandoverId>, VenueError> {
    who.must_manage()?;
    let before = venue(tx, of)?;
    let (step, side) = match new.kind {
        HandoverKind::Over => (VenueMove::HandOver, PhotoKind::Before),
        HandoverKind::Back => (VenueMove::GiveBack, PhotoKind::After),
    };
    rules::venue::next(before.state, step, Gate::Pass)?;
    let other_party = needed("other_party", &new.other_party, LONGEST_NAME)?;
    let condition = needed("condition", &new.condition, LONGEST)?;
    let shown: Vec<serde_json::Value> = photos(tx, &Who::PROGRAM, of)?
        .iter()
        .filter(|photo| photo.kind == side)
        .map(|photo| {
            json!({
                "photo": photo.id.to_string(),
                "space": photo.space.map(|space| space.to_string()),
                "caption": photo.caption,
                "sha256": photo.sha256,
            })
        })
        .collect();
    if shown.is_empty() {
        return Err(VenueError::PhotosNeeded);
    }
    let content = json!({
        "kind": new.kind.as_str(), "on": new.on_day.to_string(), "other_party": other_party,
        "condition": condition, "photos": shown
    })
    .to_string();
    let sha256 = hash(&content);
    let id = HandoverId(Uuid::now_v7());
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!(
            "INSERT INTO venue_handover(id, venue, kind, on_day, other_party, condition, content, sha256, made_at,
                made_by)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        ),
        params![id, of, new.kind, new.on_day, other_party, condition, content, sha256, now, by],
    )?;
    let _ = move_to(tx, &before, step, Gate::Pass, "")?;
    let data = json!({"code": before.code, "kind": new.kind.as_str(), "sha256": sha256});
    Ok(touched(tx, of, "venue.handed_over", data, None)?.with(id))
}
