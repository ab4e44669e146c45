//! The way from a door to a seat: along corridors and aisles, into the row from its nearer end.

use std::collections::{BTreeMap, BTreeSet};

use super::{Layout, Place, Point};

/// A step in a row counts as so many on an aisle: people stand up to let somebody pass.
const IN_ROW: i64 = 2;

/// Which aisle, as people say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AisleName {
    /// The one on the left.
    Left,
    /// The one in the middle, of an odd number.
    Middle,
    /// The one on the right.
    Right,
    /// This one from the left, from 1.
    Number(u16),
}

/// A part of the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Through the door of this number.
    Door(u16),
    /// Along an aisle.
    Aisle(AisleName),
    /// To the row of these letters.
    Row(String),
    /// To the seat of this number.
    Seat(String),
}

/// A way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Way {
    /// The door it begins at, by its place among the doors.
    pub door: usize,
    /// Its corners, from the door to the seat.
    pub line: Vec<Point>,
    /// How long it is, in centimetres.
    pub length: i64,
    /// The same in steps to say.
    pub steps: Vec<Step>,
}

/// The ways of a hall.
pub struct Ways<'a> {
    hall: &'a Layout,
    /// Stretches of seats side by side.
    stretches: Vec<Vec<usize>>,
    /// The stretch of each place.
    of: Vec<usize>,
}

impl<'a> Ways<'a> {
    /// Those of this hall.
    pub fn new(hall: &'a Layout) -> Self {
        let stretches = hall.stretches();
        let mut of = vec![0; hall.places.len()];
        for (n, stretch) in stretches.iter().enumerate() {
            for at in stretch {
                if let Some(of) = of.get_mut(*at) {
                    *of = n;
                }
            }
        }
        Self { hall, stretches, of }
    }

    /// The shortest way to a place through one of the doors that `through` picks; none when the hall has no aisle
    /// that leads there.
    pub fn to(&self, place: usize, through: impl Fn(usize) -> bool) -> Option<Way> {
        (0..self.hall.doors.len())
            .filter(|door| through(*door))
            .filter_map(|door| self.from(door, place))
            .min_by_key(|way| (way.length, way.door))
    }

    /// The door that people are told for a place: the nearest to the middle of its stretch, so that neighbours come
    /// the same way.
    pub fn door(&self, place: usize) -> Option<usize> {
        let stretch = self.of.get(place).and_then(|at| self.stretches.get(*at))?;
        self.to(*stretch.get(stretch.len() / 2)?, |_| true).map(|way| way.door)
    }

    /// The same for all places at once.
    pub fn doors(&self) -> Vec<Option<usize>> {
        let of: Vec<Option<usize>> =
            self.stretches.iter().map(|stretch| stretch.first().and_then(|at| self.door(*at))).collect();
        self.of.iter().map(|at| of.get(*at).copied().flatten()).collect()
    }

    /// Where somebody steps from an aisle into the row of a seat.
    fn entries(&self, place: usize, seat: &Place) -> Vec<(usize, Point)> {
        let hall = self.hall;
        let stretch = self.of.get(place).and_then(|at| self.stretches.get(*at));
        let x = |at: Option<&usize>| at.and_then(|at| hall.places.get(*at)).map_or(seat.at.x, |one| one.at.x);
        let left = x(stretch.and_then(|all| all.first())) - hall.seat / 2;
        let right = x(stretch.and_then(|all| all.last())) + hall.seat / 2;
        let near = hall.seat * 4;
        let reaches = |x: i32| (x < left && left - x <= near) || (x > right && x - right <= near);
        hall.aisles
            .iter()
            .enumerate()
            .filter(|(_, aisle)| (aisle.from..=aisle.to).contains(&seat.at.y) && reaches(aisle.x))
            .map(|(at, aisle)| (at, Point { x: aisle.x, y: seat.at.y }))
            .collect()
    }
}

/// A graph of points joined by straight stretches.
#[derive(Default)]
struct Net {
    joined: BTreeMap<Point, BTreeMap<Point, i64>>,
}

impl Net {
    /// Joins points that lie on one line, each with the next.
    fn string(&mut self, mut points: Vec<Point>) {
        points.sort_unstable();
        points.dedup();
        for pair in points.windows(2) {
            if let [a, b] = pair {
                self.join(*a, *b, 1);
            }
        }
    }

    fn join(&mut self, a: Point, b: Point, weight: i64) {
        let cost = (i64::from(a.x - b.x).abs() + i64::from(a.y - b.y).abs()) * weight;
        for (from, to) in [(a, b), (b, a)] {
            let kept = self.joined.entry(from).or_default().entry(to).or_insert(cost);
            *kept = (*kept).min(cost);
        }
    }

    /// The cheapest way between two points.
    fn shortest(&self, from: Point, to: Point) -> Option<(i64, Vec<Point>)> {
        let mut open: BTreeSet<(i64, Point)> = BTreeSet::from([(0, from)]);
        let mut best: BTreeMap<Point, (i64, Option<Point>)> = BTreeMap::from([(from, (0, None))]);
        while let Some((cost, here)) = open.pop_first() {
            if here == to {
                let mut line = vec![here];
                let mut at = here;
                while let Some(before) = best.get(&at).and_then(|(_, before)| *before) {
                    line.push(before);
                    at = before;
                }
                line.reverse();
                return Some((cost, line));
            }
            if best.get(&here).is_some_and(|(known, _)| *known < cost) {
                continue;
            }
            for (next, step) in self.joined.get(&here).into_iter().flatten() {
                let reached = cost + step;
                if best.get(next).is_none_or(|(known, _)| reached < *known) {
                    best.insert(*next, (reached, Some(here)));
                    open.insert((reached, *next));
                }
            }
        }
        None
    }
}

