//! What holds for every request and every answer.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use actix_web::middleware::from_fn;
use actix_web::{App, HttpResponse, test, web};
use ringcard::http::edge::security::{catch_panics, guard};

use crate::support::TestApp;
use crate::support::office::Office;

const ALWAYS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
         connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    (
        "permissions-policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), midi=()",
    ),
];

#[tokio::test]
async fn r36_every_answer_has_the_headers() {
    let crm = TestApp::start().await;
    for (method, path, status) in [
        ("GET", "/healthz", 200),
        ("GET", "/login", 200),
        ("GET", "/no/such/page", 404),
        ("PUT", "/api/users", 405),
        ("GET", "/api/users", 401),
        ("POST", "/pbx", 401),
    ] {
        let answer = crm.http.request(method.parse().unwrap(), format!("{}{path}", crm.url)).send().await.unwrap();
        let got = answer.status().as_u16();
        assert!(got == status || (path == "/login" && got == 404), "{method} {path}: {got}");
        for (name, value) in ALWAYS {
            assert_eq!(answer.headers().get(*name).unwrap(), value, "{method} {path}");
        }
        assert!(answer.headers().contains_key("cache-control"), "{method} {path}");
        assert!(!answer.headers().contains_key("strict-transport-security"), "{method} {path}: without TLS");
    }
}

/// Each of a page's hundred files brings its headers, and a page is opened over slow lines too.
#[tokio::test]
async fn r36_a_file_has_the_headers_in_few_words() {
    let crm = TestApp::start().await;
    let page = crm.http.get(format!("{}/setup", crm.url)).send().await.unwrap().text().await.unwrap();
    let (_, rest) = page.split_once("rel=\"modulepreload\" href=\"").unwrap();
    let script = rest.split_once('"').unwrap().0;
    let answer = crm.http.get(format!("{}{script}", crm.url)).send().await.unwrap();
    let headers = answer.headers();
    assert_eq!(headers["content-security-policy"], "default-src 'none'; frame-ancestors 'none'", "{script}");
    for (name, value) in ALWAYS.iter().filter(|(name, _)| {
        !matches!(*name, "content-security-policy" | "permissions-policy" | "cross-origin-opener-policy")
    }) {
        assert_eq!(headers.get(*name).unwrap(), value, "{script}");
    }
    assert!(headers.contains_key("permissions-policy"), "{script}");
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    assert!(bytes < 400, "{bytes} bytes: {headers:?}");
    let worker = crm.http.get(format!("{}/static/live/live-worker.js", crm.url)).send().await.unwrap();
    let policy = "default-src 'none'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'";
    assert_eq!(worker.headers()["content-security-policy"], policy, "it asks for the stream itself");
    let page = crm.http.get(format!("{}/static/pages/desk/index.html", crm.url)).send().await.unwrap();
    assert_eq!(page.headers()["content-security-policy"], ALWAYS[0].1, "a page is a page by whatever address");
}

#[tokio::test]
async fn r34_another_site_cannot_act_for_the_user() {
    let crm = TestApp::start().await;
    let host = crm.url.strip_prefix("http://").unwrap();
    let own = format!("http://{host}");
    let asked = crm.http.get(format!("{}/api/openapi.json", crm.url)).header("origin", "http://evil.example");
    let shown = asked.send().await.unwrap();
    let cors = shown.headers().keys().filter(|name| name.as_str().starts_with("access-control-")).count();
    assert_eq!((shown.status().as_u16(), cors), (200, 0), "no other site may read");
    for (headers, is_same) in [
        (vec![], true),
        (vec![("sec-fetch-site", "same-origin")], true),
        (vec![("sec-fetch-site", "same-origin"), ("origin", "null")], true),
        (vec![("sec-fetch-site", "cross-site")], false),
        (vec![("sec-fetch-site", "same-site")], false),
        (vec![("origin", own.as_str())], true),
        (vec![("origin", "null")], false),
        (vec![("origin", "http://evil.example")], false),
        (vec![("origin", "http://127.0.0.1:1")], false),
    ] {
        let mut request = crm.http.delete(format!("{}/api/session", crm.url));
        for (name, value) in &headers {
            request = request.header(*name, *value);
        }
        let status = request.send().await.unwrap().status().as_u16();
        assert_eq!(status, if is_same { 204 } else { 403 }, "{headers:?}");
    }
}

