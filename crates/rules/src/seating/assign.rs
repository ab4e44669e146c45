//! Who sits where. The same people and the same hall always give the same plan.
//!
//! 1. What somebody placed by hand stays.
//! 2. The presidium sits on the stage, the first in the middle of the first row, the others beside in turn.
//! 3. Each group gets one block, in the order of groups, as long as the blocks hold them; when the plain order would
//!    tear a group, other orders are tried within a bound; only what then still does not fit is divided. Guests come
//!    after all groups.
//! 4. In its block a group sits row by row without a gap: head, deputies, secretaries, then by code. Who needs an
//!    aisle gets the nearest aisle seat of the group, who needs the front its foremost row.
//! 5. Who comes in a wheelchair gets the free place for one that is nearest to the group.
//!
//! What it cannot do it leaves; [`super::review`] says what that is and why.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
};

use serde::{Deserialize, Serialize};

use super::{Kind, Layout, Place, Point};

/// Orders of groups that are tried before one is divided.
const TRIES: u32 = 50_000;

/// With whom somebody sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Team {
    /// The group of this number.
    Group(u16),
    /// Delegates of no group.
    Loose,
    /// Guests.
    Guests,
}

/// What somebody is in the group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Tổ trưởng.
    Head,
    /// Tổ phó.
    Deputy,
    /// Thư ký.
    Secretary,
    /// Everybody else.
    #[default]
    Member,
}

/// What helps somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// Room for a wheelchair.
    pub wheelchair: bool,
    /// A seat at an aisle.
    pub aisle: bool,
    /// One of the first rows.
    pub front: bool,
}

/// Somebody who is to sit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The code, which orders those of one rank.
    pub code: String,
    /// With whom.
    pub team: Team,
    /// What they are in it.
    pub rank: Rank,
    /// Whether they are of the presidium.
    pub presidium: bool,
    /// What helps them.
    pub needs: Needs,
}

/// How a group runs through its block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Run {
    /// Each row from the other side than the one before: neighbours by code stay neighbours.
    #[default]
    #[serde(rename = "ziczac")]
    Serpentine,
    /// Each row from the left.
    #[serde(rename = "tung_hang")]
    Rows,
}

/// How to seat.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// How groups run.
    pub run: Run,
    /// Whether the presidium sits on the stage; otherwise with its groups.
    pub stage: bool,
    /// Groups that shall have a certain block, by the block's number.
    pub blocks: BTreeMap<u16, u16>,
}

/// Groups of a block that one group shall have, over the team itself.
fn wanted(options: &Options, team: Team) -> Option<u16> {
    match team {
        Team::Group(no) => options.blocks.get(&no).copied(),
        Team::Loose | Team::Guests => None,
    }
}

/// The order inside a team.
fn order(people: &[Person], at: usize) -> (Rank, &str, usize) {
    people.get(at).map_or((Rank::Member, "", at), |one| (one.rank, one.code.as_str(), at))
}

/// The free ordinary places of a block in the order in which they fill.
struct Block {
    no: u16,
    middle: Point,
    free: Vec<usize>,
}

/// Seats everybody it can: for each person the place by its index. `pinned` are people with the places that somebody
/// gave them by hand; one that is no place to sit on, or that two were given, is passed over.
pub fn assign(
    hall: &Layout,
    people: &[Person],
    pinned: &[(usize, usize)],
    options: &Options,
) -> Vec<Option<usize>> {
    let mut seats =
        Seats { hall, people, taken: vec![false; hall.places.len()], of: vec![None; people.len()] };
    for (person, place) in pinned {
        if hall.places.get(*place).is_some_and(|place| place.kind != Kind::Blocked) {
            seats.put(*person, *place);
        }
    }
    if options.stage {
        seats.presidium();
    }
    let chairs = seats.wheelchairs();
    let mut blocks = seats.blocks(options.run);
    for guests in [false, true] {
        let teams = seats.teams(guests, &chairs);
        let shares = pack(&teams, &mut blocks, |team| wanted(options, team).or_else(|| seats.block_of(team)));
        seats.lay(&teams, shares, &blocks);
        for block in &mut blocks {
            block.free.retain(|place| !seats.taken.get(*place).is_some_and(|taken| *taken));
        }
    }
    seats.roll_in(&chairs);
    seats.of
}

struct Seats<'a> {
    hall: &'a Layout,
    people: &'a [Person],
    taken: Vec<bool>,
    of: Vec<Option<usize>>,
}

