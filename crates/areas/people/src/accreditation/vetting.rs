//! The steps of a nomination, and what follows on the roll and for the badge in the same transaction.

use std::time::Duration;

use platform::{
    audit::Event,
    db::{Done, Receipt, WriteTx},
    i18n::{IntoArg as _, Lang, key, t, tr},
    identity::{
        ApprovalId,
        approval::{self, Ask, Refusal},
    },
    params, sql,
    web::FieldProblem,
};
use rules::accreditation::{Act, State, after};
use serde_json::{Value, json};

use super::{
    AREA, PressError,
    model::{Nominee, VettingResult},
    query,
    store::{event, note},
};
use crate::{
    badges::store as badges,
    delegates::{
        clean,
        model::{Category, ParticipantId, Profile, Status},
        query as roll,
        store::{self as people, NewParticipant},
    },
};

/// The act for which a second person is asked.
pub const OVERRIDE: &str = "accreditation.overridden";
/// The kind of the object of that act.
const KIND: &str = "press_nominee";
/// How long the second person has.
const LIFETIME: Duration = Duration::from_secs(30 * 60);

/// Leads a nomination on.
fn step(tx: &mut WriteTx<'_>, one: &Nominee, act: Act, basis: &str) -> Result<State, PressError> {
    let next = after(one.state, act).ok_or(PressError::State)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    let changed = tx.execute(
        sql!(
            "UPDATE press_nominee SET state = $2, version = version + 1, changed_at = $3, changed_by = $4
             WHERE id = $1 AND state = $5"
        ),
        params![one.id, next.as_str(), now, by, one.state.as_str()],
    )?;
    if changed != 1 {
        return Err(PressError::State);
    }
    note(tx, one.id, next, basis)?;
    Ok(next)
}

/// Vòng một: the file is complete and has its place; it goes to the security authority.
///
/// # Errors
/// [`PressError::NotFound`], [`PressError::Incomplete`], [`PressError::State`].
pub fn pass(tx: &mut WriteTx<'_>, no: u32) -> Result<Receipt, PressError> {
    let one = query::nominee(tx, no)?;
    if after(one.state, Act::Pass).is_none() {
        return Err(PressError::State);
    }
    if !one.gaps().is_empty() {
        return Err(PressError::Incomplete);
    }
    step(tx, &one, Act::Pass, "")?;
    let author = tx.author().clone();
    tx.execute(
        sql!("UPDATE press_nominee SET first_by = $2, first_subject = $3 WHERE id = $1"),
        params![one.id, author.office, author.subject],
    )?;
    Ok(tx.record(event("accreditation.passed", no)))
}

/// Vòng hai: the result, and nothing but the result. Who did the first vetting does not enter it.
///
/// # Errors
/// [`PressError::NotFound`], [`PressError::SameVetter`], [`PressError::State`]; of the roll and the badge.
pub fn vet(tx: &mut WriteTx<'_>, no: u32, verdict: VettingResult) -> Result<Receipt, PressError> {
    let one = query::nominee(tx, no)?;
    if after(one.state, verdict.act()).is_none() {
        return Err(PressError::State);
    }
    let author = tx.author().clone();
    let same_person = author.subject.is_some() && author.subject == one.first_subject;
    if same_person || one.first_by.as_ref() == Some(&author.office) {
        return Err(PressError::SameVetter);
    }
    // First roll and badge, which record for themselves; then the row, which the event at the end stands for.
    match verdict {
        VettingResult::Clear => {
            let participant = admit(tx, &one)?;
            step(tx, &one, verdict.act(), "")?;
            known_as(tx, &one, participant)?;
        }
        VettingResult::Refuse => {
            dismiss(tx, &one)?;
            step(tx, &one, verdict.act(), "")?;
        }
        VettingResult::Ask => {
            step(tx, &one, verdict.act(), "")?;
        }
    }
    Ok(tx.record(event("accreditation.vetted", no).data(json!({ "result": verdict }))))
}

/// The agency takes the nomination back.
///
/// # Errors
/// [`PressError::NotFound`], [`PressError::State`]; of the roll and the badge.
pub fn withdraw(tx: &mut WriteTx<'_>, no: u32) -> Result<Receipt, PressError> {
    let one = query::nominee(tx, no)?;
    if after(one.state, Act::Withdraw).is_none() {
        return Err(PressError::State);
    }
    dismiss(tx, &one)?;
    step(tx, &one, Act::Withdraw, "")?;
    Ok(tx.record(event("accreditation.withdrawn", no)))
}

