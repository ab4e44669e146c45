nav-mine = My work
nav-tasks = Tasks
nav-briefings = Briefings
nav-wall = Wall board
nav-report = Report
nav-venues = Venues
nav-audit = Audit log
nav-admin = Administration
