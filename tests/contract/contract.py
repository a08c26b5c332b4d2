"""The open API against its own description: schemathesis asks a running register.

    python contract.py COUNTERTOPD [CASES]

Starts COUNTERTOPD on a demo store in a folder of its own, makes a token with every scope that the
description names, and sends at least CASES requests (20,000 if not said), good ones and bad ones. Fails
if an answer is a server error, or has a status, a form or a content that the description does not have,
or if a bad request is taken. The requests are the same in every run.
"""

import json
import math
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

CASES = 20_000
# An endless answer: it has tests of its own.
LEFT_OUT = ["/v1/events"]
# How a bad request may be refused. 412 comes before the body is looked at (RFC 9110, 13.2.1).
REFUSED = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 428, 429]
CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
    "ignored_auth",
]


def main():
    daemon, cases = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else CASES
    with tempfile.TemporaryDirectory(prefix="countertop-contract-") as folder:
        process = subprocess.Popen(
            [daemon, "serve", "--demo", "--listen", "127.0.0.1:0", "--data", f"{folder}/register"],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            return attempt(process.stdout.readline(), cases, folder)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=60)


def attempt(line, cases, folder):
    if not line.startswith("listening on "):
        raise SystemExit(f"the register does not serve: {line!r}")
    base = line.removeprefix("listening on ").strip()
    with urllib.request.urlopen(f"{base}/v1/openapi.json") as answer:
        document = json.load(answer)
    left_out = [path for path in LEFT_OUT if path in document["paths"]]
    operations = [
        operation
        for path, item in document["paths"].items()
        if path not in left_out
        for operation in item.values()
    ]
    # The register's owner makes it on the register's own screen.
    scopes = {
        scope
        for operation in operations
        for one in operation.get("security", [])
        for scope in one.get("token", [])
    }
    token = rpc(
        base,
        "tokens.create",
        {"name": "Contract", "scopes": sorted(scopes) or ["events"], "role": "owner"},
    )["secret"]
    open_shift(base)
    start = time.monotonic()
    counted = run(base, token, left_out, math.ceil(cases / len(operations)), folder)
    seconds = time.monotonic() - start
    print(
        f"{counted['cases']} cases over {len(operations)} operations in {seconds:.0f} s,"
        f" {counted['failures']} breaks of the contract"
    )
    if counted["cases"] < cases:
        print(f"that is less than {cases}: raise the number of examples")
        return 1
    return 0 if counted["exit"] == 0 else 1


def run(base, token, left_out, examples, folder):
    report = os.path.join(folder, "report.json")
    # Read from where it is started.
    with open(os.path.join(folder, "schemathesis.toml"), "w", encoding="utf-8") as file:
        file.write(f"[checks.negative_data_rejection]\nexpected-statuses = {REFUSED}\n")
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{base}/v1/openapi.json"]
    command += ["--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS)]
    command += ["--generation-deterministic", "--generation-allow-x00", "false"]
    command += ["--max-examples", str(examples), "--workers", "2", "--no-color"]
    command += ["--phases", "examples,coverage,fuzzing", "--continue-on-failure"]
    command += ["--suppress-health-check", "all", "--warnings", "off"]
    command += ["--report", "json", "--report-json-path", report]
    for path in left_out:
        command += ["--exclude-path", path]
    # Its own answer is read from the report; 0 and 1 are answers, the rest is trouble.
    ended = subprocess.run(command, cwd=folder, check=False)
    with open(report, encoding="utf-8") as file:
        told = json.load(file)
    failures = told["test_cases"]["unique_failures"]
    return {
        "cases": told["test_cases"]["generated"],
        "failures": failures,
        "exit": ended.returncode or failures or len(told["errors"]),
    }


def open_shift(base):
    """So that what needs an open shift is tried with one."""
    state = rpc(base, "register.state", {})
    if state.get("shift") is None:
        rpc(base, "shift.open", {"float": 10_000})


def rpc(base, command, body):
    request = urllib.request.Request(
        f"{base}/rpc/{command}",
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "X-Countertop-Client": "contract"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


if __name__ == "__main__":
    sys.exit(main())
