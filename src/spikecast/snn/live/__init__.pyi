from .convert import network_of as network_of
