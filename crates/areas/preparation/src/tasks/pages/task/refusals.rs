//! Refusals in words: one place where a [`TaskError`] becomes an answer, for pages and API alike.

pub use platform::web::{args, date_problem};
use platform::{
    i18n::{self, Lang, key},
    web::{AppError, FieldProblem},
};
use rules::clarity::{Clarity, Finding, Severity, SixKey};

use crate::tasks::{TaskError, clarity::People, model::TaskId, register::Register};

/// What a finding of the lint says.
pub fn finding(lang: Lang, finding: &Finding) -> String {
    i18n::tr(lang, finding.message(), &args(finding.args()))
}

/// The field of the form that a key of the six rõ is about.
fn field_of(key: SixKey) -> &'static str {
    match key {
        SixKey::Who => "lead_unit",
        SixKey::What => "what",
        SixKey::When => "due",
        SixKey::Authority => "approver_office",
        SixKey::Accountable => "accountable_office",
        SixKey::Result => "result",
    }
}

/// Every blocking finding as a problem of its field.
pub fn unclear(clarity: &Clarity) -> Vec<FieldProblem> {
    clarity
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Blocking)
        .map(|finding| FieldProblem {
            name: field_of(finding.key).into(),
            message_key: finding.message(),
            args: args(finding.args()),
        })
        .collect()
}

/// The codes of a circle of tasks, in its order: "DB-01 → DB-02 → DB-01".
pub fn circle(register: &Register, ids: &[TaskId]) -> String {
    let codes: Vec<&str> = ids
        .iter()
        .chain(ids.first())
        .filter_map(|id| register.by_id(*id).map(|task| task.fields.code.as_str()))
        .collect();
    codes.join(" → ")
}

/// The titles of offices that a refusal names, kept as they are when unknown.
pub fn office_words(people: &People, text: &str) -> String {
    text.parse()
        .ok()
        .map(|id| people.office_title(id))
        .filter(|title| !title.is_empty())
        .unwrap_or(text)
        .to_owned()
}

