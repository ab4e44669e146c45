//! What a device says and hears: scans, a look before one counts, and whom else it must know of.

use axum::extract::{Path, State};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use platform::{
    api::Json,
    app::App,
    audit::Author,
    db::{Tx, WriteTx},
    hex,
    identity::Actor,
    kept::Latest,
    web::{AppError, Problem},
};
use serde::Serialize;

use crate::{
    attendance::MarkAttendance,
    gates::{
        GateError,
        heard::{ALONE_AFTER, Heard, Told},
        model::{BatchIn, Gate, ScanIn, ScanOut, session_at},
        query,
        scene::Scene,
        store::{self, merge},
    },
};

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

/// What a device is told besides its verdicts, as things stood before its scans were taken in.
fn news(
    tx: &mut Tx<'_>,
    (scene, gate): (&Scene, &Gate),
    heard: &Heard,
    given: &BatchIn,
) -> Result<BatchOut, GateError> {
    let now = tx.now();
    let delta = scene.revoked.since(given.revoked_after);
    let sessions = scene.sessions_of(&gate.slug);
    let session = session_at(&sessions, now);
    let since = given.moves_after.map(|at| at - OVERLAP);
    let (mut moves, mut moves_to) = (Vec::new(), now);
    if let Some(session) = session {
        match (since, given.moves_after) {
            (Some(since), Some(after)) if !given.scans.is_empty() && query::is_rush(tx, session, since)? => {
                moves_to = after;
            }
            _ => moves = query::moves(tx, session, since)?,
        }
    }
    let lanes = scene.lanes(gate.zone, heard, now);
    Ok(BatchOut {
        now,
        results: Vec::new(),
        revoked_to: delta.to,
        revocations: STANDARD.encode(delta.to_bytes()),
        moves: moves.iter().map(|(pass, inside)| (hex(pass), *inside)).collect(),
        moves_to,
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
    let (heard, latest) = (app.kept.of::<Heard>(), app.kept.of::<Latest<Scene>>());
    let (identity, own, kept) = (actor.clone(), heard.clone(), latest.clone());
    let (scene, gate, device, given, now, mut out) = app
        .db
        .read(move |tx| {
            let (scene, now) = (Scene::get(tx, &kept)?, tx.now());
            let (gate, device) = scene.device_of(&identity, &slug, now)?;
            let told = Told {
                at: now.min(given.sent),
                offset_ms: given.offset_ms,
                waiting: given.waiting,
                battery: given.battery.filter(|percent| *percent <= 100),
                list_known: given.revoked_after,
            };
            own.tell(device.id, told);
            // Beside one scan stands what was so before it, and what it changed itself.
            let out =
                (given.scans.len() <= 1).then(|| news(tx, (&scene, &gate), &own, &given)).transpose()?;
            Ok::<_, GateError>((scene, gate, device, given, now, out))
        })
        .await?;
    if let Some(due) = heard.due(now) {
        app.db.write(&Author::system("gates"), move |tx| store::heard(tx, &due)).await?;
    }
    let merged = if given.scans.is_empty() {
        None
    } else {
        let (scene, gate, heard, scans) = (scene.clone(), gate.clone(), heard.clone(), given.scans.clone());
        let write = move |tx: &mut WriteTx<'_>| merge::merge(tx, (&scene, &gate, &device), &heard, &scans);
        Some(app.db.write(actor.author(), write).await?)
    };
    let mut out = match out.take() {
        Some(out) => out,
        // After a batch the lane hears of what the batch itself changed.
        None => {
            app.db
                .read(move |tx| {
                    let scene = Scene::get(tx, &latest)?;
                    news(tx, (&scene, &gate), &heard, &given)
                })
                .await?
        }
    };
    if let Some(merged) = merged {
        out.results = merged.results;
        if let Some((pass, inside)) = merged.moved {
            let pass = hex(&pass);
            out.moves.retain(|(known, _)| *known != pass);
            out.moves.push((pass, inside));
        }
    }
    Ok(axum::Json(out))
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
    let (heard, latest) = (app.kept.of::<Heard>(), app.kept.of::<Latest<Scene>>());
    let identity = actor.clone();
    let (scene, gate, device) = app
        .db
        .read(move |tx| {
            let scene = Scene::get(tx, &latest)?;
            let (gate, device) = scene.device_of(&identity, &slug, tx.now())?;
            Ok::<_, GateError>((scene, gate, device))
        })
        .await?;
    // The same decision as for a scan, in a transaction that is taken back: there is no second set of rules.
    let looked = app
        .db
        .write::<(), GateError, _>(actor.author(), move |tx| {
            let done = merge::merge(tx, (&scene, &gate, &device), &heard, std::slice::from_ref(&scan))?;
            let Some(mut out) = done.value().results.first().cloned() else {
                return Err(GateError::NotFound);
            };
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
