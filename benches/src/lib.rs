//! What the benchmarks share: percentiles, processor time, a program under measurement, a client that only sends
//! and reads.
//!
//! `benches/run` builds everything in release and writes the raw output to `benches/results`. Nothing here is a
//! test: a figure depends on the machine, so each is printed beside a limit measured in the same run.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a benchmark that cannot go on shall stop"
)]

pub mod http;

use std::{
    fs,
    io::{BufRead as _, BufReader},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::Value;

/// The value below which this share of the sorted times lies.
pub fn percentile(times: &[Duration], share: f64) -> Duration {
    #[allow(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "an index"
    )]
    let at = ((times.len() as f64 - 1.0) * share).round() as usize;
    times.get(at).copied().unwrap_or_default()
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}

/// Milliseconds.
pub fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// Processor time of a process so far, all its threads.
pub fn cpu(pid: u32) -> Duration {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |at: usize| fields.get(at).and_then(|text| text.parse::<u64>().ok()).unwrap_or(0);
    // Linux counts in hundredths of a second; fields 14 and 15 of the whole line.
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// A figure of `/proc/PID/status` in kB, such as `VmRSS`.
pub fn memory(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// The release binary beside this one, or the one that `DIENHONG` names.
pub fn program() -> PathBuf {
    let beside = std::env::current_exe().unwrap().with_file_name("dienhong");
    std::env::var_os("DIENHONG").map_or(beside, PathBuf::from)
}

/// Where benchmarks keep their databases: a folder on a disk, not in memory.
pub fn scratch() -> tempfile::TempDir {
    let root = std::env::var_os("BENCH_DIR").map_or_else(std::env::temp_dir, PathBuf::from);
    tempfile::tempdir_in(root).unwrap()
}

/// Runs the program to its end; what it printed.
pub fn run(args: &[&str], data: &Path) -> String {
    let done = Command::new(program()).args(args).arg("--data").arg(data).output().unwrap();
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap().trim().to_owned()
}

/// A running server; ended when dropped.
pub struct Server {
    child: Child,
    pub address: SocketAddr,
    pub took: Duration,
}

impl Server {
    pub fn start(data: &Path) -> Self {
        Self::start_as(&["serve"], data)
    }

    /// Started by another command that serves, such as the demo with a clock of its own.
    pub fn start_as(command: &[&str], data: &Path) -> Self {
        let begun = Instant::now();
        let mut child = Command::new(program())
            .args(command)
            .args(["--no-signer", "--listen", "127.0.0.1:0", "--json", "--data"])
            .arg(data)
            .env("DIENHONG_LOG", "warn")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let took = begun.elapsed();
        let hello: Value = serde_json::from_str(&line).unwrap();
        Self { child, address: hello["listening"].as_str().unwrap().parse().unwrap(), took }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
