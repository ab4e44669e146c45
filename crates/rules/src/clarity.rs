//! The six keys of a task (*sáu rõ*) and whether each is clear (preparation reference 1.1).
//!
//! A task is assigned only when all six keys are clear. A key is clear when it has no blocking
//! finding; advice is shown and asks again, but never stops anybody. Blocking is what can be
//! decided from the record (no lead, no quantity, the doer approves their own work); where the
//! test leans on an open-ended list of words (is this noun a form of result?) it only advises.

mod lexicon;

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::calendar::{NonWorking, WorkCalendar};
use crate::dates::Deadline;
use crate::message::{Arg, Args};
use crate::state::UnknownName;
use crate::text::{Words, fold};
use crate::timing::days_between;

/// One of the six keys. The key is fixed; its label and place in the order are set per congress.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SixKey {
    /// *Rõ người*: one lead unit, one focal officer, coordinating units with a contribution.
    Who,
    /// *Rõ việc*: verb, object, scope, legal basis.
    What,
    /// *Rõ tiến độ* / *rõ thời gian*: start, deadline, milestones.
    When,
    /// *Rõ thẩm quyền*: who decides what, and up to how much.
    Authority,
    /// *Rõ trách nhiệm*: the one office that answers for it.
    Accountable,
    /// *Rõ kết quả* / *rõ sản phẩm*: what can be counted and accepted.
    Result,
}

impl SixKey {
    /// The keys in the order of the Hồ Chí Minh City congress, which is the default
    /// (preparation reference section 0, 6/9/2025).
    pub const ALL: [Self; 6] =
        [Self::Who, Self::What, Self::When, Self::Authority, Self::Accountable, Self::Result];

    /// The order of government decisions, e.g. QĐ 2179/QĐ-TTg of 6/10/2025.
    pub const GOVERNMENT: [Self; 6] =
        [Self::Who, Self::What, Self::When, Self::Accountable, Self::Result, Self::Authority];

    /// Stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Who => "who",
            Self::What => "what",
            Self::When => "when",
            Self::Authority => "authority",
            Self::Accountable => "accountable",
            Self::Result => "result",
        }
    }
}

impl fmt::Display for SixKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for SixKey {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL.into_iter().find(|k| k.as_str() == name).ok_or_else(|| UnknownName(name.to_owned()))
    }
}

/// Whether a finding stops the assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The key is not clear.
    Blocking,
    /// Worth a second look; a person decides.
    Advice,
}

