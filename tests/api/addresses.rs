//! Where a request comes from, behind proxies too (R31).

use actix_web::HttpRequest;
use actix_web::test::TestRequest;
use actix_web::web::Data;
use clap::{Args, Command, FromArgMatches};
use ringcard::app::App;
use ringcard::clock::Clock;
use ringcard::config::Config;
use ringcard::domain::address::neighbourhood;
use ringcard::http::edge::origin::{client_ip, is_https, public_origin};
use ringcard::store::Store;
use ringcard::store::location::StoreLocation;
use serde_json::json;

use crate::support::office::Office;

/// A request from `peer` to a server set up with `flags`.
fn request(flags: &[&str], peer: &str, headers: &[(&'static str, &str)]) -> HttpRequest {
    let data = tempfile::tempdir().unwrap();
    let line = ["ringcard"].iter().chain(flags);
    let matches = Config::augment_args(Command::new("ringcard")).get_matches_from(line);
    let store = Store::open(&StoreLocation::in_dir(data.path())).unwrap();
    let app = App::new(store, Clock::fixed(0), Config::from_arg_matches(&matches).unwrap());
    let mut request = TestRequest::default().app_data(Data::new(app)).peer_addr(peer.parse().unwrap());
    for header in headers {
        request = request.append_header(*header);
    }
    request.to_http_request()
}

fn client(flags: &[&str], peer: &str, forwarded: &str) -> String {
    client_ip(&request(flags, peer, &[("x-forwarded-for", forwarded)])).unwrap().to_string()
}

#[test]
fn r31_only_a_trusted_proxy_is_believed() {
    let trusting = &["--trusted-proxies", "10.0.0.0/8,192.168.1.7"];
    assert_eq!(client(&[], "203.0.113.1:80", "198.51.100.9"), "203.0.113.1", "nobody is trusted");
    assert_eq!(client(trusting, "203.0.113.1:80", "198.51.100.9"), "203.0.113.1", "a stranger is not");
    assert_eq!(client(trusting, "10.1.1.1:80", "198.51.100.9"), "198.51.100.9");
    assert_eq!(client(trusting, "10.1.1.1:80", "1.1.1.1, 198.51.100.9, 192.168.1.7"), "198.51.100.9", "rightmost");
    assert_eq!(client(trusting, "10.1.1.1:80", "1.1.1.1, nonsense"), "10.1.1.1", "what cannot be read ends it");
    assert_eq!(client(trusting, "10.1.1.1:80", "[2001:db8::1]:443"), "2001:db8::1");
    assert_eq!(client(trusting, "[::ffff:10.1.1.1]:80", "198.51.100.9"), "198.51.100.9", "IPv4 in IPv6");
}

/// R34: what an origin is compared with.
#[test]
fn the_public_address_is_the_proxys_then_the_owners_then_the_requests() {
    let trusting = &["--trusted-proxies", "10.0.0.0/8", "--base-url", "https://crm.example"];
    let forwarded = [("x-forwarded-proto", "https"), ("x-forwarded-host", "Shop.Example"), ("host", "inner:8080")];
    assert_eq!(public_origin(&request(trusting, "10.1.1.1:80", &forwarded)), "https://shop.example");
    assert_eq!(public_origin(&request(trusting, "203.0.113.1:80", &forwarded)), "https://crm.example");
    assert_eq!(public_origin(&request(&[], "203.0.113.1:80", &forwarded)), "http://inner:8080");
    assert!(!is_https(&request(&[], "203.0.113.1:80", &forwarded)));
}

/// R31: what a right token is worth from elsewhere, and that nothing of it is kept.
#[actix_web::test]
async fn r31_a_pbx_is_heard_from_the_addresses_that_are_listed() {
    let office = Office::opens().await;
    let path = format!("/api/integrations/{}", office.integration);
    for wrong in [json!(["pbx.example.org"]), json!(["10.0.0.0/33"]), json!("10.0.0.1"), json!([1])] {
        let answer = office.admin.patch(&path, json!({"settings": {"push_from": wrong}})).await;
        assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!("settings.push_from")));
    }
    let push = [("cmd", "event"), ("type", "INCOMING"), ("callid", "a"), ("user", "anna"), ("phone", "79101234567")];
    let listed = json!([" 203.0.113.7/24", "2001:db8::/32"]);
    office.admin.patch(&path, json!({"settings": {"push_from": listed}})).await;
    let kept = office.admin.reads(&path).await["settings"]["push_from"].clone();
    assert_eq!(kept, json!(["203.0.113.0/24", "2001:db8::/32"]));
    let refused = office.pbx.says(&push).await;
    assert_eq!((refused.status, refused.text.as_str()), (401, r#"{"error":"Invalid token"}"#));
    assert_eq!(office.admin.reads("/api/webhooks").await["items"], json!([]));
    for heard in [json!(["203.0.113.7", "127.0.0.1"]), json!([]), json!(null)] {
        office.admin.patch(&path, json!({"settings": {"push_from": heard}})).await;
        assert_eq!(office.pbx.says(&push).await.status, 200, "{heard}");
    }
}

#[test]
fn one_customer_of_a_provider_is_one_address() {
    for (address, expected) in [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
    ] {
        assert_eq!(neighbourhood(address.parse().unwrap()).to_string(), expected, "{address}");
    }
}
