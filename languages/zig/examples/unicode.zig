const std = @import("std");

pub fn main() !void {
    var in_buffer: [4096]u8 = undefined;
    var in = std.fs.File.stdin().reader(&in_buffer);
    var out = std.fs.File.stdout().writer(&.{});

    const line = try in.interface.takeDelimiter('\n') orelse "";
    try out.interface.print("«{s}»\n", .{line});
}
