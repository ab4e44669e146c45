//! Storage in trouble: no receipt without the disk. Writes answer 503 with `Retry-After`, reads go on, and the
//! service recovers by itself when the disk is back.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use common::{Client, House, PROGRAM, Server, command, task};
use serde_json::json;

/// Long enough that the disk is soon full.
fn words(number: u32) -> String {
    format!("S{number:05} {}", "báo cáo ".repeat(400))
}

/// Reports until the server has no place left, then proves what a full disk must and must not do. Returns what
/// was acknowledged and what was refused.
fn until_full(server: &Server, client: &mut Client, path: &str) -> (Vec<u32>, Vec<u32>) {
    let (mut kept, mut refused) = (Vec::new(), Vec::new());
    for number in 0..3_000 {
        let answer = client.json("POST", path, &json!({ "percent": 40, "done": words(number) }));
        match answer.status {
            201 => kept.push(number),
            503 => {
                let wait: u32 = answer.header("retry-after").parse().expect("Retry-After in seconds");
                assert!((1..=120).contains(&wait));
                assert!(answer.header("content-type").starts_with("application/problem+json"));
                let text = answer.text();
                assert!(
                    !text.contains("sqlite") && !text.contains("/tmp") && !text.contains(".db"),
                    "{text}"
                );
                refused.push(number);
            }
            other => panic!("{other}: {}\n{}", answer.text(), server.log()),
        }
        if refused.len() == 20 {
            break;
        }
    }
    assert!(refused.len() == 20, "the disk was never full: {} kept", kept.len());
    // Reading goes on, for programs and people.
    for _ in 0..20 {
        assert_eq!(client.get("/api/v1/tasks").status, 200, "{}", server.log());
    }
    assert_eq!(server.client().get("/healthz").status, 200, "alive");
    (kept, refused)
}

/// Writes are taken again within a few seconds and without a restart; what was told stands, what was refused
/// does not.
fn recovers(house: &House, client: &mut Client, path: &str, kept: &[u32], refused: &[u32]) {
    let begun = Instant::now();
    loop {
        let answer = client.json("POST", path, &json!({ "percent": 41, "done": "lại ghi được" }));
        match answer.status {
            201 => break,
            503 if begun.elapsed() < Duration::from_secs(15) => thread::sleep(Duration::from_millis(100)),
            other => panic!("{other}: {}", answer.text()),
        }
    }
    println!(
        "{} kept, then {} refused; written again after {:?}",
        kept.len(),
        refused.len(),
        begun.elapsed()
    );
    let conn = house.sqlite();
    let there = |number: u32| -> i64 {
        let sql = "SELECT COUNT(*) FROM progress_report WHERE done LIKE ?1";
        conn.query_row(sql, [format!("S{number:05} %")], |row| row.get(0)).unwrap()
    };
    for number in kept {
        assert_eq!(there(*number), 1, "report {number} was acknowledged");
    }
    for number in refused {
        assert_eq!(there(*number), 0, "report {number} was refused");
    }
    let integrity: String = conn.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(integrity, "ok");
    house.verify();
}

fn prepare(house: &House, server: &Server) -> (Client, String) {
    let token = house.token("to-thu-ky", &["tasks:manage"]);
    let mut client = server.with_token(&token);
    let id = task(&mut client, "DB-01")["id"].as_str().unwrap().to_owned();
    (client, format!("/api/v1/tasks/{id}/reports"))
}

#[test]
fn a_file_that_cannot_grow_refuses_writes_and_recovers() {
    let house = House::filled();
    // No file of this process may grow beyond a limit, as on a file system with a quota. The signal that comes
    // with it is ignored, as a service manager would set it; what is left is the error of the write.
    let blocks = fs::metadata(house.file("dienhong.db")).unwrap().len() / 512 + 2_000;
    let mut serve = command("sh");
    serve.arg("-c").arg(format!("trap '' XFSZ; ulimit -S -f {blocks}; exec \"$0\" \"$@\"")).arg(PROGRAM);
    serve.args(["serve", "--no-signer", "--listen", "127.0.0.1:0", "--json"]).args(house.flags());
    serve.env("DIENHONG_LOG", "warn");
    let server = Server::start(serve).unwrap();
    let (mut client, path) = prepare(&house, &server);
    let (kept, refused) = until_full(&server, &mut client, &path);

    let pid = server.pid().to_string();
    let lifted = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status().unwrap();
    assert!(lifted.success());
    recovers(&house, &mut client, &path, &kept, &refused);
}

/// A file system of its own, if the machine lets us have one.
struct Mounted<'a>(&'a Path);

impl<'a> Mounted<'a> {
    fn new(path: &'a Path, options: &str) -> Option<Self> {
        fs::create_dir_all(path).unwrap();
        let done =
            Command::new("mount").args(["-t", "tmpfs", "-o", options, "tmpfs"]).arg(path).output().ok()?;
        if !done.status.success() {
            eprintln!(
                "skipped: no file system can be mounted here: {}",
                String::from_utf8_lossy(&done.stderr).trim()
            );
            return None;
        }
        Some(Self(path))
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[test]
fn a_full_disk_refuses_writes_and_recovers() {
    let house = House::empty();
    let Some(_mounted) = Mounted::new(house.path(), "size=24m") else { return };
    house.fill();
    // Something else takes nearly all of the disk.
    let ballast = house.file("ballast");
    let mut file = fs::File::create(&ballast).unwrap();
    let free = |path: &Path| -> u64 {
        let out = Command::new("df").args(["--output=avail", "-B1"]).arg(path).output().unwrap();
        String::from_utf8_lossy(&out.stdout).lines().nth(1).unwrap().trim().parse().unwrap()
    };
    let server = house.serve_with(&["--no-signer"], &[("DIENHONG_LOG", "warn")]);
    let (mut client, path) = prepare(&house, &server);
    let take = free(house.path()).saturating_sub(1 << 20);
    file.write_all(&vec![0; usize::try_from(take).unwrap()]).unwrap();
    let (kept, refused) = until_full(&server, &mut client, &path);
    // The health check that asks for the disk says so too.
    assert_eq!(server.client().get("/readyz").status, 503);
    // An upload is refused as well, and leaves nothing behind.
    let evidence = path.replace("/reports", "/evidence");
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.resize(3 << 20, b' ');
    // On a connection of its own, which a refusal closes.
    let answer = client.again().upload(&evidence, &[("kind", "van_ban"), ("note", "")], "a.pdf", &pdf);
    assert!(matches!(answer.status, 503 | 507), "{} {}", answer.status, answer.text());

    drop(file);
    fs::remove_file(&ballast).unwrap();
    recovers(&house, &mut client, &path, &kept, &refused);
}

#[test]
fn a_folder_that_cannot_be_written_is_named_at_the_start() {
    let house = House::filled();
    let data = house.path().to_string_lossy().into_owned();
    let script = r#"mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" && shift && exec "$@""#;
    let mut start = command("unshare");
    start.args([
        "-m",
        "sh",
        "-c",
        script,
        "sh",
        &data,
        PROGRAM,
        "serve",
        "--no-signer",
        "--listen",
        "127.0.0.1:0",
    ]);
    let done = start.args(house.flags()).output().unwrap();
    let err = String::from_utf8_lossy(&done.stderr);
    if err.contains("unshare") || err.contains("mount:") {
        eprintln!("skipped: no file system can be mounted here: {}", err.trim());
        return;
    }
    assert_eq!(done.status.code(), Some(1), "{err}");
    assert!(err.contains("dienhong: "), "{err}");
}
