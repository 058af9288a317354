"""Writes the configuration of `scripts/gates peers`: two sub-districts that must not see each other's records.

Prints the path of a Schemathesis configuration beside a file with the tokens of both.
"""

import json
import os
import pathlib

import requests

URL = os.environ["GATES_URL"]
PEERS = ("sandbox-kecamatan", "sandbox-neighbour")
PLACE = pathlib.Path(".tools/peers")


def token_of(client):
    answer = requests.post(
        f"{URL}/oauth2/token",
        auth=(client["client_id"], client["client_secret"]),
        data={"grant_type": "client_credentials"},
        timeout=10,
    )
    answer.raise_for_status()
    return answer.json()["access_token"]


def main():
    with open(os.environ["GATES_CLIENTS"], encoding="utf-8") as file:
        clients = {client["client_id"]: client for client in json.load(file)}
    users = [
        {
            "name": name,
            "fixedHeaders": [{"name": "Authorization", "value": f"Bearer {token_of(clients[name])}"}],
        }
        for name in PEERS
    ]
    PLACE.mkdir(parents=True, exist_ok=True)
    tokens = PLACE / "tokens.json"
    tokens.touch(mode=0o600)
    tokens.write_text(json.dumps({"auth": users}), encoding="utf-8")
    names = ", ".join(f'"{name}"' for name in PEERS)
    config = PLACE / "schemathesis.toml"
    config.write_text(f'hooks = "schemathesis_ground"\nwarnings = false\n\n[auth.wfc]\npath = "{tokens.resolve()}"\npeers = [{names}]\n', encoding="utf-8")
    print(config)


if __name__ == "__main__":
    main()