macro_rules! kinds {
    ($(
        $(#[$doc:meta])*
        $key:ident $severity:ident $message:literal
        $name:ident $({ $($(#[$fdoc:meta])* $field:ident: $type:ty),* })?;
    )*) => {
        /// What is not clear. Its severity, its six-rõ key and its message key are fixed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
        #[serde(tag = "finding", rename_all = "snake_case")]
        pub enum FindingKind {
            $($(#[$doc])* $name $({ $($(#[$fdoc])* $field: $type),* })?,)*
        }

        impl FindingKind {
            /// Every message key, for the test that no word is missing.
            pub const KEYS: &'static [&'static str] = &[$($message),*];

            /// Message key.
            pub fn key(&self) -> &'static str {
                match self { $(Self::$name { .. } => $message,)* }
            }

            /// The six-rõ key it is about.
            pub fn about(&self) -> SixKey {
                match self { $(Self::$name { .. } => SixKey::$key,)* }
            }

            /// Whether it stops the assignment.
            pub fn severity(&self) -> Severity {
                match self { $(Self::$name { .. } => Severity::$severity,)* }
            }
        }
    };
}

kinds! {
    /// No lead unit.
    Who Blocking "clarity-no-lead" NoLead;
    /// More than one lead unit.
    Who Blocking "clarity-several-leads" SeveralLeads {
        /// How many.
        count: usize
    };
    /// A lead or coordinating unit that is nobody. Excerpt: the phrase.
    Who Blocking "clarity-vague-unit" VagueUnit;
    /// Such a phrase in the text of the task. Excerpt: the phrase.
    Who Advice "clarity-vague-unit-in-text" VagueUnitInText;
    /// A coordinating unit without a contribution. Excerpt: the unit.
    Who Blocking "clarity-no-contribution" NoContribution;
    /// The lead is also listed as coordinating. Excerpt: the unit.
    Who Advice "clarity-lead-coordinates" LeadCoordinates;
    /// No focal officer.
    Who Blocking "clarity-no-focal-officer" NoFocalOfficer;
    /// More than one focal officer.
    Who Blocking "clarity-several-focal-officers" SeveralFocalOfficers {
        /// How many.
        count: usize
    };

    /// Nothing says what to do.
    What Blocking "clarity-no-task-text" NoTaskText;
    /// The text does not begin with an action verb. Excerpt: how it begins.
    What Blocking "clarity-no-action-verb" NoActionVerb;
    /// The verb stands alone. Excerpt: the verb.
    What Blocking "clarity-no-object" NoObject;
    /// It begins with a verb of intent that is never done. Excerpt: the verb.
    What Advice "clarity-vague-verb" VagueVerb;
    /// No legal basis.
    What Blocking "clarity-no-basis" NoBasis;
    /// Two tasks in one. Excerpt: what joins them and how the second begins.
    What Blocking "clarity-two-tasks" TwoTasks;
    /// A semicolon or a line break: perhaps two tasks. Excerpt: how the second part begins.
    What Advice "clarity-maybe-two-tasks" MaybeTwoTasks;

    /// No deadline.
    When Blocking "clarity-no-deadline" NoDeadline;
    /// Only a word such as *sớm* for a deadline. Excerpt: the word.
    When Blocking "clarity-vague-deadline" VagueDeadline;
    /// A deadline in words that is no date. Excerpt: the words.
    When Blocking "clarity-deadline-not-a-date" DeadlineNotADate;
    /// Due on a day that is not worked: ask again, offer a working day.
    When Advice "clarity-due-on-day-off" DueOnDayOff {
        /// The deadline.
        due: Date,
        /// Why it is not worked.
        why: NonWorking,
        /// A working day to offer: the next one, or the one before if the event would be missed.
        suggestion: Date
    };
    /// Due after the event that needs it.
    When Blocking "clarity-due-after-event" DueAfterEvent {
        /// The deadline.
        due: Date,
        /// The event.
        event: Date
    };
    /// A new assignment with a deadline that has passed.
    When Blocking "clarity-due-in-the-past" DueInThePast {
        /// The deadline.
        due: Date
    };
    /// Starts after it is due.
    When Blocking "clarity-start-after-due" StartAfterDue {
        /// First day.
        start: Date,
        /// The deadline.
        due: Date
    };
    /// No first day.
    When Advice "clarity-no-start" NoStart;
    /// Longer than [`MILESTONE_DAYS`] days without a milestone.
    When Advice "clarity-no-milestone" NoMilestone {
        /// Calendar days from start to deadline.
        days: i32
    };

    /// Nothing says what the lead may decide alone and what not.
    Authority Advice "clarity-no-authority-text" NoAuthorityText;
    /// Nobody approves.
    Authority Blocking "clarity-no-approver" NoApprover;
    /// The approver does the work or answers for it. Excerpt: the office.
    Authority Blocking "clarity-approver-is-doer" ApproverIsDoer;
    /// Nobody to turn to above the approver.
    Authority Advice "clarity-no-escalation" NoEscalation;
    /// Money is spent and no limit is set.
    Authority Blocking "clarity-no-money-limit" NoMoneyLimit;

    /// Nobody answers for the result.
    Accountable Blocking "clarity-no-accountable" NoAccountable;
    /// More than one office answers.
    Accountable Blocking "clarity-several-accountable" SeveralAccountable {
        /// How many.
        count: usize
    };
    /// A body or a group answers instead of one office-holder. Excerpt: its name.
    Accountable Blocking "clarity-collective" Collective;
    /// The title may mean one person or a body. Excerpt: the title.
    Accountable Advice "clarity-maybe-collective" MaybeCollective;
    /// The focal officer answers for their own work. Excerpt: the office.
    Accountable Blocking "clarity-accountable-is-focal" AccountableIsFocal;
    /// No deputy.
    Accountable Advice "clarity-no-deputy" NoDeputy;

    /// No result.
    Result Blocking "clarity-no-result" NoResult;
    /// Nothing but words such as *đạt yêu cầu*. Excerpt: the words.
    Result Blocking "clarity-only-vague-result" OnlyVagueResult;
    /// A word that cannot be measured, beside others. Excerpt: the word.
    Result Advice "clarity-vague-result-word" VagueResultWord;
    /// Nothing can be counted.
    Result Blocking "clarity-no-quantity" NoQuantity;
    /// No form: document, decision, minutes, list, working installation.
    Result Advice "clarity-no-form" NoForm;
    /// No acceptance criterion.
    Result Blocking "clarity-no-criterion" NoCriterion;
    /// A criterion of vague words alone. Excerpt: the words.
    Result Blocking "clarity-vague-criterion" VagueCriterion;
    /// Nobody accepts the result.
    Result Blocking "clarity-no-acceptor" NoAcceptor;
    /// More than one office accepts it.
    Result Advice "clarity-several-acceptors" SeveralAcceptors {
        /// How many.
        count: usize
    };
    /// The focal officer accepts their own work. Excerpt: the office.
    Result Blocking "clarity-acceptor-is-focal" AcceptorIsFocal;
    /// No kind of evidence is asked for.
    Result Blocking "clarity-no-evidence" NoEvidence;
    /// A classified stub with more than its line of follow-up.
    Result Advice "clarity-stub-says-too-much" StubSaysTooMuch;
}

/// Calendar days from start to deadline above which a milestone is advised.
pub const MILESTONE_DAYS: i32 = 14;

/// An amount of money in đồng.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Dong(pub u64);

/// An office: people act by office, never by name.
#[derive(Debug, Clone, Copy)]
pub struct Office<'a> {
    /// Its id; empty when only the title is known, as in an import.
    pub id: &'a str,
    /// Its title, e.g. *Chánh Văn phòng Thành ủy*.
    pub title: &'a str,
}

impl<'a> Office<'a> {
    /// An office with an id.
    pub const fn new(id: &'a str, title: &'a str) -> Self {
        Self { id, title }
    }

    /// An office of which only the title is known.
    pub const fn titled(title: &'a str) -> Self {
        Self { id: "", title }
    }

    /// Whether both are the same office: by id when both have one, else by folded title.
    pub fn same(&self, other: &Office<'_>) -> bool {
        if !self.id.is_empty() && !other.id.is_empty() {
            self.id == other.id
        } else {
            fold(self.title) == fold(other.title)
        }
    }

    fn is_blank(&self) -> bool {
        self.id.is_empty() && is_blank(self.title)
    }
}

/// A coordinating unit.
#[derive(Debug, Clone, Copy)]
pub struct Support<'a> {
    /// Name of the unit.
    pub unit: &'a str,
    /// What it contributes.
    pub contribution: &'a str,
}

/// A task as it stands before assignment. Blank strings and offices count as absent.
///
/// Build it from [`TaskDraft::new`] with `..`.
#[derive(Debug, Clone, Copy)]
pub struct TaskDraft<'a> {
    /// What to do: verb and object.
    pub what: &'a str,
    /// How far it reaches.
    pub scope: &'a str,
    /// Number of legal bases.
    pub basis_count: usize,
    /// Lead units; one is required.
    pub lead_units: &'a [&'a str],
    /// Focal officers; one is required.
    pub focal_offices: &'a [Office<'a>],
    /// Offices that answer for the result; one is required.
    pub accountable_offices: &'a [Office<'a>],
    /// Deputy of the accountable office.
    pub deputy_office: Option<Office<'a>>,
    /// Coordinating units.
    pub supports: &'a [Support<'a>],
    /// What the lead may decide alone and what not.
    pub authority_text: &'a str,
    /// Offices that approve.
    pub approver_offices: &'a [Office<'a>],
    /// Whom to turn to when the approver cannot decide.
    pub escalation: Option<&'a str>,
    /// Up to how much the lead may spend.
    pub money_limit: Option<Dong>,
    /// Whether a line of the budget belongs to the task.
    pub has_budget_line: bool,
    /// First day.
    pub start: Option<Date>,
    /// Deadline.
    pub due: Option<Deadline>,
    /// The deadline in words, when the plan has no date.
    pub deadline_text: Option<&'a str>,
    /// Number of milestones.
    pub milestones: usize,
    /// Day of the event that needs the result.
    pub event_date: Option<Date>,
    /// The result in words.
    pub result_text: &'a str,
    /// Its quantity, if it has a field of its own (e.g. `16`, `100%`).
    pub result_qty: Option<&'a str>,
    /// Its form, if it has a field of its own (e.g. *biên bản*).
    pub result_form: Option<&'a str>,
    /// When it is accepted.
    pub acceptance_criteria: &'a str,
    /// Offices that accept the result.
    pub acceptor_offices: &'a [Office<'a>],
    /// Number of kinds of evidence asked for.
    pub evidence_kinds: usize,
    /// Verbs that this congress accepts beside the built-in ones.
    pub extra_verbs: &'a [&'a str],
    /// Whether it is about to be assigned; then a deadline in the past is refused.
    pub new_assignment: bool,
    /// A classified task: a line that counts and says nothing (rule 1 of the product). Its texts,
    /// basis, criteria and evidence are on paper and are not asked for.
    pub confidential_stub: bool,
    /// The working calendar.
    pub calendar: &'a WorkCalendar,
    /// Today.
    pub today: Date,
}

