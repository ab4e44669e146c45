//! The whole of a rehearsal: prepare, play, look again, close.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::{
    sync::{Notify, mpsc, oneshot, watch},
    task::JoinSet,
    time::sleep,
};

use crate::{
    RehearseError,
    badges::{Badges, shown, sort},
    http::{Address, Conn},
    lane::{Lane, Said, Shown, Stand},
    office::{Office, Reading, Stage, day, list},
    oracle::Oracle,
    plan::{Code, Outage, Plan, Shape, Walker},
    report::{Picture, Report, Times, Wrong},
};

/// From one lane to another.
const WALK: Duration = Duration::from_secs(8);
/// The least time between two scans of one person: nobody is quicker, and clocks are no better.
const GAP: Duration = Duration::from_millis(80);
/// The least time that a lane is cut off: long enough that it decides alone.
const CUT: Duration = Duration::from_secs(14);
/// Lanes that somebody is sent to before they go to a supervisor.
const HOPS: usize = 8;
/// How long a lane tries to send what it still has when all is over.
const PATIENT: Duration = Duration::from_secs(60);
/// How often a watched picture is drawn, and the count compared.
const DRAW: Duration = Duration::from_millis(500);

/// How a rehearsal is to be.
#[derive(Debug, Clone)]
pub struct Options {
    /// The server: `https://dh.example.vn`.
    pub server: String,
    /// People to come; everybody whose badge opens when not given.
    pub people: Option<usize>,
    /// Lanes.
    pub lanes: usize,
    /// How long the arrivals last in the plan.
    pub length: Duration,
    /// The seed of the plan.
    pub seed: u64,
    /// How much quicker than in the plan; infinite for as fast as it goes.
    pub speed: f64,
    /// The session that is rehearsed; the next when not given.
    pub session: Option<String>,
    /// The zone of the gates; one without real gates when not given.
    pub zone: Option<u8>,
    /// Whether to go on although somebody works with this server.
    pub although_in_use: bool,
    /// The share of requests that are lost, or whose answers are.
    pub loss: f64,
    /// The mean delay of a request before it is sent, in the plan.
    pub latency: Duration,
}

/// What everybody in a rehearsal shares.
pub struct World {
    /// The share of requests that are lost, or whose answers are.
    pub loss: f64,
    /// The mean delay of a request.
    pub latency: Duration,
    speed: f64,
    begun: Instant,
    wall: i64,
    oracle: Mutex<Oracle>,
    tally: Mutex<Tally>,
    under_way: AtomicUsize,
    arrived: AtomicUsize,
    retried: AtomicU64,
    over: AtomicBool,
    over_at: Mutex<Option<Instant>>,
    failed: Notify,
}

#[derive(Default)]
struct Tally {
    times: BTreeMap<&'static str, Vec<Duration>>,
    verdicts: BTreeMap<String, u64>,
    wrong: Vec<Wrong>,
    counted: Option<u64>,
    failure: Option<RehearseError>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A scan that is under way.
pub struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl World {
    fn new(options: &Options, oracle: Oracle) -> Self {
        let mut world = Self {
            loss: options.loss,
            latency: Duration::ZERO,
            speed: options.speed,
            begun: Instant::now(),
            wall: Timestamp::now().as_millisecond(),
            oracle: Mutex::new(oracle),
            tally: Mutex::default(),
            under_way: AtomicUsize::new(0),
            arrived: AtomicUsize::new(0),
            retried: AtomicU64::new(0),
            over: AtomicBool::new(false),
            over_at: Mutex::new(None),
            failed: Notify::new(),
        };
        world.latency = world.real(options.latency);
        world
    }

    /// The account of what should be true.
    pub fn oracle(&self) -> MutexGuard<'_, Oracle> {
        lock(&self.oracle)
    }

    /// A span of the plan as it is lived.
    pub fn real(&self, planned: Duration) -> Duration {
        if self.speed.is_finite() { planned.div_f64(self.speed) } else { Duration::ZERO }
    }

