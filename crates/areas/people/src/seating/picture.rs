//! The map of a hall as SVG, drawn here for the screen, the wall and paper alike: colours are attributes, so that it
//! looks the same where no style sheet reaches. One unit is a centimetre.

use std::fmt::{self, Write as _};

use rules::seating::{Kind, Layout, Place, Point, way::Way};

use super::model::Seen;

const INK: &str = "#1e1b17";
const SOFT: &str = "#5b554c";
const RULE: &str = "#8a8378";
const FAINT: &str = "#ddd7cb";
const ACCENT: &str = "#9b1e22";
/// Letters on screen, and on paper where the first are not at hand.
const FONT: &str = "Be Vietnam Pro, Liberation Serif, serif";
/// Room around the hall.
const MARGIN: i32 = 60;

/// Grounds of groups: light, so that the number on them is read at 7:1 and more. The number tells groups apart for
/// those who do not see the colour, and where there are more groups than colours.
const GROUNDS: [&str; 12] = [
    "#ffd9c7", "#ffe8a3", "#d8efb0", "#b5ead7", "#b9e3f5", "#c9d4ff", "#e6ccff", "#ffcfe6", "#e6d9c3",
    "#cfe3d0", "#e2e0dc", "#f7c6c1",
];

/// The ground of a group's number.
pub fn ground(no: u16) -> &'static str {
    GROUNDS.get(usize::from(no.saturating_sub(1)) % GROUNDS.len()).copied().unwrap_or("#fff")
}

/// The words on a map.
#[derive(Debug, Clone)]
pub struct Labels {
    /// What the map shows, for those who do not see it.
    pub title: String,
    /// On the stage.
    pub stage: String,
    /// Beside each door, in their order.
    pub doors: Vec<String>,
}

/// A place on the map of groups.
#[derive(Debug, Clone, Default)]
pub struct Cell {
    /// The ground under it; none for a place on which nobody sits.
    pub ground: Option<&'static str>,
    /// What stands on it: the number of the group.
    pub mark: String,
    /// The code of who sits there; empty for nobody.
    pub code: String,
    /// The place and the person in words.
    pub label: String,
    /// Whether somebody placed them by hand.
    pub pinned: bool,
    /// Whether it is to be found at once.
    pub found: bool,
}

/// Text that may stand in SVG.
struct Safe<'a>(&'a str);

impl fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for letter in self.0.chars() {
            match letter {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                letter if letter.is_control() => {}
                letter => f.write_char(letter)?,
            }
        }
        Ok(())
    }
}

/// A drawing that grows. Writing to a string never fails.
struct Svg(String);

macro_rules! draw {
    ($svg:expr, $($arg:tt)*) => { let _ = write!($svg.0, $($arg)*); };
}

impl Svg {
    fn open(hall: &Layout, labels: &Labels, class: &str, role: &str) -> Self {
        let (width, depth) = (hall.width + 2 * MARGIN, hall.depth + 2 * MARGIN);
        Self::cut(labels, (class, role), (-MARGIN, -MARGIN, width, depth))
    }

    fn cut(labels: &Labels, (class, role): (&str, &str), (x, y, width, depth): (i32, i32, i32, i32)) -> Self {
        let mut svg = Self(String::with_capacity(64 << 10));
        draw!(
            svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" role=\"{role}\" aria-label=\"{}\" \
             viewBox=\"{x} {y} {width} {depth}\" font-family=\"{FONT}\" text-anchor=\"middle\">\
             <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{depth}\" fill=\"#fff\"/>",
            Safe(&labels.title)
        );
        svg
    }

