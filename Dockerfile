# One image for every process of compose.yaml: pages, sockets, workers, and the preparing of the database.
FROM node:20-bookworm-slim AS front-end
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY static static
RUN node static/build.mjs

FROM python:3.11-slim-bookworm AS packages
COPY requirements /requirements
RUN pip install --no-cache-dir --require-hashes -r /requirements/uv.txt \
 && python -m venv /venv \
 && uv pip install --no-cache --python /venv/bin/python --require-hashes \
      -r /requirements/core.txt -r /requirements/s3.txt -r /requirements/sentry.txt

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=ij8.settings \
    IJ8_VAR=/app/var IJ8_MEDIA=/works \
    MALLOC_ARENA_MAX=2 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
RUN useradd --system --uid 10001 --user-group --no-create-home ij8 && install -d -o ij8 -g ij8 /works
WORKDIR /app
COPY --from=packages /venv /venv
COPY . .
COPY --from=front-end /app/static/dist static/dist
# the key is for this one command; each installation gives its own
RUN SECRET_KEY=$(python -c "import secrets; print(secrets.token_urlsafe(50))") python manage.py collectstatic --noinput \
 && chown -R ij8:ij8 var
USER ij8
EXPOSE 8008
VOLUME /works
CMD ["python", "-m", "ij8.webserver", "-v", "0", "-b", "0.0.0.0", "-p", "8008", "ij8.asgi:application"]
