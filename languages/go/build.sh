# Compiles and links $sources with the commands that `go build` would come to, which itself takes longer than both of them.
#
# The compile commands of language.toml read this file in /code and go on to `go build` where it returns: whatever is not
# plain is left to that, and all that it would say in words of its own. `prebuild` puts this host's $tools in front of it.
# shellcheck shell=sh disable=SC2154

# Do the compiler's messages not differ from those of `go build`? That reads the code up to its first declaration, and looks
# for the packages.
are_final() {
    ! grep -q 'could not import' /tmp/messages || return
    read -r first </tmp/messages
    case $first in
    *' imported '*) return 0 ;;
    *'syntax error: '*import*) return 1 ;;
    esac
    line=${first#*solution.go:}
    declaration=$(grep -Enm1 '^\s*(const|func|type|var)\b' solution.go)
    [ "${declaration%%:*}" -le "${line%%:*}" ] 2>/dev/null
}

build() {
    # Further files may be packages, modules or tests, and some comments are for the go command.
    case $(echo *) in solution.go | 'solution.go z_harness.go') ;; *) return ;; esac
    ! grep -Eq '^\s*//(go:(build|debug|embed)\b|\s*\+build\b)' solution.go || return
    # shellcheck disable=SC2086 # words are wanted: files and options
    if "$tools/compile" -o /tmp/solution.a -trimpath '/code=>;/tmp=>' -p main -complete -importcfg "$prebuilt/importcfg" \
        $compile_options -pack $sources >/tmp/messages 2>&1; then
        GOROOT=$root "$tools/link" -o /tmp/solution -w -importcfg "$prebuilt/importcfg.link" -buildmode=exe $link_options \
            /tmp/solution.a >/dev/null 2>&1 && cat /tmp/solution >/artifact && exit
    elif are_final; then
        sed 's|^/tmp/||' /tmp/messages
        exit 1
    fi
}

build
