//! UIS, as strict as its document: JSON-RPC with session keys that live for an hour.
//!
//! Source: UIS Call API, version 1; the member with the result is spelt as printed there.

use std::collections::HashMap;

use serde_json::{Value, json};

const KEY_LIVES_MS: i64 = 3_600_000;
const MEMBERS: [&str; 4] = ["id", "jsonrpc", "method", "params"];

/// One customer's API. Its login is anything, its password the simulator's token.
#[derive(Default)]
pub struct Uis {
    /// Session key → when it ends.
    keys: HashMap<String, i64>,
}

type Answer = Result<Value, (i64, &'static str)>;

impl Uis {
    pub fn answer(&mut self, body: &[u8], password: &str, now_ms: i64, new_key: &str) -> Value {
        let Ok(body) = serde_json::from_slice::<Value>(body) else {
            return json!({"jsonrpc": "2.0", "error": {"code": -32700, "message": "Parse error"}});
        };
        let id = &body["id"];
        match self.perform(&body, password, now_ms, new_key) {
            Ok(result) => json!({"jsonrpc": "2.0", "id": id, "resutl": result}),
            Err((code, message)) => {
                json!({"jsonrpc": "2.0", "id": id, "error": {"code": code, "message": message}})
            }
        }
    }

    fn perform(&mut self, body: &Value, password: &str, now_ms: i64, new_key: &str) -> Answer {
        let is_whole = MEMBERS.iter().all(|name| !body[*name].is_null());
        if !is_whole || body["jsonrpc"] != "2.0" || !body["id"].is_i64() || !body["params"].is_object() {
            return Err((-32600, "Invalid Request"));
        }
        let params = &body["params"];
        match body["method"].as_str() {
            Some("authenticate") => self.authenticate(params, password, now_ms, new_key),
            Some("place_calls") => self.place_calls(params, now_ms),
            _ => Err((-32601, "Method not found")),
        }
    }

    fn authenticate(&mut self, params: &Value, password: &str, now_ms: i64, new_key: &str) -> Answer {
        if !is_text(&params["login"]) || !is_text(&params["password"]) {
            return Err((-32602, "Invalid params"));
        }
        if params["password"] != password {
            return Err((-32003, "Permission denied"));
        }
        self.keys.retain(|_, ends_ms| now_ms < *ends_ms);
        self.keys.insert(new_key.to_owned(), now_ms + KEY_LIVES_MS);
        Ok(json!({"session_key": new_key}))
    }

    fn place_calls(&mut self, params: &Value, now_ms: i64) -> Answer {
        match self.keys.get(params["session_key"].as_str().unwrap_or_default()) {
            None => return Err((-32002, "Authentication error")),
            Some(ends_ms) if *ends_ms <= now_ms => return Err((-32005, "Session key has expired")),
            Some(_) => {}
        }
        let is_first = ["numc", "numa", "any"].iter().any(|first| params["first_call"] == *first);
        let is_office = match params["is_queue"] == true {
            true => params["queue_timeout"].is_i64() && is_group(&params["numc"]),
            false => is_number(&params["numc"]),
        };
        let messages = ["numa_message", "numc_message"].map(|name| &params[name]);
        let is_right = is_first
            && params["switch_at_once"].is_boolean()
            && is_number(&params["numa"])
            && is_number(&params["numb"])
            && is_office
            && messages.into_iter().all(is_message);
        if is_right { Ok(json!("success")) } else { Err((-32602, "Invalid params")) }
    }
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

/// International, without a plus.
fn is_number(value: &Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    (11..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_group(value: &Value) -> bool {
    let is_list = |list: &Value| {
        let phones = list["phones"].as_array();
        phones.is_some_and(|phones| !phones.is_empty() && phones.iter().all(|phone| is_number(&phone["numb"])))
    };
    value.as_array().is_some_and(|lists| !lists.is_empty() && lists.iter().all(is_list))
}

fn is_message(value: &Value) -> bool {
    let is_known = ["media", "text"].iter().any(|kind| value["type"] == *kind);
    value.is_null() || (is_known && is_text(&value["value"]))
}
