//! The command line as an administrator meets it: help, exit codes, configuration, backup and restore, the audit
//! log, tokens and people.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use std::{
    collections::BTreeMap,
    fs,
    io::Read as _,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use common::{House, Schema, run, run_with, task};
use serde_json::json;

// ---------------------------------------------------------------- help and codes

#[test]
fn every_command_has_help_with_an_example() {
    let top = run(&["--help"]).ok().out;
    for word in [
        "Examples:",
        "Exit codes:",
        "serve",
        "demo",
        "backup",
        "restore",
        "audit",
        "token",
        "user",
        "people",
        "import",
        "export",
        "paper",
        "badge",
        "openapi",
    ] {
        assert!(top.contains(word), "{word} is missing in:\n{top}");
    }
    let mut without = Vec::new();
    for command in [
        "serve",
        "demo",
        "backup",
        "restore",
        "audit export",
        "audit verify",
        "audit sign",
        "token add",
        "token list",
        "token revoke",
        "user add",
        "user link",
        "user list",
        "user disable",
        "people import",
        "import",
        "export",
        "paper check",
        "badge keys new",
        "badge keys add",
        "badge keys withdraw",
        "badge keys list",
        "badge keys sign",
        "badge sign",
        "openapi",
    ] {
        let words: Vec<&str> = command.split(' ').chain(["--help"]).collect();
        let help = run(&words).ok().out;
        assert!(help.contains("--json") && help.contains("Usage:"), "{command}:\n{help}");
        if !help.contains("Example") || !help.contains(&format!("dienhong {command}")) {
            without.push(command);
        }
    }
    assert!(without.is_empty(), "no example in the help of: {without:?}");
}

#[test]
fn exit_codes_say_what_went_wrong() {
    let house = House::filled();
    let here = |name: &str| house.file(name).to_string_lossy().into_owned();
    let taken = here("taken.zip");
    fs::write(&taken, "x").unwrap();
    let nowhere = House::empty();

    for (args, code) in [
        (vec!["openapi"], 0),
        (vec!["user", "list"], 0),
        // A right that cannot be read.
        (vec!["token", "add", "--login", "to-thu-ky", "--name", "x", "--scope", "tasks"], 1),
        (vec!["no-such-command"], 2),
        (vec!["backup"], 2),
        (vec!["serve", "--listen", "nonsense"], 2),
        (vec!["paper", "check", &taken], 1),
        (vec!["paper", "check", "/no/such/paper.docx"], 4),
        (vec!["paper", "check", &taken, "--on", "31/02/2026"], 2),
        (vec!["paper", "check", &taken, "--body", "other"], 2),
        (vec!["restore", "--from", &taken], 3),
        (vec!["audit", "verify", &taken], 3),
        (vec!["token", "revoke", "0198c6b0-0000-7000-8000-000000000000"], 4),
        (vec!["user", "link", "--login", "nobody"], 4),
        (vec!["restore", "--from", "/no/such/archive.zip"], 4),
        (vec!["audit", "verify", "/no/such/log.jsonl"], 4),
        (vec!["backup", "--out", &taken], 5),
        (vec!["audit", "export", "--out", &taken], 5),
    ] {
        let done = house.run(&args);
        assert_eq!(done.code, code, "{args:?}\n{}\n{}", done.out, done.err);
        assert_eq!(done.err.is_empty(), code == 0, "{args:?} says why on stderr: {}", done.err);
        // A failure explains itself to a program as well.
        if !matches!(code, 0 | 2) {
            let told = house.run(&[args.as_slice(), &["--json"]].concat());
            assert_eq!(told.code, code);
            let problem: serde_json::Value = serde_json::from_str(told.err.trim()).unwrap();
            assert_eq!(problem["code"], code, "{problem}");
            assert!(problem["error"].as_str().is_some_and(|text| text.len() > 5), "{problem}");
        }
    }
    let done = nowhere.run(&["backup", "--out", &here("new.zip")]);
    assert_eq!(done.code, 4, "{}", done.err);
    assert!(!house.file("new.zip").exists());
}

