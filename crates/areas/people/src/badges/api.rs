//! What gates and programs ask, and what programs do: the list of keys, the list of the revoked, badges by state;
//! every step of a badge.

use axum::{
    Router,
    extract::{DefaultBodyLimit, State},
    http::StatusCode,
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use platform::{
    api::{self, Answer, IdempotencyKey, Json, PageOf, Paging, Query},
    app::App,
    db::Tx,
    hex,
    i18n::key,
    identity::{Actor, Right},
    web::{AppError, FieldProblem, Problem},
};
use rules::badge::BadgeAct;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::OpenApi;

use super::{
    AREA, BadgeError, DecideBadges, HandBadges, KeepKeys, ManageBadges, ReadBadges,
    elsewhere::LARGEST,
    keys,
    model::BadgeId,
    offline::{self, PassBatch, SignedPasses},
    query,
    readings::{self, Reading},
    seal::Seal,
    store,
    vault::SignedList,
};
use crate::delegates::{model::ParticipantId, query as roll};

#[derive(OpenApi)]
#[openapi(
    paths(
        list,
        key_list,
        revocations,
        request,
        approve,
        print,
        act,
        reissue,
        read_out,
        unsigned,
        take_in,
        adopt
    ),
    components(schemas(BadgeOut, KeyListOut, KeyOut, RevocationsOut, ReadingOut))
)]
struct Described;

/// What this area describes of itself in OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Described::openapi()
}

/// The API.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/api/v1/badges", get(list))
        .route("/api/v1/badges/keys", get(key_list))
        .route("/api/v1/badges/revocations", get(revocations))
        .route("/api/v1/badges/requests", post(request))
        .route("/api/v1/badges/approvals", post(approve))
        .route("/api/v1/badges/prints", post(print))
        .route("/api/v1/badges/moves", post(act))
        .route("/api/v1/badges/reissues", post(reissue))
        .route("/api/v1/badges/readings", post(read_out))
        .route("/api/v1/badges/unsigned", get(unsigned))
        .route("/api/v1/badges/signed", post(take_in).layer(DefaultBodyLimit::max(LARGEST)))
        .route("/api/v1/badges/key-lists", post(adopt))
}

/// A badge: the copy that counts of somebody.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct BadgeOut {
    /// Whose: the code on the roll.
    code: String,
    /// The id of the copy.
    id: String,
    copy: u32,
    category: String,
    /// The zones it opens, as bits.
    zones: u16,
    #[schema(value_type = String, format = Date)]
    first_day: jiff::civil::Date,
    #[schema(value_type = String, format = Date)]
    last_day: jiff::civil::Date,
    state: &'static str,
    /// What does not agree with the roll any more.
    mismatches: Vec<&'static str>,
    #[schema(value_type = String, format = DateTime)]
    changed_at: jiff::Timestamp,
}

/// Badges by the code of their holders.
#[utoipa::path(get, path = "/api/v1/badges", tag = "badges", params(
    ("limit" = Option<u32>, Query), ("after" = Option<String>, Query)),
    responses((status = 200, body = PageOf<BadgeOut>), (status = "4XX", body = Problem)))]
async fn list(
    _actor: Actor<ReadBadges>,
    State(app): State<App>,
    Query(paging): Query<Paging>,
) -> Result<PageOf<BadgeOut>, AppError> {
    let lines = app.db.read(query::lines).await?;
    let mut out: Vec<BadgeOut> = lines
        .into_iter()
        .filter_map(|line| {
            let badge = line.badge?;
            Some(BadgeOut {
                mismatches: badge.mismatches(&line.person).into_iter().map(|what| what.as_str()).collect(),
                code: line.person.code,
                id: badge.id.to_string(),
                copy: badge.copy,
                category: badge.category.to_string(),
                zones: badge.zones,
                first_day: badge.first_day,
                last_day: badge.last_day,
                state: badge.state.as_str(),
                changed_at: badge.changed_at,
            })
        })
        .collect();
    out.sort_by(|a, b| a.code.cmp(&b.code));
    Ok(paging.cut(out, |badge| badge.code.clone()))
}

/// A key of the list.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct KeyOut {
    id: u8,
    /// Ed25519, hexadecimal.
    public: String,
    /// 05/10/2025.
    from: String,
    to: String,
}

