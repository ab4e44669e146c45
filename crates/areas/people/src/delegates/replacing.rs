//! Alternates take a delegate's place by a decision that is recorded; the history stays on both.

use jiff::{Timestamp, civil::Date};
use platform::{
    db::{DbError, Done, Tx, WriteTx},
    i18n::key,
    params, row, sql,
    web::FieldProblem,
};
use rules::roll::replacing::{self as rule, ReplaceFault};
use serde_json::json;

use super::{
    DelegateError, clean,
    model::{Category, GroupRole, Participant, ParticipantId, Profile, Standing, Status},
    query, store,
};

/// Longest number of a decision, in characters.
const LONGEST_NUMBER: usize = 120;

row! {
    /// Somebody who took somebody's place.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Replacement {
        /// Its place in the order of all replacements, from 1.
        pub seq: i64,
        /// Whose place it was.
        pub leaver: ParticipantId,
        /// Who took it.
        pub comer: ParticipantId,
        /// The number of the decision.
        pub decision: String,
        /// Its day.
        pub decided_on: Date,
        /// Why.
        pub reason: String,
        /// When it was recorded.
        pub at: Timestamp,
        /// By which office.
        pub office: String,
    }
}

/// A replacement as it is asked for.
#[derive(Debug, Clone)]
pub struct NewReplacement {
    /// Who takes the place.
    pub comer: ParticipantId,
    /// The version of the leaver that the office saw.
    pub version: i64,
    /// The number of the decision.
    pub decision: String,
    /// Its day.
    pub decided_on: Option<Date>,
    /// Why.
    pub reason: String,
    /// How the comer became a delegate, where the roll does not know it; otherwise as the leaver.
    pub standing: Option<Standing>,
}

/// How somebody stands, as the rule asks.
pub fn standing(one: &Participant) -> rule::Standing {
    rule::Standing {
        delegate: one.category() == Category::Delegate,
        alternate: one.profile.alternate,
        comes: matches!(one.status, Status::Summoned | Status::Confirmed),
        replaced: one.status == Status::Replaced,
    }
}

fn fault(fault: ReplaceFault, one: &Participant) -> FieldProblem {
    let field = if fault.is_about_comer() { "by" } else { "leaver" };
    FieldProblem::new(field, fault.key()).with("name", one.profile.name.as_str())
}

/// Whether somebody's place can be taken.
///
/// # Errors
/// [`DelegateError::Fields`] with the sentence.
pub fn place(leaver: &Participant) -> Result<(), DelegateError> {
    rule::may_be_taken(standing(leaver)).map_err(|found| DelegateError::Fields(vec![fault(found, leaver)]))
}

/// A replacement that may be done.
#[derive(Debug)]
pub struct Checked {
    leaver: Participant,
    comer: Participant,
    /// The comer as they will be.
    profile: Profile,
    decision: String,
    decided_on: Date,
    reason: String,
}

/// Looks whether a replacement may be done; nothing is written.
///
/// # Errors
/// [`DelegateError::NotFound`], [`DelegateError::Conflict`], [`DelegateError::Fields`].
pub fn check(tx: &mut Tx<'_>, leaver: ParticipantId, new: &NewReplacement) -> Result<Checked, DelegateError> {
    let leaver = store::participant(tx, leaver)?;
    if leaver.version != new.version {
        return Err(DelegateError::Conflict { version: leaver.version, by: leaver.updated_by });
    }
    let comer = store::participant(tx, new.comer)?;
    place(&leaver)?;
    let mut wrong = Vec::new();
    if comer.id == leaver.id {
        wrong.push(FieldProblem::new("by", key("delegates-error-replace-self")));
    } else if let Err(found) = rule::may_take(standing(&comer)) {
        wrong.push(fault(found, &comer));
    }
    let decision = clean::line("decision", &new.decision, LONGEST_NUMBER, &mut wrong);
    if decision.is_empty() {
        wrong.push(FieldProblem::new("decision", key("delegates-error-decision")));
    }
    let reason = clean::line("reason", &new.reason, clean::LONGEST, &mut wrong);
    if reason.is_empty() {
        wrong.push(FieldProblem::new("reason", key("delegates-error-reason")));
    }
    let today = platform::clock::local(tx.now()).date();
    let decided_on = match new.decided_on {
        Some(day) if day <= today => Some(day),
        Some(_) => {
            wrong.push(FieldProblem::new("decided_on", key("delegates-error-decided-later")));
            None
        }
        None => {
            wrong.push(FieldProblem::new("decided_on", key("delegates-error-decided-on")));
            None
        }
    };
    let Some(decided_on) = decided_on.filter(|_| wrong.is_empty()) else {
        return Err(DelegateError::Fields(wrong));
    };
    let mut profile = comer.profile.clone();
    profile.category = Some(Category::Delegate);
    profile.alternate = false;
    profile.standing = profile.standing.or(new.standing).or(leaver.profile.standing);
    profile.delegation = leaver.profile.delegation.or(profile.delegation);
    if leaver.profile.group_no.is_some() {
        profile.group_no = leaver.profile.group_no;
        profile.group_role = Some(GroupRole::Member);
    }
    let (profile, wrong) = clean::profile(&profile, store::congress_day(tx)?);
    if !wrong.is_empty() {
        // What the roll kept of them can no longer be right: it is put right on their own page first.
        return Err(DelegateError::Fields(wrong));
    }
    Ok(Checked { leaver, comer, profile, decision, decided_on, reason })
}

