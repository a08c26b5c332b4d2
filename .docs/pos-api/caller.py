"""Asks a register for a payment and waits for the result.

    python3 caller.py http://127.0.0.1:7670 TOKEN CLIENT_ID AMOUNT STATE

Prints the reply as JSON. Ends with 0 if it was paid, 1 if it came to nothing, 2 if nobody knows yet.
Needs the package cryptography, to check the register's signature.
"""

import base64
import json
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

REGISTER, TOKEN, CLIENT_ID, AMOUNT, STATE = sys.argv[1:]
WAIT_S = 1


def call(path, body=None):
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    if body is not None:
        headers["Idempotency-Key"] = str(uuid.uuid4())
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{REGISTER}/v1{path}", data, headers)
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        sys.exit(f"{problem['code']}: {problem['detail']}")


def canonical(reply):
    """What the register signs."""
    money = lambda of: of and f"{of['amount']} {of['currency_code']}"
    fields = [("client_id", CLIENT_ID)]
    names = ["request_id", "state", "status", "error_code", "transaction_id", "receipt_number"]
    fields += [(name, reply.get(name)) for name in names]
    fields += [(name, money(reply.get(name))) for name in ("total_money", "tip_money")]
    fields += [("tender", f"{one['kind']} {one['amount']}") for one in reply.get("tenders", [])]
    fields += [("sandbox", "true" if reply.get("sandbox") else None)]
    quote = lambda text: urllib.parse.quote(text, safe="")
    lines = [f"{name}={quote(value)}" for name, value in fields if value is not None]
    return "".join(f"{line}\n" for line in ["countertop-payment-reply-1", *lines]).encode()


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


# The state makes it the same payment, however often it is sent: after a lost answer, send it again.
money = {"amount": int(AMOUNT), "currency_code": "EUR"}
payment = call("/payment-requests", {"client_id": CLIENT_ID, "amount_money": money, "state": STATE})
while "reply" not in payment:
    time.sleep(WAIT_S)
    payment = call(f"/payment-requests/{payment['id']}")

reply = payment["reply"]
key = Ed25519PublicKey.from_public_bytes(decoded(call("/keys")["keys"][0]["x"]))
# Raises InvalidSignature if this reply is not the register's.
key.verify(decoded(reply["signature"]), canonical(reply))
print(json.dumps(reply))
sys.exit(0 if reply["status"] == "ok" else 2 if reply["error_code"] == "in_doubt" else 1)
