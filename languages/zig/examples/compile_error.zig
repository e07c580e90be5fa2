const std = @import("std");
pub fn main() void {
    const number: i64 = "five";
    std.debug.print("{d}\n", .{number});
}
