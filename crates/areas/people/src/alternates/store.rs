//! The replacement with all that hangs on it, in one transaction.

use platform::{
    db::{DbError, Done, Tx, WriteTx},
    web::AppError,
};
use rules::badge::{BadgeAct, BadgeState};
use thiserror::Error;

use crate::{
    badges::{self, BadgeError, model::Badge},
    credentials::{self, CredentialError},
    delegates::{
        DelegateError, clean,
        model::{Participant, ParticipantId},
        replacing::{self, NewReplacement, Replacement},
    },
};

/// A refusal.
#[derive(Debug, Error)]
pub enum AlternateError {
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// The roll.
    #[error(transparent)]
    Roll(#[from] DelegateError),
    /// A badge.
    #[error(transparent)]
    Badge(#[from] BadgeError),
    /// The freezes.
    #[error(transparent)]
    Freeze(#[from] CredentialError),
}

impl From<AlternateError> for AppError {
    fn from(error: AlternateError) -> Self {
        match error {
            AlternateError::Db(error) => error.into(),
            AlternateError::Roll(error) => error.into(),
            AlternateError::Badge(error) => error.into(),
            AlternateError::Freeze(error) => error.into(),
        }
    }
}

/// What hangs on a replacement.
#[derive(Debug, Clone)]
pub struct Around {
    /// The live badge of who leaves: it is revoked.
    pub badge: Option<Badge>,
    /// The number of the last freeze; none while the roll was never frozen.
    pub freeze: Option<u32>,
}

/// What hangs on the replacement of somebody.
///
/// # Errors
/// Any [`DbError`].
pub fn around(tx: &mut Tx<'_>, leaver: &Participant) -> Result<Around, AlternateError> {
    Ok(Around {
        badge: badges::query::live(tx, leaver.id)?,
        freeze: credentials::store::freezes(tx)?.first().map(|freeze| freeze.no),
    })
}

/// What was done.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The line of the history.
    pub replacement: Replacement,
    /// The badge that was revoked, as it was before.
    pub revoked: Option<Badge>,
}

/// Replaces somebody and revokes their badge.
///
/// # Errors
/// Those of [`replacing::replace`] and of the badge.
pub fn replace(
    tx: &mut WriteTx<'_>,
    leaver: ParticipantId,
    new: &NewReplacement,
) -> Result<Done<Outcome>, AlternateError> {
    let done = replacing::replace(tx, leaver, new)?;
    let made = done.value();
    let revoked = badges::query::live(tx, leaver)?;
    if let Some(badge) = &revoked {
        let reason: String =
            format!("{}: {}", made.decision, made.reason).chars().take(clean::LONGEST).collect();
        // What was handed out is out there: it can still be taken back, and opens nothing until then.
        let act = if badge.state == BadgeState::Issued { BadgeAct::Replace } else { BadgeAct::Destroy };
        let _ = badges::store::act(tx, badge.id, act, &reason)?;
    }
    Ok(done.map(|replacement| Outcome { replacement, revoked }))
}
