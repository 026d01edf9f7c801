"""The dialects there are, one line each."""

from collections.abc import Mapping

from ussd_app.aggregators.africastalking import AfricasTalking
from ussd_app.aggregators.airtel import Airtel
from ussd_app.aggregators.arkesel import Arkesel
from ussd_app.aggregators.base import Dialect
from ussd_app.aggregators.generic import Generic
from ussd_app.aggregators.hubtel import Hubtel
from ussd_app.aggregators.infobip import Infobip
from ussd_app.aggregators.mtn_madapi import MtnMadapi
from ussd_app.aggregators.mtn_rwanda import MtnRwanda
from ussd_app.aggregators.nalo import Nalo
from ussd_app.aggregators.orange import Orange
from ussd_app.aggregators.restcomm import RestComm
from ussd_app.aggregators.truroute import TruRoute
from ussd_app.aggregators.wigal import Wigal

DIALECTS: Mapping[str, Dialect] = {
    "africastalking": AfricasTalking(),
    "infobip": Infobip(),
    "hubtel": Hubtel(),
    "arkesel": Arkesel(),
    "nalo": Nalo(),
    "generic": Generic(),
    "mtn_madapi": MtnMadapi(),
    "orange": Orange(),
    "wigal": Wigal(),
    "restcomm": RestComm(),
    "truroute": TruRoute(),
    "mtn_rwanda": MtnRwanda(),
    "airtel": Airtel(),
}
