#: what     puts a link, a pipe, a folder and a giant where the answer is read: all refused, the answer is what the function prints
#: id       A-039
#: control  readonly+landlock
#: mode     function
#: expect   ok
#: output   held
exec 2>/dev/null
try() { "$@" && echo "ESCAPED $*"; }
echo =other >/tmp/other
try rm -f /answer
try mv /answer /tmp/answer
try mv -f /tmp/other /answer
try ln -sfn /etc/passwd /answer
try ln /answer /tmp/answer
try ln -s /var/tmp/code-runner-canary /beside
try mkdir /folder
try mkfifo /fifo
try truncate -s 1T /answer
try chmod 4755 /code/solution.sh
echo held
