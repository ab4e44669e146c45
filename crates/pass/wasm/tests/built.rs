//! The file that browsers get is the one that these sources make.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sha2::{Digest as _, Sha256};

fn top() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../..").canonicalize().unwrap()
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A line of `web/wasm/pass.lock`.
fn locked(name: &str) -> String {
    let lock = fs::read_to_string(top().join("web/wasm/pass.lock")).unwrap();
    let line = lock.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().to_owned()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
        .collect();
    files.sort();
    files
}

#[test]
fn the_file_and_its_sources_are_those_of_the_record() {
    let file = fs::read(top().join("web/wasm/pass.wasm")).unwrap();
    assert_eq!(hex(&file), locked("sha256 "), "web/wasm/pass.wasm was changed by hand");
    assert!(file.len() < 120_000, "{} bytes are much for a telephone in a hall", file.len());
    let pass = top().join("crates/pass");
    let mut sources = vec![pass.join("Cargo.toml")];
    sources.extend(rust_files(&pass.join("src")));
    sources.push(pass.join("wasm/Cargo.toml"));
    sources.extend(rust_files(&pass.join("wasm/src")));
    let all: Vec<u8> = sources.iter().flat_map(|path| fs::read(path).unwrap()).collect();
    assert_eq!(hex(&all), locked("sources "), "run bin/build-wasm: the sources changed since it was built");
}

/// Builds it once more where the compiler is the same and has the target; elsewhere it says why not.
#[test]
fn the_same_compiler_makes_the_same_file() {
    let version = Command::new("rustc").arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    if version.trim() != locked("rustc ") {
        eprintln!("not compared: it was built by {}, this is {}", locked("rustc "), version.trim());
        return;
    }
    let out = tempfile::tempdir().unwrap();
    let build = Command::new(top().join("bin/build-wasm"))
        .arg(out.path())
        .env("CARGO_TARGET_DIR", concat!(env!("CARGO_TARGET_TMPDIR"), "/wasm"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&build.stderr);
    // 3: the target is not installed.
    if build.status.code() == Some(3) {
        eprintln!("not compared: {said}");
        return;
    }
    assert!(build.status.success(), "{said}");
    let made = fs::read(out.path().join("pass.wasm")).unwrap();
    assert_eq!(hex(&made), locked("sha256 "), "run bin/build-wasm: the sources make another file");
}
