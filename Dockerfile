# Layerloom in a container. Any Debian- or Ubuntu-based image with Python 3.11 to 3.13, pip and venv will do as the base.
ARG PYTHON_IMAGE=python:3.12-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1
WORKDIR /build

# What changes seldom comes first: a change of the sources installs no package anew.
COPY requirements requirements
RUN python -m venv /opt/layerloom \
 && /opt/layerloom/bin/pip install --require-hashes --only-binary :all: -r requirements/run.txt \
 # The C++ headers of TensorFlow serve to compile operations, which nobody does here: 290 MB.
 && rm -rf /opt/layerloom/lib/python3*/site-packages/tensorflow/include
RUN python -m venv /opt/build \
 && /opt/build/bin/pip install --require-hashes --only-binary :all: -r requirements/build.txt

COPY frontend/package.json frontend/package-lock.json frontend/.npmrc frontend/
COPY scripts/frontend.py scripts/
RUN /opt/build/bin/python scripts/frontend.py install

COPY pyproject.toml hatch_build.py README.md LICENSE CHANGELOG.md ./
COPY frontend frontend
COPY engine engine
COPY server server
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/layerloom/bin/pip install --no-deps --no-index dist/layerloom-*.whl \
 && /opt/layerloom/bin/pip uninstall --yes pip

FROM ${PYTHON_IMAGE}
COPY --from=build /opt/layerloom /opt/layerloom
RUN groupadd --system --gid 10001 layerloom \
 && useradd --system --uid 10001 --gid layerloom --home-dir /data --no-create-home --shell /usr/sbin/nologin layerloom \
 && install --directory --owner layerloom --group layerloom --mode 0700 /data

# Only /data and /tmp are written to, so the root may be read-only.
ENV PATH=/opt/layerloom/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/data \
    KERAS_HOME=/data/keras \
    LAYERLOOM_HOME=/data \
    LAYERLOOM_HOST=0.0.0.0 \
    LAYERLOOM_PORT=8000 \
    LAYERLOOM_KEEP_TOKEN=1
USER 10001:10001
WORKDIR /data
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:%s/api/health' % os.environ['LAYERLOOM_PORT'], timeout=3)"]
ENTRYPOINT ["layerloom"]
CMD ["serve"]
