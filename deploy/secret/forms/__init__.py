"""Secrets by their form alone: what no env file holds yet, and still cannot be anything else."""
