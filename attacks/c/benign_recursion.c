//: what     recursion ten thousand deep: benign
//: id       G-05
//: mode     function
//: expect   ok
//: output   10000
static int depth(volatile int n) {
    volatile char frame[400] = {0};
    return n == 0 ? frame[0] : 1 + depth(n - 1) + frame[1];
}

const char *solve(char *input_str) {
    static char answer[20];
    sprintf(answer, "%d", depth(10000));
    return answer;
}