/// The list of keys.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct KeyListOut {
    sequence: u32,
    /// The mark of the congress, hexadecimal.
    congress: String,
    /// The public half of the root, hexadecimal; empty before there is one. A gate knows it from its set-up.
    root: String,
    keys: Vec<KeyOut>,
    /// The list as the root has signed it, Base64: what a gate verifies and keeps.
    signed: String,
}

/// The list of keys, signed by the root.
#[utoipa::path(get, path = "/api/v1/badges/keys", tag = "badges",
    responses((status = 200, body = KeyListOut), (status = "4XX", body = Problem)))]
async fn key_list(
    _actor: Actor<ReadBadges>,
    State(app): State<App>,
) -> Result<axum::Json<KeyListOut>, AppError> {
    let (list, root, bytes) = app
        .db
        .read(|tx| Ok::<_, BadgeError>((keys::list(tx)?, keys::root(tx)?, keys::list_bytes(tx)?)))
        .await?;
    Ok(axum::Json(KeyListOut {
        sequence: list.sequence,
        congress: hex(&list.congress.0),
        root: root.map(|root| hex(&root.public)).unwrap_or_default(),
        keys: list
            .keys
            .iter()
            .map(|key| KeyOut {
                id: key.id,
                public: hex(&key.public),
                from: key.from.to_string(),
                to: key.to.to_string(),
            })
            .collect(),
        signed: STANDARD.encode(bytes.unwrap_or_default()),
    }))
}

/// What a gate has already.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct After {
    #[serde(default)]
    after: u32,
}

/// What was revoked after a sequence.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct RevocationsOut {
    after: u32,
    /// The sequence to ask from the next time.
    to: u32,
    /// The ids of passes, hexadecimal.
    ids: Vec<String>,
    /// The same in the form that the verifier takes, Base64.
    delta: String,
}

/// Passes that open nothing any more: all, or those after a sequence.
#[utoipa::path(get, path = "/api/v1/badges/revocations", tag = "badges", params(("after" = Option<u32>, Query)),
    responses((status = 200, body = RevocationsOut), (status = "4XX", body = Problem)))]
async fn revocations(
    _actor: Actor<ReadBadges>,
    State(app): State<App>,
    Query(asked): Query<After>,
) -> Result<axum::Json<RevocationsOut>, AppError> {
    let delta = app.db.read(query::revocations).await?.since(asked.after);
    Ok(axum::Json(RevocationsOut {
        after: delta.after,
        to: delta.to,
        ids: delta.ids.iter().map(|id| hex(id)).collect(),
        delta: STANDARD.encode(delta.to_bytes()),
    }))
}

// ---------------------------------------------------------------- what programs do

/// The most at once.
const MOST: usize = 1_000;

/// People by their codes on the roll.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CodesIn {
    /// At most 1,000: DB-0123.
    codes: Vec<String>,
}

/// Who has these codes. A code of nobody is refused, so that a slip does not look done.
fn people(tx: &mut Tx<'_>, codes: &[String]) -> Result<Vec<ParticipantId>, BadgeError> {
    if codes.is_empty() || codes.len() > MOST {
        return Err(BadgeError::Fields(vec![FieldProblem::new("codes", key("badges-error-choose"))]));
    }
    let mut out = Vec::with_capacity(codes.len());
    for code in codes {
        match roll::by_code_any(tx, code)? {
            Some(one) => out.push(one.id),
            None => {
                let problem =
                    FieldProblem::new("codes", key("badges-error-code")).with("code", code.as_str());
                return Err(BadgeError::Fields(vec![problem]));
            }
        }
    }
    Ok(out)
}

/// Asks for badges; who has one or has left the roll is passed over.
#[utoipa::path(post, path = "/api/v1/badges/requests", tag = "badges", request_body = CodesIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn request(
    actor: Actor<ManageBadges>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<CodesIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let codes = body.into_inner().codes;
    api::idempotent::<BadgeError, _>(&app.db, &actor, &key, "badges.request", hash, move |tx| {
        let people = people(tx, &codes)?;
        Ok(store::request(tx, &people)?.map(|count| (StatusCode::OK, json!({ "count": count }))))
    })
    .await
}

