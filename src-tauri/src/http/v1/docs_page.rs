//! `/v1/docs`: the description as a page for people. Made from the description alone, so that it
//! cannot say anything else; without scripts and without the network.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Its look; the page's policy allows no style inside the page.
pub(super) const STYLE: &str = include_str!("docs.css");
/// How deep the fields of a schema are followed.
const DEEPEST: usize = 4;

/// How a program begins; the rest of the page is the description.
const BEGIN: &str = r#"<section>
<h2 id="begin">To begin with</h2>
<p>The owner of the register makes a token, on the register under Apps or with
<code>countertopd token create</code>, and says there what it is good for. A program sends it with every
request:</p>
<pre>curl -H "Authorization: Bearer ctp_…" http://127.0.0.1:7670/v1/token</pre>
<ul>
<li><strong>Amounts</strong> are whole numbers of the currency's smallest unit with its code:
<code>{ "amount": 1099, "currency": "EUR" }</code>. Quantities are decimal numbers in text:
<code>"0.642"</code>. Moments are RFC 3339 in UTC.</li>
<li><strong>Lists</strong> come in pages: <code>limit</code>, and <code>cursor</code> with the
<code>next_cursor</code> of the page before.</li>
<li><strong>Twice is once</strong>: a POST with an <code>Idempotency-Key</code> that is sent again is given
its first answer for a day, with <code>Idempotent-Replayed: true</code>. What was refused changed nothing and
may be sent again under its key.</li>
<li><strong>Edits</strong> may carry the <code>ETag</code> of what was read in <code>If-Match</code>; they are
refused with 412 if somebody changed it meanwhile.</li>
<li><strong>Errors</strong> are <code>application/problem+json</code>: a program acts on <code>code</code>, which
never changes its meaning; <code>detail</code> says to a person what happened and what to do;
<code>about</code> names the field or the thing.</li>
<li><strong>Pace</strong>: a token may ask 1,000 times at once and 200 times a second after that. 429 says in
<code>Retry-After</code> how many seconds to wait. A request has 1 MiB at most.</li>
</ul>
</section>
"#;

/// The page.
pub(super) fn page(document: &Value) -> String {
    let by_tag = by_tag(document);
    let mut page = String::from(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Countertop: the open API</title>\
         <link rel=\"stylesheet\" href=\"/v1/docs.css\"></head>\n<body><header>\
         <h1>The register's open API</h1>",
    );
    let about = text(&document["info"]["description"]);
    let _ = write!(
        page,
        "<p>{about} This page for programs: <a href=\"/v1/openapi.json\">/v1/openapi.json</a> \
         (OpenAPI 3.1).</p>\n<nav aria-label=\"Resources\"><ul>\
         <li><a href=\"#begin\">To begin with</a></li>"
    );
    for tag in by_tag.keys() {
        let tag = escape(tag);
        let _ = write!(page, "<li><a href=\"#{tag}\">{tag}</a></li>");
    }
    let _ = write!(page, "</ul></nav></header>\n<main>{BEGIN}");
    for (tag, operations) in &by_tag {
        let tag = escape(tag);
        let _ = writeln!(page, "<section><h2 id=\"{tag}\">{tag}</h2>");
        for (method, path, one) in operations {
            operation(&mut page, document, (method, path), one);
        }
        page.push_str("</section>\n");
    }
    page.push_str("</main></body></html>\n");
    page
}

/// An operation: its method, its path, and what the description says of it.
type Operation<'a> = (String, &'a str, &'a Value);

