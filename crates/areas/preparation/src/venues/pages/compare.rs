//! The comparison: the one page that the deciding office looks at, and its report.

use askama::Template;
use axum::{Extension, extract::State, http::HeaderMap, response::Response};
use platform::{
    app::App,
    i18n::Lang,
    identity::Actor,
    web::{AppError, Cx, LivePart, Page, page},
};
use print::PressRoom;
use rules::{
    egress::{self, Screening, Verdict, Weight},
    scoring::{Blocker, Exact, Gate},
    sensitivity::{Duel, Sensitivity},
};

use super::{
    common::{self, at},
    tornado::{Bar, Captions, Tornado},
    view::{
        Choice, Contender, Egress, Found, GateCell, GateRow, ScoreCell, ScoreRow, Sure, SureRow, Work,
        gate_look, mean, percent, points, said, separator,
    },
};
use crate::venues::{
    ReadVenues, VenueError,
    model::{Criteria, Method},
    paper::{self, Proposal},
    picture::{self, Entry, GateView, Picture},
    store, who,
};

/// What a blocker says, with the name of the gate it means.
pub(super) fn why(cx: &Cx, entry: &Entry, blocker: &Blocker) -> String {
    let Blocker::Gate { code, result } = blocker else { return said(cx, blocker.key(), blocker.args()) };
    let gate = entry.gates.iter().find(|gate| gate.code == *code);
    let Some(gate) = gate else { return said(cx, blocker.key(), blocker.args()) };
    let detail = gate_detail(cx, entry, gate);
    let word = cx.t(result.key());
    if detail.is_empty() {
        cx.t2("venues-why-gate", "gate", &gate.name, "result", word)
    } else {
        cx.t3("venues-why-gate-detail", "gate", &gate.name, "result", word, "detail", detail)
    }
}

/// What a gate stands on: the last line of the working, or the evidence and the condition.
fn gate_detail(cx: &Cx, entry: &Entry, gate: &GateView) -> String {
    if gate.computed {
        let last = entry.screening.as_ref().and_then(|screening| screening.steps.last());
        return last
            .filter(|step| matches!(step, egress::Step::Compare { .. }))
            .map(|step| said(cx, step.key(), step.args()))
            .or_else(|| {
                let found =
                    entry.screening.as_ref()?.findings.iter().find(|one| one.weight() != Weight::Note)?;
                Some(said(cx, found.key(), found.args()))
            })
            .unwrap_or_default();
    }
    let Some(judged) = &gate.judgement else { return String::new() };
    match (judged.evidence.is_empty(), judged.condition.is_empty()) {
        (_, true) => judged.evidence.clone(),
        (true, false) => cx.t1("venues-on-condition", "condition", &judged.condition),
        (false, false) => {
            cx.t2("venues-evidence-condition", "evidence", &judged.evidence, "condition", &judged.condition)
        }
    }
}

/// How a gate of a venue stands, with what it stands on.
pub(super) fn gate_cell(cx: &Cx, entry: &Entry, gate: &GateView) -> GateCell {
    let (tone, icon) = gate_look(gate.result);
    GateCell {
        code: entry.venue.code.clone(),
        tone,
        icon,
        word: cx.t(gate.result.key()).into_owned(),
        detail: gate_detail(cx, entry, gate),
    }
}

/// The working of a space in words.
pub(super) fn egress_view(cx: &Cx, code: &str, space: &str, screening: &Screening) -> Egress {
    let (tone, key) = match screening.verdict {
        Verdict::Enough => ("green", "venues-egress-enough"),
        Verdict::NotEnough => ("red", "venues-egress-short"),
        Verdict::Unknown => ("grey", "venues-egress-unknown"),
    };
    Egress {
        code: code.to_owned(),
        space: space.to_owned(),
        safe: screening.safe.map(|safe| cx.int(safe)).unwrap_or_default(),
        tone,
        word: cx.t(key).into_owned(),
        work: screening
            .steps
            .iter()
            .map(|step| Work {
                text: said(cx, step.key(), step.args()),
                clause: step.clause().as_str().to_owned(),
                end: matches!(step, egress::Step::Compare { .. }),
            })
            .collect(),
        found: screening
            .findings
            .iter()
            .map(|one| {
                let (tone, icon) = match one.weight() {
                    Weight::Violation => ("red", "alert-octagon"),
                    Weight::Missing => ("amber", "question-mark"),
                    Weight::Note => ("blue", "info-circle"),
                };
                Found {
                    tone,
                    icon,
                    text: said(cx, one.key(), one.args()),
                    clause: one.clause().as_str().to_owned(),
                }
            })
            .collect(),
    }
}