    /// A lived span in the plan; where the plan is left behind, the span itself.
    pub fn planned(&self, real: Duration) -> Duration {
        if self.speed.is_finite() { real.mul_f64(self.speed) } else { real }
    }

    /// How long until the next heartbeat: the server's patience is the same at any speed, so never longer than usual,
    /// and short where people come so fast that none could wait.
    pub fn beat(&self, usual: Duration) -> Duration {
        self.real(usual).clamp(usual / 4, usual)
    }

    /// This machine's clock in milliseconds since 1970, which nobody sets while a rehearsal runs.
    pub fn clock(&self) -> i64 {
        self.wall + i64::try_from(self.begun.elapsed().as_millis()).unwrap_or(0)
    }

    /// A request was answered.
    pub fn took(&self, kind: &'static str, time: Duration) {
        lock(&self.tally).times.entry(kind).or_default().push(time);
    }

    /// A verdict was said.
    pub fn said(&self, verdict: &str) {
        *lock(&self.tally).verdicts.entry(verdict.to_owned()).or_default() += 1;
    }

    /// A request is sent again.
    pub fn retried(&self) {
        self.retried.fetch_add(1, Ordering::Relaxed);
    }

    /// The account and the server, or a lane, differ.
    pub fn wrong(&self, copy: Option<usize>, gate: &str, what: &str, expected: &str, got: &str) {
        let person = self.oracle().who(copy);
        lock(&self.tally).wrong.push(wrong(&person, gate, what, expected, got));
    }

    /// The rehearsal cannot go on.
    pub fn fails(&self, error: RehearseError) {
        let mut tally = lock(&self.tally);
        tally.failure.get_or_insert(error);
        drop(tally);
        self.failed.notify_one();
    }

    /// A scan is under way until what is given back is dropped.
    pub fn under_way(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        UnderWay(&self.under_way)
    }

    /// Whether everybody has come and nothing more is cut off.
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::SeqCst)
    }

    /// Whether a lane has tried long enough to send what it still has.
    pub fn gives_up(&self) -> bool {
        lock(&self.over_at).is_some_and(|at| at.elapsed() > PATIENT)
    }
}

fn wrong(person: &str, gate: &str, what: &str, expected: &str, got: &str) -> Wrong {
    let own = str::to_owned;
    Wrong { person: own(person), lane: own(gate), what: own(what), expected: own(expected), got: own(got) }
}

/// Plays a rehearsal. `watch` is given a picture twice a second; when `stop` completes, the rehearsal ends early and
/// cleans up.
///
/// # Errors
/// [`RehearseError`] when it cannot begin or go on. What was wrong with the server is in the report.
pub async fn run(
    options: Options,
    token: &str,
    watch: watch::Sender<Picture>,
    stop: impl Future<Output = ()>,
) -> Result<Report, RehearseError> {
    let address: Arc<Address> = Arc::new(options.server.parse()?);
    let mut office = Office::new(&address, token);
    let sessions = office.sessions().await?;
    let now = office.now(&sessions).await?;
    if !options.although_in_use {
        office.is_free(&sessions, now).await?;
    }
    let rehearsed = Office::rehearsed(&sessions, options.session.as_deref(), now)?;
    let readings = office.readings().await?;
    let badges = sort(&readings, options.people, now)?;
    let good: Vec<Reading> = {
        let today = day(now);
        let opens = |one: &&Reading| one.opens && one.first_day <= today && today <= one.last_day;
        readings.iter().filter(opens).cloned().collect()
    };
    let stage = office.prepare((&sessions, rehearsed, now), (&good, options.zone), options.lanes).await?;
    let played = tokio::select! {
        played = play(&options, &address, token, &stage, badges, watch) => played,
        () = stop => Err(RehearseError::Stopped),
    };
    let closed = office.close(&stage).await;
    let mut report = played?;
    if let Err(error) = closed {
        report.notes.push(format!("not everything was closed again: {error}"));
    }
    Ok(report)
}

