#include <bits/stdc++.h>
using namespace std;
using Edge = pair<int, int>;

int main() {
    ios_base::sync_with_stdio(false);
    cin.tie(nullptr);
    int count;
    cin >> count;
    vector<vector<Edge>> edges(count + 1);
    for (int from, to; cin >> from >> to;)
        edges[from % (count + 1)].push_back({to % (count + 1), from + to});
    vector<int> distance(count + 1, INT_MAX);
    priority_queue<Edge, vector<Edge>, greater<Edge>> queue;
    queue.push({distance[0] = 0, 0});
    while (!queue.empty()) {
        auto [far, at] = queue.top();
        queue.pop();
        if (far == distance[at])
            for (auto [next, length] : edges[at])
                if (far + length < distance[next])
                    queue.push({distance[next] = far + length, next});
    }
    for (int far : distance)
        cout << (far == INT_MAX ? -1 : far) << ' ';
    cout << endl;
}
