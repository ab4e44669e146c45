//! A file of keys for a machine without a network: the root and the keys that sign, sealed by a passphrase.
//!
//! What is public (numbers, days, public halves, the root's public half) stands in the clear, so that keys are listed
//! without the passphrase; the seeds stand under AES-256-GCM with a key that Argon2id makes of the passphrase. The
//! public part is bound to the sealed one: a file in which a day was changed does not open.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::civil::Date;
use pass::{Congress, Key, KeyList, Malformed, Signer};
use rand::RngCore as _;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::keys;

/// What the file begins with.
const FORMAT: &str = "dienhong badge keys 1";
/// The shortest passphrase, in characters: six words of a list, or a long sentence.
const SHORTEST: usize = 16;
/// Argon2id: 64 MiB, three passes. The file may be in foreign hands for years.
const MEMORY: u32 = 64 * 1024;
const PASSES: u32 = 3;

/// Why a file of keys is not opened or written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum VaultError {
    /// Not such a file.
    #[error("this is no file of badge keys")]
    Unreadable,
    /// Another passphrase, or the file was changed.
    #[error("the passphrase does not open this file, or the file was changed")]
    Shut,
    /// Too short a passphrase.
    #[error("the passphrase needs {SHORTEST} characters or more")]
    Short,
    /// Days that cannot be.
    #[error("the days of the key cannot be")]
    Days,
    /// All sixteen numbers are used, or two keys count already on one of the days.
    #[error("no number is left, or two keys count already on one of these days")]
    Room,
    /// The machine.
    #[error("{0}")]
    Machine(String),
}

/// A key as it stands in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Its number, 0 to 15.
    pub id: u8,
    /// The public half, hexadecimal.
    pub public: String,
    /// The first day on which it counts.
    pub from: Date,
    /// The last.
    pub to: Date,
    /// Whether it was taken off the list.
    #[serde(default)]
    pub withdrawn: bool,
}

/// What stands in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Public {
    format: String,
    /// The mark of the congress, hexadecimal.
    pub congress: String,
    /// The public half of the root, hexadecimal: what gates are given.
    pub root: String,
    /// The sequence of the newest list that was signed.
    pub sequence: u32,
    /// The keys.
    pub keys: Vec<Listed>,
}

#[derive(Serialize, Deserialize)]
struct File {
    #[serde(flatten)]
    public: Public,
    salt: String,
    sealed: String,
}

/// The seeds, in memory only.
#[derive(Clone, Serialize, Deserialize)]
struct Seeds {
    root: [u8; 32],
    keys: Vec<[u8; 32]>,
}

/// An open file of keys. Says nothing of its secrets.
#[derive(Clone)]
pub struct Vault {
    /// What stands in the clear.
    pub public: Public,
    seeds: Seeds,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("public", &self.public).finish_non_exhaustive()
    }
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

fn bytes<const N: usize>(hex: &str) -> Option<[u8; N]> {
    let digits: Vec<u8> = hex
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(high << 4 | low),
            _ => None,
        })
        .collect::<Option<_>>()?;
    bytes.try_into().ok()
}

/// The mark of a congress as the server names it.
pub fn mark(hex: &str) -> Option<Congress> {
    bytes(hex).map(Congress)
}

/// A public half as the server names it.
pub fn public_half(hex: &str) -> Option<[u8; 32]> {
    bytes(hex)
}

fn stretched(passphrase: &str, salt: &[u8]) -> Result<LessSafeKey, VaultError> {
    let fault = |error: &dyn std::fmt::Display| VaultError::Machine(error.to_string());
    let params = Params::new(MEMORY, PASSES, 1, Some(32)).map_err(|error| fault(&error))?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.as_bytes(), salt, &mut key)
        .map_err(|error| fault(&error))?;
    let key = UnboundKey::new(&AES_256_GCM, &key).map_err(|error| fault(&error))?;
    Ok(LessSafeKey::new(key))
}

/// What stands in the clear of a file, without its passphrase: not believed by anybody who signs.
///
/// # Errors
/// [`VaultError::Unreadable`].
pub fn listed(text: &str) -> Result<Public, VaultError> {
    let file: File = serde_json::from_str(text).map_err(|_| VaultError::Unreadable)?;
    if file.public.format == FORMAT { Ok(file.public) } else { Err(VaultError::Unreadable) }
}

