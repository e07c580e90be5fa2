const std = @import("std");
pub fn main() !void {
    const number = try std.fmt.parseInt(i64, "five", 10);
    std.debug.print("{d}\n", .{number});
}
