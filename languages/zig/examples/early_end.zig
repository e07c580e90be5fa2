const std = @import("std");

std.process.exit(0);
