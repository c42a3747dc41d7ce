"""Schools and organisations: the register, who works where, the aanspreekpunt, and how people join."""
