from django.db import migrations

FOLLOW = """
update studio_turn turn set parent_id = before.id
  from (select id as turn_id, lag(id) over (partition by session_id order by created, id) as id from studio_turn) before
 where before.turn_id = turn.id and before.id is not null
"""
HEADS = """
update studio_studiosession session set head_id = last.id
  from (select distinct on (session_id) session_id, id from studio_turn order by session_id, created desc, id desc) last
 where last.session_id = session.id
"""


class Migration(migrations.Migration):
    """What was said so far is one line, in its order."""

    dependencies = [("studio", "0012_turns_are_a_tree")]

    operations = [migrations.RunSQL([FOLLOW, HEADS], migrations.RunSQL.noop)]
