//! What a device says and hears: scans, a look before one counts, and whom else it must know of.

use std::sync::Arc;

use axum::extract::{Path, State};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use platform::{
    api::Json,
    app::App,
    audit::Author,
    db::Tx,
    hex,
    identity::Actor,
    params, sql,
    web::{AppError, Problem},
};
use serde::{Deserialize, Serialize};

use crate::{
    attendance::{MarkAttendance, query as roll_call},
    badges::query as badges,
    delegates::{model::ParticipantId, query as roll},
    gates::{
        GateError,
        heard::{ALONE_AFTER, Heard, Told},
        model::{CardOut, DeviceId, Gate, ScanIn, ScanOut, session_at},
        query,
        store::{self, merge},
    },
};

/// What a device says: scans, or only that it is there.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BatchIn {
    /// When it sends this, on its corrected clock.
    #[schema(value_type = String, format = "date-time")]
    sent: Timestamp,
    /// How far its clock is behind the server's, in milliseconds.
    offset_ms: i64,
    /// Scans that wait on it, those of this batch left out.
    waiting: u32,
    /// Its battery in percent, where it knows.
    #[serde(default)]
    battery: Option<u8>,
    /// The sequence of the list of the revoked that it has.
    revoked_after: u32,
    /// The `moves_to` of the answer before; the whole session when not given.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "date-time")]
    moves_after: Option<Timestamp>,
    /// None, or up to five thousand.
    scans: Vec<ScanIn>,
}

/// What the server says.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub(super) struct BatchOut {
    /// The server's clock.
    #[schema(value_type = String, format = "date-time")]
    now: Timestamp,
    /// The verdict of each scan, in the order in which they were sent.
    results: Vec<ScanOut>,
    /// What was revoked after the sequence that the device has, in the form that the verifier takes: Base64.
    revocations: String,
    /// Where the list of the revoked stands.
    revoked_to: u32,
    /// Passes whose holders came (true) or went (false): their ids, hexadecimal.
    #[schema(value_type = Vec<Object>)]
    moves: Vec<(String, bool)>,
    /// What to ask moves after the next time.
    #[schema(value_type = String, format = "date-time")]
    moves_to: Timestamp,
    /// The session that counts now.
    session: Option<String>,
    /// The open lanes of the zone.
    lanes: Vec<u16>,
    /// Lanes that may be deciding alone.
    silent: Vec<u16>,
    /// How long after its last answered request the device decides alone.
    alone_after_ms: u64,
}

/// What changed shortly before is told again: a writer's clock may be a little behind.
const OVERLAP: std::time::Duration = std::time::Duration::from_secs(5);

fn answer(
    tx: &mut Tx<'_>,
    gate: &Gate,
    heard: &Heard,
    asked: (u32, Option<Timestamp>),
    results: Vec<ScanOut>,
) -> Result<BatchOut, GateError> {
    let now = tx.now();
    let (revoked_after, moves_after) = asked;
    let delta = badges::revocations(tx)?.since(revoked_after);
    let sessions = query::sessions_of(tx, &gate.slug)?;
    let session = session_at(&sessions, now);
    let moves = match session {
        Some(session) => query::moves(tx, session, moves_after.map(|at| at - OVERLAP))?,
        None => Vec::new(),
    };
    let lanes = query::lanes(tx, gate.zone, heard)?;
    Ok(BatchOut {
        now,
        results,
        revoked_to: delta.to,
        revocations: STANDARD.encode(delta.to_bytes()),
        moves: moves.iter().map(|(pass, inside)| (hex(pass), *inside)).collect(),
        moves_to: now,
        session: session.map(|session| session.slug.clone()),
        lanes: lanes.open,
        silent: lanes.silent,
        alone_after_ms: u64::try_from(ALONE_AFTER.as_millis()).unwrap_or(u64::MAX),
    })
}

/// Takes in what a device scanned and tells it what it has to know. Without scans it only says that it is there.
///
/// Each scan is named by the device and its number: sent twice, in halves or out of order, it counts once.
#[utoipa::path(post, path = "/api/v1/gates/{gate}/scans", tag = "gates", request_body = BatchIn,
    params(("gate" = String, Path)), responses((status = 200, body = BatchOut), (status = "4XX", body = Problem)))]
