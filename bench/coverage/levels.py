"""The levels of a network in numpy: one transmitter after the other over all cells, with the same tables of path loss.

Reads the folder that bench/coverage/numpy.ts wrote; prints the seconds and a check sum as JSON."""

import json
import sys
import time

import numpy as np

folder = sys.argv[1]
with open(f"{folder}/network.json") as file:
    network = json.load(file)
x = np.fromfile(f"{folder}/x.f32", np.float32)
y = np.fromfile(f"{folder}/y.f32", np.float32)
cover = np.fromfile(f"{folder}/cover.u8", np.uint8).astype(np.int32)
tables = [np.array(t["loss"], np.float32) for t in network["tables"]]
nodes = [t["nodes"] for t in network["tables"]]
layers = network["layers"]
levels = np.full((layers, x.size), -np.inf, np.float32)
cells = np.zeros((layers, x.size), np.uint16)
sites = np.zeros((layers, x.size), np.uint16)
first, shift, mask = network["firstNode"], network["shift"], network["mask"]
most, lobe = np.float32(network["maxAttenuationDb"]), np.float32(network["sideLobeDb"])

begin = time.perf_counter()
for g in network["groups"]:
    dx = x - np.float32(g["x"])
    dy = y - np.float32(g["y"])
    d2 = dx * dx + dy * dy
    at = np.nonzero(d2 <= g["reachSquaredM2"])[0]
    dx, dy = dx[at], dy[at]
    ground = np.maximum(d2[at], np.float32(100))
    bits = ground.view(np.int32)
    table = tables[g["table"]]
    node = cover[at] * nodes[g["table"]] + (bits >> shift) - first
    low = table[node]
    loss = low + (table[node + 1] - low) * ((bits & mask) / np.float32(mask + 1))
    distance = np.sqrt(ground)
    depression = np.degrees(np.arctan2(np.float32(g["riseM"]), distance))
    layer = g["layer"]
    best, serving, any_sector = levels[layer][at], cells[layer][at], np.zeros(at.size, bool)
    for s in g["sectors"]:
        across = 0
        if s["beamwidthDeg"]:
            cosine = np.clip((dx * np.float32(s["east"]) + dy * np.float32(s["north"])) / distance, -1, 1)
            across = 12 * (np.degrees(np.arccos(cosine)) / np.float32(s["beamwidthDeg"])) ** 2
        down = 12 * ((depression - np.float32(s["tiltDeg"])) * np.float32(s["perBeamDeg"])) ** 2
        level = np.float32(s["eirpDbm"]) - loss - np.minimum(across + np.minimum(down, lobe), most)
        serves = level >= g["thresholdDbm"]
        any_sector |= serves
        serving = serving + serves
        best = np.maximum(best, level)
    levels[layer][at], cells[layer][at] = best, serving
    sites[layer][at] += any_sector
print(json.dumps({"seconds": time.perf_counter() - begin, "served": int((cells > 0).sum()), "version": np.__version__}))
