//! Printers through the front door on both databases, and the way to a printer against sinks on loopback.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::atomic::{AtomicU8, Ordering},
    time::{Duration, Instant},
};

use axum::{Router, http::Method};
use platform::{
    app::App,
    identity::Right,
    testing::{Seat, on_both},
};
use print::{
    Raster,
    device::{Bitmap, Shade, brother, escpos, pwg, zpl},
};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use super::{
    model::{Outcome, Printer, PrinterId, PrinterKind},
    send::{Patience, carry, http_body, test_page},
};

fn routes() -> Router<App> {
    super::routes().merge(super::api::routes())
}

/// An address of this machine that no other test has: ports are few, loopback addresses are many.
fn own_host() -> Ipv4Addr {
    static NEXT: AtomicU8 = AtomicU8::new(1);
    let process = std::process::id().to_le_bytes();
    Ipv4Addr::new(127, 64 | process[1] & 0x3f, process[0], NEXT.fetch_add(1, Ordering::Relaxed))
}

fn printer(kind: PrinterKind, host: Ipv4Addr) -> Printer {
    Printer {
        id: PrinterId(platform::uuid::Uuid::nil()),
        name: "Thử".to_owned(),
        kind,
        host: host.to_string(),
        port: *kind.ports().start(),
        dpi: 300,
        width_mm: 62,
        length_mm: 29,
        copies: 1,
        version: 1,
        updated_at: platform::testing::start(),
        updated_by: String::new(),
    }
}

fn short() -> Patience {
    Patience {
        connect: Duration::from_millis(300),
        status: Duration::from_millis(200),
        job: Duration::from_millis(600),
        turn: Duration::from_millis(400),
    }
}

async fn listen(host: Ipv4Addr, port: u16) -> TcpListener {
    TcpListener::bind(SocketAddr::new(IpAddr::V4(host), port)).await.unwrap()
}

/// A printer on port 9100: answers the question for its status, then records what comes.
fn sink(listener: TcpListener, question: Vec<u8>, answer: Vec<u8>) -> JoinHandle<Vec<u8>> {
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut asked = vec![0; question.len()];
        stream.read_exact(&mut asked).await.unwrap();
        assert_eq!(asked, question);
        stream.write_all(&answer).await.unwrap();
        let mut job = Vec::new();
        let _ = stream.read_to_end(&mut job).await;
        job
    })
}

const ZEBRA_WELL: &[u8] = b"\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n";
const ZEBRA_EMPTY: &[u8] = b"\x02030,1,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n";

fn brother_well() -> Vec<u8> {
    let mut bytes = vec![0; brother::STATUS_BYTES];
    bytes[..4].copy_from_slice(&[0x80, 0x20, 0x42, 0x34]);
    (bytes[10], bytes[11], bytes[17]) = (62, 0x0b, 29);
    bytes
}

#[tokio::test]
async fn each_language_arrives_byte_by_byte() {
    for (kind, question, answer) in [
        (PrinterKind::Zpl, zpl::STATUS.to_vec(), ZEBRA_WELL.to_vec()),
        (PrinterKind::BrotherQl, brother::status(), brother_well()),
        (PrinterKind::EscPos, escpos::STATUS.to_vec(), vec![0x12, 0x12]),
    ] {
        let host = own_host();
        let sink = sink(listen(host, 9100).await, question, answer);
        let one = printer(kind, host);
        let page = test_page(&one);
        let bits = [Bitmap::of(&page, Shade::Mixed)];
        let expected = match kind {
            PrinterKind::BrotherQl => brother::labels(&bits, one.media(), 1),
            PrinterKind::EscPos => escpos::receipts(&bits, 1),
            _ => zpl::labels(&bits, 1),
        };
        assert_eq!(carry(&one, vec![page], short()).await, Ok(()), "{kind}");
        assert_eq!(sink.await.unwrap(), expected.unwrap(), "{kind}");
    }
}

