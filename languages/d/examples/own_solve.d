import std.array;

string solve(string input_str) {
    return input_str.replicate(2);
}
