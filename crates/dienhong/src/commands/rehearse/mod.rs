//! `dienhong rehearse`: arrivals played against a running server, with a page that shows them.

mod page;

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use clap::{Args, Subcommand};
use platform::i18n::Catalogue;
use rehearse::{Options, report::Picture};
use tokio::sync::watch;

use super::{Failure, say};

platform::inventory::submit! {
    Catalogue { area: "rehearse", vi: include_str!("vi.ftl"), en: include_str!("en.ftl") }
}

/// Where the token is looked for: an argument would show in the list of processes.
const TOKEN: &str = "DIENHONG_TOKEN";

/// How long a page that nobody can close is still served, so that its last picture arrives.
const LAST_PICTURE: Duration = Duration::from_secs(2);

#[derive(Debug, Subcommand)]
pub enum Rehearse {
    /// People come with their badges to lanes that lose packets, are cut off and merge; what was slow, lost or wrong is printed
    #[command(
        after_help = "Examples:\n  export DIENHONG_TOKEN=$(dienhong token add --data /srv/tong-duyet --login to-thu-ky --name \"tong duyet\" --days 1 --scope attendance:manage --scope badges:manage)\n  dienhong rehearse arrivals --server http://127.0.0.1:8080 --delegates 547 --gates 8 --minutes 30 --seed 7 --page 127.0.0.1:9090\n  dienhong rehearse arrivals --server http://127.0.0.1:8080 --delegates 10000 --gates 40 --speed max\n\nThe rehearsal makes a session of its own (sinh_hoat) and gates of its own in a zone where no real gate is open, and closes both at the end: the real roll-call is never touched. It refuses a server that somebody works with.\n\nExit codes: 0 all as it should be, 3 something was lost or wrong, 1 it could not be played."
    )]
    Arrivals(Arrivals),
}

#[derive(Debug, Args)]
pub struct Arrivals {
    /// The server, as people type it
    #[arg(long, value_name = "URL")]
    server: String,
    /// People who come; everybody whose badge opens today when not given
    #[arg(long, value_name = "COUNT", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    delegates: Option<u32>,
    /// Lanes
    #[arg(long, value_name = "COUNT", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=99))]
    gates: u16,
    /// How long people come, in minutes
    #[arg(long, value_name = "MINUTES", default_value_t = 30, value_parser = clap::value_parser!(u16).range(1..=600))]
    minutes: u16,
    /// The same seed makes the same plan
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many times quicker than in the plan, or max for as fast as the server answers
    #[arg(long, value_name = "TIMES", default_value = "1", value_parser = speed)]
    speed: f64,
    /// The session that is rehearsed [default: the next]; nothing is written into it
    #[arg(long, value_name = "SESSION")]
    session: Option<String>,
    /// The zone of the gates, by its bit [default: one that the badges open and that has no open gate]
    #[arg(long, value_name = "BIT", value_parser = clap::value_parser!(u8).range(0..=15))]
    zone: Option<u8>,
    /// Go on although somebody works with this server
    #[arg(long)]
    although_in_use: bool,
    /// Requests of a hundred that are lost, or whose answers are
    #[arg(long, value_name = "PERCENT", default_value_t = 2.0, value_parser = percent)]
    loss: f64,
    /// The mean delay of the network, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 20, value_parser = clap::value_parser!(u16).range(0..=5_000))]
    latency: u16,
    /// A file with the token; else it is read from DIENHONG_TOKEN
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Show it live on a page at this local address; port 0 for any
    #[arg(long, value_name = "ADDR:PORT")]
    page: Option<SocketAddr>,
}

fn speed(text: &str) -> Result<f64, String> {
    if text == "max" {
        return Ok(f64::INFINITY);
    }
    let speed: f64 = text.parse().map_err(|_| format!("{text}: a number, such as 10, or max"))?;
    if (0.1..=1_000.0).contains(&speed) { Ok(speed) } else { Err("from 0.1 to 1000, or max".to_owned()) }
}

fn percent(text: &str) -> Result<f64, String> {
    let share: f64 = text.parse().map_err(|_| format!("{text}: a number, such as 2"))?;
    if (0.0..=50.0).contains(&share) { Ok(share) } else { Err("from 0 to 50".to_owned()) }
}

impl Rehearse {
    pub async fn run(self) -> Result<(), Failure> {
        let Self::Arrivals(asked) = self;
        asked.run().await
    }
}

impl Arrivals {
    fn token(&self) -> Result<String, Failure> {
        let text = match &self.token_file {
            Some(file) => std::fs::read_to_string(file).map_err(|error| Failure::File(file.clone(), error))?,
            None => std::env::var(TOKEN).map_err(|_| {
                Failure::Missing(format!(
                    "no token: put one into {TOKEN} or name its file with --token-file (dienhong token add … --scope attendance:manage --scope badges:manage)"
                ))
            })?,
        };
        Ok(text.trim().to_owned())
    }

    async fn run(self) -> Result<(), Failure> {
        let token = self.token()?;
        let options = Options {
            server: self.server.clone(),
            people: self.delegates.and_then(|count| usize::try_from(count).ok()),
            lanes: usize::from(self.gates),
            length: Duration::from_secs(u64::from(self.minutes) * 60),
            seed: self.seed,
            speed: self.speed,
            session: self.session.clone(),
            zone: self.zone,
            although_in_use: self.although_in_use,
            loss: self.loss / 100.0,
            latency: Duration::from_millis(u64::from(self.latency)),
        };
        let (pictures, watched) = watch::channel(Picture::default());
        let page = match self.page {
            None => None,
            Some(at) => {
                let (address, serving) = page::serve(at, self.seed, watched).await?;
                eprintln!("the page: http://{address}/");
                Some(tokio::spawn(serving))
            }
        };
        let stop = async {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        let report = rehearse::run(options, &token, pictures, stop).await.map_err(Failure::other)?;
        say(&serde_json::to_value(&report).map_err(Failure::other)?, |_| report.text());
        if let Some(page) = page {
            use std::io::IsTerminal as _;
            // Whoever watches the page reads its end before the program goes.
            if std::io::stdout().is_terminal() {
                eprintln!("the page stays until Ctrl-C");
                let _ = tokio::signal::ctrl_c().await;
            } else {
                tokio::time::sleep(LAST_PICTURE).await;
            }
            page.abort();
        }
        if report.is_sound() {
            return Ok(());
        }
        Err(Failure::NotSound(format!("{} lost, {} wrong", report.lost.len(), report.wrong.len())))
    }
}
