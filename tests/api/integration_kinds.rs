//! The settings of the four kinds: what is kept, what is shown, what is refused; trying them; the use of tokens.

use ringcard::app::integrations::token_uses;
use serde_json::{Value, json};

use crate::fake_peer::FakePeer;
use crate::support::office::{Office, at};
use crate::support::pbx::CLIENT;
use crate::{sipsim, uis};

fn sipsim_settings() -> Value {
    json!({
        "url": "https://sipsim.example.org/click2call", "crm_name": "RINGCARD", "crm_token": "planted-developer-secret",
        "token": "planted-client-secret", "id_field": "PBX_ID", "crm_user_email": "crm@example.org",
    })
}

fn uis_settings() -> Value {
    let phones = json!([{"numb": "74951234567", "channels_count": 2, "timeout": 29}]);
    let list = json!({
        "dialing_increment": 1, "incremental_dialing_timeout": 1, "lines_limit": 2, "lines_start": 1, "phones": phones,
    });
    json!({
        "url": "https://callapi.example.org/v1", "login": "bbb", "password": "planted-password", "numb": "74993720692",
        "first_call": "any", "switch_at_once": false, "media_file": "leave_message", "use_numb_as_numa": false,
        "numa_message": {"type": "media", "value": "leave_message"}, "numc_message": {"type": "text", "value": "Звонок"},
        "groups": [{"name": "sales", "queue_timeout": 30, "numc": [list]}],
    })
}

fn mango_settings() -> Value {
    json!({
        "url": "https://mango.example.org/v1", "token": "planted-mango-secret", "widget_id": "1", "token_in": "query",
        "directions": "in", "default_number": "74951234567",
    })
}

fn with_secrets_set(mut settings: Value, secrets: &[&str]) -> Value {
    for secret in secrets {
        settings[secret] = json!("set");
    }
    settings
}

async fn add(office: &Office, name: &str, kind: &str, settings: Value) -> Value {
    office.admin.makes("/api/integrations", json!({"name": name, "kind": kind, "settings": settings})).await
}

#[tokio::test]
async fn settings_are_shown_as_they_came_but_for_their_secrets() {
    let office = Office::opens().await;
    for (kind, settings, secrets) in [
        ("sipsim", sipsim_settings(), &["crm_token", "token"][..]),
        ("uis", uis_settings(), &["password"]),
        ("mango", mango_settings(), &["token"]),
    ] {
        let made = add(&office, kind, kind, settings.clone()).await;
        let whole = json!({
            "id": made["id"], "name": kind, "kind": kind, "settings": with_secrets_set(settings, secrets),
            "warning": null, "created_at": at(0), "crm_tokens": [],
        });
        assert_eq!(made, whole, "and no crm_token is made for what sends us nothing");
        let path = format!("/api/integrations/{}", made["id"].as_str().unwrap());
        assert_eq!(office.admin.reads(&path).await, whole);
        let answer = office.admin.post(&format!("{path}/rotate-token"), json!({})).await;
        assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("not_available")));
        let answer = office.admin.get(&format!("{path}/accounts")).await;
        assert_eq!((answer.status, &answer.json()["code"]), (409, &json!("not_available")), "{}", answer.text);
    }
}

#[tokio::test]
async fn r39_no_secret_stands_in_the_store_in_clear() {
    let office = Office::opens().await;
    if !office.is_embedded() {
        return;
    }
    add(&office, "s", "sipsim", sipsim_settings()).await;
    add(&office, "u", "uis", uis_settings()).await;
    add(&office, "m", "mango", mango_settings()).await;
    let mut read = 0;
    for file in std::fs::read_dir(&office.app.config.data_dir).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
        read += bytes.len();
        assert!(!bytes.windows(8).any(|window| window == b"planted-"));
    }
    assert!(read > 10_000, "the store was read");
}

