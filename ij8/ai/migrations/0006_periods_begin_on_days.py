from django.db import migrations, models

# where a zone was changed two counts may begin on one day: the newest is the one that counts, the others are set aside
DAYS = """
    with days as (
        select c.id, case when c.starts = '2000-01-01T00:00Z' then c.starts
            else (c.starts at time zone s.time_zone)::date::timestamp at time zone 'UTC' end as starts, c.budget_id, c.member_id
        from ai_budgetcounter c join accounts_school s on s.id = c.school_id
    ), ranked as (
        select id, starts, row_number() over (partition by budget_id, member_id, starts order by id desc) as place from days
    )
    update ai_budgetcounter c
    set starts = ranked.starts - (place - 1) * interval '400 years'
    from ranked where ranked.id = c.id
"""
ONCE = models.UniqueConstraint(fields=["budget", "member", "starts"], name="one_counter_per_period", nulls_distinct=False)


class Migration(migrations.Migration):

    dependencies = [
        ('ai', '0005_tokens_on_the_ledger'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='budgetcounter', name='one_counter_per_period'),
        migrations.RunSQL(DAYS, migrations.RunSQL.noop),
        migrations.AlterField(model_name='budgetcounter', name='starts', field=models.DateField()),
        migrations.AddConstraint(model_name='budgetcounter', constraint=ONCE),
    ]
