# Compiles every C++ file that was sent to one program. What it says of files in /tmp is left out.
#
#   compile.sh program|function [OPTION...]
#
# It is tried the quick way first: with compiled headers, for which the files have to begin with these, with the quicker
# linker, and without the numbers of lines that only the linker would read. That makes the same code. Where the compiler
# would tell how a header was reached, or the linker has something to say, all is done again as anybody would do it, and
# so every message is the one they know.
cd /code || exit
mode=$1
shift
options=$#

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

# The most of the compiled headers that every file has at its beginning.
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
}

compile() {
    g++ -std=gnu++20 -O2 -Wall "$@" 2>/tmp/messages
}

set -- -o /tmp/solution *.cpp "$@"
[ "$mode" = program ] || set -- -include harness.hpp "$@"

is_done=
# Options may change what a header says, and what is asked of the linker.
if [ $options -eq 0 ]; then
    # A warning of the linker's has to be noticed: as an error it makes collect2 say that linking failed.
    linker=-Wl,--fatal-warnings
    [ ! -e /usr/bin/ld.gold ] || linker="$linker -fuse-ld=gold"
    ready_headers
    if [ -e "$headers.gch" ]; then
        compile -include "$headers" $linker "$@"
    else
        compile $linker "$@"
    fi
    status=$?
    if [ ! -s /tmp/messages ] ||
        sed -n '/In file included\|#include\|fatal error\|internal compiler\|collect2/q1' /tmp/messages; then
        is_done=yes
    fi
fi
if [ -z "$is_done" ]; then
    # -g1: the linker, too, says in which line.
    compile -g1 "$@"
    status=$?
fi
if [ $status -eq 0 ]; then
    cat /tmp/solution >/artifact
    status=$?
fi
[ ! -s /tmp/messages ] || sed 's|/code/||g; s|/tmp/cc[^ :]*\.o: *||g' /tmp/messages >&2
exit $status