impl Seats<'_> {
    /// Puts somebody down, unless they sit or the place is taken.
    fn put(&mut self, person: usize, place: usize) {
        let (Some(taken), Some(of)) = (self.taken.get_mut(place), self.of.get_mut(person)) else { return };
        if !*taken && of.is_none() {
            *taken = true;
            *of = Some(place);
        }
    }

    fn sits(&self, person: usize) -> bool {
        self.of.get(person).is_some_and(Option::is_some)
    }

    fn is_free(&self, place: usize) -> bool {
        self.taken.get(place).is_some_and(|taken| !*taken)
    }

    fn free(&self, kind: Kind) -> Vec<usize> {
        let all = self.hall.places.iter().enumerate();
        all.filter(|(at, place)| place.kind == kind && self.is_free(*at)).map(|(at, _)| at).collect()
    }

    fn place(&self, at: usize) -> Option<&Place> {
        self.hall.places.get(at)
    }

    fn presidium(&mut self) {
        let mut who: Vec<usize> = (0..self.people.len())
            .filter(|at| !self.sits(*at) && self.people.get(*at).is_some_and(|one| one.presidium))
            .collect();
        who.sort_by_key(|at| order(self.people, *at));
        let mut places = self.free(Kind::Stage);
        let middle = self.hall.stage.map_or(self.hall.width / 2, |stage| stage.x + stage.width / 2);
        // The row nearest to the hall first; in it from the middle outwards, the left of two first.
        places.sort_by_key(|at| {
            self.place(*at).map(|place| (Reverse(place.at.y), (place.at.x - middle).abs(), place.at.x))
        });
        for (person, place) in who.into_iter().zip(places) {
            self.put(person, place);
        }
    }

    /// Who gets a place for a wheelchair: as many as there are, in the order of teams.
    fn wheelchairs(&self) -> HashSet<usize> {
        let mut who: Vec<usize> = (0..self.people.len())
            .filter(|at| !self.sits(*at) && self.people.get(*at).is_some_and(|one| one.needs.wheelchair))
            .collect();
        who.sort_by_key(|at| (self.people.get(*at).map(|one| one.team), order(self.people, *at)));
        who.truncate(self.free(Kind::Wheelchair).len());
        who.into_iter().collect()
    }

    /// The blocks with free places: those nearest to the stage first, of them those nearest to the middle.
    fn blocks(&self, run: Run) -> Vec<Block> {
        let mut by: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
        for at in self.free(Kind::Ordinary) {
            if let Some(place) = self.place(at) {
                by.entry(place.block).or_default().push(at);
            }
        }
        let mut out: Vec<Block> = by
            .into_iter()
            .map(|(no, places)| Block { no, middle: self.middle(&places), free: self.path(places, run) })
            .collect();
        let middle = self.hall.width / 2;
        out.sort_by_key(|block| {
            let first = block.free.iter().filter_map(|at| self.place(*at)).map(|place| place.at.y).min();
            (first, (block.middle.x - middle).abs() / 50, block.middle.x, block.no)
        });
        out
    }

    fn middle(&self, places: &[usize]) -> Point {
        let all: Vec<&Place> = places.iter().filter_map(|at| self.place(*at)).collect();
        let n = i64::try_from(all.len().max(1)).unwrap_or(1);
        let mean = |of: fn(&Place) -> i32| {
            i32::try_from(all.iter().map(|place| i64::from(of(place))).sum::<i64>() / n).unwrap_or(0)
        };
        Point { x: mean(|place| place.at.x), y: mean(|place| place.at.y) }
    }

    fn path(&self, places: Vec<usize>, run: Run) -> Vec<usize> {
        let mut rows: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
        for at in places {
            rows.entry(self.place(at).map_or(0, |place| place.row)).or_default().push(at);
        }
        let mut out = Vec::new();
        for (n, mut row) in rows.into_values().enumerate() {
            row.sort_by_key(|at| self.place(*at).map(|place| place.at.x));
            if run == Run::Serpentine && n % 2 == 1 {
                row.reverse();
            }
            out.extend(row);
        }
        out
    }

    /// The teams with those of them who still need an ordinary place, in their order.
    fn teams(&self, guests: bool, chairs: &HashSet<usize>) -> Vec<(Team, Vec<usize>)> {
        let mut by: BTreeMap<Team, Vec<usize>> = BTreeMap::new();
        for (at, one) in self.people.iter().enumerate() {
            if !self.sits(at) && !chairs.contains(&at) && (one.team == Team::Guests) == guests {
                by.entry(one.team).or_default().push(at);
            }
        }
        for who in by.values_mut() {
            who.sort_by_key(|at| order(self.people, *at));
        }
        by.into_iter().collect()
    }

    /// The block where most of those of a team sit whom somebody has placed by hand.
    fn block_of(&self, team: Team) -> Option<u16> {
        let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
        for (one, place) in self.people.iter().zip(&self.of) {
            let place = place.filter(|_| one.team == team).and_then(|at| self.place(at));
            if let Some(place) = place.filter(|place| place.kind == Kind::Ordinary) {
                *counts.entry(place.block).or_default() += 1;
            }
        }
        counts.into_iter().max_by_key(|(block, count)| (*count, Reverse(*block))).map(|(block, _)| block)
    }

    /// Seats each team on its shares, which are numbers of places of blocks.
    fn lay(&mut self, teams: &[(Team, Vec<usize>)], shares: Vec<Vec<(usize, usize)>>, blocks: &[Block]) {
        let mut next = vec![0_usize; blocks.len()];
        for ((_, who), shares) in teams.iter().zip(shares) {
            let mut run: Vec<usize> = Vec::with_capacity(who.len());
            for (block, count) in shares {
                let (Some(block), Some(next)) = (blocks.get(block), next.get_mut(block)) else { continue };
                run.extend(block.free.iter().skip(*next).take(count));
                *next += count;
            }
            self.seat(who, run);
        }
    }

    /// Seats people, who are in their order, on places, which are in theirs.
    fn seat(&mut self, who: &[usize], mut run: Vec<usize>) {
        let first = run.iter().filter_map(|at| self.place(*at)).map(|place| place.row).min();
        let mut rest = Vec::with_capacity(who.len());
        // Whoever is left over when places are short is left over whatever they need.
        let (seated, _) = who.split_at(run.len().min(who.len()));
        for (n, person) in seated.iter().enumerate() {
            let needs = self.people.get(*person).map_or(Needs::default(), |one| one.needs);
            let score = |at: usize| {
                let place = self.place(at)?;
                let aisle = (needs.aisle || needs.wheelchair) && place.aisle;
                let front = needs.front && Some(place.row) == first;
                Some(u8::from(aisle) + u8::from(front)).filter(|score| *score > 0)
            };
            // The best of the places still free; of those the one nearest to where they would sit anyway.
            let best = run
                .iter()
                .enumerate()
                .filter_map(|(k, at)| score(*at).map(|score| (k, score)))
                .min_by_key(|(k, score)| (Reverse(*score), k.abs_diff(n)))
                .map(|(k, _)| k);
            match best {
                Some(k) => {
                    let place = run.remove(k);
                    self.put(*person, place);
                }
                None => rest.push(*person),
            }
        }
        for (person, place) in rest.into_iter().zip(run) {
            self.put(person, place);
        }
    }

    /// Gives those in wheelchairs their places, each the nearest to the team.
    fn roll_in(&mut self, chairs: &HashSet<usize>) {
        let mut who: Vec<usize> = chairs.iter().copied().collect();
        who.sort_by_key(|at| (self.people.get(*at).map(|one| one.team), order(self.people, *at)));
        for person in who {
            let team = self.people.get(person).map(|one| one.team);
            let mates: Vec<usize> = self
                .people
                .iter()
                .zip(&self.of)
                .filter(|(one, _)| Some(one.team) == team)
                .filter_map(|(_, place)| *place)
                .collect();
            let near = self.middle(&mates);
            let far = |place: &Place| {
                let (x, y) = (i64::from(place.at.x - near.x), i64::from(place.at.y - near.y));
                x * x + y * y
            };
            let free = self.free(Kind::Wheelchair);
            let best = free.into_iter().min_by_key(|at| (self.place(*at).map(far), *at));
            if let Some(place) = best {
                self.put(person, place);
            }
        }
    }
}

