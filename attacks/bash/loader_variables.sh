#: what     leaves start-up files and sets what loaders and run-time systems read at their start; the next run knows nothing of it
#: id       A-104
#: control  shared_scratch
#: inputs   first;second
#: expect   ok
#: output   held
held=true
escaped() {
    echo "ESCAPED $1"
    held=false
}
files=(/box/.profile /box/.bashrc /box/.bash_profile /box/.inputrc /box/.npmrc /tmp/gconv-modules
    /tmp/sitecustomize.py /dev/shm/rc)
variables=(LD_PRELOAD LD_AUDIT LD_LIBRARY_PATH GCONV_PATH PYTHONPATH PYTHONSTARTUP NODE_OPTIONS
    JAVA_TOOL_OPTIONS BASH_ENV ENV PROMPT_COMMAND CDPATH GLIBC_TUNABLES)

for file in "${files[@]}"; do
    [[ -e $file ]] && escaped "$file was left"
done
for name in "${variables[@]}"; do
    [[ -v $name ]] && escaped "$name is set"
done
for file in /etc/profile /etc/bash.bashrc /etc/environment /etc/ld.so.preload /code/.bashrc; do
    { echo "echo loaded" >>"$file"; } 2>/dev/null && escaped "$file was written"
done

for file in "${files[@]}"; do
    echo "echo loaded" >"$file" || echo "$file could not be left"
done
for name in "${variables[@]}"; do
    export "$name=/box/.bashrc"
done
# Of our own children we are the master, and of no others.
[[ $(bash -c true 2>/dev/null) == loaded ]] || echo "the file was not read"
[[ $(env -i /usr/bin/bash -c true) == "" ]] || escaped "a clean child read it"
$held && echo held
