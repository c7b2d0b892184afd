import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_asks_notices_and_bands_of_minors'),
        ('studio', '0009_newest_works_of_a_school'),
    ]

    operations = [
        migrations.CreateModel(
            name='HealthChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=80)),
                ('status', models.CharField(max_length=10)),
                ('detail', models.CharField(blank=True, default='', max_length=400)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='SchoolPause',
            fields=[
                ('school', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='accounts.school')),
                ('words', models.CharField(blank=True, default='', max_length=300)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.AddField(
            model_name='backend',
            name='facts',
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name='job',
            name='held_for',
            field=models.CharField(blank=True, db_default='', default='', max_length=20),
        ),
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['held_for', 'id'], name='job_held'),
        ),
        migrations.AddIndex(
            model_name='healthchange',
            index=models.Index(fields=['part', '-since'], name='health_of_part'),
        ),
        migrations.AddIndex(
            model_name='healthchange',
            index=models.Index(fields=['-since'], name='health_newest'),
        ),
        migrations.AddField(
            model_name='schoolpause',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership'),
        ),
    ]
