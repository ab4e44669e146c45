//! Puts the application together and serves it until it is told to stop.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use axum::{
    Router,
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use platform::{
    app::{self, App, Parts},
    audit::Author,
    clock::{self, Clock},
    congress,
    db::{Db, DbError, Migration, Options},
    files::Files,
    identity::{self, Actor, SessionId, SessionWatch},
    jobs::Jobs,
    live::{Hub, Limits, Nats},
    web::{CongressBrief, Site},
};
use print::PressRoom;
use thiserror::Error;
use tokio::net::TcpListener;

use crate::{
    config::{Config, ConfigError},
    nav, openapi,
};

/// Why the server cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The database.
    #[error("the database: {0}")]
    Db(#[from] DbError),
    /// The place for files.
    #[error("the files: {0}")]
    Files(String),
    /// The address is taken or not ours.
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, std::io::Error),
    /// The network.
    #[error("serving: {0}")]
    Serve(std::io::Error),
}

/// The tables of the whole product, in the order in which they stand on each other.
pub fn migrations() -> Vec<Migration> {
    [app::migrations(), people::migrations(), preparation::migrations()].concat()
}

/// Opens the database of a configuration, without a server around it.
///
/// # Errors
/// [`StartError`].
pub fn open_db(config: &Config, clock: Arc<dyn Clock>, hub: Option<Hub>) -> Result<Db, StartError> {
    config.make_folder()?;
    let options = Options { readers: config.readers, ..Options::default() };
    let url = config.database_url()?;
    Ok(Db::open(&url, &migrations(), clock, options, move |committed| {
        if let Some(hub) = &hub {
            hub.publish(committed);
        }
    })?)
}

/// An application ready to be served.
pub struct Server {
    /// The application.
    pub app: App,
    config: Config,
    site: Arc<Site>,
    listener: TcpListener,
    press: PressRoom,
}

impl Server {
    /// Opens everything that a configuration names.
    ///
    /// # Errors
    /// [`StartError`].
    pub async fn open(mut config: Config, clock: Arc<dyn Clock>, demo: bool) -> Result<Self, StartError> {
        let listen = |error| StartError::Listen(config.listen, error);
        let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
        // Port 0 means any free port: the address that people type needs the real one.
        config.listen = listener.local_addr().map_err(listen)?;
        let hub = Hub::new(clock.clone(), Limits::default());
        let db = open_db(&config, clock.clone(), Some(hub.clone()))?;
        let files_url = config.files_url();
        let files = match files_url.parse::<url::Url>() {
            Ok(url) => Files::open(&url, &config.data),
            Err(_) => Files::local(std::path::Path::new(&files_url)),
        }
        .map_err(|error| StartError::Files(error.to_string()))?;
        let congress = db.read(congress::store::find).await?;
        let public_url = config.public_url();
        let site = Arc::new(Site {
            congress: congress.as_ref().map_or_else(CongressBrief::default, |congress| CongressBrief {
                name: congress.name.clone(),
                short_name: congress.short_name.clone(),
            }),
            nav: nav::items(),
            hotline: [config.hotline.clone(), congress.map(|congress| congress.hotline).unwrap_or_default()]
                .into_iter()
                .find(|hotline| !hotline.is_empty()),
            https: public_url.scheme() == "https",
            now: Box::new(move || clock::local(clock.now())),
        });
        let settings =
            identity::Settings { client_header: config.client_header.clone(), ..Default::default() };
        let jobs = Jobs::new(db.clone(), hub.clone(), platform::jobs::Options::default());
        let app = App::new(Parts {
            db,
            config: app::Config {
                public_url,
                data: config.data.clone(),
                hotline: config.hotline.clone(),
                demo,
            },
            live: hub,
            jobs,
            files,
            identity: identity::State::new(settings),
            kept: platform::kept::Kept::default(),
        });
        Ok(Self { app, config, site, listener, press: PressRoom::new(print_pdf::press(), 2) })
    }

