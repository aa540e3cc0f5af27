"""The folder that a task works in: its files, git, and the settings."""
