//! The description of the API, OpenAPI 3.1.

use serde_json::{Map, Value, json};

use super::idempotency::MAX_KEY;
use super::{routes, scopes};

/// What any route may answer that is asked something it cannot do: status and words.
const ASKED_BADLY: (&str, &str) = ("400", "The request cannot be read.");
/// Of a route that needs a token.
const LET_IN: [(&str, &str); 3] = [
    ("401", "No token, or one that is no good."),
    ("403", "The token has not the scope for this, or its role may not do it."),
    ("429", "Too many requests: wait as long as Retry-After says."),
];
/// Of a route that takes a body.
const WITH_BODY: [(&str, &str); 4] = [
    ("408", "The body did not arrive in time."),
    ("413", "The body has more than 1 MiB."),
    ("415", "The body is not application/json."),
    ("422", "A field is not as described, or the register refuses; `about` names it."),
];
/// Of a POST.
const WITH_KEY: (&str, &str) = (
    "409",
    "The Idempotency-Key belongs to another request, or to one that is being carried out; or what is \
     there already forbids this.",
);
/// Of a route that needs `If-Match` or may have it.
const WITH_TAG: (&str, &str) = ("412", "It was changed meanwhile: read it again.");

/// The description of the API, OpenAPI 3.1.
pub fn document() -> Value {
    let mut document = serde_json::to_value(routes().into_openapi()).unwrap_or_default();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if let Some(operation) = operation.as_object_mut() {
                complete(path, method, operation);
            }
        }
    }
    document
}

/// Adds what every operation of its kind has, where the handler does not say it itself.
fn complete(path: &str, method: &str, operation: &mut Map<String, Value>) {
    // `security: [{}]`, or an empty list, is how an operation says that it is open to everyone.
    let open = operation
        .get("security")
        .and_then(Value::as_array)
        .is_some_and(|all| all.iter().all(|one| one.as_object().is_some_and(Map::is_empty)));
    let body = operation.contains_key("requestBody");
    let mut answers = vec![ASKED_BADLY];
    if !open {
        answers.extend(LET_IN);
        // Beside a bearer token the names of roles may stand: ours are scopes.
        let scope = scopes::of(&method.to_ascii_uppercase(), path).flatten();
        let names: Vec<&str> = scope.iter().map(|scope| scope.name()).collect();
        operation.insert("security".to_owned(), json!([{ "token": names }]));
    }
    if body {
        answers.extend(WITH_BODY);
    }
    if method == "post" && !open {
        answers.push(WITH_KEY);
        add_parameter(operation, idempotency_key());
    }
    if ["put", "patch", "delete"].contains(&method) {
        answers.push(WITH_TAG);
        add_parameter(operation, if_match());
    }
    let responses = operation.entry("responses").or_insert_with(|| json!({}));
    let Some(responses) = responses.as_object_mut() else { return };
    for (status, words) in answers {
        responses.entry(status).or_insert_with(|| problem(words));
    }
}

fn problem(words: &str) -> Value {
    json!({
        "description": words,
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" }
        } }
    })
}

fn add_parameter(operation: &mut Map<String, Value>, parameter: Value) {
    let all = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(all) = all.as_array_mut() else { return };
    let named = |one: &Value| one["name"].as_str().map(str::to_ascii_lowercase);
    if all.iter().all(|one| named(one) != named(&parameter)) {
        all.push(parameter);
    }
}

fn idempotency_key() -> Value {
    json!({
        "name": "Idempotency-Key", "in": "header", "required": false,
        "description": "A name of your own for this request, such as a UUID. The same request again \
            with the same key, within a day, is answered and not carried out again \
            (`Idempotent-Replayed: true`). A refused request may be sent again under its key.",
        "schema": { "type": "string", "minLength": 1, "maxLength": MAX_KEY,
                    "pattern": "^[!-~]+$" },
        "example": "5f6c2b1e-0b8e-4d0e-9a43-6f5d3f0d9a11"
    })
}

fn if_match() -> Value {
    json!({
        "name": "If-Match", "in": "header", "required": false,
        "description": "The ETag of what you read: the edit is refused with 412 if somebody changed \
            it meanwhile. Without it the edit overwrites.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 400,
                    "pattern": "^(\\*|\"[!#-~]*\")$" },
        "example": "\"1b4f0e9851971998e732078544c96b36\""
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use std::path::Path;

    use serde_json::Value;

    use super::document;

    /// Every operation: its method, path and description.
    fn operations(document: &Value) -> Vec<(String, Value)> {
        let paths = document["paths"].as_object().unwrap();
        let all = paths.iter().flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| {
                (format!("{} {path}", method.to_uppercase()), operation.clone())
            })
        });
        all.collect()
    }

    #[test]
    fn the_kept_description_is_the_one_that_is_served() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(".docs/openapi.json");
        let now = format!("{}\n", serde_json::to_string_pretty(&document()).unwrap());
        if std::env::var_os("UPDATE_OPENAPI").is_some() {
            std::fs::write(&file, &now).unwrap();
        }
        let kept = std::fs::read_to_string(&file).unwrap_or_default();
        assert!(
            kept == now,
            "the API is not as .docs/openapi.json says: if that is meant, run \
             UPDATE_OPENAPI=1 cargo test -p countertop --lib kept_description"
        );
    }

    #[test]
    fn every_operation_is_described_and_has_a_name_of_its_own() {
        let document = document();
        assert_eq!(document["openapi"], "3.1.0");
        let mut names = std::collections::HashSet::new();
        for (name, operation) in operations(&document) {
            assert!(name.contains(" /v1/"), "{name}");
            assert!(operation["summary"].as_str().is_some_and(|s| !s.is_empty()), "{name}");
            assert!(operation["tags"].as_array().is_some_and(|tags| tags.len() == 1), "{name}");
            let id = operation["operationId"].as_str().unwrap().to_owned();
            assert!(names.insert(id.clone()), "{name}: another operation is called {id} too");
        }
    }

    #[test]
    fn every_operation_is_open_to_all_or_says_what_a_token_must_be_good_for() {
        for (name, operation) in operations(&document()) {
            let (method, path) = name.split_once(' ').unwrap();
            let open = operation["security"]
                .as_array()
                .is_some_and(|all| all.iter().all(|one| one.as_object().unwrap().is_empty()));
            assert_eq!(
                super::scopes::of(method, path).is_none(),
                open,
                "{name}: give it a row in v1/scopes.rs, or security(()) and none"
            );
        }
    }

    #[test]
    fn every_post_takes_an_idempotency_key() {
        for (name, operation) in operations(&document()) {
            if name.starts_with("POST") {
                let all = operation["parameters"].as_array().unwrap();
                assert!(all.iter().any(|one| one["name"] == "Idempotency-Key"), "{name}");
                assert!(operation["responses"]["409"].is_object(), "{name}");
            }
        }
    }

    #[test]
    fn a_body_takes_no_field_that_is_not_described() {
        let document = document();
        for (name, operation) in operations(&document) {
            let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
            let Some(reference) = schema["$ref"].as_str() else { continue };
            let pointer = reference.trim_start_matches('#');
            let described = document.pointer(pointer).unwrap();
            if described["type"] == "object" {
                assert_eq!(described["additionalProperties"], false, "{name}: {reference}");
            }
        }
    }
}
