//! What the black-box tests share: the program as a process, a small HTTP client, databases to look into.

#![allow(
    dead_code,
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    unused_imports,
    reason = "tests stop where they cannot go on, and no file uses all of this"
)]

pub mod http;

use std::{
    io::{BufRead as _, BufReader, Read as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

pub use http::{Answer, Client, Events};

/// The program under test.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_dienhong");

/// How a command ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// Stops the test unless the command succeeded.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, 0, "stdout: {}\nstderr: {}", self.out, self.err);
        self
    }

    /// The standard output as JSON.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

/// A command without the settings of whoever runs the tests.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("DIENHONG_") {
            command.env_remove(name);
        }
    }
    command.stdin(Stdio::null());
    command
}

/// Runs the program to its end.
pub fn run(args: &[&str]) -> Ended {
    run_with(args, &[])
}

/// Runs the program to its end with variables of its own.
pub fn run_with(args: &[&str], env: &[(&str, &str)]) -> Ended {
    let done = command(PROGRAM).args(args).envs(env.iter().copied()).output().unwrap();
    Ended {
        code: done.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&done.stdout).into_owned(),
        err: String::from_utf8_lossy(&done.stderr).into_owned(),
    }
}

/// An installation: a folder, and where its database is.
pub struct House {
    folder: tempfile::TempDir,
    database: Option<String>,
}

