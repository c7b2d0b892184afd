from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_asks_notices_and_bands_of_minors'),
        ('ai', '0003_keys_of_providers'),
    ]

    operations = [
        migrations.CreateModel(
            name='SpendMonth',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('model', models.CharField(max_length=200)),
                ('by_house', models.BooleanField(default=False)),
                ('amount_usd', models.DecimalField(decimal_places=6, default=Decimal('0'), max_digits=14)),
                ('count', models.IntegerField(default=0)),
                ('cohort', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.cohort')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.membership')),
                ('school', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.school')),
            ],
            options={
                'indexes': [models.Index(fields=['day'], name='spend_by_month')],
                'constraints': [models.UniqueConstraint(fields=('school', 'day', 'member', 'cohort', 'model', 'by_house'), name='one_spend_per_month', nulls_distinct=False)],
            },
        ),
    ]
