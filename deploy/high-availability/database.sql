-- Run once on the leader as superuser: the platform's own role and its database.
--   psql -h <leader> -U postgres -v password='<the platform''s password>' -f database.sql

CREATE ROLE yibao LOGIN PASSWORD :'password';
CREATE DATABASE yibao OWNER yibao;
