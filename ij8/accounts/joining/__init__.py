"""How people come in by themselves: invitations for one person, codes for a class."""