#[tokio::test]
async fn r20_a_body_over_its_limit_is_413() {
    let crm = TestApp::start().await;
    for (path, limit) in [("/pbx", 64 * 1024), ("/api/session", 256 * 1024)] {
        let send = |body: reqwest::Body| {
            let request = crm.http.post(format!("{}{path}", crm.url)).header("content-type", "application/json");
            async move { request.body(body).send().await.unwrap().status().as_u16() }
        };
        assert_eq!(send("x".repeat(limit + 1).into()).await, 413, "{path}, announced");
        assert_ne!(send("x".repeat(limit).into()).await, 413, "{path}, just within");
        let pieces = (0..=limit / 1024).map(|_| Ok::<_, std::io::Error>("x".repeat(1024)));
        let chunked = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
        assert_eq!(send(chunked).await, 413, "{path}, in chunks");
    }
}

#[tokio::test]
async fn r20_a_slow_body_is_ended() {
    let crm = TestApp::start().await;
    let host = crm.url.strip_prefix("http://").unwrap().to_owned();
    let begun = Instant::now();
    let answers = ["/pbx", "/api/session"].map(|path| {
        let host = host.clone();
        std::thread::spawn(move || drip(&host, path))
    });
    for answer in answers {
        let answer = answer.join().unwrap();
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    }
    let took = begun.elapsed();
    assert!(took > Duration::from_secs(9) && took < Duration::from_secs(14), "{took:?}");
}

/// Announces a body, sends it a byte a second, and reads what comes back.
fn drip(host: &str, path: &str) -> String {
    let mut stream = TcpStream::connect(host).unwrap();
    stream.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
    let head = format!("POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n");
    stream.write_all(format!("{head}Content-Length: 500\r\n\r\n").as_bytes()).unwrap();
    let mut answer = Vec::new();
    for _ in 0..40 {
        let _ = stream.write_all(b" ");
        let mut buffer = [0; 4096];
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(read) => answer.extend_from_slice(&buffer[..read]),
            Err(_) if !answer.is_empty() => break,
            Err(_) => {}
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

#[actix_web::test]
async fn r21_a_panic_in_a_handler_is_a_500() {
    async fn fall() -> HttpResponse {
        panic!("on purpose")
    }
    let resource = web::resource("/fall").wrap(from_fn(catch_panics)).route(web::get().to(fall));
    let server = test::init_service(App::new().service(resource).wrap(from_fn(guard))).await;
    for _ in 0..3 {
        let answer = test::call_service(&server, test::TestRequest::get().uri("/fall").to_request()).await;
        assert_eq!(answer.status(), 500);
        assert_eq!(answer.headers().get("content-type").unwrap(), "application/problem+json");
        assert_eq!(answer.headers().get("x-content-type-options").unwrap(), "nosniff");
    }
}

/// Where this page's first style sheet stands.
async fn first_style(office: &Office) -> String {
    let page = office.get("/login").await.text;
    let (_, rest) = page.split_once("rel=\"stylesheet\" href=\"").unwrap();
    rest.split_once('"').unwrap().0.to_owned()
}

#[actix_web::test]
async fn a_browser_asks_once_for_a_file_of_one_version() {
    let office = Office::opens().await;
    let path = first_style(&office).await;
    let kept = office.get(&path).await;
    assert_eq!((kept.status, kept.cache_control.as_str()), (200, "max-age=31536000, immutable"));
    let of_another = format!("/static/{}/css/base.css", "x".repeat(16));
    let passing = office.get(&of_another).await;
    assert_eq!((passing.status, passing.cache_control.as_str()), (200, "no-store"));
    assert_eq!(passing.text, kept.text);
    assert_eq!(office.get("/static/css/base.css").await.cache_control, "no-cache");
    assert_eq!(office.get("/static/x/y/css/base.css").await.status, 404);
}

#[actix_web::test]
async fn a_page_names_every_module_that_it_needs_from_the_start() {
    let office = Office::opens().await;
    let page = office.get("/login").await.text;
    let preloads: Vec<&str> = page.split("rel=\"modulepreload\" href=\"").skip(1).collect();
    assert!(preloads.len() > 10, "{page}");
    for preload in preloads {
        let path = preload.split_once('"').unwrap().0;
        assert_eq!(office.get(path).await.status, 200, "{path}");
    }
    for wanted in ["/core/i18n.js", "/vendor/preact.mjs", "/pages/login/form.js"] {
        assert!(page.contains(&format!("{wanted}\">")), "{wanted}");
    }
    assert!(!page.contains("/core/i18n/ru.js"), "which language is known in the browser only");
}
