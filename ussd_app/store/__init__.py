"""All SQL, all Redis and the queue. PostgreSQL is the truth; Redis may be lost at any time."""
