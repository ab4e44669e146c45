//! Two people for one act: who asks is not who approves.
//!
//! An area asks with [`request`], a second person approves on `/phe-duyet` what was shown there, and the act
//! itself [`consume`]s the approval in the transaction that does it. An approval belongs to one act on one
//! object with one payload, lives five minutes unless the area says otherwise, and is used once.
//! Source: security reference 4.2 (ASVS 2.3.5).

use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{ApprovalId, Confidentiality, Error, Identity, Right, store};
use crate::{
    audit::Event,
    db::{DbError, Done, Tx, WriteTx},
    i18n::key,
    params, row, sql,
    web::AppError,
};

/// How long a second person has, unless the area says otherwise.
pub const LIFETIME: Duration = Duration::from_secs(5 * 60);

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Ask<'a> {
    /// The act, `area.verb`, as it will be recorded.
    pub act: &'static str,
    /// The area: who may [decide](Right::Decide) there may approve.
    pub area: &'static str,
    /// The kind of object.
    pub kind: &'static str,
    /// The object.
    pub object: &'a str,
    /// Everything the second person must see; shown as a table, bound by its hash.
    pub payload: &'a Value,
    /// How long the second person has.
    pub lifetime: Duration,
}

row! {
    /// A request for approval.
    #[derive(Debug, Clone, serde::Serialize, utoipa::ToSchema)]
    pub struct Approval {
        /// The id.
        #[schema(value_type = String, format = "uuid")]
        pub id: ApprovalId,
        /// The act.
        pub act: String,
        /// The area.
        pub area: String,
        /// The kind of object.
        pub object_kind: String,
        /// The object.
        pub object_id: String,
        /// What is shown to the second person.
        pub payload: Value,
        /// The hash of it.
        pub payload_hash: String,
        /// The subject of who asked.
        #[serde(skip)]
        pub requested_by: String,
        /// Their session.
        #[serde(skip)]
        pub requested_session: String,
        /// Their office.
        pub requested_office: String,
        /// When.
        #[schema(value_type = String, format = "date-time")]
        pub requested_at: Timestamp,
        /// Until when it can be approved and used.
        #[schema(value_type = String, format = "date-time")]
        pub expires: Timestamp,
        /// The subject of who decided.
        #[serde(skip)]
        pub decided_by: Option<String>,
        /// Their office.
        pub decided_office: Option<String>,
        /// When.
        #[schema(value_type = Option<String>, format = "date-time")]
        pub decided_at: Option<Timestamp>,
        /// What they decided.
        pub approved: Option<bool>,
        /// When it was used.
        #[schema(value_type = Option<String>, format = "date-time")]
        pub used_at: Option<Timestamp>,
    }
}

/// Who approved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApprovedBy {
    /// The office, for the record and for `approved_by` columns.
    pub office: String,
    /// When.
    pub at: Timestamp,
}

/// Why an approval was not given or does not count.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The database's own error.
    #[error(transparent)]
    Db(#[from] DbError),
    /// There is no such request for this act and object.
    #[error("no such approval")]
    Missing,
    /// Who asked may not approve.
    #[error("the same person")]
    SamePerson,
    /// The session that asked may not approve.
    #[error("the same session")]
    SameSession,
    /// The office may not decide in this area.
    #[error("not permitted")]
    NotPermitted,
    /// The act is not what was shown.
    #[error("the content changed")]
    Changed,
    /// The time is over.
    #[error("expired")]
    Expired,
    /// It was used.
    #[error("used")]
    Used,
    /// Nobody has approved yet.
    #[error("not approved")]
    Waiting,
    /// The second person refused, or it was decided before.
    #[error("decided")]
    Decided,
}

