//! GraphQL as far as the twin needs it: a document with its variables put in, what it costs, and a part
//! of a value as it asks for it.

use graphql_parser::query::{
    self, Definition, Document, OperationDefinition, Selection, SelectionSet, Type,
};
use serde_json::{Map, Value, json};

type Parsed<'a> = Document<'a, String>;

/// A field that is asked for, with everything put in.
#[derive(Clone, Debug)]
pub(super) struct Field {
    /// What it is called in the answer.
    pub(super) out: String,
    pub(super) name: String,
    pub(super) args: Map<String, Value>,
    /// The key of `@idempotent`.
    pub(super) key: Option<String>,
    /// Only of this type.
    on: Option<String>,
    pub(super) fields: Vec<Field>,
}

/// A document that was read.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) mutation: bool,
    pub(super) fields: Vec<Field>,
}

/// Reads a document with its variables.
pub(super) fn read(text: &str, variables: &Value) -> Result<Asked, String> {
    let parsed: Parsed<'_> =
        graphql_parser::parse_query(text).map_err(|error| error.to_string())?;
    let mut operation = None;
    for definition in &parsed.definitions {
        if let Definition::Operation(found) = definition
            && operation.replace(found).is_some()
        {
            return Err("more than one operation".to_owned());
        }
    }
    let (mutation, defined, set) = match operation {
        Some(OperationDefinition::Query(query)) => {
            (false, &query.variable_definitions, &query.selection_set)
        }
        Some(OperationDefinition::Mutation(mutation)) => {
            (true, &mutation.variable_definitions, &mutation.selection_set)
        }
        _ => return Err("no operation".to_owned()),
    };
    for one in defined {
        let missing = variables.get(&one.name).is_none_or(Value::is_null);
        if missing && matches!(one.var_type, Type::NonNullType(_)) {
            return Err(format!("Variable ${} was provided invalid value", one.name));
        }
    }
    if let Some(given) = variables.as_object() {
        for name in given.keys() {
            if defined.iter().all(|one| one.name != *name) {
                return Err(format!("Variable ${name} is not defined"));
            }
        }
    }
    let reader = Reader { parsed: &parsed, variables };
    let mut fields = Vec::new();
    reader.fields(set, None, &mut fields)?;
    Ok(Asked { mutation, fields })
}

struct Reader<'a> {
    parsed: &'a Parsed<'a>,
    variables: &'a Value,
}

