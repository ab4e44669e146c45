//! Refusals in words: one place where a [`VenueError`] becomes an answer, for pages and API alike.

use platform::{
    i18n::{self, Arg, IntoArg as _, Lang, key},
    web::{AppError, FieldProblem},
};
use rules::{
    ahp::{AhpError, Answer},
    message,
};

use super::{error::VenueError, store};

/// The arguments of a rule's message as arguments of a sentence; decimals keep the form they come in.
pub fn args(given: message::Args) -> Vec<(&'static str, Arg)> {
    given
        .into_iter()
        .map(|(name, value)| {
            let value = match value {
                message::Arg::Number(number) => number.arg(),
                message::Arg::Date(date) => i18n::fmt::date(date).arg(),
                message::Arg::Text(text) => text.arg(),
            };
            (name, value)
        })
        .collect()
}

/// An answer of a comparison in words: who matters how much more.
pub fn answer_words(lang: Lang, answer: Answer, first: &str, second: &str) -> String {
    match answer.value() {
        1 => i18n::tr(lang, key("ahp-answer-alike"), &[]),
        value => {
            let name = if value > 0 { first } else { second };
            let times = i64::from(value.unsigned_abs());
            i18n::tr(lang, key("ahp-answer-more"), &[("name", name.arg()), ("times", times.arg())])
        }
    }
}

/// What is wrong with a comparison, as a sentence that names the pair.
pub fn comparison(lang: Lang, error: &AhpError, groups: &[String]) -> String {
    let (words, args) = comparison_parts(error, groups);
    i18n::tr(lang, words, &args)
}

fn comparison_parts(error: &AhpError, groups: &[String]) -> (&'static str, Vec<(&'static str, Arg)>) {
    let name = |at: usize| groups.get(at).cloned().unwrap_or_default();
    match error {
        AhpError::Inconsistent { cr, worst: Some(worst) } => {
            let (first, second) = (name(worst.first), name(worst.second));
            let more = |answer: Answer| if answer.value() < 0 { &second } else { &first };
            let times = |answer: Answer| i64::from(answer.value().unsigned_abs());
            let args = vec![
                ("cr", rules::ahp::three(*cr).arg()),
                ("given_name", more(worst.given).clone().arg()),
                ("given_times", times(worst.given).arg()),
                ("fits_name", more(worst.fits).clone().arg()),
                ("fits_times", times(worst.fits).arg()),
                ("first", first.clone().arg()),
                ("second", second.clone().arg()),
            ];
            (key("ahp-inconsistent-pair"), args)
        }
        other => (other.key(), args(other.args())),
    }
}

