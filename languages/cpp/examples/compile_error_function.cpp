#include <vector>
std::vector<int> numbers;
return numbers;
