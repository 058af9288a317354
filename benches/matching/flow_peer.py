"""Flows of least cost by OR-Tools and networkx.

Usage: flow_peer.py large ARCS.bin   solves one by OR-Tools; prints its worth and the processor seconds of solving alone
       flow_peer.py small CASES.jsonl   solves each by both; prints how many of them have the worth that is told
"""

import json
import sys
import time

import networkx
import numpy
from ortools.graph.python import min_cost_flow


def by_ortools(supply, arcs):
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(*[numpy.ascontiguousarray(column) for column in arcs.T])
    solver.set_nodes_supplies(numpy.array([0, 1]), numpy.array([supply, -supply]))
    before = time.process_time()
    status = solver.solve()
    used = time.process_time() - before
    assert status == solver.OPTIMAL, status
    return -solver.optimal_cost(), used


def by_networkx(supply, arcs):
    graph = networkx.MultiDiGraph()
    graph.add_node(0, demand=-supply)
    graph.add_node(1, demand=supply)
    for start, end, capacity, cost in arcs.tolist():
        graph.add_edge(start, end, capacity=capacity, weight=cost)
    cost, _ = networkx.network_simplex(graph)
    return -cost


def large(path):
    numbers = numpy.fromfile(path, dtype="<i8")
    worth, used = by_ortools(int(numbers[0]), numbers[1:].reshape(-1, 4))
    print(json.dumps({"worth": worth, "cpu_seconds": used}))


def small(path):
    same = {"ortools": 0, "networkx": 0}
    with open(path, encoding="utf-8") as cases:
        for text in cases:
            case = json.loads(text)
            arcs = numpy.array(case["arcs"], dtype=numpy.int64)
            same["ortools"] += by_ortools(case["supply"], arcs)[0] == case["worth"]
            same["networkx"] += by_networkx(case["supply"], arcs) == case["worth"]
    print(json.dumps(same))


{"large": large, "small": small}[sys.argv[1]](sys.argv[2])
