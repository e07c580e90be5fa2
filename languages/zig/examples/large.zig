const std = @import("std");

pub fn main() !void {
    var in_buffer: [4096]u8 = undefined;
    var in = std.fs.File.stdin().reader(&in_buffer);
    var out_buffer: [4096]u8 = undefined;
    var out = std.fs.File.stdout().writer(&out_buffer);

    while (try in.interface.takeDelimiter('\n')) |line| {
        try out.interface.print("{s}\n", .{line});
    }
    try out.interface.flush();
}
