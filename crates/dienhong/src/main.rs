//! `dienhong`: prepares, runs and closes a congress of delegates.

mod commands;
mod config;
mod nav;
mod openapi;
mod server;

use std::process::ExitCode;

use clap::Parser;

use commands::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("dienhong: cannot start: {error}");
            return ExitCode::from(commands::exit::FAILED);
        }
    };
    let code = runtime.block_on(cli.run());
    // Threads that still wait for a client do not keep the program alive.
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    ExitCode::from(code)
}
