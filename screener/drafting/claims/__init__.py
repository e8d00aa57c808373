"""Tokens → claims: the table of protocol.lark, and what each of its forms means."""
