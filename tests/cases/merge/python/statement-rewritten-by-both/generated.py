value = compute(gamma, beta)
