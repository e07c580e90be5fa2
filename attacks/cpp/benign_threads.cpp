//: what     eight threads sum what they share out; a future and a condition are waited for: benign
//: id       G-01
//: expect   ok
//: output   499999500000 7 8
#include <condition_variable>
#include <future>
#include <iostream>
#include <mutex>
#include <thread>
#include <vector>

int main() {
    std::vector<long> parts(8);
    std::vector<std::thread> threads;
    std::mutex lock;
    std::condition_variable changed;
    int done = 0;
    for (int index = 0; index < 8; index++) {
        threads.emplace_back([&, index] {
            for (long number = index; number < 1'000'000; number += 8) {
                parts[index] += number;
            }
            std::lock_guard held(lock);
            done++;
            changed.notify_one();
        });
    }
    {
        std::unique_lock held(lock);
        changed.wait(held, [&] { return done == 8; });
    }
    for (auto &thread : threads) {
        thread.join();
    }
    long total = 0;
    for (long part : parts) {
        total += part;
    }
    std::cout << total << ' ' << std::async(std::launch::async, [] { return 7; }).get() << ' ' << done << '\n';
}
