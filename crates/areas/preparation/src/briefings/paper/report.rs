//! Báo cáo tuần: I- Kết quả, II- Tồn tại, III- Nhiệm vụ kỳ tới, IV- Kiến nghị, and the six rõ as an annex.
// words: data — official documents are issued in Vietnamese, whatever the language of the page

use print::{
    Align, Annex, Block, Cell, Column, Kind, Number, Paper, Row, RowKind, Signature, Table, Text, Width,
};
use rules::count::Ratio;

use super::{
    facts::{Line, Report, TaskRow},
    notice::recipients,
    words::{DRAFT, REDACTED, lower, moment, share, short, stop, timed, two},
};
use crate::tasks::gantt::roman;

/// The weekly report from frozen figures (preparation reference 3.4 (1)).
pub fn report(facts: &Report) -> Paper {
    let mut body = vec![Block::Paragraph(Text::plain(format!(
        "Phục vụ phiên {} lần thứ {}, báo cáo tiến độ thực hiện {} nhiệm vụ theo sáu rõ; số liệu chốt lúc {}.",
        lower(&facts.series),
        two(facts.meeting),
        facts.total,
        moment(facts.as_of)
    )))];
    body.push(heading("I- Kết quả"));
    body.extend(results(facts));
    body.push(heading("II- Tồn tại, nguyên nhân"));
    let troubles: Vec<&Line> = facts.overdue.iter().chain(&facts.returned).collect();
    if troubles.is_empty() {
        body.push(Block::Paragraph(Text::plain(format!(
            "Không có nhiệm vụ quá hạn hoặc bị yêu cầu bổ sung (0/{}).",
            facts.total
        ))));
    } else {
        body.push(Block::Paragraph(Text::plain(format!(
            "{}/{} nhiệm vụ quá hạn; {}/{} nhiệm vụ bị yêu cầu bổ sung:",
            two_of(facts.overdue.len()),
            facts.total,
            two_of(facts.returned.len()),
            facts.total
        ))));
        body.extend(lines(&troubles, "nguyên nhân", "chưa nêu nguyên nhân"));
    }
    body.push(heading("III- Nhiệm vụ kỳ tới"));
    if facts.next.is_empty() {
        body.push(Block::Paragraph(Text::plain("Không có nhiệm vụ đến hạn trong kỳ tới.")));
    } else {
        body.push(Block::Paragraph(Text::plain(format!(
            "{}/{} nhiệm vụ đến hạn trong kỳ tới:",
            two_of(facts.next.len()),
            facts.total
        ))));
        body.extend(lines(&facts.next.iter().collect::<Vec<_>>(), "", ""));
    }
    body.push(heading("IV- Kiến nghị"));
    if facts.asks.is_empty() {
        body.push(Block::Paragraph(Text::plain("Không có kiến nghị.")));
    } else {
        for (at, line) in facts.asks.iter().enumerate() {
            let unit = if line.unit.is_empty() { "Đơn vị chủ trì" } else { line.unit.as_str() };
            let text = format!("{unit} ({}): {}", line.code, stop(&line.said));
            body.push(Block::Point(format!("{}.", at + 1), Text::plain(text)));
        }
    }
    let recipients = recipients(facts.recipients.iter().map(String::as_str));
    let issued = facts.number.is_some() && facts.issued.is_some();
    Paper {
        kind: Kind::Report,
        title: (!issued).then(|| format!("BÁO CÁO ({DRAFT})")),
        issuer: facts.issuer.clone(),
        date: facts.issued,
        layout_on: facts.layout_on,
        number: Some(Number { number: facts.number, symbol: facts.symbol.clone() }),
        subject: format!("tiến độ nhiệm vụ phục vụ Đại hội tuần {}", two(facts.meeting)),
        urgency: None,
        to: Vec::new(),
        body,
        signatures: vec![Signature {
            authority: facts.signer.authority.as_ref().map(|(kind, whom)| (*kind, whom.to_uppercase())),
            office: facts.signer.office.to_uppercase(),
            name: String::new(),
        }],
        recipients,
        foot: format!("Số liệu chốt có mã băm SHA-256: {}", facts.hash),
        annexes: vec![annex(facts)],
        duplex: true,
    }
}

fn heading(text: &str) -> Block {
    Block::Heading(2, Text::bold(text))
}

fn two_of(count: usize) -> String {
    format!("{count:02}")
}

fn column(width: Width, align: Align) -> Column {
    Column { width, align }
}

fn row(kind: RowKind, cells: Vec<Cell>) -> Row {
    Row { kind, cells }
}

fn head(words: &[&str]) -> Vec<Vec<Cell>> {
    vec![words.iter().map(|word| Cell::from(Text::bold(*word))).collect()]
}

