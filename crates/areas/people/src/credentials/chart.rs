//! Bars: server-drawn SVG with its own print colours. The table with the same numbers stands beside it.

use std::fmt::Write as _;

/// One bar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// Its length.
    pub value: u64,
    /// What stands at its end: `52 (11,69%)`.
    pub words: String,
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// The bars, 640 wide; the longest bar leaves room for its words.
#[allow(clippy::cast_precision_loss, reason = "counts of people")]
pub fn bars(title: &str, bars: &[Bar]) -> String {
    let (width, label, row, thick) = (640.0_f64, 176.0_f64, 30.0_f64, 18.0_f64);
    let height = bars.len() as f64 * row + 8.0;
    let most = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1) as f64;
    let room = width - label - 130.0;
    let mut out = String::with_capacity(4096);
    let _ = write!(
        out,
        "<svg class=\"bars\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" \
         height=\"{height}\" role=\"img\" aria-label=\"{}\" font-family=\"Be Vietnam Pro, Liberation Sans, \
         sans-serif\" font-size=\"15\" fill=\"#1e1b17\">",
        escape(title)
    );
    let _ = write!(
        out,
        "<line class=\"bars-axis\" x1=\"{label}\" x2=\"{label}\" y1=\"2\" y2=\"{}\" stroke=\"#8a8378\"/>",
        height - 2.0
    );
    for (place, bar) in bars.iter().enumerate() {
        let y = 4.0 + place as f64 * row;
        let long = bar.value as f64 / most * room;
        let _ = write!(
            out,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>\
             <rect class=\"bars-bar\" x=\"{label}\" y=\"{:.1}\" width=\"{long:.1}\" height=\"{thick}\" fill=\"#9b1e22\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            label - 8.0,
            y + 19.0,
            escape(&cut(&bar.label, 22)),
            y + (row - thick) / 2.0,
            label + long + 8.0,
            y + 19.0,
            escape(&bar.words)
        );
    }
    out.push_str("</svg>");
    out
}
