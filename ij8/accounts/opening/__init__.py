"""How schools open, how people knock at their doors, and the pages on which requests are decided."""