/// Approves badges that another office asked for.
#[utoipa::path(post, path = "/api/v1/badges/approvals", tag = "badges", request_body = CodesIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn approve(
    actor: Actor<DecideBadges>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<CodesIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let codes = body.into_inner().codes;
    api::idempotent::<BadgeError, _>(&app.db, &actor, &key, "badges.approve", hash, move |tx| {
        let people = people(tx, &codes)?;
        Ok(store::approve(tx, &people)?.map(|count| (StatusCode::OK, json!({ "count": count }))))
    })
    .await
}

/// Signs badges and marks them as printed, for a program that prints them itself. Of one that was printed before, a
/// new copy is made and the earlier is revoked.
#[utoipa::path(post, path = "/api/v1/badges/prints", tag = "badges", request_body = CodesIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn print(
    actor: Actor<ManageBadges>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<CodesIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let (codes, seal) = (body.into_inner().codes, Seal::of(&app.config.data)?);
    api::idempotent::<BadgeError, _>(&app.db, &actor, &key, "badges.print", hash, move |tx| {
        let people = people(tx, &codes)?;
        let done = store::print(tx, &seal, &people)?;
        let mut out = Vec::with_capacity(done.value().len());
        for id in done.value() {
            let Some(badge) = query::badge(tx, *id)? else { continue };
            let Some(one) = roll::participant(tx, badge.participant)? else { continue };
            out.push(json!({ "code": one.code, "id": badge.id, "copy": badge.copy, "digits": badge.code }));
        }
        Ok(done.map(|_| (StatusCode::OK, json!({ "badges": out }))))
    })
    .await
}

/// What is done to a copy.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct BadgeMoveIn {
    /// The copy.
    #[schema(value_type = String, format = Uuid)]
    badge: BadgeId,
    /// `duyet` (approve), `phat` (hand out), `mat` (lost), `thu` (taken back), `huy` (destroyed).
    #[serde(rename = "move")]
    step: String,
    /// Needed for what is lost or destroyed.
    #[serde(default)]
    reason: String,
}

/// Approves, hands out, takes back, locks or destroys a copy. What is done already changes nothing.
#[utoipa::path(post, path = "/api/v1/badges/moves", tag = "badges", request_body = BadgeMoveIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn act(
    actor: Actor<HandBadges>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<BadgeMoveIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let BadgeMoveIn { badge, step, reason } = body.into_inner();
    let (act, needs) = match BadgeAct::parse(&step) {
        Some(act @ (BadgeAct::Issue | BadgeAct::Lose | BadgeAct::Return)) => (act, Right::Contribute),
        Some(act @ BadgeAct::Approve) => (act, Right::Decide),
        Some(act @ BadgeAct::Destroy) => (act, Right::Manage),
        Some(BadgeAct::Print | BadgeAct::Replace | BadgeAct::Recall) | None => {
            return Err(AppError::invalid(Vec::new()).field("move", platform::i18n::key("badges-error-act")));
        }
    };
    if !actor.may(AREA, needs, None) {
        return Err(AppError::forbidden());
    }
    api::idempotent::<BadgeError, _>(&app.db, &actor, &key, "badges.move", hash, move |tx| {
        let done = store::act(tx, badge, act, &reason)?;
        Ok(done.map(|state| (StatusCode::OK, json!({ "state": state.as_str() }))))
    })
    .await
}

/// Whose badge is made anew.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReissueIn {
    /// The code on the roll: DB-0123.
    code: String,
}

/// A new copy for somebody whose badge is lost, given back or destroyed.
#[utoipa::path(post, path = "/api/v1/badges/reissues", tag = "badges", request_body = ReissueIn,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 201, body = Object), (status = "4XX", body = Problem)))]
async fn reissue(
    actor: Actor<ManageBadges>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<ReissueIn>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let code = body.into_inner().code;
    api::idempotent::<BadgeError, _>(&app.db, &actor, &key, "badges.reissue", hash, move |tx| {
        let one = roll::by_code_any(tx, &code)?.ok_or(BadgeError::NotFound)?;
        Ok(store::reissue(tx, one.id)?.map(|id| (StatusCode::CREATED, json!({ "badge": id }))))
    })
    .await
}

// ---------------------------------------------------------------- what a rehearsal needs

/// Which copies are read.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReadingsIn {
    /// People at most: 1 to 1,000.
    limit: u16,
    /// The `next` of the page before.
    #[serde(default)]
    after: Option<String>,
}

