"""Checks transcripts of matching runs, one a line of JSON, and answers a line to each: `right`, or what is wrong.

A cut-off is the number of the latest slot among those who hold a portion that a line or class could be asked for; null
where something is free. That it never grows along a step that passes a portion on proves every refusal."""

import functools
import hashlib
import json
import sys


def expect(is_so, what):
    if not is_so:
        raise ValueError(what)


class Run:
    def __init__(self, run):
        self.cap, self.lines, self.families = run["cap"], run["lines"], run["families"]
        self.is_turn_by_turn, self.seed = run["is_turn_by_turn"], run["seed"].encode()
        self.outer = len(self.families) if self.is_turn_by_turn else self.cap
        self.cut_offs = dict(enumerate(line["cut_off"] for line in self.lines))
        self.cut_offs |= {(one["place"], one["kind"]): one["cut_off"] for one in run["classes"]}
        self.reach = [[(place, line["kind"]) for place in line["places"]] for line in self.lines]
        self.given, self.reasons = [0] * len(self.lines), {node: [] for node in self.cut_offs}

    def number(self, turn, position):
        outer, inner = (turn, position) if self.is_turn_by_turn else (position, turn)
        return (outer - 1) * self.outer + inner

    def slot(self, number):
        pair = [part + 1 for part in divmod(number - 1, self.outer)][:: 1 if self.is_turn_by_turn else -1]
        return {"turn": pair[0], "position": pair[1]}

    @functools.cache
    def closed(self, cut_off):
        nodes = [node for node, at in self.cut_offs.items() if at and at <= cut_off]
        given = [self.given[node] for node in nodes if isinstance(node, int)]
        return len(given), len(nodes) - len(given), sum(given)

    def check(self):
        lots = [hashlib.sha256(self.seed + bytes.fromhex(one["key"])).hexdigest()[:8] for one in self.families]
        expect([f"{one['lot']:08x}" for one in self.families] == lots, "a lot is another")
        ranks = [(*one["standing"], one["lot"], one["key"]) for one in self.families]
        expect(ranks == sorted(set(ranks)), "a family stands before one that goes first")
        for position, family in enumerate(self.families, 1):
            self.check_grants(position, family)
        for number, line in enumerate(self.lines):
            for one in self.reach[number]:
                self.reasons[one].append(self.cut_offs[number])
            expect(self.given[number] <= line["portions"], "a line gives more than it has")
            self.reasons[number] += [None] if self.given[number] < line["portions"] else []
        for node, reasons in self.reasons.items():
            cut_off = None if None in reasons else max(reasons, default=0)
            expect(self.cut_offs[node] == cut_off, f"the cut-off of {node} is {cut_off}")
        for position, family in enumerate(self.families, 1):
            self.check_verdict(position, family)

    def check_grants(self, position, family):
        held, granted, family["wanted"] = [], 0, []
        for need in family["needs"]:
            one, portions = (family["place"], need["kind"]), 0
            for number, given in ((grant["line"], grant["portions"]) for grant in need["grants"]):
                expect(given > 0 <= number and one in self.reach[number], "outside the earmark")
                self.given[number] += given
                self.reasons[number].append(self.cut_offs[one])
                portions += given
            expect(portions <= need["portions"], "more than is needed")
            granted += portions
            held += [one] if portions else []
            family["wanted"] += [one] if portions < need["portions"] else []
        expect(family["granted"] == granted <= max(granted and self.cap - family["aided"], 0), "more than the cap")
        for one in held:
            self.reasons[one].append(self.number(family["aided"] + granted, position))
            self.reasons[one] += [self.cut_offs.get(other, 0) for other in family["wanted"]]

    def check_verdict(self, position, family):
        told = [family[name] for name in ("own", "cut_off", "lines", "classes", "portions")]
        turn, proof = family["aided"] + family["granted"] + 1, [None] * 5
        cut_offs = [self.cut_offs.get(one, 0) for one in family["wanted"]]
        verdict = "satisfied" if family["needs"] and not cut_offs else "no_line"
        if cut_offs and turn > self.cap:
            verdict = "cap_reached"
        elif cut_offs:
            expect(None not in cut_offs, "a family is refused what is free")
            cut_off = max(cut_offs)
            expect(cut_off < self.number(turn, position), "a family is refused and a later one served")
            if cut_off:
                own = self.slot(self.number(turn, position))
                verdict, proof = "outranked", [own, self.slot(cut_off), *self.closed(cut_off)]
        expect(family["verdict"] == verdict and told == proof, f"the verdict is {verdict}, by {proof}")


for text in sys.stdin:
    try:
        Run(json.loads(text)).check()
        print("right")
    except (ValueError, KeyError, IndexError, TypeError) as wrong:
        print("wrong:", wrong)
