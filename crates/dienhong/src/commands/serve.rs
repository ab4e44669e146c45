//! `dienhong serve`, and the signing process that runs beside it.
// words: data — the product's name

use std::{process::Stdio, sync::Arc};

use platform::clock::SystemClock;
use serde_json::json;

use super::{Failure, log, say};
use crate::{config::Config, server::Server};

/// Serves an installation until it is told to stop.
pub async fn serve(config: Config) -> Result<(), Failure> {
    log();
    let signer = signer(&config, 0)?;
    let server = Server::open(config, Arc::new(SystemClock), false).await?;
    let url = server.app.config.public_url.clone();
    let result = server
        .serve(|address| {
            say(&json!({ "listening": address, "url": url }), |_| {
                format!("Diên Hồng: {url} (listening on {address})")
            });
        })
        .await;
    stop(signer).await;
    Ok(result?)
}

/// Starts the process that signs the audit log every minute, unless another user runs it.
pub fn signer(config: &Config, ahead: i64) -> Result<Option<tokio::process::Child>, Failure> {
    if config.no_signer {
        return Ok(None);
    }
    let program = std::env::current_exe().map_err(Failure::other)?;
    let mut command = tokio::process::Command::new(program);
    command
        .arg("audit")
        .arg("sign")
        .arg("--every")
        .arg("60")
        .arg("--with-parent")
        .arg(format!("--ahead={ahead}"))
        .arg("--data")
        .arg(&config.data);
    if !config.database.is_empty() {
        // In the environment, where other users cannot read it: the address may hold a password.
        command.env("DIENHONG_DATABASE", &config.database);
    }
    command.stdin(Stdio::piped()).stdout(Stdio::null()).kill_on_drop(true);
    command.spawn().map(Some).map_err(Failure::other)
}

/// Ends the signing process that we started.
pub async fn stop(signer: Option<tokio::process::Child>) {
    if let Some(mut signer) = signer {
        // It ends by itself when its input closes.
        drop(signer.stdin.take());
        let waited = tokio::time::timeout(std::time::Duration::from_secs(3), signer.wait()).await;
        if waited.is_err() {
            let _ = signer.kill().await;
        }
    }
}
