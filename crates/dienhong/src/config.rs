//! Configuration: defaults, then `dienhong.toml`, then `DIENHONG_*`, then flags.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use clap::Args;
use figment::{
    Figment,
    providers::{Env, Format, Serialized, Toml},
};
use platform::db::DatabaseUrl;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use url::Url;

/// Where an installation keeps its things; the same flags on every command.
#[derive(Debug, Clone, Default, Args, Serialize)]
pub struct Flags {
    /// The folder of the installation: database, files, keys
    #[arg(long, value_name = "DIR", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<PathBuf>,
    /// Where the database is: sqlite:PATH or postgres://HOST/NAME [default: DIR/dienhong.db]
    #[arg(long, value_name = "URL", global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub database: Option<String>,
    /// A configuration file [default: DIR/dienhong.toml, if it is there]
    #[arg(long, value_name = "FILE", global = true)]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Machine-readable output
    #[arg(long, global = true)]
    #[serde(skip)]
    pub json: bool,
}

/// Flags of the commands that serve.
#[derive(Debug, Clone, Default, Args, Serialize)]
pub struct ServeFlags {
    /// Address and port to listen on [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR:PORT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<SocketAddr>,
    /// The address that people type [default: http:// and the listening address]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_url: Option<Url>,
    /// NATS server that carries changes between several nodes
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nats: Option<String>,
    /// Where files are kept: a folder or s3://BUCKET/PREFIX [default: DIR/files]
    #[arg(long, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub files: Option<String>,
    /// Do not start the process that signs the audit log: another user runs it
    #[arg(long)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_signer: bool,
}

/// The whole configuration.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The folder of the installation.
    pub data: PathBuf,
    /// Where the database is; empty for the embedded one in `data`.
    pub database: String,
    /// Address and port.
    pub listen: SocketAddr,
    /// The address that people type.
    pub public_url: Option<Url>,
    /// NATS, when several nodes run.
    pub nats: Option<String>,
    /// Where files are kept; empty for `data/files`.
    pub files: String,
    /// Whom people may call.
    pub hotline: String,
    /// Do not start the signing process.
    pub no_signer: bool,
    /// Readers of the database.
    pub readers: usize,
    /// The header in which a trusted proxy names the client.
    pub client_header: Option<String>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            data: PathBuf::from("dienhong-data"),
            database: String::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            nats: None,
            files: String::new(),
            hotline: String::new(),
            no_signer: false,
            readers: 4,
            client_header: None,
        }
    }
}

/// What is wrong with the configuration.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// A value cannot be read.
    #[error("{0}")]
    Value(Box<figment::Error>),
    /// The database's address cannot be read.
    #[error("{0}")]
    Database(String),
    /// The folder cannot be made.
    #[error("the folder {0}: {1}")]
    Folder(PathBuf, std::io::Error),
}

impl Config {
    /// Reads everything in its order.
    ///
    /// # Errors
    /// [`ConfigError::Value`] names the setting.
    pub fn load(flags: &Flags, serve: Option<&ServeFlags>) -> Result<Self, ConfigError> {
        let value = |error: figment::Error| ConfigError::Value(Box::new(error));
        let base = Figment::from(Serialized::defaults(Self::default()))
            .merge(Env::prefixed("DIENHONG_").ignore(&[
                "test_postgres",
                "test_nats",
                "cache",
                "log",
                "token",
            ]))
            .merge(Serialized::defaults(flags));
        let data: PathBuf = base.extract_inner("data").map_err(value)?;
        let file = flags.config.clone().unwrap_or_else(|| data.join("dienhong.toml"));
        if flags.config.is_some() && !file.exists() {
            return Err(ConfigError::Folder(file, std::io::ErrorKind::NotFound.into()));
        }
        let mut figment = Figment::from(Serialized::defaults(Self::default()))
            .merge(Toml::file(file))
            .merge(Env::prefixed("DIENHONG_").ignore(&[
                "test_postgres",
                "test_nats",
                "cache",
                "log",
                "token",
            ]))
            .merge(Serialized::defaults(flags));
        if let Some(serve) = serve {
            figment = figment.merge(Serialized::defaults(serve));
        }
        figment.extract().map_err(value)
    }

    /// Where the database is.
    ///
    /// # Errors
    /// [`ConfigError::Database`].
    pub fn database_url(&self) -> Result<DatabaseUrl, ConfigError> {
        if self.database.is_empty() {
            return Ok(DatabaseUrl::Sqlite(self.data.join("dienhong.db")));
        }
        self.database.parse().map_err(ConfigError::Database)
    }

    /// Where people reach the product.
    pub fn public_url(&self) -> Url {
        let fallback = || {
            // A host name, so that passkeys work on the machine itself.
            let host = if self.listen.ip().is_loopback() {
                "localhost".to_owned()
            } else {
                self.listen.ip().to_string()
            };
            let host = if host.contains(':') { format!("[{host}]") } else { host };
            format!("http://{host}:{}", self.listen.port())
        };
        self.public_url.clone().or_else(|| fallback().parse().ok()).unwrap_or_else(|| {
            // A socket address always makes an address.
            unreachable!("a socket address makes an address")
        })
    }

    /// Where files are kept.
    pub fn files_url(&self) -> String {
        if self.files.is_empty() {
            self.data.join("files").to_string_lossy().into_owned()
        } else {
            self.files.clone()
        }
    }

    /// Makes the folder of the installation, for its owner alone.
    ///
    /// # Errors
    /// [`ConfigError::Folder`].
    pub fn make_folder(&self) -> Result<(), ConfigError> {
        make_private(&self.data).map_err(|error| ConfigError::Folder(self.data.clone(), error))
    }
}

/// Makes a folder that only its owner can enter.
///
/// # Errors
/// Those of the file system.
pub fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
}
