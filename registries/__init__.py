"""Who knows what is owed: the registers of fines and of the fees of requests."""
