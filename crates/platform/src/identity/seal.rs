//! State that travels through the browser and comes back unchanged: a challenge, a secret being enrolled.
//! It is sealed with a key of this installation, names its purpose and its owner, and expires.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sha2::Sha256;

use super::{Error, secret};
use crate::{
    app::App,
    audit::{Author, Event},
    db::DbError,
    params, sql,
};

/// The key of this installation, the same on every server; made when first needed.
///
/// # Errors
/// Any [`DbError`].
pub async fn key(app: &App) -> Result<[u8; 32], DbError> {
    let load = async || {
        let kept: Option<[u8; 32]> = app
            .db
            .read(|tx| tx.scalar(sql!("SELECT bytes FROM identity_key WHERE name = 'seal'"), &[]))
            .await?;
        if let Some(kept) = kept {
            return Ok(kept);
        }
        app.db
            .write(&Author::system("identity"), |tx| {
                let kept: Option<[u8; 32]> =
                    tx.scalar(sql!("SELECT bytes FROM identity_key WHERE name = 'seal'"), &[])?;
                if let Some(kept) = kept {
                    return tx.unchanged(kept);
                }
                let fresh = secret::random::<32>();
                tx.execute(sql!("INSERT INTO identity_key(name, bytes) VALUES('seal', $1)"), params![fresh])?;
                Ok(tx.record(Event::new("identity.key_made", "key", "seal")).with(fresh))
            })
            .await
    };
    app.identity.seal.get_or_try_init(load).await.copied()
}

fn mac(key: &[u8; 32], purpose: &str, owner: &str, body: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    for part in [purpose, owner, body] {
        mac.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        mac.update(part.as_bytes());
    }
    Some(mac)
}

/// Seals a value until `expires`.
///
/// # Errors
/// [`Error::Refused`] never; [`Error::SignIn`] when the value cannot be written as JSON.
pub fn seal(
    key: &[u8; 32],
    purpose: &str,
    owner: &str,
    value: &impl Serialize,
    expires: Timestamp,
) -> Result<String, Error> {
    let json = serde_json::to_vec(&(expires.as_millisecond(), value)).map_err(|_| Error::SignIn)?;
    let body = URL_SAFE_NO_PAD.encode(json);
    let tag = mac(key, purpose, owner, &body).ok_or(Error::SignIn)?.finalize().into_bytes();
    Ok(format!("{body}.{}", URL_SAFE_NO_PAD.encode(tag)))
}

/// Opens what was sealed for the same purpose and owner, if it is unchanged and in time.
pub fn open<T: DeserializeOwned>(
    key: &[u8; 32],
    purpose: &str,
    owner: &str,
    sealed: &str,
    now: Timestamp,
) -> Option<T> {
    let (body, tag) = sealed.split_once('.')?;
    let tag = URL_SAFE_NO_PAD.decode(tag).ok()?;
    mac(key, purpose, owner, body)?.verify_slice(&tag).ok()?;
    let json = URL_SAFE_NO_PAD.decode(body).ok()?;
    let (expires, value): (i64, T) = serde_json::from_slice(&json).ok()?;
    (now.as_millisecond() < expires).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_purpose_owner_and_time_open_a_seal() {
        let key = [7; 32];
        let now: Timestamp = "2025-09-26T09:00:00Z".parse().unwrap();
        let later = now + std::time::Duration::from_secs(300);
        let sealed = seal(&key, "a", "me", &"x", later).unwrap();
        let read = |key: &[u8; 32], purpose: &str, owner: &str, text: &str, at| {
            open::<String>(key, purpose, owner, text, at)
        };
        assert_eq!(read(&key, "a", "me", &sealed, now).as_deref(), Some("x"));
        assert_eq!(read(&[8; 32], "a", "me", &sealed, now), None);
        assert_eq!(read(&key, "b", "me", &sealed, now), None);
        assert_eq!(read(&key, "a", "you", &sealed, now), None);
        assert_eq!(read(&key, "a", "me", &sealed, later), None);
        assert_eq!(read(&key, "a", "me", &sealed.replacen('W', "X", 1), now), None);
    }
}
