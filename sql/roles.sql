-- The five roles of the warehouse and what each may do.
--
--   crm_owner     owns the schemas and everything in them; runs the migrations
--   crm_loader    writes rows: syncs, reports, segments, write-back; makes tables in staging only
--   crm_analyst   reads crm and report
--   crm_marketer  reads marketing, and nothing else
--   crm_editor    reads crm and may request changes (the table of requests grants it)
--
-- No role can log in: give each person or program a login of its own, and make it a member:
--   create role ada login password '...' in role crm_analyst;
--
-- Run it in the warehouse's database as someone who may create roles, before or after any migration:
--   python -m include.warehouse.psql -v ON_ERROR_STOP=1 --single-transaction -f sql/roles.sql
-- It can be run again at any time. Rights on tables that are made later follow from the default privileges
-- below, for tables made by crm_owner and by whoever runs this file (on the embedded server the superuser,
-- who runs the migrations there too).

do $$
declare
    role_name text;
begin
    foreach role_name in array array['crm_owner', 'crm_loader', 'crm_analyst', 'crm_marketer', 'crm_editor'] loop
        begin
            execute format('create role %I nologin', role_name);
        exception
            -- Roles belong to the whole server: it may be there already, or another database's run was faster.
            when duplicate_object or unique_violation then null;
        end;
    end loop;
end
$$;

create schema if not exists crm;
create schema if not exists report;
create schema if not exists marketing;
create schema if not exists ops;
create schema if not exists staging;

-- The database: crm_owner may add schemas; the loader needs temporary tables.
do $$
begin
    execute format('grant connect, create, temporary on database %I to crm_owner', current_database());
    execute format('grant connect, temporary on database %I to crm_loader', current_database());
    execute format('grant connect on database %I to crm_analyst, crm_marketer, crm_editor', current_database());
end
$$;

-- Schemas
do $$
declare
    schema_name text;
begin
    foreach schema_name in array array['crm', 'report', 'marketing', 'ops', 'staging'] loop
        execute format('alter schema %I owner to crm_owner', schema_name);
    end loop;
exception
    when insufficient_privilege then
        raise notice 'the schemas keep their owner: grant crm_owner to % and run this again', current_user;
end
$$;
grant usage, create on schema crm, report, marketing, ops, staging to crm_owner;
grant usage on schema crm, report, marketing, ops to crm_loader;
grant usage, create on schema staging to crm_loader;
grant usage on schema crm, report to crm_analyst;
grant usage on schema marketing to crm_marketer;
grant usage on schema crm to crm_editor;

-- Tables, views and sequences that exist
grant all on all tables in schema crm, report, marketing, ops, staging to crm_owner;
grant all on all sequences in schema crm, report, marketing, ops, staging to crm_owner;
grant select, insert, update, delete on all tables in schema crm, ops to crm_loader;
grant select, insert, update, delete, truncate
on all tables in schema report, marketing, staging to crm_loader;
grant usage, select on all sequences in schema crm, report, marketing, ops, staging to crm_loader;
grant select on all tables in schema crm, report to crm_analyst;
grant select on all tables in schema marketing to crm_marketer;
grant select on all tables in schema crm to crm_editor;

-- Tables, views and sequences to come: made by crm_owner, and by whoever runs this file
do $$
declare
    maker text;
begin
    foreach maker in array array['crm_owner', current_user::text] loop
        -- Only a member may set these for crm_owner; an administrator who is no superuser grants himself that first:
        --   grant crm_owner to <administrator>;
        if not pg_has_role(current_user, maker, 'usage') then
            raise notice 'no default privileges set for %: not a member of it', maker;
            continue;
        end if;
        execute format('alter default privileges for role %I in schema crm, ops
            grant select, insert, update, delete on tables to crm_loader', maker);
        execute format('alter default privileges for role %I in schema report, marketing, staging
            grant select, insert, update, delete, truncate on tables to crm_loader', maker);
        execute format('alter default privileges for role %I in schema crm, report, marketing, ops, staging
            grant usage, select on sequences to crm_loader', maker);
        execute format('alter default privileges for role %I in schema crm, report
            grant select on tables to crm_analyst', maker);
        execute format('alter default privileges for role %I in schema marketing
            grant select on tables to crm_marketer', maker);
        execute format('alter default privileges for role %I in schema crm
            grant select on tables to crm_editor', maker);
        if maker <> 'crm_owner' then
            execute format('alter default privileges for role %I in schema crm, report, marketing, ops, staging
                grant all on tables to crm_owner', maker);
            execute format('alter default privileges for role %I in schema crm, report, marketing, ops, staging
                grant all on sequences to crm_owner', maker);
        end if;
    end loop;
end
$$;
