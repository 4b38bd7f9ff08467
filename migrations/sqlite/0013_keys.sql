-- Who may ask over HTTP: keys, of which the store knows no secret.
--
-- A key is `readout_<prefix>_<secret>`, shown once when it is made. It is found by its prefix and known by its hash. Nothing is
-- erased: a key that is revoked stays, so that what was done with it can still be told, and so that a store that ever had a key
-- never opens itself to those without one.
CREATE TABLE api_key (
    id            INTEGER PRIMARY KEY,
    prefix        TEXT NOT NULL UNIQUE,
    hash          TEXT NOT NULL,                       -- SHA-256 of the whole key, in hexadecimal digits
    name          TEXT NOT NULL,                       -- whose it is, or what for
    scopes        TEXT NOT NULL,                       -- read, write, admin or feed; several with commas
    networks      TEXT,                                -- where it may be used from, "10.0.0.0/8,2001:db8::/32"; NULL: anywhere
    created_at    TEXT NOT NULL,
    expires_at    TEXT,
    revoked_at    TEXT,
    last_used_at  TEXT                                 -- within an hour
) STRICT;
