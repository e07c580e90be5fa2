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
# in a folder that is otherwise like /code. What it reads there is the source, where headers that are ready may have the
# place of the first line; a file with the source takes the name of the FIFO, for what the compiler shows of it.
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

ready=/opt/code-runner/cpp

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
    headers=$ready/${headers#_}.hpp
    [ -e "$headers.gch" ] || headers=
}

flags='-std=gnu++20 -O2 -Wall'

compile() {
    g++ $flags "$@" 2>/tmp/messages
}

# The words that compile solution.cpp to /tmp/solution.o, as g++ would give them to the compiler proper and to the assembler.
# Nothing, if that can not be said.
prepare_compiling() {
    # __TIMESTAMP__ would be that of the FIFO.
    different="$different\|Wdate-time"
    words=$(g++ $flags "-###" -Wdate-time -pipe -c -o /tmp/solution.o $before solution.cpp 2>&1) || return
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

# It waits for all that is written to descriptor 3.
start_compiler() {
    mkdir /tmp/code && cp /warm/* /tmp/code && cd /tmp/code && mkfifo solution.cpp /tmp/assembly || exit
    eval "exec $assembling" </tmp/assembly 2>>/tmp/messages &
    assembler=$!
    eval "exec $compiling" >/tmp/assembly 2>>/tmp/messages &
    compiler=$!
    # Opening waits for the compiler to open it.
    exec 3>solution.cpp
    rm solution.cpp
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
    words=$(g++ "-###" $linker -o "$program" /tmp/solution.o 2>&1) || return
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

# Is the first line of the source a comment, or empty, or one of the headers that are ready?
first_line_is_ready() {
    read -r line <solution.cpp
    case ${line%"$return"} in
    '' | //*) return 0 ;;
    esac
    line=${line#*<}
    line=${line%%>*}
    name=${headers##*/}
    name=${name%.hpp}
    [ "$name" != everything ] || name=bits/stdc++.h_iostream_string_vector_algorithm
    case _${name}_ in *"_${line}_"*) ;; *) return 1 ;; esac
}

# Gives the source to the compiler that waits. Fails if that could not do with it what is quick.
feed_compiler() {
    ready_headers
    if [ "$headers" = "$started_with" ]; then
        tee /tmp/code/solution.cpp <solution.cpp >&3
    elif [ -z "$started_with" ] && first_line_is_ready; then
        tee /tmp/code/solution.cpp <solution.cpp | sed "1s|.*|#include \"$headers\"|" >&3
    else
        return 1
    fi
}

# Compiles and links with what has waited. Whatever is not about the source is left to the plain way.
finish_waiting() {
    # The compiler takes time to end when it has written everything.
    wait $assembler && ld.gold $linking >/tmp/linked 2>&1 && linked=yes
    wait $compiler
    status=$?
    if [ $status -gt 1 ] || { [ $status -eq 0 ] && { [ -z "$linked" ] || [ -s /tmp/linked ]; }; }; then
        status=
        options=plain
    fi
}

status=
linking=
compiling=
linked=
if [ -n "$gate" ]; then
    return=$(printf '\r')
    before=$harness
    started_with=
    # Compiled headers have to be the first.
    if [ "$mode" = function ] && [ -e $ready/string.hpp.gch ]; then
        started_with=$ready/string.hpp
        before="-include $started_with $harness"
    fi
    [ ! -e /usr/bin/ld.gold ] || prepare_linking
    [ -z "$linking" ] || prepare_compiling
    [ -z "$compiling" ] || start_compiler
    read -r byte <$gate
    [ -n "$byte" ] || exit
    cd /code || exit
    set -- *.cpp
    if [ -n "$compiling" ] && [ "$*" = solution.cpp ] && feed_compiler; then
        exec 3>&-
        finish_waiting
    elif [ -n "$compiling" ]; then
        kill $compiler
        exec 3>&-
    fi
    set --
fi
cd /code || exit
set -- $harness *.cpp "$@"
# Options may change what a header says, and what is asked of the linker.
if [ -z "$status" ] && [ "$options" = 0 ]; then
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
