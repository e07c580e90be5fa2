#import <stdio.h>
#import "solution.c"

int main(void) { puts("twice?"); }
