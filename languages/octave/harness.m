% Function mode: the text is the body of a function of `input_str`, or defines `solve` itself.
1;

% Alone with its input, so that the text sees no other variable.
function code_runner_answer = code_runner_evaluate(input_str)
  source("/code/solution.m");
  if exist("output_str", "var")
    code_runner_answer = output_str;
  elseif exist("ans", "var")
    code_runner_answer = ans;
  else
    code_runner_answer = "";
  end
end

% In one function, which goes on when the student's code clears all others.
function code_runner_main()
  warning("off", "backtrace");
  try
    input = fread(stdin, Inf, "uint8=>char")';
    if isempty(input)
      input = "";
    end
    answer = code_runner_evaluate(input);
    % 103: a function that was defined in a script.
    if exist("solve") == 103
      answer = solve(input);
    end
    if ischar(answer) && rows(answer) <= 1
      text = answer(:)';
    else
      % As Octave prints it.
      text = builtin("disp", answer);
      if ! isempty(text) && text(end) == "\n"
        text(end) = [];
      end
    end
  catch err
    builtin("fflush", stdout);
    builtin("fputs", stderr, ["error: " strrep(err.message, "/code/", "") "\n"]);
    for frame = err.stack'
      if strcmp(frame.file, "/code/solution.m") && frame.line > 0
        builtin("fputs", stderr, sprintf("  at solution.m:%d:%d\n", frame.line, frame.column));
      end
    end
    builtin("exit", 1);
  end
  builtin("fflush", stdout);
  file = builtin("fopen", "/answer", "r+");
  builtin("fputs", file, ["=" text]);
  builtin("fclose", file);
  builtin("exit", 0);
end

code_runner_main();
