//: what     exceptions through many frames, nested and rethrown in threads; dynamic casts and names of types: benign
//: id       G-17
//: expect   ok
//: output   1000 inner outer B 1 0 bad_cast
#include <exception>
#include <future>
#include <iostream>
#include <stdexcept>
#include <string>
#include <typeinfo>

struct A { virtual ~A() = default; };
struct B : virtual A {};
struct C : virtual A {};

static void deep(int n) {
    std::string owned(100, 'x');
    if (n == 0) {
        throw std::runtime_error("inner");
    }
    deep(n - 1);
}

int main() {
    int caught = 0;
    for (int round = 0; round < 1000; round++) {
        try {
            deep(20);
        } catch (const std::exception &) {
            caught++;
        }
    }
    std::string said;
    auto failing = std::async(std::launch::async, [] {
        try {
            deep(3);
        } catch (...) {
            std::throw_with_nested(std::logic_error("outer"));
        }
    });
    try {
        failing.get();
    } catch (const std::logic_error &outer) {
        try {
            std::rethrow_if_nested(outer);
        } catch (const std::runtime_error &inner) {
            said = std::string(inner.what()) + " " + outer.what();
        }
    }
    B b;
    A &a = b;
    std::cout << caught << ' ' << said << ' ' << typeid(a).name() + 1 << ' ' << (dynamic_cast<B *>(&a) != nullptr) << ' '
              << (dynamic_cast<C *>(&a) != nullptr) << ' ';
    try {
        dynamic_cast<C &>(a);
    } catch (const std::bad_cast &) {
        std::cout << "bad_cast\n";
    }
}
