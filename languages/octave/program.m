% Runs the student's script in this workspace, and shows an error with the lines of its file.
warning("off", "backtrace");
try
  source("/code/solution.m");
catch code_runner_error
  fflush(stdout);
  fputs(stderr, ["error: " strrep(code_runner_error.message, "/code/", "") "\n"]);
  for code_runner_frame = code_runner_error.stack'
    if strcmp(code_runner_frame.file, "/code/solution.m") && code_runner_frame.line > 0
      fputs(stderr, sprintf("  at solution.m:%d:%d\n", code_runner_frame.line, code_runner_frame.column));
    end
  end
  exit(1);
end
