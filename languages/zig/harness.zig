//! Function mode: calls the student's solve once with the whole input and hands its answer over.
//! An error that solve returns is returned by main too, whose trace goes to stderr.
const std = @import("std");
const solve = @import("solution.zig").code_runner_solve;
const allocator = std.heap.smp_allocator;

pub fn main() !void {
    const input = try std.fs.File.stdin().readToEndAlloc(allocator, std.math.maxInt(usize));
    // A solve of the student's own may take an allocator too.
    const result = if (@typeInfo(@TypeOf(solve)).@"fn".params.len == 2) solve(allocator, input) else solve(input);
    const answer: []const u8 = if (@typeInfo(@TypeOf(result)) == .error_union) try result else result;
    const file = try std.fs.openFileAbsolute("/answer", .{ .mode = .write_only });
    try file.writeAll("=");
    try file.writeAll(answer);
    std.process.exit(0);
}
