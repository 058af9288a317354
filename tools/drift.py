"""Records what the service at GATES_URL answers to good and to bad requests, as HAR for `redocly drift`.

Every operation of the document is asked with its example and what the document lets it vary, then refused for each
reason that the document names: no good token, no permission, an unknown id, an unreadable value, a body that breaks
a rule, a version that is old. Prints what of the document nothing asked for.

    drift.py FOLDER             writes FOLDER/refusals.har
    drift.py --missing REPORT   says what the coverage report of `redocly drift` lists as missing
"""

import collections
import json
import os
import pathlib
import sys
import uuid

import requests

UNKNOWN = "01a20f00-0000-7000-8000-000000000000"
BAD_TOKEN = "a.b.c"
TOO_LARGE = "x" * (1 << 20) + "x"


class Recorder:
    """Sends requests and keeps them with their answers."""

    def __init__(self, url):
        self.url = url
        self.session = requests.Session()
        self.entries = []

    def send(self, method, path, query=None, headers=None, body=None):
        request = requests.Request(method.upper(), self.url + path, params=query, headers=headers, data=body).prepare()
        answer = self.session.send(request, timeout=30, allow_redirects=False)
        self.entries.append({"startedDateTime": "2026-11-01T00:00:00Z", "time": 0, "request": sent(request),
                             "response": answered(answer), "cache": {}, "timings": {"send": 0, "wait": 0, "receive": 0}})
        return answer

    def write(self, place):
        creator = {"name": "sinergi", "version": "1"}
        har = {"log": {"version": "1.2", "creator": creator, "entries": self.entries}}
        place.write_text(json.dumps(har), encoding="utf-8")


def pairs(headers):
    return [{"name": name, "value": value} for name, value in headers.items()]


def sent(request):
    body = request.body.decode() if isinstance(request.body, bytes) else request.body
    entry = {"method": request.method, "url": request.url, "httpVersion": "HTTP/1.1", "cookies": [],
             "headers": pairs(request.headers), "queryString": [], "headersSize": -1, "bodySize": -1}
    if body is not None:
        # The largest body is sent for its size only.
        entry["postData"] = {"mimeType": request.headers.get("Content-Type", ""), "text": body[:100_000]}
    return entry


def answered(answer):
    content = {"size": len(answer.content), "mimeType": answer.headers.get("Content-Type", ""), "text": answer.text}
    return {"status": answer.status_code, "statusText": answer.reason, "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": pairs(answer.headers), "content": content, "redirectURL": "", "headersSize": -1, "bodySize": -1}


def shared(document, reference):
    """A parameter that stands once for many operations."""
    return document["components"]["parameters"][reference["$ref"].rsplit("/", 1)[1]]


def merged(made, given):
    """What is given, with what of the made value it leaves out."""
    if isinstance(made, dict) and isinstance(given, dict):
        return made | {name: merged(made.get(name), value) for name, value in given.items()}
    if isinstance(made, list) and isinstance(given, list) and made:
        return [merged(made[0], one) for one in given]
    return given


class Operation:
    """One operation of the document, and how to ask it well."""

    def __init__(self, document, path, method, node):
        self.document, self.path, self.method, self.node = document, path, method, node
        self.scopes = {scope for one in node.get("security", []) for scopes in one.values() for scope in scopes}
        named = [one if "in" in one else shared(document, one) for one in node.get("parameters", [])]
        self.parameters = {(one["in"], one["name"]): one for one in named}
        content = node.get("requestBody", {}).get("content", {})
        self.media, self.body = next(iter(content.items()), (None, {}))

    def address(self, unknown=False):
        path = self.path
        for (place, name), parameter in self.parameters.items():
            if place == "path":
                is_id = parameter["schema"].get("format") == "uuid"
                value = (UNKNOWN if is_id else "99.99") if unknown else parameter["example"]
                path = path.replace(f"{{{name}}}", str(value))
        return path

    def headers(self, token, **others):
        headers = {"Authorization": f"Bearer {token}"}
        if self.media:
            headers["Content-Type"] = self.media
        if ("header", "Idempotency-Key") in self.parameters:
            headers["Idempotency-Key"] = str(uuid.uuid4())
        if ("header", "If-Match") in self.parameters:
            headers["If-Match"] = '"1"'
        headers |= {name.replace("_", "-"): value for name, value in others.items()}
        return {name: value for name, value in headers.items() if value is not None}

    def example(self):
        example = self.body.get("example")
        return example if isinstance(example, str) or example is None else json.dumps(example)

    def whole_example(self):
        """The example with what else the body may hold."""
        schema = self.resolve(self.body.get("schema", {}))
        made = self.value(schema)
        if isinstance(made, dict) and isinstance(self.body.get("example"), dict):
            return json.dumps(merged(made, self.body["example"]))
        return None

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def row_fields(self):
        """The fields of an item of the list."""
        page = self.resolve(self.node["responses"]["200"]["content"]["application/json"]["schema"])
        return self.resolve(page["properties"]["items"]["items"])["properties"]

    def value(self, schema):
        schema = self.resolve(schema)
        for key in ("example", "const", "default"):
            if key in schema:
                return schema[key]
        for key in ("examples", "enum"):
            if key in schema:
                return schema[key][0]
        kinds = schema.get("type", "string")
        kind = next((one for one in kinds if one != "null"), "string") if isinstance(kinds, list) else kinds
        if kind == "object":
            return {name: self.value(one) for name, one in schema.get("properties", {}).items()}
        if kind == "array":
            return [self.value(schema.get("items", {}))]
        return {"integer": max(1, schema.get("minimum", 1)), "boolean": True}.get(kind, "text")


