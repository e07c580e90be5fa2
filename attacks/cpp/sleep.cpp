//: what     sleeps ten times the wall limit
//: id       A-005
//: control  wall_time
//: limits   wall_time_ms=400
//: expect   time_limit
//: error    ran for longer
//: wall_ms  1400
#include <chrono>
#include <thread>

int main() {
    std::this_thread::sleep_for(std::chrono::seconds(4));
}
