//: what     sleeps for half of its time: benign
//: id       G-10
//: limits   wall_time_ms=2000 cpu_time_ms=300
//: expect   ok
//: output   slept
#include <chrono>
#include <iostream>
#include <thread>

int main() {
    using namespace std::chrono_literals;
    std::this_thread::sleep_for(1s);
    std::cout << "slept\n";
}
