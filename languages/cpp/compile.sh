# Compiles every C++ file that was sent to one program. What it says of files in /tmp is left out.
#
#   compile.sh [wait] program|function [OPTION...]
#
# It is tried the quick way first: with compiled headers, for which the files have to begin with these, with the quicker
# linker, and without the numbers of lines that only the linker would read. That makes the same code. Where the compiler
# would tell how a header was reached, or the linker has something to say, all is done again as anybody would do it, and
# so every message is the one they know.
#
# With `wait` the quick way is begun before there are files. The compiler has started and waits to read solution.cpp, a FIFO
# in a folder that is otherwise like /code. What it reads there begins with the headers that are ready, and then is the
# source; a file with that takes the name of the FIFO, for what the compiler shows of it.
gate=
if [ "$1" = wait ]; then
    gate=/code/gate
    shift
fi
mode=$1
shift
options=$#
harness=
[ "$mode" = program ] || harness='-include harness.hpp'
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
different='In file included\|#include\|fatal error\|internal compiler\|collect2'

# The headers in angle brackets with which the file begins, each between blanks. Those behind any other line may depend
# on it, as on a macro. A single character is no other line: files of Windows have one at the end of each.
leading_headers() {
    sed -n '
        \|/\*|q
        /\\$/q
        s/^[[:space:]]*#[[:space:]]*include[[:space:]]*<\([^>]*\)>.*/ \1 /p
        t
        \|^[[:space:]]*//|b
        /^[[:space:]]*.\?$/!q' "$1"
}

# The most of the compiled headers that every file has at its beginning; nothing if they are not there.
ready_headers() {
    everything=yes iostream=_iostream string=_string vector=_vector algorithm=_algorithm
    for file in *.cpp; do
        found=$(leading_headers "$file")
        # Of these the harness has <string>.
        [ "$mode" = program ] || found="$found string "
        case $found in *' bits/stdc++.h '*) ;; *) everything= ;; esac
        case $found in *' iostream '*) ;; *) iostream= ;; esac
        case $found in *' string '*) ;; *) string= ;; esac
        case $found in *' vector '*) ;; *) vector= ;; esac
        case $found in *' algorithm '*) ;; *) algorithm= ;; esac
    done
    if [ -n "$everything" ]; then
        headers=everything
    else
        headers=${iostream:-$string}${vector:+$vector$algorithm}
    fi
    headers=/opt/code-runner/cpp/${headers#_}.hpp
    [ -e "$headers.gch" ] || headers=
}

compile() {
    g++ -std=gnu++20 -O2 -Wall "$@" 2>/tmp/messages
}

# It waits for all that is written to descriptor 3.
start_compiler() {
    mkdir /tmp/code && cp /warm/* /tmp/code && cd /tmp/code && mkfifo solution.cpp || exit
    # __TIMESTAMP__ would be that of the FIFO, a byte order mark is one only where a file begins, and behind what gives the
    # source its first line the compiler does not look into formats for a place.
    different="$different\|Wdate-time\|stray\|Wformat"
    compile $linker -Wdate-time -pipe -o "$program" solution.cpp &
    compiler=$!
    # Opening waits for the compiler to open it.
    exec 3>solution.cpp
    rm solution.cpp
}

feed_compiler() {
    ready_headers
    {
        [ -z "$headers" ] || echo "#include \"$headers\""
        [ "$mode" = program ] || echo '#include "harness.hpp"'
        [ -z "$headers" ] && [ "$mode" = program ] || echo '# 1 "solution.cpp"'
        tee /tmp/code/solution.cpp <solution.cpp
    } >&3
}

status=
if [ -n "$gate" ]; then
    start_compiler
    read -r byte <$gate
    [ -n "$byte" ] || exit
    cd /code || exit
    set -- *.cpp
    if [ "$*" = solution.cpp ]; then
        feed_compiler
        exec 3>&-
        wait $compiler
        status=$?
    else
        kill $compiler
        exec 3>&-
    fi
    set --
fi
cd /code || exit
set -- $harness *.cpp "$@"
# Options may change what a header says, and what is asked of the linker.
if [ -z "$status" ] && [ $options -eq 0 ]; then
    ready_headers
    compile ${headers:+-include "$headers"} $linker -o "$program" "$@"
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
