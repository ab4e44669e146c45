//! Signing: what would happen, the signature itself with everything it does, and supplementary records.
//!
//! The chair signs what was shown ([`Preview::mark`]) once. In the same transaction every disposition is applied to
//! the register of tasks, the conclusions enter the register of decisions, and the minutes are kept under their
//! hash. After that nothing about them changes.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use platform::{
    clock,
    db::{DbError, Done, Tx, WriteTx},
    i18n::{self, IntoArg as _, Lang, key},
    identity::{Confidentiality, OfficeId, UnitId},
    papers::{self, Reference, Use},
    params, sql,
};
use rules::{
    briefing::{
        Problem,
        conclusion::{Said, Target, problems},
        state,
    },
    clarity::Clarity,
    state::Move,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{BriefingError, Hand, agenda, conclusion, model::*, snapshot, store};
use crate::{
    decisions::{
        model::{DecisionKind, NewDecision, Relation},
        store as decisions,
    },
    tasks::{
        Audience, Reach, Register, clarity,
        model::{Basis, EvidenceKind, Phase, Task, TaskFields},
        store::{self as tasks, Who},
    },
};

/// The papers of a meeting are Vietnamese, whatever the language of who signs.
const PAPER: Lang = Lang::Vi;

/// What refers to a meeting from the registers of numbers and decisions.
pub fn reference(id: BriefingId) -> Reference {
    Reference::new(Use::Meeting, id).at(format!("/giao-ban/{id}"))
}

/// Everything that signing needs to know, read once.
struct Ground {
    briefing: Briefing,
    series: Series,
    register: Register,
    conclusions: Vec<Conclusion>,
    items: Vec<Item>,
    held: DateTime,
}

impl Ground {
    fn load(tx: &mut Tx<'_>, hand: &Hand, id: BriefingId) -> Result<Self, BriefingError> {
        let (briefing, series) = store::briefing(tx, hand, id)?;
        Ok(Self {
            held: clock::local(briefing.started_at.unwrap_or(briefing.at)),
            register: Register::load(tx)?,
            conclusions: conclusion::standing(tx, id)?,
            items: agenda::items(tx, id)?,
            briefing,
            series,
        })
    }

    fn task(&self, conclusion: &Conclusion) -> Option<&Task> {
        conclusion.content.task.and_then(|task| self.register.by_id(task))
    }

    /// The chair as it acts on a task.
    fn approves(hand: &Hand, fields: &TaskFields) -> bool {
        rules::state::authorise(Move::Assign, &hand.tasks.roles(fields)).is_ok()
    }

    fn clarity(&self, fields: &TaskFields) -> Clarity {
        clarity::check(fields, &self.register.people, &self.register.calendar, self.register.as_of.date())
    }

    fn basis(&self, number: u32) -> Basis {
        Basis {
            symbol: minutes_symbol(&self.briefing),
            issued_on: Some(self.register.as_of.date()),
            clause: clause(number),
            subject: self.series.title.clone(),
        }
    }

    /// The tasks that a conclusion creates: those it spells out, or one made of its own words.
    fn created(&self, hand: &Hand, conclusion: &Conclusion) -> Vec<TaskFields> {
        let content = &conclusion.content;
        let spelled = !content.tasks.is_empty();
        let given = if spelled { content.tasks.clone() } else { vec![self.task_of_words(conclusion)] };
        let many = given.len() > 1;
        (1_u32..)
            .zip(given)
            .map(|(part, mut fields)| {
                if fields.code.is_empty() {
                    let (no, number) = (self.briefing.no, conclusion.number);
                    fields.code = if many {
                        format!("GB{no:02}-{number}.{part}")
                    } else {
                        format!("GB{no:02}-{number}")
                    };
                }
                fields.code = self.free(&fields.code);
                fields.basis.push(self.basis(conclusion.number));
                self.complete(hand, &mut fields, conclusion);
                fields.normalised()
            })
            .collect()
    }

    fn free(&self, code: &str) -> String {
        let taken = |code: &str| self.register.by_code(code).is_some();
        let mut free = code.to_owned();
        let mut more = 1;
        while taken(&free) {
            more += 1;
            free = format!("{code}-{more}");
        }
        free
    }

    fn task_of_words(&self, conclusion: &Conclusion) -> TaskFields {
        let content = &conclusion.content;
        let lead = content.lead_unit.map(|unit| self.register.people.unit_name(unit)).unwrap_or_default();
        TaskFields {
            what: order(&content.text, lead),
            lead_unit: content.lead_unit,
            supports: content.supports.clone(),
            due: content.deadlines.last().copied(),
            milestones: content.milestones.clone(),
            result: content.result.clone(),
            focal_office: content.focal_office,
            accountable_office: content.accountable_office,
            ..TaskFields::default()
        }
    }

    /// Fills what follows from the meeting itself: who approves and accepts, and, where the register leaves only one
    /// answer, the focal officer, the leader and the stream of the unit. Nothing is guessed among several.
    fn complete(&self, hand: &Hand, fields: &mut TaskFields, conclusion: &Conclusion) {
        let Some(unit) = fields.lead_unit else { return };
        let near = self.near(conclusion, unit);
        let of_unit = || self.register.tasks.iter().filter(|task| task.fields.lead_unit == Some(unit));
        let one = |pick: &dyn Fn(&TaskFields) -> Option<OfficeId>| {
            near.and_then(|task| pick(&task.fields)).or_else(|| {
                let mut all: Vec<OfficeId> = of_unit().filter_map(|task| pick(&task.fields)).collect();
                all.sort_unstable();
                all.dedup();
                if all.len() == 1 { all.first().copied() } else { None }
            })
        };
        fields.focal_office = fields.focal_office.or_else(|| one(&|fields| fields.focal_office));
        fields.accountable_office =
            fields.accountable_office.or_else(|| one(&|fields| fields.accountable_office));
        if fields.stream.is_empty() {
            fields.stream = match near {
                Some(task) => task.fields.stream.clone(),
                None => self.stream_of(unit),
            };
            if let Some(task) = near {
                fields.phase = task.fields.phase;
            } else if self.register.as_of.date() > self.register.congress.closing_on {
                fields.phase = Phase::After;
            }
        }
        // The chair approves by its own right alone: to be named here gives none.
        let chair = self.briefing.chair_office;
        if hand.tasks.decides.covers(Some(unit)) {
            fields.approver_office = fields.approver_office.or(Some(chair));
        }
        fields.acceptor_office = fields.acceptor_office.or(fields.approver_office);
        fields.start = fields.start.or(Some(self.register.as_of.date()));
        let title = self.register.people.office_title(chair).to_owned();
        for (field, words) in [
            (&mut fields.authority, key("briefing-task-authority")),
            (&mut fields.escalation, key("briefing-task-escalation")),
            (&mut fields.acceptance, key("briefing-task-acceptance")),
        ] {
            if field.is_empty() {
                *field = i18n::tr(PAPER, words, &[("chair", title.as_str().arg())]);
            }
        }
        if fields.evidence_kinds.is_empty() {
            fields.evidence_kinds.push(EvidenceKind::Document);
        }
    }

    /// The task of the conclusion or of its item, when the same unit leads it.
    fn near(&self, conclusion: &Conclusion, unit: UnitId) -> Option<&Task> {
        let item = conclusion.item.and_then(|id| self.items.iter().find(|item| item.id == id));
        conclusion
            .content
            .task
            .or(item.and_then(|item| item.task))
            .and_then(|task| self.register.by_id(task))
            .filter(|task| task.fields.lead_unit == Some(unit))
    }

    fn stream_of(&self, unit: UnitId) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for task in self.register.tasks.iter().filter(|task| task.fields.lead_unit == Some(unit)) {
            *counts.entry(&task.fields.stream).or_default() += 1;
        }
        counts
            .into_iter()
            .max_by_key(|(_, count)| *count)
            .map(|(stream, _)| stream.to_owned())
            .unwrap_or_else(|| i18n::t(PAPER, key("briefing-task-stream")).into_owned())
    }

    fn planned(&self, hand: &Hand, conclusion: &Conclusion) -> Planned {
        let content = &conclusion.content;
        let task = self.task(conclusion);
        let amended = task.map(|task| content.amendment.of(&task.fields));
        let target = task.map(|task| Target { state: task.state, due: task.fields.due });
        let deadlines: Vec<_> = if content.tasks.is_empty() {
            content.deadlines.clone()
        } else {
            content.tasks.iter().filter_map(|task| task.due).take(1).collect()
        };
        let lead_units = match content.tasks.as_slice() {
            [] => usize::from(content.lead_unit.is_some()),
            // Each task that is spelled out has its own unit; one without is no task.
            spelled => usize::from(spelled.iter().all(|task| task.lead_unit.is_some())),
        };
        let said = Said {
            text: &content.text,
            disposition: content.disposition,
            lead_units,
            deadlines: &deadlines,
            target,
            amends: task.zip(amended.as_ref()).is_some_and(|(task, fields)| task.fields != *fields),
        };
        let mut found = problems(&said, self.held);
        let (mut effects, mut unclear) = (Vec::new(), Vec::new());
        match content.disposition {
            Some(Disposition::Create) if found.is_empty() => {
                for fields in self.created(hand, conclusion) {
                    let clarity = self.clarity(&fields);
                    let assigned = clarity.assignable() && Self::approves(hand, &fields);
                    effects.push(if assigned { Effect::Assigned } else { Effect::Proposed });
                    unclear.extend(
                        clarity
                            .findings
                            .into_iter()
                            .filter(|finding| finding.severity == rules::clarity::Severity::Blocking),
                    );
                }
            }
            Some(Disposition::Amend) => {
                if let Some((task, fields)) = task.zip(amended.as_ref()) {
                    self.amendable(task, fields, &mut found);
                }
                effects.push(Effect::Amended);
            }
            Some(Disposition::Extend) => {
                if task.is_some_and(|task| !Self::approves(hand, &task.fields)) {
                    found.push(Problem::NotApprover);
                }
                effects.push(Effect::Extended);
            }
            _ => {}
        }
        Planned {
            conclusion: conclusion.id,
            number: conclusion.number,
            problems: found,
            effects,
            task: task.map(|task| (task.id, task.fields.code.clone())),
            unclear,
        }
    }

    fn amendable(&self, task: &Task, fields: &TaskFields, found: &mut Vec<Problem>) {
        let drafting =
            matches!(task.state, rules::state::TaskState::Draft | rules::state::TaskState::Proposed);
        if drafting || !found.is_empty() || fields.confidentiality == Confidentiality::Secret {
            return;
        }
        // A running task is not unclear because time has passed.
        let today = if task.assigned_at.is_some() { jiff::civil::Date::MIN } else { self.held.date() };
        let clarity = clarity::check(fields, &self.register.people, &self.register.calendar, today);
        if !clarity.assignable() {
            found.push(Problem::Unclear { clear: clarity.score().clear });
        }
    }

    fn preview(&self, tx: &mut Tx<'_>, hand: &Hand) -> Result<Preview, BriefingError> {
        let conclusions: Vec<Planned> = self.conclusions.iter().map(|one| self.planned(hand, one)).collect();
        let creates = self.conclusions.iter().any(|one| one.content.disposition == Some(Disposition::Create));
        let refused = if self.conclusions.is_empty() {
            Some(WholeProblem::NoConclusion)
        } else if creates && self.register.plans.is_empty() {
            Some(WholeProblem::NoPlan)
        } else if self.briefing.state != MeetingState::AwaitingSignature {
            Some(WholeProblem::NotClosed)
        } else {
            None
        };
        let minutes = self.minutes(tx, &BTreeMap::new())?;
        let contents: Vec<&Content> = self.conclusions.iter().map(|one| &one.content).collect();
        let shown = serde_json::to_string(&json!({"minutes": minutes, "contents": contents}))
            .map_err(|error| DbError::Other(error.to_string()))?;
        Ok(Preview { mark: platform::hex(&Sha256::digest(shown)), conclusions, refused })
    }

    fn minutes(
        &self,
        tx: &mut Tx<'_>,
        codes: &BTreeMap<ConclusionId, Vec<String>>,
    ) -> Result<Minutes, BriefingError> {
        let people = &self.register.people;
        let office = |id: OfficeId| people.office_title(id).to_owned();
        let unit = |id: UnitId| people.unit_name(id).to_owned();
        let frozen = snapshot::frozen(tx, self.briefing.id)?;
        let attendance = store::attendance(tx, self.briefing.id)?;
        let agenda = self
            .items
            .iter()
            .map(|item| {
                let task = item.task.and_then(|task| self.register.by_id(task));
                // The paper is read by everybody who may read the register.
                let words = task
                    .filter(|task| Audience::OPEN.sees(task))
                    .map(|task| task.fields.what.clone())
                    .unwrap_or_default();
                Discussed {
                    code: task.map(|task| task.fields.code.clone()).unwrap_or_default(),
                    title: if task.is_some() { words } else { item.title.clone() },
                    reasons: item.reasons.clone(),
                    presenter: item.presenter_office.map(office).unwrap_or_default(),
                    state: item.state,
                }
            })
            .collect();
        let concluded = self
            .conclusions
            .iter()
            .map(|one| {
                let content = &one.content;
                let own = content.task.and_then(|task| self.register.by_id(task));
                let codes = codes
                    .get(&one.id)
                    .cloned()
                    .unwrap_or_else(|| own.map(|task| task.fields.code.clone()).into_iter().collect());
                Concluded {
                    number: one.number,
                    text: content.text.clone(),
                    lead: content.lead_unit.map(unit).unwrap_or_default(),
                    supports: content
                        .supports
                        .iter()
                        .map(|support| (unit(support.unit), support.contribution.clone()))
                        .collect(),
                    due: content.deadlines.last().copied(),
                    milestones: content.milestones.clone(),
                    disposition: content.disposition.unwrap_or(Disposition::Nothing),
                    result: content.result.clone(),
                    codes,
                }
            })
            .collect();
        Ok(Minutes {
            series: self.series.title.clone(),
            unit: unit(self.series.unit),
            no: self.briefing.no,
            at: self.briefing.at,
            started_at: self.briefing.started_at,
            closed_at: self.briefing.closed_at,
            place: self.briefing.place.clone(),
            chair: office(self.briefing.chair_office),
            secretary: office(self.briefing.secretary_office),
            attendance: attendance
                .into_iter()
                .map(|one| Attended {
                    office: office(one.office),
                    presence: one.presence,
                    reason: one.reason,
                })
                .collect(),
            snapshot: frozen.as_ref().map(|frozen| frozen.sha256.clone()).unwrap_or_default(),
            as_of: frozen.map(|frozen| frozen.as_of),
            agenda,
            conclusions: concluded,
        })
    }
}

