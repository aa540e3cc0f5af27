"""Make a Heroku app's config vars equal to an env file."""

__version__ = "0.1.0"
