-- Writes one row of audit_entry for each change of a watched column.
-- Arguments of the trigger: kind, watched columns, hidden columns (only a digest is kept), the column of the school ("" for
-- tables of the installation, which are noted with the open school; where the column is empty, the school of who acts
-- is), the column of the membership that it is about, and the column that must not be empty for an insert to be worth noting.
create or replace function ij8_audit() returns trigger language plpgsql security definer set search_path from current as $body$
declare
  plain text[] := string_to_array(tg_argv[1], ',');
  hidden text[] := string_to_array(tg_argv[2], ',');
  old_row jsonb;
  new_row jsonb;
  seen jsonb;
  was jsonb := '{}';
  becomes jsonb := '{}';
  col text;
  a jsonb;
  b jsonb;
  who jsonb := nullif(current_setting('ij8.who', true), '')::jsonb;
  school uuid;
begin
  if tg_op <> 'INSERT' then old_row := to_jsonb(old); end if;
  if tg_op <> 'DELETE' then new_row := to_jsonb(new); end if;
  seen := coalesce(new_row, old_row);
  if tg_op = 'INSERT' and tg_argv[5] <> '' and coalesce(seen ->> tg_argv[5], '') = '' then return null; end if;
  foreach col in array plain || hidden loop
    a := old_row -> col;
    b := new_row -> col;
    if a is distinct from b then
      if col = any (hidden) then a := to_jsonb(md5(a::text)); b := to_jsonb(md5(b::text)); end if;
      if old_row is not null then was := was || jsonb_build_object(col, a); end if;
      if new_row is not null then becomes := becomes || jsonb_build_object(col, b); end if;
    end if;
  end loop;
  if tg_op = 'UPDATE' and becomes = '{}' then return null; end if;
  if tg_argv[3] <> '' then
    school := (seen ->> tg_argv[3])::uuid;
    if school is null then select school_id into school from accounts_membership where id = (who ->> 'member')::uuid; end if;
  end if;
  if school is null then
    select id into school from accounts_school order by slug = 'open' desc limit 1;
    if school is null then return null; end if;
  end if;
  insert into audit_entry (school_id, at, kind, act, subject, about_id, actor_id, behind_id, via, was, becomes)
  values (
    school, clock_timestamp(), tg_argv[0], tg_op, left(coalesce(seen ->> tg_argv[6], ''), 60), (seen ->> nullif(tg_argv[4], ''))::uuid,
    (who ->> 'member')::uuid, (who ->> 'behind')::uuid, left(coalesce(who ->> 'via', ''), 100), was, becomes
  );
  return null;
end $body$;

-- The log is written by the trigger alone. `ij8.forget` is set by the command that removes what is older than it is kept.
create or replace function ij8_audit_keep() returns trigger language plpgsql as $body$
begin
  if tg_op <> 'UPDATE' and coalesce(current_setting('ij8.forget', true), '') in (tg_op, 'all') then
    if tg_level = 'ROW' then return old; end if;
    return null;
  end if;
  raise exception 'the log of changes is append-only: % refused', tg_op using errcode = 'insufficient_privilege';
end $body$;

create or replace trigger audit_keep_rows before update or delete on audit_entry
  for each row execute function ij8_audit_keep();
create or replace trigger audit_keep_table before truncate on audit_entry
  for each statement execute function ij8_audit_keep();

-- The role of the application may read it; its writing goes through the function above, which acts as the owner.
do $body$
declare who text;
begin
  for who in
    select distinct grantee from information_schema.role_table_grants
    where table_name = 'audit_entry' and table_schema = current_schema() and grantee not in (current_user, 'PUBLIC')
  loop
    execute format('revoke insert, update, delete, truncate, references, trigger on audit_entry from %I', who);
  end loop;
end $body$;
