"""One file per mobile-money operator, all behind the port of `base`."""