/// Shares the free places of blocks out: for each team the blocks by their place in `blocks`, with how many places.
fn pack(
    teams: &[(Team, Vec<usize>)],
    blocks: &mut [Block],
    wanted: impl Fn(Team) -> Option<u16>,
) -> Vec<Vec<(usize, usize)>> {
    let sizes: Vec<usize> = teams.iter().map(|(_, who)| who.len()).collect();
    let mut room: Vec<usize> = blocks.iter().map(|block| block.free.len()).collect();
    let mut home: Vec<Option<usize>> = vec![None; teams.len()];
    for ((home, (team, _)), size) in home.iter_mut().zip(teams).zip(&sizes) {
        let block = wanted(*team).and_then(|no| blocks.iter().position(|block| block.no == no));
        if let Some(room) = block.and_then(|at| room.get_mut(at)).filter(|room| **room >= *size) {
            *room -= size;
            *home = block;
        }
    }
    let open: Vec<usize> = (0..teams.len()).filter(|at| home.get(*at).is_some_and(Option::is_none)).collect();
    let found = in_order(&open, &sizes, &room).or_else(|| search(&open, &sizes, &room));
    let left = match found {
        Some(found) => {
            for (team, block) in open.iter().zip(found) {
                if let (Some(home), Some(size)) = (home.get_mut(*team), sizes.get(*team)) {
                    *home = Some(block);
                    if let Some(room) = room.get_mut(block) {
                        *room -= size;
                    }
                }
            }
            Vec::new()
        }
        None => tight(&open, &sizes, &mut room, &mut home),
    };
    let mut out: Vec<Vec<(usize, usize)>> = home
        .iter()
        .zip(&sizes)
        .map(|(home, size)| home.map(|at| (at, *size)).into_iter().collect())
        .collect();
    for team in left {
        if let (Some(shares), Some(size)) = (out.get_mut(team), sizes.get(team)) {
            *shares = divide(*size, blocks, &mut room);
        }
    }
    out
}