fn by_tag(document: &Value) -> BTreeMap<&str, Vec<Operation<'_>>> {
    let mut by_tag: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
    for (path, item) in members(&document["paths"]) {
        for (method, one) in members(item) {
            let tag = one["tags"][0].as_str().unwrap_or("more");
            by_tag.entry(tag).or_default().push((method.to_ascii_uppercase(), path, one));
        }
    }
    by_tag
}

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn operation(page: &mut String, document: &Value, (method, path): (&str, &str), one: &Value) {
    let id = text(&one["operationId"]);
    let _ = write!(
        page,
        "<details class=\"operation\" id=\"{id}\"><summary><span class=\"method\">{method}</span> \
         <code>{}</code> <span class=\"what\">{}</span></summary><div>",
        escape(path),
        text(&one["summary"])
    );
    paragraphs(page, one["description"].as_str().unwrap_or_default());
    let needs: Vec<&Value> = one["security"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one.get("token"))
        .collect();
    match needs.first().and_then(|scopes| scopes[0].as_str()) {
        Some(scope) => {
            let _ =
                write!(page, "<p>Needs a token with the scope <code>{}</code>.</p>", escape(scope));
        }
        None if needs.is_empty() => page.push_str("<p>Needs no token.</p>"),
        None => page.push_str("<p>Needs a token, with any scope.</p>"),
    }
    parameters(page, document, one);
    for (kind, content) in members(&one["requestBody"]["content"]) {
        let _ = write!(page, "<h3>What is sent: <code>{}</code></h3>", escape(kind));
        content_of(page, document, content);
    }
    for (status, answer) in members(&one["responses"]) {
        let words = text(&answer["description"]);
        let _ = write!(page, "<h3>{} {words}</h3>", escape(status));
        // Every problem has the form that is described once, above.
        for (kind, content) in members(&answer["content"]) {
            if kind != "application/problem+json" {
                content_of(page, document, content);
            }
        }
    }
    page.push_str("</div></details>\n");
}

fn parameters(page: &mut String, document: &Value, one: &Value) {
    let all = one["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if all.is_empty() {
        return;
    }
    page.push_str("<h3>Parameters</h3>");
    rows(page, |page| {
        for parameter in all {
            let place = match parameter["in"].as_str() {
                Some("path") => "in the path",
                Some("header") => "header",
                _ => "in the query",
            };
            let needed = if parameter["required"] == true { "needed" } else { "may be left out" };
            let form = form(document, &parameter["schema"]);
            let _ = write!(
                page,
                "<tr><td><code>{}</code></td><td>{form}, {place}<br>\
                 <span class=\"needed\">{needed}</span></td><td>{}</td></tr>",
                text(&parameter["name"]),
                text(&parameter["description"])
            );
        }
    });
}

fn rows(page: &mut String, write: impl FnOnce(&mut String)) {
    page.push_str(
        "<div class=\"scroll\"><table><thead><tr><th>Name</th><th>Form</th><th>Meaning</th></tr>\
         </thead><tbody>",
    );
    write(page);
    page.push_str("</tbody></table></div>");
}

fn content_of(page: &mut String, document: &Value, content: &Value) {
    let schema = resolved(document, &content["schema"]);
    let mut fields = Vec::new();
    fields_of(document, schema, "", DEEPEST, &mut fields);
    if !fields.is_empty() {
        rows(page, |page| fields.iter().for_each(|row| page.push_str(row)));
    }
    let example =
        if content["example"].is_null() { &schema["example"] } else { &content["example"] };
    if !example.is_null() {
        let example = serde_json::to_string_pretty(example).unwrap_or_default();
        let _ = write!(page, "<h4>For example</h4><pre>{}</pre>", escape(&example));
    }
}

/// The rows of an object's fields, those of its members below them with their whole path.
fn fields_of(document: &Value, schema: &Value, at: &str, deep: usize, rows: &mut Vec<String>) {
    let schema = resolved(document, schema);
    if deep == 0 {
        return;
    }
    if !schema["items"].is_null() {
        return fields_of(document, &schema["items"], &format!("{at}[]"), deep, rows);
    }
    for part in ["allOf", "oneOf", "anyOf"] {
        for one in schema[part].as_array().into_iter().flatten() {
            fields_of(document, one, at, deep - 1, rows);
        }
    }
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (name, field) in members(&schema["properties"]) {
        let path = if at.is_empty() { name.clone() } else { format!("{at}.{name}") };
        let whole = resolved(document, field);
        let words = if field["description"].is_null() { whole } else { field };
        let needed = if required.iter().any(|one| one == name) {
            ""
        } else {
            "<br><span class=\"needed\">may be left out</span>"
        };
        rows.push(format!(
            "<tr><td><code>{}</code></td><td>{}{needed}</td><td>{}</td></tr>",
            escape(&path),
            form(document, field),
            text(&words["description"])
        ));
        fields_of(document, field, &path, deep - 1, rows);
    }
}

