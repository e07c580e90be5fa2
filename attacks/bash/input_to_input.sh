#: what     counts its calls in memory and in files and leaves a process, for the next input to find
#: id       A-124
#: control  shared_scratch
#: mode     function
#: inputs   1;2;3
#: expect   ok
#: output   held
if ((++calls != 1)); then
    echo 'ESCAPED memory of another input'
fi
for path in /tmp/calls /box/calls; do
    [[ -e $path ]] && echo 'ESCAPED a file of another input'
    echo "$1" > "$path" || echo 'no file'
done
# This shell is a child of the harness.
for process in /proc/[0-9]*; do
    [[ ${process#/proc/} == $$ || ${process#/proc/} == "$BASHPID" ]] || echo 'ESCAPED a process of another input'
done
bash -c 'kill -STOP $$' > /tmp/said 2>&1 &
echo held