impl<'a> TaskDraft<'a> {
    /// An empty draft of a new assignment.
    pub fn new(calendar: &'a WorkCalendar, today: Date) -> Self {
        Self {
            what: "",
            scope: "",
            basis_count: 0,
            lead_units: &[],
            focal_offices: &[],
            accountable_offices: &[],
            deputy_office: None,
            supports: &[],
            authority_text: "",
            approver_offices: &[],
            escalation: None,
            money_limit: None,
            has_budget_line: false,
            start: None,
            due: None,
            deadline_text: None,
            milestones: 0,
            event_date: None,
            result_text: "",
            result_qty: None,
            result_form: None,
            acceptance_criteria: "",
            acceptor_offices: &[],
            evidence_kinds: 0,
            extra_verbs: &[],
            new_assignment: true,
            confidential_stub: false,
            calendar,
            today,
        }
    }
}

/// One thing that is not clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The key it is about.
    pub key: SixKey,
    /// What it is.
    #[serde(flatten)]
    pub kind: FindingKind,
    /// Whether it stops the assignment.
    pub severity: Severity,
    /// The words that caused it, as typed.
    pub excerpt: Option<String>,
}

impl Finding {
    /// Message key; same as [`FindingKind::key`].
    pub fn message(&self) -> &'static str {
        self.kind.key()
    }

    /// Message arguments: `excerpt` when there is one, and `count`, `days`, `due`, `event`,
    /// `start`, `why` (`saturday`, `sunday`, `holiday`), `suggestion` as the kind has them.
    pub fn args(&self) -> Args {
        use FindingKind as K;
        let number = |n: usize| Arg::Number(i64::try_from(n).unwrap_or(i64::MAX));
        let mut args: Args = match self.kind {
            K::SeveralLeads { count }
            | K::SeveralFocalOfficers { count }
            | K::SeveralAccountable { count }
            | K::SeveralAcceptors { count } => vec![("count", number(count))],
            K::DueOnDayOff { due, why, suggestion } => vec![
                ("due", Arg::Date(due)),
                ("why", Arg::Text(why.as_str().to_owned())),
                ("suggestion", Arg::Date(suggestion)),
            ],
            K::DueAfterEvent { due, event } => {
                vec![("due", Arg::Date(due)), ("event", Arg::Date(event))]
            }
            K::DueInThePast { due } => vec![("due", Arg::Date(due))],
            K::StartAfterDue { start, due } => {
                vec![("start", Arg::Date(start)), ("due", Arg::Date(due))]
            }
            K::NoMilestone { days } => vec![("days", Arg::Number(i64::from(days)))],
            _ => Vec::new(),
        };
        if let Some(excerpt) = &self.excerpt {
            args.push(("excerpt", Arg::Text(excerpt.clone())));
        }
        args
    }
}

