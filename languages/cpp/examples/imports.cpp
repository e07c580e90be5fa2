#include <algorithm>
#include <sstream>
#include <vector>
using std::vector;

std::istringstream words(input_str);
vector<int> numbers;
for (int number; words >> number;) {
    numbers.push_back(number);
}
std::sort(numbers.begin(), numbers.end());
std::string answer;
for (int number : numbers) {
    answer += (answer.empty() ? "" : " ") + std::to_string(number);
}
return answer;
