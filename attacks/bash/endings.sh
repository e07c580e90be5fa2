#: what     ends with the status or by the signal that the input names: each is a failure of the program, as it was, and no limit
#: id       A-047
#: inputs   e1;e2;e77;e124;e126;e127;e128;e137;e139;e255;s1;s2;s4;s5;s6;s7;s8;s9;s10;s11;s12;s13;s14;s15;s16;s24;s25;s26;s27;s29;s30;s31
#: expect   runtime_error
#: error    exit code 1;exit code 2;exit code 77;exit code 124;exit code 126;exit code 127;exit code 128;exit code 137;exit code 139;exit code 255;signal 1;signal 2;signal 4 (SIGILL;signal 5;signal 6 (SIGABRT;signal 7 (SIGBUS;signal 8 (SIGFPE;signal 9 (SIGKILL;signal 10;signal 11 (SIGSEGV;signal 12;signal 13 (SIGPIPE;signal 14;signal 15 (SIGTERM;signal 16;signal 24 (SIGXCPU;signal 25 (SIGXFSZ;signal 26;signal 27;signal 29;signal 30;signal 31 (SIGSYS
# SIGQUIT is missing: Bash never hears it.
read -r ending
number=${ending:1}
if [[ $ending == s* ]]; then
    kill -"$number" $$
    # A signal for the shell itself may come a moment later.
    sleep 1
    exit 0
fi
exit "$number"