/// How many of the keys are clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Score {
    /// Clear keys.
    pub clear: u8,
    /// All keys: 6.
    pub of: u8,
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.clear, self.of)
    }
}

/// The findings about a task.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Clarity {
    /// All findings, in the order of [`SixKey::ALL`].
    pub findings: Vec<Finding>,
}

impl Clarity {
    /// The findings about one key.
    pub fn of(&self, key: SixKey) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |f| f.key == key)
    }

    /// Findings that stop the assignment.
    pub fn blocking(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.severity == Severity::Blocking)
    }

    /// Findings that only advise.
    pub fn advice(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|f| f.severity == Severity::Advice)
    }

    /// Whether a key has no blocking finding.
    pub fn is_clear(&self, key: SixKey) -> bool {
        self.of(key).all(|f| f.severity != Severity::Blocking)
    }

    /// Clear keys of six.
    pub fn score(&self) -> Score {
        let clear = SixKey::ALL.iter().filter(|k| self.is_clear(**k)).count();
        Score { clear: u8::try_from(clear).unwrap_or(0), of: 6 }
    }

    /// Whether the task may be assigned: six of six.
    pub fn assignable(&self) -> bool {
        self.blocking().next().is_none()
    }

    fn say(&mut self, kind: FindingKind, excerpt: impl Into<Option<String>>) {
        self.findings.push(Finding {
            key: kind.about(),
            kind,
            severity: kind.severity(),
            excerpt: excerpt.into(),
        });
    }
}

