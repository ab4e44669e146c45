//! The tornado: how far the lead of the first venue over the second moves when one weight is cut by half or
//! raised by half. Server-drawn SVG that carries its own print colours; the table with the same numbers stands
//! beside it.

use std::fmt::Write as _;

/// The lead when one weight changes, in points of the scale of ten.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    /// The criterion: "T5 Phòng họp tổ".
    pub label: String,
    /// With half of the weight.
    pub less: f64,
    /// With one and a half times the weight.
    pub more: f64,
}

/// What the picture says in words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Captions {
    /// For those who do not see it.
    pub title: String,
    /// At the line of zero: where the second would draw level.
    pub level: String,
    /// At the line of the present lead.
    pub now: String,
    /// The legend of the half.
    pub less: String,
    /// The legend of one and a half times.
    pub more: String,
    /// The axis.
    pub axis: String,
}

/// One picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Tornado {
    /// The lead with the weights as they are.
    pub now: f64,
    /// The criteria.
    pub bars: Vec<Bar>,
    /// Its words.
    pub captions: Captions,
}

/// Writes a number of the picture: "0,89".
pub type Figure<'a> = &'a dyn Fn(f64) -> String;

/// Text as it stands in SVG.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A label that fits its column; the whole stands in the table.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end_matches([' ', ',']))
}

impl Tornado {
    /// Widest bars first: what moves the result most stands on top.
    fn sorted(&self) -> Vec<&Bar> {
        let mut bars: Vec<&Bar> = self.bars.iter().collect();
        bars.sort_by(|a, b| (b.less - b.more).abs().total_cmp(&(a.less - a.more).abs()));
        bars
    }

