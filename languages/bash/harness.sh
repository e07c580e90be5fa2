# Function mode: the file defines `solve`. What that prints is the answer, if it returns 0.
BASH_ARGV0=solution.sh
IFS= read -r -d '' input_str

# A shell of its own: the student's code can neither end this one nor replace its commands. That the function has
# returned is noted in the answer's file, which then gets the answer.
answer=$(
    source solution.sh
    solve "$input_str"
    builtin set -- "$?"
    if [[ $1 == 0 ]]; then
        builtin printf returned >| /answer
    else
        builtin printf 'solve returned %s\n' "$1" >&2
    fi
    builtin exit "$1"
) || {
    status=$?
    printf '%s' "$answer"
    exit "$status"
}
if [[ -s /answer ]]; then
    printf '=%s' "$answer" > /answer
fi
