"""Signs Schemathesis in: each operation is called by a client that may call it.

GATES_CLIENTS names a JSON file, a list of {"client_id", "client_secret"}; GATES_URL is the service.
"""

import json
import os
import threading
import time

import requests
import schemathesis

import schemathesis_ground  # noqa: F401

URL = os.environ["GATES_URL"]
# A token lasts 15 minutes; a new one is fetched well before.
RENEW_AFTER_SECONDS = 600


class Client:
    """One OAuth client and its present token."""

    def __init__(self, client_id, client_secret):
        self.credentials = (client_id, client_secret)
        self.fetched_at = None
        self.token = None
        self.scopes = frozenset()
        self.lock = threading.Lock()

    def sign_in(self):
        """Returns a token that still lasts."""
        with self.lock:
            if self.fetched_at is None or time.monotonic() - self.fetched_at > RENEW_AFTER_SECONDS:
                answer = requests.post(
                    f"{URL}/oauth2/token",
                    auth=self.credentials,
                    data={"grant_type": "client_credentials"},
                    timeout=10,
                )
                answer.raise_for_status()
                told = answer.json()
                self.token, self.scopes = told["access_token"], frozenset(told["scope"].split())
                self.fetched_at = time.monotonic()
            return self.token


def read_clients():
    with open(os.environ["GATES_CLIENTS"], encoding="utf-8") as file:
        return [Client(entry["client_id"], entry["client_secret"]) for entry in json.load(file)]


CLIENTS = read_clients()


def scopes_needed(operation):
    """The scopes of the operation's first requirement; none for a public one."""
    requirements = operation.definition.raw.get("security") or [{}]
    return frozenset(scope for scopes in requirements[0].values() for scope in scopes)


@schemathesis.auth(refresh_interval=None)
class AbleClient:
    """The first client that has every scope the operation needs."""

    def get(self, case, context):
        needed = scopes_needed(context.operation)
        for client in CLIENTS:
            token = client.sign_in()
            if needed <= client.scopes:
                return token
        raise RuntimeError(f"no client of GATES_CLIENTS has the scopes {sorted(needed)}")

    def set(self, case, data, context):
        case.headers = case.headers or {}
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def before_call(context, case, **options):
    """Leaves out what no generator can make: a cursor, which the service signs, and names of fields of the very list.

    A row cut down to some fields is no whole one either, and the schema is that of a whole one.
    """
    is_valid = case.meta is None or case.meta.generation.mode.is_positive
    for name in ("cursor", "fields"):
        if is_valid and case.query and name in case.query:
            del case.query[name]