    /// All routes inside the frame of the product.
    pub fn router(&self) -> Router {
        let routes = Router::new()
            .route("/", get(home))
            .merge(identity::routes())
            .merge(platform::jobs::routes())
            .merge(preparation::tasks::pages::routes())
            .merge(preparation::decisions::routes())
            .merge(preparation::papers::routes())
            .merge(preparation::papers::check::routes())
            .merge(preparation::briefings::pages::routes())
            .merge(preparation::venues::pages::routes())
            .merge(people::attendance::routes())
            .merge(people::gates::routes())
            .merge(people::terminals::routes())
            .merge(people::printers::routes())
            .merge(people::printers::api::routes())
            .merge(people::badges::routes())
            .merge(people::accreditation::routes())
            .merge(people::vehicles::routes())
            .merge(people::seating::routes())
            .merge(people::intake::pages::routes())
            .merge(people::delegates::pages::routes())
            .merge(people::alternates::routes())
            .merge(people::letters::routes())
            .merge(people::credentials::routes())
            .merge(openapi::routes())
            .merge(identity::api())
            .merge(preparation::tasks::api::routes())
            .merge(preparation::venues::api::routes())
            .merge(preparation::papers::check_api::routes())
            .merge(preparation::briefings::api::routes())
            .merge(preparation::papers::api::routes())
            .merge(preparation::decisions::api::routes())
            .merge(people::attendance::api::routes())
            .merge(people::credentials::api::routes())
            .merge(people::gates::api::routes())
            .merge(people::terminals::api::routes())
            .merge(people::badges::api::routes())
            .merge(people::accreditation::api::routes())
            .merge(people::vehicles::api::routes())
            .merge(people::seating::api::routes())
            .merge(people::intake::api::routes())
            .merge(people::delegates::api::routes())
            .merge(people::delegates::writing::routes())
            .merge(people::delegates::twins_api::routes())
            .merge(people::alternates::api::routes())
            .merge(people::letters::api::routes())
            .layer(axum::Extension(self.press.clone()))
            .with_state(self.app.clone());
        let metrics = recorder();
        let operations = Router::new()
            // Terminals come from no page and carry no cookie: each proves itself, outside the guard of browsers.
            .merge(people::terminals::intake::routes())
            .route("/healthz", get(|| async { "ok\n" }))
            .route("/readyz", get(ready))
            .route("/metrics", get(move |peer, state| figures(peer, state, metrics.clone())))
            .with_state(self.app.clone());
        // Merged in this order, the answer to an unknown address is the one inside the frame.
        operations
            .merge(platform::web::finish(routes, self.site.clone()))
            .layer(axum::middleware::from_fn(observe))
            .layer(tower_http::timeout::RequestBodyTimeoutLayer::new(std::time::Duration::from_secs(30)))
    }

    /// Serves until SIGINT or SIGTERM; `listening` is called once the address is ours.
    ///
    /// # Errors
    /// [`StartError::Serve`].
    pub async fn serve(self, listening: impl FnOnce(SocketAddr)) -> Result<(), StartError> {
        let address = self.config.listen;
        if let Some(url) = self.config.nats.clone() {
            let installation = installation(&self.app.db).await?;
            self.app.live.join(Nats { url, installation });
        }
        let (watch, watching) = SessionWatch::start(&self.app);
        let ending = tokio::spawn(self.app.live.clone().end_dead(watch.subscribe(), |id: SessionId| id.0, {
            let db = self.app.db.clone();
            move |id| {
                let db = db.clone();
                async move { identity::is_live(&db, SessionId(id)).await.unwrap_or(true) }
            }
        }));
        preparation::tasks::pages::exchange::importing::register(&self.app.jobs);
        people::badges::prints::register(&self.app.jobs, &self.app, self.press.clone());
        people::letters::prints::register(&self.app.jobs, &self.app, self.press.clone());
        people::vehicles::prints::register(&self.app.jobs, &self.app, self.press.clone());
        self.app.jobs.start();
        let freezing = tokio::spawn(preparation::briefings::freezer::run(self.app.clone()));
        let erasing = tokio::spawn(people::gates::witness::run(self.app.clone()));
        let router = self.router().into_make_service_with_connect_info::<SocketAddr>();
        let app = self.app.clone();
        listening(address);
        let stop = {
            let app = app.clone();
            async move {
                stop_signal().await;
                tracing::info!("stopping: finishing what was begun");
                app.live.close();
            }
        };
        let served = axum::serve(self.listener, router).with_graceful_shutdown(stop).await;
        app.jobs.stop().await;
        if let Err(error) = identity::session::write_seen(&app).await {
            tracing::warn!(%error, "the use of sessions could not be written down");
        }
        freezing.abort();
        erasing.abort();
        watching.abort();
        ending.abort();
        served.map_err(StartError::Serve)
    }
}

