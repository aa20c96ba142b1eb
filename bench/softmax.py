"""CPU seconds a step of the deep transformer in PyTorch on one thread: forward, backward, and Adam's update.

Arguments: steps. The same computation as here, its last block for the queries alone as well, unless "whole" is given.
"""

import math
import sys
import time

import torch

torch.set_num_threads(1)
B, N, d, c, LAYERS, HEADS, D, F = 64, 40, 5, 2, 3, 4, 32, 128
steps, whole = int(sys.argv[1]), len(sys.argv) > 2
torch.manual_seed(0)


def weight(rows, cols):
    return torch.nn.Parameter(torch.randn(rows, cols) / math.sqrt(rows))


embed, readout = weight(d + c, D), weight(D, c)
blocks = [
    dict(q=weight(D, D), k=weight(D, D), v=weight(D, D), o=weight(D, D), up=torch.nn.Linear(D, F),
         down=torch.nn.Linear(F, D), ln1=torch.nn.LayerNorm(D), ln2=torch.nn.LayerNorm(D))
    for _ in range(LAYERS)
]
last = torch.nn.LayerNorm(D)
parameters = [embed, readout, *last.parameters()]
for block in blocks:
    for part in block.values():
        parameters += list(part.parameters()) if isinstance(part, torch.nn.Module) else [part]
adam = torch.optim.Adam(parameters, lr=1e-3)
mask = torch.zeros(N + 1, N + 1)
mask[:-1, -1] = -math.inf


def split(t):
    return t.reshape(B, -1, HEADS, D // HEADS).transpose(1, 2)


def step(tokens, labels):
    h = tokens @ embed
    for l, block in enumerate(blocks):
        n = block["ln1"](h)
        query = l == LAYERS - 1 and not whole
        asked, seen = (n[:, -1:], mask[-1:]) if query else (n, mask)
        h = h[:, -1:] if query else h
        scores = split(asked @ block["q"]) @ split(n @ block["k"]).transpose(-1, -2) / math.sqrt(D // HEADS) + seen
        mixed = torch.softmax(scores, -1) @ split(n @ block["v"])
        h = h + mixed.transpose(1, 2).reshape(B, -1, D) @ block["o"]
        h = h + block["down"](torch.nn.functional.gelu(block["up"](block["ln2"](h))))
    loss = torch.nn.functional.cross_entropy(last(h[:, -1]) @ readout, labels)
    adam.zero_grad()
    loss.backward()
    adam.step()


tokens = torch.randn(B, N + 1, d + c)
labels = torch.arange(B) % c
for _ in range(3):
    step(tokens, labels)
start = time.process_time()
for _ in range(steps):
    step(tokens, labels)
print((time.process_time() - start) / steps)
