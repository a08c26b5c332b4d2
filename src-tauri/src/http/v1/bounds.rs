//! The lengths that the description gives the texts of a query, held for every route in one place: what
//! is described is what is refused.

use std::collections::HashMap;

use axum::http::{Method, Uri};
use serde_json::Value;

use super::problem::Problem;

/// Least and most characters of a member of a query.
type Lengths = (u64, u64);

/// The lengths of every route's query, by method and path, then by name.
#[derive(Debug, Default)]
pub(super) struct Bounds(HashMap<(String, String), HashMap<String, Lengths>>);

impl Bounds {
    /// Reads them in the description.
    pub(super) fn of(document: &Value) -> Self {
        let mut routes = HashMap::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let described = operation["parameters"].as_array().into_iter().flatten();
                let lengths: HashMap<String, Lengths> = described
                    .filter(|one| one["in"] == "query")
                    .filter_map(|one| {
                        let schema = &one["schema"];
                        let least = schema["minLength"].as_u64().unwrap_or(0);
                        let most = schema["maxLength"].as_u64().unwrap_or(u64::MAX);
                        let bound = least > 0 || most < u64::MAX;
                        bound.then(|| {
                            (one["name"].as_str().unwrap_or_default().to_owned(), (least, most))
                        })
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
            let Some((least, most)) = lengths.get(name.as_ref()) else { continue };
            let long = text.chars().count() as u64;
            if long < *least || long > *most {
                let words = if *most == u64::MAX {
                    format!("{least} characters or more")
                } else {
                    format!("{least} to {most} characters")
                };
                return Err(Problem::bad_request(format!("{name} in the query has {words}")));
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
            { "name": "free", "in": "query", "schema": { "type": "string" } }
        ] } } } }));
        let check = |query: &str| {
            let uri = format!("/v1/things{query}").parse().unwrap();
            bounds.check(&Method::GET, "/v1/things", &uri).map_err(|problem| problem.status())
        };
        for good in ["", "?", "?q=abc", "?q=%C3%A9%C3%A9%C3%A9", "?free=aaaaaaaa", "?other="] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["?q=", "?q", "?q=abcd", "?q=a&q=abcd", "?free=1&q=%61%61%61%61"] {
            assert_eq!(check(bad), Err(400), "{bad}");
        }
        let elsewhere = "/v1/others?q=abcd".parse().unwrap();
        assert!(bounds.check(&Method::GET, "/v1/others", &elsewhere).is_ok());
    }
}
