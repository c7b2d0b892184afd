"""Health and backends: the platform's people, who look after all schools."""

from tests.architecture.access_body import Body

BODIES = {
    "+resume": Body(form={"act": "resume", "school": "{own_school_slug}"}),
    "+drain": Body(form={"act": "drain", "backend": "bench"}),
}
TABLE = """
GET    /platform/health/                      302     403       403     403       403          403      403    403   200
POST   /platform/health/ +resume              302     403       403     403       403          403      403    403   302
GET    /platform/backends/                    302     403       403     403       403          403      403    403   200
POST   /platform/backends/ +drain             302     403       403     403       403          403      403    403   302
"""