/// Where the weights of a version come from.
pub(super) fn weights_line(cx: &Cx, criteria: &Criteria) -> String {
    let ahp = criteria
        .comparison
        .as_ref()
        .and_then(|comparison| rules::ahp::weigh(comparison.groups.len(), &comparison.answers).ok());
    match (criteria.method, ahp) {
        (Method::Ahp, Some(found)) => {
            cx.t2("venues-weights-ahp", "no", criteria.no, "cr", cx.num(&found.cr, 3))
        }
        _ => cx.t1("venues-weights-points", "no", criteria.no),
    }
}

fn contender(cx: &Cx, entry: &Entry) -> Contender {
    let standing = &entry.standing;
    let (tone, icon) = gate_look(standing.gate);
    let ranked = standing.place.is_some();
    let why = if ranked {
        entry
            .gates
            .iter()
            .filter_map(|gate| gate.judgement.as_ref())
            .filter(|judged| judged.result == Gate::Conditional)
            .map(|judged| cx.t1("venues-on-condition", "condition", &judged.condition))
            .collect()
    } else if entry.hidden {
        vec![cx.t("venues-hidden").into_owned()]
    } else {
        standing.blockers.iter().map(|blocker| why(cx, entry, blocker)).collect()
    };
    Contender {
        code: entry.venue.code.clone(),
        name: entry.venue.name.clone(),
        href: at(&entry.venue.code),
        ranked,
        leads: standing.place == Some(1),
        rank: standing.place.unwrap_or(0),
        total: standing.total.map(|total| points(cx, total, 2)).unwrap_or_default(),
        tone,
        icon,
        gate: cx.t(standing.gate.key()).into_owned(),
        why,
    }
}

/// The venues that can be compared: ranked, or rated by somebody. One that is still being surveyed has nothing to
/// show but gaps; it is named beside.
fn compared(picture: &Picture) -> impl Iterator<Item = &Entry> {
    picture.entries.iter().filter(|entry| entry.standing.place.is_some() || entry.assessors > 0)
}

fn gates(cx: &Cx, picture: &Picture) -> Vec<GateRow> {
    picture
        .criteria
        .gates()
        .map(|gate| GateRow {
            name: format!("{} {}", gate.code, gate.name),
            cells: compared(picture)
                .map(|entry| match entry.gates.iter().find(|one| one.code == gate.code) {
                    Some(one) => gate_cell(cx, entry, one),
                    None => GateCell::default(),
                })
                .collect(),
        })
        .collect()
}

fn scores(cx: &Cx, picture: &Picture) -> Vec<ScoreRow> {
    picture
        .criteria
        .scored()
        .enumerate()
        .map(|(place, criterion)| {
            let spread = |entry: &Entry| entry.standing.spreads.get(place).copied().flatten();
            let ranked: Vec<Exact> =
                picture.ranked().filter_map(|entry| spread(entry).map(|spread| spread.mean)).collect();
            let best = ranked.iter().max().copied().filter(|best| ranked.iter().any(|one| one < best));
            let cells = compared(picture).map(|entry| {
                let out = entry.standing.place.is_none();
                let Some(spread) = spread(entry) else { return ScoreCell { out, ..ScoreCell::default() } };
                let share = Exact::new(i128::from(criterion.weight), i128::from(rules::scoring::WHOLE));
                #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 100")]
                let width = (spread.mean.to_f64() * 10.0).round() as u32;
                ScoreCell {
                    mean: mean(cx, spread.mean),
                    width,
                    spread: if spread.gap() == 0 {
                        String::new()
                    } else {
                        cx.t2("venues-from-to", "low", spread.low, "high", spread.high)
                    },
                    weighted: share.map(|share| points(cx, share.times(spread.mean), 2)).unwrap_or_default(),
                    best: !out && best == Some(spread.mean),
                    out,
                }
            });
            ScoreRow {
                code: criterion.code.clone(),
                name: criterion.name.clone(),
                weight: percent(cx, criterion.weight),
                cells: cells.collect(),
            }
        })
        .collect()
}

