writeln('debug');
result := input_str;
