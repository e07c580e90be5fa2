# Compiles every C file that was sent to one program. What it says of files in /tmp is left out.
#
#   compile.sh [wait] program|function [OPTION...]
#
# It is tried the quick way first: with gold, which links in half the time, and without the numbers of lines that only
# the linker would read. That makes the same code. Where the linker has something to say, all is done again as anybody
# would do it, and so every message is the one they know.
#
# With `wait` the quick way is begun before there are files. Compilers have started in folders that are otherwise like /code,
# with a solution.c that includes another: a FIFO, that gets the source when it comes. So all is done that does not depend on
# it, for one of them up to the end of <stdio.h>, with which most sources begin. What is said of an included file is taken
# away from the messages; where the source could ask whether it is one, all is done again.
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

flags='-std=gnu17 -O2 -Wall'

compile() {
    gcc $flags "$@" -lm 2>/tmp/messages
}

# The words that compile solution.c to /tmp/solution.o, as gcc would give them to the compiler proper and to the assembler.
# Nothing, if that can not be said.
prepare_compiling() {
    # __TIMESTAMP__ would be that of the FIFO.
    different="$different\|Wdate-time"
    words=$(gcc $flags "-###" -Wdate-time -pipe -c -o /tmp/solution.o $harness solution.c 2>&1) || return
    # They stand behind a blank.
    words=${words#*
 }
    compiling=${words%% |
*}
    words=${words#* |
 }
    assembling=${words%%
*}
}

# Starts what compiles in /tmp/$1 once somebody opens /tmp/$1.go: its pid becomes `compiler`. $2 is what it reads before that.
start_compiler() {
    mkdir "/tmp/$1" && cp /warm/* "/tmp/$1" && cd "/tmp/$1" && mkfifo "/tmp/$1.go" solution.c || exit
    eval "exec $compiling" >/tmp/assembly 2>>/tmp/messages &
    compiler=$!
    # Opening waits for the compiler to open it.
    exec 3>solution.c
    rm solution.c
    mkfifo solution.c
    printf '%s#include "solution.c"\n' "$2" >&3
    exec 3>&-
    exec 3>solution.c
    rm solution.c
    cat "/tmp/$1.go" /code/solution.c 3>&- | tee solution.c >&3 3>&- &
    exec 3>&-
}

start_compilers() {
    mkfifo /tmp/assembly || exit
    eval "exec $assembling" </tmp/assembly 2>>/tmp/messages &
    assembler=$!
    start_compiler plain ''
    plain=$compiler stdio=
    # The harness has <stdio.h>.
    [ "$mode" = program ] || return
    start_compiler stdio '#include <stdio.h>
'
    stdio=$compiler
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

# Does the source begin with <stdio.h>? Only comments that can not be taken for anything else may stand before it.
begins_with_stdio() {
    comment=
    while read -r line; do
        line=${line%"$return"}
        [ -z "$comment" ] || line="/*$line"
        case $line in
        *\\ | '/*'*'*/'*'*/'*) return 1 ;;
        '/*'*'*/') comment= ;;
        '/*'*'*/'*) return 1 ;;
        '/*'*) comment=open ;;
        '#include <stdio.h>' | '#include<stdio.h>') return 0 ;;
        '' | //*) ;;
        *) return 1 ;;
        esac
    done <solution.c
    return 1
}

# Does the source have the words with which it could ask whether it is included, or what could make others these words?
asks_for_place() {
    ! sed -n '/\\$\|##\|%:\|[pP]ragma\|import\|_next\|INCLUDE_LEVEL/q1' solution.c
}

# Takes away that solution.c was included, of which the compiler speaks once; fails if it speaks of another included file,
# or of a place without a column, which is where a file ends.
correct_messages() {
    [ -s /tmp/messages ] || return 0
    sed -n '
        /^In file included from solution\.c:[12]:$/{
            x
            s/^$/said/
            t first
            q1
            :first
            x
            d
        }
        /^In file included\|^[^ :]*:[0-9]*: /q1
        p' /tmp/messages >/tmp/corrected && cat /tmp/corrected >/tmp/messages
}

# Has the compiler that suits the source compile it.
feed_compiler() {
    if [ -n "$stdio" ] && begins_with_stdio; then
        : >/tmp/stdio.go
        compiler=$stdio other=$plain
    else
        : >/tmp/plain.go
        compiler=$plain other=$stdio
    fi
    # The assembler waits for both.
    [ -z "$other" ] || kill -9 $other
}

# Compiles and links with what has waited. Whatever is not about the source is left to the plain way.
finish_waiting() {
    feed_compiler
    ! asks_for_place || again=quick
    # The compiler takes time to end when it has written everything.
    wait $assembler && ld.gold $linking >/tmp/linked 2>&1 && linked=yes
    wait $compiler
    status=$?
    if [ -n "$again" ]; then
        status=
    elif [ $status -gt 1 ] || { [ $status -eq 0 ] && { [ -z "$linked" ] || [ -s /tmp/linked ]; }; } || ! correct_messages; then
        status=
        options=plain
    fi
}

status=
linking=
compiling=
linked=
again=
if [ -n "$gate" ]; then
    return=$(printf '\r')
    [ ! -e /usr/bin/ld.gold ] || prepare_linking
    [ -z "$linking" ] || prepare_compiling
    [ -z "$compiling" ] || start_compilers
    read -r byte <$gate
    [ -n "$byte" ] || exit
    cd /code || exit
    set -- *.c
    if [ -n "$compiling" ] && [ "$*" = solution.c ]; then
        finish_waiting
    elif [ -n "$compiling" ]; then
        kill $plain $stdio
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