fn sure(cx: &Cx, picture: &Picture, found: &Sensitivity, duel: &Duel) -> Option<Sure> {
    let code = |place: usize| picture.entries.get(place).map(|entry| entry.venue.code.clone());
    let (leader, other) = (code(duel.leader)?, code(duel.other)?);
    let labels: Vec<String> =
        picture.criteria.scored().map(|one| format!("{} {}", one.code, one.name)).collect();
    let codes: Vec<&str> = picture.criteria.scored().map(|one| one.code.as_str()).collect();
    let margin = |totals: &[Exact]| Some(totals.get(duel.leader)?.minus(*totals.get(duel.other)?));
    let (mut rows, mut bars) = (Vec::new(), Vec::new());
    for (place, label) in labels.iter().enumerate() {
        let of = |percent: i32| {
            let case = found.cases.iter().find(|case| case.criterion == place && case.percent == percent)?;
            margin(&case.totals)
        };
        let (less, more) = (of(-50)?, of(50)?);
        let flip = duel.flips.iter().find(|flip| flip.criterion == place).and_then(|flip| flip.factor);
        rows.push(SureRow {
            label: label.clone(),
            less: points(cx, less, 2),
            more: points(cx, more, 2),
            flip: match flip {
                Some(factor) => cx.t1("venues-flip-at", "factor", points(cx, factor, 2)),
                None => cx.t("venues-flip-never").into_owned(),
            },
        });
        bars.push(Bar { label: label.clone(), less: less.to_f64(), more: more.to_f64() });
    }
    let now = margin(&found.totals)?;
    let total = |totals: &[Exact], place: usize| {
        totals.get(place).map(|total| points(cx, *total, 2)).unwrap_or_default()
    };
    let mut words = vec![if found.steady == found.cases.len() {
        cx.t2("venues-sure-all", "code", &leader, "cases", found.cases.len())
    } else {
        cx.t3("venues-sure-some", "code", &leader, "held", found.steady, "cases", found.cases.len())
    }];
    words.push(cx.ta(
        "venues-sure-equal",
        &[
            ("a", platform::i18n::IntoArg::arg(&leader)),
            ("b", platform::i18n::IntoArg::arg(&other)),
            ("x", platform::i18n::IntoArg::arg(&total(&found.equal, duel.leader))),
            ("y", platform::i18n::IntoArg::arg(&total(&found.equal, duel.other))),
        ],
    ));
    let stronger: Vec<&str> = duel.stronger.iter().filter_map(|place| codes.get(*place).copied()).collect();
    words.push(match duel.joint {
        Some(factor) => cx.ta(
            "venues-sure-joint",
            &[
                ("a", platform::i18n::IntoArg::arg(&leader)),
                ("b", platform::i18n::IntoArg::arg(&other)),
                ("factor", platform::i18n::IntoArg::arg(&factor.decimal_up(1, separator(cx)))),
                ("count", platform::i18n::IntoArg::arg(&stronger.len())),
                ("codes", platform::i18n::IntoArg::arg(&stronger.join(", "))),
            ],
        ),
        None => cx.t2("venues-sure-never", "a", &leader, "b", &other),
    });
    let tornado = Tornado {
        now: now.to_f64(),
        bars,
        captions: Captions {
            title: cx.t2("venues-tornado-title", "a", &leader, "b", &other),
            level: cx.t2("venues-tornado-level", "a", &leader, "b", &other),
            now: cx.t1("venues-tornado-now", "margin", points(cx, now, 2)),
            less: cx.t("venues-less").into_owned(),
            more: cx.t("venues-more").into_owned(),
            axis: cx.t("venues-tornado-axis").into_owned(),
        },
    };
    let lang = cx.lang;
    let figure = move |value: f64| platform::i18n::fmt::number(lang, value, 2);
    Some(Sure {
        held: found.steady,
        cases: found.cases.len(),
        held_words: cx.t1("venues-sure-held", "code", &leader),
        words,
        wide: tornado.draw(900, "tornado-wide", &figure),
        narrow: tornado.draw(358, "tornado-narrow", &figure),
        caption: cx.t2("venues-tornado-caption", "a", &leader, "b", &other),
        rows,
    })
}

