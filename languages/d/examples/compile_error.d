import std.stdio;
void main() {
    int number = "five";
    writeln(number);
}
