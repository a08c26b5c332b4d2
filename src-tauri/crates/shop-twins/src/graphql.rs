//! As much of a GraphQL server as a twin needs: documents are parsed, variables are put in, and of what
//! a twin answers only what was asked for goes out. A field that the answer does not have is an error,
//! as it is at the real shop; so is a variable that is missing.
//!
//! Arguments of fields that are not at the root are not looked at.

use std::collections::BTreeMap;

use graphql_parser::query::{
    Definition, Document, Field, OperationDefinition, Selection, SelectionSet, Type, TypeCondition,
    Value as Written, VariableDefinition, parse_query,
};
use serde_json::{Map, Value, json};

/// What is wrong with a document, in words: it is answered with 400.
type Wrong = String;

/// An error that a field of the root answers.
pub(crate) struct FieldError {
    /// Its words.
    pub(crate) message: String,
    /// Its code; empty for none.
    pub(crate) code: &'static str,
}

impl FieldError {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { message: message.into(), code }
    }

    fn written(&self, path: &str) -> Value {
        let mut error = json!({ "message": self.message, "path": [path] });
        if !self.code.is_empty() {
            error["extensions"] = json!({ "code": self.code });
        }
        error
    }
}

/// Answers a body of a query. `resolve` answers a field of the root, whole; the fields of a mutation
/// are answered one after the other. Gives the status and the answer.
pub(crate) fn answer(
    body: &Value,
    mut resolve: impl FnMut(&str, &Map<String, Value>) -> Result<Value, FieldError>,
) -> (u16, Value) {
    let mut errors = Vec::new();
    let mut data = Map::new();
    let outcome = run(body, |key, field, args, selection| {
        match resolve(field, args) {
            Ok(whole) => {
                let part = select(&whole, selection)?;
                data.insert(key.to_owned(), part);
            }
            Err(error) => errors.push(error.written(key)),
        }
        Ok(())
    });
    match outcome {
        Err(words) => {
            let code = json!({ "code": "GRAPHQL_VALIDATION_FAILED" });
            (400, json!({ "errors": [{ "message": words, "extensions": code }] }))
        }
        Ok(()) if errors.is_empty() => (200, json!({ "data": data })),
        Ok(()) => (200, json!({ "errors": errors, "data": null })),
    }
}

type Set = SelectionSet<'static, String>;

fn run(
    body: &Value,
    mut answered: impl FnMut(&str, &str, &Map<String, Value>, &Set) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    let text = body["query"].as_str().ok_or("Must provide query string.")?;
    let parsed: Document<'_, String> = parse_query(text).map_err(|error| error.to_string())?;
    let parsed: Document<'static, String> = parsed.into_static();
    let mut operations = parsed.definitions.iter().filter_map(|one| match one {
        Definition::Operation(operation) => Some(operation),
        Definition::Fragment(_) => None,
    });
    let (Some(operation), None) = (operations.next(), operations.next()) else {
        return Err("Must provide one operation.".to_owned());
    };
    let (defined, set) = match operation {
        OperationDefinition::Query(query) => {
            (&query.variable_definitions[..], &query.selection_set)
        }
        OperationDefinition::Mutation(one) => (&one.variable_definitions[..], &one.selection_set),
        OperationDefinition::SelectionSet(set) => (&[][..], set),
        OperationDefinition::Subscription(_) => return Err("No subscriptions here.".to_owned()),
    };
    let variables = variables(defined, &body["variables"])?;
    for selection in &set.items {
        let Selection::Field(field) = selection else {
            return Err("Only fields at the root.".to_owned());
        };
        let args = arguments(field, &variables)?;
        let key = field.alias.as_ref().unwrap_or(&field.name);
        answered(key, &field.name, &args, &field.selection_set)?;
    }
    Ok(())
}

fn variables(
    defined: &[VariableDefinition<'static, String>],
    given: &Value,
) -> Result<BTreeMap<String, Value>, Wrong> {
    let mut all = BTreeMap::new();
    for one in defined {
        let value = given.get(&one.name).cloned().unwrap_or(Value::Null);
        if matches!(one.var_type, Type::NonNullType(_)) && value.is_null() {
            return Err(format!("Variable \"${}\" of required type was not provided.", one.name));
        }
        all.insert(one.name.clone(), value);
    }
    Ok(all)
}

fn arguments(
    field: &Field<'static, String>,
    variables: &BTreeMap<String, Value>,
) -> Result<Map<String, Value>, Wrong> {
    let one = |(name, value): &(String, Written<'static, String>)| {
        Ok((name.clone(), read(value, variables)?))
    };
    field.arguments.iter().map(one).collect()
}

fn read(
    written: &Written<'static, String>,
    variables: &BTreeMap<String, Value>,
) -> Result<Value, Wrong> {
    Ok(match written {
        Written::Variable(name) => variables
            .get(name)
            .cloned()
            .ok_or_else(|| format!("Variable \"${name}\" is not defined."))?,
        Written::Int(number) => json!(number.as_i64()),
        Written::Float(number) => json!(number),
        Written::String(text) | Written::Enum(text) => json!(text),
        Written::Boolean(is) => json!(is),
        Written::Null => Value::Null,
        Written::List(all) => {
            all.iter().map(|one| read(one, variables)).collect::<Result<_, _>>()?
        }
        Written::Object(all) => {
            let one = |(name, value): (&String, &Written<'static, String>)| {
                Ok::<_, Wrong>((name.clone(), read(value, variables)?))
            };
            Value::Object(all.iter().map(one).collect::<Result<_, _>>()?)
        }
    })
}

fn select(whole: &Value, set: &Set) -> Result<Value, Wrong> {
    match whole {
        Value::Array(all) => {
            let parts: Result<Vec<Value>, Wrong> = all.iter().map(|one| select(one, set)).collect();
            Ok(Value::Array(parts?))
        }
        Value::Object(_) if set.items.is_empty() => {
            Err("A field of an object must have a selection of subfields.".to_owned())
        }
        Value::Object(whole) => {
            let mut part = Map::new();
            pick(whole, set, &mut part)?;
            Ok(Value::Object(part))
        }
        Value::Null => Ok(Value::Null),
        _ if !set.items.is_empty() => Err("A scalar has no subfields.".to_owned()),
        scalar => Ok(scalar.clone()),
    }
}

fn pick(whole: &Map<String, Value>, set: &Set, part: &mut Map<String, Value>) -> Result<(), Wrong> {
    let kind = whole.get("__typename").and_then(Value::as_str).unwrap_or_default();
    for selection in &set.items {
        match selection {
            Selection::Field(field) => {
                let value = whole.get(&field.name).ok_or_else(|| {
                    format!("Cannot query field \"{}\" on type \"{kind}\".", field.name)
                })?;
                // What JSON scalars hold is given whole.
                let is_scalar = matches!(field.name.as_str(), "data" | "metadata");
                let picked =
                    if is_scalar { value.clone() } else { select(value, &field.selection_set)? };
                part.insert(field.alias.as_ref().unwrap_or(&field.name).clone(), picked);
            }
            Selection::InlineFragment(fragment) => {
                let fits = match &fragment.type_condition {
                    None => true,
                    Some(TypeCondition::On(name)) => {
                        name == kind || (name == "ErrorResult" && kind.ends_with("Error"))
                    }
                };
                if fits {
                    pick(whole, &fragment.selection_set, part)?;
                }
            }
            Selection::FragmentSpread(_) => {
                return Err("This shop's documents have no named fragments.".to_owned());
            }
        }
    }
    Ok(())
}