async fn play(
    options: &Options,
    address: &Arc<Address>,
    token: &str,
    stage: &Stage,
    badges: Badges,
    watch: watch::Sender<Picture>,
) -> Result<Report, RehearseError> {
    let mut conn = Conn::new(address);
    let (mut lanes, mut stands) = (Vec::new(), Vec::new());
    let (mut listed, mut size, mut windows) = (Vec::new(), (0, 0), Vec::new());
    for (index, joined) in stage.joined.iter().enumerate() {
        let begun = Instant::now();
        let list = list(&mut conn, joined).await?;
        listed.push(begun.elapsed());
        size = (list.bytes, list.len());
        windows.clone_from(&list.header.windows);
        let (lane, queue) = Lane::new(index, joined.clone(), list, address, options.seed);
        lanes.push(lane);
        stands.push(queue);
    }
    let shape = Shape {
        people: badges.good.len(),
        revoked: badges.revoked.len(),
        other_day: badges.other_day.len(),
        lanes: lanes.len(),
        length: options.length,
        seed: options.seed,
    };
    let plan = Plan::of(&shape);
    let walkers: Vec<(Walker, Shown)> =
        plan.walkers.iter().map(|walker| (walker.clone(), shown(walker.code, &badges))).collect();
    let mut notes = Vec::new();
    if badges.revoked.is_empty() {
        notes.push("no badge of this server is revoked: none was held out".to_owned());
    }
    if badges.other_day.is_empty() {
        notes.push("no badge of this server is of another day: none was held out".to_owned());
    }
    let numbers: Vec<u16> = lanes.iter().map(|lane| lane.no()).collect();
    let oracle = Oracle::new(stage.zone, windows, badges.people, badges.copies, &numbers);
    let world = Arc::new(World::new(options, oracle));
    for time in listed {
        world.took("list", time);
    }
    let report = Play { options, stage, lanes, world, walkers, outages: plan.outages };
    report.play(stands, Office::new(address, token), watch, size, notes).await
}

struct Play<'a> {
    options: &'a Options,
    stage: &'a Stage,
    lanes: Vec<Arc<Lane>>,
    world: Arc<World>,
    walkers: Vec<(Walker, Shown)>,
    outages: Vec<Outage>,
}