/// Finds what is not clear about a task.
pub fn check(draft: &TaskDraft<'_>) -> Clarity {
    let mut found = Clarity::default();
    who(draft, &mut found);
    if !draft.confidential_stub {
        what(draft, &mut found);
    }
    when(draft, &mut found);
    authority(draft, &mut found);
    accountable(draft, &mut found);
    result(draft, &mut found);
    // A phrase in the text of `what` is a finding about `who`; keep the order of the keys.
    found.findings.sort_by_key(|f| f.key);
    found
}

fn is_blank(text: &str) -> bool {
    text.trim().is_empty()
}

fn present<'a>(offices: &'a [Office<'a>]) -> Vec<&'a Office<'a>> {
    offices.iter().filter(|o| !o.is_blank()).collect()
}

fn title(office: &Office<'_>) -> String {
    crate::text::nfc(office.title)
}

fn who(draft: &TaskDraft<'_>, found: &mut Clarity) {
    use FindingKind as K;
    let leads: Vec<&str> = draft.lead_units.iter().copied().filter(|u| !is_blank(u)).collect();
    match leads.len() {
        0 => found.say(K::NoLead, None),
        1 => {}
        count => found.say(K::SeveralLeads { count }, leads.join("; ")),
    }
    for lead in &leads {
        if let Some(phrase) = Words::of(lead).first_of(&lexicon::VAGUE_UNITS) {
            found.say(K::VagueUnit, phrase);
        }
    }
    for support in draft.supports {
        let unit = crate::text::nfc(support.unit);
        if unit.is_empty() && is_blank(support.contribution) {
            continue;
        }
        if let Some(phrase) = Words::of(&unit).first_of(&lexicon::VAGUE_UNITS) {
            found.say(K::VagueUnit, phrase);
        }
        if is_blank(support.contribution) {
            found.say(K::NoContribution, unit.clone());
        }
        if leads.iter().any(|l| fold(l) == fold(&unit)) {
            found.say(K::LeadCoordinates, unit);
        }
    }
    match present(draft.focal_offices).as_slice() {
        [] => found.say(K::NoFocalOfficer, None),
        [_] => {}
        several => {
            let titles: Vec<String> = several.iter().map(|o| title(o)).collect();
            let count = several.len();
            found.say(K::SeveralFocalOfficers { count }, titles.join("; "));
        }
    }
}

