#!/bin/sh
# Run once by the Postgres image when its data folder is empty: the role that migrates, the role that runs, the database.
set -eu
psql -v ON_ERROR_STOP=1 -U "${POSTGRES_USER:-postgres}" -d postgres \
  -v owner="$DB_OWNER_PASSWORD" -v app="$DB_APP_PASSWORD" <<'SQL'
CREATE ROLE ij8_owner LOGIN PASSWORD :'owner';
CREATE ROLE ij8_app LOGIN PASSWORD :'app';
CREATE DATABASE ij8 OWNER ij8_owner;
\connect ij8
ALTER DEFAULT PRIVILEGES FOR ROLE ij8_owner GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ij8_app;
ALTER DEFAULT PRIVILEGES FOR ROLE ij8_owner GRANT USAGE, SELECT ON SEQUENCES TO ij8_app;
SQL
