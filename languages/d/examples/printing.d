import std.stdio;

writeln("debug");
return input_str;
