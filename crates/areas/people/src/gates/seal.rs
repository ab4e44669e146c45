//! Records that only a scan opens.
//!
//! The key of a record is made of the digits of the person's own badge: HKDF-SHA-256 over the code, salted with the
//! pepper of the congress and the salt of the list. The signature in the code has 512 bits that nobody can guess, so
//! whoever holds the list but not the badge holds noise. The same step gives the name under which a record is found;
//! it changes with every list, so two lists cannot be laid side by side. `web/js/gate/open.js` is the other half, by
//! the browser's own cryptography.

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hkdf,
};

use super::GateError;

/// Bytes of the name under which a record is found.
pub const NAME: usize = 8;
/// Bytes of the key.
const KEY: usize = 32;

/// What a key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A record of a list.
    Record,
    /// A portrait.
    Photo,
}

impl Purpose {
    const fn label(self) -> &'static [u8] {
        match self {
            Self::Record => b"dienhong gate record\n",
            Self::Photo => b"dienhong gate photo\n",
        }
    }
}

struct Length(usize);
impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// The name and the key of what belongs to a badge.
pub struct Sealed {
    /// Where it is found.
    pub name: [u8; NAME],
    key: LessSafeKey,
}

impl Sealed {
    /// Of the digits of a badge, the pepper of the congress and the salt of what it is in.
    ///
    /// # Errors
    /// [`GateError::Seal`]; does not happen with keys of this length.
    pub fn of(purpose: Purpose, code: &str, pepper: &[u8; 32], salt: &[u8]) -> Result<Self, GateError> {
        let fault = |_| GateError::Seal;
        let secret = hkdf::Salt::new(hkdf::HKDF_SHA256, pepper).extract(code.as_bytes());
        let info = [purpose.label(), salt];
        let mut out = [0; NAME + KEY];
        secret.expand(&info, Length(NAME + KEY)).map_err(fault)?.fill(&mut out).map_err(fault)?;
        let (name, key) = out.split_first_chunk::<NAME>().ok_or(GateError::Seal)?;
        let key = UnboundKey::new(&AES_256_GCM, key).map_err(fault)?;
        Ok(Self { name: *name, key: LessSafeKey::new(key) })
    }

    /// Seals once. The key is of this badge and this salt alone, and seals one thing, so the nonce may be zero.
    ///
    /// # Errors
    /// [`GateError::Seal`].
    pub fn seal(&self, mut bytes: Vec<u8>) -> Result<Vec<u8>, GateError> {
        let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
        self.key.seal_in_place_append_tag(nonce, Aad::empty(), &mut bytes).map_err(|_| GateError::Seal)?;
        Ok(bytes)
    }

    /// Opens what was sealed.
    ///
    /// # Errors
    /// [`GateError::Seal`] for another badge, another salt or changed bytes.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, GateError> {
        let nonce = Nonce::assume_unique_for_key([0; NONCE_LEN]);
        let mut bytes = sealed.to_vec();
        let open = self.key.open_in_place(nonce, Aad::empty(), &mut bytes).map_err(|_| GateError::Seal)?;
        Ok(open.to_vec())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on shall stop")]
mod tests {
    use super::*;

    #[test]
    fn only_the_badge_itself_opens_its_record() {
        let pepper = [7; 32];
        let of = |code: &str, pepper: &[u8; 32], salt: &[u8]| {
            Sealed::of(Purpose::Record, code, pepper, salt).unwrap()
        };
        let mine = of("123456", &pepper, b"list 1");
        let sealed = mine.seal(b"Nguyen Van Thu".to_vec()).unwrap();
        assert_eq!(of("123456", &pepper, b"list 1").open(&sealed).unwrap(), b"Nguyen Van Thu");
        for other in [
            of("123457", &pepper, b"list 1"),
            of("123456", &[8; 32], b"list 1"),
            of("123456", &pepper, b"list 2"),
        ] {
            assert!(other.open(&sealed).is_err());
            assert_ne!(other.name, mine.name);
        }
        let photo = Sealed::of(Purpose::Photo, "123456", &pepper, b"list 1").unwrap();
        assert!(photo.open(&sealed).is_err());
    }
}