/// What a schema takes, in a few words.
fn form(document: &Value, schema: &Value) -> String {
    let schema = resolved(document, schema);
    let kinds: Vec<&str> = match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec![],
    };
    let mut words =
        if kinds.is_empty() { "object".to_owned() } else { escape(&kinds.join(" or ")) };
    if let Some(values) = schema["enum"].as_array() {
        let values: Vec<String> =
            values.iter().map(|v| format!("<code>{}</code>", plain(v))).collect();
        words = format!("one of {}", values.join(", "));
    }
    if let Some(format) = schema["format"].as_str() {
        let _ = write!(words, " ({})", escape(format));
    }
    for (name, of) in
        [("minimum", "from"), ("maximum", "to"), ("minLength", "at least"), ("maxLength", "up to")]
    {
        if !schema[name].is_null() {
            let unit = if name.ends_with("Length") { " characters" } else { "" };
            let _ = write!(words, ", {of} {}{unit}", plain(&schema[name]));
        }
    }
    words
}

fn plain(value: &Value) -> String {
    escape(value.as_str().map_or_else(|| value.to_string(), str::to_owned).as_str())
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let named = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
    named.and_then(|path| document.pointer(path)).unwrap_or(schema)
}

fn paragraphs(page: &mut String, words: &str) {
    for paragraph in words.split("\n\n").filter(|one| !one.trim().is_empty()) {
        let _ = write!(page, "<p>{}</p>", marked(paragraph));
    }
}

fn text(value: &Value) -> String {
    marked(value.as_str().unwrap_or_default())
}

/// Escaped, with what stands between backticks as code.
fn marked(words: &str) -> String {
    let mut marked = String::new();
    for (index, part) in escape(words).split('`').enumerate() {
        if index % 2 == 1 {
            let _ = write!(marked, "<code>{part}</code>");
        } else {
            marked.push_str(part);
        }
    }
    marked
}

fn escape(words: &str) -> String {
    words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use serde_json::json;

    use super::page;
    use crate::http::v1::document;

    #[test]
    fn every_operation_with_its_scope_and_answers_is_on_the_page() {
        let document = document();
        let page = page(&document);
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let id = operation["operationId"].as_str().unwrap();
                let at = page.find(&format!("id=\"{id}\"")).expect(path);
                let own = &page[at..at + page[at..].find("</details>").unwrap()];
                assert!(own.contains(&method.to_uppercase()) && own.contains(path), "{own}");
                for status in operation["responses"].as_object().unwrap().keys() {
                    assert!(own.contains(&format!("<h3>{status} ")), "{method} {path}: {status}");
                }
                if let Some(scope) = operation["security"][0]["token"][0].as_str() {
                    assert!(own.contains(&format!("<code>{scope}</code>")), "{method} {path}");
                }
            }
        }
    }

    #[test]
    fn nothing_of_the_description_becomes_markup_or_asks_the_network() {
        let evil = "<script src=//x></script>\"'&";
        let page = page(&json!({
            "info": { "description": evil },
            "paths": { evil: { "get": {
                "tags": [evil], "operationId": evil, "summary": evil, "description": evil,
                "parameters": [{ "name": evil, "description": evil, "schema": { "enum": [evil] } }],
                "responses": { evil: { "description": evil, "content": { evil: {
                    "schema": { "type": evil, "properties": { evil: { "description": evil } } },
                    "example": evil
                } } } }
            } } }
        }));
        assert!(!page.contains("<script"), "{page}");
        assert!(!page.contains("http:") || page.contains("127.0.0.1:7670"));
        for outside in ["https://", "src=", "style=", "@import"] {
            assert!(!page.replace("src=//x", "").contains(outside), "{outside}");
        }
    }
}
