//! A supervisor's word: who was let in although the gate refused, why, and who stood there, signed by the device.
//!
//! The device has a key of its own that never leaves it; the server learned the public half when it joined. What is
//! signed is a short JSON text, kept as it was signed, so that anybody with the public key can check it later. The
//! picture of the moment is drawn anew like every picture, shown beside the word for a week after the session and then
//! erased (security reference 4.5: portraits). The word and its signature stay.

use std::time::Duration;

use jiff::Timestamp;
use platform::{
    app::App,
    audit::{Author, Event},
    db::{DbError, Done, Tx, WriteTx},
    files::{self, FileError, FileId, Stored},
    hex, params, row, sql,
};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{
    GateError, TOPIC,
    model::{Device, Scan},
};
use crate::{
    attendance::{
        TOPIC as ATTENDANCE,
        model::{EventId, Session},
    },
    delegates::{model::Participant, query as roll},
};

/// What stands before a statement when it is signed, so that the signature says nothing else.
const LABEL: &str = "dienhong word\n";
/// How long after a session the picture of a moment is shown.
pub const SHOWN: Duration = Duration::from_secs(7 * 24 * 3600);

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    device: String,
    seq: u64,
    at: Timestamp,
    reason: String,
    #[serde(default)]
    picture: Option<String>,
}

/// A word whose signature is right.
#[derive(Debug, Clone)]
pub struct Word {
    said: Statement,
    text: String,
    signature: Vec<u8>,
}

impl Word {
    /// Checks a word against the key of the device, and the picture against the word.
    ///
    /// # Errors
    /// [`GateError::Word`].
    pub fn read(
        device: &Device,
        text: String,
        signature: Vec<u8>,
        picture: Option<&[u8]>,
    ) -> Result<Self, GateError> {
        let key = device.public_key.as_deref().ok_or(GateError::Word)?;
        let signed = [LABEL.as_bytes(), text.as_bytes()].concat();
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key)
            .verify(&signed, &signature)
            .map_err(|_| GateError::Word)?;
        let said: Statement = serde_json::from_str(&text).map_err(|_| GateError::Word)?;
        let shown = picture.map(|bytes| hex(&Sha256::digest(bytes)));
        if said.device != device.id.to_string() || said.picture != shown || text.len() > 2000 {
            return Err(GateError::Word);
        }
        Ok(Self { said, text, signature })
    }
}

/// Keeps a word beside its scan; the same again changes nothing.
///
/// # Errors
/// [`GateError::NotFound`] while the scan has not come, [`GateError::Word`] when it says something else.
pub fn keep(
    tx: &mut WriteTx<'_>,
    device: &Device,
    word: &Word,
    picture: Option<&Stored>,
) -> Result<Done<()>, GateError> {
    let scan: Option<Scan> = tx.query_opt(
        sql!("SELECT * FROM gate_scan WHERE device = $1 AND seq = $2"),
        params![device.id, word.said.seq],
    )?;
    let scan = scan.ok_or(GateError::NotFound)?;
    // What the server decided happened when it decided; the device's own instant stands in the statement.
    let near = (scan.at.as_millisecond() - word.said.at.as_millisecond()).abs() < 600_000;
    if !scan.overridden || scan.reason != word.said.reason.trim() || !near {
        return Err(GateError::Word);
    }
    let kept: Option<i64> =
        tx.scalar(sql!("SELECT at FROM gate_witness WHERE scan = $1"), params![scan.id])?;
    if kept.is_some() {
        return Ok(tx.unchanged(())?);
    }
    let file: Option<FileId> = match picture {
        Some(stored) => Some(*files::store::add(tx, stored)?.value()),
        None => None,
    };
    tx.execute(
        sql!("INSERT INTO gate_witness(scan, statement, signature, picture, at) VALUES($1, $2, $3, $4, $5)"),
        params![scan.id, word.text, word.signature, file, tx.now()],
    )?;
    let mut event = Event::new("gate.word_kept", "gate_scan", scan.id)
        .topic(TOPIC)
        .data(json!({ "device": device.id, "picture": file.is_some() }));
    if let Some(session) = &scan.session {
        event = event.topic(format!("{ATTENDANCE}/{session}"));
    }
    Ok(tx.record(event).with(()))
}

/// Somebody a supervisor let in.
#[derive(Debug, Clone)]
pub struct LetIn {
    /// The scan.
    pub scan: Scan,
    /// Who.
    pub who: Option<Participant>,
    /// What the device is called.
    pub device: String,
    /// Whether the device signed for it.
    pub signed: bool,
    /// The picture of the moment.
    pub picture: Option<FileId>,
}