/// Each team into the first block that still holds it, and no earlier team behind a later one.
fn in_order(open: &[usize], sizes: &[usize], room: &[usize]) -> Option<Vec<usize>> {
    let mut room = room.to_vec();
    open.iter()
        .map(|team| {
            let size = sizes.get(*team).copied()?;
            let at = room.iter().position(|room| *room >= size)?;
            *room.get_mut(at)? -= size;
            Some(at)
        })
        .collect()
}

/// The largest team first, through all blocks, going back where it does not end well; gives up after a bound.
fn search(open: &[usize], sizes: &[usize], room: &[usize]) -> Option<Vec<usize>> {
    fn go(left: &[(usize, usize)], room: &mut [usize], found: &mut [usize], tries: &mut u32) -> bool {
        let Some(((at, size), rest)) = left.split_first() else { return true };
        let mut tried: Vec<usize> = Vec::new();
        for block in 0..room.len() {
            let Some(space) = room.get(block).copied().filter(|space| space >= size) else { continue };
            // Two blocks with the same room lead to the same end.
            if tried.contains(&space) {
                continue;
            }
            tried.push(space);
            if *tries == 0 {
                return false;
            }
            *tries -= 1;
            if let (Some(room), Some(found)) = (room.get_mut(block), found.get_mut(*at)) {
                *room = space - size;
                *found = block;
            }
            if go(rest, room, found, tries) {
                return true;
            }
            if let Some(room) = room.get_mut(block) {
                *room = space;
            }
        }
        false
    }
    if sizes.iter().sum::<usize>() > room.iter().sum::<usize>() {
        return None;
    }
    let mut left: Vec<(usize, usize)> =
        open.iter().enumerate().filter_map(|(at, team)| Some((at, *sizes.get(*team)?))).collect();
    left.sort_by_key(|(at, size)| (Reverse(*size), *at));
    let (mut found, mut tries) = (vec![0; open.len()], TRIES);
    go(&left, &mut room.to_vec(), &mut found, &mut tries).then_some(found)
}

/// When not all can stay whole: the largest first, each into the block it fills best. Gives those that fit nowhere,
/// in the order of teams.
fn tight(open: &[usize], sizes: &[usize], room: &mut [usize], home: &mut [Option<usize>]) -> Vec<usize> {
    let mut order: Vec<usize> = open.to_vec();
    order.sort_by_key(|team| (Reverse(sizes.get(*team).copied()), *team));
    let mut left = Vec::new();
    for team in order {
        let size = sizes.get(team).copied().unwrap_or(0);
        let best =
            room.iter().enumerate().filter(|(_, room)| **room >= size).min_by_key(|(at, room)| (**room, *at));
        match best.map(|(at, _)| at) {
            Some(at) => {
                if let (Some(room), Some(home)) = (room.get_mut(at), home.get_mut(team)) {
                    *room -= size;
                    *home = Some(at);
                }
            }
            None => left.push(team),
        }
    }
    left.sort_unstable();
    left
}

/// Divides a team: the block with the most room first, then the nearest ones.
fn divide(size: usize, blocks: &[Block], room: &mut [usize]) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    let mut need = size;
    let mut from: Option<Point> = None;
    while need > 0 {
        let open = room.iter().enumerate().filter(|(_, room)| **room > 0);
        let best = match from {
            None => open.max_by_key(|(at, room)| (**room, Reverse(*at))).map(|(at, _)| at),
            Some(near) => open
                .min_by_key(|(at, _)| {
                    let far = blocks.get(*at).map(|block| {
                        i64::from(block.middle.x - near.x).abs() + i64::from(block.middle.y - near.y).abs()
                    });
                    (far, *at)
                })
                .map(|(at, _)| at),
        };
        let Some(space) = best.and_then(|at| room.get_mut(at)) else { break };
        let share = need.min(*space);
        *space -= share;
        need -= share;
        if let Some(at) = best {
            out.push((at, share));
            from = from.or_else(|| blocks.get(at).map(|block| block.middle));
        }
    }
    out
}
