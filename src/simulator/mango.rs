//! Mango calltracking, as strict as its document: calls are announced, recordings follow.
//!
//! Source: "API для сторонних АТС", sections 1 to 3.

use std::collections::HashSet;

use serde_json::{Value, json};

/// One product's calltracking.
#[derive(Default)]
pub struct Mango {
    calls: HashSet<String>,
    requests: u64,
}

impl Mango {
    /// Section 2; repeats are allowed.
    pub fn announce_call(&mut self, body: &[u8], is_token_right: bool) -> Value {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let text = |name: &str| body[name].as_str().unwrap_or_default();
        let is_optional_phone = |text: &str| text.is_empty() || is_e164(text);
        let fault = if !is_token_right {
            Some("wrong token")
        } else if text("callId").is_empty() {
            Some("callId is required")
        } else if !is_date(text("dateStart")) || !is_date(text("dateEnd")) {
            Some("dateStart and dateEnd must be YYYY-MM-DDTHH:MM:SSZ")
        } else if !is_e164(text("phoneTo")) || !is_optional_phone(text("phoneFrom")) {
            Some("phoneTo and phoneFrom must be E164")
        } else {
            None
        };
        if fault.is_none() {
            self.calls.insert(text("callId").to_owned());
        }
        self.answer(fault)
    }

    /// Section 3; of a call that was announced.
    pub fn announce_recording(&mut self, callid: &str, body: &[u8], is_token_right: bool) -> Value {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let is_link = body["recordLink"].as_str().is_some_and(|link| link.starts_with("http"));
        let fault = if !is_token_right {
            Some("wrong token")
        } else if !self.calls.contains(callid) {
            Some("no such call")
        } else if !is_link {
            Some("recordLink is required")
        } else {
            None
        };
        self.answer(fault)
    }

    fn answer(&mut self, fault: Option<&str>) -> Value {
        self.requests += 1;
        let request_id = self.requests.to_string();
        match fault {
            None => json!({"status": "ok", "requestId": request_id}),
            Some(message) => {
                json!({"status": "error", "requestId": request_id, "error": {"code": 400, "message": message}})
            }
        }
    }
}

fn is_e164(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_date(text: &str) -> bool {
    text.len() == "2020-08-19T08:16:10Z".len() && text.parse::<jiff::Timestamp>().is_ok()
}