impl Vault {
    /// A new root, with no key yet.
    pub fn new(congress: Congress) -> Self {
        let root = random();
        Self {
            public: Public {
                format: FORMAT.to_owned(),
                congress: platform::hex(&congress.0),
                root: platform::hex(&Signer::new(0, &root).public()),
                sequence: 0,
                keys: Vec::new(),
            },
            seeds: Seeds { root, keys: Vec::new() },
        }
    }

    /// Opens a file.
    ///
    /// # Errors
    /// [`VaultError::Unreadable`], [`VaultError::Shut`].
    pub fn open(text: &str, passphrase: &str) -> Result<Self, VaultError> {
        let file: File = serde_json::from_str(text).map_err(|_| VaultError::Unreadable)?;
        if file.public.format != FORMAT {
            return Err(VaultError::Unreadable);
        }
        let salt = STANDARD.decode(&file.salt).map_err(|_| VaultError::Unreadable)?;
        let sealed = STANDARD.decode(&file.sealed).map_err(|_| VaultError::Unreadable)?;
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or(VaultError::Unreadable)?;
        let mut secret = rest.to_vec();
        let bound = serde_json::to_vec(&file.public).map_err(|_| VaultError::Unreadable)?;
        let open = stretched(passphrase, &salt)?
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(bound), &mut secret)
            .map_err(|_| VaultError::Shut)?;
        let seeds: Seeds = serde_json::from_slice(open).map_err(|_| VaultError::Shut)?;
        if seeds.keys.len() != file.public.keys.len() {
            return Err(VaultError::Shut);
        }
        Ok(Self { public: file.public, seeds })
    }

    /// The file, sealed anew.
    ///
    /// # Errors
    /// [`VaultError::Short`], [`VaultError::Machine`].
    pub fn seal(&self, passphrase: &str) -> Result<String, VaultError> {
        if passphrase.chars().count() < SHORTEST {
            return Err(VaultError::Short);
        }
        let fault = |error: &dyn std::fmt::Display| VaultError::Machine(error.to_string());
        let (salt, mut nonce) = (random(), [0; NONCE_LEN]);
        rand::rng().fill_bytes(&mut nonce);
        let bound = serde_json::to_vec(&self.public).map_err(|error| fault(&error))?;
        let mut secret = serde_json::to_vec(&self.seeds).map_err(|error| fault(&error))?;
        stretched(passphrase, &salt)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound), &mut secret)
            .map_err(|error| fault(&error))?;
        let file = File {
            public: self.public.clone(),
            salt: STANDARD.encode(salt),
            sealed: STANDARD.encode([&nonce[..], &secret].concat()),
        };
        serde_json::to_string_pretty(&file).map_err(|error| fault(&error))
    }

    /// Makes a key for some days; its number.
    ///
    /// # Errors
    /// [`VaultError::Days`], [`VaultError::Room`].
    pub fn add(&mut self, from: Date, to: Date) -> Result<u8, VaultError> {
        if from > to || keys::day(from).is_none() || keys::day(to).is_none() {
            return Err(VaultError::Days);
        }
        let counts = self.public.keys.iter().filter(|key| !key.withdrawn);
        let days: Vec<(Date, Date)> = counts.map(|key| (key.from, key.to)).collect();
        if keys::crowded(&days, from, to) {
            return Err(VaultError::Room);
        }
        // A number is never used twice: an old pass must not name a new key.
        let id = u8::try_from(self.public.keys.len()).ok().filter(|id| *id <= 15).ok_or(VaultError::Room)?;
        let seed = random();
        let public = platform::hex(&Signer::new(id, &seed).public());
        self.public.keys.push(Listed { id, public, from, to, withdrawn: false });
        self.seeds.keys.push(seed);
        Ok(id)
    }

    /// Takes a key off the list that is signed next; whether there was one.
    pub fn withdraw(&mut self, id: u8) -> bool {
        match self.public.keys.iter_mut().find(|key| key.id == id && !key.withdrawn) {
            Some(key) => {
                key.withdrawn = true;
                true
            }
            None => false,
        }
    }

    /// Signs the list of all keys that count as the next one of its sequence.
    ///
    /// # Errors
    /// [`VaultError::Unreadable`] when what stands in the clear cannot be a list.
    pub fn sign_list(&mut self) -> Result<SignedList, VaultError> {
        let sequence = self.public.sequence.saturating_add(1);
        let key = |listed: &Listed| {
            Some(Key {
                id: listed.id,
                public: bytes(&listed.public)?,
                from: keys::day(listed.from)?,
                to: keys::day(listed.to)?,
            })
        };
        let counts = self.public.keys.iter().filter(|listed| !listed.withdrawn);
        let keys = counts.map(key).collect::<Option<Vec<_>>>();
        let list = KeyList {
            congress: mark(&self.public.congress).ok_or(VaultError::Unreadable)?,
            sequence,
            keys: keys.ok_or(VaultError::Unreadable)?,
        };
        let signed = list
            .sign(&Signer::new(0, &self.seeds.root))
            .map_err(|error: Malformed| VaultError::Machine(error.to_string()))?;
        self.public.sequence = sequence;
        Ok(SignedList { root: self.public.root.clone(), signed: STANDARD.encode(signed) })
    }

    /// The newest key that counts on all these days.
    pub fn signer(&self, first: Date, last: Date) -> Option<Signer> {
        let all = self.public.keys.iter().zip(&self.seeds.keys).rev();
        let mut fits = all.filter(|(key, _)| !key.withdrawn && key.from <= first && last <= key.to);
        fits.next().map(|(key, seed)| Signer::new(key.id, seed))
    }
}

