"""The live side: the only folder that knows the Platform API."""
