"""The part of the story that a Puskesos desk and a company play, through the client generated from the document.

The desk registers a family and records what it needs; the company sees the need and nobody's name; the feed tells
what happened. `scripts/gates story` runs this against a service.
"""

import json
import os
import random
import uuid

import httpx
from sinergi_client import AuthenticatedClient
from sinergi_client.api.beneficiaries import get_beneficiary, list_beneficiaries, register_beneficiary
from sinergi_client.api.events import list_events
from sinergi_client.api.needs import list_needs, record_need, withdraw_need
from sinergi_client.models import (
    NeedWithdrawal,
    NewBeneficiary,
    NewNeed,
    PlainProblem,
    Problem,
    RecordedNeed,
    RegisteredBeneficiary,
    WithdrawnNeed,
)

URL = os.environ["GATES_URL"]
VILLAGE = "64.02.10.2004"


def sign_in(client_id):
    with open(os.environ["GATES_CLIENTS"], encoding="utf-8") as file:
        secrets = {client["client_id"]: client["client_secret"] for client in json.load(file)}
    answer = httpx.post(
        f"{URL}/oauth2/token",
        auth=(client_id, secrets[client_id]),
        data={"grant_type": "client_credentials"},
    )
    answer.raise_for_status()
    return AuthenticatedClient(base_url=URL, token=answer.json()["access_token"])


def key():
    return str(uuid.uuid4())


def made_up_family():
    """A family of one woman, her numbers in the range that no real person has."""
    day, month = random.randint(1, 28), random.randint(1, 12)
    serial = random.randint(9000, 9999)
    return NewBeneficiary.from_dict(
        {
            "card_number": f"640210{day:02}{month:02}85{serial}",
            "village_code": VILLAGE,
            "address": "RT 01 Jalan Contoh",
            "members": [
                {
                    "name": "Contoh Sintetis",
                    "nik": f"640210{day + 40:02}{month:02}85{serial}",
                    "sex": "female",
                    "born_on": f"1985-{month:02}-{day:02}",
                    "relationship": "head",
                }
            ],
        }
    )


def register(desk):
    command, once = made_up_family(), key()
    family = register_beneficiary.sync(client=desk, body=command, idempotency_key=once)
    assert isinstance(family, RegisteredBeneficiary), family
    again = register_beneficiary.sync_detailed(client=desk, body=command, idempotency_key=once)
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.parsed == family
    # Only a registration looks for people like hers, and those who tried the service before made up the same names.
    kept = {name: value for name, value in family.to_dict().items() if name != "possible_duplicates"}
    assert get_beneficiary.sync(family.id, client=desk).to_dict() == kept
    twice = register_beneficiary.sync(client=desk, body=command, idempotency_key=key())
    assert isinstance(twice, Problem), twice
    assert twice.status == 409, twice
    return family


def needs_seen_by(company):
    answer = list_needs.sync_detailed(client=company, village_code=VILLAGE, limit=200)
    text = answer.content.decode()
    assert answer.status_code == 200, text
    assert "Contoh Sintetis" not in text
    assert "card_number" not in text
    return answer.parsed.items


def main():
    desk, company = sign_in("sandbox-puskesos"), sign_in("sandbox-company")
    family = register(desk)
    need = record_need.sync(
        family.id, client=desk, body=NewNeed(kind="sewing_machine", quantity="1"), idempotency_key=key()
    )
    assert isinstance(need, RecordedNeed), need
    needs_seen_by(company)
    refused = list_beneficiaries.sync(client=company)
    assert isinstance(refused, PlainProblem), refused
    assert refused.code == "insufficient_scope", refused
    withdrawn = withdraw_need.sync(
        need.id, client=desk, body=NeedWithdrawal(reason="Bought one from own savings"), idempotency_key=key()
    )
    assert isinstance(withdrawn, WithdrawnNeed), withdrawn
    feed = list_events.sync(client=desk, limit=200)
    print(f"family {family.id} registered and its need told; {len(feed.items)} events in the feed")


if __name__ == "__main__":
    main()
