"""The application, built from the environment."""

from ussd_app.app import create_app

app = create_app()
