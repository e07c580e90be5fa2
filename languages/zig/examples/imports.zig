const std = @import("std");
const fmt = std.fmt;

var numbers: std.ArrayList(i64) = .empty;
var words = std.mem.tokenizeScalar(u8, input_str, ' ');
while (words.next()) |word| {
    try numbers.append(allocator, try fmt.parseInt(i64, word, 10));
}
std.mem.sort(i64, numbers.items, {}, std.sort.asc(i64));

var answer: std.ArrayList(u8) = .empty;
for (numbers.items, 0..) |number, index| {
    try answer.print(allocator, "{s}{d}", .{ if (index == 0) "" else " ", number });
}
return answer.items;
