"""A calculator for exact numbers, units and dates: a small grammar of its own, nothing is evaluated as code."""
