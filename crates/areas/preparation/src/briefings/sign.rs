//! Signing: what would happen, the signature itself with everything it does, and supplementary records.
//!
//! The chair signs what was shown ([`Preview::mark`]) once. In the same transaction every disposition is applied to
//! the register of tasks, the conclusions enter the register of decisions, and the minutes are kept under their
//! hash. After that nothing about them changes.

use std::collections::BTreeMap;

use platform::{
    clock,
    db::{DbError, Done, Tx, WriteTx},
    i18n::{self, IntoArg as _, Lang, key},
    identity::{self, Confidentiality, OfficeId, Right},
    papers::{self, Reference, Use},
    params, sql,
};
use rules::{
    briefing::{Problem, state},
    state::Move,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{BriefingError, Hand, model::*, store};
use crate::{
    decisions::{
        model::{DecisionKind, NewDecision, Relation},
        store as decisions,
    },
    tasks::{
        Reach,
        store::{self as tasks, Who},
    },
};

mod ground;
mod supplement;

use ground::Ground;
pub use supplement::{begin_supplement, edit_supplement, sign_supplement, supplements};

/// The papers of a meeting are Vietnamese, whatever the language of who signs.
const PAPER: Lang = Lang::Vi;

/// What refers to a meeting from the registers of numbers and decisions.
pub fn reference(briefing: &Briefing) -> Reference {
    Reference::new(Use::Meeting, briefing.id).at(briefing.href())
}

/// "Biên bản giao ban số 05": what stands as the basis of a task until the notice has its number.
pub(super) fn minutes_symbol(briefing: &Briefing) -> String {
    let no = format!("{:02}", briefing.no);
    i18n::tr(PAPER, key("briefing-basis-symbol"), &[("no", no.arg())])
}

/// "kết luận 1".
pub(super) fn clause(number: u32) -> String {
    i18n::tr(PAPER, key("briefing-basis-clause"), &[("number", number.arg())])
}

/// The minutes as they stand now: a draft until they are signed.
///
/// # Errors
/// [`BriefingError::NotFound`].
pub fn draft(tx: &mut Tx<'_>, hand: &Hand, id: BriefingId) -> Result<Minutes, BriefingError> {
    let ground = Ground::load(tx, hand, id)?;
    ground.minutes(tx, &BTreeMap::new())
}

/// What signing would do, for the chair whoever looks on: how many tasks are made, amended, extended, and what keeps each
/// conclusion from being signed.
///
/// # Errors
/// [`BriefingError::NotFound`].
pub fn preview(tx: &mut Tx<'_>, hand: &Hand, id: BriefingId) -> Result<Preview, BriefingError> {
    let ground = Ground::load(tx, hand, id)?;
    let chair = chair_of(tx, hand, ground.briefing.chair_office)?;
    ground.preview(tx, &chair)
}

/// The chair's hand on tasks: what will be assigned, and what may not be decided, is the chair's right and not that
/// of the secretary who looks at the same page.
fn chair_of(tx: &mut Tx<'_>, hand: &Hand, chair: OfficeId) -> Result<Hand, DbError> {
    let mut reach = |right| {
        identity::scope_of_office(tx, chair, crate::tasks::AREA, right, Confidentiality::Normal)
            .map(Reach::from)
    };
    let tasks = Who { office: Some(chair), organiser: reach(Right::Manage)?, decides: reach(Right::Decide)? };
    Ok(Hand { office: Some(chair), tasks, ..*hand })
}

// ---------------------------------------------------------------- signing

/// Signs the minutes, once, and does what they say.
///
/// # Errors
/// [`BriefingError::SignedAlready`] with who and when; [`BriefingError::NotChair`]; [`BriefingError::Changed`] when
/// it is no longer what was shown; [`BriefingError::Whole`], [`BriefingError::Problems`] with every conclusion that
/// cannot be signed; whatever the registers refuse.
pub fn sign(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    mark: &str,
) -> Result<Done<Signed>, BriefingError> {
    let ground = Ground::load(tx, hand, id)?;
    hand.must_decide(ground.series.unit)?;
    store::signed_or(tx, &ground.briefing)?;
    if hand.office != Some(ground.briefing.chair_office) {
        let chair = ground.register.people.office_title(ground.briefing.chair_office).to_owned();
        return Err(BriefingError::NotChair { chair });
    }
    let preview = ground.preview(tx, hand)?;
    if let Some(refused) = preview.refused {
        return Err(BriefingError::Whole(refused));
    }
    let to = state::next(ground.briefing.state, Step::Sign)?;
    let found: Vec<(u32, Problem)> = preview
        .conclusions
        .iter()
        .flat_map(|one| one.problems.iter().map(|problem| (one.number, problem.clone())))
        .collect();
    if !found.is_empty() {
        return Err(BriefingError::Problems(found));
    }
    if preview.mark != mark {
        return Err(BriefingError::Changed);
    }
    let mut outcomes = Vec::new();
    for one in &ground.conclusions {
        apply(tx, hand, &ground, one, &mut outcomes)?;
    }
    let mut codes: BTreeMap<ConclusionId, Vec<String>> = BTreeMap::new();
    for outcome in &outcomes {
        let code = tasks::task(tx, outcome.task)?.fields.code;
        codes.entry(outcome.conclusion).or_default().push(code);
    }
    let minutes = ground.minutes(tx, &codes)?;
    let signed = keep(tx, hand, id, 0, &minutes)?;
    for outcome in &outcomes {
        keep_outcome(tx, outcome)?;
    }
    register(tx, &ground, &minutes, &outcomes)?;
    store::move_to(tx, id, to)?;
    let data = json!({
        "no": ground.briefing.no,
        "sha256": signed.sha256,
        "conclusions": ground.conclusions.len(),
        "tasks": outcomes.len(),
    });
    Ok(store::touched(tx, id, "briefing.signed", data, None)?.with(signed))
}

pub(super) fn keep_outcome(tx: &mut WriteTx<'_>, outcome: &Outcome) -> Result<(), DbError> {
    tx.execute(
        sql!("INSERT INTO briefing_outcome(conclusion, briefing, task, effect) VALUES($1, $2, $3, $4)"),
        params![outcome.conclusion, outcome.briefing, outcome.task, outcome.effect],
    )?;
    Ok(())
}

/// Does what one conclusion says.
fn apply(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    ground: &Ground,
    one: &Conclusion,
    outcomes: &mut Vec<Outcome>,
) -> Result<(), BriefingError> {
    // What the meeting puts forward is the organiser's act; what it decides is the chair's.
    let meeting = Who {
        office: Some(ground.briefing.secretary_office),
        organiser: Reach::Everywhere,
        decides: Reach::Nowhere,
    };
    let reason = reason(&ground.briefing, &ground.series, one.number);
    let mut note = |task, effect| {
        outcomes.push(Outcome { conclusion: one.id, briefing: ground.briefing.id, task, effect });
    };
    match (one.content.disposition, one.content.task) {
        (Some(Disposition::Create), _) => {
            let plan = ground
                .register
                .plans
                .iter()
                .find(|plan| plan.unit == ground.series.unit)
                .or(ground.register.plans.first())
                .ok_or(BriefingError::Whole(WholeProblem::NoPlan))?;
            for fields in ground.created(hand, one) {
                let assign = ground.clarity(&fields).assignable() && Ground::approves(hand, &fields);
                let task = *tasks::create(tx, plan.id, fields)?.value();
                let version = tasks::task(tx, task)?.version;
                tasks::step(tx, &meeting, task, version, Move::Propose, &reason)?;
                if assign {
                    let version = tasks::task(tx, task)?.version;
                    tasks::step(tx, &hand.tasks, task, version, Move::Assign, &reason)?;
                }
                note(task, if assign { Effect::Assigned } else { Effect::Proposed });
            }
        }
        (Some(Disposition::Amend), Some(task)) => {
            let now = tasks::task(tx, task)?;
            let mut fields = one.content.amendment.of(&now.fields);
            fields.basis.push(ground.basis(one.number));
            let organiser = Who { office: hand.office, organiser: Reach::Everywhere, ..hand.tasks };
            tasks::edit(tx, &organiser, task, now.version, fields, &reason)?;
            note(task, Effect::Amended);
        }
        (Some(Disposition::Extend), Some(task)) => {
            let to = one.content.deadlines.last().copied().ok_or(crate::tasks::TaskError::NoDeadline)?;
            let waiting = ground.register.waiting.get(&task);
            let asked = match waiting {
                Some(waiting) if waiting.to_due == to => waiting.id,
                Some(waiting) => {
                    tasks::decide_extension(tx, &hand.tasks, waiting.id, false, &reason)?;
                    *tasks::ask_extension(tx, &meeting, task, to, &reason)?.value()
                }
                None => *tasks::ask_extension(tx, &meeting, task, to, &reason)?.value(),
            };
            tasks::decide_extension(tx, &hand.tasks, asked, true, &reason)?;
            note(task, Effect::Extended);
        }
        _ => {}
    }
    Ok(())
}

/// "Kết luận 2, Giao ban tuần …, phiên 05": why a task was changed.
fn reason(briefing: &Briefing, series: &Series, number: u32) -> String {
    let no = format!("{:02}", briefing.no);
    i18n::tr(
        PAPER,
        key("briefing-reason-of-task"),
        &[("number", number.arg()), ("series", series.title.as_str().arg()), ("no", no.arg())],
    )
}

/// Enters the conclusions in the register of decisions, as one entry with its points, each tied to its tasks.
fn register(
    tx: &mut WriteTx<'_>,
    ground: &Ground,
    minutes: &Minutes,
    outcomes: &[Outcome],
) -> Result<(), BriefingError> {
    let on = clock::local(tx.now()).date();
    enter(tx, &ground.briefing, &ground.series, minutes, on, outcomes, &ground.conclusions)
}

/// The same with its day given, for a meeting that was held before.
pub(super) fn enter(
    tx: &mut WriteTx<'_>,
    briefing: &Briefing,
    series: &Series,
    minutes: &Minutes,
    on: jiff::civil::Date,
    outcomes: &[Outcome],
    conclusions: &[Conclusion],
) -> Result<(), BriefingError> {
    let no = format!("{:02}", briefing.no);
    let mut new = NewDecision::new(DecisionKind::Minutes, on, minutes.chair.clone(), reference(briefing));
    new.body = papers::store::body_of_unit(tx, series.unit)?.map(|body| body.id);
    new.subject = i18n::tr(
        PAPER,
        key("briefing-decision-subject"),
        &[("series", series.title.as_str().arg()), ("no", no.arg())],
    );
    new.points = minutes.conclusions.iter().map(|one| one.text.clone()).collect();
    let decision = *decisions::enter(tx, &new)?.value();
    for outcome in outcomes {
        let number = conclusions.iter().find(|one| one.id == outcome.conclusion).map(|one| one.number);
        let point = number.and_then(|number| u16::try_from(number).ok());
        let relation = match outcome.effect {
            Effect::Assigned | Effect::Proposed => Relation::Creates,
            Effect::Amended => Relation::Amends,
            Effect::Extended => Relation::Extends,
        };
        decisions::link_point(tx, decision, point, outcome.task, relation)?;
    }
    Ok(())
}

// ---------------------------------------------------------------- signed records

/// Keeps a signed record under its hash; the one place where one comes from.
fn keep(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    no: u32,
    content: &impl serde::Serialize,
) -> Result<Signed, BriefingError> {
    let (now, by) = (tx.now(), tx.author().office.clone());
    let office = hand.office.map(|office| office.to_string()).unwrap_or_default();
    keep_as(tx, id, no, content, now, &by, &office)
}

/// The same with signer and instant given, for what was signed before.
pub(super) fn keep_as(
    tx: &mut WriteTx<'_>,
    id: BriefingId,
    no: u32,
    content: &impl serde::Serialize,
    at: jiff::Timestamp,
    by: &str,
    office: &str,
) -> Result<Signed, BriefingError> {
    let content = serde_json::to_string(content).map_err(|error| DbError::Other(error.to_string()))?;
    let sha256 = platform::hex(&Sha256::digest(&content));
    let kept = tx.execute(
        sql!("INSERT INTO briefing_record(briefing, no, content, sha256, signed_at, signed_by, signed_by_office)
              VALUES($1, $2, $3, $4, $5, $6, $7)"),
        params![id, no, content, sha256, at, by, office],
    );
    match kept {
        Ok(_) => Ok(Signed { briefing: id, no, sha256, signed_at: at, signed_by: by.to_owned() }),
        Err(error @ DbError::Unique { .. }) => match record(tx, id, no)? {
            Some(had) => Err(BriefingError::SignedAlready { by: had.signed_by, at: had.signed_at }),
            None => Err(error.into()),
        },
        Err(error) => Err(error.into()),
    }
}

/// A signed record without its content: `no` 0 for the minutes, 1, 2 … for supplementary records.
///
/// # Errors
/// Any [`DbError`].
pub fn record(tx: &mut Tx<'_>, id: BriefingId, no: u32) -> Result<Option<Signed>, DbError> {
    tx.query_opt(
        sql!("SELECT briefing, no, sha256, signed_at, signed_by FROM briefing_record WHERE briefing = $1 AND no = $2"),
        params![id, no],
    )
}

fn content<T: serde::de::DeserializeOwned>(tx: &mut Tx<'_>, signed: &Signed) -> Result<T, BriefingError> {
    let content: String = tx
        .scalar(
            sql!("SELECT content FROM briefing_record WHERE briefing = $1 AND no = $2"),
            params![signed.briefing, signed.no],
        )?
        .ok_or(BriefingError::NotSigned)?;
    if platform::hex(&Sha256::digest(&content)) != signed.sha256 {
        return Err(BriefingError::Tampered);
    }
    serde_json::from_str(&content).map_err(|_| BriefingError::Tampered)
}

/// The signed minutes, their hash checked.
///
/// # Errors
/// [`BriefingError::NotSigned`]; [`BriefingError::Tampered`].
pub fn minutes(tx: &mut Tx<'_>, hand: &Hand, id: BriefingId) -> Result<(Signed, Minutes), BriefingError> {
    store::briefing(tx, hand, id)?;
    let signed = record(tx, id, 0)?.ok_or(BriefingError::NotSigned)?;
    let minutes = content(tx, &signed)?;
    Ok((signed, minutes))
}

/// What each signed conclusion did to which task.
///
/// # Errors
/// Any [`DbError`].
pub fn outcomes(tx: &mut Tx<'_>, id: BriefingId) -> Result<Vec<Outcome>, DbError> {
    tx.query(
        sql!(
            "SELECT o.conclusion AS conclusion, o.briefing AS briefing, o.task AS task, o.effect AS effect
              FROM briefing_outcome o JOIN briefing_conclusion c ON c.id = o.conclusion
              WHERE o.briefing = $1 ORDER BY c.position, o.task"
        ),
        params![id],
    )
}