#[test]
fn colour_is_off_where_nobody_sees_it_and_on_demand() {
    for env in [&[("NO_COLOR", "1")][..], &[]] {
        for args in [&["--help"][..], &["user", "list", "--data", "/proc/nowhere"], &["nonsense"]] {
            let done = run_with(args, env);
            assert!(
                !done.out.contains('\u{1b}') && !done.err.contains('\u{1b}'),
                "{args:?}: {}{}",
                done.out,
                done.err
            );
        }
    }
    let house = House::filled();
    let mut server = house.serve_with(&["--no-signer"], &[("NO_COLOR", "1"), ("DIENHONG_LOG", "debug")]);
    assert_eq!(server.client().get("/healthz").status, 200);
    assert_eq!(server.stop(), Some(0), "SIGTERM is a graceful end");
    assert!(!server.log().is_empty() && !server.log().contains('\u{1b}'));
}

#[test]
fn openapi_is_a_document_of_version_3_1() {
    let document = run(&["openapi"]).ok().json();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"), "{}", document["openapi"]);
    let paths = document["paths"].as_object().unwrap();
    assert!(paths.len() > 20 && paths.contains_key("/api/v1/tasks/{id}/reports"), "{:?}", paths.keys());
    // Every reference leads to something.
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#/").skip(1) {
        let pointer = format!("/{}", reference.split('"').next().unwrap());
        assert!(document.pointer(&pointer).is_some(), "{pointer} is not there");
    }
    // The server tells the same document.
    let house = House::filled();
    let served = house.serve().client().get("/api/v1/openapi.json");
    assert_eq!((served.status, served.json()), (200, document));
}

// ---------------------------------------------------------------- configuration

/// Whom the running server names as hotline on the sign-in page, and where it keeps its data.
fn hotline(house: &House, args: &[&str], env: &[(&str, &str)]) -> String {
    let server = house.serve_with(&[&["--no-signer"], args].concat(), env);
    server.hello["url"].as_str().unwrap().to_owned()
}

#[test]
fn a_flag_wins_over_the_environment_and_the_environment_over_the_file() {
    let house = House::filled();
    assert!(hotline(&house, &[], &[]).starts_with("http://localhost:"));
    fs::write(house.file("dienhong.toml"), "public_url = \"https://file.example\"\n").unwrap();
    assert_eq!(hotline(&house, &[], &[]), "https://file.example/");
    let env = [("DIENHONG_PUBLIC_URL", "https://env.example")];
    assert_eq!(hotline(&house, &[], &env), "https://env.example/");
    assert_eq!(hotline(&house, &["--public-url", "https://flag.example"], &env), "https://flag.example/");

    // A file named on the command line stands in for the one in the folder.
    let other = house.file("other.toml");
    fs::write(&other, "public_url = \"https://other.example\"\n").unwrap();
    assert_eq!(hotline(&house, &["--config", &other.to_string_lossy()], &[]), "https://other.example/");

    // The folder itself can come from the environment.
    let listed =
        run_with(&["user", "list", "--json"], &[("DIENHONG_DATA", &house.path().to_string_lossy())]).ok();
    assert_eq!(listed.json().as_array().unwrap().len(), 9);
}

#[test]
fn a_setting_that_nobody_knows_is_refused_by_name() {
    let house = House::filled();
    for (text, named) in
        [("publicurl = \"https://x.example\"\n", "publicurl"), ("readers = \"four\"\n", "readers")]
    {
        fs::write(house.file("dienhong.toml"), text).unwrap();
        let done = house.run(&["user", "list"]);
        assert_eq!(done.code, 1, "{}", done.out);
        assert!(done.err.contains(named), "{}", done.err);
    }
    fs::remove_file(house.file("dienhong.toml")).unwrap();
    let done = run_with(
        &["user", "list", "--data", &house.path().to_string_lossy()],
        &[("DIENHONG_NO_SUCH_SETTING", "1")],
    );
    assert_eq!(done.code, 1, "{}", done.out);
    assert!(done.err.contains("no_such_setting"), "{}", done.err);
    let done = house.run(&["user", "list", "--config", "/no/such/file.toml"]);
    assert_eq!(done.code, 1);
    assert!(done.err.contains("/no/such/file.toml"), "{}", done.err);
}