impl From<Refusal> for AppError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Db(error) => error.into(),
            Refusal::Missing => Self::not_found(),
            Refusal::NotPermitted => Self::forbidden().slug("approval-not-permitted"),
            Refusal::SamePerson => {
                Self::forbidden().because(key("identity-approval-same-person")).slug("same-person")
            }
            Refusal::SameSession => {
                Self::forbidden().because(key("identity-approval-same-session")).slug("same-session")
            }
            Refusal::Changed => {
                Self::conflict().because(key("identity-approval-changed")).slug("approval-changed")
            }
            Refusal::Expired => {
                Self::conflict().because(key("identity-approval-expired")).slug("approval-expired")
            }
            Refusal::Used => Self::conflict().because(key("identity-approval-used")).slug("approval-used"),
            Refusal::Waiting => {
                Self::conflict().because(key("identity-approval-waiting")).slug("approval-waiting")
            }
            Refusal::Decided => {
                Self::conflict().because(key("identity-approval-decided")).slug("approval-decided")
            }
        }
    }
}

/// The hash that binds an approval to what was shown; the order of keys does not matter.
pub fn payload_hash(payload: &Value) -> String {
    crate::hex(&Sha256::digest(sorted(payload).to_string()))
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        other => other.clone(),
    }
}

/// Asks for a second person's approval; the transaction's author is who asks.
///
/// # Errors
/// [`Error::Refused`] when nobody is signed in (the command line cannot be one of two); any [`DbError`].
pub fn request(tx: &mut WriteTx<'_>, ask: &Ask<'_>) -> Result<Done<ApprovalId>, Error> {
    let now = tx.now();
    let author = tx.author().clone();
    let (Some(subject), Some(session)) = (author.subject, author.session) else {
        return Err(Error::Refused(key("identity-approval-nobody")));
    };
    let id = ApprovalId(store::new_id(tx));
    let hash = payload_hash(ask.payload);
    tx.execute(
        sql!(
            "INSERT INTO approval(id, act, area, object_kind, object_id, payload, payload_hash, requested_by,
                                  requested_session, requested_office, requested_at, expires)
              VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        ),
        params![
            id,
            ask.act,
            ask.area,
            ask.kind,
            ask.object,
            *ask.payload,
            hash,
            subject,
            session,
            author.office,
            now,
            now + ask.lifetime
        ],
    )?;
    let event = Event::new("approval.requested", "approval", id)
        .topic("approvals")
        .data(json!({ "act": ask.act, "object": format!("{}:{}", ask.kind, ask.object), "payload": hash }));
    Ok(tx.record(event).with(id))
}

/// One request.
///
/// # Errors
/// Any [`DbError`].
pub fn find(tx: &mut Tx<'_>, id: ApprovalId) -> Result<Option<Approval>, DbError> {
    tx.query_opt(
        sql!(
            "SELECT id, act, area, object_kind, object_id, payload, payload_hash, requested_by, requested_session,
                    requested_office, requested_at, expires, decided_by, decided_office, decided_at, approved, used_at
               FROM approval WHERE id = $1"
        ),
        params![id],
    )
}

/// What waits for a second person, the soonest to expire first.
///
/// # Errors
/// Any [`DbError`].
pub fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Approval>, DbError> {
    let now = tx.now();
    tx.query(
        sql!(
            "SELECT id, act, area, object_kind, object_id, payload, payload_hash, requested_by, requested_session,
                    requested_office, requested_at, expires, decided_by, decided_office, decided_at, approved, used_at
               FROM approval WHERE decided_at IS NULL AND expires > $1 ORDER BY expires, id"
        ),
        params![now],
    )
}

/// Whether this person in this session may decide this request.
///
/// # Errors
/// The [`Refusal`] that would follow.
pub fn check(approval: &Approval, who: &Identity, now: Timestamp) -> Result<(), Refusal> {
    if !who.covers_area(&approval.area, Right::Decide, Confidentiality::Normal) {
        return Err(Refusal::NotPermitted);
    }
    if who.author().subject.as_deref() == Some(approval.requested_by.as_str()) {
        return Err(Refusal::SamePerson);
    }
    if who.door_id().to_string() == approval.requested_session {
        return Err(Refusal::SameSession);
    }
    if approval.used_at.is_some() {
        return Err(Refusal::Used);
    }
    if approval.decided_at.is_some() {
        return Err(Refusal::Decided);
    }
    if approval.expires <= now {
        return Err(Refusal::Expired);
    }
    Ok(())
}

