//! One lane, as `web/js/gate.js` is one: it says every two seconds that it is there, asks the server about each scan,
//! waits when the network is gone, decides alone after that, and sends what it did in one request when it is back.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::Timestamp;
use pass::{Delta, KeyList, Revocations};
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rules::gate::Verdict;
use tokio::sync::mpsc;

pub use crate::wire::{Said, Scan, Shown, Stand};
use crate::{
    RehearseError,
    alone::{Carried, verdict_alone},
    http::{Address, Conn},
    list::List,
    office::Joined,
    oracle::{Pass, Under, label},
    report::{LanePicture, LaneReport, Net},
    run::World,
    wire::Told,
};

/// How often the server hears of a lane.
const BEAT: Duration = Duration::from_secs(2);
/// How long a scan waits for the server.
const PATIENCE: Duration = Duration::from_millis(1_500);
/// How long a heartbeat waits.
const BEAT_PATIENCE: Duration = Duration::from_secs(3);
/// How long a merge waits.
const MERGE_PATIENCE: Duration = Duration::from_secs(30);
/// Scans in one request.
const BATCH: usize = 5_000;

/// A passage that was decided alone and waits to be sent.
#[derive(Debug, Clone)]
struct Pending {
    scan: Scan,
    copy: usize,
    /// As the account numbers it.
    id: u64,
    /// What the server said when it heard of it; its answer may have been lost.
    said: Option<String>,
}

struct State {
    /// How far this device's clock is behind the server's, in milliseconds, by the quickest answer so far.
    offset_ms: i64,
    quickest: Duration,
    /// When the last answered request was sent.
    answered: Option<Instant>,
    failing: bool,
    alone_after: Duration,
    moves_after: Option<Timestamp>,
    session: Option<String>,
    inside: HashMap<Pass, bool>,
    keys: Option<KeyList>,
    revoked: Revocations,
    list: Option<List>,
    lanes: Vec<u16>,
    pending: Vec<Pending>,
    seq: u64,
    /// A scan was sent and not answered yet: the network is not cut in this moment.
    under_way: bool,
    rng: ChaCha8Rng,
    acknowledged: Vec<(Scan, String)>,
    picture: LanePicture,
    longest_wait: Duration,
    offline: Duration,
    cut_at: Option<Instant>,
    merged: u64,
}

/// Why there is no answer.
enum Trouble {
    /// No answer came. What the server had answered, when only the answer was lost; whether the server may have heard
    /// of it at all.
    Offline { lost: Option<Told>, maybe: bool },
    /// The server said no.
    Refused(RehearseError),
}

/// A lane.
pub struct Lane {
    /// Its place among the lanes.
    pub index: usize,
    joined: Joined,
    address: Arc<Address>,
    state: Mutex<State>,
    cut: AtomicBool,
    waiting: AtomicUsize,
    busy: AtomicBool,
    queue: mpsc::UnboundedSender<Stand>,
}

fn pass_of(text: &str) -> Option<Pass> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    Some([pair(0)?, pair(2)?, pair(4)?, pair(6)?, pair(8)?, pair(10)?])
}

