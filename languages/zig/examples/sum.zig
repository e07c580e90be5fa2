const std = @import("std");

pub fn main() !void {
    var in_buffer: [4096]u8 = undefined;
    var in = std.fs.File.stdin().reader(&in_buffer);
    var out = std.fs.File.stdout().writer(&.{});

    var sum: i64 = 0;
    while (try in.interface.takeDelimiter('\n')) |line| {
        sum += try std.fmt.parseInt(i64, line, 10);
    }
    try out.interface.print("{d}\n", .{sum});
}
