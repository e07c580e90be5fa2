#include <bits/stdc++.h>
using namespace std;

int main() {
    int n
    cin >> n;
    cout << m << '\n';
}
