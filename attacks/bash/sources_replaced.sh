#: what     replaces the script and its input while it runs: refused, and what runs stays what was sent
#: id       A-065
#: control  readonly+landlock
#: expect   ok
#: output   held
exec 2>/tmp/messages
try() { "$@" && echo "ESCAPED $*"; }
echo 'echo ESCAPED another script' >/tmp/other
for file in /code /code/*; do
    try chmod 0777 "$file"
    try mv -f "$file" /tmp/moved
    try cp -f /tmp/other "$file"
    try ln "$file" /tmp/linked
    try ln -sfn /tmp/other "$file"
    try rm -rf "$file"
done
try mkdir /code/folder
try mv /tmp/other /code/sitecustomize
(echo 'echo ESCAPED further' >>/code/solution.sh) && echo ESCAPED appended
(echo other >/proc/self/fd/0) && echo ESCAPED the input
[[ -f /code/solution.sh && $(cat) == 4 ]] && grep -q 'Read-only' /tmp/messages && echo held
