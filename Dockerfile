# Front-end assets and the Python environment are built in stages of their own; the last one holds no compiler, no npm.
FROM node:22-slim AS assets
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --ignore-scripts

FROM python:3.12-slim AS build
# TORCH takes any arguments of pip: an index of CPU or CUDA builds, for example.
ARG TORCH=torch
WORKDIR /app
RUN python -m venv /venv
ENV PATH=/venv/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY constraints.txt pyproject.toml ./
RUN pip install -c constraints.txt ${TORCH}
COPY . .
RUN pip install -c constraints.txt -e .
COPY --from=assets /app/node_modules node_modules
RUN python -m govern_app.assets --installed \
    && export GOVERN_HOME=/tmp/build GOVERN_ENVIRONMENT=production GOVERN_ALLOWED_HOSTS=build \
    && GOVERN_SECRET_KEY=only-for-this-build-step-and-kept-nowhere-at-all \
       python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf node_modules /tmp/build

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 govern && mkdir /data && chown govern /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 GOVERN_HOME=/data GOVERN_ENVIRONMENT=production
USER 10001
WORKDIR /app
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "govern_app.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", \
     "--worker-tmp-dir", "/dev/shm", "--access-logfile", "-"]