fn what(draft: &TaskDraft<'_>, found: &mut Clarity) {
    use FindingKind as K;
    let text = Words::of(draft.what);
    let extra: Vec<Words> = draft.extra_verbs.iter().map(|v| Words::of(v)).collect();
    for field in [&text, &Words::of(draft.scope)] {
        if let Some(phrase) = field.first_of(&lexicon::VAGUE_UNITS) {
            found.say(K::VagueUnitInText, phrase);
        }
    }
    if text.words.is_empty() {
        found.say(K::NoTaskText, None);
    } else {
        begins(&text, &extra, found);
        joined(&text, &extra, found);
    }
    if draft.basis_count == 0 {
        found.say(K::NoBasis, None);
    }
}

/// The words from `at` on that make one verb: the longest of the lists. One-word verbs must carry
/// the right marks (*thu* is a verb, *thư* is a letter); longer ones are matched folded.
fn verb_at(text: &Words, at: usize, extra: &[Words]) -> Option<usize> {
    if text.longest_at(at, &lexicon::NOT_VERBS).is_some() {
        return None;
    }
    lexicon::VERBS
        .iter()
        .chain(extra)
        .filter(|v| !v.words.is_empty() && text.stands_at(at, v, v.words.len() == 1))
        .map(|v| v.words.len())
        .max()
}

fn begins(text: &Words, extra: &[Words], found: &mut Clarity) {
    use FindingKind as K;
    // A number of the annex ("1.", "a)") and adverbs may stand before the verb.
    let mut at = 0;
    while at < text.words.len() {
        let word = &text.words[at].base;
        if word.bytes().all(|b| b.is_ascii_digit()) || (at == 0 && word.len() == 1) {
            at += 1;
            continue;
        }
        let Some(len) = text.longest_at(at, &lexicon::BEFORE_VERB) else {
            break;
        };
        // "Phối hợp" alone is a verb; before another verb it is an adverb.
        if verb_at(text, at + len, extra).is_none()
            && text.longest_at(at + len, &lexicon::VAGUE_VERBS).is_none()
        {
            break;
        }
        at += len;
    }
    if let Some(len) = text.longest_at(at, &lexicon::VAGUE_VERBS) {
        found.say(K::VagueVerb, text.quote(at..at + len));
        if at + len >= text.words.len() {
            found.say(K::NoObject, text.quote(at..at + len));
        }
        return;
    }
    match verb_at(text, at, extra) {
        None => {
            let end = (at + 3).min(text.words.len());
            found.say(K::NoActionVerb, text.quote(at.min(end)..end));
        }
        Some(len) if at + len >= text.words.len() => {
            found.say(K::NoObject, text.quote(at..at + len));
        }
        Some(_) => {}
    }
}

fn joined(text: &Words, extra: &[Words], found: &mut Clarity) {
    use FindingKind as K;
    let count = text.words.len();
    for at in 1..count {
        if let Some(len) = text.longest_at(at, &lexicon::SIMULTANEOUSLY) {
            let next = at + len;
            let goes_on = next < count && text.longest_at(next, &lexicon::NOT_A_SECOND_TASK).is_none();
            if goes_on {
                let from = if text.longest_at(at - 1, &lexicon::AND).is_some() { at - 1 } else { at };
                found.say(K::TwoTasks, text.quote(from..(next + 2).min(count)));
            }
        }
        let between = &text.text[text.words[at - 1].at.end..text.words[at].at.start];
        if between.contains([';', '\n']) {
            let quote = text.quote(at..(at + 3).min(count));
            if verb_at(text, at, extra).is_some() {
                found.say(K::TwoTasks, quote);
            } else {
                found.say(K::MaybeTwoTasks, quote);
            }
        }
    }
}