#[tokio::test]
async fn what_goes_wrong_is_told_apart_and_nothing_waits_for_ever() {
    let began = Instant::now();
    let go = async |one: Printer| {
        let page = test_page(&one);
        carry(&one, vec![page], short()).await.unwrap_err()
    };
    // Nobody listens.
    assert_eq!(go(printer(PrinterKind::Zpl, own_host())).await, Outcome::Refused);
    // Another paper in it, no paper in it: no dot of the job is sent.
    let host = own_host();
    let empty = sink(listen(host, 9100).await, zpl::STATUS.to_vec(), ZEBRA_EMPTY.to_vec());
    assert_eq!(go(printer(PrinterKind::Zpl, host)).await, Outcome::PaperOut);
    assert_eq!(empty.await.unwrap(), b"");
    let host = own_host();
    let sink_of_roll = sink(listen(host, 9100).await, brother::status(), brother_well());
    let long = Printer { length_mm: 100, ..printer(PrinterKind::BrotherQl, host) };
    assert_eq!(go(long).await, Outcome::WrongMedia);
    assert_eq!(sink_of_roll.await.unwrap(), b"");
    // It hangs up.
    let host = own_host();
    let listener = listen(host, 9100).await;
    let hangs_up = tokio::spawn(async move { drop(listener.accept().await.unwrap()) });
    assert_eq!(go(printer(PrinterKind::Zpl, host)).await, Outcome::Broken);
    hangs_up.await.unwrap();
    // It takes the connection and says nothing.
    let host = own_host();
    let _deaf = listen(host, 631).await;
    assert_eq!(go(printer(PrinterKind::Ipp, host)).await, Outcome::Silent);
    // A page larger than the paper; an address outside of the house.
    let page = Raster { width: 800, height: 10, dots: vec![255; 8000] };
    assert_eq!(
        carry(&printer(PrinterKind::Zpl, own_host()), vec![page], short()).await,
        Err(Outcome::TooLarge)
    );
    let outside = Printer { host: "8.8.8.8".to_owned(), ..printer(PrinterKind::Zpl, own_host()) };
    assert_eq!(go(outside).await, Outcome::Unreachable);
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_printer_that_never_says_how_it_is_prints_and_two_jobs_take_turns() {
    let host = own_host();
    let listener = listen(host, 9100).await;
    let quiet = tokio::spawn(async move {
        let mut jobs = Vec::new();
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut job = Vec::new();
            stream.read_to_end(&mut job).await.unwrap();
            jobs.push(job);
        }
        jobs
    });
    let one = printer(PrinterKind::Zpl, host);
    let go = || carry(&one, vec![test_page(&one)], short());
    assert_eq!(tokio::join!(go(), go()), (Ok(()), Ok(())));
    for job in quiet.await.unwrap() {
        assert!(job.starts_with(b"~HS\r\n^XA") && job.ends_with(b"^XZ\n"));
    }
}

/// An office printer: answers each request with the next of its answers, and records the bodies.
fn office(listener: TcpListener, answers: Vec<Vec<u8>>) -> JoinHandle<Vec<Vec<u8>>> {
    tokio::spawn(async move {
        let mut bodies = Vec::new();
        for answer in answers {
            let (mut stream, _) = listener.accept().await.unwrap();
            bodies.push(request_body(&mut stream).await);
            stream.write_all(&answer).await.unwrap();
        }
        bodies
    })
}

async fn request_body(stream: &mut TcpStream) -> Vec<u8> {
    let (mut bytes, mut part) = (Vec::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut part).await.unwrap();
        bytes.extend(&part[..read]);
        let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
        assert!(
            head.starts_with("POST /ipp/print HTTP/1.1\r\n") && head.contains("application/ipp"),
            "{head}"
        );
        let length = head.lines().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
        if bytes.len() == end + 4 + length.parse::<usize>().unwrap() {
            return bytes.split_off(end + 4);
        }
    }
}

fn ipp_answer(status: u16, attributes: &[(&str, &str)]) -> Vec<u8> {
    let mut out = vec![1, 1];
    out.extend(status.to_be_bytes());
    out.extend([0, 0, 0, 1, 4]);
    for (name, value) in attributes {
        out.push(0x44);
        for text in [name, value] {
            out.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
            out.extend(text.as_bytes());
        }
    }
    out.push(3);
    out
}

