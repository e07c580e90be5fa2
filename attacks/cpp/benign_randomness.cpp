//: what     random numbers of the device and of an engine; time zones and languages: benign
//: id       G-21 G-22
//: expect   ok
//: output   3 14:00 CEST C.UTF-8
#include <cstdlib>
#include <ctime>
#include <iomanip>
#include <iostream>
#include <locale>
#include <random>
#include <set>

int main() {
    std::random_device device;
    std::mt19937_64 engine(device());
    std::set<unsigned long> fresh = {device() + (static_cast<unsigned long>(device()) << 32), engine(), engine()};
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    std::time_t noon = 1719835200;
    std::locale own("C.UTF-8");
    std::cout.imbue(own);
    std::cout << fresh.size() << ' ' << std::put_time(std::localtime(&noon), "%H:%M %Z") << ' ' << own.name() << '\n';
}
