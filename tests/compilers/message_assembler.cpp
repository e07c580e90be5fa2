#include <string>

int main() {
    asm("no such instruction");
}