impl Play<'_> {
    async fn play(
        self,
        stands: Vec<mpsc::UnboundedReceiver<Stand>>,
        mut office: Office,
        watch: watch::Sender<Picture>,
        list: (usize, usize),
        notes: Vec<String>,
    ) -> Result<Report, RehearseError> {
        let world = self.world.clone();
        let people = self.walkers.len();
        let (mut beats, mut serving, mut coming) = (JoinSet::new(), JoinSet::new(), JoinSet::new());
        for lane in &self.lanes {
            beats.spawn(lane.clone().beat(world.clone()));
        }
        let lanes: Arc<[Arc<Lane>]> = self.lanes.clone().into();
        for (lane, queue) in lanes.iter().zip(stands) {
            serving.spawn(lane.clone().serve(world.clone(), queue));
        }
        // Every lane is heard of before the doors open, and told who is inside.
        sleep(Duration::from_millis(600)).await;
        let offset = world.begun.elapsed();
        for (side, (walker, shown)) in self.walkers.clone().into_iter().enumerate() {
            coming.spawn(walk(world.clone(), lanes.clone(), (side, walker), shown, offset));
        }
        for outage in self.outages.clone() {
            coming.spawn(cut(world.clone(), lanes.clone(), outage, offset));
        }
        let begun = Instant::now();
        let doors = begun;
        loop {
            tokio::select! {
                done = coming.join_next() => if done.is_none() { break },
                () = world.failed.notified() => break,
                () = sleep(DRAW) => {
                    self.compare(&mut office).await?;
                    let _ = watch.send(self.picture(people, doors.elapsed()));
                }
            }
        }
        world.over.store(true, Ordering::SeqCst);
        lock(&world.over_at).replace(Instant::now());
        if lock(&world.tally).failure.is_none() {
            while beats.join_next().await.is_some() {}
        }
        let took = begun.elapsed();
        serving.shutdown().await;
        beats.shutdown().await;
        coming.shutdown().await;
        if let Some(error) = lock(&world.tally).failure.take() {
            return Err(error);
        }
        let report = self.look_again(&mut office, (list, took), notes).await?;
        let mut picture = self.picture(people, doors.elapsed());
        (picture.done, picture.lost_count, picture.wrong_count) =
            (true, report.lost.len(), report.wrong.len());
        picture.wrong = report.lost.iter().chain(&report.wrong).take(20).cloned().collect();
        let _ = watch.send(picture);
        Ok(report)
    }

    /// Compares who is inside, while people come: what is under way may count or not.
    async fn compare(&self, office: &mut Office) -> Result<(), RehearseError> {
        let look = || {
            let under = u64::try_from(self.world.under_way.load(Ordering::SeqCst)).unwrap_or(u64::MAX);
            let oracle = self.world.oracle();
            (oracle.present(), oracle.changes(), under + oracle.on_the_way())
        };
        let before = look();
        let Ok(counts) = office.counts(&self.stage.session).await else {
            // A server that does not answer for a moment is what the lanes measure.
            return Ok(());
        };
        let after = look();
        let blur = after.1.saturating_sub(before.1) + before.2 + after.2;
        let unsure = u64::try_from(self.world.oracle().unsure_codes().len()).unwrap_or(u64::MAX);
        let mut tally = lock(&self.world.tally);
        tally.counted = Some(counts.present());
        if counts.present().abs_diff(before.0) > blur + unsure {
            let expected = format!("{} ± {}", before.0, blur + unsure);
            let got = counts.present().to_string();
            tally.wrong.push(wrong("", "", "count", &expected, &got));
        }
        Ok(())
    }

    fn picture(&self, people: usize, elapsed: Duration) -> Picture {
        let world = &self.world;
        let inside = world.oracle().present();
        let tally = lock(&world.tally);
        let scans = tally.times.get("scan").map(Vec::as_slice).unwrap_or_default();
        let recent = scans.get(scans.len().saturating_sub(500)..).unwrap_or_default();
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "milliseconds, never negative"
        )]
        let p95_ms = Times::of(recent).p95.round() as u64;
        Picture {
            elapsed_s: world.planned(elapsed).as_secs(),
            length_s: self.options.length.as_secs(),
            people,
            arrived: world.arrived.load(Ordering::Relaxed),
            inside,
            counted: tally.counted,
            scans: u64::try_from(scans.len()).unwrap_or(u64::MAX),
            p95_ms,
            retried: world.retried.load(Ordering::Relaxed),
            lanes: self.lanes.iter().map(|lane| lane.picture(world)).collect(),
            wrong: tally.wrong.iter().rev().take(20).cloned().collect(),
            wrong_count: tally.wrong.len(),
            lost_count: 0,
            done: false,
        }
    }

    /// When all have come: who is inside, what conflicts, and whether everything acknowledged is there.
    async fn look_again(
        &self,
        office: &mut Office,
        (list, took): ((usize, usize), Duration),
        notes: Vec<String>,
    ) -> Result<Report, RehearseError> {
        let world = &self.world;
        let session = &self.stage.session;
        let counted = office.counts(session).await?.present();
        let (present, cases, unsure) = {
            let oracle = world.oracle();
            (oracle.present(), oracle.cases(), oracle.unsure_codes())
        };
        let found = office.cases(session).await?;
        let mut all = Vec::new();
        if present.abs_diff(counted) > u64::try_from(unsure.len()).unwrap_or(u64::MAX) {
            all.push(wrong("", "", "inside at the end", &present.to_string(), &counted.to_string()));
        }
        let keys: std::collections::BTreeSet<_> = cases.keys().chain(found.keys()).collect();
        for key in keys {
            let (code, kind) = key;
            let count = |of: &BTreeMap<(String, String), u64>| of.get(key).copied().unwrap_or(0);
            if count(&cases) != count(&found) && !unsure.contains(code) {
                let what = format!("conflict {kind}");
                all.push(wrong(code, "", &what, &count(&cases).to_string(), &count(&found).to_string()));
            }
        }
        let mut lost = Vec::new();
        for (lane, joined) in self.lanes.iter().zip(&self.stage.joined) {
            for (scan, expected, got) in lane.look_again(world).await? {
                lost.push(wrong("", &joined.gate, &format!("scan {}", scan.seq), &expected, &got));
            }
        }
        let mut tally = lock(&world.tally);
        tally.wrong.append(&mut all);
        let scans = tally.times.get("scan").map_or(0, Vec::len);
        let alone: u64 = self.lanes.iter().map(|lane| lane.report(world).merged).sum();
        let total = u64::try_from(scans).unwrap_or(u64::MAX) + alone;
        #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
        let rate = total as f64 / took.as_secs_f64().max(0.001);
        Ok(Report {
            server: self.options.server.clone(),
            session: session.clone(),
            seed: self.options.seed,
            people: self.walkers.iter().filter(|(walker, _)| matches!(walker.code, Code::Good(_))).count(),
            minutes: self.options.length.as_secs_f64() / 60.0,
            took_s: took.as_secs_f64(),
            scans: total,
            rate,
            retried: world.retried.load(Ordering::Relaxed),
            verdicts: tally.verdicts.clone(),
            slow: tally.times.iter().map(|(kind, times)| ((*kind).to_owned(), Times::of(times))).collect(),
            list,
            lanes: self.lanes.iter().map(|lane| lane.report(world)).collect(),
            present: (present, counted),
            conflicts: (cases.values().sum(), found.values().sum()),
            lost,
            wrong: tally.wrong.clone(),
            unsure: u64::try_from(unsure.len()).unwrap_or(u64::MAX),
            notes,
        })
    }
}