#[test]
fn an_address_that_is_taken_is_named() {
    let house = House::filled();
    let server = house.serve();
    let second = House::filled();
    let address = server.address.to_string();
    let done = second.run(&["serve", "--no-signer", "--listen", &address]);
    assert_eq!(done.code, 1);
    assert!(done.err.contains(&address), "{}", done.err);
}

// ---------------------------------------------------------------- the audit log

#[test]
fn the_log_is_exported_verified_and_a_changed_byte_named() {
    let house = House::filled();
    house.run(&["audit", "sign"]).ok();
    let log = house.file("log.jsonl");
    let path = log.to_string_lossy().into_owned();
    let exported = house.run(&["audit", "export", "--out", &path, "--json"]).ok().json();
    let events = exported["events"].as_u64().unwrap();
    assert!(events > 100, "{exported}");

    let sound = run(&["audit", "verify", &path, "--json"]).ok().json();
    assert_eq!(sound["events"], events);
    assert_eq!((&sound["checkpoints"], &sound["signed"]), (&json!(1), &json!(events - 1)));
    let key = house.file("keys/audit.pub");
    run(&["audit", "verify", &path, "--key", &key.to_string_lossy()]).ok();

    // The key of another house.
    let other = House::filled();
    other.run(&["audit", "sign"]).ok();
    let foreign = other.file("keys/audit.pub");
    let refused = run(&["audit", "verify", &path, "--key", &foreign.to_string_lossy()]);
    assert_eq!(refused.code, 3, "{}", refused.out);

    // One byte of one row.
    let text = fs::read_to_string(&log).unwrap();
    let row = events / 2;
    let mark = format!("{{\"seq\":{row},");
    let at = text.find(&mark).unwrap_or_else(|| panic!("{mark} in {}", &text[..400])) + mark.len();
    let at = at + text[at..].find("\\\"act\\\":\\\"").unwrap() + 10;
    let mut bytes = text.clone().into_bytes();
    bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
    fs::write(&log, bytes).unwrap();
    let refused = run(&["audit", "verify", &path]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains(&row.to_string()), "row {row}: {}", refused.err);

    // A whole row, and the end.
    let lines: Vec<&str> = text.lines().collect();
    for lines in [[&lines[..50], &lines[51..]].concat(), lines[..lines.len() - 3].to_vec()] {
        fs::write(&log, lines.join("\n")).unwrap();
        assert_eq!(run(&["audit", "verify", &path]).code, 3);
    }
}

#[test]
fn the_signing_key_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let house = House::filled();
    house.run(&["audit", "sign"]).ok();
    let mode = |name: &str| fs::metadata(house.file(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("keys/audit.key"), mode("keys")), (0o400, 0o700));
}

// ---------------------------------------------------------------- backup and restore

/// What an archive holds: rows per table as a sorted list, and the files.
fn contents(archive: &Path) -> (BTreeMap<String, Vec<String>>, BTreeMap<String, Vec<u8>>) {
    let mut zip = zip::ZipArchive::new(fs::File::open(archive).unwrap()).unwrap();
    let (mut tables, mut files) = (BTreeMap::<String, Vec<String>>::new(), BTreeMap::new());
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).unwrap();
        let name = entry.name().to_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        if name == "database.jsonl" {
            let mut table = String::new();
            for line in String::from_utf8(bytes).unwrap().lines() {
                if line.starts_with('{') {
                    table = line.to_owned();
                } else {
                    tables.entry(table.clone()).or_default().push(line.to_owned());
                }
            }
        } else if name != "manifest.json" {
            files.insert(name, bytes);
        }
    }
    for rows in tables.values_mut() {
        rows.sort();
    }
    (tables, files)
}

