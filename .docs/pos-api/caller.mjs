// Asks a register for a payment and waits for the result.
//
//   node caller.mjs http://127.0.0.1:7670 TOKEN CLIENT_ID AMOUNT STATE
//
// Prints the reply as JSON. Ends with 0 if it was paid, 1 if it came to nothing, 2 if nobody knows yet.

import { createPublicKey, randomUUID, verify } from "node:crypto";

const [register, token, client_id, amount, state] = process.argv.slice(2);
const WAIT_MS = 1000;
const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };

async function call(path, options = {}) {
  const response = await fetch(`${register}/v1${path}`, { headers, ...options });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.code}: ${answer.detail}`);
  return answer;
}

/** What the register signs. */
function canonical({ request_id, status, error_code, transaction_id, ...reply }) {
  const money = (of) => of && `${of.amount} ${of.currency_code}`;
  const fields = [
    ["client_id", client_id],
    ["request_id", request_id],
    ["state", reply.state],
    ["status", status],
    ["error_code", error_code],
    ["transaction_id", transaction_id],
    ["receipt_number", reply.receipt_number],
    ["total_money", money(reply.total_money)],
    ["tip_money", money(reply.tip_money)],
    ...(reply.tenders ?? []).map(({ kind, amount }) => ["tender", `${kind} ${amount}`]),
    ["sandbox", reply.sandbox ? "true" : undefined],
  ];
  const encode = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  const lines = fields.filter(([, value]) => value !== undefined);
  return ["countertop-payment-reply-1", ...lines.map(([name, value]) => `${name}=${encode(value)}`), ""].join("\n");
}

const body = JSON.stringify({
  client_id,
  amount_money: { amount: Number(amount), currency_code: "EUR" },
  state,
});
// The state makes it the same payment, however often it is sent: after a lost answer, send it again.
const sent = { ...headers, "Idempotency-Key": randomUUID() };
let payment = await call("/payment-requests", { method: "POST", headers: sent, body });
while (!payment.reply) {
  await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  payment = await call(`/payment-requests/${payment.id}`);
}

const { keys } = await call("/keys");
const key = createPublicKey({ key: keys[0], format: "jwk" });
const signature = Buffer.from(payment.reply.signature, "base64url");
if (!verify(null, Buffer.from(canonical(payment.reply)), key, signature)) {
  throw new Error("this reply is not the register's");
}
console.log(JSON.stringify(payment.reply));
process.exitCode = payment.reply.status === "ok" ? 0 : payment.reply.error_code === "in_doubt" ? 2 : 1;
