#include <stdio.h>

int main(void) { puts(__TIMESTAMP__); }