fn when(draft: &TaskDraft<'_>, found: &mut Clarity) {
    use FindingKind as K;
    let Some(due) = draft.due.map(|d| d.date) else {
        match draft.deadline_text.filter(|t| !is_blank(t)) {
            None => found.say(K::NoDeadline, None),
            Some(text) => match Words::of(text).first_of(&lexicon::VAGUE_DEADLINES) {
                Some(phrase) => found.say(K::VagueDeadline, phrase),
                None => found.say(K::DeadlineNotADate, crate::text::nfc(text)),
            },
        }
        return;
    };
    let event = draft.event_date;
    if let Some(event) = event.filter(|e| due > *e) {
        found.say(K::DueAfterEvent { due, event }, None);
    }
    if draft.new_assignment && due < draft.today {
        found.say(K::DueInThePast { due }, None);
    }
    if let Some(s) = crate::template::suggest(due, event.unwrap_or(Date::MAX), draft.calendar) {
        let (why, suggestion) = (s.why, s.date);
        found.say(K::DueOnDayOff { due, why, suggestion }, None);
    }
    match draft.start {
        None => found.say(K::NoStart, None),
        Some(start) if start > due => found.say(K::StartAfterDue { start, due }, None),
        Some(start) => {
            let days = days_between(start, due);
            if days > MILESTONE_DAYS && draft.milestones == 0 {
                found.say(K::NoMilestone { days }, None);
            }
        }
    }
}

fn authority(draft: &TaskDraft<'_>, found: &mut Clarity) {
    use FindingKind as K;
    if is_blank(draft.authority_text) && !draft.confidential_stub {
        found.say(K::NoAuthorityText, None);
    }
    let approvers = present(draft.approver_offices);
    if approvers.is_empty() {
        found.say(K::NoApprover, None);
    }
    let mut doers = present(draft.focal_offices);
    doers.extend(present(draft.accountable_offices));
    for approver in approvers {
        if doers.iter().any(|d| d.same(approver)) {
            found.say(K::ApproverIsDoer, title(approver));
        }
    }
    if draft.escalation.is_none_or(is_blank) {
        found.say(K::NoEscalation, None);
    }
    if draft.has_budget_line && draft.money_limit.is_none() {
        found.say(K::NoMoneyLimit, None);
    }
}

fn accountable(draft: &TaskDraft<'_>, found: &mut Clarity) {
    use FindingKind as K;
    let offices = present(draft.accountable_offices);
    match offices.as_slice() {
        [] => found.say(K::NoAccountable, None),
        [_] => {}
        several => {
            let titles: Vec<String> = several.iter().map(|o| title(o)).collect();
            let count = several.len();
            found.say(K::SeveralAccountable { count }, titles.join("; "));
        }
    }
    let focal = present(draft.focal_offices);
    for office in offices {
        match holder(&Words::of(office.title)) {
            Holder::One => {}
            Holder::Several(count) => {
                found.say(K::SeveralAccountable { count }, title(office));
            }
            Holder::Body => found.say(K::Collective, title(office)),
            Holder::Unsure => found.say(K::MaybeCollective, title(office)),
        }
        if focal.iter().any(|f| f.same(office)) {
            found.say(K::AccountableIsFocal, title(office));
        }
    }
    if draft.deputy_office.is_none_or(|o| o.is_blank()) {
        found.say(K::NoDeputy, None);
    }
}

enum Holder {
    One,
    Several(usize),
    Body,
    Unsure,
}

/// Whether a title names one person. A comma does not separate persons (*Phó Giám đốc Sở, Trưởng
/// Tiểu ban* is one); *và* or a semicolon before another title does.
fn holder(text: &Words) -> Holder {
    if text.first_of(&lexicon::COLLECTIVE_ANYWHERE).is_some() {
        return Holder::Body;
    }
    if text.longest_at(0, &lexicon::MAYBE_BODIES).is_some() {
        return Holder::Unsure;
    }
    if text.longest_at(0, &lexicon::PERSON_TITLES).is_some() {
        let more = (1..text.words.len())
            .filter(|at| {
                let between = &text.text[text.words[at - 1].at.end..text.words[*at].at.start];
                let after_and = text.longest_at(at - 1, &lexicon::AND).is_some();
                (after_and || between.contains(';'))
                    && text.longest_at(*at, &lexicon::PERSON_TITLES).is_some()
            })
            .count();
        return if more == 0 { Holder::One } else { Holder::Several(more + 1) };
    }
    if text.longest_at(0, &lexicon::BODIES).is_some() { Holder::Body } else { Holder::One }
}