/// The result in one sentence.
fn verdict(cx: &Cx, picture: &Picture) -> String {
    let first: Vec<&Entry> = picture.ranked().filter(|entry| entry.standing.place == Some(1)).collect();
    let name = |entry: &Entry| format!("{} ({})", entry.venue.name, entry.venue.code);
    let total = |entry: &Entry| entry.standing.total.map(|total| points(cx, total, 2)).unwrap_or_default();
    match first.as_slice() {
        [] => String::new(),
        [one] => {
            match picture.sensitivity.as_ref().and_then(|found| found.duels.first().map(|duel| (found, duel)))
            {
                Some((found, duel)) => cx.ta(
                    "venues-verdict",
                    &[
                        ("name", platform::i18n::IntoArg::arg(&name(one))),
                        ("total", platform::i18n::IntoArg::arg(&total(one))),
                        ("margin", platform::i18n::IntoArg::arg(&points(cx, duel.margin, 2))),
                        ("held", platform::i18n::IntoArg::arg(&found.steady)),
                        ("cases", platform::i18n::IntoArg::arg(&found.cases.len())),
                    ],
                ),
                None => cx.t2("venues-verdict-alone", "name", name(one), "total", total(one)),
            }
        }
        several => {
            let names: Vec<String> = several.iter().map(|entry| name(entry)).collect();
            let total = several.first().map(|entry| total(entry)).unwrap_or_default();
            cx.t2("venues-verdict-tie", "names", names.join(", "), "total", total)
        }
    }
}

/// The choice in words, from a round put together.
pub(super) fn choice(cx: &Cx, picture: &Picture) -> Choice {
    let forms: usize = compared(picture).map(|entry| entry.assessors).sum();
    let asked: usize = compared(picture).map(|entry| entry.asked).sum();
    let mut blocked = Vec::new();
    for entry in compared(picture) {
        for blocker in &entry.standing.blockers {
            let (href, words) = match blocker {
                Blocker::Discussion { code, .. } => (
                    format!("/dia-diem/chenh-lech#{}-{code}", entry.venue.code),
                    cx.t("venues-tab-spread").into_owned(),
                ),
                Blocker::OpenCases { .. } => {
                    ("/dia-diem/trung".to_owned(), cx.t("venues-tab-conflicts").into_owned())
                }
                Blocker::FewAssessors { .. } => {
                    (format!("/dia-diem/dot#{}", entry.venue.code), cx.t("venues-round").into_owned())
                }
                _ => continue,
            };
            // A venue that failed a gate is out anyway; nobody need rate it further.
            if entry.standing.gate == Gate::Fail {
                continue;
            }
            let words_of = said(cx, blocker.key(), blocker.args());
            blocked.push((cx.t2("venues-blocked", "code", &entry.venue.code, "why", words_of), href, words));
        }
    }
    let waiting: Vec<String> = picture
        .entries
        .iter()
        .filter(|entry| entry.standing.place.is_none() && entry.assessors == 0)
        .map(|entry| format!("{} {}", entry.venue.code, entry.venue.name))
        .collect();
    if !waiting.is_empty() {
        blocked.push((
            cx.t1("venues-not-yet", "names", waiting.join(", ")),
            "/dia-diem/dot".to_owned(),
            cx.t("venues-round").into_owned(),
        ));
    }
    let weights: u32 = picture.criteria.scored().map(|criterion| criterion.weight).sum();
    Choice {
        round: cx.ta(
            "venues-round-line",
            &[
                ("name", platform::i18n::IntoArg::arg(&picture.round.name)),
                ("forms", platform::i18n::IntoArg::arg(&forms)),
                ("asked", platform::i18n::IntoArg::arg(&asked)),
            ],
        ),
        contenders: compared(picture).map(|entry| contender(cx, entry)).collect(),
        verdict: verdict(cx, picture),
        blocked,
        need: cx.t3(
            "venues-need",
            "people",
            picture.round.people,
            "reserve",
            picture.round.reserve,
            "need",
            picture.need,
        ),
        gates: gates(cx, picture),
        scores: scores(cx, picture),
        weights_line: weights_line(cx, &picture.criteria),
        weight_total: percent(cx, weights),
        scores_line: cx.t("venues-scores-line").into_owned(),
        sensitivity: picture
            .sensitivity
            .as_ref()
            .and_then(|found| found.duels.first().and_then(|duel| sure(cx, picture, found, duel))),
        egress: compared(picture)
            .filter_map(|entry| {
                let main = entry.spaces.iter().find(|space| space.fields.main)?;
                Some(egress_view(cx, &entry.venue.code, &main.fields.name, entry.screening.as_ref()?))
            })
            .collect(),
        disclaimer: cx.t(egress::DISCLAIMER).into_owned(),
    }
}

#[derive(Template)]
#[template(path = "venues/pages/compare.html")]
struct ComparePage<'a> {
    cx: &'a Cx,
    nothing: bool,
    region: String,
}