fn with_all(mut answer: AppError, given: Vec<(&'static str, Arg)>) -> AppError {
    for (name, value) in given {
        answer = answer.with(name, value);
    }
    answer
}

impl From<VenueError> for AppError {
    /// 404 what is not there, 403 what the office may not do, 409 what has moved on meanwhile, 422 what is wrong
    /// with the fields as given.
    #[allow(clippy::too_many_lines, reason = "one line for each refusal, in one place")]
    fn from(error: VenueError) -> Self {
        let invalid = |field: &'static str, words: &'static str| {
            AppError::invalid(vec![FieldProblem::new(field, words)]).because(words)
        };
        let conflict = |words: &'static str| AppError::conflict().because(words);
        match error {
            VenueError::Db(error) => error.into(),
            VenueError::Task(error) => error.into(),
            VenueError::Register(error) => error.into(),
            VenueError::NotFound => {
                AppError::not_found().because(key("venue-error-not-found")).slug("no-such-venue")
            }
            VenueError::Conflict { by, at } => conflict(key("venue-error-conflict"))
                .with("by", by)
                .with("at", i18n::fmt::moment(platform::clock::local(at)))
                .slug("changed-meanwhile"),
            VenueError::DuplicateCode { code } => AppError::invalid(vec![
                FieldProblem::new("code", key("venue-error-duplicate-code")).with("code", &code),
            ])
            .because(key("venue-error-duplicate-code"))
            .with("code", code)
            .slug("duplicate-code"),
            VenueError::Code { code } => AppError::invalid(vec![
                FieldProblem::new("code", key("venue-error-code")).with("code", &code),
            ])
            .because(key("venue-error-code"))
            .with("code", code)
            .slug("code"),
            VenueError::Empty { field } => invalid(field, key("venue-error-empty")).slug("empty"),
            VenueError::TooLong { field } => AppError::invalid(vec![
                FieldProblem::new(field, key("venue-error-too-long")).with("most", store::LONGEST),
            ])
            .because(key("venue-error-too-long"))
            .with("most", store::LONGEST)
            .slug("too-long"),
            VenueError::Range { field } => invalid(field, key("venue-error-range")).slug("range"),
            VenueError::Move(error) => {
                with_all(conflict(error.key()), args(error.args())).slug("move-not-possible")
            }
            VenueError::NotPlain => conflict(key("venue-error-not-plain")).slug("not-plain"),
            VenueError::ReasonNeeded => invalid("reason", key("venue-error-reason")).slug("reason-needed"),
            VenueError::NotPermitted => AppError::forbidden().because(key("venue-error-not-permitted")),
            VenueError::NotOpen => conflict(key("venue-error-not-open")).slug("not-open"),
            VenueError::GatesConcluded => {
                conflict(key("venue-error-gates-concluded")).slug("gates-concluded")
            }
            VenueError::GateComputed => conflict(key("venue-error-gate-computed")).slug("gate-computed"),
            VenueError::ConditionNeeded => {
                invalid("condition", key("venue-error-condition")).slug("condition-needed")
            }
            VenueError::EvidenceNeeded => {
                invalid("evidence", key("venue-error-evidence")).slug("evidence-needed")
            }
            VenueError::UnknownCriterion { code } => AppError::invalid(vec![
                FieldProblem::new("code", key("venue-error-criterion")).with("code", &code),
            ])
            .because(key("venue-error-criterion"))
            .with("code", code)
            .slug("unknown-criterion"),
            VenueError::NoCriteria => conflict(key("venue-error-no-criteria")).slug("no-criteria"),
            VenueError::Weights(error) => {
                let mut problem = FieldProblem::new("weight", error.key());
                for (name, value) in args(error.args()) {
                    problem = problem.with(name, value);
                }
                with_all(AppError::invalid(vec![problem]).because(error.key()), args(error.args()))
                    .slug("weights")
            }
            VenueError::Comparison { error, groups } => {
                let (words, given) = comparison_parts(&error, &groups);
                let mut problem = FieldProblem::new("comparison", words);
                for (name, value) in given.clone() {
                    problem = problem.with(name, value);
                }
                with_all(AppError::invalid(vec![problem]).because(words), given).slug("comparison")
            }
            VenueError::Group { group } => AppError::invalid(vec![
                FieldProblem::new("group", key("venue-error-group")).with("group", &group),
            ])
            .because(key("venue-error-group"))
            .with("group", group)
            .slug("group"),
            VenueError::NoRound => conflict(key("venue-error-no-round")).slug("no-round"),
            VenueError::RoundClosed => conflict(key("venue-error-round-closed")).slug("round-closed"),
            VenueError::RoundOpen => conflict(key("venue-error-round-open")).slug("round-open"),
            VenueError::AssignedAlready => conflict(key("venue-error-assigned")).slug("assigned-already"),
            VenueError::Unfinished { have, need, missing } => conflict(key("venue-error-unfinished"))
                .with("have", have)
                .with("need", need)
                .with("missing", missing.join(", "))
                .slug("unfinished"),
            VenueError::OpenCases { count } => {
                conflict(key("venue-error-cases")).with("count", count).slug("open-cases")
            }
            VenueError::HandedIn => conflict(key("venue-error-handed-in")).slug("handed-in"),
            VenueError::NoCase => conflict(key("venue-error-no-case")).slug("no-case"),
            VenueError::CaseChanged => conflict(key("venue-error-case-changed")).slug("case-changed"),
            VenueError::NoGap => conflict(key("venue-error-no-gap")).slug("no-gap"),
            VenueError::NotRanked { blockers } => {
                // Each reason says what to do; the sentence of the whole says what it is about.
                let fields = blockers
                    .iter()
                    .map(|blocker| {
                        let mut problem = FieldProblem::new("venue", blocker.key());
                        for (name, value) in args(blocker.args()) {
                            problem = problem.with(name, value);
                        }
                        problem
                    })
                    .collect();
                AppError::invalid(fields).because(key("venue-error-not-ranked")).slug("not-ranked")
            }
            VenueError::RecommendationWaiting => conflict(key("venue-error-waiting")).slug("waiting"),
            VenueError::Returned => conflict(key("venue-error-returned")).slug("returned"),
            VenueError::AlreadySigned => conflict(key("venue-error-signed")).slug("already-signed"),
            VenueError::ContentChanged => conflict(key("venue-error-content")).slug("content-changed"),
            VenueError::PhotosNeeded => invalid("photos", key("venue-error-photos")).slug("photos-needed"),
            VenueError::BatchTooLarge => AppError::too_large().because(key("venue-error-batch")),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rules::{
        egress,
        scoring::{Blocker, Gate, WeightError},
        venue::{VenueMove, VenueMoveError, VenueState},
    };

    use super::*;

    #[test]
    fn every_word_of_the_rules_exists_in_both_languages() {
        let mut keys: BTreeSet<&str> = BTreeSet::new();
        keys.insert(egress::DISCLAIMER);
        keys.extend(egress::Finding::KEYS);
        keys.extend(egress::Step::KEYS);
        keys.extend(Blocker::KEYS);
        keys.extend(WeightError::KEYS);
        keys.extend(AhpError::KEYS);
        keys.extend(VenueMoveError::KEYS);
        keys.extend(Gate::ALL.map(Gate::key));
        keys.extend(VenueState::ALL.map(VenueState::key));
        keys.extend(VenueMove::ALL.map(VenueMove::key));
        for lang in [Lang::Vi, Lang::En] {
            let missing: Vec<&&str> = keys.iter().filter(|key| !i18n::has(lang, key)).collect();
            assert!(missing.is_empty(), "{lang:?} lacks {missing:?}");
        }
    }

    #[test]
    fn the_worst_pair_is_named_with_what_would_fit() {
        let answers: Vec<Answer> = [5, 5, -9].into_iter().filter_map(Answer::new).collect();
        let error = rules::ahp::weigh(3, &answers).and_then(rules::ahp::Ahp::usable).unwrap_err();
        let groups = ["An toàn", "An ninh", "Chi phí"].map(str::to_owned);
        let said = comparison(Lang::Vi, &error, &groups);
        assert!(said.contains("cặp “An toàn” và “Chi phí”"), "{said}");
        assert!(said.contains("“Chi phí” hơn 9 lần") && said.contains("“An toàn” hơn 9 lần"), "{said}");
    }
}