/// Keeps who somebody is on the roll.
fn known_as(tx: &mut WriteTx<'_>, one: &Nominee, participant: ParticipantId) -> Result<(), PressError> {
    tx.execute(
        sql!("UPDATE press_nominee SET participant = $2 WHERE id = $1"),
        params![one.id, participant],
    )?;
    Ok(())
}

/// Puts who was approved on the roll and asks for the badge; who they are there. Each step records for itself.
fn admit(tx: &mut WriteTx<'_>, one: &Nominee) -> Result<ParticipantId, PressError> {
    let agency = query::agency_by_id(tx, one.agency)?;
    let id = match one.participant {
        Some(id) => {
            // They were on the roll before they were refused.
            if roll::participant(tx, id)?.is_some_and(|one| !one.status.is_on_roll()) {
                let _ = people::set_status(tx, id, Status::Summoned, "")?;
            }
            id
        }
        None => {
            let delegation = *people::delegation_named(tx, &agency.name)?.value();
            let role = t(Lang::Vi, &format!("accreditation-role-{}", one.role));
            let position = tr(
                Lang::Vi,
                key("accreditation-position"),
                &[("role", role.into_owned().arg()), ("agency", agency.name.as_str().arg())],
            );
            let profile = Profile {
                category: Some(Category::Press),
                name: one.name.clone(),
                position,
                delegation: Some(delegation),
                ..Profile::default()
            };
            *people::create(tx, &NewParticipant { profile, ..NewParticipant::default() })?.value()
        }
    };
    let _ = badges::request(tx, &[id])?;
    Ok(id)
}

/// Takes who was on the roll off it; the badge opens nothing any more, printed or not.
fn dismiss(tx: &mut WriteTx<'_>, one: &Nominee) -> Result<(), PressError> {
    let Some(id): Option<ParticipantId> = one.participant else { return Ok(()) };
    let _ = badges::recall(tx, id)?;
    if roll::participant(tx, id)?.is_some_and(|one| one.status.is_on_roll()) {
        let note = t(Lang::Vi, key("accreditation-roll-note"));
        let _ = people::set_status(tx, id, Status::Withdrawn, &note)?;
    }
    Ok(())
}

/// What the second person sees.
fn payload(tx: &mut WriteTx<'_>, one: &Nominee, basis: &str) -> Result<Value, PressError> {
    let agency = query::agency_by_id(tx, one.agency)?;
    Ok(json!({
        "so": one.no,
        "co_quan_bao_chi": agency.name,
        "vai": one.role,
        "can_cu": basis,
        "phien_ban": one.version,
    }))
}

/// Asks a second person to approve somebody whom the second vetting refused.
///
/// # Errors
/// [`PressError::State`], [`PressError::Fields`] without the paper that it stands on.
pub fn ask(tx: &mut WriteTx<'_>, no: u32, basis: &str) -> Result<Done<ApprovalId>, PressError> {
    let one = query::nominee(tx, no)?;
    after(one.state, Act::Override).ok_or(PressError::State)?;
    let mut wrong = Vec::new();
    let basis = clean::line("basis", basis, 200, &mut wrong);
    if basis.is_empty() {
        wrong.push(FieldProblem::new("basis", key("accreditation-error-basis")));
    }
    if !wrong.is_empty() {
        return Err(PressError::Fields(wrong));
    }
    let payload = payload(tx, &one, &basis)?;
    let object = no.to_string();
    let asked =
        Ask { act: OVERRIDE, area: AREA, kind: KIND, object: &object, payload: &payload, lifetime: LIFETIME };
    let done = approval::request(tx, &asked)?;
    let _ = tx.record(event("accreditation.asked", no));
    Ok(done)
}

/// Approves what two persons agreed to.
///
/// # Errors
/// The [`Refusal`]s of an approval, of them [`Refusal::Changed`] when the nomination changed meanwhile.
pub fn complete(tx: &mut WriteTx<'_>, no: u32, id: ApprovalId) -> Result<Receipt, PressError> {
    let asked = approval::find(tx, id)?.filter(|one| one.act == OVERRIDE).ok_or(Refusal::Missing)?;
    let one = query::nominee(tx, no)?;
    let basis = asked.payload.get("can_cu").and_then(Value::as_str).unwrap_or_default().to_owned();
    let shown = approval::payload_hash(&payload(tx, &one, &basis)?);
    let by = approval::consume(tx, id, OVERRIDE, (KIND, &no.to_string()), &shown)?;
    let participant = admit(tx, &one)?;
    step(tx, &one, Act::Override, &basis)?;
    known_as(tx, &one, participant)?;
    let event: Event = event(OVERRIDE, no).data(json!({ "approved_by": by.office }));
    Ok(tx.record(event))
}