/// A list of keys on its way to the server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignedList {
    /// The public half of the root, hexadecimal.
    pub root: String,
    /// The list as the root has signed it, Base64.
    pub signed: String,
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use jiff::civil::date;

    const WORDS: &str = "sáu từ ngẫu nhiên khó đoán ra";

    #[test]
    fn a_file_opens_with_its_passphrase_alone_and_only_unchanged() {
        let mut vault = Vault::new(Congress([0x12, 0x34]));
        assert_eq!(vault.add(date(2025, 10, 1), date(2025, 10, 31)), Ok(0));
        assert_eq!(vault.add(date(2025, 10, 10), date(2025, 10, 20)), Ok(1));
        assert_eq!(vault.add(date(2025, 10, 20), date(2025, 10, 25)), Err(VaultError::Room));
        assert_eq!(vault.add(date(2025, 10, 2), date(2025, 10, 1)), Err(VaultError::Days));
        assert_eq!(vault.seal("ngắn"), Err(VaultError::Short));
        let text = vault.seal(WORDS).unwrap();
        assert_eq!(listed(&text).unwrap(), vault.public);
        let again = Vault::open(&text, WORDS).unwrap();
        assert_eq!(again.public, vault.public);
        let signer = again.signer(date(2025, 10, 13), date(2025, 10, 15)).unwrap();
        assert_eq!(platform::hex(&signer.public()), vault.public.keys[1].public);
        assert!(again.signer(date(2025, 10, 30), date(2025, 11, 1)).is_none());
        let mut without = again.clone();
        assert!(without.withdraw(1) && !without.withdraw(1) && !without.withdraw(9));
        let older = without.signer(date(2025, 10, 13), date(2025, 10, 15)).unwrap();
        assert_eq!(platform::hex(&older.public()), vault.public.keys[0].public);
        assert_eq!(without.add(date(2025, 10, 20), date(2025, 10, 25)), Ok(2), "no number is used twice");
        assert_eq!(Vault::open(&text, "sáu từ ngẫu nhiên khó đoán").unwrap_err(), VaultError::Shut);
        let changed = text.replace("2025-10-20", "2026-10-20");
        assert_eq!(Vault::open(&changed, WORDS).unwrap_err(), VaultError::Shut);
        assert_eq!(Vault::open("{}", WORDS).unwrap_err(), VaultError::Unreadable);
        // Nothing of a seed stands in the file.
        for seed in again.seeds.keys.iter().chain([&again.seeds.root]) {
            assert!(!text.contains(&platform::hex(seed)) && !text.contains(&STANDARD.encode(seed)));
        }
    }

    #[test]
    fn each_signed_list_counts_one_further() {
        let mut vault = Vault::new(Congress([0x12, 0x34]));
        vault.add(date(2025, 10, 1), date(2025, 10, 31)).unwrap();
        let root = public_half(&vault.public.root).unwrap();
        for sequence in 1..=2 {
            let list = vault.sign_list().unwrap();
            let open = KeyList::open(&STANDARD.decode(list.signed).unwrap(), &root).unwrap();
            assert_eq!(
                (open.sequence, open.keys.len(), open.congress),
                (sequence, 1, Congress([0x12, 0x34]))
            );
        }
    }
}
