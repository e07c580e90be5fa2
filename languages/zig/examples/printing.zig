const std = @import("std");

try std.fs.File.stdout().writeAll("debug\n");
return input_str;
