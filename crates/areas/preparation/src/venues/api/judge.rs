//! Criteria and their versions, comparing groups, gates, discussions, the ranking.

use axum::{
    extract::{Path, State},
    http::StatusCode,
};
use platform::{
    api::{self, Answer, IdempotencyKey, Json, Query},
    app::App,
    i18n,
    identity::Actor,
    web::{AppError, Cx, Problem},
};
use rules::{
    ahp::{self, Ahp, Answer as Pairwise},
    scoring::Gate,
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::gone;
use crate::{
    tasks::api::about,
    venues::{
        ManageVenues, ReadVenues,
        error::VenueError,
        model::*,
        picture::{self, Picture},
        refusals, store, who,
    },
};

/// All versions of the criteria, newest first.
#[utoipa::path(get, path = "/api/v1/venue-criteria", tag = "venue-choice",
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn all_criteria(
    _actor: Actor<ReadVenues>,
    State(app): State<App>,
) -> Result<axum::Json<Vec<Criteria>>, AppError> {
    Ok(axum::Json(app.db.read(store::all_criteria).await?))
}

/// One version of the criteria.
#[utoipa::path(get, path = "/api/v1/venue-criteria/{no}", tag = "venue-choice", params(("no" = u32, Path)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn criteria(
    _actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path(no): Path<u32>,
) -> Result<axum::Json<Criteria>, AppError> {
    Ok(axum::Json(app.db.read(move |tx| store::criteria(tx, no)).await?))
}

/// Makes a new version of the criteria: by points that add up to 100 %, or by comparing groups.
#[utoipa::path(post, path = "/api/v1/venue-criteria", tag = "venue-choice", request_body = NewCriteria,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
pub(super) async fn set_criteria(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<NewCriteria>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), body.hash());
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.criteria", hash, move |tx| {
        Ok(store::set_criteria(tx, &who, &new)?.map(|no| (StatusCode::CREATED, json!({ "no": no }))))
    })
    .await
}

/// Answers so far.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct CompareQuery {
    /// How many groups.
    n: usize,
    /// One answer for each pair in the order of `pairs`, separated by commas; an open pair is empty:
    /// `2,1,,-3`.
    answers: String,
}

/// What a comparison comes to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Compared {
    /// The pairs in the order in which they are asked; places begin at 0.
    pairs: Vec<(usize, usize)>,
    /// Weights; while pairs are open, what the others imply, or none.
    weights: Option<Vec<f64>>,
    /// Eigenvalue, consistency and the worst pair; none while pairs are open.
    #[schema(value_type = Option<Object>)]
    result: Option<Ahp>,
    /// Whether it may be used.
    consistent: bool,
    /// What is wrong, in words; pairs are named by their places from 1.
    problem: Option<String>,
}

/// Weights and consistency of a comparison while it is being answered. Nothing is kept.
#[utoipa::path(get, path = "/api/v1/venue-comparison", tag = "venue-choice", params(CompareQuery),
    responses((status = 200, body = Compared), (status = "4XX", body = Problem)))]
pub(super) async fn compare(
    _actor: Actor<ReadVenues>,
    Query(query): Query<CompareQuery>,
    cx: Cx,
) -> Result<axum::Json<Compared>, AppError> {
    let groups: Vec<String> = (1..=query.n.min(ahp::MOST)).map(|no| no.to_string()).collect();
    let refused = |error| AppError::from(VenueError::Comparison { error, groups: groups.clone() });
    if query.n == 0 || query.n > ahp::MOST {
        return Err(refused(ahp::AhpError::Size { count: query.n }));
    }
    let pairs = ahp::pairs(query.n);
    let mut answers: Vec<Option<Pairwise>> = Vec::with_capacity(pairs.len());
    if !pairs.is_empty() {
        for text in query.answers.split(',') {
            answers.push(match text.trim() {
                "" => None,
                text => Some(
                    text.parse()
                        .ok()
                        .and_then(Pairwise::new)
                        .ok_or_else(|| AppError::from(VenueError::Range { field: "answers" }))?,
                ),
            });
        }
    }
    if answers.len() != pairs.len() {
        let (given, needed) = (answers.len(), pairs.len());
        return Err(refused(ahp::AhpError::Incomplete { given, needed }));
    }
    let whole: Option<Vec<Pairwise>> = answers.iter().copied().collect();
    let result = match whole {
        Some(whole) => Some(ahp::weigh(query.n, &whole).map_err(refused)?),
        None => None,
    };
    let usable = result.clone().map(Ahp::usable);
    Ok(axum::Json(Compared {
        weights: match &result {
            Some(found) => Some(found.weights.clone()),
            None => ahp::so_far(query.n, &answers),
        },
        consistent: matches!(usable, Some(Ok(_))),
        problem: match &usable {
            Some(Err(error)) => Some(refusals::comparison(cx.lang, error, &groups)),
            _ => None,
        },
        result,
        pairs,
    }))
}