impl Lane {
    /// A lane of this device, with the list it fetched, and the end of its queue.
    pub fn new(
        index: usize,
        joined: Joined,
        list: List,
        address: &Arc<Address>,
        seed: u64,
    ) -> (Arc<Self>, mpsc::UnboundedReceiver<Stand>) {
        let (queue, stands) = mpsc::unbounded_channel();
        let bytes = |text: &str| STANDARD.decode(text).unwrap_or_default();
        let root: Option<[u8; 32]> = bytes(&list.header.root).try_into().ok();
        let keys = root.and_then(|root| KeyList::open(&bytes(&list.header.keys), &root).ok());
        let mut revoked = Revocations::default();
        if let Ok(delta) = Delta::parse(&bytes(&list.header.revocations)) {
            let _ = revoked.take(&delta);
        }
        let picture = LanePicture { lane: joined.lane, ..LanePicture::default() };
        let state = State {
            offset_ms: 0,
            quickest: Duration::MAX,
            answered: None,
            failing: true,
            alone_after: Duration::from_millis(list.header.alone_after_ms),
            moves_after: None,
            session: None,
            inside: HashMap::new(),
            keys,
            revoked,
            lanes: list.header.lanes.clone(),
            list: Some(list),
            pending: Vec::new(),
            seq: 0,
            under_way: false,
            rng: ChaCha8Rng::seed_from_u64(
                seed ^ (u64::try_from(index).unwrap_or(0) + 1).wrapping_mul(0x9e37_79b9),
            ),
            acknowledged: Vec::new(),
            picture,
            longest_wait: Duration::ZERO,
            offline: Duration::ZERO,
            cut_at: None,
            merged: 0,
        };
        let lane = Self {
            index,
            joined,
            address: address.clone(),
            state: Mutex::new(state),
            cut: AtomicBool::new(false),
            waiting: AtomicUsize::new(0),
            busy: AtomicBool::new(false),
            queue,
        };
        (Arc::new(lane), stands)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its number among the lanes of the zone.
    pub fn no(&self) -> u16 {
        self.joined.lane
    }

    /// People before it.
    pub fn queue(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// People before it, whoever stands at it included.
    pub fn load(&self) -> usize {
        self.queue() + usize::from(self.busy.load(Ordering::Relaxed))
    }

    /// Somebody joins the queue.
    pub fn stand(&self, stand: Stand) {
        let length = self.waiting.fetch_add(1, Ordering::Relaxed) + 1;
        let mut state = self.state();
        state.picture.longest_queue = state.picture.longest_queue.max(length);
        drop(state);
        // The lane takes people until all lanes are let go.
        let _ = self.queue.send(stand);
    }

    /// Cuts the network, between two scans; false when one is under way.
    pub fn cut_off(&self) -> bool {
        let mut state = self.state();
        if state.under_way {
            return false;
        }
        self.cut.store(true, Ordering::Relaxed);
        state.cut_at = Some(Instant::now());
        true
    }

    /// The network is back.
    pub fn restore(&self) {
        self.cut.store(false, Ordering::Relaxed);
        let mut state = self.state();
        let gone = state.cut_at.take().map_or(Duration::ZERO, |at| at.elapsed());
        state.offline += gone;
    }

    /// Whether nothing waits to be sent.
    pub fn is_clear(&self) -> bool {
        self.state().pending.is_empty()
    }

    /// Everything that the server acknowledged, with what it said.
    pub fn acknowledged(&self) -> Vec<(Scan, String)> {
        self.state().acknowledged.clone()
    }

    /// The lane at this moment.
    pub fn picture(&self, world: &World) -> LanePicture {
        let state = self.state();
        let mut picture = state.picture.clone();
        picture.net = net(&state);
        picture.queue = self.queue();
        picture.pending = state.pending.len();
        picture.longest_wait_s = world.planned(state.longest_wait).as_secs();
        picture
    }

    /// The lane at the end.
    pub fn report(&self, world: &World) -> LaneReport {
        let state = self.state();
        LaneReport {
            gate: self.joined.gate.clone(),
            lane: self.no(),
            served: state.picture.served,
            longest_queue: state.picture.longest_queue,
            longest_wait_s: world.planned(state.longest_wait).as_secs_f64(),
            offline_s: state.offline.as_secs_f64(),
            merged: state.merged,
        }
    }

    /// Sends scans, or only that the lane is there, and takes what the server tells.
    async fn tell(
        &self,
        world: &World,
        conn: &mut Conn,
        scans: &[Scan],
        patience: Duration,
    ) -> Result<(Told, Duration), Trouble> {
        let (lose_request, lose_answer, latency) = {
            let mut state = self.state();
            let lost = state.rng.random_bool(world.loss);
            let answer = state.rng.random_bool(0.5);
            let share: f64 = state.rng.random();
            (lost && !answer, lost && answer, world.latency.mul_f64(2.0 * share))
        };
        if self.cut.load(Ordering::Relaxed) {
            self.state().failing = true;
            tokio::time::sleep(Duration::from_millis(5)).await;
            return Err(Trouble::Offline { lost: None, maybe: false });
        }
        tokio::time::sleep(latency).await;
        if lose_request {
            tokio::time::sleep(world.real(patience)).await;
            self.state().failing = true;
            return Err(Trouble::Offline { lost: None, maybe: false });
        }
        let (sent, local, tick) = (self.now(world), world.clock(), Instant::now());
        // Before the first answer the clock says nothing.
        if self.state().quickest < Duration::MAX {
            world.oracle().trying(self.index, sent.as_millisecond());
        }
        let body = {
            let state = self.state();
            serde_json::json!({
                "sent": sent,
                "offset_ms": state.offset_ms,
                "waiting": state.pending.len().saturating_sub(scans.len()),
                "revoked_after": state.revoked.sequence(),
                "moves_after": state.moves_after,
                "scans": scans,
            })
            .to_string()
        };
        let path = format!("/api/v1/gates/{}/scans", self.joined.gate);
        let answer =
            conn.call("POST", &path, Some(&self.joined.token), Some(body.as_bytes()), patience).await;
        let took = tick.elapsed();
        let told: Told = match answer {
            Ok(answer) if answer.status >= 500 || answer.status == 429 => {
                // Overloaded or starting again: as if there were no network.
                self.state().failing = true;
                return Err(Trouble::Offline { lost: None, maybe: true });
            }
            Ok(answer) => answer.json(&path).map_err(Trouble::Refused)?,
            Err(_) => {
                self.state().failing = true;
                return Err(Trouble::Offline { lost: None, maybe: true });
            }
        };
        let sent = self.clock(&told, local, took);
        let all_told = !lose_answer && self.state().moves_after != Some(told.moves_to);
        world.oracle().heard(self.index, sent, all_told.then_some(sent));
        if lose_answer {
            tokio::time::sleep(world.real(patience)).await;
            self.state().failing = true;
            return Err(Trouble::Offline { lost: Some(told), maybe: true });
        }
        self.take(&told, tick);
        Ok((told, took))
    }

    /// The instant on the server's clock.
    fn now(&self, world: &World) -> Timestamp {
        let at = world.clock() + self.state().offset_ms;
        Timestamp::from_millisecond(at).unwrap_or_default()
    }

    /// Sets the clock halfway between sending and answer; the quickest answer is the best measure. When the request was
    /// sent, on the server's clock.
    fn clock(&self, told: &Told, local: i64, took: Duration) -> i64 {
        let mut state = self.state();
        if took <= state.quickest {
            state.quickest = took;
            let half = i64::try_from(took.as_millis() / 2).unwrap_or(0);
            state.offset_ms = told.now.as_millisecond() - local - half;
        }
        local + state.offset_ms
    }

    fn take(&self, told: &Told, tick: Instant) {
        let mut state = self.state();
        state.failing = false;
        state.answered = Some(tick);
        state.alone_after = Duration::from_millis(told.alone_after_ms);
        let anew = told.session != state.session;
        if anew {
            state.inside.clear();
        }
        state.session.clone_from(&told.session);
        if let Some(delta) =
            STANDARD.decode(&told.revocations).ok().and_then(|bytes| Delta::parse(&bytes).ok())
        {
            let _ = state.revoked.take(&delta);
        }
        for (pass, is_in) in &told.moves {
            if let Some(pass) = pass_of(pass) {
                state.inside.insert(pass, *is_in);
            }
        }
        let again = anew && state.moves_after.is_some();
        state.moves_after = (!again).then_some(told.moves_to);
        state.lanes.clone_from(&told.lanes);
    }

    /// Says now and then that it is there and sends what waits, until the rehearsal is over and nothing waits.
    pub async fn beat(self: Arc<Self>, world: Arc<World>) {
        let mut conn = Conn::new(&self.address);
        loop {
            let batch: Vec<Pending> = self.state().pending.iter().take(BATCH).cloned().collect();
            let scans: Vec<Scan> = batch.iter().map(|one| one.scan.clone()).collect();
            let patience = if scans.is_empty() { BEAT_PATIENCE } else { MERGE_PATIENCE };
            if !self.cut.load(Ordering::Relaxed) {
                for one in &batch {
                    world.oracle().perhaps(one.copy, one.id);
                }
            }
            match self.tell(&world, &mut conn, &scans, patience).await {
                Ok((told, took)) => {
                    world.took(if scans.is_empty() { "heartbeat" } else { "merge" }, took);
                    world.oracle().opened(&told.lanes);
                    self.settle(&world, &batch, &told);
                    let mut state = self.state();
                    state.pending.retain(|one| !batch.iter().any(|sent| sent.scan.seq == one.scan.seq));
                }
                Err(Trouble::Offline { lost, .. }) => {
                    if !scans.is_empty() {
                        world.retried();
                    }
                    if let Some(told) = lost {
                        self.settle(&world, &batch, &told);
                    }
                }
                Err(Trouble::Refused(error)) => world.fails(error),
            }
            if world.is_over() && (self.is_clear() || world.gives_up()) {
                return;
            }
            let quick = self.state().failing && !self.cut.load(Ordering::Relaxed);
            tokio::time::sleep(world.beat(if quick { BEAT / 4 } else { BEAT })).await;
        }
    }

    /// What the server said to scans that were decided alone, the first time it heard of each.
    fn settle(&self, world: &World, batch: &[Pending], told: &Told) {
        for (one, result) in batch.iter().zip(&told.results) {
            let before = {
                let state = self.state();
                state
                    .pending
                    .iter()
                    .find(|known| known.scan.seq == one.scan.seq)
                    .and_then(|known| known.said.clone())
            };
            let (got, expected) = match &before {
                // The answer to the first sending was lost.
                Some(said) => (
                    format!("{} {}", result.verdict, result.was.as_deref().unwrap_or("")),
                    format!("duplicate {said}"),
                ),
                None => {
                    let at_ms = told.now.as_millisecond();
                    (result.verdict.clone(), world.oracle().merged(one.copy, one.id, at_ms))
                }
            };
            if got != expected && !world.oracle().is_unsure(Some(one.copy)) {
                world.wrong(Some(one.copy), &self.joined.gate, "merge", &expected, &got);
            }
            if result.seq != one.scan.seq {
                world.wrong(
                    Some(one.copy),
                    &self.joined.gate,
                    "number",
                    &one.scan.seq.to_string(),
                    &result.seq.to_string(),
                );
            }
            if before.is_none() {
                world.said(&result.verdict);
                let mut state = self.state();
                state.merged += 1;
                state.acknowledged.push((one.scan.clone(), result.verdict.clone()));
                if let Some(known) = state.pending.iter_mut().find(|known| known.scan.seq == one.scan.seq) {
                    known.said = Some(result.verdict.clone());
                }
            }
        }
    }

    /// Takes people one after the other.
    pub async fn serve(self: Arc<Self>, world: Arc<World>, mut stands: mpsc::UnboundedReceiver<Stand>) {
        let mut conn = Conn::new(&self.address);
        while let Some(stand) = stands.recv().await {
            self.busy.store(true, Ordering::Relaxed);
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            {
                let mut state = self.state();
                state.longest_wait = state.longest_wait.max(stand.since.elapsed());
                state.picture.served += 1;
            }
            // Holding out and aiming, then reading the screen and walking on.
            tokio::time::sleep(world.real(stand.service / 2)).await;
            let said = self.decide(&world, &mut conn, &stand).await;
            tokio::time::sleep(world.real(stand.service / 2)).await;
            self.busy.store(false, Ordering::Relaxed);
            // Somebody who stopped waiting is gone.
            let _ = stand.reply.send(said);
        }
    }

    async fn decide(&self, world: &World, conn: &mut Conn, stand: &Stand) -> Said {
        let _under = world.under_way();
        let mut sent: Option<(u64, Under, Vec<String>)> = None;
        let mut unknown = false;
        loop {
            let stands = net(&self.state());
            match stands {
                Net::Waiting => tokio::time::sleep(Duration::from_millis(10)).await,
                Net::Alone => {
                    if unknown {
                        world.oracle().unsure(stand.shown.copy);
                    }
                    self.state().under_way = false;
                    return self.alone(world, stand);
                }
                Net::Online => {
                    if sent.is_some() {
                        world.retried();
                    } else {
                        let mut state = self.state();
                        state.seq += 1;
                        let seq = state.seq;
                        drop(state);
                        let heard = world.oracle().heard_of();
                        let now = self.now(world).as_millisecond();
                        let under = Under { sent: now, answered: now, heard };
                        let allowed = world.oracle().online(stand.shown.copy, stand.out, self.index, &under);
                        sent = Some((seq, under, allowed));
                    }
                    let Some((seq, under, allowed)) = &mut sent else { continue };
                    {
                        let mut state = self.state();
                        state.under_way = !self.cut.load(Ordering::Relaxed);
                    }
                    let scan = self.scan(stand, *seq, self.now(world), "truc_tuyen");
                    match self.tell(world, conn, std::slice::from_ref(&scan), PATIENCE).await {
                        Ok((told, took)) => {
                            self.state().under_way = false;
                            world.took("scan", took);
                            under.answered = self.now(world).as_millisecond();
                            return self.answered(world, stand, (scan, &told), (under, allowed), took);
                        }
                        Err(Trouble::Offline { maybe, .. }) => unknown |= maybe,
                        Err(Trouble::Refused(error)) => {
                            self.state().under_way = false;
                            world.fails(error);
                            return Said::Refused;
                        }
                    }
                }
            }
        }
    }

    fn scan(&self, stand: &Stand, seq: u64, at: Timestamp, mode: &'static str) -> Scan {
        let kind = if stand.out { "out" } else { "in" };
        let opened = mode == "co_lap";
        Scan { seq, at, kind, method: "qr", pass: stand.shown.text.to_string(), mode, opened }
    }

    fn answered(
        &self,
        world: &World,
        stand: &Stand,
        (scan, told): (Scan, &Told),
        (under, before): (&Under, &[String]),
        took: Duration,
    ) -> Said {
        let Some(result) = told.results.first() else {
            world.wrong(stand.shown.copy, &self.joined.gate, "scan", "a verdict", "nothing");
            return Said::Refused;
        };
        let repeated = result.verdict == "duplicate";
        let verdict = if repeated { result.was.clone().unwrap_or_default() } else { result.verdict.clone() };
        let mut allowed = before.to_vec();
        for said in world.oracle().online(stand.shown.copy, stand.out, self.index, under) {
            if !allowed.contains(&said) {
                allowed.push(said);
            }
        }
        let got = match result.lane {
            Some(lane) => format!("{verdict} {lane}"),
            // A repeated answer does not say which lane: any is right.
            None => {
                allowed.iter().find(|one| one.starts_with(&format!("{verdict} "))).unwrap_or(&verdict).clone()
            }
        };
        if !allowed.contains(&got) && !world.oracle().is_unsure(stand.shown.copy) {
            world.wrong(stand.shown.copy, &self.joined.gate, "scan", &allowed.join(" or "), &got);
        }
        world.said(&verdict);
        let opens = matches!(verdict.as_str(), "admit" | "leave");
        if let (true, Some(copy)) = (opens, stand.shown.copy) {
            // Decided at this instant at the latest, and nobody takes the next step before.
            let at = Timestamp::from_millisecond(under.answered).unwrap_or(told.now);
            world.oracle().passes(copy, stand.out, self.index, at, false);
        }
        let mut state = self.state();
        state.acknowledged.push((scan, verdict.clone()));
        state.picture.last.clone_from(&verdict);
        state.picture.last_ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX);
        drop(state);
        match got.strip_prefix("home_lane ").and_then(|lane| lane.parse().ok()) {
            Some(lane) => Said::Elsewhere(lane),
            None if opens => Said::Opened,
            None => Said::Refused,
        }
    }

    /// What the lane says without a network, by its list and what it was told: `alone()` of the gate's page.
    fn alone(&self, world: &World, stand: &Stand) -> Said {
        let at = self.now(world);
        let mut state = self.state();
        let carried = Carried {
            keys: state.keys.as_ref(),
            revoked: &state.revoked,
            list: state.list.as_ref(),
            lanes: &state.lanes,
            inside: &state.inside,
        };
        let (said, pass) = verdict_alone(&carried, stand, at, self.no());
        let got = said.map_or_else(|| "unknown".to_owned(), label);
        state.picture.last = got.split(' ').next().unwrap_or_default().to_owned();
        drop(state);
        world.said(got.split(' ').next().unwrap_or_default());
        let allowed = world.oracle().alone(stand.shown.copy, stand.out, self.index, at);
        if !allowed.contains(&got) && !world.oracle().is_unsure(stand.shown.copy) {
            world.wrong(stand.shown.copy, &self.joined.gate, "alone", &allowed.join(" or "), &got);
        }
        match said {
            Some(verdict) if verdict.opens() => {
                let Some(copy) = stand.shown.copy else { return Said::Refused };
                let id = world.oracle().passes(copy, stand.out, self.index, at, true);
                let mut state = self.state();
                state.seq += 1;
                let scan = self.scan(stand, state.seq, at, "co_lap");
                state.pending.push(Pending { scan, copy, id, said: None });
                if let Some(pass) = pass {
                    state.inside.insert(pass, !stand.out);
                }
                Said::Opened
            }
            Some(Verdict::HomeLane(lane)) => Said::Elsewhere(lane),
            _ => Said::Refused,
        }
    }

    /// Sends again what the server has acknowledged: each must be there and say what it said. What is lost or differs.
    ///
    /// # Errors
    /// [`RehearseError`].
    pub async fn look_again(&self, world: &World) -> Result<Vec<(Scan, String, String)>, RehearseError> {
        let mut conn = Conn::new(&self.address);
        let path = format!("/api/v1/gates/{}/scans", self.joined.gate);
        let mut out = Vec::new();
        for part in self.acknowledged().chunks(BATCH) {
            let scans: Vec<&Scan> = part.iter().map(|(scan, _)| scan).collect();
            let (sent, after) = (self.now(world), self.state().moves_after);
            let body = serde_json::json!({ "sent": sent, "offset_ms": 0, "waiting": 0, "revoked_after": 0,
                "moves_after": after, "scans": scans });
            let body = body.to_string().into_bytes();
            let answer =
                conn.call("POST", &path, Some(&self.joined.token), Some(&body), MERGE_PATIENCE).await?;
            let told: Told = answer.json(&path)?;
            for ((scan, said), result) in part.iter().zip(told.results) {
                let got = format!("{} {}", result.verdict, result.was.as_deref().unwrap_or_default());
                if result.verdict != "duplicate" || result.was.as_ref() != Some(said) {
                    out.push((scan.clone(), format!("duplicate {said}"), got));
                }
            }
        }
        Ok(out)
    }
}

fn net(state: &State) -> Net {
    if !state.failing {
        return Net::Online;
    }
    match state.answered {
        Some(at) if at.elapsed() >= state.alone_after => Net::Alone,
        _ => Net::Waiting,
    }
}
