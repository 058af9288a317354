"""Splink 5 on the same file: a model as its documentation advises for persons, names brought to one form first.

Prints one JSON object: pairs found at the threshold that suits it best, and the F1 there and at even odds.
Usage: splink_peer.py RECORDS.csv TRUTH.csv
"""

import csv
import json
import logging
import re
import sys

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

HONORIFICS = r"\b(h|hj|haji|hajah|drs|dra|dr|ir|ust|kh|bpk|ibu|s\.?pd|s\.?e|s\.?h|alm|almh)\b\.?"

PREPARE = f"""
create table records as
with cleaned as (
    select *, trim(regexp_replace(regexp_replace(regexp_replace(lower(full_name), '{HONORIFICS}', ' ', 'g'),
        '[^a-z ]', ' ', 'g'), ' +', ' ', 'g')) as name
    from read_csv('FILE', header = true, all_varchar = true)
)
select record_id as unique_id, nullif(name, '') as name, split_part(name, ' ', 1) as first_word,
    array_to_string(list_sort(string_split(name, ' ')), ' ') as sorted_name,
    nullif(sex, '') as sex, nullif(birth_date, '') as birth_date, nullif(nik, '') as nik, nullif(kk_no, '') as kk_no,
    nullif(lower(mother_name), '') as mother, nullif(village_code, '') as village, nullif(phone, '') as phone,
    nullif(lower(birth_place), '') as birth_place
from cleaned
"""

SETTINGS = SettingsCreator(
    link_type="dedupe_only",
    comparisons=[
        cl.JaroWinklerAtThresholds("name", [0.95, 0.88, 0.8]).configure(term_frequency_adjustments=True),
        cl.DateOfBirthComparison("birth_date", input_is_string=True),
        cl.DamerauLevenshteinAtThresholds("nik", [1, 2]),
        cl.ExactMatch("kk_no"),
        cl.JaroWinklerAtThresholds("mother", [0.92, 0.8]),
        cl.ExactMatch("sex"),
        cl.ExactMatch("village").configure(term_frequency_adjustments=True),
        cl.ExactMatch("birth_place"),
        cl.ExactMatch("phone"),
    ],
    blocking_rules_to_generate_predictions=[
        block_on("nik"),
        block_on("substr(nik, 1, 12)"),
        block_on("kk_no", "sex"),
        block_on("birth_date", "village"),
        block_on("birth_date", "first_word"),
        block_on("sorted_name", "village"),
        block_on("first_word", "village", "substr(birth_date, 1, 4)"),
        block_on("sorted_name", "mother"),
        block_on("phone", "sex"),
    ],
)


def model(file: str) -> Linker:
    connection = duckdb.connect()
    connection.execute("set threads = 2")
    connection.execute(PREPARE.replace("FILE", file))
    api = DuckDBAPI(connection)
    linker = Linker(api.register("records"), SETTINGS, log_level=logging.ERROR)
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("nik"), block_on("name", "birth_date")], recall=0.8
    )
    training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    training.estimate_parameters_using_expectation_maximisation(block_on("birth_date", "first_word"))
    training.estimate_parameters_using_expectation_maximisation(block_on("nik"))
    return linker


def found(linker: Linker) -> list[tuple[float, tuple[str, str]]]:
    predicted = linker.inference.predict(threshold_match_probability=0.01)
    rows = predicted.as_duckdbpyrelation().select("match_probability, unique_id_l, unique_id_r").fetchall()
    scored = [(probability, (min(one, other), max(one, other))) for probability, one, other in rows]
    return sorted(scored, reverse=True)


def f1_at(right: int, taken: int, true: int) -> float:
    return 2 * right / (taken + true) if taken + true else 0.0


def main() -> None:
    file, truth_file = sys.argv[1:3]
    if re.search(r"'", file):
        sys.exit("a quote in the file's name")
    with open(truth_file, newline="") as lines:
        truth = {(min(row[:2]), max(row[:2])) for row in list(csv.reader(lines))[1:]}
    right, best, at_even = 0, (0.0, 1.0), 0.0
    for taken, (probability, pair) in enumerate(found(model(file)), start=1):
        right += pair in truth
        f1 = f1_at(right, taken, len(truth))
        best = max(best, (f1, probability))
        if probability >= 0.5:
            at_even = f1
    print(json.dumps({"f1": best[0], "threshold": best[1], "f1_at_even_odds": at_even}))


main()
