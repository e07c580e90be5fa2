% Only parses the file.
try
  __parse_file__("/code/solution.m");
catch err
  parts = regexp(err.message, '^parse error near line (\d+) of file \S+\s*(\S[^\n]*)?(.*)$', "tokens", "once");
  if isempty(parts)
    fprintf(stderr, "%s\n", err.message);
  else
    fprintf(stderr, "solution.m:%s: %s%s\n", parts{1}, parts{2}, parts{3});
  end
  exit(1);
end
