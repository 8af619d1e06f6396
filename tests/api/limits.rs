//! What the document says a member may be is what the server takes, to the last character.

use reqwest::Method;
use ringcard::http::openapi;
use serde_json::{Map, Value, json};

use crate::support::office::Office;
use crate::support::person::Person;

/// Where a schema of the document is sent to, and what must stand beside the member that is tried.
fn bodies(office: &Office) -> Vec<(&'static str, Method, String, Value)> {
    let contact = json!({"name": "a", "phones": [{"number": "+79100000001", "label": ""}]});
    let hours = json!({"zone": "UTC", "exceptions": [{"from": "2026-01-01", "to": "2026-01-02"}]});
    let settings = json!({
        "numbers": [{"number": "+74950000001", "label": ""}], "outcomes": [{"name": "a"}], "working_hours": hours,
        "sites": [{"id": "a", "name": "a", "numbers": []}], "retention": {},
    });
    let user =
        json!({"login": "new", "role": "operator", "lines": [{"integration": office.integration, "account": "a"}]});
    let mango = json!({"name": "a", "kind": "mango", "settings": {"url": "https://m.example.org", "token": "t"}});
    vec![
        ("ContactBody", Method::POST, "/api/contacts".to_owned(), contact),
        ("NewUser", Method::POST, "/api/users".to_owned(), user),
        ("ChangedUser", Method::PATCH, format!("/api/users/{}", office.anna.id()), json!({})),
        ("NewIntegration", Method::POST, "/api/integrations".to_owned(), mango),
        ("Settings", Method::PATCH, "/api/settings".to_owned(), settings),
        ("NewApiToken", Method::POST, "/api/tokens".to_owned(), json!({"name": "a", "role": "operator"})),
        (
            "NewPromise",
            Method::POST,
            "/api/promises".to_owned(),
            json!({"number": "+79100000002", "due_at": "2027-01-01T00:00:00Z"}),
        ),
        ("Block", Method::PUT, "/api/numbers/+79100000003/block".to_owned(), json!({})),
    ]
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => resolved(document, document.pointer(&reference[1..]).unwrap()),
        None => match schema["oneOf"].as_array() {
            Some(branches) => resolved(document, branches.last().unwrap()),
            None => schema,
        },
    }
}

/// A limit of the document: how errors name the member, and where it stands in the body.
struct Limit {
    field: String,
    pointer: String,
    schema: Value,
}

/// Those of a schema, as deep as the body beside it goes.
fn limits(document: &Value, schema: &Value, body: &Value, field: &str, pointer: &str, found: &mut Vec<Limit>) {
    let schema = resolved(document, schema);
    let none = Map::new();
    for (name, member) in schema["properties"].as_object().unwrap_or(&none) {
        let field = if field.is_empty() { name.clone() } else { format!("{field}.{name}") };
        let pointer = format!("{pointer}/{name}");
        found.push(Limit { field: field.clone(), pointer: pointer.clone(), schema: member.clone() });
        let beneath = &body[name];
        if beneath.is_object() {
            limits(document, member, beneath, &field, &pointer, found);
        } else if beneath[0].is_object() {
            let items = &resolved(document, member)["items"];
            limits(document, items, &beneath[0], &format!("{field}[0]"), &format!("{pointer}/0"), found);
        }
    }
}

/// Values just within the schema, and just outside.
fn edges(schema: &Value) -> Vec<(Value, bool)> {
    let number = |name: &str| schema[name].as_i64();
    let text = |length: i64| json!("x".repeat(usize::try_from(length).unwrap()));
    let mut edges = Vec::new();
    if let Some(most) = number("maxLength") {
        edges.extend([(text(most), true), (text(most + 1), false)]);
    }
    if number("minLength") == Some(1) {
        edges.extend([(text(1), true), (json!(""), false)]);
    }
    for (name, step) in [("minimum", -1), ("maximum", 1)] {
        if let Some(edge) = number(name).filter(|_| schema["format"] == "int64") {
            edges.extend([(json!(edge), true), (json!(edge + step), false)]);
        }
    }
    if number("minItems") == Some(1) {
        edges.push((json!([]), false));
    }
    edges
}

async fn is_taken(admin: &Person, method: &Method, path: &str, body: Value, field: &str) -> (bool, Value) {
    let answer = admin.asks(method.clone(), path).json(&body).send().await.unwrap();
    let status = answer.status();
    let said: Value = answer.json().await.unwrap_or_default();
    let about = |error: &&Value| error["field"] == field;
    let errors = said["errors"].as_array().cloned().unwrap_or_default();
    let of_form = ["required", "too_long", "length", "out_of_range", "wrong_form"];
    let is_refused = errors.iter().find(about).is_some_and(|error| of_form.contains(&error["code"].as_str().unwrap()));
    (!is_refused, json!({"status": status.as_u16(), "said": said}))
}

#[tokio::test]
async fn what_the_document_allows_is_taken_and_a_character_more_is_not() {
    let office = Office::opens().await;
    let document = serde_json::to_value(openapi::document()).unwrap();
    let mut tried = 0;
    for (name, method, path, body) in bodies(&office) {
        let mut found = Vec::new();
        limits(&document, &document["components"]["schemas"][name], &body, "", "", &mut found);
        for Limit { field, pointer, schema } in found {
            for (value, is_within) in edges(&schema) {
                let mut body = body.clone();
                let (parent, member) = pointer.rsplit_once('/').unwrap();
                body.pointer_mut(parent).unwrap()[member] = value.clone();
                let (is_taken, said) = is_taken(&office.admin, &method, &path, body, &field).await;
                assert_eq!(is_taken, is_within, "{name}.{field} of {value}: {said}");
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "{tried} limits were tried");
}
