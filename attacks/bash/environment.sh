#: what     shows the environment that Bash itself was started with
#: id       A-070
#: control  environment
#: expect   ok
#: output   HOME=/box LANG=C.UTF-8 PATH=/usr/bin TMPDIR=/tmp
# What Bash adds to its own variables (PWD, SHLVL, ...) is not in this file.
tr '\0' '\n' <"/proc/$$/environ" | sort | paste -s -d ' '