    /// The SVG. Below 560 px the label stands over its bar.
    pub fn draw(&self, width: u32, class: &str, figure: Figure<'_>) -> String {
        let compact = width < 560;
        let width = f64::from(width);
        let (label, row, bar) = if compact { (8.0, 46.0, 16.0) } else { (262.0, 32.0, 18.0) };
        let (top, foot, edge) = (60.0, 34.0, 46.0);
        #[allow(clippy::cast_precision_loss, reason = "a handful of criteria")]
        let height = top + self.bars.len() as f64 * row + foot;
        let ends = self.bars.iter().flat_map(|one| [one.less, one.more]).chain([0.0, self.now]);
        let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), end| (low.min(end), high.max(end)));
        let span = if high - low > 1e-9 { high - low } else { 1.0 };
        let left = if compact { edge } else { label + edge };
        let x = |value: f64| left + (value - low) / span * (width - left - edge);
        let mut out = String::with_capacity(8 * 1024);
        let captions = &self.captions;
        let _ = write!(
            out,
            "<svg class=\"tornado {class}\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{}\" font-family=\"Be Vietnam Pro, \
             Liberation Sans, sans-serif\" font-size=\"14\" fill=\"#1e1b17\">",
            escape(&captions.title)
        );
        let bottom = height - foot + 4.0;
        // The legend.
        let half = if compact { 170.0 } else { 200.0 };
        let _ = write!(
            out,
            "<rect class=\"tornado-less\" x=\"{label}\" y=\"6\" width=\"14\" height=\"14\" fill=\"#8a8378\"/>\
             <text x=\"{}\" y=\"18\">{}</text><rect class=\"tornado-more\" x=\"{}\" y=\"6\" width=\"14\" height=\"14\" \
             fill=\"#9b1e22\"/><text x=\"{}\" y=\"18\">{}</text>",
            label + 20.0,
            escape(&captions.less),
            label + half,
            label + half + 20.0,
            escape(&captions.more)
        );
        // Zero and the present lead.
        let anchor = if x(0.0) > width / 2.0 { "end" } else { "start" };
        let _ = write!(
            out,
            "<line class=\"tornado-zero\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{1}\" y2=\"{bottom}\" stroke=\"#1e1b17\" \
             stroke-width=\"2\"/><text x=\"{0:.1}\" y=\"{2}\" font-size=\"13\" text-anchor=\"{anchor}\">{3}</text>",
            x(0.0),
            top - 12.0,
            height - 10.0,
            escape(&captions.level)
        );
        let _ = write!(
            out,
            "<line class=\"tornado-now\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"{1}\" y2=\"{bottom}\" stroke=\"#5b554c\" \
             stroke-dasharray=\"4 3\"/><text x=\"{0:.1}\" y=\"{2}\" font-size=\"13\" text-anchor=\"{4}\">{3}</text>",
            x(self.now),
            top - 12.0,
            top - 18.0,
            escape(&captions.now),
            if x(self.now) > width / 2.0 { "end" } else { "start" }
        );
        for (place, one) in self.sorted().into_iter().enumerate() {
            #[allow(clippy::cast_precision_loss, reason = "a handful of criteria")]
            let y = top + place as f64 * row;
            let middle = if compact { y + row - bar - 3.0 } else { y + (row - bar) / 2.0 };
            if compact {
                let _ = write!(
                    out,
                    "<text x=\"{label}\" y=\"{:.1}\" font-size=\"13\">{}</text>",
                    y + 19.0,
                    escape(&cut(&one.label, 44))
                );
            } else {
                let _ = write!(
                    out,
                    "<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                    label - 4.0,
                    middle + 14.0,
                    escape(&cut(&one.label, 34))
                );
            }
            for (value, class, fill) in
                [(one.less, "tornado-less", "#8a8378"), (one.more, "tornado-more", "#9b1e22")]
            {
                let (from, to) = (x(self.now).min(x(value)), x(self.now).max(x(value)));
                let _ = write!(
                    out,
                    "<rect class=\"{class}\" x=\"{from:.1}\" y=\"{middle:.1}\" width=\"{:.1}\" height=\"{bar}\" \
                     fill=\"{fill}\"/>",
                    (to - from).max(1.0)
                );
                let side = value > self.now || (value - self.now).abs() < 1e-9 && class == "tornado-more";
                let _ = write!(
                    out,
                    "<text class=\"tornado-figure\" x=\"{:.1}\" y=\"{:.1}\" font-size=\"13\" text-anchor=\"{}\">{}</text>",
                    if side { to + 5.0 } else { from - 5.0 },
                    middle + bar / 2.0 + 4.5,
                    if side { "start" } else { "end" },
                    escape(&figure(value))
                );
            }
        }
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{}\" font-size=\"13\" text-anchor=\"end\">{}</text></svg>",
            width - 4.0,
            height - 10.0,
            escape(&captions.axis)
        );
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture() -> Tornado {
        let bar = |label: &str, less, more| Bar { label: label.to_owned(), less, more };
        Tornado {
            now: 0.89,
            bars: vec![bar("T6 <âm thanh>", 1.02, 0.77), bar("T5", 0.69, 1.06), bar("T1", 0.87, 0.9)],
            captions: Captions { level: "B ngang A".to_owned(), ..Captions::default() },
        }
    }

    #[test]
    fn the_widest_bar_stands_on_top_and_nothing_is_read_as_markup() {
        let svg = picture().draw(760, "", &|value| format!("{value:.2}"));
        let at = |text: &str| svg.find(text).unwrap_or_else(|| panic!("{text} is missing: {svg}"));
        assert!(at(">T5<") < at("T6 &lt;âm thanh&gt;") && at("T6 &lt;") < at(">T1<"));
        assert!(svg.contains(">1.06<") && svg.contains(">0.69<"));
        assert!(!svg.contains("style="));
    }

    #[test]
    fn zero_is_always_in_the_picture() {
        let only =
            Tornado { now: 2.0, bars: vec![Bar { label: "T1".into(), less: 2.0, more: 2.0 }], ..picture() };
        for width in [340, 760] {
            let svg = only.draw(width, "", &|value| value.to_string());
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            assert!(svg.contains("tornado-zero"));
        }
    }
}
