const number = try std.fmt.parseInt(i64, input_str, 10);
return std.fmt.allocPrint(allocator, "{d}", .{number * number});
