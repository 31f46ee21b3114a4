#!/bin/sh
# Run once by the postgres container: the worker's role, which `veil keys init` (as veil_owner) then grants what it needs.
set -eu
psql -v ON_ERROR_STOP=1 -v password="$VEIL_WORKER_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE ROLE veil_worker LOGIN PASSWORD :'password';
SQL
