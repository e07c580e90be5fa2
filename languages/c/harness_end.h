/* Function mode: stands behind the code. Until here, a `main` of the code had another name. */
#undef main
#pragma GCC diagnostic error "-Wint-conversion"
#pragma GCC diagnostic error "-Wincompatible-pointer-types"
/* Not `int`, which some define to be `long long`. */
signed main(void) {
    code_runner_answer(solve(code_runner_input()));
}