/// A signed copy with its digits.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
struct ReadingOut {
    /// Whose: the code on the roll.
    code: String,
    /// The id of its pass, hexadecimal.
    pass: String,
    /// What stands in its QR code.
    digits: String,
    /// The category, as numbered in passes.
    category: u8,
    /// The zones it opens, as bits.
    zones: u16,
    #[schema(value_type = String, format = Date)]
    first_day: jiff::civil::Date,
    #[schema(value_type = String, format = Date)]
    last_day: jiff::civil::Date,
    /// Whether it is the copy that opens.
    opens: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    revoked_at: Option<jiff::Timestamp>,
    /// Whether the holder is on the roll.
    on_roll: bool,
    /// Whether the holder is called to the sessions.
    summoned: bool,
    /// Whether the roll-call counts the holder.
    counted: bool,
}

/// The signed copies of everybody, revoked ones too, with their digits: for a rehearsal that holds them out. Whoever
/// has the digits can make the badge, so that they were read is on record.
#[utoipa::path(post, path = "/api/v1/badges/readings", tag = "badges", request_body = ReadingsIn,
    responses((status = 200, body = PageOf<ReadingOut>), (status = "4XX", body = Problem)))]
async fn read_out(
    actor: Actor<ManageBadges>,
    State(app): State<App>,
    body: Json<ReadingsIn>,
) -> Result<PageOf<ReadingOut>, AppError> {
    let asked = body.into_inner();
    let most = usize::from(asked.limit).clamp(1, MOST);
    let (held, more) =
        app.db.write(actor.author(), move |tx| readings::read(tx, asked.after.as_deref(), most)).await?;
    let next = if more { held.last().map(|one| one.who.code.clone()) } else { None };
    let items = held.into_iter().filter_map(|one| {
        let summoned = one.is_summoned();
        let Reading { who, badge, revoked_at } = one;
        Some(ReadingOut {
            pass: hex(&badge.pass),
            digits: badge.code?,
            category: badge.category.number(),
            zones: badge.zones,
            first_day: badge.first_day,
            last_day: badge.last_day,
            opens: badge.state.opens(),
            revoked_at,
            on_roll: who.status.is_on_roll(),
            summoned,
            counted: who.is_summoned_delegate(),
            code: who.code,
        })
    });
    Ok(PageOf { items: items.collect(), next })
}

// ---------------------------------------------------------------- signing on another machine

/// Approved copies that wait for a signature. No name stands in it.
#[utoipa::path(get, path = "/api/v1/badges/unsigned", tag = "badges",
    responses((status = 200, body = PassBatch), (status = "4XX", body = Problem)))]
async fn unsigned(
    _actor: Actor<ManageBadges>,
    State(app): State<App>,
) -> Result<axum::Json<PassBatch>, AppError> {
    Ok(axum::Json(app.db.read(offline::unsigned).await?))
}

/// Takes in what was signed elsewhere: all, or none. Each code must be by a key of the list and say what is true now.
#[utoipa::path(post, path = "/api/v1/badges/signed", tag = "badges", request_body = SignedPasses,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn take_in(
    actor: Actor<ManageBadges>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<SignedPasses>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let batch = body.into_inner();
    api::idempotent::<BadgeError, _>(&app.db, &actor, &key, "badges.signed", hash, move |tx| {
        Ok(offline::take_in(tx, &batch)?.map(|count| (StatusCode::OK, json!({ "count": count }))))
    })
    .await
}

/// Takes in a list of keys that was signed elsewhere; the first one brings the root.
#[utoipa::path(post, path = "/api/v1/badges/key-lists", tag = "badges", request_body = SignedList,
    params(("Idempotency-Key" = Option<String>, Header)),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn adopt(
    actor: Actor<KeepKeys>,
    State(app): State<App>,
    key: IdempotencyKey,
    body: Json<SignedList>,
) -> Result<Answer, AppError> {
    let hash = body.hash();
    let list = body.into_inner();
    api::idempotent::<BadgeError, _>(&app.db, &actor, &key, "badges.key-list", hash, move |tx| {
        let done = offline::adopt(tx, &list)?;
        Ok(done.map(|sequence| (StatusCode::OK, json!({ "sequence": sequence }))))
    })
    .await
}
