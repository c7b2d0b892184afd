-- The fair claim: in one call a backend gets its next job, leased to the holder, or nothing.
--
-- The highest class with work, in it the person served least so far who is under the cap, then her oldest job that
-- allows this backend. The lock is a statement of its own: a snapshot taken before it would not see the rows that the
-- last holder made live, and more would run than there are slots. For the same reason times are read from the clock:
-- now() is older than the wait for the lock. Installed after each migrate (studio/jobs/install.py).
drop function if exists studio_claim;
create function studio_claim(
  place varchar, place_kind varchar, in_pool varchar, slots int, cap int, lease_s float8, overflow_s float8,
  holder varchar)
returns table (job_id uuid, epoch int) language plpgsql as $$
#variable_conflict use_column
declare
  elsewhere varchar[];
  look int;
begin
  perform set_config('ij8.school', 'engine', true);
  perform pg_advisory_xact_lock(hashtext('claim:' || place));
  if (select count(*) from studio_job where backend = place and state in ('leased', 'submitted', 'storing')) >= slots then
    return;
  end if;
  -- open backends of another kind whose wait is short: a job that lists one of them first is left to it
  elsewhere := array(select o.slug from studio_backend o where o.pool = in_pool and o.kind <> place_kind and o.enabled
                        and o.state = 'up' and o.wait_s <= studio_claim.overflow_s);
  -- the first places may be filled by people at their cap, or whose jobs need another backend: look near, then far
  foreach look in array array[8, 1000] loop
    return query
    with fair as (
      select f.rank, f.job_class, f.member_id, f.virtual_time from studio_flow f
       where f.pool = in_pool and f.queued > 0
       order by f.rank desc, f.virtual_time limit look),
    pick as (
      select j.id from fair
      cross join lateral (
        select job.id from studio_job job
         where job.pool = in_pool and job.member_id = fair.member_id and job.job_class = fair.job_class
           and job.state = 'queued' and job.not_before <= clock_timestamp() and place = any (job.allowed_backends)
           and not (job.allowed_backends[:array_position(job.allowed_backends, place) - 1] && elsewhere)
         order by job.created, job.id limit 1 for update skip locked) j
      where (select count(*) from studio_job r where r.member_id = fair.member_id
               and r.state in ('leased', 'submitted', 'storing')) < cap
      order by fair.rank desc, fair.virtual_time limit 1),
    won as (
      update studio_job job
         set state = 'leased', backend = place, epoch = job.epoch + 1, attempt = attempt + 1, seq = seq + 1,
             lease_until = clock_timestamp() + make_interval(secs => studio_claim.lease_s),
             lease_holder = studio_claim.holder, started_at = clock_timestamp(), stage = 'starting', progress = null
        from pick where job.id = pick.id and job.state = 'queued'
      returning job.id, job.epoch, attempt, seq, school_id, member_id, job_class),
    paid as (
      update studio_flow f
         set queued = f.queued - 1, virtual_time = f.virtual_time + 1 / f.weight, served_at = clock_timestamp()
        from won where f.pool = in_pool and f.member_id = won.member_id and f.job_class = won.job_class),
    told as (
      insert into studio_jobevent (school_id, job_id, seq, kind, payload, created)
      select school_id, id, seq, 'state', '{"state": "leased", "was": "queued"}'::jsonb, now() from won),
    tried as (
      insert into studio_jobattempt (school_id, job_id, n, backend, holder, listener_id, started_at, outcome, cost_usd)
      select school_id, id, attempt, place, studio_claim.holder, '', now(), '', 0 from won)
    select won.id, won.epoch from won;
    if found then
      return;
    end if;
  end loop;
end $$;
