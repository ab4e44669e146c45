//! Imports run one way: `dienhong → areas → platform, print, scan, pass → rules` (ARCHITECTURE.md).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use serde_json::Value;

/// Crates that decide and draw, and nothing else: no tokio and no database below them.
const PURE: &[&str] = &["rules", "pass", "scan"];

/// What no pure crate may stand on, however far down.
const HEAVY: &[&str] =
    &["tokio", "rusqlite", "libsqlite3-sys", "postgres", "tokio-postgres", "hyper", "axum", "async-nats"];

/// How high a crate of the workspace stands; a crate imports only what stands lower.
fn floor(name: &str, path: &str) -> Option<u8> {
    Some(match name {
        // They call everything and nobody calls them.
        "dienhong" | "benches" => 5,
        // It speaks to a server over HTTP and knows nothing of its inside.
        "rehearse" => 4,
        // The one area that others build on.
        "people" if path.contains("/crates/areas/") => 3,
        _ if path.contains("/crates/areas/") => 4,
        // It compiles Typst: only the program and the benchmarks, which stand above, may wait for it.
        "print-pdf" => 4,
        // The reader of passes for browsers.
        "pass-wasm" => 3,
        "platform" | "print" | "scan" | "pass" => 2,
        "rules" => 1,
        _ => return None,
    })
}

fn may_import(from: (&str, &str), to: (&str, &str)) -> bool {
    if from.0 == "rehearse" && !matches!(to.0, "rules" | "pass") {
        return false;
    }
    match (floor(from.0, from.1), floor(to.0, to.1)) {
        (Some(from), Some(to)) => to < from,
        _ => false,
    }
}

fn metadata() -> Value {
    // Of this machine only: what other systems need was never fetched here.
    let rustc = Command::new("rustc").arg("-vV").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap();
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let done = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .arg("--manifest-path")
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_slice(&done.stdout).unwrap()
}

/// Package id to the ids of what it is built from; not what only its tests use.
fn built_from(metadata: &Value) -> BTreeMap<&str, Vec<&str>> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let ordinary =
        |dep: &Value| dep["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"] != "dev");
    nodes
        .iter()
        .map(|node| {
            let deps = node["deps"].as_array().unwrap().iter().filter(|dep| ordinary(dep));
            (node["id"].as_str().unwrap(), deps.map(|dep| dep["pkg"].as_str().unwrap()).collect())
        })
        .collect()
}

#[test]
fn imports_run_one_way() {
    let metadata = metadata();
    let edges = built_from(&metadata);
    let members: BTreeMap<&str, (&str, &str)> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| metadata["workspace_members"].as_array().unwrap().contains(&package["id"]))
        .map(|package| {
            let text = |name: &str| package[name].as_str().unwrap();
            (text("id"), (text("name"), text("manifest_path")))
        })
        .collect();
    assert!(members.len() >= 4, "{members:?}");
    for (name, path) in members.values() {
        assert!(floor(name, path).is_some(), "{name}: say in this test on which floor it stands");
    }
    for (id, from) in &members {
        for to in edges[id].iter().filter_map(|to| members.get(to)) {
            assert!(may_import(*from, *to), "{} must not import {}", from.0, to.0);
        }
    }
}

#[test]
fn pure_crates_know_no_runtime_and_no_database() {
    let metadata = metadata();
    let edges = built_from(&metadata);
    let names: BTreeMap<&str, &str> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package["name"].as_str().unwrap()))
        .collect();
    let mut checked = 0;
    for member in metadata["workspace_members"].as_array().unwrap() {
        let id = member.as_str().unwrap();
        if !PURE.contains(&names[id]) {
            continue;
        }
        checked += 1;
        let (mut seen, mut open) = (BTreeSet::new(), vec![id]);
        while let Some(id) = open.pop() {
            if seen.insert(id) {
                assert!(
                    !HEAVY.contains(&names[id]),
                    "{} stands on {}",
                    names[member.as_str().unwrap()],
                    names[id]
                );
                open.extend(&edges[id]);
            }
        }
        assert!(seen.len() > 1 || edges[id].is_empty());
    }
    assert!(checked >= 1, "rules is a member");
}

#[test]
fn the_direction_is_judged_right() {
    let area = |name: &'static str| (name, "/w/crates/areas/x/Cargo.toml");
    let plain = |name: &'static str| (name, "/w/crates/x/Cargo.toml");
    for (from, to, may) in [
        (plain("dienhong"), area("preparation"), true),
        (area("preparation"), plain("platform"), true),
        (area("floor"), area("people"), true),
        (plain("platform"), plain("rules"), true),
        (area("people"), area("floor"), false),
        (area("preparation"), area("floor"), false),
        (plain("rules"), plain("platform"), false),
        (plain("platform"), area("preparation"), false),
        (area("preparation"), plain("dienhong"), false),
        (plain("platform"), plain("print"), false),
        (area("preparation"), plain("print"), true),
        (area("preparation"), plain("print-pdf"), false),
        (plain("print-pdf"), plain("print"), true),
        (plain("dienhong"), plain("print-pdf"), true),
        (plain("dienhong"), plain("rehearse"), true),
        (plain("rehearse"), plain("rules"), true),
        (plain("rehearse"), plain("pass"), true),
        (plain("rehearse"), plain("platform"), false),
        (plain("rehearse"), area("people"), false),
        (area("people"), plain("rehearse"), false),
    ] {
        assert_eq!(may_import(from, to), may, "{} → {}", from.0, to.0);
    }
}
