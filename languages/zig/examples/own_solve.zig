const std = @import("std");

fn solve(allocator: std.mem.Allocator, input_str: []const u8) ![]const u8 {
    return std.mem.concat(allocator, u8, &.{ input_str, input_str });
}
