from django.urls import path

from ij8.audit import pages

urlpatterns = [
    path("school/audit/", pages.school_audit, name="school_audit"),
    path("school/audit/file/", pages.school_audit_file, name="school_audit_file"),
    path("platform/audit/", pages.platform_audit, name="platform_audit"),
    path("platform/audit/file/", pages.platform_audit_file, name="platform_audit_file"),
]