/// Approves what was shown: `shown` is the hash that stood on the page.
///
/// # Errors
/// Any [`Refusal`].
pub fn approve(
    tx: &mut WriteTx<'_>,
    id: ApprovalId,
    who: &Identity,
    shown: &str,
) -> Result<Done<()>, Refusal> {
    decide(tx, id, who, shown, true)
}

/// Refuses it; the request is then over.
///
/// # Errors
/// Any [`Refusal`].
pub fn refuse(
    tx: &mut WriteTx<'_>,
    id: ApprovalId,
    who: &Identity,
    shown: &str,
) -> Result<Done<()>, Refusal> {
    decide(tx, id, who, shown, false)
}

fn decide(
    tx: &mut WriteTx<'_>,
    id: ApprovalId,
    who: &Identity,
    shown: &str,
    approved: bool,
) -> Result<Done<()>, Refusal> {
    let now = tx.now();
    let approval = find(tx, id)?.ok_or(Refusal::Missing)?;
    check(&approval, who, now)?;
    if approval.payload_hash != shown {
        return Err(Refusal::Changed);
    }
    let changed = tx.execute(
        sql!(
            "UPDATE approval SET decided_by = $2, decided_session = $3, decided_office = $4, decided_at = $5,
                                 approved = $6 WHERE id = $1 AND decided_at IS NULL"
        ),
        params![id, who.author().subject, who.door_id(), who.office.title, now, approved],
    )?;
    if changed != 1 {
        return Err(Refusal::Decided);
    }
    let act = if approved { "approval.given" } else { "approval.refused" };
    let event = Event::new(act, "approval", id)
        .topic("approvals")
        .data(json!({ "act": approval.act, "payload": approval.payload_hash }));
    Ok(tx.record(event).with(()))
}

/// Uses an approval for the act it was given for, in the transaction that does the act. Only who asked or who
/// approved can use it, once.
///
/// # Errors
/// Any [`Refusal`].
pub fn consume(
    tx: &mut WriteTx<'_>,
    id: ApprovalId,
    act: &str,
    (kind, object): (&str, &str),
    payload_hash: &str,
) -> Result<ApprovedBy, Refusal> {
    let now = tx.now();
    let approval = find(tx, id)?.ok_or(Refusal::Missing)?;
    if approval.act != act || approval.object_kind != kind || approval.object_id != object {
        return Err(Refusal::Missing);
    }
    if approval.payload_hash != payload_hash {
        return Err(Refusal::Changed);
    }
    if approval.used_at.is_some() {
        return Err(Refusal::Used);
    }
    if approval.expires <= now {
        return Err(Refusal::Expired);
    }
    let subject = tx.author().subject.clone();
    if subject.as_deref() != Some(approval.requested_by.as_str()) && subject != approval.decided_by {
        return Err(Refusal::Missing);
    }
    let (Some(office), Some(at), Some(approved)) =
        (approval.decided_office, approval.decided_at, approval.approved)
    else {
        return Err(Refusal::Waiting);
    };
    if !approved {
        return Err(Refusal::Decided);
    }
    let used = tx.execute(
        sql!("UPDATE approval SET used_at = $2 WHERE id = $1 AND used_at IS NULL"),
        params![id, now],
    )?;
    if used != 1 {
        return Err(Refusal::Used);
    }
    let _ =
        tx.record(Event::new("approval.used", "approval", id).topic("approvals").data(json!({ "act": act })));
    Ok(ApprovedBy { office, at })
}