/// Where a door leads to: the nearest point of a corridor or an aisle, straight ahead where that is possible.
fn joint(hall: &Layout, door: Point) -> Option<Point> {
    let corridors = hall.corridors.iter().map(|one| Point { x: door.x.clamp(one.from, one.to), y: one.y });
    let aisles = hall.aisles.iter().map(|one| Point { x: one.x, y: door.y.clamp(one.from, one.to) });
    corridors.chain(aisles).min_by_key(|to| {
        let (x, y) = (i64::from(to.x - door.x).abs(), i64::from(to.y - door.y).abs());
        (x + y, *to)
    })
}

impl Ways<'_> {
    fn from(&self, door: usize, place: usize) -> Option<Way> {
        let hall = self.hall;
        let (at, seat) = (hall.doors.get(door)?, hall.places.get(place)?);
        let joint = joint(hall, at.at)?;
        let entries = self.entries(place, seat);
        let mut net = Net::default();
        // An aisle reaches the corridors before and behind its band.
        let reach =
            |aisle: &super::Aisle, y: i32, width: i32| y >= aisle.from - width && y <= aisle.to + width;
        for (n, aisle) in hall.aisles.iter().enumerate() {
            let mut points: Vec<Point> = hall
                .corridors
                .iter()
                .filter(|corridor| reach(aisle, corridor.y, corridor.width))
                .map(|corridor| Point { x: aisle.x, y: corridor.y })
                .collect();
            points.extend(entries.iter().filter(|(at, _)| *at == n).map(|(_, point)| *point));
            points.extend([Point { x: aisle.x, y: aisle.from }, Point { x: aisle.x, y: aisle.to }]);
            if joint.x == aisle.x && (aisle.from..=aisle.to).contains(&joint.y) {
                points.push(joint);
            }
            net.string(points);
        }
        for corridor in &hall.corridors {
            let mut points: Vec<Point> = hall
                .aisles
                .iter()
                .filter(|aisle| reach(aisle, corridor.y, corridor.width))
                .map(|aisle| Point { x: aisle.x, y: corridor.y })
                .collect();
            if joint.y == corridor.y && (corridor.from..=corridor.to).contains(&joint.x) {
                points.push(joint);
            }
            if let Some(stage) = hall.stage.filter(|_| entries.is_empty()) {
                points.push(Point { x: stage.x + stage.width / 2, y: corridor.y });
            }
            net.string(points);
        }
        net.join(at.at, joint, 1);
        for (_, entry) in &entries {
            net.join(*entry, seat.at, IN_ROW);
        }
        if entries.is_empty() {
            // On the stage: from the middle of the corridor before it.
            let (stage, front) = (hall.stage?, hall.corridors.first()?);
            let foot = Point { x: stage.x + stage.width / 2, y: front.y };
            let edge = Point { x: foot.x, y: seat.at.y };
            net.join(foot, edge, 1);
            net.join(edge, seat.at, IN_ROW);
        }
        let (length, line) = net.shortest(at.at, seat.at)?;
        let line = straight(line);
        let mut steps = vec![Step::Door(at.no)];
        let last = line.len().checked_sub(2).and_then(|at| line.get(at));
        if let Some((aisle, _)) = entries.iter().find(|(_, entry)| Some(entry) == last) {
            steps.push(Step::Aisle(name(hall, *aisle)));
        }
        steps.push(Step::Row(hall.row_of(seat).to_owned()));
        steps.push(Step::Seat(seat.number.clone()));
        Some(Way { door, line, length, steps })
    }
}

/// Leaves out points between two others on the same line, but not the one where the row is entered.
fn straight(line: Vec<Point>) -> Vec<Point> {
    let mut out: Vec<Point> = Vec::with_capacity(line.len());
    let last = line.len().saturating_sub(2);
    for (n, point) in line.iter().enumerate() {
        let (before, after) = (out.last(), line.get(n + 1));
        let flat = match (before, after) {
            (Some(a), Some(b)) => (a.x == point.x && point.x == b.x) || (a.y == point.y && point.y == b.y),
            _ => false,
        };
        if !flat || n == last {
            out.push(*point);
        }
    }
    out
}

/// What an aisle is called among those that run beside the same rows.
fn name(hall: &Layout, aisle: usize) -> AisleName {
    let Some(own) = hall.aisles.get(aisle) else { return AisleName::Middle };
    let mut beside: Vec<i32> =
        hall.aisles.iter().filter(|one| one.from < own.to && own.from < one.to).map(|one| one.x).collect();
    beside.sort_unstable();
    let n = beside.len();
    let at = beside.iter().position(|x| *x == own.x).unwrap_or(0);
    match at {
        _ if n % 2 == 1 && at == n / 2 => AisleName::Middle,
        0 => AisleName::Left,
        at if at + 1 == n => AisleName::Right,
        at => AisleName::Number(u16::try_from(at + 1).unwrap_or(u16::MAX)),
    }
}