/// Puts somebody in a delegate's place: they become a delegate with the delegation and the group, not with the
/// roles that the other was chosen for; the other is replaced.
///
/// # Errors
/// Those of [`check`].
pub fn replace(
    tx: &mut WriteTx<'_>,
    leaver: ParticipantId,
    new: &NewReplacement,
) -> Result<Done<Replacement>, DelegateError> {
    let Checked { leaver: before, comer, profile, decision, decided_on, reason } = check(tx, leaver, new)?;
    store::put(tx, comer.id, &comer.code, &profile)?;
    if comer.status == Status::Replaced {
        store::write_status(tx, comer.id, Status::Summoned, "")?;
    }
    store::write_status(tx, before.id, Status::Replaced, &reason)?;

    let last: Option<Option<i64>> =
        tx.scalar(sql!("SELECT MAX(seq) FROM delegate_replacement"), params![])?;
    let made = Replacement {
        seq: last.flatten().unwrap_or(0) + 1,
        leaver: before.id,
        comer: comer.id,
        decision,
        decided_on,
        reason,
        at: tx.now(),
        office: tx.author().office.clone(),
    };
    tx.execute(
        sql!(
            "INSERT INTO delegate_replacement(seq, leaver, comer, decision, decided_on, reason, at, office)
             VALUES($1, $2, $3, $4, $5, $6, $7, $8)"
        ),
        params![
            made.seq,
            made.leaver,
            made.comer,
            made.decision,
            made.decided_on,
            made.reason,
            made.at,
            made.office
        ],
    )?;
    let _ = tx.record(
        store::event("delegate.took_place", comer.id)
            .data(json!({ "code": comer.code, "of": before.code, "decision": made.decision })),
    );
    let event = store::event("delegate.replaced", before.id)
        .data(json!({ "code": before.code, "by": comer.code, "decision": made.decision }));
    Ok(tx.record(event).with(made))
}

/// The replacements in which somebody has a part, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn of(tx: &mut Tx<'_>, id: ParticipantId) -> Result<Vec<Replacement>, DbError> {
    tx.query(
        sql!(
            "SELECT seq, leaver, comer, decision, decided_on, reason, at, office FROM delegate_replacement
             WHERE leaver = $1 OR comer = $1 ORDER BY seq DESC"
        ),
        params![id],
    )
}

/// Who could take somebody's place: alternates, those of the same delegation first, then those who were replaced.
///
/// # Errors
/// Any [`DbError`].
pub fn candidates(tx: &mut Tx<'_>, leaver: &Participant) -> Result<Vec<Participant>, DbError> {
    let mut all: Vec<Participant> = query::everybody(tx)?
        .into_iter()
        .filter(|one| {
            one.id != leaver.id
                && one.category() == Category::Delegate
                && rule::may_take(standing(one)).is_ok()
        })
        .collect();
    let near = |one: &Participant| one.profile.delegation == leaver.profile.delegation;
    all.sort_by_key(|one| (one.status == Status::Replaced, !near(one)));
    Ok(all)
}
