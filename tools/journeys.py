"""Plays journeys/*.arazzo.yaml against the service at GATES_URL, as the clients of GATES_CLIENTS.

The journeys take their tokens and the numbers of a family that nobody has as inputs, so that they can be played again.
"""

import json
import os
import pathlib
import random
import subprocess
import sys
import uuid

import requests

URL = os.environ["GATES_URL"]
ROLES = {
    "kecamatan": "sandbox-kecamatan",
    "second_officer": "sandbox-second-officer",
    "puskesos": "sandbox-puskesos",
    "company": "sandbox-company",
}


def token_of(client):
    answer = requests.post(
        f"{URL}/oauth2/token",
        auth=(client["client_id"], client["client_secret"]),
        data={"grant_type": "client_credentials"},
        timeout=10,
    )
    answer.raise_for_status()
    return answer.json()["access_token"]


def made_up_numbers():
    """Numbers in the range that no real person has."""
    day, month, serial = random.randint(1, 28), random.randint(1, 12), random.randint(9000, 9999)
    return {
        "card_number": f"640210{day:02}{month:02}86{serial}",
        "nik": f"640210{day + 40:02}{month:02}86{serial}",
        "born_on": f"1986-{month:02}-{day:02}",
    }


def main():
    with open(os.environ["GATES_CLIENTS"], encoding="utf-8") as file:
        clients = {client["client_id"]: client for client in json.load(file)}
    inputs = {name: token_of(clients[client_id]) for name, client_id in ROLES.items()}
    inputs |= made_up_numbers() | {"code": f"RICE-{uuid.uuid4().hex[:8].upper()}"}
    failed = False
    for journey in sorted(pathlib.Path("journeys").glob("*.arazzo.yaml")):
        command = ["redocly", "respect", str(journey), "--server", f"sinergi={URL}", "--input", json.dumps(inputs)]
        command += ["--har-output", f".tools/traffic/{journey.name.split('.')[0]}.har"]
        failed |= subprocess.run(command, check=False).returncode != 0
    sys.exit(failed)


if __name__ == "__main__":
    main()
