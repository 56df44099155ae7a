# Two stages: what only builds and fetches stays behind.
FROM python:3.11.13-slim-bookworm AS build
WORKDIR /src
COPY requirements.lock ./
# Every file is checked against the lock. What only developers need is fetched with the rest, and not installed.
RUN pip wheel --no-cache-dir --require-hashes --requirement requirements.lock --wheel-dir /wheels
COPY pyproject.toml README.md ./
COPY schemas schemas
COPY sla_stream sla_stream
COPY agents agents
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels . \
    && python -m venv /app/.venv \
    && /app/.venv/bin/pip install --no-cache-dir --no-index --find-links /wheels sla-stream

FROM python:3.11.13-slim-bookworm
COPY --from=build /app/.venv /app/.venv
COPY config /app/config
RUN useradd --uid 10001 --create-home --home-dir /var/lib/sla-stream sla-stream \
    && install --directory --owner=sla-stream --mode=0700 /var/lib/sla-stream/keys
# By number: who runs it can see that it is not root.
USER 10001:10001
WORKDIR /var/lib/sla-stream
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
EXPOSE 8080
STOPSIGNAL SIGTERM
CMD ["sla-stream", "worker"]
