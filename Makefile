# `make run` starts the platform on this machine, `make test` tests it. The other targets are for developers.
PYTHON ?= python3
ARGS ?=
NAME ?= shell
EMBEDDED = .venv/bin/python -m governance.embedded

.PHONY: run manage test histories test-servers check attack bench messages shell stop fix lock docs manual bundle

run:
	@$(PYTHON) tools/install.py run
	@exec $(EMBEDDED) run --follow-parent

# Run a management command in the running platform:
# make manage ARGS='create_tenant bincheng --name 滨城区 --code 371602'
manage:
	@exec $(EMBEDDED) manage $(ARGS)

# The whole suite, on all cores. KEEP=1 leaves the servers running, so that the next run starts at once: `make test KEEP=1
# ARGS=tests/governance/sheets/test_tables.py`; `make stop NAME=test` ends them.
test:
	@$(PYTHON) tools/install.py test
	@exec $(EMBEDDED) exec --per-core $(if $(KEEP),--keep test) -- pytest $(ARGS)

# The properties with many and new examples, and the storm at its full size: HISTORIES is the number of examples.
HISTORIES ?= 120
histories:
	@$(PYTHON) tools/install.py test
	@HISTORIES=$(HISTORIES) exec $(EMBEDDED) exec -- pytest $(or $(ARGS),tests/governance/clocks tests/tickets/walks/test_histories.py)

# Run the tests marked `servers` on the operating system's PostgreSQL 15 and Redis.
test-servers:
	@$(PYTHON) tools/install.py test
	@exec $(EMBEDDED) exec --system --per-core -- pytest -m servers $(ARGS)

check:
	@$(PYTHON) tools/install.py test
	@exec $(EMBEDDED) exec -- python tools/check.py

# Attack a throw-away platform with the settings of production; docs/security.md says what each attack shows.
# ARGS=--short is what CI runs.
attack:
	@$(PYTHON) tools/install.py test
	@exec $(EMBEDDED) exec -- python -m tools.attack $(ARGS)

# Measure requests against their floor with 100,000 tickets and durable commits.
# Prints the table of docs/benchmarks.md.
bench:
	@$(PYTHON) tools/install.py test
	@DURABLE=1 exec $(EMBEDDED) exec -- python -m benchmarks.run $(ARGS)

# Add new texts to locale/en without a translation, and list them; then translate them.
messages:
	@.venv/bin/python tools/translations.py update missing

# Open a Django shell on warm throw-away servers; `make stop` stops them.
shell:
	@$(PYTHON) tools/install.py test
	@exec $(EMBEDDED) exec --keep $(NAME) -- python manage.py shell

stop:
	@exec $(EMBEDDED) stop $(NAME)

fix:
	@.venv/bin/python -m ruff check --fix . ; .venv/bin/python -m ruff format . ; .venv/bin/djangofmt templates

docs:
	@.venv/bin/python -m tools.rooms --write
	@exec $(EMBEDDED) exec -- python manage.py generate_docs

# Take the pictures of docs/manual from a throw-away demo district; ARGS='dispatch merge' takes only these.
manual:
	@$(PYTHON) tools/install.py test
	@exec .venv/bin/python -m tools.manual $(ARGS)

# Put all images, the compose file and checksums into the folder `bundle`, for a host without internet. Needs Docker.
bundle:
	@sh deploy/bundle.sh $(or $(ARGS),bundle)

# Lock files hold hashes and no addresses; for npm's lock file, .npmrc ensures it.
COMPILE = .uv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	--universal --python-version 3.11 --no-header
lock:
	@$(COMPILE) requirements.in -o requirements.lock
	@$(COMPILE) requirements-dev.in -o requirements-dev.lock
	@$(COMPILE) requirements-node.in -o requirements-node.lock
	@$(COMPILE) requirements-uv.in -o requirements-uv.lock
	@npm install --package-lock-only
