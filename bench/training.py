"""One training of the linear transformer in PyTorch, as fast as we could make it: python3 training.py B steps.

Sufficient statistics (m, u) in place of N examples, f32, no autograd, two matrix products a step, all in place. Prints the CPU seconds a step takes, after one
step to warm up. (The public reference code builds every example and goes through autograd.)
"""

import sys
import time

import torch

tasks, steps = int(sys.argv[1]), int(sys.argv[2])
d, k, strength, examples, step_size = 500, 30, 2.0, 40, 0.01
torch.manual_seed(0)
mu = torch.zeros(tasks, d)
inner = torch.randn(tasks, k)
mu[:, :k] = strength * inner / inner.norm(dim=1, keepdim=True)
m = mu + torch.randn(tasks, d) / examples**0.5
u = mu + torch.randn(tasks, d)
weights = torch.zeros(d, d)
product = torch.empty(tasks, d)
weighted = torch.empty(tasks, d)


def step():
    torch.mm(m, weights, out=product)
    margins = product.mul_(u).sum(dim=1)
    torch.mul(u, torch.sigmoid(-margins)[:, None], out=weighted)
    weights.addmm_(m.T, weighted, alpha=step_size / tasks)


with torch.no_grad():
    step()
    start = time.process_time()
    for _ in range(steps):
        step()
    print((time.process_time() - start) / steps)
