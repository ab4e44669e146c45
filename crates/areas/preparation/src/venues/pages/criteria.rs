//! Criteria and weights: points that add up to 100, or groups compared two at a time.

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use platform::{
    app::App,
    i18n::key,
    identity::Actor,
    web::{AppError, Cx, FieldProblem, Page, page_with},
};
use rules::ahp::{self, Answer};

use super::{
    common::{self, notice, problem, see, sentence},
    compare, view,
};
use crate::{
    tasks::pages::task::form::Typed,
    venues::{ManageVenues, ReadVenues, VenueError, model::*, refusals, store, who},
};

struct Gate {
    code: String,
    name: String,
    evidence: String,
}

struct Weighed {
    code: String,
    name: String,
    weight: String,
    /// The length of its bar, 0 to 100.
    width: u32,
    anchors: Vec<(String, String)>,
}

struct VersionLine {
    number: u32,
    source: String,
    at: String,
    why: String,
}

#[derive(Template)]
#[template(path = "venues/pages/criteria.html")]
struct CriteriaPage<'a> {
    cx: &'a Cx,
    version: String,
    at_version: u32,
    manages: bool,
    notice: String,
    error: String,
    empty_href: &'static str,
    gates: Vec<Gate>,
    criteria: Vec<Weighed>,
    source: String,
    total: String,
    reason: String,
    reason_error: String,
    versions: Vec<VersionLine>,
}

fn anchors(one: &Criterion) -> Vec<(String, String)> {
    [("10", &one.high), ("5", &one.middle), ("0", &one.low)]
        .map(|(value, words)| (value.to_owned(), words.clone()))
        .to_vec()
}

fn draw(cx: &Cx, manages: bool, all: &[Criteria], typed: &Typed, refused: Option<&AppError>) -> Response {
    let newest = all.first();
    let scored: Vec<&Criterion> = newest.iter().flat_map(|criteria| criteria.scored()).collect();
    let total: u32 = scored.iter().map(|one| one.weight).sum();
    let most = scored.iter().map(|one| one.weight).max().unwrap_or(1).max(1);
    let problems = refused.map(|refused| refused.fields().to_vec()).unwrap_or_default();
    let body = CriteriaPage {
        version: newest
            .map(|one| {
                cx.t2("venues-version-line", "no", one.no, "by", common::by_at(cx, &one.made_by, one.made_at))
            })
            .unwrap_or_default(),
        at_version: newest.map_or(0, |one| one.no),
        manages,
        notice: notice(cx),
        error: sentence(cx, refused),
        empty_href: if manages { "/dia-diem/tieu-chi/sua" } else { "" },
        gates: newest
            .iter()
            .flat_map(|criteria| criteria.gates())
            .map(|one| Gate {
                code: one.code.clone(),
                name: one.name.clone(),
                evidence: if one.kind == CriterionKind::Egress {
                    cx.t("venues-gate-computed").into_owned()
                } else {
                    one.evidence.clone()
                },
            })
            .collect(),
        criteria: scored
            .iter()
            .map(|one| {
                let field = format!("w-{}", one.code);
                let weight = if refused.is_some() && !typed.get(&field).is_empty() {
                    typed.get(&field).to_owned()
                } else {
                    view::percent(cx, one.weight)
                };
                Weighed {
                    code: one.code.clone(),
                    name: one.name.clone(),
                    weight,
                    width: one.weight * 100 / most,
                    anchors: anchors(one),
                }
            })
            .collect(),
        source: newest.map(|one| compare::weights_line(cx, one)).unwrap_or_default(),
        total: format!("{} %", view::percent(cx, total)),
        reason: typed.get("reason").to_owned(),
        reason_error: problem(cx, &problems, "reason"),
        versions: all
            .iter()
            .map(|one| VersionLine {
                number: one.no,
                source: compare::weights_line(cx, one),
                at: common::by_at(cx, &one.made_by, one.made_at),
                why: one.reason.clone(),
            })
            .collect(),
        cx,
    };
    let page = Page::new(cx.t("venues-criteria").into_owned(), body).style("venues.css").style("survey.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

/// `GET /dia-diem/tieu-chi`
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let all = app.db.read(store::all_criteria).await?;
    Ok(draw(&cx, who(&actor).manages, &all, &Typed::default(), None))
}

/// `POST /dia-diem/tieu-chi`: weights by points, as a new version.
pub(super) async fn weigh(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let all = app.db.read(store::all_criteria).await?;
    let Some(newest) = all.first() else { return Err(VenueError::NoCriteria.into()) };
    let mut wrong = Vec::new();
    let criteria = newest
        .criteria
        .iter()
        .map(|one| {
            let mut one = one.clone();
            if one.kind == CriterionKind::Score {
                match common::measure(typed.get(&format!("w-{}", one.code)), 100) {
                    Ok(weight) => one.weight = weight.unwrap_or(0),
                    Err(()) => wrong.push(
                        FieldProblem::new(format!("w-{}", one.code), key("venues-wrong-weight"))
                            .with("code", &one.code),
                    ),
                }
            }
            one
        })
        .collect();
    if let Some(first) = wrong.first() {
        let refused = AppError::invalid(vec![first.clone()])
            .because(key("venues-wrong-weight"))
            .with("code", first.name.trim_start_matches("w-"));
        return Ok(draw(&cx, true, &all, &typed, Some(&refused)));
    }
    let new = NewCriteria {
        after: typed.get("version").parse().unwrap_or(0),
        reason: typed.get("reason").to_owned(),
        criteria,
        comparison: None,
    };
    match app.db.write(actor.author(), move |tx| store::set_criteria(tx, &who, &new)).await {
        Ok(_) => Ok(see("/dia-diem/tieu-chi", "weighed")),
        Err(error) => {
            let all = app.db.read(store::all_criteria).await?;
            Ok(draw(&cx, true, &all, &typed, Some(&error.into())))
        }
    }
}

// ---------------------------------------------------------------- the text of criteria

struct Row {
    code: String,
    kind: String,
    name: String,
    cluster: String,
    weight: String,
    high: String,
    middle: String,
    low: String,
    evidence: String,
}

const COLUMNS: &[&str] = &["code", "kind", "name", "cluster", "weight", "high", "middle", "low", "evidence"];

#[derive(Template)]
#[template(path = "venues/pages/criteria_edit.html")]
struct EditPage<'a> {
    cx: &'a Cx,
    version: u32,
    error: String,
    reason: String,
    rows: Vec<Row>,
    kinds: Vec<(String, String)>,
}

