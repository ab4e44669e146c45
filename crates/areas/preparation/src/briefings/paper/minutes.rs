//! Biên bản: two signatures, who was there and who was not, items, numbered conclusions.
// words: data — official documents are issued in Vietnamese, whatever the language of the page

use print::{Block, Kind, Paper, Signature, Text};

use super::{
    facts::{Meeting, Minutes, Supplement},
    words::{DRAFT, bracket, day, hour, lower, moment, stop, two},
};

/// The minutes of a meeting, or a supplementary record to them (preparation reference 3.4 (3)).
pub fn minutes(facts: &Minutes) -> Paper {
    let Minutes { meeting, signed, hash, supplement } = facts;
    let subject = match supplement {
        None => format!("phiên {} lần thứ {}", lower(&meeting.series), two(meeting.number)),
        Some(more) => format!(
            "bổ sung số {} vào biên bản phiên {} lần thứ {}",
            two(more.number),
            lower(&meeting.series),
            two(meeting.number)
        ),
    };
    let foot = match signed {
        Some(at) => format!("Ký lúc {}. Mã băm SHA-256 của nội dung đã ký: {hash}", moment(*at)),
        None => format!("{DRAFT}: chưa ký, chưa có giá trị."),
    };
    Paper {
        kind: Kind::Minutes,
        title: (signed.is_none()).then(|| format!("BIÊN BẢN ({DRAFT})")),
        issuer: meeting.issuer.clone(),
        date: signed.map(|at| at.date()),
        layout_on: signed.unwrap_or(meeting.begins).date(),
        number: None,
        subject,
        urgency: None,
        to: Vec::new(),
        body: match supplement {
            None => body(meeting),
            Some(more) => supplementary(meeting, more),
        },
        signatures: vec![
            Signature { office: "NGƯỜI GHI BIÊN BẢN".to_owned(), ..Signature::default() },
            Signature { office: "CHỦ TRÌ HỘI NGHỊ".to_owned(), ..Signature::default() },
        ],
        recipients: Vec::new(),
        foot,
        annexes: Vec::new(),
        duplex: true,
    }
}

fn point(mark: impl Into<String>, text: impl Into<Text>) -> Block {
    Block::Point(mark.into(), text.into())
}

fn heading(text: &str) -> Block {
    Block::Heading(2, Text::bold(text))
}

fn body(meeting: &Meeting) -> Vec<Block> {
    let place = if meeting.place.is_empty() { String::new() } else { format!(", tại {}", meeting.place) };
    let mut blocks = vec![Block::Paragraph(Text::plain(format!(
        "Vào hồi {} {}{place}, diễn ra phiên {} lần thứ {}.",
        hour(meeting.begins),
        day(meeting.begins.date()),
        lower(&meeting.series),
        two(meeting.number)
    )))];
    let all = meeting.present.len() + meeting.absent.len();
    blocks.push(heading("I- Thành phần"));
    blocks.push(point("1.", Text::plain(format!("Chủ trì: {}.", meeting.chair))));
    blocks.push(point("2.", Text::plain(format!("Người ghi biên bản: {}.", meeting.secretary))));
    let present = match meeting.present.is_empty() {
        true => "Có mặt: chưa ghi nhận.".to_owned(),
        false => format!("Có mặt {}/{all}: {}.", two_of(meeting.present.len()), meeting.present.join("; ")),
    };
    blocks.push(point("3.", Text::plain(present)));
    let absent: Vec<String> = meeting
        .absent
        .iter()
        .map(|one| {
            let why =
                if one.reason.is_empty() { "không nêu lý do" } else { one.reason.trim_end_matches('.') };
            format!("{} ({why})", one.office)
        })
        .collect();
    blocks.push(point(
        "4.",
        Text::plain(match absent.is_empty() {
            true => "Vắng mặt: không.".to_owned(),
            false => format!("Vắng mặt {}/{all}: {}.", two_of(absent.len()), absent.join("; ")),
        }),
    ));
    blocks.push(heading("II- Tài liệu"));
    blocks.push(Block::Paragraph(Text::plain(match meeting.cutoff {
        Some(at) => format!(
            "Báo cáo tiến độ với số liệu chốt lúc {}; mã băm của số liệu đã chốt: {}.",
            moment(at),
            meeting.snapshot
        ),
        None => "Phiên họp không có số liệu chốt trước.".to_owned(),
    })));
    blocks.push(heading("III- Nội dung"));
    if meeting.items.is_empty() {
        blocks.push(Block::Paragraph(Text::plain("Không có mục nào trong chương trình.")));
    }
    for (at, item) in meeting.items.iter().enumerate() {
        let mut text = Text::plain(stop(&item.title));
        if !item.presenter.is_empty() {
            text = text.and(Text::italic(format!(" Trình bày: {}.", item.presenter)));
        }
        if !item.notes.is_empty() {
            text = text.and(Text::plain(format!(" {}", stop(&item.notes))));
        }
        blocks.push(point(format!("{}.", at + 1), text));
    }
    blocks.push(heading("IV- Kết luận của người chủ trì"));
    blocks.extend(conclusions(meeting));
    blocks.push(Block::Paragraph(Text::plain(match meeting.ends {
        Some(at) if at.date() == meeting.begins.date() => {
            format!("Phiên họp kết thúc hồi {} cùng ngày.", hour(at))
        }
        Some(at) => format!("Phiên họp kết thúc hồi {}.", moment(at)),
        None => "Phiên họp chưa kết thúc.".to_owned(),
    })));
    blocks
}

/// The numbered conclusions, or that there is none.
pub(super) fn conclusions(meeting: &Meeting) -> Vec<Block> {
    if meeting.conclusions.is_empty() {
        return vec![Block::Paragraph(Text::plain("Không có kết luận."))];
    }
    meeting
        .conclusions
        .iter()
        .map(|one| {
            let text = Text::plain(stop(&one.text)).and(Text::italic(format!(" {}", bracket(one))));
            point(format!("{}.", one.number), text)
        })
        .collect()
}

fn supplementary(meeting: &Meeting, more: &Supplement) -> Vec<Block> {
    let mut blocks = vec![
        Block::Paragraph(Text::plain(format!(
            "Biên bản phiên {} lần thứ {}, {}, đã được ký; mã băm SHA-256: {}.",
            lower(&meeting.series),
            two(meeting.number),
            day(meeting.begins.date()),
            more.original
        ))),
        heading("I- Lý do bổ sung"),
        Block::Paragraph(Text::plain(stop(&more.reason))),
        heading("II- Nội dung bổ sung"),
    ];
    blocks.extend(more.corrections.iter().map(|(number, text)| {
        Block::Paragraph(match number {
            Some(number) => {
                Text::bold(format!("Kết luận {number}")).and(Text::plain(format!(": {}", stop(text))))
            }
            None => Text::plain(stop(text)),
        })
    }));
    blocks.push(Block::Paragraph(Text::plain(
        "Những nội dung khác của biên bản giữ nguyên. Biên bản bổ sung này đi liền với biên bản gốc.",
    )));
    blocks
}

fn two_of(count: usize) -> String {
    format!("{count:02}")
}