/// The part of the comparison that lives.
#[derive(Template)]
#[template(path = "venues/pages/compare_part.html")]
struct Part<'a> {
    cx: &'a Cx,
    round: String,
    contenders: Vec<Contender>,
    verdict: String,
    blocked: Vec<(String, String, String)>,
    need: String,
    gates: Vec<GateRow>,
    scores: Vec<ScoreRow>,
    weights_line: String,
    weight_total: String,
    scores_line: String,
    sensitivity: Option<Sure>,
    disclaimer: String,
}

/// The current round under the newest criteria, without what this office may not see; none before the first.
pub(super) fn current(
    tx: &mut platform::db::Tx<'_>,
    who: &store::Who,
) -> Result<Option<Picture>, VenueError> {
    let round = match store::current_round(tx) {
        Ok(round) => round,
        Err(VenueError::NoRound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(criteria) = store::newest_criteria(tx)? else { return Ok(None) };
    picture::of(tx, &round, &criteria)?.seen_by(tx, who).map(Some)
}

fn part(cx: &Cx, picture: Option<&Picture>) -> askama::Result<String> {
    let choice = picture.map(|picture| choice(cx, picture)).unwrap_or_default();
    Part {
        cx,
        round: choice.round,
        contenders: choice.contenders,
        verdict: choice.verdict,
        blocked: choice.blocked,
        need: choice.need,
        gates: choice.gates,
        scores: choice.scores,
        weights_line: choice.weights_line,
        weight_total: choice.weight_total,
        scores_line: choice.scores_line,
        sensitivity: choice.sensitivity,
        disclaimer: choice.disclaimer,
    }
    .render()
}

/// `GET /dia-diem/so-sanh`
pub(super) async fn show(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let picture = app.db.read(move |tx| current(tx, &who)).await?;
    let live = LivePart::of(&cx, format_args!("{who:?}"));
    let body = ComparePage {
        nothing: picture.as_ref().is_none_or(|picture| compared(picture).next().is_none()),
        region: live.region(part(&live.cx(), picture.as_ref())?)?,
        cx: &cx,
    };
    Ok(page(&cx, Page::new(cx.t("venues-compare").into_owned(), body).style("venues.css")))
}

/// `GET /song/dia-diem/so-sanh`
pub(super) async fn stream(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let owner = app.clone();
    let live = LivePart::of(&cx, format_args!("{who:?}"));
    live.stream(&app, &actor, &cx, &headers, [store::TOPIC, "congress"], move |cx| {
        let app = owner.clone();
        async move {
            let picture = app.db.read(move |tx| current(tx, &who)).await?;
            Ok(part(&cx, picture.as_ref())?)
        }
    })
}

async fn report(
    actor: Actor<ReadVenues>,
    cx: Cx,
    app: App,
    press: PressRoom,
    docx: bool,
) -> Result<Response, AppError> {
    let who = who(&actor);
    let (unit, office, today) = (actor.unit.id, actor.office.title.clone(), cx.now.date());
    let (picture, last, head) = app
        .db
        .read(move |tx| -> Result<_, VenueError> {
            let picture = current(tx, &who)?.ok_or(VenueError::NoRound)?;
            let last = store::recommendations(tx)?.into_iter().find(|one| one.returned.is_none());
            Ok((picture, last, common::head(tx, unit, &office, today)?))
        })
        .await?;
    // An official paper is Vietnamese in every language of the screen.
    let cx = Cx { lang: Lang::Vi, ..cx };
    let proposal = last
        .and_then(|one| picture.entry(one.venue).map(|entry| (one.reason.clone(), entry)))
        .map(|(reason, entry)| Proposal {
            venue: format!("{} ({})", entry.venue.name, entry.venue.code),
            reason,
            conditions: entry
                .gates
                .iter()
                .filter_map(|gate| gate.judgement.as_ref())
                .filter(|judged| !judged.condition.is_empty())
                .map(|judged| judged.condition.clone())
                .collect(),
        })
        .unwrap_or_default();
    let paper = paper::comparison(head, &choice(&cx, &picture), &proposal);
    common::paper(&press, paper, "so-sanh-dia-diem", docx).await
}

/// `GET /dia-diem/so-sanh.pdf`
pub(super) async fn pdf(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    report(actor, cx, app, press, false).await
}

/// `GET /dia-diem/so-sanh.docx`
pub(super) async fn docx(
    actor: Actor<ReadVenues>,
    cx: Cx,
    State(app): State<App>,
    Extension(press): Extension<PressRoom>,
) -> Result<Response, AppError> {
    report(actor, cx, app, press, true).await
}