#[test]
fn a_backup_under_writes_restores_into_either_database() {
    let house = House::filled();
    let token = house.token("to-thu-ky", &["tasks:manage"]);
    let server = house.serve();
    let mut client = server.with_token(&token);
    let id = task(&mut client, "DB-01")["id"].as_str().unwrap().to_owned();
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89".to_vec();
    png.extend(b"\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82");
    let kept = client.upload(
        &format!("/api/v1/tasks/{id}/evidence"),
        &[("kind", "anh"), ("note", "ảnh hiện trường")],
        "ảnh.png",
        &png,
    );
    assert_eq!(kept.status, 201, "{}", kept.text());

    // Writers that do not pause while the backup is made.
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4)
        .map(|writer| {
            let (mut client, stop, id) = (client.again(), stop.clone(), id.clone());
            thread::spawn(move || {
                let mut done = 0;
                while !stop.load(Ordering::Relaxed) {
                    let body = json!({ "percent": 50, "done": format!("lần {done} của {writer}") });
                    let answer = client.json("POST", &format!("/api/v1/tasks/{id}/reports"), &body);
                    assert_eq!(answer.status, 201, "{}", answer.text());
                    done += 1;
                }
                done
            })
        })
        .collect();
    thread::sleep(std::time::Duration::from_millis(300));
    let archive = house.file("b.zip");
    let archive_name = archive.to_string_lossy().into_owned();
    let made = house.run(&["backup", "--out", &archive_name, "--json"]).ok().json();
    let now = house.verify();
    stop.store(true, Ordering::Relaxed);
    let written: u32 = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
    assert!(written > 20, "{written} writes beside the backup");
    assert!(made["events"].as_u64().unwrap() <= now);
    assert_eq!(made["files"], 1);
    let saved = contents(&archive);
    assert_eq!(saved.1.len(), 1, "the evidence is in the archive");

    // Nothing of the schema was forgotten: each table that has rows has them in the archive.
    let conn = house.sqlite();
    for table in common::tables(&conn) {
        let rows: i64 =
            conn.query_row(&format!("SELECT COUNT(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        let in_archive = saved.0.keys().any(|head| head.contains(&format!("\"table\":\"{table}\"")));
        assert!(rows == 0 || in_archive || table == "schema_migration", "{table} is not in the archive");
    }

    // Into SQLite.
    let second = House::empty();
    second.run(&["restore", "--from", &archive_name]).ok();
    let again = second.file("again.zip");
    second.run(&["backup", "--out", &again.to_string_lossy()]).ok();
    assert_eq!(contents(&again), saved, "SQLite → SQLite");
    assert_eq!(second.verify(), made["events"].as_u64().unwrap());
    let refused = second.run(&["restore", "--from", &archive_name]);
    assert_eq!(refused.code, 5, "what is there is not overwritten: {}", refused.err);

    // Into PostgreSQL, and from there back into SQLite.
    let schema = Schema::make();
    let third = House::at(&schema.url());
    third.run(&["restore", "--from", &archive_name]).ok();
    let from_postgres = third.file("pg.zip");
    third.run(&["backup", "--out", &from_postgres.to_string_lossy()]).ok();
    assert_eq!(contents(&from_postgres), saved, "SQLite → PostgreSQL");
    assert_eq!(third.verify(), made["events"].as_u64().unwrap());
    let refused = third.run(&["restore", "--from", &archive_name]);
    assert_eq!(refused.code, 5, "{}", refused.err);
    let fourth = House::empty();
    fourth.run(&["restore", "--from", &from_postgres.to_string_lossy()]).ok();
    let back = fourth.file("back.zip");
    fourth.run(&["backup", "--out", &back.to_string_lossy()]).ok();
    assert_eq!(contents(&back), saved, "PostgreSQL → SQLite");

    // What was restored can be served and written to.
    for house in [&second, &third] {
        let server = house.serve();
        let mut client = server.with_token(&token);
        let reports = client.get(&format!("/api/v1/tasks/{id}/reports"));
        assert_eq!(reports.status, 200);
        assert!(reports.text().contains("lần 0 của"), "{}", reports.text());
        let body = json!({ "percent": 51, "done": "sau khôi phục" });
        assert_eq!(client.json("POST", &format!("/api/v1/tasks/{id}/reports"), &body).status, 201);
        house.verify();
    }
}

