// Everything that is sent to Shopify, checked against the schema that Shopify publishes: each document, the
// variables that go with it, and the answers of our twin, by which the other tests judge.
//
//   node tests/contract/shopify.mjs FOLDER
//
// FOLDER has node_modules/graphql and admin_2026-10.json.gz of the npm package @shopify/dev-mcp.

import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { createRequire } from 'node:module';

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.resolve(process.argv[2] ?? '.');
const {
  buildClientSchema, getNamedType, getNullableType, getOperationAST, getVariableValues, isAbstractType,
  isLeafType, isListType, isNonNullType, parse, TypeInfo, validate, visit, visitWithTypeInfo,
} = createRequire(path.join(folder, 'package.json'))('graphql');

const introspection = JSON.parse(zlib.gunzipSync(fs.readFileSync(path.join(folder, 'admin_2026-10.json.gz'))));
const schema = buildClientSchema(introspection.data);
const sync = path.join(root, 'src-tauri/crates/sync');
const golden = JSON.parse(fs.readFileSync(path.join(sync, 'tests/shopify/golden.json')));

/** Fields and arguments that Shopify is about to take away. */
function deprecated(document) {
  const found = [];
  const types = new TypeInfo(schema);
  visit(document, visitWithTypeInfo(types, {
    Field() {
      const field = types.getFieldDef();
      if (field?.deprecationReason) found.push(`${types.getParentType()}.${field.name} is deprecated`);
    },
  }));
  return found;
}

/** What is wrong with an answer: what it must have and has not, and what is of another kind. */
function wrongs(type, selections, value, fragments, at) {
  if (isNonNullType(type)) {
    if (value === null || value === undefined) return [`${at} is null`];
    return wrongs(type.ofType, selections, value, fragments, at);
  }
  if (value === null) return [];
  if (value === undefined) return [`${at} is missing`];
  if (isListType(type)) {
    if (!Array.isArray(value)) return [`${at} is no list`];
    return value.flatMap((one, turn) => wrongs(type.ofType, selections, one, fragments, `${at}[${turn}]`));
  }
  if (isLeafType(type)) {
    try {
      type.parseValue(value);
      return typeof value === 'object' ? [`${at} is no ${type}`] : [];
    } catch (error) {
      return [`${at}: ${error.message}`];
    }
  }
  if (typeof value !== 'object' || Array.isArray(value)) return [`${at} is no ${type}`];
  // Of an interface only the fields that all have can be looked up here.
  const fields = (of) => of.getFields?.() ?? {};
  return selections.flatMap((one) => {
    if (one.kind === 'Field') {
      const field = fields(type)[one.name.value];
      const name = (one.alias ?? one.name).value;
      if (one.directives.some((directive) => directive.name.value === 'include') && !(name in value)) return [];
      if (!field) return isAbstractType(type) ? [] : [`${at}.${name} is unknown`];
      return wrongs(field.type, one.selectionSet?.selections ?? [], value[name], fragments, `${at}.${name}`);
    }
    const inner = one.kind === 'FragmentSpread' ? fragments[one.name.value] : one;
    const on = schema.getType(inner.typeCondition?.name.value ?? getNamedType(type).name);
    return wrongs(getNullableType(on), inner.selectionSet.selections, value, fragments, at);
  });
}

let failures = 0;
const fail = (name, words) => {
  failures += 1;
  console.error(`${name}: ${words}`);
};

for (const [name, { query, variables, answer }] of Object.entries(golden)) {
  const document = parse(query);
  validate(schema, document).forEach((error) => fail(name, error.message));
  deprecated(document).forEach((words) => fail(name, words));
  const operation = getOperationAST(document);
  const given = getVariableValues(schema, operation.variableDefinitions, variables);
  (given.errors ?? []).forEach((error) => fail(name, error.message));
  const fragments = Object.fromEntries(
    document.definitions.filter((one) => one.kind === 'FragmentDefinition').map((one) => [one.name.value, one]),
  );
  const type = schema.getRootType(operation.operation);
  wrongs(type, operation.selectionSet.selections, answer, fragments, 'answer').forEach((words) => fail(name, words));
}

const documents = fs.readdirSync(path.join(sync, 'src/channel/shopify/documents'));
const sent = documents.filter((file) => !file.endsWith('_parts.graphql')).length;
if (sent !== Object.keys(golden).length) fail('golden.json', `${sent} documents, but not all are in it`);
console.log(`${Object.keys(golden).length} documents, their variables and answers: ${failures || 'nothing'} wrong`);
process.exit(failures ? 1 : 0);
