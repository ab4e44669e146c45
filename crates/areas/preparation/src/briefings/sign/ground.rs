//! What signing would do: every conclusion against the register, read once.

use std::collections::BTreeMap;

use jiff::civil::DateTime;
use platform::{
    clock,
    db::{DbError, Tx},
    i18n::{self, IntoArg as _, key},
    identity::{Confidentiality, OfficeId, UnitId},
};
use rules::{
    briefing::{
        Problem,
        conclusion::{Said, Target, problems},
    },
    clarity::Clarity,
    state::Move,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    super::{BriefingError, Hand, agenda, conclusion, model::*, snapshot, store},
    PAPER, clause, minutes_symbol,
};
use crate::tasks::{
    Audience, Register, clarity,
    model::{Basis, EvidenceKind, Phase, Task, TaskFields},
};

/// Everything that signing needs to know, read once.
pub(super) struct Ground {
    pub(super) briefing: Briefing,
    pub(super) series: Series,
    pub(super) register: Register,
    pub(super) conclusions: Vec<Conclusion>,
    pub(super) items: Vec<Item>,
    pub(super) held: DateTime,
}

impl Ground {
    pub(super) fn load(tx: &mut Tx<'_>, hand: &Hand, id: BriefingId) -> Result<Self, BriefingError> {
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

    pub(super) fn task(&self, conclusion: &Conclusion) -> Option<&Task> {
        conclusion.content.task.and_then(|task| self.register.by_id(task))
    }

    /// The chair as it acts on a task.
    pub(super) fn approves(hand: &Hand, fields: &TaskFields) -> bool {
        rules::state::authorise(Move::Assign, &hand.tasks.roles(fields)).is_ok()
    }

    pub(super) fn clarity(&self, fields: &TaskFields) -> Clarity {
        clarity::check(fields, &self.register.people, &self.register.calendar, self.register.as_of.date())
    }

    pub(super) fn basis(&self, number: u32) -> Basis {
        Basis {
            symbol: minutes_symbol(&self.briefing),
            issued_on: Some(self.register.as_of.date()),
            clause: clause(number),
            subject: self.series.title.clone(),
        }
    }

    /// The tasks that a conclusion creates: those it spells out, or one made of its own words.
    pub(super) fn created(&self, hand: &Hand, conclusion: &Conclusion) -> Vec<TaskFields> {
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

    pub(super) fn preview(&self, tx: &mut Tx<'_>, hand: &Hand) -> Result<Preview, BriefingError> {
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

    pub(super) fn minutes(
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
