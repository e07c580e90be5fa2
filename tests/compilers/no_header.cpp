extern "C" int puts(const char *);

int main() { puts("no header at all"); }
