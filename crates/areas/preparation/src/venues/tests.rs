//! What venues promise, through the router, on both databases.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail")]

mod choice;
mod screens;
mod survey;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use platform::{
    audit::Author,
    identity::Right,
    testing::{Answered, House, Seat, on_both},
};
use serde_json::{Value, json};

use super::{VenueError, api::routes, demo, store};
use crate::{decisions, tasks};

/// Runs a test in a house with the sample venues.
fn with_venues<F: AsyncFn(House)>(test: F) {
    on_both(&crate::migrations(), async |house| {
        house
            .write(&Author::system("demo"), |tx| {
                crate::demo::seed(tx)?;
                Ok::<_, crate::demo::DemoError>(demo::seed(tx)?.map(drop))
            })
            .await
            .expect("the sample venues");
        test(house).await;
    });
}

async fn get(house: &House, seat: &Seat, path: &str) -> Answered {
    house.call(&routes(), seat.get(&format!("/api/v1{path}"))).await
}

async fn send(house: &House, seat: &Seat, method: Method, path: &str, body: &Value) -> Answered {
    house.call(&routes(), seat.json(method, &format!("/api/v1{path}"), body)).await
}

async fn post(house: &House, seat: &Seat, path: &str, body: &Value) -> Answered {
    send(house, seat, Method::POST, path, body).await
}

async fn put(house: &House, seat: &Seat, path: &str, body: &Value) -> Answered {
    send(house, seat, Method::PUT, path, body).await
}

async fn keeper(house: &House) -> Seat {
    house.seat("Tổ khảo sát", &[("venues", Right::Manage)]).await
}

async fn leader(house: &House) -> Seat {
    house.seat("Thường trực", &[("venues", Right::Decide)]).await
}

async fn surveyor(house: &House, title: &str) -> Seat {
    house.seat(title, &[("venues", Right::Contribute)]).await
}

/// The id of a venue.
async fn id(house: &House, code: &str) -> String {
    let code = code.to_owned();
    let id = house.read(move |tx| Ok::<_, VenueError>(store::venue_by_code(tx, &code)?.id)).await;
    id.unwrap().to_string()
}

async fn version(house: &House, seat: &Seat, id: &str) -> Value {
    get(house, seat, &format!("/venues/{id}")).await.json()["venue"]["version"].clone()
}

async fn step(house: &House, seat: &Seat, id: &str, step: &str, reason: &str) -> Answered {
    let body = json!({"version": version(house, seat, id).await, "move": step, "reason": reason});
    post(house, seat, &format!("/venues/{id}/moves"), &body).await
}

/// The entry of a venue in a ranking.
fn entry<'a>(ranking: &'a Value, code: &str) -> &'a Value {
    let entries = ranking["picture"]["entries"].as_array().unwrap();
    entries.iter().find(|entry| entry["venue"]["code"] == code).unwrap()
}

/// A photograph of a green wall, 8 × 8 pixels.
fn photo() -> Vec<u8> {
    const HEX: &str = "89504e470d0a1a0a0000000d49484452000000080000000808020000004b6d29dc0000001149444154789c6388eab1c1 \
                       8a18869604005bec48816c22ddb60000000049454e44ae426082";
    let digits: Vec<u8> = HEX.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn multipart(seat: &Seat, path: &str, fields: &[(&str, &str)], bytes: &[u8]) -> Request<Body> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(
            format!("--mark\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes(),
        );
    }
    body.extend(
        b"--mark\r\ncontent-disposition: form-data; name=\"file\"; filename=\"anh.png\"\r\n\r\n".iter(),
    );
    body.extend(bytes);
    body.extend(b"\r\n--mark--\r\n");
    let mut request = seat.json(Method::POST, &format!("/api/v1{path}"), &Value::Null);
    request.headers_mut().insert(header::CONTENT_TYPE, "multipart/form-data; boundary=mark".parse().unwrap());
    *request.body_mut() = Body::from(body);
    request
}

async fn upload(house: &House, seat: &Seat, path: &str, fields: &[(&str, &str)], bytes: &[u8]) -> Answered {
    house.call(&routes(), multipart(seat, path, fields, bytes)).await
}
