"""The gateways there are, by the dialect they speak."""

from collections.abc import Mapping

from homologation.gateways.africastalking import AfricasTalking
from homologation.gateways.airtel import Airtel
from homologation.gateways.arkesel import Arkesel
from homologation.gateways.base import Gateway
from homologation.gateways.generic import Generic
from homologation.gateways.hubtel import Hubtel
from homologation.gateways.infobip import Infobip
from homologation.gateways.mtn_madapi import MtnMadapi
from homologation.gateways.mtn_rwanda import MtnRwanda
from homologation.gateways.nalo import Nalo
from homologation.gateways.orange import Orange
from homologation.gateways.restcomm import RestComm
from homologation.gateways.truroute import TruRoute
from homologation.gateways.wigal import Wigal

GATEWAYS: Mapping[str, Gateway] = {
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
