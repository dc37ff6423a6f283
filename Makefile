# Each target is one line; scripts/course.py does the work, also for those without make.
PYTHON ?= python3
COURSE = @$(PYTHON) scripts/course.py
seeds ?= 0 1 2 3 4

.PHONY: help lab test notebooks claims bench shape links test-colab handout site test-browser \
	test-faults
help:                  ## print this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## /make \1	/'
lab:                   ## open the course in JupyterLab
	$(COURSE) lab
test:                  ## run every lesson and the tests, but not test-browser, -colab, -faults; only=01
	$(COURSE) test $(only)
notebooks:             ## build changed lessons from their sources; only=01, force=1
	$(COURSE) notebooks $(if $(force),--force) $(only)
claims:                ## run lessons over seeds="0 1 2", print the margins; only=01, scheduler=tcp://...
	$(COURSE) claims --seeds "$(seeds)" $(if $(scheduler),--scheduler $(scheduler)) $(only)
bench:                 ## CPU seconds of each lesson, here and on a common machine, and memory; only=01
	$(COURSE) bench $(only)
shape:                 ## how much of everything a lesson holds, beside the targets; only=01
	$(COURSE) shape $(only)
links:                 ## write what one place says, address and lessons' heads, into the others
	$(COURSE) links
site:                  ## build the pages of the course in build/site/html
	$(COURSE) site
test-browser:          ## run the lessons in JupyterLab and walk the site; only=01
	$(COURSE) test-browser $(only)
test-colab:            ## run the lessons as Google's Colab does; only=01
	$(COURSE) test-colab $(only)
handout:               ## put lessons without outputs and solutions into handout/; only=01
	$(COURSE) handout $(only)
test-faults:           ## plant known mistakes in a copy and see what catches them; only=01
	$(COURSE) test-faults $(only)
