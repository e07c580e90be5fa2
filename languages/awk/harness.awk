# Calls `solve` once and keeps its answer.

function code_runner_input(    separator, text) {
    separator = RS
    RS = "^$"
    getline text < "-"
    RS = separator
    return text
}

BEGIN {
    code_runner_answer = solve(code_runner_input())
    fflush()
    printf "=%s", code_runner_answer > "/answer"
    close("/answer")
    exit 0
}