#[tokio::test]
async fn a_change_touches_what_it_names_and_null_takes_a_member_out() {
    let office = Office::opens().await;
    let made = add(&office, "u", "uis", uis_settings()).await;
    let path = format!("/api/integrations/{}", made["id"].as_str().unwrap());
    let change = json!({"settings": {"password": "set", "first_call": "numa", "groups": null, "numa_message": null}});
    let answer = office.admin.patch(&path, change).await;
    let mut settings = with_secrets_set(uis_settings(), &["password"]);
    settings["first_call"] = json!("numa");
    for gone in ["groups", "numa_message"] {
        settings.as_object_mut().unwrap().remove(gone);
    }
    assert_eq!((answer.status, &answer.json()["settings"]), (200, &settings));
    let answer = office.admin.patch(&path, json!({"settings": {"numb": null}})).await;
    assert_eq!((answer.status, &answer.json()["errors"][0]["field"]), (422, &json!("settings.numb")), "it is needed");
}

#[tokio::test]
async fn every_refused_member_is_named() {
    let office = Office::opens().await;
    let group = |numc: Value| json!({"groups": [{"name": "sales", "queue_timeout": 30, "numc": numc}]});
    let refusals = [
        ("sipsim", json!({}), vec!["settings.url", "settings.crm_name", "settings.crm_token", "settings.token"]),
        ("uis", json!({}), vec!["settings.url", "settings.login", "settings.password", "settings.numb"]),
        ("mango", json!({}), vec!["settings.url", "settings.token"]),
        ("sipsim", json!({"login": "x"}), vec!["settings"]),
        ("sipsim", json!({"id_field": "a b"}), vec!["settings.id_field"]),
        ("sipsim", json!({"crm_user_email": "nobody"}), vec!["settings.crm_user_email"]),
        ("sipsim", json!({"url": "sipsim.example.org"}), vec!["settings.url"]),
        ("uis", json!({"numb": "101"}), vec!["settings.numb"]),
        ("uis", json!({"numb": 74993720692_i64}), vec!["settings.numb"]),
        ("uis", json!({"first_call": "numb"}), vec!["settings.first_call"]),
        ("uis", json!({"switch_at_once": "yes"}), vec!["settings.switch_at_once"]),
        ("uis", json!({"numa_message": {"type": "file", "value": "x"}}), vec!["settings.numa_message"]),
        ("uis", json!({"numc_message": {"type": "text", "value": " "}}), vec!["settings.numc_message"]),
        ("uis", group(json!([])), vec!["settings.groups"]),
        ("uis", group(json!([{"phones": []}])), vec!["settings.groups"]),
        ("uis", group(json!([{"phones": [{"numb": "101"}]}])), vec!["settings.groups"]),
        ("uis", group(json!([{"phones": [{"numb": "74951234567", "timeout": 0}]}])), vec!["settings.groups"]),
        ("uis", group(json!([{"phones": [{"numb": "74951234567", "wait": 1}]}])), vec!["settings.groups"]),
        ("mango", json!({"token_in": "body"}), vec!["settings.token_in"]),
        ("mango", json!({"directions": "none"}), vec!["settings.directions"]),
        ("mango", json!({"default_number": "office"}), vec!["settings.default_number"]),
    ];
    let bases = json!({"sipsim": sipsim_settings(), "uis": uis_settings(), "mango": mango_settings()});
    for (kind, change, fields) in refusals {
        let mut settings = bases[kind].clone();
        if change == json!({}) {
            settings = change.clone();
        } else {
            settings.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        }
        let answer =
            office.admin.post("/api/integrations", json!({"name": "x", "kind": kind, "settings": settings})).await;
        let problem = answer.json();
        let named: Vec<_> =
            problem["errors"].as_array().unwrap().iter().map(|error| error["field"].as_str().unwrap()).collect();
        assert_eq!((answer.status, named), (422, fields), "{kind} {change}: {problem}");
        assert!(!answer.text.contains("planted-"), "no secret is repeated: {}", answer.text);
    }
}

