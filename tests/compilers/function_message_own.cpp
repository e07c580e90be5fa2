#include <vector>
std::string solve(std::string input_str) {
    std::vector<int> numbers;
    int main = 1;
    return numbers;
}
int main(int count) { return count }
static std::string code_runner_solve(std::string &code_runner_input) {
    return code_runner::text(solve(code_runner_input));
}
#include "harness_end.hpp"
