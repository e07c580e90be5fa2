import std.conv, std.stdio;
void main() {
    writeln("five".to!int);
}
