# Compiles every C file that was sent to one program. What it says of files in /tmp is left out.
#
#   compile.sh [wait] program|function [OPTION...]
#
# It is tried the quick way first: with gold, which links in half the time, and without the numbers of lines that only
# the linker would read. That makes the same code. Where the linker has something to say, all is done again as anybody
# would do it, and so every message is the one they know.
#
# With `wait` the quick way is begun before there are files. The compiler has started and waits to read solution.c, a FIFO
# in a folder that is otherwise like /code. When the source comes a file takes that name, for what the compiler shows of it.
gate=
if [ "$1" = wait ]; then
    gate=/code/gate
    shift
fi
mode=$1
shift
options=$#
harness=
[ "$mode" = program ] || harness='-Dmain=unused_main -include harness.h'
# gold writes to the empty file that is there, the other linker would replace it.
program=/tmp/solution
# A warning of the linker's has to be noticed: as an error it makes collect2 say that linking failed. The plugin is for
# files that no compiler has been through yet.
linker='-Wl,--fatal-warnings -fno-use-linker-plugin'
if [ -e /usr/bin/ld.gold ]; then
    # Of large libraries it needs little, and of the folders it searches by itself nothing.
    linker="$linker -fuse-ld=gold -Wl,--no-map-whole-files,-nostdlib"
    program=/artifact
fi
# What is said when the plain way would say something else.
different=collect2

compile() {
    gcc -std=gnu17 -O2 -Wall "$@" -lm 2>/tmp/messages
}

# What waits until somebody opens /tmp/go.
start_compiler() {
    mkdir /tmp/code && cp /warm/* /tmp/code && cd /tmp/code && mkfifo /tmp/go solution.c || exit
    # __TIMESTAMP__ would be that of the FIFO.
    different="$different\|Wdate-time"
    compile -Wdate-time -pipe -c -o /tmp/solution.o $harness solution.c &
    compiler=$!
    # Opening waits for the compiler to open it.
    exec 3>solution.c
    rm solution.c
    cat /tmp/go /code/solution.c | tee solution.c >&3 &
    exec 3>&-
}

# The file in those folders whose name comes first.
find_file() {
    for folder in $folders; do
        for name; do
            if [ -e "$folder/$name" ]; then
                found=$folder/$name
                return
            fi
        done
    done
    return 1
}

# The words that link /tmp/solution.o, as the compiler would give them to the linker, but with all libraries found: gold
# reads whole folders for that, of which some have thousands of files. Nothing, if that can not be said.
prepare_linking() {
    : >/tmp/solution.o
    words=$(gcc "-###" $linker -o "$program" /tmp/solution.o -lm 2>&1) || return
    # What stands behind the linker's name, in its line.
    words=${words#*/collect2 }
    eval "set -- ${words%%
*}"
    folders=
    for word; do
        case $word in -L*) folders="$folders ${word#-L}" ;; esac
    done
    # One library's file has these two names in it.
    find_file libgcc_s.so.1 && mkdir /tmp/libraries && cp "$found" /tmp/libraries && find_file libgcc.a || return
    words="-L/tmp/libraries -L${found%/*}"
    for word; do
        case $word in
        -L* | -fuse-ld=*) ;;
        -l*)
            find_file "lib${word#-l}.so" "lib${word#-l}.a" || return
            words="$words $found"
            ;;
        *) words="$words $word" ;;
        esac
    done
    linking=$words
}

status=
linking=
if [ -n "$gate" ]; then
    [ ! -e /usr/bin/ld.gold ] || prepare_linking
    [ -z "$linking" ] || start_compiler
    read -r byte <$gate
    [ -n "$byte" ] || exit
    cd /code || exit
    set -- *.c
    if [ -n "$linking" ] && [ "$*" = solution.c ]; then
        : >/tmp/go
        wait $compiler
        status=$?
        # Whatever the linker says is said by the plain way.
        if [ $status -eq 0 ] && { ! ld.gold $linking >/tmp/linked 2>&1 || [ -s /tmp/linked ]; }; then
            status=
            options=plain
        fi
    elif [ -n "$linking" ]; then
        kill $compiler
    fi
    set --
fi
cd /code || exit
set -- $harness *.c "$@"
# Options may be meant for the linker.
if [ -z "$status" ] && [ "$options" = 0 ]; then
    compile $linker -o "$program" "$@"
    status=$?
fi
if [ -z "$status" ] || { [ -s /tmp/messages ] && ! sed -n "/$different/q1" /tmp/messages; }; then
    program=/tmp/solution
    # -g1: the linker, too, says in which line.
    compile -g1 -o "$program" "$@"
    status=$?
fi
if [ $status -eq 0 ] && [ "$program" != /artifact ]; then
    cat "$program" >/artifact
    status=$?
fi
[ ! -s /tmp/messages ] || sed 's|/code/||g; s|/tmp/cc[^ :]*\.o: *||g' /tmp/messages >&2
exit $status
