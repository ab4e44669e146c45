//! A house for tests: a fresh database of each kind, a clock that stands still, people who may do things.
//!
//! ```text
//! #[test]
//! fn a_task_is_assigned() {
//!     platform::testing::on_both(tasks::MIGRATIONS, async |house| {
//!         let seat = house.seat("Trưởng ban", &[("tasks", Right::Manage)]).await;
//!         let answer = house.call(&routes(), seat.get("/nhiem-vu")).await;
//!         assert_eq!(answer.status, 200);
//!     });
//! }
//! ```
//!
//! PostgreSQL is found at `DIENHONG_TEST_POSTGRES`, by default `postgres://postgres@127.0.0.1:5432/postgres`;
//! every house has a schema of its own, dropped at the end.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on shall stop"
)]

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use jiff::Timestamp;
use tower::ServiceExt as _;

use crate::{
    app::{App, Config, Parts},
    audit::{Author, Event},
    clock::FixedClock,
    db::{DatabaseUrl, Db, DbError, Migration, Options},
    files::Files,
    identity::{
        self, Confidentiality, Error, OfficeId, PersonId, Right, SessionId, UnitId,
        session::{self, Method as SignInMethod},
        store::{self, Holder, NewGrant, NewUnit},
    },
    jobs::Jobs,
    live::Hub,
    web::Site,
};

/// The instant at which every house stands at first: 26/09/2025 16:00 in Vietnam.
pub fn start() -> Timestamp {
    "2025-09-26T09:00:00Z".parse().expect("a fixed instant")
}

pub use crate::app::migrations;

/// An application over a fresh database; dereferences to its [`Db`].
#[derive(Clone)]
pub struct House {
    /// The application.
    pub app: App,
    /// Its clock.
    pub clock: FixedClock,
}

impl std::ops::Deref for House {
    type Target = Db;
    fn deref(&self) -> &Db {
        &self.app.db
    }
}

/// Someone signed in.
#[derive(Debug, Clone)]
pub struct Seat {
    /// The person.
    pub person: PersonId,
    /// The office acted for.
    pub office: OfficeId,
    /// Its unit.
    pub unit: UnitId,
    /// The session.
    pub session: SessionId,
    /// The value of the `Cookie` header.
    pub cookie: String,
}

/// What came back.
#[derive(Debug)]
pub struct Answered {
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: axum::http::HeaderMap,
    /// The body as text.
    pub text: String,
}

