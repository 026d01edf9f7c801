"""Links to the SMS centres of operators: USSD, and SMS both ways, over SMPP."""
