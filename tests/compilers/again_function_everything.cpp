#include <bits/stdc++.h>
std::string solve(std::string_view input) {
    std::map<char, int> counts;
    for (char each : input)
        ++counts[each];
    std::stringstream out;
    for (auto [each, count] : counts)
        out << each << count;
    return out.str();
}
static std::string code_runner_solve(std::string &code_runner_input) {
    return code_runner::text(solve(code_runner_input));
}
#include "harness_end.hpp"
