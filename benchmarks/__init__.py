"""Measurements that are too long for the tests: whole commands, on data of seeds that nothing was tuned on."""