#[tokio::test]
async fn each_kind_is_tried_without_placing_a_call() {
    let office = Office::opens().await;
    let documented = uis::DocumentedUis::new(&office.clock);
    let peer = FakePeer::answering(move |asked| documented.answers(asked));
    let check = async |kind: &str, change: Value| {
        let mut settings = match kind {
            "sipsim" => sipsim_settings(),
            "uis" => uis_settings(),
            _ => mango_settings(),
        };
        settings.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let made = add(&office, &office.app.clock.new_id(), kind, settings).await;
        let path = format!("/api/integrations/{}", made["id"].as_str().unwrap());
        let answer = office.admin.post(&format!("{path}/check"), json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    };
    let url = peer.url("/v1");
    let said = check("uis", json!({"url": url, "password": uis::PASSWORD})).await;
    assert_eq!(said["ok"], true, "{said}");
    let said = check("uis", json!({"url": url, "password": "another"})).await;
    assert_eq!(said["ok"], false, "{said}");
    assert_eq!(peer.asked().len(), 2);
    for (kind, words) in [("sipsim", "cannot be told without placing a call"), ("mango", "when the first call")] {
        let said = check(kind, json!({"url": url})).await;
        assert_eq!(said["ok"], true, "{said}");
        assert!(said["detail"].as_str().unwrap().contains(words), "{said}");
        let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let said = check(kind, json!({"url": format!("http://{nobody}/v1")})).await;
        assert_eq!(said["ok"], false, "{said}");
        assert!(said["detail"].as_str().unwrap().ends_with("nothing answers at that address and port"), "{said}");
    }
    assert_eq!((peer.asked().len(), office.calls().await.len()), (2, 0), "the address was reached, and nothing asked");
}

#[tokio::test]
async fn a_changed_setting_is_used_by_the_next_call() {
    let office = Office::opens().await;
    let peer = FakePeer::answering(sipsim::documented);
    let settings = json!({
        "url": peer.url("/click2call"), "crm_name": "RINGCARD", "crm_token": "wrong", "token": sipsim::TOKEN,
    });
    let made = add(&office, "mobile", "sipsim", settings).await;
    let lines = json!({"lines": [{"integration": "mobile", "account": "+375291111111"}]});
    office.admin.patch(&format!("/api/users/{}", office.anna.id()), lines).await;
    let answer = office.anna.clicks(CLIENT).await;
    assert_eq!(answer.status, 502);
    assert!(answer.text.contains("the developer's token (crm_token) is missing or not accepted"), "{}", answer.text);
    let path = format!("/api/integrations/{}", made["id"].as_str().unwrap());
    office.admin.patch(&path, json!({"settings": {"crm_token": sipsim::CRM_TOKEN, "token": "set"}})).await;
    office.clock.advance(4_000);
    assert_eq!(office.anna.clicks(CLIENT).await.status, 202);
}

#[tokio::test]
async fn r30_the_last_use_of_each_token_is_shown_and_written_down_once() {
    let office = Office::opens().await;
    let path = format!("/api/integrations/{}", office.integration);
    let tokens = async || office.admin.reads(&path).await["crm_tokens"].clone();
    let token = |created: i64, expires: Option<i64>, used: Option<i64>| json!({"created_at": at(created), "expires_at": expires.map(at), "last_used_at": used.map(at)});
    assert_eq!(tokens().await, json!([token(0, None, None)]));
    office.clock.advance(1_000);
    assert_eq!(office.pbx.asks_who(CLIENT).await.status, 200);
    assert_eq!(tokens().await, json!([token(0, None, Some(1))]));

    office.clock.advance(1_000);
    let issued = office.admin.post(&format!("{path}/rotate-token"), json!({})).await.json();
    let day = 24 * 3_600 + 2;
    assert_eq!(tokens().await, json!([token(2, None, None), token(0, Some(day), Some(1))]));
    office.clock.advance(1_000);
    let renewed = crate::support::pbx::Pbx::new(&office.crm, issued["crm_token"].as_str().unwrap());
    assert_eq!(renewed.asks_who(CLIENT).await.status, 200);
    let both = json!([token(2, None, Some(3)), token(0, Some(day), Some(1))]);
    assert_eq!(tokens().await, both);
    assert_eq!(office.admin.reads("/api/integrations").await["items"][0]["crm_tokens"], both);

    let in_store = async || {
        let id = office.integration.clone();
        let list = move |tx: &mut ringcard::store::tx::Tx| ringcard::store::tables::crm_tokens::list(tx, &id, 0);
        let rows = office.app.store.show(list).await.unwrap();
        rows.into_iter().map(|row| row.last_used_ms.is_some()).collect::<Vec<_>>()
    };
    assert_eq!(in_store().await, [false, false], "no push writes it");
    token_uses::keep(&office.app).await.unwrap();
    assert_eq!(in_store().await, [true, true]);
    assert_eq!(tokens().await, both);
}
