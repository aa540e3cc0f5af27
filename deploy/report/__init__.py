"""What a task found and did, as text; nothing here prints.

For a person: `text` (plans, and what became of them), `text_drift`, and `tables` (history, compare,
check). For a program: `json`. For a job on GitHub: `github`.
"""
