import std.algorithm, std.array;
import std.conv : to;

auto numbers = input_str.split.map!(to!int).array;
numbers.sort;
return numbers.map!(to!string).join(" ");