fn result(draft: &TaskDraft<'_>, found: &mut Clarity) {
    use FindingKind as K;
    let text = Words::of(draft.result_text);
    if draft.confidential_stub {
        let says = [draft.scope, draft.authority_text, draft.result_text, draft.acceptance_criteria];
        if says.iter().any(|s| !is_blank(s)) {
            found.say(K::StubSaysTooMuch, None);
        }
    } else {
        let quantity = has_quantity(&text) || draft.result_qty.is_some_and(|q| has_quantity(&Words::of(q)));
        if text.words.is_empty() {
            found.say(K::NoResult, None);
        } else {
            if let Some(phrase) = text.first_of(&lexicon::VAGUE_RESULTS) {
                if !quantity && only_vague(&text) {
                    found.say(K::OnlyVagueResult, text.text.clone());
                } else {
                    found.say(K::VagueResultWord, phrase);
                }
            }
            let form =
                draft.result_form.is_some_and(|f| !is_blank(f)) || text.first_of(&lexicon::FORMS).is_some();
            if !form {
                found.say(K::NoForm, None);
            }
        }
        if !quantity {
            found.say(K::NoQuantity, None);
        }
        let criteria = Words::of(draft.acceptance_criteria);
        if criteria.words.is_empty() {
            found.say(K::NoCriterion, None);
        } else if !has_quantity(&criteria) && only_vague(&criteria) {
            found.say(K::VagueCriterion, criteria.text.clone());
        }
        if draft.evidence_kinds == 0 {
            found.say(K::NoEvidence, None);
        }
    }
    let acceptors = present(draft.acceptor_offices);
    match acceptors.len() {
        0 => found.say(K::NoAcceptor, None),
        1 => {}
        count => found.say(K::SeveralAcceptors { count }, None),
    }
    let focal = present(draft.focal_offices);
    for acceptor in acceptors {
        if focal.iter().any(|f| f.same(acceptor)) {
            found.say(K::AcceptorIsFocal, title(acceptor));
        }
    }
}

/// Whether a text counts something, with digits or number words. Dates, years, numbers of
/// documents and clauses do not count.
fn has_quantity(text: &Words) -> bool {
    (0..text.words.len()).any(|at| {
        let word = &text.words[at];
        if !word.base.starts_with(|c: char| c.is_ascii_digit()) {
            return (text.longest_at(at, &lexicon::NUMBERS).is_some()
                && text.longest_at(at, &lexicon::NOT_NUMBERS).is_none())
                || five(text, at);
        }
        let before = &text.text[..word.at.start];
        let after = &text.text[word.at.end..];
        let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let part_of_date = (after.starts_with('/') && digit(after.chars().nth(1)))
            || (before.ends_with('/') && digit(before.chars().rev().nth(1)));
        let mut tail = after.chars();
        let document_number =
            matches!(tail.next(), Some('-' | '/')) && tail.next().is_some_and(char::is_uppercase);
        let named = (1..=2).any(|back| {
            at.checked_sub(back)
                .is_some_and(|from| text.longest_at(from, &lexicon::BEFORE_NAME) == Some(back))
        });
        // "trước ≥ 5 ngày" counts, "khoản 5" does not.
        let sign = before.trim_end().ends_with(['≥', '≤', '<', '>', '=']);
        sign || !(part_of_date || document_number || named)
    })
}

/// *Năm* is five before a form of result (*năm báo cáo*) and a year anywhere else.
fn five(text: &Words, at: usize) -> bool {
    text.quote(at..at + 1).to_lowercase() == "năm"
        && text.longest_at(at + 1, &lexicon::FORMS).is_some()
        && at.checked_sub(1).is_none_or(|prev| {
            text.text[text.words[prev].at.end..text.words[at].at.start].contains([',', ';'])
        })
}

/// Whether nothing is left of a text without its vague words.
fn only_vague(text: &Words) -> bool {
    let mut at = 0;
    let mut vague = false;
    while at < text.words.len() {
        if let Some(len) = text.longest_at(at, &lexicon::VAGUE_RESULTS) {
            vague = true;
            at += len;
        } else if let Some(len) = text.longest_at(at, &lexicon::FILLERS) {
            at += len;
        } else {
            return false;
        }
    }
    vague
}

#[cfg(test)]
mod tests;