impl From<TaskError> for AppError {
    /// 404 what is not there, 403 what the office may not do, 409 what has moved on meanwhile, 422 what is wrong
    /// with the fields as given.
    #[allow(clippy::too_many_lines, reason = "one line for each refusal, in one place")]
    fn from(error: TaskError) -> Self {
        let cause = error.to_string();
        let invalid = |field: &'static str, words: &'static str| {
            AppError::invalid(vec![FieldProblem::new(field, words)]).because(words)
        };
        match error {
            TaskError::Db(error) => error.into(),
            TaskError::NotFound => {
                AppError::not_found().because(key("task-error-not-found")).slug("no-such-task")
            }
            TaskError::Conflict { by, at, .. } => AppError::conflict()
                .because(key("task-error-conflict"))
                .with("by", by)
                .with("at", i18n::fmt::moment(platform::clock::local(at)))
                .slug("changed-meanwhile"),
            TaskError::DuplicateCode { code } => {
                let problem = FieldProblem::new("code", key("task-error-duplicate-code")).with("code", &code);
                AppError::invalid(vec![problem])
                    .because(key("task-error-duplicate-code"))
                    .with("code", code)
                    .slug("duplicate-code")
            }
            TaskError::Code => invalid("code", key("task-error-code")).slug("code"),
            TaskError::TooLong { field } => {
                let most = crate::tasks::store::LONGEST;
                AppError::invalid(vec![
                    FieldProblem::new(field, key("task-error-too-long")).with("most", most),
                ])
                .because(key("task-error-too-long"))
                .with("most", most)
                .slug("too-long")
            }
            TaskError::NotClear(clarity) => AppError::invalid(unclear(&clarity))
                .because(key("task-error-not-clear"))
                .with("clear", clarity.score().clear)
                .slug("not-clear"),
            TaskError::Move(error) => {
                let mut answer = match error {
                    rules::state::MoveError::NotPermitted { .. }
                    | rules::state::MoveError::OwnWork { .. } => {
                        AppError::forbidden().slug("move-not-permitted")
                    }
                    _ => AppError::conflict().slug("move-not-possible"),
                }
                .because(error.key());
                for (name, value) in args(error.args()) {
                    answer = answer.with(name, value);
                }
                answer
            }
            TaskError::ReasonNeeded => invalid("reason", key("task-error-reason")).slug("reason-needed"),
            TaskError::DueLocked => invalid("due", key("task-error-due-locked")).slug("due-locked"),
            TaskError::SecretContent => {
                invalid("confidentiality", key("task-error-secret-content")).slug("secret-content")
            }
            TaskError::NotPermitted => AppError::forbidden().because(key("task-error-not-permitted")),
            TaskError::Percent => invalid("percent", key("task-error-percent")).slug("percent"),
            TaskError::EmptyReport => invalid("done", key("task-error-empty-report")).slug("empty-report"),
            TaskError::NotRunning => {
                AppError::conflict().because(key("task-error-not-running")).slug("not-running")
            }
            TaskError::EvidenceMissing { kinds } => {
                let fields = kinds
                    .into_iter()
                    .map(|kind| {
                        FieldProblem::new("evidence", key("task-error-evidence-kind")).with("kind", kind)
                    })
                    .collect();
                AppError::invalid(fields).because(key("task-error-evidence")).slug("evidence-missing")
            }
            TaskError::ExtensionWaiting => {
                AppError::conflict().because(key("task-error-extension-waiting")).slug("extension-waiting")
            }
            TaskError::NotLater { due } => {
                let problem =
                    FieldProblem::new("to", key("task-error-not-later")).with("due", due.format_vn());
                AppError::invalid(vec![problem])
                    .because(key("task-error-not-later"))
                    .with("due", due.format_vn())
                    .slug("not-later")
            }
            TaskError::AlreadyDecided => {
                AppError::conflict().because(key("task-error-already-decided")).slug("already-decided")
            }
            TaskError::NoDeadline => {
                AppError::conflict().because(key("task-error-no-deadline")).slug("no-deadline")
            }
            TaskError::OwnRequest => {
                AppError::forbidden().because(key("task-error-own-request")).slug("own-request")
            }
            TaskError::CoolDown(cool) => AppError::conflict()
                .because(cool.key())
                .with("until", i18n::fmt::moment(cool.until))
                .slug("cool-down"),
            TaskError::NobodyToUrge => {
                AppError::conflict().because(key("task-error-nobody-to-urge")).slug("nobody-to-urge")
            }
            TaskError::Cycle(tasks) => {
                // Pages name the codes with `circle`; here only the ids are known.
                let ids: Vec<String> = tasks.iter().map(ToString::to_string).collect();
                let problem = FieldProblem::new("pred", key("schedule-cycle")).with("codes", ids.join(" → "));
                AppError::invalid(vec![problem])
                    .because(key("schedule-cycle"))
                    .with("codes", ids.join(" → "))
                    .slug("dependency-cycle")
            }
            TaskError::Name => invalid("name", key("task-error-name")).slug("name"),
            TaskError::BaselineChanged => {
                AppError::internal(&cause).because(key("task-error-baseline-changed"))
            }
            TaskError::AlreadyApproved => {
                AppError::conflict().because(key("task-error-already-approved")).slug("already-approved")
            }
            #[allow(
                unreachable_patterns,
                reason = "a new refusal is still answered before it has its own words"
            )]
            _ => AppError::conflict().caused_by(cause),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rules::{
        calendar::NonWorking, clarity::FindingKind, dates::DateError, schedule::ScheduleError, state::Move,
        state::MoveError, template::RelativeDateError, urge::Level,
    };

    use super::*;

    #[test]
    fn every_word_of_the_rules_exists_in_both_languages() {
        let mut keys: BTreeSet<&str> = BTreeSet::new();
        keys.extend(FindingKind::KEYS);
        keys.extend(DateError::KEYS);
        keys.extend(NonWorking::KEYS);
        keys.extend(MoveError::KEYS);
        keys.extend(ScheduleError::<u8>::KEYS);
        keys.extend(RelativeDateError::KEYS);
        keys.extend(Move::ALL.iter().map(|step| step.key()));
        keys.extend(Level::ALL.iter().map(|level| level.key()));
        keys.extend(["count-mismatch", "urge-cool-down"]);
        for lang in [Lang::Vi, Lang::En] {
            let missing: Vec<&&str> = keys.iter().filter(|key| !i18n::has(lang, key)).collect();
            assert!(missing.is_empty(), "{lang:?} lacks {missing:?}");
        }
    }

    #[test]
    fn a_month_written_first_is_asked_back_with_the_day_it_means() {
        let error = rules::dates::parse_vn_date("09/30/2025", None).unwrap_err();
        let said = i18n::tr(Lang::Vi, error.key(), &args(error.args()));
        assert!(said.contains("30/09/2025"), "{said}");
        let error = rules::dates::parse_vn_date("1/1/1900", None).unwrap_err();
        let said = i18n::tr(Lang::Vi, error.key(), &args(error.args()));
        assert!(said.contains("1900"), "{said}");
    }
}