fn edit_page(cx: &Cx, version: u32, rows: Vec<Row>, reason: &str, refused: Option<&AppError>) -> Response {
    let body = EditPage {
        version,
        error: sentence(cx, refused),
        reason: reason.to_owned(),
        rows,
        kinds: CriterionKind::ALL
            .iter()
            .map(|kind| (kind.to_string(), cx.tp("venues-kind-", kind).into_owned()))
            .collect(),
        cx,
    };
    let page = Page::new(cx.t("venues-criteria-edit").into_owned(), body).style("venues.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

fn blank() -> Row {
    Row {
        code: String::new(),
        kind: CriterionKind::Score.to_string(),
        name: String::new(),
        cluster: String::new(),
        weight: String::new(),
        high: String::new(),
        middle: String::new(),
        low: String::new(),
        evidence: String::new(),
    }
}

/// `GET /dia-diem/tieu-chi/sua`
pub(super) async fn edit(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    drop(actor);
    let newest = app.db.read(store::newest_criteria).await?;
    let version = newest.as_ref().map_or(0, |newest| newest.no);
    let mut rows: Vec<Row> = newest
        .iter()
        .flat_map(|newest| &newest.criteria)
        .map(|one| Row {
            code: one.code.clone(),
            kind: one.kind.to_string(),
            name: one.name.clone(),
            cluster: one.cluster.clone(),
            weight: if one.kind == CriterionKind::Score {
                view::percent(&cx, one.weight)
            } else {
                String::new()
            },
            high: one.high.clone(),
            middle: one.middle.clone(),
            low: one.low.clone(),
            evidence: one.evidence.clone(),
        })
        .collect();
    rows.extend([blank(), blank()]);
    Ok(edit_page(&cx, version, rows, "", None))
}

/// `POST /dia-diem/tieu-chi/sua`: criteria with their scales, as a new version.
pub(super) async fn save(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let version = typed.get("version").parse().unwrap_or(0);
    let given = typed.rows(COLUMNS);
    let rows = || -> Vec<Row> {
        let mut rows: Vec<Row> = given
            .iter()
            .map(|row| {
                let cell = |at: usize| row.cell(at).to_owned();
                Row {
                    code: cell(0),
                    kind: cell(1),
                    name: cell(2),
                    cluster: cell(3),
                    weight: cell(4),
                    high: cell(5),
                    middle: cell(6),
                    low: cell(7),
                    evidence: cell(8),
                }
            })
            .collect();
        rows.push(blank());
        rows
    };
    let mut criteria = Vec::new();
    // A spare row has a kind and nothing else.
    for row in given.iter().filter(|row| !row.cell(0).is_empty() || !row.cell(2).is_empty()) {
        let cell = |at: usize| row.cell(at).replace("\r\n", "\n");
        let (Ok(kind), Ok(weight)) = (row.cell(1).parse(), common::measure(row.cell(4), 100)) else {
            let refused =
                AppError::invalid(Vec::new()).because(key("venues-wrong-weight")).with("code", row.cell(0));
            return Ok(edit_page(&cx, version, rows(), typed.get("reason"), Some(&refused)));
        };
        criteria.push(Criterion {
            code: cell(0),
            kind,
            name: cell(2),
            cluster: cell(3),
            weight: weight.unwrap_or(0),
            high: cell(5),
            middle: cell(6),
            low: cell(7),
            evidence: cell(8),
        });
    }
    let new =
        NewCriteria { after: version, reason: typed.get("reason").to_owned(), criteria, comparison: None };
    match app.db.write(actor.author(), move |tx| store::set_criteria(tx, &who, &new)).await {
        Ok(_) => Ok(see("/dia-diem/tieu-chi", "weighed")),
        Err(error) => Ok(edit_page(&cx, version, rows(), typed.get("reason"), Some(&error.into()))),
    }
}

// ---------------------------------------------------------------- two at a time

struct Pair {
    at: usize,
    number: usize,
    sides: Vec<(String, String)>,
    side: String,
    level: String,
    before: String,
}

struct Worst {
    words: String,
    href: String,
    button: String,
}

struct GroupBar {
    name: String,
    members: String,
    width: u32,
    share: String,
}

struct AnswerLine {
    words: String,
    href: String,
    worst: bool,
}

#[derive(Template)]
#[template(path = "venues/pages/ahp.html")]
struct AhpPage<'a> {
    cx: &'a Cx,
    error: String,
    pair: Option<Pair>,
    count: usize,
    answered: usize,
    answers: String,
    levels: Vec<(String, String)>,
    complete: bool,
    consistent: bool,
    cr: String,
    cr_words: String,
    worst: Option<Worst>,
    bars: Vec<GroupBar>,
    figures: String,
    lines: Vec<AnswerLine>,
}

/// The answers as they stand in the address: `2_1_x_-3`, an `x` for an open pair.
fn parse(text: &str, count: usize) -> Vec<Option<Answer>> {
    let given: Vec<Option<Answer>> =
        text.split('_').map(|one| one.parse().ok().and_then(Answer::new)).collect();
    (0..count).map(|at| given.get(at).copied().flatten()).collect()
}

fn write(answers: &[Option<Answer>]) -> String {
    let each: Vec<String> = answers
        .iter()
        .map(|one| one.map_or_else(|| "x".to_owned(), |answer| answer.value().to_string()))
        .collect();
    each.join("_")
}

fn pair_href(answers: &[Option<Answer>], at: usize) -> String {
    format!("/dia-diem/tieu-chi/so-doi?tl={}&doi={at}", write(answers))
}

/// The groups of a version, in the order of its criteria.
fn groups(criteria: &Criteria) -> Vec<String> {
    let mut groups: Vec<String> = Vec::new();
    for one in criteria.scored() {
        if !one.cluster.is_empty() && !groups.contains(&one.cluster) {
            groups.push(one.cluster.clone());
        }
    }
    // Whoever compared before goes on in the same order.
    match &criteria.comparison {
        Some(known)
            if known.groups.len() == groups.len() && known.groups.iter().all(|one| groups.contains(one)) =>
        {
            known.groups.clone()
        }
        _ => groups,
    }
}

fn answer_words(cx: &Cx, first: &str, second: &str, answer: Answer) -> String {
    let words = refusals::answer_words(cx.lang, answer, first, second);
    cx.t3("venues-ahp-line", "a", first, "b", second, "words", words)
}

fn ahp_page(
    cx: &Cx,
    criteria: &Criteria,
    groups: &[String],
    answers: &[Option<Answer>],
    at: Option<usize>,
    refused: Option<&AppError>,
) -> Response {
    let pairs = ahp::pairs(groups.len());
    let name = |at: usize| groups.get(at).map_or("", String::as_str);
    let given: Option<Vec<Answer>> = answers.iter().copied().collect();
    let found = given.as_ref().and_then(|given| ahp::weigh(groups.len(), given).ok());
    let weights = match &found {
        Some(found) => found.weights.clone(),
        None => ahp::so_far(groups.len(), answers).unwrap_or_default(),
    };
    let pair = at.and_then(|at| pairs.get(at).map(|pair| (at, *pair))).map(|(at, (first, second))| {
        let known = answers.get(at).copied().flatten().map(Answer::value);
        Pair {
            at,
            number: at + 1,
            sides: vec![
                ("a".to_owned(), name(first).to_owned()),
                ("bang".to_owned(), cx.t("venues-ahp-both").into_owned()),
                ("b".to_owned(), name(second).to_owned()),
            ],
            side: match known {
                Some(1) => "bang",
                Some(value) if value > 1 => "a",
                Some(_) => "b",
                None => "",
            }
            .to_owned(),
            level: known
                .filter(|value| value.unsigned_abs() > 1)
                .map(|value| value.unsigned_abs().to_string())
                .unwrap_or_default(),
            before: if at > 0 { pair_href(answers, at - 1) } else { String::new() },
        }
    });
    let worst_pair = found.as_ref().and_then(|found| found.worst);
    let most = weights.iter().copied().fold(0.0_f64, f64::max).max(1e-9);
    let members = |group: &str| {
        let codes: Vec<&str> =
            criteria.scored().filter(|one| one.cluster == group).map(|one| one.code.as_str()).collect();
        codes.join(", ")
    };
    let body = AhpPage {
        error: sentence(cx, refused),
        count: pairs.len(),
        answered: answers.iter().flatten().count(),
        answers: write(answers),
        levels: (2..=9_u8)
            .map(|level| (level.to_string(), cx.tp("venues-ahp-level-", level).into_owned()))
            .collect(),
        complete: found.is_some(),
        consistent: found.as_ref().is_some_and(ahp::Ahp::is_consistent),
        cr: found.as_ref().map(|found| cx.num(&found.cr, 3)).unwrap_or_default(),
        cr_words: match &found {
            Some(found) if found.is_consistent() => cx.t("venues-ahp-consistent").into_owned(),
            Some(_) => cx.t("venues-ahp-inconsistent").into_owned(),
            None => String::new(),
        },
        worst: worst_pair.and_then(|worst| {
            let at = pairs.iter().position(|pair| *pair == (worst.first, worst.second))?;
            let mut mended = answers.to_vec();
            *mended.get_mut(at)? = Some(worst.fits);
            let (first, second) = (name(worst.first), name(worst.second));
            Some(Worst {
                words: cx.t3(
                    "venues-ahp-worst",
                    "given",
                    answer_words(cx, first, second, worst.given),
                    "fits",
                    answer_words(cx, first, second, worst.fits),
                    "cr",
                    cx.num(&worst.cr, 3),
                ),
                href: pair_href(&mended, pairs.len()),
                button: cx.t("venues-ahp-mend").into_owned(),
            })
        }),
        bars: groups
            .iter()
            .zip(&weights)
            .map(|(group, weight)| {
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
                let width = (weight / most * 100.0).round() as u32;
                GroupBar { name: group.clone(), members: members(group), width, share: cx.num(weight, 3) }
            })
            .collect(),
        figures: found
            .as_ref()
            .map(|found| {
                cx.t3(
                    "venues-ahp-figures",
                    "lambda",
                    cx.num(&found.lambda, 3),
                    "ci",
                    cx.num(&found.ci, 3),
                    "cr",
                    cx.num(&found.cr, 3),
                )
            })
            .unwrap_or_default(),
        lines: pairs
            .iter()
            .zip(answers)
            .enumerate()
            .filter_map(|(at, ((first, second), answer))| {
                Some(AnswerLine {
                    words: answer_words(cx, name(*first), name(*second), (*answer)?),
                    href: pair_href(answers, at),
                    worst: worst_pair.is_some_and(|worst| (worst.first, worst.second) == (*first, *second)),
                })
            })
            .collect(),
        pair,
        cx,
    };
    let page = Page::new(cx.t("venues-ahp").into_owned(), body).style("venues.css").style("survey.css");
    page_with(refused.map_or(StatusCode::OK, AppError::status), cx, page)
}

/// `GET /dia-diem/tieu-chi/so-doi?tl=2_1_x&doi=2`: the wizard keeps its answers in the address.
pub(super) async fn pairs(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    drop(actor);
    let criteria = app.db.read(store::newest_criteria).await?.ok_or(VenueError::NoCriteria)?;
    let groups = groups(&criteria);
    let count = ahp::pairs(groups.len()).len();
    if count == 0 {
        return Err(AppError::from(VenueError::Group { group: String::new() })
            .because(key("venues-ahp-no-groups"))
            .next("/dia-diem/tieu-chi/sua", key("venues-criteria-edit")));
    }
    let asked = cx.param("tl");
    let mut answers = if asked.is_empty() {
        match &criteria.comparison {
            Some(known) if known.groups == groups => known.answers.iter().copied().map(Some).collect(),
            _ => vec![None; count],
        }
    } else {
        parse(&asked, count)
    };
    let at = cx.param("doi").parse::<usize>().ok();
    let side = cx.param("hon");
    if let (Some(at), false) = (at, side.is_empty()) {
        let level: i8 = cx.param("muc").parse().unwrap_or(2);
        let value = match side.as_str() {
            "a" => level,
            "b" => -level,
            _ => 1,
        };
        if let Some(place) = answers.get_mut(at) {
            *place = Answer::new(value);
        }
        // On to the next that is open; when none is, to the result.
        let next = (at + 1..count)
            .chain(0..at)
            .find(|at| answers.get(*at).is_some_and(Option::is_none))
            .unwrap_or(count);
        return Ok(see(&pair_href(&answers, next), ""));
    }
    let open = answers.iter().position(Option::is_none);
    let at = at.filter(|at| *at < count).or(open);
    Ok(ahp_page(&cx, &criteria, &groups, &answers, at, None))
}

/// `POST /dia-diem/tieu-chi/so-doi`: the weights of a consistent comparison, as a new version.
pub(super) async fn save_pairs(
    actor: Actor<ManageVenues>,
    cx: Cx,
    State(app): State<App>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, AppError> {
    let (who, typed) = (who(&actor), Typed::from(pairs));
    let criteria = app.db.read(store::newest_criteria).await?.ok_or(VenueError::NoCriteria)?;
    let groups = groups(&criteria);
    let count = ahp::pairs(groups.len()).len();
    let answers = parse(typed.get("tl"), count);
    let new = NewCriteria {
        after: criteria.no,
        reason: cx.t("venues-ahp-reason").into_owned(),
        criteria: criteria.criteria.clone(),
        comparison: Some(Comparison {
            groups: groups.clone(),
            answers: answers.iter().copied().flatten().collect(),
        }),
    };
    match app.db.write(actor.author(), move |tx| store::set_criteria(tx, &who, &new)).await {
        Ok(_) => Ok(see("/dia-diem/tieu-chi", "weighed")),
        Err(error) => Ok(ahp_page(&cx, &criteria, &groups, &answers, None, Some(&error.into()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_stand_in_the_address_and_come_back() {
        let answers = parse("2_1_x_-3", 5);
        assert_eq!(
            answers.iter().map(|one| one.map(Answer::value)).collect::<Vec<_>>(),
            [Some(2), Some(1), None, Some(-3), None]
        );
        assert_eq!(write(&answers), "2_1_x_-3_x");
        assert_eq!(parse("0_99_a", 3), vec![None; 3]);
    }
}
