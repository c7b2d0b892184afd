"""Addresses of prices, budgets and spend. Included without a prefix."""

from django.urls import path

from ij8.ai.budgets import pages as budgets
from ij8.ai.prices import pages as prices
from ij8.ai.spend import pages as spend

urlpatterns = [
    path("school/budgets/", budgets.school_budgets, name="school_budgets"),
    path("school/spend/", spend.school_spend, name="school_spend"),
    path("platform/prices/", prices.platform_prices, name="platform_prices"),
    path("platform/spend/", spend.platform_spend, name="platform_spend"),
    path("settings/spend/", spend.own_spend, name="settings_spend"),
    path("settings/spend/more/", budgets.ask_more, name="settings_spend_more"),
]
