//! R36 and R43: what differs with TLS, and what is said where it is left out.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::log::logging;
use crate::program::{Business, PASSWORD};
use crate::sighup::{FIRST, puts};

#[tokio::test]
async fn r36_over_https_the_cookie_and_the_headers_are_strict() {
    let business = Business::opens();
    puts(&business, FIRST);
    let server = business.serves_https().await;
    let credentials = json!({"login": "admin", "password": PASSWORD});
    let signed_in = business.http.post(format!("{}/api/session", server.url)).json(&credentials).send().await.unwrap();
    let cookie = signed_in.headers()["set-cookie"].to_str().unwrap().to_owned();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert!(pair.starts_with("__Host-ringcard="), "{cookie}");
    let mut attributes: Vec<&str> = attributes.split("; ").collect();
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Max-Age=1209600", "Path=/", "SameSite=Lax", "Secure"]);
    for (path, status) in [("/api/session", 200), ("/login", 200), ("/nowhere", 404), ("/api/audit?limit=x", 422)] {
        let asked = business.http.get(format!("{}{path}", server.url)).header("cookie", pair).send().await.unwrap();
        assert_eq!(asked.status(), status, "{path}");
        for (name, value) in
            [("strict-transport-security", "max-age=31536000"), ("cross-origin-opener-policy", "same-origin")]
        {
            assert_eq!(asked.headers()[name], value, "{path}");
        }
    }
}

#[tokio::test]
async fn r36_only_new_versions_of_tls_are_spoken() {
    let business = Business::opens();
    puts(&business, FIRST);
    let server = business.serves_https().await;
    let address = server.url.strip_prefix("https://").unwrap();
    let agrees = |arguments: &str| {
        let mut openssl = Command::new("openssl");
        openssl.args(["s_client", "-connect", address]).args(arguments.split_whitespace());
        openssl.stdin(Stdio::null()).output().unwrap().status.success()
    };
    for spoken in ["-tls1_3", "-tls1_2"] {
        assert!(agrees(spoken), "{spoken}");
    }
    for refused in
        ["-tls1_1 -cipher ALL:@SECLEVEL=0", "-tls1 -cipher ALL:@SECLEVEL=0", "-tls1_2 -cipher kRSA:@SECLEVEL=0"]
    {
        assert!(!agrees(refused), "{refused}");
    }
}

/// And beyond loopback a page has no opener policy, which browsers would call an error there (R36).
#[tokio::test]
async fn r43_without_tls_beyond_loopback_the_log_and_the_doctor_warn() {
    for (listen, is_warned) in [("127.0.0.1:0", false), ("0.0.0.0:0", true)] {
        let business = Business::opens();
        let (mut program, log) = logging(&business);
        let server = business.starts(program.env("RINGCARD_LISTEN", listen)).await;
        let cookie = business.signs_in(&server).await;
        let doctor = business.http.get(format!("{}/api/doctor", server.url)).header("cookie", cookie).send().await;
        let doctor: Value = doctor.unwrap().json().await.unwrap();
        assert_eq!(doctor.to_string().contains("\"address_exposed\""), is_warned, "{doctor}");
        let all = std::fs::read_to_string(&log).unwrap();
        assert_eq!(all.contains("anybody on the network can read passwords and calls"), is_warned, "{all}");
    }
}