/// What a task says of a conclusion: minutes begin with who ("Ban Tổ chức gửi danh sách"), a task with the verb,
/// since who leads has a field of its own.
fn order(text: &str, lead: &str) -> String {
    let rest = match text.strip_prefix(lead) {
        Some(rest) if !lead.is_empty() => rest.trim_start_matches([' ', ',', ':', '–', '-']),
        _ => text,
    };
    let mut letters = rest.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
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

/// What signing would do, for who signs: how many tasks are made, amended, extended, and what keeps each
/// conclusion from being signed.
///
/// # Errors
/// [`BriefingError::NotFound`].
pub fn preview(tx: &mut Tx<'_>, hand: &Hand, id: BriefingId) -> Result<Preview, BriefingError> {
    let ground = Ground::load(tx, hand, id)?;
    ground.preview(tx, hand)
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
    let mut new = NewDecision::new(DecisionKind::Minutes, on, minutes.chair.clone(), reference(briefing.id));
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

// ---------------------------------------------------------------- supplementary records

/// The supplementary records of a meeting in their order, drafts included; a signed one is read from what was
/// signed, its hash checked.
///
/// # Errors
/// [`BriefingError::Tampered`].
pub fn supplements(tx: &mut Tx<'_>, id: BriefingId) -> Result<Vec<Supplement>, BriefingError> {
    let rows: Vec<platform::db::Row> =
        tx.query(sql!("SELECT * FROM briefing_supplement WHERE briefing = $1 ORDER BY no"), params![id])?;
    let mut all = Vec::new();
    for row in &rows {
        let corrections: String = row.get("corrections")?;
        let mut one = Supplement {
            briefing: id,
            no: row.get("no")?,
            reason: row.get("reason")?,
            corrections: serde_json::from_str(&corrections).map_err(|error| DbError::Value {
                column: "corrections".to_owned(),
                reason: error.to_string(),
            })?,
            version: row.get("version")?,
            updated_at: row.get("updated_at")?,
            updated_by: row.get("updated_by")?,
            signed: None,
        };
        if let Some(signed) = record(tx, id, one.no)? {
            let kept: SupplementContent = content(tx, &signed)?;
            (one.reason, one.corrections) = (kept.reason, kept.corrections);
            one.signed = Some(signed);
        }
        all.push(one);
    }
    Ok(all)
}

fn supplement(tx: &mut Tx<'_>, id: BriefingId, no: u32) -> Result<Supplement, BriefingError> {
    supplements(tx, id)?.into_iter().find(|one| one.no == no).ok_or(BriefingError::NotFound)
}

fn corrected(
    minutes: &Minutes,
    reason: &str,
    corrections: &[Correction],
) -> Result<(String, String), BriefingError> {
    let reason = store::text("reason", reason, store::LONGEST)?;
    if reason.is_empty() {
        return Err(BriefingError::ReasonNeeded);
    }
    let mut clean = Vec::new();
    for one in corrections {
        let text = store::text("text", &one.text, store::LONGEST)?;
        if text.is_empty() {
            continue;
        }
        if let Some(number) = one.conclusion
            && !minutes.conclusions.iter().any(|had| had.number == number)
        {
            return Err(BriefingError::NotFound);
        }
        clean.push(Correction { conclusion: one.conclusion, text });
    }
    if clean.is_empty() {
        return Err(BriefingError::Empty { field: "text" });
    }
    let clean = serde_json::to_string(&clean).map_err(|error| DbError::Other(error.to_string()))?;
    Ok((reason, clean))
}

/// Begins a supplementary record to signed minutes; its number follows the last one of the meeting.
///
/// # Errors
/// [`BriefingError::NotSigned`], [`BriefingError::ReasonNeeded`], [`BriefingError::Empty`],
/// [`BriefingError::NotFound`] for a conclusion that the minutes do not have, [`BriefingError::NotPermitted`].
pub fn begin_supplement(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    reason: &str,
    corrections: &[Correction],
) -> Result<Done<u32>, BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_contribute(series.unit)?;
    let (_, minutes) = minutes(tx, hand, id)?;
    let (reason, corrections) = corrected(&minutes, reason, corrections)?;
    let last: Option<u32> = tx
        .scalar(sql!("SELECT MAX(no) FROM briefing_supplement WHERE briefing = $1"), params![id])?
        .flatten();
    let no = last.unwrap_or(0) + 1;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("INSERT INTO briefing_supplement(briefing, no, reason, corrections, version, updated_at, updated_by)
              VALUES($1, $2, $3, $4, 1, $5, $6)"),
        params![id, no, reason, corrections, now, by],
    )?;
    let data = json!({"no": briefing.no, "supplement": no});
    Ok(store::noted(tx, id, "briefing.supplement_begun", data, None).with(no))
}

/// Rewrites a supplementary record that is not signed yet.
///
/// # Errors
/// [`BriefingError::SignedAlready`], [`BriefingError::Conflict`] and those of [`begin_supplement`].
pub fn edit_supplement(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    no: u32,
    version: i64,
    reason: &str,
    corrections: &[Correction],
) -> Result<Done<()>, BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_contribute(series.unit)?;
    let (_, minutes) = minutes(tx, hand, id)?;
    unsigned(&supplement(tx, id, no)?, version)?;
    let (reason, corrections) = corrected(&minutes, reason, corrections)?;
    let (now, by) = (tx.now(), tx.author().office.clone());
    tx.execute(
        sql!("UPDATE briefing_supplement SET reason = $3, corrections = $4, version = version + 1, updated_at = $5,
                updated_by = $6 WHERE briefing = $1 AND no = $2"),
        params![id, no, reason, corrections, now, by],
    )?;
    let data = json!({"no": briefing.no, "supplement": no});
    Ok(store::noted(tx, id, "briefing.supplement_edited", data, None).with(()))
}

fn unsigned(supplement: &Supplement, version: i64) -> Result<(), BriefingError> {
    if let Some(signed) = &supplement.signed {
        return Err(BriefingError::SignedAlready { by: signed.signed_by.clone(), at: signed.signed_at });
    }
    if supplement.version != version {
        return Err(BriefingError::Conflict {
            version: supplement.version,
            by: supplement.updated_by.clone(),
            at: supplement.updated_at,
        });
    }
    Ok(())
}

/// Signs a supplementary record, once. It stands beside the minutes; the minutes stay as they are.
///
/// # Errors
/// [`BriefingError::SignedAlready`], [`BriefingError::NotChair`], [`BriefingError::Conflict`] when it was changed
/// since it was shown, [`BriefingError::NotPermitted`].
pub fn sign_supplement(
    tx: &mut WriteTx<'_>,
    hand: &Hand,
    id: BriefingId,
    no: u32,
    version: i64,
) -> Result<Done<Signed>, BriefingError> {
    let (briefing, series) = store::briefing(tx, hand, id)?;
    hand.must_decide(series.unit)?;
    let (of, minutes) = minutes(tx, hand, id)?;
    let draft = supplement(tx, id, no)?;
    unsigned(&draft, version)?;
    if hand.office != Some(briefing.chair_office) {
        return Err(BriefingError::NotChair { chair: minutes.chair });
    }
    let kept = SupplementContent {
        series: series.title,
        briefing_no: briefing.no,
        no,
        minutes: of.sha256,
        reason: draft.reason,
        corrections: draft.corrections,
    };
    let signed = keep(tx, hand, id, no, &kept)?;
    let data = json!({"no": briefing.no, "supplement": no, "sha256": signed.sha256});
    Ok(store::noted(tx, id, "briefing.supplement_signed", data, None).with(signed))
}