#[test]
fn a_broken_archive_is_told_and_leaves_nothing() {
    let house = House::filled();
    let archive = house.file("whole.zip");
    house.run(&["backup", "--out", &archive.to_string_lossy()]).ok();
    let whole = fs::read(&archive).unwrap();
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 0x55;
    for (what, bytes) in [
        ("cut", whole[..whole.len() / 2].to_vec()),
        ("flipped", flipped),
        ("no archive", b"PK but no more".to_vec()),
        ("empty", Vec::new()),
    ] {
        let broken = house.file("broken.zip");
        fs::write(&broken, bytes).unwrap();
        let target = House::empty();
        let done = target.run(&["restore", "--from", &broken.to_string_lossy()]);
        assert_eq!(done.code, 3, "{what}: {}", done.err);
        // The folder can still take the whole archive.
        target.run(&["restore", "--from", &archive.to_string_lossy()]).ok();
    }
}

// ---------------------------------------------------------------- tokens and people

#[test]
fn a_token_works_until_it_is_revoked() {
    let house = House::filled();
    let made = house.run(&[
        "token",
        "add",
        "--login",
        "to-thu-ky",
        "--name",
        "báo cáo tuần",
        "--scope",
        "tasks:read",
        "--json",
    ]);
    let made = made.ok().json();
    let (id, token) = (made["id"].as_str().unwrap(), made["token"].as_str().unwrap());
    assert!(token.starts_with("dh_") && token.len() > 40);
    let listed = house.run(&["token", "list", "--json"]).ok();
    assert!(listed.out.contains(id) && !listed.out.contains(token), "the secret is shown once");

    let server = house.serve();
    let mut client = server.with_token(token);
    assert_eq!(client.get("/api/v1/tasks").status, 200);
    let too_much = client.json("POST", "/api/v1/plans", &json!({ "code": "X", "title": "X" }));
    assert_eq!(too_much.status, 403, "its scope is to read");
    // From the command line, while the server runs.
    house.run(&["token", "revoke", id]).ok();
    assert_eq!(client.get("/api/v1/tasks").status, 401);
    assert_eq!(house.run(&["token", "revoke", id]).code, 4, "a token that is over is no longer there");
    for wrong in ["dh_wrong", "", "x", "dh_"] {
        assert_eq!(server.with_token(wrong).get("/api/v1/tasks").status, 401, "{wrong}");
    }
}

#[test]
fn people_are_added_linked_and_disabled() {
    let house = House::filled();
    house.person("nv.thu", "Chuyên viên", &["tasks:read"]);
    let listed = house.run(&["user", "list", "--json"]).ok().json();
    let found = listed.as_array().unwrap().iter().find(|row| row["login"] == "nv.thu").unwrap();
    assert_eq!((&found["offices"][0], &found["disabled"]), (&json!("Chuyên viên"), &json!(false)));
    assert_eq!(
        house.run(&["user", "add", "--login", "nv.thu", "--name", "x", "--unit", "u", "--office", "o"]).code,
        1,
        "a login is one person's"
    );

    let server = house.serve();
    let code = house.code("nv.thu");
    let mut client = server.sign_in(&code);
    assert_eq!(client.get("/nhiem-vu").status, 200);
    let token = house.token("nv.thu", &["tasks:read"]);
    let mut program = server.with_token(&token);
    assert_eq!(program.get("/api/v1/tasks").status, 200);

    house.run(&["user", "disable", "--login", "nv.thu"]).ok();
    assert_eq!(client.get("/nhiem-vu").status, 303, "sent to the sign-in");
    assert_eq!(program.get("/api/v1/tasks").status, 401);
    let link = house.run(&["user", "link", "--login", "nv.thu", "--json"]);
    if link.code == 0 {
        let code = link.json()["link"].as_str().unwrap().split_once('#').unwrap().1.to_owned();
        assert_ne!(
            server.client().form("/vao/ma", &[("ma", &code)]).status,
            303,
            "a disabled person cannot come in"
        );
    }
    house.verify();
}