row! {
    struct Kept { scan: EventId, picture: Option<FileId> }
}

/// Whom supervisors let in to a session, the newest first.
///
/// # Errors
/// Any [`DbError`].
pub fn of_session(tx: &mut Tx<'_>, session: &str) -> Result<Vec<LetIn>, DbError> {
    let scans: Vec<Scan> = tx.query(
        sql!(
            "SELECT * FROM gate_scan WHERE session = $1 AND overridden = 1 AND opened = 1 ORDER BY at DESC, id DESC"
        ),
        params![session],
    )?;
    let kept: Vec<Kept> = tx.query(
        sql!(
            "SELECT w.scan, w.picture FROM gate_witness w JOIN gate_scan s ON s.id = w.scan WHERE s.session = $1"
        ),
        params![session],
    )?;
    let mut out = Vec::with_capacity(scans.len());
    for scan in scans {
        let who = match scan.participant {
            Some(who) => roll::participant(tx, who)?,
            None => None,
        };
        let word = kept.iter().find(|one| one.scan == scan.id);
        let device = super::query::device(tx, scan.device)?.map(|one| one.name).unwrap_or_default();
        out.push(LetIn {
            who,
            device,
            signed: word.is_some(),
            picture: word.and_then(|one| one.picture),
            scan,
        });
    }
    Ok(out)
}

/// The picture of a moment, while it may be shown.
///
/// # Errors
/// [`GateError::NotFound`].
pub fn picture(tx: &mut Tx<'_>, session: &Session, scan: EventId) -> Result<files::store::File, GateError> {
    if tx.now() > session.ends_at + SHOWN {
        return Err(GateError::NotFound);
    }
    let file: Option<Option<FileId>> = tx.scalar(
        sql!(
            "SELECT w.picture FROM gate_witness w JOIN gate_scan s ON s.id = w.scan
              WHERE w.scan = $1 AND s.session = $2"
        ),
        params![scan, session.slug],
    )?;
    let file = file.flatten().ok_or(GateError::NotFound)?;
    files::store::get(tx, file)?.ok_or(GateError::NotFound)
}

/// Why pictures were not erased; the next time tries again.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The storage.
    #[error(transparent)]
    File(#[from] FileError),
}

/// How often pictures are looked for whose time is over.
const EVERY: Duration = Duration::from_secs(3600);

/// Erases pictures whose time is over, until the task is aborted. Several nodes do each other no harm.
pub async fn run(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        match erase(&app).await {
            Ok(0) => {}
            Ok(erased) => tracing::info!(erased, "pictures of supervisors' words erased"),
            Err(error) => tracing::warn!(%error, "pictures of supervisors' words could not be erased"),
        }
    }
}

row! {
    struct Over { scan: EventId, picture: FileId }
}

/// Erases the pictures whose time is over: first the bytes, then what names them, so that nothing stays that nobody
/// knows of when this is cut short. How many.
///
/// # Errors
/// [`EraseError`].
pub async fn erase(app: &App) -> Result<usize, EraseError> {
    let over = app
        .db
        .read(|tx| {
            let since = tx.now() - SHOWN;
            let over: Vec<Over> = tx.query(
                sql!(
                    "SELECT w.scan, w.picture FROM gate_witness w JOIN gate_scan s ON s.id = w.scan
                       LEFT JOIN congress_session c ON c.slug = s.session
                      WHERE w.picture IS NOT NULL AND COALESCE(c.ends_at, w.at) < $1"
                ),
                params![since],
            )?;
            let mut out = Vec::with_capacity(over.len());
            for one in over {
                let hashes = match files::store::get(tx, one.picture)? {
                    Some(file) => files::store::alone(tx, &file)?,
                    None => Vec::new(),
                };
                out.push((one, hashes));
            }
            Ok::<_, EraseError>(out)
        })
        .await?;
    if over.is_empty() {
        return Ok(0);
    }
    for hash in over.iter().flat_map(|(_, hashes)| hashes) {
        app.files.remove(hash).await?;
    }
    let write = move |tx: &mut WriteTx<'_>| {
        for (one, _) in &over {
            tx.execute(sql!("UPDATE gate_witness SET picture = NULL WHERE scan = $1"), params![one.scan])?;
            files::store::remove(tx, one.picture)?;
        }
        let event = Event::new("gate.pictures_erased", "gate_scan", "all").topic(TOPIC);
        Ok(tx.record(event.data(json!({ "count": over.len() }))).with(over.len()))
    };
    app.db.write(&Author::system("gates"), write).await
}
