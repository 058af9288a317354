"""Records how a service refuses that is over its quota, or that cannot reach its tables, as HAR for `redocly drift`.

Both are faults of the service and not of a request, so they need a service of their own: it is started on an empty
data folder, first with a quota that is used up at once, then with its role's rights on the tables taken away.

    failing.py SINERGI FOLDER       runs the program SINERGI and writes FOLDER/failures.har
"""

import contextlib
import glob
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time

import requests

import drift

# Tables without which nobody is let in: the request would not come far enough.
DOORKEEPERS = ("clients", "client_assertions", "rate_windows")
# Requests a minute: enough for all clients to sign in, and soon used up.
QUOTA = 12


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def service(program, data, quota):
    """A running service; its address."""
    url = f"http://127.0.0.1:{free_port()}"
    settings = {"SINERGI_ADDRESS": url.removeprefix("http://"), "SINERGI_DATA_DIR": str(data),
                "SINERGI_SANDBOX_FAMILIES": "300", "SINERGI_REQUESTS_PER_MINUTE": str(quota), "SINERGI_LOG": "off"}
    process = subprocess.Popen([program, "serve"], env=os.environ | settings, stdout=subprocess.DEVNULL)
    try:
        wait_until_ready(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=60)


def wait_until_ready(url, process):
    for _ in range(600):
        with contextlib.suppress(requests.RequestException):
            if requests.get(f"{url}/readyz", timeout=5).ok:
                return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise SystemExit(f"{url} did not get ready")


def as_owner(data, sql):
    """Runs SQL as the owner of the tables."""
    psql = max(glob.glob("/usr/lib/postgresql/*/bin/psql"), default="psql")
    place = {"PGPASSFILE": str(data / "pgpass"), "PGHOST": str(data / "socket"), "PGUSER": "sinergi_owner",
             "PGDATABASE": "sinergi"}
    subprocess.run([psql, "-q", "-v", "ON_ERROR_STOP=1", "-c", sql], env=os.environ | place, check=True)


def take_rights_away(data):
    spared = ", ".join(f"'{table}'" for table in DOORKEEPERS)
    as_owner(data, f"""do $$ declare one record; begin
        for one in select tablename from pg_tables where schemaname = 'public' and tablename not in ({spared}) loop
            execute format('revoke all on %I from sinergi_service', one.tablename);
        end loop; end $$""")


def ask_all(url, data, status):
    """Asks each operation with its example until it is refused so; the exchanges that were."""
    recorder = drift.Recorder(url)
    clients = [drift.token_of(url, client) for client in drift.clients_of(data / "sandbox-clients.json")]
    for operation in drift.operations(requests.get(f"{url}/openapi.json", timeout=10).json()):
        token = next(token for token, scopes in clients if operation.scopes <= scopes)
        for _ in range(QUOTA + 2):
            answer = recorder.send(operation.method, operation.address(), None, operation.headers(token),
                                   operation.example())
            if answer.status_code == status:
                break
    return [entry for entry in recorder.entries if entry["response"]["status"] == status]


def record(program, folder):
    with tempfile.TemporaryDirectory() as place:
        # Postgres runs as another user where this is root, and has to reach its folder.
        os.chmod(place, 0o755)
        data = pathlib.Path(place) / "data"
        with service(program, data, QUOTA) as url:
            recorded = drift.Recorder(url)
            recorded.entries += ask_all(url, data, 429)
        with service(program, data, 1_000_000) as url:
            take_rights_away(data)
            recorded.entries += ask_all(url, data, 500)
    # It was another service of the same document.
    for entry in recorded.entries:
        path = entry["request"]["url"].split("/", 3)[3]
        entry["request"]["url"] = f"{os.environ['GATES_URL'].rstrip('/')}/{path}"
    recorded.write(pathlib.Path(folder) / "failures.har")


if __name__ == "__main__":
    record(sys.argv[1], sys.argv[2])