    /// Walls, stage, doors, letters of rows.
    fn frame(&mut self, hall: &Layout, labels: &Labels) {
        draw!(
            self,
            "<rect x=\"0\" y=\"0\" width=\"{}\" height=\"{}\" fill=\"none\" stroke=\"{RULE}\" stroke-width=\"6\"/>",
            hall.width,
            hall.depth
        );
        if let Some(stage) = hall.stage {
            draw!(
                self,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"#f7f4ee\" stroke=\"{RULE}\" \
                 stroke-width=\"3\"/><text x=\"{}\" y=\"{}\" font-size=\"56\" font-weight=\"600\" fill=\"{SOFT}\">{}</text>",
                stage.x,
                stage.y,
                stage.width,
                stage.depth,
                stage.x + stage.width / 2,
                stage.y + 86,
                Safe(&labels.stage)
            );
        }
        for (door, words) in hall.doors.iter().zip(&labels.doors) {
            let (x, y, half) = (door.at.x, door.at.y, door.width / 2);
            let beside = x <= 0 || x >= hall.width;
            let (x1, y1, x2, y2) =
                if beside { (x, y - half, x, y + half) } else { (x - half, y, x + half, y) };
            draw!(
                self,
                "<path d=\"M{x1} {y1}L{x2} {y2}\" stroke=\"{ACCENT}\" stroke-width=\"22\" fill=\"none\"/>"
            );
            // Beside a wall the words stand upright along it, so that they take no room from the seats.
            if beside {
                let at = if x <= 0 { x - 22 } else { x + 50 };
                draw!(
                    self,
                    "<text transform=\"translate({at} {y}) rotate(-90)\" font-size=\"44\" font-weight=\"600\" \
                     fill=\"{ACCENT}\">{}</text>",
                    Safe(words)
                );
            } else {
                draw!(
                    self,
                    "<text x=\"{x}\" y=\"{}\" font-size=\"44\" font-weight=\"600\" fill=\"{ACCENT}\">{}</text>",
                    y + 52,
                    Safe(words)
                );
            }
        }
        for (row, name) in (0_u16..).zip(&hall.rows) {
            let own = || hall.places.iter().filter(|place| place.row == row);
            let Some(y) = own().map(|place| place.at.y).min() else { continue };
            let left = own().map(|place| place.at.x).min().unwrap_or(0) - hall.seat;
            let right = own().map(|place| place.at.x).max().unwrap_or(0) + hall.seat;
            for x in [left, right] {
                draw!(
                    self,
                    "<text x=\"{x}\" y=\"{}\" font-size=\"38\" font-weight=\"600\" fill=\"{SOFT}\">{}</text>",
                    y + 13,
                    Safe(name)
                );
            }
        }
    }

    /// Places on which nobody sits, each kind in one path.
    fn empty<'a>(&mut self, hall: &Layout, places: impl Iterator<Item = &'a Place> + Clone) {
        let half = hall.seat * 40 / 100;
        let of = |kind| places.clone().filter(move |place: &&Place| place.kind == kind);
        let mut dots = String::new();
        for place in of(Kind::Ordinary).chain(of(Kind::Stage)) {
            circle(&mut dots, place.at, half / 3);
        }
        draw!(self, "<path d=\"{dots}\" fill=\"{FAINT}\"/>");
        let (mut chairs, mut crosses) = (String::new(), String::new());
        for place in of(Kind::Wheelchair) {
            // Smaller than somebody who has not come yet, whose mark is a ring too.
            circle(&mut chairs, place.at, half / 2);
        }
        for place in of(Kind::Blocked) {
            let Point { x, y } = place.at;
            let arm = half / 2;
            let _ = write!(crosses, "M{} {}l{a} {a}m0 -{a}l-{a} {a}", x - arm / 2, y - arm / 2, a = arm);
        }
        draw!(self, "<path d=\"{chairs}\" fill=\"none\" stroke=\"#3275b4\" stroke-width=\"5\"/>");
        draw!(self, "<path d=\"{crosses}\" fill=\"none\" stroke=\"{RULE}\" stroke-width=\"5\"/>");
    }

    fn close(mut self) -> String {
        self.0.push_str("</svg>");
        self.0
    }
}

fn circle(path: &mut String, Point { x, y }: Point, r: i32) {
    let _ = write!(path, "M{} {y}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0 -{d} 0", x - r, d = 2 * r);
}

