//! SipSim, as strict as its document: Click2Call takes a GET with a JSON body, and blocks who asks too often.
//!
//! Source: "Click2Call API", version 1.0.

use std::collections::VecDeque;

use serde_json::{Value, json};

const MOST_REQUESTS: usize = 100;
const IN_MS: i64 = 60_000;
const BLOCKED_MS: i64 = 10 * 60_000;

/// One client's account.
#[derive(Default)]
pub struct SipSim {
    asked_ms: VecDeque<i64>,
    blocked_until_ms: i64,
}

impl SipSim {
    /// The answer to one request; `token` is both the developer's and the client's.
    pub fn answer(&mut self, body: &[u8], token: &str, now_ms: i64) -> Value {
        if self.is_blocked(now_ms) {
            return refused("something went wrong");
        }
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| body[name].as_str().unwrap_or_default().trim();
        let missing = |names: &[&str]| -> Vec<String> {
            let missing = names.iter().filter(|name| text(name).is_empty());
            missing.map(|name| format!("{name} is required param")).collect()
        };
        let mut faults = missing(&["crm_token", "crm_name", "token"]);
        let wrong = ["crm_token", "token"].into_iter().filter(|name| !text(name).is_empty() && text(name) != token);
        faults.extend(wrong.map(|name| format!("{name} is required param")));
        if faults.is_empty() {
            faults = missing(&["caller", "receiver", "pbx_id", "crm_username"]);
            let invalid = ["caller", "receiver"].into_iter().filter(|name| !is_international(text(name)));
            faults.extend(invalid.map(|name| format!("invalid {name} number")));
        }
        if faults.is_empty() {
            return json!({"status_code": 200, "success": true, "message": "Request accepted"});
        }
        faults.push("something went wrong".to_owned());
        refused(&faults.join(", "))
    }

    fn is_blocked(&mut self, now_ms: i64) -> bool {
        self.asked_ms.retain(|at| now_ms - at < IN_MS);
        self.asked_ms.push_back(now_ms);
        if self.asked_ms.len() > MOST_REQUESTS {
            self.blocked_until_ms = now_ms + BLOCKED_MS;
        }
        now_ms < self.blocked_until_ms
    }
}

fn refused(message: &str) -> Value {
    json!({"status_code": 500, "success": false, "message": message})
}

fn is_international(number: &str) -> bool {
    let digits = number.strip_prefix('+').unwrap_or_default();
    (11..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}
