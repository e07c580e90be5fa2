std::string solve(std::string input_str) { 
    return std::to_string(std::stoi(input_str) * 2);
}
static std::string code_runner_solve(std::string &code_runner_input) {
    return code_runner::text(solve(code_runner_input));
}
#include "harness_end.hpp"
