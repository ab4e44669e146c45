//! Secrets: made from the system's randomness, shown once, kept as SHA-256.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::TryRngCore;
use sha2::{Digest, Sha256};

use crate::audit::Hash;

/// A secret as its owner gets it, with the hash that is kept.
#[derive(Clone)]
pub struct Secret {
    /// What the owner gets; never logged, never stored.
    pub text: String,
    /// What is stored.
    pub hash: Hash,
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Random bytes of the system; waits rather than returning weak ones.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    // The system's generator fails only where no secret could be made at all; going on would be worse.
    while rand::rngs::OsRng.try_fill_bytes(&mut bytes).is_err() {
        tracing::error!("the system gives no randomness; waiting for it");
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    bytes
}

/// The hash that is kept of a secret.
pub fn hash(text: &str) -> Hash {
    Sha256::digest(text.as_bytes()).into()
}

/// A 256-bit secret for a session.
pub fn session() -> Secret {
    with_text(URL_SAFE_NO_PAD.encode(random::<32>()))
}

/// A 256-bit secret for an API token, recognisable by scanners that look for leaked secrets.
pub fn token() -> Secret {
    with_text(format!("dh_{}", URL_SAFE_NO_PAD.encode(random::<32>())))
}

/// Letters and digits that are not mistaken for each other (Crockford's base 32).
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A 128-bit one-time code in groups of four, as it is printed and typed.
pub fn code() -> Secret {
    let bits = u128::from_be_bytes(random::<16>());
    let text: String = (0..26)
        .rev()
        .map(|at| char::from(ALPHABET[usize::try_from((bits >> (at * 5)) & 31).unwrap_or(0)]))
        .collect();
    let grouped = text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group).into_owned());
    Secret { hash: hash(&text), text: grouped.collect::<Vec<_>>().join("-") }
}

/// The hash of a typed code: case, spaces and hyphens do not matter, O is 0, I and L are 1.
pub fn typed_code(typed: &str) -> Hash {
    let text: String = typed
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '_'))
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect();
    hash(&text)
}

/// A random subject: what the audit log knows of a person.
pub fn subject() -> String {
    crate::hex(&random::<16>())
}

fn with_text(text: String) -> Secret {
    Secret { hash: hash(&text), text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_recognised_however_it_is_typed() {
        let secret = code();
        assert_eq!(secret.text.len(), 26 + 6);
        assert_eq!(typed_code(&secret.text), secret.hash);
        assert_eq!(typed_code(&secret.text.to_lowercase().replace('-', " ")), secret.hash);
        assert_eq!(typed_code(&secret.text.replace('0', "o").replace('1', "l")), secret.hash);
        assert_ne!(typed_code(&secret.text[1..]), secret.hash);
    }

    #[test]
    fn secrets_do_not_show_themselves() {
        assert_eq!(format!("{:?}", token()), "Secret");
        assert_ne!(token().text, token().text);
    }
}