impl House {
    /// An empty folder.
    pub fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: None }
    }

    /// An empty folder whose database is elsewhere.
    pub fn at(database: &str) -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: Some(database.to_owned()) }
    }

    /// A folder with the sample congress.
    pub fn filled() -> Self {
        let house = Self::empty();
        house.fill();
        house
    }

    /// Puts the sample congress in.
    pub fn fill(&self) {
        let done = self.run(&["demo", "--only-fill", "--today", "--json"]).ok();
        assert_eq!(done.json()["filled"], true);
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The flags that name this installation.
    pub fn flags(&self) -> Vec<String> {
        let mut flags = vec!["--data".to_owned(), self.path().to_string_lossy().into_owned()];
        if let Some(database) = &self.database {
            flags.extend(["--database".to_owned(), database.clone()]);
        }
        flags
    }

    /// Runs a command on this installation.
    pub fn run(&self, args: &[&str]) -> Ended {
        let flags = self.flags();
        let all: Vec<&str> = args.iter().copied().chain(flags.iter().map(String::as_str)).collect();
        run(&all)
    }

    /// A token of a person.
    pub fn token(&self, login: &str, scopes: &[&str]) -> String {
        let mut args = vec!["token", "add", "--login", login, "--name", "test"];
        for scope in scopes {
            args.extend(["--scope", scope]);
        }
        self.run(&args).ok().out.trim().to_owned()
    }

    /// The code of a fresh one-time link.
    pub fn code(&self, login: &str) -> String {
        let link = self.run(&["user", "link", "--login", login, "--json"]).ok().json();
        link["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned()
    }

    /// Makes a person of a new office with rights, as `tasks:read`.
    pub fn person(&self, login: &str, office: &str, grants: &[&str]) {
        let mut args = vec![
            "user",
            "add",
            "--login",
            login,
            "--name",
            "Nguyễn Văn Thử",
            "--unit",
            "Tổ thử",
            "--office",
            office,
        ];
        for grant in grants {
            args.extend(["--grant", grant]);
        }
        self.run(&args).ok();
    }

    /// Serves it without the signing process.
    pub fn serve(&self) -> Server {
        self.serve_with(&["--no-signer"], &[])
    }

    /// Serves it.
    pub fn serve_with(&self, args: &[&str], env: &[(&str, &str)]) -> Server {
        let mut serve = command(PROGRAM);
        serve.args(["serve", "--listen", "127.0.0.1:0", "--json"]).args(args).args(self.flags());
        serve.envs(env.iter().copied());
        Server::start(serve).unwrap_or_else(|error| panic!("the server does not start: {error}"))
    }

    /// The embedded database, to look into.
    pub fn sqlite(&self) -> rusqlite::Connection {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let conn = rusqlite::Connection::open_with_flags(self.file("dienhong.db"), flags).unwrap();
        conn.busy_timeout(Duration::from_secs(5)).unwrap();
        conn
    }

    /// Exports and verifies the audit log; how many events it has.
    #[track_caller]
    pub fn verify(&self) -> u64 {
        let out = self.file(&format!("log-{}.jsonl", uuid::Uuid::new_v4()));
        let path = out.to_string_lossy().into_owned();
        self.run(&["audit", "export", "--out", &path]).ok();
        let report = run(&["audit", "verify", &path, "--json"]).ok().json();
        std::fs::remove_file(out).unwrap();
        report["events"].as_u64().unwrap()
    }
}

/// A running server.
pub struct Server {
    child: Option<Child>,
    pub address: SocketAddr,
    /// What it said when it was ready.
    pub hello: Value,
    /// From the start of the process to the line that says it listens.
    pub took: Duration,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Starts a command that serves and waits for the line that says where; else what it wrote.
    pub fn start(mut command: Command) -> Result<Self, String> {
        let begun = Instant::now();
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let kept = log.clone();
        let reading = thread::spawn(move || {
            let mut line = Vec::new();
            while stderr.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
                kept.lock().unwrap().push_str(&String::from_utf8_lossy(&line));
                line.clear();
            }
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let took = begun.elapsed();
        let Ok(hello) = serde_json::from_str::<Value>(&line) else {
            let status = child.wait().unwrap();
            reading.join().unwrap();
            return Err(format!("{status}: {}", log.lock().unwrap()));
        };
        thread::spawn(move || stdout.read_to_end(&mut Vec::new()));
        let address = hello["listening"].as_str().unwrap().parse().unwrap();
        Ok(Self { child: Some(child), address, hello, took, log })
    }

    pub fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// A client of this server.
    pub fn client(&self) -> Client {
        Client::new(self.address)
    }

    /// Signs in with the code of a one-time link.
    #[track_caller]
    pub fn sign_in(&self, code: &str) -> Client {
        let mut client = self.client();
        let answer = client.form("/vao/ma", &[("ma", code), ("ve", "/tai-khoan")]);
        assert_eq!(answer.status, 303, "{}", answer.text());
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        assert!(cookie.starts_with("dh="), "{cookie}");
        client.cookie = Some(cookie);
        client
    }

    /// A client with a token.
    pub fn with_token(&self, token: &str) -> Client {
        let mut client = self.client();
        client.token = Some(token.to_owned());
        client
    }

    /// Everything it wrote to its log so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// kill -9.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Asks it to stop and waits; its exit code.
    pub fn stop(&mut self) -> Option<i32> {
        let mut child = self.child.take()?;
        let told = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
        assert!(told.success());
        let until = Instant::now() + Duration::from_secs(15);
        while Instant::now() < until {
            if let Some(status) = child.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        panic!("the server did not stop within 15 s of SIGTERM");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// PostgreSQL for tests.
pub fn postgres_url() -> String {
    std::env::var("DIENHONG_TEST_POSTGRES")
        .unwrap_or_else(|_| "postgres://postgres@127.0.0.1:5432/postgres".to_owned())
}

/// NATS for tests.
pub fn nats_url() -> String {
    std::env::var("DIENHONG_TEST_NATS").unwrap_or_else(|_| "nats://127.0.0.1:4222".to_owned())
}

/// A PostgreSQL schema of its own, dropped at the end.
pub struct Schema {
    base: String,
    name: String,
}

impl Schema {
    pub fn make() -> Self {
        let schema = Self { base: postgres_url(), name: format!("dh_box_{}", uuid::Uuid::new_v4().simple()) };
        let mut client =
            postgres::Client::connect(&schema.base, postgres::NoTls).expect("PostgreSQL for tests");
        client.batch_execute(&format!("CREATE SCHEMA {}", schema.name)).unwrap();
        schema
    }

    /// Where an installation finds it.
    pub fn url(&self) -> String {
        let mark = if self.base.contains('?') { '&' } else { '?' };
        format!("{}{mark}options=-c%20search_path%3D{}", self.base, self.name)
    }

    /// A connection to look into it.
    pub fn client(&self) -> postgres::Client {
        postgres::Client::connect(&self.url(), postgres::NoTls).unwrap()
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        if let Ok(mut client) = postgres::Client::connect(&self.base, postgres::NoTls) {
            // A schema that stays behind disturbs nobody.
            let _ =
                client.batch_execute(&format!("SET lock_timeout='5s'; DROP SCHEMA {} CASCADE", self.name));
        }
    }
}

/// The tables of an embedded database.
pub fn tables(conn: &rusqlite::Connection) -> Vec<String> {
    let mut statement = conn
        .prepare(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .unwrap();
    statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// A task by its code, as the API shows it.
#[track_caller]
pub fn task(client: &mut Client, code: &str) -> Value {
    let list = client.get(&format!("/api/v1/tasks?limit=500&q={code}"));
    assert_eq!(list.status, 200, "{}", list.text());
    let found = list.json()["items"].as_array().unwrap().iter().find(|task| task["code"] == code).cloned();
    found.unwrap_or_else(|| panic!("no task {code}: {}", list.text()))
}

/// A photograph of a green wall, 8 × 8 pixels, as PNG.
pub fn picture() -> Vec<u8> {
    vec![
        137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0,
        75, 109, 41, 220, 0, 0, 0, 17, 73, 68, 65, 84, 120, 156, 99, 136, 234, 177, 193, 138, 24, 134, 150,
        4, 0, 91, 236, 72, 129, 108, 34, 221, 182, 0, 0, 0, 0, 73, 69, 78, 68, 174, 66, 96, 130,
    ]
}
