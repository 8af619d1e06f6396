//! The simulated SipSim, UIS and Mango keep to their documents: they take what the documents show and refuse the rest.

use ringcard::simulator::mango::Mango;
use ringcard::simulator::sipsim::SipSim;
use ringcard::simulator::uis::Uis;
use serde_json::{Value, json};

const TOKEN: &str = "token-of-the-simulator";
const HOUR_MS: i64 = 3_600_000;

fn bytes(value: &Value) -> Vec<u8> {
    serde_json::to_vec(value).unwrap()
}

#[test]
fn sipsim_takes_the_documents_request_and_names_what_is_missing() {
    let mut sipsim = SipSim::default();
    let request = json!({
        "crm_name": "CRMNAME", "crm_token": TOKEN, "token": TOKEN, "caller": "+375291111111",
        "receiver": "+375291111111", "pbx_id": "asd123wqda12", "crm_username": "Евгений Алёхин",
    });
    let accepted = json!({"status_code": 200, "success": true, "message": "Request accepted"});
    assert_eq!(sipsim.answer(&bytes(&request), TOKEN, 0), accepted);
    let mut incomplete = request.clone();
    incomplete["receiver"] = json!("375291111111");
    incomplete["pbx_id"] = Value::Null;
    let message = "pbx_id is required param, invalid receiver number, something went wrong";
    let refused = json!({"status_code": 500, "success": false, "message": message});
    assert_eq!(sipsim.answer(&bytes(&incomplete), TOKEN, 0), refused);
    let message = "crm_token is required param, token is required param, something went wrong";
    let refused = json!({"status_code": 500, "success": false, "message": message});
    assert_eq!(sipsim.answer(&bytes(&request), "another", 0), refused);
}

#[test]
fn sipsim_blocks_the_101st_request_of_a_minute_for_ten() {
    let mut sipsim = SipSim::default();
    for at_ms in 0..101 {
        sipsim.answer(b"{}", TOKEN, at_ms);
    }
    let blocked = json!({"status_code": 500, "success": false, "message": "something went wrong"});
    assert_eq!(sipsim.answer(b"{}", TOKEN, 9 * 60_000), blocked);
    assert_ne!(sipsim.answer(b"{}", TOKEN, 11 * 60_000), blocked);
}

#[test]
fn uis_wants_a_key_that_is_younger_than_an_hour() {
    let mut uis = Uis::default();
    let login =
        json!({"jsonrpc": "2.0", "method": "authenticate", "id": 1, "params": {"login": "bbb", "password": TOKEN}});
    let key = json!({"jsonrpc": "2.0", "id": 1, "resutl": {"session_key": "key-1"}});
    assert_eq!(uis.answer(&bytes(&login), TOKEN, 0, "key-1"), key);
    assert_eq!(uis.answer(&bytes(&login), "another", 0, "key-2")["error"]["code"], -32003);
    let mut call = json!({
        "jsonrpc": "2.0", "method": "place_calls", "id": 55,
        "params": {
            "session_key": "key-1", "first_call": "numc", "switch_at_once": true, "media_file": "leave_message",
            "is_queue": false, "use_numb_as_numa": false, "numa": "74959891628",
            "numa_message": {"type": "media", "value": "leave_message"}, "numb": "74993720692", "numc": "79164572521",
        },
    });
    let success = json!({"jsonrpc": "2.0", "id": 55, "resutl": "success"});
    assert_eq!(uis.answer(&bytes(&call), TOKEN, HOUR_MS - 1, ""), success);
    assert_eq!(uis.answer(&bytes(&call), TOKEN, HOUR_MS, "")["error"]["code"], -32005);
    call["params"]["session_key"] = json!("key-2");
    assert_eq!(uis.answer(&bytes(&call), TOKEN, 0, "")["error"]["code"], -32002);
    call["params"]["session_key"] = json!("key-1");
    call["params"]["numa"] = json!("+74959891628");
    assert_eq!(uis.answer(&bytes(&call), TOKEN, 0, "")["error"]["code"], -32602);
    assert_eq!(uis.answer(b"{", TOKEN, 0, "")["error"]["code"], -32700);
}

#[test]
fn mango_takes_a_call_again_and_a_recording_only_after_its_call() {
    let mut mango = Mango::default();
    let link = json!({"recordLink": "http://adress.net"});
    assert_eq!(mango.announce_recording("2", &bytes(&link), true)["status"], "error");
    let mut call = json!({
        "callId": "2", "dateStart": "2020-08-19T08:16:10Z", "dateEnd": "2020-08-19T08:16:20Z",
        "phoneTo": "+74958784556", "phoneFrom": "", "recordLink": "http://adress.net",
    });
    for request_id in ["2", "3"] {
        let ok = json!({"status": "ok", "requestId": request_id});
        assert_eq!(mango.announce_call(&bytes(&call), true), ok);
    }
    assert_eq!(mango.announce_recording("2", &bytes(&link), true)["status"], "ok");
    assert_eq!(mango.announce_call(&bytes(&call), false)["status"], "error");
    call["dateEnd"] = json!("2020-08-19 08:16:20");
    assert_eq!(mango.announce_call(&bytes(&call), true)["status"], "error");
}