/// The map of groups. On the screen of who seats people each place can be taken hold of; on paper seats have their
/// numbers.
pub fn groups(hall: &Layout, cells: &[Cell], labels: &Labels, held: bool) -> String {
    let role = if held { "group" } else { "img" };
    let class = if held { "hall-map is-held" } else { "hall-map" };
    let mut svg = Svg::open(hall, labels, class, role);
    svg.frame(hall, labels);
    let half = hall.seat * 45 / 100;
    let side = 2 * half;
    let bare = |cell: &Cell| cell.ground.is_none();
    if !held {
        let empty = hall.places.iter().zip(cells).filter(|(_, cell)| bare(cell)).map(|(place, _)| place);
        svg.empty(hall, empty);
    }
    for (place, cell) in hall.places.iter().zip(cells) {
        if bare(cell) && !held {
            continue;
        }
        let Point { x, y } = place.at;
        let fill = cell.ground.unwrap_or(if place.kind == Kind::Blocked { FAINT } else { "#fff" });
        let (stroke, width) = match (cell.found, place.kind) {
            (true, _) => (ACCENT, 10),
            (false, Kind::Wheelchair) => ("#3275b4", 6),
            (false, _) => (RULE, 2),
        };
        if held {
            draw!(
                svg,
                "<g class=\"seat\" data-place=\"{}\" data-who=\"{}\" role=\"button\" tabindex=\"-1\" \
                 aria-label=\"{}\"{}>",
                Safe(&place.id),
                Safe(&cell.code),
                Safe(&cell.label),
                if place.kind == Kind::Blocked { " aria-disabled=\"true\"" } else { "" }
            );
        }
        draw!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{side}\" height=\"{side}\" rx=\"9\" fill=\"{fill}\" stroke=\"{stroke}\" \
             stroke-width=\"{width}\"/>",
            x - half,
            y - half
        );
        if !cell.mark.is_empty() {
            let lift = if held { 9 } else { 3 };
            draw!(
                svg,
                "<text x=\"{x}\" y=\"{}\" font-size=\"26\" font-weight=\"600\" fill=\"{INK}\">{}</text>",
                y + lift,
                Safe(&cell.mark)
            );
        }
        if !held {
            draw!(
                svg,
                "<text x=\"{x}\" y=\"{}\" font-size=\"14\" fill=\"{SOFT}\">{}</text>",
                y + 20,
                Safe(&place.number)
            );
        }
        if cell.pinned {
            draw!(svg, "<circle cx=\"{}\" cy=\"{}\" r=\"6\" fill=\"{ACCENT}\"/>", x + half - 8, y - half + 8);
        }
        if held {
            draw!(svg, "</g>");
        }
    }
    svg.close()
}

/// How a state is drawn: fill, line, and whether a white tick lies over it. Each has a shape of its own, so that it is
/// told without colour.
const fn look(seen: Seen) -> (&'static str, &'static str) {
    match seen {
        Seen::Present => ("#1f6b37", "#1f6b37"),
        Seen::NotYet => ("#fff", "#4b4742"),
        Seen::Leave => ("#f2c14e", "#624100"),
        Seen::Left => ("#bfe0ff", "#004985"),
    }
}

/// The shape of a state around a point.
fn shape(path: &mut String, seen: Seen, at: Point, half: i32) {
    let Point { x, y } = at;
    let side = 2 * half;
    let _ = match seen {
        Seen::Present => write!(path, "M{} {}h{side}v{side}h-{side}z", x - half, y - half),
        Seen::NotYet => {
            circle(path, at, half);
            Ok(())
        }
        Seen::Leave => write!(path, "M{x} {}l{half} {side}h-{side}z", y - half),
        Seen::Left => write!(path, "M{x} {}l{half} {half}l-{half} {half}l-{half} -{half}z", y - half),
    };
}

fn tick(path: &mut String, Point { x, y }: Point, half: i32) {
    let (a, b) = (half * 35 / 100, half * 85 / 100);
    let _ = write!(path, "M{} {y}l{a} {a}l{b} -{b}", x - half * 55 / 100);
}

fn states(svg: &mut Svg, all: &[(Point, Seen)], half: i32) {
    for seen in Seen::ALL {
        let (mut path, mut ticks) = (String::new(), String::new());
        for (at, _) in all.iter().filter(|(_, one)| *one == seen) {
            shape(&mut path, seen, *at, half);
            if seen == Seen::Present {
                tick(&mut ticks, *at, half);
            }
        }
        let (fill, line) = look(seen);
        draw!(svg, "<path d=\"{path}\" fill=\"{fill}\" stroke=\"{line}\" stroke-width=\"5\"/>");
        if seen == Seen::Present {
            draw!(svg, "<path d=\"{ticks}\" fill=\"none\" stroke=\"#fff\" stroke-width=\"6\"/>");
        }
    }
}

