#include <iostream>
#include <map>
#include <string>
using namespace std;

int main() {
    map<string, int> seen;
    string word;
    while (cin >> word)
        ++seen[word];
    for (const auto &[each, count] : seen)
        cout << each << ' ' << count << '\n';
}
