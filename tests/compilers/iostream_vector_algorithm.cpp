// Several headers, in an order of its own, with Windows' ends of lines.
#include <algorithm>
#include<set>
#include <vector>
#include <iostream> // for cout
#include <functional>

using namespace std;

int main() {
    vector<int> numbers;
    for (int number; cin >> number;)
        numbers.push_back(number);
    sort(numbers.begin(), numbers.end(), greater<>());
    set<int> unique(numbers.begin(), numbers.end());
    function<int(int)> twice = [](int number) { return 2 * number; };
    transform(unique.begin(), unique.end(), numbers.begin(), twice);
    for (int number : numbers)
        cout << number << '\n';
    cout << *max_element(numbers.begin(), numbers.end()) << '\n';
}