/// A gate as it is judged.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewJudgement {
    /// `dat`, `dat_co_dieu_kien`, `khong_dat`, `chua_co`.
    #[schema(value_type = String, example = "dat")]
    result: Gate,
    /// On which condition.
    #[serde(default)]
    condition: String,
    /// What was shown.
    #[serde(default)]
    evidence: String,
}

/// How a gate of a venue was judged over time, newest first.
#[utoipa::path(get, path = "/api/v1/venues/{id}/gates/{code}", tag = "venue-choice",
    params(("id" = uuid::Uuid, Path), ("code" = String, Path)),
    responses((status = 200, body = Vec<Object>), (status = "4XX", body = Problem)))]
pub(super) async fn judgements(
    _actor: Actor<ReadVenues>,
    State(app): State<App>,
    Path((id, code)): Path<(VenueId, String)>,
) -> Result<axum::Json<Vec<Judgement>>, AppError> {
    let all = app
        .db
        .read(move |tx| {
            store::venue(tx, id)?;
            Ok::<_, VenueError>(store::judgements_of(tx, id, &code)?)
        })
        .await?;
    Ok(axum::Json(all))
}

/// Judges a gate of a venue in the current round.
#[utoipa::path(put, path = "/api/v1/venues/{id}/gates/{code}", tag = "venue-choice", request_body = NewJudgement,
    params(("id" = uuid::Uuid, Path), ("code" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn gate(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    Path((id, code)): Path<(VenueId, String)>,
    key: IdempotencyKey,
    body: Json<NewJudgement>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string(), &code]));
    let new = body.into_inner();
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.gate", hash, move |tx| {
        let done = store::judge(tx, &who, id, &code, new.result, &new.condition, &new.evidence)?;
        Ok(done.map(|()| gone()))
    })
    .await
}

/// What was said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewDiscussion {
    /// The text.
    note: String,
}

/// Writes down what was said about ratings of a criterion that lie more than 3 apart.
#[utoipa::path(post, path = "/api/v1/venues/{id}/discussions/{code}", tag = "venue-choice",
    request_body = NewDiscussion,
    params(("id" = uuid::Uuid, Path), ("code" = String, Path), ("Idempotency-Key" = Option<String>, Header)),
    responses((status = 204), (status = "4XX", body = Problem)))]
pub(super) async fn discuss(
    actor: Actor<ManageVenues>,
    State(app): State<App>,
    Path((id, code)): Path<(VenueId, String)>,
    key: IdempotencyKey,
    body: Json<NewDiscussion>,
) -> Result<Answer, AppError> {
    let (who, hash) = (who(&actor), about(body.hash(), &[&id.to_string(), &code]));
    let note = body.into_inner().note;
    api::idempotent::<VenueError, _>(&app.db, &actor, &key, "venues.discuss", hash, move |tx| {
        Ok(store::discuss(tx, &who, id, &code, &note)?.map(|()| gone()))
    })
    .await
}

/// Which round, by which version.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct RankingQuery {
    /// The round; the current one when absent.
    #[param(value_type = Option<String>)]
    round: Option<RoundId>,
    /// The version of the criteria; the newest when absent.
    criteria: Option<u32>,
}

/// A ranking with why each venue that is not ranked is not, in words.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RankingOut {
    /// Everything as data. Totals and means are exact decimals.
    #[schema(value_type = Object)]
    picture: Picture,
    /// By venue code: why it is not ranked.
    #[schema(value_type = Object)]
    not_ranked: std::collections::BTreeMap<String, Vec<String>>,
}

/// A round put together: gates, spread, totals, places, sensitivity and what would have to be true for the second
/// to win.
#[utoipa::path(get, path = "/api/v1/venue-ranking", tag = "venue-choice", params(RankingQuery),
    responses((status = 200, body = RankingOut), (status = "4XX", body = Problem)))]
pub(super) async fn ranking(
    actor: Actor<ReadVenues>,
    State(app): State<App>,
    Query(query): Query<RankingQuery>,
    cx: Cx,
) -> Result<axum::Json<RankingOut>, AppError> {
    let who = who(&actor);
    let picture = app
        .db
        .read(move |tx| {
            let round = match query.round {
                Some(id) => store::round(tx, id)?,
                None => store::current_round(tx)?,
            };
            let criteria = match query.criteria {
                Some(no) => store::criteria(tx, no)?,
                None => store::newest_criteria(tx)?.ok_or(VenueError::NoCriteria)?,
            };
            picture::of(tx, &round, &criteria)?.seen_by(tx, &who)
        })
        .await?;
    let not_ranked = picture
        .entries
        .iter()
        .filter(|entry| !entry.standing.blockers.is_empty())
        .map(|entry| {
            let why = entry
                .standing
                .blockers
                .iter()
                .map(|blocker| i18n::tr(cx.lang, blocker.key(), &refusals::args(blocker.args())))
                .collect();
            (entry.venue.code.clone(), why)
        })
        .collect();
    Ok(axum::Json(RankingOut { picture, not_ranked }))
}