pub(super) async fn scans(
    actor: Actor<MarkAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
    body: Json<BatchIn>,
) -> Result<axum::Json<BatchOut>, AppError> {
    let given = body.into_inner();
    if given.scans.len() > merge::MOST {
        return Err(GateError::TooMany(merge::MOST).into());
    }
    let heard: Arc<Heard> = app.kept.of::<Heard>();
    let asked = (given.revoked_after, given.moves_after);
    let identity = actor.clone();
    let name = slug.clone();
    let (gate, device, now) = app
        .db
        .read(move |tx| {
            let (gate, device) = store::device_of(tx, &identity, &name)?;
            Ok::<_, GateError>((gate, device, tx.now()))
        })
        .await?;
    let told = Told {
        at: now.min(given.sent),
        offset_ms: given.offset_ms,
        waiting: given.waiting,
        battery: given.battery.filter(|percent| *percent <= 100),
        list_known: given.revoked_after,
    };
    heard.tell(device.id, told);
    let due = heard.due(now);
    if let Some(due) = due {
        app.db.write(&Author::system("gates"), move |tx| store::heard(tx, &due)).await?;
    }
    let (one, id) = (given.scans.len() == 1, device.id);
    let results = if given.scans.is_empty() {
        Vec::new()
    } else {
        let (heard, gate) = (heard.clone(), gate.clone());
        app.db
            .write(actor.author(), move |tx| merge::merge(tx, (&gate, &device), &heard, &given.scans))
            .await?
    };
    let out = app
        .db
        .read(move |tx| {
            let mut out = answer(tx, &gate, &heard, asked, results)?;
            if let (true, Some(result)) = (one, out.results.first_mut()) {
                result.card = card_of(tx, &gate, (id, result.seq))?;
            }
            Ok::<_, GateError>(out)
        })
        .await?;
    Ok(axum::Json(out))
}

/// The person of a scan that was just taken in.
fn card_of(tx: &mut Tx<'_>, gate: &Gate, scan: (DeviceId, u64)) -> Result<Option<CardOut>, GateError> {
    let who: Option<Option<ParticipantId>> = tx.scalar(
        sql!("SELECT participant FROM gate_scan WHERE device = $1 AND seq = $2"),
        params![scan.0, scan.1],
    )?;
    let Some(who) = who.flatten() else { return Ok(None) };
    let Some(who) = roll::participant(tx, who)? else { return Ok(None) };
    let sessions = query::sessions_of(tx, &gate.slug)?;
    let now = tx.now();
    let session = session_at(&sessions, now);
    let events = match session {
        Some(session) => roll_call::events_of(tx, &session.slug, who.id)?,
        None => Vec::new(),
    };
    Ok(Some(query::card(&gate.slug, &who, session, &events, now)))
}

/// What the server would say to a scan, with nothing written down: for gates where nobody counts before the steward
/// presses.
#[utoipa::path(post, path = "/api/v1/gates/{gate}/looks", tag = "gates", request_body = ScanIn,
    params(("gate" = String, Path)), responses((status = 200, body = ScanOut), (status = "4XX", body = Problem)))]
pub(super) async fn look(
    actor: Actor<MarkAttendance>,
    State(app): State<App>,
    Path(slug): Path<String>,
    body: Json<ScanIn>,
) -> Result<axum::Json<ScanOut>, AppError> {
    let scan = body.into_inner();
    let heard: Arc<Heard> = app.kept.of::<Heard>();
    let identity = actor.clone();
    // The same decision as for a scan, in a transaction that is taken back: there is no second set of rules.
    let looked = app
        .db
        .write::<(), GateError, _>(actor.author(), move |tx| {
            let (gate, device) = store::device_of(tx, &identity, &slug)?;
            let done = merge::merge(tx, (&gate, &device), &heard, std::slice::from_ref(&scan))?;
            let Some(mut out) = done.value().first().cloned() else { return Err(GateError::NotFound) };
            out.card = card_of(tx, &gate, (device.id, scan.seq))?;
            if let Some(card) = out.card.as_mut().filter(|_| out.verdict == "admit") {
                // Not yet.
                (card.inside, card.since) = (false, None);
            }
            Err(GateError::Looked(Box::new(out)))
        })
        .await;
    match looked {
        Err(GateError::Looked(out)) => Ok(axum::Json(*out)),
        Err(error) => Err(error.into()),
        Ok(()) => Err(GateError::NotFound.into()),
    }
}
