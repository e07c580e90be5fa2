#include <iostream>
#include <no_such_header.h>

int main() {}