fn ok(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// The same in chunks of three bytes, after an interim answer.
fn chunked(body: &[u8]) -> Vec<u8> {
    let mut out =
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for chunk in body.chunks(3) {
        out.extend(format!("{:x};a=b\r\n", chunk.len()).as_bytes());
        out.extend(chunk);
        out.extend(b"\r\n");
    }
    out.extend(b"0\r\n\r\n");
    out
}

#[tokio::test]
async fn an_office_printer_is_asked_and_then_given_the_pages() {
    let pwg = ("document-format-supported", "image/pwg-raster");
    let well = ipp_answer(0, &[("printer-state-reasons", "none"), pwg]);
    let page = Raster { width: 30, height: 20, dots: vec![9; 600] };
    for wrap in [ok, chunked] {
        let host = own_host();
        let office = office(listen(host, 631).await, vec![wrap(&well), wrap(&ipp_answer(1, &[]))]);
        let one = Printer { copies: 2, ..printer(PrinterKind::Ipp, host) };
        assert_eq!(carry(&one, vec![page.clone()], short()).await, Ok(()));
        let bodies = office.await.unwrap();
        assert_eq!(&bodies[0][..4], b"\x01\x01\x00\x0b");
        assert_eq!(&bodies[1][..4], b"\x01\x01\x00\x02");
        assert!(bodies[1].ends_with(&pwg::document(std::slice::from_ref(&page), 300).unwrap()));
        assert!(bodies[1].windows(12).any(|part| part == b"copies\x00\x04\x00\x00\x00\x02"));
    }
    for (first, second, expected) in [
        (ok(&ipp_answer(0, &[("printer-state-reasons", "media-empty-error"), pwg])), None, Outcome::PaperOut),
        (ok(&ipp_answer(0, &[("document-format-supported", "application/pdf")])), None, Outcome::Format),
        (ok(&well), Some(ok(&ipp_answer(0x040a, &[]))), Outcome::Format),
        (ok(&well), Some(ok(&ipp_answer(0x0507, &[]))), Outcome::Refused),
        (b"HTTP/1.1 404 Not Found\r\n\r\n".to_vec(), None, Outcome::Refused),
        (b"220 smtp".to_vec(), None, Outcome::Refused),
    ] {
        let host = own_host();
        let office = office(listen(host, 631).await, [Some(first), second].into_iter().flatten().collect());
        assert_eq!(carry(&printer(PrinterKind::Ipp, host), vec![page.clone()], short()).await, Err(expected));
        office.await.unwrap();
    }
    assert_eq!(
        http_body(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx"),
        Some(vec![])
    );
}

fn zebra(host: &str) -> Value {
    json!({ "name": "Bàn 1", "kind": "zpl", "host": host, "port": 9100, "dpi": 203, "width_mm": 60, "length_mm": 40 })
}

async fn enter(house: &platform::testing::House, seat: &Seat, body: &Value) -> platform::testing::Answered {
    house.call(&routes(), seat.json(Method::POST, "/api/v1/printers", body)).await
}

#[test]
fn a_printer_is_entered_tried_changed_and_removed_and_the_log_stays() {
    on_both(&crate::migrations(), async |house| {
        let seat = house.seat("Tổ thẻ", &[("badges", Right::Manage)]).await;
        let host = own_host();
        let made = enter(&house, &seat, &zebra(&host.to_string())).await;
        assert_eq!(made.status, 201, "{}", made.text);
        let id = made.json()["id"].as_str().unwrap().to_owned();

        // Nobody listens: the sentence says what to do.
        let path = format!("/the/may-in/{id}/thu");
        let tried = house.call(&routes(), seat.post(&path, &[])).await;
        assert_eq!(tried.header("location"), "/the/may-in?xong=thu-tu_choi");
        let shown = house.call(&routes(), seat.get("/the/may-in?xong=thu-tu_choi")).await;
        assert!(
            shown.text.contains("Kiểm tra cổng và loại máy in") && shown.text.contains("Máy từ chối"),
            "{}",
            shown.text
        );

        let sink = sink(listen(host, 9100).await, zpl::STATUS.to_vec(), ZEBRA_WELL.to_vec());
        let tried = house
            .call(&routes(), seat.json(Method::POST, &format!("/api/v1/printers/{id}/test"), &json!({})))
            .await;
        assert_eq!(tried.json()["outcome"], "da_gui", "{}", tried.text);
        assert!(sink.await.unwrap().starts_with(b"^XA^PW480^LL320"));

        let mut changed = zebra("10.0.0.9");
        changed["version"] = json!(1);
        let put = |body: Value| seat.json(Method::PUT, &format!("/api/v1/printers/{id}"), &body);
        assert_eq!(house.call(&routes(), put(changed.clone())).await.status, 204);
        assert_eq!(house.call(&routes(), put(changed)).await.status, 409, "somebody was first");
        let edit = house.call(&routes(), seat.get(&format!("/the/may-in/{id}"))).await;
        assert!(edit.text.contains("value=\"10.0.0.9\""), "{}", edit.text);

        let gone = house.call(&routes(), seat.post(&format!("/the/may-in/{id}/xoa"), &[])).await;
        assert_eq!(gone.header("location"), "/the/may-in?xong=removed");
        assert_eq!(house.call(&routes(), seat.get(&format!("/the/may-in/{id}"))).await.status, 404);
        let list = house.call(&routes(), seat.get("/the/may-in")).await;
        assert!(list.text.contains("Chưa có máy in nào") && list.text.contains("Đã gửi"), "{}", list.text);
    });
}

#[test]
fn nobody_makes_the_server_call_the_outside() {
    on_both(&crate::migrations(), async |house| {
        let seat = house.seat("Tổ thẻ", &[("badges", Right::Manage)]).await;
        let refused = async |change: Value| {
            let mut body = zebra("10.0.0.9");
            for (name, value) in change.as_object().unwrap() {
                body[name] = value.clone();
            }
            let answer = enter(&house, &seat, &body).await;
            assert_eq!(answer.status, 422, "{body}: {}", answer.text);
            answer.json()["fields"][0]["name"].as_str().unwrap().to_owned()
        };
        for host in [
            "8.8.8.8",
            "169.254.169.254",
            "localhost",
            "printer.example",
            "::ffff:8.8.8.8",
            "10.0.0.9:80",
            "",
        ] {
            assert_eq!(refused(json!({ "host": host })).await, "host", "{host}");
        }
        for port in [22, 80, 443, 5432, 631, 9099, 9110] {
            assert_eq!(refused(json!({ "port": port })).await, "port");
        }
        assert_eq!(refused(json!({ "kind": "ipp" })).await, "port");
        assert_eq!(refused(json!({ "kind": "brother_ql", "width_mm": 61 })).await, "width_mm");
        assert_eq!(refused(json!({ "kind": "ipp", "port": 631, "length_mm": 0 })).await, "length_mm");
        assert_eq!(refused(json!({ "dpi": 20 })).await, "dpi");
        assert_eq!(refused(json!({ "copies": 90 })).await, "copies");
        assert_eq!(refused(json!({ "name": " " })).await, "name");
        assert_eq!(enter(&house, &seat, &zebra("10.0.0.9")).await.status, 201);
        assert_eq!(refused(json!({ "name": "bàn  1" })).await, "name", "one name, one printer");

        // A form that comes back keeps what was typed.
        let typed = [
            ("name", "Bàn 9"),
            ("kind", "zpl"),
            ("host", "8.8.8.8"),
            ("port", "chín"),
            ("dpi", "203"),
            ("width_mm", "60"),
        ];
        let again = house.call(&routes(), seat.post("/the/may-in/moi", &typed)).await;
        assert_eq!(again.status, 422);
        assert!(
            again.text.contains("value=\"8.8.8.8\"") && again.text.contains("mạng nội bộ, ví dụ"),
            "{}",
            again.text
        );

        let reader = house.seat("Người xem", &[("badges", Right::Read)]).await;
        assert_eq!(house.call(&routes(), reader.get("/the/may-in")).await.status, 403);
    });
}
