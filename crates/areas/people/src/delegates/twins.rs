//! Two on the roll who could be one: which pairs there are, and what was decided about them.

use std::collections::{HashMap, HashSet};

use platform::{
    db::{DbError, Done, Row, Tx, WriteTx},
    i18n::key,
    names, params, sql,
    web::FieldProblem,
};
use rules::roll::twins::{self as rule, Alike, Traits};
use serde_json::json;

use super::{
    DelegateError, clean,
    model::{Participant, ParticipantId, Status},
    query, store,
};

names! {
    /// What was decided about two.
    Verdict {
        /// Hai người khác nhau.
        Different = "khac",
        /// Là một người: one of the two lines is withdrawn.
        Same = "mot",
    }
}

/// Two who could be one.
#[derive(Debug, Clone)]
pub struct Pair {
    /// Who was entered first.
    pub one: Participant,
    /// Who was entered later.
    pub other: Participant,
    /// In what they are alike.
    pub alike: Alike,
}

fn ordered(one: ParticipantId, other: ParticipantId) -> (ParticipantId, ParticipantId) {
    if one <= other { (one, other) } else { (other, one) }
}

/// The pairs about which nothing was decided, by name. Both are on the roll.
///
/// # Errors
/// Any [`DbError`].
pub fn open(tx: &mut Tx<'_>) -> Result<Vec<Pair>, DbError> {
    let privates = query::privates(tx)?;
    let units: HashMap<_, String> =
        query::delegations(tx)?.into_iter().map(|one| (one.id, one.name)).collect();
    let decided: HashSet<(ParticipantId, ParticipantId)> = tx
        .query::<Row>(sql!("SELECT one, other FROM participant_pair"), params![])?
        .iter()
        .map(|row| Ok((row.get("one")?, row.get("other")?)))
        .collect::<Result<_, DbError>>()?;
    let mut people: Vec<Participant> =
        query::everybody(tx)?.into_iter().filter(|one| one.status.is_on_roll()).collect();
    people.sort_by(|a, b| (a.created_at, &a.code).cmp(&(b.created_at, &b.code)));
    let roll = people.iter().enumerate().map(|(at, one)| {
        let traits = Traits {
            name: &one.profile.name,
            born: one.profile.born,
            card: privates.get(&one.id).and_then(|private| private.citizen),
            unit: one.profile.delegation.and_then(|id| units.get(&id)).map_or("", String::as_str),
        };
        (at, traits)
    });
    let mut out: Vec<Pair> = rule::pairs(roll)
        .into_iter()
        .filter_map(|(a, b, alike)| {
            let (one, other) = (people.get(a)?, people.get(b)?);
            (!decided.contains(&ordered(one.id, other.id))).then(|| Pair {
                one: one.clone(),
                other: other.clone(),
                alike,
            })
        })
        .collect();
    out.sort_by_cached_key(|pair| (rules::roll::sort_key(&pair.one.profile.name), pair.other.code.clone()));
    Ok(out)
}

/// What is decided about two.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The code of the one.
    pub one: String,
    /// The code of the other.
    pub other: String,
    /// What.
    pub verdict: Verdict,
    /// For one person: the code of the line that is withdrawn.
    pub withdraw: String,
    /// Why; needed when a line is withdrawn.
    pub reason: String,
}

/// Records what was decided about two. That two are different is never asked again; when they are one, a line is
/// withdrawn and nothing is deleted.
///
/// # Errors
/// [`DelegateError::NotFound`], [`DelegateError::Fields`].
pub fn decide(tx: &mut WriteTx<'_>, new: &Decision) -> Result<Done<()>, DelegateError> {
    let one = query::by_code_any(tx, &new.one)?.ok_or(DelegateError::NotFound)?;
    let other = query::by_code_any(tx, &new.other)?.ok_or(DelegateError::NotFound)?;
    let mut wrong = Vec::new();
    let reason = clean::line("reason", &new.reason, clean::LONGEST, &mut wrong);
    let gone = [&one, &other].into_iter().find(|each| each.code == new.withdraw.trim().to_uppercase());
    if one.id == other.id {
        wrong.push(FieldProblem::new("other", key("delegates-error-pair-self")));
    }
    if new.verdict == Verdict::Same {
        if gone.is_none() {
            wrong.push(FieldProblem::new("withdraw", key("delegates-error-pair-which")));
        }
        if reason.is_empty() {
            wrong.push(FieldProblem::new("reason", key("delegates-error-reason")));
        }
    }
    if !wrong.is_empty() {
        return Err(DelegateError::Fields(wrong));
    }
    let (first, second) = ordered(one.id, other.id);
    let (now, by) = (tx.now(), tx.author().office.clone());
    let made = tx.execute(
        sql!(
            "INSERT INTO participant_pair(one, other, verdict, reason, at, office) VALUES($1, $2, $3, $4, $5, $6)
             ON CONFLICT(one, other) DO NOTHING"
        ),
        params![first, second, new.verdict, reason, now, by],
    )?;
    if made == 0 {
        // Somebody decided before.
        return Ok(tx.unchanged(())?);
    }
    if let (Verdict::Same, Some(gone)) = (new.verdict, gone) {
        let _ = store::set_status(tx, gone.id, Status::Withdrawn, &reason)?;
    }
    let act = match new.verdict {
        Verdict::Different => "delegate.pair_different",
        Verdict::Same => "delegate.pair_same",
    };
    let event = store::event(act, one.id)
        .topic(format!("{}/{}", super::TOPIC, other.id))
        .data(json!({ "code": one.code, "other": other.code }));
    Ok(tx.record(event).with(()))
}