def operations(document):
    for path, item in document["paths"].items():
        for method, node in item.items():
            if method in ("get", "put", "post", "patch", "delete"):
                yield Operation(document, path, method, node)


def vary(recorder, operation, token):
    """Asks with each part of the query that may be left out, and for the page after the first."""
    for (place, name), parameter in operation.parameters.items():
        if place != "query" or name == "cursor":
            continue
        # Rows that are cut are not those of the document: all their fields are named.
        value = ",".join(operation.row_fields()) if name == "fields" else operation.value(parameter["schema"])
        query = {name: str(value).lower() if isinstance(value, bool) else value}
        recorder.send("get", operation.address(), query, operation.headers(token))
    if ("query", "cursor") in operation.parameters:
        first = recorder.send("get", operation.address(), {"limit": 1}, operation.headers(token))
        following = first.json().get("next") if first.ok else None
        if following:
            recorder.send("get", operation.address(), {"limit": 1, "cursor": following}, operation.headers(token))


def ask_well(recorder, operation, token):
    if operation.method == "get":
        recorder.send("get", operation.address(), None, operation.headers(token))
        if "304" in operation.node["responses"]:
            recorder.send("get", operation.address(), None, operation.headers(token, If_None_Match="*"))
        vary(recorder, operation, token)
        return
    for body in (operation.example(), operation.whole_example()):
        if body is not None:
            recorder.send(operation.method, operation.address(), None, operation.headers(token), body)


def ask_badly(recorder, operation, token, weak):
    """One request for each way in which the document says it can be refused."""
    method, good, body = operation.method, operation.address(), operation.example()

    def refuse(path=good, query=None, headers=None, text=body):
        recorder.send(method, path, query, headers or operation.headers(token), text)

    refuse(headers=operation.headers(BAD_TOKEN))
    refuse(headers=operation.headers(weak))
    if "404" in operation.node["responses"]:
        refuse(path=operation.address(unknown=True))
    refuse(headers=operation.headers(token, Accept="image/png"))
    known = next((name for place, name in operation.parameters if place == "query"), "unknown")
    refuse(query={known: "\x07"})
    if ("header", "Idempotency-Key") in operation.parameters:
        refuse(headers=operation.headers(token, Idempotency_Key="?"))
        key = operation.headers(token)
        refuse(headers=key)
        # Another body by one blank, so that nothing else is wrong with it.
        refuse(headers=key, text=f"{body}\n")
    if ("header", "If-Match") in operation.parameters:
        refuse(headers=operation.headers(token, If_Match='"2147483647"'))
        refuse(headers=operation.headers(token, If_Match=None))
    if operation.media:
        refuse(headers=operation.headers(token, Content_Type="text/plain"))
        refuse(text='{"unknown_field": 1}')
        refuse(text="{")
        refuse(text=TOO_LARGE)


def missing(report):
    """Prints what was asked for and what was not, by kind and operation."""
    told = json.loads(pathlib.Path(report).read_text(encoding="utf-8"))
    for kind, total in told["totals"].items():
        print(f"{kind}: {total['covered']} of {total['total']}")
    names = collections.defaultdict(list)
    for operation in told["operations"]:
        for item in operation["missing"]:
            name = item.get("path") or item.get("name") or item.get("status") or ""
            names[item["kind"], item.get("status") or ""].append(f"{operation['operationId']} {name}".strip())
    for (kind, status), found in sorted(names.items()):
        print(f"not covered: {kind} {status}: {len(found)}, such as {', '.join(found[:6])}")


def record(folder):
    url = os.environ["GATES_URL"].rstrip("/")
    known = clients_of(os.environ["GATES_CLIENTS"])
    clients = [token_of(url, client) for client in known]
    narrow = [(scope, token_of(url, known[0], scope)[0]) for scope in ("events:read", "regions:read")]
    recorder = Recorder(url)
    for operation in operations(requests.get(f"{url}/openapi.json", timeout=10).json()):
        able = next(token for token, scopes in clients if operation.scopes <= scopes)
        ask_well(recorder, operation, able)
        ask_badly(recorder, operation, able, next(one for scope, one in narrow if scope not in operation.scopes))
    recorder.write(pathlib.Path(folder) / "refusals.har")


def clients_of(file):
    return json.loads(pathlib.Path(file).read_text(encoding="utf-8"))


def token_of(url, client, scope=None):
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {})
    credentials = (client["client_id"], client["client_secret"])
    answer = requests.post(f"{url}/oauth2/token", auth=credentials, data=form, timeout=10)
    answer.raise_for_status()
    return answer.json()["access_token"], set(answer.json()["scope"].split())


if __name__ == "__main__":
    if sys.argv[1] == "--missing":
        missing(sys.argv[2])
    else:
        record(sys.argv[1])
