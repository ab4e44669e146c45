//! The program under attack, from outside: each attack with the answer it must get. Grows with every area.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs, reason = "tests")]

mod common;

use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Stdio,
    sync::OnceLock,
    time::{Duration, Instant},
};

use common::{Client, House, Server, http::encode, task};
use serde_json::json;

/// One house for all attacks that leave it as it was.
struct Target {
    house: House,
    server: Server,
    token: String,
}

fn target() -> &'static Target {
    static TARGET: OnceLock<Target> = OnceLock::new();
    TARGET.get_or_init(|| {
        let target = Target::new();
        // What is static is never dropped: somebody else ends the server when this process is gone.
        let watch = r#"( while kill -0 "$0" 2>/dev/null; do sleep 1; done; kill "$1"; rm -rf "$2" ) &"#;
        let (ours, theirs) = (std::process::id().to_string(), target.server.pid().to_string());
        let mut watchdog = common::command("sh");
        watchdog.args(["-c", watch, &ours, &theirs]).arg(target.house.path());
        watchdog.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        target
    })
}

impl Target {
    fn new() -> Self {
        let house = House::filled();
        let token = house.token("to-thu-ky", &["tasks:manage"]);
        let server = house.serve_with(&["--no-signer"], &[("DIENHONG_LOG", "warn")]);
        Self { house, server, token }
    }
    fn stranger(&self) -> Client {
        self.server.client()
    }
    fn program(&self) -> Client {
        self.server.with_token(&self.token)
    }
    fn person(&self, login: &str) -> Client {
        // A new code ends the one before it.
        static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
        let _turn = ONE_AT_A_TIME.lock();
        self.server.sign_in(&self.house.code(login))
    }
    fn events(&self) -> i64 {
        self.house.sqlite().query_row("SELECT COUNT(*) FROM audit_event", [], |row| row.get(0)).unwrap()
    }
}

// ---------------------------------------------------------------- other sites

#[test]
fn another_site_cannot_make_a_browser_write() {
    let target = Target::new();
    let mut client = target.person("to-thu-ky");
    let before = target.events();
    let form = ("content-type", "application/x-www-form-urlencoded");
    let json = ("content-type", "application/json");
    let host = format!("http://{}", target.server.address);
    for path in ["/ra", "/vao/ma", "/nhiem-vu/bo-loc", "/tai-khoan/phien-khac/ket-thuc", "/api/v1/plans"] {
        for heads in [
            vec![],
            vec![("origin", "https://evil.example")],
            vec![("origin", "null")],
            vec![("sec-fetch-site", "cross-site")],
            vec![("sec-fetch-site", "same-site")],
            vec![("sec-fetch-site", "none")],
            vec![("origin", host.as_str()), ("sec-fetch-site", "cross-site")],
            vec![("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")],
            vec![("referer", host.as_str())],
        ] {
            let kind = if path.starts_with("/api") { json } else { form };
            let all: Vec<(&str, &str)> = heads.iter().copied().chain([kind]).collect();
            let answer = client.raw("POST", path, &all, b"ma=x").unwrap();
            assert_eq!(answer.status, 403, "{path} {heads:?}");
            assert!(answer.all("set-cookie").is_empty(), "{path} {heads:?}");
        }
    }
    assert_eq!(target.events(), before, "nothing was written");
    assert_eq!(client.get("/tai-khoan").status, 200, "and the session goes on");
    let ours = client.raw("POST", "/ra", &[("origin", &host), form], b"").unwrap();
    assert_eq!(ours.status, 303, "the site itself may");
}

#[test]
fn no_other_origin_is_invited() {
    let target = target();
    let mut client = target.program();
    let origin = [("origin", "https://evil.example"), ("access-control-request-method", "PUT")];
    for method in ["OPTIONS", "GET"] {
        let answer = client.raw(method, "/api/v1/tasks", &origin, b"").unwrap();
        assert_eq!(answer.header("access-control-allow-origin"), "", "{method}");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
    }
}

// ---------------------------------------------------------------- bodies

