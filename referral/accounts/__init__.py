"""Who keeps the directory and how they prove it: passwords, second step, sessions, one-time links, throttling.

Knows the database and no web. Nothing here commits: routes and commands do.
"""
