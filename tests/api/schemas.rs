//! The document is exact: of the alternatives it names, no value fits two, and its links lead on.

use std::collections::BTreeSet;

use ringcard::http::openapi;
use serde_json::{Value, json};

/// Where a `oneOf` stands in the document, with its branches.
fn alternatives(value: &Value, place: &str, found: &mut Vec<(String, Vec<Value>)>) {
    match value {
        Value::Object(members) => {
            if let Some(branches) = members.get("oneOf").and_then(Value::as_array) {
                found.push((place.to_owned(), branches.clone()));
            }
            members.iter().for_each(|(name, member)| alternatives(member, &format!("{place}/{name}"), found));
        }
        Value::Array(items) => items.iter().for_each(|item| alternatives(item, place, found)),
        _ => {}
    }
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    match schema["$ref"].as_str() {
        Some(reference) => resolved(document, document.pointer(&reference[1..]).unwrap()),
        None => schema,
    }
}

/// The schemas that a value must fit one of, to fit this one.
fn flat<'a>(document: &'a Value, schema: &'a Value) -> Vec<&'a Value> {
    let schema = resolved(document, schema);
    match schema["oneOf"].as_array() {
        Some(branches) => branches.iter().flat_map(|branch| flat(document, branch)).collect(),
        None => vec![schema],
    }
}

fn types(schema: &Value) -> BTreeSet<&str> {
    match &schema["type"] {
        Value::String(one) => BTreeSet::from([one.as_str()]),
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => ["null", "object", "array", "string", "number", "integer", "boolean"].into(),
    }
}

fn names(list: &Value) -> BTreeSet<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Whether no value can fit both: other types, other words, or a member that tells them apart.
fn exclude_each_other(document: &Value, one: &Value, other: &Value) -> bool {
    let common: Vec<_> = types(one).intersection(&types(other)).copied().collect();
    let words_differ = |a: &Value, b: &Value| {
        let (a, b) = (names(&resolved(document, a)["enum"]), names(&resolved(document, b)["enum"]));
        !a.is_empty() && !b.is_empty() && a.is_disjoint(&b)
    };
    match common.as_slice() {
        [] => true,
        ["string"] => words_differ(one, other),
        ["object"] => {
            let (needed, also) = (names(&one["required"]), names(&other["required"]));
            let told_apart = needed
                .intersection(&also)
                .any(|name| words_differ(&one["properties"][*name], &other["properties"][*name]));
            let refuses = |schema: &Value, name: &str| {
                schema["additionalProperties"] == json!(false) && schema["properties"].get(name).is_none()
            };
            told_apart || needed.iter().any(|name| refuses(other, name)) || also.iter().any(|name| refuses(one, name))
        }
        _ => false,
    }
}

fn ambiguous(document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    alternatives(document, "", &mut found);
    assert!(!found.is_empty(), "the document names alternatives");
    let mut wrong = Vec::new();
    for (place, branches) in found {
        let branches: Vec<Vec<&Value>> = branches.iter().map(|branch| flat(document, branch)).collect();
        for (nth, one) in branches.iter().enumerate() {
            for other in &branches[nth + 1..] {
                let is_exact = one.iter().all(|a| other.iter().all(|b| exclude_each_other(document, a, b)));
                if !is_exact {
                    wrong.push(place.clone());
                }
            }
        }
    }
    wrong
}

#[test]
fn no_value_fits_two_alternatives() {
    assert_eq!(ambiguous(&serde_json::to_value(openapi::document()).unwrap()), [""; 0]);
}

#[test]
fn an_ambiguity_is_found() {
    let null = json!({"type": "null"});
    let object = |names: &[&str]| json!({"type": "object", "required": names});
    let refused = [
        [null.clone(), json!({"type": ["string", "null"]})],
        [object(&["id"]), object(&["id", "role"])],
        [json!({}), object(&[])],
    ];
    for branches in refused {
        assert_eq!(ambiguous(&json!({ "x": {"oneOf": branches} })), ["/x"], "{branches:?}");
    }
    let code = |word: &str| json!({"type": "object", "required": ["code"], "properties": {"code": {"enum": [word]}}});
    assert_eq!(ambiguous(&json!({ "x": {"oneOf": [code("a"), code("b"), {"type": "null"}]} })), [""; 0]);
}

/// What the document says stands at this place of an answer.
fn at<'a>(document: &'a Value, schema: &'a Value, place: &str) -> Option<&'a Value> {
    let schema = resolved(document, schema);
    let place = place.trim_start_matches('/');
    let (name, rest) = place.split_once('/').unwrap_or((place, ""));
    if name.is_empty() {
        return Some(schema);
    }
    let parts = schema["allOf"].as_array().into_iter().flatten().map(|part| resolved(document, part));
    let member = if name == "0" {
        schema.get("items")
    } else {
        parts.chain([schema]).find_map(|part| part["properties"].get(name))
    };
    at(document, member?, rest)
}

#[test]
fn every_link_leads_from_an_id_that_is_answered_to_an_operation_that_takes_it() {
    let document = serde_json::to_value(openapi::document()).unwrap();
    let operations =
        || document["paths"].as_object().unwrap().values().flat_map(|item| item.as_object().unwrap().values());
    let (mut followed, mut wrong) = (0, Vec::new());
    for operation in operations() {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let none = serde_json::Map::new();
            for (name, link) in response["links"].as_object().unwrap_or(&none) {
                let from = link["parameters"]["id"].as_str().unwrap().strip_prefix("$response.body#").unwrap();
                let schema = &response["content"]["application/json"]["schema"];
                let is_answered = at(&document, schema, from).is_some_and(|id| id["type"] == "string");
                let to = operations().find(|other| other["operationId"] == link["operationId"]).unwrap();
                let parameters = to["parameters"].as_array().unwrap();
                let is_taken = parameters.iter().any(|one| one["name"] == "id" && one["in"] == "path");
                if !is_answered || !is_taken {
                    wrong.push(format!("{} {status} {name}", operation["operationId"]));
                }
                followed += 1;
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(followed > 40, "{followed} links");
}