/// The map of who is there: a state for each place, none where nobody sits whom the roll-call counts.
pub fn attendance(hall: &Layout, seen: &[Option<Seen>], labels: &Labels) -> String {
    let mut svg = Svg::open(hall, labels, "hall-map", "img");
    svg.frame(hall, labels);
    let both = || hall.places.iter().zip(seen);
    svg.empty(hall, both().filter(|(_, seen)| seen.is_none()).map(|(place, _)| place));
    let all: Vec<(Point, Seen)> =
        both().filter_map(|(place, seen)| seen.map(|seen| (place.at, seen))).collect();
    states(&mut svg, &all, hall.seat * 40 / 100);
    svg.close()
}

/// The shape of a state alone, for the legend.
pub fn legend(seen: Seen) -> String {
    let labels = Labels { title: String::new(), stage: String::new(), doors: Vec::new() };
    let mut svg = Svg::cut(&labels, ("legend-mark", "presentation"), (0, 0, 60, 60));
    states(&mut svg, &[(Point { x: 30, y: 30 }, seen)], 22);
    svg.close().replace(" aria-label=\"\"", " aria-hidden=\"true\"")
}

/// The way to a place: the whole hall, or the rows around the seat.
pub fn way(hall: &Layout, place: &Place, way: Option<&Way>, labels: &Labels, near: bool) -> String {
    let mut svg = if near {
        let (across, deep) = (hall.seat * 13, hall.pitch * 5);
        let x = (place.at.x - across / 2).clamp(-MARGIN, (hall.width + MARGIN - across).max(-MARGIN));
        Svg::cut(labels, ("hall-map", "img"), (x, place.at.y - deep * 6 / 10, across, deep))
    } else {
        Svg::open(hall, labels, "hall-map", "img")
    };
    svg.frame(hall, labels);
    let half = hall.seat * 42 / 100;
    let mut others = String::new();
    for other in hall.places.iter().filter(|other| other.id != place.id && other.kind != Kind::Blocked) {
        shape(&mut others, Seen::Present, other.at, half);
    }
    draw!(svg, "<path d=\"{others}\" fill=\"#f7f4ee\" stroke=\"{RULE}\" stroke-width=\"2\"/>");
    if near {
        for other in hall.places.iter().filter(|other| other.id != place.id && other.kind != Kind::Blocked) {
            if (other.at.x - place.at.x).abs() < hall.seat * 14
                && (other.at.y - place.at.y).abs() < hall.pitch * 4
            {
                draw!(
                    svg,
                    "<text x=\"{}\" y=\"{}\" font-size=\"24\" fill=\"{SOFT}\">{}</text>",
                    other.at.x,
                    other.at.y + 9,
                    Safe(&other.number)
                );
            }
        }
    }
    let stroke = if near { 12 } else { 22 };
    if let Some(way) = way {
        let mut points = String::new();
        for Point { x, y } in &way.line {
            let _ = write!(points, "{x},{y} ");
        }
        draw!(
            svg,
            "<polyline points=\"{points}\" fill=\"none\" stroke=\"#fff\" stroke-width=\"{}\" stroke-linejoin=\"round\"/>\
             <polyline points=\"{points}\" fill=\"none\" stroke=\"#004985\" stroke-width=\"{stroke}\" \
             stroke-linejoin=\"round\" stroke-linecap=\"round\"/>",
            stroke + 10
        );
        if let Some(Point { x, y }) = way.line.first() {
            let r = if near { 20 } else { 34 };
            draw!(
                svg,
                "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"#004985\" stroke=\"#fff\" stroke-width=\"6\"/>"
            );
        }
    }
    let Point { x, y } = place.at;
    if near {
        let r = half + 3;
        draw!(
            svg,
            "<rect x=\"{}\" y=\"{}\" width=\"{s}\" height=\"{s}\" rx=\"9\" fill=\"{ACCENT}\"/>\
             <text x=\"{x}\" y=\"{}\" font-size=\"28\" font-weight=\"600\" fill=\"#fff\">{}</text>",
            x - r,
            y - r,
            y + 10,
            Safe(&place.number),
            s = 2 * r
        );
    } else {
        // Large enough to be found on a phone, whatever the size of the hall.
        let r = (hall.width.max(hall.depth) / 45).max(half);
        draw!(
            svg,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{r}\" fill=\"{ACCENT}\" stroke=\"#fff\" stroke-width=\"10\"/>\
             <circle cx=\"{x}\" cy=\"{y}\" r=\"{}\" fill=\"#fff\"/>",
            r / 3
        );
    }
    svg.close()
}
