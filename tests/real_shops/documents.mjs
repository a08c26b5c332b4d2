// Checks every document that is sent to a Vendure, and its variables, against the schema that the Vendure
// at an address publishes. node documents.mjs FILE ADDRESS, in a folder with Vendure's packages
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [file, address] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), "package.json"));
const {
  buildClientSchema, getIntrospectionQuery, getOperationAST, getVariableValues, parse, TypeInfo, validate, visit,
  visitWithTypeInfo,
} = require("graphql");

const answer = await fetch(`${address}/admin-api`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  // What is deprecated of an input may still be sent: 3.7 needs some of it.
  body: JSON.stringify({ query: getIntrospectionQuery({ inputValueDeprecation: true }) }),
});
const schema = buildClientSchema((await answer.json()).data);
const documents = JSON.parse(readFileSync(file));
const wrong = [];
for (const { query, variables } of documents) {
  const document = parse(query);
  const say = (words) => wrong.push(`${words}\n${query}`);
  for (const error of validate(schema, document)) say(error.message);
  const operation = getOperationAST(document);
  const given = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
  for (const error of given.errors ?? []) say(error.message);
  const types = new TypeInfo(schema);
  visit(document, visitWithTypeInfo(types, {
    Field() {
      const field = types.getFieldDef();
      if (field?.deprecationReason) say(`${types.getParentType()}.${field.name} is deprecated`);
    },
  }));
}
for (const words of wrong) console.error(words);
console.log(`${documents.length} documents and their variables: ${wrong.length || "nothing"} wrong`);
process.exit(wrong.length ? 1 : 0);
