#include <iostream>

struct Shape {
    virtual ~Shape() = default;
    virtual double area() const = 0;
};
struct Square : Shape {
    double side;
    explicit Square(double side) : side(side) {}
    double area() const override { return side * side; }
};

int main() {
    double side;
    while (std::cin >> side) {
        const Shape &shape = Square(side);
        std::cout << shape.area() << std::endl;
    }
}
