"""The blueprint that the routes of this part stand on, and the geocoder that they ask."""

from flask import Blueprint, current_app
from flask.blueprints import BlueprintSetupState

from referral.places.geocode import Geocoder

editing = Blueprint("editing", __name__)


@editing.record
def _keep_geocoder(state: BlueprintSetupState) -> None:
    """One for each process: it remembers that the server did not answer."""
    config = state.app.config["ONWARD"]
    state.app.extensions["geocoder"] = Geocoder(
        config.geocoder, config.geocoder_url, config.geocoder_key, config.site_name
    )


def geocoder() -> Geocoder:
    own: Geocoder = current_app.extensions["geocoder"]
    return own
