//! Private keys at rest: AES-256-GCM under a file of this installation that is no part of the database nor of its
//! backup. Who has the database alone signs nothing.

use std::{
    fs,
    io::{self, Read as _, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

use rand::RngCore as _;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::BadgeError;

/// Where the file stands under the installation's folder.
const FILE: &str = "badges.seal";

/// What seals and opens. Says nothing about itself.
#[derive(Clone)]
pub struct Seal([u8; 32]);

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// The seal of the installation in a folder, made when first needed, readable by its owner alone.
    ///
    /// # Errors
    /// [`BadgeError::Seal`].
    pub fn of(data: &Path) -> Result<Self, BadgeError> {
        let folder = data.join("keys");
        let path = folder.join(FILE);
        let fault = |error: io::Error| BadgeError::Seal(error.to_string());
        match fs::File::open(&path) {
            Ok(mut file) => {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).map_err(fault)?;
                let bytes = bytes.try_into().map_err(|_| BadgeError::Seal("not 32 bytes".to_owned()))?;
                Ok(Self(bytes))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(fault)?;
                let mut bytes = [0; 32];
                rand::rng().fill_bytes(&mut bytes);
                let made = fs::OpenOptions::new().write(true).create_new(true).mode(0o400).open(&path);
                match made {
                    Ok(mut file) => {
                        file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(fault)?;
                        Ok(Self(bytes))
                    }
                    // Another thread was quicker.
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Self::of(data),
                    Err(error) => Err(fault(error)),
                }
            }
            Err(error) => Err(fault(error)),
        }
    }

    /// A seal of these bytes: for tests.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    fn key(&self) -> Result<LessSafeKey, BadgeError> {
        let key = UnboundKey::new(&AES_256_GCM, &self.0).map_err(|_| BadgeError::Seal("key".to_owned()))?;
        Ok(LessSafeKey::new(key))
    }

    /// Seals a private key under its name.
    ///
    /// # Errors
    /// [`BadgeError::Seal`].
    pub fn seal(&self, name: &str, secret: &[u8; 32]) -> Result<Vec<u8>, BadgeError> {
        let mut nonce = [0; NONCE_LEN];
        rand::rng().fill_bytes(&mut nonce);
        let mut out = secret.to_vec();
        self.key()?
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(name.as_bytes()),
                &mut out,
            )
            .map_err(|_| BadgeError::Seal("sealing".to_owned()))?;
        Ok([&nonce[..], &out].concat())
    }

    /// Opens what was sealed under this name.
    ///
    /// # Errors
    /// [`BadgeError::Seal`] for another name, another seal or changed bytes.
    pub fn open(&self, name: &str, sealed: &[u8]) -> Result<[u8; 32], BadgeError> {
        let fault = || BadgeError::Seal(format!("{name} does not open"));
        let (nonce, rest) = sealed.split_first_chunk::<NONCE_LEN>().ok_or_else(fault)?;
        let mut bytes = rest.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let open =
            self.key()?.open_in_place(nonce, Aad::from(name.as_bytes()), &mut bytes).map_err(|_| fault())?;
        <[u8; 32]>::try_from(&*open).map_err(|_| fault())
    }
}