impl Answered {
    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {}", self.text))
    }
    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl House {
    /// Puts the clock forward.
    pub fn pass(&self, time: Duration) {
        use crate::clock::Clock as _;
        self.clock.set(self.clock.now() + time);
    }

    /// Someone signed in for a new office of a new unit, holding these rights everywhere.
    pub async fn seat(&self, title: &str, rights: &[(&str, Right)]) -> Seat {
        let (title, rights) = (title.to_owned(), owned(rights));
        self.write(&Author::cli(), move |tx| {
            let unit = NewUnit { name: title.clone(), short: title.clone(), ..NewUnit::default() };
            let unit = *store::create_unit(tx, &unit)?.value();
            let office = *store::create_office(tx, unit, &title, 0)?.value();
            let login = uuid::Uuid::new_v4().simple().to_string();
            let person = *store::create_person(tx, &login, "Nguyễn Văn Thử")?.value();
            let now = tx.now();
            let _ = store::assign(tx, person, office, now, None)?;
            give(tx, office, None, &rights)?;
            let lifetime = Duration::from_secs(16 * 3600);
            let done = session::begin(tx, person, Some(office), SignInMethod::Link, "test", lifetime, None)?;
            Ok::<_, Error>(done.map(|(session, secret)| Seat {
                person,
                office,
                unit,
                session,
                cookie: format!("dh={}", secret.text),
            }))
        })
        .await
        .expect("a seat")
    }

    /// Gives an office further rights in one unit, or everywhere.
    pub async fn grant(&self, office: OfficeId, unit: Option<UnitId>, rights: &[(&str, Right)]) {
        let rights = owned(rights);
        self.write(&Author::cli(), move |tx| {
            give(tx, office, unit, &rights)?;
            Ok::<_, Error>(tx.record(Event::new("test.granted", "office", office)).with(()))
        })
        .await
        .expect("a grant");
    }

    /// A second device of the same person and office.
    pub async fn second_device(&self, seat: &Seat) -> Seat {
        let (person, office) = (seat.person, seat.office);
        let lifetime = Duration::from_secs(16 * 3600);
        let (session, secret) = self
            .write(&Author::cli(), move |tx| {
                session::begin(tx, person, Some(office), SignInMethod::Link, "second", lifetime, None)
            })
            .await
            .expect("a session");
        Seat { session, cookie: format!("dh={}", secret.text), ..seat.clone() }
    }

    /// Sends a request through routes inside the whole frame of the product.
    pub async fn call(&self, routes: &Router<App>, request: Request<Body>) -> Answered {
        let router = crate::web::finish(routes.clone().with_state(self.app.clone()), Arc::new(Site::bare()));
        let response = router.oneshot(request).await.expect("routers do not fail");
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.expect("a body");
        Answered {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }
}

fn owned(rights: &[(&str, Right)]) -> Vec<(String, Right)> {
    rights.iter().map(|(area, right)| ((*area).to_owned(), *right)).collect()
}

fn give(
    tx: &mut crate::db::WriteTx<'_>,
    office: OfficeId,
    unit: Option<UnitId>,
    rights: &[(String, Right)],
) -> Result<(), Error> {
    for (area, right) in rights {
        let grant = NewGrant {
            holder: Holder::Office(office),
            unit,
            area: area.clone(),
            right: *right,
            confidentiality: Confidentiality::Internal,
            not_before: tx.now(),
            not_after: None,
            approved_by: None,
        };
        let _ = store::grant(tx, &grant)?;
    }
    Ok(())
}

/// A request of a stranger.
pub fn stranger(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder()
        .method(method)
        .uri(path)
        .header(header::HOST, "localhost")
        .header("sec-fetch-site", "same-origin")
}

impl Seat {
    fn builder(&self, method: Method, path: &str) -> axum::http::request::Builder {
        stranger(method, path).header(header::COOKIE, &self.cookie)
    }
    /// Reads a page.
    pub fn get(&self, path: &str) -> Request<Body> {
        self.builder(Method::GET, path).body(Body::empty()).expect("a request")
    }
    /// Sends a form.
    pub fn post(&self, path: &str, form: &[(&str, &str)]) -> Request<Body> {
        self.builder(Method::POST, path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form_text(form)))
            .expect("a request")
    }
    /// Sends JSON.
    pub fn json(&self, method: Method, path: &str, body: &serde_json::Value) -> Request<Body> {
        self.builder(method, path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request")
    }
}

/// A form as browsers send it.
pub fn form_text(form: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish()
}

/// Runs a test on SQLite and on PostgreSQL, each in a fresh house with the platform's tables and `area`'s.
///
/// # Panics
/// When the test fails, or a database cannot be had.
pub fn on_both<F>(area: &[Migration], test: F)
where
    F: AsyncFn(House),
{
    let runtime =
        || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let migrations = [&migrations(), area].concat();

    let folder = tempfile::tempdir().unwrap();
    let url = DatabaseUrl::Sqlite(folder.path().join("test.db"));
    runtime().block_on(test(
        house(&url, &migrations, folder.path()).unwrap_or_else(|error| panic!("SQLite: {error}")),
    ));

    let schema = Schema::make();
    runtime().block_on(test(
        house(&schema.url(), &migrations, folder.path())
            .unwrap_or_else(|error| panic!("PostgreSQL: {error}")),
    ));
}

/// An application over a database at `url`.
///
/// # Errors
/// Any [`DbError`] of opening it.
pub fn house(url: &DatabaseUrl, migrations: &[Migration], data: &std::path::Path) -> Result<House, DbError> {
    let clock = FixedClock::at(start());
    let live = Hub::new(Arc::new(clock.clone()), crate::live::Limits::default());
    let options = Options { readers: 2, ..Options::default() };
    let publish = live.clone();
    let db = Db::open(url, migrations, Arc::new(clock.clone()), options, move |committed| {
        publish.publish(committed)
    })?;
    let config = Config {
        public_url: "http://localhost".parse().expect("a fixed address"),
        data: data.to_owned(),
        hotline: String::new(),
        demo: false,
    };
    let jobs = Jobs::new(db.clone(), live.clone(), crate::jobs::Options::default());
    let files = Files::local(&data.join("files")).map_err(|error| DbError::Unavailable(error.to_string()))?;
    let app = App::new(Parts {
        db,
        config,
        live,
        jobs,
        files,
        identity: identity::State::default(),
        kept: crate::kept::Kept::default(),
    });
    Ok(House { app, clock })
}

/// A PostgreSQL schema of its own, dropped at the end.
pub struct Schema {
    base: String,
    name: String,
}

impl Schema {
    /// Makes a fresh schema.
    ///
    /// # Panics
    /// When PostgreSQL cannot be reached.
    pub fn make() -> Self {
        let base = std::env::var("DIENHONG_TEST_POSTGRES")
            .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned());
        let name = format!("dh_test_{}", uuid::Uuid::new_v4().simple());
        let schema = Self { base, name };
        schema.run(&format!("CREATE SCHEMA {}", schema.name)).expect("PostgreSQL for tests");
        schema
    }

    /// Where a house finds it.
    pub fn url(&self) -> DatabaseUrl {
        let mark = if self.base.contains('?') { '&' } else { '?' };
        DatabaseUrl::Postgres(format!("{}{mark}options=-c%20search_path%3D{}", self.base, self.name))
    }

    fn run(&self, sql: &str) -> Result<(), String> {
        let (base, sql) = (self.base.clone(), sql.to_owned());
        // The driver blocks: it may not run inside the runtime of a test.
        let run = std::thread::spawn(move || {
            let mut client =
                ::postgres::Client::connect(&base, ::postgres::NoTls).map_err(|e| e.to_string())?;
            client.batch_execute(&sql).map_err(|error| error.to_string())
        });
        run.join().unwrap_or_else(|_| Err("the driver panicked".to_owned()))
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        // A schema that stays behind disturbs nobody.
        let _ = self.run(&format!("SET lock_timeout='5s'; DROP SCHEMA {} CASCADE", self.name));
    }
}