impl Reader<'_> {
    fn fields(
        &self,
        set: &SelectionSet<'_, String>,
        on: Option<&str>,
        into: &mut Vec<Field>,
    ) -> Result<(), String> {
        for one in &set.items {
            match one {
                Selection::Field(field) => into.extend(self.field(field, on)?),
                Selection::InlineFragment(inline) => {
                    let on =
                        inline.type_condition.as_ref().map(|query::TypeCondition::On(name)| name);
                    self.fields(&inline.selection_set, on.map(String::as_str), into)?;
                }
                Selection::FragmentSpread(spread) => {
                    let found = self.parsed.definitions.iter().find_map(|one| match one {
                        Definition::Fragment(found) if found.name == spread.fragment_name => {
                            Some(found)
                        }
                        _ => None,
                    });
                    let found =
                        found.ok_or_else(|| format!("no fragment {}", spread.fragment_name))?;
                    self.fields(&found.selection_set, on, into)?;
                }
            }
        }
        Ok(())
    }

    fn field(
        &self,
        field: &query::Field<'_, String>,
        on: Option<&str>,
    ) -> Result<Option<Field>, String> {
        let mut key = None;
        for directive in &field.directives {
            let args = self.object(&directive.arguments)?;
            match directive.name.as_str() {
                "include" if args.get("if") == Some(&json!(false)) => return Ok(None),
                "include" => {}
                "idempotent" => {
                    key = Some(
                        args.get("key").and_then(Value::as_str).unwrap_or_default().to_owned(),
                    );
                }
                other => return Err(format!("directive @{other} is not defined")),
            }
        }
        let mut fields = Vec::new();
        self.fields(&field.selection_set, None, &mut fields)?;
        Ok(Some(Field {
            out: field.alias.clone().unwrap_or_else(|| field.name.clone()),
            name: field.name.clone(),
            args: self.object(&field.arguments)?,
            key,
            on: on.map(str::to_owned),
            fields,
        }))
    }

    fn object(
        &self,
        pairs: &[(String, query::Value<'_, String>)],
    ) -> Result<Map<String, Value>, String> {
        pairs.iter().map(|(name, value)| Ok((name.clone(), self.value(value)?))).collect()
    }

    fn value(&self, value: &query::Value<'_, String>) -> Result<Value, String> {
        Ok(match value {
            query::Value::Variable(name) => self.variables.get(name).cloned().unwrap_or_default(),
            query::Value::Int(number) => json!(number.as_i64()),
            query::Value::Float(number) => json!(number),
            query::Value::String(text) | query::Value::Enum(text) => json!(text),
            query::Value::Boolean(truth) => json!(truth),
            query::Value::Null => Value::Null,
            query::Value::List(all) => {
                all.iter().map(|one| self.value(one)).collect::<Result<Vec<_>, _>>()?.into()
            }
            query::Value::Object(all) => {
                let pair = |(name, one): (&String, &query::Value<'_, String>)| {
                    Ok::<_, String>((name.clone(), self.value(one)?))
                };
                Value::Object(all.iter().map(pair).collect::<Result<_, _>>()?)
            }
        })
    }
}

impl Field {
    fn is_list(&self) -> bool {
        self.fields.iter().any(|one| one.name == "nodes")
    }

    /// How many of a list are asked for.
    pub(super) fn first(&self) -> usize {
        let first = self.args.get("first").and_then(Value::as_u64).unwrap_or(0);
        usize::try_from(first).unwrap_or(0)
    }

    /// What it costs at most: an object one point, a list its length times one of it, a change ten.
    pub(super) fn cost(&self) -> i64 {
        if self.fields.is_empty() {
            return 0;
        }
        let inner: i64 = self.fields.iter().map(Self::cost).sum();
        if self.is_list() {
            // `nodes` counts as the object that it is a list of.
            return inner.saturating_mul(i64::try_from(self.first()).unwrap_or(i64::MAX));
        }
        if self.name == "pageInfo" { 0 } else { 1 + inner }
    }
}

/// What an answer did cost: its objects.
pub(super) fn objects(value: &Value) -> i64 {
    match value {
        Value::Object(all) => 1 + all.values().map(objects).sum::<i64>(),
        Value::Array(all) => all.iter().map(objects).sum(),
        _ => 0,
    }
}

/// The part of a value that is asked for. What the value does not have is an error, as it is of a field
/// that no schema knows.
pub(super) fn part(value: &Value, field: &Field) -> Result<Value, String> {
    match value {
        Value::Array(all) if field.is_list() => list(all, field),
        Value::Array(all) => all.iter().map(|one| part(one, field)).collect(),
        Value::Object(all) if !field.fields.is_empty() => {
            let mut made = Map::new();
            for one in &field.fields {
                let kind = all.get("__typename").and_then(Value::as_str);
                if one.on.as_deref().is_some_and(|on| kind.is_some_and(|kind| kind != on)) {
                    continue;
                }
                let inner = all
                    .get(&one.name)
                    .ok_or_else(|| format!("Field '{}' doesn't exist", one.name))?;
                made.insert(one.out.clone(), part(&chosen(inner, one), one)?);
            }
            Ok(Value::Object(made))
        }
        Value::Object(_) => Err(format!("Field '{}' must have selections", field.name)),
        other => Ok(other.clone()),
    }
}

/// Fields whose arguments choose one of several.
fn chosen(value: &Value, field: &Field) -> Value {
    match field.name.as_str() {
        "inventoryLevel" => {
            let at = field.args.get("locationId").and_then(Value::as_str).unwrap_or_default();
            value.get(at).cloned().unwrap_or_default()
        }
        "quantities" => {
            let names = field.args.get("names").cloned().unwrap_or_default();
            let wanted =
                |one: &&Value| names.as_array().is_some_and(|names| names.contains(&one["name"]));
            let all = value.as_array().map_or(&[][..], Vec::as_slice);
            Value::Array(all.iter().filter(wanted).cloned().collect())
        }
        _ => value.clone(),
    }
}

fn list(all: &[Value], field: &Field) -> Result<Value, String> {
    let first = field.first();
    if first == 0 || first > 250 {
        return Err(format!("'{}' needs 'first', 250 at most", field.name));
    }
    let after = field.args.get("after").and_then(Value::as_str);
    let from: usize = match after.map(|after| after.trim_start_matches("after-").parse()) {
        None => 0,
        Some(Ok(from)) => from,
        Some(Err(_)) => return Err("Invalid cursor for current pagination sort.".to_owned()),
    };
    let some: Vec<Value> = all.iter().skip(from).take(first).cloned().collect();
    let upto = from + some.len();
    let info = json!({ "hasNextPage": upto < all.len(), "endCursor": format!("after-{upto}") });
    let page = json!({ "nodes": some, "pageInfo": info });
    part(&page, field)
}
