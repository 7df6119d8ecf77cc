"""One script for each tool that dedup is compared with, run by the Python of that tool's own environment.

`python run_TOOL.py IN.jsonl OUT` reads rows of `id` and `text`, keeps the first of what is similar, and writes the
ids of the rows that are kept, one a line. Each uses its tool in the fastest way that does the job.
"""