/// The roll from a file: first what it would do, then all of it or nothing, then nothing new.
#[test]
fn the_roll_is_read_from_a_file() {
    let house = House::filled();
    let file = house.file("roll.csv");
    let path = file.to_str().unwrap();
    let people = || {
        let conn = house.sqlite();
        conn.query_row("SELECT COUNT(*) FROM participant", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    let before = people();
    fs::write(
        &file,
        "Họ và tên,Diện tham dự,Loại đại biểu\nNguyễn Văn Mẫu,Đại biểu,Được bầu\nTrần 2,Khách mời,\n",
    )
    .unwrap();
    let looked = house.run(&["people", "import", path, "--dry-run", "--json"]);
    assert_eq!(looked.code, 3, "{}", looked.out);
    let line = looked.out.lines().next().unwrap();
    let seen: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!((&seen["wrong_rows"], &seen["added"].as_array().unwrap().len()), (&json!(1), &1));
    assert_eq!(house.run(&["people", "import", path]).code, 3, "a wrong row was taken");
    assert_eq!(people(), before);
    let dry = house.run(&["people", "import", path, "--dry-run", "--leave-wrong"]).ok();
    assert!(dry.out.contains("+  Nguyễn Văn Mẫu") && dry.out.contains("1 new"), "{}", dry.out);
    assert_eq!(people(), before, "looking changed something");
    let done = house.run(&["people", "import", path, "--leave-wrong", "--json"]).ok().json();
    assert_eq!(done, json!({ "added": 1, "changed": 0, "unchanged": 0, "left_out": 1 }));
    assert_eq!(people(), before + 1);
    assert_eq!(house.run(&["people", "import", "/nowhere.xlsx"]).code, 4);
    assert_eq!(house.run(&["people", "import", path, "--category", "vua"]).code, 2);
    house.verify();
}

/// A paper of ours keeps its rule; a slip is named with its clause; a corrected copy never replaces the original.
#[test]
fn a_paper_is_held_to_its_rule() {
    use print::{BodyKind, Kind, docx, specimen};

    let house = House::empty();
    let file = |name: &str| house.file(name).to_string_lossy().into_owned();
    let (clean, wrong, copy) = (file("dung.docx"), file("sai.docx"), file("da-sua.docx"));
    let mut paper = specimen::paper(Kind::Notice, BodyKind::Party, jiff::civil::date(2026, 9, 5));
    fs::write(&clean, docx::write(&paper).unwrap()).unwrap();
    paper.signatures[0].name = "TS. Họ và tên".to_owned();
    fs::write(&wrong, docx::write(&paper).unwrap()).unwrap();

    let done = run(&["paper", "check", &clean]).ok();
    assert!(done.out.contains("HD 05-HD/VPTW"), "{}", done.out);
    let told = run(&["paper", "check", &clean, "--json"]).ok().json();
    assert_eq!((told["clean"].as_bool(), told["profile"].as_str()), (Some(true), Some("hd-05")));

    let done = run(&["paper", "check", &wrong]);
    assert_eq!(done.code, 3, "{}", done.err);
    for words in ["TS", "Quyền hạn, chức vụ, họ tên và chữ ký", "1 "] {
        assert!(format!("{}{}", done.out, done.err).contains(words), "{words}: {}{}", done.out, done.err);
    }
    let told = run(&["paper", "check", &wrong, "--json"]);
    let json: serde_json::Value = serde_json::from_str(told.out.trim()).unwrap();
    assert_eq!(json["departures"][0]["fault"], "signer-title");

    // Held to the rule of another day or of another body.
    let early = run(&["paper", "check", &clean, "--on", "2025-09-26", "--json"]);
    assert_eq!(early.code, 3);
    assert!(early.out.contains("date-other"), "{}", early.out);
    let state = run(&["paper", "check", &clean, "--body", "state"]);
    assert_eq!(state.code, 3);

    // A copy in which the mechanical is right; it never takes the place of a file that is there.
    let done = run(&["paper", "check", &clean, "--body", "state", "--corrected", &copy]);
    assert_eq!(done.code, 3, "{}", done.err);
    assert!(fs::read(&copy).unwrap().starts_with(b"PK"));
    assert_eq!(run(&["paper", "check", &clean, "--corrected", &clean]).code, 5);
}

// ---------------------------------------------------------------- keys on another machine

/// A server without any key, and keys that it never sees.
#[test]
fn badges_are_signed_on_a_machine_without_a_network() {
    let house = House::filled();
    // As on an installation that never had a key: the badges of the demo go with theirs.
    rusqlite::Connection::open(house.file("dienhong.db"))
        .unwrap()
        .execute_batch(
            "DELETE FROM vehicle_pass_event; DELETE FROM vehicle_pass; DELETE FROM badge_event; DELETE FROM badge;
             DELETE FROM badge_key_list; DELETE FROM badge_key;
             DELETE FROM badge_root;",
        )
        .unwrap();
    let server = house.serve_with(&["--no-signer"], &[("DIENHONG_LOG", "error")]);
    let signed = |login: &str| server.sign_in(&house.code(login));
    let (mut desk, mut head, mut admin) =
        (signed("to-thu-ky"), signed("truong-tieu-ban"), signed("quan-tri"));
    let codes = json!({ "codes": ["DB-0001", "DB-0002"] });
    assert_eq!(desk.json("POST", "/api/v1/badges/requests", &codes).status, 200);
    assert_eq!(head.json("POST", "/api/v1/badges/approvals", &codes).status, 200);
    let batch = desk.get("/api/v1/badges/unsigned");
    assert_eq!(batch.json()["passes"].as_array().unwrap().len(), 2);
    assert!(!batch.text().contains("DB-0001"), "no code of a person and no name leaves the house");

    // The other machine.
    let here = |name: &str| house.file(name).to_string_lossy().into_owned();
    let (keys, words, wrong) = (here("badge.keys"), here("words.txt"), here("wrong.txt"));
    fs::write(&words, "sáu từ ngẫu nhiên khó đoán\n").unwrap();
    fs::write(&wrong, "một câu khác hẳn, không đúng\n").unwrap();
    let (unsigned, back, list) = (here("chua-ky.json"), here("da-ky.json"), here("danh-muc.json"));
    fs::write(&unsigned, batch.text()).unwrap();
    let mark = batch.json()["congress"].as_str().unwrap().to_owned();
    let first = batch.json()["passes"][0]["first"].as_str().unwrap().to_owned();
    let last = batch.json()["passes"][0]["last"].as_str().unwrap().to_owned();
    let new = [
        "badge",
        "keys",
        "new",
        "--keys",
        keys.as_str(),
        "--passphrase",
        words.as_str(),
        "--congress",
        mark.as_str(),
        "--from",
        first.as_str(),
        "--to",
        last.as_str(),
        "--json",
    ];
    let made = run(&new).ok().json();
    let root = made["root"].as_str().unwrap().to_owned();
    assert_eq!(root.len(), 64);
    assert_eq!(run(&new).code, 5, "keys are never written over");
    let shown = run(&["badge", "keys", "list", "--keys", keys.as_str()]).ok().out;
    assert!(shown.contains(&root) && shown.contains("key  0"), "{shown}");
    let shut = run(&[
        "badge",
        "keys",
        "sign",
        "--keys",
        keys.as_str(),
        "--passphrase",
        wrong.as_str(),
        "--out",
        list.as_str(),
    ]);
    assert_eq!(shut.code, 3);
    run(&[
        "badge",
        "keys",
        "sign",
        "--keys",
        keys.as_str(),
        "--passphrase",
        words.as_str(),
        "--out",
        list.as_str(),
    ])
    .ok();
    run(&[
        "badge",
        "sign",
        "--keys",
        keys.as_str(),
        "--passphrase",
        words.as_str(),
        "--batch",
        unsigned.as_str(),
        "--out",
        back.as_str(),
    ])
    .ok();

    // Back at the server: nothing is taken in before the list of keys is.
    let file = |path: &str| -> serde_json::Value {
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
    };
    let passes = file(&back);
    let early = desk.json("POST", "/api/v1/badges/signed", &passes);
    assert_eq!(early.status, 422, "{}", early.text());
    assert_eq!(desk.json("POST", "/api/v1/badges/key-lists", &file(&list)).status, 403);
    let taken = admin.json("POST", "/api/v1/badges/key-lists", &file(&list));
    assert_eq!((taken.status, taken.json()["sequence"].clone()), (200, json!(1)), "{}", taken.text());
    assert_eq!(admin.json("POST", "/api/v1/badges/key-lists", &file(&list)).status, 422, "no list twice");
    // One digit of one pass changed: nobody is taken in.
    let mut altered = passes.clone();
    let code = altered["passes"][1]["code"].as_str().unwrap().to_owned();
    let other = if code.ends_with('1') { "2" } else { "1" };
    altered["passes"][1]["code"] = json!(format!("{}{other}", &code[..code.len() - 1]));
    assert_eq!(desk.json("POST", "/api/v1/badges/signed", &altered).status, 422);
    // The codes of two people exchanged: signed by the right key, and not what each says.
    let mut exchanged = passes.clone();
    exchanged["passes"][0]["code"] = passes["passes"][1]["code"].clone();
    assert_eq!(desk.json("POST", "/api/v1/badges/signed", &exchanged).status, 422);
    assert_eq!(desk.get("/api/v1/badges/unsigned").json()["passes"].as_array().unwrap().len(), 2);
    let done = desk.json("POST", "/api/v1/badges/signed", &passes);
    assert_eq!((done.status, done.json()["count"].clone()), (200, json!(2)), "{}", done.text());
    assert_eq!(desk.get("/api/v1/badges/unsigned").json()["passes"], json!([]));
    // Printed as they were signed: the server has no key to sign anything else.
    let printed = desk.json("POST", "/api/v1/badges/prints", &codes);
    assert_eq!(printed.status, 200, "{}", printed.text());
    let digits: Vec<_> =
        printed.json()["badges"].as_array().unwrap().iter().map(|one| one["digits"].clone()).collect();
    for one in passes["passes"].as_array().unwrap() {
        assert!(digits.contains(&one["code"]));
    }
    let more = json!({ "codes": ["DB-0001"] });
    let refused = desk.json("POST", "/api/v1/badges/prints", &more);
    assert_eq!((refused.status, refused.json()["type"].clone()), (409, json!("/api/problems/badge-no-key")));

    // A list that a later one withdraws: the passes of its key open nothing.
    run(&["badge", "keys", "withdraw", "--keys", keys.as_str(), "--passphrase", words.as_str(), "0"]).ok();
    let second = here("danh-muc-2.json");
    run(&[
        "badge",
        "keys",
        "sign",
        "--keys",
        keys.as_str(),
        "--passphrase",
        words.as_str(),
        "--out",
        second.as_str(),
    ])
    .ok();
    assert_eq!(admin.json("POST", "/api/v1/badges/key-lists", &file(&second)).json()["sequence"], 2);
    assert_eq!(admin.get("/api/v1/badges/keys").json()["keys"], json!([]));
}
