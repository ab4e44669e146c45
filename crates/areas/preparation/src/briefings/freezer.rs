//! The clock that freezes figures at the cut-off, also for a cut-off that passed while the server was down: then
//! the figures say honestly at which moment they stand.

use std::time::Duration;

use platform::{app::App, audit::Author};

use super::{BriefingError, snapshot};

/// How often to look. The figures bear the moment at which they were frozen, so this is how late they are at most.
const EVERY: Duration = Duration::from_secs(15);

/// Looks for cut-offs that have come, until the task is aborted. On several nodes the first one freezes; the others
/// find nothing left to do.
pub async fn run(app: App) {
    let mut ticks = tokio::time::interval(EVERY);
    loop {
        ticks.tick().await;
        match tick(&app).await {
            Ok(0) => {}
            Ok(frozen) => tracing::info!(frozen, "figures frozen at their cut-off"),
            Err(error) => tracing::warn!(%error, "figures could not be frozen"),
        }
    }
}

/// Freezes what is due now; how many.
///
/// # Errors
/// [`BriefingError`].
pub async fn tick(app: &App) -> Result<usize, BriefingError> {
    // Reading first keeps the writer free for those who wait for it.
    let due = app.db.read(|tx| Ok::<_, BriefingError>(snapshot::due(tx)?)).await?;
    if due.is_empty() {
        return Ok(0);
    }
    app.db.write(&Author::system("briefings"), snapshot::freeze_due).await
}
