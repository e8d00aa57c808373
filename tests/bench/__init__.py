"""Benchmarks: ratios against something measured in the same run. No test runs them."""
