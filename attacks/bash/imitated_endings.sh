#: what     ends with the numbers and signals that mean limits elsewhere, or that PID 1 uses itself
#: id       A-136
#: inputs   124;137;152;143;70;255;KILL;XCPU;XFSZ;TERM;ALRM
#: expect   runtime_error
#: error    code 124;code 137;code 152;code 143;code 70;code 255;SIGKILL;SIGXCPU;SIGXFSZ;SIGTERM;signal 14
read -r ending || true
case $ending in
    [0-9]*) exit "$ending" ;;
    *) kill -s "$ending" $$ ;;
esac
