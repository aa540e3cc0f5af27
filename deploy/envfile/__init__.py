"""The declared side: the env file as text and as entries, and its lock."""
