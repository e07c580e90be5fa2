// Function mode: stands behind the code. Until here, a `main` of the code had another name.
#undef main
// Not `int`, which some define to be `long long`.
signed main() {
    std::string code_runner_text = code_runner::input();
    try {
        const std::string code_runner_answer = code_runner_solve(code_runner_text);
#ifdef _GLIBCXX_IOSTREAM
        std::cout.flush();
#endif
        code_runner::answer(code_runner_answer);
    } catch (...) {
#ifdef _GLIBCXX_IOSTREAM
        std::cout.flush();
#endif
        code_runner::failed();
    }
}
