const std = @import("std");

const number: i64 = std.mem.trim(u8, input_str, " ");
return std.fmt.allocPrint(allocator, "{d}", .{number});
