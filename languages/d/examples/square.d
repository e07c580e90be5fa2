import std.conv;

auto number = input_str.to!long;
return (number * number).to!string;
