#!/bin/sh
# Runs once in a new PostgreSQL container: a database and a role a service, each for itself alone.
set -eu
for name in account catalog inventory order payment; do
  psql -v ON_ERROR_STOP=1 -v name="$name" -v password="$SERVICE_DATABASE_PASSWORD" \
    -U postgres -d postgres <<'SQL'
create role :"name" login password :'password';
create database :"name" owner :"name";
revoke connect, temporary on database :"name" from public;
SQL
done