/// Somebody comes, and does what they came for.
async fn walk(
    world: Arc<World>,
    lanes: Arc<[Arc<Lane>]>,
    (side, walker): (usize, Walker),
    shown: Shown,
    doors: Duration,
) {
    sleep((doors + world.real(walker.at)).saturating_sub(world.begun.elapsed())).await;
    world.arrived.fetch_add(1, Ordering::Relaxed);
    for (place, act) in walker.acts.iter().enumerate() {
        if place > 0 {
            sleep(world.real(act.after).max(GAP)).await;
        }
        // The shortest queue; among equal ones each their own, as people come from all sides.
        let nearest = |lane: &Arc<Lane>| (lane.index + side) % lanes.len();
        let by = |lane: &&Arc<Lane>| (lane.load(), nearest(lane));
        let shortest = || lanes.iter().min_by_key(by).map_or(0, |lane| lane.index);
        let mut at = act.lane.unwrap_or_else(shortest);
        let mut hops = 0;
        let said = loop {
            let Some(lane) = lanes.get(at) else { return };
            let (reply, said) = oneshot::channel();
            let since = Instant::now();
            lane.stand(Stand { shown: shown.clone(), out: act.out, service: act.service, since, reply });
            match said.await {
                Ok(Said::Elsewhere(no)) if hops < HOPS => {
                    hops += 1;
                    // A lane that is none of ours: a supervisor.
                    let Some(next) = lanes.iter().position(|lane| lane.no() == no) else {
                        break Said::Refused;
                    };
                    sleep(world.real(WALK).max(GAP)).await;
                    at = next;
                }
                Ok(said) => break said,
                Err(_) => return,
            }
        };
        if place == 0 && said != Said::Opened {
            return;
        }
    }
}

/// A lane loses its network, and finds it again.
async fn cut(world: Arc<World>, lanes: Arc<[Arc<Lane>]>, outage: Outage, doors: Duration) {
    let Some(lane) = lanes.get(outage.lane) else { return };
    sleep((doors + world.real(outage.from)).saturating_sub(world.begun.elapsed())).await;
    while !lane.cut_off() {
        sleep(Duration::from_millis(2)).await;
    }
    sleep(world.real(outage.length).max(CUT)).await;
    lane.restore();
}
