#include <iostream>
#include <vector>
#include <algorithm>
using namespace std;
string solve(const string &input) {
    vector<char> letters(input.begin(), input.end());
    reverse(letters.begin(), letters.end());
    cout << letters.size() << '\n';
    return string(letters.begin(), letters.end());
}
int main() {}
static std::string code_runner_solve(std::string &code_runner_input) {
    return code_runner::text(solve(code_runner_input));
}
#include "harness_end.hpp"