/// Whoever keeps the register begins with it; everybody else with what waits for them.
async fn home(keeper: Option<Actor<preparation::tasks::ManageTasks>>) -> Redirect {
    Redirect::to(if keeper.is_some() { "/nhiem-vu" } else { "/viec-cua-toi" })
}

/// What nodes of one installation share and others do not: the congress's id.
async fn installation(db: &Db) -> Result<String, DbError> {
    let congress = db.read(congress::store::find).await?;
    Ok(congress.map_or_else(|| "empty".to_owned(), |congress| congress.id.to_string()))
}

async fn stop_signal() {
    let interrupted = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = interrupted => {}
                _ = terminated.recv() => {}
            }
        }
        Err(_) => {
            let _ = interrupted.await;
        }
    }
}

/// Ready when the database reads, its writer answers, and the disk takes bytes.
async fn ready(State(app): State<App>) -> Response {
    let read = app.db.read::<_, DbError, _>(platform::audit::store::size).await.map(drop);
    let writer = app.db.write::<_, DbError, _>(&Author::system("readyz"), |tx| tx.unchanged(())).await;
    let disk = disk_takes_bytes(app.config.data.join("ready.probe")).await;
    match read.and(writer).and(disk) {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::warn!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, [(header::RETRY_AFTER, "5")], "not ready\n").into_response()
        }
    }
}

/// Writes 64 KiB through to the disk and takes them away again: a full disk refuses them.
async fn disk_takes_bytes(probe: std::path::PathBuf) -> Result<(), DbError> {
    let written = tokio::task::spawn_blocking(move || {
        let result = std::fs::File::create(&probe).and_then(|mut file| {
            std::io::Write::write_all(&mut file, &[0; 64 << 10])?;
            file.sync_all()
        });
        // What is left of a probe is in nobody's way.
        let _ = std::fs::remove_file(&probe);
        result
    });
    match written.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(DbError::Unavailable(error.to_string())),
        Err(_) => Err(DbError::Panicked),
    }
}

/// Figures for Prometheus, to this machine only.
async fn figures(
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    State(app): State<App>,
    metrics: Option<PrometheusHandle>,
) -> Response {
    let Some(metrics) = metrics.filter(|_| peer.ip().is_loopback()) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let (writes, reads) = app.db.waiting();
    let (written, commits, read) = app.db.counts();
    #[allow(clippy::cast_precision_loss, reason = "figures for a chart")]
    for (name, value) in [("dienhong_db_waiting_writes", writes), ("dienhong_db_waiting_reads", reads)] {
        metrics::gauge!(name).set(value as f64);
    }
    for (name, value) in [
        ("dienhong_db_writes_total", written),
        ("dienhong_db_commits_total", commits),
        ("dienhong_db_reads_total", read),
    ] {
        metrics::counter!(name).absolute(value);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics.render()).into_response()
}

/// The recorder of this process; the first server of a process installs it, and all share it.
fn recorder() -> Option<PrometheusHandle> {
    static HANDLE: std::sync::OnceLock<Option<PrometheusHandle>> = std::sync::OnceLock::new();
    HANDLE.get_or_init(|| PrometheusBuilder::new().install_recorder().ok()).clone()
}

/// Counts and logs each request by its route, never by its address: an address may hold a secret.
async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let seconds = started.elapsed().as_secs_f64();
    let labels = [("method", method.to_string()), ("route", route.clone()), ("status", status.to_string())];
    metrics::counter!("dienhong_http_requests_total", &labels).increment(1);
    metrics::histogram!("dienhong_http_seconds", "route" => route.clone()).record(seconds);
    let id = response.headers().get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    tracing::info!(%method, route, status, millis = seconds * 1000.0, id, "request");
    response
}
