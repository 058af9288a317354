"""Checks transcripts of matching runs, one a line of JSON, and answers a line to each: `right`, or what is wrong.

A cut-off is the number of the latest slot among those who hold a portion that a line or class could be asked for; null
where something is still free. That it never grows along a step by which a portion could be passed on proves that nobody
who was refused could be served but at the cost of an earlier one.
"""

import functools
import json
import sys


def expect(is_so, what):
    if not is_so:
        raise ValueError(what)


class Run:
    def __init__(self, run):
        self.cap, self.lines, self.families = run["cap"], run["lines"], run["families"]
        self.is_turn_by_turn = run["is_turn_by_turn"]
        self.outer = len(self.families) if self.is_turn_by_turn else self.cap
        self.cut_offs = dict(enumerate(line["cut_off"] for line in self.lines))
        self.cut_offs |= {(one["place"], one["kind"]): one["cut_off"] for one in run["classes"]}
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
        for number, line in enumerate(self.lines):
            for place in line["places"]:
                self.reasons[(place, line["kind"])].append(self.cut_offs[number])
        for position, family in enumerate(self.families, 1):
            self.check_grants(position, family)
        for number, line in enumerate(self.lines):
            expect(self.given[number] <= line["portions"], "a line gives more than it has")
            self.reasons[number] += [None] if self.given[number] < line["portions"] else []
        for node, reasons in self.reasons.items():
            cut_off = None if None in reasons else max(reasons, default=0)
            expect(self.cut_offs[node] == cut_off, f"the cut-off of {node} is {cut_off}")
        for position, family in enumerate(self.families, 1):
            self.check_verdict(position, family)

    def check_grants(self, position, family):
        held, wanted, granted = [], [], 0
        for need in family["needs"]:
            one, portions = (family["place"], need["kind"]), 0
            for number, given in ((grant["line"], grant["portions"]) for grant in need["grants"]):
                line = self.lines[number]
                is_for = line["kind"] == need["kind"] and family["place"] in line["places"]
                expect(is_for and given > 0 and number >= 0, "outside the earmark")
                self.given[number] += given
                self.reasons[number].append(self.cut_offs[one])
                portions += given
            expect(portions <= need["portions"], "more than is needed")
            granted += portions
            held += [one] if portions else []
            wanted += [one] if portions < need["portions"] else []
        is_within = granted == 0 or family["aided"] + granted <= self.cap
        expect(is_within and granted == family["granted"], "more than the cap, or summed wrongly")
        for one in held:
            self.reasons[one].append(self.number(family["aided"] + granted, position))
            self.reasons[one] += [self.cut_offs.get(other, 0) for other in wanted]
        family["wanted"] = wanted

    def check_verdict(self, position, family):
        told = [family[name] for name in ("own", "cut_off", "lines", "classes", "portions")]
        turn, proof = family["aided"] + family["granted"] + 1, [None] * 5
        cut_offs = [self.cut_offs.get(one, 0) for one in family["wanted"]]
        verdict = "cap_reached" if cut_offs else "satisfied" if family["needs"] else "no_line"
        if cut_offs and turn <= self.cap:
            verdict = "no_line"
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
