import std.stdio, std.string;

void main() {
    writeln("«", readln.chomp, "»");
}
