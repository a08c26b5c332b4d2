//! The lengths of texts and the largest numbers that the description gives a query, held for every route in one place: what
//! is described is what is refused.

use std::collections::HashMap;

use axum::http::{Method, Uri};
use serde_json::Value;

use super::problem::Problem;

/// Least and most characters of a member of a query, or the same of a number.
#[derive(Clone, Copy, Debug)]
enum Range {
    Length(u64, u64),
    Number(i64, i64),
}

impl Range {
    /// What is wrong with a text. A number that is none is for the handler to refuse.
    fn refuses(self, text: &str) -> Option<String> {
        match self {
            Self::Length(least, most) => {
                let long = text.chars().count() as u64;
                let up_to = if most == u64::MAX { String::new() } else { format!(" to {most}") };
                let well = (least..=most).contains(&long);
                (!well).then(|| format!("has {least}{up_to} characters"))
            }
            Self::Number(least, most) => {
                let number: i64 = text.parse().ok()?;
                let well = (least..=most).contains(&number);
                (!well).then(|| format!("is {least} to {most}"))
            }
        }
    }
}

/// The lengths of every route's query, by method and path, then by name.
#[derive(Debug, Default)]
pub(super) struct Bounds(HashMap<(String, String), HashMap<String, Range>>);

impl Bounds {
    /// Reads them in the description.
    pub(super) fn of(document: &Value) -> Self {
        let mut routes = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let described = operation["parameters"].as_array().into_iter().flatten();
                let lengths: HashMap<String, Range> = described
                    .filter(|one| one["in"] == "query")
                    .filter_map(|one| {
                        let schema = &one["schema"];
                        let length = (schema["minLength"].as_u64(), schema["maxLength"].as_u64());
                        let number = (schema["minimum"].as_i64(), schema["maximum"].as_i64());
                        let range = match (length, number) {
                            ((None, None), (None, None)) => return None,
                            ((None, None), (least, most)) => {
                                Range::Number(least.unwrap_or(i64::MIN), most.unwrap_or(i64::MAX))
                            }
                            ((least, most), _) => {
                                Range::Length(least.unwrap_or(0), most.unwrap_or(u64::MAX))
                            }
                        };
                        Some((one["name"].as_str().unwrap_or_default().to_owned(), range))
                    })
                    .collect();
                if !lengths.is_empty() {
                    routes.insert((method.to_ascii_uppercase(), path.clone()), lengths);
                }
            }
        }
        Self(routes)
    }

    /// Refuses a query with a text that is shorter or longer than described.
    pub(super) fn check(&self, method: &Method, path: &str, uri: &Uri) -> Result<(), Problem> {
        let Some(query) = uri.query() else { return Ok(()) };
        let method = if method == Method::HEAD { "GET" } else { method.as_str() };
        let Some(lengths) = self.0.get(&(method.to_owned(), path.to_owned())) else {
            return Ok(());
        };
        for (name, text) in url::form_urlencoded::parse(query.as_bytes()) {
            let Some(range) = lengths.get(name.as_ref()) else { continue };
            if let Some(words) = range.refuses(&text) {
                return Err(Problem::bad_request(format!("{name} in the query {words}")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

    use axum::http::Method;
    use serde_json::json;

    use super::Bounds;

    #[test]
    fn a_text_of_a_query_is_as_long_as_its_description_says() {
        let bounds = Bounds::of(&json!({ "paths": { "/v1/things": { "get": { "parameters": [
            { "name": "q", "in": "query", "schema": { "minLength": 1, "maxLength": 3 } },
            { "name": "n", "in": "query", "schema": { "minimum": 0, "maximum": 9 } },
            { "name": "free", "in": "query", "schema": { "type": "string" } }
        ] } } } }));
        let check = |query: &str| {
            let uri = format!("/v1/things{query}").parse().unwrap();
            bounds.check(&Method::GET, "/v1/things", &uri).map_err(|problem| problem.status())
        };
        for good in
            ["", "?", "?q=abc", "?q=%C3%A9%C3%A9%C3%A9", "?free=aaaaaaaa", "?n=9", "?other="]
        {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in
            ["?q=", "?q", "?q=abcd", "?n=10", "?n=-1", "?q=a&q=abcd", "?free=1&q=%61%61%61%61"]
        {
            assert_eq!(check(bad), Err(400), "{bad}");
        }
        let elsewhere = "/v1/others?q=abcd".parse().unwrap();
        assert!(bounds.check(&Method::GET, "/v1/others", &elsewhere).is_ok());
    }
}
