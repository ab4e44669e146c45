//! Checkpoints: size and root of the tree as a C2SP signed note, signed with Ed25519.

use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_dalek::{Signer, Verifier};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::Hash;

/// The name under which this product's keys sign.
const NAME: &str = "dienhong";
const ALGORITHM: u8 = 1;

/// Why a note is not a checkpoint of this key.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// The text does not have the shape of a signed note.
    #[error("the checkpoint does not have the form of a signed note")]
    Form,
    /// No signature of the expected key fits.
    #[error("the checkpoint's signature does not fit the key {0}")]
    Signature(String),
    /// The key is not 32 bytes of base64.
    #[error("the key is not an Ed25519 key in base64")]
    Key,
}

/// The key that signs checkpoints; kept where the web process cannot read it.
pub struct SigningKey(ed25519_dalek::SigningKey);

/// The key that verifies them; printed, published, kept by witnesses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

/// Size and root of the log at some instant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Events covered.
    pub size: u64,
    /// Root over their leaves.
    pub root: Hash,
}

impl SigningKey {
    /// A key from 32 random bytes.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// Reads the key from its base64 text.
    ///
    /// # Errors
    /// [`CheckpointError::Key`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| CheckpointError::Key)?;
        Ok(Self::from_seed(bytes.try_into().map_err(|_| CheckpointError::Key)?))
    }

    /// The key as base64 text, for its file.
    pub fn to_text(&self) -> String {
        STANDARD.encode(self.0.to_bytes())
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Signs a checkpoint as a note.
    pub fn sign(&self, checkpoint: &Checkpoint) -> String {
        let body = checkpoint.body();
        let mut signature = self.verifying_key().id().to_vec();
        signature.extend(self.0.sign(body.as_bytes()).to_bytes());
        format!("{body}\n— {NAME} {}\n", STANDARD.encode(signature))
    }
}

impl VerifyingKey {
    /// Reads the key from its base64 text.
    ///
    /// # Errors
    /// [`CheckpointError::Key`].
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let bytes = STANDARD.decode(text.trim()).map_err(|_| CheckpointError::Key)?;
        let bytes = bytes.try_into().map_err(|_| CheckpointError::Key)?;
        ed25519_dalek::VerifyingKey::from_bytes(&bytes).map(Self).map_err(|_| CheckpointError::Key)
    }

    /// The key as base64 text.
    pub fn to_text(&self) -> String {
        STANDARD.encode(self.0.to_bytes())
    }

    fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(NAME)
            .chain_update([b'\n', ALGORITHM])
            .chain_update(self.0.to_bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Reads a note and checks that this key signed it.
    ///
    /// # Errors
    /// [`CheckpointError::Form`] or [`CheckpointError::Signature`].
    pub fn open(&self, note: &str) -> Result<Checkpoint, CheckpointError> {
        let (body, signatures) = note.split_once("\n\n").ok_or(CheckpointError::Form)?;
        let body = format!("{body}\n");
        let signed = signatures
            .lines()
            .filter_map(|line| line.strip_prefix(&format!("— {NAME} ")))
            .filter_map(|text| STANDARD.decode(text).ok())
            .any(|bytes| self.fits(&body, &bytes));
        if !signed {
            return Err(CheckpointError::Signature(self.to_text()));
        }
        Checkpoint::parse(&body).ok_or(CheckpointError::Form)
    }

    fn fits(&self, body: &str, signature: &[u8]) -> bool {
        let Some((id, signature)) = signature.split_at_checked(4) else { return false };
        let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
        id == self.id() && self.0.verify(body.as_bytes(), &signature).is_ok()
    }
}

impl Checkpoint {
    fn body(&self) -> String {
        format!("{NAME}/audit\n{}\n{}\n", self.size, STANDARD.encode(self.root))
    }

    fn parse(body: &str) -> Option<Self> {
        let mut lines = body.lines();
        if lines.next()? != format!("{NAME}/audit") {
            return None;
        }
        let size = lines.next()?.parse().ok()?;
        let root = STANDARD.decode(lines.next()?).ok()?.try_into().ok()?;
        Some(Self { size, root })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_the_signing_key_opens_its_note() {
        let key = SigningKey::from_seed([7; 32]);
        let checkpoint = Checkpoint { size: 40, root: [3; 32] };
        let note = key.sign(&checkpoint);
        assert_eq!(key.verifying_key().open(&note), Ok(checkpoint));
        let other = SigningKey::from_seed([8; 32]).verifying_key();
        assert!(matches!(other.open(&note), Err(CheckpointError::Signature(_))));
        assert!(key.verifying_key().open(&note.replace("\n40\n", "\n41\n")).is_err());
    }

    #[test]
    fn keys_survive_their_text() {
        let key = SigningKey::from_seed([9; 32]);
        assert_eq!(SigningKey::parse(&key.to_text()).unwrap().verifying_key(), key.verifying_key());
        assert_eq!(VerifyingKey::parse(&key.verifying_key().to_text()).unwrap(), key.verifying_key());
        assert_eq!(VerifyingKey::parse("x"), Err(CheckpointError::Key));
    }
}
