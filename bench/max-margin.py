"""The multipliers of the max-margin problem by scipy's Lawson-Hanson: python3 max-margin.py FILE B, a Gram matrix of B x B doubles.

Least-distance programming (Lawson & Hanson 1974, ch. 23): with K = G G^T and E = [G^T; 1^T] the problem is nnls(E, (0, ..., 0, 1)), here with G the Cholesky
factor of K scaled to a unit diagonal on average. Prints the CPU seconds of the Cholesky factorisation and of nnls, then the relative gap of the certificate.
"""

import sys
import time

import numpy
import scipy.optimize

tasks = int(sys.argv[2])
kernel = numpy.fromfile(sys.argv[1]).reshape(tasks, tasks)
# The squared margin is of the order of the mean diagonal over the number of tasks.
scaled = kernel / (numpy.trace(kernel) / tasks**2)
start = time.process_time()
factor = numpy.linalg.cholesky(scaled)
middle = time.process_time()
target = numpy.zeros(tasks + 1)
target[-1] = 1
multipliers, _ = scipy.optimize.nnls(numpy.vstack([factor.T, numpy.ones(tasks)]), target)
end = time.process_time()
margins = kernel @ multipliers
gap = multipliers @ margins / (margins.min() * multipliers.sum()) - 1
print(middle - start, end - middle, gap)