fn results(facts: &Report) -> Vec<Block> {
    let four = &facts.counts;
    let of = |part: u64| share(Ratio::new(part, facts.total));
    let mut rows = vec![
        row(
            RowKind::Body,
            vec![
                "Đã hoàn thành".into(),
                of(four.done_in_time).into(),
                of(four.done_late).into(),
                of(four.done_in_time + four.done_late).into(),
            ],
        ),
        row(
            RowKind::Body,
            vec![
                "Chưa hoàn thành".into(),
                of(four.open_in_time).into(),
                of(four.open_overdue).into(),
                of(four.open_in_time + four.open_overdue).into(),
            ],
        ),
    ];
    if four.outside > 0 {
        rows.push(row(
            RowKind::Body,
            vec![
                "Tạm dừng, huỷ, chưa có hạn".into(),
                Cell::default(),
                Cell::default(),
                of(four.outside).into(),
            ],
        ));
    }
    rows.push(row(
        RowKind::Total,
        vec![
            "Tổng số".into(),
            (four.done_in_time + four.open_in_time).to_string().into(),
            (four.done_late + four.open_overdue).to_string().into(),
            facts.total.to_string().into(),
        ],
    ));
    let mut blocks = vec![
        Block::Paragraph(Text::plain(format!(
            "Tỷ lệ trong bảng tính trên tổng số {} nhiệm vụ.",
            facts.total
        ))),
        Block::Table(Table {
            columns: vec![
                column(Width::Share(5), Align::Left),
                column(Width::Share(4), Align::Right),
                column(Width::Share(4), Align::Right),
                column(Width::Share(4), Align::Right),
            ],
            head: head(&["Nhiệm vụ", "Trong hạn", "Quá hạn", "Cộng"]),
            rows,
            size: 12.0,
        }),
    ];
    let [over_all, in_time, over_due] = facts.shares;
    blocks.push(Block::Paragraph(Text::plain(format!(
        "Hoàn thành trên tổng số: {}. Đúng hoặc trước hạn trên số đã hoàn thành: {}. Hoàn thành trên số đã hoàn thành và quá hạn: {}.",
        share(over_all),
        share(in_time),
        share(over_due)
    ))));
    match facts.since {
        Some(since) if facts.changes.iter().any(|one| one.done + one.overdue + one.moved > 0) => {
            let parts: Vec<String> = facts
                .changes
                .iter()
                .filter_map(|one| {
                    let said: Vec<String> =
                        [(one.done, "hoàn thành thêm"), (one.overdue, "mới quá hạn"), (one.moved, "lùi hạn")]
                            .into_iter()
                            .filter(|(count, _)| *count > 0)
                            .map(|(count, what)| {
                                format!("{what} {}", two_of(usize::try_from(count).unwrap_or(0)))
                            })
                            .collect();
                    (!said.is_empty()).then(|| format!("{} {}", one.stream, said.join(", ")))
                })
                .collect();
            blocks.push(Block::Paragraph(Text::plain(format!(
                "So với lần chốt {}: {}.",
                short(since.date()),
                parts.join("; ")
            ))));
        }
        Some(since) => blocks.push(Block::Paragraph(Text::plain(format!(
            "So với lần chốt {}: không có thay đổi về hoàn thành, quá hạn, lùi hạn.",
            short(since.date())
        )))),
        None => {}
    }
    blocks
}

/// Lines of tasks; `label` names what was said, `silence` stands where nothing was.
fn lines(all: &[&Line], label: &str, silence: &str) -> Vec<Block> {
    all.iter()
        .enumerate()
        .map(|(at, line)| {
            let what = if line.what.is_empty() { REDACTED } else { line.what.trim_end_matches('.') };
            let mut facts = vec![timed(line.timed)];
            if !line.unit.is_empty() {
                facts.insert(0, line.unit.clone());
            }
            if !line.due.is_empty() {
                facts.push(format!("hạn {}", line.due));
            }
            let mut text = Text::bold(line.code.clone()).and(Text::plain(format!(" {what}")));
            text = text.and(Text::italic(format!(" ({})", facts.join("; "))));
            let said = match (label.is_empty(), line.said.is_empty()) {
                (true, _) => ".".to_owned(),
                (false, true) => format!(": {silence}."),
                (false, false) => format!("; {label}: {}", stop(&line.said)),
            };
            Block::Point(format!("{}.", at + 1), text.and(Text::plain(said)))
        })
        .collect()
}

/// The lead unit, and those that help.
fn who(task: &TaskRow) -> String {
    if task.helps.is_empty() {
        task.lead.clone()
    } else {
        format!("{}; phối hợp: {}", task.lead, task.helps)
    }
}

/// The six rõ of every task, landscape.
fn annex(facts: &Report) -> Annex {
    let mut rows = Vec::new();
    let mut stream = None;
    let mut group = 0usize;
    for (at, task) in facts.rows.iter().enumerate() {
        if stream != Some(task.stream.as_str()) {
            stream = Some(task.stream.as_str());
            group += 1;
            let name = format!("{}- {}", roman(group), task.stream);
            let cell = Cell { text: Text::bold(name), columns: 9, rows: 1 };
            rows.push(row(RowKind::Group, vec![cell]));
        }
        let what = if task.what.is_empty() { REDACTED } else { task.what.as_str() };
        rows.push(row(
            RowKind::Body,
            [
                (at + 1).to_string().as_str(),
                &task.code,
                what,
                &who(task),
                &task.when,
                &task.authority,
                &task.accountable,
                &task.result,
                &task.state,
            ]
            .into_iter()
            .map(Cell::from)
            .collect(),
        ));
    }
    let share = |n| column(Width::Share(n), Align::Left);
    Annex {
        title: vec![
            "PHỤ LỤC".to_owned(),
            format!("Tiến độ {} nhiệm vụ theo sáu rõ, số liệu chốt lúc {}", facts.total, moment(facts.as_of)),
        ],
        landscape: true,
        blocks: vec![Block::Table(Table {
            columns: vec![
                column(Width::Mm(9.0), Align::Centre),
                column(Width::Mm(15.0), Align::Left),
                share(6),
                share(5),
                column(Width::Mm(22.0), Align::Left),
                share(5),
                share(4),
                share(5),
                column(Width::Mm(26.0), Align::Left),
            ],
            head: head(&[
                "TT",
                "Mã",
                "Rõ việc",
                "Rõ người",
                "Rõ tiến độ",
                "Rõ thẩm quyền",
                "Rõ trách nhiệm",
                "Rõ kết quả",
                "Tình trạng",
            ]),
            rows,
            size: 9.0,
        })],
    }
}