#[test]
fn bodies_are_declared_small_and_strict() {
    let target = Target::new();
    let mut client = target.program();
    let before = target.events();
    let id = task(&mut client, "DB-01")["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/tasks/{id}/reports");
    let good = r#"{"percent":55,"done":"x"}"#;
    let deep = format!("{{\"percent\":{}1{}}}", "[".repeat(20_000), "]".repeat(20_000));
    let long = format!("{{\"percent\":1,\"done\":\"{}\"}}", "x".repeat(70_000));
    let many = format!("{{\"percent\":1,\"done\":\"{}\"}}", "x".repeat(5_000));
    for (kind, body, status) in [
        ("text/plain", good, 415),
        ("", good, 415),
        ("application/x-www-form-urlencoded", good, 415),
        ("application/json-patch+json", good, 415),
        ("application/json", "", 400),
        ("application/json", "{", 400),
        ("application/json", "null", 422),
        ("application/json", r#"{"percent":55,"done":"x"} {}"#, 400),
        ("application/json", r#"{"percent":1,"percent":99,"done":"x"}"#, 400),
        ("application/json", r#"{"percent":1,"done":"x","office":"x"}"#, 422),
        ("application/json", r#"{"percent":1,"done":"x","__proto__":{}}"#, 422),
        ("application/json", r#"{"percent":101,"done":"x"}"#, 422),
        ("application/json", r#"{"percent":-1,"done":"x"}"#, 422),
        ("application/json", r#"{"percent":1e300,"done":"x"}"#, 422),
        ("application/json", r#"{"percent":"1","done":"x"}"#, 422),
        ("application/json", &deep, 400),
        ("application/json", &long, 413),
        ("application/json", &many, 422),
    ] {
        let heads: Vec<(&str, &str)> = if kind.is_empty() { vec![] } else { vec![("content-type", kind)] };
        let answer = client.call("POST", &path, &heads, body.as_bytes());
        let shown: String = body.chars().take(60).collect();
        assert_eq!(answer.status, status, "{kind}: {shown}: {}", answer.text());
        let kind = answer.header("content-type").to_owned();
        assert!(kind.starts_with("application/problem+json"), "{shown}: {kind}");
        assert_eq!(answer.json()["status"], status);
    }
    let not_text =
        client.call("POST", &path, &[("content-type", "application/json")], b"{\"done\":\"\xff\xfe\"}");
    assert_eq!(not_text.status, 400);
    assert_eq!(target.events(), before, "nothing was written");

    let mut stranger = target.stranger();
    let form = [("content-type", "application/x-www-form-urlencoded")];
    for (body, status) in [("ma=x&ma=y", 400), ("ma=x&admin=1", 400)] {
        assert_eq!(stranger.call("POST", "/vao/ma", &form, body.as_bytes()).status, status, "{body}");
    }
    let long = format!("ma={}", "x".repeat(70_000));
    assert_eq!(stranger.call("POST", "/vao/ma", &form, long.as_bytes()).status, 413);
    assert_eq!(stranger.call("POST", "/vao/ma", &[("content-type", "text/plain")], b"ma=x").status, 415);
}

#[test]
fn queries_are_read_strictly() {
    let mut client = target().program();
    for (query, status) in [
        ("nonsense=1", 400),
        ("q=a&q=b", 400),
        ("limit=x", 400),
        ("state=%27%20OR%201=1--", 422),
        ("plan=1%27%20OR%20%271%27=%271", 422),
        ("from=1900-13-01", 422),
        ("sort=code%3BDROP%20TABLE%20task", 422),
    ] {
        let answer = client.get(&format!("/api/v1/tasks?{query}"));
        assert_eq!(answer.status, status, "{query}: {}", answer.text());
    }
    for q in ["' OR '1'='1", "%' --", "\"; DROP TABLE task; --", "\u{0}", "<script>", "🎋", "%_%"] {
        let answer = client.get(&format!("/api/v1/tasks?q={}", encode(q)));
        assert_eq!((answer.status, &answer.json()["total"]), (200, &json!(0)), "{q}");
    }
}

// ---------------------------------------------------------------- verbs, addresses, heads

#[test]
fn unknown_verbs_are_refused() {
    let mut client = target().person("to-thu-ky");
    for method in ["TRACE", "CONNECT_X", "BREW", "PROPFIND", "DELETE", "PUT"] {
        for path in ["/nhiem-vu", "/vao", "/tai-khoan", "/api/v1/tally", "/healthz"] {
            let answer = client.call(method, path, &[], b"");
            assert_eq!(answer.status, 405, "{method} {path}");
            assert!(!answer.text().contains("dh="), "nothing is echoed");
        }
    }
}

/// A verb that carries nothing need not say of what type nothing is.
#[test]
fn a_request_without_a_body_declares_none() {
    let mut client = target().program();
    let id = "0198c6b0-0000-7000-8000-00000000dead";
    for (method, path) in
        [("DELETE", format!("/api/v1/feeds/{id}")), ("POST", format!("/api/v1/extensions/{id}/withdrawal"))]
    {
        let status = client.call(method, &path, &[], b"").status;
        assert!(matches!(status, 204 | 404), "{method} {path}: {status}");
    }
}

#[test]
fn no_address_leads_out_of_the_house() {
    let target = target();
    let page = target.person("to-thu-ky").get("/nhiem-vu").text();
    let asset = page.split("/assets/").nth(1).unwrap();
    let hash = asset.split('/').next().unwrap();
    let secret = encode(&target.house.file("keys/audit.key").to_string_lossy());
    for path in [
        "/assets/../../../etc/passwd".to_owned(),
        format!("/assets/{hash}/../../../../etc/passwd"),
        format!("/assets/{hash}/..%2f..%2f..%2fetc%2fpasswd"),
        format!("/assets/{hash}/%2e%2e/%2e%2e/etc/passwd"),
        format!("/assets/{hash}/..\\..\\etc\\passwd"),
        format!("/assets/{hash}//etc/passwd"),
        format!("/assets/{hash}/theme.css%00.png"),
        format!("/assets/{hash}/{secret}"),
        "/assets/0/theme.css".to_owned(),
        "//etc/passwd".to_owned(),
        "/%2e%2e/%2e%2e/etc/passwd".to_owned(),
        "/.git/config".to_owned(),
        "/dienhong.db".to_owned(),
        "/nhiem-vu/%00".to_owned(),
        "/nhiem-vu/..%2f..%2fkeys%2faudit.key".to_owned(),
        "/api/v1/tasks/..%2f..".to_owned(),
        "/api/v1/tasks/not-an-id".to_owned(),
        "/api/v1/tasks/0198c6b0-0000-7000-8000-000000000000".to_owned(),
    ] {
        let mut client = if path.starts_with("/api") { target.program() } else { target.person("to-thu-ky") };
        let answer = client.get(&path);
        assert!(matches!(answer.status, 400 | 404), "{path}: {}", answer.status);
        assert!(!answer.text().contains("root:"), "{path}");
    }
}

#[test]
fn nobody_is_led_to_another_site_or_given_a_header() {
    let target = target();
    for back in [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/\r\nset-cookie: dh=planted",
        "/x\nlocation: https://evil.example",
        "\u{9}//evil.example",
    ] {
        for path in ["/giao-dien/ngon-ngu/en", "/giao-dien/nen/dark"] {
            let answer = target.stranger().get(&format!("{path}?ve={}", encode(back)));
            assert_eq!((answer.status, answer.header("location")), (303, "/"), "{path} {back:?}");
            assert!(answer.all("set-cookie").iter().all(|cookie| !cookie.starts_with("dh=")), "{back:?}");
        }
        let code = target.house.code("truong-tieu-ban");
        let answer = target.stranger().form("/vao/ma", &[("ma", &code), ("ve", back)]);
        assert_eq!((answer.status, answer.header("location")), (303, "/"), "{back:?}");
        assert_eq!(answer.all("set-cookie").len(), 1);
    }
    // A value that would split the head does not even reach a handler.
    for raw in [
        "GET /vao HTTP/1.1\r\nhost: x\r\nx: a\rset-cookie: b\r\n\r\n",
        "GET /vao\u{1}x HTTP/1.1\r\nhost: x\r\n\r\n",
    ] {
        if let Ok(answer) = target.stranger().bytes(raw.as_bytes(), false) {
            assert_eq!(answer.status, 400, "{raw:?}");
        }
    }
}

#[test]
fn requests_that_mean_two_things_are_refused() {
    let target = target();
    for raw in [
        "POST /vao/ma HTTP/1.1\r\nhost: x\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nma=xx",
        "POST /vao/ma HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n",
        "POST /vao/ma HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        "POST /vao/ma HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n",
    ] {
        let mut client = target.stranger();
        client.patience = Duration::from_secs(5);
        if let Ok(answer) = client.bytes(raw.as_bytes(), false) {
            assert!(matches!(answer.status, 400 | 403 | 415 | 501), "{raw:?}: {}", answer.status);
        }
    }
    // A length and chunks together: whatever is answered, the bytes behind are no second request.
    let smuggled = "POST /vao/ma HTTP/1.1\r\nhost: x\r\nsec-fetch-site: same-origin\r\n\
        content-type: application/x-www-form-urlencoded\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n\
        0\r\n\r\nGET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut stream = TcpStream::connect(target.server.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
    stream.write_all(smuggled.as_bytes()).unwrap();
    let mut all = Vec::new();
    let _ = stream.read_to_end(&mut all);
    let all = String::from_utf8_lossy(&all);
    let first = all.lines().next().unwrap_or_default();
    assert!(first.is_empty() || !first.contains(" 200 "), "{first}");
    let headers = format!("GET /vao HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n", "a".repeat(1 << 20));
    if let Ok(answer) = target.stranger().bytes(headers.as_bytes(), false) {
        assert!(matches!(answer.status, 400 | 431), "{}", answer.status);
    }
    let address = format!("GET /vao?{} HTTP/1.1\r\nhost: x\r\n\r\n", "a".repeat(100_000));
    if let Ok(answer) = target.stranger().bytes(address.as_bytes(), false) {
        assert!(matches!(answer.status, 400 | 414 | 431), "{}", answer.status);
    }
    assert_eq!(target.stranger().get("/healthz").status, 200);
}

#[test]
fn half_open_requests_hold_nobody_up() {
    let target = target();
    let held: Vec<TcpStream> = (0..300)
        .map(|_| {
            let mut stream = TcpStream::connect(target.server.address).unwrap();
            stream.write_all(b"GET /vao HTTP/1.1\r\nhost: x\r\nx-slow").unwrap();
            stream
        })
        .collect();
    let begun = Instant::now();
    for _ in 0..20 {
        assert_eq!(target.stranger().get("/vao").status, 200);
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    drop(held);
}

// ---------------------------------------------------------------- what every answer says

#[test]
fn every_answer_carries_its_headers() {
    let target = target();
    let mut person = target.person("quan-tri");
    let page = person.get("/nhiem-vu").text();
    let asset =
        format!("/assets/{}", page.split("/assets/").nth(1).unwrap().split(['"', '#', '?']).next().unwrap());
    let mut program = target.program();
    let mut stranger = target.stranger();
    let answers = [
        ("sign-in", stranger.get("/vao")),
        ("to the sign-in", stranger.get("/nhiem-vu")),
        ("not found", stranger.get("/khong-co")),
        ("refused", stranger.raw("POST", "/vao/ma", &[], b"").unwrap()),
        (
            "too large",
            stranger.call(
                "POST",
                "/vao/ma",
                &[("content-type", "application/x-www-form-urlencoded")],
                &[b'x'; 70_000],
            ),
        ),
        ("wrong verb", stranger.call("DELETE", "/vao", &[], b"")),
        ("list", person.get("/nhiem-vu")),
        ("board", person.get("/nhiem-vu/bang")),
        ("wall", person.get("/bang-tuong")),
        ("mine", person.get("/viec-cua-toi")),
        ("account", person.get("/tai-khoan")),
        ("log", person.get("/nhat-ky")),
        ("administration", person.get("/quan-tri")),
        ("API", program.get("/api/v1/tasks")),
        ("API refused", stranger.get("/api/v1/tasks")),
        ("API not found", program.get("/api/v1/nothing")),
        ("health", stranger.get("/healthz")),
        ("asset", stranger.get(&asset)),
    ];
    for (what, answer) in &answers {
        let csp = answer.header("content-security-policy");
        if *what != "health" {
            assert!(
                csp.contains("default-src 'none'") && csp.contains("frame-ancestors 'none'"),
                "{what}: {csp:?}"
            );
            assert!(
                !csp.contains("unsafe-inline") && !csp.contains("'unsafe-eval'") && !csp.contains("http"),
                "{what}: {csp}"
            );
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
            assert!(matches!(answer.header("referrer-policy"), "no-referrer" | "same-origin"), "{what}");
            assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{what}");
            assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin", "{what}");
            assert!(answer.header("permissions-policy").contains("geolocation=()"), "{what}");
            assert!(!answer.header("x-request-id").is_empty(), "{what}");
        }
        let kept = answer.header("cache-control");
        if *what == "asset" {
            assert!(kept.contains("immutable"), "{what}: {kept}");
        } else if *what != "health" {
            assert_eq!(kept, "no-store", "{what}");
        }
        for tells in ["server", "x-powered-by", "via"] {
            assert_eq!(answer.header(tells), "", "{what} tells {tells}");
        }
        assert!(!answer.header("access-control-allow-origin").contains('*'), "{what}");
        // No error tells what it is made of.
        if answer.status >= 400 {
            let text = answer.text().to_lowercase();
            for word in [
                "sqlite",
                "axum",
                "rust",
                "panicked",
                env!("CARGO_MANIFEST_DIR"),
                "/tmp/",
                "src/",
                env!("CARGO_PKG_VERSION"),
            ] {
                assert!(!text.contains(word), "{what} tells {word:?}");
            }
        }
        // Nothing inline.
        let text = answer.text();
        if answer.header("content-type").starts_with("text/html") {
            for word in ["<style", " style=\"", "javascript:", " onclick=", " onload=", "<script>"] {
                assert!(!text.contains(word), "{what} has {word:?}");
            }
        }
    }
}

#[test]
fn what_people_type_is_shown_as_text() {
    let house = House::filled();
    let token = house.token("to-thu-ky", &["tasks:manage"]);
    let server = house.serve();
    let mut program = server.with_token(&token);
    let plans = program.get("/api/v1/plans").json();
    let plan = plans.get("items").unwrap_or(&plans)[0]["id"].clone();
    let evil = "<script src=//evil.example></script>\"'><img src=x onerror=alert(1)>";
    let fields = json!({ "code": "X<b>\"'", "stream": evil, "what": evil, "result": evil, "start": "2026-11-01", "due": "2026-12-01" });
    let made = program.json("POST", "/api/v1/tasks", &json!({ "plan": plan, "fields": fields }));
    assert_eq!(made.status, 201, "{}", made.text());
    let mut person = server.sign_in(&house.code("to-thu-ky"));
    for path in [
        "/nhiem-vu",
        "/nhiem-vu/bang",
        "/nhiem-vu/ma-tran",
        "/viec-cua-toi",
        "/bang-tuong",
        "/nhiem-vu?tu=%3Cscript%3E%22",
    ] {
        let page = person.get(path);
        assert_eq!(page.status, 200, "{path}");
        let text = page.text();
        for raw in ["<script src=//evil", "<img src=x", "X<b>", "value=\"<script>\""] {
            assert!(!text.contains(raw), "{path} shows {raw}");
        }
    }
    assert!(
        person.get("/nhiem-vu").text().contains("&lt;script src=//evil")
            || person.get("/nhiem-vu").text().contains("&#60;script")
    );
}

// ---------------------------------------------------------------- ways in

#[test]
fn the_cookie_is_closed_and_new_at_each_sign_in() {
    let target = target();
    let code = target.house.code("dau-moi-vp");
    // A secret that an attacker planted before the sign-in.
    let mut client = target.stranger();
    client.cookie = Some("dh=planted-by-somebody-else".to_owned());
    let answer = client.form("/vao/ma", &[("ma", &code)]);
    assert_eq!(answer.status, 303, "{}", answer.text());
    let cookie = answer.header("set-cookie").to_owned();
    for flag in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="] {
        assert!(cookie.contains(flag), "{cookie}");
    }
    assert!(!cookie.contains("Domain=") && !cookie.contains("planted"), "{cookie}");
    let secret = cookie.split(';').next().unwrap().to_owned();
    assert!(secret.len() >= "dh=".len() + 43, "256 bits");
    assert_eq!(client.get("/tai-khoan").status, 303, "the planted one signs nobody in");
    client.cookie = Some(secret.clone());
    assert_eq!(client.get("/tai-khoan").status, 200);
    // Two of the name: one was planted; neither counts.
    client.cookie = Some(format!("{secret}; dh=planted"));
    assert_eq!(client.get("/tai-khoan").status, 303);
    // A new sign-in on the same browser ends the session it had.
    client.cookie = Some(secret.clone());
    let again = client.form("/vao/ma", &[("ma", &target.house.code("dau-moi-vp"))]);
    assert_eq!(again.status, 303);
    assert_ne!(again.header("set-cookie").split(';').next().unwrap(), secret);
    assert_eq!(client.get("/tai-khoan").status, 303, "the old secret is over");

    // Over TLS the cookie has the prefix that binds it to the host.
    let house = House::filled();
    let server = house.serve_with(&["--no-signer", "--public-url", "https://dh.example"], &[]);
    let answer = server.client().form("/vao/ma", &[("ma", &house.code("to-thu-ky"))]);
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-dh=") && cookie.contains("; Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[test]
fn a_one_time_link_signs_in_one_time() {
    let target = target();
    let code = target.house.code("dau-moi-btc");
    // A preview of the link by a messenger does not use it up: the code is not in the address that is fetched.
    assert_eq!(target.stranger().get("/vao").status, 200);
    assert_eq!(target.stranger().form("/vao/ma", &[("ma", &code)]).status, 303);
    for again in [code.clone(), code.to_lowercase(), code.replace('-', "")] {
        let answer = target.stranger().form("/vao/ma", &[("ma", &again)]);
        assert_eq!(answer.status, 401, "used up");
        assert!(answer.all("set-cookie").is_empty());
    }
    // Many at once: one of them gets in.
    let code = target.house.code("dau-moi-btc");
    let tries: Vec<_> = (0..12)
        .map(|_| {
            let (mut client, code) = (target.stranger(), code.clone());
            std::thread::spawn(move || client.form("/vao/ma", &[("ma", &code)]).status)
        })
        .collect();
    let answers: Vec<u16> = tries.into_iter().map(|one| one.join().unwrap()).collect();
    assert_eq!(answers.iter().filter(|status| **status == 303).count(), 1, "{answers:?}");
}

#[test]
fn guessing_is_slowed_down() {
    let house = House::filled();
    let server = house.serve_with(&["--no-signer"], &[("DIENHONG_LOG", "error")]);
    let mut statuses = Vec::new();
    let mut client = server.client();
    // The count is per minute: enough tries to fill one of two minutes.
    for number in 0..14 {
        let fields = [("login", "to-thu-ky"), ("password", "đoán mò"), ("totp", "000000")];
        let answer = client.form("/vao/mat-khau", &fields);
        statuses.push(answer.status);
        if answer.status == 429 {
            assert!((1..=60).contains(&answer.header("retry-after").parse::<u32>().unwrap()), "{number}");
        }
    }
    assert!(statuses.iter().all(|status| matches!(status, 401 | 429)), "{statuses:?}");
    assert!(
        statuses.iter().filter(|status| **status == 401).count() <= 10 && statuses.ends_with(&[429]),
        "{statuses:?}"
    );
    // Another account, and a name that nobody has: the same words, so that nobody learns who exists.
    let known = client.form("/vao/mat-khau", &[("login", "quan-tri"), ("password", "x"), ("totp", "1")]);
    let unknown = client.form("/vao/mat-khau", &[("login", "khong-co-ai"), ("password", "x"), ("totp", "1")]);
    assert_eq!((known.status, unknown.status), (401, 401));
    assert_eq!(known.text().replace("quan-tri", "?").len(), unknown.text().replace("khong-co-ai", "?").len());

    // Codes: the address is slowed down, and only its failures count.
    let mut codes = Vec::new();
    for number in 0..140 {
        codes.push(client.form("/vao/ma", &[("ma", &format!("{number:026}"))]).status);
    }
    assert!(codes.contains(&429) && codes.iter().all(|status| matches!(status, 401 | 429)), "{codes:?}");
    house.verify();
}

// ---------------------------------------------------------------- secrets

#[test]
fn no_secret_is_in_any_line_of_the_log() {
    let house = House::filled();
    let mut server = house.serve_with(&["--no-signer"], &[("DIENHONG_LOG", "debug")]);
    let mut secrets = Vec::new();
    let code = house.code("to-thu-ky");
    let mut person = server.sign_in(&code);
    secrets.extend([code.clone(), code.replace('-', ""), person.cookie.clone().unwrap().replace("dh=", "")]);
    let token = house.token("to-thu-ky", &["tasks:manage"]);
    let mut program = server.with_token(&token);
    secrets.extend([token.clone(), token.replace("dh_", "")]);
    assert_eq!(program.get("/api/v1/tasks").status, 200);
    // What goes wrong is logged; what was typed is not.
    let wrong = "9VQ4-SAI0-SAI0-SAI0-SAI0-SAI0-S1";
    assert_eq!(server.client().form("/vao/ma", &[("ma", wrong)]).status, 401);
    let password = "mật-khẩu-của-tôi-không-ai-biết";
    let fields = [("login", "to-thu-ky"), ("password", password), ("totp", "192837")];
    assert_eq!(server.client().form("/vao/mat-khau", &fields).status, 401);
    secrets.extend([wrong.to_owned(), password.to_owned(), encode(password), "192837".to_owned()]);
    // A calendar feed's address is its secret.
    let me = task(&mut program, "DB-01");
    let unit = me["fields"]["lead_unit"].as_str().unwrap();
    let feed = program.json("POST", "/api/v1/feeds", &json!({ "kind": "unit", "target": unit }));
    assert_eq!(feed.status, 201, "{}", feed.text());
    let url = feed.json()["url"].as_str().unwrap().to_owned();
    let path = url.splitn(4, '/').nth(3).unwrap().to_owned();
    secrets.push(path.rsplit('/').next().unwrap().trim_end_matches(".ics").to_owned());
    let calendar = server.client().get(&format!("/{path}"));
    assert_eq!(calendar.status, 200, "{url}");
    assert!(calendar.text().starts_with("BEGIN:VCALENDAR"));
    // Pages that fail, with a secret in the address.
    person.get(&format!("/khong-co?ma={code}"));
    person.get(&format!("/khong-co/{code}"));
    program.json("POST", "/api/v1/plans", &json!({ "code": "x", "title": "x", "token": token }));
    server.stop();
    let log = server.log();
    assert!(log.lines().count() > 8, "the log is on: {log}");
    for secret in &secrets {
        assert!(secret.len() >= 6, "{secret}");
        if let Some(line) = log.lines().find(|line| line.contains(secret.as_str())) {
            panic!("a secret is in the log: {line}");
        }
    }
    // Nor is any of them in the database, its log included, as text.
    for file in ["dienhong.db", "dienhong.db-wal"] {
        let Ok(bytes) = std::fs::read(house.file(file)) else { continue };
        for secret in secrets.iter().filter(|secret| secret.len() > 20) {
            let found = bytes.windows(secret.len()).any(|part| part == secret.as_bytes());
            assert!(!found, "{file} holds {secret}");
        }
    }
}
