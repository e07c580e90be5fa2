//: what     ten thousand coroutines that are resumed in turn: benign
//: id       G-14
//: expect   ok
//: output   10000
#include <coroutine>
#include <iostream>
#include <vector>

struct Task {
    struct promise_type {
        int value = 0;
        Task get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
        std::suspend_always initial_suspend() { return {}; }
        std::suspend_always final_suspend() noexcept { return {}; }
        void return_value(int given) { value = given; }
        void unhandled_exception() { throw; }
    };
    std::coroutine_handle<promise_type> handle;
};

Task one() {
    co_await std::suspend_always{};
    co_return 1;
}

int main() {
    std::vector<Task> tasks;
    for (int count = 0; count < 10'000; count++) {
        tasks.push_back(one());
    }
    int total = 0;
    for (int round = 0; round < 2; round++) {
        for (auto &task : tasks) {
            task.handle.resume();
        }
    }
    for (auto &task : tasks) {
        total += task.handle.promise().value;
        task.handle.destroy();
    }
    std::cout << total << '\n';
}
