-- The five roles of the warehouse and what each may do.
--
--   crm_owner     owns the schemas and what migrations make in them; may do all that crm_loader may
--   crm_loader    writes rows: syncs, reports, segments, write-back; makes and owns the tables of reports and
--                 segments, and works in staging
--   crm_analyst   reads crm and report
--   crm_marketer  reads marketing, and nothing else; its views of addresses ask for rights on crm besides
--   crm_editor    reads crm, may request changes (crm.request_change) and record what people decided
--                 (crm.abandon_cart, crm.record_contact, ...)
--
-- No role can log in: give each person or program a login of its own, and make it a member:
--   create role shop_owner login password '...' in role crm_owner;     -- `make migrate`, once per version
--   create role shop_loader login password '...' in role crm_loader;   -- daily work: `make run`, `make up`
--   create role ada login password '...' in role crm_analyst;
--
-- Run it in the warehouse's database, before or after any migration, as a superuser or as the owner of the
-- database who may also create roles:
--   psql -d crm -v ON_ERROR_STOP=1 --single-transaction -f sql/roles.sql
-- or, on the embedded server, with `python -m include.warehouse.psql` in place of `psql -d crm`. It can be
-- run again at any time. From then on migrations work as crm_owner, whoever of its members runs them, so the
-- default privileges below reach the tables they make. Those of reports and segments are given to crm_loader,
-- and to their readers, as they are made.

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

-- crm_owner may do the daily work too. Whoever runs this file has to be a member of crm_owner to hand things
-- over to it; a superuser is one of every role.
do $$
begin
    if not pg_has_role('crm_owner', 'crm_loader', 'member') then
        grant crm_loader to crm_owner;
    end if;
    if not pg_has_role(current_user, 'crm_owner', 'member') then
        execute format('grant crm_owner to %I', current_user);
    end if;
exception
    when unique_violation then null;
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
grant usage, create on schema crm, report, marketing, ops, staging to crm_owner;
grant usage on schema crm, ops to crm_loader;
grant usage, create on schema report, marketing, staging to crm_loader;
grant usage on schema crm, report to crm_analyst;
grant usage on schema marketing to crm_marketer;
grant usage on schema crm to crm_editor;

-- Whatever was migrated before this file was run goes over to crm_owner, the tables of reports and segments
-- to crm_loader: only an owner may alter a table or make it anew. What others made than who migrated stays
-- theirs; whoever migrated needs one of the roles from now on, unless a superuser.
do $$
declare
    migrated_by oid := (select relowner from pg_class where oid = to_regclass('ops.alembic_version'));
    found_name text;
    new_owner text;
begin
    foreach found_name in array array['crm', 'report', 'marketing', 'ops', 'staging'] loop
        execute format('alter schema %I owner to crm_owner', found_name);
    end loop;
    for found_name, new_owner in
        select
            class.oid::regclass::text,
            case when class.relkind = 'r' and class.relnamespace in ('report'::regnamespace, 'marketing'::regnamespace)
                then 'crm_loader' else 'crm_owner' end
        from pg_class as class
        where class.relowner = migrated_by
            and not pg_has_role('crm_owner', class.relowner, 'member')
            and (
                (class.relkind in ('r', 'v') and class.relnamespace in ('crm'::regnamespace, 'ops'::regnamespace))
                or (
                    class.relkind = 'r'
                    and class.relnamespace in ('report'::regnamespace, 'marketing'::regnamespace)
                )
                or (class.relkind = 'v' and class.relnamespace = 'marketing'::regnamespace)
            )
    loop
        -- Said of a table, it is allowed for a view too; a table takes its identity sequences along.
        execute format('alter table %s owner to %I', found_name, new_owner);
    end loop;
    for found_name in
        select routine.oid::regprocedure::text
        from pg_proc as routine
        where routine.proowner = migrated_by
            and not pg_has_role('crm_owner', routine.proowner, 'member')
            and routine.pronamespace
            in ('crm'::regnamespace, 'marketing'::regnamespace, 'ops'::regnamespace)
    loop
        execute format('alter function %s owner to crm_owner', found_name);
    end loop;
exception
    when insufficient_privilege then
        raise exception 'the schemas and tables belong to another user: run this file as a superuser';
end
$$;

-- Tables, views and sequences that exist
grant all on all tables in schema crm, report, marketing, ops, staging to crm_owner;
grant all on all sequences in schema crm, report, marketing, ops, staging to crm_owner;
grant select, insert, update, delete on all tables in schema crm, ops to crm_loader;
grant select, insert, update, delete, truncate
on all tables in schema report, marketing, staging to crm_loader;
grant usage, select on all sequences in schema crm, report, marketing, ops, staging to crm_loader;
do $$
begin
    -- The planner's statistics after a big window; before version 17 only an owner can keep them, and autovacuum does.
    if current_setting('server_version_num')::int >= 170000 then
        grant maintain on all tables in schema crm to crm_loader;
    end if;
end
$$;
grant select on all tables in schema crm, report to crm_analyst;
grant select on all tables in schema marketing to crm_marketer;
grant select on all tables in schema crm to crm_editor;

-- Changes of the store are asked for, and decisions about carts, orders and tasks recorded, through functions
-- that check them: no editor writes to a table.
do $$
declare
    named text;
begin
    foreach named in array array[
        'crm.request_change(text, text, jsonb, jsonb, text, text)',
        'crm.decide_change(bigint, text, text[], text, bigint)',
        'crm.abandon_cart(text, text, text)', 'crm.reopen_cart(text, text, text)',
        'crm.convert_cart_to_opportunity(text, text, text, text, text)',
        'crm.record_contact(text, text, text, text, timestamptz, text)',
        'crm.close_task(bigint, text, text, text)'
    ] loop
        if to_regprocedure(named) is not null then
            execute format('grant execute on function %s to crm_editor, crm_loader', to_regprocedure(named));
        end if;
    end loop;
end
$$;

-- Tables, views and sequences to come: made by crm_owner, and by whoever runs this file
do $$
declare
    maker text;
begin
    foreach maker in array array['crm_owner', current_user::text] loop
        execute format('alter default privileges for role %I in schema crm, ops
            grant select, insert, update, delete on tables to crm_loader', maker);
        if current_setting('server_version_num')::int >= 170000 then
            execute format('alter default privileges for role %I in schema crm
                grant maintain on tables to crm_loader', maker);
        end if;
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
