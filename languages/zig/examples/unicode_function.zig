return std.mem.concat(allocator, u8, &.{ "«", input_str, "»" });
